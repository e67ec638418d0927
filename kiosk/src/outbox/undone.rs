//! Signatures that were taken back here: noted until a roster from the hub knows it.

use records::{
    agreement::AgreementDigest,
    day::{Day, Moment},
    digest::Digest,
    envelope::NamedEnvelope,
    ids::{PersonId, RecordId},
    sync::Place,
};
use rusqlite::{Transaction, params};

use super::{Outbox, OutboxError, put};
use crate::machine::LocalSigned;

impl Outbox {
    /// Puts a sealed undoing on the disk, numbered, and forgets that its signature was made here. When this returns
    /// both are synced.
    ///
    /// # Errors
    /// [`OutboxError::Database`]: then the signature stands.
    pub fn undo(&mut self, envelope: &NamedEnvelope, withdraws: RecordId) -> Result<Place, OutboxError> {
        let transaction = self.connection.transaction()?;
        let place = put(&transaction, envelope)?;
        transaction.execute(
            "INSERT INTO undone (id, person, words, day) SELECT ?1, person, words, day FROM signed WHERE record = ?2
             ON CONFLICT (id) DO NOTHING",
            params![envelope.id.as_bytes(), withdraws.as_bytes()],
        )?;
        transaction.execute("DELETE FROM signed WHERE record = ?1", [withdraws.as_bytes()])?;
        transaction.commit()?;
        Ok(place)
    }

    /// What of these people was taken back here and a roster may still have.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn undone(&self, people: impl Iterator<Item = PersonId>) -> Result<Vec<LocalSigned>, OutboxError> {
        let mut select = self.connection.prepare_cached("SELECT words, day FROM undone WHERE person = ?1")?;
        let mut all = Vec::new();
        for person in people {
            let rows = select.query_map([person.as_bytes()], |row| {
                Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, String>(1)?))
            })?;
            for row in rows {
                let (words, day) = row?;
                let words = AgreementDigest(Digest::from_bytes(words));
                let day = day.parse::<Day>().ok();
                all.extend(day.map(|day| LocalSigned { person, words, day, record: None }));
            }
        }
        Ok(all)
    }
}

/// The hub has an undoing, at this moment of its clock.
pub(super) fn acknowledged(
    transaction: &Transaction<'_>,
    id: &[u8; 16],
    now: Moment,
) -> rusqlite::Result<()> {
    transaction.execute("UPDATE undone SET acknowledged = ?2 WHERE id = ?1", params![id, now.0]).map(drop)
}
