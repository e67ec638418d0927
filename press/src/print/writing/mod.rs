//! A document as calls of the templates’ functions.
//!
//! Every word is a quoted string. In a string only `"` and `\` mean anything, so nothing that stands in a
//! document can be read as markup or code.

mod answers;
mod charts;
mod sheets;

use std::fmt::Write as _;

use super::{
    document::{Block, Document, Inline, Place, Readers, Side, Signing, Statement, Table, Target},
    letter::Mailing,
    letters::Letters,
    to_sign::SheetToSign,
    widths, world,
};

/// What the engine is told, and which place of the document each part of it came of.
pub(super) struct Written {
    pub(super) text: String,
    /// From which byte of the text on which place is meant, in rising order.
    places: Vec<(usize, Place)>,
}

impl Written {
    /// The place that a byte of the text came of.
    pub(super) fn place(&self, byte: usize) -> Option<Place> {
        let after = self.places.partition_point(|(from, _)| *from <= byte);
        after.checked_sub(1).and_then(|at| self.places.get(at)).map(|(_, place)| *place)
    }
}

pub(super) fn write(document: &Document, letters: &Letters) -> Written {
    let written = Written { text: String::new(), places: Vec::new() };
    let mut writer = Writer { document, letters, written, above: 0 };
    writer.document();
    writer.written
}

pub(super) fn write_mailing(mailing: &Mailing, letters: &Letters) -> Written {
    let written = Written { text: String::new(), places: Vec::new() };
    let mut writer = Writer { document: &mailing.document, letters, written, above: 0 };
    writer.mailing(mailing);
    writer.written
}

pub(super) fn write_to_sign(sheet: &SheetToSign, letters: &Letters) -> Written {
    let written = Written { text: String::new(), places: Vec::new() };
    let mut writer = Writer { document: &sheet.document, letters, written, above: 0 };
    writer.sheet_to_sign(sheet);
    writer.written
}

fn readers(readers: Readers) -> &'static str {
    match readers {
        Readers::GrownUps => "grown-ups",
        Readers::Children => "children",
        Readers::Beginners => "beginners",
    }
}

/// A language's tag as the engine takes it: the language, and the region where there is one.
fn parts_of_tag(tag: &str) -> (String, Option<String>) {
    match tag.split_once('-') {
        Some((language, region)) if region.len() == 2 => {
            (language.to_lowercase(), Some(region.to_lowercase()))
        }
        Some((language, _)) => (language.to_lowercase(), None),
        None => (tag.to_lowercase(), None),
    }
}

/// Adds words as a quoted string.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out.push('"');
}

struct Writer<'d> {
    document: &'d Document,
    letters: &'d Letters,
    written: Written,
    /// The level of the last heading: the next one is at most one deeper, as PDF/UA asks.
    above: usize,
}

impl Writer<'_> {
    fn say(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.written.text.write_fmt(text);
    }

    fn raw(&mut self, text: &str) {
        self.written.text.push_str(text);
    }

    fn mark(&mut self, at: Place) {
        let here = self.written.text.len();
        self.written.places.push((here, at));
    }

    fn string(&mut self, text: &str) {
        quote(&mut self.written.text, text);
    }

    fn named(&mut self, name: &str, text: &str) {
        self.say(format_args!("  {name}: "));
        self.string(text);
        self.raw(",\n");
    }

    fn document(&mut self) {
        let document = self.document;
        self.raw("#import \"/document.typ\" as t\n#show: t.sheet.with(\n");
        self.named("title", &document.title);
        self.named("kind", &document.kind);
        self.named("summary", &document.summary);
        self.named("school", &document.school);
        self.language(&document.language);
        self.named("address", &document.address);
        self.day();
        self.logo();
        self.named("sheet", &document.paper.sheet.name().to_lowercase());
        self.say(format_args!("  across: {},\n", document.paper.across));
        self.say(format_args!("  compact: {},\n", document.compact));
        self.named("edition", &document.edition);
        if let Some(signatures) = &document.signatures {
            self.raw("  signatures: (");
            self.strings(&signatures.people);
            self.raw("),\n");
            self.named("date-word", &signatures.date);
        }
        self.raw("  facts: (");
        for fact in &document.facts {
            self.raw("(");
            for text in [&fact.label, &fact.value, &fact.note] {
                self.string(text);
                self.raw(", ");
            }
            self.tag(fact.language.as_deref());
            self.raw(", ");
            self.tag(fact.note_language.as_deref());
            self.raw("), ");
        }
        self.raw("),\n");
        if let Some((title, sentences)) = &document.in_brief {
            self.named("brief-title", title);
            self.raw("  brief: (");
            for sentence in sentences {
                self.inlines(sentence);
                self.raw(", ");
            }
            self.raw("),\n");
        }
        self.raw("  around: ");
        self.tag(document.other.around.as_deref());
        self.raw(",\n  summary-in: ");
        self.tag(document.other.summary.as_deref());
        self.raw(",\n  notice: (");
        for sentence in &document.notice {
            self.inlines(sentence);
            self.raw(", ");
        }
        self.raw("),\n");
        if let Some(title) = &document.contents {
            self.named("contents", title);
        }
        self.say(format_args!("  numbered: {},\n", document.numbered));
        self.named("readers", readers(document.readers));
        self.named("page-word", &document.page_words.0);
        self.named("of-word", &document.page_words.1);
        self.raw(")\n#{\n");
        // A flowchart fills the rest of its sheet; the steps in words begin on the next.
        let chart = document.body.iter().position(|block| matches!(block, Block::Chart(_)));
        match chart.map(|at| document.body.split_at(at + 1)) {
            Some((before, after)) => {
                self.blocks(before);
                self.say(format_args!("t.beneath({}, ", document.columns()));
                self.held(after);
                self.raw(")\n");
            }
            None => self.blocks(&document.body),
        }
        self.raw("}\n");
    }

    fn language(&mut self, tag: &str) {
        let (language, region) = parts_of_tag(tag);
        self.named("language", &language);
        if let Some(region) = region {
            self.named("region", &region);
        }
    }

    /// A language's tag, or none.
    fn tag(&mut self, tag: Option<&str>) {
        let Some(tag) = tag else { return self.raw("none") };
        let (language, region) = parts_of_tag(tag);
        self.raw("(");
        self.string(&language);
        self.raw(", ");
        match region {
            Some(region) => self.string(&region),
            None => self.raw("none"),
        }
        self.raw(")");
    }

    fn day(&mut self) {
        let (year, month, day) = self.document.day;
        self.say(format_args!("  day: datetime(year: {year}, month: {month}, day: {day}),\n"));
    }

    fn logo(&mut self) {
        if let Some(logo) = self.document.logo.as_deref().and_then(|logo| self.path(logo)) {
            self.named("logo", &logo);
        }
    }

    fn path(&self, name: &str) -> Option<String> {
        let number = self.document.pictures.keys().position(|key| key == name)?;
        Some(world::picture_path(number, name))
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
            self.raw("\n");
        }
    }

    /// Blocks as one value.
    fn held_or_none(&mut self, blocks: &[Block]) {
        if blocks.is_empty() {
            self.raw("none");
        } else {
            self.held(blocks);
        }
    }

    fn held(&mut self, blocks: &[Block]) {
        self.raw("[#{\n");
        self.blocks(blocks);
        self.raw("}]");
    }

    fn level(&mut self, wanted: usize) -> usize {
        self.above = wanted.clamp(1, self.above + 1);
        self.above
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, anchor, words, at } => {
                self.mark(*at);
                let level = self.level(*level);
                self.say(format_args!("[#heading(level: {level}, "));
                self.inlines(words);
                self.raw(")");
                if !anchor.is_empty() {
                    self.raw("#label(");
                    self.string(anchor);
                    self.raw(")");
                }
                self.raw("]");
            }
            Block::Paragraph(words) => {
                self.raw("parbreak(); ");
                self.inlines(words);
                self.raw("; parbreak()");
            }
            Block::List { first, items } => {
                match first {
                    None => self.raw("list("),
                    Some(first) => self.say(format_args!("enum(start: {first}, ")),
                }
                for item in items {
                    match item.as_slice() {
                        [Block::Paragraph(words)] => self.inlines(words),
                        item => self.held(item),
                    }
                    self.raw(", ");
                }
                self.raw(")");
            }
            Block::Quote(inner) => {
                self.raw("quote(block: true, ");
                self.held(inner);
                self.raw(")");
            }
            Block::Tongue { language, says } => {
                self.raw("t.saying(");
                self.tag(Some(language));
                self.raw(", ");
                self.held(says);
                self.raw(")");
            }
            Block::Typed(text) => {
                self.raw("raw(block: true, ");
                self.string(text.trim_end_matches('\n'));
                self.raw(")");
            }
            Block::Table(table) => self.table(table),
            Block::Picture { file, alt, at } => {
                self.mark(*at);
                self.raw("t.picture(");
                // A picture that was not handed in: the engine says so, at this place.
                let path = self.path(file).unwrap_or_else(|| "/picture-missing.svg".to_owned());
                self.string(&path);
                self.raw(", ");
                self.string(alt);
                self.raw(")");
            }
            Block::Lines(labels) => {
                self.raw("t.fill-in((");
                self.strings(labels);
                self.raw("))");
            }
            Block::Rule => self.raw("t.rule"),
            Block::Statement(statement) => self.statement(statement),
            Block::Signing(parts) => self.signing(parts),
            Block::Chart(chart) => self.chart(chart),
            Block::Step(step) => self.step(step),
            Block::Purpose(purpose) => self.purpose(purpose),
            Block::Question(question) => self.question(question),
            Block::Panel { title, says } => {
                let level = self.level(1);
                self.say(format_args!("t.panel({level}, "));
                self.string(title);
                self.raw(", ");
                self.held(says);
                self.raw(")");
            }
            Block::Small(says) => {
                self.raw("t.fine-print(");
                self.held(says);
                self.raw(")");
            }
            Block::Code(groups) => {
                self.raw("t.code((");
                self.strings(groups);
                self.raw("))");
            }
            Block::Groups(groups) => {
                self.raw("t.groups((");
                self.strings(groups);
                self.raw("))");
            }
            // Of a print on both sides too: two halves of a secret never share a sheet.
            Block::NewSheet => self.raw("pagebreak(weak: true, to: \"odd\")"),
            Block::Closing(closing) => {
                self.raw("t.closing(");
                self.inlines(&closing.words);
                self.raw(", ");
                self.string(&closing.name);
                self.raw(", ");
                self.string(&closing.role);
                self.raw(")");
            }
            Block::Slip(inner) => {
                self.raw("t.slip(");
                self.held(inner);
                self.raw(")");
            }
        }
    }

    /// A name in links, or none where there is no name.
    fn anchor(&mut self, anchor: &str) {
        if anchor.is_empty() {
            self.raw("none");
        } else {
            self.raw("label(");
            self.string(anchor);
            self.raw(")");
        }
    }

    fn picture(&mut self, picture: Option<&str>) {
        match picture.and_then(|picture| self.path(picture)) {
            Some(path) => self.string(&path),
            None => self.raw("none"),
        }
    }

    fn strings(&mut self, texts: &[String]) {
        for text in texts {
            self.string(text);
            self.raw(", ");
        }
    }

    fn table(&mut self, table: &Table) {
        self.mark(table.at);
        // A table that fits nowhere was refused before.
        let Some(fit) = widths::fit(table, self.letters, self.document.measure()) else { return };
        self.say(format_args!("t.table-of({}pt, {}pt, (", fit.size, widths::INSET));
        for width in &fit.widths {
            self.say(format_args!("{width:.2}pt, "));
        }
        self.raw("), (");
        for side in &table.columns {
            self.raw(match side {
                Side::Start => "start, ",
                Side::Centre => "center, ",
                Side::End => "end, ",
            });
        }
        // A head that comes again on each sheet is read aloud once, so nothing in it may lead elsewhere there.
        self.say(format_args!("), {}, (", !table.head.iter().any(|cell| Inline::leads(cell))));
        self.cells(&table.head, table.columns.len());
        self.raw("), (");
        for row in &table.rows {
            self.raw("\n");
            self.cells(row, table.columns.len());
        }
        self.raw("))");
    }

    fn cells(&mut self, row: &[Vec<Inline>], columns: usize) {
        for column in 0..columns {
            self.inlines(row.get(column).map(Vec::as_slice).unwrap_or_default());
            self.raw(", ");
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.mark(statement.at);
        let level = self.level(statement.level);
        self.say(format_args!("t.statement({level}, label("));
        self.string(&statement.anchor);
        self.raw("), ");
        self.picture(statement.picture.as_deref());
        self.raw(", ");
        self.inlines(&statement.words);
        self.raw(", ");
        self.held_or_none(&statement.more);
        self.raw(")");
    }

    fn signing(&mut self, parts: &[Signing]) {
        self.raw("t.signing(");
        self.signing_parts(parts);
        self.raw(")");
    }

    fn signing_parts(&mut self, parts: &[Signing]) {
        self.raw("(");
        for part in parts {
            self.raw("(title: ");
            self.string(&part.title);
            self.raw(", says: ");
            self.string(&part.says);
            self.raw(", lines: (");
            self.strings(&part.lines);
            self.raw("), mark: ");
            match &part.mark {
                Some(mark) => self.string(mark),
                None => self.raw("none"),
            }
            self.raw("), ");
        }
        self.raw(")");
    }

    /// Words as one value.
    fn inlines(&mut self, parts: &[Inline]) {
        self.raw("[#{");
        for part in parts {
            self.inline(part);
            self.raw("; ");
        }
        self.raw("}]");
    }

    fn around(&mut self, function: &str, inner: &[Inline]) {
        self.say(format_args!("{function}("));
        self.inlines(inner);
        self.raw(")");
    }

    fn inline(&mut self, part: &Inline) {
        match part {
            Inline::Words { text, at } => {
                if *at != 0 {
                    self.mark(*at);
                }
                self.string(text);
            }
            Inline::Emphasis(inner) => self.around("emph", inner),
            Inline::Strong(inner) => self.around("strong", inner),
            Inline::Struck(inner) => self.around("strike", inner),
            Inline::Tongue { language, words } => {
                self.raw("t.saying(");
                self.tag(Some(language));
                self.raw(", ");
                self.inlines(words);
                self.raw(")");
            }
            Inline::Typed(text) => {
                self.raw("raw(");
                self.string(text);
                self.raw(")");
            }
            Inline::Link { to, words } => {
                self.raw("link(");
                match to {
                    Target::Web(address) => self.string(address),
                    Target::Here(anchor) => {
                        self.raw("label(");
                        self.string(anchor);
                        self.raw(")");
                    }
                }
                self.raw(", ");
                self.inlines(words);
                self.raw(")");
            }
            Inline::Break => self.raw("linebreak()"),
            Inline::Note { name, says } => {
                self.raw("[#footnote(");
                match says.as_slice() {
                    [Block::Paragraph(words)] => self.inlines(words),
                    says => self.held(says),
                }
                self.raw(")#label(");
                self.string(&format!("note--{name}"));
                self.raw(")]");
            }
            Inline::NoteAgain(name) => {
                self.raw("footnote(label(");
                self.string(&format!("note--{name}"));
                self.raw("))");
            }
        }
    }
}
