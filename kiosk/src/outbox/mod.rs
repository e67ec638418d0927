//! The signatures that wait for the hub: sealed, numbered, frozen, on the disk before anybody is thanked.
//!
//! SQLite with a write-ahead log and `synchronous = FULL`: a commit returns after the log was
//! synced. In readable form it holds which pupil signed which words on which day, and nothing else: the
//! records themselves are sealed to the office key before they reach this file, and what it keeps of a
//! family's decisions is sealed under that family's own key.

mod kept;
mod open;
mod places;
mod stick;
mod undone;

use std::path::PathBuf;

use minicbor::bytes::ByteVec;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use records::{
    agreement::AgreementDigest,
    day::{Day, Moment},
    digest::Digest,
    envelope::NamedEnvelope,
    ids::{PersonId, RecordId},
    sync::{BATCH_MAX, Numbered, Outcome, Place, RecordOutcome, SyncToken},
};

use crate::{folder::FolderError, machine::LocalSigned};

pub use kept::KEEP_DECISIONS_SECONDS;
pub use open::Opened;
pub use stick::TakenAnswer;

/// Acknowledged records are kept sealed for so long at most, by the hub's clock, for the case that the
/// hub's disk dies before a backup holds them. They are sent again when it orders another epoch.
pub const KEEP_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Why the outbox could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// SQLite.
    #[error("the outbox could not be written or read: {0}. Look whether the disk is full")]
    Database(#[from] rusqlite::Error),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Made by a newer program.
    #[error("{path} was made by a newer signpost-kiosk (its form is {found}). Update this program")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its form.
        found: i64,
    },
}

/// Figures for `status`: they name nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Records that the hub has not acknowledged.
    pub waiting: u64,
    /// Acknowledged records that are still kept.
    pub acknowledged: u64,
    /// Of those, the ones that the hub set aside for a person to look at.
    pub set_aside: u64,
    /// The epoch that records are numbered in.
    pub epoch: u32,
    /// The last sequence number given out in it.
    pub last_sequence: u64,
}

/// The outbox of one kiosk.
#[derive(Debug)]
pub struct Outbox {
    connection: Connection,
}

impl Outbox {
    /// Puts a sealed record on the disk, numbered, with the note that its person signed these words
    /// on this day. When this returns the record is synced; a second time with the same id keeps
    /// the bytes and the place of the first.
    ///
    /// # Errors
    /// [`OutboxError::Database`]: then it must not be thanked for.
    pub fn save(&mut self, envelope: &NamedEnvelope, signed: &LocalSigned) -> Result<Place, OutboxError> {
        let transaction = self.connection.transaction()?;
        let held = put(&transaction, envelope)?;
        transaction.execute(
            "INSERT INTO signed (person, words, day, record) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (person, words) DO UPDATE SET day = excluded.day, record = excluded.record",
            params![
                signed.person.as_bytes(),
                signed.words.0.as_bytes(),
                signed.day.to_string(),
                envelope.id.as_bytes()
            ],
        )?;
        transaction.commit()?;
        Ok(held)
    }

    /// Puts a sealed record on the disk, numbered, of somebody who is on no list: nothing else is noted. When this
    /// returns the record is synced.
    ///
    /// # Errors
    /// [`OutboxError::Database`]: then it must not be thanked for.
    pub fn save_unlisted(&mut self, envelope: &NamedEnvelope) -> Result<Place, OutboxError> {
        let transaction = self.connection.transaction()?;
        let held = put(&transaction, envelope)?;
        transaction.commit()?;
        Ok(held)
    }

    /// Who of these people signed here.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn signed(&self, people: impl Iterator<Item = PersonId>) -> Result<Vec<LocalSigned>, OutboxError> {
        let mut select =
            self.connection.prepare_cached("SELECT words, day, record FROM signed WHERE person = ?1")?;
        let mut all = Vec::new();
        for person in people {
            let rows = select.query_map([person.as_bytes()], |row| {
                Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<[u8; 16]>>(2)?))
            })?;
            for row in rows {
                let (words, day, record) = row?;
                let record = record.map(RecordId::from_bytes);
                let words = AgreementDigest(Digest::from_bytes(words));
                all.extend(day.parse::<Day>().ok().map(|day| LocalSigned { person, words, day, record }));
            }
        }
        Ok(all)
    }

    /// The oldest records that the hub has not acknowledged, as they were frozen.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn batch(&self, most: usize) -> Result<Vec<Numbered>, OutboxError> {
        let mut select = self.connection.prepare_cached(
            "SELECT epoch, sequence, envelope FROM record WHERE acknowledged IS NULL
             ORDER BY epoch, sequence LIMIT ?1",
        )?;
        let rows = select.query_map([most.min(BATCH_MAX) as i64], |row| {
            let place = Place { epoch: row.get(0)?, sequence: row.get(1)? };
            Ok(Numbered { place, envelope: ByteVec::from(row.get::<_, Vec<u8>>(2)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes the hub's word for each record. Records that it does not name keep waiting, and so does
    /// one that it says to hold under another id: what it holds is then not this record. What it
    /// sets aside it keeps as it came, whatever id it found in it. Gives back how many were
    /// acknowledged.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn acknowledge(&mut self, outcomes: &[RecordOutcome], now: Moment) -> Result<usize, OutboxError> {
        let transaction = self.connection.transaction()?;
        let taken = acknowledged(&transaction, outcomes, now)?;
        transaction.commit()?;
        Ok(taken)
    }

    /// Lets go of acknowledged records that a verified backup of the hub holds, or that were
    /// acknowledged [`KEEP_SECONDS`] ago. What is not acknowledged is never let go.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn let_go(&mut self, backed_up: Option<Place>, now: Moment) -> Result<usize, OutboxError> {
        let backed_up = backed_up.unwrap_or(Place { epoch: 0, sequence: 0 });
        Ok(self.connection.execute(
            "DELETE FROM record WHERE acknowledged IS NOT NULL
             AND ((epoch, sequence) <= (?1, ?2) OR acknowledged < ?3)",
            params![backed_up.epoch, backed_up.sequence, now.0 - KEEP_SECONDS],
        )?)
    }

    /// Figures that name nobody.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn counts(&self) -> Result<Counts, OutboxError> {
        let (waiting, acknowledged, set_aside) = self.connection.query_row(
            "SELECT count(*) FILTER (WHERE acknowledged IS NULL), count(acknowledged), count(set_aside) FROM record",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let last = places::last(&self.connection)?;
        Ok(Counts { waiting, acknowledged, set_aside, epoch: last.epoch, last_sequence: last.sequence })
    }

    /// A note of the kiosk about itself.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn note(&self, name: &str) -> Result<Option<Vec<u8>>, OutboxError> {
        Ok(note(&self.connection, name)?)
    }

    /// Sets a note of the kiosk about itself.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn set_note(&mut self, name: &str, value: &[u8]) -> Result<(), OutboxError> {
        Ok(set_note(&self.connection, name, value)?)
    }

    /// The token of the last sync.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn token(&self) -> Result<Option<SyncToken>, OutboxError> {
        Ok(self.note("token")?.and_then(|b| b.try_into().ok()).map(SyncToken))
    }

    /// Keeps the new token, and begins the epoch that the hub orders if it is another. The hub may
    /// then have been put back from a backup that is older than its acknowledgements: what is still
    /// kept here waits again, with the place it has. A record that it has held on to is no news to
    /// it; one that it set aside is for a person to look at, and stays as it is.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn greeted(&mut self, token: SyncToken, epoch: u32) -> Result<(), OutboxError> {
        let transaction = self.connection.transaction()?;
        set_note(&transaction, "token", &token.0)?;
        if places::begin_epoch(&transaction, epoch)? {
            transaction.execute("UPDATE record SET acknowledged = NULL WHERE set_aside IS NULL", [])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The id of a record with a place, for tests and `status`; never its content.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn ids(&self) -> Result<Vec<RecordId>, OutboxError> {
        let mut select = self.connection.prepare("SELECT id FROM record ORDER BY epoch, sequence")?;
        let rows = select.query_map([], |row| row.get::<_, [u8; 16]>(0).map(RecordId::from_bytes))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Puts a sealed record into a transaction, numbered; one that is there already keeps its bytes and its place.
fn put(transaction: &Transaction<'_>, envelope: &NamedEnvelope) -> rusqlite::Result<Place> {
    let place = places::next(transaction)?;
    // The update without effect still writes the page, so that a repeated save is synced too.
    transaction.execute(
        "INSERT INTO record (epoch, sequence, id, envelope) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET id = id",
        params![place.epoch, place.sequence, envelope.id.as_bytes(), envelope.to_bytes()],
    )?;
    let held: (u32, u64) = transaction.query_row(
        "SELECT epoch, sequence FROM record WHERE id = ?1",
        [envelope.id.as_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let held = Place { epoch: held.0, sequence: held.1 };
    if held == place {
        places::given(transaction, place)?;
    }
    Ok(held)
}

/// Takes the hub's word for each record; how many were acknowledged by it.
fn acknowledged(
    transaction: &Transaction<'_>,
    outcomes: &[RecordOutcome],
    now: Moment,
) -> rusqlite::Result<usize> {
    let mut taken = 0;
    for outcome in outcomes {
        let (why, id) = match (&outcome.outcome, &outcome.id) {
            (Outcome::Stored | Outcome::AlreadyHeld, None) => continue,
            (Outcome::Stored | Outcome::AlreadyHeld, Some(id)) => (None, Some(id.as_bytes())),
            (Outcome::SetAside(why), _) => (Some(why), None),
        };
        taken += transaction.execute(
            "UPDATE record SET acknowledged = ?3, set_aside = ?4
             WHERE epoch = ?1 AND sequence = ?2 AND acknowledged IS NULL AND id = coalesce(?5, id)",
            params![outcome.place.epoch, outcome.place.sequence, now.0, why, id],
        )?;
        if why.is_none()
            && let Some(id) = id
        {
            kept::acknowledged(transaction, id, now)?;
            undone::acknowledged(transaction, id, now)?;
        }
    }
    Ok(taken)
}

fn note(connection: &Connection, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let select = "SELECT value FROM note WHERE name = ?1";
    connection.query_row(select, [name], |row| row.get(0)).optional()
}

fn set_note(connection: &Connection, name: &str, value: &[u8]) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT INTO note (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )
        .map(drop)
}
