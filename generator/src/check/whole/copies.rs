//! Older copies of a page that were left public.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::civil::Date;
use rayon::prelude::*;
use regex::Regex;

use super::super::text::{Page, pattern};
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
    },
};

/// The share of text that makes two pages copies of one.
const SAME: f64 = 0.8;
/// Words that are taken together; so many in a row are seldom the same by chance.
const WINDOW: usize = 5;
/// Fewer windows than this are too short a page to tell.
const FEWEST: usize = 40;
/// Smallest hashes kept of a page, to find candidates (A. Broder, “On the resemblance and containment of
/// documents”, 1997).
const SKETCH: usize = 16;
/// A hash that this many pages share is a phrase of the school’s, and finds no candidates.
const COMMON: usize = 12;

/// A name that says of itself that it is not the page in force.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[\s_(-])(old|copy|final|draft|superseded|archived?|backup|previous|v\d+(?:[.-]\d+)?)(?:$|[\s_)-])",
    )
});
static YEARS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|\D)((?:19|20)\d{2})(?:\D|$)"));

pub(super) fn check(school: &School, pages: &[Page<'_>], day: Date) -> Vec<Diagnostic> {
    let public: Vec<&Page<'_>> = pages.iter().filter(|page| page.document.is_published()).collect();
    let mut problems = same_text(&public);
    let told: BTreeSet<String> = problems.iter().map(|problem| problem.file.clone()).collect();
    for page in &public {
        if told.contains(&page.document.source.path) {
            continue;
        }
        problems.extend(marked(school, page, day));
    }
    let by_title = same_title(school, &public).into_iter().filter(|problem| !told.contains(&problem.file));
    problems.extend(by_title);
    problems
}

/// A file name or title with “old”, “v2” or a year gone by.
fn marked(school: &School, page: &Page<'_>, day: Date) -> Option<Diagnostic> {
    let document = page.document;
    if !matches!(document.kind, Kind::Policy | Kind::Agreement) {
        return None;
    }
    let title = document.title(&school.settings);
    let word = [document.slug.as_str(), &title].into_iter().find_map(|name| {
        let marker =
            MARKED.captures(name).and_then(|found| found.get(1)).map(|word| word.as_str().to_owned());
        marker.or_else(|| {
            let years: Vec<i16> =
                YEARS.captures_iter(name).filter_map(|found| found[1].parse().ok()).collect();
            let newest = years.into_iter().max()?;
            (newest < day.year()).then(|| newest.to_string())
        })
    })?;
    Some(page.warning_of_whole(
        "old-copy",
        format!("The name of this public page has “{word}” in it, as an older copy would."),
        "If another page took its place, delete this one; the history of versions keeps old words. If it is in force, give it a name without that.",
    ))
}

/// Two pages of a kind whose titles differ by little.
fn same_title(school: &School, pages: &[&Page<'_>]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(Kind, String), &Document> = BTreeMap::new();
    let mut problems = Vec::new();
    for page in pages {
        let key = (page.document.kind, plain(&page.document.title(&school.settings)));
        if key.1.is_empty() || page.document.kind == Kind::Agreement {
            continue;
        }
        match first.get(&key) {
            None => drop(first.insert(key, page.document)),
            Some(other) => problems.push(page.warning_of_whole(
                "same-title",
                format!(
                    "This page and {} have nearly the same title, and both are public.",
                    other.source.path
                ),
                "If one is an older copy, delete it. If both are needed, say in the titles how they differ.",
            )),
        }
    }
    problems
}

/// A title without what copies differ by.
fn plain(title: &str) -> String {
    const NOTHING: [&str; 16] = [
        "policy", "policies", "the", "our", "a", "and", "old", "new", "copy", "final", "draft", "updated",
        "version", "school", "on", "of",
    ];
    let lower = title.to_lowercase().replace("e-safety", "online safety").replace("esafety", "online safety");
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            // “Year 3” and “Year 4” are two things; “2023” and “v2” are what copies differ by.
            let digits = word.strip_prefix('v').unwrap_or(word);
            let marker = digits.chars().all(|c| c.is_ascii_digit()) && (digits.len() == 4 || digits != *word);
            !word.is_empty() && !NOTHING.contains(word) && !marker
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Pages whose words are mostly those of another.
fn same_text(pages: &[&Page<'_>]) -> Vec<Diagnostic> {
    let shingles: Vec<Vec<u64>> = pages.par_iter().map(|page| windows(page)).collect();
    let mut sharing: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, hashes) in shingles.iter().enumerate() {
        if hashes.len() >= FEWEST {
            for hash in &hashes[..SKETCH.min(hashes.len())] {
                sharing.entry(*hash).or_default().push(at);
            }
        }
    }
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for group in sharing.values().filter(|group| group.len() <= COMMON) {
        for (place, a) in group.iter().enumerate() {
            pairs.extend(group[place + 1..].iter().map(|b| (*a, *b)));
        }
    }
    let mut problems = Vec::new();
    for (a, b) in pairs {
        let share = resemblance(&shingles[a], &shingles[b]);
        if share < SAME {
            continue;
        }
        let (older, newer) = by_age(pages[a], pages[b]);
        problems.push(older.warning_of_whole(
            "near-copy",
            format!("{:.0} % of this page’s text is also that of {}.", share * 100.0, newer.document.source.path),
            "If one is an older copy, delete it: readers who find it would follow superseded rules. If both are needed, state what they share once and link to it.",
        ));
    }
    problems
}

/// The one approved earlier first; where that says nothing, the one whose name comes later.
fn by_age<'p>(a: &'p Page<'p>, b: &'p Page<'p>) -> (&'p Page<'p>, &'p Page<'p>) {
    let key = |page: &Page<'_>| page.document.matter.approved.as_ref().map(|day| day.value);
    let marked = |page: &Page<'_>| MARKED.is_match(&page.document.slug);
    match (marked(a), marked(b)) {
        (true, false) => return (a, b),
        (false, true) => return (b, a),
        _ => {}
    }
    if key(a) < key(b) { (a, b) } else { (b, a) }
}

/// Hashes of all runs of words of a page, sorted, each once.
fn windows(page: &Page<'_>) -> Vec<u64> {
    let words: Vec<u64> = page
        .passages
        .iter()
        .flat_map(|passage| {
            passage.words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
        })
        .map(hash)
        .collect();
    let mut out: Vec<u64> = words
        .windows(WINDOW)
        .map(|run| mixed(run.iter().fold(0, |sum: u64, word| sum.rotate_left(13) ^ word)))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// FNV-1a over small letters.
fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Spreads a hash evenly, so that the smallest are a fair sample.
fn mixed(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// The share of two pages’ runs of words that both have (Dice’s coefficient).
fn resemblance(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut same) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                same += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let both = a.len() + b.len();
    if both == 0 { 0.0 } else { 2.0 * same as f64 / both as f64 }
}
