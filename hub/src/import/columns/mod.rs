//! What each column of a list holds: guessed from headings and from what stands under them, then put right by
//! whoever brings the list. Systems and schools spell headings in many ways; capitals, spaces and punctuation do
//! not count.
//!
//! [`spellings`] holds what headings are called, [`mapping`] what the columns of one file hold.

use std::{fmt, str::FromStr};

use super::Kind;

pub(crate) use mapping::BLANK_IS_NO;
pub use mapping::{Mapping, Remembered};
pub(super) use spellings::{kind_of, known};

mod mapping;
mod spellings;

/// So many grown-ups may stand in one line with their pupil.
pub const MOST_CONTACTS: u8 = 6;

/// What is said of a file that has no headings.
pub(super) const NO_HEADINGS: &str = "there are no headings such as Forename, Surname, UPN, Year Group and Class. Export the list with its headings in the first line";

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListOf {
    /// People; with pupils may stand those who decide for them.
    People(Kind),
    /// Pupils' contacts.
    Contacts,
}

impl fmt::Display for ListOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::People(kind) => kind.fmt(f),
            Self::Contacts => f.write_str("contacts"),
        }
    }
}
impl FromStr for ListOf {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "contacts" { Ok(Self::Contacts) } else { text.parse().map(Self::People) }
    }
}

/// What a column says of the person whose line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// First names.
    Forename,
    /// The name they are called by.
    Preferred,
    /// The surname.
    Surname,
    /// The surname they are called by.
    PreferredSurname,
    /// “Surname, Forename”.
    SurnameFirst,
    /// “Forename Surname”: the last word is the surname.
    ForenameFirst,
    /// The unique pupil number.
    Upn,
    /// The admission number or staff code.
    Number,
    /// The year group.
    Year,
    /// The class.
    Class,
    /// A grown-up's work.
    Role,
    /// The day they start, or started.
    Starts,
    /// The day they leave, or left.
    Leaves,
}

/// What a column says of a grown-up in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContactField {
    /// What tells them from others of the name.
    Number,
    /// The whole name.
    Name,
    /// Mr, Mrs, Dr.
    Title,
    /// First names.
    Forename,
    /// The surname.
    Surname,
    /// Who stands after “Dear”.
    Salutation,
    /// What they are to the pupil.
    Relation,
    /// Whether they have parental responsibility.
    Responsible,
    /// A part of the address.
    Address,
    /// The language at home.
    Language,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// Nothing that is taken.
    Ignored,
    /// Something of the person whose line it is.
    Person(Field),
    /// Something of a grown-up in the line: of which, counted from 1.
    Contact(u8, ContactField),
}

const FIELDS: &[(Field, &str, &str)] = &[
    (Field::Forename, "forename", "Forename"),
    (Field::Preferred, "preferred", "Preferred forename"),
    (Field::Surname, "surname", "Surname"),
    (Field::PreferredSurname, "preferred-surname", "Preferred surname"),
    (Field::SurnameFirst, "surname-first", "Whole name: Surname, Forename"),
    (Field::ForenameFirst, "forename-first", "Whole name: Forename Surname"),
    (Field::Upn, "upn", "UPN"),
    (Field::Number, "number", "Admission number or code"),
    (Field::Year, "year", "Year group"),
    (Field::Class, "class", "Class or registration group"),
    (Field::Role, "role", "Job or role"),
    (Field::Starts, "starts", "Starts on"),
    (Field::Leaves, "leaves", "Leaves or left on"),
];

const CONTACT_FIELDS: &[(ContactField, &str, &str)] = &[
    (ContactField::Name, "name", "whole name"),
    (ContactField::Title, "title", "title"),
    (ContactField::Forename, "forename", "forename"),
    (ContactField::Surname, "surname", "surname"),
    (ContactField::Responsible, "responsible", "parental responsibility"),
    (ContactField::Relation, "relation", "relationship"),
    (ContactField::Salutation, "salutation", "salutation (Dear …)"),
    (ContactField::Address, "address", "part of the address"),
    (ContactField::Language, "language", "home language"),
    (ContactField::Number, "number", "number of the contact"),
];

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored => f.write_str("ignored"),
            Self::Person(field) => {
                FIELDS.iter().filter(|one| one.0 == *field).try_for_each(|one| f.write_str(one.1))
            }
            Self::Contact(place, field) => {
                let mut named = CONTACT_FIELDS.iter().filter(|one| one.0 == *field);
                named.try_for_each(|one| write!(f, "contact-{place}-{}", one.1))
            }
        }
    }
}
impl FromStr for Meaning {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let of_contact = || {
            let (place, name) = text.strip_prefix("contact-")?.split_once('-')?;
            let place = place.parse().ok().filter(|place| (1..=MOST_CONTACTS).contains(place))?;
            CONTACT_FIELDS.iter().find(|one| one.1 == name).map(|one| Self::Contact(place, one.0))
        };
        let of_person = || FIELDS.iter().find(|one| one.1 == text).map(|one| Self::Person(one.0));
        let ignored = (text == "ignored").then_some(Self::Ignored);
        let found = ignored.or_else(of_person).or_else(of_contact);
        found.ok_or_else(|| format!("“{text}” is no meaning of a column"))
    }
}

impl ListOf {
    /// What a column of such a list may say of the person of its line, with what that is called.
    pub fn fields(self) -> impl Iterator<Item = (Meaning, &'static str)> {
        let may = move |field: Field| match (self, field) {
            (_, Field::Forename | Field::Preferred | Field::Surname | Field::PreferredSurname)
            | (_, Field::SurnameFirst | Field::ForenameFirst | Field::Number) => true,
            (Self::People(Kind::Pupils) | Self::Contacts, Field::Upn | Field::Class) => true,
            (Self::People(Kind::Pupils), Field::Year) => true,
            (Self::People(kind), Field::Role) => kind != Kind::Pupils,
            (Self::People(_), Field::Starts | Field::Leaves) => true,
            _ => false,
        };
        let all = FIELDS.iter().filter(move |one| may(one.0));
        all.map(|(field, _, words)| (Meaning::Person(*field), *words))
    }

    /// What it may say of a grown-up; nothing where none stand in such a list.
    pub fn contact_fields(self) -> &'static [(ContactField, &'static str, &'static str)] {
        if self.has_contacts() { CONTACT_FIELDS } else { &[] }
    }

    const fn has_contacts(self) -> bool {
        matches!(self, Self::Contacts | Self::People(Kind::Pupils))
    }

    /// Whether a column of such a list may have this meaning.
    pub fn may_hold(self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::Ignored => true,
            Meaning::Person(_) => self.fields().any(|(field, _)| field == meaning),
            Meaning::Contact(..) => self.has_contacts(),
        }
    }
}

/// Whether several columns may have this meaning.
const fn is_many(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Ignored | Meaning::Contact(_, ContactField::Address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_is_read_back_as_it_is_written() {
        let people = FIELDS.iter().map(|one| Meaning::Person(one.0));
        let contacts = CONTACT_FIELDS.iter().map(|one| Meaning::Contact(3, one.0));
        for meaning in people.chain(contacts).chain([Meaning::Ignored]) {
            assert_eq!(meaning.to_string().parse(), Ok(meaning));
        }
        for text in ["", "contact-0-name", "contact-7-name", "contact-1-", "upn "] {
            assert!(text.parse::<Meaning>().is_err(), "{text}");
        }
    }
}
