//! The few ways at the head of every page, and the rest at its foot.
//!
//! Hundreds of pages lie as deep and in the same part, and theirs are the same to the letter: they are made, and
//! drawn, once for all of those.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tera::{Context, Tera, Value};

use super::{SiteError, html::href, view::Link};
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
    /// What was made already, by the way to the top and what of the ways is current.
    known: Mutex<HashMap<(String, Vec<&'static str>), Ways>>,
}

/// The ways as seen from some pages, as templates take them.
#[derive(Clone)]
struct Ways {
    head: Value,
    foot: Value,
    /// Both drawn, each with its template.
    drawn: [Value; 2],
}

/// The templates that draw them, and what others call the result. A theme may do without.
const DRAWN: [(&str, &str); 2] = [("ways.html", "nav_drawn"), ("foot.html", "foot_drawn")];

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
        Self { head, foot, children, known: Mutex::default() }
    }

    /// Puts the ways from the page at `here` into what its template sees, which has everything else already that
    /// is the same for all pages of a language.
    ///
    /// # Errors
    /// When the theme’s templates for them cannot be filled in.
    pub(super) fn put(
        &self,
        context: &mut Context,
        tera: &Tera,
        root: &str,
        here: &str,
    ) -> Result<(), SiteError> {
        let of_head = self.head.iter().map(|way| self.current_at_head(way, here));
        let key = (root.to_owned(), of_head.chain(self.foot.iter().map(|way| way.current(here))).collect());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let ways = known.map_or_else(
            || -> Result<Ways, SiteError> {
                let head = Value::try_from_serializable(&self.head(root, here))?;
                let foot = Value::try_from_serializable(&self.foot(root, here))?;
                context.insert_value("nav", head.clone());
                context.insert_value("foot", foot.clone());
                let mut drawn = [Value::safe_string(""), Value::safe_string("")];
                for ((template, _), drawn) in DRAWN.iter().zip(&mut drawn) {
                    if tera.get_template_names().any(|name| name == *template) {
                        *drawn = Value::safe_string(&tera.render(template, context)?);
                    }
                }
                let ways = Ways { head, foot, drawn };
                self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, ways.clone());
                Ok(ways)
            },
            Ok,
        )?;
        context.insert_value("nav", ways.head);
        context.insert_value("foot", ways.foot);
        for ((_, name), drawn) in DRAWN.iter().zip(ways.drawn) {
            context.insert_value(*name, drawn);
        }
        Ok(())
    }

    /// At the head of the page at `here`.
    fn head<'n>(&'n self, root: &str, here: &str) -> Vec<Link<'n>> {
        let link = |way: &'n Way| way.seen_from(root, self.current_at_head(way, here));
        self.head.iter().map(link).collect()
    }

    /// The page for children is a guide, but has a place of its own.
    fn current_at_head(&self, way: &Way, here: &str) -> &'static str {
        let is_theirs = self.children.as_deref() == Some(here);
        if is_theirs && way.address == Kind::Guide.folder() { "" } else { way.current(here) }
    }

    /// At its foot, beside those of the head.
    fn foot<'n>(&'n self, root: &str, here: &str) -> Vec<Link<'n>> {
        self.foot.iter().map(|way| way.seen_from(root, way.current(here))).collect()
    }
}

impl Way {
    /// `page` on its own page, `true` within its part, else nothing.
    fn current(&self, here: &str) -> &'static str {
        match here.strip_prefix(self.address.as_str()) {
            Some("") => "page",
            Some(rest) if rest.starts_with('/') => "true",
            _ => "",
        }
    }

    fn seen_from(&self, root: &str, current: &'static str) -> Link<'_> {
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
