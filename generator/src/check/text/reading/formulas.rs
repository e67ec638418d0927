//! Published formulas of readability.
//!
//! Reading ease: R. Flesch, “A new readability yardstick”, Journal of Applied Psychology 32 (1948), 221–233.
//! Grade: J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom, “Derivation of new readability formulas
//! for Navy enlisted personnel”, Research Branch Report 8-75, Naval Air Station Memphis (1975).
//! Both know only the length of sentences and words: they can tell that a page is hard, never that it is good.

use std::{cell::RefCell, collections::HashMap};

use super::syllables::syllables;

/// What a text is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Sentences; a list item is one.
    pub(super) sentences: usize,
    /// Words.
    pub(super) words: usize,
    /// Syllables.
    pub(super) syllables: usize,
}

impl Counts {
    /// Adds another text.
    pub(super) fn add(&mut self, other: Self) {
        self.sentences += other.sentences;
        self.words += other.words;
        self.syllables += other.syllables;
    }

    /// American school grade (Kincaid 1975).
    pub(super) fn grade(self) -> f64 {
        0.39 * self.words_a_sentence() + 11.8 * self.syllables_a_word() - 15.59
    }

    /// Reading ease, higher is easier (Flesch 1948).
    pub(super) fn ease(self) -> f64 {
        206.835 - 1.015 * self.words_a_sentence() - 84.6 * self.syllables_a_word()
    }

    fn words_a_sentence(self) -> f64 {
        self.words as f64 / self.sentences.max(1) as f64
    }

    fn syllables_a_word(self) -> f64 {
        self.syllables as f64 / self.words.max(1) as f64
    }
}

/// The counts of one sentence.
pub(super) fn counts(sentence: &str) -> Counts {
    let mut counts = Counts { sentences: 1, ..Counts::default() };
    each_word(sentence, |word| {
        // Addresses and file names are not read aloud.
        counts.words += 1;
        counts.syllables += syllables_of_known(word);
    });
    counts
}

/// Gives every run of letters, digits and apostrophes that has a letter.
fn each_word(sentence: &str, mut found: impl FnMut(&str)) {
    let bytes = sentence.as_bytes();
    let (mut start, mut at, mut letters) = (None, 0, false);
    while let Some(&byte) = bytes.get(at) {
        let from = at;
        let (part, letter) = if byte.is_ascii() {
            at += 1;
            (byte.is_ascii_alphanumeric() || byte == b'\'', byte.is_ascii_alphabetic())
        } else {
            let c = sentence[at..].chars().next().unwrap_or_default();
            at += c.len_utf8();
            (c.is_alphanumeric() || c == '’', c.is_alphabetic())
        };
        if part {
            start.get_or_insert(from);
            letters |= letter;
        } else if let Some(start) = start.take() {
            if letters {
                found(&sentence[start..from]);
            }
            letters = false;
        }
    }
    if let Some(start) = start.filter(|_| letters) {
        found(&sentence[start..]);
    }
}

thread_local! {
    /// A school uses the same few thousand words again and again.
    static KNOWN: RefCell<HashMap<Box<str>, usize, foldhash::fast::FixedState>> = RefCell::default();
}

/// So many words are remembered, each of at most so many bytes.
const MOST_KNOWN: usize = 50_000;
const LONGEST_KNOWN: usize = 32;

fn syllables_of_known(word: &str) -> usize {
    KNOWN.with_borrow_mut(|known| {
        if let Some(count) = known.get(word) {
            return *count;
        }
        let count = syllables(word);
        if known.len() < MOST_KNOWN && word.len() <= LONGEST_KNOWN {
            known.insert(word.into(), count);
        }
        count
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, published: f64) {
        assert!((value - published).abs() < 0.06, "{value} is not {published}");
    }

    #[test]
    fn the_published_worked_examples_come_out_as_published() {
        // “The Australian platypus is seemingly a hybrid of a mammal and reptilian creature” is printed
        // with 13 words, 24 syllables, ease 37.5 and grade 11.3.
        let platypus = Counts { sentences: 1, words: 13, syllables: 24 };
        near(platypus.ease(), 37.5);
        near(platypus.grade(), 11.3);
        // “The cat sat on the mat.” is printed with ease 116.
        let cat = counts("The cat sat on the mat.");
        assert_eq!(cat, Counts { sentences: 1, words: 6, syllables: 6 });
        near(cat.ease(), 116.145);
        // The lowest grade that can be, one word of one syllable, is printed as -3.40; the highest ease
        // as 121.22.
        near(counts("Go.").grade(), -3.40);
        near(counts("Go.").ease(), 121.22);
    }

    #[test]
    fn the_platypus_is_counted_as_it_is_printed() {
        let counts =
            counts("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.");
        assert_eq!(counts, Counts { sentences: 1, words: 13, syllables: 24 });
    }
}
