//! The visitors' book: who signed at the entrance, newest first, to be searched and taken as a file; a paper that is
//! entered; a line that is taken back or erased.
//!
//! Nobody signs out, so the book says who signed on a day and never who is in the building.

mod book;

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    agreement::{Agreement, Audience},
    day::Day,
    ids::RecordId,
    visitor::{AT_THE_ENTRANCE, WRITTEN_MOST, Written},
};

pub(super) use book::{Line, of_name};

use super::{
    Desk,
    listing::page_of,
    papers::{self, WithScan},
    taken_out::{self, Names},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock, random,
    store::visitors::{PaperVisitor, Visitor, Why},
};
use book::{Which, chosen};

/// The address of the book.
const ADDRESS: &str = "/visitors";

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show(&visit, &which, &Typed::default(), "")).await
}

/// What was typed into the form for a paper, to be shown again where it was refused.
#[derive(Debug, Default, Clone, serde::Serialize)]
struct Typed {
    name: String,
    about: String,
    /// Which agreement, by whom it is for.
    agreement: String,
    day: String,
}

impl Typed {
    fn read(sent: &WithScan) -> Self {
        let words = |name: &str| sent.typed.words(name);
        Self { name: words("name"), about: words("about"), agreement: words("agreement"), day: words("day") }
    }
}

/// The agreements that visitors sign, as the pack has them.
fn agreements(visit: &Visit) -> Result<Vec<Agreement>, Trouble> {
    let pack = visit.desk.hub.pack()?;
    let all = pack.iter().flat_map(|pack| &pack.content.agreements);
    let of = |audience: Audience| all.clone().find(|agreement| agreement.audience == audience).cloned();
    Ok(AT_THE_ENTRANCE.into_iter().filter_map(of).collect())
}

fn show(visit: &Visit, which: &Which, typed: &Typed, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let (zone, today) = (hub.zone()?, hub.today()?);
    let agreements = agreements(visit)?;
    let all = hub.store.visitors()?;
    let signed_today =
        all.iter().filter(|v| v.undone.is_none() && clock::day(v.when, &zone) == today).count();
    let found = chosen(&all, which, &zone);
    let page = page_of(&found, which.page());
    let lines: Vec<_> = page.lines.iter().map(|visitor| Line::new(visitor, &zone, &agreements)).collect();
    let choices: Vec<_> = agreements
        .iter()
        .map(|a| (a.audience.as_str(), view::audience(a.audience), a.title.as_str()))
        .collect();
    let mut context = visit.context("visitors")?;
    context.insert("message", message);
    context.insert("lines", &lines);
    context.insert("found", &found.len());
    context.insert("all", &all.len());
    context.insert("signed_today", &signed_today);
    context.insert("agreements", &choices);
    context.insert("which", which);
    context.insert("day_in_words", &which.day().map(Day::in_words).unwrap_or_default());
    context.insert("query", &which.query());
    context.insert("page", &page.number);
    context.insert("pages", &page.pages);
    context.insert("typed", typed);
    context.insert("today", &today.to_string());
    context.insert("today_in_words", &today.in_words());
    context.insert("most", &WRITTEN_MOST);
    context.insert("printed", &view::when(hub.now(), &zone));
    let page = visit.show("visitors.html", &context)?;
    Ok(if message.is_empty() { page } else { visit::refused(page) })
}

/// A paper that somebody signed.
pub(super) async fn enter(State(desk): State<Arc<Desk>>, headers: HeaderMap, request: Request) -> Response {
    WithScan::of_the_office(desk, &headers, request, move |visit, sent| {
        let (hub, typed) = (&visit.desk.hub, Typed::read(&sent));
        let refuse = |message: &str| show(&visit, &Which::default(), &typed, message);
        let name = match Written::new(&typed.name) {
            Ok(name) => name,
            Err(error) => return refuse(&format!("Nothing was kept. The name: {error}.")),
        };
        let about = match typed.about.trim() {
            "" => None,
            text => match Written::new(text) {
                Ok(about) => Some(about),
                Err(error) => {
                    return refuse(&format!("Nothing was kept. Whom they came to see: {error}."));
                }
            },
        };
        let agreements = agreements(&visit)?;
        let Some(agreement) = agreements.iter().find(|a| a.audience.as_str() == typed.agreement) else {
            return refuse("Nothing was kept. Say which agreement stands on the paper.");
        };
        let (zone, today) = (hub.zone()?, hub.today()?);
        let day = typed.day.parse::<Day>().ok().filter(|day| *day <= today);
        let Some(when) = day.and_then(|day| clock::of_paper(day, hub.now(), &zone)) else {
            return refuse(
                "Nothing was kept. Write the day that stands on the paper; it is not after today.",
            );
        };
        let scan = match sent.scan() {
            Ok(scan) => scan,
            Err(refused) => return refuse(&papers::not_kept(refused)),
        };
        let paper = PaperVisitor {
            id: RecordId::from_bytes(random::bytes()),
            name,
            about,
            audience: agreement.audience,
            agreement: agreement.slug.clone(),
            version: agreement.version.clone(),
            words: agreement.digest(),
            when,
        };
        hub.store.enter_visitor(&paper, scan.as_ref(), visit.account.id, hub.now())?;
        Ok(Redirect::to(&format!("{ADDRESS}/{}", paper.id)).into_response())
    })
    .await
}

pub(super) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let hub = &visit.desk.hub;
        let zone = hub.zone()?;
        let all = hub.store.visitors()?;
        let found = chosen(&all, &which, &zone);
        let noted = format!("lines {}", found.len());
        let names = Names::People("visitors’ book taken as a file", &noted);
        let lines = found.iter().map(|visitor| book::cells(visitor, &zone));
        taken_out::list(&visit, ("visitors", "Visitors’ book"), names, &book::HEADINGS, lines)
    })
    .await
}

/// One line, with its mark.
pub(super) async fn one(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let visitor = find(&visit, &id)?;
        show_one(&visit, &visitor, "")
    })
    .await
}

fn find(visit: &Visit, id: &str) -> Result<Visitor, Trouble> {
    let all = visit.desk.hub.store.visitors()?;
    all.into_iter().find(|visitor| visitor.id.to_string() == id).ok_or(Trouble::NothingHere)
}

fn show_one(visit: &Visit, visitor: &Visitor, message: &str) -> Result<Response, Trouble> {
    let zone = visit.desk.hub.zone()?;
    let agreements = agreements(visit)?;
    let reasons: Vec<_> = Why::ALL.into_iter().map(|why| (why.as_str(), book::why(why))).collect();
    let mut context = visit.context("visitors")?;
    context.insert("message", message);
    context.insert("line", &Line::new(visitor, &zone, &agreements));
    context.insert("reasons", &reasons);
    let page = visit.show("visitor.html", &context)?;
    Ok(if message.is_empty() { page } else { visit::refused(page) })
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    /// “undo”, “stand” or “erase”.
    #[serde(default)]
    what: String,
    #[serde(default)]
    why: String,
    /// That it is meant.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

/// Takes a line back, lets it stand again, or erases it.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let visitor = find(&visit, &id)?;
        let (hub, account) = (&visit.desk.hub, visit.account.id);
        match sent.what.as_str() {
            "undo" => {
                let Ok(why) = sent.why.parse::<Why>() else {
                    return show_one(&visit, &visitor, "Nothing was changed. Say why it is taken back.");
                };
                hub.store.undo_visitor(visitor.id, why, account, hub.now())?;
            }
            "stand" => drop(hub.store.restore_visitor(visitor.id, account, hub.now())?),
            "erase" if sent.sure.is_empty() => {
                let text = "Nothing was erased. Tick that you mean it: it cannot be brought back.";
                return show_one(&visit, &visitor, text);
            }
            "erase" => {
                hub.store.erase_visitors(&[visitor.id], account, hub.now())?;
                crate::retention::running::after_removal(hub)?;
                return Ok(Redirect::to(ADDRESS).into_response());
            }
            _ => return Err(Trouble::NothingHere),
        }
        Ok(Redirect::to(&format!("{ADDRESS}/{id}")).into_response())
    })
    .await
}
