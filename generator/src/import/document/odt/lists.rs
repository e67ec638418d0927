//! Lists: nested in the file as on the page.

use std::collections::HashMap;

use super::super::DocumentError;
use super::super::model::{Block, Item};
use super::super::numbering::{Counters, LEVELS};
use super::super::xml::Element;
use super::body::Reader;

/// The list that a paragraph stands in.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Which list, from 1.
    list: usize,
    style: Option<String>,
    /// From 0.
    level: usize,
    /// The number that the item says it has.
    start: Option<u32>,
    /// Whether the item's mark is still to come: its first paragraph has it, the others go on.
    fresh: bool,
}

/// Where the lists have got to.
#[derive(Debug, Default)]
pub(super) struct Progress {
    counters: Counters,
    lists: usize,
    by_id: HashMap<String, usize>,
    by_style: HashMap<String, usize>,
}

/// The list of numbered headings.
const OUTLINE: usize = 0;

impl Reader<'_, '_> {
    pub(super) fn list(&mut self, element: &Element, blocks: &mut Vec<Block>) -> Result<(), DocumentError> {
        let own_style = element.get("text:style-name").map(str::to_owned);
        let place = match self.list_place.clone() {
            Some(outer) => Place {
                style: own_style.or(outer.style),
                level: (outer.level + 1).min(LEVELS - 1),
                start: None,
                ..outer
            },
            None => {
                let list = self.number_of_list(element, own_style.as_deref());
                Place { list, style: own_style, level: 0, start: None, fresh: true }
            }
        };
        let outer = self.list_place.take();
        for item in element.elements() {
            let start = item.get("text:start-value").and_then(|start| start.parse().ok());
            match &*item.name {
                "text:list-item" => {
                    self.list_place = Some(Place { start, fresh: true, ..place.clone() });
                    self.blocks(item, blocks)?;
                }
                "text:list-header" => {
                    self.list_place = Some(Place { fresh: false, ..place.clone() });
                    self.blocks(item, blocks)?;
                }
                _ => {}
            }
        }
        self.list_place = outer;
        Ok(())
    }

    /// Which list it is: a new one, or one that goes on.
    fn number_of_list(&mut self, element: &Element, style: Option<&str>) -> usize {
        let goes_on = element.get("text:continue-list").and_then(|id| self.lists.by_id.get(id)).copied();
        let goes_on = goes_on.or_else(|| {
            let on = element.get("text:continue-numbering") == Some("true");
            style.filter(|_| on).and_then(|style| self.lists.by_style.get(style)).copied()
        });
        let list = goes_on.unwrap_or_else(|| {
            self.lists.lists += 1;
            self.lists.lists
        });
        if let Some(id) = element.get("xml:id") {
            self.lists.by_id.insert(id.to_owned(), list);
        }
        if let Some(style) = style {
            self.lists.by_style.insert(style.to_owned(), list);
        }
        list
    }

    /// The mark of a paragraph in a list, how far it stands from the margin, and whether it goes on with
    /// the item above it.
    pub(super) fn item_here(&mut self, own_style: Option<&str>, empty: bool) -> (Option<Item>, i32, bool) {
        let Some(place) = self.list_place.as_mut() else { return (None, 0, false) };
        let style = place.style.as_deref().or(own_style).unwrap_or_default();
        let Some(levels) = self.styles.list(style) else {
            let fresh = std::mem::replace(&mut place.fresh, false);
            let item = Item { list: place.list, level: place.level, mark: super::super::model::Mark::Bullet };
            return (Some(item).filter(|_| fresh), 0, !fresh);
        };
        let indent = levels.get(place.level).and_then(|level| level.indent).unwrap_or(0);
        if empty || !std::mem::replace(&mut place.fresh, false) {
            return (None, indent, !place.fresh);
        }
        if place.start.is_some() {
            self.lists.counters.restart(place.list, place.level);
        }
        let mark = self.lists.counters.next(place.list, place.level, place.start, levels);
        (mark.map(|mark| Item { list: place.list, level: place.level, mark }), indent, false)
    }

    /// The mark of a heading that is numbered as all headings of its level are.
    pub(super) fn heading_item(&mut self, level: usize, start: Option<u32>) -> Option<Item> {
        let level = level.saturating_sub(1).min(LEVELS - 1);
        if start.is_some() {
            self.lists.counters.restart(OUTLINE, level);
        }
        let mark = self.lists.counters.next(OUTLINE, level, start, &self.styles.outline)?;
        Some(Item { list: OUTLINE, level, mark })
    }
}
