//! Records that are stored but stand in no register, or stand there and should be looked at.
//!
//! They are found by asking the tables, not by marking rows: a signature of somebody who comes
//! (back) onto a list counts from then on, and is told here no more.

use rusqlite::{Connection, Row};

use records::{
    day::Moment,
    ids::{DeviceId, RecordId},
};

use super::{
    Store, StoreError,
    looked::{self, Looked},
    sixteen,
};

/// Only what nobody has looked at.
const NOT_LOOKED: &str = "AND l.looked_at IS NULL";

/// What is odd about a stored record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// A signature of somebody who is on no list and never was.
    NobodyKnown,
    /// A signature that names another kiosk than the one that delivered it.
    OtherKiosk,
    /// A signature of words that this hub never published.
    WordsUnknown,
    /// A record of a newer form, which this program cannot open yet.
    NewerForm,
    /// An undoing of a signature that is not here.
    NothingToUndo,
}

impl Oddity {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NobodyKnown, Self::OtherKiosk, Self::WordsUnknown, Self::NewerForm, Self::NothingToUndo];

    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NobodyKnown => "nobody-known",
            Self::OtherKiosk => "other-kiosk",
            Self::WordsUnknown => "words-unknown",
            Self::NewerForm => "newer-form",
            Self::NothingToUndo => "nothing-to-undo",
        }
    }

    /// What it is, and what follows from it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NobodyKnown => {
                "a signature of somebody who is on no list here, so no register shows it. If a backup was put back, import the lists again and ask them to sign once more"
            }
            Self::OtherKiosk => {
                "a signature that names another kiosk than the one that delivered it. The register counts it: ask whoever looks after that kiosk"
            }
            Self::WordsUnknown => {
                "a signature of words that this hub never published, so no register counts it. Was the kiosk paired with another hub before?"
            }
            Self::NewerForm => {
                "written by a newer Signpost than this one. It is kept sealed, and opened by itself once this hub is updated"
            }
            Self::NothingToUndo => "undoes a signature that has not come yet",
        }
    }

    /// Finds the envelopes (`e`) with this oddity.
    const fn found_by(self) -> &'static str {
        match self {
            Self::NobodyKnown => {
                "FROM signatures s JOIN envelopes e ON e.id = s.id WHERE s.person NOT IN (SELECT id FROM people)"
            }
            Self::OtherKiosk => {
                "FROM signatures s JOIN envelopes e ON e.id = s.id WHERE s.device <> e.device"
            }
            Self::WordsUnknown => {
                "FROM signatures s JOIN envelopes e ON e.id = s.id WHERE s.words NOT IN (SELECT digest FROM words)"
            }
            Self::NewerForm => "FROM envelopes e WHERE e.kind = 'sealed'",
            Self::NothingToUndo => {
                "FROM undos u JOIN envelopes e ON e.id = u.id WHERE u.withdraws NOT IN (SELECT id FROM signatures)"
            }
        }
    }
}

/// A stored record that a person should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Its id.
    pub id: RecordId,
    /// The kiosk that delivered it.
    pub device: DeviceId,
    /// When it came.
    pub received: Moment,
    /// What is odd.
    pub oddity: Oddity,
    /// Whether somebody has looked at it.
    pub looked: Option<Looked>,
}

impl Store {
    /// How often something is odd about a stored record that nobody has looked at yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn odd_count(&self) -> Result<u64, StoreError> {
        self.read(|read| {
            Oddity::ALL.into_iter().try_fold(0, |sum, oddity| {
                let mut statement = prepared(read, "count(*)", oddity, NOT_LOOKED)?;
                let count: i64 = statement.query_row([oddity.as_str()], |row| row.get(0))?;
                Ok(sum + count.unsigned_abs())
            })
        })
    }

    /// The stored records about which something is odd, those that nobody has looked at first, of each the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn odd(&self) -> Result<Vec<Odd>, StoreError> {
        self.read(|read| {
            let mut all = Vec::new();
            let columns =
                "e.id, e.device, e.received_at, (SELECT name FROM accounts a WHERE a.id = l.account),
                 l.looked_at, l.note";
            for oddity in Oddity::ALL {
                let mut statement = prepared(read, columns, oddity, "")?;
                let mut rows = statement.query([oddity.as_str()])?;
                while let Some(row) = rows.next()? {
                    all.push(odd(row, oddity)?);
                }
            }
            all.sort_by_key(|odd| (odd.looked.is_some(), std::cmp::Reverse(odd.received.0)));
            Ok(all)
        })
    }
}

fn prepared<'c>(
    read: &'c Connection,
    what: &str,
    oddity: Oddity,
    only: &str,
) -> Result<rusqlite::CachedStatement<'c>, StoreError> {
    // What is found by ends in a condition: whether somebody has looked comes before it.
    let found = oddity
        .found_by()
        .replace(" WHERE ", " LEFT JOIN odd_looked l ON l.id = e.id AND l.oddity = ?1 WHERE ");
    Ok(read.prepare_cached(&format!("SELECT {what} {found} {only}"))?)
}

fn odd(row: &Row<'_>, oddity: Oddity) -> Result<Odd, StoreError> {
    Ok(Odd {
        id: RecordId::from_bytes(sixteen(row.get(0)?)?),
        device: DeviceId::from_bytes(sixteen(row.get(1)?)?),
        received: Moment(row.get(2)?),
        oddity,
        looked: looked::looked(row, 3)?,
    })
}
