//! What a kiosk asks a child who did not like something: the questions, their pictures, whom they lead to.

use minicbor::{Decode, Encode};

use crate::{agreement::Version, answer::SentenceName, ids::Slug, report::Route};

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

/// A sentence that a child can be answered with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct TellAnswer {
    /// Its name, which stays the same for good.
    #[n(0)]
    pub id: Slug,
    /// The sentence.
    #[n(1)]
    pub words: String,
}

/// All that a kiosk asks, what it says before it asks, and what it may answer later.
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
    /// The sentences that a child can be answered with, at most [`crate::answer::SENTENCES_MAX`], the most usual one first;
    /// none where children are not answered here.
    #[n(3)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub answers: Vec<TellAnswer>,
}

impl Tell {
    /// The answer to a question by its name.
    pub fn choice(&self, asked: Asked, id: &Slug) -> Option<&TellChoice> {
        let question = self.questions.iter().find(|q| q.asked == asked)?;
        question.choices.iter().find(|c| c.id == *id)
    }
    /// Which way a report about a grown-up at school goes: another where the headteacher is the safeguarding lead too, for
    /// then it must not come to the headteacher. The answers decide, so kiosks of any age do right.
    pub fn about_grown_ups(&self) -> Route {
        let about = self.questions.iter().filter(|question| question.asked == Asked::About);
        let leads: Vec<_> =
            about.flat_map(|question| &question.choices).filter_map(|one| one.leads).collect();
        let is_there = |route| leads.contains(&Leads::To(route));
        if is_there(Route::AboutHeadteacher) && !is_there(Route::AboutGrownUp) {
            Route::AboutHeadteacher
        } else {
            Route::AboutGrownUp
        }
    }
    /// The sentence of this name.
    pub fn sentence(&self, name: SentenceName) -> Option<&TellAnswer> {
        self.answers.iter().find(|answer| SentenceName::of(&answer.id) == name)
    }
}
