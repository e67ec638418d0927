//! Words that people signed do not change under a version that was published.

use records::agreement::Version;

use crate::{
    agreement,
    diagnostic::Diagnostic,
    load::{School, document::Document},
};

pub(super) fn check(school: &School, document: &Document) -> Vec<Diagnostic> {
    let Some(history) = school.history.get(&document.slug) else { return Vec::new() };
    let Some(agreement) = agreement::of(document, &school.settings) else { return Vec::new() };
    let Some(version) = &document.matter.version else { return Vec::new() };
    let written = version.value.to_string();
    let Some(published) = history.of_version(&written) else {
        return goes_back(document, history.latest().map(|p| p.version.as_str()).unwrap_or_default());
    };
    if published.digest == agreement.digest().to_string() {
        return Vec::new();
    }
    let now = agreement::words(&agreement);
    let changed = now.iter().find(|words| !published.words.contains(words));
    let gone = published.words.iter().find(|words| !now.contains(words));
    let (place, what) = match (changed, gone) {
        (Some(new), old) => {
            let old = old.map(|old| format!(" It was “{old}”.")).unwrap_or_default();
            (
                place_of(document, new),
                format!("These words changed, but the version is still {written}.{old}"),
            )
        }
        (None, Some(old)) => {
            (version.range.clone(), format!("“{old}” was taken out, but the version is still {written}."))
        }
        (None, None) => (
            version.range.clone(),
            format!("The words stand in another order, but the version is still {written}."),
        ),
    };
    vec![document.source.error(
        "words-changed",
        place,
        what,
        format!("People signed version {written} as it was. Give “version” a higher number, and say with “sign_again” whether everyone signs again; or put the old words back."),
    )]
}

fn goes_back(document: &Document, latest: &str) -> Vec<Diagnostic> {
    let (Some(version), Ok(last)) = (&document.matter.version, latest.parse::<Version>()) else {
        return Vec::new();
    };
    if version.value > last {
        return Vec::new();
    }
    vec![document.source.error(
        "version-goes-back",
        version.range.clone(),
        format!("Version {latest} was published already, and versions only rise."),
        "Give “version” a higher number.",
    )]
}

/// Where the changed words stand: their heading, or the first words of their paragraph.
fn place_of(document: &Document, words: &str) -> std::ops::Range<usize> {
    if let Some(heading) = document.body.headings.iter().find(|heading| heading.words == words) {
        return document.source.find_within(heading.range.clone(), words);
    }
    let start: String = words.chars().take(20).collect();
    match document.source.text.find(&start) {
        Some(at) => at..at + start.len(),
        None => document.matter.version.as_ref().map_or(0..0, |version| version.range.clone()),
    }
}
