//! What each version of an agreement changed, word by word.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use super::{Drawing, Site, SiteError, html, view};
use crate::{
    agreement,
    load::{School, document::Document, history::Published, made::Made},
};

/// Where the changes of a page stand.
pub(super) fn address(document: &Document) -> String {
    format!("{}/{}", Made::Changes.address(), document.slug)
}

/// A version and what it changed.
#[derive(Serialize)]
struct VersionView {
    anchor: String,
    version: String,
    day: String,
    approved_by: String,
    /// The version that it is compared with; empty for the first one on record.
    since: String,
    changes: Vec<Change>,
}

/// A paragraph that changed.
#[derive(Serialize)]
struct Change {
    /// `added`, `removed` or `changed`.
    sort: &'static str,
    html: String,
}

/// A page whose words changed, in the list of all.
#[derive(Serialize)]
pub(super) struct ChangedPage {
    href: String,
    title: String,
    version: String,
    day: String,
    versions: usize,
}

/// All pages of which earlier words are on record, the last changed first.
pub(super) fn pages(school: &School) -> Vec<ChangedPage> {
    let mut pages: Vec<(String, ChangedPage)> = Vec::new();
    for document in school.changed() {
        let Some(history) = school.history.get(&document.slug) else { continue };
        let Some(last) = history.latest() else { continue };
        let page = ChangedPage {
            href: html::href("../", &address(document)),
            title: document.title(&school.settings),
            version: last.version.clone(),
            day: spoken(&last.day),
            versions: history.versions.len(),
        };
        pages.push((last.day.clone(), page));
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
        context.insert("summary", &summary);
        context.insert("page_title", &name);
        context.insert("page_href", &html::href("../../", &document.address()));
        context.insert("versions", &self.versions(document));
        Ok(("changes.html", format!("{address}/index.html"), context))
    }

    /// Newest first. The words as they stand now come first where they are not on record yet.
    fn versions(&self, document: &Document) -> Vec<VersionView> {
        let Some(history) = self.school.history.get(&document.slug) else { return Vec::new() };
        let mut all = history.versions.clone();
        if let Some(now) = agreement::of(document, &self.school.settings)
            && history.of_version(&now.version.to_string()).is_none()
        {
            all.push(Published {
                version: now.version.to_string(),
                day: self.day.to_string(),
                approved_by: document.matter.approved_by.clone(),
                digest: now.digest().to_string(),
                words: agreement::words(&now),
            });
        }
        let views = all.iter().enumerate().map(|(at, version)| {
            let before = at.checked_sub(1).map(|at| &all[at]);
            VersionView {
                anchor: format!("version-{}", version.version.replace('.', "-")),
                version: version.version.clone(),
                day: spoken(&version.day),
                approved_by: version.approved_by.clone().unwrap_or_default(),
                since: before.map(|before| before.version.clone()).unwrap_or_default(),
                changes: before
                    .map(|before| changes(&before.words, &version.words, &self.marks()))
                    .unwrap_or_default(),
            }
        });
        let mut views: Vec<_> = views.collect();
        views.reverse();
        views
    }

    fn marks(&self) -> Marks {
        Marks { added: self.word("what_changed.added"), removed: self.word("what_changed.removed") }
    }
}

/// How added and removed words are named for people who cannot see the marks.
struct Marks {
    added: String,
    removed: String,
}

fn spoken(day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), view::in_words)
}

/// Paragraphs that differ, in the order of the new words.
fn changes(old: &[String], new: &[String], marks: &Marks) -> Vec<Change> {
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Insert { new_index, new_len, .. } => {
                out.extend(new[new_index..new_index + new_len].iter().map(|words| added(words, marks)));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                out.extend(old[old_index..old_index + old_len].iter().map(|words| removed(words, marks)));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let both = old_len.min(new_len);
                for at in 0..both {
                    out.push(Change {
                        sort: "changed",
                        html: words(&old[old_index + at], &new[new_index + at], marks),
                    });
                }
                let rest_old = &old[old_index + both..old_index + old_len];
                out.extend(rest_old.iter().map(|words| removed(words, marks)));
                let rest_new = &new[new_index + both..new_index + new_len];
                out.extend(rest_new.iter().map(|words| added(words, marks)));
            }
        }
    }
    out
}

fn added(words: &str, marks: &Marks) -> Change {
    Change { sort: "added", html: marked("ins", &marks.added, words) }
}

fn removed(words: &str, marks: &Marks) -> Change {
    Change { sort: "removed", html: marked("del", &marks.removed, words) }
}

/// The words with an unseen label, because few screen readers say what `ins` and `del` mean.
fn marked(tag: &str, label: &str, words: &str) -> String {
    format!("<{tag}><span class=\"unseen\">{}: </span>{}</{tag}>", html::escape(label), html::escape(words))
}

/// One paragraph, the words that went struck out before those that came.
fn words(old: &str, new: &str, marks: &Marks) -> String {
    let diff = TextDiff::from_words(old, new);
    let mut out = String::new();
    let mut run: Option<(ChangeTag, String)> = None;
    let close = |run: Option<(ChangeTag, String)>, out: &mut String| match run {
        Some((ChangeTag::Insert, words)) => out.push_str(&marked("ins", &marks.added, &words)),
        Some((ChangeTag::Delete, words)) => out.push_str(&marked("del", &marks.removed, &words)),
        Some((ChangeTag::Equal, words)) => out.push_str(&html::escape(&words)),
        None => {}
    };
    for change in diff.iter_all_changes() {
        match &mut run {
            Some((tag, words)) if *tag == change.tag() => words.push_str(change.value()),
            _ => close(run.replace((change.tag(), change.value().to_owned())), &mut out),
        }
    }
    close(run, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_which_words_came_and_which_went() {
        let marks = Marks { added: "added".to_owned(), removed: "removed".to_owned() };
        let old = ["I ask first.".to_owned(), "I am kind.".to_owned(), "I log off.".to_owned()];
        let new = ["I ask first.".to_owned(), "I am always kind.".to_owned(), "I tell & ask.".to_owned()];
        let found = changes(&old, &new, &marks);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].html, "I am <ins><span class=\"unseen\">added: </span>always </ins>kind.");
        assert!(found[1].html.contains("&amp;"), "{}", found[1].html);
        assert!(changes(&old, &old, &marks).is_empty());
    }
}
