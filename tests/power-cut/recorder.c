/*
 * Records what a program asks of the disk, so that a power cut can be replayed.
 *
 * Test tooling, never part of what a school installs. The test compiles it with `cc` and loads it
 * into the program under test with LD_PRELOAD:
 *
 *   RECORD_ROOT  the folder to watch (canonical path, without a slash at its end)
 *   RECORD_LOG   the file to which the events are appended; outside RECORD_ROOT
 *
 * Each call that can change the folder, or make a change durable, is written to the log with its
 * bytes once it has succeeded; calls that failed changed nothing and are left out. Writes to standard
 * output are logged too: they are the moment at which the program acknowledged something. A call that
 * could change a file in a way the replay does not understand is logged as unsupported, and the reader
 * of the log refuses the whole recording.
 *
 * One lock (a mutex for threads, flock on the log for processes) is held from before a call until it
 * is in the log, so the order of the log is the order in which things happened. The price is that
 * calls of several threads are never in flight together.
 *
 * Descriptors are resolved through /proc/self/fd at each call instead of in a table of our own, so
 * dup, inheritance and rename need no handling. Files are known by inode; the log says where an inode
 * was created anew.
 *
 * What is not seen: calls made with their own syscall instruction (rustix's default backend) and those
 * that glibc makes inside itself (stdio). That is why the counts are compared with strace, which sees
 * everything.
 *
 * The layout of an event is in src/power_cut/log.rs; the numbers here and there belong together.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    KIND_OPEN = 1,      /* data: empty; number: what fstat calls the inode */
    KIND_WRITE = 2,     /* at the file's own position, or appended */
    KIND_PWRITE = 3,
    KIND_TRUNCATE = 4,  /* offset: the new length */
    KIND_FALLOCATE = 5, /* offset: the length the file has at least from now on */
    KIND_FSYNC = 6,
    KIND_FDATASYNC = 7,
    KIND_SYNC_ALL = 8,  /* sync and syncfs */
    KIND_SYNC_RANGE = 9,
    KIND_RENAME = 10,   /* data: the new path */
    KIND_UNLINK = 11,
    KIND_RMDIR = 12,
    KIND_MKDIR = 13,
    KIND_LINK = 14,     /* data: the new path */
    KIND_MAP = 15,      /* a shared, writable mapping */
    KIND_STDOUT = 16,
    KIND_SENT = 17,     /* bytes are about to leave through a socket; offset: how many were handed over */
    KIND_UNSUPPORTED = 18, /* data: why */
};

enum flag {
    FLAG_CREATED = 1,   /* the call made the file */
    FLAG_TRUNCATED = 2, /* O_TRUNC */
    FLAG_WRITABLE = 4,
    FLAG_SYNCED = 8,    /* O_SYNC or O_DSYNC: durable when the write returned */
};

struct header {
    uint32_t length; /* of the whole event */
    uint8_t kind;
    uint8_t flags;
    uint16_t path_length;
    uint32_t process;
    uint32_t data_length;
    uint64_t inode;
    int64_t offset;
};

static char root[PATH_MAX];
static size_t root_length;
static char log_path[PATH_MAX];
static int log_fd = -1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long (*real_syscall)(long, ...);

static void give_up(const char *why) {
    static const char head[] = "power-cut recorder: ";
    if (real_syscall) {
        real_syscall(SYS_write, 2, head, sizeof head - 1);
        real_syscall(SYS_write, 2, why, strlen(why));
        real_syscall(SYS_write, 2, "\n", 1);
    }
    abort();
}

static void open_log(void) {
    int fd = (int)real_syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) give_up("cannot open RECORD_LOG");
    /* High up, out of the way of programs that count on small numbers. */
    log_fd = fcntl(fd, F_DUPFD_CLOEXEC, 700);
    if (log_fd < 0) give_up("cannot move the log's descriptor");
    real_syscall(SYS_close, fd);
}

static void lock(void) {
    pthread_mutex_lock(&mutex);
    while (flock(log_fd, LOCK_EX) != 0)
        if (errno != EINTR) give_up("cannot lock the log");
}

static void unlock(void) {
    int saved = errno;
    flock(log_fd, LOCK_UN);
    pthread_mutex_unlock(&mutex);
    errno = saved;
}

static void before_fork(void) { pthread_mutex_lock(&mutex); }
static void after_fork_in_parent(void) { pthread_mutex_unlock(&mutex); }
static void after_fork_in_child(void) {
    /* A lock of flock belongs to the open file: the child needs one of its own. */
    real_syscall(SYS_close, log_fd);
    open_log();
    pthread_mutex_unlock(&mutex);
}

static void find_real_syscall(void) {
    if (!real_syscall) real_syscall = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
}

__attribute__((constructor)) static void start(void) {
    find_real_syscall();
    const char *wanted_root = getenv("RECORD_ROOT");
    const char *wanted_log = getenv("RECORD_LOG");
    if (!wanted_root || !wanted_log) return;
    if (!realpath(wanted_root, root)) give_up("RECORD_ROOT is not a folder");
    if (strlen(wanted_log) >= sizeof log_path) give_up("RECORD_LOG is too long");
    strcpy(log_path, wanted_log);
    open_log();
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    root_length = strlen(root);
}

/* Nothing is recorded before the constructor has run, nor without a root. */
static int recording(void) {
    find_real_syscall();
    return root_length != 0;
}

static int under_root(const char *path) {
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

static void record(enum kind kind, int flags, uint64_t inode, int64_t offset, const char *path,
                   const struct iovec *data, int parts, size_t data_length) {
    struct header header = {0};
    size_t path_length = strlen(path);
    header.kind = (uint8_t)kind;
    header.flags = (uint8_t)flags;
    header.path_length = (uint16_t)path_length;
    header.process = (uint32_t)getpid();
    header.data_length = (uint32_t)data_length;
    header.inode = inode;
    header.offset = offset;
    size_t length = sizeof header + path_length + data_length;
    if (data_length > UINT32_MAX - sizeof header - path_length) give_up("a single write is over 4 GiB");
    header.length = (uint32_t)length;

    int saved = errno;
    char *event = malloc(length);
    if (!event) give_up("no memory for an event");
    char *at = event;
    memcpy(at, &header, sizeof header);
    at += sizeof header;
    memcpy(at, path, path_length);
    at += path_length;
    size_t left = data_length;
    for (int part = 0; part < parts && left > 0; part++) {
        size_t take = data[part].iov_len < left ? data[part].iov_len : left;
        memcpy(at, data[part].iov_base, take);
        at += take;
        left -= take;
    }
    size_t done = 0;
    while (done < length) {
        long written = real_syscall(SYS_write, log_fd, event + done, length - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) give_up("cannot write the log");
        done += (size_t)written;
    }
    free(event);
    errno = saved;
}

static void record_text(enum kind kind, int flags, uint64_t inode, int64_t offset, const char *path,
                        const char *text) {
    struct iovec part = {(void *)text, text ? strlen(text) : 0};
    record(kind, flags, inode, offset, path, &part, text ? 1 : 0, part.iov_len);
}

/* The path of a descriptor, if it is a file or folder under the root. */
static int watched(int fd, char path[PATH_MAX], struct stat *status) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int saved = errno;
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    int found = 0;
    if (length > 0) {
        path[length] = 0;
        found = path[0] == '/' && under_root(path) && fstat(fd, status) == 0 &&
                (S_ISREG(status->st_mode) || S_ISDIR(status->st_mode));
    }
    errno = saved;
    return found;
}

/* The canonical folder of a path and its last name, if it lies under the root. The last name itself
 * is not followed: rename and unlink do not follow it either. */
static int watched_name(int folder, const char *name, char path[PATH_MAX]) {
    char whole[PATH_MAX], parent[PATH_MAX];
    int saved = errno;
    int found = 0;
    if (!name || !*name) return 0;
    if (name[0] == '/') {
        if (strlen(name) >= sizeof whole) goto out;
        strcpy(whole, name);
    } else {
        char base[PATH_MAX];
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
    if (!slash) goto out;
    char *last = slash + 1;
    if (slash == whole) {
        strcpy(parent, "/");
    } else {
        *slash = 0;
        if (!realpath(whole, parent)) goto out;
    }
    if (snprintf(path, PATH_MAX, "%s/%s", strcmp(parent, "/") == 0 ? "" : parent, last) >= PATH_MAX) goto out;
    found = under_root(path);
out:
    errno = saved;
    return found;
}

static uint64_t inode_of(int folder, const char *name) {
    struct stat status;
    int saved = errno;
    uint64_t inode = fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
    errno = saved;
    return inode;
}

static int open_at(int folder, const char *name, int flags, mode_t mode) {
    int could_change = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (!recording() || !could_change) return (int)real_syscall(SYS_openat, folder, name, flags, mode);
    lock();
    struct stat status;
    int saved = errno;
    int existed = (flags & O_CREAT) ? fstatat(folder, name, &status, 0) == 0 : 1;
    errno = saved;
    int fd = (int)real_syscall(SYS_openat, folder, name, flags, mode);
    char path[PATH_MAX];
    if (fd >= 0 && watched(fd, path, &status)) {
        if ((flags & O_TMPFILE) == O_TMPFILE) {
            record_text(KIND_UNSUPPORTED, 0, status.st_ino, 0, path, "open with O_TMPFILE");
        } else {
            int marks = (existed ? 0 : FLAG_CREATED) | ((flags & O_TRUNC) ? FLAG_TRUNCATED : 0) |
                        ((flags & O_ACCMODE) != O_RDONLY ? FLAG_WRITABLE : 0);
            record_text(KIND_OPEN, marks, status.st_ino, 0, path, NULL);
        }
    }
    unlock();
    return fd;
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
    return open_at(AT_FDCWD, name, flags, mode);
}
int open64(const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(AT_FDCWD, name, flags, mode);
}
int openat(int folder, const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(folder, name, flags, mode);
}
int openat64(int folder, const char *name, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(folder, name, flags, mode);
}
int __open_2(const char *name, int flags) { return open_at(AT_FDCWD, name, flags, 0); }
int __open64_2(const char *name, int flags) { return open_at(AT_FDCWD, name, flags, 0); }
int __openat_2(int folder, const char *name, int flags) { return open_at(folder, name, flags, 0); }
int __openat64_2(int folder, const char *name, int flags) { return open_at(folder, name, flags, 0); }
int creat(const char *name, mode_t mode) {
    return open_at(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char *name, mode_t mode) {
    return open_at(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static int is_socket(int fd) {
    struct stat status;
    int saved = errno;
    int yes = fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    errno = saved;
    return yes;
}

static void record_sending(size_t length) {
    /* Noted before the bytes go, and not held while they go: what they say must be true already. */
    lock();
    record_text(KIND_SENT, 0, 0, (int64_t)length, "", NULL);
    unlock();
}

static size_t total(const struct iovec *parts, int count) {
    size_t length = 0;
    for (int part = 0; part < count; part++) length += parts[part].iov_len;
    return length;
}

/* offset < 0: at the file's own position */
static ssize_t really_write(int fd, const struct iovec *parts, int count, int64_t offset) {
    if (offset >= 0)
        return count == 1 ? real_syscall(SYS_pwrite64, fd, parts[0].iov_base, parts[0].iov_len, (long)offset)
                          : real_syscall(SYS_pwritev, fd, parts, (long)count, (long)offset, 0L);
    return count == 1 ? real_syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len)
                      : real_syscall(SYS_writev, fd, parts, (long)count);
}

/* offset < 0: at the file's own position */
static ssize_t write_at(int fd, const struct iovec *parts, int count, int64_t offset) {
    int positioned = offset >= 0;
    char path[PATH_MAX];
    struct stat status;
    if (recording()) {
        int file = watched(fd, path, &status);
        if (!file && is_socket(fd)) record_sending(total(parts, count));
        if (file || (fd == STDOUT_FILENO && !positioned)) {
            lock();
            int modes = fcntl(fd, F_GETFL);
            int64_t start = offset;
            if (file && modes >= 0 && (modes & O_APPEND)) {
                fstat(fd, &status);
                start = status.st_size; /* Linux appends even with pwrite */
            } else if (file && !positioned) {
                start = lseek(fd, 0, SEEK_CUR);
            }
            ssize_t written = really_write(fd, parts, count, offset);
            if (written >= 0) {
                enum kind kind = !file ? KIND_STDOUT : positioned ? KIND_PWRITE : KIND_WRITE;
                int marks = file && (modes & O_DSYNC) ? FLAG_SYNCED : 0;
                record(kind, marks, file ? status.st_ino : 0, file ? start : 0, file ? path : "", parts, count,
                       (size_t)written);
            }
            unlock();
            return written;
        }
    }
    return really_write(fd, parts, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    struct iovec part = {(void *)bytes, length};
    return write_at(fd, &part, 1, -1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_at(fd, parts, count, -1); }

static ssize_t positioned_write(int fd, const struct iovec *parts, int count, int64_t offset) {
    if (offset < 0) {
        errno = EINVAL;
        return -1;
    }
    return write_at(fd, parts, count, offset);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    struct iovec part = {(void *)bytes, length};
    return positioned_write(fd, &part, 1, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    struct iovec part = {(void *)bytes, length};
    return positioned_write(fd, &part, 1, offset);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return positioned_write(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    return positioned_write(fd, parts, count, offset);
}

static void refuse_file(int fd, const char *why) {
    char path[PATH_MAX];
    struct stat status;
    if (recording() && watched(fd, path, &status)) {
        lock();
        record_text(KIND_UNSUPPORTED, 0, status.st_ino, 0, path, why);
        unlock();
    }
}

ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags) {
    refuse_file(fd, "pwritev2");
    return real_syscall(SYS_pwritev2, fd, parts, (long)count, (long)offset, 0L, (long)flags);
}
ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags) {
    refuse_file(fd, "pwritev2");
    return real_syscall(SYS_pwritev2, fd, parts, (long)count, (long)offset, 0L, (long)flags);
}

/* Sockets are no files, but the way by which a server acknowledges. */

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    if (recording()) record_sending(length);
    return real_syscall(SYS_sendto, fd, bytes, length, (long)flags, 0L, 0L);
}
ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    if (recording()) record_sending(length);
    return real_syscall(SYS_sendto, fd, bytes, length, (long)flags, to, (long)size);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    if (recording()) record_sending(total(message->msg_iov, (int)message->msg_iovlen));
    return real_syscall(SYS_sendmsg, fd, message, (long)flags);
}

static int truncate_to(int fd, int64_t length) {
    char path[PATH_MAX];
    struct stat status;
    if (!recording() || !watched(fd, path, &status)) return (int)real_syscall(SYS_ftruncate, fd, (long)length);
    lock();
    int result = (int)real_syscall(SYS_ftruncate, fd, (long)length);
    if (result == 0) record_text(KIND_TRUNCATE, 0, status.st_ino, length, path, NULL);
    unlock();
    return result;
}
int ftruncate(int fd, off_t length) { return truncate_to(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_to(fd, length); }

static int truncate_named(const char *name, int64_t length) {
    char path[PATH_MAX];
    if (!recording() || !watched_name(AT_FDCWD, name, path))
        return (int)real_syscall(SYS_truncate, name, (long)length);
    lock();
    int result = (int)real_syscall(SYS_truncate, name, (long)length);
    if (result == 0) record_text(KIND_TRUNCATE, 0, inode_of(AT_FDCWD, path), length, path, NULL);
    unlock();
    return result;
}
int truncate(const char *name, off_t length) { return truncate_named(name, length); }
int truncate64(const char *name, off64_t length) { return truncate_named(name, length); }

static int allocate(int fd, int mode, int64_t offset, int64_t length) {
    char path[PATH_MAX];
    struct stat status;
    if (!recording() || !watched(fd, path, &status))
        return (int)real_syscall(SYS_fallocate, fd, (long)mode, (long)offset, (long)length);
    lock();
    int result = (int)real_syscall(SYS_fallocate, fd, (long)mode, (long)offset, (long)length);
    if (result == 0) {
        if (mode == 0)
            record_text(KIND_FALLOCATE, 0, status.st_ino, offset + length, path, NULL);
        else if (mode == FALLOC_FL_KEEP_SIZE)
            record_text(KIND_FALLOCATE, 0, status.st_ino, 0, path, NULL);
        else
            record_text(KIND_UNSUPPORTED, 0, status.st_ino, 0, path, "fallocate that punches or moves");
    }
    unlock();
    return result;
}
int fallocate(int fd, int mode, off_t offset, off_t length) { return allocate(fd, mode, offset, length); }
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return allocate(fd, mode, offset, length); }
static int posix_allocate(int fd, int64_t offset, int64_t length) {
    int saved = errno;
    int result = allocate(fd, 0, offset, length) == 0 ? 0 : errno;
    errno = saved;
    return result;
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_allocate(fd, offset, length); }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_allocate(fd, offset, length); }

static int sync_file(int fd, enum kind kind, long number) {
    char path[PATH_MAX];
    struct stat status;
    if (!recording() || !watched(fd, path, &status)) return (int)real_syscall(number, fd);
    lock();
    int result = (int)real_syscall(number, fd);
    if (result == 0) record_text(kind, 0, status.st_ino, 0, path, NULL);
    unlock();
    return result;
}
int fsync(int fd) { return sync_file(fd, KIND_FSYNC, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, KIND_FDATASYNC, SYS_fdatasync); }

void sync(void) {
    if (!recording()) {
        real_syscall(SYS_sync);
        return;
    }
    lock();
    real_syscall(SYS_sync);
    record_text(KIND_SYNC_ALL, 0, 0, 0, root, NULL);
    unlock();
}
int syncfs(int fd) {
    char path[PATH_MAX];
    struct stat status;
    if (!recording() || !watched(fd, path, &status)) return (int)real_syscall(SYS_syncfs, fd);
    lock();
    int result = (int)real_syscall(SYS_syncfs, fd);
    if (result == 0) record_text(KIND_SYNC_ALL, 0, 0, 0, root, NULL);
    unlock();
    return result;
}
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned int flags) {
    char path[PATH_MAX];
    struct stat status;
    if (!recording() || !watched(fd, path, &status))
        return (int)real_syscall(SYS_sync_file_range, fd, (long)offset, (long)length, (long)flags);
    lock();
    int result = (int)real_syscall(SYS_sync_file_range, fd, (long)offset, (long)length, (long)flags);
    if (result == 0) record_text(KIND_SYNC_RANGE, 0, status.st_ino, 0, path, NULL);
    unlock();
    return result;
}

static int rename_at(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
    char from_path[PATH_MAX], to_path[PATH_MAX];
    int from_in = 0, to_in = 0;
    if (recording()) {
        from_in = watched_name(from_folder, from, from_path);
        to_in = watched_name(to_folder, to, to_path);
    }
    if (!from_in && !to_in) return (int)real_syscall(SYS_renameat2, from_folder, from, to_folder, to, (long)flags);
    lock();
    uint64_t inode = inode_of(from_folder, from);
    int result = (int)real_syscall(SYS_renameat2, from_folder, from, to_folder, to, (long)flags);
    if (result == 0) {
        if (from_in && to_in && (flags & ~RENAME_NOREPLACE) == 0)
            record_text(KIND_RENAME, 0, inode, 0, from_path, to_path);
        else
            record_text(KIND_UNSUPPORTED, 0, inode, 0, from_in ? from_path : to_path,
                        "rename that exchanges, or crosses the edge of the folder");
    }
    unlock();
    return result;
}
int rename(const char *from, const char *to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return rename_at(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
    return rename_at(from_folder, from, to_folder, to, flags);
}

static int unlink_at(int folder, const char *name, int flags) {
    char path[PATH_MAX];
    if (!recording() || !watched_name(folder, name, path))
        return (int)real_syscall(SYS_unlinkat, folder, name, (long)flags);
    lock();
    uint64_t inode = inode_of(folder, name);
    int result = (int)real_syscall(SYS_unlinkat, folder, name, (long)flags);
    if (result == 0) record_text((flags & AT_REMOVEDIR) ? KIND_RMDIR : KIND_UNLINK, 0, inode, 0, path, NULL);
    unlock();
    return result;
}
int unlink(const char *name) { return unlink_at(AT_FDCWD, name, 0); }
int unlinkat(int folder, const char *name, int flags) { return unlink_at(folder, name, flags); }
int rmdir(const char *name) { return unlink_at(AT_FDCWD, name, AT_REMOVEDIR); }

static int make_folder(int folder, const char *name, mode_t mode) {
    char path[PATH_MAX];
    if (!recording() || !watched_name(folder, name, path))
        return (int)real_syscall(SYS_mkdirat, folder, name, (long)mode);
    lock();
    int result = (int)real_syscall(SYS_mkdirat, folder, name, (long)mode);
    if (result == 0) record_text(KIND_MKDIR, FLAG_CREATED, inode_of(folder, name), 0, path, NULL);
    unlock();
    return result;
}
int mkdir(const char *name, mode_t mode) { return make_folder(AT_FDCWD, name, mode); }
int mkdirat(int folder, const char *name, mode_t mode) { return make_folder(folder, name, mode); }

static int link_at(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    char from_path[PATH_MAX], to_path[PATH_MAX];
    int from_in = 0, to_in = 0;
    if (recording()) {
        from_in = watched_name(from_folder, from, from_path);
        to_in = watched_name(to_folder, to, to_path);
    }
    if (!to_in) return (int)real_syscall(SYS_linkat, from_folder, from, to_folder, to, (long)flags);
    lock();
    int result = (int)real_syscall(SYS_linkat, from_folder, from, to_folder, to, (long)flags);
    if (result == 0) {
        if (from_in && flags == 0)
            record_text(KIND_LINK, 0, inode_of(to_folder, to), 0, from_path, to_path);
        else
            record_text(KIND_UNSUPPORTED, 0, 0, 0, to_path, "link from outside the folder, or by descriptor");
    }
    unlock();
    return result;
}
int link(const char *from, const char *to) { return link_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    return link_at(from_folder, from, to_folder, to, flags);
}

static int make_symlink(const char *target, int folder, const char *name) {
    char path[PATH_MAX];
    int result = (int)real_syscall(SYS_symlinkat, target, folder, name);
    if (result == 0 && recording() && watched_name(folder, name, path)) {
        lock();
        record_text(KIND_UNSUPPORTED, 0, 0, 0, path, "symlink");
        unlock();
    }
    return result;
}
int symlink(const char *target, const char *name) { find_real_syscall(); return make_symlink(target, AT_FDCWD, name); }
int symlinkat(const char *target, int folder, const char *name) {
    find_real_syscall();
    return make_symlink(target, folder, name);
}

/* From here on: ways to write that the replay does not follow. */

static void *map(void *address, size_t length, int protection, int flags, int fd, int64_t offset) {
    void *mapped = (void *)real_syscall(SYS_mmap, address, length, (long)protection, (long)flags, (long)fd, (long)offset);
    char path[PATH_MAX];
    struct stat status;
    int kind = flags & MAP_TYPE;
    if (mapped != MAP_FAILED && fd >= 0 && (protection & PROT_WRITE) && !(flags & MAP_ANONYMOUS) &&
        (kind == MAP_SHARED || kind == MAP_SHARED_VALIDATE) && recording() && watched(fd, path, &status)) {
        lock();
        record_text(KIND_MAP, 0, status.st_ino, offset, path, NULL);
        unlock();
    }
    return mapped;
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    find_real_syscall();
    return map(address, length, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    find_real_syscall();
    return map(address, length, protection, flags, fd, offset);
}

ssize_t copy_file_range(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t length, unsigned int flags) {
    refuse_file(out, "copy_file_range");
    return real_syscall(SYS_copy_file_range, in, in_offset, out, out_offset, length, (long)flags);
}
ssize_t sendfile(int out, int in, off_t *offset, size_t length) {
    refuse_file(out, "sendfile");
    return real_syscall(SYS_sendfile, out, in, offset, length);
}
ssize_t sendfile64(int out, int in, off64_t *offset, size_t length) {
    refuse_file(out, "sendfile");
    return real_syscall(SYS_sendfile, out, in, offset, length);
}
ssize_t splice(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t length, unsigned int flags) {
    refuse_file(out, "splice");
    return real_syscall(SYS_splice, in, in_offset, out, out_offset, length, (long)flags);
}

/* Calls by number: those we follow go the same way as by name. */
long syscall(long number, ...) {
    long a, b, c, d, e, f;
    va_list rest;
    va_start(rest, number);
    a = va_arg(rest, long);
    b = va_arg(rest, long);
    c = va_arg(rest, long);
    d = va_arg(rest, long);
    e = va_arg(rest, long);
    f = va_arg(rest, long);
    va_end(rest);
    find_real_syscall();
    switch (number) {
    case SYS_openat:
        return open_at((int)a, (const char *)b, (int)c, (mode_t)d);
    case SYS_write:
        return write((int)a, (const void *)b, (size_t)c);
    case SYS_pwrite64:
        return pwrite((int)a, (const void *)b, (size_t)c, d);
    case SYS_writev:
        return writev((int)a, (const struct iovec *)b, (int)c);
    case SYS_ftruncate:
        return truncate_to((int)a, b);
    case SYS_fallocate:
        return allocate((int)a, (int)b, c, d);
    case SYS_fsync:
        return fsync((int)a);
    case SYS_fdatasync:
        return fdatasync((int)a);
    case SYS_renameat2:
        return rename_at((int)a, (const char *)b, (int)c, (const char *)d, (unsigned int)e);
    case SYS_unlinkat:
        return unlink_at((int)a, (const char *)b, (int)c);
    case SYS_mkdirat:
        return make_folder((int)a, (const char *)b, (mode_t)c);
    case SYS_linkat:
        return link_at((int)a, (const char *)b, (int)c, (const char *)d, (int)e);
    case SYS_copy_file_range:
        return copy_file_range((int)a, (off64_t *)b, (int)c, (off64_t *)d, (size_t)e, (unsigned int)f);
    case SYS_openat2:
    case SYS_io_uring_setup:
        if (recording()) {
            lock();
            record_text(KIND_UNSUPPORTED, 0, 0, 0, "", number == SYS_openat2 ? "openat2" : "io_uring");
            unlock();
        }
        break;
    default:
        break;
    }
    return real_syscall(number, a, b, c, d, e, f);
}
