//! Small questions about words that several rooms ask.

/// The number of pieces between spaces that have a letter or digit in them.
pub(super) fn count(text: &str) -> usize {
    text.split_whitespace().filter(|piece| has_letter_or_digit(piece)).count()
}

/// Whether there is anything to read in the text.
pub(super) fn has_letter_or_digit(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Letters and digits in lower case and nothing else: two lines with the same key say the same.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a text in lower case, cut at everything that is no letter or digit.
pub(super) fn lower_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether a sentence or a clause ends here, so that what follows is something new.
pub(super) fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '\'', '”', '’', ')', ']', '*', ' ']);
    bare.ends_with(['.', '!', '?', ':', ';', '…'])
}

/// Whether the text begins in the middle of a sentence. "eSafety" and "iPads" do not count.
pub(super) fn begins_in_lower_case(text: &str) -> bool {
    let mut letters = text.chars().skip_while(|c| !c.is_alphanumeric());
    let first = letters.next();
    let second = letters.next();
    first.is_some_and(char::is_lowercase) && !second.is_some_and(char::is_uppercase)
}

/// Whether the first letter or digit is a capital letter (or the word is like "eSafety").
pub(super) fn begins_in_upper_case(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(char::is_alphabetic) && !begins_in_lower_case(text)
}

/// Whether every letter is a capital, and there are at least two.
pub(super) fn is_all_capitals(text: &str) -> bool {
    let mut capitals = 0;
    for letter in text.chars().filter(|c| c.is_alphabetic()) {
        if letter.is_lowercase() {
            return false;
        }
        capitals += usize::from(letter.is_uppercase());
    }
    capitals >= 2
}

/// Verbs that make a short line a sentence rather than a heading.
const VERBS: [&str; 27] = [
    "is",
    "are",
    "am",
    "was",
    "were",
    "will",
    "must",
    "should",
    "may",
    "might",
    "can",
    "could",
    "cannot",
    "has",
    "have",
    "had",
    "shall",
    "would",
    "don",
    "doesn",
    "won",
    "isn",
    "aren",
    "agree",
    "understand",
    "did",
    "does",
];

/// Whether the text reads like a sentence: it has a verb in a place where sentences have one.
pub(super) fn reads_like_a_sentence(text: &str) -> bool {
    let words = lower_words(text);
    let question = text.trim_end().ends_with('?');
    !question
        && words.iter().enumerate().any(|(place, word)| {
            VERBS.contains(&word.as_str()) && (place > 0 || matches!(word.as_str(), "don" | "will" | "must"))
        })
}

/// Whether a web or e-mail address is in the text.
pub(super) fn has_address(text: &str) -> bool {
    text.contains("://")
        || text.contains("www.")
        || text.split_whitespace().any(|piece| piece.contains('@') && piece.contains('.'))
}
