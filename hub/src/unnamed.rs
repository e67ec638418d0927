//! Text with names taken out of it: for whoever may read what is held about them, and not about others.

/// What stands in the place of what was taken out.
pub const IN_ITS_PLACE: &str = "[somebody else]";

/// Names, or other words, that are to be taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden(Vec<Vec<char>>);

impl Hidden {
    /// Those that are no empty words. A longer one goes before a shorter one that it begins with.
    pub fn new<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Self {
        let mut all: Vec<Vec<char>> =
            phrases.into_iter().map(letters).filter(|one| !one.is_empty()).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.len()));
        Self(all)
    }

    /// The text without them. A word is taken out whole or not at all: “Ann” leaves “Annual” as it is.
    pub fn out_of(&self, text: &str) -> String {
        let mut told = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = None;
        while let Some(first) = rest.chars().next() {
            let found = match begins(before, first) {
                true => self.0.iter().find_map(|phrase| reaches(rest, phrase)),
                false => None,
            };
            let (piece, after) = rest.split_at(found.unwrap_or(first.len_utf8()));
            told.push_str(if found.is_some() { IN_ITS_PLACE } else { piece });
            before = piece.chars().next_back();
            rest = after;
        }
        told
    }
}

/// Whether this stands in a text as whole words, written with capital letters or small ones.
pub fn stands_in(text: &str, phrase: &str) -> bool {
    let phrase = letters(phrase);
    let mut before = None;
    !phrase.is_empty()
        && text.char_indices().any(|(at, first)| {
            let begins = begins(before, first);
            before = Some(first);
            begins && reaches(&text[at..], &phrase).is_some()
        })
}

/// Small letters, with one space between words.
fn letters(phrase: &str) -> Vec<char> {
    phrase.split_whitespace().collect::<Vec<_>>().join(" ").chars().flat_map(char::to_lowercase).collect()
}

/// Whether a word can begin here.
fn begins(before: Option<char>, first: char) -> bool {
    !before.is_some_and(char::is_alphanumeric) && !first.is_whitespace()
}

/// How many bytes of the text are this phrase, if the text begins with it and a word ends there.
fn reaches(text: &str, phrase: &[char]) -> Option<usize> {
    let mut wanted = phrase.iter().copied().peekable();
    let mut at = 0;
    while wanted.peek().is_some() {
        let next = text[at..].chars().next()?;
        if next.is_whitespace() {
            if wanted.next() != Some(' ') {
                return None;
            }
            at += text[at..].len() - text[at..].trim_start().len();
            continue;
        }
        for letter in next.to_lowercase() {
            if wanted.next() != Some(letter) {
                return None;
            }
        }
        at += next.len_utf8();
    }
    let ends = !text[at..].chars().next().is_some_and(char::is_alphanumeric);
    ends.then_some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_words_are_taken_out_however_they_are_written() {
        let hidden = Hidden::new(["Ann", "Ann Cole", "  ", "Łucja", "İpek"]);
        for (text, expected) in [
            ("Ann  Cole and ANN’s annual day", "[somebody else] and [somebody else]’s annual day"),
            ("ann\ncole, łucja-maria; Annie", "[somebody else], [somebody else]-maria; Annie"),
            ("İPEK saw it. i̇pek?", "[somebody else] saw it. [somebody else]?"),
            ("Joanna, Ann", "Joanna, [somebody else]"),
            ("", ""),
            ("Ann Colewood", "[somebody else] Colewood"),
        ] {
            assert_eq!(hidden.out_of(text), expected);
        }
        assert!(stands_in("It was  MAX\tBell, I think", "max bell"));
        assert!(!stands_in("It was the maximum", "Max") && !stands_in("Max", "") && !stands_in("", "Max"));
    }

    proptest! {
        #[test]
        fn nothing_that_was_to_be_hidden_is_left_and_nothing_else_is_touched(
            text in "[a-cA-C’ .\nßİ]{0,60}",
            phrases in prop::collection::vec("[a-cA-Cßİ]{1,3}( [a-cA-C]{1,2})?", 0..4),
        ) {
            let hidden = Hidden::new(phrases.iter().map(String::as_str));
            let told = hidden.out_of(&text);
            let without = told.replace(IN_ITS_PLACE, "•");
            for phrase in &phrases {
                prop_assert!(!stands_in(&without, phrase), "{phrase:?} in {without:?}");
            }
            if phrases.iter().all(|phrase| !stands_in(&text, phrase)) {
                prop_assert_eq!(told, text);
            }
        }
    }
}
