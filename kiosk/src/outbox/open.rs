//! Opening the outbox; setting a damaged one aside.

use std::{fs, path::PathBuf, time::Duration};

use records::day::Moment;
use rusqlite::{Connection, OpenFlags, params};

use super::{Outbox, OutboxError};
use crate::folder::{Folder, FolderError};

const FILE: &str = "outbox.db";
const FORM: i64 = 3;
const SCHEMA: &str = "
    CREATE TABLE place (epoch INTEGER NOT NULL, sequence INTEGER NOT NULL) STRICT;
    CREATE TABLE record (
        epoch INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        id BLOB NOT NULL UNIQUE,
        envelope BLOB NOT NULL,
        acknowledged INTEGER,
        set_aside TEXT,
        PRIMARY KEY (epoch, sequence)
    ) STRICT;
    CREATE TABLE signed (
        person BLOB NOT NULL,
        words BLOB NOT NULL,
        day TEXT NOT NULL,
        PRIMARY KEY (person, words)
    ) STRICT;
    CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
";
/// What came with the second form.
const KEPT: &str = "
    CREATE TABLE kept (
        id BLOB PRIMARY KEY,
        sealed BLOB NOT NULL,
        acknowledged INTEGER,
        since INTEGER
    ) STRICT;
";

/// What came with the third form: which signature it was, and which were taken back while the roster still has them.
const UNDONE: &str = "
    ALTER TABLE signed ADD COLUMN record BLOB;
    CREATE TABLE undone (
        id BLOB PRIMARY KEY,
        person BLOB NOT NULL,
        words BLOB NOT NULL,
        day TEXT NOT NULL,
        acknowledged INTEGER
    ) STRICT;
";

/// An outbox, and what became of the one before it.
#[derive(Debug)]
pub struct Opened {
    /// The outbox.
    pub outbox: Outbox,
    /// Where a damaged one was set aside.
    pub set_aside: Option<PathBuf>,
}

impl Outbox {
    /// Opens the outbox of a folder. One that cannot be read is set aside, kept as it is, and a new
    /// one is begun in the next epoch, so that no place is given out twice.
    ///
    /// # Errors
    /// [`OutboxError`]; one made by a newer program is left alone.
    pub fn open(folder: &Folder, now: Moment) -> Result<Opened, OutboxError> {
        match Self::try_open(folder) {
            Ok(outbox) => Ok(Opened { outbox, set_aside: None }),
            Err(OutboxError::Database(error)) if is_damage(&error) => {
                let set_aside = set_aside(folder, now)?;
                let outbox = Self::try_open(folder)?;
                Ok(Opened { outbox, set_aside: Some(set_aside) })
            }
            Err(error) => Err(error),
        }
    }

    /// Opens the outbox of a folder to look at its figures, also while a kiosk uses it; none where
    /// there is no outbox.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn open_to_read(folder: &Folder) -> Result<Option<Self>, OutboxError> {
        let path = folder.path(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(Some(Self { connection }))
    }

    fn try_open(folder: &Folder) -> Result<Self, OutboxError> {
        let path = folder.path(FILE);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        // FULL: a commit returns only after the log was synced. Anything less loses records that
        // were thanked for when the power goes.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let form: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match form {
            0 => {
                let epoch = folder.epoch()? + 1;
                folder.set_epoch(epoch)?;
                let transaction = connection.transaction()?;
                transaction.execute_batch(SCHEMA)?;
                transaction.execute_batch(KEPT)?;
                transaction.execute_batch(UNDONE)?;
                transaction.execute("INSERT INTO place VALUES (?1, 0)", params![epoch])?;
                transaction.pragma_update(None, "user_version", FORM)?;
                transaction.commit()?;
            }
            1..=FORM => {
                let sound: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
                if sound != "ok" {
                    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
                    return Err(rusqlite::Error::SqliteFailure(code, Some(sound)).into());
                }
                if form < FORM {
                    let transaction = connection.transaction()?;
                    if form == 1 {
                        transaction.execute_batch(KEPT)?;
                    }
                    transaction.execute_batch(UNDONE)?;
                    transaction.pragma_update(None, "user_version", FORM)?;
                    transaction.commit()?;
                }
            }
            found => return Err(OutboxError::Newer { path, found }),
        }
        Ok(Self { connection })
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
    )
}

fn set_aside(folder: &Folder, now: Moment) -> Result<PathBuf, OutboxError> {
    let io = |path: PathBuf| move |source| FolderError::Io { path, source };
    let room = folder.path("set-aside");
    fs::create_dir_all(&room).map_err(io(room.clone()))?;
    let name = (0..)
        .map(|n| room.join(format!("outbox-{}-{n}.db", now.0)))
        .find(|path| !path.exists())
        .unwrap_or_else(|| room.join("outbox.db"));
    for ending in ["-wal", "-shm", ""] {
        let from = folder.path(&format!("{FILE}{ending}"));
        let to = PathBuf::from(format!("{}{ending}", name.display()));
        if from.exists() {
            fs::rename(&from, &to).map_err(io(from))?;
        }
    }
    fs::File::open(&room).and_then(|d| d.sync_all()).map_err(io(room))?;
    let root = folder.root().to_owned();
    fs::File::open(&root).and_then(|d| d.sync_all()).map_err(io(root))?;
    Ok(name)
}
