//! A program under strace: what each of its threads asked of the system, in order, with paths and sizes.
//!
//! Left out is what says nothing of what is kept or sent and differs from run to run: memory, threads waiting for each
//! other, the clock; and the lines by which the test drives the program. What stays: every file, every folder, every
//! socket, every random byte asked for, with the length of each read and write. TLS writes a record at a time, so
//! the lengths of its records are among them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Calls that say nothing of what is kept or sent.
const OF_NO_INTEREST: &[&str] = &[
    "brk",
    "mmap",
    "munmap",
    "mremap",
    "madvise",
    "mprotect",
    "mlockall",
    "futex",
    "clock_gettime",
    "clock_nanosleep",
    "nanosleep",
    "sched_yield",
    "restart_syscall",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigaction",
    "sigaltstack",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "gettid",
    "getpid",
    "set_robust_list",
    "rseq",
    "membarrier",
    "get_mempolicy",
    "sched_getaffinity",
    "exit",
];

/// A program that is to be run under strace.
#[derive(Debug)]
pub struct Traced {
    room: TempDir,
}

/// What one run of a program asked of the system: for each of its threads, in the order in which they began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls(Vec<Vec<String>>);

impl Traced {
    /// Makes ready.
    ///
    /// # Errors
    /// If there is no room for the traces.
    pub fn new() -> io::Result<Self> {
        Ok(Self { room: tempfile::Builder::new().prefix("calls-").tempdir()? })
    }

    /// The command under strace. The system package `strace` is needed.
    pub fn command(&self, of: &Command) -> Command {
        let mut traced = Command::new("strace");
        traced.args(["-f", "-ff", "-q", "-y", "-s", "0", "--seccomp-bpf", "-e", "signal=none", "-e"]);
        traced.arg(format!("trace=!{}", OF_NO_INTEREST.join(",")));
        traced.arg("-o").arg(self.room.path().join("calls")).arg(of.get_program()).args(of.get_args());
        traced
    }

    /// What was asked for, once the program has ended. Where the folder `home` is named, it is called `HOME`, so that
    /// two runs on two folders can be compared.
    ///
    /// # Errors
    /// If a trace cannot be read, or there is none.
    pub fn finish(self, home: &Path) -> io::Result<Calls> {
        let mut threads = BTreeMap::new();
        for entry in fs::read_dir(self.room.path())? {
            let path = entry?.path();
            let number = path.extension().and_then(OsStr::to_str).and_then(|n| n.parse::<u32>().ok());
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            threads.insert(number.unwrap_or_default(), text);
        }
        if threads.is_empty() {
            return Err(io::Error::other("strace wrote nothing: it is not there, or may not trace here"));
        }
        let ids: BTreeSet<String> = threads.keys().map(ToString::to_string).collect();
        let calls = |text: &String| text.lines().filter_map(|line| call(line, home, &ids)).collect();
        Ok(Calls(threads.values().map(calls).collect()))
    }
}

impl Calls {
    /// Those alone in which one of these stands. What several threads do at once comes in another order each time; what one
    /// of them does to one file does not.
    #[must_use]
    pub fn with_any(&self, of: &[&str]) -> Self {
        let kept = |calls: &Vec<String>| {
            calls.iter().filter(|call| of.iter().any(|what| call.contains(what))).cloned().collect()
        };
        Self(self.0.iter().map(kept).collect())
    }

    /// Those alone in which this does not stand.
    #[must_use]
    pub fn without(&self, what: &str) -> Self {
        let kept = |calls: &Vec<String>| calls.iter().filter(|call| !call.contains(what)).cloned().collect();
        Self(self.0.iter().map(kept).collect())
    }

    /// How many bytes each write to a socket had, the shortest first: TLS writes a record at a time. Which of several
    /// threads writes is another one each time.
    pub fn sent(&self) -> Vec<usize> {
        let is_write = |call: &&String| {
            ["write(", "writev(", "sendto(", "sendmsg("].iter().any(|name| call.starts_with(name))
                && call.split(',').next().is_some_and(|to| to.contains("<socket:"))
        };
        let calls = self.0.iter().flatten().filter(is_write);
        let mut sent: Vec<usize> =
            calls.filter_map(|call| call.rsplit_once(" = ")?.1.trim().parse().ok()).collect();
        sent.sort_unstable();
        sent
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Whether one of them has this in it.
    pub fn mention(&self, what: &str) -> bool {
        self.0.iter().flatten().any(|call| call.contains(what))
    }

    /// In what two runs differ, thread by thread; empty where they do not.
    pub fn difference(&self, other: &Self) -> String {
        let mut told = String::new();
        if self.0.len() != other.0.len() {
            let _ = writeln!(told, "{} threads, and {}", self.0.len(), other.0.len());
        }
        for (thread, (mine, others)) in self.0.iter().zip(&other.0).enumerate() {
            let Some(at) = (0..mine.len().max(others.len())).find(|at| mine.get(*at) != others.get(*at))
            else {
                continue;
            };
            let _ =
                writeln!(told, "thread {thread} from call {at} on, of {} and {}:", mine.len(), others.len());
            for (sign, calls) in [("-", mine), ("+", others)] {
                for call in calls.iter().skip(at).take(6) {
                    let _ = writeln!(told, "  {sign} {call}");
                }
            }
        }
        told
    }
}

/// One line of strace in a form that is the same in every run; none where it says nothing.
fn call(line: &str, home: &Path, threads: &BTreeSet<String>) -> Option<String> {
    let (name, rest) = line.split_once('(')?;
    let moves = name.starts_with("read") || name.starts_with("write");
    if moves && ["0<", "1<"].iter().any(|fd| rest.starts_with(fd)) {
        return None;
    }
    // How much room the disk has is another thing each time, and says nothing of the program.
    let line = match line.split_once('{') {
        Some((asked, _)) if name.starts_with("statfs") => asked,
        _ => line,
    };
    let home = home.display().to_string();
    let mut told = String::with_capacity(line.len());
    // What a service writes there is in the system's journal.
    if moves && rest.starts_with("2<") {
        told.push_str("STDERR ");
    }
    let line = line.replace(&home, "HOME");
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        let alphanumeric = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if alphanumeric == 0 {
            told.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(alphanumeric);
        told.push_str(named(word, (&told, after), threads));
        rest = after;
    }
    Some(told)
}

/// A word, or what kind of word it is where it is another in each run.
fn named<'a>(word: &'a str, (before, after): (&str, &str), threads: &BTreeSet<String>) -> &'a str {
    // Which descriptor a file gets depends on what else is open.
    let is_descriptor = after.starts_with('<') && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    // A thread's number; a pipe's or socket's own.
    let is_of_the_system = threads.contains(word)
        || ["socket:[", "pipe:[", "eventfd-id:"].iter().any(|kind| before.ends_with(kind));
    if is_descriptor {
        "FD"
    } else if is_id {
        "ID"
    } else if word.starts_with("0x") {
        "ADDRESS"
    } else if is_of_the_system {
        "NUMBER"
    } else {
        word
    }
}

/// Where strace is, if it is on this machine.
pub fn strace() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join("strace"))
        .find(|path| path.is_file())
}
