//! What is printed: the parts of a document and the order in which they are read.

use std::collections::BTreeMap;

/// Where in the caller's own file a part begins, in bytes. It is handed back with a [`super::Fault`].
pub type Place = usize;

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What stands over the title: “Policy”.
    pub kind: String,
    /// What stands under it.
    pub summary: String,
    /// Whose it is.
    pub school: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// Where it is on the web, as readers see it.
    pub address: String,
    /// The drawing that stands for the school: a name in [`Document::pictures`].
    pub logo: Option<String>,
    /// Year, month and day that the file bears, as PDF/A asks; part of the content, never the day of
    /// printing, or the same words would give other bytes tomorrow.
    pub day: (i16, i8, i8),
    /// Who looks after it, and since when.
    pub facts: Vec<Fact>,
    /// What it says in a few sentences, under a title.
    pub in_brief: Option<(String, Vec<Vec<Inline>>)>,
    /// The title of the list of contents, where there is one.
    pub contents: Option<String>,
    /// Whether headings are numbered.
    pub numbered: bool,
    /// For whom the type is set.
    pub readers: Readers,
    /// The words at the foot of a page: before its number, and between it and the number of all pages.
    pub page_words: (String, String),
    /// The text.
    pub body: Vec<Block>,
    /// Drawings (SVG) and photographs (PNG, JPEG) by name; a name ends as a file of its kind does.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// For whom the type is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Readers {
    /// Grown-ups.
    #[default]
    GrownUps,
    /// Children who read on their own.
    Children,
    /// Children who only learn to read.
    Beginners,
}

/// Something that is known of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is: “Owner”.
    pub label: String,
    /// What is known.
    pub value: String,
    /// Something smaller under it, or nothing.
    pub note: String,
}

/// A part that begins a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 is the highest under the title.
        level: usize,
        /// Its name in links within the document.
        anchor: String,
        /// Its words.
        words: Vec<Inline>,
        /// Where it begins.
        at: Place,
    },
    /// A paragraph, or the words of a list’s item or a cell.
    Paragraph(Vec<Inline>),
    /// A list; numbered from a first number, or with dots.
    List {
        /// The first number, where they are numbered.
        first: Option<u64>,
        /// What each item says.
        items: Vec<Vec<Block>>,
    },
    /// Words set apart.
    Quote(Vec<Block>),
    /// Words as they were typed.
    Typed(String),
    /// A table.
    Table(Table),
    /// A picture with what it shows.
    Picture {
        /// Its name in [`Document::pictures`].
        file: String,
        /// What it shows, for who does not see it.
        alt: String,
        /// Where it stands.
        at: Place,
    },
    /// Lines to write on, each after its label.
    Lines(Vec<String>),
    /// A line between two parts.
    Rule,
    /// One promise with its picture.
    Statement(Statement),
    /// Where it is signed.
    Signing(Vec<Signing>),
}

/// A table whose first row is its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// How each column stands.
    pub columns: Vec<Side>,
    /// The head.
    pub head: Vec<Vec<Inline>>,
    /// The rows under it.
    pub rows: Vec<Vec<Vec<Inline>>>,
    /// Where it begins.
    pub at: Place,
}

/// On which side the words of a column stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Side {
    /// Where lines begin.
    #[default]
    Start,
    /// In the middle.
    Centre,
    /// Where lines end.
    End,
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// As of a heading.
    pub level: usize,
    /// Its name in links.
    pub anchor: String,
    /// Its words.
    pub words: Vec<Inline>,
    /// The picture beside it, which shows no more than the words say.
    pub picture: Option<String>,
    /// What more there is to say.
    pub more: Vec<Block>,
    /// Where it begins.
    pub at: Place,
}

/// The place where somebody signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// Who: “My promise”.
    pub title: String,
    /// What signing says.
    pub says: String,
    /// Lines to write on, by their labels.
    pub lines: Vec<String>,
    /// The label of a box to draw a mark in.
    pub mark: Option<String>,
}

/// Words within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Words {
        /// The words.
        text: String,
        /// Where they stand.
        at: Place,
    },
    /// Stressed.
    Emphasis(Vec<Inline>),
    /// Stressed strongly.
    Strong(Vec<Inline>),
    /// No longer in force.
    Struck(Vec<Inline>),
    /// As typed.
    Typed(String),
    /// A link.
    Link {
        /// Where it leads.
        to: Target,
        /// Its words.
        words: Vec<Inline>,
    },
    /// A new line.
    Break,
    /// A note at the foot of the page, where it is first spoken of.
    Note {
        /// Its name.
        name: String,
        /// What it says.
        says: Vec<Block>,
    },
    /// The mark of a note that was there before.
    NoteAgain(String),
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A heading of this document.
    Here(String),
    /// Somewhere on the web, or a telephone number or e-mail address.
    Web(String),
}

impl Inline {
    /// Words that stand at no place of a file: the program's own.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Words { text: text.into(), at: 0 }
    }

    /// Whether there is a link or a note among them.
    pub(super) fn leads(parts: &[Self]) -> bool {
        parts.iter().any(|part| match part {
            Self::Link { .. } | Self::Note { .. } | Self::NoteAgain(_) => true,
            Self::Emphasis(inner) | Self::Strong(inner) | Self::Struck(inner) => Self::leads(inner),
            Self::Words { .. } | Self::Typed(_) | Self::Break => false,
        })
    }

    /// The words as one reads them.
    pub fn text(parts: &[Self]) -> String {
        let mut out = String::new();
        for part in parts {
            match part {
                Self::Words { text, .. } | Self::Typed(text) => out.push_str(text),
                Self::Emphasis(inner) | Self::Strong(inner) | Self::Struck(inner) => {
                    out.push_str(&Self::text(inner));
                }
                Self::Link { words, .. } => out.push_str(&Self::text(words)),
                Self::Break => out.push(' '),
                Self::Note { .. } | Self::NoteAgain(_) => {}
            }
        }
        out
    }
}

impl Document {
    /// Where a picture stands first.
    pub(super) fn place_of_picture(&self, name: &str) -> Option<Place> {
        self.all_blocks().into_iter().find_map(|block| match block {
            Block::Picture { file, at, .. } if file == name => Some(*at),
            Block::Statement(statement) if statement.picture.as_deref() == Some(name) => Some(statement.at),
            _ => None,
        })
    }

    /// The picture that stands at a place.
    pub(super) fn picture_at(&self, place: Place) -> Option<String> {
        self.all_blocks().into_iter().find_map(|block| match block {
            Block::Picture { file, at, .. } if *at == place => Some(file.clone()),
            Block::Statement(statement) if statement.at == place => statement.picture.clone(),
            _ => None,
        })
    }

    /// Every block, those within others too, in the order of reading.
    pub(super) fn all_blocks(&self) -> Vec<&Block> {
        fn gather<'d>(blocks: &'d [Block], out: &mut Vec<&'d Block>) {
            for block in blocks {
                out.push(block);
                match block {
                    Block::List { items, .. } => items.iter().for_each(|item| gather(item, out)),
                    Block::Quote(inner) => gather(inner, out),
                    Block::Statement(statement) => gather(&statement.more, out),
                    _ => {}
                }
            }
        }
        let mut out = Vec::new();
        gather(&self.body, &mut out);
        out
    }
}
