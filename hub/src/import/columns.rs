//! Which column is which. Systems and schools spell headings in many ways; capitals, spaces and
//! punctuation do not count.

use records::headings::{self, plain};

use super::Kind;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Forename,
    Preferred,
    Surname,
    PreferredSurname,
    FullName,
    Upn,
    Admission,
    Year,
    Class,
    StaffCode,
    Role,
    Governor,
}

/// Spellings seen in exports of SIMS, Arbor, Bromcom, ScholarPack and in schools' own lists.
const SPELLINGS: &[(Field, &[&str])] = &[
    (Field::Forename, headings::FORENAME),
    (Field::Preferred, headings::PREFERRED),
    (Field::Surname, headings::SURNAME),
    (Field::PreferredSurname, headings::PREFERRED_SURNAME),
    (
        Field::FullName,
        &["name", "fullname", "pupilname", "studentname", "legalname", "student", "pupil", "staffname"],
    ),
    (Field::Upn, headings::UPN),
    (Field::Admission, headings::ADMISSION),
    (
        Field::Year,
        &[
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
        ],
    ),
    (Field::Class, headings::CLASS),
    (
        Field::StaffCode,
        &[
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
            "workemail",
            "email",
            "emailaddress",
            "governorid",
        ],
    ),
    (
        Field::Role,
        &[
            "role",
            "jobtitle",
            "post",
            "position",
            "staffrole",
            "jobrole",
            "mainrole",
            "businessrole",
            "roles",
        ],
    ),
    (
        Field::Governor,
        &[
            "governortype",
            "typeofgovernor",
            "governorcategory",
            "categoryofgovernor",
            "governor",
            "appointedby",
            "governorrole",
            "termofoffice",
            "termends",
            "dateofappointment",
        ],
    ),
];

/// Where a list's fields stand, by column from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Whom the list is of.
    pub kind: Kind,
    /// How names are given.
    pub names: Names,
    /// The name a person is called by, where it differs.
    pub preferred: Option<usize>,
    /// The surname a person is called by, where it differs.
    pub preferred_surname: Option<usize>,
    /// Unique pupil number.
    pub upn: Option<usize>,
    /// Admission number or staff code.
    pub number: Option<usize>,
    /// Year group.
    pub year: Option<usize>,
    /// Class.
    pub class: Option<usize>,
    /// A member of staff's work.
    pub role: Option<usize>,
}

/// How names are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// In two columns.
    Apart {
        /// First names.
        forename: usize,
        /// Surnames.
        surname: usize,
    },
    /// In one: “Surname, Forename”.
    Together(usize),
}

/// Why a line is not the headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// How many headings were known all the same.
    pub known: usize,
    /// What is missing, and how to mend it.
    pub message: String,
}

/// Reads a line as headings.
///
/// # Errors
/// [`Miss`] if a column that is needed is not there, or two have the same meaning.
pub fn recognise(cells: &[String], kind: Option<Kind>) -> Result<Columns, Miss> {
    let fields: Vec<Option<Field>> = cells.iter().map(|cell| field(cell)).collect();
    let known = fields.iter().flatten().count();
    let miss = |message: &str| Miss { known, message: message.to_owned() };
    let find = |wanted: Field| fields.iter().position(|f| *f == Some(wanted));
    let preferred = find(Field::Preferred);
    let names = match (find(Field::Forename).or(preferred), find(Field::Surname), find(Field::FullName)) {
        (Some(forename), Some(surname), _) => Names::Apart { forename, surname },
        (_, _, Some(column)) => Names::Together(column),
        (Some(_), None, None) => return Err(miss("there is no column “Surname”. Export the list with one")),
        _ => {
            return Err(miss(
                "there are no headings such as Forename, Surname, UPN, Year Group and Class. Export the list with its headings in the first line",
            ));
        }
    };
    let kind = match kind.or_else(|| told(&find)) {
        Some(kind) => kind,
        None => {
            return Err(miss(
                "the headings do not show whether these are pupils, staff or governors. Say so with --kind pupils, --kind staff or --kind governors",
            ));
        }
    };
    let number = match kind {
        Kind::Pupils => find(Field::Admission),
        Kind::Staff | Kind::Governors => find(Field::StaffCode),
    };
    if kind == Kind::Pupils {
        if find(Field::Upn).or(number).is_none() {
            return Err(miss(
                "there is no column “UPN” or “Admission Number”, so two pupils of one name could not be told apart. Export the list with one of them",
            ));
        }
        if find(Field::Class).is_none() {
            return Err(miss(
                "there is no column “Class”, “Reg Group” or “Registration Form”. Export the list with one",
            ));
        }
    }
    if kind == Kind::Staff && number.is_none() {
        return Err(miss("there is no column “Staff Code”. Export the list with one"));
    }
    Ok(Columns {
        kind,
        names,
        preferred,
        preferred_surname: find(Field::PreferredSurname),
        upn: find(Field::Upn).filter(|_| kind == Kind::Pupils),
        number,
        year: find(Field::Year).filter(|_| kind == Kind::Pupils),
        class: find(Field::Class).filter(|_| kind == Kind::Pupils),
        role: find(Field::Role).filter(|_| kind != Kind::Pupils),
    })
}

fn told(find: &impl Fn(Field) -> Option<usize>) -> Option<Kind> {
    let has = |wanted| find(wanted).is_some();
    if has(Field::Upn) || has(Field::Admission) {
        Some(Kind::Pupils)
    } else if has(Field::Governor) {
        Some(Kind::Governors)
    } else if has(Field::StaffCode) || has(Field::Role) {
        Some(Kind::Staff)
    } else if has(Field::Class) {
        Some(Kind::Pupils)
    } else {
        None
    }
}

fn field(heading: &str) -> Option<Field> {
    let plain = plain(heading);
    SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&plain.as_str())).map(|(field, _)| *field)
}
