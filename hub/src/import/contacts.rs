//! The list of pupils' contacts, as management information systems export it: a line for each pupil and
//! grown-up, with whether that grown-up has parental responsibility. Only those who have are taken.

use records::headings::{self, plain};

use super::{
    LineProblem,
    table::{self, Line, TITLE_LINES},
    text,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Upn,
    Number,
    Forename,
    Surname,
    Class,
    ContactNumber,
    ContactName,
    ContactTitle,
    ContactForename,
    ContactSurname,
    Salutation,
    Relation,
    Responsible,
    Language,
}

/// Spellings seen in exports of SIMS, Arbor, Bromcom, ScholarPack and in schools' own lists.
const SPELLINGS: &[(Field, &[&str])] = &[
    (Field::Upn, headings::UPN),
    (Field::Number, headings::ADMISSION),
    (Field::Forename, headings::PREFERRED),
    (Field::Forename, headings::FORENAME),
    (Field::Surname, headings::PREFERRED_SURNAME),
    (Field::Surname, headings::SURNAME),
    (Field::Class, headings::CLASS),
    (
        Field::ContactNumber,
        &["contactid", "contactnumber", "personid", "guardianid", "parentid", "contactpersonid"],
    ),
    (
        Field::ContactName,
        &[
            "contactname",
            "contact",
            "contactfullname",
            "guardian",
            "guardianname",
            "parentname",
            "parent",
            "addressee",
            "parentcarer",
        ],
    ),
    (Field::ContactTitle, &["contacttitle", "guardiantitle", "parenttitle"]),
    (
        Field::ContactForename,
        &["contactforename", "contactfirstname", "guardianfirstname", "parentforename", "parentfirstname"],
    ),
    (
        Field::ContactSurname,
        &["contactsurname", "contactlastname", "guardianlastname", "parentsurname", "parentlastname"],
    ),
    (Field::Salutation, &["salutation", "contactsalutation", "parentalsalutation", "dear"]),
    (
        Field::Relation,
        &[
            "relationship",
            "relationshiptopupil",
            "relationshiptostudent",
            "relation",
            "contactrelationship",
            "relationshiptochild",
            "contacttype",
        ],
    ),
    (
        Field::Responsible,
        &[
            "parentalresponsibility",
            "hasparentalresponsibility",
            "parentalresp",
            "pr",
            "legalresponsibility",
            "parentalresponsibilities",
        ],
    ),
    (
        Field::Language,
        &[
            "language",
            "homelanguage",
            "firstlanguage",
            "contactlanguage",
            "languageathome",
            "contactfirstlanguage",
        ],
    ),
];

/// Which column is which.
struct Columns {
    /// What each column holds, with how good a spelling its heading is: the name that a child is called by comes
    /// before the legal one.
    fields: Vec<Option<(usize, Field)>>,
    address: Vec<usize>,
}

impl Columns {
    fn of(cells: &[String]) -> Self {
        let fields = cells.iter().map(|cell| field(cell)).collect();
        let is_address = |cell: &str| field(cell).is_none() && headings::is_of_address(&plain(cell));
        let address = cells.iter().enumerate().filter(|(_, cell)| is_address(cell)).map(|(i, _)| i).collect();
        Self { fields, address }
    }

    fn place(&self, field: Field) -> Option<usize> {
        let columns = self.fields.iter().enumerate();
        let held = columns
            .filter_map(|(place, held)| held.filter(|(_, f)| *f == field).map(|(worth, _)| (worth, place)));
        held.min().map(|(_, place)| place)
    }

    fn known(&self) -> usize {
        self.fields.iter().flatten().count()
    }

    /// What is missing, for whoever exports the list.
    fn missing(&self) -> Option<&'static str> {
        let has = |field| self.place(field).is_some();
        let named = has(Field::ContactName) || has(Field::ContactForename) && has(Field::ContactSurname);
        let by_name = has(Field::Forename) && has(Field::Surname) && has(Field::Class);
        if !has(Field::Upn) && !has(Field::Number) && !by_name {
            Some(
                "there is no column “UPN” or “Admission Number”, nor “Forename”, “Surname” and “Class”, so nobody can tell whose contacts these are. Export the list with one of them",
            )
        } else if !named {
            Some("there is no column “Contact Name”. Export the list with one")
        } else if !has(Field::Responsible) {
            Some(
                "there is no column “Parental Responsibility”. Only somebody who has it may say yes for a child, so export the list with that column",
            )
        } else {
            None
        }
    }
}

fn field(heading: &str) -> Option<(usize, Field)> {
    let plain = plain(heading);
    let worth = SPELLINGS.iter().position(|(_, spellings)| spellings.contains(&plain.as_str()))?;
    Some((worth, SPELLINGS[worth].0))
}

/// Reads a list of contacts.
///
/// # Errors
/// Every problem of the file, by line.
pub fn read(bytes: &[u8]) -> Result<ContactList, Vec<LineProblem>> {
    let text = text::decode(bytes);
    let mut nearest: Option<(usize, LineProblem)> = None;
    for separator in [b',', b';', b'\t'] {
        let lines = table::split(&text, separator);
        for (i, line) in lines.iter().take(TITLE_LINES).enumerate() {
            let columns = Columns::of(&line.cells);
            let Some(missing) = columns.missing() else {
                return contacts(&lines[i + 1..], line.cells.len(), &columns);
            };
            let known = columns.known();
            if nearest.as_ref().is_none_or(|(most, _)| known > *most) {
                nearest = Some((known, LineProblem::new(line.number, missing)));
            }
        }
    }
    let empty = || LineProblem::new(1, "the file is empty. Export the list again");
    Err(vec![nearest.map_or_else(empty, |(_, problem)| problem)])
}

fn contacts(lines: &[Line], width: usize, columns: &Columns) -> Result<ContactList, Vec<LineProblem>> {
    let mut problems = Vec::new();
    let mut list = ContactList { contacts: Vec::new(), without: 0 };
    for line in lines {
        match contact(line, width, columns) {
            Ok(Some(contact)) => list.contacts.push(contact),
            Ok(None) => list.without += 1,
            Err(message) => problems.push(LineProblem::new(line.number, message)),
        }
    }
    if list.contacts.is_empty() && problems.is_empty() {
        let nobody =
            "nobody with parental responsibility is listed under the headings. Export the list again";
        problems.push(LineProblem::new(2, nobody));
    }
    if problems.is_empty() { Ok(list) } else { Err(problems) }
}

/// The contact of a line; none if that grown-up has no parental responsibility.
fn contact(line: &Line, width: usize, columns: &Columns) -> Result<Option<Contact>, String> {
    if line.cells.get(width..).unwrap_or_default().iter().any(|cell| !cell.is_empty()) {
        return Err(format!(
            "there are {} cells under {width} headings. A comma inside a name or an address needs quotation marks around the whole cell",
            line.cells.len()
        ));
    }
    let cell = |field: Field| columns.place(field).and_then(|place| words(line, place));
    let name = match cell(Field::ContactName) {
        Some(name) => Some(name),
        None => {
            let parts = [Field::ContactTitle, Field::ContactForename, Field::ContactSurname].map(cell);
            let has_surname = parts[2].is_some();
            has_surname.then(|| parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
    };
    let pupil = pupil(&cell)?;
    let who = name.clone().unwrap_or_else(|| "the contact".into());
    let responsible = match cell(Field::Responsible).as_deref().map(plain).as_deref() {
        Some("yes" | "y" | "true" | "1" | "t" | "x") => true,
        Some("no" | "n" | "false" | "0" | "f") => false,
        None => {
            return Err(format!(
                "under “Parental Responsibility” stands nothing for {who}. Write yes or no: nothing is guessed"
            ));
        }
        Some(_) => {
            return Err(format!(
                "“Parental Responsibility” says neither yes nor no for {who}. Write one of them"
            ));
        }
    };
    if !responsible {
        return Ok(None);
    }
    let name = name.ok_or("there is no name of the contact. Fill it in, or take the line out")?;
    let address = columns.address.iter().filter_map(|place| line.cells.get(*place));
    let address: Vec<String> =
        address.flat_map(|cell| cell.split(['\n', '\r'])).map(tidy).filter(|part| !part.is_empty()).collect();
    let contact = Contact {
        line: line.number,
        pupil,
        number: cell(Field::ContactNumber),
        name,
        salutation: cell(Field::Salutation),
        relation: cell(Field::Relation).unwrap_or_default(),
        address,
        language: cell(Field::Language),
    };
    match unprintable(&contact) {
        Some(bad) => {
            let start: String = bad.chars().filter(|c| !c.is_control()).take(20).collect();
            Err(format!(
                "the cell that begins “{start}” is too long or has a line break in it. Put it right in the list"
            ))
        }
        None => Ok(Some(contact)),
    }
}

/// A text of a contact that no list may have.
fn unprintable(contact: &Contact) -> Option<&String> {
    let always = [&contact.name, &contact.relation].into_iter();
    let more = always.chain(&contact.salutation).chain(&contact.language).chain(&contact.number);
    let mut all = more.chain(&contact.address);
    all.find(|text| text.chars().count() > LONGEST || text.chars().any(char::is_control))
}

fn pupil(cell: &impl Fn(Field) -> Option<String>) -> Result<Named, String> {
    if let Some(upn) = cell(Field::Upn) {
        return Ok(Named::Upn(upn.to_uppercase()));
    }
    if let Some(number) = cell(Field::Number) {
        return Ok(Named::Number(number.to_uppercase()));
    }
    match (cell(Field::Forename), cell(Field::Surname), cell(Field::Class)) {
        (Some(forename), Some(surname), Some(class)) => Ok(Named::Name { forename, surname, class }),
        _ => Err(
            "it does not say whose contact this is. Fill in the UPN, the admission number, or name and class"
                .into(),
        ),
    }
}

fn words(line: &Line, place: usize) -> Option<String> {
    line.cells.get(place).map(|cell| tidy(cell)).filter(|text| !text.is_empty())
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
