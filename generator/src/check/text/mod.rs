//! What a careful editor finds in the words of one page.

pub(super) mod appendices;
pub(super) mod blanks;
pub(super) mod contacts;
pub(super) mod contents;
pub(super) mod dates;
pub(super) mod items;
pub(super) mod notes;
pub(super) mod passages;
pub(super) mod placeholders;
pub(super) mod reading;
pub(super) mod review;
pub(super) mod sentences;
pub(super) mod triggers;

use std::ops::Range;

use jiff::civil::Date;
use regex::Regex;

use self::{passages::Passage, triggers::Finder};
use crate::{
    diagnostic::Diagnostic,
    load::{School, document::Document},
};

/// A page with its passages.
pub(super) struct Page<'a> {
    /// The page.
    pub(super) document: &'a Document,
    /// Its passages in order.
    pub(super) passages: Vec<Passage>,
}

impl<'a> Page<'a> {
    /// Reads a page once for all rules.
    pub(super) fn of(document: &'a Document, finder: &Finder) -> Self {
        Self { document, passages: passages::of(document, finder) }
    }

    /// A warning at some words of a passage.
    pub(super) fn warning(
        &self,
        code: &'static str,
        passage: &Passage,
        range: Range<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Diagnostic {
        self.document.source.error(code, passage.place(self.document, range), what, mend).as_warning()
    }
}

/// A warning about a page as a whole, told at its title.
pub(super) fn warning_of_whole(
    document: &Document,
    code: &'static str,
    what: impl Into<String>,
    mend: impl Into<String>,
) -> Diagnostic {
    document.source.error(code, title_of(document), what, mend).as_warning()
}

/// Where the title stands, for findings about a page as a whole.
pub(super) fn title_of(document: &Document) -> Range<usize> {
    document.matter.title.as_ref().map_or(0..0, |title| title.range.clone())
}

/// Everything about the words of one page. Drafts are left in peace: working notes belong there.
pub(super) fn check(school: &School, page: &Page<'_>, day: Date) -> Vec<Diagnostic> {
    if page.document.matter.draft {
        return Vec::new();
    }
    let mut problems = items::check(page);
    problems.append(&mut placeholders::check(page));
    problems.append(&mut notes::check(page));
    problems.append(&mut blanks::check(page));
    problems.append(&mut appendices::check(page));
    problems.append(&mut contents::check(page));
    problems.append(&mut dates::check(page));
    problems.append(&mut review::check(page, day));
    if page.document.is_published() {
        problems.append(&mut contacts::check(school, page));
        problems.extend(reading::check(school, page));
    }
    problems
}

/// A pattern that is written in this program.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of the program’s own is well formed, as its test shows")
}

/// Some words, cut to fit into a sentence.
pub(super) fn shown(words: &str) -> String {
    const MOST: usize = 80;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= MOST {
        return words;
    }
    let cut: String = words.chars().take(MOST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{whole} …")
}
