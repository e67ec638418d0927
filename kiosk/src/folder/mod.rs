//! The data folder of one kiosk.
//!
//! ```text
//! lock             held while a program uses the folder
//! device.key       who this kiosk is: secret keys, readable by its owner alone
//! hub.cbor         the hub it is paired with, and the keys it pins
//! pack.sgnp        the signed pack, as the hub sent it
//! roster.sealed    the signed roster, encrypted
//! staff.pin        the staff PIN's Argon2id hash
//! stick.key        what lists of people that come by stick are closed for; once a stick was used
//! settings.json    what was chosen in the teacher's panel; it names nobody
//! epoch            the last epoch that records were numbered in
//! reserve          nothing: room for what must still fit when the disk is full
//! outbox.db        records that wait for the hub, sealed
//! report.box       the report box (see [`crate::report_box`])
//! boxes/           report boxes that are closed and wait for the hub
//! set-aside/       outboxes, report boxes and settings that could not be read, kept as they were
//! ```

mod device;
mod files;
mod paired;
mod pin;
mod reserve;
mod roster;
mod settings;
mod stick_key;

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

pub use device::Device;
pub use files::{read_if_there, write_whole};
pub use paired::Paired;
pub use pin::StaffPin;
pub use reserve::is_full;
pub use roster::SealedRoster;
pub use settings::{FoundSettings, write_settings};
pub use stick_key::stick_key;

use records::{codec::DecodeError, container::ContainerError, keys::KeyError};

use crate::system;

/// How long a program waits for one that is just ending, as when it is started anew.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
const LOCK_AGAIN: Duration = Duration::from_millis(20);

/// What can go wrong with the data folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The disk or the rights.
    #[error("{path}: {source}. Look whether the disk has room and whether this account may write there")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another kiosk runs in it.
    #[error(
        "{0} is in use by another signpost-kiosk. End that one first, or give this one a folder of its own with --data"
    )]
    InUse(PathBuf),
    /// A file was damaged or swapped.
    #[error("{path} cannot be read: {source}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        source: DecodeError,
    },
    /// The roster's file was changed, or belongs to another kiosk.
    #[error(
        "{0} cannot be opened with this kiosk's key: it was changed, or comes from another kiosk. It is fetched again from the hub"
    )]
    CannotOpen(PathBuf),
    /// A pack or roster was refused.
    #[error(transparent)]
    Refused(#[from] ContainerError),
    /// It is signed by the right key for another school.
    #[error("this {0} belongs to another school")]
    OtherSchool(&'static str),
    /// A key is none.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The staff PIN's hash is none.
    #[error("{0} is damaged. Set the staff PIN anew: signpost-kiosk pin")]
    NoPinHash(PathBuf),
    /// No hub yet.
    #[error(
        "this kiosk is not paired with a hub yet. At the hub, ask for a pairing code; then run: signpost-kiosk pair --data {0} --hub HOST:PORT --code CODE --name NAME"
    )]
    NotPaired(PathBuf),
}

/// A kiosk's data folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The right to use a folder. It ends with the program, however that ends.
#[derive(Debug)]
pub struct Lock(
    #[expect(dead_code, reason = "held, never read: the lock lasts as long as the open file")] File,
);

impl Folder {
    /// The folder at a path, made if it is not there (readable by its owner alone).
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn at(root: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let root = root.into();
        system::create_folder(&root).map_err(|source| FolderError::Io { path: root.clone(), source })?;
        Ok(Self { root })
    }
    /// Its path.
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
    /// Takes the folder for this program alone.
    ///
    /// # Errors
    /// [`FolderError::InUse`] if another program has it.
    pub fn lock(&self) -> Result<Lock, FolderError> {
        let path = self.path("lock");
        let io = |source| FolderError::Io { path: path.clone(), source };
        let file = File::options().create(true).append(true).open(&path).map_err(io)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(file)),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => sleep(LOCK_AGAIN),
                Err(TryLockError::WouldBlock) => return Err(FolderError::InUse(self.root.clone())),
                Err(TryLockError::Error(source)) => return Err(io(source)),
            }
        }
    }
    /// The highest epoch that records were ever numbered in here. It outlives the outbox, so that a
    /// new outbox never gives a place out twice.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn epoch(&self) -> Result<u32, FolderError> {
        let bytes = read_if_there(&self.path("epoch"))?;
        let text = bytes.map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
        Ok(text.trim().parse().unwrap_or(0))
    }
    /// Notes an epoch before the first record is numbered in it.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn set_epoch(&self, epoch: u32) -> Result<(), FolderError> {
        write_whole(&self.path("epoch"), epoch.to_string().as_bytes())
    }
}
