//! What a person has looked at of what was set aside or is odd: once somebody has written what came of it, it is counted
//! no more. What they wrote goes with the record, when that is erased.

use std::{fmt, str::FromStr};

use records::{
    day::Moment,
    digest::Digest,
    ids::{DeviceId, RecordId},
};
use rusqlite::{Row, params};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    doubts::Oddity,
};

/// What somebody can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// What was set aside, by its kiosk and its bytes.
    Aside(DeviceId, Digest),
    /// What is odd about a stored record.
    Odd(RecordId, Oddity),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aside(device, digest) => write!(f, "aside {device} {digest}"),
            Self::Odd(id, oddity) => write!(f, "odd {id} {}", oddity.as_str()),
        }
    }
}

/// Words that name nothing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this names nothing that could be looked at")]
pub struct NoDoubt;

impl FromStr for Doubt {
    type Err = NoDoubt;
    fn from_str(text: &str) -> Result<Self, NoDoubt> {
        let mut words = text.split(' ');
        let (Some(kind), Some(first), Some(second), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(NoDoubt);
        };
        match kind {
            "aside" => {
                let device = first.parse().map_err(|_| NoDoubt)?;
                Ok(Self::Aside(device, second.parse().map_err(|_| NoDoubt)?))
            }
            "odd" => {
                let known = Oddity::ALL.into_iter().find(|oddity| oddity.as_str() == second);
                Ok(Self::Odd(first.parse().map_err(|_| NoDoubt)?, known.ok_or(NoDoubt)?))
            }
            _ => Err(NoDoubt),
        }
    }
}

/// That somebody has looked at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// By which account.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What they wrote about it.
    pub note: String,
}

/// Of a row that has name, time and note from this column on, if anybody has.
pub(super) fn looked(row: &Row<'_>, from: usize) -> Result<Option<Looked>, StoreError> {
    let Some(by) = row.get::<_, Option<String>>(from)? else { return Ok(None) };
    Ok(Some(Looked { by, at: Moment(row.get(from + 1)?), note: row.get(from + 2)? }))
}

impl Store {
    /// Notes that somebody has looked at it. `false` where there is no such thing, or somebody has before: what they wrote
    /// stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_looked_at(
        &self,
        doubt: Doubt,
        note: &str,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let new = match doubt {
                Doubt::Aside(device, digest) => write.execute(
                    "INSERT INTO set_aside_looked (device, digest, note, account, looked_at)
                     SELECT device, digest, ?3, ?4, ?5 FROM set_aside WHERE device = ?1 AND digest = ?2
                     ON CONFLICT DO NOTHING",
                    params![device.as_bytes(), digest.as_bytes(), note, account, now.0],
                )?,
                Doubt::Odd(id, oddity) => write.execute(
                    "INSERT INTO odd_looked (id, oddity, note, account, looked_at)
                     SELECT id, ?2, ?3, ?4, ?5 FROM envelopes WHERE id = ?1
                     ON CONFLICT DO NOTHING",
                    params![id.as_bytes(), oddity.as_str(), note, account, now.0],
                )?,
            };
            if new == 1 {
                // The note may name somebody, and is not in the log.
                audit::note(write, now, Actor::Account(account), "looked at", &doubt.to_string())?;
            }
            Ok(new == 1)
        })
    }
}
