//! How many reports, and of what: for the governing board, without names. Whoever can open the reports decides whether
//! the page is handed on.

use std::collections::BTreeSet;

use axum::response::Response;
use records::{
    day::Day,
    ids::Slug,
    report::{Report, Route},
    report_entry::{Deed, ReportEntry},
    tell::{Asked, Tell},
};
use serde::Serialize;

use super::{Asking, Held, Standing, all, entered::HEADINGS, view};
use crate::{
    clock,
    desk::{figures as desk_figures, view as desk_view, visit::Trouble},
    figures::{self, FEWEST},
};

/// Reports of one term.
#[derive(Serialize)]
struct TermRow {
    term: String,
    told: String,
    open: String,
    closed: String,
    incidents: String,
}

/// What children answered to one question.
#[derive(Serialize)]
struct Answers {
    question: String,
    rows: Vec<(String, String)>,
}

/// The figures of the school year, of reports on the way to the safeguarding lead. Those about grown-ups are in none:
/// that there is one is for its two readers alone.
pub(in crate::desk) async fn page(asking: Asking) -> Response {
    super::page(asking, |visit, open| {
        // To somebody who reads none of them nought would look like a count.
        if !open.role.reads(Route::Safeguarding) {
            return Err(Trouble::NothingHere);
        }
        let hub = &visit.desk.hub;
        let zone = hub.zone()?;
        let pack = hub.pack()?;
        let mut reports = all(visit, open)?;
        reports.retain(|(_, held)| held.found.route == Route::Safeguarding && !held.is_apart());
        let mut context = visit.context("reports")?;
        if let Some(pack) = &pack {
            let content = &pack.content;
            reports.retain(|(_, held)| content.year.holds(held.report.day));
            let terms = desk_figures::terms_until(content, clock::day(hub.now(), &zone));
            let of_term = |from: Day, until: Day| {
                let within = move |day: Day| from <= day && day <= until;
                reports.iter().filter(move |(_, held)| within(held.report.day))
            };
            let rows: Vec<_> = terms
                .map(|term| TermRow::of(desk_figures::term_name(term), of_term(term.starts, term.ends)))
                .collect();
            let told = reports.iter().map(|(_, held)| &*held.report);
            context.insert("terms", &rows);
            context.insert("year", &desk_view::year(&content.year));
            context.insert("asked", &answers(told, content.tell.as_ref()));
            context.insert("headings", &headings(&reports));
        }
        context.insert("told", &figures::alone(reports.len()).to_string());
        context.insert("fewest", &FEWEST);
        context.insert("printed", &desk_view::when(hub.now(), &zone));
        visit.show("reports_figures.html", &context)
    })
    .await
}

impl TermRow {
    fn of<'r>(term: String, reports: impl Iterator<Item = &'r (Standing, Held)> + Clone) -> Self {
        let told = reports.clone().count();
        let closed = reports.clone().filter(|(standing, _)| standing.closed.is_some()).count();
        let incidents = reports.filter(|(standing, _)| standing.incident).count();
        let [closed, open] = figures::parts([closed, told - closed]);
        let [incidents, _] = figures::parts([incidents, told - incidents]);
        Self {
            term,
            told: figures::alone(told).to_string(),
            open: open.to_string(),
            closed: closed.to_string(),
            incidents: incidents.to_string(),
        }
    }
}

/// Answers stand in the order of the form, so that their order tells nothing of how many gave them.
fn answers<'r>(reports: impl Iterator<Item = &'r Report> + Clone, tell: Option<&Tell>) -> Vec<Answers> {
    let of = |asked: Asked, given: fn(&Report) -> Vec<&Slug>| {
        let question = tell.and_then(|tell| tell.questions.iter().find(|q| q.asked == asked));
        let choices = question.into_iter().flat_map(|q| &q.choices).map(|choice| &choice.id);
        let mut answers: Vec<&Slug> = choices.collect();
        let older: BTreeSet<&Slug> = reports.clone().flat_map(given).collect();
        answers.extend(older.into_iter().filter(|answer| !answers.contains(answer)).collect::<Vec<_>>());
        let gave = |answer: &&Slug| reports.clone().filter(|report| given(report).contains(answer)).count();
        let mut counts: Vec<usize> = answers.iter().map(gave).collect();
        counts.push(reports.clone().filter(|report| given(report).is_empty()).count());
        let words = answers.iter().map(|answer| view::answer(asked, answer, tell).words);
        let words = words.chain(std::iter::once("did not say".to_owned()));
        let shown = figures::all_parts(&counts).into_iter().map(|shown| shown.to_string());
        let asked = question.map_or_else(|| asked.as_str().to_owned(), |q| q.words.clone());
        Answers { question: asked, rows: words.zip(shown).collect() }
    };
    [
        of(Asked::Happened, |report| report.happened.iter().collect()),
        of(Asked::Place, |report| report.place.iter().collect()),
        of(Asked::About, |report| report.about.iter().collect()),
    ]
    .into()
}

/// The headings of the log under which reports were made incidents.
fn headings(reports: &[(Standing, Held)]) -> Vec<(&'static str, String)> {
    let entries = || reports.iter().flat_map(|(_, held)| &held.deeds);
    let under = |wanted: &str| {
        let is =
            |entry: &&ReportEntry| matches!(&entry.deed, Deed::Incident { heading, .. } if heading == wanted);
        entries().filter(is).count()
    };
    let shown = figures::all_parts(&HEADINGS.map(under));
    HEADINGS.into_iter().zip(shown.into_iter().map(|shown| shown.to_string())).collect()
}
