//! Markdown pieces to the blocks of a printed document.

use std::collections::BTreeMap;

use press::print::document::{Block, Inline, Side, Table, Target as Leads};

use crate::load::{
    School, contact,
    document::Document,
    link::{self, Target},
    markdown::{Heading, level_number, words_of},
    piece::{Alignment, Event, Piece, Tag, TagEnd},
};

/// Reads the pieces of one page. Keeps the pictures that it met.
pub(super) struct Body<'d> {
    school: &'d School,
    document: &'d Document,
    /// Where each note’s words stand among the pieces of the page.
    notes: BTreeMap<&'d str, &'d [Piece]>,
    noted: Vec<String>,
    /// Whether the page is not the one that is printed, but stands in for words that one lacks: its places are not
    /// told, for they lie in another file, and its notes do not share their names.
    lent: bool,
    /// Drawings and photographs by the name that the document knows them by.
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
}

impl<'d> Body<'d> {
    pub(super) fn of(school: &'d School, document: &'d Document) -> Self {
        let pieces = document.body.pieces.as_slice();
        let mut notes = BTreeMap::new();
        for (at, (event, _)) in pieces.iter().enumerate() {
            if let Event::Start(Tag::FootnoteDefinition(name)) = event {
                notes.entry(&**name).or_insert(within(&pieces[at..]));
            }
        }
        Self { school, document, notes, noted: Vec::new(), lent: false, pictures: BTreeMap::new() }
    }

    /// Words of a page that stand where another lacks them.
    pub(super) fn lent(school: &'d School, document: &'d Document) -> Self {
        Self { lent: true, ..Self::of(school, document) }
    }

    fn at(&self, place: usize) -> usize {
        if self.lent { 0 } else { place }
    }

    /// The blocks of some pieces. A heading of level 2 comes out as `top`.
    pub(super) fn blocks(&mut self, pieces: &'d [Piece], top: usize) -> Vec<Block> {
        let mut out = Vec::new();
        let mut at = 0;
        while let Some((event, range)) = pieces.get(at) {
            let inner = within(&pieces[at..]);
            match event {
                Event::Start(Tag::Paragraph) => self.paragraph(inner, &mut out),
                Event::Start(Tag::Heading { level }) => {
                    let heading = self.document.body.headings.iter().find(|h| h.range == *range);
                    out.push(Block::Heading {
                        level: (level_number(*level) + top).saturating_sub(2).max(1),
                        anchor: heading.map(|h| h.anchor.clone()).unwrap_or_default(),
                        words: self.inlines(inner),
                        at: self.at(range.start),
                    });
                }
                Event::Start(Tag::List(first)) => {
                    let items = self.items(inner, top);
                    out.push(Block::List { first: *first, items });
                }
                Event::Start(Tag::BlockQuote) => out.push(Block::Quote(self.blocks(inner, top))),
                Event::Start(Tag::CodeBlock(kind)) if kind.is_form() => {
                    let text = words_as_typed(inner);
                    let labels = text.lines().map(str::trim).filter(|label| !label.is_empty());
                    out.push(Block::Lines(labels.map(str::to_owned).collect()));
                }
                Event::Start(Tag::CodeBlock(_)) => out.push(Block::Typed(words_as_typed(inner))),
                Event::Start(Tag::Table(sides)) => {
                    out.push(Block::Table(self.table(sides, inner, self.at(range.start))));
                }
                // A note is printed where it is first spoken of.
                Event::Start(Tag::FootnoteDefinition(_)) => {}
                Event::Rule => out.push(Block::Rule),
                // The words of a list’s item stand there without a paragraph around them.
                _ => {
                    let length = pieces[at..]
                        .iter()
                        .position(|(event, _)| opens_block(event))
                        .unwrap_or(pieces.len() - at);
                    self.paragraph(&pieces[at..at + length.max(1)], &mut out);
                    at += length.max(1);
                    continue;
                }
            }
            at += span(&pieces[at..]);
        }
        out
    }

    /// Words, and pictures between them as blocks of their own.
    fn paragraph(&mut self, pieces: &'d [Piece], out: &mut Vec<Block>) {
        let mut from = 0;
        let mut at = 0;
        while let Some((event, range)) = pieces.get(at) {
            let Event::Start(Tag::Image(image)) = event else {
                at += 1;
                continue;
            };
            self.words(&pieces[from..at], out);
            let alt = words_of(within(&pieces[at..]));
            if let Some(file) = self.picture(&image.file) {
                out.push(Block::Picture { file, alt, at: self.at(range.start) });
            }
            at += span(&pieces[at..]);
            from = at;
        }
        self.words(&pieces[from..], out);
    }

    fn words(&mut self, pieces: &'d [Piece], out: &mut Vec<Block>) {
        let words = self.inlines(pieces);
        let says = |part: &Inline| !matches!(part, Inline::Words { text, .. } if text.trim().is_empty());
        if words.iter().any(says) {
            out.push(Block::Paragraph(words));
        }
    }

    fn items(&mut self, pieces: &'d [Piece], top: usize) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            if let Some((Event::Start(Tag::Item), _)) = pieces.get(at) {
                items.push(self.blocks(within(&pieces[at..]), top));
            }
            at += span(&pieces[at..]);
        }
        items
    }

    fn table(&mut self, sides: &[Alignment], pieces: &'d [Piece], at: usize) -> Table {
        let side = |side: &Alignment| match side {
            Alignment::Right => Side::End,
            Alignment::Center => Side::Centre,
            Alignment::Left | Alignment::None => Side::Start,
        };
        let mut table =
            Table { columns: sides.iter().map(side).collect(), head: Vec::new(), rows: Vec::new(), at };
        let mut row = 0;
        while let Some((event, _)) = pieces.get(row) {
            let inner = within(&pieces[row..]);
            match event {
                Event::Start(Tag::TableHead) => table.head = self.cells(inner),
                Event::Start(Tag::TableRow) => {
                    let cells = self.cells(inner);
                    table.rows.push(cells);
                }
                _ => {}
            }
            row += span(&pieces[row..]);
        }
        table
    }

    fn cells(&mut self, pieces: &'d [Piece]) -> Vec<Vec<Inline>> {
        let mut cells = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            if let Some((Event::Start(Tag::TableCell), _)) = pieces.get(at) {
                cells.push(self.inlines(within(&pieces[at..])));
            }
            at += span(&pieces[at..]);
        }
        cells
    }

    /// The words of some pieces with what is stressed and what leads somewhere.
    pub(super) fn inlines(&mut self, pieces: &'d [Piece]) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut at = 0;
        while let Some((event, range)) = pieces.get(at) {
            let inner = within(&pieces[at..]);
            match event {
                Event::Text(text) => {
                    out.push(Inline::Words { text: text.to_string(), at: self.at(range.start) });
                }
                Event::Code(text) => out.push(Inline::Typed(text.to_string())),
                Event::SoftBreak => out.push(Inline::plain(" ")),
                Event::HardBreak => out.push(Inline::Break),
                Event::Start(Tag::Emphasis) => out.push(Inline::Emphasis(self.inlines(inner))),
                Event::Start(Tag::Strong) => out.push(Inline::Strong(self.inlines(inner))),
                Event::Start(Tag::Strikethrough) => out.push(Inline::Struck(self.inlines(inner))),
                Event::Start(Tag::Link(link)) => {
                    let words = self.inlines(inner);
                    let to = if link.is_email {
                        Some(Leads::Web(format!("mailto:{}", link.to)))
                    } else {
                        self.leads(&link.to)
                    };
                    match to {
                        Some(to) => out.push(Inline::Link { to, words }),
                        None => out.extend(words),
                    }
                }
                Event::FootnoteReference(name) => out.extend(self.note(name)),
                _ => {}
            }
            at += span(&pieces[at..]);
        }
        out
    }

    fn note(&mut self, name: &str) -> Option<Inline> {
        let known = if self.lent { format!("lent-{name}") } else { name.to_owned() };
        if self.noted.iter().any(|noted| noted == name) {
            return Some(Inline::NoteAgain(known));
        }
        let says = *self.notes.get(name)?;
        self.noted.push(name.to_owned());
        Some(Inline::Note { name: known, says: self.blocks(says, 2) })
    }

    /// Where a link leads from paper: within the document, or to the published site.
    fn leads(&self, address: &str) -> Option<Leads> {
        let website = &self.school.settings.website;
        let page = |address: &str| Leads::Web(format!("{website}/{address}/"));
        let here = |anchor: &str| self.document.body.headings.iter().any(|heading| heading.anchor == anchor);
        Some(match link::target(self.school, &self.document.source.path, address) {
            Target::Here(anchor) if here(anchor) => Leads::Here(anchor.to_owned()),
            Target::Here(_) => page(&self.document.address()),
            Target::Page(document, anchor) => {
                let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                Leads::Web(format!("{website}/{}/{anchor}", document.address()))
            }
            Target::Form(form) => page(&form.address()),
            Target::Made(made) => page(made.address()),
            Target::Outside if address.starts_with("tel:") => Leads::Web(contact::rung(address)),
            Target::Outside => Leads::Web(address.to_owned()),
            // Such links are errors, so nothing with one in it is published.
            Target::NoSuchPage(_) | Target::Refused => return None,
        })
    }

    fn picture(&mut self, address: &str) -> Option<String> {
        /// Pixels across that paper needs: 150 a inch over the width of the text.
        const ACROSS: u32 = 960;
        let path = link::joined(&self.document.source.path, address)?;
        let (name, bytes) = match self.school.photographs.get(&path) {
            Some(photograph) => {
                let fits = photograph.sizes.iter().find(|size| size.width >= ACROSS);
                let size = fits.or(photograph.sizes.last())?;
                (size.file.clone(), Some(&size.bytes))
            }
            None => (path.clone(), self.school.pictures.get(&path)),
        };
        if let Some(bytes) = bytes {
            self.pictures.insert(name.clone(), bytes.clone());
        }
        Some(name)
    }

    /// The heading’s words.
    pub(super) fn heading(&mut self, heading: &Heading) -> Vec<Inline> {
        let pieces = self.document.body.pieces.get(heading.pieces.clone()).unwrap_or_default();
        self.inlines(within(pieces))
    }
}

/// How many pieces the first of these takes up with all that is in it.
fn span(pieces: &[Piece]) -> usize {
    let mut open = 0usize;
    for (at, (event, _)) in pieces.iter().enumerate() {
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return at + 1;
        }
    }
    pieces.len().max(1)
}

/// What is in the first of these pieces.
fn within(pieces: &[Piece]) -> &[Piece] {
    match pieces.first() {
        Some((Event::Start(_), _)) => pieces.get(1..span(pieces).saturating_sub(1)).unwrap_or_default(),
        _ => &[],
    }
}

fn opens_block(event: &Event) -> bool {
    match event {
        Event::Start(tag) => !matches!(
            tag.to_end(),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        ),
        Event::Rule => true,
        _ => false,
    }
}

fn words_as_typed(pieces: &[Piece]) -> String {
    let texts = pieces.iter().filter_map(|(event, _)| match event {
        Event::Text(text) => Some(&**text),
        _ => None,
    });
    texts.collect()
}
