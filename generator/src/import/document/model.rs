//! What a word processor's document says, whichever program wrote it.

/// A whole document, as its reader hands it on.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The body in order.
    pub(super) blocks: Vec<Block>,
    /// Footnotes and endnotes, in the order of their marks.
    pub(super) notes: Vec<Vec<Block>>,
    /// Pictures that pages can show.
    pub(super) pictures: Vec<Image>,
    /// The title in the document's properties, which nobody sees and few keep up.
    pub(super) title: Option<String>,
}

/// A picture's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    /// `png` or `jpg`.
    pub(super) ending: &'static str,
    pub(super) bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

/// What a paragraph is, as far as its style tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    #[default]
    Body,
    /// The title of the document.
    Title,
    /// A heading of this level, from 1.
    Heading(usize),
    /// The heading of a table of contents.
    ContentsTitle,
    /// A line of a table of contents.
    ContentsEntry,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Paragraph {
    /// Its place among the paragraphs of the document, from 1.
    pub(super) no: usize,
    pub(super) role: Role,
    /// Set where it is an item of a list, or a heading or clause that is numbered by itself.
    pub(super) item: Option<Item>,
    /// How far it stands from the margin, in twentieths of a point.
    pub(super) indent: i32,
    /// Whether it goes on with the list item above it, without a mark of its own.
    pub(super) goes_on: bool,
    pub(super) inlines: Vec<Inline>,
}

/// An item's place in its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Which list. Two lists of one document have two numbers.
    pub(super) list: usize,
    /// How deep, from 0.
    pub(super) level: usize,
    pub(super) mark: Mark,
}

/// What stands before an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Bullet,
    /// "3." or "3)": Markdown counts so too.
    Number(u32),
    /// "a)", "iv.", "3.2": Markdown has none of these, so they stay among the words.
    Label(String),
}

impl Mark {
    /// The mark as a reader of the document sees it; nothing for a bullet.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Bullet => String::new(),
            Self::Number(number) => format!("{number}."),
            Self::Label(label) => label.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    Text(Text),
    /// The end of a row within a paragraph.
    Break,
    /// The mark of a note: a place in [`Document::notes`].
    Note(usize),
    /// A picture: a place in [`Document::pictures`], and what it shows.
    Picture {
        image: usize,
        alt: String,
    },
}

/// Words of one look. A tab is a tab.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text {
    pub(super) words: String,
    pub(super) look: Look,
    /// Where it leads, if it is a link.
    pub(super) link: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underlined: bool,
    /// In half points; 0 where it is not said.
    pub(super) size: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Table {
    /// The place of its first paragraph.
    pub(super) no: usize,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// Whether the document says that it names the columns.
    pub(super) heads: bool,
    pub(super) cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cell {
    pub(super) blocks: Vec<Block>,
    /// How many columns it takes.
    pub(super) columns: usize,
    /// Whether it only goes on with the cell above it.
    pub(super) covered: bool,
}

impl Paragraph {
    /// The words as one line with tabs; rows and pictures become spaces.
    pub(super) fn words(&self) -> String {
        let mut words = String::new();
        for inline in &self.inlines {
            match inline {
                Inline::Text(text) => words.push_str(&text.words),
                Inline::Break => words.push('\n'),
                Inline::Note(_) | Inline::Picture { .. } => {}
            }
        }
        words
    }

    /// The words with the mark before them that the document draws.
    pub(super) fn line(&self) -> String {
        let words = self.words().replace('\n', " ");
        let words = words.trim_matches(' ');
        let label = self.item.as_ref().map(|item| item.mark.label()).unwrap_or_default();
        if label.is_empty() { words.to_owned() } else { format!("{label} {words}") }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.inlines.iter().all(|inline| match inline {
            Inline::Text(text) => text.words.trim().is_empty(),
            Inline::Break => true,
            Inline::Note(_) | Inline::Picture { .. } => false,
        })
    }

    /// Whether every letter of it satisfies a question about its look.
    pub(super) fn all_look(&self, question: impl Fn(&Look) -> bool) -> bool {
        let mut letters = self.inlines.iter().filter_map(|inline| match inline {
            Inline::Text(text) if text.words.chars().any(char::is_alphanumeric) => Some(&text.look),
            _ => None,
        });
        let Some(first) = letters.next() else { return false };
        question(first) && letters.all(question)
    }
}

/// Every paragraph of some blocks, those in tables too, in order.
pub(super) fn paragraphs(blocks: &[Block]) -> Vec<&Paragraph> {
    fn walk<'b>(blocks: &'b [Block], found: &mut Vec<&'b Paragraph>) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => found.push(paragraph),
                Block::Table(table) => {
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        walk(&cell.blocks, found);
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(blocks, &mut found);
    found
}
