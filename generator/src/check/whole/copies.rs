//! Older copies of a page that were left public.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::civil::Date;
use rayon::prelude::*;
use regex::Regex;

use super::super::text::{Page, pattern, triggers::Finder, warning_of_whole};
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
/// So many of them do two pages share that are worth a comparison in full. Of copies, two thirds of the
/// windows are in both: some ten of the sixteen are expected, fewer than this in less than one case of a thousand.
const AGREE: usize = 4;
/// Of these, so many are no phrase of the school’s.
const RARE: usize = 2;
/// So many pages are compared in full at once: the hashes of a page of 1,200 words take 5 kB.
const COMPARED: usize = 400;
/// A hash that this many pages share is a phrase of the school’s, and finds no candidates.
const COMMON: usize = 12;

/// A name that says of itself that it is not the page in force.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[\s_(-])(old|copy|final|draft|superseded|archived|previous|v\d+(?:[.-]\d+)?)(?:$|[\s_)-])",
    )
});
/// Words that a copy ends in, and that a policy may be about as well.
static STORED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\((archive|backup)\)|[\s_-](archive|backup)$"));
/// A year, or a school year with the year in which it ends.
static YEARS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|\D)((?:19|20)\d{2})(?:[/–-](?:20)?(\d{2}))?(?:\D|$)"));
/// Before a year: it is part of the name of a law.
static LAW: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:act|regulations|order|code)[\s_(-]+$"));

/// `sketches` are those of the school’s documents, in their order.
pub(super) fn check(school: &School, sketches: &[Box<[u64]>], day: Date) -> Vec<Diagnostic> {
    let public = school.documents.iter().zip(sketches).filter(|(document, _)| document.is_published());
    let (public, sketches): (Vec<&Document>, Vec<&[u64]>) =
        public.map(|(document, sketch)| (document, &**sketch)).unzip();
    let mut problems = same_text(school, &public, &sketches);
    let told: BTreeSet<String> = problems.iter().map(|problem| problem.file.clone()).collect();
    for document in &public {
        if told.contains(&document.source.path) {
            continue;
        }
        problems.extend(marked(school, document, day));
    }
    let by_title = same_title(school, &public).into_iter().filter(|problem| !told.contains(&problem.file));
    problems.extend(by_title);
    problems
}

/// A file name or title with “old”, “v2” or a year gone by.
fn marked(school: &School, document: &Document, day: Date) -> Option<Diagnostic> {
    if !matches!(document.kind, Kind::Policy | Kind::Agreement) {
        return None;
    }
    let title = document.title(&school.settings);
    let word = marker(&document.slug, &title, day)?;
    Some(warning_of_whole(
        document,
        "old-copy",
        format!("The name of this public page has “{word}” in it, as an older copy would."),
        "If another page took its place, delete this one; the history of versions keeps old words. If it is in force, give it a name without that.",
    ))
}

/// The word in a file’s name or a title that an older copy would have.
fn marker(slug: &str, title: &str, day: Date) -> Option<String> {
    [slug, title].into_iter().find_map(|name| {
        let word = |found: regex::Captures<'_>| {
            found.iter().skip(1).flatten().next().map(|word| word.as_str().to_owned())
        };
        let marked = MARKED.captures(name).and_then(word);
        // A policy about backups says so in its title; a copy that was put aside says so in its file’s name alone.
        let aside = || {
            STORED.captures(name).and_then(word).filter(|word| {
                title.contains(&format!("({word})")) || !title.to_lowercase().contains(&word.to_lowercase())
            })
        };
        marked.or_else(aside).or_else(|| {
            let newest = years(name).max()?;
            (newest < day.year()).then(|| newest.to_string())
        })
    })
}

/// The years in a name; of a school year the one in which it ends, of a law none.
fn years(name: &str) -> impl Iterator<Item = i16> {
    YEARS.captures_iter(name).filter_map(move |found| {
        let year = found.get(1)?;
        if LAW.is_match(&name[..year.start()]) {
            return None;
        }
        let starts: i16 = year.as_str().parse().ok()?;
        let ends = found.get(2).and_then(|end| end.as_str().parse::<i16>().ok());
        Some(if ends == Some((starts + 1) % 100) { starts + 1 } else { starts })
    })
}

/// Two pages of a kind whose titles differ by little.
fn same_title(school: &School, documents: &[&Document]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(Kind, String), &Document> = BTreeMap::new();
    let mut problems = Vec::new();
    for document in documents {
        let key = (document.kind, plain(&document.title(&school.settings)));
        if key.1.is_empty() || document.kind == Kind::Agreement {
            continue;
        }
        match first.get(&key) {
            None => drop(first.insert(key, document)),
            Some(other) => problems.push(warning_of_whole(
                document,
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
            let is_year =
                |digits: &str| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
            // “Year 3” and “Year 4” are two things; “2023” and “v2” are what copies differ by.
            let digits = word.strip_prefix('v').unwrap_or(word);
            let marker = digits.chars().all(|c| c.is_ascii_digit()) && (is_year(digits) || digits != *word);
            !word.is_empty() && !NOTHING.contains(word) && !marker
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Pages whose words are mostly those of another.
fn same_text(school: &School, documents: &[&Document], sketches: &[&[u64]]) -> Vec<Diagnostic> {
    let pairs = alike(sketches);
    let windows =
        |at: usize| all_windows(&Page::of(&documents[at].awake(&school.settings), Finder::without_laws()));
    let mut problems = Vec::new();
    for pairs in of_few_pages(&pairs) {
        let compared: BTreeSet<usize> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let whole: BTreeMap<usize, Box<[u32]>> =
            compared.into_par_iter().map(|at| (at, windows(at))).collect();
        for (a, b) in pairs {
            let share = resemblance(&whole[a], &whole[b]);
            if share < SAME {
                continue;
            }
            let (older, newer) = by_age(documents[*a], documents[*b]);
            problems.push(warning_of_whole(
                older,
                "near-copy",
                format!("{:.0} % of this page’s text is also that of {}.", share * 100.0, newer.source.path),
                "If one is an older copy, delete it: readers who find it would follow superseded rules. If both are needed, state what they share once and link to it.",
            ));
        }
    }
    problems
}

/// Pairs in runs, each of which is about few enough pages to keep all their windows in memory.
fn of_few_pages(pairs: &[(usize, usize)]) -> Vec<&[(usize, usize)]> {
    let (mut runs, mut rest) = (Vec::new(), pairs);
    while !rest.is_empty() {
        let mut pages = BTreeSet::new();
        let fits = |(a, b): &&(usize, usize)| {
            pages.extend([*a, *b]);
            pages.len() <= COMPARED
        };
        let (run, later) = rest.split_at(rest.iter().take_while(fits).count());
        runs.push(run);
        rest = later;
    }
    runs
}

/// The pairs of pages whose sketches agree, the earlier page first.
fn alike(sketches: &[&[u64]]) -> Vec<(usize, usize)> {
    let of_page =
        |(at, hashes): (usize, &&[u64])| hashes.iter().map(move |hash| (*hash, at)).collect::<Vec<_>>();
    let mut sharing: Vec<(u64, usize)> = sketches.iter().enumerate().flat_map(of_page).collect();
    sharing.sort_unstable();
    // For each page and hash, the pages before it that have the hash too.
    let mut before: Vec<Vec<&[(u64, usize)]>> = vec![Vec::new(); sketches.len()];
    for group in sharing.chunk_by(|a, b| a.0 == b.0).filter(|group| (2..=COMMON).contains(&group.len())) {
        for (place, (_, page)) in group.iter().enumerate().skip(1) {
            before[*page].push(&group[..place]);
        }
    }
    let mut pairs = Vec::new();
    let mut rare = vec![0; sketches.len()];
    for (page, before) in before.iter().enumerate() {
        let others = || before.iter().flat_map(|group| group.iter().map(|(_, other)| *other));
        others().for_each(|other| rare[other] += 1);
        for other in others() {
            let shared = std::mem::take(&mut rare[other]);
            if shared >= RARE && in_both(sketches[other], sketches[page]) >= AGREE {
                pairs.push((other, page));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The one approved earlier first; where that says nothing, the one whose name comes later.
fn by_age<'d>(a: &'d Document, b: &'d Document) -> (&'d Document, &'d Document) {
    let key = |document: &Document| document.matter.approved.as_ref().map(|day| day.value);
    let marked = |document: &Document| MARKED.is_match(&document.slug);
    match (marked(a), marked(b)) {
        (true, false) => return (a, b),
        (false, true) => return (b, a),
        _ => {}
    }
    if key(a) < key(b) { (a, b) } else { (b, a) }
}

/// The smallest hashes of a page, in order; none of a page too short to tell. No larger than they are: there is one
/// of each page.
pub(super) fn sketch(page: &Page<'_>) -> Box<[u64]> {
    // As many as show that the page is long enough.
    let mut smallest: Vec<u64> = Vec::with_capacity(FEWEST + 1);
    each_window(page, |hash| {
        if smallest.len() == FEWEST && smallest.last().is_some_and(|largest| hash >= *largest) {
            return;
        }
        if let Err(at) = smallest.binary_search(&hash) {
            smallest.insert(at, hash);
            smallest.truncate(FEWEST);
        }
    });
    smallest.truncate(if smallest.len() == FEWEST { SKETCH } else { 0 });
    smallest.into_boxed_slice()
}

/// Hashes of all runs of words of a page, sorted, each once. Half of each hash is enough to tell a few thousand
/// apart.
fn all_windows(page: &Page<'_>) -> Box<[u32]> {
    let mut out = Vec::new();
    each_window(page, |hash| out.push((hash >> 32) as u32));
    out.sort_unstable();
    out.dedup();
    out.into_boxed_slice()
}

fn each_window(page: &Page<'_>, mut found: impl FnMut(u64)) {
    let mut last = [0; WINDOW];
    let mut words = 0;
    for passage in &page.passages {
        each_word(&passage.words, |word| {
            last.copy_within(1.., 0);
            last[WINDOW - 1] = word;
            words += 1;
            if words >= WINDOW {
                found(mixed(last.iter().fold(0, |sum: u64, word| sum.rotate_left(13) ^ word)));
            }
        });
    }
}

/// Gives the hash of every word, FNV-1a over small letters, in one pass over the bytes.
fn each_word(text: &str, mut found: impl FnMut(u64)) {
    const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;
    let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let bytes = text.as_bytes();
    let (mut hash, mut within, mut at) = (EMPTY, false, 0);
    while let Some(&byte) = bytes.get(at) {
        let part = if byte.is_ascii() {
            at += 1;
            let part = byte.is_ascii_alphanumeric();
            if part {
                hash = add(hash, byte.to_ascii_lowercase());
            }
            part
        } else {
            let letter = text[at..].chars().next().unwrap_or_default();
            let end = at + letter.len_utf8();
            let part = letter.is_alphanumeric();
            if part {
                hash = bytes[at..end].iter().fold(hash, |hash, byte| add(hash, *byte));
            }
            at = end;
            part
        };
        if within && !part {
            found(hash);
            hash = EMPTY;
        }
        within = part;
    }
    if within {
        found(hash);
    }
}

/// Spreads a hash evenly, so that the smallest are a fair sample.
fn mixed(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// The share of two pages’ runs of words that both have (Dice’s coefficient).
fn resemblance(a: &[u32], b: &[u32]) -> f64 {
    let both = a.len() + b.len();
    if both == 0 { 0.0 } else { 2.0 * in_both(a, b) as f64 / both as f64 }
}

/// How many numbers stand in both of two lists, each in order.
fn in_both<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut same) = (0, 0, 0);
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
    same
}
