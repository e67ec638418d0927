//! What goes by stick: all that is kept, and what an answer does.

use minicbor::bytes::ByteVec;
use records::{
    stick::Answer,
    sync::{Numbered, Outcome, Place, SyncToken},
};
use rusqlite::{Transaction, params};

use super::{
    KEEP_DECISIONS_SECONDS, KEEP_SECONDS, Outbox, OutboxError, acknowledged, note, places, set_note,
};

/// What an answer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct TakenAnswer {
    /// Records that the hub has, and that waited until now.
    pub acknowledged: u64,
    /// Records that were let go, because backups of the hub hold them.
    pub let_go: u64,
}

impl Outbox {
    /// Every record that is kept, also one that was acknowledged, but for those that the hub set aside: in order.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn all_kept(&self) -> Result<Vec<Numbered>, OutboxError> {
        let mut select = self.connection.prepare_cached(
            "SELECT epoch, sequence, envelope FROM record WHERE set_aside IS NULL ORDER BY epoch, sequence",
        )?;
        let rows = select.query_map([], |row| {
            let place = Place { epoch: row.get(0)?, sequence: row.get(1)? };
            Ok(Numbered { place, envelope: ByteVec::from(row.get::<_, Vec<u8>>(2)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes the hub's answer to a stick, in one transaction with the note that it was taken.
    ///
    /// Where the token is another by now than the one that went onto the stick, a round by wire, or a later stick, has
    /// said all of it already and perhaps more: then the records stay as they are, which is told by `None`.
    ///
    /// # Errors
    /// [`OutboxError::Database`]: then nothing was taken.
    pub fn answered(
        &mut self,
        answer: &Answer,
        name: &str,
        value: &[u8],
    ) -> Result<Option<TakenAnswer>, OutboxError> {
        let transaction = self.connection.transaction()?;
        let token = note(&transaction, "token")?.and_then(|bytes| bytes.try_into().ok()).map(SyncToken);
        let taken = match token == answer.shown {
            true => Some(take(&transaction, answer)?),
            false => None,
        };
        set_note(&transaction, name, value)?;
        set_note(&transaction, "last-return", &answer.clock.0.to_be_bytes())?;
        transaction.commit()?;
        Ok(taken)
    }
}

fn take(transaction: &Transaction<'_>, answer: &Answer) -> Result<TakenAnswer, OutboxError> {
    set_note(transaction, "token", &answer.token.0)?;
    let now = answer.clock;
    if answer.epoch > places::last(transaction)?.epoch && places::begin_epoch(transaction, answer.epoch)? {
        transaction.execute("UPDATE record SET acknowledged = NULL WHERE set_aside IS NULL", [])?;
    }
    let acknowledged = acknowledged(transaction, &answer.outcomes, now)? as u64;
    let mut let_go = 0;
    // Only what this answer names: of a record that came by another way since, it says nothing.
    for outcome in &answer.outcomes {
        let (Some(id), Outcome::Stored | Outcome::AlreadyHeld) = (&outcome.id, &outcome.outcome) else {
            continue;
        };
        if Some(outcome.place) <= answer.backed_up {
            let_go += transaction.execute(
                "DELETE FROM record WHERE epoch = ?1 AND sequence = ?2 AND id = ?3 AND acknowledged IS NOT NULL",
                params![outcome.place.epoch, outcome.place.sequence, id.as_bytes()],
            )? as u64;
        }
    }
    let old = "DELETE FROM record WHERE acknowledged < ?1";
    let_go += transaction.execute(old, [now.0 - KEEP_SECONDS])? as u64;
    // What was decided after the stick was taken is no older than the answer, whatever its clock says.
    let begin = "UPDATE kept SET since = ?1 WHERE since IS NULL AND acknowledged IS NOT NULL";
    transaction.execute(begin, [now.0])?;
    transaction.execute("DELETE FROM kept WHERE since < ?1", [now.0 - KEEP_DECISIONS_SECONDS])?;
    Ok(TakenAnswer { acknowledged, let_go })
}
