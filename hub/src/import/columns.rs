//! What each column of a list holds: guessed from headings and from what stands under them, then put right by
//! whoever brings the list. Systems and schools spell headings in many ways; capitals, spaces and punctuation do
//! not count.

use std::{collections::BTreeMap, fmt, str::FromStr};

use records::headings::{self, plain};

use super::{Kind, sheet::Sheet};

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

    fn may_hold(self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::Ignored => true,
            Meaning::Person(_) => self.fields().any(|(field, _)| field == meaning),
            Meaning::Contact(..) => self.has_contacts(),
        }
    }
}

const NAME: &[&str] = &[
    "name",
    "fullname",
    "pupilname",
    "studentname",
    "legalname",
    "student",
    "pupil",
    "staffname",
    "legalfullname",
    "preferredfullname",
    "volunteername",
    "governorname",
    "displayname",
];
const YEAR: &[&str] = &[
    "yeargroup",
    "year",
    "yr",
    "yeartaughtin",
    "nationalcurriculumyear",
    "ncyear",
    "curriculumyear",
    "ncyearactual",
    "yrgrp",
    "yeargrp",
    "yeargroupname",
    "currentyear",
    "nationalcurriculumyeargroup",
];
const STAFF_CODE: &[&str] = &[
    "staffcode",
    "staffid",
    "staffnumber",
    "employeeid",
    "employeenumber",
    "payrollnumber",
    "code",
    "initials",
    "arborstaffid",
    "stafflookup",
    "volunteerid",
    "workemail",
    "email",
    "emailaddress",
    "governorid",
];
const ROLE: &[&str] =
    &["role", "jobtitle", "post", "position", "staffrole", "jobrole", "mainrole", "businessrole", "roles"];
/// What shows a list of governors; the first few say what they are, too.
const GOVERNOR: &[&str] = &[
    "governortype",
    "typeofgovernor",
    "governorcategory",
    "categoryofgovernor",
    "governorrole",
    "governor",
    "appointedby",
    "termofoffice",
    "termends",
    "dateofappointment",
];
/// How many of [`GOVERNOR`] are a role.
const GOVERNOR_ROLES: usize = 5;
const STARTS: &[&str] = &[
    "startdate",
    "datestarted",
    "dateofadmission",
    "admissiondate",
    "dateofarrival",
    "enrolmentdate",
    "enrolmentstartdate",
    "schoolstartdate",
    "startdateinschool",
    "dateofappointment",
    "dateofentry",
    "doa",
];
const LEAVES: &[&str] = &[
    "leavingdate",
    "dateofleaving",
    "leavedate",
    "enddate",
    "enrolmentenddate",
    "schoolenddate",
    "termends",
    "termofofficeends",
    "endoftermofoffice",
    "termenddate",
    "dol",
    "leftdate",
    "dateleft",
];

/// Spellings seen in exports of SIMS, Arbor, Bromcom, ScholarPack and in schools' own lists, the better first.
const SPELLINGS: &[(Field, &[&str])] = &[
    (Field::Forename, headings::FORENAME),
    (Field::Preferred, headings::PREFERRED),
    (Field::Surname, headings::SURNAME),
    (Field::PreferredSurname, headings::PREFERRED_SURNAME),
    (Field::SurnameFirst, NAME),
    (Field::Upn, headings::UPN),
    (Field::Year, YEAR),
    (Field::Class, headings::CLASS),
    (Field::Role, ROLE),
    (Field::Starts, STARTS),
    (Field::Leaves, LEAVES),
];

const CONTACT_SPELLINGS: &[(ContactField, &[&str])] = &[
    (
        ContactField::Number,
        &["contactid", "contactnumber", "personid", "guardianid", "parentid", "contactpersonid"],
    ),
    (
        ContactField::Name,
        &[
            "contactname",
            "contact",
            "contactfullname",
            "guardian",
            "guardianname",
            "guardianfullname",
            "parentname",
            "parent",
            "addressee",
            "parentcarer",
            "parentcarername",
        ],
    ),
    (ContactField::Title, &["contacttitle", "guardiantitle", "parenttitle"]),
    (
        ContactField::Forename,
        &[
            "contactforename",
            "contactfirstname",
            "guardianfirstname",
            "guardianforename",
            "parentforename",
            "parentfirstname",
        ],
    ),
    (
        ContactField::Surname,
        &[
            "contactsurname",
            "contactlastname",
            "guardianlastname",
            "guardiansurname",
            "parentsurname",
            "parentlastname",
        ],
    ),
    (
        ContactField::Salutation,
        &["salutation", "contactsalutation", "parentalsalutation", "guardiansalutation", "dear"],
    ),
    (
        ContactField::Relation,
        &[
            "relationship",
            "relationshiptopupil",
            "relationshiptostudent",
            "relation",
            "contactrelationship",
            "guardianrelationship",
            "parentrelationship",
            "relationshiptochild",
            "contacttype",
        ],
    ),
    (
        ContactField::Responsible,
        &[
            "parentalresponsibility",
            "hasparentalresponsibility",
            "parentalresp",
            "pr",
            "legalresponsibility",
            "parentalresponsibilities",
            "contactparentalresponsibility",
            "guardianparentalresponsibility",
            "contacthasparentalresponsibility",
        ],
    ),
    (
        ContactField::Language,
        &[
            "language",
            "homelanguage",
            "firstlanguage",
            "contactlanguage",
            "languageathome",
            "contactfirstlanguage",
            "contacthomelanguage",
            "guardianlanguage",
        ],
    ),
];

/// How many of these are headings of some list.
pub(super) fn known(cells: &[String]) -> usize {
    let is_one = |cell: &&String| {
        let plain = plain(cell);
        let of_people = SPELLINGS.iter().any(|(_, spellings)| spellings.contains(&plain.as_str()));
        let of_person =
            [headings::ADMISSION, STAFF_CODE, GOVERNOR].iter().any(|all| all.contains(&plain.as_str()));
        of_people || of_person || contact(&plain).is_some()
    };
    cells.iter().filter(is_one).count()
}

/// Whom a list is of, where its headings tell.
pub(super) fn kind_of(headings: &[String]) -> Option<Kind> {
    let plain: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
    let has = |spellings: &[&str]| plain.iter().any(|heading| spellings.contains(&heading.as_str()));
    if has(headings::UPN) || has(headings::ADMISSION) {
        Some(Kind::Pupils)
    } else if has(GOVERNOR) {
        Some(Kind::Governors)
    } else if has(&["volunteerid", "volunteername", "volunteerrole"]) {
        Some(Kind::Volunteers)
    } else if has(STAFF_CODE) || has(ROLE) {
        Some(Kind::Staff)
    } else if has(headings::CLASS) {
        Some(Kind::Pupils)
    } else {
        None
    }
}

/// What a plain heading says of a person in a list of these, and how good a spelling it is: less is better.
fn person(plain: &str, of: ListOf) -> Option<(usize, Field)> {
    let number = match of {
        ListOf::People(Kind::Pupils) | ListOf::Contacts => headings::ADMISSION,
        ListOf::People(_) => STAFF_CODE,
    };
    let place = |spellings: &[&str]| spellings.iter().position(|spelling| *spelling == plain);
    let fields = SPELLINGS.iter().copied().chain([(Field::Number, number)]);
    let mut found = fields.filter_map(|(field, spellings)| Some((place(spellings)?, field)));
    let governor = || match of {
        ListOf::People(Kind::Governors) => {
            place(&GOVERNOR[..GOVERNOR_ROLES]).map(|place| (ROLE.len() + place, Field::Role))
        }
        _ => None,
    };
    found.find(|(_, field)| of.may_hold(Meaning::Person(*field))).or_else(governor)
}

/// What a plain heading says of a grown-up: of which, where it says so, and how good a spelling it is.
fn contact(plain: &str) -> Option<(Option<u8>, usize, ContactField)> {
    if let Some((worth, field)) = contact_alone(plain).filter(|(_, field)| *field != ContactField::Address) {
        return Some((None, worth, field));
    }
    // “contact2relationship”, “parent1address2”, and “relationship2”.
    let place = |digit: &str| digit.parse::<u8>().ok().filter(|place| (1..=MOST_CONTACTS).contains(place));
    for prefix in ["contact", "guardian", "parentcarer", "parent", "carer", "priority", "prioritycontact"] {
        let Some(rest) = plain.strip_prefix(prefix) else { continue };
        let Some(digit) = rest.get(..1) else { continue };
        let (Some(place), rest) = (place(digit), &rest[1..]) else { continue };
        let whole = format!("contact{rest}");
        if let Some((worth, field)) = contact_alone(&whole).or_else(|| contact_alone(rest)) {
            return Some((Some(place), worth, field));
        }
    }
    let last =
        plain.len().checked_sub(1).and_then(|last| Some((plain.get(..last)?, place(plain.get(last..)?)?)));
    let numbered = last.and_then(|(rest, place)| Some((contact_alone(rest)?, place)));
    match numbered {
        // The number of “address2” is that of its line.
        Some(((worth, field), place)) if field != ContactField::Address => Some((Some(place), worth, field)),
        _ => contact_alone(plain).map(|(worth, field)| (None, worth, field)),
    }
}

fn contact_alone(plain: &str) -> Option<(usize, ContactField)> {
    let place = |spellings: &[&str]| spellings.iter().position(|spelling| *spelling == plain);
    let found = CONTACT_SPELLINGS.iter().find_map(|(field, spellings)| Some((place(spellings)?, *field)));
    found.or_else(|| headings::is_of_address(plain).then_some((0, ContactField::Address)))
}

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
const BLANK_IS_NO: &str = "(blank is no)";

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
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|held| *held == Meaning::Person(field))
    }

    /// Where a field of a grown-up stands.
    pub(super) fn contact_place(&self, place: u8, field: ContactField) -> Option<usize> {
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

/// Whether several columns may have this meaning.
const fn is_many(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Ignored | Meaning::Contact(_, ContactField::Address))
}

fn guessed(plain: &str, of: ListOf, numbered: bool) -> (usize, Meaning) {
    let of_person = person(plain, of).map(|(worth, field)| (worth, Meaning::Person(field)));
    let of_contact = || {
        let (place, worth, field) = contact(plain).filter(|_| of.has_contacts())?;
        // Where contacts are numbered, an address without a number is the pupil's own.
        let own = numbered || of != ListOf::Contacts;
        if place.is_none() && own && field == ContactField::Address && !plain.starts_with("contact") {
            return None;
        }
        Some((worth, Meaning::Contact(place.unwrap_or(1), field)))
    };
    of_person.or_else(of_contact).unwrap_or((0, Meaning::Ignored))
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
