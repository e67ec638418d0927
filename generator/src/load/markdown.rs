//! Markdown, parsed once, each piece with its place in the file.

use std::{borrow::Cow, collections::BTreeSet, ops::Range};

use pulldown_cmark::{CowStr, Event as Parsed, Options, Parser, Tag as ParsedTag, TextMergeWithOffset};

use super::{
    contact,
    language::Direction,
    piece::{Event, Gathering, HeadingLevel, Link, Piece, Tag, TagEnd, Words},
    placeholder, scenario,
    settings::Settings,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// In every name that pages use for their own parts, such as `page--contents` and `note--1`, and in no
/// heading's, so that a link never leads to the wrong one of two.
const RESERVED: &str = "--";

/// The mark of a flowchart's step that nothing follows.
const END: &str = "end";

/// The body of a page.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// Everything in order, the school's words already filled in; nothing while the page
    /// [rests](super::document::Document::rest).
    pub pieces: Vec<Piece>,
    /// The headings in order; nothing while the page [rests](super::document::Document::rest).
    pub headings: Vec<Heading>,
    /// Their names in links, a line each, while it does: others may lead to them.
    names: Box<str>,
    /// Its first byte in the file.
    pub start: usize,
}

impl Body {
    /// The names of its headings in links, also while it rests.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(|heading| heading.anchor.as_str()).chain(self.names.lines())
    }

    /// Lets go of everything but the names of its headings: a dozen headings take as much room as the text.
    pub(super) fn rest(&mut self) {
        // No name has a space in it, or the end of a line.
        self.names = self.anchors().collect::<Vec<_>>().join("\n").into_boxed_str();
        self.pieces = Vec::new();
        self.headings = Vec::new();
    }
}

/// A heading.
#[derive(Debug, Clone)]
pub struct Heading {
    /// 1 to 6.
    pub level: usize,
    /// Its words.
    pub words: String,
    /// Its name in links: given with `{#name}`, else made from its words.
    pub anchor: String,
    /// Whether the name was given.
    pub named: bool,
    /// The picture named with `symbol=`.
    pub symbol: Option<String>,
    /// Whether it was marked with `.end`: nothing follows this step of a flowchart.
    pub end: bool,
    /// Whether it was marked with `.scenario`: a story, and no promise.
    pub scenario: bool,
    /// Its bytes in the file.
    pub range: Range<usize>,
    /// Its pieces: from its start to its end, both included.
    pub pieces: Range<usize>,
}

impl Heading {
    /// Whether a part of an agreement begins here: a group, a promise or a story.
    pub fn opens_part(&self) -> bool {
        self.symbol.is_some() || self.level == 2 || self.scenario
    }
}

/// Parses the body that begins at byte `start` of the file.
pub fn parse(source: &Source, start: usize, settings: &Settings, problems: &mut Vec<Diagnostic>) -> Body {
    parse_in(source, start, settings, Direction::LeftToRight, problems)
}

/// As [`parse`], for a page that is written in this direction: within words from right to left, what
/// placeholders stand for is isolated.
pub fn parse_in(
    source: &Source,
    start: usize,
    settings: &Settings,
    direction: Direction,
    problems: &mut Vec<Diagnostic>,
) -> Body {
    let masked = placeholder::mask(source.text.get(start..).unwrap_or_default());
    // Most pages have none, and then no words are looked through for them.
    let has_placeholders = matches!(masked, Cow::Owned(_));
    let is_masked = |text: &str| has_placeholders && placeholder::is_in(text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let parser = Parser::new_ext(&masked, options).into_offset_iter();
    let mut pieces: Vec<Piece> = Vec::with_capacity(source.text.len() / 16);
    let mut gathering = Gathering::of(masked.len());
    // What stands in the braces after headings, in their order.
    let mut braces = Vec::new();
    // How many headings, links, pictures and blocks of code are open: their words stay as they are.
    let mut plain = 0usize;
    for (event, range) in TextMergeWithOffset::new(parser) {
        let range = range.start + start..range.end + start;
        let event = match event {
            Parsed::Text(text) if direction == Direction::RightToLeft && is_masked(&text) => {
                Parsed::Text(placeholder::isolated_masked(&text).into())
            }
            event => event,
        };
        match event {
            Parsed::Start(ParsedTag::HtmlBlock) | Parsed::InlineHtml(_) => {
                refuse_html(source, range, problems);
            }
            Parsed::Html(_) | Parsed::End(TagEnd::HtmlBlock) => {}
            Parsed::Text(text) if plain == 0 && is_masked(&text) => {
                for (words, address) in contact::parts(&text, settings) {
                    let words = gathering.words(&words);
                    pieces.extend(linked(words, address).map(|event| (event, range.clone())));
                }
            }
            event => {
                match &event {
                    Parsed::Start(tag) if keeps_words_plain(tag.to_end()) => plain += 1,
                    Parsed::End(end) if keeps_words_plain(*end) => plain = plain.saturating_sub(1),
                    _ => {}
                }
                if let Parsed::Start(ParsedTag::Heading { id, classes, attrs, .. }) = &event {
                    braces.push(Braces { id: id.clone(), classes: classes.clone(), attrs: attrs.clone() });
                }
                let event = if has_placeholders { fill_event(event, settings) } else { event };
                let event = Event::of(event, &mut gathering);
                pieces.extend(event.map(|event| (event, range)));
            }
        }
    }
    gathering.end();
    let headings = headings(source, &pieces, braces, problems);
    // Of exactly the size that it needs: an allocator seldom takes back the half of a block.
    let mut exact = Vec::with_capacity(pieces.len());
    exact.append(&mut pieces);
    Body { pieces: exact, headings, names: Box::default(), start }
}

/// What stands in the braces after a heading.
struct Braces<'t> {
    id: Option<CowStr<'t>>,
    classes: Vec<CowStr<'t>>,
    attrs: Vec<(CowStr<'t>, Option<CowStr<'t>>)>,
}

fn keeps_words_plain(end: TagEnd) -> bool {
    matches!(end, TagEnd::Heading(_) | TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock)
}

/// Words, and around them a link where they lead somewhere.
fn linked(words: Words, address: Option<String>) -> impl Iterator<Item = Event> {
    let start = address.map(|address| Event::Start(Tag::Link(Link { to: address.into(), is_email: false })));
    let end = start.is_some().then_some(Event::End(TagEnd::Link));
    start.into_iter().chain([Event::Text(words)]).chain(end)
}

fn refuse_html(source: &Source, range: Range<usize>, problems: &mut Vec<Diagnostic>) {
    let text = source.text.get(range.clone()).unwrap_or_default().trim_start();
    // Comments are notes of the writer to themselves: they are left out silently. The second half of a pair of
    // tags goes with the first, which is told.
    let told = || problems.iter().any(|told| told.code == "html" && told.file == source.path);
    if !(text.starts_with("<!--") || text.starts_with("</") && told()) {
        problems.push(source.error(
            "html",
            range,
            "HTML tags are not used in pages.",
            "Write it as Markdown: **bold**, [a link](page.md), ![what a picture shows](picture.png). For a < sign, write \\<.",
        ));
    }
}

fn fill_event<'a>(event: Parsed<'a>, settings: &Settings) -> Parsed<'a> {
    let fill = |text: CowStr<'a>| -> CowStr<'a> {
        if placeholder::is_in(&text) { placeholder::fill(&text, settings).into() } else { text }
    };
    match event {
        Parsed::Text(text) => Parsed::Text(fill(text)),
        Parsed::Code(text) => Parsed::Code(fill(text)),
        Parsed::Start(ParsedTag::Link { link_type, dest_url, title, id }) => {
            Parsed::Start(ParsedTag::Link { link_type, dest_url: fill(dest_url), title, id })
        }
        Parsed::Start(ParsedTag::Image { link_type, dest_url, title, id }) => {
            Parsed::Start(ParsedTag::Image { link_type, dest_url: fill(dest_url), title: fill(title), id })
        }
        other => other,
    }
}

fn headings(
    source: &Source,
    pieces: &[Piece],
    braces: Vec<Braces<'_>>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Heading> {
    let mut out: Vec<Heading> = Vec::new();
    // A name made of words makes way for every name that was given, also further down.
    let given: BTreeSet<&str> = braces.iter().filter_map(|braces| braces.id.as_deref()).collect();
    let mut taken = BTreeSet::new();
    let mut in_braces = braces.iter();
    let mut at = 0;
    while let Some((event, range)) = pieces.get(at) {
        let Event::Start(Tag::Heading { level }) = event else {
            at += 1;
            continue;
        };
        // Every heading has braces, if empty ones.
        let Some(Braces { id, classes, attrs }) = in_braces.next() else { break };
        let end = pieces[at..]
            .iter()
            .position(|(e, _)| matches!(e, Event::End(TagEnd::Heading(_))))
            .map_or(pieces.len(), |length| at + length + 1);
        let words = words_of(&pieces[at..end]);
        let symbol = attributes(source, classes, attrs, range, problems);
        let anchor = match id {
            Some(id) => id.to_string(),
            None => free_anchor(&words, |name| taken.contains(name) || given.contains(name)),
        };
        // A statement's name is held to more than this, and that is told where promises are read.
        if id.is_some() && symbol.is_none() && anchor.contains(RESERVED) {
            problems.push(source.error(
                "reserved-heading-name",
                source.find_within(range.clone(), &format!("#{anchor}")),
                format!("“{anchor}” cannot be a heading’s name: names with two hyphens in a row belong to the pages themselves."),
                "Use single hyphens, as in {#who-to-tell}.",
            ));
        }
        if !taken.insert(anchor.clone()) {
            let (code, what) = if symbol.is_some() {
                (
                    "duplicate-statement-name",
                    format!(
                        "Two statements here have the name “{anchor}”; signatures could not tell them apart."
                    ),
                )
            } else {
                (
                    "duplicate-heading-name",
                    format!(
                        "Two headings here have the name “{anchor}”, so a link could not tell which is meant."
                    ),
                )
            };
            let place = source.find_within(range.clone(), &format!("#{anchor}"));
            problems.push(source.error(code, place, what, "Give one of them another name after the # sign."));
        }
        out.push(Heading {
            level: level_number(*level),
            words,
            anchor,
            named: id.is_some(),
            symbol,
            end: classes.iter().any(|class| &**class == END),
            scenario: classes.iter().any(|class| &**class == scenario::MARK),
            range: range.clone(),
            pieces: at..end,
        });
        at = end.max(at + 1);
    }
    out
}

fn attributes(
    source: &Source,
    classes: &[CowStr<'_>],
    attrs: &[(CowStr<'_>, Option<CowStr<'_>>)],
    range: &Range<usize>,
    problems: &mut Vec<Diagnostic>,
) -> Option<String> {
    let mut symbol = None;
    let known = |class: &&CowStr<'_>| [END, scenario::MARK].contains(&&***class);
    let unknown = classes.iter().filter(|class| !known(class)).map(|class| format!(".{class}"));
    let unknown =
        unknown.chain(attrs.iter().filter(|(key, _)| &**key != "symbol").map(|(key, _)| key.to_string()));
    for word in unknown {
        problems.push(source.error(
            "unknown-attribute",
            source.find_within(range.clone(), &word),
            format!("A heading cannot have “{word}” in its braces."),
            "Only a name such as #kind and a picture such as symbol=kind-messages go there.",
        ));
    }
    for (key, value) in attrs {
        if &**key == "symbol" {
            symbol = Some(value.as_deref().unwrap_or_default().trim_matches('"').to_owned());
        }
    }
    symbol
}

fn free_anchor(words: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = slug(words);
    let base = if plain.is_empty() { "part".to_owned() } else { plain };
    if !taken(&base) {
        return base;
    }
    (2..).map(|n| format!("{base}-{n}")).find(|name| !taken(name)).unwrap_or(base)
}

/// Words as a name in an address: lower-case letters, digits and single hyphens.
pub fn slug(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut add = |c: char| {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !matches!(c, '’' | '\'') && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    };
    // Nearly all headings are plain letters, for which there are no tables to be asked.
    if words.is_ascii() {
        words.chars().for_each(|c| add(c.to_ascii_lowercase()));
    } else {
        words.chars().flat_map(char::to_lowercase).for_each(add);
    }
    out.trim_end_matches('-').to_owned()
}

/// The level as a number from 1 to 6.
pub fn level_number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The words of some pieces as one line, as a reader sees them.
pub fn words_of(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for (event, _) in pieces {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of some pieces, an entry for each paragraph, list item or table row.
pub fn paragraphs_of(pieces: &[Piece]) -> Vec<String> {
    let mut out = Vec::new();
    let mut from = 0;
    let flush = |from: usize, to: usize, out: &mut Vec<String>| {
        let words = words_of(&pieces[from..to]);
        if !words.is_empty() {
            out.push(words);
        }
    };
    for (at, (event, _)) in pieces.iter().enumerate() {
        let breaks = match event {
            Event::Start(tag) => is_block(tag),
            Event::End(end) => ends_block(*end),
            Event::Rule => true,
            _ => false,
        };
        if breaks {
            flush(from, at, &mut out);
            from = at + 1;
        }
    }
    flush(from, pieces.len(), &mut out);
    out
}

fn is_block(tag: &Tag) -> bool {
    ends_block(tag.to_end()) || matches!(tag, Tag::List(_))
}

fn ends_block(end: TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::TableCell
    )
}
