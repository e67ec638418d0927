//! What the theme knows of a language: its name, its script, its words for parts of a page.

use std::{collections::BTreeMap, sync::Arc};

use records::language::Language;
use serde::Deserialize;
use tera::Value;

use super::{SiteError, navigation::Navigation};
use crate::{
    load::{School, language},
    theme::{Theme, ThemeError},
};

/// Keys whose words stand in attributes, or are marked where they stand: never marked themselves.
const NEVER_MARKED: [&str; 6] =
    ["nav", "page.table", "page.form", "page.overdue", "home.values", "flowcharts.drawing"];

/// A language as `web/languages.toml` has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    /// Its name in itself.
    pub(crate) name: String,
    /// Its name in English, as lists of families say it.
    pub(crate) english: String,
    /// Other names for it in English.
    #[serde(default)]
    pub(crate) also: Vec<String>,
    /// The script whose fonts it needs; none for Latin.
    pub(crate) script: Option<String>,
}

/// Every language that the theme knows, by its tag.
///
/// # Errors
/// [`ThemeError`] when the list is missing or broken.
pub(crate) fn known(theme: &Theme) -> Result<BTreeMap<String, Known>, ThemeError> {
    const FILE: &str = "web/languages.toml";
    toml::from_str(theme.text(FILE)?)
        .map_err(|why| ThemeError::Broken { file: FILE.to_owned(), why: why.to_string() })
}

/// A language's entry: of the whole tag, or of the language alone. With another script (`ur-Latn`), only
/// the whole tag counts.
pub(crate) fn find<'k>(known: &'k BTreeMap<String, Known>, language: &Language) -> Option<&'k Known> {
    let alone = || known.get(language::without_region(language)?.as_str());
    known.get(language.as_str()).or_else(alone)
}

/// A language that pages of this site are in, and its words.
pub(super) struct Tongue {
    /// Its tag.
    pub(super) language: Language,
    /// Its name in itself.
    pub(super) name: String,
    /// The catalogue, English where it has no words, marked as English.
    pub(super) words: Value,
    /// The same, unmarked.
    pub(super) plain: Value,
    /// The ways of its pages.
    pub(super) navigation: Arc<Navigation>,
    /// Whether the names of the site's parts are in this language.
    pub(super) has_navigation: bool,
    /// The months as they follow a day; none where the catalogue has none.
    pub(super) months: Vec<String>,
}

impl Tongue {
    /// A language's words from `web/words.TAG.toml`.
    pub(super) fn of(
        school: &School,
        theme: &Theme,
        known: &BTreeMap<String, Known>,
        english: &toml::Table,
        language: &Language,
    ) -> Result<Self, SiteError> {
        let file = [language.as_str(), language::primary(language)]
            .map(|tag| format!("web/words.{tag}.toml"))
            .into_iter()
            .find(|file| theme.get(file).is_some());
        let own: toml::Table = match &file {
            None => toml::Table::new(),
            Some(file) => toml::from_str(theme.text(file)?)
                .map_err(|why| ThemeError::Broken { file: file.clone(), why: why.to_string() })?,
        };
        let tag = super::html::escape(&school.settings.language);
        let months = own.get("dates").and_then(|dates| dates.get("months")).and_then(|list| list.as_array());
        let months = months.map(|list| list.iter().filter_map(|m| m.as_str().map(str::to_owned)).collect());
        let plain = merged("", english, &own, None);
        Ok(Self {
            navigation: Arc::new(Navigation::of(school, &plain)),
            language: language.clone(),
            name: find(known, language).map_or_else(|| language.to_string(), |known| known.name.clone()),
            words: merged("", english, &own, Some(&tag)),
            plain,
            has_navigation: own.contains_key("nav"),
            months: months.filter(|months: &Vec<String>| months.len() == 12).unwrap_or_default(),
        })
    }

    /// A day in this language's words, or in figures that every language reads.
    pub(super) fn day(&self, day: jiff::civil::Date) -> String {
        match self.months.get(usize::from(day.month().unsigned_abs()).saturating_sub(1)) {
            Some(month) => format!("{} {month} {}", day.day(), day.year()),
            None => day.to_string(),
        }
    }
}

/// The English catalogue with a language's own words in it; `mark` is the tag that English words carry.
fn merged(path: &str, english: &toml::Table, own: &toml::Table, mark: Option<&str>) -> Value {
    let mut out = BTreeMap::new();
    for (key, value) in english {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let there = own.get(key);
        let merged = match (value, there) {
            (toml::Value::Table(english), there) => {
                let empty = toml::Table::new();
                let own = there.and_then(|own| own.as_table()).unwrap_or(&empty);
                merged(&path, english, own, mark)
            }
            (_, Some(toml::Value::String(own))) => Value::normal_string(own),
            (toml::Value::String(words), _) => {
                let plain = NEVER_MARKED.iter().any(|kept| path.starts_with(kept));
                match mark.filter(|_| !plain) {
                    Some(tag) => Value::safe_string(&format!(
                        "<span lang=\"{tag}\" dir=\"ltr\">{}</span>",
                        super::html::escape(words)
                    )),
                    None => Value::normal_string(words),
                }
            }
            (other, _) => Value::from_serializable(other),
        };
        out.insert(key.clone(), merged);
    }
    Value::from(out)
}
