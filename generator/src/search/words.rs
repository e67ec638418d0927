//! Cuts text into words and folds them, so that a reader finds a word however it is written: `Café`,
//! `cafe` and `CAFÉ` are one word, and so are the ways in which keyboards write an Arabic letter.
//!
//! `themes/web/search.js` does the same to what is typed. Whoever changes one changes the other;
//! the browser test `every_word_of_every_page_is_found` tells when they differ.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;

/// Longer runs of letters are cut, in letters; no word that people type is as long.
const LONGEST: usize = 40;

/// Signs that stand above, below or between letters and count for nothing when words are compared:
/// accents, the vowel signs of Hebrew and Arabic, joiners, the soft hyphen.
const PASSED_OVER: [RangeInclusive<char>; 14] = [
    '\u{ad}'..='\u{ad}',
    '\u{2bc}'..='\u{2bc}',
    '\u{300}'..='\u{36f}',
    '\u{483}'..='\u{487}',
    '\u{591}'..='\u{5c7}',
    '\u{610}'..='\u{61a}',
    '\u{640}'..='\u{640}',
    '\u{64b}'..='\u{65f}',
    '\u{670}'..='\u{670}',
    '\u{6d6}'..='\u{6ed}',
    '\u{1ab0}'..='\u{1aff}',
    '\u{1dc0}'..='\u{1dff}',
    '\u{200c}'..='\u{200d}',
    '\u{20d0}'..='\u{20ff}',
];

/// Signs of Indian scripts that are part of a word although no letters: the dot below and the killer of a vowel.
const KEPT: [char; 16] = [
    '\u{93c}', '\u{94d}', '\u{9bc}', '\u{9cd}', '\u{a3c}', '\u{a4d}', '\u{abc}', '\u{acd}', '\u{b3c}',
    '\u{b4d}', '\u{bcd}', '\u{c4d}', '\u{ccd}', '\u{d4d}', '\u{dca}', '\u{e4e}',
];

/// Scripts that put no spaces between words: each letter counts as a word.
const UNSPACED: [RangeInclusive<char>; 7] = [
    '\u{e00}'..='\u{eff}',
    '\u{1000}'..='\u{109f}',
    '\u{1780}'..='\u{17ff}',
    '\u{3040}'..='\u{30ff}',
    '\u{3400}'..='\u{9fff}',
    '\u{f900}'..='\u{faff}',
    '\u{20000}'..='\u{3ffff}',
];

/// The zeros of digits that are not ours.
const ZEROS: [char; 10] = [
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{c66}', '\u{ce6}',
    '\u{d66}',
];

/// Gives every word of a text, folded, in order. Parts of a word with hyphens come one by one, and then
/// joined, so that `e-mail` is found as `mail` and as `email`.
pub(super) fn each(text: &str, mut found: impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let mut word = String::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii() && !byte.is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let length = |stop: fn(&u8) -> bool| bytes[at..].iter().position(stop).unwrap_or(bytes.len() - at);
        // Nearly all words are plain letters and nothing else.
        let letters = length(|byte| !byte.is_ascii_alphanumeric());
        let plain = (1..=LONGEST).contains(&letters)
            && !bytes.get(at + letters).is_some_and(|next| matches!(next, b'-' | b'\'') || !next.is_ascii());
        if plain {
            word.clear();
            word.push_str(&text[at..at + letters]);
            word.make_ascii_lowercase();
            found(&word);
            at += letters;
        } else {
            let run = length(u8::is_ascii_whitespace);
            of_run(&text[at..at + run], &mut found);
            at += run;
        }
    }
}

/// The same for letters without a space between them, whatever they are.
fn of_run(text: &str, mut found: impl FnMut(&str)) {
    let mut word = String::new();
    let mut joined = String::new();
    let mut parts = 0;
    let mut rest = text;
    loop {
        let start = rest.find(is_part).unwrap_or(rest.len());
        let goes_on = parts > 0 && start > 0 && is_hyphen(&rest[..start]);
        if !goes_on {
            if parts > 1 {
                one(&joined, &mut found);
            }
            joined.clear();
            parts = 0;
        }
        if start == rest.len() {
            break;
        }
        rest = &rest[start..];
        let length = length_of_word(rest);
        fold(&rest[..length], &mut word);
        rest = &rest[length..];
        for part in word.split(' ').filter(|part| !part.is_empty()) {
            one(part, &mut found);
        }
        joined.extend(word.chars().filter(|c| *c != ' '));
        parts += 1;
    }
}

fn one(word: &str, found: &mut impl FnMut(&str)) {
    if word.is_ascii() && word.len() <= LONGEST {
        return found(word);
    }
    let mut from = 0;
    for (at, letter) in word.char_indices() {
        if within(letter, &UNSPACED) {
            if from < at {
                found(cut(&word[from..at]));
            }
            from = at + letter.len_utf8();
            found(&word[at..from]);
        }
    }
    if from < word.len() {
        found(cut(&word[from..]));
    }
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(LONGEST).map_or(word, |(end, _)| &word[..end])
}

/// The bytes up to the end of the word that begins here; an apostrophe between letters is within it.
fn length_of_word(text: &str) -> usize {
    let mut end = 0;
    let mut after_apostrophe = false;
    for (at, letter) in text.char_indices() {
        if is_part(letter) {
            end = at + letter.len_utf8();
            after_apostrophe = false;
        } else if is_apostrophe(letter) && !after_apostrophe {
            after_apostrophe = true;
        } else {
            break;
        }
    }
    end
}

/// Writes the folded word; a space where folding leaves something that is no part of a word.
fn fold(word: &str, out: &mut String) {
    out.clear();
    let word = without_possessive(word);
    if word.is_ascii() {
        out.extend(word.chars().filter(|c| *c != '\'').map(|c| c.to_ascii_lowercase()));
        return;
    }
    let lower = word.nfkd().collect::<String>().to_lowercase();
    for letter in lower.chars() {
        match letter {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ς' => out.push('σ'),
            'ى' | 'ی' | 'ے' => out.push('ي'),
            'ک' => out.push('ك'),
            'ة' | 'ہ' | 'ھ' | 'ە' | 'ۃ' => out.push('ه'),
            'ٱ' => out.push('ا'),
            letter if is_apostrophe(letter) || within(letter, &PASSED_OVER) => {}
            letter if !is_part(letter) => out.push(' '),
            letter => out.push(our_digit(letter)),
        }
    }
}

fn without_possessive(word: &str) -> &str {
    let Some(stem) = word.strip_suffix(['s', 'S']) else { return word };
    match stem.strip_suffix(is_apostrophe) {
        Some(stem) if !stem.is_empty() => stem,
        _ => word,
    }
}

fn our_digit(letter: char) -> char {
    let value = ZEROS.iter().find_map(|zero| {
        let value = (letter as u32).checked_sub(*zero as u32)?;
        (value < 10).then_some(value)
    });
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(letter)
}

fn within(letter: char, ranges: &[RangeInclusive<char>]) -> bool {
    ranges.iter().any(|range| range.contains(&letter))
}

fn is_part(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    letter.is_alphanumeric() || within(letter, &PASSED_OVER) || KEPT.contains(&letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | 'ʼ')
}

fn is_hyphen(between: &str) -> bool {
    matches!(between, "-" | "\u{2010}" | "\u{2011}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        each(text, |word| out.push(word.to_owned()));
        out
    }

    #[test]
    fn capitals_accents_and_apostrophes_make_no_difference() {
        assert_eq!(
            of("Café CAFE\u{301} “don’t” don't the child’s"),
            ["cafe", "cafe", "dont", "dont", "the", "child"]
        );
        assert_eq!(of("Zażółć Straße"), ["zazolc", "strasse"]);
    }

    #[test]
    fn a_word_with_a_hyphen_is_found_in_parts_and_whole() {
        assert_eq!(of("an e-mail, 0800 1111 – then"), ["an", "e", "mail", "email", "0800", "1111", "then"]);
    }

    #[test]
    fn the_ways_of_writing_an_arabic_letter_are_one() {
        assert_eq!(of("أمان"), of("امان"));
        assert_eq!(of("کی"), of("كي"));
        assert_eq!(of("مُحَمَّد ۱۲"), ["محمد", "12"]);
    }

    #[test]
    fn scripts_without_capitals_keep_their_vowel_signs() {
        assert_eq!(of("ਸਕੂਲ স্কুল பள்ளி"), ["ਸਕੂਲ", "স্কুল", "பள்ளி"]);
    }

    #[test]
    fn a_script_without_spaces_is_found_letter_by_letter() {
        assert_eq!(of("学校 网"), ["学", "校", "网"]);
    }

    #[test]
    fn a_run_of_letters_without_end_is_cut() {
        assert_eq!(of(&"é".repeat(500)), ["e".repeat(40)]);
    }
}
