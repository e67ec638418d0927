//! Whether a folder is ours to write, and what of it we wrote.

use std::{collections::BTreeSet, ffi::OsStr, fs, path::Path};

use walkdir::WalkDir;

use super::{OutputError, copy::WAITING, journal};
use crate::load::tree::MARKER;

/// What systems put onto every stick and disk that they see. A stick that holds nothing else is empty, and
/// nobody takes these away.
const SYSTEMS: &[&str] = &[
    "System Volume Information",
    "$RECYCLE.BIN",
    "RECYCLER",
    ".Spotlight-V100",
    ".Trashes",
    ".fseventsd",
    ".TemporaryItems",
    "lost+found",
];
/// How the waste bin of Linux desktops begins on a stick: `.Trash-1000`.
const WASTE: &str = ".Trash-";

fn is_the_systems(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| SYSTEMS.contains(&name) || name.starts_with(WASTE))
}

/// Sees that nothing would be lost by writing to `out`.
pub(super) fn check(out: &Path) -> Result<(), OutputError> {
    if !out.exists() {
        return Ok(());
    }
    if !out.is_dir() {
        return Err(OutputError::NotAFolder(out.to_owned()));
    }
    let nothing_strange = fs::read_dir(out).is_ok_and(|entries| {
        entries.filter_map(Result::ok).map(|entry| entry.file_name()).all(|name| {
            // What a first copy that was cut off had begun.
            is_the_systems(&name) || name == WAITING
        })
    });
    let ours = [MARKER, journal::NAME].iter().any(|name| out.join(name).is_file());
    if nothing_strange || ours { Ok(()) } else { Err(OutputError::NotOurs(out.to_owned())) }
}

/// Every file of the build in `out`, relative to it, with `/`.
pub(super) fn files(out: &Path) -> BTreeSet<String> {
    let top = |name: &OsStr| is_the_systems(name) || name == WAITING || name == journal::NAME;
    WalkDir::new(out)
        .min_depth(1)
        .into_iter()
        .filter_entry(|entry| entry.depth() > 1 || !top(entry.file_name()))
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_type().is_dir())
        .filter_map(|entry| {
            let parts = entry.path().strip_prefix(out).ok()?.iter();
            Some(parts.map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
        })
        .collect()
}
