//! A build on its way into place, file by file as each is made, so that it never has to be in memory whole.
//!
//! Files go into a folder beside the build that stands; [`Laying::finish`] lets the two change places. Where
//! they cannot, the files are kept in memory until then, and copied. Dropped before it is finished, nothing
//! of it stays, and the old build stands.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::{
    Care, Interrupted, MARKER_TEXT, OutputError, Written, copy, finished, names, ours, settled, swap,
};
use crate::load::tree::MARKER;

/// A build that is being put in place.
pub struct Laying<'k> {
    out: PathBuf,
    /// Whether a build stands there that this one may have files in common with.
    stands: bool,
    keep: &'k [&'k str],
    care: Care,
    interrupted: Interrupted,
    way: Way,
    so_far: Mutex<SoFar>,
    _turn: Option<swap::Turn>,
}

/// How it gets there.
enum Way {
    /// It is laid out beside the old one, and then they change places.
    Beside(Next),
    /// Every file waits in memory, and then they are copied one by one.
    Copied(Mutex<BTreeMap<String, Vec<u8>>>),
}

/// The folder beside the old build. Whatever is in it at the end is taken away: after the change of places
/// that is the old build, after a failure the torn new one.
struct Next(PathBuf);

impl Drop for Next {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What was laid out up to now.
#[derive(Default)]
struct SoFar {
    /// Every file, and whether it is byte for byte as in the build that stands.
    files: BTreeMap<String, bool>,
    /// The folders that are there.
    folders: BTreeSet<PathBuf>,
    bytes: u64,
    /// The disk takes no more: what follows is only counted, to say how much room is needed.
    full: bool,
}

impl<'k> Laying<'k> {
    /// Makes ready to put a build into `out`. Parts of the old build whose top folder is in `keep` are carried
    /// over. Another build that would write there waits until this one is finished or dropped.
    ///
    /// # Errors
    /// [`OutputError`]; whatever it is but [`OutputError::Interrupted`], the old build stands.
    pub fn begin(out: &Path, keep: &'k [&'k str], care: Care) -> Result<Self, OutputError> {
        let out = settled(out)?;
        ours::check(&out)?;
        let (parent, name) = (out.parent(), out.file_name());
        let (Some(parent), Some(name)) = (parent, name) else { return Err(OutputError::NoName(out)) };
        fs::create_dir_all(parent).map_err(refused(parent))?;
        let turn = swap::wait_for_turn(parent);
        let interrupted = finished(&out, care)?;
        let next = beside(parent, name);
        if next.exists() {
            // A build that was interrupted left it.
            fs::remove_dir_all(&next).map_err(refused(&next))?;
        }
        let stands = out.is_dir();
        let way = match fs::create_dir(&next) {
            Ok(()) => {
                let next = Next(next);
                if swap::is_possible(&next.0, &out) {
                    Way::Beside(next)
                } else {
                    Way::Copied(Mutex::default())
                }
            }
            // Beside a stick, or a folder that somebody was given, nothing can be laid out.
            Err(why) if stands && is_forbidden(&why) => Way::Copied(Mutex::default()),
            Err(why) => return Err(OutputError::Refused { path: out, why }),
        };
        Ok(Self { out, stands, keep, care, interrupted, way, so_far: Mutex::default(), _turn: Some(turn) })
    }

    /// Takes a file; its path is written with `/`. Several threads may bring files at once.
    ///
    /// # Errors
    /// [`OutputError`]; the old build stands. A disk that is full is told at the end, with how much is needed.
    pub fn put(&self, path: String, bytes: Cow<'_, [u8]>) -> Result<(), OutputError> {
        if !names::is_portable(&path) {
            return Err(OutputError::Name(path));
        }
        let size = bytes.len() as u64;
        let (mut same, mut full) = (false, false);
        match &self.way {
            Way::Copied(files) => drop(locked(files).insert(path.clone(), bytes.into_owned())),
            Way::Beside(next) => {
                let old = self.out.join(&path);
                same = self.stands && is_same(&bytes, &old);
                if !same && !locked(&self.so_far).full {
                    match self.lay(next, &path, &bytes) {
                        Err(why) if why.kind() == io::ErrorKind::StorageFull => full = true,
                        laid => laid.map_err(refused(&old))?,
                    }
                }
            }
        }
        let mut so_far = locked(&self.so_far);
        so_far.files.insert(path, same);
        so_far.bytes += size;
        so_far.full |= full;
        Ok(())
    }

    /// Writes a file that is not as in the old build.
    fn lay(&self, next: &Next, path: &str, bytes: &[u8]) -> io::Result<()> {
        let new = next.0.join(path);
        self.make_folder_of(&new)?;
        fs::write(&new, bytes)?;
        self.settle(&new)
    }

    fn settle(&self, file: &Path) -> io::Result<()> {
        match self.care {
            Care::Quick => Ok(()),
            Care::Durable => fs::File::open(file)?.sync_all(),
        }
    }

    fn make_folder_of(&self, file: &Path) -> io::Result<()> {
        let Some(folder) = file.parent() else { return Ok(()) };
        if !locked(&self.so_far).folders.contains(folder) {
            fs::create_dir_all(folder)?;
            locked(&self.so_far).folders.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Puts what was laid out in the place of the old build.
    ///
    /// # Errors
    /// [`OutputError`]; whatever it is but [`OutputError::Interrupted`], the old build stands.
    pub fn finish(mut self) -> Result<Written, OutputError> {
        self.put(MARKER.to_owned(), MARKER_TEXT.as_bytes().into())?;
        let so_far = std::mem::take(&mut *locked(&self.so_far));
        if let Some((one, other)) = names::same_but_for_capitals(so_far.files.keys()) {
            return Err(OutputError::SameName(one.to_owned(), other.to_owned()));
        }
        let full = || OutputError::Full { folder: self.out.clone(), bytes: so_far.bytes };
        if so_far.full {
            return Err(full());
        }
        let way = std::mem::replace(&mut self.way, Way::Copied(Mutex::default()));
        let done = match way {
            Way::Beside(next) => self.change_places(&next, &so_far.files),
            Way::Copied(files) => self.copied(&files.into_inner().unwrap_or_else(PoisonError::into_inner)),
        };
        done.map_err(|error| match error {
            OutputError::Refused { why, .. } if why.kind() == io::ErrorKind::StorageFull => full(),
            error => error,
        })
    }

    fn change_places(&self, next: &Next, files: &BTreeMap<String, bool>) -> Result<Written, OutputError> {
        let changed = files.values().filter(|same| !**same).count();
        // Laying out and taking away a second set of links costs a disk more than looking does.
        if changed == 0 && self.is_all(files.len()) {
            return Ok(Written { changed, files: files.len() + self.kept() });
        }
        let same: Vec<&String> = files.iter().filter(|(_, same)| **same).map(|(path, _)| path).collect();
        same.par_iter().try_for_each(|path| {
            self.take_over(path, &next.0.join(path)).map_err(refused(&self.out.join(path)))
        })?;
        let mut kept = 0;
        for part in self.keep {
            let old = self.out.join(part);
            kept += carry_over(&old, &next.0.join(part)).map_err(refused(&old))?;
        }
        match swap::into_place(&next.0, &self.out) {
            Ok(()) => Ok(Written { changed, files: files.len() + kept }),
            Err(_) => {
                let read = |path: &String| Ok((path.clone(), fs::read(next.0.join(path))?));
                let files: io::Result<BTreeMap<_, _>> = files.keys().map(read).collect();
                self.copied(&files.map_err(refused(&next.0))?)
            }
        }
    }

    /// Lets a file that did not change be the same file in both builds.
    fn take_over(&self, path: &str, new: &Path) -> io::Result<()> {
        let old = self.out.join(path);
        self.make_folder_of(new)?;
        if fs::hard_link(&old, new).is_err() {
            fs::copy(&old, new)?;
            self.settle(new)?;
        }
        Ok(())
    }

    /// Whether the build that stands has so many files and those that are kept, and no others.
    fn is_all(&self, files: usize) -> bool {
        self.interrupted != Interrupted::Torn && ours::files(&self.out).len() == files + self.kept()
    }

    fn kept(&self) -> usize {
        self.keep.iter().map(|part| count(&self.out.join(part))).sum()
    }

    /// Puts the files into the folder one by one.
    fn copied(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<Written, OutputError> {
        let out = &self.out;
        fs::create_dir_all(out).map_err(refused(out))?;
        let all: BTreeMap<&str, &[u8]> =
            files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        if all.par_iter().all(|(path, bytes)| is_same(bytes, &out.join(path))) && self.is_all(all.len()) {
            return Ok(Written { changed: 0, files: all.len() + self.kept() });
        }
        let old = ours::files(out);
        let kept = |path: &str| {
            path.split_once('/').is_some_and(|(top, _)| self.keep.contains(&top)) || !names::is_portable(path)
        };
        let copy = copy::Copy::new(out, self.care, &all, &old, kept);
        copy.run()?;
        let kept = old.iter().filter(|path| kept(path) && !all.contains_key(path.as_str())).count();
        Ok(Written { changed: copy.changed(), files: all.len() + kept })
    }
}

/// Takes away what a build that was cut off had laid out for `out`, where none follows that would.
pub fn tidy(out: &Path) {
    let Ok(out) = settled(out) else { return };
    let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else { return };
    let next = beside(parent, name);
    if next.exists() {
        // Perhaps another build is at work there.
        let _turn = swap::wait_for_turn(parent);
        let _ = fs::remove_dir_all(&next);
    }
}

/// The folder beside the one of this name.
fn beside(parent: &Path, name: &OsStr) -> PathBuf {
    parent.join(format!(".{}.signpost-next", name.to_string_lossy()))
}

fn refused(path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |why| OutputError::Refused { path, why }
}

/// What a thread that panicked was doing to it was one step: it is whole.
fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_forbidden(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Whether the file at `old` holds these bytes.
pub(super) fn is_same(bytes: &[u8], old: &Path) -> bool {
    fs::metadata(old).is_ok_and(|about| about.is_file() && about.len() == bytes.len() as u64)
        && fs::read(old).is_ok_and(|held| held == bytes)
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
