//! Calls for a grown-up: open from the first second, until somebody says that they are going.

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

/// The most calls that are kept of one kiosk and one hour: more say nothing more.
const MOST: i64 = 60;

/// A kiosk from which somebody calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall {
    /// The kiosk.
    pub device: DeviceId,
    /// Where it stands.
    pub place: String,
    /// Since when, of calls that nobody has taken.
    pub since: Moment,
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
            if held < MOST {
                write.execute(
                    "INSERT INTO calls (id, device, received_at) VALUES (?, ?, ?)",
                    params![call.id.as_bytes(), call.device.as_bytes(), now.0],
                )?;
                audit::note(write, now, Actor::Kiosk(call.device), "call", "")?;
            }
            Ok(false)
        })
    }

    /// The kiosks from which somebody calls whom nobody has gone to yet, the longest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_calls(&self, now: Moment) -> Result<Vec<OpenCall>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare(
                "SELECT c.device, k.name, min(c.received_at) FROM calls c JOIN kiosks k ON k.device = c.device
                 WHERE c.taken_at IS NULL AND c.received_at > ? GROUP BY c.device ORDER BY min(c.received_at)",
            )?;
            let mut rows = statement.query([now.0 - CALL_SECONDS])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(OpenCall {
                    device: DeviceId::from_bytes(sixteen(row.get(0)?)?),
                    place: row.get(1)?,
                    since: Moment(row.get(2)?),
                });
            }
            Ok(all)
        })
    }

    /// Somebody says that they are going to a kiosk. Tells whether anybody was waiting there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn go_to(&self, device: DeviceId, account: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let sql = "UPDATE calls SET taken_at = ?, account = ? WHERE device = ? AND taken_at IS NULL";
            let taken = write.execute(sql, params![now.0, account, device.as_bytes()])? > 0;
            if taken {
                audit::note(write, now, Actor::Account(account), "call taken", &device.to_string())?;
            }
            Ok(taken)
        })
    }
}

/// Whether a call is here, and whether it was taken.
fn taken(read: &Connection, call: &Call) -> Result<Option<bool>, StoreError> {
    let sql = "SELECT taken_at IS NOT NULL FROM calls WHERE id = ? AND device = ?";
    Ok(read
        .query_row(sql, params![call.id.as_bytes(), call.device.as_bytes()], |row| row.get(0))
        .optional()?)
}
