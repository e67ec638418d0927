//! The audit log: who did what, when, each entry bound to the one before by its hash.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use rusqlite::{Connection, OptionalExtension as _, params};

use records::{codec, day::Moment, digest::Digest, ids::DeviceId};

use super::{Store, StoreError, register_entries, report_entries, thirty_two};

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

/// What the log came to at some moment: how many entries, and the beginning of the last one's hash, which hangs on all
/// before it. On paper it is out of reach of whoever could write the whole log anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many entries.
    pub entries: i64,
    beginning: [u8; BEGINNING],
}

/// 128 bits: nobody finds another log that comes by them.
const BEGINNING: usize = 16;

impl std::fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.entries)?;
        for two in self.beginning.chunks(2) {
            write!(f, " {}", HEXLOWER.encode(two))?;
        }
        Ok(())
    }
}

/// A text that is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no checkpoint: it is a number, a colon, and eight groups of four of the characters 0-9 and a-f, as in “120: 8c1f 02ab …”"
)]
pub struct NoCheckpoint(String);

impl std::str::FromStr for Checkpoint {
    type Err = NoCheckpoint;
    fn from_str(text: &str) -> Result<Self, NoCheckpoint> {
        let read = || {
            let (entries, groups) = text.split_once(':')?;
            let digits: String = groups.split_whitespace().collect();
            let beginning = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?.try_into().ok()?;
            let entries = entries.trim().parse().ok().filter(|entries| *entries > 0)?;
            Some(Self { entries, beginning })
        };
        read().ok_or_else(|| NoCheckpoint(text.chars().take(80).collect()))
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

    /// What the log comes to now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        self.read(|read| {
            let last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
            let (entries, hash) =
                read.query_row(last, [], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
            Ok(Checkpoint { entries, beginning: beginning(&thirty_two(hash)?) })
        })
    }

    /// Checks that the log comes by a checkpoint of earlier.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if it does not: then it was written anew, cut, or is an older copy.
    pub fn check_audit_against(&self, paper: &Checkpoint) -> Result<(), StoreError> {
        let there: Option<Vec<u8>> = self.read(|read| {
            let one = "SELECT hash FROM audit WHERE seq = ?";
            Ok(read.query_row(one, [paper.entries], |row| row.get(0)).optional()?)
        })?;
        let there = there.map(thirty_two).transpose()?.map(|hash| beginning(&hash));
        let number = paper.entries;
        match there {
            Some(there) if there == paper.beginning => Ok(()),
            Some(_) => Err(StoreError::Damaged(format!(
                "audit entry {number} is another than on paper: the log was written anew, or the paper is from another hub"
            ))),
            None => Err(StoreError::Damaged(format!(
                "the log ends before audit entry {number}, which the paper has: it was cut, or an older copy was put back"
            ))),
        }
    }

    /// How many entries the audit log has, if every one is as it was written, and so is every safeguarding entry
    /// and every entry of a register that it names.
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
            register_entries::check(read)?;
            Ok(count.unsigned_abs())
        })
    }
}

fn beginning(hash: &[u8; 32]) -> [u8; BEGINNING] {
    *hash.first_chunk().expect("a hash has 32 bytes")
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
