//! The edge: reads the file, writes `policies/<slug>.md`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::reading::{self, ReadingError};
use super::report::ImportReport;
use super::{ImportOptions, Notes, Person, import_text};

/// What a file is imported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportKind {
    /// A governed document: `policies/`.
    #[default]
    Policy,
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// What the file becomes.
    pub kind: ImportKind,
    /// Whether a file that is there already may be replaced.
    pub replace: bool,
}

/// Why nothing was imported. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be opened.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The source is not text.
    #[error("cannot import {}: {error}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: ReadingError,
    },
    /// The folder is no school.
    #[error(
        "{} is not a school's folder: there is no school.toml in it. Name the folder with --school, or make \
         one with `signpost new`",
        path.display()
    )]
    NoSchool {
        /// The folder.
        path: PathBuf,
    },
    /// A policy of that name is there already.
    #[error(
        "{} is there already, and stays as it is. To put the imported text in its place, add --replace",
        path.display()
    )]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The result cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
}

/// Imports a file into a school.
///
/// The new file appears whole or not at all.
///
/// # Errors
/// When the file cannot be read as text, the folder is no school, the policy is there already and
/// `replace` is off, or the disk refuses.
pub fn run(file: &Path, school_dir: &Path, options: &RunOptions) -> Result<ImportReport, ImportError> {
    if !school_dir.join("school.toml").is_file() {
        return Err(ImportError::NoSchool { path: school_dir.to_owned() });
    }
    let bytes = fs::read(file).map_err(|error| ImportError::Read { path: file.to_owned(), error })?;
    let mut notes = Notes::default();
    let source = reading::decode(&bytes, &mut notes)
        .map_err(|error| ImportError::NotText { path: file.to_owned(), error })?;
    let text_options = ImportOptions {
        file_stem: file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        people: people(school_dir),
    };
    let mut imported = import_text(&source, &text_options);
    notes.doubts.append(&mut imported.doubts);
    imported.doubts = notes.doubts;

    let folder = match options.kind {
        ImportKind::Policy => school_dir.join("policies"),
    };
    let target = folder.join(format!("{}.md", imported.slug));
    let replaced = write(&folder, &target, &imported.markdown, options.replace)?;
    Ok(ImportReport { source: file.to_owned(), written: target, replaced, imported })
}

/// Writes beside the target and moves it there. Says whether a file was replaced.
fn write(folder: &Path, target: &Path, markdown: &str, replace: bool) -> Result<bool, ImportError> {
    let failed = |error| ImportError::Write { path: target.to_owned(), error };
    fs::create_dir_all(folder).map_err(failed)?;
    let mut beside =
        tempfile::Builder::new().prefix(".import-").suffix(".part").tempfile_in(folder).map_err(failed)?;
    beside.write_all(markdown.as_bytes()).map_err(failed)?;
    open_to_readers(beside.as_file()).map_err(failed)?;
    beside.as_file().sync_all().map_err(failed)?;
    if replace {
        let there = target.exists();
        beside.persist(target).map_err(|error| failed(error.error))?;
        return Ok(there);
    }
    match beside.persist_noclobber(target) {
        Ok(_) => Ok(false),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(ImportError::Exists { path: target.to_owned() })
        }
        Err(error) => Err(failed(error.error)),
    }
}

/// Temporary files are made for their owner alone; a policy is for everybody who works on the folder.
#[cfg(unix)]
fn open_to_readers(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_readers(_file: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The people of `school.toml`, as far as it can be read: its faults are told by `signpost check`.
fn people(school_dir: &Path) -> Vec<Person> {
    let Ok(text) = fs::read_to_string(school_dir.join("school.toml")) else { return Vec::new() };
    let Ok(school) = text.parse::<toml::Table>() else { return Vec::new() };
    let Some(toml::Value::Table(people)) = school.get("people") else { return Vec::new() };
    people
        .iter()
        .filter_map(|(key, person)| {
            let role = person.get("role")?.as_str()?;
            Some(Person { key: key.clone(), role: role.to_owned() })
        })
        .collect()
}
