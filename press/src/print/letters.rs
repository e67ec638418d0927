//! Which letters the fonts have, and how wide they are.

use std::collections::{BTreeMap, BTreeSet};

use typst::{
    layout::Abs,
    text::{Font, FontVariations},
};

use super::{
    Fault,
    document::{Answer, Block, Document, Inline, Place},
};

/// How wide a letter is taken to be that is asked for before it was looked up, in the font’s own size.
const USUAL_WIDTH: f64 = 0.6;

/// What is known of the letters of some fonts.
pub(super) struct Letters {
    /// The widest that each letter is in any of them, as a part of the font’s size.
    widths: BTreeMap<char, f64>,
}

impl Letters {
    pub(super) fn of(fonts: &[Font]) -> Self {
        let mut widths: BTreeMap<char, f64> = BTreeMap::new();
        for font in fonts {
            let size = Abs::pt(10.0);
            let set = font.clone().instantiate(font.info().variant, size, &FontVariations::default());
            for letter in font.info().coverage.iter().filter_map(char::from_u32) {
                let glyph = set.ttf().glyph_index(letter);
                let advance = glyph.and_then(|glyph| set.x_advance(glyph.0));
                let width = advance.map_or(USUAL_WIDTH, typst::layout::Em::get);
                let widest = widths.entry(letter).or_insert(width);
                *widest = widest.max(width);
            }
        }
        Self { widths }
    }

    /// How wide some words are on one line, as a multiple of the font’s size.
    pub(super) fn width(&self, words: &str) -> f64 {
        words.chars().map(|letter| self.widths.get(&letter).copied().unwrap_or(USUAL_WIDTH)).sum()
    }

    pub(super) fn has(&self, letter: char) -> bool {
        // Marks of direction and joining are instructions, not letters: they have no glyph to look for.
        let unseen = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}');
        letter.is_whitespace() || letter.is_control() || unseen || self.widths.contains_key(&letter)
    }

    /// Every letter of the document that no font has, where it is met first.
    pub(super) fn missing(&self, document: &Document) -> Vec<Fault> {
        let mut seek = Seek { letters: self, told: BTreeSet::new(), faults: Vec::new() };
        let facts = document.facts.iter().flat_map(|fact| [&fact.label, &fact.value, &fact.note]);
        for text in
            [&document.title, &document.kind, &document.summary, &document.school].into_iter().chain(facts)
        {
            seek.text(text, 0);
        }
        for sentence in document.in_brief.iter().flat_map(|(_, sentences)| sentences) {
            seek.inlines(sentence, 0);
        }
        for sentence in &document.notice {
            seek.inlines(sentence, 0);
        }
        seek.blocks(&document.body);
        seek.faults
    }
}

struct Seek<'l> {
    letters: &'l Letters,
    told: BTreeSet<char>,
    faults: Vec<Fault>,
}

impl Seek<'_> {
    fn text(&mut self, text: &str, at: Place) {
        for (byte, letter) in text.char_indices() {
            if !self.letters.has(letter) && self.told.insert(letter) {
                let at = if at == 0 { 0 } else { at + byte };
                self.faults.push(Fault::NoGlyph { at, letter });
            }
        }
    }

    fn inlines(&mut self, parts: &[Inline], around: Place) {
        for part in parts {
            match part {
                Inline::Words { text, at } => self.text(text, *at),
                Inline::Typed(text) => self.text(text, around),
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Struck(inner) => {
                    self.inlines(inner, around);
                }
                Inline::Link { words, .. } | Inline::Tongue { words, .. } => self.inlines(words, around),
                Inline::Note { says, .. } => self.blocks(says),
                Inline::Break | Inline::NoteAgain(_) => {}
            }
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { words, at, .. } => self.inlines(words, *at),
                Block::Paragraph(words) => self.inlines(words, 0),
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(item)),
                Block::Quote(inner) | Block::Slip(inner) | Block::Tongue { says: inner, .. } => {
                    self.blocks(inner)
                }
                Block::Typed(text) => self.text(text, 0),
                Block::Table(table) => {
                    let cells = table.head.iter().chain(table.rows.iter().flatten());
                    cells.for_each(|cell| self.inlines(cell, table.at));
                }
                Block::Statement(statement) => {
                    self.inlines(&statement.words, statement.at);
                    self.blocks(&statement.more);
                }
                Block::Lines(labels) => labels.iter().for_each(|label| self.text(label, 0)),
                Block::Signing(parts) => {
                    for part in parts {
                        self.text(&part.title, 0);
                        self.text(&part.says, 0);
                    }
                }
                Block::Step(step) => {
                    self.inlines(&step.words, step.at);
                    self.blocks(&step.more);
                }
                Block::Purpose(purpose) => {
                    self.text(&purpose.words, 0);
                    for (label, says) in &purpose.facts {
                        self.text(label, 0);
                        self.text(says, 0);
                    }
                }
                Block::Question(question) => {
                    self.text(&question.words, 0);
                    question.help.iter().for_each(|help| self.text(help, 0));
                    if let Answer::Boxes(boxes) = &question.answer {
                        boxes.iter().for_each(|(_, words)| self.text(words, 0));
                    }
                }
                Block::Panel { title, says } => {
                    self.text(title, 0);
                    self.blocks(says);
                }
                Block::Small(says) => self.blocks(says),
                Block::Closing(closing) => {
                    self.inlines(&closing.words, 0);
                    self.text(&closing.name, 0);
                    self.text(&closing.role, 0);
                }
                // All words of a chart come again in its steps, with their places.
                Block::Picture { .. } | Block::Rule | Block::Chart(_) => {}
                // Letters and digits of an alphabet that every font has.
                Block::Code(_) | Block::Groups(_) | Block::NewSheet => {}
            }
        }
    }
}
