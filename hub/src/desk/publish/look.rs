//! What is in a pack, and what it changes against the one in force.

use records::{
    agreement::{Agreement, SignAgain},
    codec,
    digest::Digest,
    form::Form,
    pack::PackContent,
    staff_page::StaffPage,
};
use serde::Serialize;

use super::super::view;

/// A pack in short.
#[derive(Debug, Serialize)]
pub(super) struct Look {
    school: String,
    year: String,
    /// Agreements, then forms.
    parts: Vec<Part>,
    /// What the pack in force has and this one has not.
    gone: Vec<String>,
    languages: Vec<Translated>,
    gone_languages: Vec<String>,
    pictures: usize,
    recordings: usize,
    /// Titles of the pages for staff alone.
    staff_pages: Vec<String>,
    /// What else is other than in the pack in force.
    besides: Vec<&'static str>,
    /// Who has to sign once more.
    sign_again: Vec<String>,
}

/// An agreement or a form.
#[derive(Debug, Serialize)]
struct Part {
    what: &'static str,
    title: String,
    version: String,
    /// Against the pack in force; empty where it is as it was, or there is none.
    change: String,
}

#[derive(Debug, Serialize)]
struct Translated {
    name: String,
    is_new: bool,
}

/// What two packs are compared by.
struct Known {
    what: &'static str,
    id: String,
    title: String,
    version: String,
    words: Digest,
}

impl Known {
    fn agreement(agreement: &Agreement) -> Self {
        Self {
            what: view::audience(agreement.audience),
            id: format!("agreement {}", agreement.slug),
            title: agreement.title.clone(),
            version: agreement.version.to_string(),
            words: agreement.digest().0,
        }
    }
    fn form(what: &'static str, form: &Form) -> Self {
        Self {
            what,
            id: format!("form {}", form.id),
            title: form.title.clone(),
            version: form.version.to_string(),
            words: form.digest(),
        }
    }
    /// All that a pack has, in the order of the page.
    fn all(pack: &PackContent) -> Vec<Self> {
        let agreements = pack.agreements.iter().map(Self::agreement);
        let families = pack.consent.iter().map(|asked| Self::form("Families are asked", &asked.form));
        let adults = pack.adult_consent.iter().map(|form| Self::form("Staff and governors are asked", form));
        let registers = pack.registers.iter().map(|register| Self::form("Register", &register.form));
        let surveys = pack.surveys.iter().map(|survey| Self {
            what: "Survey at the touchscreens",
            id: format!("survey {}", survey.id),
            title: survey.title.clone(),
            version: survey.version.to_string(),
            words: Digest::of(&codec::encode(survey)),
        });
        let tell = pack.tell.iter().map(|tell| Self {
            what: "Children can tell",
            id: "tell".to_owned(),
            title: "I didn’t like something".to_owned(),
            version: tell.version.to_string(),
            words: Digest::of(&codec::encode(tell)),
        });
        agreements.chain(tell).chain(families).chain(adults).chain(surveys).chain(registers).collect()
    }
}

impl Look {
    /// At a pack, beside the one in force.
    pub(super) fn at(pack: &PackContent, for_staff: &[StaffPage], in_force: Option<&PackContent>) -> Self {
        let held = in_force.map(Known::all);
        let all = Known::all(pack);
        let part = |known: &Known| Part {
            what: known.what,
            title: known.title.clone(),
            version: known.version.clone(),
            change: held.as_ref().map(|held| change(known, held)).unwrap_or_default(),
        };
        let gone = held.iter().flatten().filter(|old| all.iter().all(|new| new.id != old.id));
        let names = |pack: &PackContent| {
            pack.translated_phrases.iter().map(|one| one.name.clone()).collect::<Vec<_>>()
        };
        let (own, before) = (names(pack), in_force.map(names));
        let gone_languages = before.iter().flatten().filter(|name| !own.contains(name)).cloned().collect();
        let translated = |name: &String| Translated {
            name: name.clone(),
            is_new: before.as_ref().is_some_and(|before| !before.contains(name)),
        };
        Self {
            school: pack.school_name.clone(),
            year: view::year(&pack.year),
            parts: all.iter().map(part).collect(),
            gone: gone.map(|old| old.title.clone()).collect(),
            languages: own.iter().map(translated).collect(),
            gone_languages,
            pictures: pack.symbols.len(),
            recordings: pack.recordings.len(),
            staff_pages: for_staff.iter().map(|page| page.title.clone()).collect(),
            besides: in_force.map(|old| besides(pack, old)).unwrap_or_default(),
            sign_again: in_force.map(|old| sign_again(pack, old)).unwrap_or_default(),
        }
    }
}

fn change(new: &Known, held: &[Known]) -> String {
    match held.iter().find(|old| old.id == new.id) {
        None => "new".to_owned(),
        Some(old) if old.version != new.version => format!("new version, was {}", old.version),
        Some(old) if old.words != new.words => "other words under the same version".to_owned(),
        Some(_) => String::new(),
    }
}

/// The agreements of which a new version is to be signed by everybody once more.
fn sign_again(pack: &PackContent, old: &PackContent) -> Vec<String> {
    let again = pack.agreements.iter().filter(|new| {
        let before = old.agreements.iter().find(|old| old.slug == new.slug);
        new.sign_again == SignAgain::Everyone && before.is_some_and(|old| old.digest() != new.digest())
    });
    again.map(|agreement| agreement.title.clone()).collect()
}

fn besides(new: &PackContent, old: &PackContent) -> Vec<&'static str> {
    [
        ("the school year", new.year != old.year),
        ("the terms", new.terms != old.terms),
        ("the school’s name", new.school_name != old.school_name),
        ("grown-ups whom children may turn to", new.trusted_adults != old.trusted_adults),
        ("numbers to ring", new.helplines != old.helplines),
        ("what the kiosks’ own screens say", new.phrases != old.phrases),
        ("classes’ pictures", new.class_pictures != old.class_pictures),
        ("stickers", new.stickers != old.stickers),
        ("what is read aloud", new.recordings != old.recordings),
        ("the steps of the safeguarding desk", new.flowcharts != old.flowcharts),
        ("how long things are kept", new.retention != old.retention),
        ("translations of agreements", new.translated_agreements != old.translated_agreements),
        ("the school’s colours", new.colours != old.colours),
    ]
    .into_iter()
    .filter_map(|(what, is_other)| is_other.then_some(what))
    .collect()
}
