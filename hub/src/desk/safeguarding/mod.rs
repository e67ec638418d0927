//! The safeguarding desk: where the holder of a role opens the box, reads what children told, and writes down what
//! was done.
//!
//! Reports and their entries are opened for each page anew, with the key that the session has open, and never
//! stored in clear.
//!
//! 1. [`keys`]: making, opening, locking and handing on the key of a role; [`recovery`]: one on paper, in two halves;
//!    [`change`]: another in its place; [`lost`]: where it cannot be opened any more.
//! 2. [`list`]: the box, and all reports in it; [`report`]: one of them; [`incidents`]: the log of those that are; [`mod@file`]: both for a
//!    spreadsheet.
//!    [`steps`]: who must be told, as the school's flowcharts ask. [`ended`]: those that have reached their end.
//!    [`figures`]: how many, for whoever may know that and no more.
//! 3. [`answer`]: what the child is told who comes back; [`asked`]: what reports say, for whoever may ask for it.
//! 4. [`entered`]: what a holder typed, as an entry; [`standing`]: what entries come to; [`view`]: how both are told.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use records::{
    ids::EnvelopeId,
    report::{Contents, FromWeb, Report, Role, RoleKey, Route, ToldTo},
    report_entry::{Author, Deed, ReportEntry, ReportEntryError, ReportKey, Row},
};

use super::{
    Desk,
    unlocked::{Now, Unlocked},
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    keyring::Keyring,
    log, random,
    store::{StoreError, accounts::Duty, reports::Found},
};

pub(super) mod answer;
pub(super) mod asked;
pub(super) mod change;
pub(super) mod ended;
mod entered;
pub(super) mod figures;
pub(super) mod file;
pub(super) mod incidents;
pub(super) mod keys;
pub(super) mod list;
pub(super) mod lost;
pub(super) mod recovery;
pub(super) mod report;
mod standing;
pub(super) mod steps;
mod view;

pub(super) use crate::role_keys::title;
use standing::Standing;
pub(super) use view::readers_of;

/// The address of this desk.
pub(super) const ADDRESS: &str = "/safeguarding";
/// How often an entry is tried at the next place, where others write at the same time.
const TRIES: usize = 8;

/// Whose page, at which desk: what every handler is given first.
pub(super) type Asking = (State<Arc<Desk>>, HeaderMap);

/// A box that is open: the role, and its keys.
struct Open {
    role: Role,
    ring: Keyring,
}

/// A page for somebody whose box is open; others are sent to open it.
async fn page(
    (State(desk), headers): Asking,
    work: impl FnOnce(&Visit, &Open) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    visit::page(desk, &headers, Room::Safeguarding, |visit| {
        let open = opened(&visit)?.ok_or(Trouble::BoxLocked)?;
        work(&visit, &open)
    })
    .await
}

/// The same for a form.
async fn form(
    (State(desk), headers): Asking,
    token: String,
    work: impl FnOnce(&Visit, &Open) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, token, |visit| {
        let open = opened(&visit)?.ok_or(Trouble::BoxLocked)?;
        work(&visit, &open)
    })
    .await
}

/// A page that says why something was not done.
fn refused(status: StatusCode, page: Result<Response, Trouble>) -> Result<Response, Trouble> {
    let mut response = page?;
    *response.status_mut() = status;
    Ok(response)
}

/// The keys that sessions have open.
fn unlocked(visit: &Visit) -> MutexGuard<'_, Unlocked> {
    visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner)
}

fn role(visit: &Visit) -> Result<Role, Trouble> {
    match visit.account.duty {
        Duty::Holder(role) => Ok(role),
        Duty::Office | Duty::Technician | Duty::Governor | Duty::Staff => Err(Trouble::NothingHere),
    }
}

/// The box, if this session has it open. Whoever the key was taken from has it no more, open or not.
fn opened(visit: &Visit) -> Result<Option<Open>, Trouble> {
    let role = role(visit)?;
    let hub = &visit.desk.hub;
    let now = Now::of(hub);
    let mut unlocked = unlocked(visit);
    let Some(key) = unlocked.key(&visit.token, role, now) else { return Ok(None) };
    let copies = hub.store.role_keys()?;
    // Of the key of now: one that was changed elsewhere opens nothing here any more.
    let mine = RoleKey { role, key: key.seal_key() };
    let is_holder = copies.iter().any(|copy| copy.public == mine && copy.account == visit.account.id);
    if !is_holder {
        unlocked.lock(&visit.token);
        return Ok(None);
    }
    Ok(Some(Open { role, ring: hub.keyring(role, key)? }))
}

/// A report that was opened, with what was done about it.
struct Held {
    found: Found,
    report: Box<Report>,
    /// The adult whom the child told, where it was not told at a kiosk.
    told_to: Option<Box<ToldTo>>,
    /// What the form on the web asks besides, where it came by that.
    from_web: Option<Box<FromWeb>>,
    key: ReportKey,
    deeds: Vec<ReportEntry>,
}

impl Held {
    /// Nothing where none of the role's keys opens it: then it is for the other role to read.
    fn of(visit: &Visit, found: Found, ring: &Keyring) -> Result<Option<Self>, Trouble> {
        let (contents, key) = match ring.open(&found.bytes) {
            Ok(opened) => opened,
            Err(_) => return Ok(None),
        };
        let (report, told_to, from_web) = match contents {
            Contents::Decoy => return Ok(None),
            Contents::Report(report) => (report, None, None),
            Contents::Concern(report, to) => (report, Some(to), None),
            Contents::Web(report, web) => (report, None, Some(web)),
        };
        let deeds = entries(visit, &key, Row::Deeds)?;
        Ok(Some(Self { found, report, told_to, from_web, key, deeds }))
    }
    /// The one of this id, if it is for this role.
    fn find(visit: &Visit, open: &Open, id: &str) -> Result<Self, Trouble> {
        let id: EnvelopeId = id.parse().map_err(|_| Trouble::NothingHere)?;
        let all = visit.desk.hub.store.reports_for(open.role)?;
        let found = all.into_iter().find(|found| found.id == id).ok_or(Trouble::NothingHere)?;
        Self::of(visit, found, &open.ring)?.ok_or(Trouble::NothingHere)
    }
    fn standing(&self) -> Standing {
        Standing::of(&self.deeds, self.found.marked_before)
    }
    /// Whether it came with very many others, or from a machine: then it stands apart.
    fn is_apart(&self) -> bool {
        self.from_web.as_ref().is_some_and(|web| web.apart.is_some())
    }
    /// Whether this visitor has stepped aside from it.
    fn is_aside_for(&self, visit: &Visit) -> bool {
        self.standing().aside.contains(&visit.account.id)
    }
}

/// All reports that this box's key opens, with where they stand, in the order in which they want to be looked at.
fn all(visit: &Visit, open: &Open) -> Result<Vec<(Standing, Held)>, Trouble> {
    let mut all = Vec::new();
    for found in visit.desk.hub.store.reports_for(open.role)? {
        // One that none of the role's keys opens is for the other role to read.
        if let Some(held) = Held::of(visit, found, &open.ring)? {
            all.push((held.standing(), held));
        }
    }
    all.sort_by_key(|(standing, held)| standing.place(held.found.found));
    Ok(all)
}

/// Everybody else who can open a report of this route.
fn others(visit: &Visit, route: Route) -> Result<Vec<Author>, Trouble> {
    let keys = visit.desk.hub.store.role_keys()?;
    let others =
        keys.into_iter().filter(|copy| copy.public.role.reads(route) && copy.account != visit.account.id);
    Ok(others.map(|copy| Author { account: copy.account, name: copy.holder }).collect())
}

/// The entries of a report, the earliest first. One that cannot be read ends them, and the log says so: what comes
/// after it keeps its place.
fn entries(visit: &Visit, key: &ReportKey, row: Row) -> Result<Vec<ReportEntry>, Trouble> {
    let sealed = visit.desk.hub.store.report_entries(|number| key.place(row, number))?;
    let opened = (1..).zip(&sealed).map(|(number, bytes)| key.open(row, number, bytes));
    let opened: Result<Vec<ReportEntry>, ReportEntryError> = opened.collect();
    opened.map_err(|error| {
        log::line(&format!("an entry of a report cannot be read: {error}"));
        StoreError::Damaged(error.to_string()).into()
    })
}

/// Writes down what this visitor did with a report. False where it is too long for an entry.
fn write(visit: &Visit, key: &ReportKey, row: Row, deed: Deed) -> Result<bool, Trouble> {
    let (hub, account) = (&visit.desk.hub, &visit.account);
    let by = Author { account: account.id, name: account.name.clone() };
    let entry = ReportEntry { at: hub.now(), by, deed };
    for _ in 0..TRIES {
        let taken = hub.store.report_entries(|number| key.place(row, number))?.len();
        let number = u32::try_from(taken + 1).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let Ok(sealed) = key.seal(row, number, &entry, &mut random::system()) else { return Ok(false) };
        if hub.store.add_report_entry(&key.place(row, number), &sealed, account.id, entry.at)? {
            return Ok(true);
        }
    }
    Err(StoreError::NotNow("others write about the same report".into()).into())
}
