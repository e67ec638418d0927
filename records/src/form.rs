//! Forms: what a school asks, and the digest that names the exact words of what was asked.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

use crate::{agreement::Version, codec, consent::Said, day::Day, digest::Digest, ids::Slug};

/// A word in content that is none of those that may stand there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is none of the words that may stand here")]
pub struct UnknownWord(String);

impl UnknownWord {
    /// Of what was written, as much as a message needs.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.chars().take(40).collect())
    }
}

/// An enum whose variants are written as words in content.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $word)] $variant,)+
        }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// As written in content.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(self.as_str())?;
                Ok(())
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let at = d.position();
                d.str()?.parse().map_err(|e| minicbor::decode::Error::message(e).at(at))
            }
        }
        impl FromStr for $name {
            type Err = $crate::form::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                known.ok_or_else(|| $crate::form::UnknownWord::of(text))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a form is for.
    FormKind {
        /// May the school do something: yes or no for each purpose.
        Consent = "consent",
        /// Somebody saw or heard something.
        Report = "report",
        /// What people think, without their names.
        Survey = "survey",
        /// What somebody who works here knows and still wants to learn.
        SelfAudit = "self-audit",
        /// Somebody asks for something that another decides.
        Request = "request",
        /// Something that happened is written down.
        Log = "log",
    }
}

words! {
    /// Who fills a form in.
    FormAudience {
        /// Parents and carers.
        Parent = "parent",
        /// Pupils.
        Pupil = "pupil",
        /// Staff and volunteers.
        Staff = "staff",
        /// Governors.
        Governor = "governor",
        /// Visitors.
        Visitor = "visitor",
        /// Clubs and others who use the building.
        Community = "community",
        /// Anybody.
        Anyone = "anyone",
    }
}

words! {
    /// How a question is answered.
    QuestionType {
        /// One of the choices.
        Choice = "choice",
        /// Any of the choices, or none.
        Several = "several",
        /// In words.
        Text = "text",
        /// A day.
        Date = "date",
        /// A day and a time of day.
        Moment = "moment",
        /// Yes or no, both alike.
        YesNo = "yes-no",
        /// A signature or a mark.
        Mark = "mark",
    }
}

/// How long the answers are kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Retention {
    /// In words, as the person who fills it in reads them.
    #[n(0)]
    pub words: String,
    /// In days after the form was filled in, where that can be counted.
    #[n(1)]
    pub days: Option<u32>,
}

/// What the law says to a form, and where that is written.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct LegalNote {
    /// The rule in plain words.
    #[n(0)]
    pub words: String,
    /// Where it is written.
    #[n(1)]
    pub source: String,
    /// Its address.
    #[n(2)]
    pub url: Option<String>,
    /// When somebody last read the text in force; none while nobody did.
    #[n(3)]
    pub checked: Option<Day>,
}

/// What consent is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Purpose {
    /// Its name in decisions, which stays the same for good.
    #[n(0)]
    pub id: Slug,
    /// The use, as asked.
    #[n(1)]
    pub words: String,
    /// What a yes means in practice.
    #[n(2)]
    pub meaning: String,
    /// For how long.
    #[n(3)]
    pub how_long: String,
    /// Who then holds it.
    #[n(4)]
    pub who_holds: String,
    /// Its picture.
    #[n(5)]
    pub symbol: Option<Slug>,
    /// Another use of the form without which a yes to this one counts for nothing: a picture with the name for one without.
    #[n(6)]
    pub needs: Option<Slug>,
}

/// One of the answers that a question offers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Choice {
    /// Its name in records.
    #[n(0)]
    pub id: Slug,
    /// The answer.
    #[n(1)]
    pub words: String,
    /// Its picture.
    #[n(2)]
    pub symbol: Option<Slug>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Question {
    /// Its name in records.
    #[n(0)]
    pub id: Slug,
    /// The question.
    #[n(1)]
    pub words: String,
    /// A sentence of help.
    #[n(2)]
    pub help: Option<String>,
    /// How it is answered.
    #[serde(rename = "type")]
    #[n(3)]
    pub answer: QuestionType,
    /// The answers to choose from; empty where there are none.
    #[n(4)]
    pub choices: Vec<Choice>,
    /// Whether the form is of no use without an answer.
    #[n(5)]
    pub required: bool,
    /// On a form of consent: the answer by which the child says no to every use of it, whatever the grown-ups said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(6)]
    pub refused_by: Option<Slug>,
}

impl Question {
    /// Whether this answer is the child's own no.
    pub fn is_refused_by(&self, choice: &Slug) -> bool {
        self.refused_by.as_ref() == Some(choice)
    }
}

/// A form: one version of its words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Form {
    /// Its name in addresses and records.
    #[n(0)]
    pub id: Slug,
    /// Its heading.
    #[n(1)]
    pub title: String,
    /// What it is for.
    #[n(2)]
    pub kind: FormKind,
    /// The version of its words.
    #[n(3)]
    pub version: Version,
    /// One or two sentences under the heading.
    #[n(4)]
    pub summary: String,
    /// Words before the first question, a paragraph each.
    #[n(5)]
    pub intro: Vec<String>,
    /// Who fills it in.
    #[n(6)]
    pub audience: FormAudience,
    /// How long the answers are kept.
    #[n(7)]
    pub retention: Option<Retention>,
    /// What the law says.
    #[n(8)]
    pub legal: Vec<LegalNote>,
    /// What consent is asked for, each apart.
    #[n(9)]
    pub purposes: Vec<Purpose>,
    /// The questions.
    #[n(10)]
    pub questions: Vec<Question>,
    /// How to take back what was said.
    #[n(11)]
    pub withdraw: Option<String>,
    /// Lines to sign on at the end, a label each.
    #[n(12)]
    pub sign_off: Vec<String>,
    /// Whether a yes holds for the school year it was given in, and is asked for again in the next.
    #[n(13)]
    pub every_year: bool,
}

impl Form {
    /// Whether something that was answered beside the uses is the child's own no to all of them.
    pub fn is_refused(&self, said: &[Said]) -> bool {
        let asked = |one: &Said| self.questions.iter().find(|question| question.id == one.question);
        said.iter().any(|one| asked(one).is_some_and(|question| question.is_refused_by(&one.choice)))
    }

    /// The digest of every word that the person who fills it in reads: title, introduction, purposes with
    /// their meanings, questions, choices and how to withdraw, in order. Names, pictures, version, law,
    /// summary and what an answer brings about are not among them.
    pub fn digest(&self) -> Digest {
        let purposes: Vec<_> =
            self.purposes.iter().map(|p| (&p.words, &p.meaning, &p.how_long, &p.who_holds)).collect();
        let questions: Vec<_> = self
            .questions
            .iter()
            .map(|q| (&q.words, &q.help, q.choices.iter().map(|c| &c.words).collect::<Vec<_>>()))
            .collect();
        let words = (&self.title, &self.intro, purposes, questions, &self.withdraw);
        Digest::of_kind("signpost form words 1", &codec::encode(&words))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn form() -> Form {
        Form {
            id: "images".parse().unwrap(),
            title: "Pictures of your child".to_owned(),
            kind: FormKind::Consent,
            version: "1.0".parse().unwrap(),
            summary: "For each use, yes or no.".to_owned(),
            intro: vec!["We ask before we use a picture.".to_owned()],
            audience: FormAudience::Parent,
            retention: None,
            legal: Vec::new(),
            purposes: vec![Purpose {
                id: "website".parse().unwrap(),
                words: "The school’s website".to_owned(),
                meaning: "Anybody can see it.".to_owned(),
                how_long: "Until your child leaves.".to_owned(),
                who_holds: "The school.".to_owned(),
                symbol: None,
                needs: None,
            }],
            questions: Vec::new(),
            withdraw: Some("Tell the office.".to_owned()),
            sign_off: vec!["Signed".to_owned()],
            every_year: false,
        }
    }

    #[test]
    fn a_changed_meaning_is_another_form_to_have_signed_and_a_changed_picture_is_not() {
        let before = form().digest();
        let mut meaning = form();
        meaning.purposes[0].meaning.push_str(" For ever.");
        assert_ne!(meaning.digest(), before);
        let mut picture = form();
        picture.purposes[0].symbol = Some("school-camera".parse().unwrap());
        assert_eq!(picture.digest(), before);
    }

    #[test]
    fn what_an_answer_brings_about_leaves_the_words_the_same_and_older_questions_readable() {
        let asked = Question {
            id: "child".parse().unwrap(),
            words: "Does your child say no?".to_owned(),
            help: None,
            answer: QuestionType::YesNo,
            choices: Vec::new(),
            required: true,
            refused_by: None,
        };
        let refused = Question { refused_by: Some("yes".parse().unwrap()), ..asked.clone() };
        assert_eq!(codec::decode::<Question>(&codec::encode(&asked)).unwrap(), asked);
        assert_eq!(codec::decode::<Question>(&codec::encode(&refused)).unwrap(), refused);
        let with = |question: Question| Form { questions: vec![question], ..form() };
        assert_eq!(with(asked.clone()).digest(), with(refused.clone()).digest());
        let said = |choice: &str| Said { question: asked.id.clone(), choice: choice.parse().unwrap() };
        assert!(with(refused.clone()).is_refused(&[said("yes")]));
        assert!(!with(refused).is_refused(&[said("no")]) && !with(asked.clone()).is_refused(&[said("yes")]));
    }

    #[test]
    fn a_word_in_content_is_read_as_it_is_written() {
        for kind in FormKind::ALL {
            assert_eq!(kind.as_str().parse::<FormKind>().as_ref(), Ok(kind));
        }
        assert!("audit".parse::<FormKind>().is_err());
    }
}
