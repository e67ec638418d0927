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
pub mod names;
mod ours;
mod swap;

pub use held::{photographs, prints, unchanged};

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::load::tree::MARKER;

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

/// Puts `files` into `out`. Parts of the old build whose top folder is in
/// `keep` are carried over.
///
/// # Errors
/// [`OutputError`]; whatever it is but [`OutputError::Interrupted`], the old build stands.
pub fn write(
    files: &BTreeMap<String, Vec<u8>>,
    out: &Path,
    keep: &[&str],
    care: Care,
) -> Result<Written, OutputError> {
    if let Some(path) = files.keys().find(|path| !names::is_portable(path)) {
        return Err(OutputError::Name(path.clone()));
    }
    if let Some((one, other)) = names::same_but_for_capitals(files.keys()) {
        return Err(OutputError::SameName(one.to_owned(), other.to_owned()));
    }
    let out = settled(out)?;
    ours::check(&out)?;
    let (parent, name) = (out.parent(), out.file_name());
    let (Some(parent), Some(name)) = (parent, name) else { return Err(OutputError::NoName(out)) };
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |why| OutputError::Refused { path, why }
    };
    fs::create_dir_all(parent).map_err(refused(parent))?;
    let _turn = swap::wait_for_turn(parent);
    let interrupted = finished(&out, care)?;
    in_place(files, &out, (parent, name), keep, care, interrupted).map_err(|error| match error {
        OutputError::Refused { why, .. } if why.kind() == io::ErrorKind::StorageFull => OutputError::Full {
            folder: out.clone(),
            bytes: files.values().map(|bytes| bytes.len() as u64).sum(),
        },
        error => error,
    })
}

fn in_place(
    files: &BTreeMap<String, Vec<u8>>,
    out: &Path,
    (parent, name): (&Path, &OsStr),
    keep: &[&str],
    care: Care,
    interrupted: Interrupted,
) -> Result<Written, OutputError> {
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |why| OutputError::Refused { path, why }
    };
    let next = parent.join(format!(".{}.signpost-next", name.to_string_lossy()));
    if next.exists() {
        // A build that was interrupted left it.
        fs::remove_dir_all(&next).map_err(refused(&next))?;
    }
    // Laying out and taking away a second set of links costs a disk more than reading does.
    if interrupted != Interrupted::Torn
        && let Some(same) = already_there(files, out, keep)
    {
        return Ok(same);
    }
    match fs::create_dir(&next) {
        Ok(()) => {}
        // Beside a stick, or a folder that somebody was given, nothing can be laid out.
        Err(why) if out.is_dir() && is_forbidden(&why) => return copied(files, out, keep, care),
        Err(why) => return Err(OutputError::Refused { path: out.to_owned(), why }),
    }
    let done = if swap::is_possible(&next, out) {
        lay_out(files, out, &next, keep, care)
            .map(|written| swap::into_place(&next, out).map(|()| written).map_err(|_| ()))
    } else {
        Ok(Err(()))
    };
    // After the swap this holds the old build, after a failure the torn new one.
    let _ = fs::remove_dir_all(&next);
    match done? {
        Ok(written) => Ok(written),
        Err(()) => copied(files, out, keep, care),
    }
}

fn is_forbidden(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Puts the files into `out` one by one.
fn copied(
    files: &BTreeMap<String, Vec<u8>>,
    out: &Path,
    keep: &[&str],
    care: Care,
) -> Result<Written, OutputError> {
    fs::create_dir_all(out).map_err(|why| OutputError::Refused { path: out.to_owned(), why })?;
    let mut all: BTreeMap<&str, &[u8]> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    all.insert(MARKER, MARKER_TEXT.as_bytes());
    let old = ours::files(out);
    let kept = |path: &str| {
        path.split_once('/').is_some_and(|(top, _)| keep.contains(&top)) || !names::is_portable(path)
    };
    let copy = copy::Copy::new(out, care, &all, &old, kept);
    copy.run()?;
    let kept = old.iter().filter(|path| kept(path) && !all.contains_key(path.as_str())).count();
    Ok(Written { changed: copy.changed(), files: all.len() + kept })
}

/// What there is to say where the old build is this very one, file for file.
fn already_there(files: &BTreeMap<String, Vec<u8>>, out: &Path, keep: &[&str]) -> Option<Written> {
    let kept: usize = keep.iter().map(|part| count(&out.join(part))).sum();
    let all = files.len() + 1 + kept;
    let same = out.join(MARKER).is_file()
        && ours::files(out).len() == all
        && files.par_iter().all(|(path, bytes)| is_same(bytes, &out.join(path)));
    same.then_some(Written { changed: 0, files: all })
}

fn is_same(bytes: &[u8], old: &Path) -> bool {
    fs::metadata(old).is_ok_and(|about| about.is_file() && about.len() == bytes.len() as u64)
        && fs::read(old).is_ok_and(|held| held == bytes)
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

fn lay_out(
    files: &BTreeMap<String, Vec<u8>>,
    old: &Path,
    next: &Path,
    keep: &[&str],
    care: Care,
) -> Result<Written, OutputError> {
    let mut folders: Vec<PathBuf> =
        files.keys().filter_map(|path| Some(next.join(path).parent()?.to_owned())).collect();
    folders.dedup();
    for folder in folders {
        fs::create_dir_all(&folder).map_err(|why| OutputError::Refused { path: old.to_owned(), why })?;
    }
    let marker = (MARKER.to_owned(), MARKER_TEXT.as_bytes().to_vec());
    let all: Vec<(&String, &Vec<u8>)> = files.iter().chain([(&marker.0, &marker.1)]).collect();
    let changed: usize = all
        .par_iter()
        .map(|(path, bytes)| {
            one(bytes, &old.join(path), &next.join(path), care)
                .map_err(|why| OutputError::Refused { path: old.join(path), why })
        })
        .sum::<Result<usize, OutputError>>()?;
    let mut kept = 0;
    for part in keep {
        kept += carry_over(&old.join(part), &next.join(part))
            .map_err(|why| OutputError::Refused { path: old.join(part), why })?;
    }
    Ok(Written { changed, files: all.len() + kept })
}

/// Writes one file; 0 if it is the same file as in the old build, else 1.
fn one(bytes: &[u8], old: &Path, new: &Path, care: Care) -> io::Result<usize> {
    let same = is_same(bytes, old);
    if same && fs::hard_link(old, new).is_ok() {
        return Ok(0);
    }
    fs::write(new, bytes)?;
    if care == Care::Durable {
        fs::File::open(new)?.sync_all()?;
    }
    Ok(usize::from(!same))
}

fn carry_over(old: &Path, new: &Path) -> io::Result<usize> {
    let mut kept = 0;
    for entry in WalkDir::new(old).into_iter().filter_map(Result::ok) {
        let to = new.join(entry.path().strip_prefix(old).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            fs::create_dir_all(&to)?;
        } else if entry.file_type().is_file() {
            if fs::hard_link(entry.path(), &to).is_err() {
                fs::copy(entry.path(), &to)?;
            }
            kept += 1;
        }
    }
    Ok(kept)
}

fn count(folder: &Path) -> usize {
    WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .count()
}
