//! One register: its entries, found and sorted, as a file and on paper.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use records::{
    paper::{Paper, PaperPart, Says},
    register::Register,
};

use super::{
    ADDRESS, Mine,
    view::{self, Shower, Signed},
};
use crate::{
    clock,
    desk::{
        Desk, print,
        taken_out::{self, Names, download},
        view as desk_view,
        visit::{self, Room, Trouble, Visit},
    },
    handling::Label,
    held::{Maker, fact},
    log, random,
    registers::{
        entry::{self, Decided, Entry, What},
        rights::Sees,
    },
    store::audit::Actor,
};

/// How many entries stand on a page.
const PAGE: usize = 100;
/// How many of what is due are shown.
const DUE_MOST: usize = 20;

/// Which entries, and in which order.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Which {
    /// What is searched for.
    q: String,
    /// “new”, “old”, “due” or the name of a question.
    sort: String,
    /// “all”, “open” or “waits”.
    show: String,
    page: usize,
    form_token: String,
}

impl Which {
    /// The same again, for a way to another page of it.
    fn query(&self) -> String {
        let quoted = |text: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            let letter = |byte: u8| {
                if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            };
            text.bytes().map(letter).collect::<String>()
        };
        format!("q={}&show={}&sort={}", quoted(&self.q), quoted(&self.show), quoted(&self.sort))
    }

    fn of(&self, shower: &Shower<'_>, mut all: Vec<Entry>) -> Vec<Entry> {
        let register = shower.register;
        all.retain(|entry| match self.show.as_str() {
            "open" => entry.is_open(register),
            "waits" => matches!(entry.decided(register), Decided::Waits(_)),
            _ => true,
        });
        all.retain(|entry| shower.has(entry, &self.q));
        match self.sort.as_str() {
            "old" => {}
            "due" => {
                all.sort_by_key(|entry| entry.due(register).map_or((true, None), |day| (false, Some(day))))
            }
            question if question.parse().is_ok_and(|id| register.question(&id).is_some()) => {
                // A day is sorted as a day, words as words.
                let id = question.parse().ok();
                let said = |entry: &Entry| {
                    let said = id.as_ref().and_then(|id| entry.answers().get(id));
                    said.map(|said| said.typed().join(" ").to_lowercase())
                };
                all.sort_by_key(|entry| said(entry).map_or((true, String::new()), |said| (false, said)));
            }
            _ => all.reverse(),
        }
        all
    }
}

pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Registers, move |visit| {
        let mine = super::find(&visit, &register)?;
        if mine.rights.sees == Sees::Figures {
            return Ok(Redirect::to(&format!("{ADDRESS}/{register}/figures")).into_response());
        }
        show(&visit, &mine, &which, "")
    })
    .await
}

/// The page; `message` says why something was not done.
pub(super) fn show(visit: &Visit, mine: &Mine, which: &Which, message: &str) -> Result<Response, Trouble> {
    let (register, zone) = (mine.register(), mine.zone());
    let shower = mine.shower(visit)?;
    let entries = mine.entries(visit)?;
    let whole = mine.rights.sees == Sees::Entries;
    let store = &visit.desk.hub.store;
    let signed = if whole { store.sign_offs(mine.name())? } else { Vec::new() };
    let standing = if whole { mine.standing(visit, &entries, &signed)? } else { None };
    let mut context = visit.context("kept")?;
    context.insert("message", message);
    context.insert("register", &register.form);
    context.insert("writes", &mine.rights.writes);
    context.insert("whole", &whole);
    context.insert("own_by_party", &(mine.rights.sees == Sees::Own));
    context.insert("about_pupils", &register.about_pupils);
    context.insert("figures", &register.figures);
    context.insert("columns", &shower.columns().iter().map(|q| q.words.as_str()).collect::<Vec<_>>());
    context.insert(
        "sorts",
        &shower.columns().iter().map(|q| (q.id.as_str(), q.words.as_str())).collect::<Vec<_>>(),
    );
    context.insert(
        "has_state",
        &!(register.later.is_empty() && register.due.is_empty() && register.decide.is_empty()),
    );
    context.insert("has_due", &!register.due.is_empty());
    context.insert("has_open", &!register.later.is_empty());
    context.insert("has_decisions", &!register.decide.is_empty());
    context.insert("readers", &readers(register));
    // Signing off.
    context.insert("cycle", &register.cycle.map(view::cycle_words).unwrap_or_default());
    context.insert("standing", &standing.map(view::standing));
    context.insert("signs", &(mine.rights.signs && register.cycle.is_some()));
    let since = super::sign::since(&entries, &signed);
    context.insert("new_entries", &since);
    context.insert("open_entries", &entries.iter().filter(|entry| entry.is_open(register)).count());
    context.insert("nothing_to_sign", &(register.entry_each_cycle && since == 0));
    context.insert("sign_id", &view::id_text(&random::bytes()));
    context.insert("signed", &signed.iter().map(|sign| Signed::new(sign, &zone)).collect::<Vec<_>>());
    // What is due.
    let due = if whole { entry::due(register, &entries) } else { Vec::new() };
    let due = due.into_iter().filter(|(day, _)| {
        shower.today.date().until(day.date()).is_ok_and(|span| span.get_days() <= view::SOON)
    });
    let due: Vec<_> = due
        .take(DUE_MOST)
        .map(|(day, entry)| {
            let cells: Vec<_> = shower.columns().iter().map(|q| shower.answer(entry, &q.id)).collect();
            (view::id_text(&entry.first().id), cells.join(" · "), day.in_words(), day < shower.today)
        })
        .collect();
    context.insert("due", &due);
    context.insert("soon", &view::SOON);
    // The entries.
    context.insert("total", &entries.len());
    let found = which.of(&shower, entries);
    let last = found.len().saturating_sub(1) / PAGE + 1;
    let page = which.page.clamp(1, last);
    let rows: Vec<_> =
        found.iter().skip((page - 1) * PAGE).take(PAGE).map(|entry| shower.row(entry)).collect();
    context.insert("rows", &rows);
    context.insert("found", &found.len());
    context.insert("page", &page);
    context.insert("pages", &last);
    context.insert("wanted", &which.q);
    context.insert("query", &which.query());
    context.insert("sort", &which.sort);
    context.insert("show", &which.show);
    visit.show("register_entries.html", &context)
}

/// Who reads it, in a sentence.
pub(super) fn readers(register: &Register) -> String {
    let words: Vec<_> = register.read.iter().map(|party| view::party_words(*party)).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// All entries as a file, each row of each as it was written.
pub(in crate::desk) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Registers, move |visit| {
        let mine = whole(&visit, &register)?;
        let shower = mine.shower(&visit)?;
        let entries = which.of(&shower, mine.entries(&visit)?);
        let what = format!("Register “{}”", mine.register().form.title);
        let names = Names::People("register taken as a file", mine.name().as_str());
        let (name, headings) = (format!("register-{}", mine.name()), headings(&shower));
        taken_out::list(&visit, (&name, &what), names, &headings, lines(&shower, &entries).into_iter())
    })
    .await
}

fn headings<'s>(shower: &'s Shower<'_>) -> Vec<&'s str> {
    let asked = shower.register.form.questions.iter().map(|question| question.words.as_str());
    let before = ["Entry", "Row", "Counts now", "Written on", "By"];
    before.into_iter().chain(asked).chain(["Note", "State", "Due"]).collect()
}

/// A line for each row: what an entry said first, and what it came to say.
fn lines(shower: &Shower<'_>, entries: &[Entry]) -> Vec<Vec<String>> {
    let questions = &shower.register.form.questions;
    let mut all = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let now = entry.now().id;
        for (place, row) in entry.rows.iter().enumerate() {
            let what = match (&row.what, place) {
                (What::Agreed, _) => "agreed",
                (What::Refused, _) => "not agreed",
                (What::Says(_), 0) => "entered",
                (What::Says(_), _) => "added to, or put right",
            };
            let counts = row.id == now;
            let mut cells = vec![
                (at + 1).to_string(),
                what.to_owned(),
                if counts { "yes" } else { "" }.to_owned(),
                desk_view::when(row.made, &shower.zone),
                view::who(&row.by, row.party),
            ];
            cells.extend(questions.iter().map(|question| match &row.what {
                What::Says(answers) => {
                    answers.get(&question.id).map(|said| said.in_words(Some(question))).unwrap_or_default()
                }
                _ => String::new(),
            }));
            let due = entry.due(shower.register).map(|day| day.to_string());
            cells.push(row.note.clone());
            cells.push(if counts { shower.state(entry).words } else { String::new() });
            cells.push(due.filter(|_| counts).unwrap_or_default());
            all.push(cells);
        }
    }
    all
}

/// On paper: what was found, each entry with all that was added, and the sign-offs.
pub(in crate::desk) async fn paper(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
    Form(which): Form<Which>,
) -> Response {
    visit::form(desk, &headers, Room::Registers, which.form_token.clone(), move |visit| {
        let mine = whole(&visit, &register)?;
        let (hub, shower) = (&visit.desk.hub, mine.shower(&visit)?);
        let entries = which.of(&shower, mine.entries(&visit)?);
        let paper = sheet(&visit, &mine, &shower, &entries)?;
        match print::printed(&["paper", "-"], paper.write(hub.now()), print::of_a_page()) {
            Ok(pdf) => {
                let actor = Actor::Account(visit.account.id);
                hub.store.note(actor, "register printed", mine.name().as_str(), hub.now())?;
                let name = format!("register-{}-{}-PERSONAL-DATA.pdf", mine.name(), hub.today()?);
                Ok(download("application/pdf", &name, pdf))
            }
            Err(error) => {
                // What the print engine says may name somebody: it is for the page alone.
                log::line("a register was not printed");
                let mut context = visit.context("kept")?;
                context.insert("title", "The pages were not made");
                context.insert("text", &format!("{error}. Nothing was changed."));
                let page = visit.show("trouble.html", &context)?;
                Ok((StatusCode::SERVICE_UNAVAILABLE, page).into_response())
            }
        }
    })
    .await
}

fn sheet(visit: &Visit, mine: &Mine, shower: &Shower<'_>, entries: &[Entry]) -> Result<Paper, Trouble> {
    let (hub, register) = (&visit.desk.hub, mine.register());
    let says = |entry: &Entry| {
        let mut facts = Vec::new();
        for row in shower.history(entry) {
            let note = if row.note.is_empty() { String::new() } else { format!(": {}", row.note) };
            let changes: Vec<_> = row
                .changes
                .iter()
                .map(|change| {
                    let before = if change.before.is_empty() { "nothing" } else { &change.before };
                    format!(" {}: before, {before}.", change.question)
                })
                .collect();
            facts.push(fact(&row.what, &format!("{}, {}{note}{}", row.when, row.by, changes.concat())));
        }
        facts.extend(shower.lines(entry).iter().map(|line| fact(&line.question, &line.answer)));
        let state = shower.state(entry).words;
        if !state.is_empty() {
            facts.push(fact("State", &state));
        }
        Says::Entry { title: shower.title(entry), mark: None, facts }
    };
    let mut all: Vec<Says> = entries.iter().map(says).collect();
    if all.is_empty() {
        all.push(Says::Words("No entries.".into()));
    }
    let mut parts = vec![PaperPart { title: "Entries".into(), says: all }];
    let signed = hub.store.sign_offs(mine.name())?;
    if !signed.is_empty() {
        let facts = signed.iter().map(|sign| {
            let signed = Signed::new(sign, &shower.zone);
            let note = if sign.note.is_empty() { String::new() } else { format!(". {}", sign.note) };
            let words = format!("{}, {} new, {} open{note}", signed.by, sign.entries, sign.still_open);
            fact(&signed.when, &words)
        });
        parts.push(PaperPart {
            title: "Looked through and signed off".into(),
            says: vec![Says::Facts(facts.collect())],
        });
    }
    let now = hub.now();
    Ok(Paper {
        school: hub.identity().school_name.clone(),
        language: Maker::english(),
        kind: "Register".into(),
        title: register.form.title.clone(),
        summary: format!(
            "{}, as it was on {}. For {}.",
            if entries.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", entries.len()) },
            desk_view::when(now, &shower.zone),
            readers(register)
        ),
        label: format!("{} Show it only to those who read this register.", hub.label(Label::Lists)?),
        day: clock::day(now, &shower.zone),
        parts,
        colours: mine.pack.content.colours.clone(),
    })
}

/// A register that whoever asks reads as a whole: nothing else of one leaves the hub.
fn whole(visit: &Visit, register: &str) -> Result<Mine, Trouble> {
    let mine = super::find(visit, register)?;
    if mine.rights.sees == Sees::Entries { Ok(mine) } else { Err(Trouble::NothingHere) }
}
