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
mod tallies;
mod words;

use rayon::prelude::*;
use serde::Serialize;

use self::{
    page::Page,
    parts::Parts,
    tallies::{Place, Tallies, Tally},
};

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

/// Finished pages that were read one after the other.
#[derive(Debug, Clone, Default)]
pub struct Read {
    languages: Vec<Spoken>,
}

/// The pages in one language.
#[derive(Debug, Clone)]
struct Spoken {
    code: String,
    pages: Vec<Known>,
    tallies: Tallies,
}

/// What is kept of a page once its words are counted.
#[derive(Debug, Clone)]
struct Known {
    address: Box<str>,
    /// What results show of it, as the script reads it.
    record: Box<str>,
    /// How many words it has.
    length: u32,
}

impl Read {
    /// Reads a page; one without a `<main>` is left out.
    pub fn page(&mut self, path: &str, html: &str) {
        let Some(code) = Page::language(html) else { return };
        let spoken = self.spoken(&code);
        let page = Page::read(path, html, &mut spoken.tallies);
        let record = parts::record(&page).into_boxed_str();
        spoken.pages.push(Known { address: page.address.into_boxed_str(), record, length: page.length });
    }

    fn spoken(&mut self, code: &str) -> &mut Spoken {
        let at = self.languages.iter().position(|spoken| spoken.code == code).unwrap_or_else(|| {
            self.languages.push(Spoken {
                code: code.to_owned(),
                pages: Vec::new(),
                tallies: Tallies::default(),
            });
            self.languages.len() - 1
        });
        &mut self.languages[at]
    }

    fn append(&mut self, others: Self) {
        for theirs in others.languages {
            let ours = self.spoken(&theirs.code);
            ours.pages.extend(theirs.pages);
            ours.tallies.append(theirs.tallies);
        }
    }
}

/// Makes the index of runs of pages that were read, in the order in which equally good results come, and hands
/// over each of its files by name; one that comes twice is the same. Gives the languages with pages, the one with
/// most pages first. The same pages give the same bytes, however they are shared out among runs.
///
/// # Errors
/// Whatever `take` answers.
pub fn index_of<E: Send>(
    runs: Vec<Read>,
    take: &(impl Fn(String, Vec<u8>) -> Result<(), E> + Sync),
) -> Result<Vec<Language>, E> {
    let all = runs.into_iter().reduce(|mut all, run| {
        all.append(run);
        all
    });
    let mut spoken = all.unwrap_or_default().languages;
    spoken.sort_by(|a, b| a.code.cmp(&b.code));
    let mut parts = Parts::new(take);
    let mut languages = Vec::new();
    for spoken in spoken {
        let pages = spoken.pages.len();
        let code = spoken.code.clone();
        let table = table(&mut parts, spoken);
        languages.push(Language { code, table, pages });
    }
    parts.finish()?;
    languages.sort_by_key(|language| std::cmp::Reverse(language.pages));
    Ok(languages)
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

/// A word of a dictionary.
struct Word {
    word: Box<str>,
    /// How many pages have it.
    pages: usize,
    /// Where it stands, as the script reads it.
    list: String,
}

fn table<E: Send>(files: &mut Parts<'_, E>, spoken: Spoken) -> String {
    let Spoken { pages, tallies, .. } = spoken;
    let shown = parts::pages(files, &pages);
    let lengths: Vec<u32> = pages.into_iter().map(|page| page.length).collect();
    let length: u64 = lengths.iter().copied().map(u64::from).sum();
    let mut in_order = tallies.into_words();
    in_order.par_sort_unstable_by(|(a, _), (b, _)| as_scripts_do(a, b));
    let weighed = |(number, tally): Place| {
        let page_length = lengths.get(number as usize).copied().unwrap_or_default();
        (number, counts(tally, page_length, length, lengths.len()))
    };
    let words: Vec<Word> = in_order
        .into_par_iter()
        .map(|(word, places)| Word {
            word,
            pages: places.pages(),
            list: parts::list(places.iter().map(weighed)),
        })
        .collect();

    let mut backwards: Vec<(String, usize)> =
        words.par_iter().map(|word| (word.word.chars().rev().collect(), word.pages)).collect();
    backwards.par_sort_unstable_by(|(a, _), (b, _)| as_scripts_do(a, b));

    let table = Table {
        pages: lengths.len(),
        words: parts::dictionary(files, words.iter().map(|word| (&*word.word, word.pages))),
        endings: parts::dictionary(files, backwards.iter().map(|(word, pages)| (word.as_str(), *pages))),
        lists: parts::lists(files, &words),
        shown,
    };
    // Numbers and strings always serialise.
    files.add(&serde_json::to_string(&table).unwrap_or_default())
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
