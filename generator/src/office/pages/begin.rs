//! A new page, begun from a short model.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use records::agreement::Audience;
use serde::Serialize;
use tera::Context;
use toml_edit::{DocumentMut, value};

use super::{Sent, free_path, in_peace};
use crate::{
    load::{document::Kind, markdown},
    office::{
        Office, Open, Shared, edit,
        form::{self, Parts},
        place,
    },
};

/// How long the name of a file may become that is made from a title.
const LONGEST_NAME: usize = 48;

/// What somebody chose.
#[derive(Debug, Clone, Default, Serialize)]
struct Wish {
    /// The folder of the kind of page.
    kind: String,
    title: String,
    /// Whom an agreement is for.
    audience: String,
}

pub(crate) async fn ask(State(office): Shared, Query(sent): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let kind = sent.get("kind").cloned().unwrap_or_default();
    page(&office, &open, &Wish { kind, ..Wish::default() }, "")
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    words: String,
    hint: String,
}

fn page(office: &Office, open: &Open, wish: &Wish, trouble: &str) -> Response {
    let choice = |part: &str, value: &'static str| {
        let word = |what: &str| office.paper.word(&format!("make.{part}.{}{what}", value.replace('-', "_")));
        Choice { value, words: word(""), hint: word("_hint") }
    };
    let kinds: Vec<Choice> = Kind::IN_FOLDERS.map(|kind| choice("kinds", kind.folder())).into();
    let audiences: Vec<Choice> = Audience::ALL.map(|one| choice("audiences", one.as_str())).into();
    let mut context = Context::new();
    context.insert("kinds", &kinds);
    context.insert("audiences", &audiences);
    context.insert("wish", wish);
    context.insert("trouble", trouble);
    office.paper.page("page_new.html", "pages", Some(&open.name()), context)
}

pub(crate) async fn make(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let said = |key: &str| sent.get(key).map(|words| words.trim().to_owned()).unwrap_or_default();
    let wish = Wish { kind: said("kind"), title: said("title"), audience: said("audience") };
    in_peace(move || made(&office, &open, &wish)).await
}

fn made(office: &Office, open: &Arc<Open>, wish: &Wish) -> Response {
    let refused = |word: &str| {
        let mut page = page(office, open, wish, &office.paper.word(word));
        *page.status_mut() = StatusCode::BAD_REQUEST;
        page
    };
    let Some(kind) = Kind::IN_FOLDERS.into_iter().find(|kind| kind.folder() == wish.kind) else {
        return refused("make.no_kind");
    };
    if wish.title.is_empty() {
        return refused("make.no_title");
    }
    if kind == Kind::Agreement && wish.audience.parse::<Audience>().is_err() {
        return refused("make.no_audience");
    }
    let path = match free_path(open.folder(), kind, &name_for(&wish.title)) {
        Ok(path) => path,
        Err(bad) => return refused(bad.word()),
    };
    let owner = open.preview.school().settings.people.first().map(|person| person.key.clone());
    let Some(text) = begun(office, kind, wish, owner.as_deref()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Err(error) = place::write(open.folder(), &path, &text, &edit::now()) {
        return edit::trouble(office, &error);
    }
    open.preview.look_now();
    Redirect::to(&edit::address(&path)).into_response()
}

/// A name for the file of a page with this title; empty where it has no letter that may stand in an address.
fn name_for(title: &str) -> String {
    let plain: String =
        markdown::slug(title).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let mut name = String::new();
    for part in plain.split('-').filter(|part| !part.is_empty()) {
        if name.len() + part.len() >= LONGEST_NAME && !name.is_empty() {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(part);
    }
    name.chars().take(LONGEST_NAME).collect::<String>().trim_end_matches('-').to_owned()
}

/// The model of this kind with the title in it.
fn begun(office: &Office, kind: Kind, wish: &Wish, owner: Option<&str>) -> Option<String> {
    let name = kind.folder().trim_end_matches('s');
    let name = if kind == Kind::Policy { "policy" } else { name };
    let model = office.shipped.text(&format!("office/models/{name}.md")).ok()?;
    let parts = form::split(model)?;
    let mut front: DocumentMut = parts.front.parse().ok()?;
    // Whoever is named first in this school, where it goes by other names than the model.
    if let (Some(item), Some(owner)) = (front.get_mut("owner"), owner) {
        *item = value(owner);
    }
    if kind == Kind::Agreement {
        front["audience"] = value(wish.audience.as_str());
    }
    let title = value(wish.title.as_str());
    let front = format!("title = {title}\n{front}");
    Some(form::join(&Parts { front, body: parts.body }))
}

#[cfg(test)]
mod tests {
    use super::name_for;

    #[test]
    fn a_title_becomes_a_name_that_can_stand_in_an_address() {
        assert_eq!(name_for("Mobile phones & smart watches"), "mobile-phones-smart-watches");
        assert_eq!(name_for("Café rules"), "caf-rules");
        assert_eq!(name_for("校则"), "");
        let long = name_for(&"rather long words ".repeat(20));
        assert!(long.len() <= 48 && !long.ends_with('-'), "{long}");
    }
}
