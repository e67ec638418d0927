//! Files of a school that are no pages: its settings, and lists that are kept in tables.

use serde::Serialize;

use crate::{
    load::{School, form::FormFile, made::Made},
    office::{Office, edit, facts},
};

/// The folder of forms.
pub(super) const FORMS: &str = "forms";
/// The settings: names, numbers and dates.
pub(super) const SETTINGS: &str = "school.toml";

/// A list that the office keeps, and the part of the catalogue that says what it is.
const LISTS: [(&str, &str); 6] = [
    ("approved-sites.toml", "approved_sites"),
    ("glossary.toml", "glossary"),
    ("required-documents.toml", "required_documents"),
    ("references.toml", "references"),
    ("reading.toml", "reading"),
    ("retention.toml", "retention"),
];

/// Whether a file at the top of a school's folder is its settings or one of the lists.
pub(super) fn is_one(name: &str) -> bool {
    name == SETTINGS || LISTS.iter().any(|(file, _)| *file == name)
}

/// A list, as it is shown among the pages.
#[derive(Serialize)]
pub(super) struct ListRow {
    /// Where it is changed.
    pub(super) there: String,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

/// The lists that a school has.
pub(super) fn rows(
    office: &Office,
    folder: &std::path::Path,
    count: impl Fn(&str) -> (usize, usize),
) -> Vec<ListRow> {
    let there = LISTS.into_iter().filter(|(file, _)| folder.join(file).is_file());
    there
        .map(|(file, key)| {
            let (errors, warnings) = count(file);
            let word = |what: &str| office.paper.word(&format!("lists.{key}{what}"));
            ListRow { there: way_to(file), title: word(""), words: word("_words"), errors, warnings }
        })
        .collect()
}

/// Where a list is changed: in its form, or as text where it has none.
fn way_to(file: &str) -> String {
    facts::form_of(file).unwrap_or_else(|| edit::address(file))
}

/// What to call a file that is no page; none for others.
pub(super) fn title(office: &Office, school: &School, file: &str) -> Option<String> {
    if file == SETTINGS {
        return Some(office.paper.word("edit.settings_title"));
    }
    let key = LISTS.iter().find(|(list, _)| *list == file).map(|(_, key)| *key);
    let list = key.map(|key| office.paper.word(&format!("lists.{key}")));
    list.or_else(|| Some(school.form(file)?.form.title.clone()))
}

/// Where the site shows what a file that is no page says; none where no page of it is there.
pub(super) fn address(school: &School, file: &str) -> Option<String> {
    let made = Made::at(file).filter(|made| made.is_there(school)).map(|made| made.address().to_owned());
    made.or_else(|| school.form(file).filter(|form| form.is_published()).map(FormFile::address))
}
