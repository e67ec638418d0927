//! Puts a build in place: whole or not at all.
//!
//! The new files are laid out in a folder beside the old one; then the two
//! change places in one step of the file system. Until that step, and if
//! anything goes wrong before it, the old build stands untouched. A file that
//! did not change is the same file as before, so that programs which copy the
//! folder elsewhere send only what is new.

mod held;
mod swap;

pub use held::photographs;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::load::tree::MARKER;

const MARKER_TEXT: &str = "This folder is written by signpost, which replaces everything in it.\nDo not keep files of your own here.\n";

/// Why a build could not be put in place. The old one stands.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder holds something that signpost did not write.
    #[error("{} holds files that signpost did not write, and they would be lost; name another folder after --out, or empty this one", .0.display())]
    NotOurs(PathBuf),
    /// There is a file where the folder should be.
    #[error("{} is a file, not a folder; name another folder after --out", .0.display())]
    NotAFolder(PathBuf),
    /// A path such as `/` that cannot be replaced.
    #[error("{} cannot be replaced as a whole; name a folder inside it after --out", .0.display())]
    NoName(PathBuf),
    /// The system refused.
    #[error("{} cannot be written: {why}; see that there is room on the disk and that you may write there", .path.display())]
    Refused {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
}

/// What writing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or differ from the build before.
    pub changed: usize,
    /// Files in all.
    pub files: usize,
}

/// How sure a build has to be on the disk when it is in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The system writes to the disk when it likes; quick.
    Quick,
    /// Every changed file is on the disk before the swap: a power cut leaves the old build or the new.
    Durable,
}

/// Puts `files` into `out`. Parts of the old build whose top folder is in
/// `keep` are carried over.
///
/// # Errors
/// [`OutputError`]; whatever it is, the old build stands.
pub fn write(
    files: &BTreeMap<String, Vec<u8>>,
    out: &Path,
    keep: &[&str],
    care: Care,
) -> Result<Written, OutputError> {
    let out = settled(out)?;
    check_ours(&out)?;
    let (parent, name) = (out.parent(), out.file_name());
    let (Some(parent), Some(name)) = (parent, name) else { return Err(OutputError::NoName(out)) };
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |why| OutputError::Refused { path, why }
    };
    fs::create_dir_all(parent).map_err(refused(parent))?;
    let _turn = swap::wait_for_turn(parent).map_err(refused(parent))?;
    let beside = |ending: &str| parent.join(format!(".{}.signpost-{ending}", name.to_string_lossy()));
    let (next, last) = (beside("next"), beside("last"));
    swap::clear_up(&out, &next, &last).map_err(refused(&next))?;
    // Laying out and taking away a second set of links costs a disk more than reading does.
    if let Some(same) = already_there(files, &out, keep) {
        return Ok(same);
    }
    fs::create_dir(&next).map_err(refused(&next))?;
    let written = lay_out(files, &out, &next, keep, care);
    let done = written.and_then(|written| {
        swap::into_place(&next, &out, &last).map_err(refused(&out))?;
        Ok(written)
    });
    // After the swap this holds the old build, after a failure the torn new one.
    let _ = fs::remove_dir_all(&next);
    done
}

/// What there is to say where the old build is this very one, file for file.
fn already_there(files: &BTreeMap<String, Vec<u8>>, out: &Path, keep: &[&str]) -> Option<Written> {
    let kept: usize = keep.iter().map(|part| count(&out.join(part))).sum();
    let all = files.len() + 1 + kept;
    let same = out.join(MARKER).is_file()
        && count(out) == all
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

fn check_ours(out: &Path) -> Result<(), OutputError> {
    if !out.exists() {
        return Ok(());
    }
    if !out.is_dir() {
        return Err(OutputError::NotAFolder(out.to_owned()));
    }
    let empty = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    if empty || out.join(MARKER).is_file() { Ok(()) } else { Err(OutputError::NotOurs(out.to_owned())) }
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
        fs::create_dir_all(&folder).map_err(|why| OutputError::Refused { path: folder.clone(), why })?;
    }
    let marker = (MARKER.to_owned(), MARKER_TEXT.as_bytes().to_vec());
    let all: Vec<(&String, &Vec<u8>)> = files.iter().chain([(&marker.0, &marker.1)]).collect();
    let changed: usize = all
        .par_iter()
        .map(|(path, bytes)| {
            one(bytes, &old.join(path), &next.join(path), care)
                .map_err(|why| OutputError::Refused { path: next.join(path), why })
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
