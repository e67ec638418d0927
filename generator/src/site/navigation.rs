//! The few ways at the head of every page, and the rest at its foot.

use tera::Value;

use super::{html::href, view::Link};
use crate::load::{
    School,
    document::{Document, Kind},
    front_matter::Readers,
    made::Made,
};

/// The parts that most people look for: they stand at the head.
const AT_THE_HEAD: [Kind; 3] = [Kind::Policy, Kind::Agreement, Kind::Guide];

/// The links of one page, seen from `here`.
pub(super) struct Navigation<'a> {
    pub(super) school: &'a School,
    pub(super) words: &'a Value,
    pub(super) root: &'a str,
    pub(super) here: &'a str,
}

impl Navigation<'_> {
    /// At the head of the page.
    pub(super) fn head(&self) -> Vec<Link> {
        let children = for_children(self.school);
        let mut links: Vec<Link> = AT_THE_HEAD
            .into_iter()
            .filter(|kind| has(self.school, *kind))
            .map(|kind| {
                let link = self.link(kind.folder(), kind.folder());
                // The page for children is a guide, but has a place of its own at the head.
                let is_theirs = children.is_some_and(|page| page.address() == self.here);
                if kind == Kind::Guide && is_theirs { Link { current: "", ..link } } else { link }
            })
            .collect();
        links.extend(children.map(|page| self.link(&page.address(), "children")));
        links.push(self.link(Made::Report.address(), "report"));
        links
    }

    /// At the foot of the page, beside those of the head.
    pub(super) fn foot(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for kind in Kind::IN_FOLDERS.into_iter().filter(|kind| !AT_THE_HEAD.contains(kind)) {
            if has(self.school, kind) {
                links.push(self.link(kind.folder(), kind.folder()));
            }
        }
        if self.school.forms.iter().any(|form| form.is_published()) {
            links.push(self.link("forms", "forms"));
        }
        for made in Made::ALL.into_iter().filter(|made| *made != Made::Report && made.is_there(self.school)) {
            links.push(self.link(made.address(), &made.words()));
        }
        links
    }

    fn link(&self, address: &str, word: &str) -> Link {
        let current = match self.here.strip_prefix(address) {
            Some("") => "page",
            Some(rest) if rest.starts_with('/') => "true",
            _ => "",
        };
        let path = format!("nav.{word}");
        let words = self.words.get_from_path(&path).and_then(Value::as_str).unwrap_or(word).to_owned();
        Link { href: href(self.root, address), words, current }
    }
}

fn has(school: &School, kind: Kind) -> bool {
    school.of_kind(kind).any(Document::is_published)
}

/// The first page written for children.
fn for_children(school: &School) -> Option<&Document> {
    school.of_kind(Kind::Guide).find(|page| page.is_published() && page.matter.readers == Readers::Children)
}
