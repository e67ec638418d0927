//! The register of an agreement: in short, by class, and as a file.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use records::{agreement::Agreement, pack::Pack, visitor::AT_THE_ENTRANCE};

use super::{
    Desk, csv_export,
    view::{self, Card, PersonRow, SectionRow},
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    store::{
        audit::Actor,
        registers::{Register, Section},
    },
};

/// The section of those who signed this year and have left.
const LEFT: &str = "left";

pub(super) async fn summary(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(agreement): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let (pack, register) = find(&visit, &agreement)?;
        let agreement = agreement_of(&pack, &agreement)?;
        if AT_THE_ENTRANCE.contains(&agreement.audience) {
            let address = format!("/visitors?agreement={}", agreement.audience);
            return Ok(Redirect::to(&address).into_response());
        }
        let sections: Vec<_> = register.sections.iter().map(SectionRow::new).collect();
        let mut context = visit.context("registers")?;
        context.insert("card", &Card::new(agreement, &register));
        context.insert("sections", &sections);
        context.insert("left", &register.left.len());
        context.insert("year", &view::year(&pack.content.year));
        visit.show("register.html", &context)
    })
    .await
}

/// What was entered from paper just now.
#[derive(serde::Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    entered: Option<usize>,
    /// How many had signed already.
    #[serde(default)]
    already: usize,
}

impl Entered {
    fn in_words(&self) -> Option<String> {
        let mut words = match self.entered? {
            0 => "Nobody was entered.".to_owned(),
            1 => "One signature is entered from paper.".to_owned(),
            many => format!("{many} signatures are entered from paper."),
        };
        match self.already {
            0 => {}
            1 => words.push_str(" One of those who were ticked had signed already."),
            many => words.push_str(&format!(" {many} of those who were ticked had signed already.")),
        }
        Some(words)
    }
}

pub(super) async fn section(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((agreement, section)): Path<(String, String)>,
    Query(told): Query<Entered>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let (pack, mut register) = find(&visit, &agreement)?;
        let agreement = agreement_of(&pack, &agreement)?;
        let card = Card::new(agreement, &register);
        if section == LEFT {
            let lines = std::mem::take(&mut register.left);
            register.sections.push(Section { class: None, name: "Left".into(), lines });
        }
        let found = register.sections.iter().find(|s| view::section_address(s) == section);
        let found = found.ok_or(Trouble::NothingHere)?;
        let zone = clock::zone(&pack.content);
        let people: Vec<_> = found.lines.iter().map(|line| PersonRow::new(line, &zone)).collect();
        let mut context = visit.context("registers")?;
        context.insert("card", &card);
        context.insert("section", &SectionRow::new(found));
        context.insert("people", &people);
        context.insert("is_left", &(section == LEFT));
        context.insert("told", &told.in_words().unwrap_or_default());
        let address = format!("/register/{}/{section}/display.pdf", agreement.slug);
        let signed = found.class.filter(|_| found.signed() > 0);
        context.insert("wall", &signed.map(|_| address).unwrap_or_default());
        context.insert("year", &view::year(&pack.content.year));
        context.insert("printed", &view::when(visit.desk.hub.now(), &zone));
        visit.show("section.html", &context)
    })
    .await
}

pub(super) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(agreement): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let (pack, register) = find(&visit, &agreement)?;
        let agreement = agreement_of(&pack, &agreement)?;
        let zone = clock::zone(&pack.content);
        let today = clock::day(visit.desk.hub.now(), &zone);
        let (hub, actor) = (&visit.desk.hub, Actor::Account(visit.account.id));
        // Whoever takes names out of the hub is noted before they get them.
        hub.store.note(actor, "register taken as a file", agreement.slug.as_str(), hub.now())?;
        let bytes = csv_export::write(agreement, &register, &zone, today);
        let name = csv_export::file_name(agreement, today);
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        Ok((headers, bytes).into_response())
    })
    .await
}

pub(super) fn find(visit: &Visit, slug: &str) -> Result<(Arc<Pack>, Register), Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?.ok_or(Trouble::NothingHere)?;
    let register = hub.store.register(agreement_of(&pack, slug)?, &pack.content.year)?;
    Ok((pack, register))
}

pub(super) fn agreement_of<'p>(pack: &'p Pack, slug: &str) -> Result<&'p Agreement, Trouble> {
    pack.content.agreements.iter().find(|a| a.slug.as_str() == slug).ok_or(Trouble::NothingHere)
}
