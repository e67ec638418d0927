//! The headings that lists of pupils have, as SIMS, Arbor, Bromcom, ScholarPack and schools themselves spell
//! them: one list for every program that reads one, so that what the hub takes is taken for letters too.
//! Each spelling is [`plain`].

/// First names.
pub const FORENAME: &[&str] = &[
    "forename",
    "forenames",
    "firstname",
    "first",
    "legalforename",
    "legalfirstname",
    "givenname",
    "pupilforename",
    "studentforename",
    "studentfirstname",
    "pupilfirstname",
    "chosenforename",
];

/// The name that a person is called by.
pub const PREFERRED: &[&str] = &[
    "preferredforename",
    "preferredfirstname",
    "preferredname",
    "knownas",
    "preferred",
    "calledname",
    "preferredgivenname",
];

/// Surnames.
pub const SURNAME: &[&str] = &[
    "surname",
    "lastname",
    "legalsurname",
    "legallastname",
    "familyname",
    "pupilsurname",
    "last",
    "studentsurname",
    "studentlastname",
    "pupillastname",
];

/// The surname that a person is called by.
pub const PREFERRED_SURNAME: &[&str] = &["preferredsurname", "preferredlastname", "preferredfamilyname"];

/// Classes.
pub const CLASS: &[&str] = &[
    "class",
    "classname",
    "reggroup",
    "registrationgroup",
    "registrationform",
    "regform",
    "form",
    "reg",
    "formgroup",
    "tutorgroup",
    "registrationclass",
    "formclass",
    "tutor",
    "tutorgroupname",
];

/// Unique pupil numbers.
pub const UPN: &[&str] = &["upn", "uniquepupilnumber", "pupilupn", "studentupn"];

/// Admission numbers, and what else systems number pupils by.
pub const ADMISSION: &[&str] = &[
    "admissionnumber",
    "admissionno",
    "admno",
    "adno",
    "admnumber",
    "admission",
    "studentid",
    "pupilid",
    "arborstudentid",
    "bromcomid",
    "misid",
    "pupilnumber",
    "studentnumber",
];

/// Parts of a postal address; others are if “address” or “postcode” is in them.
const ADDRESS: [&str; 7] = ["street", "road", "town", "city", "county", "housename", "housenumber"];

/// Whether a [`plain`] heading is of a part of a postal address. “Addressee” is one too: whoever knows it asks first.
pub fn is_of_address(heading: &str) -> bool {
    let named = heading.contains("address") || heading.contains("postcode");
    named && !heading.contains("mail") || ADDRESS.contains(&heading)
}

/// A heading without what spellings differ by: capitals, spaces and punctuation.
pub fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_means_two_things() {
        let mut all = [FORENAME, PREFERRED, SURNAME, PREFERRED_SURNAME, CLASS, UPN, ADMISSION].concat();
        assert!(all.iter().all(|heading| plain(heading) == *heading));
        let before = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), before);
    }
}
