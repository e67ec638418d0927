//! The log of incidents: what reports were made one, for those who can open them.

use axum::{extract::Query, http::StatusCode, response::Response};

use super::{Asking, Held, Open, all, refused, standing::Standing, view::IncidentRow};
use crate::desk::{
    listing::Listing,
    visit::{Trouble, Visit},
};

/// The address of the log.
const ADDRESS: &str = "/safeguarding/incidents";
/// The address of the file.
const FILE: &str = "/safeguarding/incidents.csv";

/// The log, the latest first.
pub(in crate::desk) async fn log(asking: Asking, Query(which): Query<Listing>) -> Response {
    super::page(asking, move |visit, open| show(visit, open, &which, "", "")).await
}

/// The log again, for somebody whose file was not made: what they typed stays.
pub(super) fn not_taken(
    visit: &Visit,
    open: &Open,
    which: &Listing,
    because: &str,
    why: &str,
) -> Result<Response, Trouble> {
    refused(StatusCode::BAD_REQUEST, show(visit, open, which, because, why))
}

/// The incidents that are meant, each with the report that was made one: the latest first, or by what they are.
pub(super) fn meant<'h>(
    visit: &Visit,
    all: &'h [(Standing, Held)],
    which: &Listing,
) -> Result<Vec<(&'h Held, IncidentRow)>, Trouble> {
    let zone = visit.desk.hub.zone()?;
    let seen = all.iter().filter(|(_, held)| !held.is_aside_for(visit));
    let rows = seen.flat_map(|(standing, held)| {
        IncidentRow::of(held, standing, &zone).map(move |(at, row)| (at, held, row))
    });
    let mut rows: Vec<_> = rows
        .filter(|(_, _, row)| match which.show.as_str() {
            "open" => !row.is_closed(),
            "closed" => row.is_closed(),
            _ => true,
        })
        .filter(|(_, _, row)| which.is_named(row.texts()))
        .collect();
    rows.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    match which.sort.as_str() {
        "old" => rows.reverse(),
        "kind" => rows.sort_by_key(|(.., row)| row.sort()),
        _ => {}
    }
    Ok(rows.into_iter().map(|(_, held, row)| (held, row)).collect())
}

fn show(
    visit: &Visit,
    open: &Open,
    which: &Listing,
    because: &str,
    message: &str,
) -> Result<Response, Trouble> {
    let all = all(visit, open)?;
    let found = meant(visit, &all, which)?;
    let rows: Vec<_> = which.page(&found).lines.iter().map(|(_, row)| row).collect();
    let mut context = visit.context("reports")?;
    context.insert("rows", &rows);
    context.insert("because", because);
    context.insert("message", message);
    which.tell(visit, &mut context, (ADDRESS, FILE), &found)?;
    visit.show("incidents.html", &context)
}
