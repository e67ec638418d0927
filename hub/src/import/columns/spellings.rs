//! What the headings of exports are called, and what each says.

use records::headings::{self, plain};

use super::{super::Kind, ContactField, Field, ListOf, MOST_CONTACTS, Meaning};

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
pub(crate) fn known(cells: &[String]) -> usize {
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
pub(crate) fn kind_of(headings: &[String]) -> Option<Kind> {
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
pub(super) fn contact(plain: &str) -> Option<(Option<u8>, usize, ContactField)> {
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

/// What a plain heading says in such a list. `numbered`: other headings number the contacts.
pub(super) fn guessed(plain: &str, of: ListOf, numbered: bool) -> (usize, Meaning) {
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
