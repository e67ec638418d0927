//! What belongs to the paper and not to the policy; and where title, dates and owner stand.

use super::super::contents::{self, Contents};
use super::super::front_matter::{self, Facts};
use super::super::lines::Line;
use super::super::{ImportOptions, Notes, furniture, words};
use super::model::{Block, Document, Paragraph, Role, Table};

/// A block of the document with what has become of it.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) block: Block,
    /// Left out and listed, or moved into the front matter.
    pub(super) gone: bool,
    /// The level of the heading that it is.
    pub(super) heading: Option<usize>,
}

impl Piece {
    pub(super) fn paragraph(&self) -> Option<&Paragraph> {
        match &self.block {
            Block::Paragraph(paragraph) if !self.gone => Some(paragraph),
            _ => None,
        }
    }
}

/// Lists what is written at the head and foot of pages, each line once.
pub(super) fn drop_running(lines: impl Iterator<Item = String>, notes: &mut Notes) {
    const WHY: &str = "runs through the pages as a header or footer";
    for line in lines {
        let line = line.trim();
        let known = notes.dropped.iter().any(|dropped| dropped.line == 0 && dropped.text == line);
        if words::has_letter_or_digit(line) && !known {
            notes.drop(0, line, WHY);
        }
    }
}

/// The blocks without the table of contents, rules and empty paragraphs; and what the contents listed.
pub(super) fn pieces(blocks: Vec<Block>, notes: &mut Notes) -> (Vec<Piece>, Contents) {
    let mut pieces: Vec<Piece> =
        blocks.into_iter().map(|block| Piece { block, gone: false, heading: None }).collect();
    let has_entries = |piece: &Piece| {
        piece
            .paragraph()
            .is_some_and(|paragraph| paragraph.role == Role::ContentsEntry && !paragraph.is_empty())
    };
    for at in 0..pieces.len() {
        let Some(paragraph) = pieces[at].paragraph() else { continue };
        let line = paragraph.line();
        let next = pieces[at + 1..]
            .iter()
            .find(|piece| piece.paragraph().is_none_or(|paragraph| !paragraph.is_empty()));
        let over_entries = next.is_some_and(has_entries);
        let of_contents = match paragraph.role {
            Role::ContentsEntry | Role::ContentsTitle => true,
            _ => over_entries && contents::is_title(&line),
        };
        let no = paragraph.no;
        if paragraph.is_empty() {
            pieces[at].gone = true;
        } else if of_contents {
            pieces[at].gone = true;
            if words::has_letter_or_digit(&line) {
                notes.drop(no, line, contents::WHY);
            }
        } else if furniture::is_rule(&line) {
            pieces[at].gone = true;
            notes.drop(no, line, "a line with no words");
        }
    }
    // A table of contents that was only typed.
    let mut lines = lines(&pieces, |_| Vec::new());
    let typed = contents::take_from(&mut lines.lines, notes);
    for (piece, &at) in pieces.iter_mut().zip(&lines.of_piece) {
        piece.gone |= lines.lines[at].gone;
    }
    (pieces, typed)
}

/// Blocks as lines of text, as the text importer reads title and dates from.
struct Lines {
    lines: Vec<Line>,
    /// Where each block's first line is.
    of_piece: Vec<usize>,
}

fn lines(pieces: &[Piece], of_table: impl Fn(&Table) -> Vec<String>) -> Lines {
    let mut lines = Vec::new();
    let mut of_piece = Vec::new();
    let line = |no: usize, text: String| Line {
        no,
        indent: 0,
        text,
        tab_end: false,
        page_begins: false,
        gone: false,
    };
    for piece in pieces {
        of_piece.push(lines.len());
        match &piece.block {
            _ if piece.gone => lines.push(line(0, String::new())),
            Block::Paragraph(paragraph) => lines.push(line(paragraph.no, clean(&paragraph.line()))),
            Block::Table(table) => {
                lines.push(line(table.no, String::new()));
                for text in of_table(table) {
                    lines.push(line(table.no, text));
                    lines.push(line(table.no, String::new()));
                }
            }
        }
        lines.push(line(0, String::new()));
    }
    Lines { lines, of_piece }
}

/// Words without the characters that nobody sees.
fn clean(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| c != '\u{ad}') {
        super::super::lines::push_seen(&mut seen, c);
    }
    seen.trim().to_owned()
}

/// A table as lines that say "label: value", which a table of facts about a policy is.
fn facts_of(table: &Table) -> Vec<String> {
    let text = |blocks: &[Block]| {
        let words: Vec<String> =
            super::model::paragraphs(blocks).iter().map(|paragraph| clean(&paragraph.line())).collect();
        words.join(" ").trim().to_owned()
    };
    let mut lines = Vec::new();
    for row in table.rows.iter().take(200) {
        let cells: Vec<String> = row.cells.iter().map(|cell| text(&cell.blocks)).collect();
        for pair in cells.chunks(2) {
            match pair {
                [label, value] if !value.is_empty() && label.split_whitespace().count() <= 8 => {
                    lines.push(format!("{}: {value}", label.trim_end_matches(':')));
                }
                _ => lines.extend(pair.iter().filter(|cell| !cell.is_empty()).cloned()),
            }
        }
    }
    lines
}

/// Finds title, dates, version and owner. The title is taken out of the body, because the page shows it.
pub(super) fn facts(
    pieces: &mut [Piece],
    document: &Document,
    options: &ImportOptions,
    notes: &mut Notes,
) -> Facts {
    let title = title(pieces, document, options, notes);
    let lines = lines(pieces, facts_of);
    front_matter::facts(title, &lines.lines, options, notes)
}

fn title(pieces: &mut [Piece], document: &Document, options: &ImportOptions, notes: &mut Notes) -> String {
    let score = |text: &str| front_matter::title_score(text, 0, true);
    let one_line = |text: &str| clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    // What the document itself calls its title; where that is on several lines, the likeliest of them.
    let called = pieces.iter().enumerate().filter_map(|(at, piece)| {
        let paragraph = piece.paragraph().filter(|paragraph| paragraph.role == Role::Title)?;
        Some((score(&one_line(&paragraph.words())).unwrap_or(-1), at))
    });
    let called = called.take(8).fold(None, |best: Option<(i32, usize)>, next| match best {
        Some(best) if best.0 >= next.0 => Some(best),
        _ => Some(next),
    });
    if let Some((_, at)) = called {
        let title = pieces[at].paragraph().map(|paragraph| one_line(&paragraph.words())).unwrap_or_default();
        pieces[at].gone = true;
        return title;
    }
    let own = document.title.as_deref().map(one_line).filter(|title| {
        title.split_whitespace().count() <= 14
            && score(title).is_some_and(|score| score >= front_matter::CERTAIN)
    });
    // The cover ends where the second heading stands: the first may be the title.
    let mut headings = pieces.iter().enumerate().filter(|(_, piece)| {
        piece.paragraph().is_some_and(|paragraph| matches!(paragraph.role, Role::Heading(_)))
    });
    let second = headings.nth(1).map_or(pieces.len(), |(at, _)| at);
    let lines = lines(pieces, |_| Vec::new());
    let cover_end = lines.of_piece.get(second).copied().unwrap_or(lines.lines.len());
    let found = front_matter::find_title(&lines.lines, cover_end);
    match (found, own) {
        (Some((score, _)), Some(own)) if score < front_matter::CERTAIN => {
            notes.doubt(
                1,
                format!("“{own}” was taken for the title, from the properties of the document"),
                "if it is not, change `title`",
            );
            own
        }
        (Some((score, at)), _) => {
            let title = one_line(&lines.lines[at].text);
            front_matter::doubt_title(score, lines.lines[at].no, &title, notes);
            if let Some(place) = lines.of_piece.iter().position(|&of| of == at) {
                pieces[place].gone = true;
            }
            title
        }
        (None, Some(own)) => own,
        (None, None) => front_matter::title_of_file(&options.file_stem, notes),
    }
}
