//! The school's facts as forms: who is the safeguarding lead, which number to ring, when term ends. Nobody has
//! to know that they are kept in files.
//!
//! 1. [`parts`] says which questions there are, and where in a file each answer stands.
//! 2. [`sheet`] is a form with what is in it, from the file or from the browser.
//! 3. [`written`] puts answers into the file; what the form does not ask stays as it was.
//! 4. [`told`] puts each finding of the check beside the answer that it is about.
//!
//! Nothing is written while an answer is wrong, and nothing that was typed is lost: what cannot be saved comes
//! back in the form. It all works without a script.

mod parts;
mod sheet;
mod shown;
mod told;
mod written;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Form,
    extract::{Path as Asked, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tera::Context;
use tokio::sync::broadcast::error::TryRecvError;
use toml_edit::DocumentMut;

use self::{
    parts::{PARTS, Part},
    sheet::{Move, Sheet},
    shown::Notes,
    told::{About, Lines},
};
use super::{
    Office, Open, Shared, edit,
    lists::SETTINGS,
    place::{self, PlaceError},
};
use crate::{
    build,
    check::Extra,
    diagnostic::{Diagnostic, Report, Severity},
    load::tree,
    photographs::held::Held,
    preview::news::News,
};

type Sent = BTreeMap<String, String>;

/// The address of a form.
fn address(part: &Part) -> String {
    format!("/facts/{}", part.key)
}

/// Where a file can be filled in as a form; none for files that have no form.
pub(super) fn form_of(file: &str) -> Option<String> {
    if file == SETTINGS {
        return Some("/facts".to_owned());
    }
    PARTS.iter().find(|part| part.file == file).map(address)
}

/// A form in the list of forms.
#[derive(Serialize)]
struct Row {
    address: String,
    title: String,
    words: String,
    errors: usize,
    warnings: usize,
}

/// Every form there is.
pub(super) async fn list(State(office): Shared) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let report = open.preview.report();
    let rows: Vec<Row> = PARTS
        .iter()
        .filter(|part| open.folder().join(part.file).is_file())
        .map(|part| {
            let notes = on_disk(&open, part)
                .map(|lines| Notes::of(&office.paper, part, &lines, &report))
                .unwrap_or_default();
            let (errors, warnings) = notes.tally();
            let word = |what: &str| office.paper.word(&format!("facts.parts.{}{what}", part.key));
            Row { address: address(part), title: word(""), words: word("_words"), errors, warnings }
        })
        .collect();
    let mut context = Context::new();
    context.insert("rows", &rows);
    office.paper.page("facts.html", "pages", Some(&open.name()), context)
}

/// Where the answers of a form stand in the file as it was saved.
fn on_disk(open: &Open, part: &Part) -> Option<Lines> {
    let text = place::read(open.folder(), part.file).ok()?;
    let sheet = Sheet::read(part, &text.parse().ok()?).ok()?;
    Some(lines(part, &sheet, &text))
}

/// Where the answers of a form that was read from this text stand in it.
fn lines(part: &Part, sheet: &Sheet, text: &str) -> Lines {
    let names: Vec<Vec<Option<String>>> = part
        .blocks
        .iter()
        .zip(&sheet.blocks)
        .map(|(block, entries)| {
            let name = |(n, entry): (usize, &sheet::Entry)| match block.at {
                parts::At::Rows(_) => Some(n.to_string()),
                _ => Some(entry.was.clone()),
            };
            entries.iter().enumerate().map(name).collect()
        })
        .collect();
    Lines::of(part, text, &names)
}

/// Ways from findings to the forms in which they are mended. The files are read once for all of them.
#[derive(Default)]
pub(super) struct Ways(BTreeMap<&'static str, Option<Lines>>);

impl Ways {
    /// The form in which a finding is mended, at its field; none where no form asks for that.
    pub(super) fn to(&mut self, open: &Open, problem: &Diagnostic) -> Option<String> {
        let mut whole = None;
        for part in PARTS.iter().filter(|part| part.file == problem.file) {
            let lines = self.0.entry(part.key).or_insert_with(|| on_disk(open, part));
            let Some(about) = lines.as_ref().and_then(|lines| lines.about(part, problem)) else { continue };
            let there = format!("{}#{}", address(part), shown::id(part, about));
            if about.field.is_some() {
                return Some(there);
            }
            whole = whole.or(Some(there));
        }
        whole
    }
}

/// How the form is shown.
enum Stage<'a> {
    /// As it is in the file.
    AsItIs,
    /// Something was added or moved; the cursor goes there.
    Moved(Option<(usize, usize)>),
    /// Saved; these pages are other than before.
    Saved(&'a [String]),
    /// Not saved: something is wrong.
    Wrong,
    /// Not saved: pages would go wrong by it.
    WouldBreak(&'a [Diagnostic]),
    /// Not saved: somebody else changed the file.
    Conflict,
    /// Not saved: the file is no longer one that the form can be put into.
    NotShown,
}

pub(super) async fn ask(State(office): Shared, Asked(key): Asked<String>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let Some(part) = parts::part(&key) else { return Redirect::to("/facts").into_response() };
    let text = match place::read(open.folder(), part.file) {
        Ok(text) => text,
        Err(error) => return edit::trouble(&office, &error),
    };
    let file = text.parse::<DocumentMut>().map_err(|_| sheet::NotShown);
    match file.and_then(|file| Sheet::read(part, &file)) {
        Ok(sheet) => {
            let notes = Notes::of(&office.paper, part, &lines(part, &sheet, &text), &open.preview.report());
            page(&office, &open, part, &sheet, &place::mark(&text), &notes, &Stage::AsItIs)
        }
        // As text it can be mended.
        Err(sheet::NotShown) => Redirect::to(&edit::address(part.file)).into_response(),
    }
}

pub(super) async fn say(
    State(office): Shared,
    Asked(key): Asked<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let Some(part) = parts::part(&key) else { return Redirect::to("/facts").into_response() };
    // Drawing the whole school takes a moment in which others are answered.
    let saving = Arc::clone(&office);
    match tokio::task::spawn_blocking(move || answered(&saving, &open, part, &sent)).await {
        Ok(answer) => answer,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn answered(office: &Office, open: &Open, part: &'static Part, sent: &Sent) -> Response {
    let mut sheet = Sheet::sent(part, sent);
    let base = sent.get("base").cloned().unwrap_or_default();
    let asked = sent.get("do").map(String::as_str).unwrap_or_default();
    if let Some(what) = Move::read(asked) {
        let now = sheet.do_it(part, what);
        return page(office, open, part, &sheet, &base, &Notes::default(), &Stage::Moved(now));
    }
    let before = match place::read(open.folder(), part.file) {
        Ok(text) => text,
        Err(error) => return edit::trouble(office, &error),
    };
    let theirs = place::mark(&before);
    let Ok(written) = written::write(part, &sheet, &before) else {
        let mut page = page(office, open, part, &sheet, &theirs, &Notes::default(), &Stage::NotShown);
        *page.status_mut() = StatusCode::CONFLICT;
        return page;
    };
    let insisted = sent.get("over").is_some_and(|over| *over == theirs);
    if theirs != base && !insisted && written.text != before {
        let mut page = page(office, open, part, &sheet, &theirs, &Notes::default(), &Stage::Conflict);
        *page.status_mut() = StatusCode::CONFLICT;
        return page;
    }
    let found = check(office, open, part.file, &written.text);
    let lines = Lines::of(part, &written.text, &written.names);
    let notes = Notes::of(&office.paper, part, &lines, &found);
    let refused = |state: &Stage<'_>| {
        let mut page = page(office, open, part, &sheet, &theirs, &notes, state);
        *page.status_mut() = StatusCode::BAD_REQUEST;
        page
    };
    if notes.tally().0 > 0 {
        return refused(&Stage::Wrong);
    }
    let errors = found.diagnostics().iter().filter(|problem| problem.severity == Severity::Error);
    let new = new_ones(errors, || check(office, open, part.file, &before));
    if !new.is_empty() && asked != "anyway" {
        return refused(&Stage::WouldBreak(&new));
    }
    let pages = match save(open, part.file, &written.text) {
        Ok(pages) => pages,
        Err(error) => return edit::trouble(office, &error),
    };
    // As it is now in the file, new entries under the names that they got there.
    let saved = written.text.parse().ok().and_then(|file| Sheet::read(part, &file).ok()).unwrap_or(sheet);
    let notes =
        Notes::of(&office.paper, part, &self::lines(part, &saved, &written.text), &open.preview.report());
    let base = place::mark(&written.text);
    page(office, open, part, &saved, &base, &notes, &Stage::Saved(&pages))
}

/// What the check says of the whole school with this text in the place of the file.
fn check(office: &Office, open: &Open, file: &str, text: &str) -> Report {
    let (mut tree, problems) = tree::read(open.folder());
    tree.files.insert(file.to_owned(), text.as_bytes().to_vec());
    let extra = Extra { held: Held::of(&open.preview.school()), ..Extra::default() };
    build::check_tree(tree, problems, &open.preview.theme(), office.day(), &extra, build::QUIETLY).report
}

/// The errors that were not there before.
fn new_ones<'a>(
    errors: impl Iterator<Item = &'a Diagnostic>,
    before: impl FnOnce() -> Report,
) -> Vec<Diagnostic> {
    let errors: Vec<&Diagnostic> = errors.collect();
    if errors.is_empty() {
        return Vec::new();
    }
    let before = before();
    let same = |one: &Diagnostic, other: &Diagnostic| {
        (one.code, &one.file, &one.what) == (other.code, &other.file, &other.what)
    };
    let was = |one: &Diagnostic| before.diagnostics().iter().any(|other| same(one, other));
    errors.into_iter().filter(|one| !was(one)).cloned().collect()
}

/// Saves, draws everything anew, and says which pages of the site are other than before.
fn save(open: &Open, file: &str, text: &str) -> Result<Vec<String>, PlaceError> {
    let mut news = open.preview.news();
    place::write(open.folder(), file, text, &edit::now())?;
    open.preview.forget_draft(file);
    open.preview.look_now();
    let mut pages = Vec::new();
    loop {
        match news.try_recv() {
            Ok(told) => match &*told {
                News::Site(files) => pages.extend(files.iter().cloned()),
                News::Page(page) => pages.push(page.clone()),
                News::Findings(_) => {}
            },
            Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    pages.retain(|file| file.ends_with("index.html"));
    pages.sort();
    pages.dedup();
    Ok(pages)
}

/// A page of the site that is other than before.
#[derive(Serialize)]
struct Changed {
    title: String,
    address: String,
}

/// A page that would go wrong.
#[derive(Serialize)]
struct Broken<'a> {
    what: &'a str,
    file: &'a str,
    there: String,
}

fn page(
    office: &Office,
    open: &Open,
    part: &Part,
    sheet: &Sheet,
    base: &str,
    notes: &Notes,
    state: &Stage<'_>,
) -> Response {
    let school = open.preview.school();
    let focus = match state {
        Stage::Moved(now) => *now,
        _ => None,
    };
    let word = |what: &str| office.paper.word(&format!("facts.parts.{}{what}", part.key));
    let mut context = Context::new();
    context.insert("key", part.key);
    context.insert("title", &word(""));
    context.insert("lead", &word("_words"));
    context.insert("file", part.file);
    context.insert("base", base);
    context.insert("groups", &shown::blocks(office, &school, part, sheet, notes, focus));
    context.insert("summary", &notes.summary(office, part, sheet));
    context.insert(
        "state",
        match state {
            Stage::AsItIs => "",
            Stage::Moved(_) => "moved",
            Stage::Saved(_) => "saved",
            Stage::Wrong => "wrong",
            Stage::WouldBreak(_) => "would-break",
            Stage::Conflict => "conflict",
            Stage::NotShown => "not-shown",
        },
    );
    if let Stage::Saved(files) = state {
        let changed = |file: &String| {
            let address = file.trim_end_matches("index.html");
            let document = school.documents.iter().find(|document| {
                document.language.is_none() && document.address() == address.trim_end_matches('/')
            })?;
            Some(Changed { title: document.title(&school.settings), address: address.to_owned() })
        };
        let changed: Vec<Changed> = files.iter().filter_map(changed).collect();
        context.insert("changed", &changed);
    }
    if let Stage::WouldBreak(problems) = state {
        let broken = problems.iter().map(|one| Broken {
            what: &one.what,
            file: &one.file,
            there: if place::file(open.folder(), &one.file).is_ok_and(|file| file.is_file()) {
                edit::address(&one.file)
            } else {
                String::new()
            },
        });
        context.insert("broken", &broken.collect::<Vec<_>>());
    }
    office.paper.page("facts_part.html", "pages", Some(&open.name()), context)
}
