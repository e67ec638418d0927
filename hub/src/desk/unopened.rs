//! A box that nobody opened on a school day is told to everybody who can see to it: since when, never what is in it,
//! for nobody knows that.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use records::day::Moment;
use serde::Serialize;

use super::{
    Desk, safeguarding, view,
    visit::{self, Room},
};
use crate::{clock, hub::Hub, mail::running, store::StoreError, unopened};

/// A box that waits for its role.
#[derive(Serialize)]
pub(super) struct Unopened {
    role: &'static str,
    /// When it was last opened.
    last: String,
    /// How many school days have passed since, and the first of them.
    days: usize,
    first: String,
}

/// The boxes that wait.
pub(super) fn boxes(hub: &Hub) -> Result<Vec<Unopened>, StoreError> {
    let zone = hub.zone()?;
    let waiting = unopened::boxes(hub)?.into_iter().filter_map(|one| {
        Some(Unopened {
            role: safeguarding::title(one.role),
            last: clock::local(one.last, &zone).strftime("%A, %-d %B").to_string(),
            days: one.missed.len(),
            first: one.missed.first()?.strftime("%A, %-d %B").to_string(),
        })
    });
    Ok(waiting.collect())
}

/// What became of the letters that the hub writes about them.
#[derive(Serialize)]
struct Letters {
    /// When the last one went, in words; empty where none has gone.
    last: String,
    readers: usize,
    problem: String,
}

/// A notice for each of them, to print and to hand over. It says no more than the desk does.
pub(super) async fn notice(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHolders, |visit| {
        let hub = &visit.desk.hub;
        let mut context = visit.context("unopened")?;
        let letters = if hub.mail().is_some() {
            let written = running::written(hub)?;
            let zone = hub.zone()?;
            let last = written.last.map(|at| view::when(Moment(at), &zone)).unwrap_or_default();
            Some(Letters { last, readers: written.readers, problem: written.problem })
        } else {
            None
        };
        context.insert("letters", &letters);
        context.insert("printed", &view::when(hub.now(), &hub.zone()?));
        visit.show("unopened.html", &context)
    })
    .await
}
