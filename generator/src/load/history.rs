//! What published versions said: agreements in `history/<slug>.toml`, policies in
//! `history/policies/<slug>.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    document::{Document, Kind},
    tree::Tree,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The published versions of one agreement or policy, oldest first.
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
    /// The day on which words of a policy were last put right under this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    /// Names the exact words of an agreement, as signatures do. A policy is not signed and has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The words themselves, one for each title, paragraph and statement. Those of a policy are as
    /// [`crate::policy::words`] gives them.
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

/// Where policies' histories are, within the school.
pub const OF_POLICIES: &str = "history/policies";

/// The file that holds a page's history, where pages of its kind have one.
pub fn file_of(document: &Document) -> Option<String> {
    match document.kind {
        Kind::Agreement => Some(format!("history/{}.toml", document.slug)),
        Kind::Policy => Some(format!("{OF_POLICIES}/{}.toml", document.slug)),
        _ => None,
    }
}

/// Reads all histories by the address of the page: `agreements/ks1`, `policies/online-safety`.
pub fn read(tree: &Tree, problems: &mut Vec<Diagnostic>) -> BTreeMap<String, History> {
    let mut out = BTreeMap::new();
    for (folder, kind) in [("history", Kind::Agreement), (OF_POLICIES, Kind::Policy)] {
        for (path, bytes) in tree.folder(folder) {
            let slug = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
            let read = Source::from_bytes(path, bytes).and_then(|source| understood(&source));
            match read {
                Ok(history) => {
                    out.insert(format!("{}/{slug}", kind.folder()), history);
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    out
}

fn understood(source: &Source) -> Result<History, Diagnostic> {
    toml::from_str(&source.text).map_err(|error| {
        source.error(
            "broken-history",
            error.span().unwrap_or(0..0),
            format!("This record of what was published cannot be understood ({}).", error.message()),
            "Files in “history” are written by “signpost publish”. Bring this one back from a backup.",
        )
    })
}
