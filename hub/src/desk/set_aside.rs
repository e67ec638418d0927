//! Records that were set aside or have something odd about them, until somebody has looked and written what came of it.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Form,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::tz::TimeZone;
use records::{
    day::Moment,
    ids::{DeviceId, RecordId},
};
use serde::Serialize;

use super::{
    Desk, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::looked::{Doubt, Looked};

/// The longest note, in letters.
const NOTE: usize = 500;
const ADDRESS: &str = "/set-aside";

#[derive(Serialize)]
struct Row {
    /// What the form for it names.
    doubt: String,
    kiosk: String,
    received: String,
    reason: String,
    id: String,
    looked: Option<LookedRow>,
}

#[derive(Serialize)]
struct LookedRow {
    by: String,
    when: String,
    note: String,
}

/// What every row needs.
struct Rows {
    names: HashMap<DeviceId, String>,
    zone: TimeZone,
}

impl Rows {
    fn row(
        &self,
        doubt: Doubt,
        device: DeviceId,
        received: Moment,
        reason: String,
        id: Option<RecordId>,
        looked: Option<Looked>,
    ) -> Row {
        Row {
            doubt: doubt.to_string(),
            kiosk: self.names.get(&device).cloned().unwrap_or_else(|| device.to_string()),
            received: view::when(received, &self.zone),
            reason,
            id: id.map(|id| id.to_string()).unwrap_or_default(),
            looked: looked.map(|looked| LookedRow {
                by: looked.by,
                when: view::when(looked.at, &self.zone),
                note: looked.note,
            }),
        }
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Machines, |visit| show(&visit, "", "", "")).await
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    doubt: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    form_token: String,
}

/// Somebody has looked at one.
pub(super) async fn looked(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, sent.form_token, move |visit| {
        let doubt: Doubt = sent.doubt.parse().map_err(|_| Trouble::NothingHere)?;
        let note = sent.note.trim().replace("\r\n", "\n");
        let refuse = |why: &str| Ok(visit::refused(show(&visit, why, &sent.doubt, &note)?));
        if note.is_empty() {
            return refuse("Nothing was changed. Write what came of it: whoever looks next wants to know.");
        }
        if note.chars().count() > NOTE {
            return refuse(&format!(
                "Nothing was changed. The note is too long: {NOTE} letters are the most."
            ));
        }
        let hub = &visit.desk.hub;
        // Where somebody else was quicker, what they wrote stands, and the page shows it.
        hub.store.note_looked_at(doubt, &note, visit.account.id, hub.now())?;
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// `typed` was typed for `doubt`, and not taken.
fn show(visit: &Visit, message: &str, doubt: &str, typed: &str) -> Result<Response, Trouble> {
    let store = &visit.desk.hub.store;
    let names = store.kiosks()?.into_iter().map(|kiosk| (kiosk.device, kiosk.name)).collect();
    let rows = Rows { names, zone: visit.desk.hub.zone()? };
    let aside = store.set_aside()?.into_iter().map(|one| {
        let doubt = Doubt::Aside(one.device, one.digest);
        rows.row(doubt, one.device, one.received, one.reason, one.id, one.looked)
    });
    let (aside_done, aside): (Vec<_>, Vec<_>) = aside.partition(|row| row.looked.is_some());
    let odd = store.odd()?.into_iter().map(|one| {
        let words = one.oddity.in_words().to_owned();
        rows.row(Doubt::Odd(one.id, one.oddity), one.device, one.received, words, Some(one.id), one.looked)
    });
    let (odd_done, odd): (Vec<_>, Vec<_>) = odd.partition(|row| row.looked.is_some());
    let done: Vec<Row> = aside_done.into_iter().chain(odd_done).collect();
    let mut context = visit.context("set-aside")?;
    context.insert("message", message);
    context.insert("doubt", doubt);
    context.insert("typed", typed);
    context.insert("rows", &aside);
    context.insert("odd", &odd);
    context.insert("done", &done);
    context.insert("letters", &NOTE);
    visit.show("set_aside.html", &context)
}
