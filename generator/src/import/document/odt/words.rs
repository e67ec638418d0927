//! The words of a paragraph: spans, links, fields, notes, comments.

use super::super::DocumentError;
use super::super::links::web;
use super::super::model::{Block, Inline, Text};
use super::super::xml::{Element, Node};
use super::body::{Building, Reader};
use super::styles::Properties;

/// A gap to write in, as the form lines know it.
const BLANK: &str = "______";

impl Reader<'_, '_> {
    pub(super) fn inlines<'e>(
        &mut self,
        parent: &'e Element,
        look: &Properties,
        link: Option<&str>,
        building: &mut Building<'e>,
    ) -> Result<(), DocumentError> {
        for node in &parent.nodes {
            let element = match node {
                Node::Text(text) => {
                    self.words(text, look, link, building);
                    continue;
                }
                Node::Element(element) => element,
            };
            match &*element.name {
                "text:span" => {
                    let own = self.styles.of("text", element.get("text:style-name"));
                    self.inlines(element, &own.over(look), link, building)?;
                }
                "text:s" => {
                    let count = element.get("text:c").and_then(|count| count.parse().ok()).unwrap_or(1usize);
                    self.exact(&" ".repeat(count.min(1000)), look, link, building);
                }
                "text:tab" => self.exact("\t", look, link, building),
                "text:line-break" => building.inlines.push(Inline::Break),
                "text:a" | "draw:a" => {
                    let target = element.get("xlink:href").unwrap_or_default();
                    let web = web(target);
                    if web.is_none() && !target.is_empty() && !target.starts_with('#') {
                        self.notes.doubt(
                            building.no,
                            format!(
                                "a link leads to “{target}”, which is no page on the web; its words were kept"
                            ),
                            "link to the page that is meant, if there is one",
                        );
                    }
                    self.inlines(element, look, web.as_deref().or(link), building)?;
                }
                "text:note" => self.note(element, building)?,
                "office:annotation" => {
                    let words: Vec<String> = element.all("text:p").into_iter().map(plain).collect();
                    let by = element.child("dc:creator").map(Element::text);
                    super::super::doubt_comment(building.no, by.as_deref(), &words.join(" "), self.notes);
                }
                "text:change" | "text:change-start" | "text:change-end" => {
                    self.changes.mark(element, building.no, self.notes);
                }
                "draw:frame" => self.frame(element, building),
                "text:page-number" | "text:page-count" | "text:page-continuation" => {
                    let words = element.text();
                    if !words.trim().is_empty() {
                        self.notes.drop(building.no, words, "the number of a page");
                    }
                }
                "text:date"
                | "text:time"
                | "text:modification-date"
                | "text:print-date"
                | "text:creation-date" => {
                    if element.get("text:fixed") != Some("true") {
                        self.notes.doubt(
                            building.no,
                            "a date in the text is a field that is filled in anew each day",
                            "write the day that is meant",
                        );
                    }
                    self.inlines(element, look, link, building)?;
                }
                "text:bookmark-ref" | "text:reference-ref" | "text:sequence-ref"
                    if element.get("text:reference-format") == Some("page") =>
                {
                    self.notes.doubt(
                        building.no,
                        "the text names the page on which something stands, and a website has no such pages",
                        "name the heading instead",
                    );
                    self.inlines(element, look, link, building)?;
                }
                "text:placeholder" => {
                    let words = element.text();
                    if !words.trim().is_empty() {
                        self.notes.drop(building.no, words, "a hint in a gap to write in");
                    }
                    self.words(BLANK, look, link, building);
                }
                "loext:content-control" if element.get("loext:checkbox") == Some("true") => {
                    let ticked = element.get("loext:checked") == Some("true");
                    self.words(if ticked { "☑" } else { "☐" }, look, link, building);
                }
                "loext:content-control" if element.get("loext:showing-place-holder") == Some("true") => {
                    let words = element.text();
                    if !words.trim().is_empty() {
                        self.notes.drop(building.no, words, "a hint in a gap to write in");
                    }
                    self.words(BLANK, look, link, building);
                }
                "text:ruby" => {
                    if let Some(base) = element.child("text:ruby-base") {
                        self.inlines(base, look, link, building)?;
                    }
                }
                "text:hidden-text" | "text:hidden-paragraph" => {
                    let words = element.text();
                    if !words.trim().is_empty() {
                        self.notes.drop(building.no, words, "hidden in the document");
                    }
                }
                "text:note-citation"
                | "text:number"
                | "office:annotation-end"
                | "text:soft-page-break"
                | "text:tracked-changes"
                | "svg:title"
                | "svg:desc" => {}
                name if name.starts_with("draw:") => self.shape(element, building),
                name if name.starts_with("office:") || name.starts_with("form:") => {}
                // A field: what it shows are ordinary words.
                _ => self.inlines(element, look, link, building)?,
            }
        }
        Ok(())
    }

    /// Words as the file has them: any run of spaces and line ends is one space.
    fn words(&mut self, words: &str, look: &Properties, link: Option<&str>, building: &mut Building<'_>) {
        let mut single = String::with_capacity(words.len());
        for c in words.chars() {
            let space = matches!(c, ' ' | '\t' | '\r' | '\n');
            if !space {
                single.push(c);
            } else if !single.ends_with(' ') {
                single.push(' ');
            }
        }
        self.exact(&single, look, link, building);
    }

    fn exact(&mut self, words: &str, look: &Properties, link: Option<&str>, building: &mut Building<'_>) {
        if words.is_empty() {
            return;
        }
        if look.hidden == Some(true) {
            if !words.trim().is_empty() {
                self.notes.drop(building.no, words, "hidden in the document");
            }
            return;
        }
        self.changes.seen(words);
        if look.struck == Some(true) && words.chars().any(char::is_alphanumeric) {
            self.notes.doubt(
                building.no,
                format!("“{}” is crossed out in the document; it was kept", words.trim()),
                "delete it, if it no longer holds",
            );
        }
        building.inlines.push(Inline::Text(Text {
            words: words.to_owned(),
            look: look.look(),
            link: link.map(str::to_owned),
        }));
    }

    fn note(&mut self, note: &Element, building: &mut Building<'_>) -> Result<(), DocumentError> {
        let Some(body) = note.child("text:note-body").filter(|_| !self.in_note) else { return Ok(()) };
        self.in_note = true;
        let outer = self.list_place.take();
        let mut blocks: Vec<Block> = Vec::new();
        let read = self.blocks(body, &mut blocks);
        self.list_place = outer;
        self.in_note = false;
        read?;
        self.document.notes.push(blocks);
        building.inlines.push(Inline::Note(self.document.notes.len() - 1));
        Ok(())
    }
}

/// The words of a paragraph, tabs as tabs, without notes and comments.
pub(super) fn plain(element: &Element) -> String {
    fn walk(element: &Element, words: &mut String) {
        for node in &element.nodes {
            match node {
                Node::Text(text) => words.push_str(text),
                Node::Element(inner) => match &*inner.name {
                    "text:tab" => words.push('\t'),
                    "text:s" | "text:line-break" => words.push(' '),
                    "text:note" | "office:annotation" | "text:tracked-changes" | "office:change-info" => {}
                    _ => walk(inner, words),
                },
            }
        }
    }
    let mut words = String::new();
    walk(element, &mut words);
    words
}
