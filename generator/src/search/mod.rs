//! Searching a site without a server: an index in small parts, of which a search fetches a few.
//!
//! Pure: finished pages in, files out. Each part is a script that hands over one value, because a page
//! opened from a folder or a stick may load scripts but fetch nothing else. `themes/web/search.js` is the
//! reader. For each language there is a part that lists the others (its *table*), and then:
//!
//! - **words**: the dictionary in order, each word as `P rest D`: how many letters it shares with the word
//!   before (`A` is none), the rest of it, and the power of two of how many pages have it;
//! - **endings**: the same with each word written backwards. One slip leaves the first half of a word
//!   whole or the second; the words that begin, or end, like the typed one hold the one that was meant;
//! - **lists**: for each word, in the order of the dictionary, its pages as steps in base 32: what the
//!   word counts on that page (3 in the title, 2 in a heading, 1 often, 0 once) in the two lowest bits;
//! - **pages**: address, title, summary and headings, fetched for the results shown.
//!
//! Words are compared folded, see [`words`].

mod page;
mod parts;
mod words;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use self::{
    page::{Page, Tally},
    parts::{Files, Places},
};

/// A finished index.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Its files by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The languages with pages, the one with most pages first.
    pub languages: Vec<Language>,
}

/// One language of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Language {
    /// Its code without a region, such as `en`.
    pub code: String,
    /// The name of its table among the files, without `.js`.
    pub table: String,
    /// How many pages are written in it.
    pub pages: usize,
}

/// Makes the index of finished pages: `(path, HTML)`, in the order in which equally good results come.
/// A page without a `<main>` is left out. The same pages give the same bytes.
pub fn index(pages: &[(&str, &str)]) -> Index {
    let read: Vec<Page> = pages.par_iter().filter_map(|(path, html)| Page::read(path, html)).collect();
    let mut by_language: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    for page in &read {
        by_language.entry(&page.language).or_default().push(page);
    }
    let mut index = Index::default();
    for (code, pages) in by_language {
        let table = table(&mut index.files, &pages);
        index.languages.push(Language { code: code.to_owned(), table, pages: pages.len() });
    }
    index.languages.sort_by_key(|language| std::cmp::Reverse(language.pages));
    index
}

/// The list of an index's parts, as the script reads it.
#[derive(Serialize)]
struct Table {
    pages: usize,
    words: Vec<(String, usize, String)>,
    endings: Vec<(String, usize, String)>,
    lists: Vec<(usize, String)>,
    shown: Vec<(usize, String)>,
}

fn table(files: &mut Files, pages: &[&Page]) -> String {
    let mut places: HashMap<&str, Places> = HashMap::new();
    let length: u64 = pages.iter().map(|page| u64::from(page.length)).sum();
    for (number, page) in (0u32..).zip(pages) {
        for (word, tally) in &page.words {
            let counts = counts(*tally, page.length, length, pages.len());
            places.entry(word).or_default().push((number, counts));
        }
    }
    let mut in_order: Vec<(&str, Places)> = places.into_iter().collect();
    in_order.par_sort_unstable_by(|(a, _), (b, _)| as_scripts_do(a, b));
    let (names, lists): (Vec<&str>, Vec<Places>) = in_order.into_iter().unzip();

    let mut backwards: Vec<(String, usize)> = names
        .par_iter()
        .zip(&lists)
        .map(|(word, places)| (word.chars().rev().collect(), places.len()))
        .collect();
    backwards.par_sort_unstable_by(|(a, _), (b, _)| as_scripts_do(a, b));

    let table = Table {
        pages: pages.len(),
        words: parts::dictionary(files, names.iter().copied().zip(lists.iter().map(Vec::len))),
        endings: parts::dictionary(files, backwards.iter().map(|(word, pages)| (word.as_str(), *pages))),
        lists: parts::lists(files, &names, &lists),
        shown: parts::pages(files, pages),
    };
    // Numbers and strings always serialise.
    parts::add(files, &serde_json::to_string(&table).unwrap_or_default())
}

/// What a word counts on a page, 0 to 3; “often” is twice as often as in a page of average length.
fn counts(tally: Tally, length: u32, of_all: u64, pages: usize) -> u8 {
    let often = u64::from(tally.times) * of_all >= 2 * u64::from(length) * pages as u64;
    match tally {
        Tally { in_title: true, .. } => 3,
        Tally { in_heading: true, .. } => 2,
        Tally { times: 2.., .. } if often => 1,
        _ => 0,
    }
}

/// The order in which a script compares strings.
fn as_scripts_do(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

#[cfg(test)]
mod tests;
