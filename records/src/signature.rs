//! Signatures: a person's mark on one version of one agreement, and its undoing.

use minicbor::{Decode, Encode};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    agreement::{AgreementDigest, Audience, Version},
    day::{Moment, SchoolYear},
    digest::Digest,
    ids::{DeviceId, PersonId, RecordId, Slug},
    language::Language,
};

/// The side of the square that a drawn mark is measured in.
pub const MARK_SIZE: u16 = 1000;
/// The most points a drawn mark may have; a longer one is thinned before it is kept.
pub const MARK_POINTS: usize = 2000;

/// A point of a drawn mark, 0 to [`MARK_SIZE`] from the top left.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Zeroize, Encode, Decode, serde::Serialize, serde::Deserialize,
)]
pub struct Point(#[n(0)] pub u16, #[n(1)] pub u16);

/// One movement of the finger, from touch to lift.
pub type Stroke = Vec<Point>;

/// What a person drew with a finger: at least one point, all inside the square. It is overwritten in
/// memory when it is let go.
#[derive(Debug, Clone, Zeroize, ZeroizeOnDrop, PartialEq, Eq, Encode, serde::Serialize)]
#[cbor(transparent)]
pub struct Drawing(#[n(0)] Vec<Stroke>);

/// A drawing that is empty, too long, or leaves the square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mark has 1 to {MARK_POINTS} points inside a square of {MARK_SIZE}")]
pub struct NotAMark;

impl Drawing {
    /// A drawing of these strokes.
    ///
    /// # Errors
    /// [`NotAMark`] if it has no point, more than [`MARK_POINTS`], an empty stroke, or one outside.
    pub fn new(strokes: Vec<Stroke>) -> Result<Self, NotAMark> {
        // Made first, so that a drawing that is refused is overwritten too.
        let drawing = Self(strokes);
        let points: usize = drawing.0.iter().map(Vec::len).sum();
        let inside = drawing.0.iter().flatten().all(|p| p.0 <= MARK_SIZE && p.1 <= MARK_SIZE);
        let whole = drawing.0.iter().all(|s| !s.is_empty());
        if (1..=MARK_POINTS).contains(&points) && inside && whole { Ok(drawing) } else { Err(NotAMark) }
    }
    /// The strokes.
    pub fn strokes(&self) -> &[Stroke] {
        &self.0
    }
}
impl<'b, C> Decode<'b, C> for Drawing {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let strokes = Vec::<Stroke>::decode(d, ctx)?;
        Self::new(strokes).map_err(|e| minicbor::decode::Error::message(e).at(at))
    }
}

/// How a person signed. A mark or a sticker is as good as a name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Drawn with a finger.
    #[n(0)]
    Drawn(#[n(0)] Drawing),
    /// A sticker, by its symbol.
    #[n(1)]
    Sticker(#[n(0)] Slug),
}

/// A translation that helped somebody understand what they signed in English.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct HelpText {
    /// Its language.
    #[n(0)]
    pub language: Language,
    /// Its exact words.
    #[n(1)]
    pub digest: Digest,
}

/// A person's mark on one version of one agreement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Signature {
    /// This signature, whoever delivers it and however often.
    #[n(0)]
    pub id: RecordId,
    /// Who signed.
    #[n(1)]
    pub person: PersonId,
    /// As what: a parent's signature never counts as the child's.
    #[n(2)]
    pub audience: Audience,
    /// The agreement.
    #[n(3)]
    pub agreement: Slug,
    /// Its version.
    #[n(4)]
    pub version: Version,
    /// Its exact words.
    #[n(5)]
    pub words: AgreementDigest,
    /// The translation shown beside it, if any.
    #[n(6)]
    pub help: Option<HelpText>,
    /// When, by the kiosk's clock.
    #[n(7)]
    pub when: Moment,
    /// The school year it counts for.
    #[n(8)]
    pub year: SchoolYear,
    /// At which kiosk.
    #[n(9)]
    pub device: DeviceId,
    /// The mark.
    #[n(10)]
    pub mark: Mark,
    /// Whether a grown-up helped.
    #[n(11)]
    pub helped: bool,
}

/// Withdraws a signature. Both stay in the register.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Undo {
    /// This undoing.
    #[n(0)]
    pub id: RecordId,
    /// The signature it withdraws.
    #[n(1)]
    pub withdraws: RecordId,
    /// Why, in the teacher's choice of fixed words.
    #[n(2)]
    pub reason: Slug,
    /// When, by the kiosk's clock.
    #[n(3)]
    pub when: Moment,
    /// At which kiosk.
    #[n(4)]
    pub device: DeviceId,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_drawing_is_overwritten_when_it_is_let_go() {
        fn overwritten<T: ZeroizeOnDrop>(_: &T) {}
        let mut drawing = Drawing::new(vec![vec![Point(3, 4), Point(5, 6)]]).unwrap();
        overwritten(&drawing);
        drawing.zeroize();
        assert!(drawing.strokes().is_empty());
    }
}
