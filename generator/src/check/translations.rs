//! Translations keep up with the English, and leave nothing out unnoticed.

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        markdown::Heading,
        translation::Translation,
    },
};

/// Findings about the translations of one page.
pub(super) fn check(school: &School, document: &Document) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for translation in &document.translations {
        version(document, translation, &mut problems);
        who_checked(translation, &mut problems);
        missing_parts(document, translation, &mut problems);
        problems.append(&mut super::links::check(school, &translation.page));
        problems.append(&mut super::structure::check(&translation.page));
    }
    problems
}

/// With a strict check: a translation that nobody compared with the English.
pub(super) fn unchecked(document: &Document) -> Vec<Diagnostic> {
    let never = document.translations.iter().filter(|translation| !translation.is_checked());
    never
        .map(|translation| {
            finding(
                translation,
                "translation-unchecked",
                "Nobody who reads both languages has compared this translation with the English yet."
                    .to_owned(),
                "When somebody has, add checked_by = \"Their role\" and the day as checked = 2026-09-14."
                    .to_owned(),
            )
        })
        .collect()
}

fn version(english: &Document, translation: &Translation, problems: &mut Vec<Diagnostic>) {
    let (Some(now), Some(made_from)) = (&english.matter.version, &translation.of_version) else { return };
    let source = &translation.page.source;
    if made_from.value < now.value {
        let what = format!(
            "This was made from version {}, and {} is now version {}. The page says so to its readers.",
            made_from.value, english.source.path, now.value
        );
        let mend = format!(
            "Bring the words up to date, then write of_version = \"{}\"; if nothing in them changed, write that at once.",
            now.value
        );
        problems.push(source.error("translation-outdated", made_from.range.clone(), what, mend).as_warning());
    } else if made_from.value > now.value {
        problems.push(source.error(
            "translation-of-later-version",
            made_from.range.clone(),
            format!(
                "{} has no version {} yet; it is at {}.",
                english.source.path, made_from.value, now.value
            ),
            format!("Write of_version = \"{}\", or raise the version of the English page.", now.value),
        ));
    }
}

fn who_checked(translation: &Translation, problems: &mut Vec<Diagnostic>) {
    let (day, who) = (&translation.checked, &translation.checked_by);
    let what = match (day, who) {
        (Some(_), None) => "This says on which day the translation was checked, but not by whom.",
        (None, Some(_)) => "This says who checked the translation, but not on which day.",
        _ => return,
    };
    problems.push(finding(
        translation,
        "translation-half-checked",
        what.to_owned(),
        "Write both, checked_by = \"Their role\" and checked = 2026-09-14, or take the other out.".to_owned(),
    ));
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

/// A warning at the title, for what concerns the page as a whole.
fn finding(translation: &Translation, code: &'static str, what: String, mend: String) -> Diagnostic {
    let source = &translation.page.source;
    let place =
        translation.page.matter.title.as_ref().map_or(source.line_range(1), |title| title.range.clone());
    source.error(code, place, what, mend).as_warning()
}
