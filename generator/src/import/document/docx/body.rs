//! Paragraphs and tables of the body, and of notes and text boxes.

use std::collections::HashMap;

use super::super::super::Notes;
use super::super::DocumentError;
use super::super::archive::Archive;
use super::super::model::{Block, Cell, Document, Inline, Paragraph, Role, Row, Table};
use super::super::pictures::Collector;
use super::super::xml::Element;
use super::Relations;
use super::fields::{self, Kind};
use super::numbering::{self, Numbering, Progress};
use super::styles::{self, Properties, Styles};

/// The most paragraphs of one document. A policy of fifty pages has two thousand.
const MOST_PARAGRAPHS: usize = 400_000;

/// Reads the parts into a document.
pub(super) struct Reader<'r, 'a> {
    pub(super) styles: &'r Styles,
    pub(super) numbering: &'r Numbering,
    pub(super) relations: &'r Relations,
    pub(super) archive: &'r mut Archive<'a>,
    pub(super) notes: &'r mut Notes,
    pub(super) document: Document,
    pub(super) pictures: Collector,
    /// Whether fields that make a table of contents mark their paragraphs.
    pub(super) contents_fields: bool,
    pub(super) fields: Vec<fields::Open>,
    pub(super) footnotes: HashMap<&'r str, &'r Element>,
    pub(super) endnotes: HashMap<&'r str, &'r Element>,
    pub(super) comments: HashMap<&'r str, &'r Element>,
    /// Notes that are read already, by their kind and name.
    pub(super) notes_read: HashMap<(bool, String), usize>,
    /// Whether a note is being read, whose paragraphs count as the one that it belongs to.
    pub(super) in_note: bool,
    progress: Progress,
    no: usize,
    /// Paragraphs whose end was deleted: their words go on in the next one.
    open_ended: Option<Paragraph>,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Building<'e> {
    pub(super) no: usize,
    pub(super) inlines: Vec<Inline>,
    /// What the style says of its words.
    pub(super) words: Properties,
    /// Text boxes that hang on it.
    pub(super) boxes: Vec<&'e Element>,
    /// Whether a field of contents reaches into it.
    pub(super) in_contents: bool,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) fn new(
        styles: &'r Styles,
        numbering: &'r Numbering,
        relations: &'r Relations,
        archive: &'r mut Archive<'a>,
        notes: &'r mut Notes,
    ) -> Self {
        Self {
            styles,
            numbering,
            relations,
            archive,
            notes,
            document: Document::default(),
            pictures: Collector::default(),
            contents_fields: true,
            fields: Vec::new(),
            footnotes: HashMap::new(),
            endnotes: HashMap::new(),
            comments: HashMap::new(),
            notes_read: HashMap::new(),
            in_note: false,
            progress: Progress::default(),
            no: 0,
            open_ended: None,
        }
    }

    /// Says where notes and comments are.
    pub(super) fn set_notes(&mut self, footnotes: &'r Element, endnotes: &'r Element, comments: &'r Element) {
        let by_id = |part: &'r Element| {
            part.elements().filter_map(|element| Some((element.get("w:id")?, element))).collect()
        };
        self.footnotes = by_id(footnotes);
        self.endnotes = by_id(endnotes);
        self.comments = by_id(comments);
    }

    pub(super) fn read(&mut self, body: &Element) -> Result<Document, DocumentError> {
        let mut blocks = Vec::new();
        self.blocks(body, &mut blocks)?;
        if let Some(paragraph) = self.open_ended.take() {
            blocks.push(Block::Paragraph(paragraph));
        }
        self.document.blocks = blocks;
        Ok(std::mem::take(&mut self.document))
    }

    /// Whether a table of contents began and never ended.
    pub(super) fn has_endless_contents(&self) -> bool {
        self.fields.iter().any(|field| field.kind == Some(Kind::Contents))
    }

    pub(super) fn blocks(&mut self, parent: &Element, blocks: &mut Vec<Block>) -> Result<(), DocumentError> {
        for element in parent.elements() {
            match &*element.name {
                "w:p" => self.paragraph(element, blocks)?,
                "w:tbl" => {
                    if let Some(paragraph) = self.open_ended.take() {
                        blocks.push(Block::Paragraph(paragraph));
                    }
                    let table = self.table(element)?;
                    blocks.push(Block::Table(table));
                }
                "w:sdt" => {
                    let contents = element
                        .at(&["w:sdtPr", "w:docPartObj", "w:docPartGallery"])
                        .and_then(|gallery| gallery.get("w:val"))
                        == Some("Table of Contents");
                    let from = blocks.len();
                    if let Some(content) = element.child("w:sdtContent") {
                        self.blocks(content, blocks)?;
                    }
                    if contents {
                        mark_contents(&mut blocks[from..]);
                    }
                }
                "w:del" | "w:moveFrom" => {
                    let words = super::pieces_of(element, &["w:t", "w:delText"]).concat();
                    let no = self.no.max(1);
                    self.tell_deleted(&words, no, &*element.name == "w:moveFrom");
                }
                "mc:AlternateContent" => {
                    let chosen = element.child("mc:Choice").or_else(|| element.child("mc:Fallback"));
                    if let Some(chosen) = chosen {
                        self.blocks(chosen, blocks)?;
                    }
                }
                "w:ins" | "w:moveTo" | "w:customXml" | "w:smartTag" | "w:sdtContent" => {
                    self.blocks(element, blocks)?;
                }
                "w:altChunk" => {
                    self.notes.drop_thing(
                        self.no.max(1),
                        "[another document]",
                        "another document within this one: open it in Word, save it, and import it again",
                    );
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, element: &Element, blocks: &mut Vec<Block>) -> Result<(), DocumentError> {
        if !self.in_note {
            self.no += 1;
        }
        if self.no > MOST_PARAGRAPHS {
            return Err(DocumentError::TooLarge);
        }
        let properties = element.child("w:pPr");
        let style = properties.and_then(|own| own.child("w:pStyle")).and_then(|style| style.get("w:val"));
        let of_style = self.styles.of_paragraph(style);
        let own = Properties::of_paragraph(properties);
        let mut building = Building { no: self.no, words: of_style.clone(), ..Building::default() };
        building.in_contents = self.is_in_contents();
        self.inlines(element, None, &mut building)?;
        building.in_contents |= self.is_in_contents();

        let mut role = self.styles.role(style);
        let outline = own.outline.or(of_style.outline);
        role = match (role, outline) {
            (Role::Body, Some(outline)) if outline < 9 => Role::Heading(outline + 1),
            (Role::Heading(_), Some(outline)) if outline < 9 => Role::Heading(outline + 1),
            (role, _) => role,
        };
        if building.in_contents && !matches!(role, Role::Heading(_)) {
            role = Role::ContentsEntry;
        }
        let mut paragraph =
            Paragraph { no: building.no, role, inlines: building.inlines, ..Paragraph::default() };
        // An empty paragraph draws its number too, but there is nothing to be seen beside it.
        let list = own.list.or(of_style.list).filter(|&list| list > 0);
        let level = match (own.list.and(own.level), list) {
            (Some(level), _) => level,
            (None, Some(list)) => style
                .and_then(|style| self.numbering.level_of_style(list, style))
                .or(own.level)
                .or(of_style.level)
                .unwrap_or(0),
            (None, None) => 0,
        };
        if let Some(list) = list.filter(|_| !paragraph.is_empty()) {
            let known = self.numbering.indent(list, level).is_some();
            paragraph.item = self.numbering.next(list, level, &mut self.progress);
            if paragraph.item.is_none() && !known && own.list.is_some() && !matches!(role, Role::Heading(_)) {
                paragraph.item = Some(numbering::unknown(list, level));
            }
            paragraph.indent = own.indent.or(self.numbering.indent(list, level)).unwrap_or(0);
        } else {
            paragraph.indent = own.indent.or(of_style.indent).unwrap_or(0);
        }
        if let Some(before) = self.open_ended.take() {
            let mut inlines = before.inlines;
            inlines.append(&mut paragraph.inlines);
            paragraph = Paragraph { inlines, ..before };
        }
        let end = properties.and_then(|own| own.child("w:rPr"));
        let end_deleted =
            end.is_some_and(|end| end.child("w:del").is_some() || end.child("w:moveFrom").is_some());
        if end_deleted && building.boxes.is_empty() {
            self.open_ended = Some(paragraph);
            return Ok(());
        }
        blocks.push(Block::Paragraph(paragraph));
        for text_box in building.boxes {
            let from = blocks.len();
            self.blocks(text_box, blocks)?;
            let words = super::super::model::paragraphs(&blocks[from..])
                .iter()
                .map(|paragraph| paragraph.words())
                .collect::<Vec<_>>()
                .join(" ");
            super::super::doubt_box(building.no, &words, self.notes);
        }
        Ok(())
    }

    fn table(&mut self, element: &Element) -> Result<Table, DocumentError> {
        let mut table = Table { no: self.no + usize::from(!self.in_note), rows: Vec::new() };
        self.rows(element, &mut table)?;
        Ok(table)
    }

    fn rows(&mut self, parent: &Element, table: &mut Table) -> Result<(), DocumentError> {
        for element in parent.elements() {
            match &*element.name {
                "w:tr" => self.row(element, table)?,
                "w:sdt" => {
                    if let Some(content) = element.child("w:sdtContent") {
                        self.rows(content, table)?;
                    }
                }
                "w:customXml" | "w:ins" | "w:moveTo" => self.rows(element, table)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&mut self, element: &Element, table: &mut Table) -> Result<(), DocumentError> {
        let properties = element.child("w:trPr");
        if properties.is_some_and(|own| own.child("w:del").is_some()) {
            let words = element.all("w:p");
            let words: Vec<String> =
                words.into_iter().map(|p| super::pieces_of(p, &["w:t", "w:delText"]).concat()).collect();
            let begins_at = self.no + 1;
            for (place, words) in words.iter().enumerate() {
                self.tell_deleted(words, begins_at + place, false);
            }
            self.no += words.len();
            return Ok(());
        }
        let heads = properties.and_then(|own| own.child("w:tblHeader")).is_some_and(styles::is_on);
        let mut row = Row { heads, cells: Vec::new() };
        let count = |name: &str| {
            properties.and_then(|own| own.child(name)?.get("w:val")?.parse::<usize>().ok()).unwrap_or(0)
        };
        for _ in 0..count("w:gridBefore").min(MOST_COLUMNS) {
            row.cells.push(Cell { columns: 1, ..Cell::default() });
        }
        self.cells(element, &mut row)?;
        if table.rows.len() * row.cells.len().max(1) > MOST_PARAGRAPHS * 2 {
            return Err(DocumentError::TooLarge);
        }
        table.rows.push(row);
        Ok(())
    }

    fn cells(&mut self, parent: &Element, row: &mut Row) -> Result<(), DocumentError> {
        for element in parent.elements() {
            match &*element.name {
                "w:tc" => {
                    let properties = element.child("w:tcPr");
                    let own = |name: &str| properties.and_then(|own| own.child(name));
                    let columns =
                        own("w:gridSpan").and_then(|span| span.get("w:val")?.parse().ok()).unwrap_or(1);
                    let covered = own("w:vMerge").is_some_and(|merge| merge.get("w:val") != Some("restart"))
                        || own("w:hMerge").is_some_and(|merge| merge.get("w:val") != Some("restart"));
                    let mut blocks = Vec::new();
                    self.blocks(element, &mut blocks)?;
                    if let Some(paragraph) = self.open_ended.take() {
                        blocks.push(Block::Paragraph(paragraph));
                    }
                    row.cells.push(Cell { blocks, columns: columns.clamp(1, MOST_COLUMNS), covered });
                }
                "w:sdt" => {
                    if let Some(content) = element.child("w:sdtContent") {
                        self.cells(content, row)?;
                    }
                }
                "w:customXml" | "w:ins" => self.cells(element, row)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// The most columns of a table: as many as Word itself allows.
const MOST_COLUMNS: usize = 63;

/// Everything in a frame of contents is contents, whatever its style.
fn mark_contents(blocks: &mut [Block]) {
    for block in blocks {
        if let Block::Paragraph(paragraph) = block
            && paragraph.role != Role::ContentsTitle
        {
            paragraph.role = Role::ContentsEntry;
        }
    }
}
