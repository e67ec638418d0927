//! Disks and sticks: how much room they have, which of them something is on, and what went wrong with one.

use std::{fs::File, io, path::Path};

#[cfg(unix)]
use rustix::{
    fs::{Advice, fadvise, statvfs, syncfs},
    io::Errno,
};

/// How many bytes this account may still write where a folder is.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub(crate) fn free(folder: &Path) -> io::Result<u64> {
    let found = statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Elsewhere nobody is told before a write fails.
#[cfg(not(unix))]
pub(crate) fn free(_folder: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

/// Whether two folders are on one disk; what is not there is on none.
#[cfg(unix)]
pub(crate) fn are_one_disk(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |folder: &Path| std::fs::metadata(folder).ok().map(|about| about.dev());
    disk(one) == disk(other)
}

/// Elsewhere a folder that the technician named is taken for a stick.
#[cfg(not(unix))]
pub(crate) fn are_one_disk(one: &Path, other: &Path) -> bool {
    one == other
}

/// Has everything written that waits for the disk that a folder is on.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub(crate) fn sync_whole(folder: &Path) -> io::Result<()> {
    Ok(syncfs(File::open(folder)?)?)
}

/// Elsewhere the sync of each file has to do.
#[cfg(not(unix))]
pub(crate) fn sync_whole(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Has the system forget what it remembers of a file, so that it is read from the disk. A system that does not forget
/// reads from memory: then the sync has to do.
#[cfg_attr(not(unix), expect(unused_variables, reason = "nothing is asked of other systems"))]
pub(crate) fn forget(file: &File) {
    #[cfg(unix)]
    let _ = fadvise(file, 0, None, Advice::DontNeed);
}

/// What went wrong with a disk or a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It has no room.
    Full,
    /// Nothing may be written there.
    ReadOnly,
    /// It is not there any more.
    Gone,
    /// Something else.
    Other,
}

impl Trouble {
    /// What an error says.
    #[cfg(unix)]
    pub(crate) fn of(why: &io::Error) -> Self {
        match Errno::from_io_error(why) {
            Some(Errno::NOSPC | Errno::DQUOT | Errno::FBIG) => Self::Full,
            Some(Errno::ROFS | Errno::ACCESS | Errno::PERM) => Self::ReadOnly,
            Some(
                Errno::NOENT
                | Errno::IO
                | Errno::NODEV
                | Errno::NXIO
                | Errno::NOTCONN
                | Errno::CONNABORTED
                | Errno::STALE,
            ) => Self::Gone,
            _ => Self::of_kind(why.kind()),
        }
    }
    #[cfg(not(unix))]
    pub(crate) fn of(why: &io::Error) -> Self {
        Self::of_kind(why.kind())
    }
    /// As far as every system says it.
    fn of_kind(kind: io::ErrorKind) -> Self {
        match kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::Gone,
            _ => Self::Other,
        }
    }
}
