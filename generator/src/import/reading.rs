//! Bytes to text, whatever program wrote them.

use super::{DocumentError, Notes};

/// The largest file that is read. The longest policies are a thousandth of this.
const MOST_BYTES: usize = 50_000_000;

/// Why a file cannot be read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// There is nothing in it.
    #[error("the file has no words in it")]
    Empty,
    /// It is a PDF.
    #[error(
        "this is a PDF, and only Word, OpenDocument and plain text can be imported: open the document that \
         it was made from; or open the PDF, select all, copy, paste into a text editor and save that as a \
         .txt file"
    )]
    Pdf,
    /// It is a word processor's document that cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// It has bytes that no text has.
    #[error(
        "this is neither a document nor a text: open it in Word and save it as .docx, or as plain text (.txt)"
    )]
    NotText,
    /// It is larger than any policy.
    #[error("the file is larger than 50 MB, which no policy is: is it the right file?")]
    TooLarge,
}

/// Reads UTF-8, UTF-16 with its mark, and Windows-1252, which is told as a doubt.
pub(super) fn decode(bytes: &[u8], notes: &mut Notes) -> Result<String, ReadingError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadingError::TooLarge);
    }
    if bytes.starts_with(b"%PDF-") {
        return Err(ReadingError::Pdf);
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => from_utf8_or_windows(rest, notes)?,
        [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => from_utf16(rest, u16::from_be_bytes)?,
        _ => from_utf8_or_windows(bytes, notes)?,
    };
    if super::words::has_letter_or_digit(&text) { Ok(text) } else { Err(ReadingError::Empty) }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadingError> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).map_err(|_| ReadingError::NotText)
}

fn from_utf8_or_windows(bytes: &[u8], notes: &mut Notes) -> Result<String, ReadingError> {
    if bytes.contains(&0) {
        return Err(ReadingError::NotText);
    }
    let Err(error) = std::str::from_utf8(bytes) else {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    };
    let before = &bytes[..error.valid_up_to()];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    notes.doubt(
        line,
        "the file is not UTF-8, so it was read as Windows-1252, the encoding of older Windows programs",
        "look at the quotation marks, dashes and pound signs; if they are wrong, save the source as UTF-8 and \
         import it again",
    );
    Ok(bytes.iter().map(|&byte| windows_1252(byte)).collect())
}

/// The character of a byte in Windows-1252, after the table of the WHATWG Encoding Standard.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Notes, ReadingError, decode};

    #[test]
    fn an_old_windows_file_keeps_its_pound_signs_and_says_so() {
        let mut notes = Notes::default();
        let text = decode(b"Lunch\ncosts \xa33 \x96 today\x92s price", &mut notes).unwrap();
        assert_eq!(text, "Lunch\ncosts £3 – today’s price");
        assert_eq!(notes.doubts[0].line, 2);
    }

    #[test]
    fn utf_8_and_utf_16_with_their_marks_are_read_without_a_doubt() {
        let mut notes = Notes::default();
        assert_eq!(decode("\u{feff}Été".as_bytes(), &mut notes).unwrap(), "Été");
        assert_eq!(decode(b"\xff\xfeH\0i\0", &mut notes).unwrap(), "Hi");
        assert!(notes.doubts.is_empty());
    }

    #[test]
    fn a_pdf_or_a_program_is_told_apart_from_text() {
        let mut notes = Notes::default();
        assert_eq!(decode(b"%PDF-1.7 ...", &mut notes), Err(ReadingError::Pdf));
        assert_eq!(decode(b"a\0b", &mut notes), Err(ReadingError::NotText));
        assert_eq!(decode(b" \n ", &mut notes), Err(ReadingError::Empty));
    }
}
