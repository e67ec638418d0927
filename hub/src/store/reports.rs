//! Reports: boxes as they come, envelopes that nobody has opened, and those in which a report was found.
//!
//! The hub cannot read any of them. What was told stays in its envelope, to the end.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    day::{Day, Moment},
    ids::{BoxId, DeviceId, EnvelopeId},
    keys::SealKey,
    report::{Role, Route},
    report_box::Envelope,
    report_entry::Urgency,
    report_envelope,
    tally::Tally,
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    sixteen, survey_totals,
};
use crate::random;

/// The most boxes that a kiosk may bring in a day: three by schedule, and many starts.
pub const BOXES_A_DAY: i64 = 100;
const DAY: i64 = 24 * 60 * 60;

/// What became of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Stored now, or before.
    Held,
    /// More than a kiosk can have filled: it is to be sent again later.
    TooMany,
}

/// An envelope.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Its id at this hub.
    pub id: EnvelopeId,
    /// The envelope.
    pub bytes: Vec<u8>,
}

/// A report, still in its envelope.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its id at this hub.
    pub id: EnvelopeId,
    /// Whom it is for.
    pub route: Route,
    /// The envelope.
    pub bytes: Vec<u8>,
    /// When it was found.
    pub found: Moment,
    /// What somebody said before entries were sealed ([`super::report_entries`]); the last of it.
    pub marked_before: Option<Urgency>,
}

/// What the audit log says of a report by name: that it was found. Logs of before entries were sealed say more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at: Moment,
    /// By which account; none where the hub did it by itself.
    pub account: Option<String>,
    /// What, as the audit log has it.
    pub what: String,
}

impl Store {
    /// Stores a box's envelopes, unread, and adds its counts to those of a day. The same box again changes nothing; of
    /// others at most `most` of one kiosk are taken within a day.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing of it was stored, and it may be sent again.
    pub fn take_box(
        &self,
        device: DeviceId,
        id: BoxId,
        envelopes: &[(Route, Envelope)],
        counts: Option<(&Tally, Day)>,
        most: i64,
        now: Moment,
    ) -> Result<Taken, StoreError> {
        self.write(|write| {
            let held = "SELECT 1 FROM report_boxes WHERE box = ?";
            if write.query_row(held, [id.as_bytes()], |_| Ok(())).optional()?.is_some() {
                return Ok(Taken::Held);
            }
            let today: i64 = write.query_row(
                "SELECT count(*) FROM report_boxes WHERE device = ? AND received_at > ?",
                params![device.as_bytes(), now.0 - DAY],
                |row| row.get(0),
            )?;
            if today >= most {
                return Ok(Taken::TooMany);
            }
            write.execute(
                "INSERT INTO report_boxes (box, device, received_at) VALUES (?, ?, ?)",
                params![id.as_bytes(), device.as_bytes(), now.0],
            )?;
            keep(write, envelopes)?;
            if let Some((tally, day)) = counts {
                survey_totals::add(write, tally, day)?;
            }
            audit::note(write, now, Actor::Kiosk(device), "report box", &id.to_string())?;
            Ok(Taken::Held)
        })
    }

    /// Puts what an adult was told among the envelopes that nobody has opened. There is one for each route, so that
    /// nothing shows whom it is for.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing of it was stored.
    pub fn take_concern(
        &self,
        envelopes: &[(Route, Envelope)],
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            keep(write, envelopes)?;
            audit::note(write, now, Actor::Account(account), "concern handed in", "")
        })
    }

    /// The envelopes for a role that nobody has opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sealed_for(&self, role: Role) -> Result<Vec<Sealed>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT id, bytes FROM sealed_envelopes WHERE route = ?")?;
            let mut all = Vec::new();
            for route in Route::ALL.into_iter().filter(|route| role.reads(*route)) {
                let mut rows = select.query([name(route)])?;
                while let Some(row) = rows.next()? {
                    all.push(Sealed {
                        id: EnvelopeId::from_bytes(sixteen(row.get(0)?)?),
                        bytes: row.get(1)?,
                    });
                }
            }
            Ok(all)
        })
    }

    /// Takes what a role found when it opened the box: decoys go, reports are kept, what could not be
    /// opened stays where it is for the other role.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn box_opened(
        &self,
        role: Role,
        decoys: &[EnvelopeId],
        found: &[EnvelopeId],
        account: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            let mut keep = write.prepare_cached(
                "INSERT INTO reports (id, route, bytes, found_at)
                 SELECT id, route, bytes, ? FROM sealed_envelopes WHERE id = ? ON CONFLICT (id) DO NOTHING",
            )?;
            let mut let_go = write.prepare_cached("DELETE FROM sealed_envelopes WHERE id = ?")?;
            for id in found {
                if keep.execute(params![now.0, id.as_bytes()])? == 1 {
                    audit::note(write, now, Actor::Account(account), "report found", &about(*id))?;
                }
            }
            for id in found.iter().chain(decoys) {
                let_go.execute([id.as_bytes()])?;
            }
            write.execute(
                "UPDATE role_keys SET opened_at = ? WHERE role = ? AND account = ?",
                params![now.0, role.as_str(), account],
            )?;
            audit::note(write, now, Actor::Account(account), "report box opened", role.as_str())
        })
    }

    /// The reports for a role, the one that was found first before others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reports_for(&self, role: Role) -> Result<Vec<Found>, StoreError> {
        self.read(|read| {
            let mut all = Vec::new();
            for route in Route::ALL.into_iter().filter(|route| role.reads(*route)) {
                all.extend(reports(read, route)?);
            }
            all.sort_by_key(|one| (one.found, one.id));
            Ok(all)
        })
    }

    /// What the audit log says of a report by name, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn noted(&self, id: EnvelopeId) -> Result<Vec<Noted>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT at, (SELECT name FROM accounts WHERE actor = 'account ' || accounts.id), what
                 FROM audit WHERE detail = ? ORDER BY seq LIMIT 200",
            )?;
            let noted = select.query_map([about(id)], |row| {
                Ok(Noted { at: Moment(row.get(0)?), account: row.get(1)?, what: row.get(2)? })
            })?;
            Ok(noted.collect::<Result<_, _>>()?)
        })
    }
}

pub(super) fn keep(write: &Connection, envelopes: &[(Route, Envelope)]) -> Result<(), StoreError> {
    let mut insert =
        write.prepare_cached("INSERT INTO sealed_envelopes (id, route, bytes) VALUES (?, ?, ?)")?;
    for (route, envelope) in envelopes {
        insert.execute(params![random::bytes::<16>(), name(*route), &envelope[..]])?;
    }
    Ok(())
}

fn reports(read: &Connection, route: Route) -> Result<Vec<Found>, StoreError> {
    let mut select = read.prepare_cached(
        "SELECT id, bytes, found_at,
             (SELECT triage FROM triages WHERE report = reports.id ORDER BY seq DESC LIMIT 1)
         FROM reports WHERE route = ?",
    )?;
    let mut rows = select.query([name(route)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let triage: Option<String> = row.get(3)?;
        all.push(Found {
            id: EnvelopeId::from_bytes(sixteen(row.get(0)?)?),
            route,
            bytes: row.get(1)?,
            found: Moment(row.get(2)?),
            marked_before: triage.as_deref().and_then(Urgency::named),
        });
    }
    Ok(all)
}

/// How many envelopes of a table a role can open with this key.
pub(super) fn count_for(
    read: &Connection,
    table: &str,
    role: Role,
    key: &SealKey,
) -> Result<u64, StoreError> {
    let mut select = read.prepare(&format!("SELECT bytes FROM {table} WHERE route = ?"))?;
    let mut count = 0;
    for route in Route::ALL.into_iter().filter(|route| role.reads(*route)) {
        let mut rows = select.query([name(route)])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            count += u64::from(report_envelope::is_for(&bytes, key));
        }
    }
    Ok(count)
}

fn about(id: EnvelopeId) -> String {
    format!("report {id}")
}

const fn name(route: Route) -> &'static str {
    match route {
        Route::Safeguarding => "safeguarding",
        Route::AboutGrownUp => "about-grown-up",
        Route::AboutHeadteacher => "about-headteacher",
    }
}
