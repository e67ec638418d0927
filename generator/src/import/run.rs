//! The edge: reads the file, writes `policies/<slug>.md`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::reading::ReadingError;
use super::report::ImportReport;
use super::{ImportKind, ImportOptions, Imported, Person, import_bytes};

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
    /// The source is neither a document nor a text.
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
    let read_options = ImportOptions {
        file_stem: file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        people: people(school_dir),
        kind: options.kind,
    };
    let mut imported = import_bytes(&bytes, &read_options)
        .map_err(|error| ImportError::NotText { path: file.to_owned(), error })?;

    let folder = school_dir.join(match options.kind {
        ImportKind::Policy => "policies",
        ImportKind::Guide => "guides",
    });
    let target = folder.join(format!("{}.md", imported.slug));
    if !options.replace && target.exists() {
        return Err(ImportError::Exists { path: target });
    }
    let images = school_dir.join("images");
    name_pictures(&mut imported, &images);
    let pictures = write_pictures(&imported, &images)?;
    let written = write(&folder, &target, &imported.markdown, options.replace);
    let replaced = written.inspect_err(|_| {
        // Without the page nothing shows them.
        for picture in &pictures {
            let _ = fs::remove_file(picture);
        }
    })?;
    Ok(ImportReport { source: file.to_owned(), written: target, replaced, imported })
}

/// Pictures never take the place of others: where a name is taken by another picture, all of them get
/// the next name, in the Markdown too.
fn name_pictures(imported: &mut Imported, images: &Path) {
    let taken = |name: &str, bytes: &[u8]| {
        let path = images.join(name);
        path.exists() && fs::read(path).map_or(true, |there| there != bytes)
    };
    let own = format!("{}-", imported.slug);
    for attempt in 2..10_000 {
        let names: Vec<&str> = imported.pictures.iter().map(|picture| picture.name.as_str()).collect();
        if !names.iter().zip(&imported.pictures).any(|(name, picture)| taken(name, &picture.bytes)) {
            return;
        }
        let before = common_beginning(&names, &own, attempt);
        let after = format!("{own}v{attempt}-");
        imported.markdown =
            imported.markdown.replace(&format!("](../images/{before}"), &format!("](../images/{after}"));
        for picture in &mut imported.pictures {
            if let Some(rest) = picture.name.strip_prefix(&before) {
                picture.name = format!("{after}{rest}");
            }
        }
    }
}

/// What the names of all pictures begin with at this attempt.
fn common_beginning(names: &[&str], own: &str, attempt: usize) -> String {
    let earlier = format!("{own}v{}-", attempt - 1);
    if names.iter().all(|name| name.starts_with(&earlier)) { earlier } else { own.to_owned() }
}

/// Writes the pictures that are not there yet, and gives their paths; none where one of them fails.
fn write_pictures(imported: &Imported, images: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let mut written = Vec::new();
    for picture in &imported.pictures {
        let target = images.join(&picture.name);
        if target.exists() {
            continue;
        }
        let done = fs::create_dir_all(images).and_then(|()| {
            let mut beside =
                tempfile::Builder::new().prefix(".import-").suffix(".part").tempfile_in(images)?;
            beside.write_all(&picture.bytes)?;
            open_to_readers(beside.as_file())?;
            beside.as_file().sync_all()?;
            beside.persist_noclobber(&target).map(|_| ()).map_err(|error| error.error)
        });
        if let Err(error) = done {
            for picture in &written {
                let _ = fs::remove_file(picture);
            }
            return Err(ImportError::Write { path: target, error });
        }
        written.push(target);
    }
    Ok(written)
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
