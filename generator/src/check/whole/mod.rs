//! What a careful editor finds only with all pages before them.

pub(super) mod copies;
pub(super) mod figures;
pub(super) mod laws;
pub(super) mod pictures;
pub(super) mod required;

use jiff::civil::Date;

use std::collections::BTreeSet;

use super::{Extra, text::Page};
use crate::{
    diagnostic::Diagnostic,
    load::{School, document::Document},
};
use figures::Figure;
use laws::Laws;

/// What is noted of each page while it is read, to be held against what the others say.
#[derive(Default)]
pub(super) struct Noted<'s> {
    /// Where in the list of references stands what pages cite.
    cited: BTreeSet<usize>,
    /// Where in the list of required documents stands what pages are about or link to.
    required: BTreeSet<usize>,
    figures: Vec<Figure<'s>>,
    /// A sketch of each page, in the order of the school’s documents.
    sketches: Vec<Box<[u64]>>,
}

impl<'s> Noted<'s> {
    /// Notes a page, which is `document` while it is looked at, and tells what can be told of it alone.
    pub(super) fn of(
        school: &School,
        page: &Page<'_>,
        document: &'s Document,
        laws: &Laws<'_>,
    ) -> (Self, Vec<Diagnostic>) {
        let (cited, found) = laws.cited(page);
        let noted = Self {
            cited,
            required: required::known_from(school, page.document),
            figures: figures::of(page, document),
            sketches: vec![copies::sketch(page)],
        };
        (noted, found)
    }

    /// Adds what was noted of the pages that follow.
    pub(super) fn append(&mut self, mut others: Self) {
        self.cited.append(&mut others.cited);
        self.required.append(&mut others.required);
        self.figures.append(&mut others.figures);
        self.sketches.append(&mut others.sketches);
    }
}

/// Everything across the pages.
pub(super) fn check(school: &School, noted: &Noted<'_>, day: Date, extra: &Extra) -> Vec<Diagnostic> {
    let mut problems = figures::check(&noted.figures);
    if extra.strict {
        problems.append(&mut laws::unchecked(school, &noted.cited));
    }
    problems.append(&mut copies::check(school, &noted.sketches, day));
    problems.append(&mut pictures::check(school));
    problems.append(&mut required::check(school, &noted.required, extra.strict));
    problems
}
