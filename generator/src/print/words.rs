//! The words on paper that are not the school’s own.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::theme::{Theme, ThemeError};

const OWN: &str = "print/words.en.toml";
const SHARED: &str = "web/words.en.toml";

/// All of them.
pub(super) struct Words {
    pub(super) own: Own,
    pub(super) shared: Shared,
}

/// Those that stand on paper alone.
#[derive(Deserialize)]
pub(super) struct Own {
    pub(super) kind: Kinds,
    pub(super) page: Page,
    pub(super) sign: BTreeMap<String, Sign>,
    pub(super) home: Sign,
    pub(super) bundle: BundleWords,
    pub(super) display: DisplayWords,
    pub(super) to_sign: ToSign,
}

/// On a class's promise.
#[derive(Deserialize)]
pub(super) struct DisplayWords {
    /// Over the marks.
    pub(super) says: String,
}

/// What stands over a title.
#[derive(Deserialize, Clone)]
pub(super) struct Kinds {
    pub(super) policy: String,
    pub(super) flowchart: String,
    pub(super) guide_families: String,
    pub(super) guide_children: String,
    pub(super) guide_staff: String,
}

/// Around the text.
#[derive(Deserialize, Clone)]
pub(super) struct Page {
    pub(super) contents: String,
    pub(super) number: String,
    pub(super) of: String,
    /// Before the room for a day.
    pub(super) date: String,
}

/// On the list of what to print.
#[derive(Deserialize)]
pub(super) struct BundleWords {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) kind: String,
    pub(super) head: Vec<String>,
    pub(super) one_side: String,
    pub(super) two_sides: String,
    pub(super) screen: String,
    pub(super) colour: String,
    pub(super) grey: String,
    pub(super) as_needed: String,
    pub(super) chapters: BTreeMap<String, ChapterWords>,
    pub(super) groups: BTreeMap<String, String>,
    /// What a sheet with two languages is for; `{language}` is the other one.
    pub(super) to_sign_two_sides: String,
    pub(super) to_sign_beside: String,
    /// The same of a page in another language.
    pub(super) to_read: String,
    pub(super) notes: Vec<String>,
}

/// What is done with the papers of some parts.
#[derive(Deserialize)]
pub(super) struct ChapterWords {
    pub(super) title: String,
    pub(super) says: String,
}

/// On a sheet to sign.
#[derive(Deserialize)]
pub(super) struct ToSign {
    /// Where the words are that explain promises, if there is no room for them.
    pub(super) elsewhere: String,
}

/// Where somebody signs.
#[derive(Deserialize, Clone)]
pub(crate) struct Sign {
    pub(super) title: String,
    #[serde(default)]
    pub(super) says: String,
    pub(super) lines: Vec<String>,
    pub(super) mark: Option<String>,
    /// Whether the grown-ups at home sign too.
    #[serde(default)]
    pub(super) home: bool,
}

/// Those that paper shares with pages.
#[derive(Deserialize)]
pub(super) struct Shared {
    pub(super) page: SharedPage,
    pub(super) translation: TranslationWords,
    pub(super) agreement: BTreeMap<String, String>,
    pub(super) flowcharts: Flowcharts,
    pub(super) forms: BTreeMap<String, String>,
}

/// What a reader of a translation is told before anything else.
#[derive(Deserialize, Clone)]
pub(super) struct TranslationWords {
    pub(super) sign: String,
    pub(super) counts: String,
    pub(super) english: String,
    pub(super) unchecked: String,
    pub(super) checked_by: String,
    pub(super) outdated: String,
    pub(super) gaps: String,
}

/// The words around a page’s own, all in one language.
pub(super) struct Around {
    pub(super) kind: Kinds,
    pub(super) numbers: Page,
    pub(super) page: SharedPage,
    pub(super) agreement: BTreeMap<String, String>,
    pub(super) translation: TranslationWords,
}

impl Around {
    /// Of a language’s two catalogues, where they have every one of them: words of two languages side by side
    /// help nobody.
    pub(super) fn of(print: &str, web: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Print {
            kind: Kinds,
            page: Page,
        }
        #[derive(Deserialize)]
        struct Web {
            page: SharedPage,
            agreement: BTreeMap<String, String>,
            translation: TranslationWords,
        }
        let (print, web): (Print, Web) = (toml::from_str(print).ok()?, toml::from_str(web).ok()?);
        let Web { page, agreement, translation } = web;
        Some(Self { kind: print.kind, numbers: print.page, page, agreement, translation })
    }
}

/// Around a flowchart.
#[derive(Deserialize)]
pub(super) struct Flowcharts {
    pub(super) go_to: String,
    pub(super) drawing: String,
    pub(super) back: String,
    pub(super) ends: String,
}

/// What a page says about itself.
#[derive(Deserialize, Clone)]
pub(super) struct SharedPage {
    pub(super) in_brief: String,
    pub(super) owner: String,
    pub(super) approved: String,
    pub(super) review_due: String,
    pub(super) version: String,
    pub(super) not_stated: String,
}

impl Words {
    pub(super) fn of(theme: &Theme) -> Result<Self, ThemeError> {
        Ok(Self { own: read(theme, OWN)?, shared: read(theme, SHARED)? })
    }
}

fn read<T: serde::de::DeserializeOwned>(theme: &Theme, file: &str) -> Result<T, ThemeError> {
    toml::from_str(theme.text(file)?)
        .map_err(|why| ThemeError::Broken { file: file.to_owned(), why: why.message().to_owned() })
}
