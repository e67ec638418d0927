//! What earlier published versions of the agreements said: `history/<slug>.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tree::Tree;
use crate::{diagnostic::Diagnostic, source::Source};

/// The published versions of one agreement, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// One entry for each version.
    #[serde(default, rename = "published")]
    pub versions: Vec<Published>,
}

/// One published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The version.
    pub version: String,
    /// The day on which it was first published.
    pub day: String,
    /// Who said that it might be, where that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Names the exact words.
    pub digest: String,
    /// The words themselves, one for each title, paragraph and statement.
    pub words: Vec<String>,
}

impl History {
    /// The last published version.
    pub fn latest(&self) -> Option<&Published> {
        self.versions.last()
    }

    /// The entry of this version.
    pub fn of_version(&self, version: &str) -> Option<&Published> {
        self.versions.iter().find(|entry| entry.version == version)
    }
}

/// Reads all histories by the agreement's slug.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> BTreeMap<String, History> {
    let mut out = BTreeMap::new();
    for (path, bytes) in tree.folder("history") {
        let source = match Source::from_bytes(path, bytes) {
            Ok(source) => source,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let slug = path.trim_start_matches("history/").trim_end_matches(".toml").to_owned();
        match toml::from_str(&source.text) {
            Ok(history) => {
                out.insert(slug, history);
            }
            Err(error) => problems.push(source.error(
                "broken-history",
                error.span().unwrap_or(0..0),
                format!("This record of what was published cannot be understood ({}).", error.message()),
                "Files in “history” are written by “signpost publish”. Bring this one back from a backup.",
            )),
        }
    }
    out
}
