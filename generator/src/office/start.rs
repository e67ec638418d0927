//! Finding one's way: make or open a school, the list of its pages, what is to be mended.

use std::{collections::BTreeMap, path::PathBuf};

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use records::day::Day;
use serde::{Deserialize, Serialize};
use tera::Context;

use super::{Open, Shared, create, edit, facts, folders, home, lists, who};
use crate::{
    diagnostic::{Diagnostic, Severity},
    load::{
        document::{Document, Kind},
        form::FormFile,
        translation::Translation,
    },
    office::Names,
    site::tongue::{self, Known},
};

pub(super) async fn first(State(office): Shared) -> Response {
    if office.opened().is_some() {
        return Redirect::to("/pages").into_response();
    }
    office.paper.page("start.html", "start", None, Context::new())
}

#[derive(Deserialize)]
pub(super) struct Opening {
    #[serde(default)]
    key: String,
}

pub(super) async fn open_by_address(State(office): Shared, Query(opening): Query<Opening>) -> Response {
    if office.key.opens(&opening.key) {
        return office.key.let_in();
    }
    (StatusCode::FORBIDDEN, office.paper.word("door.no_key")).into_response()
}

pub(super) async fn new(State(office): Shared) -> Response {
    asked(&office, &Names::default(), "")
}

fn asked(office: &super::Office, names: &Names, trouble: &str) -> Response {
    let mut context = Context::new();
    context.insert("names", names);
    context.insert("trouble", trouble);
    context.insert("home", &home().display().to_string());
    office.paper.page("new.html", "start", None, context)
}

pub(super) async fn make(State(office): Shared, Form(names): Form<Names>) -> Response {
    if names.name.trim().is_empty() {
        return asked(&office, &names, &office.paper.word("new.no_name"));
    }
    let folder = home().join(create::folder_name(&names.name));
    let made = create::make(&folder, Some(&names)).map_err(|error| error.to_string());
    match made.and_then(|_| office.open(&folder)) {
        Ok(()) => Redirect::to("/pages?made=1").into_response(),
        Err(trouble) => asked(&office, &names, &trouble),
    }
}

#[derive(Deserialize)]
pub(super) struct Choosing {
    #[serde(default)]
    r#in: String,
    /// What the folder is for: `open` a school, or `publish` to it.
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    trouble: String,
}

pub(super) async fn choose(State(office): Shared, Query(choosing): Query<Choosing>) -> Response {
    let path = if choosing.r#in.is_empty() { home() } else { PathBuf::from(&choosing.r#in) };
    let Some((path, inside)) = folders::list(&path) else { return Redirect::to("/choose").into_response() };
    let up = path.parent().filter(|up| folders::list(up).is_some()).map(|up| up.display().to_string());
    let mut context = Context::new();
    context.insert("path", &path.display().to_string());
    context.insert("up", &up.unwrap_or_default());
    context.insert("here_is_school", &path.join("school.toml").is_file());
    context.insert("folders", &inside);
    context.insert("beginnings", &folders::beginnings());
    context.insert("purpose", if choosing.purpose == "publish" { "publish" } else { "open" });
    context.insert("trouble", &choosing.trouble);
    let name = office.opened().map(|open| open.name());
    office.paper.page("choose.html", "start", name.as_deref(), context)
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    folder: String,
}

pub(super) async fn open(State(office): Shared, Form(chosen): Form<Chosen>) -> Response {
    match office.open(&PathBuf::from(chosen.folder)) {
        Ok(()) => Redirect::to("/pages").into_response(),
        Err(trouble) => {
            let mut context = Context::new();
            context.insert("trouble", &trouble);
            office.paper.page("start.html", "start", None, context)
        }
    }
}

/// A page in the list.
#[derive(Serialize)]
struct Row {
    file: String,
    title: String,
    address: String,
    version: String,
    review_due: String,
    draft: bool,
    staff: bool,
    errors: usize,
    warnings: usize,
    languages: Vec<LanguageLink>,
}

/// A page's translation beside it.
#[derive(Serialize)]
struct LanguageLink {
    file: String,
    /// The language's name in itself.
    name: String,
    tag: String,
}

impl LanguageLink {
    fn of(translation: &Translation, known: &BTreeMap<String, Known>) -> Self {
        let tag = translation.language.to_string();
        let name =
            tongue::find(known, &translation.language).map_or_else(|| tag.clone(), |one| one.name.clone());
        Self { file: translation.page.source.path.clone(), name, tag }
    }
}

/// A form in the list.
#[derive(Serialize)]
struct FormRow<'a> {
    file: &'a str,
    title: &'a str,
    version: String,
    staff: bool,
    errors: usize,
    warnings: usize,
}

impl<'a> FormRow<'a> {
    fn of(form: &'a FormFile, count: impl Fn(&str) -> (usize, usize)) -> Self {
        let (errors, warnings) = count(&form.source.path);
        Self {
            file: &form.source.path,
            title: &form.form.title,
            version: form.form.version.to_string(),
            staff: !form.is_published(),
            errors,
            warnings,
        }
    }
}

#[derive(Serialize)]
struct Shelf {
    kind: &'static str,
    rows: Vec<Row>,
}

pub(super) async fn pages(State(office): Shared, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let school = open.preview.school();
    let report = open.preview.report();
    let count = |file: &str, severity| {
        report.diagnostics().iter().filter(|d| d.file == file && d.severity == severity).count()
    };
    let known = tongue::known(&office.shipped).unwrap_or_default();
    let row = |document: &Document| Row {
        file: document.source.path.clone(),
        title: document.title(&school.settings),
        address: document.address(),
        version: document.matter.version.as_ref().map(|v| v.value.to_string()).unwrap_or_default(),
        review_due: document
            .matter
            .review_due
            .as_ref()
            .map(|d| Day::from(d.value).in_words())
            .unwrap_or_default(),
        draft: document.matter.draft,
        staff: !document.matter.draft && !document.is_published(),
        errors: count(&document.source.path, Severity::Error),
        warnings: count(&document.source.path, Severity::Warning),
        languages: document.translations.iter().map(|one| LanguageLink::of(one, &known)).collect(),
    };
    let shelf = |kind: Kind| Shelf {
        kind: if kind == Kind::Home { "home" } else { kind.folder() },
        rows: school.of_kind(kind).map(row).collect(),
    };
    let shelves: Vec<Shelf> = std::iter::once(Kind::Home)
        .chain(Kind::IN_FOLDERS)
        .map(shelf)
        .filter(|shelf| !shelf.rows.is_empty())
        .collect();
    let both = |file: &str| (count(file, Severity::Error), count(file, Severity::Warning));
    let forms: Vec<FormRow<'_>> = school.forms.iter().map(|form| FormRow::of(form, both)).collect();
    let mut context = Context::new();
    context.insert("shelves", &shelves);
    context.insert("forms", &forms);
    context.insert("lists", &lists::rows(&office, open.folder(), both));
    context.insert("errors", &report.errors());
    context.insert("warnings", &report.warnings());
    context.insert("folder", &open.folder().display().to_string());
    context.insert("made", &asked.contains_key("made"));
    office.paper.page("pages.html", "pages", Some(&open.name()), context)
}

/// A finding with a way to it.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    #[serde(flatten)]
    problem: &'a Diagnostic,
    /// Where it is mended; empty where that is not here.
    there: String,
    line: usize,
}

pub(super) fn findings<'a>(open: &Open, problems: &'a [Diagnostic]) -> Vec<Finding<'a>> {
    let mut ways = facts::Ways::default();
    problems
        .iter()
        .map(|problem| {
            let line = problem.spot.as_ref().map_or(0, |spot| spot.line);
            Finding { problem, there: way_by(open, problem, &mut ways), line }
        })
        .collect()
}

/// Where a finding is mended: the form that says who is in a picture or what the school’s facts are, or the editor with the place in its
/// address; empty where its file cannot be edited here. Letters alone ask for one finding by itself.
#[cfg(any(feature = "print", test))]
pub(super) fn way_to(open: &Open, problem: &Diagnostic) -> String {
    way_by(open, problem, &mut facts::Ways::default())
}

fn way_by(open: &Open, problem: &Diagnostic, ways: &mut facts::Ways) -> String {
    if let Some(form) = who::way_to(open, problem).or_else(|| ways.to(open, problem)) {
        return form;
    }
    if !super::place::file(open.folder(), &problem.file).is_ok_and(|file| file.is_file()) {
        return String::new();
    }
    match &problem.spot {
        Some(spot) => {
            let (line, column, length) = (spot.line, spot.column, spot.length);
            format!("{}&line={line}&column={column}&length={length}", edit::address(&problem.file))
        }
        None => edit::address(&problem.file),
    }
}

pub(super) async fn problems(State(office): Shared) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let report = open.preview.report();
    let mut context = Context::new();
    context.insert("problems", &findings(&open, report.diagnostics()));
    context.insert("errors", &report.errors());
    context.insert("warnings", &report.warnings());
    office.paper.page("problems.html", "problems", Some(&open.name()), context)
}
