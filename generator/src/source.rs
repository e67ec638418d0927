//! A text file with its lines, so that a finding can say where it is.

use std::{borrow::Cow, ops::Range, str::Utf8Error};

use crate::diagnostic::{Diagnostic, Severity, Spot};

/// One text file of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the school's folder, with `/`.
    pub path: String,
    /// Its text, without a byte order mark; nothing while it is [packed](Self::pack).
    pub text: String,
    packed: Option<Box<[u8]>>,
}

impl Source {
    /// Takes a file's text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        Self { path: path.into(), text, packed: None }
    }

    /// Takes a file's bytes.
    ///
    /// # Errors
    /// A finding at the first byte that is not UTF-8.
    pub fn from_bytes(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => Err(Self::not_utf8(path, bytes, error)),
        }
    }

    /// As [`Source::from_bytes`], for bytes that nobody else needs: they are not copied.
    ///
    /// # Errors
    /// A finding at the first byte that is not UTF-8.
    pub fn from_own_bytes(path: &str, bytes: Vec<u8>) -> Result<Self, Diagnostic> {
        String::from_utf8(bytes)
            .map(|text| Self::new(path, text))
            .map_err(|error| Self::not_utf8(path, error.as_bytes(), error.utf8_error()))
    }

    fn not_utf8(path: &str, bytes: &[u8], error: Utf8Error) -> Diagnostic {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
        let end = good.len();
        let rest = String::from_utf8_lossy(&bytes[error.valid_up_to()..]);
        let rest = rest.split('\n').next().unwrap_or_default();
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let shown = Self::new(path, format!("{good}{rest}"));
        shown.error(
            "not-utf8",
            end..end + '\u{fffd}'.len_utf8(),
            format!(
                "This file is not saved as UTF-8: byte {} of it ({byte:#04x}) is no part of any letter.",
                end + 1
            ),
            "Open it in the program it came from and save it again with the encoding “UTF-8”.",
        )
    }

    /// Puts the text into half of its room. It can still be asked for places in it, and for itself
    /// [unpacked](Self::unpacked).
    pub fn pack(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.packed = Some(lz4_flex::compress_prepend_size(text.as_bytes()).into_boxed_slice());
    }

    /// The text as a file that is not packed.
    pub fn unpacked(&self) -> Cow<'_, Self> {
        match self.whole() {
            Cow::Borrowed(_) => Cow::Borrowed(self),
            Cow::Owned(text) => Cow::Owned(Self { path: self.path.clone(), text, packed: None }),
        }
    }

    fn whole(&self) -> Cow<'_, str> {
        let Some(packed) = &self.packed else { return Cow::Borrowed(&self.text) };
        let text = lz4_flex::decompress_size_prepended(packed).expect("this program packed it, in this run");
        Cow::Owned(String::from_utf8(text).expect("it was text when it was packed"))
    }

    /// The line and column of a range of bytes; a range over several lines is
    /// cut at the end of its first.
    pub fn spot(&self, range: Range<usize>) -> Spot {
        let whole = self.whole();
        let start = floor(&whole, range.start);
        let before = &whole.as_bytes()[..start];
        let line = memchr::memchr_iter(b'\n', before).count();
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let text = whole[line_start..].split('\n').next().unwrap_or_default();
        let text = text.strip_suffix('\r').unwrap_or(text);
        let line_end = line_start + text.len();
        let start = start.min(line_end);
        let end = floor(&whole, range.end).clamp(start, line_end);
        Spot {
            line: line + 1,
            column: whole[line_start..start].chars().count() + 1,
            length: whole[start..end].chars().count().max(1),
            text: text.replace(|c: char| c.is_control(), " "),
        }
    }

    /// The bytes of the line (from 1) without its end.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let whole = self.whole();
        let mut ends = memchr::memchr_iter(b'\n', whole.as_bytes());
        // Lines are few and findings fewer: looking for them costs less than a list of them for every file.
        let start = match line.checked_sub(2) {
            None => 0,
            Some(before) => ends.nth(before).map_or(whole.len(), |end| end + 1),
        };
        let length = whole[start..].find('\n').unwrap_or(whole.len() - start);
        start..start + length
    }

    /// Where `needle` stands within `range`, or `range` itself.
    pub fn find_within(&self, range: Range<usize>, needle: &str) -> Range<usize> {
        let whole = self.whole();
        let hay = whole.get(range.clone()).unwrap_or_default();
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

/// The last end of a letter at this byte or before it.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
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
    fn a_packed_file_knows_its_places_and_its_text() {
        let open = Source::new("a.md", "één\r\ntwo three\n");
        let mut packed = open.clone();
        packed.pack();
        assert!(packed.text.is_empty());
        assert_eq!(packed.spot(9..12), open.spot(9..12));
        assert_eq!(packed.line_range(2), open.line_range(2));
        assert_eq!(packed.find_within(0..17, "three"), open.find_within(0..17, "three"));
        assert_eq!(*packed.unpacked(), open);
    }

    #[test]
    fn a_byte_that_is_no_letter_is_told_by_line_and_column() {
        let error = Source::from_bytes("a.md", b"one\ntw\xe9\nthree").unwrap_err();
        let spot = error.spot.as_ref().map(|s| (s.line, s.column));
        assert_eq!(spot, Some((2, 3)));
        assert!(error.what.contains("byte 7"), "{}", error.what);
    }
}
