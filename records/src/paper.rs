//! What the hub has printed about one person: made there, printed by `signpost paper`.

use minicbor::{Decode, Encode};

use crate::{
    codec,
    colours::SchoolColours,
    container::{Container, ContainerError, Kind, Part},
    day::{Day, Moment},
    language::Language,
    signature::Mark,
};

/// Something that is known, with what it is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PaperFact {
    /// What it is: “Class”.
    #[n(0)]
    pub label: String,
    /// What is known.
    #[n(1)]
    pub value: String,
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Says {
    /// A paragraph.
    #[n(0)]
    Words(#[n(0)] String),
    /// What is known, a line each.
    #[n(1)]
    Facts(#[n(0)] Vec<PaperFact>),
    /// Something that was done, with what is known of it.
    #[n(2)]
    Entry {
        /// What.
        #[n(0)]
        title: String,
        /// The mark beside it.
        #[n(1)]
        mark: Option<Mark>,
        /// What is known of it.
        #[n(2)]
        facts: Vec<PaperFact>,
    },
    /// Where somebody signs that they have it.
    #[n(3)]
    Signing {
        /// What is signed.
        #[n(0)]
        title: String,
        /// What signing says.
        #[n(1)]
        says: String,
        /// Lines to write on, by their labels.
        #[n(2)]
        lines: Vec<String>,
    },
    /// Characters to be typed at the desk, in groups that are numbered from 1.
    #[n(4)]
    Groups(#[n(0)] Vec<String>),
    /// What follows begins on a new sheet.
    #[n(5)]
    NewSheet,
}

/// A part with its heading.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PaperPart {
    /// The heading.
    #[n(0)]
    pub title: String,
    /// What stands under it.
    #[n(1)]
    pub says: Vec<Says>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Paper {
    /// The school's name.
    #[n(0)]
    pub school: String,
    /// The language of its words.
    #[n(1)]
    pub language: Language,
    /// What stands over the title.
    #[n(2)]
    pub kind: String,
    /// The title.
    #[n(3)]
    pub title: String,
    /// What stands under it.
    #[n(4)]
    pub summary: String,
    /// How it is to be handled: at its head and at the foot of each sheet.
    #[n(5)]
    pub label: String,
    /// The day on which it was made.
    #[n(6)]
    pub day: Day,
    /// The parts.
    #[n(7)]
    pub parts: Vec<PaperPart>,
    /// The school's own colours; none where it states none.
    #[n(8)]
    pub colours: Option<SchoolColours>,
}

impl Paper {
    /// The file. It is not signed: nothing is taken from it but a print. A digest guards it against damage.
    pub fn write(&self, made: Moment) -> Vec<u8> {
        Container::draft(Kind::Paper, made, &[Part::new("paper", codec::encode(self))])
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`ContainerError`] if it is damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ContainerError> {
        Ok(codec::decode(Container::open_draft(Kind::Paper, bytes)?.part("paper")?)?)
    }
}
