//! Words that people signed do not change under a version that was published; those of a policy may, where
//! a slip is put right, and that is told.

use records::agreement::Version;

use crate::{
    agreement,
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        history::Published,
        toml_reader::Located,
    },
    policy,
};

pub(super) fn check(school: &School, document: &Document) -> Vec<Diagnostic> {
    let Some(history) = school.history_of(document) else { return Vec::new() };
    let Some(version) = &document.matter.version else { return Vec::new() };
    let written = version.value.to_string();
    let Some(published) = history.of_version(&written) else {
        return goes_back(document, history.latest().map(|p| p.version.as_str()).unwrap_or_default());
    };
    match document.kind {
        Kind::Policy => of_policy(document, &written, published),
        _ => of_agreement(school, document, version, &written, published),
    }
}

/// A warning, because a slip must be put right without ceremony, and what a rule asks must not change on
/// the quiet.
fn of_policy(document: &Document, written: &str, published: &Published) -> Vec<Diagnostic> {
    let now = policy::words(document);
    if now == published.words || !document.is_published() {
        return Vec::new();
    }
    let changed = now.iter().find(|words| !published.words.contains(words));
    let place = match changed.or(now.first()) {
        Some(words) => place_of(document, policy::heading(words).unwrap_or(words)),
        None => 0..0,
    };
    let warning = document.source.error(
        "policy-words-changed",
        place,
        format!("Version {written} was published with other words than these."),
        "If it asks something else of people now, give “version” a higher number. If a slip was put right, do nothing: the next publishing puts the new words on record under the same version.",
    );
    vec![warning.as_warning()]
}

fn of_agreement(
    school: &School,
    document: &Document,
    version: &Located<Version>,
    written: &str,
    published: &Published,
) -> Vec<Diagnostic> {
    let Some(agreement) = agreement::of(document, &school.settings) else { return Vec::new() };
    if published.digest.as_deref() == Some(agreement.digest().to_string().as_str()) {
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
    let problem = document.source.error(
        "version-goes-back",
        version.range.clone(),
        format!("Version {latest} was published already, and versions only rise."),
        "Give “version” a higher number.",
    );
    vec![if document.kind == Kind::Policy { problem.as_warning() } else { problem }]
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
