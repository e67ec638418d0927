//! Styles of paragraphs, words and lists.

use std::collections::HashMap;

use super::super::model::Look;
use super::super::numbering::{Figures, LEVELS, Level};
use super::super::xml::Element;

/// The longest chain of styles that are based on each other.
const LONGEST_CHAIN: usize = 32;

/// What a style says; nothing where it leaves that to the style above it.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    pub(super) list: Option<String>,
    pub(super) indent: Option<i32>,
    pub(super) bold: Option<bool>,
    pub(super) italic: Option<bool>,
    pub(super) underlined: Option<bool>,
    pub(super) size: Option<u32>,
    pub(super) hidden: Option<bool>,
    pub(super) struck: Option<bool>,
}

impl Properties {
    /// Fills in what is missing from the properties below.
    pub(super) fn over(self, below: &Self) -> Self {
        Self {
            list: self.list.or_else(|| below.list.clone()),
            indent: self.indent.or(below.indent),
            bold: self.bold.or(below.bold),
            italic: self.italic.or(below.italic),
            underlined: self.underlined.or(below.underlined),
            size: self.size.or(below.size),
            hidden: self.hidden.or(below.hidden),
            struck: self.struck.or(below.struck),
        }
    }

    pub(super) fn look(&self) -> Look {
        Look {
            bold: self.bold.unwrap_or(false),
            italic: self.italic.unwrap_or(false),
            underlined: self.underlined.unwrap_or(false),
            size: self.size.unwrap_or(0),
        }
    }

    fn of(style: &Element) -> Self {
        let paragraph = style.child("style:paragraph-properties");
        let words = style.child("style:text-properties");
        let word = |name: &str| words.and_then(|words| words.get(name));
        Self {
            list: style.get("style:list-style-name").map(str::to_owned),
            indent: paragraph.and_then(|own| own.get("fo:margin-left")).and_then(length),
            bold: word("fo:font-weight")
                .map(|weight| weight == "bold" || weight.parse::<u32>().is_ok_and(|weight| weight >= 600)),
            italic: word("fo:font-style").map(|style| matches!(style, "italic" | "oblique")),
            underlined: word("style:text-underline-style").map(|line| line != "none"),
            size: word("fo:font-size")
                .and_then(|size| size.strip_suffix("pt")?.parse::<f32>().ok())
                .filter(|size| (1.0..1000.0).contains(size))
                .map(|size| (size * 2.0).round() as u32),
            hidden: word("text:display").map(|display| display == "none"),
            struck: word("style:text-line-through-style").map(|line| line != "none"),
        }
    }
}

/// A length such as `1.27cm` in twentieths of a point.
pub(super) fn length(text: &str) -> Option<i32> {
    let units = [("cm", 566.93), ("mm", 56.693), ("in", 1440.0), ("pt", 20.0), ("pc", 240.0), ("px", 15.0)];
    let (number, unit) = units.iter().find_map(|(end, unit)| Some((text.strip_suffix(end)?, unit)))?;
    let number = number.trim().parse::<f64>().ok().filter(|number| number.abs() < 10_000.0)?;
    Some((number * unit).round() as i32)
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    own: Properties,
}

/// All styles of a document: shared ones, and those that the program made up for single places.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_name: HashMap<(String, String), Style>,
    lists: HashMap<String, Vec<Level>>,
    pub(super) outline: Vec<Level>,
    defaults: Properties,
}

impl Styles {
    pub(super) fn read(shared: &Element, content: &Element) -> Self {
        let mut styles = Self::default();
        let groups = [
            shared.child("office:styles"),
            content.child("office:styles"),
            content.child("office:automatic-styles"),
        ];
        for element in groups.into_iter().flatten().flat_map(Element::elements) {
            let name = element.get("style:name").unwrap_or_default().to_owned();
            match &*element.name {
                "style:style" => {
                    let family = element.get("style:family").unwrap_or_default().to_owned();
                    let parent = element.get("style:parent-style-name").map(str::to_owned);
                    styles.by_name.insert((family, name), Style { parent, own: Properties::of(element) });
                }
                "style:default-style" if element.get("style:family") == Some("paragraph") => {
                    styles.defaults = Properties::of(element);
                }
                "text:list-style" => {
                    styles.lists.insert(name, levels(element));
                }
                "text:outline-style" => styles.outline = levels(element),
                _ => {}
            }
        }
        styles
    }

    /// The names of a style and of those that it is based on, the nearest first.
    pub(super) fn chain(&self, family: &str, name: Option<&str>) -> Vec<&str> {
        let mut chain = Vec::new();
        let mut next = name.map(str::to_owned);
        while let Some(name) = next.take() {
            let Some(((_, known), style)) = self.by_name.get_key_value(&(family.to_owned(), name)) else {
                break;
            };
            if chain.len() >= LONGEST_CHAIN {
                break;
            }
            chain.push(known.as_str());
            next.clone_from(&style.parent);
        }
        chain
    }

    /// What a style says, its ancestors included.
    pub(super) fn of(&self, family: &str, name: Option<&str>) -> Properties {
        let own = self.chain(family, name).iter().fold(Properties::default(), |all, name| {
            match self.by_name.get(&(family.to_owned(), (*name).to_owned())) {
                Some(style) => all.over(&style.own),
                None => all,
            }
        });
        if family == "paragraph" { own.over(&self.defaults) } else { own }
    }

    /// The levels of a list style.
    pub(super) fn list(&self, name: &str) -> Option<&[Level]> {
        self.lists.get(name).map(Vec::as_slice)
    }
}

fn levels(list: &Element) -> Vec<Level> {
    let mut levels = vec![Level { figures: Figures::None, ..Level::default() }; LEVELS];
    for element in list.elements() {
        let Some(number) = element.get("text:level").and_then(|level| level.parse::<usize>().ok()) else {
            continue;
        };
        let Some(place) = number.checked_sub(1).filter(|&place| place < LEVELS) else { continue };
        let numbered = matches!(&*element.name, "text:list-level-style-number" | "text:outline-level-style");
        let figures = if numbered {
            match element.get("style:num-format").unwrap_or_default() {
                "" => Figures::None,
                "a" => Figures::LowerLetter,
                "A" => Figures::UpperLetter,
                "i" => Figures::LowerRoman,
                "I" => Figures::UpperRoman,
                _ => Figures::Decimal,
            }
        } else {
            Figures::Bullet
        };
        levels[place] = Level {
            figures,
            pattern: String::new(),
            start: element.get("text:start-value").and_then(|start| start.parse().ok()).unwrap_or(1),
            legal: false,
            indent: indent(element),
            restarts_after: None,
        };
        let shown =
            element.get("text:display-levels").and_then(|shown| shown.parse::<usize>().ok()).unwrap_or(1);
        let from = number.saturating_sub(shown.max(1)) + 1;
        // Levels above that draw no number have no place in the numbers of those below.
        let numbers: Vec<String> = (from..=number)
            .filter(|&level| level == number || levels[level - 1].figures != Figures::None)
            .map(|level| format!("%{level}"))
            .collect();
        let around = |name: &str| element.get(name).unwrap_or_default().replace('%', "");
        let numbers = if figures == Figures::None { String::new() } else { numbers.join(".") };
        levels[place].pattern =
            format!("{}{numbers}{}", around("style:num-prefix"), around("style:num-suffix"));
    }
    levels
}

fn indent(level: &Element) -> Option<i32> {
    let properties = level.child("style:list-level-properties")?;
    if let Some(aligned) = properties.child("style:list-level-label-alignment") {
        return aligned.get("fo:margin-left").and_then(length);
    }
    let value = |name: &str| properties.get(name).and_then(length).unwrap_or(0);
    Some(value("text:space-before") + value("text:min-label-width"))
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_are_read_in_every_unit() {
        assert_eq!(length("1in"), Some(1440));
        assert_eq!(length("1.27cm"), Some(720));
        assert_eq!(length("12pt"), Some(240));
        assert_eq!(length("wide"), None);
        assert_eq!(length("1e300cm"), None);
    }
}
