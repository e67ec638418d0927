//! Pages for staff alone, for the hub's desk: they travel with the pack's draft and reach neither the site nor a kiosk.

use records::{
    ids::Slug,
    staff_page::{Part, Piece, StaffPage, Target},
};

use crate::{
    load::{
        School, contact,
        document::Document,
        front_matter::Visibility,
        link,
        markdown::level_number,
        piece::{Event, Tag, TagEnd},
        placeholder,
    },
    print,
};

/// Those of the school, in the order of lists.
pub(crate) fn of(school: &School) -> Vec<StaffPage> {
    school.documents.iter().filter(|document| is_one(document)).filter_map(|d| page(school, d)).collect()
}

fn is_one(document: &Document) -> bool {
    document.matter.visibility == Visibility::Staff && print::is_printed(document)
}

/// Two folders may have a file of one name each.
fn slug(document: &Document) -> Option<Slug> {
    format!("{}-{}", document.kind.folder(), document.slug).parse().ok()
}

fn page(school: &School, document: &Document) -> Option<StaffPage> {
    let summary = document.matter.summary.as_deref().unwrap_or_default();
    let mut reader = Reader { school, document, out: Vec::new(), marked: Vec::new(), in_form: false };
    let place = |event: &Event, at: usize| match event {
        Event::Start(Tag::Heading { .. }) => {
            document.body.headings.iter().find(|heading| heading.range.start == at)
        }
        _ => None,
    };
    for (event, range) in &document.body.pieces {
        let heading = place(event, range.start);
        reader.event(event, heading.map(|heading| heading.anchor.as_str()).unwrap_or_default());
    }
    Some(StaffPage {
        slug: slug(document)?,
        title: document.title(&school.settings),
        summary: placeholder::fill_plain(summary, &school.settings),
        text: reader.out,
    })
}

struct Reader<'d> {
    school: &'d School,
    document: &'d Document,
    out: Vec<Piece>,
    /// Names of notes in the order in which they are spoken of: their numbers.
    marked: Vec<Box<str>>,
    in_form: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event, anchor: &str) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) if kind.is_form() => self.in_form = true,
            Event::End(TagEnd::CodeBlock) if self.in_form => self.in_form = false,
            Event::Text(text) if self.in_form => {
                let labels = text.lines().map(str::trim).filter(|label| !label.is_empty());
                self.out.extend(labels.map(|label| Piece::Line(label.to_owned())));
            }
            // The desk shows no pictures of pages; what one shows stands in its place in words.
            Event::Start(Tag::Image(_)) | Event::End(TagEnd::Image) => {}
            Event::Start(tag) => {
                let part = self.part(tag, anchor);
                self.out.push(Piece::Start(part));
            }
            Event::End(_) => self.out.push(Piece::End),
            Event::Text(text) => self.out.push(Piece::Words(text.to_string())),
            Event::Code(text) => self.out.push(Piece::Typed(text.to_string())),
            Event::FootnoteReference(name) => {
                let mark = Piece::Mark(self.note(name));
                self.out.push(mark);
            }
            Event::SoftBreak => self.out.push(Piece::Words(" ".to_owned())),
            Event::HardBreak => self.out.push(Piece::Break),
            Event::Rule => self.out.push(Piece::Rule),
        }
    }

    fn part(&mut self, tag: &Tag, anchor: &str) -> Part {
        match tag {
            // A picture never comes here: it is left to its words.
            Tag::Paragraph | Tag::Image(_) => Part::Paragraph,
            Tag::Heading { level } => Part::Heading {
                level: u8::try_from(level_number(*level)).unwrap_or(6),
                anchor: anchor.to_owned(),
            },
            Tag::BlockQuote => Part::Quote,
            Tag::CodeBlock(_) => Part::AsTyped,
            Tag::List(first) => Part::List(*first),
            Tag::Item => Part::Item,
            Tag::FootnoteDefinition(name) => Part::Note(self.note(name)),
            Tag::Table(_) => Part::Table,
            Tag::TableHead => Part::Head,
            Tag::TableRow => Part::Row,
            Tag::TableCell => Part::Cell,
            Tag::Emphasis => Part::Emphasis,
            Tag::Strong => Part::Strong,
            Tag::Strikethrough => Part::Struck,
            Tag::Link(link) if link.is_email => Part::Link(Target::Address(format!("mailto:{}", link.to))),
            Tag::Link(link) => Part::Link(self.leads(&link.to)),
        }
    }

    fn note(&mut self, name: &str) -> u16 {
        let known = self.marked.iter().position(|marked| **marked == *name);
        let at = known.unwrap_or_else(|| {
            self.marked.push(name.into());
            self.marked.len() - 1
        });
        u16::try_from(at + 1).unwrap_or(u16::MAX)
    }

    fn leads(&self, address: &str) -> Target {
        let on_site = |address: &str| format!("{}/{address}/", self.school.settings.website);
        match link::target(self.school, &self.document.source.path, address) {
            link::Target::Here(anchor) => Target::Here(anchor.to_owned()),
            link::Target::Page(page, anchor) => match slug(page).filter(|_| is_one(page)) {
                Some(slug) => Target::Page(slug, anchor.map(str::to_owned)),
                None => {
                    let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                    Target::Address(format!("{}{anchor}", on_site(&page.address())))
                }
            },
            link::Target::Form(file) => {
                let published = file.is_published().then(|| on_site(&file.address()));
                Target::Form(file.form.id.clone(), published)
            }
            link::Target::Made(made) => Target::Address(on_site(made.address())),
            link::Target::Outside if address.starts_with("tel:") => Target::Address(contact::rung(address)),
            link::Target::Outside => Target::Address(address.to_owned()),
            // Such links are errors, so nothing with one in it is published.
            link::Target::NoSuchPage(_) | link::Target::Refused => Target::Here(String::new()),
        }
    }
}
