//! `required-documents.toml`: what a school must publish online, and where each is.

use std::cell::RefCell;

use jiff::civil::Date;

use super::{
    toml_reader::{self, Located},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The file. A school without it is not asked for anything.
pub const FILE: &str = "required-documents.toml";

/// One document or piece of information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// What it is.
    pub name: Located<String>,
    /// Words of a page’s title or of a link by which it is known, in small letters.
    pub known_by: Vec<String>,
    /// Where it is published, if not on this site.
    pub published_at: Option<String>,
    /// What asks for it.
    pub source: Option<String>,
    /// The day on which somebody read what asks for it.
    pub checked: Option<Date>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct RequiredDocuments {
    /// In the order written.
    pub list: Vec<Required>,
    /// The file.
    pub own: Option<Source>,
}

/// Reads the list.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> RequiredDocuments {
    let Some(bytes) = tree.files.get(FILE) else { return RequiredDocuments::default() };
    let source = match Source::from_bytes(FILE, bytes) {
        Ok(source) => source,
        Err(problem) => {
            problems.push(problem);
            return RequiredDocuments::default();
        }
    };
    let parsed = toml_reader::parse(&source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let list = {
        let reader = parsed.reader(&source, 0, 0..0, &found);
        let list = reader.rows("documents", |reader| {
            let name = reader.need_text("name", "what must be published");
            let known_by = reader.list("known_by");
            let published_at = reader.text("published_at").map(|at| at.value);
            let source = reader.text("source").map(|source| source.value);
            let checked = reader.day("checked").map(|day| day.value);
            let name = name?;
            let known_by = if known_by.is_empty() { vec![name.value.clone()] } else { known_by };
            let known_by = known_by.iter().map(|words| words.to_lowercase()).collect();
            Some(Required { name, known_by, published_at, source, checked })
        });
        reader.finish(FILE);
        list.into_iter().flatten().collect()
    };
    problems.append(&mut found.into_inner());
    RequiredDocuments { list, own: Some(source) }
}
