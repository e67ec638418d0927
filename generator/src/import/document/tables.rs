//! Tables, and boxes that were drawn as tables.

use super::super::inline::Place;
use super::super::{forms, words};
use super::model::{Block, Cell, Paragraph, Row, Table, paragraphs};
use super::write::Writer;

/// Tables that are only frames become what is in them.
pub(super) fn unboxed(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Table(table) if is_frame(&table) => {
                for cell in table.rows.into_iter().flat_map(|row| row.cells) {
                    out.extend(unboxed(cell.blocks));
                }
            }
            Block::Table(mut table) => {
                // A first row that goes over all columns is a heading over the table, not in it.
                if let Some(title) = take_title(&mut table) {
                    out.extend(unboxed(title));
                }
                out.push(Block::Table(table));
            }
            block => out.push(block),
        }
    }
    out
}

fn filled(cell: &Cell) -> usize {
    paragraphs(&cell.blocks).iter().filter(|paragraph| !paragraph.is_empty()).count()
}

/// Whether a table is a frame around text: one column, or one row of several paragraphs each.
fn is_frame(table: &Table) -> bool {
    let columns = table
        .rows
        .iter()
        .map(|row| row.cells.iter().filter(|cell| filled(cell) > 0).count())
        .max()
        .unwrap_or(0);
    columns <= 1 && table.rows.iter().all(|row| row.cells.iter().map(|cell| cell.columns).sum::<usize>() <= 1)
        || (table.rows.len() == 1
            && table.rows[0].cells.iter().any(|cell| {
                filled(cell) > 2 || cell.blocks.iter().any(|block| matches!(block, Block::Table(_)))
            }))
}

fn take_title(table: &mut Table) -> Option<Vec<Block>> {
    let first = table.rows.first()?;
    let alone = table.rows.len() > 2
        && first.cells.len() == 1
        && first.cells[0].columns > 1
        && filled(&first.cells[0]) > 0
        && table.rows[1].cells.len() > 1;
    if !alone {
        return None;
    }
    Some(table.rows.remove(0).cells.remove(0).blocks)
}

/// The labels of a table whose empty cells are there to be written in.
pub(super) fn form(table: &Table) -> Option<Vec<String>> {
    let mut labels = Vec::new();
    let mut gaps = 0;
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(words_of).collect();
        let text: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        if text.is_empty() {
            return None;
        }
        gaps += cells.len() - text.len();
        labels.extend(forms::labels(&text.join("\t"))?);
    }
    (gaps > 0 && gaps >= table.rows.len()).then_some(labels)
}

fn words_of(cell: &Cell) -> String {
    let all: Vec<String> = paragraphs(&cell.blocks).iter().map(|paragraph| paragraph.line()).collect();
    all.join(" ").replace(['\t', '\n'], " ").trim().to_owned()
}

impl Writer<'_> {
    /// A table as Markdown: one row a line, the first of which names the columns.
    pub(super) fn table(&mut self, table: &Table) -> String {
        let columns = table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.columns).sum()).max();
        let columns: usize = columns.unwrap_or(0).max(1);
        self.doubt_merged(table);
        let mut rows: Vec<(bool, Vec<String>)> = Vec::new();
        for (at, row) in table.rows.iter().enumerate() {
            let mut cells = Vec::new();
            for cell in &row.cells {
                cells.push(self.cell(cell, at == 0));
                cells.extend(std::iter::repeat_n(String::new(), cell.columns - 1));
            }
            let empty = cells.iter().all(String::is_empty);
            // One empty row shows that there is room to write in; more only take room.
            if empty && rows.last().is_some_and(|(empty, _)| *empty) {
                continue;
            }
            cells.resize(columns, String::new());
            rows.push((empty, cells));
        }
        if rows.len() == 1 {
            rows.push((true, vec![String::new(); columns]));
        }
        self.doubt_head(table);
        let mut out = String::new();
        for (at, (_, cells)) in rows.iter().enumerate() {
            out.push('|');
            for cell in cells {
                out.push(' ');
                out.push_str(cell);
                out.push_str(" |");
            }
            out.push('\n');
            if at == 0 {
                out.push_str(&format!("|{}\n", " --- |".repeat(columns)));
            }
        }
        out.truncate(out.trim_end_matches('\n').len());
        out
    }

    fn cell(&mut self, cell: &Cell, heads: bool) -> String {
        let mut parts: Vec<String> = Vec::new();
        for paragraph in paragraphs(&cell.blocks) {
            let words = self.words(paragraph, Place::Cell, heads);
            if words.is_empty() {
                continue;
            }
            let label = paragraph.item.as_ref().map(|item| match item.mark.label() {
                label if label.is_empty() => "•".to_owned(),
                label => label,
            });
            parts.push(label.map_or(words.clone(), |label| format!("{label} {words}")));
        }
        if parts.len() > 1 {
            let no = paragraphs(&cell.blocks).first().map_or(1, |paragraph| paragraph.no);
            self.notes.doubt(
                no,
                format!("a cell of a table has {} paragraphs; they now follow each other", parts.len()),
                "see that it reads well, or write it below the table",
            );
        }
        parts.join(" ")
    }

    fn doubt_merged(&mut self, table: &Table) {
        let merged: Vec<&Cell> = table
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .filter(|cell| cell.covered || cell.columns > 1)
            .collect();
        if merged.is_empty() {
            return;
        }
        let first = merged.iter().find(|cell| filled(cell) > 0);
        let told = first.map(|cell| format!(", the first with {}", super::quoted(&words_of(cell))));
        self.notes.doubt(
            table.no,
            format!(
                "a table has merged cells{}; the words stand in the first of them, the others are empty",
                told.unwrap_or_default()
            ),
            "fill in the empty cells, so that each row can be understood alone",
        );
    }

    fn doubt_head(&mut self, table: &Table) {
        let Some(first) = table.rows.first() else { return };
        let bold = |row: &Row| {
            let mut words = row.cells.iter().flat_map(|cell| paragraphs(&cell.blocks));
            words.all(|paragraph: &Paragraph| {
                paragraph.all_look(|look| look.bold) || !words::has_letter_or_digit(&paragraph.words())
            })
        };
        if !first.heads && !bold(first) && table.rows.len() > 1 {
            self.notes.doubt(
                table.no,
                "the first row of a table was taken for the names of its columns",
                "put a row of names above it if it is not",
            );
        }
    }
}
