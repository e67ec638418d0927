//! Checks a whole school: everything that no page alone can know.

mod governance;
mod links;
mod pictures;
mod structure;
mod words_changed;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::{diagnostic::Diagnostic, load::School, theme::Theme};

/// Finds everything that is wrong across the school on this day.
pub fn school(school: &School, theme: &Theme, day: Date) -> Vec<Diagnostic> {
    let mut problems = governance::check(school, day);
    problems.append(&mut pictures::check_settings(school, theme));
    let of_pages = school.documents.par_iter().flat_map_iter(|document| {
        let mut found = links::check(school, document);
        found.append(&mut pictures::check(school, theme, document));
        found.append(&mut structure::check(document));
        found.append(&mut words_changed::check(school, document));
        found
    });
    problems.par_extend(of_pages);
    problems
}
