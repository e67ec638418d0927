//! Which letter is meant, whether its own words are in order, and what a list for it needs.

use super::Wanted;
use crate::{
    build::Checked,
    diagnostic::{Diagnostic, Report},
    load::{
        School,
        document::{Document, Kind},
        letter::Merged,
    },
};

/// Headings that any list may have beside those that its letter needs.
pub const MAY_HAVE: [&str; 7] =
    ["Preferred forename", "Addressee", "Address 1", "Address 2", "Town", "Postcode", "Language"];

/// The letter of a name: that of its file in `letters`, with or without folder and ending.
pub fn find<'s>(school: &'s School, name: &str) -> Option<&'s Document> {
    let name = name.trim_end_matches(".md");
    let name = name.rsplit('/').next().unwrap_or(name);
    school.of_kind(Kind::Letter).find(|letter| letter.slug == name)
}

/// What is wrong with a letter in any language, or with what it takes from the school's settings.
pub fn faults(checked: &Checked, letter: &Document) -> Report {
    let mut files = vec![letter.source.path.as_str(), "school.toml"];
    files.extend(letter.translations.iter().map(|translation| translation.page.source.path.as_str()));
    let own = |problem: &&Diagnostic| files.contains(&problem.file.as_str());
    Report::new(checked.report.diagnostics().iter().filter(own).cloned().collect())
}

/// The headings that a list for this letter has to have.
pub fn columns(letter: &Document) -> Vec<String> {
    let wanted = Wanted::of(letter);
    let mut columns = vec!["Forename", "Surname", "Class"];
    if wanted.merged.contains(&Merged::FamilyName) {
        columns.push("Salutation");
    }
    if wanted.merged.contains(&Merged::FamilyCode) {
        columns.push("Code");
    }
    columns.extend(wanted.own.iter().map(String::as_str));
    columns.into_iter().map(str::to_owned).collect()
}
