//! Calls to which nobody went: on every page of the desk with place and time, until somebody has noted it. A call that
//! has rung for half an hour must not end as if it had never been.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{civil::Date, tz::TimeZone};
use records::{day::Moment, ids::DeviceId};
use serde::Serialize;

use super::{
    Desk,
    listing::Listing,
    taken_out::{self, Names},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    store::{StoreError, calls::Unanswered},
};

/// The page.
const ADDRESS: &str = "/calls/unanswered";
/// The address of the file.
const FILE: &str = "/calls/unanswered/calls.csv";
const HEADINGS: [&str; 6] = ["Where", "Day", "At", "Calls", "Seen by", "Seen"];
/// What was noted stays on the page for so long, in seconds: two weeks, so that others can see who did.
const NOTED_SECONDS: i64 = 14 * 86_400;
/// So many times are named of the calls of one kiosk on one day.
const TIMES: usize = 4;

/// The calls from one kiosk on one day.
#[derive(Serialize)]
pub(super) struct Row {
    kiosk: String,
    place: String,
    /// “Monday, 14 September”.
    day: String,
    /// “9:05, 9:07 and 3 more”.
    times: String,
    /// How many.
    calls: usize,
    /// The first and the last, in seconds, for the form.
    first: i64,
    last: i64,
    /// Who has noted it, and when; empty where nobody has.
    seen_by: String,
    seen: String,
}

/// Those that nobody has noted, the latest first.
pub(super) fn waiting(visit: &Visit) -> Result<Vec<Row>, StoreError> {
    Ok(rows(visit)?.into_iter().filter(|row| row.seen.is_empty()).collect())
}

fn rows(visit: &Visit) -> Result<Vec<Row>, StoreError> {
    let (hub, now) = (&visit.desk.hub, visit.desk.hub.now());
    let calls = hub.store.unanswered_calls(now, Moment(now.0 - NOTED_SECONDS))?;
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let zone = hub.zone()?;
    Ok(by_kiosk_and_day(&calls, &zone))
}

/// A child may press many times: what one kiosk called on one day, and is noted alike, is one row.
fn by_kiosk_and_day(calls: &[Unanswered], zone: &TimeZone) -> Vec<Row> {
    let day = |call: &Unanswered| clock::local(call.at, zone).date();
    let mut groups: Vec<(Date, Vec<&Unanswered>)> = Vec::new();
    for call in calls {
        let fits = |group: &&mut (Date, Vec<&Unanswered>)| {
            let alike = group.1.first().is_some_and(|one| one.device == call.device && one.seen == call.seen);
            group.0 == day(call) && alike
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.1.push(call),
            None => groups.push((day(call), vec![call])),
        }
    }
    groups.into_iter().filter_map(|(day, calls)| Row::of(day, &calls, zone)).collect()
}

impl Row {
    /// Of calls of one kiosk, the latest first.
    fn of(day: Date, calls: &[&Unanswered], zone: &TimeZone) -> Option<Self> {
        let (last, first) = (calls.first()?, calls.last()?);
        let time = |call: &&Unanswered| clock::local(call.at, zone).strftime("%-H:%M").to_string();
        let mut times: Vec<String> = calls.iter().rev().map(time).collect();
        times.dedup();
        let more = times.len().saturating_sub(TIMES);
        times.truncate(TIMES);
        let mut times = times.join(", ");
        if more > 0 {
            times = format!("{times} and {more} more");
        }
        let (seen_by, seen) = match &last.seen {
            Some((by, at)) => (by.clone(), view::when(*at, zone)),
            None => (String::new(), String::new()),
        };
        Some(Self {
            kiosk: last.device.to_string(),
            place: last.place.clone(),
            day: day.strftime("%A, %-d %B").to_string(),
            times,
            calls: calls.len(),
            first: first.at.0,
            last: last.at.0,
            seen_by,
            seen,
        })
    }
}

/// Those that are meant, the latest first.
fn meant(visit: &Visit, which: &Listing) -> Result<Vec<Row>, StoreError> {
    let mut all = rows(visit)?;
    all.retain(|row| {
        let is_shown = match which.show.as_str() {
            "open" => row.seen.is_empty(),
            "seen" => !row.seen.is_empty(),
            _ => true,
        };
        is_shown && which.is_named([row.place.as_str()])
    });
    if which.sort == "place" {
        all.sort_by_key(|row| row.place.to_lowercase());
    }
    Ok(all)
}

/// The list.
pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Everybody, move |visit| {
        let all = meant(&visit, &which)?;
        let mut context = visit.context("unanswered")?;
        which.tell(&visit, &mut context, (ADDRESS, FILE), &all)?;
        let lines = which.page(&all).lines.iter();
        let (noted, open): (Vec<_>, Vec<_>) = lines.partition(|row| !row.seen.is_empty());
        context.insert("open", &open);
        context.insert("noted", &noted);
        context.insert("may_note", &Room::OfficeAndHolders.lets_in(visit.account.duty));
        visit.show("unanswered.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet. It has names of staff alone: a call does not say who it was.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Everybody, move |visit| {
        let lines = meant(&visit, &which)?
            .into_iter()
            .map(|row| vec![row.place, row.day, row.times, row.calls.to_string(), row.seen_by, row.seen]);
        let of_people = Names::People("calls to which nobody went taken as a file", "");
        taken_out::list(&visit, ("calls", "Calls to which nobody went"), of_people, &HEADINGS, lines)
    })
    .await
}

#[derive(serde::Deserialize)]
pub(super) struct Noted {
    #[serde(default)]
    kiosk: String,
    #[serde(default)]
    first: i64,
    #[serde(default)]
    last: i64,
    #[serde(default)]
    form_token: String,
}

/// “Seen”: by whoever answers for children there, not by whoever happened to be in the room.
pub(super) async fn note(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Noted>,
) -> Response {
    visit::form(desk, &headers, Room::OfficeAndHolders, sent.form_token, move |visit| {
        let device: DeviceId = sent.kiosk.parse().map_err(|_| Trouble::NothingHere)?;
        let hub = &visit.desk.hub;
        let between = (Moment(sent.first), Moment(sent.last));
        hub.store.note_unanswered(device, between, visit.account.id, hub.now())?;
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}
