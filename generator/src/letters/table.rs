//! A list from a spreadsheet or a management information system (RFC 4180): lines, cells, and where each
//! stands.

use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::{diagnostic::Diagnostic, source::Source};

/// Stands in a finding for every letter of a cell that it is not about.
const HIDDEN: char = '·';

/// What may stand between two cells.
pub(super) const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it says, without quotation marks, spaces at its ends and the apostrophe with which exports keep a
    /// spreadsheet from taking words for a formula.
    pub text: String,
    /// Its bytes in the file, without quotation marks.
    pub range: Range<usize>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// Why a cell must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The cell that a finding is about is shown.
    Cell,
    /// Not even that: it is a secret.
    Nothing,
}

/// A list in memory.
#[derive(Debug, Clone)]
pub struct Table {
    source: Source,
}

impl Table {
    /// Takes a file's bytes: UTF-8, or UTF-16 with its mark.
    ///
    /// # Errors
    /// A finding at the first byte that is no part of a letter.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
            String::from_utf16_lossy(&units)
        };
        match bytes {
            [0xFF, 0xFE, rest @ ..] => {
                return Ok(Self { source: Source::new(name, utf16(rest, u16::from_le_bytes)) });
            }
            [0xFE, 0xFF, rest @ ..] => {
                return Ok(Self { source: Source::new(name, utf16(rest, u16::from_be_bytes)) });
            }
            _ => {}
        }
        let source = Source::from_bytes(name, bytes).map_err(|told| {
            let mut told = told;
            told.code = "list-encoding";
            "This list is not saved as UTF-8, so nobody can tell which letter is meant here: “Łukasz” or “Zoë” would be printed wrong.".clone_into(&mut told.what);
            "Save it again. In Excel: File, Save As, “CSV UTF-8”. In LibreOffice: Save As, Text CSV, character set “Unicode (UTF-8)”.".clone_into(&mut told.mend);
            hide(&mut told, Shown::Cell);
            told
        })?;
        Ok(Self { source })
    }

    /// The lines, empty ones left out, with this between their cells.
    pub fn lines(&self, separator: u8) -> Vec<Line> {
        let bytes = self.source.text.as_bytes();
        let mut reader: Reader = ReaderBuilder::new().delimiter(separator).build();
        // A cell is never longer than the file.
        let mut room = vec![0; bytes.len() + 1];
        let (mut lines, mut cells) = (Vec::new(), Vec::new());
        let (mut at, mut begun, mut filled) = (0, 0, 0);
        loop {
            let (result, read, wrote) = reader.read_field(&bytes[at..], &mut room[filled..]);
            at += read;
            filled += wrote;
            match result {
                // Told once more that nothing follows, the reader gives the last cell.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull | ReadFieldResult::End => break,
                ReadFieldResult::Field { record_end } => {
                    let text = String::from_utf8_lossy(&room[..filled]);
                    cells.push(self.cell(&text, begun..at, separator));
                    (begun, filled) = (at, 0);
                    if record_end {
                        line(&mut lines, std::mem::take(&mut cells));
                    }
                }
            }
        }
        lines
    }

    fn cell(&self, text: &str, raw: Range<usize>, separator: u8) -> Cell {
        let aside = |c: char| c.is_whitespace() || c == '"' || c == char::from(separator);
        let written = &self.source.text[raw.clone()];
        let text = text.trim();
        let start = raw.start + (written.len() - written.trim_start_matches(aside).len());
        let end = (raw.start + written.trim_end_matches(aside).len()).max(start);
        let begin = raw.start + (written.len() - written.trim_start_matches(['\r', '\n']).len());
        let (start, end) = if text.is_empty() { (begin, begin) } else { (start, end) };
        let begins = |rest: &str| rest.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        let guarded = text.strip_prefix('\'').filter(|rest| begins(rest)).map(str::trim);
        Cell { text: guarded.unwrap_or(text).to_owned(), range: start..end }
    }

    /// Whether the last quotation mark was never closed, so that the rest of the list was read as one cell.
    pub fn is_left_open(&self) -> bool {
        self.source.text.matches('"').count() % 2 == 1
    }

    /// What stands at a place.
    pub fn text(&self, range: Range<usize>) -> &str {
        self.source.text.get(range).unwrap_or_default()
    }

    /// An error at a cell. Of the line, nothing else is shown.
    pub fn error(
        &self,
        code: &'static str,
        range: Range<usize>,
        shown: Shown,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Diagnostic {
        let mut told = self.source.error(code, range, what, mend);
        hide(&mut told, shown);
        told
    }

    /// An error about the file as a whole.
    pub fn error_of_whole(
        &self,
        code: &'static str,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::file_error(code, self.source.path.clone(), what, mend)
    }

    /// The column that a place of a finding is in, as spreadsheets name it: A, B, …, AA.
    pub fn column_name(&self, line: usize, column: usize) -> Option<String> {
        let range = self.source.line_range(line);
        let before: usize =
            self.source.text.get(range.clone())?.chars().take(column - 1).map(char::len_utf8).sum();
        let place = range.start + before;
        // What makes the most cells of the list is what stands between them.
        let cells = |separator| self.lines(separator).iter().map(|line| line.cells.len()).sum::<usize>();
        let separator = SEPARATORS.into_iter().max_by_key(|separator| cells(*separator))?;
        let lines = self.lines(separator);
        let line = lines.iter().find(|line| line.range.end >= place)?;
        let at = line.cells.iter().rposition(|cell| cell.range.start <= place);
        // A quotation mark stands before the first.
        Some(letters(at.unwrap_or_default()))
    }

    /// The number of the line, from 1, that a place is in.
    pub fn number(&self, range: &Range<usize>) -> usize {
        self.source.spot(range.clone()).line
    }
}

/// A column's number, from 0, in letters.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

fn line(lines: &mut Vec<Line>, cells: Vec<Cell>) {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return };
    if cells.iter().any(|cell| !cell.text.is_empty()) {
        lines.push(Line { range: first.range.start..last.range.end, cells });
    }
}

/// Leaves of a finding's line what it is about, and of the rest how long it is.
fn hide(told: &mut Diagnostic, shown: Shown) {
    let Some(spot) = &mut told.spot else { return };
    let about = spot.column - 1..spot.column - 1 + spot.length;
    let hidden = |(at, letter): (usize, char)| {
        let apart = matches!(letter, ',' | ';' | '"' | ' ');
        if apart || shown == Shown::Cell && about.contains(&at) { letter } else { HIDDEN }
    };
    spot.text = spot.text.chars().enumerate().map(hidden).collect();
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn every_cell_knows_its_place_whatever_stands_around_it() {
        let text = "\u{feff}Name,Class\r\n\"Łucja \"\"Lu\"\" Nowak\" , Oak\r\n\r\n,\r\n\"1 Lane\nTown\",Elm";
        let table = Table::from_bytes("a.csv", text.as_bytes()).unwrap();
        let lines = table.lines(b',');
        let texts: Vec<Vec<&str>> =
            lines.iter().map(|line| line.cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
        assert_eq!(
            texts,
            [vec!["Name", "Class"], vec!["Łucja \"Lu\" Nowak", "Oak"], vec!["1 Lane\nTown", "Elm"]]
        );
        let oak = &lines[1].cells[1];
        let told = table.error("x", oak.range.clone(), Shown::Cell, "w", "m");
        let spot = told.spot.unwrap();
        assert_eq!((spot.line, spot.column, spot.length), (2, 24, 3));
        assert!(spot.text.ends_with("Oak") && !spot.text.contains("Nowak"), "{}", spot.text);
        assert_eq!(table.number(&lines[2].range), 5);
    }

    #[test]
    fn a_name_that_was_kept_from_being_a_formula_is_printed_as_it_is() {
        let text = "Name\n'=Roe\n' -Lee\n'＝Fox\n'Neil\n";
        let table = Table::from_bytes("a.csv", text.as_bytes()).unwrap();
        let names: Vec<String> = table.lines(b',').iter().map(|line| line.cells[0].text.clone()).collect();
        assert_eq!(names, ["Name", "=Roe", "-Lee", "＝Fox", "'Neil"]);
    }

    #[test]
    fn a_place_is_told_by_the_column_that_a_spreadsheet_shows() {
        let text = "Name;Class;Town\n\"Roe; Zoë\";;York, Elm\n";
        let table = Table::from_bytes("a.csv", text.as_bytes()).unwrap();
        let names = [1, 4, 12, 13, 19].map(|column| table.column_name(2, column).unwrap());
        assert_eq!(names, ["A", "A", "B", "C", "C"]);
        assert_eq!([0, 25, 26, 27, 701, 702].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }

    #[test]
    fn a_list_in_another_encoding_is_refused_at_the_letter() {
        let told = Table::from_bytes("a.csv", b"Name,Class\nZo\xEB,Oak\n").unwrap_err();
        let spot = told.spot.as_ref().unwrap();
        assert_eq!((spot.line, spot.column), (2, 3));
        assert!(told.mend.contains("CSV UTF-8"));
        let table = Table::from_bytes("a.csv", b"\xFF\xFEZ\0o\0\xEB\0").unwrap();
        assert_eq!(table.lines(b',')[0].cells[0].text, "Zoë");
    }
}
