//! Surveys that touchscreens ask pupils: a few questions in pictures, no words typed, no name. The daily “How was it
//! today?” and a yearly vote on the wording of a promise are the same thing, shown at other times.
//!
//! What children answer is kept as a [`crate::tally`] alone.

use minicbor::{Decode, Encode};
use zeroize::Zeroize as _;

use crate::{agreement::Version, day::Day, ids::Slug, tally};

/// The most questions that a survey asks: a round takes less than a minute.
pub const QUESTIONS_MAX: usize = 3;

/// When a survey is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub enum Shown {
    /// Every day.
    #[n(0)]
    Daily,
    /// On these days and those between them.
    #[n(1)]
    Between {
        /// The first day.
        #[n(0)]
        from: Day,
        /// The last day.
        #[n(1)]
        until: Day,
    },
}

impl Shown {
    /// Whether it is shown on a day.
    pub fn holds(self, day: Day) -> bool {
        match self {
            Self::Daily => true,
            Self::Between { from, until } => (from..=until).contains(&day),
        }
    }
}

/// One answer: a picture, and the words to it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct SurveyChoice {
    /// Its name in tallies.
    #[n(0)]
    pub id: Slug,
    /// The words.
    #[n(1)]
    pub words: String,
    /// The picture, by the symbol's name.
    #[n(2)]
    pub symbol: Slug,
    /// Whether whoever answers so is told at the end that they can tell somebody.
    #[n(3)]
    pub may_tell: bool,
}

/// One question, on a screen of its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct SurveyQuestion {
    /// Its name in tallies.
    #[n(0)]
    pub id: Slug,
    /// The question.
    #[n(1)]
    pub words: String,
    /// The answers, at most [`crate::tell::CHOICES_MAX`]; shown in another order to each child.
    #[n(2)]
    pub choices: Vec<SurveyChoice>,
}

/// A survey: one version of its words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Survey {
    /// Its form's name.
    #[n(0)]
    pub id: Slug,
    /// The version of its words: answers are counted for each apart.
    #[n(1)]
    pub version: Version,
    /// What the start screen calls it.
    #[n(2)]
    pub title: String,
    /// Its picture there.
    #[n(3)]
    pub symbol: Slug,
    /// When it is shown.
    #[n(4)]
    pub shown: Shown,
    /// What becomes of the answers, a sentence each, before the first question.
    #[n(5)]
    pub intro: Vec<String>,
    /// The questions, at most [`QUESTIONS_MAX`].
    #[n(6)]
    pub questions: Vec<SurveyQuestion>,
}

impl Survey {
    /// Whether a tally has room for all that children can answer to it, however often. One that has not is not asked.
    pub fn can_be_counted(&self) -> bool {
        let each = self.questions.iter().flat_map(|question| {
            let answers = question.choices.iter().map(|choice| Some(choice.id.clone())).chain([None]);
            answers.map(|answer| (question.id.clone(), answer))
        });
        tally::Tally::largest(&self.id, &self.version, each).fits()
    }
}

/// What one child answered, on its way into the tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyAnswers {
    /// The survey.
    pub survey: Slug,
    /// The version of its words.
    pub version: Version,
    /// Each question with its answer; none where the child did not want to say.
    pub answers: Vec<(Slug, Option<Slug>)>,
}

/// What a child chose is overwritten in memory when it is let go.
impl Drop for SurveyAnswers {
    fn drop(&mut self) {
        for (_, answer) in &mut self.answers {
            answer.zeroize();
        }
    }
}
