//! Somebody asks what reports hold about them, or about their child: found by name, read through by the holder, and put
//! on paper with the names of others out (UK GDPR, article 15; what may harm somebody is left out, Data Protection Act
//! 2018, schedule 3).
//!
//! The program finds and hides; the holder decides which report is about whom, and what else has to go.

use std::collections::BTreeSet;

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use records::report_entry::{Deed, Row};
use serde::Serialize;
use serde_json::Value;

use super::{
    Asking, Held, Open, entered, refused, report,
    view::{Card, EntryRow},
    write,
};
use crate::{
    desk::{
        person, view as desk_view,
        visit::{Room, Trouble, Visit, form as visit_form},
    },
    unnamed::{self, Hidden},
};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Whose {
    #[serde(default)]
    name: String,
}

/// A report in which the name stands, or a part of it.
#[derive(Serialize)]
struct FoundRow {
    id: String,
    day: String,
    headline: String,
    about: String,
    /// Whether the whole name stands in it, and not only the forename or the surname.
    whole: bool,
}

/// A report as it goes on the pages: the child's own and what was done.
#[derive(Serialize)]
struct Page {
    report: Value,
    entries: Value,
}

/// Somebody whose name stands on the pages.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Other {
    name: String,
    hidden: bool,
}

/// What the holder chose.
struct Chosen {
    name: String,
    reports: Vec<String>,
    /// Names that were offered and are hidden; none yet where the pages are looked at for the first time.
    ticked: Option<BTreeSet<String>>,
    /// More words to hide, a line each.
    more: String,
    because: String,
    is_taken: bool,
}

impl Chosen {
    fn of(sent: &[(String, String)]) -> Self {
        let all = |field: &str| {
            let field = field.to_owned();
            sent.iter().filter(move |(key, _)| *key == field).map(|(_, value)| value.clone())
        };
        let one = |field: &str| all(field).next().unwrap_or_default();
        Self {
            name: one("name").trim().to_owned(),
            reports: all("report").collect(),
            ticked: all("looked").next().map(|_| all("hide").collect()),
            more: one("more"),
            because: one("because"),
            is_taken: one("step") == "take",
        }
    }
}

/// Whose name, and in which reports it stands.
pub(in crate::desk) async fn find(asking: Asking, Query(whose): Query<Whose>) -> Response {
    super::page(asking, move |visit, open| found(visit, open, whose.name.trim(), "")).await
}

/// The pages, to be looked through; or, once they were, on paper and on record.
pub(in crate::desk) async fn pages(
    (State(desk), headers): Asking,
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let token = sent.iter().find(|(key, _)| key == "form_token").map(|(_, token)| token.clone());
    let chosen = Chosen::of(&sent);
    visit_form(desk, &headers, Room::Safeguarding, token.unwrap_or_default(), move |visit| {
        let open = super::opened(&visit)?.ok_or(Trouble::BoxLocked)?;
        if chosen.reports.is_empty() {
            let page = found(&visit, &open, &chosen.name, "Tick the reports that are about them.");
            return refused(StatusCode::BAD_REQUEST, page);
        }
        let mut held = Vec::new();
        for id in &chosen.reports {
            let one = Held::find(&visit, &open, id)?;
            if one.is_aside_for(&visit) {
                return report::aside(&visit, &one);
            }
            held.push(one);
        }
        if !chosen.is_taken {
            for one in &held {
                report::read(&visit, one)?;
            }
            return show(&visit, &held, &chosen, "asked_look.html", "");
        }
        let because = match entered::text(&chosen.because, "Write for whom the pages are, and why.") {
            Ok(because) => because,
            Err(why) => {
                let page = show(&visit, &held, &chosen, "asked_look.html", &why);
                return refused(StatusCode::BAD_REQUEST, page);
            }
        };
        // Whoever takes it out is on record before they see it.
        for one in &held {
            if !write(&visit, &one.key, Row::Deeds, Deed::Exported { because: because.clone() })? {
                let why = "The reason is too long for one entry. Make it shorter.";
                let page = show(&visit, &held, &chosen, "asked_look.html", why);
                return refused(StatusCode::BAD_REQUEST, page);
            }
        }
        show(&visit, &held, &chosen, "asked_paper.html", "")
    })
    .await
}

/// The reports in which a name stands.
fn found(visit: &Visit, open: &Open, name: &str, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let (tell, zone) = (hub.pack()?.and_then(|pack| pack.content.tell.clone()), hub.zone()?);
    let (mut rows, mut aside) = (Vec::new(), 0);
    if !name.is_empty() {
        for (_, held) in super::all(visit, open)? {
            if held.is_aside_for(visit) {
                aside += 1;
                continue;
            }
            let card = Card::new(&held, tell.as_ref(), &zone);
            let entries = EntryRow::all(&held.deeds, &zone);
            let page = Page { report: value(&card)?, entries: value(&entries)? };
            let texts = page.texts();
            let stands = |part: &str| texts.iter().any(|text| unnamed::stands_in(text, part));
            let whole = stands(name);
            if whole || name.split_whitespace().any(stands) {
                let text = |key: &str| page.report[key].as_str().unwrap_or_default().to_owned();
                let (id, day, headline, about) = (text("id"), text("day"), text("headline"), text("about"));
                rows.push(FoundRow { id, day, headline, about, whole });
            }
        }
        rows.sort_by_key(|row| !row.whole);
    }
    let mut context = visit.context("reports")?;
    context.insert("wanted", name);
    context.insert("message", message);
    context.insert("found", &rows);
    context.insert("aside", &aside);
    visit.show("asked.html", &context)
}

fn show(
    visit: &Visit,
    held: &[Held],
    chosen: &Chosen,
    template: &str,
    message: &str,
) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let (tell, zone) = (hub.pack()?.and_then(|pack| pack.content.tell.clone()), hub.zone()?);
    let mut pages = Vec::new();
    for one in held {
        pages.push(Page {
            report: value(&Card::new(one, tell.as_ref(), &zone))?,
            entries: value(&EntryRow::all(&one.deeds, &zone))?,
        });
    }
    let (others, namesakes) = others(visit, &pages, chosen)?;
    let ticked = others.iter().filter(|other| other.hidden).map(|other| other.name.as_str());
    let hidden = Hidden::new(ticked.chain(chosen.more.lines()));
    for page in &mut pages {
        page.hide(&hidden);
    }
    let mut context = visit.context("reports")?;
    context.insert("name", &chosen.name);
    context.insert("pages", &pages);
    context.insert("others", &others);
    context.insert("namesakes", &namesakes);
    context.insert("more", &chosen.more);
    context.insert("because", &chosen.because);
    context.insert("message", message);
    context.insert("in_its_place", unnamed::IN_ITS_PLACE);
    context.insert("now", &desk_view::when(hub.now(), &zone));
    visit.show(template, &context)
}

/// Everybody else whose name stands on these pages: whoever the school's lists name, and whoever gave a name in a report.
/// And those on the lists of whom no more stands there than what their name shares with the name of the one who asks.
fn others(visit: &Visit, pages: &[Page], chosen: &Chosen) -> Result<(Vec<Other>, Vec<String>), Trouble> {
    let texts: Vec<String> = pages.iter().flat_map(Page::texts).collect();
    let stands = |phrase: &str| texts.iter().any(|text| unnamed::stands_in(text, phrase));
    // “Will” and “May” are words besides: as a name alone they are offered where they are written like one.
    let is_written = |name: &str| stands(name) && texts.iter().any(|text| text.contains(name));
    let own: Vec<&str> = chosen.name.split_whitespace().collect();
    let is_own = |word: &str| own.iter().any(|mine| mine.eq_ignore_ascii_case(word));
    let (mut offered, mut namesakes) = (BTreeSet::new(), Vec::new());
    for subject in person::subjects(visit)? {
        if subject.name.eq_ignore_ascii_case(&chosen.name) {
            continue;
        }
        if stands(&subject.name) {
            offered.insert(subject.name.clone());
        }
        let parts: Vec<&str> = subject.name.split_whitespace().collect();
        let ends = [parts.first(), parts.last()].into_iter().flatten();
        for part in ends {
            match is_own(part) {
                true if is_written(part) => namesakes.push(subject.name.clone()),
                false if is_written(part) => _ = offered.insert((*part).to_owned()),
                _ => {}
            }
        }
    }
    // “Maya K, Acorn” may be the one who asks: the holder says so.
    let mut may_be_own = BTreeSet::new();
    for given in pages.iter().flat_map(Page::given) {
        if own.iter().any(|mine| unnamed::stands_in(&given, mine)) {
            may_be_own.insert(given.clone());
        }
        if !given.eq_ignore_ascii_case(&chosen.name) {
            offered.insert(given);
        }
    }
    namesakes.sort();
    namesakes.dedup();
    let is_hidden = |name: &String| match &chosen.ticked {
        Some(ticked) => ticked.contains(name),
        None => !may_be_own.contains(name),
    };
    let others = offered.into_iter().map(|name| Other { hidden: is_hidden(&name), name });
    Ok((others.collect(), namesakes))
}

impl Page {
    /// All that somebody could read on it.
    fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for part in [&self.report, &self.entries] {
            read(part, &mut |text| texts.push(text.to_owned()));
        }
        texts
    }
    /// Who gave their name, or how to reach them: the child, or whoever told about a child.
    fn given(&self) -> Vec<String> {
        let told = &self.report;
        let given =
            [&told["talk_with"], &told["web"]["name"], &told["web"]["contact"], &told["told_to"]["child"]];
        let given = given.into_iter().filter_map(Value::as_str).filter(|text| !text.trim().is_empty());
        given.map(str::to_owned).collect()
    }
    fn hide(&mut self, hidden: &Hidden) {
        for part in [&mut self.report, &mut self.entries] {
            change(part, &|text| hidden.out_of(text));
        }
    }
}

/// What of a row is no text: what it is known by.
const NO_TEXT: [&str; 3] = ["id", "symbol", "urgency"];

fn read(value: &Value, with: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => with(text),
        Value::Array(all) => all.iter().for_each(|one| read(one, with)),
        Value::Object(all) => {
            all.iter()
                .filter(|(key, _)| !NO_TEXT.contains(&key.as_str()))
                .for_each(|(_, one)| read(one, with));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn change(value: &mut Value, by: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = by(text),
        Value::Array(all) => all.iter_mut().for_each(|one| change(one, by)),
        Value::Object(all) => {
            all.iter_mut()
                .filter(|(key, _)| !NO_TEXT.contains(&key.as_str()))
                .for_each(|(_, one)| change(one, by));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn value(of: &impl Serialize) -> Result<Value, Trouble> {
    serde_json::to_value(of)
        .map_err(|error| Trouble::from(crate::store::StoreError::Damaged(error.to_string())))
}
