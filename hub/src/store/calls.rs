//! Calls for a grown-up: open from the first second, until somebody says that they are going. Whoever said so may say that
//! they cannot after all; a call to which nobody went is told until somebody has noted it.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    call::{CALL_SECONDS, Call},
    day::Moment,
    ids::DeviceId,
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    sixteen,
};

/// The most calls that are kept of one kiosk and one hour while one of them stands: more say nothing more.
const MOST: i64 = 60;

/// A call stands for so long since it came, or since whoever was going said that they cannot. `?1` is the moment after
/// which it has to have begun.
const STANDS: &str = "taken_at IS NULL AND coalesce(given_back_at, received_at) > ?1";

/// A kiosk from which somebody calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall {
    /// The kiosk.
    pub device: DeviceId,
    /// Where it stands.
    pub place: String,
    /// Since when, of calls that nobody has taken.
    pub since: Moment,
    /// Whether somebody was going, and cannot after all.
    pub given_back: bool,
}

/// Where somebody has said that they are going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    /// The kiosk.
    pub device: DeviceId,
    /// Where it stands.
    pub place: String,
    /// When they said so.
    pub taken: Moment,
}

/// A call to which nobody went for as long as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// The kiosk.
    pub device: DeviceId,
    /// Where it stands.
    pub place: String,
    /// When somebody called.
    pub at: Moment,
    /// Who has noted it, and when.
    pub seen: Option<(String, Moment)>,
}

/// A call, and how soon somebody said that they were going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// When it came.
    pub at: Moment,
    /// When somebody said so; none where nobody did.
    pub taken: Option<Moment>,
}

impl Store {
    /// Every call that is still kept, without where it came from.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn answered_calls(&self) -> Result<Vec<Answered>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare("SELECT received_at, taken_at FROM calls")?;
            let rows = statement.query_map([], |row| {
                let taken: Option<i64> = row.get(1)?;
                Ok(Answered { at: Moment(row.get(0)?), taken: taken.map(Moment) })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Takes a call, once; tells whether somebody has said that they are going.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_call(&self, call: &Call, now: Moment) -> Result<bool, StoreError> {
        if let Some(taken) = self.read(|read| taken(read, call))? {
            return Ok(taken);
        }
        self.write(|write| {
            if let Some(taken) = taken(write, call)? {
                return Ok(taken);
            }
            let of_kiosk = "SELECT count(*) FROM calls WHERE device = ? AND received_at > ?";
            let held: i64 =
                write.query_row(of_kiosk, params![call.device.as_bytes(), now.0 - 3600], |row| row.get(0))?;
            if held >= MOST
                && let Some(standing) = newest_standing(write, call.device, now)?
            {
                // A kiosk asks for its last call alone: the one that stands here takes its id, so that the kiosk
                // hears when somebody goes.
                let rename = "UPDATE calls SET id = ? WHERE id = ?";
                write.execute(rename, params![call.id.as_bytes(), standing])?;
                return Ok(false);
            }
            write.execute(
                "INSERT INTO calls (id, device, received_at) VALUES (?, ?, ?)",
                params![call.id.as_bytes(), call.device.as_bytes(), now.0],
            )?;
            audit::note(write, now, Actor::Kiosk(call.device), "call", "")?;
            Ok(false)
        })
    }

    /// The kiosks from which somebody calls whom nobody has gone to yet, the longest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_calls(&self, now: Moment) -> Result<Vec<OpenCall>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare(&format!(
                "SELECT c.device, k.name, min(c.received_at), max(c.given_back_at) IS NOT NULL
                 FROM calls c JOIN kiosks k ON k.device = c.device
                 WHERE {STANDS} GROUP BY c.device ORDER BY min(c.received_at)"
            ))?;
            let mut rows = statement.query([begun(now)])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(OpenCall {
                    device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
                    place: row.get(1)?,
                    since: Moment(row.get(2)?),
                    given_back: row.get(3)?,
                });
            }
            Ok(all)
        })
    }

    /// Somebody says that they are going to a kiosk, for all calls that still stand there; to those of before nobody
    /// went. Tells whether anybody was waiting.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn go_to(&self, device: DeviceId, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let sql = format!("UPDATE calls SET taken_at = ?2, account = ?3 WHERE device = ?4 AND {STANDS}");
            let taken = write.execute(&sql, params![begun(now), now.0, account, device.as_bytes()])? > 0;
            if taken {
                audit::note(write, now, Actor::Account(account), "call taken", &device.to_string())?;
            }
            Ok(taken)
        })
    }

    /// Where this account has said lately that they are going, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn going(&self, account: i64, now: Moment) -> Result<Vec<Going>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT c.device, k.name, c.taken_at FROM calls c JOIN kiosks k ON k.device = c.device
                 WHERE c.account = ? AND c.taken_at > ? GROUP BY c.device, c.taken_at ORDER BY c.taken_at DESC",
            )?;
            let mut rows = select.query(params![account, begun(now)])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(Going {
                    device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
                    place: row.get(1)?,
                    taken: Moment(row.get(2)?),
                });
            }
            Ok(all)
        })
    }

    /// Whoever said at a moment that they were going to a kiosk cannot go after all: what they took stands anew, for as
    /// long as a call that comes now. Tells whether they had taken anything then, not too long ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cannot_go(
        &self,
        device: DeviceId,
        account: i64,
        taken: Moment,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let sql = "UPDATE calls SET taken_at = NULL, account = NULL, given_back_at = ?1
                       WHERE device = ?2 AND account = ?3 AND taken_at = ?4 AND taken_at > ?5";
            let values = params![now.0, device.as_bytes(), account, taken.0, begun(now)];
            let back = write.execute(sql, values)? > 0;
            if back {
                audit::note(write, now, Actor::Account(account), "call given back", &device.to_string())?;
            }
            Ok(back)
        })
    }

    /// The calls to which nobody went, the latest first: those that nobody has noted, and those that somebody has since
    /// a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unanswered_calls(&self, now: Moment, noted_since: Moment) -> Result<Vec<Unanswered>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(&format!(
                "SELECT c.device, k.name, c.received_at, c.seen_at, coalesce(a.name, '')
                 FROM calls c JOIN kiosks k ON k.device = c.device LEFT JOIN accounts a ON a.id = c.seen_by
                 WHERE c.taken_at IS NULL AND NOT ({STANDS}) AND (c.seen_at IS NULL OR c.seen_at > ?2)
                 ORDER BY c.received_at DESC"
            ))?;
            let mut rows = select.query([begun(now), noted_since.0])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let (seen, by): (Option<i64>, String) = (row.get(3)?, row.get(4)?);
                all.push(Unanswered {
                    device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
                    place: row.get(1)?,
                    at: Moment(row.get(2)?),
                    seen: seen.map(|at| (by, Moment(at))),
                });
            }
            Ok(all)
        })
    }

    /// Somebody has seen that nobody went to the calls of a kiosk between two moments, both of them too. Tells whether
    /// there were any that nobody had noted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_unanswered(
        &self,
        device: DeviceId,
        (first, last): (Moment, Moment),
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let sql = format!(
                "UPDATE calls SET seen_at = ?2, seen_by = ?3 WHERE device = ?4 AND received_at BETWEEN ?5 AND ?6
                 AND seen_at IS NULL AND taken_at IS NULL AND NOT ({STANDS})"
            );
            let values = params![begun(now), now.0, account, device.as_bytes(), first.0, last.0];
            let noted = write.execute(&sql, values)? > 0;
            if noted {
                audit::note(write, now, Actor::Account(account), "unanswered call seen", &device.to_string())?;
            }
            Ok(noted)
        })
    }
}

/// The moment after which a call has to have begun to stand now.
const fn begun(now: Moment) -> i64 {
    now.0 - CALL_SECONDS
}

/// The latest call of a kiosk that stands.
fn newest_standing(read: &Connection, device: DeviceId, now: Moment) -> Result<Option<Vec<u8>>, StoreError> {
    let sql =
        format!("SELECT id FROM calls WHERE device = ?2 AND {STANDS} ORDER BY received_at DESC LIMIT 1");
    Ok(read.query_row(&sql, params![begun(now), device.as_bytes()], |row| row.get(0)).optional()?)
}

/// Whether a call is here, and whether it was taken.
fn taken(read: &Connection, call: &Call) -> Result<Option<bool>, StoreError> {
    let sql = "SELECT taken_at IS NOT NULL FROM calls WHERE id = ? AND device = ?";
    Ok(read
        .query_row(sql, params![call.id.as_bytes(), call.device.as_bytes()], |row| row.get(0))
        .optional()?)
}
