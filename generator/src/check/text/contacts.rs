//! Telephone numbers and addresses that belong to a person, not to the school; and those of the model
//! school, which nobody answers.

use std::{collections::BTreeSet, sync::LazyLock};

use memchr::memmem;
use regex::Regex;

use super::{Page, triggers::Family};
use crate::{
    check::model,
    diagnostic::Diagnostic,
    load::{
        School,
        piece::{Event, Tag},
        settings::Settings,
    },
    source::Source,
};

static MOBILE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(r"(?:\+44|0044)\s?(?:\(0\))?\s?7[\d\s().-]{7,14}\d|\b07[\d\s().-]{7,14}\d")
});
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| super::pattern(r"[A-Za-z0-9._%+’'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));
/// Numbers that Ofcom keeps for drama and that the model school uses: 01632 960000 to 960999 and the
/// mobile numbers 07700 900000 to 900999 (Ofcom, “Telephone numbers for use in TV and radio drama”).
static MADE_UP: LazyLock<Regex> =
    LazyLock::new(|| super::pattern(r"\b01632 ?960 ?\d{3}\b|\b07700 ?900 ?\d{3}\b|[\w.@-]+\.example\b"));

/// Where people, not organisations, have their mail.
const FREE_MAIL: &[&str] = &[
    "gmail.",
    "googlemail.",
    "hotmail.",
    "outlook.",
    "live.",
    "msn.",
    "yahoo.",
    "ymail.",
    "icloud.",
    "me.com",
    "mac.com",
    "aol.",
    "btinternet.",
    "sky.com",
    "talktalk.",
    "virginmedia.",
    "ntlworld.",
    "tiscali.",
    "protonmail.",
    "proton.me",
    "gmx.",
];
/// What an address of two words names when it names no person.
const ROLES: &[&str] = &[
    "office",
    "admin",
    "head",
    "headteacher",
    "info",
    "enquiries",
    "safeguarding",
    "online",
    "safety",
    "dsl",
    "senco",
    "send",
    "governors",
    "chair",
    "contact",
    "data",
    "protection",
    "dpo",
    "it",
    "ict",
    "support",
    "reception",
    "finance",
    "school",
    "year",
    "class",
    "club",
    "friends",
    "attendance",
    "absence",
    "clerk",
];

pub(super) fn check(school: &School, page: &Page<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let settings = &school.settings;
    for passage in &page.passages {
        if passage.triggers.has(Family::Mobile) {
            for found in MOBILE.find_iter(&passage.words) {
                if is_private_mobile(settings, found.as_str()) {
                    problems.push(page.warning(
                        "personal-mobile",
                        passage,
                        found.range(),
                        MOBILE_WHAT,
                        MOBILE_MEND,
                    ));
                }
            }
        }
        if passage.triggers.has(Family::Email) {
            for found in EMAIL.find_iter(&passage.words) {
                if let Some(what) = private_address(settings, found.as_str()) {
                    problems.push(page.warning("personal-email", passage, found.range(), what, EMAIL_MEND));
                }
            }
        }
    }
    problems.append(&mut in_links(settings, page));
    let text = page.document.source.text.as_bytes();
    if memmem::find(text, b".example").is_some() || memmem::find(text, b"960").is_some() {
        problems.append(&mut made_up(settings, &page.document.source));
    }
    problems
}

const MOBILE_WHAT: &str = "This looks like somebody’s own mobile number, and the page is public.";
const MOBILE_MEND: &str = "Give the school’s number instead. If this is a number of the school’s, state it in school.toml (“phone” of a person or helpline) and write {{ people.dsl.phone }} here.";
const EMAIL_MEND: &str = "Give an address of a role, such as {{ school.email }}. If it is meant to be public, state it in school.toml as “email” of that person and write {{ people.dsl.email }} here.";

/// Addresses that only a link shows.
fn in_links(settings: &Settings, page: &Page<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (event, range) in &page.document.body.pieces {
        let Event::Start(Tag::Link(link)) = event else { continue };
        let source = &page.document.source;
        let shown_too = source.text.get(range.clone()).is_some_and(|text| text.matches('@').count() != 1);
        if let Some(address) = link.to.strip_prefix("mailto:")
            && !shown_too
            && let Some(what) = private_address(settings, address.split('?').next().unwrap_or_default())
        {
            let place = source.find_within(range.clone(), address);
            problems.push(source.error("personal-email", place, what, EMAIL_MEND).as_warning());
        }
        if let Some(number) = link.to.strip_prefix("tel:")
            && is_private_mobile(settings, number)
        {
            let place = source.find_within(range.clone(), number);
            problems.push(source.error("personal-mobile", place, MOBILE_WHAT, MOBILE_MEND).as_warning());
        }
    }
    problems
}

/// What is still the model school’s in the files of a real one. The model school itself is made up as a
/// whole, and so is any school whose own website ends in `.example`; one that has kept the model’s website is
/// not, it has not come to that line yet.
pub(in crate::check) fn made_up(settings: &Settings, source: &Source) -> Vec<Diagnostic> {
    let host = host_of(&settings.website);
    let fiction = host.ends_with(".example") || host.ends_with(".test");
    let own = fiction && !model::is_models_address(&settings.website);
    if host.is_empty() || own || model::is_model(settings) {
        return Vec::new();
    }
    MADE_UP
        .find_iter(&source.text)
        .map(|found| {
            source
                .error(
                    "made-up-contact",
                    found.range(),
                    format!(
                        "“{}” belongs to the made-up model school: nobody answers there.",
                        found.as_str()
                    ),
                    "Put in your own school’s number or address.",
                )
                .as_warning()
        })
        .collect()
}

/// Whether a number or an address is one that nobody can ever have.
pub(in crate::check) fn is_fiction(contact: &str) -> bool {
    MADE_UP.is_match(contact)
}

fn digits(number: &str) -> String {
    let plain = number.replace("(0)", "");
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    match digits
        .strip_prefix("0044")
        .or_else(|| plain.trim().starts_with('+').then(|| digits.strip_prefix("44")).flatten())
    {
        Some(rest) => format!("0{rest}"),
        None => digits,
    }
}

fn is_private_mobile(settings: &Settings, written: &str) -> bool {
    let number = digits(written);
    if number.len() != 11 || !number.starts_with("07") || number.starts_with("07700900") {
        return false;
    }
    let people = settings.people.iter().filter_map(|person| person.phone.as_deref());
    let lines = settings.helplines.iter().filter_map(|line| line.phone.as_deref());
    let stated: BTreeSet<String> = people.chain(lines).chain([settings.phone.as_str()]).map(digits).collect();
    !stated.contains(&number)
}

/// Why an address looks like a person’s own, if it does.
fn private_address(settings: &Settings, address: &str) -> Option<String> {
    let lower = address.to_lowercase();
    let (local, domain) = lower.split_once('@')?;
    let stated = settings.people.iter().filter_map(|person| person.email.as_deref());
    if stated.chain([settings.email.as_str()]).any(|known| known.eq_ignore_ascii_case(address)) {
        return None;
    }
    if FREE_MAIL.iter().any(|free| domain.starts_with(free) || domain == *free) {
        return Some(format!(
            "“{address}” is an address at a public mail service, and looks like somebody’s own."
        ));
    }
    let own = settings.email.to_lowercase().split_once('@').is_some_and(|(_, own)| own == domain)
        || host_of(&settings.website) == domain;
    let parts: Vec<&str> = local.split(['.', '_', '-']).collect();
    let named = parts.len() == 2
        && parts.iter().all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic))
        && !parts.iter().any(|part| ROLES.contains(part));
    (own && named)
        .then(|| format!("“{address}” names a member of staff, and school.toml does not state it as public."))
}

pub(in crate::check) fn host_of(website: &str) -> String {
    let host = website.split("//").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::field_reassign_with_default, reason = "one of its fields is its own")]
    fn settings() -> Settings {
        let mut settings = Settings::default();
        settings.name = "Oakfield School".to_owned();
        settings.usable = true;
        settings.email = "office@oakfield.sch.uk".to_owned();
        settings.website = "https://www.oakfield.sch.uk".to_owned();
        settings.phone = "07911 123456".to_owned();
        settings
    }

    #[test]
    fn a_persons_own_number_is_told_from_the_schools() {
        let settings = settings();
        for own in ["07912 345678", "+44 7912 345678", "07912-345-678", "+44 (0)7912 345678"] {
            assert!(MOBILE.is_match(own) && is_private_mobile(&settings, own), "{own}");
        }
        // The school’s own text line, a number for fiction, a landline, a case number.
        for other in ["07911 123456", "07700 900123", "0117 496 0123", "0712"] {
            assert!(!is_private_mobile(&settings, other), "{other}");
        }
    }

    #[test]
    fn an_address_of_a_person_is_told_from_one_of_a_role() {
        let settings = settings();
        for own in ["sue.miller@oakfield.sch.uk", "head99@gmail.com", "j_smith@hotmail.co.uk"] {
            assert!(private_address(&settings, own).is_some(), "{own}");
        }
        for role in [
            "office@oakfield.sch.uk",
            "online.safety@oakfield.sch.uk",
            "help@nspcc.org.uk",
            "a.person@county.gov.uk",
        ] {
            assert!(private_address(&settings, role).is_none(), "{role}");
        }
    }

    #[test]
    fn a_real_school_is_told_what_is_still_the_model_schools() {
        let source = Source::new("a.md", "Ring 01632 960100 or write to office@larkfield.example.");
        assert_eq!(made_up(&settings(), &source).len(), 2);
        let mut halfway = settings();
        halfway.website = "https://www.larkfield.example".to_owned();
        assert_eq!(made_up(&halfway, &source).len(), 2, "it has kept the model’s website too");
        let mut fiction = settings();
        fiction.website = "https://www.oakfield.example".to_owned();
        assert!(made_up(&fiction, &source).is_empty());
        halfway.name = "Larkfield Primary School".to_owned();
        assert!(made_up(&halfway, &source).is_empty());
    }
}
