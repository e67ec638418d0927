//! Contents lists written by hand that no longer match the headings.

use std::collections::BTreeSet;

use super::{
    Page,
    passages::{Passage, Sort},
};
use crate::diagnostic::Diagnostic;

/// Fewer than this is no contents list.
const FEWEST: usize = 3;

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let passages = &page.passages;
    let list = passages.iter().enumerate().filter(|(_, passage)| is_title(passage)).find_map(|(at, _)| {
        let list: Vec<_> = passages[at + 1..].iter().take_while(|p| p.sort == Sort::Item).collect();
        (list.len() >= FEWEST).then_some(list)
    });
    let Some(list) = list else { return Vec::new() };
    let headings: BTreeSet<String> =
        page.document.body.headings.iter().map(|heading| bare(&heading.words)).collect();
    let lost: Vec<_> = list.iter().filter(|item| !headings.contains(&bare(&item.words))).collect();
    let Some(first) = lost.first() else { return Vec::new() };
    let more = match lost.len() {
        1 => String::new(),
        n => format!(" So it is with {n} of its {} lines.", list.len()),
    };
    let words = super::shown(&first.words);
    vec![page.warning(
        "contents-mismatch",
        first,
        0..first.words.len(),
        format!("This contents list names “{words}”, and no heading of the page says that.{more}"),
        "Take the list out: every page makes its own from its headings.",
    )]
}

fn is_title(passage: &Passage) -> bool {
    const TITLES: [&str; 4] = ["contents", "table of contents", "contents page", "index"];
    // Longer than any of them, with a number and dots around.
    const LONGEST: usize = 40;
    passage.words.len() <= LONGEST
        && passage.sort != Sort::Cell
        && TITLES.contains(&bare(&passage.words).as_str())
}

/// Words alone: without numbers before them and the dots and page number after them.
fn bare(words: &str) -> String {
    let words =
        words.trim().trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || ".…·".contains(c));
    let words =
        words.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || ".)(:".contains(c));
    words
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
