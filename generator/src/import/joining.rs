//! Lines that were cut at the edge of a page, put together again.

use std::collections::HashSet;

use super::Notes;
use super::lines::Line;
use super::markers;
use super::words::{begins_in_lower_case, ends_sentence};

/// How a line stands to the one above it, with nothing between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The sentence goes on.
    Joined,
    /// The line was ended on purpose, but it is the same block.
    Broken,
    /// A new paragraph.
    Apart,
}

/// Words that do not end a line that was ended on purpose.
const GOES_ON: [&str; 24] = [
    "a", "an", "and", "as", "at", "by", "for", "from", "his", "her", "in", "into", "is", "of", "on", "or",
    "our", "that", "the", "their", "this", "to", "which", "with",
];

/// What of a paper's width a line with room to spare leaves free at least: proportional letters make
/// the count of characters uncertain.
const FULL_PER_CENT: usize = 82;

/// What has to be known of a whole text to join its lines.
pub(super) struct Joiner {
    /// How many characters fit on a line, if the text was wrapped at all.
    width: Option<usize>,
    /// Every word of the text in lower case, hyphenated ones whole.
    vocabulary: HashSet<String>,
}

impl Joiner {
    pub(super) fn of(lines: &[Line]) -> Self {
        Self { width: width(lines), vocabulary: vocabulary(lines) }
    }

    pub(super) fn relation(&self, above: &str, below: &str) -> Relation {
        let last_word = above.rsplit(' ').next().unwrap_or_default();
        let goes_on = above.ends_with([',', '-', '\u{ad}', '/', '(', '&'])
            || GOES_ON.contains(&last_word.to_lowercase().as_str());
        if goes_on || begins_in_lower_case(below) || below.starts_with([')', ',', '.', ';']) {
            return Relation::Joined;
        }
        if below.starts_with(|c: char| c.is_ascii_digit()) && refers_to_a_number(above) {
            return Relation::Joined;
        }
        let length = above.chars().count();
        let ends = ends_sentence(above);
        match self.width {
            Some(width) => {
                let next = below.split(' ').next().unwrap_or_default().chars().count();
                match ((length + 1 + next) * 100 > width * FULL_PER_CENT, ends) {
                    (true, _) => Relation::Joined,
                    (false, true) => Relation::Apart,
                    (false, false) => Relation::Broken,
                }
            }
            None if ends || length > 140 => Relation::Apart,
            None => Relation::Broken,
        }
    }

    /// Whether a line leaves much of the width free, as a heading does.
    pub(super) fn is_short(&self, text: &str) -> bool {
        text.chars().count() * 100 < self.width.unwrap_or(80) * 60
    }

    /// Whether a line fills the width, so that it may have been cut.
    pub(super) fn is_full(&self, text: &str) -> bool {
        self.width.is_some_and(|width| text.chars().count() * 100 > width * FULL_PER_CENT)
    }

    /// Puts the lower line after the upper one: with a space, or without where a word was cut.
    pub(super) fn glue(&self, above: &mut String, below: &str, line: usize, notes: &mut Notes) {
        if above.ends_with('\u{ad}') {
            above.pop();
            above.push_str(below);
            return;
        }
        let cut_word = above.ends_with(['-', '‐'])
            && above.chars().rev().nth(1).is_some_and(char::is_alphanumeric)
            && below.starts_with(char::is_alphanumeric);
        if !cut_word {
            if !above.is_empty() {
                above.push(' ');
            }
            above.push_str(below);
            return;
        }
        let hyphen = above.pop().unwrap_or('-');
        let first = above.rsplit(|c: char| !is_in_word(c)).next().unwrap_or_default().to_lowercase();
        let second: String = below.chars().take_while(|&c| is_in_word(c)).collect();
        let second = second.to_lowercase();
        if !self.is_one_word(&first, &second, below, line, notes) {
            above.push(hyphen);
        }
        above.push_str(below);
    }

    /// Whether the hyphen between the halves was only the line end's. The text's own words decide; where
    /// they say nothing, it is a doubt.
    fn is_one_word(&self, first: &str, second: &str, below: &str, line: usize, notes: &mut Notes) -> bool {
        if self.vocabulary.contains(&format!("{first}{second}")) {
            return true;
        }
        if self.vocabulary.contains(&format!("{first}-{second}")) || !below.starts_with(char::is_lowercase) {
            return false;
        }
        const PREFIXES: [&str; 22] = [
            "all", "anti", "co", "cross", "cyber", "e", "ex", "high", "home", "in", "long", "low", "multi",
            "non", "off", "on", "part", "pre", "self", "short", "up", "well",
        ];
        let hyphenated = PREFIXES.contains(&first)
            || first.contains('-')
            || (self.vocabulary.contains(first) && self.vocabulary.contains(second));
        let (one, other) = (format!("{first}{second}"), format!("{first}-{second}"));
        let (kept, instead) = if hyphenated { (&other, &one) } else { (&one, &other) };
        notes.doubt(
            line,
            format!("a word is cut at the end of the line; it was put together as “{kept}”"),
            format!("if it should be “{instead}”, change it"),
        );
        !hyphenated
    }
}

/// Whether a line ends so that a number must follow: "as set out in section".
pub(super) fn refers_to_a_number(above: &str) -> bool {
    let last = above.rsplit(' ').next().unwrap_or_default().to_lowercase();
    matches!(
        last.as_str(),
        "section"
            | "sections"
            | "appendix"
            | "paragraph"
            | "page"
            | "stage"
            | "year"
            | "and"
            | "of"
            | "to"
            | "in"
            | "or"
    )
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')
}

/// The width at which the text was wrapped: the length that nearly all lines stay under, if enough
/// lines that are followed by another come near it.
fn width(lines: &[Line]) -> Option<usize> {
    let mut lengths: Vec<usize> =
        lines.iter().filter(|line| !line.is_blank()).map(|line| line.text.chars().count()).collect();
    if lengths.len() < 2 {
        return None;
    }
    lengths.sort_unstable();
    // In a short text one line may be the only full one; in a long one a few stick out.
    let place = if lengths.len() < 20 { lengths.len() - 1 } else { (lengths.len() - 1) * 95 / 100 };
    let width = lengths[place];
    if !(40..=140).contains(&width) {
        return None;
    }
    let (mut followed, mut full) = (0, 0);
    for pair in lines.windows(2) {
        let [above, below] = pair else { continue };
        if above.is_blank() || below.is_blank() || markers::read(&below.text, true).is_some() {
            continue;
        }
        followed += 1;
        full += usize::from(above.text.chars().count() * 4 >= width * 3);
    }
    (followed > 0 && full * 10 >= followed * 3).then_some(width)
}

fn vocabulary(lines: &[Line]) -> HashSet<String> {
    let mut words = HashSet::new();
    for line in lines {
        for word in line.text.split(|c: char| !is_in_word(c)) {
            let word = word.trim_matches(['\'', '’']);
            if !word.is_empty() && !word.ends_with('-') {
                words.insert(word.to_lowercase());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::{Joiner, Notes};

    fn glued(text: &str, above: &str, below: &str) -> (String, usize) {
        let mut notes = Notes::default();
        let mut whole = above.to_owned();
        Joiner::of(&split(text)).glue(&mut whole, below, 1, &mut notes);
        (whole, notes.doubts.len())
    }

    #[test]
    fn a_cut_word_is_joined_as_the_rest_of_the_text_writes_it() {
        assert_eq!(glued("our playground is", "the play-", "ground"), ("the playground".into(), 0));
        assert_eq!(glued("well-being is", "our well-", "being"), ("our well-being".into(), 0));
        assert_eq!(glued("", "COVID-", "19"), ("COVID-19".into(), 0));
    }

    #[test]
    fn a_cut_word_that_the_text_does_not_know_is_a_doubt() {
        assert_eq!(glued("", "the respon-", "sible"), ("the responsible".into(), 1));
        assert_eq!(glued("", "a non-", "smoker"), ("a non-smoker".into(), 1));
    }
}
