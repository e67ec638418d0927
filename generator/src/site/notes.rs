//! The footnotes of a page, numbered through all of its parts.
//!
//! A page may be drawn in several parts, such as the promises of an agreement. Numbers and names of
//! notes run through the whole page, so that none is there twice.

use std::collections::BTreeMap;

use crate::load::piece::{Event, Piece, Tag};

/// What is known of a page's footnotes before any of it is drawn.
#[derive(Default)]
pub(super) struct Notes {
    by_name: BTreeMap<String, Note>,
}

#[derive(Default)]
struct Note {
    number: usize,
    /// Byte in the file of the first mark in the text; the way back leads there.
    first_mark: Option<usize>,
    /// Byte in the file of the note itself.
    text: Option<usize>,
}

impl Notes {
    /// The notes in the order in which a reader meets their marks.
    pub(super) fn of(pieces: &[Piece]) -> Self {
        let mut notes = Self::default();
        let mut texts = Vec::new();
        for (event, range) in pieces {
            match event {
                Event::FootnoteReference(name) => {
                    notes.entry(name).first_mark.get_or_insert(range.start);
                }
                Event::Start(Tag::FootnoteDefinition(name)) => texts.push((name, range.start)),
                _ => {}
            }
        }
        for (name, start) in texts {
            notes.entry(name).text.get_or_insert(start);
        }
        notes
    }

    fn entry(&mut self, name: &str) -> &mut Note {
        let number = self.by_name.len() + 1;
        self.by_name.entry(name.to_owned()).or_insert(Note { number, ..Note::default() })
    }

    /// The number that readers see.
    pub(super) fn number(&self, name: &str) -> usize {
        self.by_name.get(name).map_or(0, |note| note.number)
    }

    /// Whether this is the mark that the note leads back to.
    pub(super) fn is_first_mark(&self, name: &str, at: usize) -> bool {
        self.by_name.get(name).is_some_and(|note| note.first_mark == Some(at))
    }

    /// Whether this is the note that marks lead to: the first, if it is written twice.
    pub(super) fn is_the_text(&self, name: &str, at: usize) -> bool {
        self.by_name.get(name).is_some_and(|note| note.text == Some(at))
    }

    /// Whether any mark leads to the note.
    pub(super) fn is_marked(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|note| note.first_mark.is_some())
    }
}
