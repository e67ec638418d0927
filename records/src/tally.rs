//! The tally of a report box: how often which answer was given to a survey, and nothing else.
//!
//! It is a part of every box, whether or not anybody was asked anything, padded to one size and sealed to the hub with
//! it at each writing. So a round that answers, one that signs and one that tells write the same to the disk. It says
//! neither who nor when: what is counted together in a box cannot be taken apart.
//!
//! ```text
//! length u16 | CBOR | zeros        = 2048 bytes, sealed by HPKE to the hub's office key (48)
//! ```

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::{
    agreement::Version,
    codec::{self, DecodeError},
    ids::Slug,
    survey::SurveyAnswers,
};

/// The size of every tally before it is sealed, in bytes.
pub const TALLY_SIZE: usize = 2048;

/// How often an answer was given.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Counted {
    /// The question.
    #[n(0)]
    pub question: Slug,
    /// The answer; none where somebody did not want to say.
    #[n(1)]
    pub answer: Option<Slug>,
    /// How often.
    #[n(2)]
    pub count: u32,
}

/// What was answered to one version of one survey.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OfSurvey {
    /// The survey.
    #[n(0)]
    pub survey: Slug,
    /// The version of its words.
    #[n(1)]
    pub version: Version,
    /// The answers that were given at least once.
    #[n(2)]
    pub counted: Vec<Counted>,
}

/// The counts of one box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Tally {
    /// The surveys that somebody answered.
    #[n(0)]
    pub surveys: Vec<OfSurvey>,
}

impl Tally {
    /// Counts what a child answered. In an order that the names decide, not the children.
    pub fn add(&mut self, given: &SurveyAnswers) {
        for (question, answer) in &given.answers {
            self.add_count(&given.survey, &given.version, question, answer.as_ref(), 1);
        }
    }

    fn add_count(
        &mut self,
        survey: &Slug,
        version: &Version,
        question: &Slug,
        answer: Option<&Slug>,
        count: u32,
    ) {
        let place = self.surveys.binary_search_by(|one| (&one.survey, &one.version).cmp(&(survey, version)));
        let place = place.unwrap_or_else(|place| {
            let new = OfSurvey { survey: survey.clone(), version: version.clone(), counted: Vec::new() };
            self.surveys.insert(place, new);
            place
        });
        let counted = &mut self.surveys[place].counted;
        let key = (question, answer);
        match counted.binary_search_by(|one| (&one.question, one.answer.as_ref()).cmp(&key)) {
            Ok(place) => counted[place].count = counted[place].count.saturating_add(count),
            Err(place) => {
                let new = Counted { question: question.clone(), answer: answer.cloned(), count };
                counted.insert(place, new);
            }
        }
    }

    /// A tally in which every one of these answers was given as often as can be counted.
    pub(crate) fn largest(
        survey: &Slug,
        version: &Version,
        answers: impl Iterator<Item = (Slug, Option<Slug>)>,
    ) -> Self {
        let mut tally = Self::default();
        for (question, answer) in answers {
            tally.add_count(survey, version, &question, answer.as_ref(), u32::MAX);
        }
        tally
    }

    /// Whether it has room in a box.
    pub fn fits(&self) -> bool {
        codec::encode(self).len() <= TALLY_SIZE - 2
    }

    /// Its bytes, padded; none where it does not fit.
    pub(crate) fn padded(&self) -> Option<Zeroizing<Vec<u8>>> {
        let encoded = codec::encode_secret(self);
        let length =
            u16::try_from(encoded.len()).ok().filter(|length| usize::from(*length) <= TALLY_SIZE - 2)?;
        let mut padded = Zeroizing::new(vec![0; TALLY_SIZE]);
        padded[..2].copy_from_slice(&length.to_be_bytes());
        padded[2..2 + encoded.len()].copy_from_slice(&encoded);
        Some(padded)
    }

    /// Reads padded bytes.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub(crate) fn from_padded(padded: &[u8]) -> Result<Self, DecodeError> {
        let short = || DecodeError::Malformed("the counts are cut off".into());
        let (length, rest) = padded.split_first_chunk::<2>().ok_or_else(short)?;
        codec::decode(rest.get(..usize::from(u16::from_be_bytes(*length))).ok_or_else(short)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn given(version: &str, feeling: Option<&str>) -> SurveyAnswers {
        SurveyAnswers {
            survey: "today".parse().unwrap(),
            version: version.parse().unwrap(),
            answers: vec![
                ("feeling".parse().unwrap(), feeling.map(|one| one.parse().unwrap())),
                ("kind".parse().unwrap(), None),
            ],
        }
    }

    #[test]
    fn the_order_in_which_children_answered_is_not_in_a_tally() {
        let children = [given("1.0", Some("sad")), given("1.1", None), given("1.0", Some("happy"))];
        let (mut forth, mut back) = (Tally::default(), Tally::default());
        children.iter().for_each(|one| forth.add(one));
        children.iter().rev().for_each(|one| back.add(one));
        assert_eq!(forth, back);
        let count =
            |tally: &Tally| tally.surveys.iter().flat_map(|one| &one.counted).map(|c| c.count).sum::<u32>();
        assert_eq!(count(&forth), 6, "three children, two questions");
    }

    #[test]
    fn a_tally_has_one_size_and_is_read_back_as_it_was() {
        let mut tally = Tally::default();
        for n in 0..300 {
            let read = Tally::from_padded(&tally.padded().unwrap()).unwrap();
            assert_eq!((read, tally.padded().unwrap().len()), (tally.clone(), TALLY_SIZE));
            tally.add(&given("1.0", (n % 3 > 0).then_some("sad")));
        }
    }

    #[test]
    fn names_too_long_for_a_tally_do_not_fit() {
        let name = |letter: &str| letter.repeat(64).parse::<Slug>().unwrap();
        let answers = |count: usize| {
            let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"];
            names.into_iter().take(count).map(move |letter| (name("z"), Some(name(letter))))
        };
        let version = "1.0".parse().unwrap();
        assert!(Tally::largest(&name("y"), &version, answers(6)).fits());
        let too_long = Tally::largest(&name("y"), &version, answers(17));
        assert!(!too_long.fits() && too_long.padded().is_none());
    }
}
