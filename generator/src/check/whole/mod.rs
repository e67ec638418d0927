//! What a careful editor finds only with all pages before them.

pub(super) mod copies;
pub(super) mod figures;
pub(super) mod laws;
pub(super) mod pictures;
pub(super) mod required;

use jiff::civil::Date;

use super::{Extra, text::Page};
use crate::{diagnostic::Diagnostic, load::School};

/// Everything across the pages.
pub(super) fn check(school: &School, pages: &[Page<'_>], day: Date, extra: &Extra) -> Vec<Diagnostic> {
    let mut problems = laws::check(school, pages, extra.strict);
    problems.append(&mut figures::check(pages));
    problems.append(&mut copies::check(school, pages, day));
    problems.append(&mut pictures::check(school, pages));
    problems.append(&mut required::check(school, pages, extra.strict));
    if let Some(source) = &school.settings.source {
        problems.append(&mut super::text::contacts::made_up(&school.settings, source));
    }
    problems
}
