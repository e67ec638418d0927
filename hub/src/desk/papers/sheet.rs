//! “These signed on paper”: the names of a class or a group with tick boxes, one day and one scan for all.

use std::{collections::HashSet, sync::Arc};

use axum::{
    extract::{Path, Query, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    agreement::Agreement,
    day::{Day, SchoolYear},
};
use serde::Serialize;

use super::{NO_DAY, WithScan, day_on, doubted, not_kept};
use crate::{
    clock,
    desk::{
        Desk, register, view,
        visit::{self, Room, Trouble, Visit},
    },
    random,
    store::{
        papers::{OnPaper, Sheet, WordsOnPaper},
        registers::{Line, Section, Standing},
    },
};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Which {
    /// “all”: every name is ticked when the page opens.
    #[serde(default)]
    tick: String,
}

/// What was typed, to be shown again where it was refused.
#[derive(Debug, Default)]
struct Typed {
    /// The sheet's random id, in hexadecimal digits.
    sheet: String,
    day: String,
    /// The words that stand on the paper, by their digest.
    words: String,
    /// Who signed, by their ids.
    on: HashSet<String>,
    /// Who was helped.
    helped: HashSet<String>,
    /// That an early day is meant.
    early: bool,
}

/// Somebody who may have signed.
#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    role: String,
    on: bool,
    helped: bool,
    /// That they signed before, and why that does not count.
    before: &'static str,
}

/// Words to choose from.
#[derive(Serialize)]
struct Choice {
    digest: String,
    version: String,
    since: String,
    chosen: bool,
}

/// A page of the register: the agreement, the section, and what is known of both.
struct Place<'a> {
    agreement: &'a Agreement,
    year: SchoolYear,
    section: &'a Section,
    card: view::Card,
    words: Vec<WordsOnPaper>,
}

pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((agreement, section)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        in_place(&visit, &agreement, &section, |place| {
            let mut typed = Typed::default();
            if which.tick == "all" {
                typed.on = asked(place.section).map(|line| line.person.id.to_string()).collect();
            }
            show(&visit, place, &typed, "")
        })
    })
    .await
}

pub(in crate::desk) async fn enter(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((agreement, section)): Path<(String, String)>,
    request: Request,
) -> Response {
    WithScan::of_the_office(desk, &headers, request, move |visit, sent| {
        in_place(&visit, &agreement, &section, |place| entered(&visit, place, &sent))
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
        card: view::Card::new(agreement, &register),
        words: visit.desk.hub.store.words_on_paper(agreement)?,
    })
}

/// Those who have yet to sign.
fn asked(section: &Section) -> impl Iterator<Item = &Line> {
    section.lines.iter().filter(|line| !line.standing.is_signed())
}

fn entered(visit: &Visit, place: &Place<'_>, sent: &WithScan) -> Result<Response, Trouble> {
    let typed = Typed {
        sheet: sent.typed.words("sheet"),
        day: sent.typed.words("day"),
        words: sent.typed.words("words"),
        on: sent.typed.all("on").collect(),
        helped: sent.typed.all("helped").collect(),
        early: !sent.typed.words("early").is_empty(),
    };
    let refuse = |message: &str| show(visit, place, &typed, message);
    let Some(sheet) = id_of(&typed.sheet) else { return Err(Trouble::NothingHere) };
    let hub = &visit.desk.hub;

    let ticked: Vec<&Line> =
        place.section.lines.iter().filter(|line| typed.on.contains(&line.person.id.to_string())).collect();
    let helped = |line: &&Line| typed.helped.contains(&line.person.id.to_string());
    let not_ticked = |line: &&Line| !typed.on.contains(&line.person.id.to_string());
    if let Some(line) = asked(place.section).find(|line| helped(line) && not_ticked(line)) {
        let name = line.person.name();
        let text = format!(
            "Nothing was entered. You ticked that somebody helped {name}, and not that {name} signed: tick both or neither."
        );
        return refuse(&text);
    }
    if ticked.is_empty() {
        return refuse("Nothing was entered. Tick whoever signed the paper.");
    }
    let Some((day, when)) = day_on(visit, &typed.day)? else { return refuse(NO_DAY) };
    let Some(words) = chosen(place, &typed.words) else {
        return refuse("Nothing was entered. Say which version stands on the paper.");
    };
    if !typed.early
        && let Some(why) = too_early(visit, place, words, day)?
    {
        return refuse(&why);
    }
    let scan = match sent.scan() {
        Ok(scan) => scan,
        Err(refused) => return refuse(&not_kept(refused)),
    };

    let sheet =
        Sheet { id: sheet, agreement: place.agreement.clone(), words: words.clone(), when, year: place.year };
    // Whoever has signed meanwhile, at a kiosk or on another sheet, is not entered once more.
    let on_another = |line: &&Line| matches!(&line.standing, Standing::Signed(signed) if signed.id != sheet.record(line.person.id));
    let signed: Vec<OnPaper> = ticked
        .iter()
        .copied()
        .filter(|line| !on_another(line))
        .map(|line| OnPaper { person: line.person.id, helped: helped(&line) })
        .collect();
    hub.store.enter_sheet(&sheet, &signed, scan.as_ref(), visit.account.id, hub.now())?;
    hub.tell_kiosks();
    let (slug, section) = (&place.agreement.slug, view::section_address(place.section));
    let already = ticked.len() - signed.len();
    let address = format!("/register/{slug}/{section}?entered={}&already={already}", signed.len());
    Ok(Redirect::to(&address).into_response())
}

fn id_of(digits: &str) -> Option<[u8; 16]> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}

/// The words that stand on the paper. Where there is one version alone, nobody has to say so.
fn chosen<'p>(place: &'p Place<'_>, digest: &str) -> Option<&'p WordsOnPaper> {
    match &place.words[..] {
        [only] => Some(only),
        all => all.iter().find(|one| one.words.to_string() == digest),
    }
}

/// Why a day seems too early, and what to do if it is meant.
fn too_early(
    visit: &Visit,
    place: &Place<'_>,
    words: &WordsOnPaper,
    day: Day,
) -> Result<Option<String>, Trouble> {
    let zone = visit.desk.hub.zone()?;
    let published = words.since.map(|since| clock::day(since, &zone)).filter(|since| day < *since);
    let mut why = Vec::new();
    if let Some(since) = published {
        why.push(format!("version {} was first published here on {}", words.version, since.in_words()));
    }
    if day < place.year.starts {
        why.push(format!("this school year began on {}", place.year.starts.in_words()));
    }
    Ok(doubted(day, &why, "where these very words were signed before, for this school year"))
}

fn show(visit: &Visit, place: &Place<'_>, typed: &Typed, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let (zone, today) = (hub.zone()?, hub.today()?);
    let people: Vec<Row> = asked(place.section)
        .map(|line| {
            let id = line.person.id.to_string();
            Row {
                name: line.person.name(),
                role: line.person.role.clone().unwrap_or_default(),
                on: typed.on.contains(&id),
                helped: typed.helped.contains(&id),
                before: match line.standing {
                    Standing::Undone(_) => "signed, and it was undone",
                    Standing::AskedAgain(_) => "signed before, and is asked again",
                    Standing::Signed(_) | Standing::Outstanding => "",
                },
                id,
            }
        })
        .collect();
    let words: Vec<Choice> = place
        .words
        .iter()
        .map(|one| Choice {
            digest: one.words.to_string(),
            version: one.version.to_string(),
            since: one.since.map(|since| clock::day(since, &zone).in_words()).unwrap_or_default(),
            chosen: one.words.to_string() == typed.words,
        })
        .collect();
    let early = match (day_on(visit, &typed.day)?.map(|(day, _)| day), chosen(place, &typed.words)) {
        (Some(day), Some(words)) if !message.is_empty() => too_early(visit, place, words, day)?.is_some(),
        _ => false,
    };
    let sheet = id_of(&typed.sheet).unwrap_or_else(random::bytes);
    let mut context = visit.context("registers")?;
    context.insert("card", &place.card);
    context.insert("section", &view::SectionRow::new(place.section));
    context.insert("people", &people);
    context.insert("words", &words);
    context.insert("year", &view::year(&place.year));
    context.insert("sheet", &data_encoding::HEXLOWER.encode(&sheet));
    context.insert("day", &if typed.day.is_empty() { today.to_string() } else { typed.day.clone() });
    context.insert("today", &today.to_string());
    context.insert("early", &early);
    context.insert("meant", &typed.early);
    context.insert("message", message);
    let page = visit.show("paper_sheet.html", &context)?;
    Ok(if message.is_empty() { page } else { visit::refused(page) })
}
