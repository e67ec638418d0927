//! Backups: the whole database, encrypted, in one file, verified by putting it back into a scratch place.
//!
//! 1. [`mod@file`]: how such a file is written and read. It opens with what opens the hub, and with nothing else.
//! 2. [`keeping`]: which backups stay, when the next one is due, and when one is late. Pure.
//! 3. [`make`], [`restore`]: making one, and putting one back. [`running`]: daily, beside a hub that serves.
//! 4. [`mod@erased`]: what must not come back with one.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{folder::FolderError, keyfile::KeyFileError, store::StoreError};

pub(crate) mod erased;
pub mod file;
pub mod keeping;
pub mod make;
pub mod restore;
pub mod running;

/// Why there is no backup, or why none was put back. Whatever it is, the backups from before are as they were.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder is not there. It is never made: it would lie on the computer's own disk.
    #[error(
        "there is no folder {0}. Plug the stick in, or connect the network folder; if it is the first backup there, make the folder. Nothing was written"
    )]
    NoFolder(PathBuf),
    /// No room.
    #[error(
        "there is no room left in {0}. Take another stick, or make room. Backups from before are as they were"
    )]
    Full(PathBuf),
    /// Read-only, or not ours.
    #[error(
        "{0} may not be written to. Look for a small switch on the stick, or give the hub the right to write there. Nothing was written"
    )]
    MayNotWrite(PathBuf),
    /// It was there, and is not any more.
    #[error(
        "{0} does not answer any more. Was the stick pulled out? Plug it in again: what was half written is taken away then. Backups from before are as they were"
    )]
    Gone(PathBuf),
    /// Anything else that the system says.
    #[error("cannot use {0}: {1}")]
    Io(PathBuf, io::Error),
    /// The hub's own disk.
    #[error("the copy could not be made on the hub's own disk, in {0}: {1}")]
    Scratch(PathBuf, String),
    /// Another program is at it.
    #[error("another backup is being made at this moment. Wait for it to end")]
    Busy,
    /// Not what was written.
    #[error("{0} is damaged: some of its bytes are not those that were written. Take another backup")]
    Damaged(PathBuf),
    /// Another kind of file.
    #[error("{0} is no backup of a hub. Those have names such as signpost-3f9a1c2e-2026-09-14-173005.backup")]
    NotABackup(PathBuf),
    /// From a newer program.
    #[error("{0} was made by a newer Signpost. Update this program, then try again")]
    Newer(PathBuf),
    /// What came back is not what there was.
    #[error(
        "the new backup was put back to try it, and it was not whole: {0}. It was taken away. Backups from before are as they were"
    )]
    NotVerified(String),
    /// There is something in the place of the restored hub.
    #[error("{0} is not empty. Name a folder that does not exist yet: a backup is never put over anything")]
    NotEmpty(PathBuf),
    /// The passphrase or recovery key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl BackupError {
    /// In words for whoever plugs the stick in, by what the system said of a place.
    fn of(place: &Path, why: io::Error) -> Self {
        // What Linux says of a device or a server that has gone: EIO, ENXIO, ENODEV, ENOTCONN, ETIMEDOUT,
        // EHOSTDOWN, EHOSTUNREACH, ESTALE.
        const GONE: [i32; 8] = [5, 6, 19, 107, 110, 112, 113, 116];
        let place = place.to_owned();
        match why.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full(place)
            }
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::MayNotWrite(place),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoFolder(place),
            _ if why.raw_os_error().is_some_and(|code| GONE.contains(&code)) => Self::Gone(place),
            _ => Self::Io(place, why),
        }
    }
}
