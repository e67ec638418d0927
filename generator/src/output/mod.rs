//! Puts a build in place: whole or not at all.
//!
//! Where the file system can do it, the new files are laid out in a folder beside the old one; then the two
//! change places in one step. Until that step, and if anything goes wrong before it, the old build stands
//! untouched. A file that did not change is the same file as before, so that programs which copy the folder
//! elsewhere send only what is new.
//!
//! Where it cannot ([`swap::is_possible`]), as on sticks, the files are copied one by one with a journal
//! that says what is still to be done ([`copy`]).

mod copy;
mod fault;
mod held;
mod journal;
mod laying;
pub mod names;
mod ours;
mod swap;

pub use held::{photographs, prints, unchanged};
pub use laying::{Laying, tidy};

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

const MARKER_TEXT: &str = "This folder is written by signpost, which replaces everything in it.\nDo not keep files of your own here.\n";

/// Why a build could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder holds something that signpost did not write. It is as it was.
    #[error("{} holds files that signpost did not write, and they would be lost; choose another folder, such as a new one inside it", .0.display())]
    NotOurs(PathBuf),
    /// There is a file where the folder should be.
    #[error("{} is a file, not a folder; choose another folder", .0.display())]
    NotAFolder(PathBuf),
    /// A path such as `/` that cannot be replaced.
    #[error("{} cannot be replaced as a whole; choose a folder inside it", .0.display())]
    NoName(PathBuf),
    /// A name that Windows or a stick could not hold. The old build stands.
    #[error("“{}” cannot be the name of a file on every computer and stick; rename it, with letters, digits and hyphens", visible(.0))]
    Name(String),
    /// Two names that are one on a stick. The old build stands.
    #[error("“{}” and “{}” differ in capitals alone, and on a stick they would be one file; rename one of them", visible(.0), visible(.1))]
    SameName(String, String),
    /// The system refused. The old build stands.
    #[error("{} cannot be written: {}. What was there before still stands", .path.display(), fault::in_words(.why))]
    Refused {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// There is no room for it. The old build stands.
    #[error("{} has too little room left: the whole site takes about {}. Make room there, or choose another disk or stick. What was there before still stands", .folder.display(), fault::size(*.bytes))]
    Full {
        /// The folder.
        folder: PathBuf,
        /// What all files of the site take.
        bytes: u64,
    },
    /// A journalled copy was cut off; the next one finishes it.
    #[error("Publishing to {} was interrupted at {}: {}. Some pages there are new now and others old, and a note beside them says so. Publish there again: that brings the whole site", .folder.display(), .path.display(), fault::in_words(.why))]
    Interrupted {
        /// The folder that was being written.
        folder: PathBuf,
        /// The file that could not be put in place.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
}

/// A name in which no sign moves the cursor of whoever reads the message.
fn visible(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// What writing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or differ from the build before.
    pub changed: usize,
    /// Files in all.
    pub files: usize,
}

/// What was found of a copy that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interrupted {
    /// Nothing.
    #[default]
    No,
    /// It had not touched the site yet; what it had begun is taken away.
    Undone,
    /// The site that it was bringing is now there, whole.
    Finished,
    /// Something is lost that would be needed to finish it. Pages old and new stand side by side until the
    /// next copy has written all that is not as it should be.
    Torn,
}

/// How sure a build has to be on the disk when it is in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The system writes to the disk when it likes; quick.
    Quick,
    /// Every changed file is on the disk before it counts: a power cut leaves the old build or the new.
    Durable,
}

/// Ends a copy to `out` that was cut off, so that a whole site stands there even if no new one comes now.
///
/// # Errors
/// [`OutputError::Interrupted`]; another try may succeed.
pub fn finish(out: &Path) -> Result<Interrupted, OutputError> {
    if !out.is_dir() {
        return Ok(Interrupted::No);
    }
    let out = settled(out)?;
    let _turn = out.parent().map(swap::wait_for_turn);
    finished(&out, Care::Durable)
}

fn finished(out: &Path, care: Care) -> Result<Interrupted, OutputError> {
    copy::finish(out, care).map_err(|why| OutputError::Interrupted {
        folder: out.to_owned(),
        path: out.to_owned(),
        why,
    })
}

/// Puts `files` into `out`, as [`Laying`] does.
///
/// # Errors
/// [`OutputError`]; whatever it is but [`OutputError::Interrupted`], the old build stands.
pub fn write(
    files: &BTreeMap<String, Vec<u8>>,
    out: &Path,
    keep: &[&str],
    care: Care,
) -> Result<Written, OutputError> {
    let laying = Laying::begin(out, keep, care)?;
    files.par_iter().try_for_each(|(path, bytes)| laying.put(path.clone(), bytes.into()))?;
    laying.finish()
}

/// Writes one file outside the build, whole or not at all.
///
/// # Errors
/// [`OutputError::Refused`]; what was there before stands.
pub fn one_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let refused = |why| OutputError::Refused { path: path.to_owned(), why };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(refused)?;
    io::Write::write_all(&mut beside, bytes).map_err(refused)?;
    beside.as_file().sync_all().map_err(refused)?;
    beside.persist(path).map_err(|error| refused(error.error))?;
    Ok(())
}

fn settled(out: &Path) -> Result<PathBuf, OutputError> {
    let refused = |why| OutputError::Refused { path: out.to_owned(), why };
    if out.exists() {
        fs::canonicalize(out).map_err(refused)
    } else {
        std::path::absolute(out).map_err(refused)
    }
}
