//! What is printed: the parts of a document and the order in which they are read.

use std::collections::BTreeMap;

use super::sheet::{Paper, Sheet};
use crate::chart::{Chart, Drawn};

/// Where in the caller's own file a part begins, in bytes. It is handed back with a [`super::Fault`].
pub type Place = usize;

/// Between the margins of a page to read, in millimetres: 210 less 24 on each side.
const READING: f64 = 162.0;
/// Between columns, in millimetres.
const GUTTER: f64 = 10.0;

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
    /// The paper.
    pub paper: Paper,
    /// Whether its head is a small one: for what one looks up or fills in, rather than reads.
    pub compact: bool,
    /// The language of the words around the text (labels, page numbers) and of what stands under the title, where
    /// it is another than the text's.
    pub other: Other,
    /// What a reader is told of the text before it, a paragraph each: how a translation stands to its original.
    pub notice: Vec<Vec<Inline>>,
    /// Which edition of its words this is, at the foot of each sheet; may be empty.
    pub edition: String,
    /// Who looks after it, and since when.
    pub facts: Vec<Fact>,
    /// Who signs that it is in force, at its head.
    pub signatures: Option<Signatures>,
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

/// Parts of a document that are in another language than its text: the BCP 47 tag of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Other {
    /// The program's own words: what stands over the title, labels, page numbers.
    pub around: Option<String>,
    /// What stands under the title.
    pub summary: Option<String>,
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
    /// The BCP 47 tag of the value's language, where it is another than the text's.
    pub language: Option<String>,
    /// The same of the note's.
    pub note_language: Option<String>,
}

/// Lines on which people sign that a document is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures {
    /// Who signs, a line each: “Headteacher”.
    pub people: Vec<String>,
    /// What stands before the room for the day: “Date”.
    pub date: String,
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
    /// Words in another language than the text's.
    Tongue {
        /// BCP 47 tag of the language.
        language: String,
        /// What is said in it.
        says: Vec<Block>,
    },
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
    /// A flowchart, on the rest of its sheet.
    Chart(Charted),
    /// One step of a procedure.
    Step(Step),
    /// One use to say yes or no to.
    Purpose(Purpose),
    /// One question to answer by hand.
    Question(Question),
    /// Words on a ground of their own under a heading.
    Panel {
        /// The heading.
        title: String,
        /// The words.
        says: Vec<Block>,
    },
    /// Words in small print.
    Small(Vec<Block>),
    /// Characters to be typed elsewhere, large and in groups.
    Code(Vec<String>),
    /// The same, more of them: each group with its number, so that a slip in one can be named.
    Groups(Vec<String>),
    /// What follows begins on a new sheet.
    NewSheet,
    /// The end of a letter, with room for a signature.
    Closing(Closing),
    /// What is cut off and sent back.
    Slip(Vec<Block>),
}

/// A flowchart with what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charted {
    /// Its steps and ways.
    pub chart: Chart,
    /// “back to step”, before a number.
    pub back: String,
    /// All that it shows in words, for who does not see it.
    pub alt: String,
    /// Where the first step begins.
    pub at: Place,
}

impl Charted {
    /// Everything in its place.
    pub(super) fn drawn(&self) -> Drawn {
        self.chart.drawn(|number| format!("{} {number}", self.back))
    }

    /// The smallest sheet on which it can be read, under words of so many letters; the largest there is
    /// where it can be read on none.
    pub fn paper(&self, above: usize) -> Paper {
        /// As small as letters may become before a larger sheet is taken, in points.
        const READABLE: f64 = 8.0;
        /// The school’s name and the title, in millimetres.
        const HEAD: f64 = 40.0;
        /// What a letter and a line of the words above take up, in millimetres.
        const LETTER: f64 = 1.9;
        const LINE: f64 = 5.8;
        let drawn = self.drawn();
        let letters = |paper: Paper| {
            let (wide, high) = paper.room();
            let lines = (above as f64 * LETTER / wide).ceil() + 1.0;
            let room = high - HEAD - lines * LINE;
            let millimetre = (wide / drawn.width).min(room / drawn.height);
            crate::chart::LETTERS * millimetre * 72.0 / 25.4
        };
        let each = [Sheet::A4, Sheet::A3].map(|sheet| {
            let lies = [false, true].map(|across| Paper { sheet, across });
            if letters(lies[1]) > letters(lies[0]) { lies[1] } else { lies[0] }
        });
        if letters(each[0]) >= READABLE { each[0] } else { each[1] }
    }
}

/// A step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// As of a heading.
    pub level: usize,
    /// Its number.
    pub number: usize,
    /// Its name in links.
    pub anchor: String,
    /// What to do, or the question.
    pub words: Vec<Inline>,
    /// What more there is to say, and where it leads.
    pub more: Vec<Block>,
    /// What is said of a step that nothing follows.
    pub end: Option<String>,
    /// Where it begins.
    pub at: Place,
}

impl Step {
    /// Whether it is short enough to stand on one sheet, however little room is left there.
    pub(super) fn is_short(&self) -> bool {
        /// A third of a sheet of A4.
        const SHORT: usize = 1200;
        self.more.iter().map(Block::letters).sum::<usize>() < SHORT
    }
}

impl Block {
    /// How many letters of running words there are in it.
    pub fn letters(&self) -> usize {
        match self {
            Self::Paragraph(words) => Inline::text(words).chars().count(),
            Self::List { items, .. } => items.iter().flatten().map(Self::letters).sum(),
            Self::Quote(inner) | Self::Tongue { says: inner, .. } => inner.iter().map(Self::letters).sum(),
            _ => 0,
        }
    }
}

/// One use to say yes or no to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// As of a heading.
    pub level: usize,
    /// Its name in links.
    pub anchor: String,
    /// The use.
    pub words: String,
    /// The picture beside it, which shows no more than the words say.
    pub picture: Option<String>,
    /// What is to be known of it, each after its label.
    pub facts: Vec<(String, String)>,
    /// The answers, all alike: a box to tick beside each.
    pub answers: Vec<String>,
}

/// One question to answer by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// As of a heading.
    pub level: usize,
    /// Its number.
    pub number: usize,
    /// The question.
    pub words: String,
    /// Something short beside it: “please answer this one”; may be empty.
    pub note: String,
    /// A sentence each of help.
    pub help: Vec<String>,
    /// Where the answer goes.
    pub answer: Answer,
}

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A box to tick beside each, all alike and in large print: yes and no.
    Either(Vec<String>),
    /// A box to tick beside each, with its picture where there is one.
    Boxes(Vec<(Option<String>, String)>),
    /// So many lines to write on.
    Lines(usize),
}

/// The end of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// “With kind regards”.
    pub words: Vec<Inline>,
    /// Whose letter it is.
    pub name: String,
    /// What they are.
    pub role: String,
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
    /// In another language than the words around them.
    Tongue {
        /// BCP 47 tag of the language.
        language: String,
        /// The words.
        words: Vec<Inline>,
    },
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
            Self::Tongue { words, .. } => Self::leads(words),
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
                Self::Link { words, .. } | Self::Tongue { words, .. } => out.push_str(&Self::text(words)),
                Self::Break => out.push(' '),
                Self::Note { .. } | Self::NoteAgain(_) => {}
            }
        }
        out
    }
}

impl Document {
    /// Whether there is a flowchart in it.
    pub(super) fn chart(&self) -> Option<&Charted> {
        self.body.iter().find_map(|block| match block {
            Block::Chart(chart) => Some(chart),
            _ => None,
        })
    }

    /// In how many columns the text under a flowchart stands: lines as long as a wide sheet are hard to follow.
    pub(super) fn columns(&self) -> usize {
        match (self.chart(), self.paper.sheet, self.paper.across) {
            (None, ..) | (_, Sheet::A5 | Sheet::A4, false) => 1,
            (_, Sheet::A5 | Sheet::A4, true) | (_, _, false) => 2,
            (_, _, true) => 3,
        }
    }

    /// How wide the text is, in millimetres.
    pub(super) fn measure(&self) -> f64 {
        if !self.compact {
            return READING;
        }
        let columns = self.columns() as f64;
        (self.paper.room().0 - (columns - 1.0) * GUTTER) / columns
    }

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
                    Block::Quote(inner)
                    | Block::Small(inner)
                    | Block::Slip(inner)
                    | Block::Tongue { says: inner, .. }
                    | Block::Panel { says: inner, .. } => gather(inner, out),
                    Block::Statement(statement) => gather(&statement.more, out),
                    Block::Step(step) => gather(&step.more, out),
                    _ => {}
                }
            }
        }
        let mut out = Vec::new();
        gather(&self.body, &mut out);
        out
    }
}
