//! Whether pages stay in memory taken apart.
//!
//! A page’s text as its reader took it apart is several times the size of the text. Nearly all schools have
//! room for all of theirs. Where there is none the pages [rest](Document::rest), packed: a page’s text is taken
//! apart anew by whoever looks at it, so that a school of many thousand pages takes less memory than their
//! words.

use super::{
    document::{Document, Kind},
    piece::{Event, Tag},
};

/// Text of so many bytes stays taken apart: some two thousand pages.
pub const USUAL: usize = 16 * 1024 * 1024;

/// Whether a page may rest. Which pictures are published is asked again and again, so pages with a picture, a
/// symbol or a link to one never do; nor do pages of whose parts others know the places.
pub(super) fn may_rest(document: &Document) -> bool {
    let of_picture = |event: &Event| match event {
        Event::Start(Tag::Image(_)) => true,
        Event::Start(Tag::Link(link)) => link.to.contains("images/"),
        _ => false,
    };
    matches!(document.kind, Kind::Policy | Kind::Guide)
        && document.body.headings.iter().all(|heading| heading.symbol.is_none())
        && !document.body.pieces.iter().any(|(event, _)| of_picture(event))
}
