//! One page in the editor: words and settings, the result beside them, saved only when asked.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tera::Context;

use super::{
    Open, Shared, facts,
    form::{self, Parts},
    lists,
    paper::in_an_address,
    place::{self, PlaceError},
};
use crate::{load::document::Kind, preview::web};

type Sent = BTreeMap<String, String>;

/// The moment of a save, for the names of earlier texts: `2026-11-22 14-05-09`.
pub(super) fn now() -> String {
    jiff::Zoned::now().strftime("%Y-%m-%d %H-%M-%S").to_string()
}

/// The editor's address for a file, whatever stands in its name.
pub(super) fn address(file: &str) -> String {
    format!("/edit?file={}", in_an_address(file))
}

pub(super) fn trouble(office: &super::Office, error: &PlaceError) -> Response {
    let mut context = Context::new();
    context.insert("trouble", &error.to_string());
    let name = office.opened().map(|open| open.name());
    let mut page = office.paper.page("trouble.html", "", name.as_deref(), context);
    *page.status_mut() = StatusCode::BAD_REQUEST;
    page
}

pub(super) async fn show(State(office): Shared, Query(asked): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let file = asked.get("file").cloned().unwrap_or_default();
    let text = match place::read(open.folder(), &file) {
        Ok(text) => text,
        Err(error) => return trouble(&office, &error),
    };
    // What was tried and not saved in an earlier visit is over.
    open.preview.forget_draft(&file);
    if file.ends_with(".md") && open.preview.school().page(&file).is_none() {
        // Made this moment, or by another program: it is to be drawn before it is looked at.
        let looking = Arc::clone(&open);
        if tokio::task::spawn_blocking(move || looking.preview.look_now()).await.is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    let state = if asked.contains_key("saved") { "saved" } else { "" };
    editor(&office, &open, &file, &text, &place::mark(&text), state)
}

/// One setting in the form.
#[derive(Serialize)]
struct Field {
    key: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Owner<'a> {
    key: &'a str,
    role: &'a str,
}

/// The editor with this text, which need not be the saved one; `base` names the saved one.
fn editor(office: &super::Office, open: &Open, file: &str, text: &str, base: &str, state: &str) -> Response {
    let text = text.replace("\r\n", "\n");
    let school = open.preview.school();
    let document = school.page(file);
    let parts = form::split(&text).filter(|_| file.ends_with(".md"));
    let mut context = Context::new();
    // A translation has words of its own and goes by its English page in all else.
    let translated = document.is_some_and(|document| document.language.is_some());
    let governed = !translated
        && (file.starts_with(Kind::Policy.folder()) || file.starts_with(Kind::Agreement.folder()));
    let plain: &[&str] =
        if translated { &["title", "summary"] } else { &["title", "summary", "visibility", "draft"] };
    let fields: Vec<Field> = parts.as_ref().map_or_else(Vec::new, |parts| {
        let mut values = form::values(&parts.front);
        let shown = form::FIELDS
            .into_iter()
            .filter(|key| governed || plain.contains(key) || values.contains_key(key));
        let shown: Vec<_> = shown.collect();
        shown.into_iter().map(|key| Field { key, value: values.remove(key).unwrap_or_default() }).collect()
    });
    let title = match document {
        Some(document) => document.title(&school.settings),
        None => lists::title(office, &school, file).unwrap_or_else(|| file.to_owned()),
    };
    let owners: Vec<Owner<'_>> =
        school.settings.people.iter().map(|one| Owner { key: &one.key, role: &one.role }).collect();
    let address = document.map(|document| document.address()).or_else(|| lists::address(&school, file));
    let address = address.unwrap_or_default();
    context.insert("title", &title);
    context.insert("file", file);
    context.insert("base", base);
    context.insert("split", &parts.is_some());
    context.insert("lines_before", &parts.as_ref().map_or(0, form::lines_before));
    context.insert("front", &parts.as_ref().map(|parts| parts.front.as_str()).unwrap_or_default());
    context.insert("body", parts.as_ref().map_or(text.as_str(), |parts| parts.body.as_str()));
    context.insert("fields", &fields);
    context.insert("owners", &owners);
    context.insert("address", &if address.is_empty() { String::new() } else { format!("{address}/") });
    // Whoever has written a letter wants to send it.
    let letter = document.filter(|page| page.kind == Kind::Letter && page.language.is_none());
    context.insert("letter", letter.map_or("", |letter| letter.slug.as_str()));
    context.insert("movable", &(file.ends_with(".md") && file.contains('/')));
    context.insert("as_form", &facts::form_of(file).unwrap_or_default());
    context.insert("state", state);
    office.paper.page("edit.html", "pages", Some(&open.name()), context)
}

/// The whole text that a form stands for, and how many of its lines stand before the words.
fn composed(sent: &Sent) -> (String, usize) {
    let body = sent.get("body").map(|body| body.replace("\r\n", "\n")).unwrap_or_default();
    if sent.get("split").is_none_or(|split| split != "true") {
        return (body, 0);
    }
    let front = sent.get("front").map(|front| front.replace("\r\n", "\n")).unwrap_or_default();
    let mut wanted: BTreeMap<String, String> = sent
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("set-")?.to_owned(), value.clone())))
        .collect();
    // A box that is not ticked sends nothing.
    if sent.contains_key("has-draft") {
        wanted.entry("draft".to_owned()).or_insert_with(|| "false".to_owned());
    }
    let parts = Parts { front: form::with(&front, &wanted), body };
    let lines = form::lines_before(&parts);
    (form::join(&parts), lines)
}

/// Shows the text in the page beside it; nothing is saved.
pub(super) async fn try_out(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return StatusCode::CONFLICT.into_response() };
    let file = sent.get("file").cloned().unwrap_or_default();
    if let Err(error) = place::file(open.folder(), &file) {
        return trouble(&office, &error);
    }
    let (text, lines_before) = composed(&sent);
    // Drawing takes a moment in which others are answered.
    let shown = tokio::task::spawn_blocking(move || open.preview.draft(&file, &text)).await;
    match shown {
        Ok(()) => {
            let body = format!("{{\"lines_before\":{lines_before}}}");
            web::answer(StatusCode::OK, web::kind("tried.json"), body.into_bytes())
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Forgets what was tried.
pub(super) async fn leave(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    if let (Some(open), Some(file)) = (office.opened(), sent.get("file")) {
        open.preview.forget_draft(file);
    }
    Redirect::to("/pages").into_response()
}

pub(super) async fn save(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let file = sent.get("file").cloned().unwrap_or_default();
    let saved = match place::read(open.folder(), &file) {
        Ok(text) => text,
        Err(PlaceError::Refused(_, why)) if why.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return trouble(&office, &error),
    };
    let (text, _) = composed(&sent);
    let base = sent.get("base").map(String::as_str).unwrap_or_default();
    let theirs = place::mark(&saved);
    let insisted = sent.get("over").is_some_and(|over| *over == theirs);
    if theirs != base && !insisted && text != saved {
        let mut page = editor(&office, &open, &file, &text, &theirs, "conflict");
        *page.status_mut() = StatusCode::CONFLICT;
        return page;
    }
    if let Err(error) = place::write(open.folder(), &file, &text, &now()) {
        return trouble(&office, &error);
    }
    open.preview.forget_draft(&file);
    Redirect::to(&format!("{}&saved=1", address(&file))).into_response()
}
