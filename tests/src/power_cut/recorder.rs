//! Records a program: compiles `power-cut/recorder.c`, loads it into the program, reads back its log.

use super::disk::{Disk, DiskError};
use super::log::{self, Call, Event, LogError};
use super::snapshot::Snapshot;
use crate::chance::Chance;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const SOURCE: &str = include_str!("../../power-cut/recorder.c");

/// Why a program could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A file or folder of the recorder's could not be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The C compiler did not run.
    #[error("cannot run `cc` to compile the power-cut recorder: {0}; on Debian: apt install gcc libc6-dev")]
    NoCompiler(io::Error),
    /// The C compiler refused the recorder.
    #[error("`cc` could not compile tests/power-cut/recorder.c:\n{0}")]
    Compile(String),
    /// Nothing was recorded at all.
    #[error(
        "the recorder saw no change under {0}: is the program linked statically, or does it write elsewhere?"
    )]
    Nothing(PathBuf),
    /// The recording does not lead to what is in the folder.
    #[error(
        "replaying the recording does not give what the program left in its folder: {what} differs; the \
         program probably writes past libc (rustix's default backend, stdio), or it still runs"
    )]
    Incomplete {
        /// The first file or folder that is not as replayed.
        what: PathBuf,
    },
    /// The log does not hold together.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The program did something that cannot be replayed.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Records what programs do to one folder.
#[derive(Debug)]
pub struct Recorder {
    tools: TempDir,
    snapshot: Snapshot,
}

impl Recorder {
    /// Makes ready to record `folder`; what it holds now is taken to be durable.
    ///
    /// # Errors
    /// If there is no C compiler, or the folder cannot be read.
    pub fn of(folder: &Path) -> Result<Self, RecordError> {
        let snapshot = Snapshot::take(folder).map_err(|source| file_error(folder, source))?;
        let tools = tempfile::Builder::new()
            .prefix("power-cut-")
            .tempdir()
            .map_err(|source| file_error(&std::env::temp_dir(), source))?;
        let recorder = Self { tools, snapshot };
        recorder.compile()?;
        fs::create_dir(recorder.trace_folder())
            .map_err(|source| file_error(&recorder.trace_folder(), source))?;
        File::create(recorder.log()).map_err(|source| file_error(&recorder.log(), source))?;
        Ok(recorder)
    }

    /// Lets `command` be recorded, and all programs that it starts.
    pub fn attach(&self, command: &mut Command) {
        command.envs(self.settings());
    }

    /// `command` under strace, and recorded: so that [`crate::trace::compare`] can check that the recorder
    /// missed nothing. Slower; the system package `strace` is needed.
    pub fn attach_with_trace(&self, command: &Command) -> Command {
        let mut traced = Command::new("strace");
        traced.args(["-f", "-ff", "-q", "-y", "-s", "0", "--seccomp-bpf", "-e", "signal=none", "-e"]);
        traced.arg(format!("trace={}", crate::trace::CALLS.join(",")));
        traced.arg("-o").arg(self.trace_folder().join("calls"));
        for (name, value) in self.settings() {
            let mut setting = OsString::from(name);
            setting.push("=");
            setting.push(value);
            traced.arg("-E").arg(setting);
        }
        traced.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => traced.env(name, value),
                None => traced.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            traced.current_dir(folder);
        }
        traced
    }

    /// Notes in the recording that an acknowledgement has reached the test by the network. It counts
    /// from the last moment before this at which the program began to send something: so ask one thing
    /// at a time, and note the answer before asking the next.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub fn mark(&self, text: &str) -> Result<(), RecordError> {
        let write = || {
            let mut log = File::options().append(true).open(self.log())?;
            log.lock()?;
            log.write_all(&log::mark(text))
        };
        write().map_err(|source| file_error(&self.log(), source))
    }

    /// The recording, once the program has ended (orderly or killed).
    ///
    /// # Errors
    /// If nothing was recorded, or something that cannot be replayed.
    pub fn finish(self) -> Result<Recording, RecordError> {
        let bytes = fs::read(self.log()).map_err(|source| file_error(&self.log(), source))?;
        let recording = Recording { snapshot: self.snapshot, events: log::read(&bytes)?, tools: self.tools };
        if recording.events.iter().all(|event| event.inode == 0) {
            return Err(RecordError::Nothing(recording.snapshot.root));
        }
        // A recording that cannot be replayed to its end is refused here, not at some cut.
        let mut disk = recording.disk();
        for event in &recording.events {
            disk.apply(event)?;
        }
        recording.leads_to_the_folder(disk)?;
        Ok(recording)
    }

    fn settings(&self) -> [(&'static str, OsString); 3] {
        [
            ("LD_PRELOAD", self.library().into()),
            ("RECORD_ROOT", self.snapshot.root.clone().into()),
            ("RECORD_LOG", self.log().into()),
        ]
    }

    fn compile(&self) -> Result<(), RecordError> {
        let source = self.tools.path().join("recorder.c");
        fs::write(&source, SOURCE).map_err(|error| file_error(&source, error))?;
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let output = Command::new(compiler)
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(self.library())
            .arg(&source)
            .args(["-ldl", "-lpthread"])
            .output()
            .map_err(RecordError::NoCompiler)?;
        if output.status.success() {
            Ok(())
        } else {
            Err(RecordError::Compile(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
    }

    fn library(&self) -> PathBuf {
        self.tools.path().join("recorder.so")
    }
    fn log(&self) -> PathBuf {
        self.tools.path().join("log")
    }
    fn trace_folder(&self) -> PathBuf {
        self.tools.path().join("trace")
    }
}

/// Everything that a program asked of the disk, in order, with what it said.
#[derive(Debug)]
pub struct Recording {
    pub(super) snapshot: Snapshot,
    pub(super) events: Vec<Event>,
    tools: TempDir,
}

/// Something that a program told the world it had kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acknowledgement {
    /// The index of the event with which it left the process; a cut after that must not lose it.
    pub at: usize,
    /// What was acknowledged.
    pub id: String,
}

impl Recording {
    /// The events, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The folder that was recorded.
    pub fn root(&self) -> &Path {
        &self.snapshot.root
    }

    /// Where strace wrote one file for each thread.
    pub fn trace_folder(&self) -> PathBuf {
        self.tools.path().join("trace")
    }

    /// What was acknowledged: each line on standard output, and each [`Recorder::mark`], out of which
    /// `id` reads an id.
    pub fn acknowledgements(&self, id: impl Fn(&str) -> Option<String>) -> Vec<Acknowledgement> {
        let mut found = Vec::new();
        let mut line = Vec::new();
        let mut sent = None;
        for (at, event) in self.events.iter().enumerate() {
            match &event.call {
                Call::Stdout { bytes } => {
                    for &byte in bytes {
                        if byte == b'\n' {
                            found.extend(
                                id(&String::from_utf8_lossy(&line)).map(|id| Acknowledgement { at, id }),
                            );
                            line.clear();
                        } else {
                            line.push(byte);
                        }
                    }
                }
                Call::Sent { .. } => sent = Some(at),
                Call::Mark { text } => {
                    found.extend(id(text).map(|id| Acknowledgement { at: sent.unwrap_or(at), id }));
                }
                _ => {}
            }
        }
        found
    }

    /// With nothing lost, the replay must give exactly the folder that the program left.
    fn leads_to_the_folder(&self, mut disk: Disk) -> Result<(), RecordError> {
        let replayed = self.tools.path().join("replayed");
        let mut replay = || {
            fs::create_dir(&replayed)?;
            disk.sync_all();
            disk.write_after_a_cut(&mut Chance::from_seed(0), &replayed)?;
            Ok(Snapshot::take(&replayed)?.first_difference(&Snapshot::take(self.root())?))
        };
        match replay().map_err(|source| file_error(&replayed, source))? {
            None => Ok(()),
            Some(what) => Err(RecordError::Incomplete { what }),
        }
    }

    pub(super) fn disk(&self) -> Disk {
        Disk::new(&self.snapshot)
    }
}

fn file_error(path: &Path, source: io::Error) -> RecordError {
    RecordError::File { path: path.to_path_buf(), source }
}
