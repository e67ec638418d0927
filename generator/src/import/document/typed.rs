//! Lists that are only typed: a dash or a number at the beginning of ordinary paragraphs.

use super::super::markers::{self, Marker};
use super::furniture::Piece;
use super::model::{Block, Inline, Item, Mark, Paragraph};

/// The number of the list that typed items belong to.
const TYPED: usize = usize::MAX;
/// How far one level of typed items stands from the next, in twentieths of a point.
const STEP: i32 = 240;

/// The paragraphs of a run that are really items of a list, as such items; the others as they are.
pub(super) fn items(pieces: &[Piece]) -> Vec<Option<Paragraph>> {
    let read = |at: Option<usize>| {
        let piece = at.and_then(|at| pieces.get(at))?;
        let paragraph = piece.paragraph().filter(|_| piece.heading.is_none())?;
        if paragraph.item.is_some() {
            return None;
        }
        let words = paragraph.words();
        let row = words.trim_start();
        let skipped = words.len() - row.len();
        let (marker, rest) = markers::read(row, false)?;
        let length = skipped + row.len() - rest.len();
        Some((marker, words[..length].chars().count()))
    };
    let filled: Vec<usize> = (0..pieces.len()).filter(|&at| !pieces[at].gone).collect();
    let mut found: Vec<Option<Paragraph>> = pieces.iter().map(|_| None).collect();
    for (place, &at) in filled.iter().enumerate() {
        let Some((marker, length)) = read(Some(at)) else { continue };
        let counts = |other: Option<&usize>| {
            matches!(read(other.copied()), Some((Marker::Number { .. } | Marker::Letter(_), _)))
        };
        let before = place.checked_sub(1).and_then(|place| filled.get(place));
        let star = |other: Option<&usize>| matches!(read(other.copied()), Some((Marker::Bullet('*'), _)));
        let mark = match &marker {
            // A single star explains another one further up.
            Marker::Bullet('*') if !star(before) && !star(filled.get(place + 1)) => continue,
            Marker::Bullet(_) => Mark::Bullet,
            // One number alone may begin an ordinary sentence; two in a row are a list.
            Marker::Number { .. } | Marker::Letter(_)
                if !counts(before) && !counts(filled.get(place + 1)) =>
            {
                continue;
            }
            Marker::Number { value, .. } => Mark::Number(*value),
            Marker::Letter(label) => Mark::Label(label.clone()),
            Marker::Section { .. } => continue,
        };
        let Block::Paragraph(paragraph) = &pieces[at].block else { continue };
        let mut item = paragraph.clone();
        cut(&mut item.inlines, length);
        let letter = usize::from(matches!(marker, Marker::Letter(_)));
        let level = usize::try_from(item.indent.max(0) / STEP).unwrap_or(0) * 2 + letter;
        item.item = Some(Item { list: TYPED, level, mark });
        found[at] = Some(item);
    }
    found
}

/// Takes this many characters away from the beginning.
fn cut(inlines: &mut [Inline], mut length: usize) {
    for inline in inlines {
        let Inline::Text(text) = inline else { continue };
        let here = text.words.chars().count();
        if here > length {
            text.words = text.words.chars().skip(length).collect();
            return;
        }
        text.words.clear();
        length -= here;
    }
}
