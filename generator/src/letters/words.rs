//! The program's own words in letters.

use serde::Deserialize;

use crate::theme::{Theme, ThemeError};

const FILE: &str = "print/words.en.toml";

/// In English; those of other languages are the print's.
#[derive(Deserialize)]
pub(super) struct Words {
    /// Who stands on an envelope where the list names nobody; `{pupil}` is the child.
    pub(super) to: String,
    /// That there is no translation; `{language}` and `{phone}`.
    pub(super) no_translation: String,
    /// Before the number of a page.
    #[serde(skip)]
    pub(super) page: String,
}

impl Words {
    pub(super) fn of(theme: &Theme) -> Result<Self, ThemeError> {
        #[derive(Deserialize)]
        struct Page {
            number: String,
        }
        #[derive(Deserialize)]
        struct File {
            letter: Words,
            page: Page,
        }
        let file: File = toml::from_str(theme.text(FILE)?)
            .map_err(|why| ThemeError::Broken { file: FILE.to_owned(), why: why.message().to_owned() })?;
        Ok(Self { page: file.page.number, ..file.letter })
    }
}
