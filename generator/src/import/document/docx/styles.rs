//! Styles: what a paragraph is, whatever its style is called in the language of the program.

use std::collections::HashMap;

use super::super::model::{Look, Role};
use super::super::xml::Element;

/// The longest chain of styles that are based on each other.
const LONGEST_CHAIN: usize = 32;

/// What a style, or a paragraph or run itself, says; nothing where it leaves that to another.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    pub(super) list: Option<usize>,
    pub(super) level: Option<usize>,
    /// From 0; 9 is body text.
    pub(super) outline: Option<usize>,
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
            list: self.list.or(below.list),
            level: self.level.or(below.level),
            outline: self.outline.or(below.outline),
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

    /// Reads `w:pPr`.
    pub(super) fn of_paragraph(element: Option<&Element>) -> Self {
        let Some(element) = element else { return Self::default() };
        let number = |path: &[&str]| element.at(path)?.get("w:val")?.parse().ok();
        let indent = element.child("w:ind").and_then(|indent| {
            let left = indent.get("w:left").or_else(|| indent.get("w:start"))?;
            left.parse().ok()
        });
        Self {
            list: number(&["w:numPr", "w:numId"]),
            level: number(&["w:numPr", "w:ilvl"]),
            outline: number(&["w:outlineLvl"]),
            indent,
            ..Self::default()
        }
    }

    /// Reads `w:rPr`.
    pub(super) fn of_run(element: Option<&Element>) -> Self {
        let Some(element) = element else { return Self::default() };
        let on = |name: &str| element.child(name).map(is_on);
        Self {
            bold: on("w:b"),
            italic: on("w:i"),
            underlined: element.child("w:u").map(|line| line.get("w:val") != Some("none")),
            size: element.child("w:sz").and_then(|size| size.get("w:val")?.parse().ok()),
            hidden: on("w:vanish"),
            struck: on("w:strike").or_else(|| on("w:dstrike")),
            ..Self::default()
        }
    }
}

/// Whether a switch such as `<w:b/>` or `<w:b w:val="0"/>` is on.
pub(super) fn is_on(element: &Element) -> bool {
    !matches!(element.get("w:val"), Some("0" | "false" | "off" | "none"))
}

#[derive(Debug, Default)]
struct Style {
    /// In small letters. Of built-in styles it is English in every language of Word.
    name: String,
    based_on: Option<String>,
    own: Properties,
}

/// All styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default_paragraph: String,
    defaults: Properties,
}

impl Styles {
    pub(super) fn read(part: Option<&Element>) -> Self {
        let mut styles = Self::default();
        let Some(part) = part else { return styles };
        let defaults = part.child("w:docDefaults");
        let run = defaults.and_then(|defaults| defaults.at(&["w:rPrDefault", "w:rPr"]));
        styles.defaults = Properties::of_run(run);
        for style in part.elements().filter(|element| &*element.name == "w:style") {
            let Some(id) = style.get("w:styleId") else { continue };
            let value =
                |name: &str| style.child(name).and_then(|child| child.get("w:val")).map(str::to_owned);
            let own = Properties::of_paragraph(style.child("w:pPr"))
                .over(&Properties::of_run(style.child("w:rPr")));
            let name = value("w:name").unwrap_or_default().to_lowercase();
            if style.get("w:default").is_some_and(|on| on != "0")
                && style.get("w:type").is_none_or(|kind| kind == "paragraph")
            {
                id.clone_into(&mut styles.default_paragraph);
            }
            styles.by_id.insert(id.to_owned(), Style { name, based_on: value("w:basedOn"), own });
        }
        styles
    }

    /// The style and those that it is based on, the nearest first.
    fn chain(&self, id: Option<&str>) -> Vec<&Style> {
        let mut chain = Vec::new();
        let mut next = id;
        while let Some(style) = next.and_then(|id| self.by_id.get(id)) {
            if chain.len() >= LONGEST_CHAIN {
                break;
            }
            chain.push(style);
            next = style.based_on.as_deref();
        }
        chain
    }

    /// What the style of a paragraph says, its ancestors and the document's defaults included.
    pub(super) fn of_paragraph(&self, id: Option<&str>) -> Properties {
        let chain = self.chain(id.or(Some(&self.default_paragraph)));
        let own = chain.iter().fold(Properties::default(), |all, style| all.over(&style.own));
        own.over(&self.defaults)
    }

    /// What a style of characters says.
    pub(super) fn of_characters(&self, id: Option<&str>) -> Properties {
        self.chain(id).iter().fold(Properties::default(), |all, style| all.over(&style.own))
    }

    /// What a list style says of its numbering.
    pub(super) fn list_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id)?.own.list
    }

    /// What a paragraph of this style is, by the name of the style or of one that it is based on.
    pub(super) fn role(&self, id: Option<&str>) -> Role {
        for style in self.chain(id) {
            let name = style.name.as_str();
            if let Some(level) = name.strip_prefix("heading ").and_then(|level| level.trim().parse().ok())
                && (1..=9).contains(&level)
            {
                return Role::Heading(level);
            }
            match name {
                "title" => return Role::Title,
                "toc heading" | "contents heading" => return Role::ContentsTitle,
                _ => {}
            }
            let entry = name.strip_prefix("toc ").or_else(|| name.strip_prefix("contents "));
            if entry.is_some_and(|level| level.trim().parse::<u8>().is_ok()) {
                return Role::ContentsEntry;
            }
        }
        Role::Body
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::super::xml;
    use super::{Role, Styles};

    #[test]
    fn a_heading_is_known_in_every_language_and_under_every_name() {
        let part = xml::parse(
            b"<w:styles xmlns:w='x/wordprocessingml/2006/main'>\
              <w:style w:type='paragraph' w:styleId='berschrift2'><w:name w:val='heading 2'/></w:style>\
              <w:style w:type='paragraph' w:styleId='School'><w:name w:val='Larkfield head'/><w:basedOn w:val='berschrift2'/></w:style>\
              <w:style w:type='paragraph' w:styleId='Own'><w:name w:val='Own'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style>\
              <w:style w:type='paragraph' w:styleId='Loop'><w:basedOn w:val='Loop'/></w:style>\
              </w:styles>",
        )
        .unwrap();
        let styles = Styles::read(Some(&part));
        assert_eq!(styles.role(Some("berschrift2")), Role::Heading(2));
        assert_eq!(styles.role(Some("School")), Role::Heading(2));
        assert_eq!(styles.of_paragraph(Some("Own")).outline, Some(0));
        assert_eq!(styles.role(Some("Loop")), Role::Body);
    }
}
