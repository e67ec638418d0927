//! A second reader of the index, plainer than the script's, that counts what it fetches.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    sync::{LazyLock, Mutex},
};

use super::*;

/// A finished index.
struct Index {
    files: BTreeMap<String, Vec<u8>>,
    languages: Vec<Language>,
}

/// What one visitor has fetched.
struct Visitor<'i> {
    index: &'i Index,
    table: serde_json::Value,
    fetched: BTreeMap<String, usize>,
}

impl<'i> Visitor<'i> {
    fn new(index: &'i Index, language: &str) -> Self {
        let mut visitor = Self { index, table: serde_json::Value::Null, fetched: BTreeMap::new() };
        let table = &index.languages.iter().find(|l| l.code == language).unwrap().table;
        visitor.table = visitor.part(table);
        visitor
    }

    fn part(&mut self, name: &str) -> serde_json::Value {
        let bytes = &self.index.files[&format!("{name}.js")];
        self.fetched.insert(name.to_owned(), bytes.len());
        let text = std::str::from_utf8(bytes).unwrap();
        let (head, rest) = text.split_once(',').unwrap();
        assert_eq!(head, format!("signpostPart(\"{name}\""));
        serde_json::from_str(rest.strip_suffix(");\n").unwrap()).unwrap()
    }

    fn bytes(&self) -> usize {
        self.fetched.values().sum()
    }

    /// Words of a dictionary that begin so, with their numbers.
    fn beginning(&mut self, dictionary: &str, start: &str) -> Vec<(String, usize)> {
        let parts = self.table[dictionary].as_array().unwrap().clone();
        let mut found = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let first = part[0].as_str().unwrap();
            let next = parts.get(at + 1).map(|next| next[0].as_str().unwrap());
            let may_hold =
                next.is_none_or(|next| next >= start) && (first <= start || first.starts_with(start));
            if !may_hold {
                continue;
            }
            let data = self.part(part[2].as_str().unwrap());
            let data = data.as_str().unwrap();
            let mut word: Vec<char> = Vec::new();
            let mut capitals = 0;
            let mut number = part[1].as_u64().unwrap() as usize;
            for letter in data.chars() {
                if !letter.is_ascii_uppercase() {
                    word.push(letter);
                    continue;
                }
                if capitals % 2 == 0 {
                    word.truncate(letter as usize - 'A' as usize);
                } else {
                    let whole: String = word.iter().collect();
                    if whole.starts_with(start) {
                        found.push((whole, number));
                    }
                    number += 1;
                }
                capitals += 1;
            }
        }
        found
    }

    fn part_with(&mut self, kind: &str, number: usize) -> (usize, serde_json::Value) {
        let parts = self.table[kind].as_array().unwrap();
        let at = parts.partition_point(|part| part[0].as_u64().unwrap() as usize <= number) - 1;
        let (first, name) =
            (parts[at][0].as_u64().unwrap() as usize, parts[at][1].as_str().unwrap().to_owned());
        (first, self.part(&name))
    }

    fn pages_with(&mut self, number: usize) -> Vec<(usize, u32)> {
        let (first, data) = self.part_with("lists", number);
        let text = data.as_str().unwrap().split(' ').nth(number - first).unwrap().to_owned();
        let signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let (mut out, mut next, mut value, mut shift) = (Vec::new(), 0, 0u32, 0);
        for sign in text.chars() {
            let digit = signs.find(sign).unwrap() as u32;
            value |= (digit & 31) << shift;
            shift += 5;
            if digit & 32 == 0 {
                next += (value >> 2) as usize;
                out.push((next, value & 3));
                next += 1;
                (value, shift) = (0, 0);
            }
        }
        out
    }

    fn address(&mut self, page: usize) -> String {
        let (first, data) = self.part_with("shown", page);
        data[page - first][0].as_str().unwrap().to_owned()
    }

    /// Words that are one slip away, as the script finds them.
    fn near(&mut self, typed: &str) -> BTreeSet<String> {
        let letters: Vec<char> = typed.chars().collect();
        let half = letters.len() / 2;
        let start: String = letters[..half].iter().collect();
        let end: String = letters[half + 1..].iter().rev().collect();
        let mut found: BTreeSet<String> =
            self.beginning("words", &start).into_iter().map(|(word, _)| word).collect();
        found.extend(
            self.beginning("endings", &end).into_iter().map(|(word, _)| word.chars().rev().collect()),
        );
        found.retain(|word| one_slip(&letters, &word.chars().collect::<Vec<_>>()));
        found
    }
}

/// One letter wrong, missing, too many, or two changed round.
fn one_slip(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let tail = |n: usize, m: usize| a.get(n..) == b.get(m..) && a.get(n..).is_some();
    let turned = a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0];
    tail(1, 1) || tail(0, 1) || tail(1, 0) || turned && tail(2, 2)
}

fn page(title: &str, body: &str) -> String {
    format!("<html lang=\"en-GB\"><main><h1>{title}</h1><p>{body}</p></main>")
}

fn index_of(pages: &[(String, String)]) -> Index {
    // In runs, as several threads read them.
    let run = |pages: &[(String, String)]| {
        let mut read = Read::default();
        pages.iter().for_each(|(path, html)| read.page(path, html));
        read
    };
    let files = Mutex::new(BTreeMap::new());
    let take = |name, bytes| -> Result<(), Infallible> {
        files.lock().unwrap().insert(name, bytes);
        Ok(())
    };
    let runs = pages.chunks(pages.len().div_ceil(3).max(1)).map(run).collect();
    let languages = super::index_of(runs, &take).unwrap();
    Index { files: files.into_inner().unwrap(), languages }
}

/// A repeatable row of numbers (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

/// `count` different words of 2 to 12 letters that look like a language's: syllables, shared endings.
fn vocabulary(count: usize, dice: &mut Dice) -> Vec<String> {
    let heads = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "ch", "co",
        "re",
    ];
    let hearts = ["a", "e", "i", "o", "u", "ea", "ou", "er", "in", "an"];
    let ends = ["", "", "s", "ing", "ed", "er", "ion", "ly", "n", "t"];
    let mut seen = BTreeSet::new();
    let mut words = Vec::new();
    while words.len() < count {
        let mut word = String::new();
        for _ in 0..=dice.below(3) {
            word.push_str(heads[dice.below(heads.len())]);
            word.push_str(hearts[dice.below(hearts.len())]);
        }
        word.push_str(ends[dice.below(ends.len())]);
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// 1,000 pages of 1,200 words; the n-th word of the vocabulary is as frequent as 1/n (Zipf's law).
fn natural_pages() -> (Vec<String>, Vec<(String, String)>) {
    let mut dice = Dice(20_261_122);
    let words = vocabulary(20_000, &mut dice);
    let mut sums = Vec::new();
    let mut sum = 0.0;
    for rank in 1..=words.len() {
        sum += 1.0 / rank as f64;
        sums.push(sum);
    }
    let pages = (0..1000)
        .map(|number| {
            let mut text = String::new();
            for _ in 0..1200 {
                let at = dice.below(1 << 30) as f64 / f64::from(1 << 30) * sum;
                text.push_str(&words[sums.partition_point(|s| *s < at).min(words.len() - 1)]);
                text.push(' ');
            }
            // So that all 20,000 are somewhere.
            for rare in 0..20 {
                text.push_str(&words[number * 20 + rare]);
                text.push(' ');
            }
            (
                format!("policies/page-{number}/index.html"),
                page(&format!("Page {number} of the school"), &text),
            )
        })
        .collect();
    (words, pages)
}

/// Made once: the words and the index of [`natural_pages`].
static NATURAL: LazyLock<(Vec<String>, Index)> = LazyLock::new(|| {
    let (words, pages) = natural_pages();
    (words, index_of(&pages))
});

#[test]
fn every_word_of_every_page_leads_to_it() {
    let texts = ["Phones stay at the gate, children’s ones too.", "Café: e-mail 0800 1111", "Кто? أمان"];
    let pages: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| (format!("p{n}/index.html"), page(&format!("Title{n}"), text)))
        .collect();
    let index = index_of(&pages);
    for (number, text) in texts.iter().enumerate() {
        let mut all = Vec::new();
        words::each(text, |word| all.push(word.to_owned()));
        for word in all {
            let mut visitor = Visitor::new(&index, "en");
            let (_, at) = visitor.beginning("words", &word).into_iter().find(|(w, _)| *w == word).unwrap();
            let found: Vec<_> =
                visitor.pages_with(at).into_iter().map(|(page, _)| visitor.address(page)).collect();
            assert!(found.contains(&format!("p{number}/")), "{word}: {found:?}");
        }
    }
}

#[test]
fn a_title_counts_more_than_a_heading_and_that_more_than_the_text() {
    let html = |main: &str| format!("<html lang=\"en\"><main>{main}</main>");
    let pages = [
        ("a/index.html".to_owned(), html("<h1>A</h1><p>phones once")),
        ("b/index.html".to_owned(), html("<h1>B</h1><h2>Phones</h2>")),
        ("c/index.html".to_owned(), html("<h1>Phones</h1>")),
    ];
    let index = index_of(&pages);
    let mut visitor = Visitor::new(&index, "en");
    let at = visitor.beginning("words", "phones")[0].1;
    assert_eq!(visitor.pages_with(at), [(0, 0), (1, 2), (2, 3)]);
}

#[test]
fn each_language_has_an_index_of_its_own() {
    let pages = [
        ("a/index.html".to_owned(), page("Phones", "telephone")),
        ("b/index.html".to_owned(), page("More", "telephone")),
        ("a/pl/index.html".to_owned(), "<html lang=\"pl\"><main><h1>Telefony</h1>".to_owned()),
    ];
    let index = index_of(&pages);
    let codes: Vec<_> = index.languages.iter().map(|l| (l.code.as_str(), l.pages)).collect();
    assert_eq!(codes, [("en", 2), ("pl", 1)]);
    assert!(Visitor::new(&index, "pl").beginning("words", "telephone").is_empty());
    assert_eq!(Visitor::new(&index, "pl").beginning("words", "telefony").len(), 1);
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let pages: Vec<_> = natural_pages().1.into_iter().take(60).collect();
    let (one, two) = (index_of(&pages), index_of(&pages));
    assert_eq!(one.files, two.files);
    assert_eq!(one.languages, two.languages);
}

#[test]
fn a_page_that_changes_leaves_most_parts_of_the_index_as_they_were() {
    let mut pages: Vec<_> = natural_pages().1.into_iter().take(60).collect();
    let before = index_of(&pages);
    pages[30].1 = pages[30].1.replace("</p>", " zyzzyva</p>");
    let after = index_of(&pages);
    let new = after.files.keys().filter(|name| !before.files.contains_key(*name)).count();
    assert!(new * 3 < after.files.len(), "{new} of {} parts are new", after.files.len());
}

#[test]
fn one_slip_anywhere_in_a_word_of_five_letters_or_more_is_forgiven() {
    let (words, index) = &*NATURAL;
    let mut dice = Dice(7);
    let mut visitor = Visitor::new(index, "en");
    for word in words.iter().step_by(997) {
        let letters: Vec<char> = word.chars().collect();
        for at in 0..letters.len() {
            let wrong = char::from(b'a' + dice.below(26) as u8);
            let mut slips = vec![letters.clone(), letters.clone(), letters.clone(), letters.clone()];
            slips[0][at] = wrong;
            slips[1].insert(at, wrong);
            slips[2].remove(at);
            if at > 0 {
                slips[3].swap(at - 1, at);
            }
            for slip in slips.into_iter().filter(|slip| slip.len() >= 5 && *slip != letters) {
                let typed: String = slip.iter().collect();
                assert!(visitor.near(&typed).contains(word), "“{typed}” does not lead to “{word}”");
            }
        }
    }
}

/// The limit for everything that a first search fetches.
const FIRST_SEARCH: usize = 150_000;

#[test]
fn a_first_search_over_a_thousand_pages_fetches_less_than_150_kb() {
    let (words, index) = &*NATURAL;
    let script = include_bytes!("../../../themes/web/search.js").len();
    let total: usize = index.files.values().map(Vec::len).sum();
    let mut most = 0;
    // A frequent word, one of the middle and a rare one, the last with a slip in it.
    for at in (0..words.len()).step_by(997) {
        let mut visitor = Visitor::new(index, "en");
        let mut shown = BTreeSet::new();
        for word in [&words[at / 100], &words[at / 10], &words[at]] {
            let found = visitor.beginning("words", word);
            let number = found.iter().find(|(w, _)| w == word).unwrap().1;
            shown.extend(visitor.pages_with(number).into_iter().map(|(page, _)| page));
        }
        let slip: String = words[at].chars().skip(1).collect();
        if slip.chars().count() >= 5 {
            let _ = visitor.near(&slip);
        }
        // The pages that lie furthest apart: no two in one part.
        for page in shown.iter().step_by((shown.len() / 8).max(1)).take(8) {
            let _ = visitor.address(*page);
        }
        most = most.max(visitor.bytes() + script);
    }
    println!("index {total} bytes in {} files; first search at most {most} bytes", index.files.len());
    assert!(most <= FIRST_SEARCH, "{most} bytes");
}
