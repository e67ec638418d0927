//! The audit log: who did what, when, each entry bound to the one before by its hash.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{codec, day::Moment, digest::Digest, ids::DeviceId};

use super::{Store, StoreError, report_entries, thirty_two};

/// Who did it. Never a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at the hub's command line.
    CommandLine,
    /// The hub by itself.
    Hub,
    /// Somebody at the desk, by account number.
    Account(i64),
    /// A kiosk.
    Kiosk(DeviceId),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::Hub => f.write_str("hub"),
            Self::Account(id) => write!(f, "account {id}"),
            Self::Kiosk(device) => write!(f, "kiosk {device}"),
        }
    }
}

/// Adds an entry within the transaction of what it tells. `detail` holds ids and numbers, no names.
pub(crate) fn note(
    transaction: &Connection,
    at: Moment,
    actor: Actor,
    what: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let last: Option<(i64, Vec<u8>)> = transaction
        .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .optional()?;
    let (seq, previous) = match last {
        Some((seq, hash)) => (seq + 1, thirty_two(hash)?),
        None => (1, [0; 32]),
    };
    let actor = actor.to_string();
    let hash = link(previous, seq, at, &actor, what, detail);
    transaction.execute(
        "INSERT INTO audit (seq, at, actor, what, detail, hash) VALUES (?, ?, ?, ?, ?, ?)",
        params![seq, at.0, actor, what, detail, hash.as_bytes()],
    )?;
    Ok(())
}

fn link(previous: [u8; 32], seq: i64, at: Moment, actor: &str, what: &str, detail: &str) -> Digest {
    let entry = codec::encode(&(Digest::from_bytes(previous), seq, at, actor, what, detail));
    Digest::of_kind("signpost audit entry 1", &entry)
}

impl Store {
    /// Notes something that changed nothing but should be known, such as a register taken away as a file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note(&self, actor: Actor, what: &str, detail: &str, now: Moment) -> Result<(), StoreError> {
        self.write(|write| note(write, now, actor, what, detail))
    }

    /// How many entries the audit log has, if every one is as it was written, and so is every safeguarding entry
    /// that it names.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] names the first entry that was changed, or follows one taken away.
    pub fn check_audit(&self) -> Result<u64, StoreError> {
        self.read(|read| {
            let mut statement =
                read.prepare("SELECT seq, at, actor, what, detail, hash FROM audit ORDER BY seq")?;
            let mut rows = statement.query([])?;
            let (mut count, mut previous) = (0, [0; 32]);
            while let Some(row) = rows.next()? {
                let seq: i64 = row.get(0)?;
                let (actor, what, detail): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
                let hash = thirty_two(row.get(5)?)?;
                let right = link(previous, seq, Moment(row.get(1)?), &actor, &what, &detail);
                if seq != count + 1 || *right.as_bytes() != hash {
                    return Err(StoreError::Damaged(format!("audit entry {seq} was changed")));
                }
                (count, previous) = (seq, hash);
            }
            report_entries::check(read)?;
            Ok(count.unsigned_abs())
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::keyfile::DatabaseKey;

    #[test]
    fn an_entry_that_was_changed_or_taken_away_is_found() {
        let spoilt = |statement: &str| {
            let dir = tempfile::tempdir().unwrap();
            let store =
                Store::open(&dir.path().join("hub.db"), &DatabaseKey::generate(), dir.path()).unwrap();
            for i in 0..4 {
                store.write(|write| note(write, Moment(i), Actor::Account(i), "signed in", "")).unwrap();
            }
            assert_eq!(store.check_audit().unwrap(), 4);
            store.write(|write| Ok::<_, StoreError>(write.execute(statement, [])?)).unwrap();
            store.check_audit().map_err(|e| e.to_string())
        };
        let second = Err("the database is damaged: audit entry 2 was changed".to_owned());
        assert_eq!(spoilt("UPDATE audit SET actor = 'account 9' WHERE seq = 2"), second);
        assert_eq!(spoilt("UPDATE audit SET at = 7 WHERE seq = 2"), second);
        assert!(spoilt("DELETE FROM audit WHERE seq = 2").is_err());
        assert!(spoilt("UPDATE audit SET hash = zeroblob(32) WHERE seq = 3").is_err());
    }
}
