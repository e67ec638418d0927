//! Registers: forms with entries, a cycle, a sign-off and a rule of how long.
//!
//! What a register is beyond its questions travels with the form, from the school's content to the hub's desk; kiosks
//! show none of it. Whoever may read what others wrote is named, and nobody else may.

use std::{collections::BTreeMap, fmt, str::FromStr};

use jiff::civil::DateTime;
use minicbor::{Decode, Encode};

use crate::{
    day::Day,
    form::{Form, Question, words},
    ids::Slug,
};

words! {
    /// How often somebody looks a register through and signs that they have.
    Cycle {
        /// Each week of term.
        Weekly = "weekly",
        /// Each month.
        Monthly = "monthly",
        /// By the middle and by the end of each term.
        HalfTermly = "half-termly",
        /// By the end of each term.
        Termly = "termly",
        /// Within a year.
        Yearly = "yearly",
    }
}

words! {
    /// Who works with a register at the desk.
    Party {
        /// The school office.
        Office = "office",
        /// The headteacher.
        Headteacher = "headteacher",
        /// The safeguarding lead and the deputies.
        Safeguarding = "safeguarding",
        /// Whoever looks after devices and network.
        Technician = "technician",
        /// Governors, the chair and the vice-chair among them.
        Governors = "governors",
        /// Everybody who works here, those above but the governors among them.
        Staff = "staff",
    }
}

impl Party {
    /// Whether a list that names `self` names this one.
    pub fn is_also(self, other: Self) -> bool {
        self == other || self == Self::Staff && other != Self::Governors
    }
}

/// How many hours an entry may be open.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Hours {
    /// So many.
    #[n(0)]
    pub hours: u16,
    /// The question that says from when.
    #[n(1)]
    pub from: Slug,
}

/// A form that is a register.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Register {
    /// Its questions.
    #[n(0)]
    pub form: Form,
    /// How often somebody signs it off; none where nobody does.
    #[n(1)]
    pub cycle: Option<Cycle>,
    /// Whether something has to be entered before it can be signed off: a check that nobody made is none.
    #[n(2)]
    pub entry_each_cycle: bool,
    /// Who may write entries.
    #[n(3)]
    pub write: Vec<Party>,
    /// Who reads what others wrote. Whoever may write and is not among them sees their own entries.
    #[n(4)]
    pub read: Vec<Party>,
    /// Who signs it off.
    #[n(5)]
    pub sign: Vec<Party>,
    /// Who says yes or no to what an entry asks for; nobody where entries ask for nothing.
    #[n(6)]
    pub decide: Vec<Party>,
    /// Whether its entries are about pupils. Then they are never for governors, and by themselves for the headteacher and
    /// the safeguarding lead alone.
    #[n(7)]
    pub about_pupils: bool,
    /// The question that says whom an entry is about.
    #[n(8)]
    pub person: Option<Slug>,
    /// The questions that are answered later: an entry is open until they are.
    #[n(9)]
    pub later: Vec<Slug>,
    /// The questions that say by which day something has to be done: the first of them until the first of `later` is
    /// answered, and so on; alone, where nothing is answered later.
    #[n(10)]
    pub due: Vec<Slug>,
    /// With the same answers to these, a later entry takes the place of an earlier one in what is due.
    #[n(11)]
    pub renews: Vec<Slug>,
    /// How many hours an entry may be open, and the question that says from when.
    #[n(12)]
    pub clock: Option<Hours>,
    /// Whether governors are told how many entries there are.
    #[n(13)]
    pub figures: bool,
    /// By whose answers the figures are told apart.
    #[n(14)]
    pub count: Vec<Slug>,
    /// Whether it stands on the first page of everybody who may write it.
    #[n(15)]
    pub quick: bool,
}

impl Register {
    /// A question by its name.
    pub fn question(&self, id: &Slug) -> Option<&Question> {
        self.form.questions.iter().find(|question| question.id == *id)
    }

    /// Who reads what others wrote where a register does not say it.
    pub fn usual_readers(about_pupils: bool) -> Vec<Party> {
        if about_pupils {
            vec![Party::Headteacher, Party::Safeguarding]
        } else {
            vec![Party::Office, Party::Headteacher]
        }
    }
}

/// How a day with its time is written in an answer: as browsers send it.
pub const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// An answer. It says by itself what it is: the type of its question may have changed since.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Answered {
    /// In words; a mark is the name of whoever made it.
    #[n(0)]
    Words(#[n(0)] String),
    /// One or more of the choices, by name.
    #[n(1)]
    Chosen(#[n(0)] Vec<Slug>),
    /// A day.
    #[n(2)]
    Day(#[n(0)] Day),
    /// A day and a time at the school, as in `2026-09-14T08:30`.
    #[n(3)]
    At(#[n(0)] String),
    /// Yes or no.
    #[n(4)]
    Yes(#[n(0)] bool),
}

impl Answered {
    /// The day and time that it says.
    pub fn at(&self) -> Option<DateTime> {
        match self {
            Self::At(text) => DateTime::strptime(MOMENT, text).ok(),
            _ => None,
        }
    }

    /// As people read it; choices by the words that were asked.
    pub fn in_words(&self, question: Option<&Question>) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Day(day) => day.in_words(),
            Self::At(text) => {
                self.at().map_or_else(|| text.clone(), |at| at.strftime("%-d %B %Y, %-H:%M").to_string())
            }
            Self::Yes(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
            Self::Chosen(chosen) => {
                let words = |slug: &Slug| {
                    let choice = question.and_then(|q| q.choices.iter().find(|choice| choice.id == *slug));
                    choice.map_or_else(|| slug.to_string(), |choice| choice.words.clone())
                };
                chosen.iter().map(words).collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// As a form shows it again: what a field of the page would send.
    pub fn typed(&self) -> Vec<String> {
        match self {
            Self::Words(words) => vec![words.clone()],
            Self::Day(day) => vec![day.to_string()],
            Self::At(text) => vec![text.clone()],
            Self::Yes(yes) => vec![if *yes { "yes" } else { "no" }.to_owned()],
            Self::Chosen(chosen) => chosen.iter().map(Slug::to_string).collect(),
        }
    }
}

/// Answers by their questions. What was not answered is not here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Answers(#[n(0)] pub BTreeMap<Slug, Answered>);

impl Answers {
    /// The answer to a question.
    pub fn get(&self, question: &Slug) -> Option<&Answered> {
        self.0.get(question)
    }

    /// The day that is answered to a question.
    pub fn day(&self, question: &Slug) -> Option<Day> {
        match self.get(question)? {
            Answered::Day(day) => Some(*day),
            Answered::At(_) => self.get(question)?.at().map(|at| at.date().into()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_are_all_who_work_here_and_no_governor() {
        assert!(Party::Staff.is_also(Party::Technician) && Party::Staff.is_also(Party::Office));
        assert!(!Party::Staff.is_also(Party::Governors) && !Party::Office.is_also(Party::Staff));
    }

    #[test]
    fn what_is_about_pupils_is_not_for_the_office_by_itself() {
        assert_eq!(Register::usual_readers(true), [Party::Headteacher, Party::Safeguarding]);
        assert!(Register::usual_readers(false).contains(&Party::Office));
    }
}
