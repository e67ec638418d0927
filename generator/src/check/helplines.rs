//! Helplines that nobody has rung or opened yet.

use crate::{diagnostic::Diagnostic, load::School};

/// A finding for each helpline without a `checked` day; only a strict check asks.
pub(super) fn unchecked(school: &School) -> Vec<Diagnostic> {
    let Some(source) = &school.settings.source else { return Vec::new() };
    let never = school.settings.helplines.iter().filter(|line| line.checked.is_none());
    never
        .map(|line| {
            let place = source.find_within(0..source.text.len(), &format!("[helplines.{}]", line.key));
            source
                .error(
                    "unchecked-helpline",
                    place,
                    format!("Nobody has made sure of “{}” yet.", line.name),
                    "Ring the number and open the page, then add the day as checked = 2026-09-14.",
                )
                .as_warning()
        })
        .collect()
}
