//! The data folder: which file lies where.
//!
//! ```text
//! DIR/hub.key         the database key, wrapped by the passphrase and by the recovery key
//! DIR/hub.db          the encrypted database (with hub.db-wal and hub.db-shm beside it)
//! DIR/school-ca.pem   the certificate to install on the computers that open the desk
//! DIR/serve.lock      held while a hub serves this folder, or changes the database's schema
//! DIR/backup.lock      held while a backup is made
//! DIR/scratch/         what is made on the way to a backup; gone when it is done
//! DIR/backups/         copies of the database made before its schema is changed
//! ```

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a program waits for one that is just ending, as when it is started anew.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
const LOCK_AGAIN: Duration = Duration::from_millis(20);

/// Held while a hub serves, and while the schema is changed.
const SERVE_LOCK: &str = "serve.lock";

/// A hub's data folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A hub was made here before.
    #[error("{0} already holds a hub. Start it with “signpost-hub serve”, or name another folder")]
    AlreadyAHub(PathBuf),
    /// A database without its key.
    #[error(
        "{0} holds a database (hub.db) but no hub.key. Put a copy of hub.key back; if the database is of a hub that was never finished, name another folder or take hub.db away"
    )]
    NoKey(PathBuf),
    /// There is no hub here.
    #[error("{0} holds no hub. Make one with “signpost-hub init”, or name the folder that holds it")]
    NoHub(PathBuf),
    /// Another process serves it.
    #[error("another signpost-hub already serves {0}. End that one first")]
    AlreadyServed(PathBuf),
    /// Another process, of an earlier version, serves it.
    #[error(
        "a signpost-hub of an earlier version serves {0}, and this one would have to change its database first. Nothing was changed. End that one, start this version in its place, then try again"
    )]
    ServedByEarlier(PathBuf),
    /// The file system refused.
    #[error("cannot use {path}: {why}")]
    Io {
        /// What.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
}

impl Folder {
    /// The folder at this path, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }
    /// The wrapped database key.
    pub fn key_file(&self) -> PathBuf {
        self.0.join("hub.key")
    }
    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("hub.db")
    }
    /// The certificate authority's certificate, to be installed.
    pub fn school_ca(&self) -> PathBuf {
        self.0.join("school-ca.pem")
    }
    /// Copies made before a migration.
    pub fn backups(&self) -> PathBuf {
        self.0.join("backups")
    }

    /// Checks that no hub was made here.
    ///
    /// # Errors
    /// [`FolderError::AlreadyAHub`], or [`FolderError::NoKey`] if there is what may be left of one.
    pub fn check_free(&self) -> Result<(), FolderError> {
        if self.key_file().exists() {
            return Err(FolderError::AlreadyAHub(self.0.clone()));
        }
        if self.database().exists() {
            return Err(FolderError::NoKey(self.0.clone()));
        }
        Ok(())
    }

    /// Makes the folder, for its owner alone, ready for a new hub.
    ///
    /// # Errors
    /// [`FolderError`] if a hub is already here or the folder cannot be made.
    pub fn prepare(&self) -> Result<(), FolderError> {
        self.check_free()?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0).map_err(|why| self.io(&self.0, why))
    }

    /// Takes away what there is of a hub that could not be made in a folder that was [prepared](Folder::prepare) for it,
    /// so that it can be made again. What cannot be taken away stays, and is told then.
    pub(crate) fn clear_half_made(&self) {
        for name in
            ["hub.key", "hub.new", "hub.db", "hub.db-wal", "hub.db-shm", "school-ca.pem", "school-ca.new"]
        {
            let _ = fs::remove_file(self.0.join(name));
        }
    }

    /// Checks that a hub was made here.
    ///
    /// # Errors
    /// [`FolderError::NoHub`], or [`FolderError::NoKey`] if only its key is missing.
    pub fn check(&self) -> Result<(), FolderError> {
        match (self.key_file().exists(), self.database().exists()) {
            (true, _) => Ok(()),
            (false, true) => Err(FolderError::NoKey(self.0.clone())),
            (false, false) => Err(FolderError::NoHub(self.0.clone())),
        }
    }

    /// Writes a file so that it is there whole or not at all: beside, synced, renamed, synced.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write_whole(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<(), FolderError> {
        let beside = path.with_extension("new");
        let write = || {
            let mut file =
                fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&beside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&beside, path)?;
            File::open(&self.0)?.sync_all()
        };
        write().map_err(|why| self.io(path, why))
    }

    /// Keeps the database to its owner; SQLite gives its log the same rights.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn keep_private(&self) -> Result<(), FolderError> {
        let path = self.database();
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&path, private).map_err(|why| self.io(&path, why))
    }

    /// Takes the folder for serving; it is given back when the lock is dropped.
    ///
    /// # Errors
    /// [`FolderError::AlreadyServed`].
    pub fn lock(&self) -> Result<File, FolderError> {
        self.take(SERVE_LOCK)?.ok_or_else(|| FolderError::AlreadyServed(self.0.clone()))
    }

    /// Takes the right to change the schema of the database, which nobody has while an earlier version serves it: that
    /// one would go on writing what is not so any more. It is given back when the lock is dropped.
    ///
    /// # Errors
    /// [`FolderError::ServedByEarlier`].
    pub fn lock_schema(&self) -> Result<File, FolderError> {
        self.take(SERVE_LOCK)?.ok_or_else(|| FolderError::ServedByEarlier(self.0.clone()))
    }

    /// Takes the right to make a backup, which one program at a time has; `None` if another has it. It is given back
    /// when the lock is dropped.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn lock_backups(&self) -> Result<Option<File>, FolderError> {
        self.take("backup.lock")
    }

    /// Takes the lock of this name; `None` if somebody else still has it after [`LOCK_PATIENCE`].
    ///
    /// A lock that was given back can stand a moment longer: a program that is just being started holds a copy of
    /// every open file until it has begun.
    fn take(&self, name: &str) -> Result<Option<File>, FolderError> {
        let path = self.0.join(name);
        let file = File::options().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|why| self.io(&path, why))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => sleep(LOCK_AGAIN),
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(why)) => return Err(self.io(&path, why)),
            }
        }
    }

    fn io(&self, path: &Path, why: io::Error) -> FolderError {
        FolderError::Io { path: path.to_owned(), why }
    }
}
