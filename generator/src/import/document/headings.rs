//! Which paragraphs are headings, and how deep.
//!
//! Styles tell it where they are used. Where a writer only made a line bold, that is a doubt. Where a
//! document has neither, its lines are read as the text importer reads them.

use super::super::contents::Contents;
use super::super::markers::{self, Marker};
use super::super::units::{Unit, What};
use super::super::{Notes, bare, forms, headings as of_text, words};
use super::furniture::Piece;
use super::model::{Block, Mark, Paragraph, Role};

/// The most words of a heading by its style. What is longer is a paragraph in the wrong style.
const LONGEST: usize = 40;
/// The most words of a bold line that is taken for a heading.
const LONGEST_BOLD: usize = 14;
/// The deepest heading that Markdown has.
const DEEPEST: usize = 6;
/// Between two levels of styles there is room for bold lines.
const STEP: usize = 10;

/// Sets the level of every heading.
pub(super) fn decide(pieces: &mut [Piece], contents: &Contents, notes: &mut Notes) {
    let mut wanted = by_style(pieces, notes);
    by_look(pieces, &mut wanted, notes);
    if wanted.iter().all(Option::is_none) {
        by_text(pieces, contents, notes);
        return;
    }
    // One level at a time on the way down, whatever numbers the styles have.
    let mut open: Vec<usize> = Vec::new();
    for (piece, wanted) in pieces.iter_mut().zip(wanted) {
        let Some(wanted) = wanted else { continue };
        while open.last().is_some_and(|&above| above >= wanted) {
            open.pop();
        }
        open.push(wanted);
        piece.heading = Some((open.len() + 1).min(DEEPEST));
    }
}

fn by_style(pieces: &[Piece], notes: &mut Notes) -> Vec<Option<usize>> {
    pieces
        .iter()
        .map(|piece| {
            let paragraph = piece.paragraph()?;
            let Role::Heading(level) = paragraph.role else { return None };
            let line = paragraph.words();
            if !words::has_letter_or_digit(&line) {
                return None;
            }
            let count = line.split_whitespace().count();
            if count > LONGEST || (count > LONGEST_BOLD && line.trim_end().ends_with('.')) {
                notes.doubt(
                    paragraph.no,
                    "a whole paragraph is in the style of a heading; it was taken for ordinary text",
                    "put ## before it if it is a heading",
                );
                return None;
            }
            Some(level * STEP)
        })
        .collect()
}

/// Lines that only look like headings: bold, underlined or large as a whole.
fn by_look(pieces: &[Piece], wanted: &mut [Option<usize>], notes: &mut Notes) {
    let usual = usual_size(pieces);
    let mut above = 0;
    for at in 0..pieces.len() {
        if let Some(level) = wanted[at] {
            above = level;
            continue;
        }
        let Some(paragraph) = pieces[at].paragraph() else { continue };
        let Some(depth) = looks_like_one(paragraph, usual) else { continue };
        let has_below = pieces[at + 1..].iter().any(|piece| !piece.gone);
        // Three bold lines in a row are the lines of a cover, or a list.
        let alike = |place: Option<usize>| {
            place
                .and_then(|place| pieces.get(place))
                .and_then(Piece::paragraph)
                .is_some_and(|paragraph| looks_like_one(paragraph, usual).is_some())
        };
        let before = pieces[..at].iter().rposition(|piece| !piece.gone);
        let after = pieces[at + 1..].iter().position(|piece| !piece.gone).map(|place| at + 1 + place);
        if !has_below || (alike(before) && alike(after)) {
            continue;
        }
        wanted[at] = Some(if above == 0 { depth * STEP } else { above + depth.min(STEP - 1) });
        let line = paragraph.line();
        notes.doubt(
            paragraph.no,
            format!("{} was taken for a heading, because the whole line stands out", super::quoted(&line)),
            "take the # before it away if it is none",
        );
    }
}

/// The size that most words have, in half points.
fn usual_size(pieces: &[Piece]) -> u32 {
    let mut counts: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    for inline in pieces.iter().filter_map(Piece::paragraph).flat_map(|paragraph| &paragraph.inlines) {
        if let super::model::Inline::Text(text) = inline {
            *counts.entry(text.look.size).or_default() += text.words.len();
        }
    }
    counts.into_iter().max_by_key(|&(_, count)| count).map_or(0, |(size, _)| size)
}

/// How deep a line that stands out may be as a heading, from 1; nothing if it is none.
fn looks_like_one(paragraph: &Paragraph, usual: u32) -> Option<usize> {
    if !matches!(paragraph.role, Role::Body) || paragraph.goes_on {
        return None;
    }
    let bullet = paragraph.item.as_ref().is_some_and(|item| item.mark == Mark::Bullet);
    let stands_out = paragraph.all_look(|look| look.bold)
        || paragraph.all_look(|look| look.underlined && !look.italic)
        || (usual > 0 && paragraph.all_look(|look| look.size >= usual + 4));
    let words = paragraph.words();
    let row = words.trim();
    let one_row = !row.contains('\n') && !row.contains('\t');
    if bullet || !stands_out || !one_row || row.split_whitespace().count() > LONGEST_BOLD {
        return None;
    }
    let line = paragraph.line();
    let numbers = match markers::read(&line, false) {
        Some((Marker::Number { .. }, rest)) => Some((1, rest)),
        Some((Marker::Section { numbers, .. }, rest)) => Some((numbers.len(), rest)),
        Some(_) => return None,
        None => None,
    };
    let bare = numbers.map_or(row, |(_, rest)| rest).trim_end_matches(':');
    let fits = bare::row_looks_like_one(bare)
        && !words::reads_like_a_sentence(bare)
        && forms::labels(&line).is_none()
        && forms::tick_labels(&line).is_none();
    fits.then(|| numbers.map_or(1, |(depth, _)| depth))
}

/// A document without any style or look of headings: how its lines stand decides, as in a plain text.
fn by_text(pieces: &mut [Piece], contents: &Contents, notes: &mut Notes) {
    let mut places = Vec::new();
    let mut units = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.gone) {
        let unit = match &piece.block {
            Block::Table(table) => Unit::new(table.no, What::Table(vec![Vec::new()])),
            Block::Paragraph(paragraph) => {
                let line = paragraph.line();
                let what = match (&paragraph.item, markers::read(&line, false)) {
                    // What the document itself counts is a list and no heading.
                    (Some(_), _) => What::Item { indent: 0, marker: Marker::Bullet('•'), text: line },
                    (None, Some((marker, text))) => {
                        What::Item { indent: paragraph.indent.max(0) as usize, marker, text: text.to_owned() }
                    }
                    (None, None) => match forms::labels(&line) {
                        Some(labels) => What::Form(labels),
                        None => What::Text(vec![line]),
                    },
                };
                Unit::new(paragraph.no, what)
            }
        };
        places.push(at);
        units.push(unit);
    }
    of_text::decide(&mut units, contents, notes);
    let mut found = 0;
    for (at, unit) in places.into_iter().zip(units) {
        if let What::Heading { level, .. } = unit.what {
            pieces[at].heading = Some(level);
            found += 1;
        }
    }
    if found > 0 {
        notes.doubt(
            1,
            "the document has no headings in the style of headings; short lines were taken for them",
            "look through the headings",
        );
    }
}

/// Where each heading stands, with its words: what the places of the report are named after.
pub(super) fn places(pieces: &[Piece]) -> Vec<(usize, String)> {
    pieces
        .iter()
        .filter(|piece| piece.heading.is_some())
        .filter_map(|piece| piece.paragraph().map(|paragraph| (paragraph.no, paragraph.line())))
        .collect()
}
