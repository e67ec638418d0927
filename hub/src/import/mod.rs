//! Reading lists of people as management information systems export them.
//!
//! 1. [`text`]: bytes to text, whatever the encoding.
//! 2. [`table`]: text to a heading and numbered lines.
//! 3. [`columns`]: which column is which, in many spellings.
//! 4. [`rows`]: lines to people; every bad line is named, and one bad line refuses the whole file.
//! 5. [`contacts`]: a list of who has parental responsibility for which pupil.
//! 6. [`households`]: who lives together and decides for the same children.
//! 7. [`languages`]: what languages are called.
//! 8. [`naming`] and [`tiles`]: what is written and drawn on a person's tile at the kiosk.

use std::{fmt, str::FromStr};

pub mod columns;
pub mod contacts;
pub mod households;
pub mod languages;
pub mod naming;
pub mod rows;
pub mod table;
pub mod text;
pub mod tiles;

/// Whom a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Pupils, by class.
    Pupils,
    /// Staff and volunteers.
    Staff,
    /// Governors.
    Governors,
}

impl Kind {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pupils => "pupil",
            Self::Staff => "staff",
            Self::Governors => "governor",
        }
    }
}
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pupils => "pupils",
            Self::Staff => "staff",
            Self::Governors => "governors",
        })
    }
}
impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "pupil" | "pupils" => Ok(Self::Pupils),
            "staff" => Ok(Self::Staff),
            "governor" | "governors" => Ok(Self::Governors),
            other => Err(format!("“{other}” is no kind of list: use pupils, staff or governors")),
        }
    }
}

/// One person as a list has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The line of the file.
    pub line: u64,
    /// The unique pupil number.
    pub upn: Option<String>,
    /// The admission number, staff code, or what else tells two apart.
    pub number: Option<String>,
    /// The name they are called by.
    pub forename: String,
    /// Their surname.
    pub surname: String,
    /// A member of staff's work.
    pub role: Option<String>,
    /// The year group: 0 is Reception, less than 0 Nursery.
    pub year: Option<i8>,
    /// A pupil's class.
    pub class: Option<String>,
}

/// A list that was read without a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFile {
    /// Whom it is of.
    pub kind: Kind,
    /// The people, in the file's order.
    pub people: Vec<Listed>,
}

/// What is wrong with a line, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl LineProblem {
    /// A problem of a line.
    pub fn new(line: u64, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}
impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// Reads a list. Where `kind` is not given it is told from the headings.
///
/// # Errors
/// Every problem of the file, in its order.
pub fn read(bytes: &[u8], kind: Option<Kind>) -> Result<RosterFile, Vec<LineProblem>> {
    let text = text::decode(bytes);
    let (table, columns) = table::read(&text, kind)?;
    rows::people(&table, &columns)
}
