//! Backups: when the last good one was made, what became of the tries before, and another one now.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Form,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::day::Moment;
use serde::Serialize;

use super::{
    Desk,
    listing::Listing,
    taken_out::{self, Names},
    view,
    visit::{self, Room, Visit},
};
use crate::{
    backup::{keeping, running},
    hub::Hub,
    store::{
        StoreError,
        audit::Actor,
        backups::{Outcome, Tried},
    },
};

const ADDRESS: &str = "/backups";
/// The address of the file.
const FILE: &str = "/backups/backups.csv";
const HEADINGS: [&str; 6] = ["When", "What became of it", "File", "Size", "Records", "People"];

#[derive(Serialize)]
struct Row {
    when: String,
    good: bool,
    size: String,
    records: u64,
    people: u64,
    file: String,
    why: String,
}

/// What every page of the office is told when it is time to worry.
#[derive(Serialize)]
pub(super) struct Worry {
    /// The last good backup, in words; empty where there never was one.
    last: String,
    /// What kept the last try from becoming one.
    why: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Now {
    #[serde(default)]
    form_token: String,
}

/// Whether the last good backup is older than two school days.
pub(super) fn worry(hub: &Hub) -> Result<Option<Worry>, StoreError> {
    let good = hub.store.last_good_backup()?;
    let Some(since) =
        good.as_ref().map(|good| good.at).map_or_else(|| hub.store.made_at(), |at| Ok(Some(at)))?
    else {
        return Ok(None);
    };
    let (pack, zone) = (hub.pack()?, hub.zone()?);
    let terms = pack.as_ref().map_or(&[][..], |pack| &pack.content.terms);
    if !keeping::is_late(since, hub.now(), terms, &zone) {
        return Ok(None);
    }
    let tried = hub.store.backups(1)?;
    let why = tried.first().and_then(|tried| match &tried.outcome {
        Outcome::Failed(why) => Some(why.clone()),
        Outcome::Good { .. } => None,
    });
    let last = good.map(|good| view::when(good.at, &zone)).unwrap_or_default();
    Ok(Some(Worry { last, why: why.unwrap_or_default() }))
}

/// When the last good backup was made, in words; empty where there is none.
pub(super) fn last(hub: &Hub) -> Result<String, StoreError> {
    let zone = hub.zone()?;
    Ok(hub.store.last_good_backup()?.map(|good| view::when(good.at, &zone)).unwrap_or_default())
}

/// The tries that are meant, the newest first, or the oldest.
fn meant(hub: &Hub, which: &Listing) -> Result<Vec<Tried>, StoreError> {
    let mut all = hub.store.backups(u32::MAX)?;
    all.retain(|tried| {
        let (is_good, words) = match &tried.outcome {
            Outcome::Good { file, .. } => (true, file),
            Outcome::Failed(why) => (false, why),
        };
        let is_shown = match which.show.as_str() {
            "good" => is_good,
            "failed" => !is_good,
            _ => true,
        };
        is_shown && which.is_named([words.as_str()])
    });
    if which.sort == "old" {
        all.reverse();
    }
    Ok(all)
}

pub(super) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        let hub = &visit.desk.hub;
        let zone = hub.zone()?;
        let tried = meant(hub, &which)?;
        let good = hub.store.last_good_backup()?;
        let same_disk =
            good.as_ref().is_some_and(|g| matches!(g.outcome, Outcome::Good { same_disk: true, .. }));
        let where_to = hub.backups().map(|folder| folder.display().to_string()).unwrap_or_default();
        let mut context = visit.context("backups")?;
        let rows: Vec<Row> = which.page(&tried).lines.iter().map(|tried| row(tried, &zone)).collect();
        context.insert("rows", &rows);
        context.insert("last", &last(hub)?);
        context.insert("folder", &where_to);
        context.insert("same_disk", &same_disk);
        context.insert("under_way", &hub.backing_up().load(Ordering::SeqCst));
        context.insert("days", &keeping::DAYS);
        context.insert("expire", &keeping::EXPIRE_DAYS);
        context.insert("of_machines", &true);
        which.tell(&visit, &mut context, (ADDRESS, FILE), &tried)?;
        visit.show("backups.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet: what somebody shows who is asked whether backups are made. Nobody is named in it.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        let hub = &visit.desk.hub;
        let (zone, found) = (hub.zone()?, meant(hub, &which)?);
        let lines = found.iter().map(|tried| {
            let row = row(tried, &zone);
            let count = |count: u64| if row.good { count.to_string() } else { String::new() };
            let became =
                if row.good { "made and tried".to_owned() } else { format!("not made: {}", row.why) };
            let (records, people) = (count(row.records), count(row.people));
            vec![row.when, became, row.file, row.size, records, people]
        });
        taken_out::list(&visit, ("backups", "Backups"), Names::Nobody, &HEADINGS, lines)
    })
    .await
}

/// Begins one; the page shows what becomes of it.
pub(super) async fn now(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Now>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, sent.form_token, |visit: Visit| {
        running::begin(&visit.desk.hub, Actor::Account(visit.account.id));
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

fn row(tried: &Tried, zone: &jiff::tz::TimeZone) -> Row {
    let when = view::when(Moment(tried.at.0), zone);
    match &tried.outcome {
        Outcome::Good { file, bytes, records, people, .. } => Row {
            when,
            good: true,
            size: size(*bytes),
            records: *records,
            people: *people,
            file: file.clone(),
            why: String::new(),
        },
        Outcome::Failed(why) => Row {
            when,
            good: false,
            size: String::new(),
            records: 0,
            people: 0,
            file: String::new(),
            why: why.clone(),
        },
    }
}

/// “1.2 MB”, as file managers say it.
fn size(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_said_as_file_managers_say_them() {
        assert_eq!(
            (size(1), size(1_200_000), size(34_560_000)),
            ("0.1 MB".into(), "1.2 MB".into(), "34.6 MB".into())
        );
    }
}
