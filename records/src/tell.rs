//! What a kiosk asks a child who did not like something: the questions, their pictures, whom they lead to.

use minicbor::{Decode, Encode};

use crate::{agreement::Version, ids::Slug, report::Route};

/// The most answers that a question offers: more than six a child of five does not look over.
pub const CHOICES_MAX: usize = 6;

/// What a question asks for; a report has a place for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// How do you feel?
    #[n(0)]
    Feeling,
    /// What happened?
    #[n(1)]
    Happened,
    /// Where?
    #[n(2)]
    Place,
    /// Who was it about? Its answer decides the route.
    #[n(3)]
    About,
    /// Shall someone talk with you?
    #[n(4)]
    Talk,
}

impl Asked {
    /// All of them, in the order in which a child is asked.
    pub const ALL: [Self; 5] = [Self::Feeling, Self::Happened, Self::Place, Self::About, Self::Talk];
    /// The name of the question in content.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feeling => "feeling",
            Self::Happened => "happened",
            Self::Place => "place",
            Self::About => "about",
            Self::Talk => "talk",
        }
    }
}

/// What an answer leads to, besides being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub enum Leads {
    /// The report goes another way than to the safeguarding lead.
    #[n(0)]
    To(#[n(0)] Route),
    /// The child is asked for a name.
    #[n(1)]
    ToTalk,
}

/// One answer: a picture, and the words to it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct TellChoice {
    /// Its name in reports, which stays the same for good.
    #[n(0)]
    pub id: Slug,
    /// The words.
    #[n(1)]
    pub words: String,
    /// The picture, by the symbol's name.
    #[n(2)]
    pub symbol: Slug,
    /// What it leads to.
    #[n(3)]
    pub leads: Option<Leads>,
}

/// One question, on a screen of its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct TellQuestion {
    /// What it asks for.
    #[n(0)]
    pub asked: Asked,
    /// The question.
    #[n(1)]
    pub words: String,
    /// The answers, at most [`CHOICES_MAX`]; shown in another order to each child.
    #[n(2)]
    pub choices: Vec<TellChoice>,
}

/// All that a kiosk asks, and what it says before it asks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Tell {
    /// The version of its words.
    #[n(0)]
    pub version: Version,
    /// Who reads it, when, and what follows: a sentence each.
    #[n(1)]
    pub intro: Vec<String>,
    /// The questions, in the order of [`Asked::ALL`].
    #[n(2)]
    pub questions: Vec<TellQuestion>,
}

impl Tell {
    /// The answer to a question by its name.
    pub fn choice(&self, asked: Asked, id: &Slug) -> Option<&TellChoice> {
        let question = self.questions.iter().find(|q| q.asked == asked)?;
        question.choices.iter().find(|c| c.id == *id)
    }
}
