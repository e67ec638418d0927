//! A page as an editor reads it: one passage for each heading, paragraph, list item and table cell, with
//! the way back from its words to their place in the file.

use std::ops::Range;

use super::triggers::{Finder, Triggers};
use crate::load::{
    document::Document,
    piece::{Event, Tag, TagEnd},
};

/// What a passage is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Sort {
    /// A heading.
    Heading,
    /// Running text.
    Paragraph,
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell,
    /// Lines to fill in by hand.
    Form,
}

/// Some words that belong together.
#[derive(Debug, Clone)]
pub(in crate::check) struct Passage {
    /// What it is.
    pub(in crate::check) sort: Sort,
    /// Its words as a reader sees them.
    pub(in crate::check) words: String,
    /// Which rules may have something to say about it.
    pub(in crate::check) triggers: Triggers,
    /// Where links stand in the words.
    pub(in crate::check) links: Vec<Range<usize>>,
    /// Start in the words, and the bytes of the file.
    segments: Vec<(usize, Range<usize>)>,
}

impl Passage {
    /// The bytes of the file for a range of the words: exact where the words stand there as they are
    /// read, else the stretch of text that they come from.
    pub(in crate::check) fn place(&self, document: &Document, range: Range<usize>) -> Range<usize> {
        let source = &document.source;
        let at = self.segments.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        let Some((start, bytes)) = self.segments.get(at) else { return 0..0 };
        let needle = self.words.get(range.clone()).unwrap_or_default();
        let guess = bytes.start + (range.start - start);
        let exact = guess..guess + needle.len();
        if source.text.get(exact.clone()) == Some(needle) {
            return exact;
        }
        // The words may run on into the next stretch, as where a part of them is bold.
        let next = self.segments.get(at + 1).map_or(self.words.len(), |(start, _)| *start);
        let first = needle.get(..next.saturating_sub(range.start).min(needle.len())).unwrap_or(needle);
        source.find_within(bytes.clone(), first.trim_end())
    }

    /// Whether any of the words in this range are a link's.
    pub(in crate::check) fn is_linked(&self, range: &Range<usize>) -> bool {
        self.links.iter().any(|link| link.start < range.end && range.start < link.end)
    }
}

/// The passages of a page in order.
pub(in crate::check) fn of(document: &Document, finder: &Finder) -> Vec<Passage> {
    let mut reading = Reading {
        finder,
        passages: Vec::new(),
        words: String::new(),
        segments: Vec::new(),
        links: Vec::new(),
        link: None,
        items: 0,
        sort: None,
        picture: 0,
        silent: false,
    };
    for (event, range) in &document.body.pieces {
        reading.take(event, range);
    }
    reading.flush(Sort::Paragraph);
    reading.passages
}

struct Reading<'f> {
    finder: &'f Finder,
    passages: Vec<Passage>,
    words: String,
    segments: Vec<(usize, Range<usize>)>,
    links: Vec<Range<usize>>,
    link: Option<usize>,
    items: usize,
    sort: Option<Sort>,
    picture: usize,
    silent: bool,
}

impl Reading<'_> {
    fn take(&mut self, event: &Event, range: &Range<usize>) {
        match event {
            Event::Text(text) | Event::Code(text) if self.picture == 0 && !self.silent => {
                self.segments.push((self.words.len(), range.clone()));
                self.words.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak if self.picture == 0 => self.words.push(' '),
            Event::Start(Tag::Link(_)) => self.link = Some(self.words.len()),
            Event::End(TagEnd::Link) => {
                let start = self.link.take();
                self.links.extend(start.map(|start| start..self.words.len()));
            }
            Event::Start(Tag::Image(_)) => self.picture += 1,
            Event::End(TagEnd::Image) => self.picture = self.picture.saturating_sub(1),
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(*end),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        let sort = match tag {
            Tag::Heading { .. } => Sort::Heading,
            Tag::Item => {
                self.flush_open();
                self.items += 1;
                Sort::Item
            }
            Tag::TableCell => Sort::Cell,
            Tag::CodeBlock(kind) if kind.is_form() => Sort::Form,
            Tag::CodeBlock(_) => {
                self.silent = true;
                return;
            }
            Tag::Paragraph if self.items > 0 => Sort::Item,
            Tag::Paragraph => Sort::Paragraph,
            Tag::List(_) => return self.flush_open(),
            _ => return,
        };
        self.flush_open();
        self.sort = Some(sort);
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Item => {
                self.flush_open();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                self.flush_open();
                self.silent = false;
            }
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::TableCell => self.flush_open(),
            _ => {}
        }
    }

    fn flush_open(&mut self) {
        let sort = self.sort.take().unwrap_or(if self.items > 0 { Sort::Item } else { Sort::Paragraph });
        self.flush(sort);
    }

    fn flush(&mut self, sort: Sort) {
        if self.words.trim().is_empty() {
            self.words.clear();
            self.segments.clear();
            self.links.clear();
            return;
        }
        let words = std::mem::take(&mut self.words);
        self.passages.push(Passage {
            sort,
            triggers: self.finder.families_in(&words),
            words,
            links: std::mem::take(&mut self.links),
            segments: std::mem::take(&mut self.segments),
        });
    }
}
