//! Lists that are looked through: which lines are wanted, in which order, a page of them at a time. The file for a
//! spreadsheet holds the lines of all pages.

use serde::{Deserialize, Serialize};
use tera::Context;

use super::{
    view,
    visit::{Trouble, Visit},
};

/// So many lines on a page.
const PAGE: usize = 100;
/// What stands for the number of a page where all lines are wanted on one, to be printed.
const WHOLE: &str = "all";

/// What somebody wants of a list, as it stands in the address of its page. What each list does not know, it passes over.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Listing {
    /// A part of a name.
    #[serde(default)]
    pub(super) name: String,
    /// A class, by its id; none for all.
    #[serde(default)]
    pub(super) class: String,
    /// Which of them, in the list's own words.
    #[serde(default)]
    pub(super) show: String,
    /// In which order, in the list's own words.
    #[serde(default)]
    pub(super) sort: String,
    /// Which page of it, from 1; or all on one.
    #[serde(default)]
    pub(super) page: String,
}

/// One page of a list.
pub(super) struct Page<'l, L> {
    /// Its lines.
    pub(super) lines: &'l [L],
    /// Which, from 1.
    pub(super) number: usize,
    /// How many there are.
    pub(super) pages: usize,
}

/// The page of this number, from 1; the last one where there are not so many.
pub(super) fn page_of<L>(all: &[L], number: usize) -> Page<'_, L> {
    let pages = all.len().div_ceil(PAGE).max(1);
    let number = number.clamp(1, pages);
    let lines = all.chunks(PAGE).nth(number - 1).unwrap_or_default();
    Page { lines, number, pages }
}

/// The page, as an address has it, on which the line at this place of a list stands.
pub(super) fn page_at(place: usize) -> String {
    (place / PAGE + 1).to_string()
}

impl Listing {
    /// Whether one of these names is meant.
    pub(super) fn is_named<'t>(&self, names: impl IntoIterator<Item = &'t str>) -> bool {
        let wanted = self.name.trim().to_lowercase();
        wanted.is_empty() || names.into_iter().any(|name| name.to_lowercase().contains(&wanted))
    }

    /// Whether nothing is left out.
    pub(super) fn is_everything(&self) -> bool {
        self.name.trim().is_empty() && self.class.is_empty() && self.show.is_empty()
    }

    /// The page that is meant.
    pub(super) fn page<'l, L>(&self, all: &'l [L]) -> Page<'l, L> {
        if self.page == WHOLE {
            return Page { lines: all, number: 1, pages: 1 };
        }
        page_of(all, self.page.parse().unwrap_or(1))
    }

    /// The same choice as an address has it, without the page; what comes after it can be written straight on.
    pub(super) fn query(&self) -> String {
        let parts =
            [("name", self.name.trim()), ("class", &self.class), ("show", &self.show), ("sort", &self.sort)];
        let mut query = in_address(&parts);
        if !query.is_empty() {
            query.push('&');
        }
        query
    }

    /// Tells a template of the list at this address, whose file is at the other: what was wanted, and which page this is.
    pub(super) fn tell<L>(
        &self,
        visit: &Visit,
        context: &mut Context,
        (address, file): (&str, &str),
        all: &[L],
    ) -> Result<(), Trouble> {
        let hub = &visit.desk.hub;
        let page = self.page(all);
        context.insert("which", self);
        context.insert("is_everything", &self.is_everything());
        context.insert("printed", &view::when(hub.now(), &hub.zone()?));
        context.insert("address", address);
        context.insert("file", file);
        context.insert("query", &self.query());
        context.insert("found", &all.len());
        context.insert("page", &page.number);
        context.insert("pages", &page.pages);
        Ok(())
    }
}

/// Words as they stand in an address.
pub(super) fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// What is said in the address of a page; what is empty is left out.
pub(super) fn in_address(parts: &[(&str, &str)]) -> String {
    let said = parts.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_on_one_page_and_the_choice_goes_with_the_way_to_the_next() {
        let all: Vec<usize> = (0..250).collect();
        let at = |page: &str| Listing { page: page.into(), ..Listing::default() };
        let lines: Vec<usize> =
            (1..=3).flat_map(|page| at(&page.to_string()).page(&all).lines).copied().collect();
        assert_eq!(lines, all);
        for (asked, shown) in [("", 1), ("0", 1), ("x", 1), ("3", 3), ("9", 3)] {
            assert_eq!(at(asked).page(&all).number, shown, "{asked}");
        }
        let whole = at("all").page(&all).lines.len();
        assert_eq!((whole, at("1").page(&all[..0]).pages), (250, 1));
        let choice = Listing { name: " O’Neil & Co ".into(), sort: "class".into(), ..at("2") };
        assert_eq!(choice.query(), "name=O%E2%80%99Neil%20%26%20Co&sort=class&");
        assert!(choice.is_named(["Ann", "The O’Neil & Cousins"]) && !choice.is_named(["O’Neil"]));
        assert_eq!(Listing::default().query(), "");
    }
}
