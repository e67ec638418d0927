//! A text file with its lines, so that a finding can say where it is.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Severity, Spot};

/// One text file of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the school's folder, with `/`.
    pub path: String,
    /// Its text, without a byte order mark.
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Takes a file's text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        let line_starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Self { path: path.into(), text, line_starts }
    }

    /// Takes a file's bytes.
    ///
    /// # Errors
    /// A finding at the first byte that is not UTF-8.
    pub fn from_bytes(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let error = match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(Self::new(path, text)),
            Err(error) => error,
        };
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
        let end = good.len();
        let rest = String::from_utf8_lossy(&bytes[error.valid_up_to()..]);
        let rest = rest.split('\n').next().unwrap_or_default();
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let shown = Self::new(path, format!("{good}{rest}"));
        Err(shown.error(
            "not-utf8",
            end..end + '\u{fffd}'.len_utf8(),
            format!(
                "This file is not saved as UTF-8: byte {} of it ({byte:#04x}) is no part of any letter.",
                end + 1
            ),
            "Open it in the program it came from and save it again with the encoding “UTF-8”.",
        ))
    }

    /// The line and column of a range of bytes; a range over several lines is
    /// cut at the end of its first.
    pub fn spot(&self, range: Range<usize>) -> Spot {
        let start = self.floor(range.start);
        let line = self.line_starts.partition_point(|&s| s <= start).max(1) - 1;
        let line_start = self.line_starts[line];
        let text = self.text[line_start..].split('\n').next().unwrap_or_default();
        let text = text.strip_suffix('\r').unwrap_or(text);
        let line_end = line_start + text.len();
        let start = start.min(line_end);
        let end = self.floor(range.end).clamp(start, line_end);
        Spot {
            line: line + 1,
            column: self.text[line_start..start].chars().count() + 1,
            length: self.text[start..end].chars().count().max(1),
            text: text.replace(|c: char| c.is_control(), " "),
        }
    }

    fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The bytes of the line (from 1) without its end.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let length = self.text[start..].find('\n').unwrap_or(self.text.len() - start);
        start..start + length
    }

    /// Where `needle` stands within `range`, or `range` itself.
    pub fn find_within(&self, range: Range<usize>, needle: &str) -> Range<usize> {
        let hay = self.text.get(range.clone()).unwrap_or_default();
        match hay.find(needle) {
            Some(at) if !needle.is_empty() => range.start + at..range.start + at + needle.len(),
            _ => range,
        }
    }

    /// An error at a place in this file.
    pub fn error(
        &self,
        code: &'static str,
        range: Range<usize>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            file: self.path.clone(),
            spot: Some(Box::new(self.spot(range))),
            what: what.into(),
            mend: mend.into(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_not_bytes() {
        let source = Source::new("a.md", "één\r\ntwo");
        assert_eq!(source.spot(5..6).column, 4);
        assert_eq!(source.spot(2..3).column, 2);
        assert_eq!(source.spot(7..10).line, 2);
        assert_eq!(source.spot(7..10).length, 3);
    }

    #[test]
    fn a_byte_that_is_no_letter_is_told_by_line_and_column() {
        let error = Source::from_bytes("a.md", b"one\ntw\xe9\nthree").unwrap_err();
        let spot = error.spot.as_ref().map(|s| (s.line, s.column));
        assert_eq!(spot, Some((2, 3)));
        assert!(error.what.contains("byte 7"), "{}", error.what);
    }
}
