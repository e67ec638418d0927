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

/// Where choosing may begin: the home folder, then whatever is plugged in.
pub(super) fn beginnings() -> Vec<Folder> {
    let home = super::home();
    let mut all = vec![folder(&home)];
    let user = home.file_name().map(|name| name.to_owned()).unwrap_or_default();
    for media in
        [PathBuf::from("/media").join(&user), PathBuf::from("/run/media").join(&user), "/Volumes".into()]
    {
        all.extend(within(&media));
    }
    all
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
