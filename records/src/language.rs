//! Languages, by their BCP 47 tag.

use std::{fmt, str::FromStr};

use crate::codec::text_codec;

/// A language tag such as `en-GB`, `pl`, `ur`, `pa-Guru` (the part of BCP 47 that schools need).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

/// A text that is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a language tag such as en-GB, pl or ur")]
pub struct NotALanguage(String);

impl Language {
    /// English, of no particular country.
    pub fn english() -> Self {
        Self("en".to_owned())
    }
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl FromStr for Language {
    type Err = NotALanguage;
    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        let mut parts = text.split('-');
        let first = parts
            .next()
            .is_some_and(|p| matches!(p.len(), 2 | 3) && p.bytes().all(|b| b.is_ascii_lowercase()));
        let rest = parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        if first && rest && text.len() <= 35 {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotALanguage(text.chars().take(40).collect()))
        }
    }
}
text_codec!(Language);
