//! Lists: `numbering.xml`, and the styles that number their paragraphs.

use std::collections::{HashMap, HashSet};

use super::super::model::{Item, Mark};
use super::super::numbering::{Counters, Figures, LEVELS, Level};
use super::super::xml::Element;
use super::styles::Styles;

/// A list as paragraphs name it: levels that it may share with others, and what it changes of them.
#[derive(Debug, Clone)]
struct List {
    shared: usize,
    levels: Vec<Level>,
    starts: HashMap<usize, u32>,
}

/// All lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<usize, List>,
    /// Which level of which shared list a paragraph style stands for.
    styled: HashMap<(usize, String), usize>,
}

/// Where the lists have got to.
#[derive(Debug, Default)]
pub(super) struct Progress {
    counters: Counters,
    begun: HashSet<(usize, usize)>,
}

impl Numbering {
    pub(super) fn read(part: Option<&Element>, styles: &Styles) -> Self {
        let mut numbering = Self::default();
        let Some(part) = part else { return numbering };
        let id = |element: &Element, name: &str| element.get(name)?.parse::<usize>().ok();
        let mut shared: HashMap<usize, Vec<Level>> = HashMap::new();
        let mut linked: Vec<(usize, String)> = Vec::new();
        for list in part.elements().filter(|element| &*element.name == "w:abstractNum") {
            let Some(number) = id(list, "w:abstractNumId") else { continue };
            let mut levels = vec![Level::default(); LEVELS];
            for level in list.elements().filter(|element| &*element.name == "w:lvl") {
                let place = id(level, "w:ilvl").unwrap_or(0).min(LEVELS - 1);
                levels[place] = read_level(level);
                if let Some(style) = level.child("w:pStyle").and_then(|style| style.get("w:val")) {
                    numbering.styled.insert((number, style.to_owned()), place);
                }
            }
            if let Some(style) = list.child("w:numStyleLink").and_then(|style| style.get("w:val")) {
                linked.push((number, style.to_owned()));
            }
            shared.insert(number, levels);
        }
        let of_list: HashMap<usize, usize> = part
            .elements()
            .filter(|element| &*element.name == "w:num")
            .filter_map(|list| {
                let shared = list.child("w:abstractNumId")?.get("w:val")?.parse().ok()?;
                Some((id(list, "w:numId")?, shared))
            })
            .collect();
        // A list that is only a link to a list style has the levels of that style's list.
        for (number, style) in linked {
            let target = styles.list_of(&style).and_then(|list| of_list.get(&list)).copied();
            if let Some(levels) = target.and_then(|target| shared.get(&target)).cloned() {
                shared.insert(number, levels);
            }
        }
        for list in part.elements().filter(|element| &*element.name == "w:num") {
            let Some(number) = id(list, "w:numId") else { continue };
            let Some(&abstract_number) = of_list.get(&number) else { continue };
            let Some(mut levels) = shared.get(&abstract_number).cloned() else { continue };
            let mut starts = HashMap::new();
            for change in list.elements().filter(|element| &*element.name == "w:lvlOverride") {
                let place = id(change, "w:ilvl").unwrap_or(0).min(LEVELS - 1);
                if let Some(level) = change.child("w:lvl") {
                    levels[place] = read_level(level);
                }
                let start =
                    change.child("w:startOverride").and_then(|start| start.get("w:val")?.parse().ok());
                if let Some(start) = start {
                    starts.insert(place, start);
                }
            }
            numbering.lists.insert(number, List { shared: abstract_number, levels, starts });
        }
        numbering
    }

    /// The level that a paragraph style stands for in a list, where the list says so.
    pub(super) fn level_of_style(&self, list: usize, style: &str) -> Option<usize> {
        let shared = self.lists.get(&list)?.shared;
        self.styled.get(&(shared, style.to_owned())).copied()
    }

    /// How far the items of a level stand from the margin.
    pub(super) fn indent(&self, list: usize, level: usize) -> Option<i32> {
        self.lists.get(&list)?.levels.get(level)?.indent
    }

    /// Counts on, and gives the item's place; nothing where there is no such list or it draws no mark.
    pub(super) fn next(&self, list: usize, level: usize, progress: &mut Progress) -> Option<Item> {
        let found = self.lists.get(&list)?;
        let level = level.min(LEVELS - 1);
        let start = found.starts.get(&level).copied();
        if progress.begun.insert((list, level)) && start.is_some() {
            progress.counters.restart(found.shared, level);
        }
        let mark = progress.counters.next(found.shared, level, start, &found.levels)?;
        Some(Item { list: found.shared, level, mark })
    }
}

fn read_level(element: &Element) -> Level {
    let value = |name: &str| element.child(name).and_then(|child| child.get("w:val"));
    // Formats that not every reader knows stand in an alternative.
    let format = value("w:numFmt").or_else(|| {
        element.at(&["mc:AlternateContent", "mc:Fallback", "w:numFmt"]).and_then(|child| child.get("w:val"))
    });
    let figures = match format.unwrap_or("decimal") {
        "bullet" => Figures::Bullet,
        "none" => Figures::None,
        "decimalZero" => Figures::DecimalZero,
        "lowerLetter" => Figures::LowerLetter,
        "upperLetter" => Figures::UpperLetter,
        "lowerRoman" => Figures::LowerRoman,
        "upperRoman" => Figures::UpperRoman,
        "ordinal" => Figures::Ordinal,
        _ => Figures::Decimal,
    };
    let indent = element.at(&["w:pPr", "w:ind"]).and_then(|indent| {
        let left = indent.get("w:left").or_else(|| indent.get("w:start"))?;
        left.parse().ok()
    });
    Level {
        figures,
        pattern: value("w:lvlText").unwrap_or_default().to_owned(),
        start: value("w:start").and_then(|start| start.parse().ok()).unwrap_or(1),
        legal: element.child("w:isLgl").is_some_and(super::styles::is_on),
        indent,
        restarts_after: value("w:lvlRestart").and_then(|after| after.parse().ok()),
    }
}

/// The mark of a list whose definition is missing: that it is a list is known, no more.
pub(super) fn unknown(list: usize, level: usize) -> Item {
    Item { list: usize::MAX - list.min(usize::MAX / 2), level: level.min(LEVELS - 1), mark: Mark::Bullet }
}
