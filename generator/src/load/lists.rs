//! `glossary.toml` and `approved-sites.toml`: lists that become pages of their own.

use std::cell::RefCell;

use jiff::civil::Date;

use super::{
    nearest::did_you_mean,
    placeholder,
    settings::Settings,
    toml_reader::{self, Reader},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The file of [`Word`]s.
pub const GLOSSARY: &str = "glossary.toml";
/// The file of [`ApprovedSite`]s.
pub const APPROVED_SITES: &str = "approved-sites.toml";

/// A word and what it means.
#[derive(Debug, Clone)]
pub struct Word {
    /// The word.
    pub word: String,
    /// For grown-ups.
    pub adult: String,
    /// For children, where they meet it.
    pub child: Option<String>,
}

/// A website that children may use in lessons.
#[derive(Debug, Clone)]
pub struct ApprovedSite {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Names of the classes that use it; empty where all do.
    pub classes: Vec<String>,
    /// What they use it for.
    pub purpose: String,
    /// When a teacher last looked at it.
    pub checked: Option<Date>,
}

/// Reads the glossary, in the order of the alphabet.
pub fn glossary(tree: &Tree, settings: &Settings, problems: &mut Vec<Diagnostic>) -> Vec<Word> {
    let fill = |words: String| placeholder::fill_plain(&words, settings);
    let mut words = rows(tree, GLOSSARY, "term", settings, problems, |row| Word {
        word: row.need_text("word", "the word").map(|l| fill(l.value)).unwrap_or_default(),
        adult: row
            .need_text("adult", "what it means, for grown-ups")
            .map(|l| fill(l.value))
            .unwrap_or_default(),
        child: row.text("child").map(|l| fill(l.value)),
    });
    words.sort_by_key(|word| word.word.to_lowercase());
    words
}

/// Reads the approved sites in the order written.
pub fn approved_sites(tree: &Tree, settings: &Settings, problems: &mut Vec<Diagnostic>) -> Vec<ApprovedSite> {
    let fill = |words: String| placeholder::fill_plain(&words, settings);
    rows(tree, APPROVED_SITES, "site", settings, problems, |row| {
        let classes = row.words("classes");
        let known = || settings.classes.iter().map(|class| class.name.as_str());
        for class in classes.iter().filter(|class| known().all(|known| known != class.value)) {
            row.tell(row.source().error(
                "unknown-class",
                class.range.clone(),
                format!("school.toml has no class called “{}”.", class.value),
                did_you_mean(
                    &class.value,
                    known(),
                    "Write its name as it stands under [[classes]], or leave “classes” out if all may use the site.",
                ),
            ));
        }
        let classes = classes.into_iter().map(|class| class.value).collect();
        ApprovedSite {
            name: row.need_text("name", "what the site is called").map(|l| l.value).unwrap_or_default(),
            url: address(row),
            classes,
            purpose: row.need_text("for", "what it is used for").map(|l| fill(l.value)).unwrap_or_default(),
            checked: row.day("checked").map(|l| l.value),
        }
    })
}

fn address(row: &Reader<'_, '_>) -> String {
    let Some(url) = row.need_text("url", "its address") else { return String::new() };
    let plain = url.value.starts_with("https://") && !url.value.contains(char::is_whitespace);
    if !plain {
        row.tell(row.source().error(
            "not-an-address",
            url.range,
            format!("“{}” is not the address of a website.", url.value),
            "Write it in full, beginning with https://.",
        ));
        return String::new();
    }
    url.value
}

fn rows<T>(
    tree: &Tree,
    file: &str,
    key: &'static str,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
    read: impl Fn(&Reader<'_, '_>) -> T,
) -> Vec<T> {
    let Some(bytes) = tree.files.get(file) else { return Vec::new() };
    let source = match Source::from_bytes(file, bytes) {
        Ok(source) => source,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    placeholder::check(&source, settings, &[], problems);
    let parsed = toml_reader::parse(&source, 0..source.text.len(), problems);
    let found = RefCell::new(Vec::new());
    let reader = parsed.reader(&source, 0, 0..source.line_range(1).end, &found);
    let rows = reader.rows(key, read);
    reader.finish(file);
    problems.append(&mut found.into_inner());
    rows
}
