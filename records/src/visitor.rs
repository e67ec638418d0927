//! Visitors, users of the hall and users of the guests' wifi sign too. They are on no list: who they are is what they
//! write.

use minicbor::{Decode, Encode};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    agreement::{AgreementDigest, Audience, Version},
    day::Moment,
    ids::{DeviceId, RecordId, Slug},
    signature::{HelpText, Mark},
};

/// The most letters of a line that a visitor writes: the longest name that a British passport has room for is shorter.
pub const WRITTEN_MOST: usize = 60;

/// A line that somebody wrote of themselves: not blank, not long, and nothing in it that does not show. It is
/// overwritten in memory when it is let go.
#[derive(Debug, Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Written(String);

/// A text that is no such line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// Nothing, or nothing that shows.
    #[error("write at least one letter")]
    Blank,
    /// Too long.
    #[error("write at most {WRITTEN_MOST} letters")]
    TooLong,
    /// Something that does not show, such as a line's end or a mark that turns the direction of what follows.
    #[error("write letters, digits and ordinary signs alone")]
    Hidden,
}

impl Written {
    /// What was written, with one space wherever there were several and none at the ends.
    ///
    /// # Errors
    /// [`NotWritten`].
    pub fn new(text: &str) -> Result<Self, NotWritten> {
        if text.chars().any(does_not_show) {
            return Err(NotWritten::Hidden);
        }
        let mut line = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        // Made first, so that a line that is refused is overwritten too.
        let line = Self(line);
        match line.0.chars().count() {
            0 => Err(NotWritten::Blank),
            count if count > WRITTEN_MOST => Err(NotWritten::TooLong),
            _ if !line.0.chars().any(char::is_alphanumeric) => Err(NotWritten::Blank),
            _ => Ok(line),
        }
    }
    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, and those that change how what follows is shown: directions, joins, what takes no room. A name
/// in a book that is read by others looks like what it is.
fn does_not_show(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

impl<C> Encode<C> for Written {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}
impl<'b, C> Decode<'b, C> for Written {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let refuse = |message: String| minicbor::decode::Error::message(message).at(at);
        let text = d.str()?;
        let line = Self::new(text).map_err(|error| refuse(error.to_string()))?;
        // One line has one spelling, so that the same bytes are the same record.
        if line.0 == text { Ok(line) } else { Err(refuse("spaces too many".to_owned())) }
    }
}

/// Whose signature needs no list: whoever signs says who they are.
pub const AT_THE_ENTRANCE: [Audience; 3] = [Audience::Visitor, Audience::Community, Audience::Guest];

/// The mark of somebody who is on no list, on one version of one agreement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct VisitorSignature {
    /// This signature, whoever delivers it and however often.
    #[n(0)]
    pub id: RecordId,
    /// Who signed, as they wrote it.
    #[n(1)]
    pub name: Written,
    /// Whom they came to see or where they are from, if they said so.
    #[n(2)]
    pub about: Option<Written>,
    /// As what: one of [`AT_THE_ENTRANCE`].
    #[cbor(n(3), decode_with = "at_the_entrance")]
    pub audience: Audience,
    /// The agreement.
    #[n(4)]
    pub agreement: Slug,
    /// Its version.
    #[n(5)]
    pub version: Version,
    /// Its exact words.
    #[n(6)]
    pub words: AgreementDigest,
    /// The translation shown beside it, if any.
    #[n(7)]
    pub help: Option<HelpText>,
    /// When, by the kiosk's clock.
    #[n(8)]
    pub when: Moment,
    /// At which kiosk.
    #[n(9)]
    pub device: DeviceId,
    /// The mark.
    #[n(10)]
    pub mark: Mark,
}

fn at_the_entrance<C>(
    d: &mut minicbor::Decoder<'_>,
    ctx: &mut C,
) -> Result<Audience, minicbor::decode::Error> {
    let at = d.position();
    let audience = Audience::decode(d, ctx)?;
    if AT_THE_ENTRANCE.contains(&audience) {
        return Ok(audience);
    }
    Err(minicbor::decode::Error::message("those who sign this are on a list").at(at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::codec;

    #[test]
    fn names_of_all_the_world_are_taken_as_they_are_written() {
        for name in
            ["Bo", "Siobhán O’Hara-Nguyễn", "Łukasz Żółć", "X Æ", "زینب", "李小龍", "Jo  (Ace Plumbing)"]
        {
            let line = Written::new(name).unwrap();
            assert_eq!(
                line.as_str().split(' ').collect::<Vec<_>>(),
                name.split_whitespace().collect::<Vec<_>>()
            );
        }
        assert_eq!(Written::new("  Ann   Lee ").unwrap().as_str(), "Ann Lee");
    }

    #[test]
    fn nothing_long_blank_or_hidden_is_a_name() {
        for blank in ["", "   ", "--", ". "] {
            assert_eq!(Written::new(blank), Err(NotWritten::Blank), "{blank:?}");
        }
        assert!(Written::new(&"é".repeat(WRITTEN_MOST)).is_ok());
        assert_eq!(Written::new(&"é".repeat(WRITTEN_MOST + 1)), Err(NotWritten::TooLong));
        for hidden in ["Ann\nLee", "Ann\u{202e}eeL", "\u{200b}", "Ann\u{7}", "Ann\tLee", "A\u{feff}nn"] {
            assert_eq!(Written::new(hidden), Err(NotWritten::Hidden), "{hidden:?}");
        }
    }

    #[test]
    fn a_line_that_another_program_wrote_otherwise_is_refused() {
        for text in ["Ann  Lee", " Ann", "Ann\u{202e}", ""] {
            assert!(codec::decode::<Written>(&codec::encode(&text)).is_err(), "{text:?}");
        }
        assert_eq!(codec::decode::<Written>(&codec::encode(&"Ann Lee")).unwrap().as_str(), "Ann Lee");
    }

    #[test]
    fn a_line_is_overwritten_when_it_is_let_go() {
        fn overwritten<T: ZeroizeOnDrop>(_: &T) {}
        let mut line = Written::new("Ann Lee").unwrap();
        overwritten(&line);
        line.zeroize();
        assert!(line.as_str().is_empty());
    }
}
