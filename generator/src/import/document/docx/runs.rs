//! The words of a paragraph: runs, fields, links, marks of notes, tracked changes.

use super::super::DocumentError;
use super::super::links;
use super::super::model::{Block, Inline, Text};
use super::super::xml::{Element, Node};
use super::body::{Building, Reader};
use super::fields::{Kind, Open};
use super::styles::{Properties, is_on};
use super::symbols;

/// A gap to write in, as the form lines know it.
const BLANK: &str = "______";

impl<'r> Reader<'r, '_> {
    /// Reads everything within a paragraph or a part of one; `link` is where it leads.
    pub(super) fn inlines<'e>(
        &mut self,
        parent: &'e Element,
        link: Option<&str>,
        building: &mut Building<'e>,
    ) -> Result<(), DocumentError> {
        for element in parent.elements() {
            match &*element.name {
                "w:r" => self.run(element, link, building)?,
                "w:hyperlink" => {
                    let target = self.target(element, building.no);
                    self.inlines(element, target.as_deref().or(link), building)?;
                }
                "w:ins" | "w:moveTo" => {
                    let from = building.inlines.len();
                    self.inlines(element, link, building)?;
                    self.tell_inserted(element, from, building);
                }
                "w:del" | "w:moveFrom" => {
                    let words = super::pieces_of(element, &["w:t", "w:delText"]).concat();
                    self.tell_deleted(&words, building.no, &*element.name == "w:moveFrom");
                }
                "w:fldSimple" => self.simple_field(element, link, building)?,
                "w:sdt" => self.control(element, link, building)?,
                "mc:AlternateContent" => {
                    let chosen = element.child("mc:Choice").or_else(|| element.child("mc:Fallback"));
                    if let Some(chosen) = chosen {
                        self.inlines(chosen, link, building)?;
                    }
                }
                "w:smartTag" | "w:customXml" | "w:sdtContent" | "w:dir" | "w:bdo" => {
                    self.inlines(element, link, building)?;
                }
                "m:oMath" | "m:oMathPara" => {
                    let words = element.all("m:t").into_iter().map(Element::text).collect::<String>();
                    self.notes.doubt(
                        building.no,
                        format!("“{words}” is a formula; only its signs were kept"),
                        "see that it can be understood, and write it in words if not",
                    );
                    self.words(&words, &building.words.clone(), link, building);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn run<'e>(
        &mut self,
        run: &'e Element,
        link: Option<&str>,
        building: &mut Building<'e>,
    ) -> Result<(), DocumentError> {
        let own = run.child("w:rPr");
        let style = own.and_then(|own| own.child("w:rStyle")).and_then(|style| style.get("w:val"));
        let properties =
            Properties::of_run(own).over(&self.styles.of_characters(style)).over(&building.words);
        let font = own.and_then(|own| own.child("w:rFonts")).and_then(|fonts| fonts.get("w:ascii"));
        for node in &run.nodes {
            let Node::Element(element) = node else { continue };
            match &*element.name {
                "w:t" => {
                    let text = element.text();
                    let signs: Option<String> = font.and_then(|font| {
                        text.chars().map(|c| symbols::seen(font, c)).collect::<Option<String>>()
                    });
                    self.words(&signs.unwrap_or(text), &properties, link, building);
                }
                "w:tab" | "w:ptab" => self.words("\t", &properties, link, building),
                "w:br" | "w:cr"
                    if self.is_shown() && element.get("w:type").is_none_or(|kind| kind == "textWrapping") =>
                {
                    building.inlines.push(Inline::Break);
                }
                "w:noBreakHyphen" => self.words("-", &properties, link, building),
                "w:sym" => self.symbol(element, &properties, link, building),
                "w:fldChar" => self.field_mark(element, &properties, link, building),
                "w:instrText" => {
                    if let Some(field) = self.fields.last_mut().filter(|field| field.kind.is_none()) {
                        field.instruction.push_str(&element.text());
                    }
                }
                "w:footnoteReference" => self.note(element, false, building)?,
                "w:endnoteReference" => self.note(element, true, building)?,
                "w:commentReference" => self.comment(element, building.no),
                "w:drawing" => self.drawing(element, building),
                "w:pict" | "w:object" => self.old_drawing(element, building),
                "mc:AlternateContent" => {
                    let chosen = element.child("mc:Choice").or_else(|| element.child("mc:Fallback"));
                    for inner in chosen.into_iter().flat_map(Element::elements) {
                        match &*inner.name {
                            "w:drawing" => self.drawing(inner, building),
                            "w:pict" | "w:object" => self.old_drawing(inner, building),
                            "w:t" => self.words(&inner.text(), &properties, link, building),
                            _ => {}
                        }
                    }
                }
                "w:ruby" => {
                    if let Some(base) = element.child("w:rubyBase") {
                        self.inlines(base, link, building)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether words here are to be seen: not in the instruction of a field.
    fn is_shown(&self) -> bool {
        self.fields.iter().all(|field| field.kind.is_some())
    }

    /// Whether a table of contents has begun and not ended.
    pub(super) fn is_in_contents(&self) -> bool {
        self.contents_fields && self.fields.iter().any(|field| field.kind == Some(Kind::Contents))
    }

    /// Adds words, unless a field or their look says that they are not to be read.
    pub(super) fn words(
        &mut self,
        words: &str,
        properties: &Properties,
        link: Option<&str>,
        building: &mut Building<'_>,
    ) {
        if !self.is_shown() {
            return;
        }
        if properties.hidden == Some(true) {
            self.notes.drop(building.no, words, "hidden in the document");
            return;
        }
        if self.is_in_contents() {
            building.in_contents = true;
        }
        let gap = self
            .fields
            .iter_mut()
            .rev()
            .find(|field| matches!(field.kind, Some(Kind::Blank | Kind::Page | Kind::Box)));
        if let Some(field) = gap {
            field.shown.push_str(words);
            return;
        }
        if properties.struck == Some(true) && words.chars().any(char::is_alphanumeric) {
            self.notes.doubt(
                building.no,
                format!("“{}” is crossed out in the document; it was kept", words.trim()),
                "delete it, if it no longer holds",
            );
        }
        let of_field = self.fields.iter().rev().find_map(|field| match &field.kind {
            Some(Kind::Link(target)) => target.clone(),
            _ => None,
        });
        let text = Text {
            words: words.to_owned(),
            look: properties.look(),
            link: link.map(str::to_owned).or(of_field),
        };
        building.inlines.push(Inline::Text(text));
    }

    fn symbol(
        &mut self,
        element: &Element,
        properties: &Properties,
        link: Option<&str>,
        building: &mut Building<'_>,
    ) {
        let code = element.get("w:char").and_then(|code| u32::from_str_radix(code, 16).ok());
        let Some(c) = code.and_then(char::from_u32) else { return };
        let font = element.get("w:font").unwrap_or_default();
        match symbols::seen(font, c) {
            Some("") => {
                let told = format!("[a sign of the font {font}]");
                self.notes.drop_thing(building.no, told, "a small picture that has no letter");
            }
            Some(sign) => self.words(sign, properties, link, building),
            None => self.words(c.encode_utf8(&mut [0; 4]), properties, link, building),
        }
    }

    fn target(&mut self, element: &Element, no: usize) -> Option<String> {
        let relation = element.get("r:id").and_then(|id| self.relations.by_id.get(id))?;
        let mut target = relation.target.clone();
        if let Some(place) = element.get("w:anchor").filter(|_| !target.contains('#')) {
            target = format!("{target}#{place}");
        }
        let web = links::web(&target);
        if web.is_none() {
            self.notes.doubt(
                no,
                format!("a link leads to “{target}”, which is no page on the web; its words were kept"),
                "link to the page that is meant, if there is one",
            );
        }
        web
    }

    fn field_mark(
        &mut self,
        element: &Element,
        properties: &Properties,
        link: Option<&str>,
        building: &mut Building<'_>,
    ) {
        match element.get("w:fldCharType") {
            Some("begin") => {
                let ticked = element.at(&["w:ffData", "w:checkBox"]).is_some_and(|state| {
                    let state = state.child("w:checked").or_else(|| state.child("w:default"));
                    state.is_some_and(is_on)
                });
                let field = Open { instruction: String::new(), kind: None, ticked, shown: String::new() };
                self.fields.push(field);
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.kind = Some(Kind::of(&field.instruction));
                }
            }
            Some("end") => {
                if let Some(field) = self.fields.pop() {
                    self.end_field(field, properties, link, building);
                }
            }
            _ => {}
        }
    }

    fn simple_field<'e>(
        &mut self,
        element: &'e Element,
        link: Option<&str>,
        building: &mut Building<'e>,
    ) -> Result<(), DocumentError> {
        let instruction = element.get("w:instr").unwrap_or_default().to_owned();
        let kind = Some(Kind::of(&instruction));
        let depth = self.fields.len();
        self.fields.push(Open { instruction, kind, ticked: false, shown: String::new() });
        self.inlines(element, link, building)?;
        self.fields.truncate(depth + 1);
        if let Some(field) = self.fields.pop() {
            self.end_field(field, &building.words.clone(), link, building);
        }
        Ok(())
    }

    fn end_field(
        &mut self,
        field: Open,
        properties: &Properties,
        link: Option<&str>,
        building: &mut Building<'_>,
    ) {
        let kind = field.kind.unwrap_or_else(|| Kind::of(&field.instruction));
        let shown = field.shown.trim();
        match kind {
            Kind::Box => {
                self.words(if field.ticked { "☑" } else { "☐" }, properties, link, building);
            }
            Kind::Blank if shown.is_empty() => self.words(BLANK, properties, link, building),
            Kind::Blank => self.words(&field.shown, properties, link, building),
            Kind::Page if !shown.is_empty() => {
                self.notes.drop(building.no, shown, "the number of a page");
            }
            Kind::PageOfAnother if !self.is_in_contents() => self.notes.doubt(
                building.no,
                "the text names the page on which something stands, and a website has no such pages",
                "name the heading instead",
            ),
            Kind::Date => self.notes.doubt(
                building.no,
                "a date in the text is a field that Word fills in anew each day",
                "write the day that is meant",
            ),
            Kind::Merge => self.notes.doubt(
                building.no,
                "a field that Word fills in from a list of addresses stands in the text",
                "write the words that are meant",
            ),
            _ => {}
        }
    }

    /// A content control: a box to tick, a gap, a choice.
    fn control<'e>(
        &mut self,
        element: &'e Element,
        link: Option<&str>,
        building: &mut Building<'e>,
    ) -> Result<(), DocumentError> {
        let own = element.child("w:sdtPr");
        let Some(content) = element.child("w:sdtContent") else { return Ok(()) };
        if let Some(tick) = own.and_then(|own| own.child("w14:checkbox")) {
            let ticked = tick
                .child("w14:checked")
                .is_some_and(|state| matches!(state.get("w14:val"), Some("1" | "true" | "on")));
            let words = building.words.clone();
            self.words(if ticked { "☑" } else { "☐" }, &words, link, building);
            return Ok(());
        }
        if own.and_then(|own| own.child("w:showingPlcHdr")).is_some_and(is_on) {
            let words = super::pieces_of(content, &["w:t"]).concat();
            if !words.trim().is_empty() {
                self.notes.drop(building.no, words, "a hint in a gap to write in");
            }
            let words = building.words.clone();
            self.words(BLANK, &words, link, building);
            return Ok(());
        }
        self.inlines(content, link, building)
    }

    fn note(&mut self, mark: &Element, end: bool, building: &mut Building<'_>) -> Result<(), DocumentError> {
        let Some(id) = mark.get("w:id").map(str::to_owned) else { return Ok(()) };
        if !self.is_shown() || self.in_note {
            return Ok(());
        }
        if let Some(&known) = self.notes_read.get(&(end, id.clone())) {
            building.inlines.push(Inline::Note(known));
            return Ok(());
        }
        let part = if end { &self.endnotes } else { &self.footnotes };
        let Some(note) = part.get(id.as_str()).copied() else {
            self.notes.doubt(
                building.no,
                "a footnote is marked here, and the document does not have it",
                "look for it in an older copy",
            );
            return Ok(());
        };
        let fields = std::mem::take(&mut self.fields);
        self.in_note = true;
        let mut blocks: Vec<Block> = Vec::new();
        let read = self.blocks(note, &mut blocks);
        self.in_note = false;
        self.fields = fields;
        read?;
        let place = self.document.notes.len();
        self.document.notes.push(blocks);
        self.notes_read.insert((end, id), place);
        building.inlines.push(Inline::Note(place));
        Ok(())
    }

    fn comment(&mut self, mark: &Element, no: usize) {
        let found = mark.get("w:id").and_then(|id| self.comments.get(id)).copied();
        let Some(comment) = found else { return };
        let words: Vec<String> =
            comment.all("w:p").into_iter().map(|p| super::pieces_of(p, &["w:t"]).concat()).collect();
        super::super::doubt_comment(no, comment.get("w:author"), &words.join(" "), self.notes);
    }

    /// Lists words that a tracked change takes out.
    pub(super) fn tell_deleted(&mut self, words: &str, no: usize, moved: bool) {
        if words.trim().is_empty() {
            return;
        }
        let why = if moved {
            "moved somewhere else, as the tracked changes say"
        } else {
            "deleted, as the tracked changes say"
        };
        self.notes.drop(no, words, why);
    }

    fn tell_inserted(&mut self, element: &Element, from: usize, building: &Building<'_>) {
        if &*element.name == "w:moveTo" {
            return;
        }
        let words: String = building.inlines[from.min(building.inlines.len())..]
            .iter()
            .filter_map(|inline| match inline {
                Inline::Text(text) => Some(text.words.as_str()),
                _ => None,
            })
            .collect();
        super::super::doubt_inserted(building.no, element.get("w:author"), &words, self.notes);
    }
}
