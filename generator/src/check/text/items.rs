//! Bullets and numbers with nothing after them.

use super::Page;
use crate::{
    diagnostic::Diagnostic,
    load::piece::{Event, Tag, TagEnd},
};

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let pieces = &page.document.body.pieces;
    let empty = pieces
        .windows(2)
        .filter(|pair| matches!(pair, [(Event::Start(Tag::Item), _), (Event::End(TagEnd::Item), _)]));
    empty
        .map(|pair| {
            page.document
                .source
                .error(
                    "empty-item",
                    pair[0].1.clone(),
                    "This item of a list says nothing.",
                    "Write what belongs here, or delete the line.",
                )
                .as_warning()
        })
        .collect()
}
