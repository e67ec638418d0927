//! A made-up school with as many pages and as many different words as a bench asks for.
//!
//! Words come as in a natural language: the one in place n about 1/n as often as the first (G. K. Zipf, “Human
//! Behavior and the Principle of Least Effort”, 1949). The same numbers give the same bytes.

use std::{fmt::Write as _, fs, io, path::Path};

/// Words of running text on each page, about.
const LENGTH: usize = 1_000;

const SCHOOL: &str = include_str!("../site/school.toml");

/// Chance that is the same in each run (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }

    /// A place in a list of so many, the first ones far more often.
    fn place(&mut self, of: usize) -> usize {
        let part = self.below(1 << 30) as f64 / f64::from(1 << 30);
        ((of as f64).powf(part) - 1.0) as usize
    }
}

/// Different words that can be said, the short ones first.
pub fn vocabulary(words: usize) -> Vec<String> {
    const BEGIN: [&str; 14] = ["b", "br", "ch", "d", "f", "gr", "h", "l", "m", "p", "s", "st", "t", "w"];
    const MIDDLE: [&str; 9] = ["a", "e", "i", "o", "u", "ai", "ea", "oo", "ou"];
    const END: [&str; 8] = ["", "n", "r", "ll", "t", "ck", "sh", "nd"];
    let syllable = |number: usize| {
        let (begin, rest) = (number % BEGIN.len(), number / BEGIN.len());
        format!("{}{}{}", BEGIN[begin], MIDDLE[rest % MIDDLE.len()], END[rest / MIDDLE.len() % END.len()])
    };
    let all = BEGIN.len() * MIDDLE.len() * END.len();
    let word = |number: usize| match number.checked_sub(all) {
        None => syllable(number),
        // A step that shares no factor with the number of syllables leads to all of them.
        Some(more) => format!("{}{}", syllable(more * 5 % all), syllable(more / all * 11 + more * 13 % all)),
    };
    let mut seen = std::collections::HashSet::new();
    (0..).map(word).filter(|word| seen.insert(word.clone())).take(words).collect()
}

/// Writes the school.
///
/// # Errors
/// What the system says.
pub fn write(school: &Path, pages: usize, words: &[String]) -> io::Result<()> {
    fs::create_dir_all(school.join("policies"))?;
    fs::write(school.join("school.toml"), SCHOOL)?;
    fs::write(
        school.join("home.md"),
        "+++\ntitle = \"Measured Primary School\"\n+++\nEvery policy we have.\n",
    )?;
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for number in 1..=pages {
        fs::write(school.join(file(number)), page(number, words, &mut chance))?;
    }
    Ok(())
}

/// The file of a page, counted from 1, within its school.
pub fn file(number: usize) -> String {
    format!("policies/page-{number}.md")
}

fn page(number: usize, words: &[String], chance: &mut Chance) -> String {
    let mut text = format!(
        "+++\ntitle = \"{} {number}\"\nsummary = \"{}\"\nowner = \"head\"\napproved = 2025-09-15\napproved_by = \"the governing board\"\nreview_due = 2036-09-15\nversion = \"1.0\"\n+++\n",
        capital(&words[chance.place(words.len())]),
        sentence(words, chance),
    );
    let mut written = 0;
    while written < LENGTH {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {} {written}\n\n", capital(&words[chance.below(words.len())]));
        for _ in 0..8 {
            let sentence = sentence(words, chance);
            written += sentence.split(' ').count();
            text.push_str(&sentence);
            text.push(' ');
        }
        text.push('\n');
    }
    text
}

fn sentence(words: &[String], chance: &mut Chance) -> String {
    let length = 8 + chance.below(10);
    let said: Vec<&str> = (0..length).map(|_| words[chance.place(words.len())].as_str()).collect();
    format!("{}.", capital(&said.join(" ")))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
