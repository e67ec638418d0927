//! Text to a heading and numbered lines: comma, semicolon or tab, headings after title lines.

use super::{
    Kind, LineProblem,
    columns::{self, Columns},
};

/// How far down the headings may stand: reports begin with a title and a date.
pub(super) const TITLE_LINES: usize = 12;

/// A line with its number in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, counted from 1.
    pub number: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// What stands under the headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// How many headings there are.
    pub width: usize,
    /// The lines, empty ones left out.
    pub lines: Vec<Line>,
}

/// Finds the headings and reads what stands under them.
///
/// # Errors
/// One problem if the file has no headings that make a list of people.
pub fn read(text: &str, kind: Option<Kind>) -> Result<(Table, Columns), Vec<LineProblem>> {
    let mut first = None;
    for separator in [b',', b';', b'\t'] {
        let lines = split(text, separator);
        for (i, line) in lines.iter().take(TITLE_LINES).enumerate() {
            match columns::recognise(&line.cells, kind) {
                Ok(columns) => {
                    let width = line.cells.len();
                    return Ok((Table { width, lines: lines[i + 1..].to_vec() }, columns));
                }
                // The line that comes nearest to headings says best what is missing.
                Err(miss) if first.as_ref().is_none_or(|(known, _)| miss.known > *known) => {
                    first = Some((miss.known, LineProblem::new(line.number, miss.message)));
                }
                Err(_) => {}
            }
        }
    }
    let empty = || LineProblem::new(1, "the file is empty. Export the list again");
    Err(vec![first.map_or_else(empty, |(_, problem)| problem)])
}

pub(super) fn split(text: &str, separator: u8) -> Vec<Line> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records().map_while(Result::ok) {
        let number = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            lines.push(Line { number, cells });
        }
    }
    lines
}
