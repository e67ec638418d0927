//! Pictures of pupils that the school supplies, so that whoever holds a camera knows whom to leave out.

use std::collections::HashMap;

use records::{day::Moment, ids::PersonId};
use rusqlite::{OptionalExtension as _, params};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    sixteen,
};

impl Store {
    /// Of whom there is a picture, and since when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn portraits(&self) -> Result<HashMap<PersonId, Moment>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT person, kept_at FROM portraits")?;
            let mut rows = select.query([])?;
            let mut all = HashMap::new();
            while let Some(row) = rows.next()? {
                all.insert(PersonId::from_bytes(sixteen(row.get(0)?)?), Moment(row.get(1)?));
            }
            Ok(all)
        })
    }

    /// The picture of a pupil: a JPEG.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn portrait(&self, person: PersonId) -> Result<Option<Vec<u8>>, StoreError> {
        let select = "SELECT jpeg FROM portraits WHERE person = ?";
        self.read(|read| Ok(read.query_row(select, [person.as_bytes()], |row| row.get(0)).optional()?))
    }

    /// Keeps a picture of a pupil, in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_portrait(
        &self,
        person: PersonId,
        jpeg: &[u8],
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO portraits (person, jpeg, account, kept_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (person) DO UPDATE SET jpeg = excluded.jpeg, account = excluded.account,
                     kept_at = excluded.kept_at",
                params![person.as_bytes(), jpeg, account, now.0],
            )?;
            audit::note(write, now, Actor::Account(account), "picture of a pupil kept", &person.to_string())
        })
    }

    /// Takes the picture of a pupil away for good. False where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_portrait_away(
        &self,
        person: PersonId,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            if write.execute("DELETE FROM portraits WHERE person = ?", [person.as_bytes()])? == 0 {
                return Ok(false);
            }
            let (actor, detail) = (Actor::Account(account), person.to_string());
            audit::note(write, now, actor, "picture of a pupil taken away", &detail)?;
            Ok(true)
        })
    }
}
