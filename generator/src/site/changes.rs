//! What each version of an agreement or a policy changed.

use jiff::civil::Date;
use serde::Serialize;

use super::{
    Drawing, Site, SiteError,
    difference::{self, Marks, Section},
    html, view,
};
use crate::{
    agreement,
    load::{
        School,
        document::{Document, Kind},
        made::Made,
        placeholder,
    },
    policy,
};

/// Where the changes of a page stand.
pub(super) fn address(document: &Document) -> String {
    let made = Made::Changes.address();
    match document.kind {
        Kind::Agreement => format!("{made}/{}", document.slug),
        _ => format!("{made}/{}", document.address()),
    }
}

/// A version and what it changed.
#[derive(Serialize)]
struct VersionView {
    anchor: String,
    version: String,
    published: String,
    /// In the place of `published` where nobody has published it yet.
    approved: String,
    corrected: String,
    approved_by: String,
    /// The version that it is compared with; empty for the first one on record.
    since: String,
    sections: Vec<Section>,
}

/// A page whose words changed, in the list of all.
#[derive(Serialize)]
pub(super) struct ChangedPage {
    href: String,
    title: String,
    version: String,
    /// As in [`VersionView`].
    published: String,
    approved: String,
    versions: usize,
}

/// One version of a page, on record or as it stands now.
struct Version {
    version: String,
    published: Option<String>,
    approved: Option<Date>,
    corrected: Option<String>,
    approved_by: Option<String>,
    /// As readers met them, with what `school.toml` states today.
    words: Vec<String>,
}

/// Every version, oldest first. The words as they stand now come last, in the place of those on record
/// under the same version: a slip may have been put right.
fn versions(school: &School, document: &Document) -> Vec<Version> {
    let Some(history) = school.history_of(document) else { return Vec::new() };
    let filled = |words: &[String]| match document.kind {
        Kind::Policy => words.iter().map(|words| placeholder::fill_plain(words, &school.settings)).collect(),
        _ => words.to_vec(),
    };
    let mut all: Vec<Version> = history
        .versions
        .iter()
        .map(|entry| Version {
            version: entry.version.clone(),
            published: Some(entry.day.clone()),
            approved: None,
            corrected: entry.corrected.clone(),
            approved_by: entry.approved_by.clone(),
            words: filled(&entry.words),
        })
        .collect();
    let now = match document.kind {
        Kind::Policy => Some(filled(&policy::words(document))),
        _ => agreement::of(document, &school.settings).map(|now| agreement::words(&now)),
    };
    let matter = &document.matter;
    if let (Some(words), Some(version)) = (now, &matter.version) {
        let version = version.value.to_string();
        match all.iter_mut().find(|entry| entry.version == version) {
            Some(entry) => entry.words = words,
            None => all.push(Version {
                version,
                published: None,
                approved: matter.approved.as_ref().map(|day| day.value),
                corrected: None,
                approved_by: matter.approved_by.clone(),
                words,
            }),
        }
    }
    all
}

/// All pages of which earlier words are on record, the last changed first.
pub(super) fn pages(school: &School) -> Vec<ChangedPage> {
    let mut pages: Vec<(String, ChangedPage)> = Vec::new();
    for document in school.changed() {
        let all = versions(school, document);
        let Some(last) = all.last() else { continue };
        let page = ChangedPage {
            href: html::href("../", &address(document)),
            title: document.title(&school.settings),
            version: last.version.clone(),
            published: last.published.as_deref().map(spoken).unwrap_or_default(),
            approved: last.approved.map(view::in_words).unwrap_or_default(),
            versions: all.len(),
        };
        let day = last.approved.map(|day| day.to_string()).or(last.published.clone()).unwrap_or_default();
        pages.push((day, page));
    }
    pages.sort_by(|a, b| b.0.cmp(&a.0));
    pages.into_iter().map(|(_, page)| page).collect()
}

impl Site<'_> {
    /// The changes of one page.
    pub(super) fn changes_of(&self, document: &Document) -> Result<Drawing, SiteError> {
        let address = address(document);
        let name = document.title(&self.school.settings);
        let title = format!("{}: {name}", self.word("what_changed.title"));
        let summary = self.word("what_changed.page_summary");
        let mut context = self.frame(&address, &title, &summary)?;
        let root = "../".repeat(address.split('/').count());
        context.insert("summary", &summary);
        context.insert("page_title", &name);
        context.insert("page_href", &html::href(&root, &document.address()));
        context.insert("versions", &self.versions(document));
        Ok(("changes.html", format!("{address}/index.html"), context))
    }

    /// Newest first.
    fn versions(&self, document: &Document) -> Vec<VersionView> {
        let all = versions(self.school, document);
        let marks =
            Marks { added: self.word("what_changed.added"), removed: self.word("what_changed.removed") };
        let views = all.iter().enumerate().map(|(at, version)| {
            let before = at.checked_sub(1).map(|at| &all[at]);
            VersionView {
                anchor: format!("version-{}", version.version.replace('.', "-")),
                version: version.version.clone(),
                published: version.published.as_deref().map(spoken).unwrap_or_default(),
                approved: version.approved.map(view::in_words).unwrap_or_default(),
                corrected: version.corrected.as_deref().map(spoken).unwrap_or_default(),
                approved_by: version.approved_by.clone().unwrap_or_default(),
                since: before.map(|before| before.version.clone()).unwrap_or_default(),
                sections: before
                    .map(|before| difference::between(&before.words, &version.words, &marks))
                    .unwrap_or_default(),
            }
        });
        let mut views: Vec<_> = views.collect();
        views.reverse();
        views
    }
}

fn spoken(day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), view::in_words)
}
