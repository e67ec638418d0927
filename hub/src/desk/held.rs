//! All that is held on one person, for whoever asks for it: found by name, made as a PDF, noted before it is handed out.
//! And a pupil's file for the next school.

use std::{collections::HashSet, sync::Arc, time::Instant};

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use records::{ids::RecordId, paper::Paper};

use super::{
    Desk, person, print, registers,
    taken_out::download,
    visit::{self, Room, Trouble, Visit},
    visitors::{Line, of_name},
};
use crate::{
    clock,
    held::Maker,
    log,
    store::{audit::Actor, held::Held},
    transfer,
};

#[derive(serde::Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    name: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    /// Of a transfer: “pdf”, “json”, or “receipt” with its number.
    #[serde(default)]
    what: String,
    #[serde(default)]
    number: String,
    /// Of a receipt: that it is there and signed.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

/// Whom is it about?
pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHead, move |visit| {
        let mut context = visit.context("held")?;
        context.insert("wanted", which.name.trim());
        context.insert("found", &person::found(&visit, &which.name)?);
        let hub = &visit.desk.hub;
        let (zone, lines) = (hub.zone()?, of_name(hub.store.visitors()?, &which.name));
        let lines: Vec<_> = lines.iter().map(|visitor| Line::new(visitor, &zone, &[])).collect();
        context.insert("visitors", &lines);
        visit.show("held.html", &context)
    })
    .await
}

/// Everything, as a PDF.
pub(super) async fn everything(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::OfficeAndHead, sent.form_token, move |visit| {
        let held = held(&visit, &id)?;
        let paper = with_maker(&visit, |maker| maker.paper(&held))?;
        match printed(&visit, &paper, print::of_a_page())? {
            Ok(pdf) => {
                let (hub, actor) = (&visit.desk.hub, Actor::Account(visit.account.id));
                // Whoever takes names out of the hub is noted before they get them.
                hub.store.note(actor, "all that is held handed out", &held.id.to_string(), hub.now())?;
                Ok(download("application/pdf", "all-that-is-held-PRIVATE.pdf", pdf))
            }
            Err(page) => Ok(page),
        }
    })
    .await
}

/// What is held on a visitor, as a PDF: the lines of the book that the office has found to be theirs.
pub(super) async fn visitors(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let said = |field: &'static str| {
        sent.iter().filter(move |(key, _)| key == field).map(|(_, value)| value.clone())
    };
    let token = said("form_token").next().unwrap_or_default();
    let wanted: HashSet<String> = said("line").collect();
    visit::form(desk, &headers, Room::OfficeAndHead, token, move |visit| {
        let hub = &visit.desk.hub;
        let ids: Vec<RecordId> = wanted.iter().filter_map(|id| id.parse().ok()).collect();
        let held = hub.store.visitor_held(&ids)?;
        if held.lines.is_empty() {
            return Err(Trouble::NothingHere);
        }
        let paper = with_maker(&visit, |maker| maker.visitor_paper(&held))?;
        match printed(&visit, &paper, print::of_a_page())? {
            Ok(pdf) => {
                let ids: Vec<String> = held.lines.iter().map(|(line, _)| line.id.to_string()).collect();
                let actor = Actor::Account(visit.account.id);
                // Whoever takes names out of the hub is noted before they get them.
                hub.store.note(actor, "all that is held handed out", &ids.join(" "), hub.now())?;
                Ok(download("application/pdf", "all-that-is-held-PRIVATE.pdf", pdf))
            }
            Err(page) => Ok(page),
        }
    })
    .await
}

/// A pupil's file for the next school, made or received.
pub(super) async fn transfer(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let held = held(&visit, &id)?;
        let (hub, account) = (&visit.desk.hub, visit.account.id);
        if sent.what == "receipt" {
            let number = sent.number.parse().map_err(|_| Trouble::NothingHere)?;
            if sent.sure.is_empty() {
                let text = "Nothing was changed. Tick that the signed receipt is there, then try again.";
                return Ok(visit::refused(person::show(&visit, &id, text)?));
            }
            if !hub.store.note_receipt(held.id, number, account, hub.now())? {
                return Err(Trouble::NothingHere);
            }
            return Ok(Redirect::to(&format!("/people/{id}")).into_response());
        }
        // The JSON and the page of one file have one number.
        let known = sent.number.parse().ok();
        let known = known.filter(|number| held.transfers.iter().any(|one| one.number == *number));
        let draft = with_maker(&visit, |maker| transfer::file(maker, &held, 0))?;
        let mut file = draft.ok_or(Trouble::NothingHere)?;
        let begin = || match known {
            Some(number) => Ok(number),
            None => hub.store.begin_transfer(held.id, account, hub.now()),
        };
        if sent.what == "json" {
            file.number = begin()?;
            let name = format!("transfer-{}-PRIVATE.json", file.number);
            return Ok(download("application/json", &name, file.write()));
        }
        // A file that cannot be printed takes no number.
        let trial = with_maker(&visit, |maker| transfer::paper(maker, &file))?;
        let end = print::of_a_page();
        if let Err(page) = printed(&visit, &trial, end)? {
            return Ok(page);
        }
        file.number = begin()?;
        let paper = with_maker(&visit, |maker| transfer::paper(maker, &file))?;
        let name = format!("transfer-{}-PRIVATE.pdf", file.number);
        Ok(printed(&visit, &paper, end)?
            .map_or_else(|page| page, |pdf| download("application/pdf", &name, pdf)))
    })
    .await
}

fn held(visit: &Visit, id: &str) -> Result<Held, Trouble> {
    let id = id.parse().map_err(|_| Trouble::NothingHere)?;
    let mut held = visit.desk.hub.store.held(id)?.ok_or(Trouble::NothingHere)?;
    // What somebody may not read does not leave by this door either.
    let read = registers::read_whole(visit)?;
    held.entries.retain(|(register, _)| read.contains(register));
    Ok(held)
}

/// With what such pages need to know of the school.
pub(super) fn with_maker<T>(visit: &Visit, make: impl FnOnce(&Maker<'_>) -> T) -> Result<T, Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?;
    Ok(make(&Maker {
        school: &hub.identity().school_name,
        zone: pack.as_ref().map_or(jiff::tz::TimeZone::UTC, |pack| clock::zone(&pack.content)),
        now: hub.now(),
        colours: pack.and_then(|pack| pack.content.colours.clone()),
    }))
}

/// The PDF, or the page that says why there is none.
fn printed(visit: &Visit, paper: &Paper, end: Instant) -> Result<Result<Vec<u8>, Response>, Trouble> {
    match print::printed(&["paper", "-"], paper.write(visit.desk.hub.now()), end) {
        Ok(pdf) => Ok(Ok(pdf)),
        Err(error) => {
            // What the print engine says may name somebody: it is for the page alone.
            log::line("pages about one person were not printed");
            let mut context = visit.context("held")?;
            context.insert("title", "The pages were not made");
            context.insert("text", &format!("{error}. Nothing was changed."));
            let page = visit.show("trouble.html", &context)?;
            Ok(Err((StatusCode::SERVICE_UNAVAILABLE, page).into_response()))
        }
    }
}
