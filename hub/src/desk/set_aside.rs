//! Records that were set aside or have something odd about them, until somebody has looked and written what came of it.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Form,
    extract::{Query, State},
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
    Desk,
    listing::{Listing, page_at},
    taken_out::{self, Names},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::looked::{Doubt, Looked};

/// The longest note, in letters.
const NOTE: usize = 500;
const ADDRESS: &str = "/set-aside";
/// The address of the file.
const FILE: &str = "/set-aside/set-aside.csv";
const HEADINGS: [&str; 7] =
    ["Kiosk", "Came", "Why, or what is odd", "Record", "Looked at", "By", "What came of it"];

#[derive(Serialize)]
struct Row {
    /// What the form for it names.
    doubt: String,
    kiosk: String,
    received: String,
    reason: String,
    id: String,
    looked: Option<LookedRow>,
    /// Whether it is stored all the same.
    #[serde(skip)]
    odd: bool,
    #[serde(skip)]
    at: i64,
}

impl Row {
    /// All that somebody may look for in it.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let looked = self.looked.iter().flat_map(|looked| [looked.by.as_str(), &looked.note]);
        [self.kiosk.as_str(), &self.received, &self.reason, &self.id].into_iter().chain(looked)
    }

    fn cells(self) -> Vec<String> {
        let looked = self.looked.map(|looked| [looked.when, looked.by, looked.note]).unwrap_or_default();
        [self.kiosk, self.received, self.reason, self.id].into_iter().chain(looked).collect()
    }
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
            odd: matches!(doubt, Doubt::Odd(..)),
            at: received.0,
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

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| show(&visit, &which, "", "", "")).await
}

/// The same as a file for a spreadsheet: what nobody has looked at, and what somebody has.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        // What somebody wrote about a record may name whose it is.
        let names = Names::People("set aside taken as a file", "");
        let lines = meant(&visit, &which)?.into_iter().map(Row::cells);
        taken_out::list(&visit, ("set-aside", "Records set aside"), names, &HEADINGS, lines)
    })
    .await
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
        let refuse =
            |why: &str| Ok(visit::refused(show(&visit, &Listing::default(), why, &sent.doubt, &note)?));
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

/// The records that are meant, those that nobody has looked at first; of each the newest first, or by kiosk.
fn meant(visit: &Visit, which: &Listing) -> Result<Vec<Row>, Trouble> {
    let store = &visit.desk.hub.store;
    let names = store.kiosks()?.into_iter().map(|kiosk| (kiosk.device, kiosk.name)).collect();
    let rows = Rows { names, zone: visit.desk.hub.zone()? };
    let aside = store.set_aside()?.into_iter().map(|one| {
        let doubt = Doubt::Aside(one.device, one.digest);
        rows.row(doubt, one.device, one.received, one.reason, one.id, one.looked)
    });
    let odd = store.odd()?.into_iter().map(|one| {
        let words = one.oddity.in_words().to_owned();
        rows.row(Doubt::Odd(one.id, one.oddity), one.device, one.received, words, Some(one.id), one.looked)
    });
    let mut all: Vec<Row> = aside.chain(odd).collect();
    all.retain(|row| {
        let is_shown = match which.show.as_str() {
            "open" => row.looked.is_none(),
            "done" => row.looked.is_some(),
            _ => true,
        };
        is_shown && which.is_named(row.texts())
    });
    all.sort_by_key(|row| std::cmp::Reverse(row.at));
    if which.sort == "kiosk" {
        all.sort_by_key(|row| row.kiosk.to_lowercase());
    }
    all.sort_by_key(|row| row.looked.is_some());
    Ok(all)
}

/// `typed` was typed for `doubt`, and not taken.
fn show(
    visit: &Visit,
    which: &Listing,
    message: &str,
    doubt: &str,
    typed: &str,
) -> Result<Response, Trouble> {
    let found = meant(visit, which)?;
    // What was typed and not taken is shown again where it was typed.
    let typed_at = found.iter().position(|row| row.doubt == doubt);
    let which = &Listing { page: typed_at.map_or_else(|| which.page.clone(), page_at), ..which.clone() };
    let lines = which.page(&found).lines;
    let of = |is_done: bool, is_odd: Option<bool>| {
        let rows = lines.iter().filter(|row| row.looked.is_some() == is_done);
        rows.filter(|row| is_odd.is_none_or(|is_odd| row.odd == is_odd)).collect::<Vec<_>>()
    };
    let mut context = visit.context("set-aside")?;
    context.insert("message", message);
    context.insert("doubt", doubt);
    context.insert("typed", typed);
    context.insert("rows", &of(false, Some(false)));
    context.insert("odd", &of(false, Some(true)));
    context.insert("done", &of(true, None));
    let all_done = found.iter().filter(|row| row.looked.is_some()).count();
    context.insert("all_done", &all_done);
    context.insert("all_open", &(found.len() - all_done));
    context.insert("letters", &NOTE);
    which.tell(visit, &mut context, (ADDRESS, FILE), &found)?;
    visit.show("set_aside.html", &context)
}
