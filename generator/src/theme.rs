//! How a site looks: templates, styles, symbols, fonts and the model school.
//!
//! They are built into the program, so that it works alone; a folder given
//! with `--themes` or `SIGNPOST_THEMES` replaces the built-in themes.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use crate::{diagnostic::Diagnostic, load::tree::Tree, source::Source};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// A file of the theme's folder cannot be read.
    #[error("the themes in {folder} cannot be read: {why}")]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        why: String,
    },
    /// Something that every theme has is not there.
    #[error("the theme has no file “{0}”")]
    Missing(String),
    /// A file of the theme cannot be understood.
    #[error("the theme’s file “{file}” cannot be understood: {why}")]
    Broken {
        /// The file.
        file: String,
        /// What is wrong in it.
        why: String,
    },
}

/// The files of the themes by path: `web/…`, `symbols/…`, `fonts/…`, `kiosk/…`.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    files: BTreeMap<String, Cow<'static, [u8]>>,
    alts: BTreeMap<String, String>,
    built_in: bool,
}

impl Theme {
    /// The theme that is built into the program.
    ///
    /// # Errors
    /// Only if the program was built from broken themes.
    pub fn embedded() -> Result<Self, ThemeError> {
        let files = THEMES.iter().map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes)));
        Ok(Self { built_in: true, ..Self::of_files(files.collect())? })
    }

    /// The theme in a folder.
    ///
    /// # Errors
    /// [`ThemeError`] when it cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, ThemeError> {
        let unreadable = |why: String| ThemeError::Unreadable { folder: folder.to_owned(), why };
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(folder).max_depth(6).sort_by_file_name() {
            let entry = entry.map_err(|error| unreadable(error.to_string()))?;
            if entry.file_type().is_file() {
                let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                let bytes = fs::read(entry.path()).map_err(|error| unreadable(error.to_string()))?;
                files.insert(parts.join("/"), bytes.into());
            }
        }
        Self::of_files(files)
    }

    fn of_files(files: BTreeMap<String, Cow<'static, [u8]>>) -> Result<Self, ThemeError> {
        let mut theme = Self { files, alts: BTreeMap::new(), built_in: false };
        if theme.get("symbols/symbols.toml").is_some() {
            let text = theme.text("symbols/symbols.toml")?;
            theme.alts = symbol_alts(text)
                .map_err(|why| ThemeError::Broken { file: "symbols/symbols.toml".to_owned(), why })?;
        }
        Ok(theme)
    }

    /// Whether it is the one that is built into the program.
    pub fn is_built_in(&self) -> bool {
        self.built_in
    }

    /// A file's bytes.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| &**bytes)
    }

    /// Every file with its bytes, in the order of paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), &**bytes))
    }

    /// A file's text.
    ///
    /// # Errors
    /// [`ThemeError::Missing`] or [`ThemeError::Broken`].
    pub fn text(&self, path: &str) -> Result<&str, ThemeError> {
        let bytes = self.get(path).ok_or_else(|| ThemeError::Missing(path.to_owned()))?;
        std::str::from_utf8(bytes)
            .map_err(|why| ThemeError::Broken { file: path.to_owned(), why: why.to_string() })
    }

    /// The files of a folder with this ending.
    pub fn folder<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, bytes)| (path.as_str(), &**bytes))
    }

    /// A shipped symbol's drawing.
    pub fn symbol(&self, name: &str) -> Option<&[u8]> {
        self.get(&format!("symbols/{name}.svg"))
    }

    /// Names of all shipped symbols.
    pub fn symbol_names(&self) -> BTreeSet<&str> {
        self.folder("symbols/", ".svg")
            .filter_map(|(path, _)| path.strip_prefix("symbols/")?.strip_suffix(".svg"))
            .collect()
    }

    /// What a shipped symbol shows, in a sentence.
    pub fn symbol_alt(&self, name: &str) -> Option<&str> {
        self.alts.get(name).map(String::as_str)
    }
}

/// Reads the alternative texts of symbols: `[name]` with `alt = "…"`.
///
/// # Errors
/// What is wrong, as a sentence.
pub fn symbol_alts(text: &str) -> Result<BTreeMap<String, String>, String> {
    #[derive(serde::Deserialize)]
    struct Entry {
        alt: String,
    }
    let entries: BTreeMap<String, Entry> =
        toml::from_str(text).map_err(|error| error.message().to_owned())?;
    Ok(entries.into_iter().map(|(name, entry)| (name, entry.alt)).collect())
}

/// The files of the model school, which `signpost new` copies: all but what it
/// published itself, because a new school has published nothing.
pub fn model_school() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    MODEL_SCHOOL.iter().filter(|(path, _)| !path.starts_with("history/")).map(|(path, bytes)| (*path, *bytes))
}

/// A file of the model school.
pub fn model_file(path: &str) -> Option<&'static [u8]> {
    MODEL_SCHOOL.iter().find(|(file, _)| *file == path).map(|(_, bytes)| *bytes)
}

/// A settings file of the school, or, where it has none, the one that comes with the model school: lists
/// such as that of superseded laws serve a school that never heard of them.
pub fn school_file(tree: &Tree, path: &str, problems: &mut Vec<Diagnostic>) -> Option<Source> {
    if let Some(bytes) = tree.files.get(path) {
        return Source::from_bytes(path, bytes).map_err(|problem| problems.push(problem)).ok();
    }
    Source::from_bytes(path, model_file(path)?).ok()
}
