//! Pages begun, renamed, taken away and put back.
//!
//! Taking a page away deletes nothing: its files are kept within the school’s folder, where no build looks, and
//! go back whence they came.

mod begin;
mod links;
mod removed;
mod rename;

pub(super) use self::{
    begin::{ask as ask_new, make},
    removed::{ask as ask_remove, list as list_removed, put_back, remove},
    rename::{ask as ask_rename, rename},
};

use std::{collections::BTreeMap, path::Path};

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::{
    Open, edit,
    place::{self, PlaceError},
};
use crate::{
    load::{
        School,
        document::{Document, Kind},
        language,
    },
    output::names::is_device,
};

type Sent = BTreeMap<String, String>;

/// A page that links to the one that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Linking {
    title: String,
    file: String,
    there: String,
}

impl Linking {
    fn of(school: &School, page: &Document) -> Self {
        let file = page.source.path.clone();
        Self { title: page.title(&school.settings), there: edit::address(&file), file }
    }
}

/// Why there can be no page of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BadName {
    Empty,
    NotPlain,
    Taken,
}

impl BadName {
    /// The sentence of the catalogue that says it.
    const fn word(self) -> &'static str {
        match self {
            Self::Empty => "make.no_name",
            Self::NotPlain => "make.not_plain",
            Self::Taken => "make.taken",
        }
    }
}

/// The path of a page of this kind and name, if there can be a new one.
fn free_path(school: &Path, kind: Kind, name: &str) -> Result<String, BadName> {
    if name.is_empty() {
        return Err(BadName::Empty);
    }
    if name.parse::<records::ids::Slug>().is_err() || is_device(name) {
        return Err(BadName::NotPlain);
    }
    let path = format!("{}/{name}.md", kind.folder());
    // On many computers “Phones.md” and “phones.md” are one file.
    let taken = std::fs::read_dir(school.join(kind.folder()))
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_string_lossy().eq_ignore_ascii_case(&format!("{name}.md")));
    if taken { Err(BadName::Taken) } else { Ok(path) }
}

/// The kind of page that a file is, by its folder.
fn kind_of(file: &str) -> Option<Kind> {
    let (folder, _) = file.split_once('/')?;
    Kind::IN_FOLDERS.into_iter().find(|kind| kind.folder() == folder)
}

/// The name of a page in its address.
fn name_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

/// A page with its translations, as they lie on the disk; a translation alone is itself.
fn with_translations(school: &Path, file: &str) -> Vec<String> {
    let mut files = vec![file.to_owned()];
    let Some((folder, _)) = file.split_once('/').filter(|_| language::of_file(file).is_none()) else {
        return files;
    };
    let entries = std::fs::read_dir(school.join(folder)).into_iter().flatten().filter_map(Result::ok);
    let mut beside: Vec<String> = entries
        .map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()))
        .filter(|path| language::of_file(path).is_some_and(|(english, _)| english == file))
        .collect();
    beside.sort();
    files.append(&mut beside);
    files
}

/// The page that somebody asked for, if it is one that can be renamed or taken away.
fn asked_for(open: &Open, sent: &Sent) -> Result<String, PlaceError> {
    let file = sent.get("file").cloned().unwrap_or_default();
    let is_page = kind_of(&file).is_some() && file.ends_with(".md");
    match place::file(open.folder(), &file) {
        Ok(there) if is_page && there.is_file() => Ok(file),
        Err(error) => Err(error),
        Ok(_) => Err(PlaceError::NotAPage(file)),
    }
}

/// What a page is called.
fn title_of(open: &Open, file: &str) -> String {
    let school = open.preview.school();
    school.page(file).map_or_else(|| file.to_owned(), |page| page.title(&school.settings))
}

/// Does something that reads and draws the school, while others are answered.
async fn in_peace(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
