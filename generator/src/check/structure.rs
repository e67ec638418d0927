//! Headings step down one level at a time, so that people who listen to a page find their way.

use crate::{diagnostic::Diagnostic, load::document::Document};

pub(super) fn check(document: &Document) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut above = 1;
    for heading in &document.body.headings {
        let mut tell = |code, what: String, mend: &str| {
            problems.push(document.source.error(code, heading.range.clone(), what, mend));
        };
        if heading.level == 1 {
            tell(
                "second-title",
                "A page has one title, and that stands in its settings.".to_owned(),
                "Begin this heading with ## instead of #.",
            );
        } else if heading.level > above + 1 {
            tell(
                "skipped-heading-level",
                format!(
                    "This heading is of level {}, but the one above it is of level {above}.",
                    heading.level
                ),
                "Take away a # sign, so that headings step down one level at a time.",
            );
        }
        if heading.words.is_empty() && heading.symbol.is_none() {
            tell("empty-heading", "This heading has no words.".to_owned(), "Write some, or delete the line.");
        }
        above = heading.level.max(1);
    }
    problems
}
