//! The store: everything the hub knows, in one encrypted SQLite file.
//!
//! # Contract
//! Whatever stands behind [`Store`] keeps these promises; the tests state them again.
//!
//! 1. A method that writes does so in one transaction together with its audit entry, and returns
//!    only after the commit has been synced to the disk. After an error nothing was written.
//! 2. There is one writer at a time, in this process and among all; readers never wait for it and
//!    see one state, never half of a change.
//! 3. Identity is decided by unique keys, never by looking first: the same record, pack or kiosk
//!    delivered twice is there once.
//! 4. Numbers of packs and rosters only rise, also when what they numbered is gone, and above those
//!    that paired kiosks name in their greetings.
//! 5. Nothing of the database, its log or its temporary files is readable without the key.
//! 6. Time and randomness are handed in.
//! 7. What was erased leaves a tombstone, and is not taken again from whoever delivers it late.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::keyfile::DatabaseKey;

pub mod account_ends;
pub mod accounts;
pub mod answers;
pub mod audit;
pub mod audit_log;
pub mod backups;
pub mod batches;
pub mod calls;
pub mod consents;
pub mod doubts;
pub mod earlier_keys;
mod entries;
pub mod families;
pub mod groups;
pub mod held;
pub mod kiosks;
pub mod leavers;
pub mod listeners;
pub mod lists;
pub mod looked;
pub mod office_notes;
pub mod openings;
pub mod own_boxes;
pub mod packs;
pub mod papers;
pub mod people;
pub mod portraits;
pub mod published;
pub mod recovery;
pub mod register_entries;
pub mod registers;
pub mod report_entries;
pub mod reports;
pub mod restrictions;
pub mod retention;
pub mod role_keys;
pub mod rosters;
pub mod scans;
mod schema;
pub mod second_steps;
mod settings;
pub mod staff_pages;
pub mod sticks;
pub mod survey_totals;
pub mod transfers;
pub mod visitors;

/// How many idle reading connections are kept.
const READERS_KEPT: usize = 4;
const BUSY: Duration = Duration::from_secs(20);

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was made by a newer program.
    #[error(
        "the database was made by a newer Signpost (schema {found}; this one knows up to {known}). Nothing was changed. Update this program, or put back the version that was here before"
    )]
    Newer {
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The key does not open it, or it is no database.
    #[error("the database cannot be opened: hub.db and hub.key do not belong together, or hub.db is damaged")]
    WrongKey,
    /// No room.
    #[error("the database cannot be written now: the disk is full")]
    Full,
    /// The disk failed, or somebody else writes for too long: worth trying again.
    #[error("the database cannot be written now: {0}")]
    NotNow(String),
    /// What is stored cannot be read back.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Anything else that the database says.
    #[error("the database failed: {0}")]
    Failed(#[source] Failure),
    /// The copy before a migration could not be made.
    #[error("no copy of the database could be made before changing its schema, so nothing was changed: {0}")]
    Backup(std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::NotNow("another program writes to it".into())
            }
            // It makes a file beside the database, for its log.
            Some(ErrorCode::CannotOpen) => Self::NotNow(
                "its files cannot be opened. Look whether the disk has room and whether the hub may write there"
                    .into(),
            ),
            Some(ErrorCode::SystemIoFailure) => Self::NotNow("the disk failed".into()),
            Some(ErrorCode::NotADatabase) => Self::WrongKey,
            _ => Self::Failed(Failure(error)),
        }
    }
}
impl From<records::codec::DecodeError> for StoreError {
    fn from(error: records::codec::DecodeError) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// What the database said, to be shown to whoever looks after the hub. Which database it is, nobody learns from it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(rusqlite::Error);

/// The hub's database.
pub struct Store {
    path: PathBuf,
    key: DatabaseKey,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.path.display())
    }
}

impl Store {
    /// Opens the database, or makes it where there is none, and brings its schema up to date. Before
    /// a schema is changed a copy of the file goes to `backups`.
    ///
    /// # Errors
    /// [`StoreError`]; a database that is refused is left as it was.
    pub fn open(path: &Path, key: &DatabaseKey, backups: &Path) -> Result<Self, StoreError> {
        Self::open_if(path, key, backups, || Ok::<_, StoreError>(()))
    }

    /// Opens the database. Where its schema would have to be brought up to date, `may_change` is asked first, and what
    /// it gives is held until that is done.
    ///
    /// # Errors
    /// [`StoreError`], and whatever `may_change` refuses with; a database that is refused is left as it was.
    pub fn open_if<L, E: From<StoreError>>(
        path: &Path,
        key: &DatabaseKey,
        backups: &Path,
        may_change: impl FnOnce() -> Result<L, E>,
    ) -> Result<Self, E> {
        let mut writer = connect(path, key)?;
        let _lock = if schema::is_earlier(&writer)? { Some(may_change()?) } else { None };
        schema::bring_up_to_date(&mut writer, path, backups, schema::STEPS)?;
        Ok(Self {
            path: path.to_owned(),
            key: key.clone(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
        })
    }

    /// Opens a database to look through it, and leaves its schema as it is.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Newer`] for one of a newer program.
    pub fn as_it_is(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let writer = connect(path, key)?;
        schema::check_known(&writer)?;
        Ok(Self {
            path: path.to_owned(),
            key: key.clone(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
        })
    }

    /// What opens it.
    pub(crate) const fn key(&self) -> &DatabaseKey {
        &self.key
    }

    /// Runs `change` in one transaction: all of it is on the disk when this returns `Ok`, or none.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = locked(&self.writer);
        let transaction =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let value = change(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Runs `look` on one state of the database.
    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let kept = locked(&self.readers).pop();
        let mut connection = match kept {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.path, &self.key)?;
                connection.pragma_update(None, "query_only", true)?;
                connection
            }
        };
        let transaction = connection.transaction()?;
        let value = look(&transaction)?;
        drop(transaction);
        let mut readers = locked(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        Ok(value)
    }
}

/// A writer that panicked has rolled back: its transaction was dropped, so the connection is sound.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    let raw = zeroize::Zeroizing::new(format!("x'{}'", &*key.hex()));
    connection.pragma_update(None, "key", raw.as_str())?;
    // The first read shows whether the key is right.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))?;
    let journal: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if journal != "wal" {
        return Err(StoreError::Damaged(format!("its journal is {journal}, not wal")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // Temporary files would not be encrypted.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// An id or a digest as it lies in a column.
pub(crate) fn sixteen(bytes: Vec<u8>) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("an id has not 16 bytes".into()))
}

/// A digest or a key as it lies in a column.
pub(crate) fn thirty_two(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("a digest or key has not 32 bytes".into()))
}

/// A text that was checked when it was stored.
pub(crate) fn parsed<T: std::str::FromStr<Err: fmt::Display>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|e: T::Err| StoreError::Damaged(e.to_string()))
}
