//! Files that are whole or not there.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use super::FolderError;
use crate::system::own;

/// Writes a file that this account alone may read, so that a power cut leaves the old one or the new one: a temporary
/// file, synced, renamed over the old, and the folder synced.
///
/// # Errors
/// [`FolderError::Io`]; the old file then stands as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let temporary = path.with_extension("new");
    let written = (|| {
        // A temporary file of an earlier try may have other rights.
        match fs::remove_file(&temporary) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let mut file = own(File::options().write(true).create_new(true)).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    })();
    written.map_err(|source| {
        // What is left of a failed try is of no use; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&temporary);
        FolderError::Io { path: path.to_owned(), source }
    })
}

/// A file's bytes, or none where there is no file.
///
/// # Errors
/// [`FolderError::Io`].
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, FolderError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FolderError::Io { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack.sgnp");
        write_whole(&path, b"old").unwrap();
        write_whole(&path, b"new and longer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new and longer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("here");
        fs::create_dir(&path).unwrap();
        assert!(matches!(write_whole(&path, b"x"), Err(FolderError::Io { .. })));
        assert!(path.is_dir());
    }
}
