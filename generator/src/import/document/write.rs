//! What is left of a document to Markdown.

use std::collections::HashMap;

use super::super::inline::Place;
use super::super::{Notes, forms, words};
use super::Picture;
use super::furniture::Piece;
use super::model::{Block, Document, Paragraph};
use super::{tables, typed};

/// The body of a page and its pictures.
pub(super) struct Written {
    pub(super) body: String,
    pub(super) pictures: Vec<Picture>,
}

/// Writes, and remembers what it came upon.
pub(super) struct Writer<'w> {
    document: &'w Document,
    slug: &'w str,
    pub(super) notes: &'w mut Notes,
    /// The number that each note has on the page.
    note_numbers: HashMap<usize, usize>,
    note_order: Vec<usize>,
    picture_names: HashMap<usize, String>,
    pictures: Vec<Picture>,
    /// Pictures whose missing description has been told.
    told: Vec<usize>,
}

/// Writes the pieces in order, then the footnotes.
pub(super) fn write(pieces: &[Piece], document: &Document, slug: &str, notes: &mut Notes) -> Written {
    let mut writer = Writer {
        document,
        slug,
        notes,
        note_numbers: HashMap::new(),
        note_order: Vec::new(),
        picture_names: HashMap::new(),
        pictures: Vec::new(),
        told: Vec::new(),
    };
    let mut blocks = writer.blocks(pieces);
    blocks.extend(writer.footnotes());
    let mut body = blocks.join("\n\n");
    body.push('\n');
    Written { body, pictures: writer.pictures }
}

/// What a piece becomes.
enum Kind<'p> {
    Heading(usize, &'p Paragraph),
    Item(&'p Paragraph),
    Form(Vec<String>),
    Paragraph(&'p Paragraph),
    Table(&'p super::model::Table),
}

impl Writer<'_> {
    fn blocks(&mut self, pieces: &[Piece]) -> Vec<String> {
        let typed = typed::items(pieces);
        let kinds = self.kinds(pieces, &typed);
        let mut blocks = Vec::new();
        let mut at = 0;
        while at < kinds.len() {
            let run = kinds[at..].iter().take_while(|kind| matches!(kind, Kind::Item(_))).count();
            if run > 0 {
                let items: Vec<&Paragraph> = kinds[at..at + run]
                    .iter()
                    .filter_map(|kind| if let Kind::Item(item) = kind { Some(*item) } else { None })
                    .collect();
                blocks.push(self.list(&items));
                at += run;
                continue;
            }
            let block = match &kinds[at] {
                Kind::Heading(level, paragraph) => self.heading(*level, paragraph),
                Kind::Paragraph(paragraph) => self.labelled(paragraph),
                Kind::Table(table) => self.table(table),
                Kind::Item(_) => String::new(),
                Kind::Form(_) => {
                    let forms = kinds[at..].iter().map_while(|kind| match kind {
                        Kind::Form(labels) => Some(labels),
                        _ => None,
                    });
                    let groups: Vec<&Vec<String>> = forms.collect();
                    at += groups.len() - 1;
                    form(groups.into_iter().flatten())
                }
            };
            at += 1;
            if !block.is_empty() {
                blocks.push(block);
            }
        }
        blocks
    }

    /// Decides what each piece is; a paragraph may go on with the item above it.
    fn kinds<'p>(&mut self, pieces: &'p [Piece], typed: &'p [Option<Paragraph>]) -> Vec<Kind<'p>> {
        let mut kinds: Vec<Kind<'p>> = Vec::new();
        for (piece, typed) in pieces.iter().zip(typed).filter(|(piece, _)| !piece.gone) {
            let paragraph = match &piece.block {
                Block::Table(table) => {
                    kinds.push(tables::form(table).map_or(Kind::Table(table), Kind::Form));
                    continue;
                }
                Block::Paragraph(paragraph) => paragraph,
            };
            if let Some(level) = piece.heading {
                kinds.push(Kind::Heading(level, paragraph));
                continue;
            }
            if let Some(labels) = self.form_of(paragraph) {
                kinds.push(Kind::Form(labels));
                continue;
            }
            let kind = match typed {
                Some(item) => Kind::Item(item),
                None if self.is_item(paragraph, kinds.last()) => Kind::Item(paragraph),
                None => Kind::Paragraph(paragraph),
            };
            kinds.push(kind);
        }
        kinds
    }

    fn is_item(&self, paragraph: &Paragraph, above: Option<&Kind<'_>>) -> bool {
        let item_above = match above {
            Some(Kind::Item(above)) => Some(*above),
            _ => None,
        };
        match &paragraph.item {
            // A clause such as "2.1" stands alone, unless it hangs on an item of its own list.
            Some(item) => {
                let label = item.mark.label();
                let clause = label.trim_end_matches('.').contains('.')
                    && label.starts_with(|c: char| c.is_ascii_digit());
                !clause
                    || item_above
                        .is_some_and(|above| above.item.as_ref().is_some_and(|above| above.list == item.list))
            }
            None => {
                paragraph.goes_on && item_above.is_some()
                    || item_above.is_some_and(|above| {
                        above.indent > 0 && paragraph.indent + 60 >= above.indent && paragraph.indent > 0
                    })
            }
        }
    }

    fn form_of(&mut self, paragraph: &Paragraph) -> Option<Vec<String>> {
        let pictured = paragraph
            .inlines
            .iter()
            .any(|inline| !matches!(inline, super::model::Inline::Text(_) | super::model::Inline::Break));
        if pictured {
            return None;
        }
        let line = paragraph.line();
        if let Some(labels) = forms::tick_labels(&line) {
            self.notes.doubt(
                paragraph.no,
                "a box to tick has become a line to write on",
                "see that it is clear what to write there",
            );
            return Some(labels);
        }
        if paragraph.item.is_some() {
            return None;
        }
        // Each row is a line of its own to fill in.
        let words = paragraph.words();
        let rows: Vec<&str> = words.split('\n').filter(|row| !row.trim().is_empty()).collect();
        let labels: Option<Vec<Vec<String>>> = rows.iter().map(|row| forms::labels(row)).collect();
        labels.map(|labels| labels.concat()).filter(|labels| !labels.is_empty())
    }

    fn heading(&mut self, level: usize, paragraph: &Paragraph) -> String {
        let words = self.words(paragraph, Place::Heading, true);
        let label = paragraph.item.as_ref().map(|item| item.mark.label()).unwrap_or_default();
        let label =
            if label.is_empty() { String::new() } else { format!("{} ", self.label(&label, Place::Heading)) };
        format!("{} {label}{words}", "#".repeat(level))
    }

    fn labelled(&mut self, paragraph: &Paragraph) -> String {
        let words = self.words(paragraph, Place::Block, false);
        match paragraph.item.as_ref().map(|item| item.mark.label()) {
            Some(label) if !label.is_empty() => format!("{} {words}", self.label(&label, Place::Block)),
            _ => words,
        }
    }

    /// The number of a note on the page, in the order in which readers come upon them.
    pub(super) fn note(&mut self, note: usize) -> usize {
        if let Some(&number) = self.note_numbers.get(&note) {
            return number;
        }
        self.note_order.push(note);
        let number = self.note_order.len();
        self.note_numbers.insert(note, number);
        number
    }

    /// The name of a picture's file. Tells if the picture does not say what it shows.
    pub(super) fn picture(&mut self, image: usize, alt: &str, no: usize) -> String {
        if !words::has_letter_or_digit(alt) && !self.told.contains(&image) {
            self.told.push(image);
            self.notes.doubt(
                no,
                "a picture does not say what it shows",
                "write it between the square brackets: ![What is to be seen](…); until then the site is not built",
            );
        }
        if let Some(name) = self.picture_names.get(&image) {
            return name.clone();
        }
        let Some(file) = self.document.pictures.get(image) else { return String::new() };
        let name = format!("{}-{}.{}", self.slug, self.pictures.len() + 1, file.ending);
        self.pictures.push(Picture { name: name.clone(), bytes: file.bytes.clone() });
        self.picture_names.insert(image, name.clone());
        name
    }

    fn footnotes(&mut self) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut at = 0;
        while let Some(&note) = self.note_order.get(at) {
            at += 1;
            let document = self.document;
            let Some(content) = document.notes.get(note) else { continue };
            let mut parts: Vec<String> = Vec::new();
            for paragraph in super::model::paragraphs(content) {
                let words = self.labelled(paragraph);
                if !words.is_empty() {
                    parts.push(words.replace('\n', "\n    "));
                }
            }
            blocks.push(format!("[^{at}]: {}", parts.join("\n\n    ")));
        }
        blocks
    }
}

/// Lines to fill in: a block of its own kind, one label on a line.
fn form<'l>(labels: impl Iterator<Item = &'l String>) -> String {
    let lines: Vec<String> =
        labels.map(|label| label.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    format!("```form\n{}\n```", lines.join("\n"))
}
