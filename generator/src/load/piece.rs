//! A page's text as its reader took it apart. As pulldown-cmark's events, but small: a school's pages are in
//! memory all at once, and these are a third of the size.

use std::{
    fmt,
    ops::{Deref, Range},
    sync::{Arc, OnceLock},
};

pub use pulldown_cmark::{Alignment, HeadingLevel, TagEnd};
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind as Kind, CowStr, LinkType};

/// One event with the bytes of the file that it stands for.
pub type Piece = (Event, Range<usize>);

/// Some words of a page. All that a page says stands in one text, which each of them has a share in: a page has
/// hundreds, and memory of its own for each took longer than finding them.
#[derive(Clone)]
pub struct Words {
    page: Arc<OnceLock<Box<str>>>,
    from: u32,
    to: u32,
}

impl Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        let all = self.page.get().map_or("", |all| all);
        all.get(self.from as usize..self.to as usize).unwrap_or_default()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Gathers what a page says while it is taken apart. Nothing of it is there to be read before the end.
pub(super) struct Gathering {
    so_far: String,
    page: Arc<OnceLock<Box<str>>>,
}

impl Gathering {
    /// For a text of about so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        Self { so_far: String::with_capacity(bytes), page: Arc::default() }
    }

    /// Adds some words.
    pub(super) fn words(&mut self, words: &str) -> Words {
        // A file is far smaller than four gigabytes.
        let here = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let from = here(&self.so_far);
        self.so_far.push_str(words);
        Words { page: Arc::clone(&self.page), from, to: here(&self.so_far) }
    }

    /// That was all.
    pub(super) fn end(self) {
        // Nobody else sets it.
        let _ = self.page.set(self.so_far.into_boxed_str());
    }
}

/// What stands next.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Something begins that other pieces stand in.
    Start(Tag),
    /// It ends.
    End(TagEnd),
    /// Words.
    Text(Words),
    /// Words as they would be typed.
    Code(Words),
    /// The mark of the footnote of this name.
    FootnoteReference(Box<str>),
    /// The end of a line of the file within a paragraph.
    SoftBreak,
    /// The end of a line that readers see.
    HardBreak,
    /// A line across the page.
    Rule,
}

/// What other pieces stand in.
#[derive(Debug, Clone, PartialEq)]
pub enum Tag {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading {
        /// 1 to 6.
        level: HeadingLevel,
    },
    /// Somebody else's words.
    BlockQuote,
    /// Lines as they would be typed, or to be filled in.
    CodeBlock(CodeBlockKind),
    /// A list, with its first number where it is numbered.
    List(Option<u64>),
    /// An item of a list.
    Item,
    /// The text of the footnote of this name.
    FootnoteDefinition(Box<str>),
    /// A table, with the side to which each column is set.
    Table(Box<[Alignment]>),
    /// The first row of a table.
    TableHead,
    /// Another row.
    TableRow,
    /// A cell of a row.
    TableCell,
    /// Words with stress.
    Emphasis,
    /// Words with more of it.
    Strong,
    /// Words that no longer hold.
    Strikethrough,
    /// A link.
    Link(Link),
    /// A picture; what it shows stands in it as words.
    Image(Box<Image>),
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its address as it was written, the school's words filled in.
    pub to: Box<str>,
    /// Whether it was written as `<someone@school.example>`.
    pub is_email: bool,
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Its file as it was written.
    pub file: Box<str>,
    /// Its title; empty where it has none.
    pub title: Box<str>,
}

/// How lines that stand as they were typed were marked.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeBlockKind {
    /// By spaces before them.
    Indented,
    /// By a fence, with the word after it.
    Fenced(Box<str>),
}

impl CodeBlockKind {
    /// Whether each of its lines is a label with room to write after it.
    pub fn is_form(&self) -> bool {
        matches!(self, Self::Fenced(word) if word.split_whitespace().next() == Some("form"))
    }
}

impl Event {
    /// From an event of the parser; none of what pages do not have.
    pub(super) fn of(event: pulldown_cmark::Event<'_>, gathering: &mut Gathering) -> Option<Self> {
        use pulldown_cmark::Event as Parsed;
        Some(match event {
            Parsed::Start(tag) => Self::Start(Tag::of(tag)?),
            Parsed::End(end) => Self::End(end),
            Parsed::Text(text) => Self::Text(gathering.words(&text)),
            Parsed::Code(text) => Self::Code(gathering.words(&text)),
            Parsed::FootnoteReference(name) => Self::FootnoteReference(boxed(name)),
            Parsed::SoftBreak => Self::SoftBreak,
            Parsed::HardBreak => Self::HardBreak,
            Parsed::Rule => Self::Rule,
            // HTML is refused where a page is read; task lists and mathematics are not asked of the parser.
            Parsed::Html(_)
            | Parsed::InlineHtml(_)
            | Parsed::TaskListMarker(_)
            | Parsed::InlineMath(_)
            | Parsed::DisplayMath(_) => return None,
        })
    }
}

impl Tag {
    fn of(tag: pulldown_cmark::Tag<'_>) -> Option<Self> {
        use pulldown_cmark::Tag as Parsed;
        Some(match tag {
            Parsed::Paragraph => Self::Paragraph,
            Parsed::Heading { level, .. } => Self::Heading { level },
            Parsed::BlockQuote(_) => Self::BlockQuote,
            Parsed::CodeBlock(Kind::Indented) => Self::CodeBlock(CodeBlockKind::Indented),
            Parsed::CodeBlock(Kind::Fenced(word)) => Self::CodeBlock(CodeBlockKind::Fenced(boxed(word))),
            Parsed::List(first) => Self::List(first),
            Parsed::Item => Self::Item,
            Parsed::FootnoteDefinition(name) => Self::FootnoteDefinition(boxed(name)),
            Parsed::Table(sides) => Self::Table(sides.into()),
            Parsed::TableHead => Self::TableHead,
            Parsed::TableRow => Self::TableRow,
            Parsed::TableCell => Self::TableCell,
            Parsed::Emphasis => Self::Emphasis,
            Parsed::Strong => Self::Strong,
            Parsed::Strikethrough => Self::Strikethrough,
            Parsed::Link { link_type, dest_url, .. } => {
                Self::Link(Link { to: boxed(dest_url), is_email: link_type == LinkType::Email })
            }
            Parsed::Image { dest_url, title, .. } => {
                Self::Image(Box::new(Image { file: boxed(dest_url), title: boxed(title) }))
            }
            Parsed::HtmlBlock
            | Parsed::DefinitionList
            | Parsed::DefinitionListTitle
            | Parsed::DefinitionListDefinition
            | Parsed::Superscript
            | Parsed::Subscript
            | Parsed::MetadataBlock(_) => return None,
        })
    }

    /// What ends it.
    pub fn to_end(&self) -> TagEnd {
        match self {
            Self::Paragraph => TagEnd::Paragraph,
            Self::Heading { level } => TagEnd::Heading(*level),
            Self::BlockQuote => TagEnd::BlockQuote(None::<BlockQuoteKind>),
            Self::CodeBlock(_) => TagEnd::CodeBlock,
            Self::List(first) => TagEnd::List(first.is_some()),
            Self::Item => TagEnd::Item,
            Self::FootnoteDefinition(_) => TagEnd::FootnoteDefinition,
            Self::Table(_) => TagEnd::Table,
            Self::TableHead => TagEnd::TableHead,
            Self::TableRow => TagEnd::TableRow,
            Self::TableCell => TagEnd::TableCell,
            Self::Emphasis => TagEnd::Emphasis,
            Self::Strong => TagEnd::Strong,
            Self::Strikethrough => TagEnd::Strikethrough,
            Self::Link(_) => TagEnd::Link,
            Self::Image(_) => TagEnd::Image,
        }
    }
}

/// The words in a block of exactly their size, whatever they came in.
fn boxed(text: CowStr<'_>) -> Box<str> {
    Box::from(&*text)
}
