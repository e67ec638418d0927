//! Real programs as children of a test: started, listened to, spoken to, killed, never left behind.

use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a program that ended had said on standard error is there within this; what it left behind may hold that open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How much of a program's standard error is kept for messages, in bytes.
const KEPT_OF_STDERR: usize = 8 * 1024;

/// What went wrong with a program, with what it last said on standard error.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// One of our programs has not been built.
    #[error(
        "{name} is not built (looked for {looked_for}).\n\
         Run `cargo build -p {package}` first, or set SIGNPOST_BIN_DIR to the folder that holds it."
    )]
    NotBuilt {
        /// The program.
        name: String,
        /// The member crate that makes it.
        package: String,
        /// Where it should have been.
        looked_for: PathBuf,
    },
    /// The program did not start.
    #[error("cannot start {name}: {source}")]
    Start {
        /// The program.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The program said nothing more within the time that it was given.
    #[error("{name} did not say {awaited} within {after:?}\n{story}")]
    Silent {
        /// The program.
        name: String,
        /// What the test waited for.
        awaited: String,
        /// How long it waited.
        after: Duration,
        /// The last lines on standard output, and standard error.
        story: String,
    },
    /// The program closed its standard output.
    #[error("{name} ended before it said {awaited}\n{story}")]
    Ended {
        /// The program.
        name: String,
        /// What the test waited for.
        awaited: String,
        /// The last lines on standard output, and standard error.
        story: String,
    },
    /// The program did not end within the time that it was given.
    #[error("{name} was still running after {after:?}\n{story}")]
    StillRunning {
        /// The program.
        name: String,
        /// How long the test waited.
        after: Duration,
        /// The last lines on standard output, and standard error.
        story: String,
    },
    /// A line could not be given to the program.
    #[error("cannot write to {name}'s standard input: {source}")]
    Input {
        /// The program.
        name: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Where one of our own programs is: in SIGNPOST_BIN_DIR if that is set, else in the target folder out of
/// which this test runs.
///
/// # Errors
/// If it has not been built; the message says how to.
pub fn our_program(name: &str, package: &str) -> Result<PathBuf, ProcessError> {
    let folder = match std::env::var_os("SIGNPOST_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => beside_this_test(),
    };
    find_program(&folder, name, package)
}

fn find_program(folder: &Path, name: &str, package: &str) -> Result<PathBuf, ProcessError> {
    let path = folder.join(name);
    if path.is_file() {
        Ok(path)
    } else {
        Err(ProcessError::NotBuilt { name: name.to_owned(), package: package.to_owned(), looked_for: path })
    }
}

/// `target/debug` for a test that is `target/debug/deps/journey-0123`.
fn beside_this_test() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|test| Some(test.parent()?.parent()?.to_path_buf()))
        .unwrap_or_else(|| PathBuf::from("target/debug"))
}

/// Where pictures and logs for people to look at go: SIGNPOST_ARTEFACTS, else `artefacts` in the target
/// folder.
pub fn artefacts() -> PathBuf {
    match std::env::var_os("SIGNPOST_ARTEFACTS") {
        Some(folder) => PathBuf::from(folder),
        None => {
            beside_this_test().parent().map_or_else(|| "target/artefacts".into(), |it| it.join("artefacts"))
        }
    }
}

/// Kills every process that has `argument` among its arguments. Only for arguments that no process but
/// our own can have, such as the path of a temporary folder.
pub(crate) fn kill_those_with_argument(argument: &str) {
    let Ok(processes) = std::fs::read_dir("/proc") else { return };
    for entry in processes.flatten() {
        let id = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        let Some(process) = id.and_then(Pid::from_raw) else { continue };
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if arguments.split(|&byte| byte == 0).any(|one| one == argument.as_bytes()) {
            // It may have ended since.
            let _ = rustix::process::kill_process(process, Signal::KILL);
        }
    }
}

/// A port on 127.0.0.1 that was free a moment ago.
///
/// Another program may take it before it is used: where a program can be told port 0 and says which it
/// got, prefer that.
///
/// # Errors
/// If the machine has no free port.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// A running program. It heads a process group of its own, and the whole group is killed when this is
/// dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    heard: VecDeque<String>,
    stderr: Arc<Mutex<Vec<u8>>>,
    // Nothing comes by it: it ends with standard error.
    stderr_ends: Receiver<()>,
}

impl Process {
    /// Starts a program; its three standard streams go through this.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(mut command: Command) -> Result<Self, ProcessError> {
        let program = PathBuf::from(command.get_program());
        let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let start_error = |source| ProcessError::Start { name: name.clone(), source };
        let mut child = command.spawn().map_err(start_error)?;

        let (sender, lines) = channel();
        let stdout = child.stdout.take().expect("standard output was asked for as a pipe");
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = Vec::new();
            while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
                // A line without its end was cut off by a kill: nobody can count on what it says.
                if line.pop() == Some(b'\n')
                    && sender.send(String::from_utf8_lossy(&line).into_owned()).is_err()
                {
                    break;
                }
                line.clear();
            }
        });

        let stderr = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&stderr);
        let mut pipe = child.stderr.take().expect("standard error was asked for as a pipe");
        let (ends, stderr_ends) = channel();
        std::thread::spawn(move || {
            let _ends: Sender<()> = ends;
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut piece) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&piece[..length]);
                let surplus = kept.len().saturating_sub(KEPT_OF_STDERR);
                kept.drain(..surplus);
            }
        });
        let stdin = child.stdin.take();
        Ok(Self { name, child, stdin, lines, heard: VecDeque::new(), stderr, stderr_ends })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next whole line on standard output, without its end.
    ///
    /// # Errors
    /// If none comes within `within`, or the program ends.
    pub fn line(&mut self, within: Duration) -> Result<String, ProcessError> {
        self.line_for("a line", within)
    }

    /// Reads on until a line out of which `wanted` makes something, and returns that. Lines before it are
    /// passed over.
    ///
    /// # Errors
    /// If none comes within `within` (for all lines together), or the program ends; `awaited` says in the
    /// message what the test waited for.
    pub fn wait_for<T>(
        &mut self,
        awaited: &str,
        within: Duration,
        mut wanted: impl FnMut(&str) -> Option<T>,
    ) -> Result<T, ProcessError> {
        let deadline = Instant::now() + within;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if let Some(found) = wanted(&self.line_for(awaited, left)?) {
                return Ok(found);
            }
        }
    }

    /// The next line if one is there within `within`; nothing if the program is silent or has ended.
    pub fn line_if_any(&mut self, within: Duration) -> Option<String> {
        let line = self.lines.recv_timeout(within).ok()?;
        self.remember(&line);
        Some(line)
    }

    fn line_for(&mut self, awaited: &str, within: Duration) -> Result<String, ProcessError> {
        let awaited = awaited.to_owned();
        match self.lines.recv_timeout(within) {
            Ok(line) => {
                self.remember(&line);
                Ok(line)
            }
            Err(RecvTimeoutError::Timeout) => Err(ProcessError::Silent {
                name: self.name.clone(),
                awaited,
                after: within,
                story: self.story(),
            }),
            Err(RecvTimeoutError::Disconnected) => {
                let _ = self.stderr_ends.recv_timeout(LAST_WORDS);
                Err(ProcessError::Ended { name: self.name.clone(), awaited, story: self.story() })
            }
        }
    }

    fn remember(&mut self, line: &str) {
        const REMEMBERED: usize = 10;
        if self.heard.len() == REMEMBERED {
            self.heard.pop_front();
        }
        self.heard.push_back(line.to_owned());
    }

    /// Gives the program a line on standard input.
    ///
    /// # Errors
    /// If it no longer reads.
    pub fn say(&mut self, line: &str) -> Result<(), ProcessError> {
        let written = match &mut self.stdin {
            Some(stdin) => stdin.write_all(format!("{line}\n").as_bytes()).and_then(|()| stdin.flush()),
            None => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        };
        written.map_err(|source| ProcessError::Input { name: self.name.clone(), source })
    }

    /// Closes the program's standard input.
    pub fn say_no_more(&mut self) {
        self.stdin = None;
    }

    /// What the program wrote on standard error, the last 8 KiB of it.
    pub fn stderr(&self) -> String {
        let kept = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).into_owned()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the program ends by itself; then [`Process::stderr`] has all that it said there.
    ///
    /// # Errors
    /// If it still runs after `within`.
    pub fn wait(&mut self, within: Duration) -> Result<ExitStatus, ProcessError> {
        let deadline = Instant::now() + within;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => {
                    let _ = self.stderr_ends.recv_timeout(LAST_WORDS);
                    return Ok(status);
                }
                Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(2)),
                _ => {
                    return Err(ProcessError::StillRunning {
                        name: self.name.clone(),
                        after: within,
                        story: self.story(),
                    });
                }
            }
        }
    }

    /// Asks the program to end (SIGTERM).
    pub fn ask_to_end(&self) {
        self.signal(Signal::TERM);
    }

    /// Kills the program and everything in its group (SIGKILL), and waits until it is gone. What it had
    /// already said can still be read.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        // The child was killed: the wait ends, and a child that is gone already is what we want.
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // The group may have ended already.
            let _ = kill_process_group(group, signal);
        }
    }

    fn story(&self) -> String {
        let heard: Vec<&str> = self.heard.iter().map(String::as_str).collect();
        format!(
            "last on standard output:\n{}\non standard error:\n{}",
            indent(&heard.join("\n")),
            indent(&self.stderr())
        )
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn indent(text: &str) -> String {
    if text.is_empty() {
        return "  (nothing)".to_owned();
    }
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// A folder that is removed in the end; under SIGNPOST_SCRATCH if that is set (a slow disk, a small one).
///
/// # Errors
/// If it cannot be made.
pub fn scratch_folder() -> io::Result<tempfile::TempDir> {
    let under: OsString = std::env::var_os("SIGNPOST_SCRATCH").unwrap_or_else(|| std::env::temp_dir().into());
    tempfile::Builder::new().prefix("signpost-test-").tempdir_in(under)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_the_command_that_builds_it() {
        let Err(error) = find_program(Path::new("/nowhere"), "signpost-hub", "hub") else {
            panic!("found a program in a folder that does not exist")
        };
        let told = error.to_string();
        assert!(told.contains("cargo build -p hub") && told.contains("/nowhere/signpost-hub"), "{told}");
    }
}
