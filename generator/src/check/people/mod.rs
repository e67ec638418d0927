//! A photograph of pupils is published only with a yes for every one of them.
//!
//! 1. Beside each photograph a list says who is in it, or that nobody is ([`crate::load::people`]).
//! 2. [`permission`] opens what the hub says: for whom the answer is yes, and whom the school knows.
//! 3. Here the two meet. Nothing but a yes is a yes, and no finding names a pupil other than by id.

mod permission;

pub use permission::{Believed, Consent, Files, FromHub, believed};

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use records::{
    consent::Standing,
    day::Moment,
    ids::{PersonId, Slug},
    published::{Published, PublishedList, WEBSITE},
};

use self::permission::{Asked, Permission};
use crate::{
    diagnostic::Diagnostic,
    load::{School, people::People},
    photographs::{is_photograph, shown},
};

/// Everything that stands against publishing the school's photographs.
pub(super) fn check(school: &School, day: Date, consent: &Consent) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut why_not = Vec::new();
    let asked = consent.on(school, day, &mut why_not);
    let permission = match asked {
        Asked::Not | Asked::Refuses => None,
        Asked::Files(files) => Permission::open(school, files, day, &mut problems),
    };
    let unlooked = Unlooked { asked: &asked, why_not: &why_not };
    let on_pages = shown(school);
    let photographs = || school.pictures.keys().filter(|path| is_photograph(path));
    for path in photographs() {
        let pages = on_pages.get(path);
        match school.people.get(stem(path)) {
            None => problems.push(unsaid(path, pages.is_some(), &asked)),
            Some(people) => {
                problems.append(&mut list(people, path, day));
                if let Some(pages) = pages.filter(|_| !people.pupils.is_empty()) {
                    problems.append(&mut published(people, pages, &unlooked, permission.as_ref()));
                }
            }
        }
    }
    for people in school.people.values() {
        let pictures = school.pictures.keys().filter(|path| stem(path) == people.stem()).count();
        if pictures == 0 {
            let what = format!("There is no picture {} that this list could be about.", people.stem());
            problems.push(
                people
                    .error("people-without-picture", "", what, "Give it the name of its picture, as in hall.people.toml for hall.jpg, or take it out.")
                    .as_warning(),
            );
        }
        if pictures > 1 {
            let what = format!(
                "There is more than one picture {}, and this list cannot be about both.",
                people.stem()
            );
            problems.push(people.error(
                "people-of-two-pictures",
                "",
                what,
                "Rename one of the pictures, and write a list for each.",
            ));
        }
    }
    problems
}

/// Every pupil on every page, for the hub: by it a withdrawal finds the pages that it touches.
pub fn published_list(school: &School, day: Date) -> PublishedList {
    let mut entries = Vec::new();
    for (path, pages) in shown(school) {
        let (Some(people), Some(photograph)) =
            (school.people.get(stem(&path)), school.photographs.get(&path))
        else {
            continue;
        };
        let Some(largest) = photograph.sizes.last() else { continue };
        let pupils: BTreeSet<PersonId> = people.pupils.iter().map(|pupil| pupil.value).collect();
        for page in pages {
            let page = if page.is_empty() { "index.html".to_owned() } else { format!("{page}/") };
            entries.extend(pupils.iter().map(|pupil| Published {
                pupil: *pupil,
                page: page.clone(),
                picture: largest.digest,
            }));
        }
    }
    entries.sort_by(|a, b| (a.pupil, &a.page, a.picture).cmp(&(b.pupil, &b.page, b.picture)));
    // The day is all that a build knows of time, so that it is the same build on the same day.
    let made = jiff::tz::Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
    PublishedList { made: Moment(made.map_or(0, |made| made.as_second())), entries }
}

/// A picture's path without its ending.
fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}

fn unsaid(path: &str, is_shown: bool, asked: &Asked<'_>) -> Diagnostic {
    let name = stem(path).rsplit('/').next().unwrap_or_default();
    let told = Diagnostic::file_error(
        "people-unsaid",
        path,
        "Nothing says who is in this picture.",
        format!(
            "Write the file {name}.people.toml beside it: nobody = true where no pupil can be seen, or pupils = [\"…\"] with the id of each."
        ),
    );
    let must = match asked {
        Asked::Not => false,
        Asked::Refuses => is_shown,
        Asked::Files(_) => true,
    };
    if must { told } else { told.as_warning() }
}

/// What is wrong with a list in itself.
fn list(people: &People, path: &str, day: Date) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut tell = |code, key, what: String, mend| problems.push(people.error(code, key, what, mend));
    match (people.nobody, people.pupils.is_empty()) {
        (true, false) => tell(
            "people-contradict",
            "nobody",
            "This says that nobody is in the picture, and names pupils all the same.".to_owned(),
            "Take out nobody = true, or the pupils, whichever is wrong.",
        ),
        (false, true) if people.sound => tell(
            "people-unsaid",
            "pupils",
            format!("This does not say who is in {path}."),
            "Write nobody = true where no pupil can be seen, or pupils = [\"…\"] with the id of each.",
        ),
        _ => {}
    }
    if !people.pupils.is_empty() && people.checked_by.is_none() {
        tell(
            "no-second-person",
            "pupils",
            "Nobody else has looked at this picture and at who is in it.".to_owned(),
            "Ask a colleague to compare the two, then add checked_by = \"…\" with their name.",
        );
    }
    if let Some(taken) = people.taken.as_ref().filter(|taken| taken.value > day) {
        problems.push(people.error_at(
            "taken-in-future",
            taken,
            format!("This picture would have been taken after today, {day}."),
            "Put in the day on which it was taken.",
        ));
    }
    problems
}

/// How it stands with consent where there is no permission.
struct Unlooked<'c> {
    asked: &'c Asked<'c>,
    /// Why the files that are kept are not believed.
    why_not: &'c [Diagnostic],
}

/// What stands against showing a picture of pupils on these pages.
fn published(
    people: &People,
    pages: &BTreeSet<String>,
    unlooked: &Unlooked<'_>,
    permission: Option<&Permission>,
) -> Vec<Diagnostic> {
    let names: Vec<&str> =
        pages.iter().map(|page| if page.is_empty() { "the front page" } else { page.as_str() }).collect();
    let pages = names.join(", ");
    let Some(permission) = permission else {
        let kept = |why: &Diagnostic| {
            format!(
                " The hub’s files that the office keeps are not believed today ({}): {}",
                why.file, why.what
            )
        };
        let kept: String = unlooked.why_not.iter().map(kept).collect();
        let told = people.error(
            "consent-not-looked-up",
            "pupils",
            format!("Nobody has looked up whether these pupils may be shown. The picture is on: {pages}.{kept}"),
            "Get the consent export and the roster from the hub, and bring both in under Photographs in the office’s page, or run this again with --consent FILE --roster FILE.",
        );
        return match unlooked.asked {
            Asked::Not => vec![told.as_warning()],
            Asked::Refuses => vec![told],
            // Why they could not be opened is told already.
            Asked::Files(_) => Vec::new(),
        };
    };
    let website: Option<Slug> = WEBSITE.parse().ok();
    let uses: BTreeSet<&Slug> =
        website.iter().chain(people.purpose.as_ref().map(|purpose| &purpose.value)).collect();
    // An id that stands there twice is told once, at its first place.
    let mut pupils = BTreeMap::new();
    for pupil in &people.pupils {
        pupils.entry(pupil.value).or_insert(pupil);
    }
    let mut problems = Vec::new();
    for (id, at) in pupils {
        if !permission.knows(id) {
            problems.push(people.error_at(
                "unknown-pupil",
                at,
                format!("The roster has no pupil {id}. The picture is on: {pages}."),
                "Copy the id anew from the hub. If the pupil has left the school, take the picture off these pages.",
            ));
            continue;
        }
        for purpose in &uses {
            let (code, what, mend) = match permission.standing(id, purpose) {
                Standing::Yes => continue,
                Standing::No => (
                    "consent-refused",
                    format!(
                        "Pupil {id} may not be shown: for “{purpose}” a “no” stands. The picture is on: {pages}."
                    ),
                    "Take the picture off these pages and publish, or show one without this pupil. Only the family can change the answer.",
                ),
                Standing::NotAsked => (
                    "consent-not-asked",
                    format!(
                        "Nobody has said yes to “{purpose}” for pupil {id}, and “not asked” is not yes. The picture is on: {pages}."
                    ),
                    "Ask the family through the hub. Until they say yes, take the picture off these pages.",
                ),
            };
            problems.push(people.error_at(code, at, what, mend));
        }
    }
    problems
}
