//! Room that is kept for what must not be lost: a file of nothing, given up when the disk takes no more.
//!
//! Something else may fill a disk: an update, a log, another program. What somebody is about to be thanked for then still
//! fits where the reserve was, and staff are told. It is kept anew as soon as there is room.

use std::{
    error::Error,
    fs::{self, File},
    io::{self, Write as _},
    iter::successors,
    path::Path,
};

use super::{Folder, FolderError};
use crate::{
    machine::DiskRoom,
    system::{self, own},
};

/// How much is kept: the signatures of a school (some 1 kB each) and the report boxes of some days (128 KiB each).
const RESERVE: u64 = 4 * 1024 * 1024;
/// Below this staff are told: time to make room.
const LOW: u64 = 64 * 1024 * 1024;
/// Below this, and with the reserve given up, nobody is asked to sign any more.
const STOP: u64 = 1024 * 1024;

impl Folder {
    /// Keeps the reserve, where there is room for it, and says how much the disk has.
    ///
    /// # Errors
    /// [`FolderError::Io`] where the system does not say. A reserve that cannot be made is one that is not there.
    pub fn keep_reserve(&self) -> Result<DiskRoom, FolderError> {
        let path = self.path("reserve");
        let kept = fs::metadata(&path).is_ok_and(|found| found.len() == RESERVE);
        if !kept && self.free()? > RESERVE + LOW {
            // What is left of a failed try is room for something else.
            if reserve(&path).is_err() {
                let _ = fs::remove_file(&path);
            }
        }
        self.disk_room()
    }

    /// Gives the reserve up. Tells whether there was one.
    pub fn give_up_reserve(&self) -> bool {
        fs::remove_file(self.path("reserve")).is_ok()
    }

    /// How much the disk has.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn disk_room(&self) -> Result<DiskRoom, FolderError> {
        let free = self.free()?;
        let kept = self.path("reserve").exists();
        Ok(match free {
            LOW.. => DiskRoom::Enough,
            _ if free < STOP && !kept => DiskRoom::Stopped,
            _ => DiskRoom::Low,
        })
    }

    /// How many bytes this account may still write here.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn free(&self) -> Result<u64, FolderError> {
        system::free(self.root()).map_err(|source| FolderError::Io { path: self.root().to_owned(), source })
    }
}

/// Not with holes in it: that would keep no room at all.
fn reserve(path: &Path) -> io::Result<()> {
    let mut file = own(File::options().write(true).create(true).truncate(true)).open(path)?;
    let part = [0xA5; 64 * 1024];
    for _ in 0..RESERVE / part.len() as u64 {
        file.write_all(&part)?;
    }
    file.sync_all()
}

/// Whether something failed because the disk has no room.
pub fn is_full(error: &(dyn Error + 'static)) -> bool {
    successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source()).any(|error| {
        let by_system = error.downcast_ref::<io::Error>().map(io::Error::kind);
        let by_database =
            error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
        matches!(by_system, Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
            // What the database maps into memory it cannot make longer either, and says only that it failed.
            || matches!(by_database, Some(rusqlite::ErrorCode::DiskFull | rusqlite::ErrorCode::SystemIoFailure))
    })
}
