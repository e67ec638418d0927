//! Paragraphs, headings and tables.

use super::super::super::Notes;
use super::super::DocumentError;
use super::super::archive::Archive;
use super::super::model::{Block, Cell, Document, Inline, Paragraph, Role, Row, Table};
use super::super::pictures::Collector;
use super::super::xml::Element;
use super::changes::Changes;
use super::lists::{Place, Progress};
use super::styles::Styles;
use super::words;

/// The most paragraphs of one document. A policy of fifty pages has two thousand.
const MOST_PARAGRAPHS: usize = 400_000;
/// The most columns of a table.
const MOST_COLUMNS: usize = 63;
/// How often a row that is said to be repeated really is.
const MOST_REPEATED: usize = 200;

/// Reads the files into a document.
pub(super) struct Reader<'r, 'a> {
    pub(super) styles: &'r Styles,
    pub(super) archive: &'r mut Archive<'a>,
    pub(super) notes: &'r mut Notes,
    pub(super) document: Document,
    pub(super) pictures: Collector,
    pub(super) changes: Changes,
    pub(super) lists: Progress,
    pub(super) list_place: Option<Place>,
    /// Whether a note is being read, whose paragraphs count as the one that it belongs to.
    pub(super) in_note: bool,
    no: usize,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct Building<'e> {
    pub(super) no: usize,
    pub(super) inlines: Vec<Inline>,
    /// Text boxes that hang on it.
    pub(super) boxes: Vec<&'e Element>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) fn new(styles: &'r Styles, archive: &'r mut Archive<'a>, notes: &'r mut Notes) -> Self {
        Self {
            styles,
            archive,
            notes,
            document: Document::default(),
            pictures: Collector::default(),
            changes: Changes::default(),
            lists: Progress::default(),
            list_place: None,
            in_note: false,
            no: 0,
        }
    }

    pub(super) fn read(&mut self, text: &Element) -> Result<Document, DocumentError> {
        if let Some(changes) = text.child("text:tracked-changes") {
            self.changes.read(changes);
        }
        let mut blocks = Vec::new();
        self.blocks(text, &mut blocks)?;
        self.document.blocks = blocks;
        Ok(std::mem::take(&mut self.document))
    }

    pub(super) fn blocks(&mut self, parent: &Element, blocks: &mut Vec<Block>) -> Result<(), DocumentError> {
        for element in parent.elements() {
            match &*element.name {
                "text:p" | "text:h" => self.paragraph(element, blocks)?,
                "text:list" => self.list(element, blocks)?,
                "table:table" => {
                    let outer = self.list_place.take();
                    let table = self.table(element);
                    self.list_place = outer;
                    blocks.push(Block::Table(table?));
                }
                "text:section" if element.get("text:display") == Some("none") => {
                    for paragraph in element.all("text:p").into_iter().chain(element.all("text:h")) {
                        let words = words::plain(paragraph);
                        self.no += 1;
                        if !words.trim().is_empty() {
                            self.notes.drop(self.no, words, "hidden in the document");
                        }
                    }
                }
                "text:table-of-content"
                | "text:alphabetical-index"
                | "text:illustration-index"
                | "text:table-index"
                | "text:object-index"
                | "text:user-index" => {
                    let from = blocks.len();
                    if let Some(index) = element.child("text:index-body") {
                        self.blocks(index, blocks)?;
                    }
                    for block in &mut blocks[from..] {
                        if let Block::Paragraph(paragraph) = block {
                            paragraph.role = Role::ContentsEntry;
                        }
                    }
                }
                "text:change" | "text:change-start" | "text:change-end" => {
                    self.changes.mark(element, self.no.max(1), self.notes);
                }
                name if name.starts_with("draw:") => {
                    let mut building = Building { no: self.no.max(1), ..Building::default() };
                    if name == "draw:frame" {
                        self.frame(element, &mut building);
                    } else {
                        self.shape(element, &mut building);
                    }
                    if !building.inlines.is_empty() {
                        let paragraph =
                            Paragraph { no: building.no, inlines: building.inlines, ..Paragraph::default() };
                        blocks.push(Block::Paragraph(paragraph));
                    }
                    self.boxes(building.no, building.boxes, blocks)?;
                }
                "text:tracked-changes"
                | "office:forms"
                | "text:sequence-decls"
                | "text:variable-decls"
                | "text:user-field-decls"
                | "office:annotation"
                | "svg:title"
                | "svg:desc" => {}
                _ => self.blocks(element, blocks)?,
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
        let style = element.get("text:style-name");
        let of_style = self.styles.of("paragraph", style);
        let mut building = Building { no: self.no, ..Building::default() };
        self.inlines(element, &of_style, None, &mut building)?;
        let mut paragraph = Paragraph { no: building.no, inlines: building.inlines, ..Paragraph::default() };
        let chain = self.styles.chain("paragraph", style);
        paragraph.role = match chain.iter().find(|name| matches!(**name, "Title" | "Contents_20_Heading")) {
            Some(&"Title") => Role::Title,
            Some(_) => Role::ContentsTitle,
            None => Role::Body,
        };
        let heading = (&*element.name == "text:h" && paragraph.role == Role::Body).then(|| {
            element
                .get("text:outline-level")
                .and_then(|level| level.parse::<usize>().ok())
                .unwrap_or(1)
                .clamp(1, 10)
        });
        let empty = paragraph.is_empty();
        let in_list = self.list_place.is_some();
        let (item, indent, goes_on) = self.item_here(of_style.list.as_deref(), empty);
        paragraph.item = item;
        paragraph.goes_on = goes_on;
        paragraph.indent = if in_list { indent } else { of_style.indent.unwrap_or(0) };
        if let Some(level) = heading {
            paragraph.role = Role::Heading(level);
            // A style may say that headings in it have no number.
            let numbered = of_style.list.as_deref() != Some("")
                && element.get("text:is-list-header") != Some("true")
                && !in_list
                && !empty;
            if numbered {
                let start = element.get("text:start-value").and_then(|start| start.parse().ok());
                paragraph.item = self.heading_item(level, start);
            }
        }
        blocks.push(Block::Paragraph(paragraph));
        let outer = self.list_place.take();
        let boxes = self.boxes(building.no, building.boxes, blocks);
        self.list_place = outer;
        boxes
    }

    /// Text boxes follow the paragraph that they hang on.
    fn boxes(
        &mut self,
        no: usize,
        boxes: Vec<&Element>,
        blocks: &mut Vec<Block>,
    ) -> Result<(), DocumentError> {
        for text_box in boxes {
            let from = blocks.len();
            self.blocks(text_box, blocks)?;
            let words: Vec<String> = super::super::model::paragraphs(&blocks[from..])
                .iter()
                .map(|paragraph| paragraph.words())
                .collect();
            super::super::doubt_box(no, &words.join(" "), self.notes);
        }
        Ok(())
    }

    fn table(&mut self, element: &Element) -> Result<Table, DocumentError> {
        let mut table = Table { no: self.no + usize::from(!self.in_note), rows: Vec::new() };
        self.rows(element, false, &mut table)?;
        Ok(table)
    }

    fn rows(&mut self, parent: &Element, heads: bool, table: &mut Table) -> Result<(), DocumentError> {
        for element in parent.elements() {
            match &*element.name {
                "table:table-header-rows" => self.rows(element, true, table)?,
                "table:table-rows" | "table:table-row-group" => self.rows(element, heads, table)?,
                "table:table-row" => {
                    let row = self.row(element, heads)?;
                    let repeated = repeated(element, "table:number-rows-repeated").min(MOST_REPEATED);
                    if (table.rows.len() + repeated) * row.cells.len().max(1) > MOST_PARAGRAPHS * 2 {
                        return Err(DocumentError::TooLarge);
                    }
                    for _ in 1..repeated {
                        table.rows.push(row.clone());
                    }
                    table.rows.push(row);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&mut self, element: &Element, heads: bool) -> Result<Row, DocumentError> {
        let mut row = Row { heads, cells: Vec::new() };
        // How many cells after this one are covered by it.
        let mut covered = 0;
        for cell in element.elements() {
            let span = repeated(cell, "table:number-columns-spanned").min(MOST_COLUMNS);
            match &*cell.name {
                "table:table-cell" => {
                    let mut blocks = Vec::new();
                    self.blocks(cell, &mut blocks)?;
                    let count = repeated(cell, "table:number-columns-repeated").min(MOST_COLUMNS);
                    for _ in 0..count {
                        if row.cells.len() < MOST_COLUMNS {
                            row.cells.push(Cell { blocks: blocks.clone(), columns: span, covered: false });
                        }
                    }
                    covered = span - 1;
                }
                "table:covered-table-cell" => {
                    for _ in 0..repeated(cell, "table:number-columns-repeated").min(MOST_COLUMNS) {
                        if covered > 0 {
                            covered -= 1;
                        } else if row.cells.len() < MOST_COLUMNS {
                            row.cells.push(Cell { blocks: Vec::new(), columns: 1, covered: true });
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(row)
    }
}

/// How often an element says that it stands for itself.
fn repeated(element: &Element, name: &str) -> usize {
    element.get(name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}
