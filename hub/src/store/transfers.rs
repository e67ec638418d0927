//! Files about a pupil for their next school, by number, and their receipts.

use rusqlite::{Connection, params};

use records::{day::Moment, ids::PersonId};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    settings,
};

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its number, which stands on the receipt.
    pub number: u64,
    /// When it was made.
    pub made: Moment,
    /// When the receipt was noted, once it was.
    pub received: Option<Moment>,
}

impl Store {
    /// A new number for a file about this pupil.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_transfer(&self, person: PersonId, account: i64, now: Moment) -> Result<u64, StoreError> {
        self.write(|write| {
            let number = settings::next_number(write, "transfer")?;
            write.execute(
                "INSERT INTO transfers (number, person, account, made_at) VALUES (?, ?, ?, ?)",
                params![column(number), person.as_bytes(), account, now.0],
            )?;
            audit::note(write, now, Actor::Account(account), "transfer made", &format!("{number} {person}"))?;
            Ok(number)
        })
    }

    /// The files about this pupil, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn transfers(&self, person: PersonId) -> Result<Vec<Transfer>, StoreError> {
        self.read(|read| of(read, person))
    }

    /// Notes that the receipt of a file came back. False where there is no such file about this pupil.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_receipt(
        &self,
        person: PersonId,
        number: u64,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let sql =
                "UPDATE transfers SET received_at = coalesce(received_at, ?) WHERE number = ? AND person = ?";
            let there = write.execute(sql, params![now.0, column(number), person.as_bytes()])? > 0;
            if there {
                let detail = format!("{number} {person}");
                audit::note(write, now, Actor::Account(account), "transfer received", &detail)?;
            }
            Ok(there)
        })
    }
}

pub(super) fn of(read: &Connection, person: PersonId) -> Result<Vec<Transfer>, StoreError> {
    let mut select = read.prepare(
        "SELECT number, made_at, received_at FROM transfers WHERE person = ? ORDER BY number DESC",
    )?;
    let rows = select.query_map([person.as_bytes()], |row| {
        Ok(Transfer {
            number: row.get::<_, i64>(0)?.unsigned_abs(),
            made: Moment(row.get(1)?),
            received: row.get::<_, Option<i64>>(2)?.map(Moment),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
