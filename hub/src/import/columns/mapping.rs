//! What the columns of one file hold: guessed, remembered, put right.

use std::collections::BTreeMap;

use records::headings::plain;

use super::{
    super::{Kind, sheet::Sheet},
    ContactField, Field, ListOf, MOST_CONTACTS, Meaning, NO_HEADINGS, is_many,
    spellings::{contact, guessed},
};

/// What the columns of a file hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What the list is of.
    pub of: ListOf,
    /// What each column holds.
    pub columns: Vec<Meaning>,
    /// Whether an empty cell under “Parental responsibility” means that there is none.
    pub blank_is_no: bool,
}

/// Columns that were given a meaning before, by the key of their heading.
pub type Remembered = BTreeMap<String, String>;

/// The key under which it is remembered whether an empty cell under “Parental responsibility” is a no.
pub(crate) const BLANK_IS_NO: &str = "(blank is no)";

/// The key of each column: its heading without what spellings differ by, and a number where it stands there again.
fn keys(headings: &[String]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let key = |heading: &String| {
        let plain = plain(heading);
        let count = seen.entry(plain.clone()).or_default();
        *count += 1;
        if *count == 1 { plain } else { format!("{plain} {count}") }
    };
    headings.iter().map(key).collect()
}

impl Mapping {
    /// The best guess for a list: what was remembered of a heading, then how it is spelt, then what stands under it.
    pub fn guess(sheet: &Sheet, of: ListOf, remembered: &Remembered) -> Self {
        let keys = keys(&sheet.headings);
        let numbered = sheet.headings.iter().any(|h| matches!(contact(&plain(h)), Some((Some(_), ..))));
        let mut best: Vec<(usize, Meaning)> = Vec::new();
        for (key, heading) in keys.iter().zip(&sheet.headings) {
            let said = remembered.get(key).and_then(|text| text.parse().ok());
            best.push(match said.filter(|meaning| of.may_hold(*meaning)) {
                Some(meaning) => (0, meaning),
                None => guessed(&plain(heading), of, numbered),
            });
        }
        // Of two columns with one meaning the better spelt counts, then the first.
        let mut order: Vec<usize> = (0..best.len()).collect();
        order.sort_by_key(|place| best[*place].0);
        let mut columns = vec![Meaning::Ignored; best.len()];
        for place in order {
            let meaning = best[place].1;
            if is_many(meaning) || !columns.contains(&meaning) {
                columns[place] = meaning;
            }
        }
        let mut mapping =
            Self { of, columns, blank_is_no: remembered.get(BLANK_IS_NO).is_some_and(|text| text == "yes") };
        mapping.look_under(sheet, &keys, remembered);
        mapping.leave_out_contacts(&keys, remembered);
        mapping
    }

    /// What the cells tell that the headings do not.
    fn look_under(&mut self, sheet: &Sheet, keys: &[String], remembered: &Remembered) {
        for (column, key) in keys.iter().enumerate() {
            if remembered.contains_key(key) {
                continue;
            }
            let samples = sheet.samples(column, 20);
            let upns = samples.iter().filter(|cell| is_upn(cell)).count();
            let takes_upn = self.of.may_hold(Meaning::Person(Field::Upn)) && self.place(Field::Upn).is_none();
            if self.columns[column] == Meaning::Ignored && takes_upn && upns > 0 && upns == samples.len() {
                self.columns[column] = Meaning::Person(Field::Upn);
            }
            let commas = samples.iter().filter(|cell| cell.contains(',')).count();
            if self.columns[column] == Meaning::Person(Field::SurnameFirst) && commas * 2 < samples.len() {
                self.columns[column] = Meaning::Person(Field::ForenameFirst);
            }
        }
    }

    /// A list of pupils that does not say who has parental responsibility brings pupils alone.
    fn leave_out_contacts(&mut self, keys: &[String], remembered: &Remembered) {
        if self.of == ListOf::Contacts {
            return;
        }
        let whole = |place: u8| {
            let has = |field| self.columns.contains(&Meaning::Contact(place, field));
            has(ContactField::Responsible)
                && (has(ContactField::Name) || has(ContactField::Surname) && has(ContactField::Forename))
        };
        let whole: Vec<u8> = (1..=MOST_CONTACTS).filter(|place| whole(*place)).collect();
        for (meaning, key) in self.columns.iter_mut().zip(keys) {
            if matches!(meaning, Meaning::Contact(place, _) if !whole.contains(place))
                && !remembered.contains_key(key)
            {
                *meaning = Meaning::Ignored;
            }
        }
    }

    /// What is to be remembered of a file with these headings.
    pub fn remembered(&self, headings: &[String]) -> Remembered {
        let mut all: Remembered =
            keys(headings).into_iter().zip(self.columns.iter().map(Meaning::to_string)).collect();
        all.insert(BLANK_IS_NO.into(), if self.blank_is_no { "yes" } else { "no" }.into());
        all
    }

    /// Whether everything about a file with these headings was said before.
    pub fn is_remembered(headings: &[String], remembered: &Remembered) -> bool {
        keys(headings).iter().all(|key| remembered.contains_key(key))
    }

    /// Where a field of the person stands.
    pub(in crate::import) fn place(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|held| *held == Meaning::Person(field))
    }

    /// Where a field of a grown-up stands.
    pub(in crate::import) fn contact_place(&self, place: u8, field: ContactField) -> Option<usize> {
        self.columns.iter().position(|held| *held == Meaning::Contact(place, field))
    }

    /// Which grown-ups stand in a line.
    pub fn contacts(&self) -> impl Iterator<Item = u8> {
        let named = |place: &u8| {
            let has = |field| self.contact_place(*place, field).is_some();
            has(ContactField::Name) || has(ContactField::Surname)
        };
        (1..=MOST_CONTACTS).filter(named)
    }

    /// What keeps these columns from being a list, one sentence each: what is missing, or said twice.
    pub fn faults(&self, headings: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        for (place, meaning) in self.columns.iter().enumerate() {
            let before = self.columns[..place].iter().position(|other| other == meaning);
            if let Some(before) = before.filter(|_| !is_many(*meaning)) {
                let name = |place: usize| headings.get(place).map_or("", String::as_str);
                faults.push(format!(
                    "the columns “{}” and “{}” are said to hold the same. Choose one of them",
                    name(before),
                    name(place)
                ));
            }
        }
        faults.extend(self.missing().into_iter().map(str::to_owned));
        faults
    }

    fn missing(&self) -> Vec<&'static str> {
        let has = |field| self.place(field).is_some();
        let named = (has(Field::Forename) || has(Field::Preferred)) && has(Field::Surname)
            || has(Field::SurnameFirst)
            || has(Field::ForenameFirst);
        let mut missing = Vec::new();
        match self.of {
            ListOf::People(kind) => {
                if !named {
                    missing.push(if has(Field::Forename) {
                        "there is no column “Surname”. Export the list with one, or say which column it is"
                    } else {
                        NO_HEADINGS
                    });
                } else if kind == Kind::Pupils && !has(Field::Upn) && !has(Field::Number) {
                    missing.push("there is no column “UPN” or “Admission Number”, so two pupils of one name could not be told apart. Export the list with one of them, or say which column it is");
                } else if kind == Kind::Pupils && !has(Field::Class) {
                    missing.push("there is no column “Class”, “Reg Group” or “Registration Form”. Export the list with one, or say which column it is");
                } else if kind == Kind::Staff && !has(Field::Number) {
                    missing.push("there is no column “Staff Code”. Export the list with one, or say which column tells two people of one name apart");
                }
            }
            ListOf::Contacts => {
                let tells = has(Field::Upn) || has(Field::Number) || named && has(Field::Class);
                if !tells {
                    missing.push("there is no column “UPN” or “Admission Number”, nor “Forename”, “Surname” and “Class”, so nobody can tell whose contacts these are. Export the list with one of them, or say which column it is");
                } else if self.contacts().next().is_none() {
                    missing.push("there is no column “Contact Name”. Export the list with one, or say which column it is");
                }
            }
        }
        let unsaid = |place: &u8| self.contact_place(*place, ContactField::Responsible).is_none();
        if missing.is_empty() && self.contacts().any(|place| unsaid(&place)) {
            missing.push("there is no column “Parental Responsibility” for each contact. Only somebody who has it may say yes for a child, so export the list with that column, or leave the contact’s columns out");
        }
        missing
    }
}

/// A letter, eleven figures, and a figure or letter.
fn is_upn(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 13
        && bytes[0].is_ascii_alphabetic()
        && bytes[1..12].iter().all(u8::is_ascii_digit)
        && bytes[12].is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(headings: &str, of: ListOf) -> Vec<String> {
        let sheet = Sheet {
            headings: headings.split(',').map(str::to_owned).collect(),
            lines: Vec::new(),
            broken: Vec::new(),
        };
        Mapping::guess(&sheet, of, &Remembered::new()).columns.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn contacts_in_the_line_of_their_pupil_are_told_apart_by_their_numbers() {
        let pupils = ListOf::People(Kind::Pupils);
        let headings = "UPN,Legal Surname,Chosen Forename,Reg,Address 1,Contact 1 Name,Contact 1 Parental Responsibility,Contact 1 Address 1,Relationship 2,Parent 2 Name,Parental Responsibility 2";
        let expected = [
            "upn",
            "surname",
            "forename",
            "class",
            "ignored",
            "contact-1-name",
            "contact-1-responsible",
            "contact-1-address",
            "contact-2-relation",
            "contact-2-name",
            "contact-2-responsible",
        ];
        assert_eq!(guess(headings, pupils), expected);
        let without = guess("UPN,Surname,Forename,Class,Contact 1 Name,Home Language", pupils);
        assert!(
            without[4..].iter().all(|meaning| meaning == "ignored"),
            "nobody says who may decide: {without:?}"
        );
        let contacts = guess("UPN,Contact Name,Parental Responsibility,Address 1,Postcode", ListOf::Contacts);
        assert_eq!(contacts[3..], ["contact-1-address", "contact-1-address"]);
    }
}
