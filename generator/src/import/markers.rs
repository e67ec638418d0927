//! What stands before a list item, a clause or a numbered heading.

use super::words;

/// The mark at the beginning of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    /// A bullet of any shape. Which one tells how deep it is.
    Bullet(char),
    /// "3." or "3)".
    Number {
        /// The number.
        value: u32,
        /// What follows it.
        delimiter: char,
    },
    /// "a)", "(iv)", "b.": Markdown has no such lists, so the mark stays among the words.
    Letter(String),
    /// "3.4" or "5.1.1.": a section or clause. The mark stays among the words.
    Section {
        /// The numbers between the dots.
        numbers: Vec<u32>,
        /// The mark as it is written.
        label: String,
    },
}

impl Marker {
    /// What kind of mark it is; items of one kind at one indentation are on one level.
    pub(super) fn kind(&self) -> char {
        match self {
            // Hyphens become dashes at a word processor's whim.
            Self::Bullet('-' | '–' | '—' | '‐' | '‑') => '-',
            Self::Bullet(shape) => *shape,
            Self::Number { delimiter, .. } => {
                if *delimiter == '.' {
                    '1'
                } else {
                    '2'
                }
            }
            Self::Letter(label) => {
                if label.contains(['i', 'v', 'x'])
                    && !matches!(label.trim_matches(['(', ')', '.']), "i" | "v" | "x")
                {
                    'i'
                } else {
                    'a'
                }
            }
            Self::Section { .. } => '§',
        }
    }

    /// The mark as the source has it, where it says something; nothing for a bullet.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Bullet(_) => String::new(),
            Self::Number { value, delimiter } => format!("{value}{delimiter}"),
            Self::Letter(label) | Self::Section { label, .. } => label.clone(),
        }
    }
}

/// Shapes that are always bullets at the beginning of a line, with or without a space after them.
fn is_shape(c: char) -> bool {
    matches!(
        c,
        '•' | '●'
            | '○'
            | '◦'
            | '∙'
            | '·'
            | '⁃'
            | '‣'
            | '▪'
            | '▫'
            | '■'
            | '□'
            | '☐'
            | '❑'
            | '❖'
            | '◆'
            | '◇'
            | '➢'
            | '➤'
            | '►'
            | '▶'
            | '✓'
            | '✔'
            | '✗'
            | '✘'
            | '»'
            | '\u{f000}'..='\u{f0ff}'
    )
}

/// Marks that are bullets only with a space after them.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‐' | '‑' | '*')
}

/// The mark and the text after it, or nothing. `o` counts only where `o_may_be_a_bullet`.
pub(super) fn read(text: &str, o_may_be_a_bullet: bool) -> Option<(Marker, &str)> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    if is_shape(first) {
        return Some((Marker::Bullet(first), rest.trim_start()));
    }
    if is_dash(first) && (rest.is_empty() || rest.starts_with(char::is_whitespace)) {
        return Some((Marker::Bullet(first), rest.trim_start()));
    }
    if first == 'o' && o_may_be_a_bullet && rest.starts_with(char::is_whitespace) {
        return Some((Marker::Bullet('o'), rest.trim_start()));
    }
    numbered(text).or_else(|| lettered(text))
}

fn numbered(text: &str) -> Option<(Marker, &str)> {
    let label_end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ')').unwrap_or(text.len());
    let label = &text[..label_end];
    let rest = &text[label_end..];
    if label.len() > 12 || !label.starts_with(|c: char| c.is_ascii_digit()) || !rest.starts_with([' ', '\t'])
    {
        return None;
    }
    let bare = label.trim_end_matches(['.', ')']);
    let tail = &label[bare.len()..];
    let numbers: Option<Vec<u32>> = bare.split('.').map(|part| part.parse().ok()).collect();
    let numbers = numbers?;
    let rest = rest.trim_start();
    match (numbers.as_slice(), tail) {
        // "0.5" is a measure, "0." opens no list; and a leading zero would be lost from the words.
        ([0, ..], _) => None,
        _ if bare.starts_with('0') || bare.contains(".0") => None,
        ([value], "." | ")") => {
            Some((Marker::Number { value: *value, delimiter: tail.chars().next()? }, rest))
        }
        ([_, _, ..], "" | "." | ")") if rest.starts_with(|c: char| !c.is_lowercase()) => {
            Some((Marker::Section { numbers, label: label.to_owned() }, rest))
        }
        _ => None,
    }
}

fn lettered(text: &str) -> Option<(Marker, &str)> {
    let (label, rest) = text.split_once([' ', '\t'])?;
    let open = label.starts_with('(');
    let inner = label.trim_start_matches('(');
    let (inner, tail) = inner.split_at(inner.len() - inner.chars().next_back()?.len_utf8());
    let one_letter = inner.len() == 1 && inner.chars().all(|c| c.is_ascii_lowercase());
    let roman = (1..=5).contains(&inner.len()) && inner.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let digits = open && (1..=2).contains(&inner.len()) && inner.chars().all(|c| c.is_ascii_digit());
    let capital = tail == ")" && inner.len() == 1 && inner.chars().all(|c| c.is_ascii_uppercase());
    let known = one_letter || roman || digits || capital;
    let closed = tail == ")" || (tail == "." && !open && (one_letter || roman));
    (known && closed).then(|| (Marker::Letter(label.to_owned()), rest.trim_start()))
}

/// "1 Introduction": a number with no dot before words that begin with a capital letter. Weak evidence
/// on its own.
pub(super) fn bare_number(text: &str) -> Option<(u32, &str)> {
    let (number, rest) = text.split_once([' ', '\t'])?;
    let rest = rest.trim_start();
    (number.len() <= 2
        && !number.starts_with('0')
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && words::begins_in_upper_case(rest))
    .then_some(())?;
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Marker, read};

    #[test]
    fn bullets_of_every_shape_are_seen() {
        for text in ["• hat", "•hat", "- hat", "– hat", "\u{f0b7} hat", "▪\that", "* hat", "➢ hat"]
        {
            assert_eq!(read(text, false).unwrap().1, "hat", "{text}");
        }
        assert!(read("o hat", true).is_some() && read("o hat", false).is_none());
        assert!(read("-hat", false).is_none() && read("*hat*", false).is_none());
    }

    #[test]
    fn numbers_letters_and_sections_are_told_apart_from_measures() {
        assert!(matches!(read("3. Hats", false).unwrap().0, Marker::Number { value: 3, .. }));
        assert!(matches!(read("3.4 Hats", false).unwrap().0, Marker::Section { .. }));
        assert!(matches!(read("(iv) hats", false).unwrap().0, Marker::Letter(_)));
        assert!(matches!(read("b) hats", false).unwrap().0, Marker::Letter(_)));
        for text in ["3.4 million", "0.5 Litres", "i.e. hats", "12 hats", "14.09.2026", "3.05 Litres"] {
            assert!(read(text, false).is_none(), "{text}");
        }
    }
}
