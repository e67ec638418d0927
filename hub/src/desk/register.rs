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
    listing::Listing,
    shown::ShowingRow,
    view::{self, Card, PersonRow, SectionRow},
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    handling::Label,
    store::{
        audit::Actor,
        registers::{Line, Register, Section},
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
        re_signing(&mut context, agreement, &pack);
        visit.show("register.html", &context)
    })
    .await
}

/// What was entered just now: from paper, or that the words were shown.
#[derive(serde::Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    entered: Option<usize>,
    /// How many had signed already.
    #[serde(default)]
    already: usize,
    /// To how many the words were shown.
    #[serde(default)]
    shown: Option<usize>,
    /// How many were not there.
    #[serde(default)]
    absent: usize,
    /// Of how many that was taken back.
    #[serde(default)]
    back: Option<usize>,
}

impl Entered {
    fn in_words(&self) -> Option<String> {
        if let Some(shown) = self.shown {
            return Some(match (shown, self.absent) {
                (0, _) => "Nobody was entered: that page was sent already. For another day, or for somebody else, choose “Enter that the words were shown” anew.".to_owned(),
                (shown, 0) => format!("It is entered that the words were shown to {shown}, everybody here."),
                (shown, 1) => {
                    format!("It is entered that the words were shown to {shown}; one was not there.")
                }
                (shown, absent) => {
                    format!("It is entered that the words were shown to {shown}; {absent} were not there.")
                }
            });
        }
        if let Some(back) = self.back {
            return Some(match back {
                0 => "Nothing was changed: that is taken back already.".to_owned(),
                back => {
                    format!("It is taken back that the words were shown to {back}. The entry stays, marked.")
                }
            });
        }
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
    Query(which): Query<Listing>,
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
        let row = |line: &Line| PersonRow::new(line, agreement, &zone);
        let meant = meant(&found.lines, &which);
        let people: Vec<_> = which.page(&meant).lines.iter().map(|line| row(line)).collect();
        // For the wall it is nobody's choice of a list who is on it, but their ticks.
        let signers: Vec<_> = found.lines.iter().filter(|line| line.standing.is_signed()).map(row).collect();
        let mut context = visit.context("registers")?;
        context.insert("card", &card);
        context.insert("section", &SectionRow::new(found));
        context.insert("people", &people);
        context.insert("signers", &signers);
        let page = format!("/register/{}/{section}", agreement.slug);
        let file = format!("/register/{}/register.csv", agreement.slug);
        let in_file = Listing { class: section.clone(), ..which };
        in_file.tell(&visit, &mut context, (&page, &file), &meant)?;
        context.insert("nothing_sought", &(in_file.name.trim().is_empty() && in_file.show.is_empty()));
        context.insert("is_left", &(section == LEFT));
        let showings = ShowingRow::all(&visit, agreement, &pack.content.year, &section)?;
        context.insert("showings", &showings);
        context.insert("told", &told.in_words().unwrap_or_default());
        let address = format!("/register/{}/{section}/display.pdf", agreement.slug);
        let signed = found.class.filter(|_| found.signed() > 0);
        context.insert("wall", &signed.map(|_| address).unwrap_or_default());
        re_signing(&mut context, agreement, &pack);
        visit.show("section.html", &context)
    })
    .await
}

/// For which school year it is signed, and who signs again when.
fn re_signing(context: &mut tera::Context, agreement: &Agreement, pack: &Pack) {
    context.insert("year", &view::year(&pack.content.year));
    context.insert("again_from", &view::asked_again(&pack.content.year).in_words());
    context.insert("asks_again", view::asks_again(agreement));
}

/// The lines that are meant: by surname, or who signed last first.
fn meant<'l>(lines: &'l [Line], which: &Listing) -> Vec<&'l Line> {
    let is_meant = |line: &&Line| {
        let is_shown = match which.show.as_str() {
            "signed" => line.standing.is_signed(),
            "to-sign" => !line.standing.is_signed(),
            "declined" => line.declined.is_some(),
            "shown" => line.is_shown(),
            "not-shown" => line.is_not_shown(),
            _ => true,
        };
        let role = line.person.role.as_deref().unwrap_or_default();
        is_shown && which.is_named([line.person.name().as_str(), role])
    };
    let mut lines: Vec<&Line> = lines.iter().filter(is_meant).collect();
    if which.sort == "when" {
        lines.sort_by_key(|line| std::cmp::Reverse(line.standing.signature().map(|signed| signed.when.0)));
    }
    lines
}

/// The part of a register that is meant.
fn part(register: &Register, which: &Listing) -> Register {
    let of = |lines: &[Line]| meant(lines, which).into_iter().cloned().collect();
    let is_meant = |address: &str| which.class.is_empty() || which.class == address;
    let sections = register.sections.iter().filter(|section| is_meant(&view::section_address(section)));
    let sections = sections.map(|section| Section { lines: of(&section.lines), ..section.clone() });
    let left = if is_meant(LEFT) { of(&register.left) } else { Vec::new() };
    Register { sections: sections.collect(), left }
}

/// All of it as a file for a spreadsheet, or the part that is meant.
pub(super) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(agreement): Path<String>,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let (pack, register) = find(&visit, &agreement)?;
        let register = part(&register, &which);
        let agreement = agreement_of(&pack, &agreement)?;
        let zone = clock::zone(&pack.content);
        let today = clock::day(visit.desk.hub.now(), &zone);
        let (hub, actor) = (&visit.desk.hub, Actor::Account(visit.account.id));
        // Whoever takes names out of the hub is noted before they get them.
        hub.store.note(actor, "register taken as a file", agreement.slug.as_str(), hub.now())?;
        let bytes = csv_export::write(
            &hub.label(Label::Lists)?,
            agreement,
            &register,
            (&zone, &pack.content.year),
            today,
        );
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
