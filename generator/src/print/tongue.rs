//! What paper says in the language of a translation.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::{day::Day, language::Language};
use serde::Deserialize;

use super::words::{Around, Sign};
use crate::{
    load::{School, language},
    site::tongue::{self, Known},
    theme::{Theme, ThemeError},
};

/// A language's words on paper. Those that the theme does not have are English.
pub(crate) struct Tongue {
    /// Its tag.
    pub(crate) language: Language,
    /// Its name in itself.
    pub(crate) name: String,
    /// That a letter goes on in it overleaf; where the theme has no words for that, its name.
    pub(crate) over: String,
    /// That nobody has checked a translation.
    pub(crate) unchecked: String,
    /// That the English words are what is signed.
    pub(crate) sign: String,
    /// Where the words are that explain promises, if there is no room for them.
    pub(crate) elsewhere: Option<String>,
    /// Where an agreement is signed, by its audience.
    pub(crate) signing: BTreeMap<String, Sign>,
    /// The half of the grown-ups at home.
    pub(crate) home: Option<Sign>,
    /// The words around a page’s own, if the theme has all of them.
    pub(super) around: Option<Around>,
    months: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Shared {
    dates: Dates,
    translation: Translation,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Dates {
    months: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Translation {
    unchecked: Option<String>,
    sign: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Own {
    letter: Letter,
    to_sign: ToSign,
    sign: BTreeMap<String, Sign>,
    home: Option<Sign>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Letter {
    over: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ToSign {
    elsewhere: Option<String>,
}

impl Tongue {
    pub(crate) fn of(
        theme: &Theme,
        known: &BTreeMap<String, Known>,
        language: &Language,
    ) -> Result<Self, ThemeError> {
        let shared: Shared = in_language(theme, "web", language)?.unwrap_or_default();
        let english: Shared = read(theme, "web/words.en.toml")?;
        let own: Own = in_language(theme, "print", language)?.unwrap_or_default();
        let name =
            tongue::find(known, language).map_or_else(|| language.to_string(), |known| known.name.clone());
        let (here, there) = (shared.translation, english.translation);
        let text = |folder| file_in(theme, folder, language).and_then(|file| theme.text(&file).ok());
        let around = text("print").zip(text("web")).and_then(|(print, web)| Around::of(print, web));
        Ok(Self {
            language: language.clone(),
            around,
            over: own.letter.over.unwrap_or_else(|| name.clone()),
            name,
            unchecked: here.unchecked.or(there.unchecked).unwrap_or_default(),
            sign: here.sign.or(there.sign).unwrap_or_default(),
            elsewhere: own.to_sign.elsewhere,
            signing: own.sign,
            home: own.home,
            months: if shared.dates.months.len() == 12 { shared.dates.months } else { Vec::new() },
        })
    }

    /// Those of every language that published pages are in.
    pub(crate) fn all(school: &School, theme: &Theme) -> Result<BTreeMap<Language, Self>, ThemeError> {
        let known = tongue::known(theme)?;
        let languages = school.languages().into_iter();
        languages.map(|language| Ok((language.clone(), Self::of(theme, &known, language)?))).collect()
    }

    /// A day in this language's words, or in figures that every language reads.
    pub(crate) fn day(&self, day: Date) -> String {
        match self.months.get(usize::from(day.month().unsigned_abs()).saturating_sub(1)) {
            Some(month) => format!("{} {month} {}", day.day(), day.year()),
            None => Day::from(day).to_string(),
        }
    }
}

/// The file of a language's words, where the theme has one: of the whole tag, or of the language alone.
fn file_in(theme: &Theme, folder: &str, language: &Language) -> Option<String> {
    let files =
        [language.as_str(), language::primary(language)].map(|tag| format!("{folder}/words.{tag}.toml"));
    files.into_iter().find(|file| theme.get(file).is_some())
}

fn in_language<T: serde::de::DeserializeOwned>(
    theme: &Theme,
    folder: &str,
    language: &Language,
) -> Result<Option<T>, ThemeError> {
    file_in(theme, folder, language).map(|file| read(theme, &file)).transpose()
}

fn read<T: serde::de::DeserializeOwned>(theme: &Theme, file: &str) -> Result<T, ThemeError> {
    toml::from_str(theme.text(file)?)
        .map_err(|why| ThemeError::Broken { file: file.to_owned(), why: why.message().to_owned() })
}
