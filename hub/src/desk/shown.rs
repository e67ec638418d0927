//! “Read to the class in assembly”: that the words of an agreement were shown to a whole class or group at once, without
//! those who were absent; and taking all of that back. It counts as nobody's signature.

use std::{collections::HashSet, sync::Arc};

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    agreement::{Agreement, Audience},
    day::SchoolYear,
    ids::{PersonId, RecordId},
};
use serde::Serialize;

use super::{
    Desk,
    office_notes::{day_of, no_day, remark_of, words_on},
    register, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    random,
    store::{
        office_notes::{AtOnce, NewNote, Showing, What},
        registers::{Line, Section, Standing},
    },
};

/// The agreement and the section of its register.
struct Place<'a> {
    agreement: &'a Agreement,
    year: SchoolYear,
    section: &'a Section,
    address: String,
    card: view::Card,
}

/// What was typed, to be shown again where it was refused.
struct Typed {
    /// What all of them will have in common.
    showing: RecordId,
    on: String,
    remark: String,
    /// Who was there, by their ids.
    there: HashSet<String>,
    /// That a day before the words were published here is meant.
    early: bool,
}

/// Somebody who may have been there.
#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    there: bool,
    /// How they stand: “has signed”; empty where there is nothing to say.
    stands: &'static str,
}

/// That it was shown to all at once, as the register tells it.
#[derive(Serialize)]
pub(super) struct ShowingRow {
    id: String,
    on: String,
    version: String,
    people: usize,
    by: String,
    remark: String,
    /// When and by whom it was taken back; empty where it stands.
    back: String,
}

impl ShowingRow {
    /// When the words were shown at once to all of this section, the latest first.
    pub(super) fn all(
        visit: &Visit,
        agreement: &Agreement,
        year: &SchoolYear,
        section: &str,
    ) -> Result<Vec<Self>, Trouble> {
        let hub = &visit.desk.hub;
        let zone = hub.zone()?;
        let row = |one: Showing| Self {
            id: one.id.to_string(),
            on: one.on.in_words(),
            version: one.version.to_string(),
            people: one.people,
            by: one.by,
            remark: one.remark,
            back: one
                .taken_back
                .map(|(at, by)| format!("{}, by {by}", view::when(at, &zone)))
                .unwrap_or_default(),
        };
        Ok(hub.store.showings(agreement, year, section)?.into_iter().map(row).collect())
    }
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((agreement, section)): Path<(String, String)>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        in_place(&visit, &agreement, &section, |place| {
            let everybody = place.section.lines.iter().map(|line| line.person.id.to_string());
            let fresh = Typed {
                showing: RecordId::from_bytes(random::bytes()),
                on: visit.desk.hub.today()?.to_string(),
                remark: String::new(),
                // A class is there but for a few; of parents few come.
                there: everybody.filter(|_| place.agreement.audience != Audience::Parent).collect(),
                early: false,
            };
            show(&visit, place, &fresh, "")
        })
    })
    .await
}

pub(super) async fn enter(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((agreement, section)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let said = |field: &'static str| {
        let values = sent.iter().filter(move |(key, _)| key == field);
        values.map(|(_, value)| value.clone())
    };
    let one = |field| said(field).next().unwrap_or_default();
    let (token, what, showing) = (one("form_token"), one("what"), one("showing"));
    let (on, remark, early) = (one("on"), one("remark"), !one("early").is_empty());
    let there = said("there").collect();
    visit::form(desk, &headers, Room::Office, token, move |visit| {
        let showing = showing.parse().map_err(|_| Trouble::NothingHere)?;
        in_place(&visit, &agreement, &section, |place| match what.as_str() {
            "back" => taken_back(&visit, place, showing),
            _ => entered(&visit, place, &Typed { showing, on, remark, there, early }),
        })
    })
    .await
}

fn in_place(
    visit: &Visit,
    agreement: &str,
    section: &str,
    work: impl FnOnce(&Place<'_>) -> Result<Response, Trouble>,
) -> Result<Response, Trouble> {
    let (pack, register) = register::find(visit, agreement)?;
    let agreement = register::agreement_of(&pack, agreement)?;
    let found = register.sections.iter().find(|one| view::section_address(one) == section);
    work(&Place {
        agreement,
        year: pack.content.year,
        section: found.ok_or(Trouble::NothingHere)?,
        address: section.to_owned(),
        card: view::Card::new(agreement, &register),
    })
}

fn entered(visit: &Visit, place: &Place<'_>, typed: &Typed) -> Result<Response, Trouble> {
    let refuse = |message: &str| show(visit, place, typed, message);
    let is_there = |line: &&Line| typed.there.contains(&line.person.id.to_string());
    let there: Vec<PersonId> =
        place.section.lines.iter().filter(is_there).map(|line| line.person.id).collect();
    if there.is_empty() {
        return refuse("Nothing was entered. Tick whoever was there.");
    }
    let Some(on) = day_of(visit, &place.year, &typed.on)? else {
        return refuse(&format!("Nothing was entered. {}", no_day(&place.year, "it was shown")));
    };
    let remark = match remark_of(&typed.remark) {
        Ok(remark) => remark,
        Err(why) => return refuse(&format!("Nothing was entered. {why}")),
    };
    let words = match words_on(visit, place.agreement, on, typed.early)? {
        Ok(words) => words,
        Err(why) => return refuse(&why),
    };
    let hub = &visit.desk.hub;
    let new = NewNote {
        what: What::Shown,
        agreement: place.agreement,
        words: (&words.version, words.words),
        year: &place.year,
        on,
        remark: &remark,
    };
    let at_once = AtOnce { id: typed.showing, section: &place.address };
    let entered = hub.store.note_of_many(&at_once, &there, &new, visit.account.id, hub.now())?;
    let absent = place.section.lines.len() - there.len();
    back_to_register(place, &format!("shown={entered}&absent={absent}"))
}

fn taken_back(visit: &Visit, place: &Place<'_>, showing: RecordId) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let at_once = AtOnce { id: showing, section: &place.address };
    let slug = &place.agreement.slug;
    let back = hub.store.take_showing_back(slug, &at_once, visit.account.id, hub.now())?;
    back_to_register(place, &format!("back={back}"))
}

fn back_to_register(place: &Place<'_>, told: &str) -> Result<Response, Trouble> {
    let address = format!("/register/{}/{}?{told}", place.agreement.slug, place.address);
    Ok(Redirect::to(&address).into_response())
}

fn show(visit: &Visit, place: &Place<'_>, typed: &Typed, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let row = |line: &Line| {
        let id = line.person.id.to_string();
        Row {
            name: line.person.name(),
            there: typed.there.contains(&id),
            stands: match line.standing {
                Standing::Signed(_) => "has signed",
                _ if line.declined.is_some() => "said no",
                _ => "",
            },
            id,
        }
    };
    let early = match day_of(visit, &place.year, &typed.on)? {
        Some(day) if !message.is_empty() => words_on(visit, place.agreement, day, false)?.is_err(),
        _ => false,
    };
    let mut context = visit.context("registers")?;
    context.insert("card", &place.card);
    context.insert("section", &view::SectionRow::new(place.section));
    context.insert("people", &place.section.lines.iter().map(row).collect::<Vec<_>>());
    context.insert("some_there", &!typed.there.is_empty());
    context.insert("year", &view::year(&place.year));
    context.insert("showing", &typed.showing.to_string());
    context.insert("on", &typed.on);
    context.insert("remark", &typed.remark);
    context.insert("today", &hub.today()?.to_string());
    context.insert("early", &early);
    context.insert("meant", &typed.early);
    context.insert("message", message);
    let page = visit.show("shown.html", &context)?;
    Ok(if message.is_empty() { page } else { visit::refused(page) })
}
