//! A folder as somebody sees it who copies it, and everything that was ever written into it.

use super::count;
use crate::power_cut::{Call, Recording};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file or folder as it shows from outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outside {
    /// Its path in the folder; a box's id is another each time, and called `ID`.
    pub path: String,
    /// How long it is.
    pub size: u64,
    /// Its kind and who may read it.
    pub mode: u32,
}

/// All of a folder from outside, in order. An index of SQLite's that is mapped memory is on no disk, and left out.
///
/// # Errors
/// If something cannot be read.
pub fn outside(folder: &Path) -> io::Result<Vec<Outside>> {
    let mut found = Vec::new();
    for path in paths(folder)? {
        let about = fs::symlink_metadata(&path)?;
        let path = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let size = if about.is_dir() { 0 } else { about.size() };
        found.push(Outside { path: without_ids(&path), size, mode: about.mode() });
    }
    found.sort();
    Ok(found)
}

/// The files in which one of these stands, with what stands there.
///
/// # Errors
/// If something cannot be read.
pub fn where_is(folder: &Path, wanted: &[&[u8]]) -> io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for path in paths(folder)?.into_iter().filter(|path| path.is_file()) {
        let bytes = fs::read(&path)?;
        let here = wanted.iter().filter(|words| count(&bytes, words) > 0);
        found.extend(here.map(|words| (path.clone(), String::from_utf8_lossy(words).into_owned())));
    }
    Ok(found)
}

/// Where, in all that a program ever wrote, whatever became of it since: in its files, in what was written over, in
/// files that are gone and in the room that they leave on a disk, in a file that is written and then renamed.
pub fn ever_written(recording: &Recording, wanted: &[&[u8]]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for event in recording.events() {
        let Call::Write { bytes, .. } = &event.call else { continue };
        let here = wanted.iter().filter(|words| count(bytes, words) > 0);
        found.extend(here.map(|words| (event.path.clone(), String::from_utf8_lossy(words).into_owned())));
    }
    found
}

fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path.clone());
            }
            if !path.to_string_lossy().ends_with("-shm") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn without_ids(path: &str) -> String {
    let is_id = |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = path.split_inclusive(['/', '.']).map(|part| {
        let word = part.trim_end_matches(['/', '.']);
        if is_id(word) { format!("ID{}", &part[word.len()..]) } else { part.to_owned() }
    });
    parts.collect()
}
