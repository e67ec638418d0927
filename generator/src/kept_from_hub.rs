//! The hub's two files that say whom a picture may show: the consent export and the roster, kept within the
//! school's folder where no build looks, each named with its day.
//!
//! Only the newest of each is kept: they are about children, and an older one says nothing that is still true.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use crate::{
    check::people::{Consent, Files, FromHub, believed},
    diagnostic::Diagnostic,
    load::School,
};

/// Within the school's folder.
const FOLDER: &str = ".signpost/hub";

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    Consent,
    Roster,
}

impl File {
    const BOTH: [Self; 2] = [Self::Consent, Self::Roster];

    /// What its name ends in.
    const fn ending(self) -> &'static str {
        match self {
            Self::Consent => ".consent",
            Self::Roster => ".roster",
        }
    }
}

/// The folder, if no part of its path is a link.
fn folder(school: &Path) -> io::Result<PathBuf> {
    let mut folder = school.to_owned();
    for part in FOLDER.split('/') {
        folder.push(part);
        if fs::symlink_metadata(&folder).is_ok_and(|about| about.is_symlink()) {
            return Err(io::Error::other("the folder for the hub’s files is a link"));
        }
    }
    Ok(folder)
}

fn all(school: &Path, which: File) -> Vec<PathBuf> {
    let entries = folder(school).and_then(fs::read_dir).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(which.ending()))
        .collect();
    files.sort();
    files
}

/// The file that is kept; its name is its path within the school.
fn kept(school: &Path, which: File) -> Option<FromHub> {
    let file = all(school, which).pop()?;
    let name = format!("{FOLDER}/{}", file.file_name()?.to_string_lossy());
    Some(FromHub { name, bytes: fs::read(file).ok()? })
}

/// Both files as they are kept; none where one of them is not there.
pub(crate) fn both(school: &Path) -> Option<Files> {
    Some(Files { consent: kept(school, File::Consent)?, roster: kept(school, File::Roster)? })
}

/// How a run asks that was given no files: by those that are kept, as far as they are believed; `must` says whether
/// pictures of pupils are refused where they are not.
pub(crate) fn asked(school: &Path, must: bool) -> Consent {
    match (both(school), must) {
        (Some(files), must) => Consent::Kept { files, must },
        (None, true) => Consent::MustBeAsked,
        (None, false) => Consent::NotAsked,
    }
}

/// Why files of the hub are not kept.
#[derive(Debug)]
pub(crate) enum NotKept {
    /// One of the two was never given.
    OneIsMissing,
    /// They are not believed.
    NotBelieved(Vec<Diagnostic>),
    /// The system refused.
    Refused(io::Error),
}

/// Keeps what was given, each beside the other that was given before, if together they are believed.
pub(crate) fn keep(
    place: &Path,
    school: &School,
    day: Date,
    consent: Option<FromHub>,
    roster: Option<FromHub>,
) -> Result<(), NotKept> {
    let given = [consent.is_some(), roster.is_some()];
    let consent = consent.or_else(|| kept(place, File::Consent)).ok_or(NotKept::OneIsMissing)?;
    let roster = roster.or_else(|| kept(place, File::Roster)).ok_or(NotKept::OneIsMissing)?;
    let both = Files { consent, roster };
    let mut problems = Vec::new();
    let Some(found) = believed(school, &both, day, &mut problems) else {
        return Err(NotKept::NotBelieved(problems));
    };
    let files = [(both.consent, found.consent_of), (both.roster, found.roster_of)];
    for ((which, (file, made)), given) in File::BOTH.into_iter().zip(files).zip(given) {
        if given {
            put(place, which, made, &file.bytes).map_err(NotKept::Refused)?;
        }
    }
    Ok(())
}

/// Only this person may read it: it is about children.
fn put(school: &Path, which: File, made: Date, bytes: &[u8]) -> io::Result<()> {
    let folder = folder(school)?;
    fs::create_dir_all(&folder)?;
    let target = folder.join(format!("{made}{}", which.ending()));
    // Made for its owner alone, as temporary files are.
    let mut beside = tempfile::Builder::new().prefix(".keeping-").tempfile_in(&folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(&target).map_err(|error| error.error)?;
    for old in all(school, which).into_iter().filter(|old| *old != target) {
        fs::remove_file(old)?;
    }
    Ok(())
}

/// Deletes what is kept.
pub(crate) fn forget(school: &Path) -> io::Result<()> {
    for file in File::BOTH.into_iter().flat_map(|which| all(school, which)) {
        fs::remove_file(file)?;
    }
    Ok(())
}
