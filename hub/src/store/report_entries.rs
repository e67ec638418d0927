//! What was done with reports: entries that the hub cannot read, added and never changed.

use std::collections::HashSet;

use records::{day::Moment, digest::Digest};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Store, StoreError,
    audit::{self, Actor},
};

/// What the audit log calls an entry, whatever is in it.
pub(super) const WRITTEN: &str = "safeguarding entry";

/// What it calls one that was erased, by where it lay.
pub(super) const ERASED: &str = "safeguarding entry erased";

/// Where an entry lies.
pub type Place = [u8; 16];

impl Store {
    /// Keeps an entry; false if there is one at its place already, which then stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_report_entry(
        &self,
        place: &Place,
        bytes: &[u8],
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| add(write, place, bytes, account, now))
    }

    /// The entries at the places of the numbers 1, 2 and so on, up to the first place with none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn report_entries(&self, place: impl Fn(u32) -> Place) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare_cached("SELECT bytes FROM report_entries WHERE place = ?")?;
            let mut all = Vec::new();
            for number in 1.. {
                match select.query_row([place(number)], |row| row.get(0)).optional()? {
                    Some(bytes) => all.push(bytes),
                    None => break,
                }
            }
            Ok(all)
        })
    }
}

/// Keeps an entry; false if there is one at its place already, which then stays.
pub(super) fn add(
    write: &Connection,
    place: &Place,
    bytes: &[u8],
    account: i64,
    now: Moment,
) -> Result<bool, StoreError> {
    let kept = write.execute(
        "INSERT INTO report_entries (place, bytes) VALUES (?, ?) ON CONFLICT (place) DO NOTHING",
        params![place, bytes],
    )? == 1;
    if kept {
        audit::note(write, now, Actor::Account(account), WRITTEN, &named(place, bytes))?;
    }
    Ok(kept)
}

/// An entry as the audit log names it: where it lies, and the digest of what lies there.
fn named(place: &Place, bytes: &[u8]) -> String {
    format!("{} {}", data_encoding::HEXLOWER.encode(place), Digest::of(bytes))
}

/// Notes that the entry at this place was erased.
pub(super) fn note_erased(
    write: &Connection,
    place: &Place,
    actor: Actor,
    now: Moment,
) -> Result<(), StoreError> {
    audit::note(write, now, actor, ERASED, &data_encoding::HEXLOWER.encode(place))
}

/// Whether there is an entry at this place.
pub(super) fn is_one(read: &Connection, place: &Place) -> Result<bool, StoreError> {
    Ok(read.prepare_cached("SELECT 1 FROM report_entries WHERE place = ?")?.exists([place])?)
}

/// Every entry that the audit log names is there as it was written, and no other, but for those that it says were
/// erased.
pub(super) fn check(read: &Connection) -> Result<(), StoreError> {
    let mut logged = read.prepare("SELECT detail FROM audit WHERE what = ?")?;
    let erased: HashSet<String> = logged.query_map([ERASED], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut logged: HashSet<String> =
        logged.query_map([WRITTEN], |row| row.get(0))?.collect::<Result<_, _>>()?;
    logged.retain(|entry| entry.split(' ').next().is_none_or(|place| !erased.contains(place)));
    let mut entries = read.prepare("SELECT place, bytes FROM report_entries")?;
    let mut rows = entries.query([])?;
    let mut there = 0;
    while let Some(row) = rows.next()? {
        let place: Place = super::sixteen(row.get(0)?)?;
        let bytes: Vec<u8> = row.get(1)?;
        if !logged.contains(&named(&place, &bytes)) {
            let told = format!(
                "the safeguarding entry {} is not as it was written",
                data_encoding::HEXLOWER.encode(&place)
            );
            return Err(StoreError::Damaged(told));
        }
        there += 1;
    }
    if logged.len() == there {
        Ok(())
    } else {
        let written = logged.len();
        Err(StoreError::Damaged(format!(
            "{written} safeguarding entries were written, and {there} are there"
        )))
    }
}
