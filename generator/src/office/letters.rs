//! Letters to families: one chooses a letter, gives a list, and takes one file for the printer.

use axum::{
    body::Bytes,
    extract::{Multipart, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tera::Context;

use super::{
    Office, Open, Shared,
    mailing::{Columns, Mailing, Order, Ready, Refused},
    start,
};
use crate::{
    diagnostic::{Diagnostic, Report, Severity},
    letters::{Shape, order},
    load::{
        School,
        document::{Document, Kind},
        placeholder::{fill_left, fill_plain},
    },
    preview::web,
    site::tongue,
};

/// The part of the pages that one is in.
const AREA: &str = "letters";

/// A letter to choose.
#[derive(Serialize)]
struct Row {
    slug: String,
    title: String,
    summary: String,
    languages: Vec<String>,
    errors: usize,
}

/// A letter's title; what differs from family to family is left open.
fn title(school: &School, letter: &Document) -> String {
    fill_left(&letter.title(&school.settings), |_| Some("…".to_owned()))
}

pub(super) async fn list(State(office): Shared) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let (school, report) = (open.preview.school(), open.preview.report());
    let known = tongue::known(&office.shipped).unwrap_or_default();
    let row = |letter: &Document| Row {
        slug: letter.slug.clone(),
        title: title(&school, letter),
        summary: fill_plain(letter.matter.summary.as_deref().unwrap_or_default(), &school.settings),
        languages: letter
            .translations
            .iter()
            .filter(|one| !one.page.matter.draft)
            .filter_map(|one| Some(tongue::find(&known, &one.language)?.english.clone()))
            .collect(),
        errors: report
            .diagnostics()
            .iter()
            .filter(|one| one.file == letter.source.path && one.severity == Severity::Error)
            .count(),
    };
    let rows: Vec<Row> = school.of_kind(Kind::Letter).map(row).collect();
    let mut context = Context::new();
    context.insert("letters", &rows);
    office.paper.page("letters.html", AREA, Some(&open.name()), context)
}

pub(super) async fn ask(State(office): Shared, Path(slug): Path<String>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    asked(&office, &open, &slug, None, "")
}

/// What is wrong, and where; of a list's line only what is meant.
#[derive(Serialize)]
struct Finding<'a> {
    what: &'a str,
    mend: &'a str,
    line: usize,
    /// As a spreadsheet names it.
    column: String,
    before: String,
    meant: String,
    after: String,
    /// The file, where it is not the list.
    file: &'a str,
    /// The way there.
    there: String,
}

fn findings<'a>(open: &Open, report: &'a Report, list: &str, columns: &Columns) -> Vec<Finding<'a>> {
    let found = |problem: &'a Diagnostic| {
        let of_list = problem.file == list;
        let (line, column, before, meant, after) = match problem.spot.as_deref() {
            Some(spot) => {
                let letters: Vec<char> = spot.text.chars().collect();
                let from = (spot.column - 1).min(letters.len());
                let to = (from + spot.length).min(letters.len());
                let part = |range: std::ops::Range<usize>| letters[range].iter().collect::<String>();
                let column = columns.get(&(spot.line, spot.column)).filter(|_| of_list);
                (
                    spot.line,
                    column.cloned().unwrap_or_default(),
                    part(0..from),
                    part(from..to),
                    part(to..letters.len()),
                )
            }
            None => (0, String::new(), String::new(), String::new(), String::new()),
        };
        let there = if of_list { String::new() } else { start::way_to(open, problem) };
        let file = if of_list { "" } else { problem.file.as_str() };
        Finding { what: &problem.what, mend: &problem.mend, line, column, before, meant, after, file, there }
    };
    report.diagnostics().iter().map(found).collect()
}

/// The form for a letter's list, with what was wrong the last time.
fn asked(office: &Office, open: &Open, slug: &str, refused: Option<&Refused>, trouble: &str) -> Response {
    let school = open.preview.school();
    let Some(letter) = order::find(&school, slug) else { return Redirect::to("/letters").into_response() };
    let mut context = Context::new();
    context.insert("slug", &letter.slug);
    context.insert("title", &title(&school, letter));
    context.insert("file", &letter.source.path);
    context.insert("columns", &order::columns(letter));
    context.insert("may_have", &order::MAY_HAVE);
    context.insert("trouble", refused.map_or(trouble, |refused| &refused.trouble));
    context.insert("pasted", refused.map_or("", |refused| &refused.pasted));
    let found = refused
        .map(|refused| findings(open, &refused.report, &refused.list, &refused.columns))
        .unwrap_or_default();
    context.insert("count", &found.len());
    context.insert("problems", &found);
    office.paper.page("letter.html", AREA, Some(&open.name()), context)
}

/// What came with the form.
#[derive(Default)]
struct Sent {
    name: String,
    list: Bytes,
    pasted: bool,
    each: bool,
}

/// Reads the form; none where it is more than is taken.
async fn sent(mut form: Multipart) -> Option<Sent> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.ok()? {
        let (name, file) = (field.name().map(str::to_owned), field.file_name().map(str::to_owned));
        let bytes = field.bytes().await.ok()?;
        match name.as_deref() {
            Some("file") if !bytes.is_empty() => {
                let name = file.unwrap_or_default();
                sent.name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                (sent.list, sent.pasted) = (bytes, false);
            }
            // A file that was chosen counts more than what still stands in the field.
            Some("pasted") if sent.list.is_empty() && !bytes.trim_ascii().is_empty() => {
                (sent.list, sent.pasted) = (bytes, true);
            }
            Some("shape") => sent.each = bytes == "each",
            _ => {}
        }
    }
    Some(sent)
}

pub(super) async fn make(State(office): Shared, Path(slug): Path<String>, form: Multipart) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let word = |word: &str| office.paper.word(&format!("letters.{word}"));
    let Some(sent) = sent(form).await else {
        return asked(&office, &open, &slug, None, &word("too_large"));
    };
    if sent.list.is_empty() {
        return asked(&office, &open, &slug, None, &word("no_list"));
    }
    open.mailings.begin(Order {
        folder: open.folder().to_owned(),
        theme: open.preview.theme(),
        day: office.day(),
        letter: slug,
        name: if sent.name.is_empty() { word("the_list") } else { sent.name },
        list: sent.list,
        pasted: sent.pasted,
        shape: if sent.each { Shape::Each } else { Shape::Together },
    });
    Redirect::to("/making").into_response()
}

/// The headings of a list for a letter, to be filled in. With the mark that spreadsheets know UTF-8 by.
pub(super) async fn empty_list(State(office): Shared, Path(slug): Path<String>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let school = open.preview.school();
    let Some(letter) = order::find(&school, &slug) else { return Redirect::to("/letters").into_response() };
    let mut headings = order::columns(letter);
    headings.extend(order::MAY_HAVE.map(str::to_owned));
    let list = format!("\u{feff}{}\r\n", headings.join(","));
    taken("text/csv; charset=utf-8", &format!("{}.csv", letter.slug), list.into())
}

/// A file to be kept, and not to be shown.
fn taken(kind: &'static str, name: &str, bytes: Bytes) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

/// How far it is, or what came of it.
pub(super) async fn making(State(office): Shared) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    match open.mailings.now() {
        Mailing::Nothing => Redirect::to("/letters").into_response(),
        Mailing::Making(progress) => {
            let (done, of) = progress.now();
            let mut context = Context::new();
            context.insert("done", &done);
            context.insert("of", &of);
            office.paper.page("making.html", AREA, Some(&open.name()), context)
        }
        Mailing::Refused(refused) => asked(&office, &open, &refused.letter, Some(&refused), ""),
        Mailing::Ready(ready) => shown(&office, &open, &ready),
    }
}

fn shown(office: &Office, open: &Open, ready: &Ready) -> Response {
    let school: &School = &open.preview.school();
    let title = order::find(school, &ready.letter).map(|letter| title(school, letter));
    let mut context = Context::new();
    context.insert("title", &title.unwrap_or_default());
    context.insert("slug", &ready.letter);
    context.insert("file", &ready.file);
    context.insert("zip", &ready.file.ends_with(".zip"));
    context.insert("size", &size(ready.bytes.len()));
    context.insert("letters", &ready.letters);
    context.insert("pages", &ready.pages);
    context.insert("by_hand", &ready.by_hand);
    context.insert("translated", &ready.translated);
    context.insert("problems", &findings(open, &ready.report, &ready.list, &ready.columns));
    office.paper.page("made.html", AREA, Some(&open.name()), context)
}

/// A file's size, in words.
fn size(bytes: usize) -> String {
    match bytes.div_ceil(1000) {
        kilobytes @ ..1000 => format!("{kilobytes} kB"),
        kilobytes => format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100),
    }
}

/// How far it is, for the page that waits.
#[derive(Serialize)]
struct Waiting {
    done: usize,
    of: usize,
    over: bool,
}

pub(super) async fn state(State(office): Shared) -> Response {
    let now = office.opened().map_or(Mailing::Nothing, |open| open.mailings.now());
    let state = match now {
        Mailing::Making(progress) => {
            let (done, of) = progress.now();
            Waiting { done, of, over: false }
        }
        _ => Waiting { done: 0, of: 0, over: true },
    };
    // Numbers always serialise.
    let body = serde_json::to_vec(&state).unwrap_or_default();
    web::answer(StatusCode::OK, web::kind("state.json"), body)
}

/// The letters themselves.
pub(super) async fn take(State(office): Shared, Path(file): Path<String>) -> Response {
    let now = office.opened().map_or(Mailing::Nothing, |open| open.mailings.now());
    match now {
        Mailing::Ready(ready) if ready.file == file => taken(web::kind(&file), &file, ready.bytes.clone()),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(super) async fn forget(State(office): Shared) -> Response {
    if let Some(open) = office.opened() {
        open.mailings.forget();
    }
    Redirect::to("/letters").into_response()
}
