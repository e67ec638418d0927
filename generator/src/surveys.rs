//! The surveys that touchscreens ask pupils, from their forms to the pack: “How was it today?”, a vote on the wording of
//! a promise. What one form says is read with it ([`crate::load`]); here is what only the whole school shows.

use records::survey::{Shown, Survey};

use crate::{
    diagnostic::Diagnostic,
    load::{School, form::FormFile},
    telling,
};

/// The surveys of a school that its touchscreens ask, in the order of lists.
pub fn of(school: &School) -> impl Iterator<Item = (&FormFile, &Survey)> {
    school.forms.iter().filter_map(|file| Some((file, file.survey.as_ref()?)))
}

/// Tells of surveys that would stand in each other's way, and of words that no screen may say to a child.
pub fn check(school: &School) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut before: Vec<(&FormFile, &Survey)> = Vec::new();
    for (file, survey) in of(school) {
        let place = |words: &str| file.source.find_within(0..file.source.text.len(), words);
        for (words, word) in telling::broken_promises(&file.form) {
            problems.push(telling::not_kept(file, words, word));
        }
        let other = before.iter().find(|(_, other)| stand_in_the_way(survey.shown, other.shown));
        if let Some((other, _)) = other {
            problems.push(file.source.error(
                "cannot-be-asked",
                place("[touchscreen]"),
                format!("{} is asked on the same days; the start screen has room for one of the two.", other.source.path),
                "Of surveys that are shown daily, and of those that are open for some days, only one may be asked at a time.",
            ));
        }
        before.push((file, survey));
    }
    problems
}

fn stand_in_the_way(one: Shown, other: Shown) -> bool {
    match (one, other) {
        (Shown::Daily, Shown::Daily) => true,
        (Shown::Between { from, until }, Shown::Between { from: other, until: last }) => {
            from <= last && other <= until
        }
        _ => false,
    }
}
