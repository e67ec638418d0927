//! Translations keep up with the English, and leave nothing out unnoticed.

use std::ops::Range;

use records::agreement::Version;

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        form::FormFile,
        markdown::Heading,
        toml_reader::Located,
        translation::Translation,
    },
    source::Source,
};

/// Findings about the translations of one page.
pub(super) fn check(school: &School, document: &Document) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for translation in &document.translations {
        let source = &translation.page.source;
        if let (Some(now), Some(made_from)) = (&document.matter.version, &translation.of_version) {
            let then = "The page says so to its readers";
            problems.extend(version(source, &document.source.path, made_from, &now.value, then));
        }
        let checked = (translation.checked.is_some(), translation.checked_by.is_some());
        problems.extend(half_checked(source, place(translation), checked));
        missing_parts(document, translation, &mut problems);
        problems.extend(other_stories(document, translation));
        problems.append(&mut super::links::check(school, &translation.page));
        problems.append(&mut super::structure::check(&translation.page));
    }
    problems
}

/// With a strict check: a translation that nobody compared with the English.
pub(super) fn unchecked(document: &Document) -> Vec<Diagnostic> {
    let never = document.translations.iter().filter(|translation| !translation.is_checked());
    never.map(|translation| never_checked(&translation.page.source, place(translation))).collect()
}

/// Findings about the translations of one form.
pub(super) fn of_form(form: &FormFile) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for translation in &form.translations {
        let source = &translation.source;
        if let Some(made_from) = &translation.of_version {
            let then = "The page says so to its readers, and touchscreens show the English words alone";
            problems.extend(version(source, &form.source.path, made_from, &form.form.version, then));
        }
        let checked = (translation.checked.is_some(), translation.checked_by.is_some());
        problems.extend(half_checked(source, translation.title.clone(), checked));
        if translation.gaps.is_empty() {
            continue;
        }
        let missing: Vec<String> = translation.gaps.iter().map(ToString::to_string).collect();
        let what = format!(
            "What {} has under {} is missing here. Readers see the English words there.",
            form.source.path,
            missing.join(", ")
        );
        let mend = "Translate it under the same key; a purpose, a question or an answer under the same id.";
        let found = source.error("translation-missing-part", translation.title.clone(), what, mend);
        problems.push(found.as_warning());
    }
    problems
}

/// With a strict check: a translation of a form that nobody compared with the English.
pub(super) fn unchecked_of_form(form: &FormFile) -> Vec<Diagnostic> {
    let never = form.translations.iter().filter(|translation| !translation.is_checked());
    never.map(|translation| never_checked(&translation.source, translation.title.clone())).collect()
}

fn version(
    source: &Source,
    english: &str,
    made_from: &Located<Version>,
    now: &Version,
    then: &str,
) -> Option<Diagnostic> {
    let from = &made_from.value;
    if from < now {
        let what = format!("This was made from version {from}, and {english} is now version {now}. {then}.");
        let mend = format!(
            "Bring the words up to date, then write of_version = \"{now}\"; if nothing in them changed, write that at once."
        );
        return Some(source.error("translation-outdated", made_from.range.clone(), what, mend).as_warning());
    }
    (from > now).then(|| {
        source.error(
            "translation-of-later-version",
            made_from.range.clone(),
            format!("{english} has no version {from} yet; it is at {now}."),
            format!("Write of_version = \"{now}\", or raise the version of the English one."),
        )
    })
}

/// A day without a person, or a person without a day.
fn half_checked(source: &Source, place: Range<usize>, (day, who): (bool, bool)) -> Option<Diagnostic> {
    let what = match (day, who) {
        (true, false) => "This says on which day the translation was checked, but not by whom.",
        (false, true) => "This says who checked the translation, but not on which day.",
        _ => return None,
    };
    let mend = "Write both, checked_by = \"Their role\" and checked = 2026-09-14, or take the other out.";
    Some(source.error("translation-half-checked", place, what, mend).as_warning())
}

fn never_checked(source: &Source, place: Range<usize>) -> Diagnostic {
    let what = "Nobody who reads both languages has compared this translation with the English yet.";
    let mend = "When somebody has, add checked_by = \"Their role\" and the day as checked = 2026-09-14.";
    source.error("translation-unchecked", place, what, mend).as_warning()
}

/// Parts of the English that the translation does not have: readers get them in English.
fn missing_parts(english: &Document, translation: &Translation, problems: &mut Vec<Diagnostic>) {
    let (code, missing, then): (_, Vec<&Heading>, _) = if english.kind == Kind::Agreement {
        let parts = english.body.headings.iter().filter(|h| h.symbol.is_some() || h.level == 2);
        let missing = parts.filter(|heading| translation.part(&heading.anchor).is_none()).collect();
        ("translation-missing-part", missing, "Readers see the English words there")
    } else {
        let there = |heading: &&Heading| {
            translation.page.body.headings.iter().any(|own| own.anchor == heading.anchor)
        };
        let named = english.body.headings.iter().filter(|heading| heading.named);
        let missing = named.filter(|heading| !there(heading)).collect();
        ("translation-missing-heading", missing, "Links to it lead to the top of the page")
    };
    if missing.is_empty() {
        return;
    }
    let names: Vec<String> = missing.iter().map(|heading| format!("#{}", heading.anchor)).collect();
    problems.push(finding(
        translation,
        code,
        format!("What {} has under {} is missing here. {then}.", english.source.path, names.join(", ")),
        format!("Translate it under a heading with the same name, as in ## … {{{}}}.", names[0]),
    ));
}

/// Stories that do not go the ways of the English ones: readers get those in English. That a story is not translated at all
/// is nothing to mend: nobody promises it.
fn other_stories(english: &Document, translation: &Translation) -> Vec<Diagnostic> {
    let groups = english.promises.iter().flat_map(|promises| &promises.groups);
    let other = groups.filter_map(|group| group.scenario.as_ref()).filter_map(|scenario| {
        let name = &english.body.headings[scenario.heading].anchor;
        let (heading, _) = translation.part(name)?;
        let told = translation.scenario(name, scenario.choices.len());
        told.is_none().then(|| {
            translation.page.source.error(
                "scenario",
                heading.range.clone(),
                format!(
                    "This story does not have the {} ways that {} has.",
                    scenario.choices.len(),
                    english.source.path
                ),
                "Translate each way as a list item that begins in bold, as in the English story.",
            )
        })
    });
    other.collect()
}

/// A warning at the title, for what concerns the page as a whole.
fn finding(translation: &Translation, code: &'static str, what: String, mend: String) -> Diagnostic {
    translation.page.source.error(code, place(translation), what, mend).as_warning()
}

fn place(translation: &Translation) -> Range<usize> {
    let first = || translation.page.source.line_range(1);
    translation.page.matter.title.as_ref().map_or_else(first, |title| title.range.clone())
}
