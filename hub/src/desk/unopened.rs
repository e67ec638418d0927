//! A box that nobody opened on a school day is told to everybody who can see to it: since when, never what is in it,
//! for nobody knows that.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use records::report::Role;
use serde::Serialize;

use super::{
    Desk, safeguarding, view,
    visit::{self, Room},
};
use crate::{clock, hub::Hub, school_days, store::StoreError};

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

/// After so many school days that are over it is told that nobody opened a role's box. The safeguarding lead and the
/// headteacher are at school each day; the chair and the vice-chair are not, and every report that is for them alone can
/// be opened by either.
const fn patience(role: Role) -> usize {
    match role {
        Role::Safeguarding | Role::Headteacher => 1,
        Role::Chair | Role::ViceChair => 5,
    }
}

/// The boxes that wait, while all roles have their keys: before that no kiosk asks anything.
pub(super) fn boxes(hub: &Hub) -> Result<Vec<Unopened>, StoreError> {
    let openings = hub.store.last_openings()?;
    if openings.len() < Role::ALL.len() {
        return Ok(Vec::new());
    }
    let (pack, zone, now) = (hub.pack()?, hub.zone()?, hub.now());
    let terms = pack.as_ref().map_or(&[][..], |pack| &pack.content.terms);
    let waiting = openings.into_iter().filter_map(|(role, last)| {
        let missed = school_days::missed(last, now, terms, &zone);
        let first = missed.first().filter(|_| missed.len() >= patience(role))?;
        Some(Unopened {
            role: safeguarding::title(role),
            last: clock::local(last, &zone).strftime("%A, %-d %B").to_string(),
            days: missed.len(),
            first: first.strftime("%A, %-d %B").to_string(),
        })
    });
    Ok(waiting.collect())
}

/// A notice for each of them, to print and to hand over. It says no more than the desk does.
pub(super) async fn notice(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHolders, |visit| {
        let hub = &visit.desk.hub;
        let mut context = visit.context("unopened")?;
        context.insert("printed", &view::when(hub.now(), &hub.zone()?));
        visit.show("unopened.html", &context)
    })
    .await
}
