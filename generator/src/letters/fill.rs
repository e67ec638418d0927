//! One family's words in the place of `{{ pupil.first_name }}` and its like.

use press::print::document::{Block, Closing, Inline};

use crate::load::{language::Direction, letter::Merged, placeholder};

/// Begins words that are laid out apart from those around them (UAX 9, FSI), and ends them.
const APART: (char, char) = ('\u{2068}', '\u{2069}');
/// Where a line may end within a word.
const MAY_BREAK: char = '\u{200b}';
/// Longer words than this would reach beyond a line: they may be broken.
const LONG_WORD: usize = 32;

/// Fills a letter for one family.
pub(super) struct Fill<'f> {
    /// What a placeholder stands for.
    pub(super) value: &'f dyn Fn(&str) -> Option<String>,
    /// The family's code in its groups.
    pub(super) code: Option<Vec<String>>,
    /// Which way the letter is written.
    pub(super) direction: Direction,
    /// Who signs it, and what they are.
    pub(super) signed: Option<(String, String)>,
}

impl Fill<'_> {
    /// The text of a letter: the paragraph before the place to cut, or the last one, is its closing, and what
    /// comes after that place is the slip.
    pub(super) fn letter(&self, blocks: &[Block]) -> Vec<Block> {
        let cut = blocks.iter().rposition(|block| *block == Block::Rule);
        let (text, slip) = match cut {
            Some(at) => (&blocks[..at], &blocks[at + 1..]),
            None => (blocks, &[] as &[Block]),
        };
        let mut out = self.blocks(text);
        if let Some((name, role)) = &self.signed {
            let words = match out.pop() {
                Some(Block::Paragraph(words)) => words,
                other => {
                    out.extend(other);
                    Vec::new()
                }
            };
            out.push(Block::Closing(Closing { words, name: name.clone(), role: role.clone() }));
        }
        if !slip.is_empty() {
            out.push(Block::Slip(self.blocks(slip)));
        }
        out
    }

    fn blocks(&self, blocks: &[Block]) -> Vec<Block> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&self, block: &Block) -> Block {
        match block {
            Block::Paragraph(words) => match &self.code {
                Some(code) if is_code(words) => Block::Code(code.clone()),
                _ => Block::Paragraph(self.inlines(words)),
            },
            Block::Heading { level, anchor, words, at } => {
                Block::Heading { level: *level, anchor: anchor.clone(), words: self.inlines(words), at: *at }
            }
            Block::List { first, items } => {
                Block::List { first: *first, items: items.iter().map(|item| self.blocks(item)).collect() }
            }
            Block::Quote(inner) => Block::Quote(self.blocks(inner)),
            Block::Table(table) => {
                let row = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| self.inlines(cell)).collect();
                let mut table = table.clone();
                table.head = row(&table.head);
                table.rows = table.rows.iter().map(row).collect();
                Block::Table(table)
            }
            Block::Lines(labels) => Block::Lines(labels.iter().map(|label| self.text(label)).collect()),
            other => other.clone(),
        }
    }

    fn inlines(&self, words: &[Inline]) -> Vec<Inline> {
        words.iter().map(|part| self.inline(part)).collect()
    }

    fn inline(&self, part: &Inline) -> Inline {
        match part {
            Inline::Words { text, at } => Inline::Words { text: self.text(text), at: *at },
            Inline::Emphasis(inner) => Inline::Emphasis(self.inlines(inner)),
            Inline::Strong(inner) => Inline::Strong(self.inlines(inner)),
            Inline::Struck(inner) => Inline::Struck(self.inlines(inner)),
            // A letter is one of several in a file, and a name of a place would be there several times.
            Inline::Link { to: press::print::document::Target::Here(_), words } => {
                Inline::Strong(self.inlines(words))
            }
            Inline::Link { to, words } => Inline::Link { to: to.clone(), words: self.inlines(words) },
            other => other.clone(),
        }
    }

    /// Some words with the family's in them.
    pub(super) fn text(&self, text: &str) -> String {
        if !text.contains("{{") {
            return text.to_owned();
        }
        placeholder::fill_left(text, |name| Some(self.apart(softened(&(self.value)(name)?))))
    }

    /// A name that is written the other way does not change places with the words around it. In a language
    /// written from right to left every placeholder stands apart already.
    fn apart(&self, words: String) -> String {
        if self.direction == Direction::LeftToRight && words.chars().any(is_from_right) {
            format!("{}{words}{}", APART.0, APART.1)
        } else {
            words
        }
    }
}

/// Whether a paragraph is the family's code and nothing else.
fn is_code(words: &[Inline]) -> bool {
    let text = Inline::text(words);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == APART.0 || c == APART.1);
    let inner = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    inner.is_some_and(|inner| inner.trim() == Merged::FamilyCode.as_str())
}

/// Letters of scripts that are written from right to left (Unicode blocks Hebrew to Arabic Extended-A, and
/// the presentation forms).
pub(super) fn is_from_right(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// Long words with places to break them at.
fn softened(words: &str) -> String {
    if words.split_whitespace().all(|word| word.chars().count() <= LONG_WORD) {
        return words.to_owned();
    }
    let mut run = 0;
    let mut out = String::with_capacity(words.len() + 16);
    for letter in words.chars() {
        run = if letter.is_whitespace() { 0 } else { run + 1 };
        if run > LONG_WORD / 2 {
            out.push(MAY_BREAK);
            run = 1;
        }
        out.push(letter);
    }
    out
}
