//! `reading.toml`: how hard a page may be for its readers.

use std::{cell::RefCell, collections::BTreeMap};

use super::{toml_reader, tree::Tree};
use crate::{diagnostic::Diagnostic, source::Source, theme};

/// The file, in the school’s folder or else as it comes with the program.
pub const FILE: &str = "reading.toml";

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The readers, as one says it.
    pub readers: String,
    /// The highest grade (Kincaid 1975).
    pub grade: f64,
}

/// Limits by audience.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    by_key: BTreeMap<String, Limit>,
}

impl Limits {
    /// The readers’ name and the highest grade for an audience; none where the file sets none.
    pub fn of(&self, key: &str) -> Option<(&str, f64)> {
        self.by_key.get(key).map(|limit| (limit.readers.as_str(), limit.grade))
    }
}

/// Reads the limits.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> Limits {
    let Some(source) = theme::school_file(tree, FILE, problems) else { return Limits::default() };
    limits(&source, problems)
}

fn limits(source: &Source, problems: &mut Vec<Diagnostic>) -> Limits {
    let parsed = toml_reader::parse(source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let reader = parsed.reader(source, 0, 0..0, &found);
    let named = reader.named("limits", |key, reader| {
        let readers = reader.need_text("readers", "who reads such a page")?.value;
        let grade = reader.number("grade")?;
        Some((key.to_owned(), Limit { readers, grade: grade as f64 }))
    });
    reader.finish(FILE);
    problems.append(&mut found.into_inner());
    Limits { by_key: named.into_iter().flatten().collect() }
}
