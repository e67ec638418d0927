//! Which photographs may be published, which may not, and why: by what the hub says of the pupils in them.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Multipart, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use records::{consent::Standing, day::Day, ids::PersonId, published::WEBSITE, roster::Roster};
use serde::Serialize;
use tera::Context;

use super::{Office, Open, Shared, edit, paper::in_an_address, who};
use crate::{
    check::people::{self, Believed, Files, FromHub},
    diagnostic::{Diagnostic, Severity},
    kept_from_hub::{self, NotKept},
    load::{School, people::ENDING},
    photographs::{is_photograph, shown},
};

type Sent = BTreeMap<String, String>;

/// Lets the preview judge pictures of pupils by what is kept, if that is believed today.
pub(super) fn ask_consent(office: &Office, open: &Open) -> Option<Believed> {
    open.preview.ask_consent(kept_from_hub::asked(open.folder(), false));
    let files = kept_from_hub::both(open.folder())?;
    people::believed(&open.preview.school(), &files, office.day(), &mut Vec::new())
}

/// A photograph of the school.
#[derive(Serialize)]
struct Row {
    picture: String,
    who: String,
    /// `good`, `stop`, or `wait` where it is on no page.
    state: &'static str,
    pages: Vec<Page>,
    problems: Vec<Problem>,
    pupils: Vec<String>,
    /// Where it is said who is in it.
    there: String,
}

#[derive(Serialize)]
struct Page {
    title: String,
    there: String,
}

#[derive(Serialize)]
struct Problem {
    what: String,
    mend: String,
    error: bool,
}

/// How the hub's files stand.
#[derive(Serialize)]
struct Stand {
    consent_of: String,
    roster_of: String,
    pupils: usize,
    yes: usize,
    names: Vec<String>,
}

pub(super) async fn show(State(office): Shared, Query(sent): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let state = if sent.contains_key("kept") {
        "kept"
    } else if sent.contains_key("forgotten") {
        "forgotten"
    } else {
        ""
    };
    page(&office, &open, state, &[])
}

fn page(office: &Office, open: &Open, state: &str, refused: &[String]) -> Response {
    let school = open.preview.school();
    let found = ask_consent(office, open);
    let kept = kept_from_hub::both(open.folder());
    let mut why_not = Vec::new();
    if let (None, Some(kept)) = (&found, &kept) {
        people::believed(&school, kept, office.day(), &mut why_not);
    }
    let mut context = Context::new();
    context.insert("state", state);
    context.insert("refused", refused);
    context.insert("has_key", &school.settings.hub_key.is_some());
    context.insert("files", &found.as_ref().zip(kept.as_ref()).map(|(found, kept)| stand(found, kept)));
    context.insert("not_believed", &why_not.iter().map(|problem| problem.what.as_str()).collect::<Vec<_>>());
    let report = open.preview.report();
    let roster = found.as_ref().map(|found| &found.roster);
    context.insert("rows", &rows(office, &school, report.diagnostics(), roster));
    office.paper.page("photographs.html", "photographs", Some(&open.name()), context)
}

fn stand(found: &Believed, kept: &Files) -> Stand {
    let pupils: Vec<PersonId> = pupils_of(&found.roster).map(|(id, _)| id).collect();
    let website = WEBSITE.parse().ok();
    let may = |id: &&PersonId| {
        website.as_ref().is_some_and(|website| found.export.standing(**id, website) == Standing::Yes)
    };
    Stand {
        consent_of: Day::from(found.consent_of).in_words(),
        roster_of: Day::from(found.roster_of).in_words(),
        yes: pupils.iter().filter(may).count(),
        pupils: pupils.len(),
        names: vec![kept.consent.name.clone(), kept.roster.name.clone()],
    }
}

/// Every pupil with the words by which the office knows them.
pub(super) fn pupils_of(roster: &Roster) -> impl Iterator<Item = (PersonId, String)> {
    let of_class = |class: &records::roster::Class| {
        let name = class.name.clone();
        class
            .pupils
            .iter()
            .map(move |pupil| (pupil.person, format!("{}, {name}", pupil.name)))
            .collect::<Vec<_>>()
    };
    roster.classes.iter().flat_map(of_class)
}

fn rows(office: &Office, school: &School, problems: &[Diagnostic], roster: Option<&Roster>) -> Vec<Row> {
    let names: BTreeMap<PersonId, String> = roster.into_iter().flat_map(pupils_of).collect();
    let on_pages = shown(school);
    let row = |path: &String| {
        let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
        let list = format!("{stem}{ENDING}");
        let people = school.people.get(stem);
        let mine = problems.iter().filter(|problem| problem.file == *path || problem.file == list);
        // What publishing refuses is told here as what it is, though it does not stop a look at the pages.
        let stops = |problem: &Diagnostic| {
            problem.severity == Severity::Error
                || on_pages.contains_key(path)
                    && ["consent-not-looked-up", "people-unsaid"].contains(&problem.code)
        };
        let problems: Vec<Problem> = mine
            .map(|problem| Problem {
                what: named(&problem.what, &names),
                mend: in_the_page(office, problem),
                error: stops(problem),
            })
            .collect();
        let pages = on_pages.get(path).into_iter().flatten().map(|address| page_at(school, address));
        let pages: Vec<Page> = pages.collect();
        let pupils: Vec<String> = people
            .into_iter()
            .flat_map(|people| &people.pupils)
            .map(|pupil| names.get(&pupil.value).cloned().unwrap_or_else(|| pupil.value.to_string()))
            .collect();
        let word = match people {
            None => "photographs.unsaid",
            Some(people) if people.pupils.is_empty() => "photographs.nobody",
            Some(_) => "photographs.pupils",
        };
        let state = match (problems.iter().any(|one| one.error), pages.is_empty()) {
            (true, _) => "stop",
            (false, true) => "wait",
            (false, false) => "good",
        };
        Row {
            there: who::address(path),
            picture: path.clone(),
            who: office.paper.word(word),
            state,
            pages,
            problems,
            pupils,
        }
    };
    let mut rows: Vec<Row> = school.pictures.keys().filter(|path| is_photograph(path)).map(row).collect();
    // What stands against publishing comes first.
    rows.sort_by_key(|row| (row.state != "stop", row.state != "good"));
    rows
}

/// A finding with names in the place of ids: it is read on this computer, by whoever looks after the pictures.
fn named(what: &str, names: &BTreeMap<PersonId, String>) -> String {
    let word = |word: &str| {
        let id = word.trim_end_matches(['.', ',', ':']);
        let rest = &word[id.len()..];
        let name = id.parse::<PersonId>().ok().and_then(|id| names.get(&id));
        name.map_or_else(|| word.to_owned(), |name| format!("{name}{rest}"))
    };
    what.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// How it is mended here, where nobody types commands.
fn in_the_page(office: &Office, problem: &Diagnostic) -> String {
    match problem.code {
        "consent-not-looked-up" => office.paper.word("photographs.mend_consent"),
        "people-unsaid" | "no-second-person" | "people-contradict" => {
            office.paper.word("photographs.mend_who")
        }
        _ => problem.mend.clone(),
    }
}

fn page_at(school: &School, address: &str) -> Page {
    let document = school.documents.iter().find(|document| document.address() == address);
    match document {
        Some(document) => {
            Page { title: document.title(&school.settings), there: edit::address(&document.source.path) }
        }
        None => Page { title: address.to_owned(), there: format!("/site/{}/", in_an_address(address)) },
    }
}

pub(super) async fn bring(State(office): Shared, mut form: Multipart) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let (mut consent, mut roster) = (None, None);
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(_) => return StatusCode::BAD_REQUEST.into_response(),
        };
        let which = field.name().unwrap_or_default().to_owned();
        let name = field.file_name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else {
            return refused(&office, &open, vec![office.paper.word("import.too_large")]);
        };
        let file = (!bytes.is_empty()).then(|| FromHub { name, bytes: bytes.to_vec() });
        match which.as_str() {
            "consent" => consent = file,
            "roster" => roster = file,
            _ => {}
        }
    }
    if consent.is_none() && roster.is_none() {
        return refused(&office, &open, vec![office.paper.word("photographs.no_file")]);
    }
    let keeping = (Arc::clone(&office), Arc::clone(&open));
    let kept = tokio::task::spawn_blocking(move || {
        let (office, open) = keeping;
        let school = open.preview.school();
        kept_from_hub::keep(open.folder(), &school, office.day(), consent, roster)?;
        ask_consent(&office, &open);
        open.preview.look_now();
        Ok::<(), NotKept>(())
    });
    match kept.await {
        Ok(Ok(())) => Redirect::to("/photographs?kept=1").into_response(),
        Ok(Err(NotKept::OneIsMissing)) => {
            refused(&office, &open, vec![office.paper.word("photographs.both")])
        }
        Ok(Err(NotKept::NotBelieved(problems))) => {
            let told = problems.iter().map(|problem| format!("{}: {}", problem.file, problem.what));
            refused(&office, &open, told.collect())
        }
        Ok(Err(NotKept::Refused(why))) => refused(&office, &open, vec![format!("{why}.")]),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refused(office: &Office, open: &Open, why: Vec<String>) -> Response {
    let mut page = page(office, open, "", &why);
    *page.status_mut() = StatusCode::BAD_REQUEST;
    page
}

pub(super) async fn forget(State(office): Shared) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    if let Err(why) = kept_from_hub::forget(open.folder()) {
        return refused(&office, &open, vec![format!("{why}.")]);
    }
    let looking = Arc::clone(&open);
    let forgetting = Arc::clone(&office);
    let looked = tokio::task::spawn_blocking(move || {
        ask_consent(&forgetting, &looking);
        looking.preview.look_now();
    });
    match looked.await {
        Ok(()) => Redirect::to("/photographs?forgotten=1").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
