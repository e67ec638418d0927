//! `references.toml`: laws and guidance that policies name, and whether each is still the one in force.

use std::{cell::RefCell, ops::Range};

use jiff::civil::Date;

use super::{
    nearest::did_you_mean,
    toml_reader::{self, Reader},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source, theme};

/// The file, in the school’s folder or else as it comes with the program.
pub const FILE: &str = "references.toml";

/// Whether a law or guidance is the one in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It is.
    Current,
    /// It is, in a new edition each time: years before this one are superseded.
    Edition(i64),
    /// It is not; this took its place.
    SupersededBy(String),
}

/// A law or guidance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is called.
    pub name: String,
    /// How policies write it.
    pub patterns: Vec<String>,
    /// Whether it is in force.
    pub status: Status,
    /// Where its text is.
    pub url: Option<String>,
    /// The day on which somebody read the text in force; none while nobody has.
    pub checked: Option<Date>,
    /// Where its entry stands, to tell that nobody checked it.
    pub range: Range<usize>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct References {
    /// In the order written.
    pub list: Vec<Reference>,
    /// The school’s own file; none where the program’s is used.
    pub own: Option<Source>,
}

/// Reads the list.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> References {
    let Some(source) = theme::school_file(tree, FILE, problems) else { return References::default() };
    let parsed = toml_reader::parse(&source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let list = {
        let reader = parsed.reader(&source, 0, 0..0, &found);
        let list = reader.rows("references", reference);
        reader.finish(FILE);
        list.into_iter().flatten().collect()
    };
    problems.append(&mut found.into_inner());
    References { list, own: tree.files.contains_key(FILE).then_some(source) }
}

fn reference(reader: &Reader<'_, '_>) -> Option<Reference> {
    let name = reader.need_text("name", "what the law or guidance is called");
    let patterns = reader.list("patterns");
    let status = reader.need_text("status", "“current” or “superseded”");
    let by = reader.text("by").map(|by| by.value);
    let edition = reader.number("edition");
    let url = reader.text("url").map(|url| url.value);
    let checked = reader.day("checked").map(|day| day.value);
    reader.number("year");
    reader.text("note");
    let (name, status) = (name?, status?);
    let status = match (status.value.as_str(), edition) {
        ("current", None) => Status::Current,
        ("current", Some(year)) => Status::Edition(year),
        ("superseded", _) => Status::SupersededBy(by.unwrap_or_default()),
        (other, _) => {
            reader.tell(reader.source().error(
                "wrong-value",
                status.range,
                format!("“status” cannot be “{other}”."),
                did_you_mean(other, ["current", "superseded"], "Write \"current\" or \"superseded\"."),
            ));
            return None;
        }
    };
    let patterns = if patterns.is_empty() { vec![name.value.clone()] } else { patterns };
    Some(Reference { name: name.value, patterns, status, url, checked, range: name.range })
}
