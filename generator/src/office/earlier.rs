//! Earlier texts of a page: nothing that was saved is lost.

use std::{collections::BTreeMap, fs};

use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use tera::Context;

use super::{
    Shared, edit,
    place::{self, PlaceError},
};

/// How many are offered, the newest first; older ones stay in the folder.
const SHOWN: usize = 50;

#[derive(Serialize)]
struct Text {
    name: String,
    words: String,
}

fn texts(school: &std::path::Path, file: &str) -> Result<Vec<Text>, PlaceError> {
    place::file(school, file)?;
    let refused = |why| PlaceError::Refused(file.to_owned(), why);
    let folder = place::earlier_folder(school, file).map_err(refused)?;
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort_by(|a, b| b.cmp(a));
    names.truncate(SHOWN);
    let text = |name: String| Text {
        words: fs::read(folder.join(&name))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default(),
        name,
    };
    Ok(names.into_iter().map(text).collect())
}

pub(super) async fn list(State(office): Shared, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let file = asked.get("file").cloned().unwrap_or_default();
    match texts(open.folder(), &file) {
        Ok(texts) => {
            let mut context = Context::new();
            context.insert("file", &file);
            context.insert("texts", &texts);
            office.paper.page("earlier.html", "pages", Some(&open.name()), context)
        }
        Err(error) => edit::trouble(&office, &error),
    }
}

/// Puts an earlier text in the place of the present one, which becomes an earlier one itself.
pub(super) async fn put_back(State(office): Shared, Form(sent): Form<BTreeMap<String, String>>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let file = sent.get("file").cloned().unwrap_or_default();
    let wanted = sent.get("name").cloned().unwrap_or_default();
    let written = texts(open.folder(), &file).and_then(|texts| {
        match texts.into_iter().find(|text| text.name == wanted) {
            Some(text) => place::write(open.folder(), &file, &text.words, &edit::now()),
            None => Err(PlaceError::NotAPage(wanted)),
        }
    });
    match written {
        Ok(()) => Redirect::to(&format!("{}&saved=1", edit::address(&file))).into_response(),
        Err(error) => edit::trouble(&office, &error),
    }
}
