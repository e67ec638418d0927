//! Pupils' contacts, as management information systems export them: a line for each pupil and grown-up, or several
//! grown-ups in the line of their pupil, with whether each has parental responsibility. Only those who have are taken.

use records::headings::plain;

use super::{
    LineProblem,
    columns::{ContactField, Field, ListOf, Mapping, Meaning, Remembered},
    rows,
    sheet::{Line, Sheet, tidy},
};

/// The longest name, address or relation that is taken, in letters.
const LONGEST: usize = 120;

/// How a line names its pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By unique pupil number.
    Upn(String),
    /// By admission number.
    Number(String),
    /// By name and class.
    Name {
        /// The name they are called by, or their legal one.
        forename: String,
        /// Their surname.
        surname: String,
        /// Their class.
        class: String,
    },
}

/// One pupil and one grown-up who has parental responsibility for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The line of the file.
    pub line: u64,
    /// The pupil.
    pub pupil: Named,
    /// What tells the grown-up from others of the name, where the system has it.
    pub number: Option<String>,
    /// The grown-up's whole name, as on an envelope.
    pub name: String,
    /// Who stands after “Dear”.
    pub salutation: Option<String>,
    /// What they are to the pupil, such as “Mother”.
    pub relation: String,
    /// The address, a line each; empty where the list has none.
    pub address: Vec<String>,
    /// The language at home, as the list says it.
    pub language: Option<String>,
}

/// A list of contacts that was read without a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactList {
    /// Those with parental responsibility, in the file's order.
    pub contacts: Vec<Contact>,
    /// How many lines were left out because their grown-up has none.
    pub without: usize,
}

/// What is wrong, and in which column of the file.
type Fault = (Option<usize>, String);

/// Reads a list of contacts, by its headings alone.
///
/// # Errors
/// Every problem of the file, by line.
pub fn read(bytes: &[u8]) -> Result<ContactList, Vec<LineProblem>> {
    let sheet = Sheet::read(bytes).map_err(|problem| vec![problem])?;
    let mapping = Mapping::guess(&sheet, ListOf::Contacts, &Remembered::new());
    let faults = mapping.faults(&sheet.headings);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(|fault| LineProblem::new(1, fault)).collect());
    }
    of(&sheet, &mapping, &[])
}

/// The contacts of a file, but for those in the lines that are left out.
///
/// # Errors
/// Every problem, by line.
pub fn of(sheet: &Sheet, mapping: &Mapping, out: &[u64]) -> Result<ContactList, Vec<LineProblem>> {
    let mut problems = sheet.broken.clone();
    let mut list = ContactList { contacts: Vec::new(), without: 0 };
    let places: Vec<u8> = mapping.contacts().collect();
    for line in sheet.lines.iter().filter(|line| !out.contains(&line.number)) {
        let mut tell = |(column, message): Fault| {
            let heading = column.and_then(|column| sheet.headings.get(column));
            problems.push(LineProblem::new(line.number, message).under(heading));
        };
        if let Some(wide) = sheet.too_wide(line) {
            tell((None, wide));
            continue;
        }
        for place in &places {
            match contact(line, mapping, *place, mapping.of == ListOf::Contacts && places.len() == 1) {
                Ok(Found::Responsible(contact)) => list.contacts.push(*contact),
                Ok(Found::Without) => list.without += 1,
                Ok(Found::Nobody) => {}
                Err(fault) => tell(fault),
            }
        }
    }
    if list.contacts.is_empty() && problems.is_empty() {
        let nobody =
            "nobody with parental responsibility is listed under the headings. Export the list again";
        problems.push(LineProblem::new(2, nobody));
    }
    if problems.is_empty() { Ok(list) } else { Err(problems) }
}

/// Who stands at a place of a line.
enum Found {
    /// Somebody with parental responsibility.
    Responsible(Box<Contact>),
    /// Somebody without.
    Without,
    /// Nobody: the line has fewer contacts than the longest.
    Nobody,
}

/// The contact at a place of a line. `alone`: the line is there for nothing else, so somebody has to stand in it.
fn contact(line: &Line, mapping: &Mapping, place: u8, alone: bool) -> Result<Found, Fault> {
    let column = |field| mapping.contact_place(place, field);
    let cell = |field| column(field).and_then(|column| words(line, column));
    let name = match cell(ContactField::Name) {
        Some(name) => Some(name),
        None => {
            let parts = [ContactField::Title, ContactField::Forename, ContactField::Surname].map(&cell);
            let has_surname = parts[2].is_some();
            has_surname.then(|| parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
    };
    let responsible = cell(ContactField::Responsible);
    let named = column(ContactField::Name).or_else(|| column(ContactField::Surname));
    if name.is_none() && !alone {
        return match responsible.as_deref().map(plain).as_deref() {
            Some("yes" | "y" | "true" | "1" | "t" | "x") => Err((
                named,
                "somebody here has parental responsibility, but there is no name of the contact. Fill it in"
                    .into(),
            )),
            _ => Ok(Found::Nobody),
        };
    }
    let pupil = pupil(line, mapping)?;
    let who = name.clone().unwrap_or_else(|| "the contact".into());
    let responsible = match responsible.as_deref().map(plain).as_deref() {
        Some("yes" | "y" | "true" | "1" | "t" | "x") => true,
        // A tick alone is no letter.
        Some("") => responsible.as_deref().is_some_and(|mark| ["✓", "✔"].contains(&mark)),
        Some("no" | "n" | "false" | "0" | "f") => false,
        None if mapping.blank_is_no => false,
        None => {
            return Err((
                column(ContactField::Responsible),
                format!(
                    "under “Parental Responsibility” stands nothing for {who}. Write yes or no: nothing is guessed"
                ),
            ));
        }
        Some(_) => {
            return Err((
                column(ContactField::Responsible),
                format!("“Parental Responsibility” says neither yes nor no for {who}. Write one of them"),
            ));
        }
    };
    if !responsible {
        return Ok(Found::Without);
    }
    let name = name.ok_or_else(|| {
        (named, "there is no name of the contact. Fill it in, or take the line out".to_owned())
    })?;
    let parts = mapping.columns.iter().enumerate();
    let parts = parts.filter(|(_, held)| **held == Meaning::Contact(place, ContactField::Address));
    let address: Vec<String> = parts
        .filter_map(|(column, _)| line.cells.get(column))
        .flat_map(|cell| cell.split(['\n', '\r']))
        .map(tidy)
        .filter(|part| !part.is_empty())
        .collect();
    let contact = Contact {
        line: line.number,
        pupil,
        number: cell(ContactField::Number),
        name,
        salutation: cell(ContactField::Salutation),
        relation: cell(ContactField::Relation).unwrap_or_default(),
        address,
        language: cell(ContactField::Language),
    };
    match unprintable(&contact) {
        Some(bad) => {
            let start: String = bad.chars().filter(|c| !c.is_control()).take(20).collect();
            Err((
                named,
                format!(
                    "the cell that begins “{start}” is too long or has a line break in it. Put it right in the list"
                ),
            ))
        }
        None => Ok(Found::Responsible(Box::new(contact))),
    }
}

/// A text of a contact that no list may have.
fn unprintable(contact: &Contact) -> Option<&String> {
    let always = [&contact.name, &contact.relation].into_iter();
    let more = always.chain(&contact.salutation).chain(&contact.language).chain(&contact.number);
    let mut all = more.chain(&contact.address);
    all.find(|text| text.chars().count() > LONGEST || text.chars().any(char::is_control))
}

fn pupil(line: &Line, mapping: &Mapping) -> Result<Named, Fault> {
    let cell = |field| mapping.place(field).and_then(|column| words(line, column));
    if let Some(upn) = cell(Field::Upn) {
        return Ok(Named::Upn(upn.to_uppercase()));
    }
    if let Some(number) = cell(Field::Number) {
        return Ok(Named::Number(number.to_uppercase()));
    }
    match (rows::names(line, mapping), cell(Field::Class)) {
        (Ok((forename, surname)), Some(class)) => Ok(Named::Name { forename, surname, class }),
        _ => Err((
            mapping.place(Field::Upn).or_else(|| mapping.place(Field::Number)),
            "it does not say whose contact this is. Fill in the UPN, the admission number, or name and class"
                .into(),
        )),
    }
}

fn words(line: &Line, column: usize) -> Option<String> {
    line.cells.get(column).map(|cell| tidy(cell)).filter(|text| !text.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn only_those_with_parental_responsibility_are_taken() {
        let list = "Contacts of pupils,,,\n\
                    UPN,Contact Name,Relationship,Parental Responsibility,Address 1,Postcode,Home Language\n\
                    a1,Mrs  Ewa Nowicka,Mother,Yes,\"Flat 3, 22 Station Road\",EX1 1AB,Polish\n\
                    A1,Mr Jan Wolski,Grandparent,No,,,\n";
        let read = read(list.as_bytes()).unwrap();
        assert_eq!(read.without, 1);
        let [contact] = &read.contacts[..] else { panic!("{read:?}") };
        assert_eq!(contact.pupil, Named::Upn("A1".into()));
        assert_eq!((contact.name.as_str(), contact.line), ("Mrs Ewa Nowicka", 3));
        assert_eq!(contact.address, ["Flat 3, 22 Station Road", "EX1 1AB"]);
    }

    #[test]
    fn a_list_that_does_not_say_who_may_decide_is_refused() {
        let told = |list: &str| read(list.as_bytes()).unwrap_err()[0].message.clone();
        assert!(told("UPN,Contact Name\nA1,Mrs Fox\n").contains("Parental Responsibility"));
        assert!(told("Contact Name,Parental Responsibility\nMrs Fox,Yes\n").contains("whose contacts"));
        let unsaid = told("UPN,Contact Name,Parental Responsibility\nA1,Mrs Fox,\n");
        assert!(unsaid.contains("nothing for Mrs Fox"), "{unsaid}");
        assert!(told("UPN,Contact Name,Parental Responsibility\nA1,Mrs Fox,perhaps\n").contains("neither"));
        assert!(
            told("UPN,Contact Name,Parental Responsibility\nA1,Mr, Fox,Yes\n").contains("quotation marks")
        );
        assert!(told("UPN,Contact Name,Parental Responsibility\nA1,Mrs Fox,No\n").contains("nobody"));
    }
}
