//! What a family decided here and the hub has not given back yet: sealed under the family's own key, all of one
//! size, and with nothing beside it that tells whose it is.

use records::{day::Moment, envelope::NamedEnvelope, ids::RecordId, sync::Place};
use rusqlite::{Transaction, params};

use super::{Outbox, OutboxError, put};

/// Kept for so long at most, by the hub's clock.
pub const KEEP_DECISIONS_SECONDS: i64 = 35 * 24 * 60 * 60;

/// A round with the hub goes by the hub's time at its beginning, and is over within this: what it brought was
/// perhaps not there yet when a roster of that time was made.
const ROUND_SECONDS: i64 = 60;

impl Outbox {
    /// Puts a family's sealed record on the disk, numbered, with what is kept of it for the family's next visit, in
    /// the place of what it replaces. When this returns both are synced.
    ///
    /// # Errors
    /// [`OutboxError::Database`]: then it must not be thanked for.
    pub fn save_decision(
        &mut self,
        envelope: &NamedEnvelope,
        kept: &[u8],
        instead_of: &[RecordId],
    ) -> Result<Place, OutboxError> {
        let transaction = self.connection.transaction()?;
        let place = put(&transaction, envelope)?;
        transaction.execute(
            "INSERT INTO kept (id, sealed) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
            params![envelope.id.as_bytes(), kept],
        )?;
        for id in instead_of {
            transaction.execute("DELETE FROM kept WHERE id = ?1", [id.as_bytes()])?;
        }
        transaction.commit()?;
        Ok(place)
    }

    /// All that is kept, sealed, in no order that tells anything.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn kept(&self) -> Result<Vec<Vec<u8>>, OutboxError> {
        let mut select = self.connection.prepare_cached("SELECT sealed FROM kept ORDER BY id")?;
        let rows = select.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A roster carries these decisions now: they need not be kept here.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn given_back(&mut self, ids: &[RecordId]) -> Result<(), OutboxError> {
        let transaction = self.connection.transaction()?;
        for id in ids {
            transaction.execute("DELETE FROM kept WHERE id = ?1", [id.as_bytes()])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// A roster was taken that was made at this moment of the hub's clock. What the hub had acknowledged before, it
    /// knew when it made the roster.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn roster_taken(&mut self, made: Moment) -> Result<(), OutboxError> {
        let known_then = made.0 - ROUND_SECONDS;
        self.connection.execute("DELETE FROM kept WHERE acknowledged < ?1", [known_then])?;
        self.connection.execute("DELETE FROM undone WHERE acknowledged < ?1", [known_then])?;
        Ok(())
    }

    /// Lets go of what has been kept for [`KEEP_DECISIONS_SECONDS`]. `now` is the hub's: the time runs from the first
    /// round with the hub after the decision.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn let_decisions_go(&mut self, now: Moment) -> Result<usize, OutboxError> {
        self.connection.execute("UPDATE kept SET since = ?1 WHERE since IS NULL", [now.0])?;
        let delete = "DELETE FROM kept WHERE since < ?1";
        Ok(self.connection.execute(delete, [now.0 - KEEP_DECISIONS_SECONDS])?)
    }
}

/// The hub has a record, at this moment of its clock.
pub(super) fn acknowledged(
    transaction: &Transaction<'_>,
    id: &[u8; 16],
    now: Moment,
) -> rusqlite::Result<()> {
    transaction.execute("UPDATE kept SET acknowledged = ?2 WHERE id = ?1", params![id, now.0]).map(drop)
}
