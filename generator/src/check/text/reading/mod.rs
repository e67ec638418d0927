//! Pages that read harder than their readers do.

mod formulas;
mod syllables;

use self::formulas::Counts;
use super::{Page, passages::Sort, sentences::sentences, shown};
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
    },
};

/// Fewer words than this say nothing about a page: one long name would decide.
const FEWEST_WORDS: usize = 100;
/// A sentence is named as the hardest only if it has this many words.
const FEWEST_IN_SENTENCE: usize = 8;
/// An American grade is one year of school that begins at five; readers think in ages.
const AGE_AT_GRADE_0: f64 = 5.0;

/// A warning if the page’s grade lies above the limit of its readers, naming the hardest sentence.
pub(in crate::check) fn check(school: &School, page: &Page<'_>) -> Option<Diagnostic> {
    let (readers, limit) = school.reading.of(readers_of(page.document))?;
    let mut whole = Counts::default();
    let mut hardest: Option<(f64, usize, std::ops::Range<usize>)> = None;
    for (at, passage) in page.passages.iter().enumerate() {
        // Headings and cells are no sentences; forms are labels.
        if !matches!(passage.sort, Sort::Paragraph | Sort::Item) {
            continue;
        }
        for range in sentences(&passage.words) {
            let counts = formulas::counts(&passage.words[range.clone()]);
            if counts.words == 0 {
                continue;
            }
            whole.add(counts);
            if counts.words >= FEWEST_IN_SENTENCE
                && hardest.as_ref().is_none_or(|(grade, ..)| counts.grade() > *grade)
            {
                hardest = Some((counts.grade(), at, range));
            }
        }
    }
    if whole.words < FEWEST_WORDS || whole.grade() <= limit {
        return None;
    }
    let (_, at, range) = hardest?;
    let passage = &page.passages[at];
    let sentence = shown(&passage.words[range.clone()]);
    Some(page.warning(
        "hard-to-read",
        passage,
        range,
        format!(
            "This page reads like a text for {} (grade {:.1}, ease {:.0}); for {readers} the limit is grade {limit}. The hardest sentence is “{sentence}”",
            people_of(whole.grade()),
            whole.grade(),
            whole.ease(),
        ),
        "Begin with this sentence: cut it in two, use everyday words, say who does what. The limits stand in reading.toml.",
    ))
}

/// Who reads at a grade with ease.
fn people_of(grade: f64) -> String {
    let age = grade + AGE_AT_GRADE_0;
    if age > 18.0 { "people with years of study".to_owned() } else { format!("{age:.0}-year-olds") }
}

/// The key in `reading.toml` for the readers of a page.
fn readers_of(document: &Document) -> &'static str {
    match (document.kind, &document.matter.audience) {
        (Kind::Agreement, Some(audience)) => audience.value.as_str(),
        (Kind::Guide, _) => document.matter.readers.as_str(),
        (Kind::Policy, _) => "policy",
        _ => "families",
    }
}
