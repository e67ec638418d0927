/*
 * Makes the disk full for a program, from one of its writes on, until there is room again.
 *
 * Test tooling, never part of what a school installs. The test compiles it with `cc` and loads it
 * into the program under test with LD_PRELOAD:
 *
 *   FULL_ROOT     the folder that lies on the disk (canonical path, without a slash at its end)
 *   FULL_CONTROL  the file through which the test says when; outside FULL_ROOT
 *
 * Counted is every call under the folder for which a file system may need room: writes, longer files,
 * new files and folders, new names, and syncs (a file system that puts blocks off finds out at the
 * sync). The call with the wanted number and all after it fail with ENOSPC; of the first one, if it is a
 * write, half of the bytes still go through, as into the last free block. Calls that give room back, or
 * read, are left alone. Where a call would write over what a file has already, it fails too: on a file
 * system that writes elsewhere and then changes over, that needs room as well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* The test writes and reads the same three numbers; src/full_disk.rs knows their places. */
struct control {
    uint64_t from;    /* the number of the first call that fails; 0: there is room */
    uint64_t calls;   /* calls since the test set this to 0 */
    uint64_t refused; /* those of them that failed */
};

static char root[PATH_MAX];
static size_t root_length;
static struct control *control;

__attribute__((constructor)) static void start(void) {
    const char *wanted = getenv("FULL_ROOT"), *path = getenv("FULL_CONTROL");
    if (!wanted || !path) return;
    if (!realpath(wanted, root)) abort();
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) abort();
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shared == MAP_FAILED) abort();
    root_length = strlen(root);
    control = shared;
}

#define REAL(name, result, ...)                                          \
    static result (*real)(__VA_ARGS__);                                  \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* 0: there is room; 1: this is the first call for which there is none; 2: one after it. */
static int refused(void) {
    uint64_t number = __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
    uint64_t from = __atomic_load_n(&control->from, __ATOMIC_SEQ_CST);
    if (from == 0 || number < from) return 0;
    __atomic_add_fetch(&control->refused, 1, __ATOMIC_SEQ_CST);
    errno = ENOSPC;
    return number == from ? 1 : 2;
}

static int under_root(const char *path) {
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

/* Whether a descriptor is a file or folder on the full disk. */
static int there(int fd) {
    if (!control) return 0;
    char link[64], path[PATH_MAX];
    struct stat status;
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    int yes = 0;
    if (length > 0) {
        path[length] = 0;
        yes = path[0] == '/' && under_root(path) && fstat(fd, &status) == 0 &&
              (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    }
    errno = saved;
    return yes;
}

/* Whether a name lies in a folder on the full disk. */
static int named_there(int folder, const char *name) {
    if (!control || !name || !*name) return 0;
    char whole[PATH_MAX], base[PATH_MAX], parent[PATH_MAX];
    int saved = errno, yes = 0;
    if (name[0] == '/') {
        if (strlen(name) >= sizeof whole) goto out;
        strcpy(whole, name);
    } else {
        if (folder == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) goto out;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t length = readlink(link, base, sizeof base - 1);
            if (length <= 0) goto out;
            base[length] = 0;
        }
        if (snprintf(whole, sizeof whole, "%s/%s", base, name) >= (int)sizeof whole) goto out;
    }
    size_t end = strlen(whole);
    while (end > 1 && whole[end - 1] == '/') whole[--end] = 0;
    char *slash = strrchr(whole, '/');
    if (!slash || slash == whole) goto out;
    *slash = 0;
    yes = realpath(whole, parent) && under_root(parent);
out:
    errno = saved;
    return yes;
}

static int exists(int folder, const char *name) {
    struct stat status;
    int saved = errno;
    int yes = fstatat(folder, name, &status, 0) == 0;
    errno = saved;
    return yes;
}

static int may_open(int folder, const char *name, int flags) {
    return !(flags & O_CREAT) || !named_there(folder, name) || exists(folder, name) || !refused();
}

#define MODE_OF(flags, mode)                                   \
    mode_t mode = 0;                                           \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                   \
        va_list rest;                                          \
        va_start(rest, flags);                                 \
        mode = (mode_t)va_arg(rest, unsigned int);             \
        va_end(rest);                                          \
    }

int open(const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    REAL("open", int, const char *, int, ...);
    return may_open(AT_FDCWD, name, flags) ? real(name, flags, mode) : -1;
}
int open64(const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    REAL("open64", int, const char *, int, ...);
    return may_open(AT_FDCWD, name, flags) ? real(name, flags, mode) : -1;
}
int openat(int folder, const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    REAL("openat", int, int, const char *, int, ...);
    return may_open(folder, name, flags) ? real(folder, name, flags, mode) : -1;
}
int openat64(int folder, const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    REAL("openat64", int, int, const char *, int, ...);
    return may_open(folder, name, flags) ? real(folder, name, flags, mode) : -1;
}
int creat(const char *name, mode_t mode) { return open(name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return open64(name, O_CREAT | O_WRONLY | O_TRUNC, mode); }

/* How many bytes of a write go through; -1: none, and errno says so. */
static ssize_t fits(int fd, size_t length) {
    if (!there(fd)) return (ssize_t)length;
    switch (refused()) {
    case 0: return (ssize_t)length;
    case 1: if (length >= 2) return (ssize_t)(length / 2); /* fall through */
    default: return -1;
    }
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    ssize_t some = fits(fd, length);
    return some < 0 ? -1 : real(fd, bytes, (size_t)some);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    REAL("pwrite", ssize_t, int, const void *, size_t, off_t);
    ssize_t some = fits(fd, length);
    return some < 0 ? -1 : real(fd, bytes, (size_t)some, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off64_t);
    ssize_t some = fits(fd, length);
    return some < 0 ? -1 : real(fd, bytes, (size_t)some, offset);
}
/* Of several parts none goes through: a program has to be ready for that as well. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL("writev", ssize_t, int, const struct iovec *, int);
    return there(fd) && refused() ? -1 : real(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    REAL("pwritev", ssize_t, int, const struct iovec *, int, off_t);
    return there(fd) && refused() ? -1 : real(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    REAL("pwritev64", ssize_t, int, const struct iovec *, int, off64_t);
    return there(fd) && refused() ? -1 : real(fd, parts, count, offset);
}

static int grows(int fd, int64_t length) {
    struct stat status;
    int saved = errno;
    int yes = fstat(fd, &status) == 0 && status.st_size < length;
    errno = saved;
    return yes;
}
int ftruncate(int fd, off_t length) {
    REAL("ftruncate", int, int, off_t);
    return there(fd) && grows(fd, length) && refused() ? -1 : real(fd, length);
}
int ftruncate64(int fd, off64_t length) {
    REAL("ftruncate64", int, int, off64_t);
    return there(fd) && grows(fd, length) && refused() ? -1 : real(fd, length);
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
    REAL("fallocate", int, int, int, off_t, off_t);
    return there(fd) && refused() ? -1 : real(fd, mode, offset, length);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    REAL("fallocate64", int, int, int, off64_t, off64_t);
    return there(fd) && refused() ? -1 : real(fd, mode, offset, length);
}
int posix_fallocate(int fd, off_t offset, off_t length) {
    REAL("posix_fallocate", int, int, off_t, off_t);
    return there(fd) && refused() ? ENOSPC : real(fd, offset, length);
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    REAL("posix_fallocate64", int, int, off64_t, off64_t);
    return there(fd) && refused() ? ENOSPC : real(fd, offset, length);
}

int fsync(int fd) {
    REAL("fsync", int, int);
    return there(fd) && refused() ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL("fdatasync", int, int);
    return there(fd) && refused() ? -1 : real(fd);
}

int rename(const char *from, const char *to) {
    REAL("rename", int, const char *, const char *);
    return named_there(AT_FDCWD, to) && refused() ? -1 : real(from, to);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    REAL("renameat", int, int, const char *, int, const char *);
    return named_there(to_folder, to) && refused() ? -1 : real(from_folder, from, to_folder, to);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
    REAL("renameat2", int, int, const char *, int, const char *, unsigned int);
    return named_there(to_folder, to) && refused() ? -1 : real(from_folder, from, to_folder, to, flags);
}
int mkdir(const char *name, mode_t mode) {
    REAL("mkdir", int, const char *, mode_t);
    return named_there(AT_FDCWD, name) && refused() ? -1 : real(name, mode);
}
int mkdirat(int folder, const char *name, mode_t mode) {
    REAL("mkdirat", int, int, const char *, mode_t);
    return named_there(folder, name) && refused() ? -1 : real(folder, name, mode);
}
int link(const char *from, const char *to) {
    REAL("link", int, const char *, const char *);
    return named_there(AT_FDCWD, to) && refused() ? -1 : real(from, to);
}
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    REAL("linkat", int, int, const char *, int, const char *, int);
    return named_there(to_folder, to) && refused() ? -1 : real(from_folder, from, to_folder, to, flags);
}

ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *to_at, size_t length, unsigned int flags) {
    REAL("copy_file_range", ssize_t, int, off64_t *, int, off64_t *, size_t, unsigned int);
    return there(to) && refused() ? -1 : real(from, at, to, to_at, length, flags);
}
ssize_t sendfile(int to, int from, off_t *at, size_t length) {
    REAL("sendfile", ssize_t, int, int, off_t *, size_t);
    return there(to) && refused() ? -1 : real(to, from, at, length);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
    REAL("sendfile64", ssize_t, int, int, off64_t *, size_t);
    return there(to) && refused() ? -1 : real(to, from, at, length);
}
