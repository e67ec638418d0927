//! What the store does for backups: a copy, looking through one, and what is known of those that were made.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use records::{day::Moment, ids::DeviceId, sync::Place};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    connect, sixteen, thirty_two,
};

/// How many tries are remembered.
const REMEMBERED: i64 = 100;
/// How far a number that only rises jumps when a backup is put back: further than what was given out since.
const AHEAD: i64 = 1000;

/// What a database was found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Signatures, undos and consent decisions from kiosks.
    pub records: u64,
    /// People, those who have left too.
    pub people: u64,
    /// Entries of the audit log, whose chain is whole.
    pub entries: u64,
}

/// An entry of the audit log: whoever knows it knows all that was before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    hash: [u8; 32],
}

/// A backup that was verified.
#[derive(Debug, Clone, Copy)]
pub struct GoodBackup<'a> {
    /// Where it lies.
    pub folder: &'a Path,
    /// The file.
    pub file: &'a Path,
    /// How long it is.
    pub bytes: u64,
    /// What is in it.
    pub held: &'a Held,
    /// Whether one broken disk takes it and the database.
    pub same_disk: bool,
}

/// A try to make a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// When.
    pub at: Moment,
    /// Where.
    pub folder: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is a backup, and it was put back to try it.
    Good {
        /// The file's name.
        file: String,
        /// How long it is.
        bytes: u64,
        /// Records in it.
        records: u64,
        /// People in it.
        people: u64,
        /// Whether one broken disk takes it and the database.
        same_disk: bool,
    },
    /// There is none: why, in words for people.
    Failed(String),
}

impl Store {
    /// Writes one state of the whole database to a new file under the same key, while others read and write. What
    /// was deleted is not in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        // A connection of its own: copying takes seconds, and nobody else is to wait.
        let connection = connect(&self.path, &self.key)?;
        let path =
            path.to_str().ok_or_else(|| StoreError::Damaged("the folder's name is not text".into()))?;
        connection.execute("VACUUM INTO ?", [path])?;
        Ok(())
    }

    /// The last entry of the audit log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_entry(&self) -> Result<Option<Entry>, StoreError> {
        self.read(|read| {
            let last = read
                .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            last.map(|(seq, hash)| Ok(Entry { seq, hash: thirty_two(hash)? })).transpose()
        })
    }

    /// Whether this very entry is in the audit log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_entry(&self, entry: &Entry) -> Result<bool, StoreError> {
        self.read(|read| {
            let select = "SELECT count(*) FROM audit WHERE seq = ? AND hash = ?";
            Ok(read.query_row(select, params![entry.seq, entry.hash], |row| row.get::<_, i64>(0))? == 1)
        })
    }

    /// Looks through the whole database: every page, every reference, the chain of the audit log.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] says what is wrong first.
    pub fn look_through(&self) -> Result<Held, StoreError> {
        let entries = self.check_audit()?;
        self.read(|read| {
            first_problem(read, "PRAGMA cipher_integrity_check", &[])?;
            first_problem(read, "PRAGMA integrity_check", &["ok"])?;
            first_problem(read, "PRAGMA foreign_key_check", &[])?;
            Ok(Held { records: count(read, "envelopes")?, people: count(read, "people")?, entries })
        })
    }

    /// Notes a backup that was made and verified, and, from what is in it (`restored`), up to where kiosks may let go
    /// of what they keep.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_good_backup(
        &self,
        good: &GoodBackup<'_>,
        restored: &Self,
        actor: Actor,
        now: Moment,
    ) -> Result<(), StoreError> {
        let places = restored.read(places)?;
        self.write(|write| {
            write.execute(
                "INSERT INTO backups (at, folder, file, bytes, records, people, same_disk) VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![
                    now.0,
                    good.folder.to_string_lossy(),
                    good.file.file_name().unwrap_or_default().to_string_lossy(),
                    stored(good.bytes),
                    stored(good.held.records),
                    stored(good.held.people),
                    good.same_disk,
                ],
            )?;
            forget_old(write)?;
            for (device, place) in covered(write, &places)? {
                let before = last_covered(write, device)?;
                let both = before.map_or(Place { epoch: 0, sequence: 0 }, |before| before.min(place));
                write.execute(
                    "INSERT INTO backed_up (device, last_epoch, last_sequence, both_epoch, both_sequence)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (device) DO UPDATE SET last_epoch = ?2, last_sequence = ?3,
                         both_epoch = ?4, both_sequence = ?5",
                    params![
                        device.as_bytes(),
                        place.epoch,
                        stored(place.sequence),
                        both.epoch,
                        stored(both.sequence)
                    ],
                )?;
            }
            let detail = format!("bytes {} records {} entries {}", good.bytes, good.held.records, good.held.entries);
            audit::note(write, now, actor, "backup made and verified", &detail)
        })
    }

    /// Notes that there is no backup, and why.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_failed_backup(&self, folder: &Path, why: &str, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO backups (at, folder, why) VALUES (?, ?, ?)",
                params![now.0, folder.to_string_lossy(), why],
            )?;
            forget_old(write)?;
            audit::note(write, now, Actor::Hub, "no backup was made", "")
        })
    }

    /// The tries that are remembered, newest first, `most` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn backups(&self, most: u32) -> Result<Vec<Tried>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare(&format!("{TRIED} ORDER BY id DESC LIMIT ?"))?;
            let rows = statement.query_map([most], tried)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The last good backup.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_good_backup(&self) -> Result<Option<Tried>, StoreError> {
        self.read(|read| {
            let select = format!("{TRIED} WHERE file IS NOT NULL ORDER BY id DESC LIMIT 1");
            Ok(read.query_row(&select, [], tried).optional()?)
        })
    }

    /// When this hub was made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn made_at(&self) -> Result<Option<Moment>, StoreError> {
        self.read(|read| {
            let first = "SELECT at FROM audit ORDER BY seq LIMIT 1";
            Ok(read.query_row(first, [], |row| row.get(0).map(Moment)).optional()?)
        })
    }

    /// Up to where a kiosk may let go of what it keeps: all before is in the last good backup and in the one before
    /// it, so that one of them may be lost.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn backed_up(&self, device: DeviceId) -> Result<Option<Place>, StoreError> {
        self.read(|read| {
            let select = "SELECT both_epoch, both_sequence FROM backed_up WHERE device = ?";
            let both = read.query_row(select, [device.as_bytes()], |row| place(row, 0)).optional()?;
            Ok(both.filter(|place| place.epoch > 0))
        })
    }

    /// Makes a database that was just put back from a backup that of a hub: nobody is signed in, no pairing code is
    /// good, and every kiosk is asked for all that it still keeps. Numbers that only rise rise above any that were
    /// given out since.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_again(&self, made: Moment, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            // Whatever token a kiosk shows, it is another than this: so it begins a new epoch and sends all again,
            // also where its last greeting is in the backup and what it delivered after that is not.
            write.execute("UPDATE kiosks SET token = randomblob(16)", [])?;
            write.execute("DELETE FROM return_tokens", [])?;
            write.execute("DELETE FROM sessions", [])?;
            write.execute("DELETE FROM listeners", [])?;
            write.execute("DELETE FROM pairing", [])?;
            // Packs and rosters hear from the kiosks which numbers they had.
            write.execute(
                "UPDATE numbers SET last = last + ? WHERE kind NOT IN ('pack', 'roster')",
                [AHEAD],
            )?;
            audit::note(write, now, Actor::CommandLine, "restored from a backup", &format!("made {}", made.0))
        })
    }
}

const TRIED: &str = "SELECT at, folder, file, bytes, records, people, same_disk, why FROM backups";

fn tried(row: &Row<'_>) -> rusqlite::Result<Tried> {
    let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let outcome = match row.get::<_, Option<String>>(2)? {
        Some(file) => Outcome::Good {
            file,
            bytes: number(3)?,
            records: number(4)?,
            people: number(5)?,
            same_disk: row.get(6)?,
        },
        None => Outcome::Failed(row.get(7)?),
    };
    Ok(Tried { at: Moment(row.get(0)?), folder: row.get::<_, String>(1)?.into(), outcome })
}

fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn place(row: &Row<'_>, first: usize) -> rusqlite::Result<Place> {
    Ok(Place { epoch: row.get(first)?, sequence: row.get::<_, i64>(first + 1)?.unsigned_abs() })
}

fn forget_old(write: &Connection) -> Result<(), StoreError> {
    // The last good one is remembered however many tries have failed since.
    write.execute(
        "DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ?
         AND id < (SELECT max(id) FROM backups WHERE file IS NOT NULL)",
        [REMEMBERED],
    )?;
    Ok(())
}

fn count(read: &Connection, table: &str) -> Result<u64, StoreError> {
    Ok(read.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get::<_, i64>(0))?.unsigned_abs())
}

/// Fails with the first line that a check says, but for those that are no problem.
fn first_problem(read: &Connection, check: &str, fine: &[&str]) -> Result<(), StoreError> {
    let mut statement = read.prepare(check)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let told = row.get_ref(0)?.as_str().map_or_else(|_| check.to_owned(), str::to_owned);
        if !fine.contains(&told.as_str()) {
            return Err(StoreError::Damaged(told));
        }
    }
    Ok(())
}

/// A place with what stands there.
type Delivered = (DeviceId, u32, i64, [u8; 32]);

fn places(read: &rusqlite::Transaction<'_>) -> Result<HashSet<Delivered>, StoreError> {
    let mut statement = read.prepare("SELECT device, epoch, sequence, digest FROM places")?;
    let mut rows = statement.query([])?;
    let mut all = HashSet::new();
    while let Some(row) = rows.next()? {
        all.insert(delivered(row)?);
    }
    Ok(all)
}

fn delivered(row: &Row<'_>) -> Result<Delivered, StoreError> {
    let device = DeviceId::from_bytes(sixteen(row.get(0)?)?);
    Ok((device, row.get(1)?, row.get(2)?, thirty_two(row.get(3)?)?))
}

/// For each kiosk, up to which place all that it has delivered is among `held`.
fn covered(read: &Connection, held: &HashSet<Delivered>) -> Result<BTreeMap<DeviceId, Place>, StoreError> {
    let mut statement =
        read.prepare("SELECT device, epoch, sequence, digest FROM places ORDER BY device, epoch, sequence")?;
    let mut rows = statement.query([])?;
    let (mut covered, mut stopped) = (BTreeMap::new(), HashSet::new());
    while let Some(row) = rows.next()? {
        let one @ (device, epoch, sequence, _) = delivered(row)?;
        if stopped.contains(&device) {
            continue;
        }
        let here = held.contains(&one);
        if !here {
            stopped.insert(device);
        }
        let sequence = if here { sequence } else { sequence.saturating_sub(1) };
        covered.insert(device, Place { epoch, sequence: sequence.max(0).unsigned_abs() });
    }
    Ok(covered)
}

/// A record came that is not in the backups: what is said to be in them ends before its place.
pub(super) fn hold_back(write: &Connection, device: DeviceId, came: Place) -> Result<(), StoreError> {
    let (epoch, sequence) = (came.epoch, stored(came.sequence.saturating_sub(1)));
    for which in ["last", "both"] {
        write.execute(
            &format!(
                "UPDATE backed_up SET {which}_epoch = ?1, {which}_sequence = ?2
                 WHERE device = ?3 AND ({which}_epoch, {which}_sequence) > (?1, ?2)"
            ),
            params![epoch, sequence, device.as_bytes()],
        )?;
    }
    Ok(())
}

/// The last place that is said to be in the last good backup.
pub(super) fn last_covered(read: &Connection, device: DeviceId) -> Result<Option<Place>, StoreError> {
    let select = "SELECT last_epoch, last_sequence FROM backed_up WHERE device = ?";
    Ok(read.query_row(select, [device.as_bytes()], |row| place(row, 0)).optional()?)
}
