//! A file as rows and columns: comma, semicolon, tab or bar, headings perhaps after title lines.

use super::{LineProblem, columns, text};

/// How far down the headings may stand: reports begin with a title and a date.
const TITLE_LINES: usize = 12;
/// More columns than any list of people has.
const MOST_COLUMNS: usize = 200;
/// What may stand between cells.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// A line put after the last, to see whether a quotation mark swallows the end of the file.
const END: &str = "\u{1}end";

/// A line with its number in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, counted from 1.
    pub number: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// A file that has headings and lines; what they mean is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The headings, as they are spelt.
    pub headings: Vec<String>,
    /// The lines under them, empty ones left out.
    pub lines: Vec<Line>,
    /// Lines that cannot be split into cells safely.
    pub broken: Vec<LineProblem>,
}

impl Sheet {
    /// Reads a file.
    ///
    /// # Errors
    /// One problem if there is nothing that has columns.
    pub fn read(bytes: &[u8]) -> Result<Self, LineProblem> {
        let text = text::decode(bytes);
        let mut nearest: Option<((usize, usize), Self)> = None;
        let mut empty = true;
        for separator in SEPARATORS {
            let split = split(&text, separator);
            empty &= split.lines.is_empty();
            for (place, line) in split.lines.iter().enumerate().take(TITLE_LINES) {
                let filled = line.cells.iter().filter(|cell| !cell.is_empty()).count();
                let worth = (columns::known(&line.cells), filled);
                // The earliest of the best: what stands above the headings is a title.
                if filled < 2 || nearest.as_ref().is_some_and(|(most, _)| worth <= *most) {
                    continue;
                }
                nearest = Some((worth, Self::under(&split, place, separator)));
            }
        }
        match nearest {
            Some((_, sheet)) if sheet.headings.len() <= MOST_COLUMNS => Ok(sheet),
            Some(_) => Err(LineProblem::new(
                1,
                format!("there are more than {MOST_COLUMNS} columns. Export only those that are needed"),
            )),
            None if empty => Err(LineProblem::new(1, "the file is empty. Export the list again")),
            None => Err(LineProblem::new(1, columns::NO_HEADINGS)),
        }
    }

    fn under(split: &Split, place: usize, separator: u8) -> Self {
        let mut headings = split.lines[place].cells.clone();
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        let width = headings.len();
        let lines = split.lines[place + 1..].to_vec();
        let swallows = |line: &&Line| {
            let many = |part: &str| part.bytes().filter(|byte| *byte == separator).count() + 1 >= width;
            Some(line.number) == split.unclosed
                || line.cells.iter().any(|cell| cell.split('\n').skip(1).any(many))
        };
        let broken = lines.iter().filter(swallows).map(|line| {
            LineProblem::new(
                line.number,
                "a quotation mark in this line is not closed, so that it swallows the next lines. Close it, or take it out",
            )
        });
        Self { broken: broken.collect(), headings, lines }
    }

    /// What stands in a column, the first few that are not empty and differ, cut short.
    pub fn samples(&self, column: usize, most: usize) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for line in &self.lines {
            let cell = line.cells.get(column).map(|cell| tidy(cell)).unwrap_or_default();
            let cell: String = cell.chars().filter(|c| !c.is_control()).take(40).collect();
            if !cell.is_empty() && !all.contains(&cell) {
                all.push(cell);
            }
            if all.len() == most {
                break;
            }
        }
        all
    }

    /// The problem of a line with more cells than there are headings.
    pub(super) fn too_wide(&self, line: &Line) -> Option<String> {
        let width = self.headings.len();
        let more = line.cells.get(width..).unwrap_or_default();
        more.iter().any(|cell| !cell.is_empty()).then(|| {
            format!(
                "there are {} cells under {width} headings. A comma inside a name or an address needs quotation marks around the whole cell",
                line.cells.len()
            )
        })
    }
}

/// A cell without double spaces and line breaks.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Split {
    lines: Vec<Line>,
    /// The line of a quotation mark that swallows the end of the file.
    unclosed: Option<u64>,
}

fn split(text: &str, separator: u8) -> Split {
    let text = format!("{}\n{END}", text.trim_end_matches(['\n', '\r']));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let (mut lines, mut unclosed) = (Vec::new(), None);
    for record in reader.records().map_while(Result::ok) {
        if record.len() == 1 && record.get(0) == Some(END) {
            unclosed = None;
            continue;
        }
        let number = record.position().map_or(0, csv::Position::line);
        unclosed = Some(number);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            lines.push(Line { number, cells });
        }
    }
    Split { lines, unclosed }
}
