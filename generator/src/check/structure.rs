//! Headings step down one level at a time, so that people who listen to a page find their way.

use crate::{
    diagnostic::Diagnostic,
    load::{
        document::Document,
        piece::{Event, Tag},
    },
};

pub(super) fn check(document: &Document) -> Vec<Diagnostic> {
    let mut problems = without_space(document);
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

/// Lines that were meant as headings and are none. A promise among them would be signed by nobody, and nobody would
/// notice. A single # is left alone: “#StaySafe” is a word.
fn without_space(document: &Document) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut begins_line = false;
    for (event, range) in &document.body.pieces {
        if let Event::Text(text) = event
            && begins_line
            && text.starts_with("##")
            && text.trim_start_matches('#').starts_with(char::is_alphanumeric)
        {
            problems.push(document.source.error(
                "heading-without-space",
                range.clone(),
                "These # signs make no heading of the line, because no space follows them: readers see the signs.",
                "Write a space after them, as in “## Visitors”.",
            ));
        }
        begins_line = matches!(event, Event::Start(Tag::Paragraph) | Event::SoftBreak | Event::HardBreak);
    }
    problems
}
