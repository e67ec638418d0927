//! What a folder held before a program was let loose on it.

use super::disk::is_shared_memory_of_sqlite;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A folder's content, taken to be durable.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    /// Canonical.
    pub(super) root: PathBuf,
    pub(super) root_inode: u64,
    /// Path, inode, content; a folder before what it holds.
    pub(super) entries: Vec<(PathBuf, u64, Entry)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    File(Vec<u8>),
    Folder,
}

impl Snapshot {
    /// Reads the folder. Refuses what the model does not know (links, sockets).
    pub(super) fn take(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let root_inode = fs::metadata(&root)?.ino();
        let mut entries = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            let mut paths: Vec<PathBuf> =
                fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
            paths.sort();
            for path in paths {
                let about = fs::symlink_metadata(&path)?;
                let entry = if about.is_dir() {
                    folders.push(path.clone());
                    Entry::Folder
                } else if about.is_file() {
                    Entry::File(fs::read(&path)?)
                } else {
                    return Err(io::Error::other(format!(
                        "{} is neither a file nor a folder; a power cut there cannot be replayed",
                        path.display()
                    )));
                };
                entries.push((path, about.ino(), entry));
            }
        }
        Ok(Self { root, root_inode, entries })
    }

    /// The first path, inside the folder, that is not the same in both. What was stored through SQLite's
    /// shared memory is passed over: the recorder does not see it, and it need not survive.
    pub(super) fn first_difference(&self, other: &Self) -> Option<PathBuf> {
        let (ours, theirs) = (self.by_path(), other.by_path());
        let paths: BTreeSet<&Path> = ours.keys().chain(theirs.keys()).copied().collect();
        paths
            .into_iter()
            .filter(|path| !is_shared_memory_of_sqlite(path))
            .find(|path| ours.get(path) != theirs.get(path))
            .map(Path::to_path_buf)
    }

    fn by_path(&self) -> BTreeMap<&Path, &Entry> {
        let inside = |path| Path::strip_prefix(path, &self.root).unwrap_or(path);
        self.entries.iter().map(|(path, _, entry)| (inside(path.as_path()), entry)).collect()
    }
}
