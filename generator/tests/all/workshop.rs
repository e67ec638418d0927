//! Small schools to build in, and the program to build them with.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use generator::{
    build::{self, Checked},
    theme::Theme,
};
use jiff::civil::Date;

/// The day that every test builds for.
pub(crate) fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// A copy of a school in a folder of its own.
pub(crate) struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    pub(crate) fn with(school: &str) -> Self {
        let workshop = Self { folder: tempfile::tempdir().unwrap() };
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all").join(school);
        copy(&from, &workshop.school());
        workshop
    }

    pub(crate) fn small() -> Self {
        Self::with("small-school")
    }

    /// The model school, as a new school copies it.
    pub(crate) fn model() -> Self {
        let workshop = Self { folder: tempfile::tempdir().unwrap() };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../content"), &workshop.school());
        workshop
    }

    pub(crate) fn school(&self) -> PathBuf {
        self.folder.path().join("school")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the school.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let file = self.school().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    /// Changes words in a file of the school.
    pub(crate) fn change(&self, path: &str, old: &str, new: &str) -> &Self {
        let text = fs::read_to_string(self.school().join(path)).unwrap();
        assert!(text.contains(old), "{path} has no “{old}”");
        self.write(path, text.replace(old, new))
    }

    pub(crate) fn check(&self) -> Checked {
        build::check(&self.school(), &Theme::embedded().unwrap(), day())
    }

    /// The codes of all findings, in order.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.check().report.diagnostics().iter().map(|d| d.code).collect()
    }

    /// Runs the program with this school.
    pub(crate) fn signpost(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signpost"));
        command.current_dir(self.path()).env_remove("SIGNPOST_THEMES").args(words);
        command
    }

    pub(crate) fn build(&self) -> Output {
        self.signpost(&["build", "--school", "school", "--out", "out", "--date", "2026-11-22"])
    }

    /// A page of the built site.
    pub(crate) fn page(&self, path: &str) -> String {
        fs::read_to_string(self.out().join("site").join(path)).unwrap()
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file in a folder with its bytes.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(folder).unwrap().display().to_string();
            out.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    out
}

/// What the program said, both streams together.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// When a program is killed.
pub(crate) enum Kill {
    /// As soon as it is started.
    AtOnce,
    /// So long after it was started.
    After(Duration),
    /// So long after this file or folder is there, or never where it ends before.
    When(PathBuf, Duration),
    /// It is left to end.
    Never,
}

impl Workshop {
    /// Runs the program and kills it.
    pub(crate) fn killed(&self, words: &[&str], kill: &Kill) {
        let mut child = self.command(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        match kill {
            Kill::AtOnce => {}
            Kill::After(time) => std::thread::sleep(*time),
            Kill::When(file, time) => {
                while !file.exists() && child.try_wait().unwrap().is_none() {
                    std::thread::yield_now();
                }
                std::thread::sleep(*time);
            }
            Kill::Never => {
                child.wait().unwrap();
            }
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
}
