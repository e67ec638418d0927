//! Checks a recording against a trace of system calls: what the recorder saw is all that happened.
//!
//! The recorder sits between a program and libc; strace sits between the program and the kernel. Both
//! watch the same run ([`crate::power_cut::Recorder::attach_with_trace`]), so the number of calls of each
//! kind on each path has to be the same, whatever the threads of the program did.
//!
//! Compared are the calls that succeeded and that change the folder or make a change durable, and writes
//! to standard output. Opening for reading and closing change nothing.

use crate::power_cut::{Call, Recording};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The system calls that are traced.
pub(crate) const CALLS: &[&str] = &[
    "open",
    "openat",
    "openat2",
    "creat",
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "truncate",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
    "sync",
    "syncfs",
    "sync_file_range",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "mmap",
    "copy_file_range",
    "sendfile",
    "splice",
    "io_uring_setup",
];

/// How often each kind of call was made on each path.
pub type Counts = BTreeMap<(&'static str, PathBuf), usize>;

/// Why a recording cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The trace could not be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no trace.
    #[error("{0} holds no trace: start the program with attach_with_trace, and wait until it has ended")]
    Empty(PathBuf),
    /// Recorder and trace disagree.
    #[error("the recorder and strace do not agree on what happened:\n{0}")]
    Mismatch(Mismatches),
}

/// Calls of which one side saw more than the other.
#[derive(Debug)]
pub struct Mismatches(Vec<(&'static str, PathBuf, usize, usize)>);

impl fmt::Display for Mismatches {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (call, path, recorded, traced) in &self.0 {
            writeln!(out, "  {call} on {}: recorded {recorded}, traced {traced}", path.display())?;
        }
        Ok(())
    }
}

/// Compares a recording with the trace that was made of the same run.
///
/// # Errors
/// If the counts differ anywhere, or there is no trace.
pub fn compare(recording: &Recording) -> Result<Counts, TraceError> {
    let folder = recording.trace_folder();
    let file_error = |path: &Path| {
        let path = path.to_path_buf();
        move |source| TraceError::File { path, source }
    };
    let mut traced = Counts::new();
    let mut files = 0;
    for entry in fs::read_dir(&folder).map_err(file_error(&folder))? {
        let path = entry.map_err(file_error(&folder))?.path();
        let text = fs::read(&path).map_err(file_error(&path))?;
        files += 1;
        for line in String::from_utf8_lossy(&text).lines() {
            if let Some(key) = traced_call(line, recording.root()) {
                *traced.entry(key).or_default() += 1;
            }
        }
    }
    if files == 0 {
        return Err(TraceError::Empty(folder));
    }
    let recorded = recorded_calls(recording);
    let keys: BTreeSet<_> = recorded.keys().chain(traced.keys()).collect();
    let mismatches: Vec<_> = keys
        .into_iter()
        .map(|key| {
            let count = |counts: &Counts| counts.get(key).copied().unwrap_or(0);
            (key.0, key.1.clone(), count(&recorded), count(&traced))
        })
        .filter(|(_, _, recorded, traced)| recorded != traced)
        .collect();
    if mismatches.is_empty() { Ok(recorded) } else { Err(TraceError::Mismatch(Mismatches(mismatches))) }
}

const STANDARD_OUTPUT: &str = "(standard output)";

fn recorded_calls(recording: &Recording) -> Counts {
    let mut counts = Counts::new();
    for event in recording.events() {
        let call = match &event.call {
            Call::Open { .. } => "open",
            Call::Write { positioned: false, .. } => "write",
            Call::Write { positioned: true, .. } => "pwrite",
            Call::Truncate { .. } => "truncate",
            Call::Fallocate { .. } => "fallocate",
            Call::Fsync => "fsync",
            Call::Fdatasync => "fdatasync",
            Call::SyncAll => "sync",
            Call::SyncRange => "sync_file_range",
            Call::Rename { .. } => "rename",
            Call::Unlink => "unlink",
            Call::Rmdir => "rmdir",
            Call::Mkdir => "mkdir",
            Call::Link { .. } => "link",
            Call::Map => "mmap",
            Call::Stdout { .. } => "write",
            Call::Sent { .. } | Call::Mark { .. } | Call::Unsupported { .. } => continue,
        };
        let path = match &event.call {
            Call::Stdout { .. } => PathBuf::from(STANDARD_OUTPUT),
            _ => named(&event.path),
        };
        *counts.entry((call, path)).or_default() += 1;
    }
    counts
}

/// A removed file that is still open is called by the name it had.
fn named(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    PathBuf::from(text.strip_suffix(" (deleted)").unwrap_or(&text))
}

/// The kind of call and the path of one line of strace, if it succeeded and concerns us.
fn traced_call(line: &str, root: &Path) -> Option<(&'static str, PathBuf)> {
    let (call, rest) = line.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let by_descriptor = |call| Some((call, descriptor_path(arguments)?));
    let by_name = |call| Some((call, name_path(arguments)?));
    let (call, path) = match call {
        "open" | "openat" | "openat2" | "creat" => {
            const CHANGING: [&str; 4] = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"];
            if call != "creat" && !CHANGING.iter().any(|flag| arguments.contains(flag)) {
                return None;
            }
            ("open", descriptor_path(result)?)
        }
        "write" | "writev" => match by_descriptor("write") {
            // Standard output may have been turned into a file of the folder.
            Some(write) if write.1.starts_with(root) => write,
            _ if arguments.starts_with("1<") => return Some(("write", PathBuf::from(STANDARD_OUTPUT))),
            _ => return None,
        },
        "pwrite64" | "pwritev" | "pwritev2" => by_descriptor("pwrite")?,
        "ftruncate" => by_descriptor("truncate")?,
        "truncate" => by_name("truncate")?,
        "fallocate" => by_descriptor("fallocate")?,
        "fsync" => by_descriptor("fsync")?,
        "fdatasync" => by_descriptor("fdatasync")?,
        "sync" => ("sync", root.to_path_buf()),
        "syncfs" => ("sync", descriptor_path(arguments).filter(|path| path.starts_with(root))?),
        "sync_file_range" => by_descriptor("sync_file_range")?,
        "rename" | "renameat" | "renameat2" => by_name("rename")?,
        "unlinkat" if arguments.contains("AT_REMOVEDIR") => by_name("rmdir")?,
        "unlink" | "unlinkat" => by_name("unlink")?,
        "rmdir" => by_name("rmdir")?,
        "mkdir" | "mkdirat" => by_name("mkdir")?,
        "link" | "linkat" => by_name("link")?,
        "mmap" if arguments.contains("PROT_WRITE") && arguments.contains("MAP_SHARED") => {
            by_descriptor("mmap")?
        }
        "mmap" => return None,
        // Whatever is left has no counterpart in a recording: seeing it is a mismatch.
        "io_uring_setup" => ("io_uring", root.to_path_buf()),
        _ => return arguments.contains(root.to_str()?).then(|| ("another call", root.to_path_buf())),
    };
    let path = if call == "sync" { root.to_path_buf() } else { path };
    path.starts_with(root).then_some((call, path))
}

/// The path that strace gives with a descriptor: `3</folder/file>`.
fn descriptor_path(text: &str) -> Option<PathBuf> {
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('<')?;
        let (path, behind) = after.split_once('>')?;
        if before.ends_with(|last: char| last.is_ascii_digit()) {
            return Some(named(Path::new(path)));
        }
        rest = behind;
    }
}

/// The first path in quotes, which stands behind `AT_FDCWD</folder>` or `3</folder>` if it is relative.
fn name_path(arguments: &str) -> Option<PathBuf> {
    let (before, after) = arguments.split_once('"')?;
    let (name, _) = after.split_once('"')?;
    let folder = before.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(folder, _)| folder);
    let path = folder.map_or_else(|| PathBuf::from(name), |folder| Path::new(folder).join(name));
    // The recorder knows canonical folders; the last name is not followed by these calls.
    match (path.parent().and_then(|parent| parent.canonicalize().ok()), path.file_name()) {
        (Some(parent), Some(name)) => Some(parent.join(name)),
        _ => Some(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Option<(&'static str, PathBuf)> {
        traced_call(line, Path::new("/watched"))
    }

    #[test]
    fn lines_of_strace_are_understood() {
        let cases = [
            ("pwrite64(3</watched/a.db>, \"\"..., 4096, 0) = 4096", Some(("pwrite", "/watched/a.db"))),
            ("pwrite64(3</watched/a.db>, \"\"..., 4096, 0) = -1 ENOSPC (No space left on device)", None),
            ("write(1<pipe:[77]>, \"\"..., 3) = 3", Some(("write", STANDARD_OUTPUT))),
            ("write(1</watched/x>, \"\"..., 3) = 3", Some(("write", "/watched/x"))),
            ("write(3</elsewhere/log>, \"\"..., 3) = 3", None),
            ("fsync(4</watched>) = 0", Some(("fsync", "/watched"))),
            (
                "openat(AT_FDCWD</home>, \"/watched/x\", O_RDWR|O_CREAT, 0644) = 3</watched/x>",
                Some(("open", "/watched/x")),
            ),
            ("openat(AT_FDCWD</home>, \"/watched/x\", O_RDONLY|O_CLOEXEC) = 3</watched/x>", None),
            (
                "renameat2(AT_FDCWD</watched>, \"a\", AT_FDCWD</watched>, \"b\", 0) = 0",
                Some(("rename", "/watched/a")),
            ),
            ("unlinkat(AT_FDCWD</>, \"/watched/d\", AT_REMOVEDIR) = 0", Some(("rmdir", "/watched/d"))),
            (
                "mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 5</watched/a.db-shm>, 0) = 0x7f0000000000",
                Some(("mmap", "/watched/a.db-shm")),
            ),
            ("mmap(NULL, 32768, PROT_READ, MAP_PRIVATE, 5</watched/a.db>, 0) = 0x7f0000000000", None),
            (
                "copy_file_range(3</watched/a>, NULL, 4</watched/b>, NULL, 9, 0) = 9",
                Some(("another call", "/watched")),
            ),
            ("fdatasync(3</watched/a.db> <unfinished ...>) = ?", None),
        ];
        for (line, expected) in cases {
            assert_eq!(call(line), expected.map(|(call, path)| (call, PathBuf::from(path))), "{line}");
        }
    }
}
