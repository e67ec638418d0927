//! Answers on their way to kiosks: one of the school's sentences for each of 64 receipts, most of which nobody has.
//!
//! ```text
//! sheet: 64 lines of 12 bytes, in the order of their receipts            = 768 bytes
//! line: receipt 4 | name of the sentence 8, or zeros
//! ```
//! A sheet has always the same size. Receipts are drawn by chance, those of answers and those of nobody alike, so their
//! order says nothing; what else keeps a kiosk from telling them apart, the hub sees to.

use minicbor::{Decode, Encode};
use zeroize::Zeroize;

use crate::{
    digest::Digest,
    ids::Slug,
    receipt::{self, Receipt},
};

/// How many receipts a sheet has.
pub const LINES: usize = 64;
/// For so many days kiosks have an answer.
pub const STANDS_DAYS: u16 = 60;
/// The most sentences that a school can answer with.
pub const SENTENCES_MAX: usize = 6;
/// The most letters of a sentence.
pub const SENTENCE_LETTERS: usize = 120;
const NAME: usize = 8;
const LINE: usize = receipt::LENGTH + NAME;

/// A sentence, by a name of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SentenceName([u8; NAME]);

impl SentenceName {
    /// None: as if there were no answer.
    pub const NONE: Self = Self([0; NAME]);
    /// Of a sentence of the school's form “tell”.
    pub fn of(id: &Slug) -> Self {
        let digest = Digest::of_kind("signpost answer 1", id.as_str().as_bytes());
        Self(*digest.as_bytes().first_chunk().expect("a digest has 32 bytes"))
    }
    /// Its eight bytes.
    pub const fn as_bytes(&self) -> &[u8; NAME] {
        &self.0
    }
    /// From its eight bytes.
    pub const fn from_bytes(bytes: [u8; NAME]) -> Self {
        Self(bytes)
    }
}

/// A receipt, and what whoever has it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The pictures.
    pub receipt: Receipt,
    /// The sentence.
    pub sentence: SentenceName,
}

/// All that a kiosk knows of answers. It is held in memory alone, and overwritten when it is let go.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct AnswerSheet {
    #[cbor(n(0), with = "minicbor::bytes")]
    lines: [u8; LINES * LINE],
}

impl Drop for AnswerSheet {
    fn drop(&mut self) {
        self.lines.zeroize();
    }
}

/// Says only that there is one.
impl std::fmt::Debug for AnswerSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnswerSheet(hidden)")
    }
}

impl AnswerSheet {
    /// A sheet of these lines, in whatever order they come.
    pub fn of(mut lines: [Line; LINES]) -> Self {
        lines.sort_by_key(|line| *line.receipt.as_bytes());
        let mut sheet = Self { lines: [0; LINES * LINE] };
        for (place, line) in sheet.lines.chunks_exact_mut(LINE).zip(&lines) {
            place[..receipt::LENGTH].copy_from_slice(line.receipt.as_bytes());
            place[receipt::LENGTH..].copy_from_slice(line.sentence.as_bytes());
        }
        sheet
    }
    /// The sentence for a receipt; [`SentenceName::NONE`] where there is none. It looks at every line, whatever it finds.
    pub fn look(&self, receipt: &Receipt) -> SentenceName {
        let mut found = [0; NAME];
        for line in self.lines.chunks_exact(LINE) {
            let (pictures, name) = line.split_at(receipt::LENGTH);
            let differs = pictures.iter().zip(receipt.as_bytes()).fold(0, |all, (a, b)| all | (a ^ b));
            let mask = if differs == 0 { 0xFF } else { 0 };
            found.iter_mut().zip(name).for_each(|(byte, of_line)| *byte |= of_line & mask);
        }
        SentenceName(found)
    }
    /// Its lines as bytes, one after another: what anybody who sees the sheet sees.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.chunks_exact(LINE)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::codec;

    fn line(n: u8) -> Line {
        let mut chance = [9; 16];
        chance[0] = n;
        let sentence = SentenceName::of(&format!("answer-{}", n % 5).parse().unwrap());
        Line { receipt: Receipt::drawn(&chance), sentence }
    }

    #[test]
    fn a_sheet_is_one_size_says_nothing_of_how_it_was_put_together_and_leads_each_receipt_to_its_sentence() {
        let lines: [Line; LINES] = std::array::from_fn(|n| line(u8::try_from(n).unwrap()));
        let mut turned = lines.clone();
        turned.reverse();
        let sheet = AnswerSheet::of(lines.clone());
        assert_eq!(sheet, AnswerSheet::of(turned));
        let bytes = codec::encode(&sheet);
        assert_eq!(bytes.len(), LINES * LINE + 4);
        assert_eq!(codec::decode::<AnswerSheet>(&bytes).unwrap(), sheet);
        for line in &lines {
            assert_eq!(sheet.look(&line.receipt), line.sentence);
        }
        let stranger = line(200).receipt;
        assert_eq!(sheet.look(&stranger), SentenceName::NONE);
        let none = lines.map(|line| Line { sentence: SentenceName::NONE, ..line });
        assert_eq!(codec::encode(&AnswerSheet::of(none)).len(), bytes.len());
    }
}
