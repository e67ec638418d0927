//! Folders to choose from: the person's own, and sticks and disks that are plugged in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;

/// A folder to choose.
#[derive(Debug, Serialize)]
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) path: String,
    /// Whether a school is in it.
    pub(super) school: bool,
}

/// A stick or another disk that is plugged in.
#[derive(Debug, Serialize)]
pub(super) struct Stick {
    pub(super) name: String,
    pub(super) path: String,
    /// How much room is left, in MB; none where the system does not say.
    pub(super) free: Option<u64>,
}

/// Where choosing may begin: the home folder, then whatever is plugged in.
pub(super) fn beginnings() -> Vec<Folder> {
    let plugged_in = plugged_in().into_iter().map(|stick| folder(Path::new(&stick.path)));
    std::iter::once(folder(&super::home())).chain(plugged_in).collect()
}

/// Whether a path lies on something that is plugged in, and may be pulled out.
pub(super) fn is_on_a_stick(path: &Path) -> bool {
    plugged_in().iter().any(|stick| path.starts_with(&stick.path))
}

/// What is plugged in, where the desktops of Linux and macOS show it.
#[cfg(unix)]
pub(super) fn plugged_in() -> Vec<Stick> {
    let user = super::home().file_name().map(|name| name.to_owned()).unwrap_or_default();
    let media = ["/media", "/run/media"].map(PathBuf::from);
    let places = media.iter().flat_map(|media| [media.join(&user), media.clone()]);
    let places = places.chain(["/Volumes".into(), "/mnt".into()]);
    let all = places.flat_map(|place| within(&place).into_iter().filter(move |one| is_mounted(&place, one)));
    all.map(|one| Stick { free: free(Path::new(&one.path)), name: one.name, path: one.path }).collect()
}

/// What is plugged in: every drive but the one of the person's own folder.
#[cfg(not(unix))]
pub(super) fn plugged_in() -> Vec<Stick> {
    let home = super::home();
    ('D'..='Z')
        .map(|letter| format!("{letter}:\\"))
        .filter(|drive| Path::new(drive).is_dir() && !home.starts_with(drive))
        .map(|drive| Stick { free: None, name: drive.clone(), path: drive })
        .collect()
}

/// A folder that a stick left behind is no stick, nor is a link to the computer's own disk.
#[cfg(unix)]
fn is_mounted(place: &Path, one: &Folder) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |about: fs::Metadata| about.dev();
    match (fs::metadata(place).map(disk), fs::symlink_metadata(&one.path)) {
        (Ok(around), Ok(about)) => about.is_dir() && disk(about) != around,
        _ => false,
    }
}

#[cfg(unix)]
fn free(path: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(path).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize) / 1_000_000)
}

/// The folders within one; none for a folder that does not lie under one of the beginnings.
pub(super) fn list(path: &Path) -> Option<(PathBuf, Vec<Folder>)> {
    let path = fs::canonicalize(path).ok()?;
    let allowed =
        beginnings().iter().any(|from| fs::canonicalize(&from.path).is_ok_and(|from| path.starts_with(from)));
    allowed.then(|| (path.clone(), within(&path)))
}

fn within(path: &Path) -> Vec<Folder> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let mut all: Vec<Folder> = entries
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.') && entry.path().is_dir())
        .map(|entry| folder(&entry.path()))
        .collect();
    all.sort_by_key(|folder| folder.name.to_lowercase());
    all
}

fn folder(path: &Path) -> Folder {
    Folder {
        name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        path: path.display().to_string(),
        school: path.join("school.toml").is_file(),
    }
}
