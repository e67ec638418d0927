//! Reading lists of people as management information systems export them.
//!
//! 1. [`text`]: bytes to text, whatever the encoding.
//! 2. [`sheet`]: text to headings and numbered lines, whatever stands between the cells.
//! 3. [`columns`]: which column is which, in many spellings, as remembered, or as somebody says.
//! 4. [`rows`] and [`dates`]: lines to people; every bad line is named, and one bad line refuses the whole file.
//! 5. [`contacts`]: who has parental responsibility for which pupil.
//! 6. [`households`]: who lives together and decides for the same children.
//! 7. [`languages`]: what languages are called.
//! 8. [`naming`] and [`tiles`]: what is written and drawn on a person's tile at the kiosk.

use std::{fmt, str::FromStr};

use records::day::Day;

use self::{
    columns::{ListOf, Mapping, Remembered},
    contacts::ContactList,
    sheet::Sheet,
};

pub mod columns;
pub mod contacts;
pub mod dates;
pub mod households;
pub mod languages;
pub mod naming;
pub mod rows;
pub mod sheet;
pub mod text;
pub mod tiles;

/// Whom a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Pupils, by class.
    Pupils,
    /// Staff, and volunteers who stand on their list.
    Staff,
    /// Volunteers, where they have a list of their own.
    Volunteers,
    /// Governors.
    Governors,
}

impl Kind {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pupils => "pupil",
            Self::Staff => "staff",
            Self::Volunteers => "volunteer",
            Self::Governors => "governor",
        }
    }
}
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pupils => "pupils",
            Self::Staff => "staff",
            Self::Volunteers => "volunteers",
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
            "volunteer" | "volunteers" => Ok(Self::Volunteers),
            "governor" | "governors" => Ok(Self::Governors),
            other => Err(format!("“{other}” is no kind of list: use pupils, staff, volunteers or governors")),
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
    /// How many lines say again what an earlier one says.
    pub repeated: usize,
    /// Names of those who have left, by the file's own dates.
    pub gone: Vec<String>,
    /// Names of those who have yet to come.
    pub to_come: Vec<String>,
    /// The lines of both.
    pub out: Vec<u64>,
}

/// Everything that a file brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// People, unless the list is of contacts.
    pub people: Option<RosterFile>,
    /// Contacts, where it has any.
    pub contacts: Option<ContactList>,
}

/// What is wrong with a line, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// The line, counted from 1.
    pub line: u64,
    /// The heading of the column, where it is about one.
    pub column: Option<String>,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl LineProblem {
    /// A problem of a line.
    pub fn new(line: u64, message: impl Into<String>) -> Self {
        Self { line, column: None, message: message.into() }
    }

    /// The same, of the column with this heading.
    #[must_use]
    pub fn under(self, heading: Option<&String>) -> Self {
        Self { column: heading.filter(|heading| !heading.is_empty()).cloned(), ..self }
    }
}
impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, column “{column}”: {}", self.line, self.message),
            None => write!(f, "line {}: {}", self.line, self.message),
        }
    }
}

/// Reads a list by its headings alone, as it is on a day; without a day nobody is taken to have left. Where `kind` is
/// not given it is told from the headings.
///
/// # Errors
/// Every problem of the file, in its order.
pub fn read_on(bytes: &[u8], kind: Option<Kind>, today: Option<Day>) -> Result<RosterFile, Vec<LineProblem>> {
    let sheet = Sheet::read(bytes).map_err(|problem| vec![problem])?;
    let faults_of = |kind| {
        let mapping = Mapping::guess(&sheet, ListOf::People(kind), &Remembered::new());
        let faults = mapping.faults(&sheet.headings);
        (mapping, faults)
    };
    let Some(kind) = kind.or_else(|| columns::kind_of(&sheet.headings)) else {
        let (_, faults) = faults_of(Kind::Governors);
        let unsaid = "the headings do not show whether these are pupils, staff or governors. Say so with --kind pupils, --kind staff, --kind volunteers or --kind governors";
        let fault = faults.into_iter().next().unwrap_or_else(|| unsaid.to_owned());
        return Err(vec![LineProblem::new(1, fault)]);
    };
    let (mapping, faults) = faults_of(kind);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(|fault| LineProblem::new(1, fault)).collect());
    }
    rows::people(&sheet, &mapping, kind, today)
}

/// The same, whatever the day.
///
/// # Errors
/// Every problem of the file, in its order.
pub fn read(bytes: &[u8], kind: Option<Kind>) -> Result<RosterFile, Vec<LineProblem>> {
    read_on(bytes, kind, None)
}

/// All that a file brings with these columns, as it is on a day.
///
/// # Errors
/// Every problem of the file, by line.
pub fn lists(sheet: &Sheet, mapping: &Mapping, today: Day) -> Result<Lists, Vec<LineProblem>> {
    let faults = mapping.faults(&sheet.headings);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(|fault| LineProblem::new(1, fault)).collect());
    }
    let ListOf::People(kind) = mapping.of else {
        return Ok(Lists { people: None, contacts: Some(contacts::of(sheet, mapping, &[])?) });
    };
    let people = rows::people(sheet, mapping, kind, Some(today));
    if mapping.contacts().next().is_none() {
        return Ok(Lists { people: Some(people?), contacts: None });
    }
    let out = people.as_ref().map(|people| people.out.clone()).unwrap_or_default();
    match (people, contacts::of(sheet, mapping, &out)) {
        (Ok(people), Ok(contacts)) => Ok(Lists { people: Some(people), contacts: Some(contacts) }),
        (people, contacts) => {
            let mut problems: Vec<LineProblem> = Vec::new();
            for problem in people.err().into_iter().chain(contacts.err()).flatten() {
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
            problems.sort_by_key(|problem| problem.line);
            Err(problems)
        }
    }
}
