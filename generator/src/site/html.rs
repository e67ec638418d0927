//! Markdown pieces to HTML.

use std::{borrow::Cow, fmt::Write as _};

use records::language::Language;

use super::notes::Notes;
use crate::load::{
    School, contact,
    document::Document,
    form_translation::FormTranslation,
    language::{self, Direction},
    link::{self, Target},
    markdown::{Heading, level_number, words_of},
    piece::{Alignment, Event, Piece, Tag, TagEnd},
    placeholder,
    settings::Settings,
};

/// What a browser too old to choose among sizes is given, in pixels across.
const USUAL_WIDTH: u32 = 960;
/// How wide a photograph in the text is shown: the column on a laptop, the page less its margins on a phone.
const SHOWN_WIDTH: &str = "(min-width: 812px) 748px, calc(100vw - 32px)";

/// What the pieces stand in.
pub(super) struct Place<'a> {
    pub(super) school: &'a School,
    pub(super) document: &'a Document,
    /// From the page back to the site's top: `../../` or nothing.
    pub(super) root: &'a str,
    /// What a wide table that scrolls is called for people who listen to the page.
    pub(super) table_label: &'a str,
    /// What lines to fill in by hand are called for people who listen to the page.
    pub(super) form_label: &'a str,
    /// What stands before the number of a step that a link leads to.
    pub(super) go_to: &'a str,
    /// Whether words with a hyphen stay on one line, for those who only learn to read.
    pub(super) for_children: bool,
    /// The footnotes of the whole page.
    pub(super) notes: Notes,
    /// Added to each heading's level: a heading within a card stands lower.
    pub(super) deeper: usize,
}

impl Place<'_> {
    /// The language that the reader chose, where it is not the school's own.
    fn language(&self) -> Option<&Language> {
        self.document.language.as_ref()
    }

    fn is_right_to_left(&self) -> bool {
        self.language().is_some_and(|l| language::direction(l) == Direction::RightToLeft)
    }
}

/// The text with `&`, `<`, `>` and `"` written so that HTML takes them as text.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if first_special(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text);
    Cow::Owned(out)
}

/// Where the first of them stands. Few words have any, and most of a page is looked through for them.
fn first_special(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let of_tags = memchr::memchr3(b'&', b'<', b'>', bytes);
    memchr::memchr(b'"', &bytes[..of_tags.unwrap_or(bytes.len())]).or(of_tags)
}

fn push_escaped(out: &mut String, mut text: &str) {
    while let Some(at) = first_special(text) {
        out.push_str(&text[..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        text = &text[at + 1..];
    }
    out.push_str(text);
}

/// The address of a page within the site, for links that also work from a folder on a disk.
pub(super) fn href(root: &str, address: &str) -> String {
    if address.is_empty() { format!("{root}index.html") } else { format!("{root}{address}/index.html") }
}

/// Renders pieces of one page.
pub(super) fn render(pieces: &[Piece], place: &Place<'_>) -> String {
    let mut writer = Writer {
        place,
        out: String::with_capacity(pieces.len() * 32),
        in_head: false,
        alignments: Vec::new(),
        column: 0,
        in_form: false,
        leads_to_step: None,
        set_aside: Vec::new(),
        notes: Vec::new(),
    };
    let mut at = 0;
    while let Some((event, range)) = pieces.get(at) {
        if let Event::Start(Tag::Image(image)) = event {
            let length = pieces[at..].iter().position(|(e, _)| matches!(e, Event::End(TagEnd::Image)));
            let end = length.map_or(pieces.len() - 1, |length| at + length);
            writer.image(&image.file, range.start, &image.title, &words_of(&pieces[at..end]));
            at = end + 1;
            continue;
        }
        let heading = || place.document.body.headings.iter().find(|h| h.range == *range);
        writer.event(event, range.start, heading);
        at += 1;
    }
    writer.finish()
}

struct Writer<'p> {
    place: &'p Place<'p>,
    out: String,
    in_head: bool,
    alignments: Vec<Alignment>,
    column: usize,
    in_form: bool,
    /// The step of a flowchart that the link being written leads to.
    leads_to_step: Option<usize>,
    /// Text before a footnote that is being read, and what opens and closes that note.
    set_aside: Vec<(String, Frame)>,
    notes: Vec<(usize, String)>,
}

/// What stands around a footnote.
struct Frame {
    number: usize,
    opens: String,
    closes: String,
}

impl Writer<'_> {
    fn event<'h>(&mut self, event: &Event, at: usize, heading: impl Fn() -> Option<&'h Heading>) {
        match event {
            Event::Start(tag) => self.start(tag, at, heading),
            Event::End(end) => self.end(*end),
            Event::Text(text) if self.in_form => self.lines_to_fill_in(text),
            Event::Text(text) if self.place.for_children => self.out.push_str(&together(text)),
            Event::Text(text) => push_escaped(&mut self.out, text),
            Event::Code(text) => self.write(format_args!("<code>{}</code>", escape(text))),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::FootnoteReference(name) => {
                let notes = &self.place.notes;
                let number = notes.number(name);
                let id = if notes.is_first_mark(name, at) {
                    format!(" id=\"note--from-{number}\"")
                } else {
                    String::new()
                };
                self.write(format_args!("<sup><a{id} href=\"#note--{number}\">{number}</a></sup>"));
            }
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(text);
    }

    /// Each line's label, with a line to write on after it.
    fn lines_to_fill_in(&mut self, labels: &str) {
        for label in labels.lines().map(str::trim).filter(|label| !label.is_empty()) {
            self.write(format_args!("<p>{}</p>\n", escape(label)));
        }
    }

    fn frame(&self, name: &str, at: usize) -> Frame {
        let notes = &self.place.notes;
        let number = notes.number(name);
        let id = if notes.is_the_text(name, at) { format!(" id=\"note--{number}\"") } else { String::new() };
        let back = if notes.is_marked(name) {
            format!("<a href=\"#note--from-{number}\" aria-label=\"{number}\">↩</a>")
        } else {
            String::new()
        };
        Frame { number, opens: format!("<li{id} value=\"{number}\">"), closes: format!("{back}</li>\n") }
    }

    fn start<'h>(&mut self, tag: &Tag, at: usize, heading: impl Fn() -> Option<&'h Heading>) {
        match tag {
            Tag::Paragraph => self.out.push_str("<p>"),
            Tag::Heading { level } => {
                let level = (level_number(*level) + self.place.deeper).min(6);
                match heading() {
                    Some(h) => self.write(format_args!("<h{level} id=\"{}\">", escape(&h.anchor))),
                    None => self.write(format_args!("<h{level}>")),
                }
            }
            Tag::BlockQuote => self.out.push_str("<blockquote>\n"),
            Tag::CodeBlock(kind) if kind.is_form() => {
                self.in_form = true;
                let label = escape(self.place.form_label);
                self.write(format_args!("<div class=\"form\" role=\"group\" aria-label=\"{label}\">\n"));
            }
            Tag::CodeBlock(_) => self.out.push_str("<pre tabindex=\"0\"><code>"),
            Tag::List(None) => self.out.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.out.push_str("<ol>\n"),
            Tag::List(Some(first)) => self.write(format_args!("<ol start=\"{first}\">\n")),
            Tag::Item => self.out.push_str("<li>"),
            Tag::FootnoteDefinition(name) => {
                let before = std::mem::take(&mut self.out);
                self.set_aside.push((before, self.frame(name, at)));
            }
            Tag::Table(alignments) => {
                self.alignments = alignments.to_vec();
                let label = escape(self.place.table_label);
                self.write(format_args!(
                    "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\"><table>\n"
                ));
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"centre\"",
                    _ => "",
                };
                self.column += 1;
                if self.in_head {
                    self.write(format_args!("<th scope=\"col\"{class}>"));
                } else {
                    self.write(format_args!("<td{class}>"));
                }
            }
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link(link) => {
                let to = if link.is_email { format!("mailto:{}", link.to) } else { self.link(&link.to) };
                self.leads_to_step = self.step(&link.to);
                let rung = to.starts_with("tel:") || to.starts_with("mailto:");
                let apart = rung && self.place.is_right_to_left();
                let dir = if apart { " dir=\"ltr\"" } else { "" };
                self.write(format_args!("<a href=\"{}\"{dir}>", escape(&to)));
            }
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::Heading(level) => {
                let level = (level_number(level) + self.place.deeper).min(6);
                self.write(format_args!("</h{level}>\n"));
            }
            TagEnd::BlockQuote(_) => self.out.push_str("</blockquote>\n"),
            TagEnd::CodeBlock if self.in_form => {
                self.in_form = false;
                self.out.push_str("</div>\n");
            }
            TagEnd::CodeBlock => self.out.push_str("</code></pre>\n"),
            TagEnd::List(true) => self.out.push_str("</ol>\n"),
            TagEnd::List(false) => self.out.push_str("</ul>\n"),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => {
                if let Some((before, frame)) = self.set_aside.pop() {
                    let note = std::mem::replace(&mut self.out, before);
                    self.notes.push((frame.number, format!("{}{note}{}", frame.opens, frame.closes)));
                }
            }
            TagEnd::Table => self.out.push_str("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.out.push_str(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Link => {
                if let Some(number) = self.leads_to_step.take() {
                    let go_to = escape(self.place.go_to);
                    self.write(format_args!(" <span class=\"go-to\">{go_to} {number}</span>"));
                }
                self.out.push_str("</a>");
            }
            _ => {}
        }
    }

    /// The number of the step that a link of a flowchart leads to.
    fn step(&self, address: &str) -> Option<usize> {
        let document = self.place.document;
        document.flow.as_ref()?.number(&document.body, address.strip_prefix('#')?)
    }

    fn link(&self, address: &str) -> String {
        let from = &self.place.document.source.path;
        match link::target(self.place.school, from, address) {
            Target::Page(document, anchor) => {
                if let Some(translation) = self.place.language().and_then(|l| document.translation(l)) {
                    let there = |name: &&str| {
                        document.promises.is_some()
                            || translation.page.body.headings.iter().any(|own| own.anchor == **name)
                    };
                    let anchor = anchor.filter(there).map(|a| format!("#{a}")).unwrap_or_default();
                    return format!("{}{anchor}", href(self.place.root, &translation.page.address()));
                }
                let anchor = anchor.map(|a| format!("#{a}")).unwrap_or_default();
                format!("{}{anchor}", href(self.place.root, &document.address()))
            }
            Target::Form(form) => {
                let translation = self.place.language().and_then(|language| form.translation(language));
                let address = translation.map_or_else(|| form.address(), FormTranslation::address);
                href(self.place.root, &address)
            }
            Target::Made(made) => href(self.place.root, made.address()),
            Target::Outside if address.starts_with("tel:") => contact::rung(address),
            Target::Here(_) | Target::Outside => address.to_owned(),
            // Such links are errors, so nothing with one in it is published.
            Target::NoSuchPage(_) | Target::Refused => "#".to_owned(),
        }
    }

    fn image(&mut self, address: &str, at: usize, title: &str, alt: &str) {
        let path = link::joined(&self.place.document.source.path, address).unwrap_or_default();
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(title)) };
        let (root, alt) = (self.place.root, escape(alt));
        // A picture that stands above the first heading is seen at once; others may wait.
        let first = self.place.document.body.headings.first();
        let lazy =
            if first.is_none_or(|heading| at < heading.range.start) { "" } else { " loading=\"lazy\"" };
        let Some(photograph) = self.place.school.photographs.get(&path) else {
            let path = escape(&path);
            self.write(format_args!("<img src=\"{root}{path}\" alt=\"{alt}\"{title}{lazy}>"));
            return;
        };
        let Some(largest) = photograph.sizes.last() else { return };
        let usual = photograph.sizes.iter().rfind(|size| size.width <= USUAL_WIDTH).unwrap_or(largest);
        let (width, height) = (largest.width, largest.height);
        self.write(format_args!("<img src=\"{root}{}\"", usual.file));
        if photograph.sizes.len() > 1 {
            let sizes = photograph.sizes.iter().map(|size| format!("{root}{} {}w", size.file, size.width));
            let sizes = sizes.collect::<Vec<_>>().join(", ");
            self.write(format_args!(" srcset=\"{sizes}\" sizes=\"{SHOWN_WIDTH}\""));
        }
        self.write(format_args!(" width=\"{width}\" height=\"{height}\" alt=\"{alt}\"{title}{lazy}>"));
    }

    fn finish(mut self) -> String {
        if !self.notes.is_empty() {
            self.notes.sort_by_key(|(number, _)| *number);
            self.out.push_str("<hr>\n<ol class=\"notes\">\n");
            for (_, note) in std::mem::take(&mut self.notes) {
                self.out.push_str(&note);
            }
            self.out.push_str("</ol>\n");
        }
        self.out
    }
}

/// One line of text that is no Markdown, its numbers and e-mail addresses as links.
pub(super) fn line(text: &str, settings: &Settings) -> String {
    let parts = contact::parts(&placeholder::mask(text), settings).into_iter();
    let written = parts.map(|(words, address)| match address {
        Some(address) => format!("<a href=\"{}\">{}</a>", escape(&address), escape(&words)),
        None => escape(&words).into_owned(),
    });
    written.collect()
}

/// Longer words may be cut at their hyphens all the same, or they would not fit on a telephone.
const LONGEST_TOGETHER: usize = 18;

/// Words in which none breaks at its hyphen: “grown-” at the end of a line is hard to read at six.
/// A hyphen of the sort that never breaks would be another letter than the one that is signed.
pub(super) fn together(words: &str) -> String {
    let one = |word: &str| {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        if inner.contains('-') && word.chars().count() <= LONGEST_TOGETHER {
            format!("<span class=\"together\">{}</span>", escape(word))
        } else {
            escape(word).into_owned()
        }
    };
    words.split(' ').map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn a_word_with_a_hyphen_stays_on_one_line_letter_for_letter() {
        assert_eq!(
            together("I tell a grown-up. I am < 8 - really"),
            "I tell a <span class=\"together\">grown-up.</span> I am &lt; 8 - really"
        );
        assert_eq!(together("up-and-down-and-up-and-down"), "up-and-down-and-up-and-down");
    }
}
