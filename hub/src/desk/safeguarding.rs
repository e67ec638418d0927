//! The safeguarding desk: where the holder of a role opens the box and reads what children told.
//!
//! Reports are opened for each page anew, with the key that the session has open, and never stored in clear.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use records::{
    ids::EnvelopeId,
    keys::OpeningKey,
    report::{Contents, Report, Role, Route},
    report_envelope::{self, ReportEnvelopeError},
};

use super::{
    Desk,
    reports_view::{self, DeedRow, OpeningRow, ReportCard},
    unlocked::Unlocked,
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    keyfile::PASSPHRASE_MIN,
    log, password,
    role_keys::RoleKeyError,
    store::{
        StoreError,
        accounts::Duty,
        audit::Actor,
        reports::{Found, Triage},
    },
    tls::listener::Peer,
};

/// The address of this desk.
pub(super) const ADDRESS: &str = "/safeguarding";

#[derive(serde::Deserialize)]
pub(super) struct Passphrase {
    #[serde(default)]
    passphrase: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Lock {
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Mark {
    #[serde(default)]
    triage: String,
    #[serde(default)]
    form_token: String,
}

/// Begin, unlock, or the reports: whichever it is now.
pub(super) async fn desk(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Safeguarding, |visit| {
        let role = role(&visit)?;
        match key(&visit, role)? {
            Some(key) => reports(&visit, role, &key, ""),
            None => locked(&visit, role, ""),
        }
    })
    .await
}

/// The holder chooses a passphrase, and with it the role gets its key.
pub(super) async fn make_key(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Passphrase>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let role = role(&visit)?;
        let refuse = |message: &str| {
            let mut response = locked(&visit, role, message)?;
            *response.status_mut() = StatusCode::BAD_REQUEST;
            Ok(response)
        };
        if form.passphrase != form.again {
            return refuse("The two passphrases differ. Type the same one twice.");
        }
        if password::fits(&form.passphrase, &visit.account.password) {
            return refuse(
                "This is your password. Choose other words: whoever learns one must not have both.",
            );
        }
        let (hub, account, now) = (&visit.desk.hub, visit.account.id, visit.desk.hub.now());
        let offered = unlocked(&visit).offered(account, role, now);
        let made = match offered {
            Some(key) => hub.share_role_key(role, &key, account, &form.passphrase).map(|()| key),
            None => hub.make_role_key(role, account, &form.passphrase),
        };
        match made {
            Ok(key) => {
                unlocked(&visit).taken(account);
                open(&visit, role, &key)?;
                Ok(Redirect::to(ADDRESS).into_response())
            }
            Err(RoleKeyError::Store(error)) => Err(error.into()),
            Err(error) => refuse(&error.to_string()),
        }
    })
    .await
}

/// Opens the box: with the passphrase, for this session.
pub(super) async fn unlock(
    State(desk): State<Arc<Desk>>,
    axum::Extension(peer): axum::Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<Passphrase>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else { return busy(&at_desk) };
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let (role, now) = (role(&visit)?, visit.desk.hub.now());
        let attempts = || visit.desk.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let tried = format!("key of account {}", visit.account.id);
        let refuse = |status: StatusCode, message: &str| {
            let mut response = locked(&visit, role, message)?;
            *response.status_mut() = status;
            Ok(response)
        };
        if let Err(seconds) = attempts().begin(&tried, peer.address, now) {
            let message = format!("There were too many tries. Wait {seconds} seconds, then try again.");
            return refuse(StatusCode::TOO_MANY_REQUESTS, &message);
        }
        match visit.desk.hub.open_role_key(role, visit.account.id, &form.passphrase) {
            Ok(key) => {
                attempts().right(&tried, peer.address, now);
                open(&visit, role, &key)?;
                Ok(Redirect::to(ADDRESS).into_response())
            }
            Err(RoleKeyError::Store(error)) => Err(error.into()),
            Err(error) => refuse(StatusCode::UNAUTHORIZED, &error.to_string()),
        }
    })
    .await
}

/// Holds the key ready for another account of this role: a deputy, or whoever comes next.
pub(super) async fn offer(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Named>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let role = role(&visit)?;
        let Some(key) = key(&visit, role)? else { return Ok(Redirect::to(ADDRESS).into_response()) };
        let (hub, now) = (&visit.desk.hub, visit.desk.hub.now());
        let account = hub.store.account(form.name.trim())?;
        let Some(account) = account.filter(|a| a.duty == visit.account.duty && a.id != visit.account.id) else {
            let message = "There is no other account of that name with your role. Whoever looks after the hub makes it first.";
            let mut response = reports(&visit, role, &key, message)?;
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return Ok(response);
        };
        unlocked(&visit).offer(account.id, role, &key, now);
        hub.store.note(
            Actor::Account(visit.account.id),
            "role key offered",
            &format!("{} account {}", role.as_str(), account.id),
            now,
        )?;
        let message = format!(
            "{} can take the key within a quarter of an hour: sign in now, and choose a passphrase.",
            account.name
        );
        reports(&visit, role, &key, &message)
    })
    .await
}

/// Takes the key from another holder, who has left or changed duties.
pub(super) async fn remove(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Named>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let role = role(&visit)?;
        if key(&visit, role)?.is_none() {
            return Ok(Redirect::to(ADDRESS).into_response());
        }
        let hub = &visit.desk.hub;
        let account = hub.store.account(&form.name)?.filter(|account| account.id != visit.account.id);
        let account = account.ok_or(Trouble::NothingHere)?;
        hub.store.remove_holder(role, account.id, visit.account.id, hub.now())?;
        unlocked(&visit).taken(account.id);
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// Wipes the key from memory.
pub(super) async fn lock(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Lock>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, |visit| {
        unlocked(&visit).lock(&visit.token);
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// One report, as the child gave it.
pub(super) async fn report(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Safeguarding, move |visit| {
        let role = role(&visit)?;
        let Some(key) = key(&visit, role)? else { return Ok(Redirect::to(ADDRESS).into_response()) };
        let found = find(&visit, role, &id)?;
        let Ok(report) = read(&found, &key) else { return Err(Trouble::NothingHere) };
        let (hub, pack) = (&visit.desk.hub, visit.desk.hub.pack()?);
        hub.store.report_read(found.id, visit.account.id, hub.now())?;
        let zone = pack.as_ref().map_or(jiff::tz::TimeZone::UTC, |pack| clock::zone(&pack.content));
        let tell = pack.as_ref().and_then(|pack| pack.content.tell.as_ref());
        let deeds = hub.store.deeds(found.id)?;
        let deeds: Vec<_> = deeds.iter().map(|deed| DeedRow::new(deed, &zone)).collect();
        let mut context = visit.context("reports")?;
        context.insert("report", &ReportCard::new(&found, &report, tell));
        context.insert("readers", &reports_view::readers(found.route, role));
        context.insert("deeds", &deeds);
        visit.show("report.html", &context)
    })
    .await
}

/// How soon something has to be done about a report.
pub(super) async fn triage(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(form): Form<Mark>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, form.form_token, move |visit| {
        let role = role(&visit)?;
        if key(&visit, role)?.is_none() {
            return Ok(Redirect::to(ADDRESS).into_response());
        }
        let found = find(&visit, role, &id)?;
        let triage = Triage::named(&form.triage).ok_or(Trouble::NothingHere)?;
        let hub = &visit.desk.hub;
        hub.store.triage(found.id, triage, visit.account.id, hub.now())?;
        Ok(Redirect::to(&format!("{ADDRESS}/report/{}", found.id)).into_response())
    })
    .await
}

/// The keys that sessions have open.
fn unlocked(visit: &Visit) -> MutexGuard<'_, Unlocked> {
    visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner)
}

fn role(visit: &Visit) -> Result<Role, Trouble> {
    match visit.account.duty {
        Duty::Holder(role) => Ok(role),
        Duty::Office => Err(Trouble::NothingHere),
    }
}

/// The key that this session has open. Whoever it was taken from has it no more, open or not.
fn key(visit: &Visit, role: Role) -> Result<Option<OpeningKey>, Trouble> {
    let (hub, now) = (&visit.desk.hub, visit.desk.hub.now());
    let mut unlocked = unlocked(visit);
    let Some(key) = unlocked.key(&visit.token, role, now) else { return Ok(None) };
    let copies = hub.store.role_keys()?;
    let is_holder = copies.iter().any(|copy| copy.public.role == role && copy.account == visit.account.id);
    if !is_holder {
        unlocked.lock(&visit.token);
    }
    Ok(is_holder.then_some(key))
}

/// Keeps the key open for this session, and opens the box with it.
fn open(visit: &Visit, role: Role, key: &OpeningKey) -> Result<(), Trouble> {
    let now = visit.desk.hub.now();
    unlocked(visit).open(&visit.token, role, key, now);
    open_box(visit, role, key, true).map(drop)
}

fn busy(desk: &Desk) -> Response {
    visit::told(desk, Trouble::Store(StoreError::NotNow("too many passphrases are being checked".into())))
}

/// Before the box is open, nothing tells whether there is anything in it.
fn locked(visit: &Visit, role: Role, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let keys = hub.store.role_keys()?;
    let mine = keys.iter().find(|s| s.public.role == role && s.account == visit.account.id);
    let is_held = keys.iter().any(|stored| stored.public.role == role);
    let now = hub.now();
    let offered = unlocked(visit).offered(visit.account.id, role, now);
    let mut context = visit.context("reports")?;
    context.insert("message", message);
    context.insert("taking_over", &offered.is_some());
    context.insert("least", &PASSPHRASE_MIN);
    context.insert("role", reports_view::title(role));
    context.insert("reads", &reports_view::reads(role));
    let template = match mine {
        Some(stored) => {
            let zone = zone(visit)?;
            let opened = stored.opened.map(|moment| view::when(moment, &zone));
            context.insert("opened", &opened.unwrap_or_default());
            "box_locked.html"
        }
        None if is_held && offered.is_none() => "box_taken.html",
        None => "box_begin.html",
    };
    visit.show(template, &context)
}

/// Opens what has come for this role, then shows all its reports.
fn reports(visit: &Visit, role: Role, key: &OpeningKey, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let unopened = open_box(visit, role, key, false)?;
    let tell = hub.pack()?.and_then(|pack| pack.content.tell.clone());
    let mut cards = Vec::new();
    for found in hub.store.reports_for(role)? {
        // One that is sealed for an earlier key of this role is for the other role to read.
        if let Ok(report) = read(&found, key) {
            cards.push(ReportCard::new(&found, &report, tell.as_ref()));
        }
    }
    let keys = hub.store.role_keys()?;
    let missing: Vec<_> = Role::ALL
        .into_iter()
        .filter(|role| keys.iter().all(|key| key.public.role != *role))
        .map(reports_view::title)
        .collect();
    let mine = keys.iter().find(|stored| stored.public.role == role);
    let others = keys.iter().filter(|s| s.public.role == role && s.account != visit.account.id);
    let others: Vec<&str> = others.map(|stored| stored.holder.as_str()).collect();
    let mut context = visit.context("reports")?;
    context.insert("message", message);
    context.insert("others", &others);
    context.insert("role", reports_view::title(role));
    context.insert("waiting", &cards.iter().filter(|card| card.is_new()).count());
    context.insert("cards", &cards);
    context.insert("unopened", &unopened);
    context.insert("missing", &missing);
    let zone = zone(visit)?;
    let today = clock::day(hub.now(), &zone);
    let openings = keys.iter().filter(|stored| reads_with(stored.public.role, role));
    let openings: Vec<_> = openings.map(|stored| OpeningRow::new(stored, today, &zone)).collect();
    context.insert("openings", &openings);
    context.insert("asks", &tell.is_some());
    context.insert("fingerprint", &mine.map(|stored| stored.public.key.fingerprint()).unwrap_or_default());
    visit.show("reports.html", &context)
}

/// Whether two roles are both readers of a route.
fn reads_with(one: Role, other: Role) -> bool {
    Route::ALL.into_iter().any(|route| one.reads(route) && other.reads(route))
}

/// Sorts what has come: nothing from reports. Gives back how many envelopes could not be opened although
/// they are for this role. An opening is put on record where it is `deliberate` or found anything at all.
fn open_box(visit: &Visit, role: Role, key: &OpeningKey, deliberate: bool) -> Result<usize, Trouble> {
    let hub = &visit.desk.hub;
    let (mut decoys, mut found, mut unopened) = (Vec::new(), Vec::new(), 0);
    for sealed in hub.store.sealed_for(role)? {
        match report_envelope::open(&sealed.bytes, key) {
            Ok(Contents::Decoy) => decoys.push(sealed.id),
            Ok(Contents::Report(_)) => found.push(sealed.id),
            Err(ReportEnvelopeError::NotForThisKey) => {}
            Err(error) => {
                log::line(&format!("an envelope of the report box cannot be opened: {error}"));
                unopened += 1;
            }
        }
    }
    if deliberate || !decoys.is_empty() || !found.is_empty() {
        hub.store.box_opened(role, &decoys, &found, visit.account.id, hub.now())?;
    }
    Ok(unopened)
}

fn find(visit: &Visit, role: Role, id: &str) -> Result<Found, Trouble> {
    let id: EnvelopeId = id.parse().map_err(|_| Trouble::NothingHere)?;
    let all = visit.desk.hub.store.reports_for(role)?;
    all.into_iter().find(|found| found.id == id).ok_or(Trouble::NothingHere)
}

fn read(found: &Found, key: &OpeningKey) -> Result<Box<Report>, ReportEnvelopeError> {
    match report_envelope::open(&found.bytes, key)? {
        Contents::Report(report) => Ok(report),
        Contents::Decoy => Err(ReportEnvelopeError::NotOne),
    }
}

fn zone(visit: &Visit) -> Result<jiff::tz::TimeZone, StoreError> {
    Ok(visit.desk.hub.pack()?.map_or(jiff::tz::TimeZone::UTC, |pack| clock::zone(&pack.content)))
}
