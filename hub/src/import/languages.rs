//! What languages are called in lists of people: the names that the letters know too.

use std::{collections::BTreeMap, sync::OnceLock};

use records::{headings::plain, language::Language};

const LIST: &str = include_str!("../../../themes/web/languages.toml");

#[derive(serde::Deserialize)]
struct Known {
    name: String,
    english: String,
    #[serde(default)]
    also: Vec<String>,
}

/// The language that a list means with a word such as “Polish”, “Panjabi (Gurmukhi)” or “pl”; none where the word is
/// not known, or means English.
pub fn meant(word: &str) -> Option<Language> {
    static NAMES: OnceLock<BTreeMap<String, Language>> = OnceLock::new();
    let names = NAMES.get_or_init(|| names(LIST));
    let beginning = word.split(['(', '-', '/', ',']).next().unwrap_or_default();
    [word, beginning].into_iter().find_map(|word| names.get(&plain(word)).cloned())
}

/// What a language is called in English: “Polish”. Its tag, where it is not known.
pub fn in_english(language: &Language) -> String {
    static NAMES: OnceLock<BTreeMap<String, Known>> = OnceLock::new();
    let known = NAMES.get_or_init(|| toml::from_str(LIST).unwrap_or_default());
    known.get(language.as_str()).map_or_else(|| language.to_string(), |known| known.english.clone())
}

fn names(list: &str) -> BTreeMap<String, Language> {
    // A test reads the list: it is built into the program.
    let known: BTreeMap<String, Known> = toml::from_str(list).unwrap_or_default();
    let mut names = BTreeMap::new();
    for (tag, known) in known {
        let Ok(language) = tag.parse::<Language>() else { continue };
        for name in [tag, known.english, known.name].into_iter().chain(known.also) {
            names.entry(plain(&name)).or_insert_with(|| language.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_their_english_names_and_their_own() {
        let tag = |word: &str| meant(word).map(|language| language.to_string());
        for (word, expected) in [
            ("Polish", "pl"),
            ("polish - believed to be", "pl"),
            ("Polski", "pl"),
            ("ur", "ur"),
            ("Dari", "fa"),
        ] {
            assert_eq!(tag(word).as_deref(), Some(expected), "{word}");
        }
        assert_eq!(tag("English"), None);
        assert_eq!(tag("Klingon"), None);
    }
}
