//! Lists of the pages of a kind.

use super::{Drawing, Site, SiteError, view};
use crate::load::{document::Kind, front_matter::Readers};

impl Site<'_> {
    pub(super) fn list(&self, kind: Kind) -> Result<Drawing, SiteError> {
        let folder = kind.folder();
        let title = self.word(&format!("{folder}.title"));
        let summary = self.word(&format!("{folder}.summary"));
        let mut context = self.frame(folder, &title, &summary)?;
        context.insert("summary", &summary);
        context.insert("shelves", &self.shelves(kind));
        context.insert("kind", folder);
        Ok(("list.html", format!("{folder}/index.html"), context))
    }

    /// The forms that are not for staff alone.
    pub(super) fn forms(&self) -> Result<Drawing, SiteError> {
        let (title, summary) = (self.word("forms.title"), self.word("forms.summary"));
        let mut context = self.frame("forms", &title, &summary)?;
        let listed = self.school.forms.iter().filter(|form| form.is_published());
        let entries = listed.map(|form| view::Entry::of_form(&form.form, &form.address(), "../")).collect();
        context.insert("summary", &summary);
        context.insert("shelves", &[view::Shelf { name: "forms", title: String::new(), entries }]);
        context.insert("kind", "forms");
        Ok(("list.html", "forms/index.html".to_owned(), context))
    }

    /// The pages of a kind; guides stand under a heading that says whom they are for, if there are several.
    fn shelves(&self, kind: Kind) -> Vec<view::Shelf> {
        let listed = || self.school.of_kind(kind).filter(|d| d.is_published());
        let entry = |d| view::Entry::of(self.school, d, "../", self.day);
        let of = |readers: Readers| view::Shelf {
            name: readers.as_str(),
            title: self.word(&format!("guides.{}", readers.as_str())),
            entries: listed().filter(|d| d.matter.readers == readers).map(entry).collect(),
        };
        let mut shelves: Vec<_> =
            Readers::ALL.into_iter().map(of).filter(|shelf| !shelf.entries.is_empty()).collect();
        if let [one] = shelves.as_mut_slice() {
            one.title.clear();
        }
        shelves
    }
}
