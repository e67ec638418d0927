//! Named values and the numbers that only rise.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::day::Moment;

use super::{
    Store, StoreError,
    audit::{self, Actor},
};

/// How far above the last number one that a kiosk names is believed. No school publishes so often.
const BELIEVED_AHEAD: u64 = 1_000_000;

/// The next number of a kind, within the transaction that uses it.
pub(super) fn next_number(transaction: &Connection, kind: &str) -> Result<u64, StoreError> {
    let number: i64 = transaction.query_row(
        "INSERT INTO numbers (kind, last) VALUES (?, 1)
         ON CONFLICT (kind) DO UPDATE SET last = last + 1 RETURNING last",
        [kind],
        |row| row.get(0),
    )?;
    Ok(number.unsigned_abs())
}

/// The last number of a kind that was given out or heard of; 0 where there is none.
pub(super) fn last_number(read: &Connection, kind: &str) -> Result<u64, StoreError> {
    let last = read.query_row("SELECT last FROM numbers WHERE kind = ?", [kind], |row| row.get(0));
    Ok(last.optional()?.map_or(0, i64::unsigned_abs))
}

/// Gives out no number up to this one any more: a kiosk has something that carries it. A number
/// too far ahead is not believed, so that a kiosk gone bad cannot use the numbers up.
pub(super) fn heard_of(transaction: &Connection, kind: &str, number: u64) -> Result<(), StoreError> {
    let last = last_number(transaction, kind)?;
    if number > last && number - last <= BELIEVED_AHEAD {
        transaction.execute(
            "INSERT INTO numbers (kind, last) VALUES (?, ?)
             ON CONFLICT (kind) DO UPDATE SET last = excluded.last",
            params![kind, i64::try_from(number).unwrap_or(i64::MAX)],
        )?;
    }
    Ok(())
}

impl Store {
    /// A named value.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|read| {
            Ok(read
                .query_row("SELECT value FROM settings WHERE name = ?", [name], |row| row.get(0))
                .optional()?)
        })
    }

    /// Sets a named value that somebody chose, and notes what was chosen and by whom.
    pub(crate) fn choose_setting(
        &self,
        name: &str,
        value: &[u8],
        (what, detail): (&str, &str),
        actor: Actor,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            set(write, name, value)?;
            audit::note(write, now, actor, what, detail)
        })
    }

    /// Sets a named value.
    pub(crate) fn set_setting(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.write(|write| set(write, name, value))
    }
}

fn set(write: &Connection, name: &str, value: &[u8]) -> Result<(), StoreError> {
    write.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )?;
    Ok(())
}
