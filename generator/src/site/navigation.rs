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

/// The ways of a site in one language. What there is to lead to is the same for every page.
pub(super) struct Navigation {
    head: Vec<Way>,
    foot: Vec<Way>,
    /// The address of the page for children: a guide, but with a place of its own at the head.
    children: Option<String>,
}

struct Way {
    address: String,
    words: String,
}

impl Navigation {
    /// What a school's pages lead to, in these words.
    pub(super) fn of(school: &School, words: &Value) -> Self {
        let way = |address: &str, word: &str| {
            let path = format!("nav.{word}");
            let known = words.get_from_path(&path).and_then(Value::as_str);
            Way { address: address.to_owned(), words: known.unwrap_or(word).to_owned() }
        };
        let of_kind = |kind: Kind| way(kind.folder(), kind.folder());
        let children = for_children(school).map(Document::address);
        let mut head: Vec<Way> =
            AT_THE_HEAD.into_iter().filter(|kind| has(school, *kind)).map(of_kind).collect();
        head.extend(children.as_deref().map(|address| way(address, "children")));
        head.push(way(Made::Report.address(), "report"));
        let others = Kind::IN_FOLDERS.into_iter().filter(|kind| !AT_THE_HEAD.contains(kind));
        let mut foot: Vec<Way> = others.filter(|kind| has(school, *kind)).map(of_kind).collect();
        if school.forms.iter().any(|form| form.is_published()) {
            foot.push(way("forms", "forms"));
        }
        let made = Made::ALL.into_iter().filter(|made| *made != Made::Report && made.is_there(school));
        foot.extend(made.map(|made| way(made.address(), &made.words())));
        Self { head, foot, children }
    }

    /// At the head of the page at `here`.
    pub(super) fn head<'n>(&'n self, root: &str, here: &str) -> Vec<Link<'n>> {
        let is_theirs = self.children.as_deref() == Some(here);
        let link = |way: &'n Way| {
            let link = way.seen_from(root, here);
            let guides = way.address == Kind::Guide.folder();
            if guides && is_theirs { Link { current: "", ..link } } else { link }
        };
        self.head.iter().map(link).collect()
    }

    /// At its foot, beside those of the head.
    pub(super) fn foot<'n>(&'n self, root: &str, here: &str) -> Vec<Link<'n>> {
        self.foot.iter().map(|way| way.seen_from(root, here)).collect()
    }
}

impl Way {
    fn seen_from(&self, root: &str, here: &str) -> Link<'_> {
        let current = match here.strip_prefix(self.address.as_str()) {
            Some("") => "page",
            Some(rest) if rest.starts_with('/') => "true",
            _ => "",
        };
        Link { href: href(root, &self.address), words: self.words.as_str().into(), current }
    }
}

fn has(school: &School, kind: Kind) -> bool {
    school.of_kind(kind).any(Document::is_published)
}

/// The first page written for children.
fn for_children(school: &School) -> Option<&Document> {
    school.of_kind(Kind::Guide).find(|page| page.is_published() && page.matter.readers == Readers::Children)
}
