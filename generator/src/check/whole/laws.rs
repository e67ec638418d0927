//! Laws and guidance that are cited though others took their place.

use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::super::text::{
    Page,
    passages::Passage,
    pattern,
    triggers::{Family, Finder},
};
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        references::{Reference, Status},
    },
};

/// Words of a sentence that knows that the law is an old one.
static KNOWS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:replac|supersed|repeal|revok|former|previous|until|no longer|used to)")
});
/// The year right after the name of a guidance, as in “(2021)” or “, September 2021”.
static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[’”)]?\s*[,(:–-]?\s*\(?(?i:dfe|department for education|statutory guidance|updated|from|of|in)?,?\s*(?:(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+)?((?:19|20)\d{2})\b",
    )
});

/// The list of references, to be looked for in pages.
pub(in crate::check) struct Laws<'s> {
    list: &'s [Reference],
    /// What finds the words by which they are cited; none where they are too many.
    patterns: Option<AhoCorasick>,
    /// Of each pattern, where in the list its reference stands.
    references: Vec<usize>,
    /// Of each pattern, whether small letters make ordinary words of it.
    titles: Vec<bool>,
    /// What tells which passages have any of those words; none where the list has none or far too many.
    finder: Option<Finder>,
}

/// A citation in a page.
struct Cited<'p> {
    passage: &'p Passage,
    range: Range<usize>,
    reference: usize,
}

impl<'s> Laws<'s> {
    pub(in crate::check) fn of(school: &'s School) -> Self {
        let list = school.references.list.as_slice();
        let words: Vec<(usize, &str)> = list
            .iter()
            .enumerate()
            .flat_map(|(at, reference)| reference.patterns.iter().map(move |words| (at, words.as_str())))
            .filter(|(_, words)| !words.trim().is_empty())
            .collect();
        let patterns = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .build(words.iter().map(|(_, words)| words));
        let finder = Finder::with(&words.iter().map(|(_, words)| *words).collect::<Vec<_>>());
        let patterns = patterns.ok().filter(|_| finder.is_some());
        let titles = words.iter().map(|(_, words)| is_title(words) && !has_figure(words)).collect();
        let references = words.into_iter().map(|(at, _)| at).collect();
        Self { list, patterns, references, titles, finder }
    }

    /// What a page is read with, so that its citations are found.
    pub(in crate::check) fn finder(&self) -> &Finder {
        self.finder.as_ref().unwrap_or_else(|| Finder::without_laws())
    }

    /// What a page cites, and findings about what others took the place of.
    pub(super) fn cited(&self, page: &Page<'_>) -> (BTreeSet<usize>, Vec<Diagnostic>) {
        let Some(patterns) = self.patterns.as_ref().filter(|_| page.document.is_published()) else {
            return Default::default();
        };
        let in_passage = |passage| self.in_passage(patterns, passage);
        let may_cite = |passage: &&Passage| passage.triggers.has(Family::Law);
        let cited: Vec<Cited<'_>> = page.passages.iter().filter(may_cite).flat_map(in_passage).collect();
        let used = cited.iter().map(|cited| cited.reference).collect();
        (used, superseded(self.list, page, &cited))
    }

    fn in_passage<'p>(&self, patterns: &AhoCorasick, passage: &'p Passage) -> Vec<Cited<'p>> {
        let alone =
            patterns.find_iter(&passage.words).filter(|hit| stands_alone(&passage.words, &hit.range()));
        // “At our school every child matters” cites nothing; “Every Child Matters” does.
        let meant = alone
            .filter(|hit| !self.titles[hit.pattern().as_usize()] || is_title(&passage.words[hit.range()]));
        let cited = meant.map(|hit| Cited {
            passage,
            range: hit.range(),
            reference: self.references[hit.pattern().as_usize()],
        });
        cited.collect()
    }
}

fn superseded(list: &[Reference], page: &Page<'_>, cited: &[Cited<'_>]) -> Vec<Diagnostic> {
    let mut told = BTreeSet::new();
    let mut problems = Vec::new();
    for Cited { passage, range, reference } in cited {
        let entry = &list[*reference];
        let sentence = sentence_around(&passage.words, range);
        let (range, what, mend) = match &entry.status {
            Status::Current => continue,
            Status::SupersededBy(by) => (
                range.clone(),
                format!(
                    "{} is listed as superseded{}.",
                    entry.name,
                    if by.is_empty() { String::new() } else { format!(" by {by}") }
                ),
                "Cite what is in force now, and see whether the rule in this paragraph still holds."
                    .to_owned(),
            ),
            Status::Edition(newest) => {
                let Some(year) = YEAR.captures(&passage.words[range.end..]).and_then(|c| c.get(1)) else {
                    continue;
                };
                if year.as_str().parse::<i64>().is_ok_and(|year| year >= *newest) {
                    continue;
                }
                let end = range.end + year.end();
                (
                    range.start..end,
                    format!(
                        "“{}” is an earlier edition: the newest that references.toml knows is of {newest}.",
                        &passage.words[range.start..end]
                    ),
                    "Read the newest edition, then cite it; without a year the citation does not age."
                        .to_owned(),
                )
            }
        };
        // Once a page is enough: the mend is a look through the page.
        if KNOWS.is_match(sentence) || !told.insert(*reference) {
            continue;
        }
        let doubt = if entry.checked.is_none() {
            " Nobody has checked this entry of references.toml yet."
        } else {
            ""
        };
        problems.push(page.warning("superseded-law", passage, range, format!("{what}{doubt}"), mend));
    }
    problems
}

/// What pages cite and nobody has checked, told in the school’s own list.
pub(super) fn unchecked(school: &School, used: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let Some(source) = &school.references.own else { return Vec::new() };
    used.iter()
        .map(|at| &school.references.list[*at])
        .filter(|reference| reference.checked.is_none())
        .map(|reference| {
            let place = match &reference.url {
                Some(url) => format!(" Its text should be at {url}."),
                None => String::new(),
            };
            source
                .error(
                    "unchecked-source",
                    reference.range.clone(),
                    format!(
                        "Pages cite {}, and nobody has checked the text in force.{place}",
                        reference.name
                    ),
                    "Read it, correct the pages if need be, then add the day as checked = 2026-09-14.",
                )
                .as_warning()
        })
        .collect()
}

/// Whether words are written as a title is, with a capital in a word after the first.
fn is_title(words: &str) -> bool {
    words.split_whitespace().skip(1).any(|word| word.starts_with(char::is_uppercase))
}

fn has_figure(words: &str) -> bool {
    words.contains(|c: char| c.is_ascii_digit())
}

/// Whether no letter or digit touches the words: “GDPR” is not in “GDPRs”.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

fn sentence_around<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let start = text[..range.start].rfind(". ").map_or(0, |at| at + 2);
    let end = text[range.end..].find(". ").map_or(text.len(), |at| range.end + at);
    &text[start..end]
}
