//! The log of who did what: for the headteacher and the safeguarding lead, to be searched, taken as a file, printed, and
//! checked against a line on paper.
//!
//! What concerns reports is not in it (see [`crate::store::audit_log`]): those have a log of their own, sealed.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use jiff::tz::TimeZone;
use records::day::{Day, Moment};
use serde::Serialize;

use super::{
    Desk,
    listing::in_address,
    taken_out, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::{
    StoreError,
    audit::{Actor, Checkpoint},
    audit_log::{LogEntry, Names, Sought},
};

/// So many entries on a page.
const PAGE: usize = 100;
const HEADINGS: [&str; 4] = ["When", "Who", "What", "Of what"];

/// Which entries are asked for.
#[derive(Debug, Default, Serialize, serde::Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    words: String,
    /// Who, as the log has it; none for everybody.
    #[serde(default)]
    who: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    page: String,
}

impl Which {
    fn sought(&self, zone: &TimeZone) -> Sought {
        let (from, until) = match self.day.trim().parse().ok().and_then(|day| bounds(day, zone)) {
            Some((from, until)) => (Some(from), Some(until)),
            None => (None, None),
        };
        Sought { words: self.words.trim().to_owned(), actor: self.who.clone(), from, until }
    }
    /// The same choice as an address has it, without the page.
    fn query(&self) -> String {
        let parts = [("words", self.words.trim()), ("who", &self.who), ("day", self.day.trim())];
        in_address(&parts)
    }
    fn is_everything(&self) -> bool {
        self.query().is_empty()
    }
}

/// When a day at the school begins, and when it is over.
fn bounds(day: Day, zone: &TimeZone) -> Option<(Moment, Moment)> {
    let start = |date: jiff::civil::Date| {
        date.to_zoned(zone.clone()).ok().map(|start| Moment(start.timestamp().as_second()))
    };
    Some((start(day.date())?, start(day.date().tomorrow().ok()?)?))
}

#[derive(Serialize)]
struct Row {
    when: String,
    who: String,
    what: String,
    detail: String,
}

fn row(entry: &LogEntry, names: &Names, zone: &TimeZone) -> Row {
    Row {
        when: view::when(entry.at, zone),
        who: names.in_words(&entry.actor),
        what: entry.what.clone(),
        detail: names.in_words(&entry.detail),
    }
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::HeadAndLead, move |visit| {
        let hub = &visit.desk.hub;
        let (zone, names) = (hub.zone()?, hub.store.log_names()?);
        let sought = which.sought(&zone);
        let at: usize = which.page.parse().unwrap_or(1).max(1);
        let (found, mut entries) = hub.store.log(&sought, (at - 1).saturating_mul(PAGE), PAGE)?;
        let pages = found.div_ceil(PAGE).max(1);
        let at = at.min(pages);
        if entries.is_empty() && found > 0 {
            entries = hub.store.log(&sought, (at - 1).saturating_mul(PAGE), PAGE)?.1;
        }
        let rows: Vec<_> = entries.iter().map(|entry| row(entry, &names, &zone)).collect();
        let mut context = visit.context("log")?;
        context.insert("rows", &rows);
        context.insert("found", &found);
        context.insert("page", &at);
        context.insert("pages", &pages);
        context.insert("which", &which);
        context.insert("everything", &which.is_everything());
        context.insert("query", &which.query());
        context.insert("people", &people(&visit)?);
        context.insert("today", &hub.today()?.to_string());
        context.insert("printed", &view::when(hub.now(), &zone));
        visit.show("audit.html", &context)
    })
    .await
}

/// Everybody who can be asked for: how the log calls them, and their names.
fn people(visit: &Visit) -> Result<Vec<(String, String)>, Trouble> {
    let mut all = Vec::new();
    // Those that have ended too: what they did is still asked for.
    for one in visit.desk.hub.store.all_accounts()? {
        let ended = if one.ended.is_some() { ", ended" } else { "" };
        all.push((
            Actor::Account(one.id).to_string(),
            format!("{} ({}{ended})", one.name, one.duty.as_str()),
        ));
    }
    let others = [("kiosk", "any kiosk"), ("hub", "the hub by itself"), ("command line", "the command line")];
    all.extend(others.map(|(actor, words)| (actor.to_owned(), words.to_owned())));
    Ok(all)
}

/// The same as a file for a spreadsheet, all pages of it.
pub(super) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::HeadAndLead, move |visit| {
        let hub = &visit.desk.hub;
        let (zone, names) = (hub.zone()?, hub.store.log_names()?);
        let (found, entries) = hub.store.log(&which.sought(&zone), 0, usize::MAX)?;
        let lines = entries.iter().map(|entry| {
            let row = row(entry, &names, &zone);
            vec![row.when, row.who, row.what, row.detail]
        });
        let noted = format!("entries {found}");
        let of_people = taken_out::Names::People("log taken as a file", &noted);
        taken_out::list(&visit, ("log", "Log of who did what"), of_people, &HEADINGS, lines)
    })
    .await
}

#[derive(serde::Deserialize)]
pub(super) struct Typed {
    /// A line from paper.
    #[serde(default)]
    checkpoint: String,
    #[serde(default)]
    form_token: String,
}

/// A line to keep on paper, and a place to type one from paper.
pub(super) async fn checkpoint(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::HeadAndLead, |visit| show(&visit, "", None)).await
}

/// Checks that the log is whole, and comes by the line from paper.
pub(super) async fn check(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    visit::form(desk, &headers, Room::HeadAndLead, typed.form_token, move |visit| {
        let store = &visit.desk.hub.store;
        let paper = match typed.checkpoint.trim() {
            "" => None,
            text => match text.parse::<Checkpoint>() {
                Ok(paper) => Some(paper),
                Err(error) => {
                    let told = Told { good: false, words: format!("{error}.") };
                    return Ok(visit::refused(show(&visit, text, Some(told))?));
                }
            },
        };
        let checked = store.check_audit().and_then(|_| match &paper {
            Some(paper) => store.check_audit_against(paper),
            None => Ok(()),
        });
        let told = match checked {
            Ok(()) => Told {
                good: true,
                words: match paper {
                    Some(_) => "The log is whole, and as it was when that line was printed.".to_owned(),
                    None => "The log is whole: no entry was changed or taken away between two others. Only a line from paper shows whether the end was cut off, or all of it written anew.".to_owned(),
                },
            },
            Err(StoreError::Damaged(why)) => Told {
                good: false,
                words: format!("{why}. Speak with whoever looks after the hub, and with the chair of governors; change nothing until you know why."),
            },
            Err(other) => return Err(other.into()),
        };
        show(&visit, typed.checkpoint.trim(), Some(told))
    })
    .await
}

#[derive(Serialize)]
struct Told {
    good: bool,
    words: String,
}

fn show(visit: &Visit, typed: &str, told: Option<Told>) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let mut context = visit.context("log")?;
    context.insert("checkpoint", &hub.store.checkpoint()?.to_string());
    context.insert("typed", typed);
    context.insert("told", &told);
    context.insert("printed", &view::when(hub.now(), &hub.zone()?));
    visit.show("audit_checkpoint.html", &context)
}
