//! Posters: a few words, large.
//!
//! Each layout is a template of its own, `posters/NAME.typ`, and where it suits a screen, `screens/NAME.typ`. It is handed the parts of a poster as data, and
//! makes the words larger or smaller until they fill their place; words that would have to be smaller than
//! one can read are refused by name.

use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;

use super::{
    DOES_NOT_FIT, Fault, Press, Printed, Told,
    document::{Block, Document, Inline, Place},
    pdf, pixels,
    sheet::Sheet,
    world::{self, World},
    writing,
};

/// A part of a poster with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its words.
    pub heading: String,
    /// Where it begins.
    pub at: Place,
    /// The drawing that goes with it, which shows no more than the words say.
    pub picture: Option<String>,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A code to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The address printed under it.
    pub address: String,
    /// The drawing of it: a name among the pictures.
    pub picture: String,
    /// What it is, for who cannot see it.
    pub alt: String,
}

/// How wide a code is on A4, its quiet zone included, in millimetres; on other sheets as the sheet.
pub const CODE_EDGE: f64 = 50.0;

/// What a poster is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// A sheet of paper.
    Sheet(Sheet),
    /// A screen in a corridor, of [`SCREEN`] pixels.
    Screen,
}

impl Ground {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sheet(sheet) => sheet.name(),
            Self::Screen => "screen",
        }
    }
}

/// Width and height of the picture for a screen, in pixels.
pub const SCREEN: (u32, u32) = (1920, 1080);

/// Pixels to a point of the templates for screens.
const SCREEN_PIXELS: f64 = 2.0;

/// How wide a code is on a screen, its quiet zone included, in pixels.
pub const SCREEN_CODE_EDGE: f64 = 380.0;

/// A poster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poster {
    /// Title, school, language, address, day, pictures and the parts before the first heading; the rest of
    /// a document has no place on a poster.
    pub document: Document,
    /// The template, by its name.
    pub layout: String,
    /// What it is made for.
    pub ground: Ground,
    /// The drawing beside the title.
    pub symbol: Option<String>,
    /// The parts under headings.
    pub sections: Vec<Section>,
    /// The code, where there is one.
    pub code: Option<Code>,
}

impl Poster {
    /// All its words as a document, in the order of reading.
    fn whole(&self) -> Document {
        let document = &self.document;
        let mut whole = Document {
            title: document.title.clone(),
            school: document.school.clone(),
            body: document.body.clone(),
            ..Document::default()
        };
        for section in &self.sections {
            let words = vec![Inline::Words { text: section.heading.clone(), at: section.at }];
            whole.body.push(Block::Heading { level: 1, anchor: String::new(), words, at: section.at });
            whole.body.extend(section.blocks.iter().cloned());
        }
        whole
    }

    /// What the engine is told.
    fn text(&self) -> String {
        let mut out = Text(String::new());
        let document = &self.document;
        // A layout is a name among the templates: anything else is no file there.
        let layout: String =
            self.layout.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        let (folder, on) = match self.ground {
            Ground::Sheet(_) => ("posters", "on-sheet"),
            Ground::Screen => ("screens", "on-screen"),
        };
        out.0.push_str(&format!("#import \"/{folder}/{layout}.typ\": poster\n"));
        out.0.push_str(&format!("#import \"/posters/parts.typ\": {on}\n#{on}(poster, (\n"));
        let language = document.language.split('-').next().unwrap_or_default().to_lowercase();
        out.named("title", &document.title);
        out.named("school", &document.school);
        out.named("lang", &language);
        out.named("paper", self.ground.name());
        let (year, month, day) = document.day;
        out.0.push_str(&format!("day: datetime(year: {year}, month: {month}, day: {day}),\n"));
        out.path("logo", document, document.logo.as_deref());
        out.path("symbol", document, self.symbol.as_deref());
        out.path("code", document, self.code.as_ref().map(|code| code.picture.as_str()));
        out.named("code-alt", self.code.as_ref().map(|code| code.alt.as_str()).unwrap_or_default());
        out.named("address", self.code.as_ref().map(|code| code.address.as_str()).unwrap_or_default());
        out.0.push_str("intro: (");
        out.blocks(&document.body);
        out.0.push_str("),\nsections: (\n");
        for section in &self.sections {
            out.0.push('(');
            out.named("heading", &section.heading);
            out.path("symbol", document, section.picture.as_deref());
            out.0.push_str("blocks: (");
            out.blocks(&section.blocks);
            out.0.push_str(")),\n");
        }
        out.0.push_str(")))\n");
        out.0
    }
}

/// Data as the engine reads it: every word is a quoted string, so nothing in it is read as an instruction.
struct Text(String);

impl Text {
    fn string(&mut self, text: &str) {
        writing::quote(&mut self.0, text);
    }

    fn named(&mut self, name: &str, text: &str) {
        self.0.push_str(&format!("{name}: "));
        self.string(text);
        self.0.push_str(",\n");
    }

    fn path(&mut self, name: &str, document: &Document, picture: Option<&str>) {
        let number = |wanted: &str| document.pictures.keys().position(|key| key == wanted);
        let path = picture.and_then(|picture| Some(world::picture_path(number(picture)?, picture)));
        match path {
            Some(path) => self.named(name, &path),
            None => self.0.push_str(&format!("{name}: none,\n")),
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(words) => {
                    self.0.push_str("(kind: \"text\", runs: ");
                    self.runs(words);
                    self.0.push_str("),\n");
                }
                Block::Heading { words, .. } => {
                    self.0.push_str("(kind: \"text\", runs: ");
                    self.runs(&[Inline::Strong(words.clone())]);
                    self.0.push_str("),\n");
                }
                Block::List { first, items } => {
                    self.0.push_str(&format!("(kind: \"list\", ordered: {}, items: (", first.is_some()));
                    for item in items {
                        self.runs(&words_of(item));
                        self.0.push_str(", ");
                    }
                    self.0.push_str(")),\n");
                }
                Block::Table(table) => {
                    self.0.push_str("(kind: \"table\", rows: (");
                    for row in std::iter::once(&table.head).chain(&table.rows) {
                        self.0.push('(');
                        for cell in row {
                            self.runs(cell);
                            self.0.push_str(", ");
                        }
                        self.0.push_str("), ");
                    }
                    self.0.push_str(")),\n");
                }
                Block::Lines(labels) => {
                    self.0.push_str("(kind: \"lines\", labels: (");
                    for label in labels {
                        self.string(label.trim_end_matches(':'));
                        self.0.push_str(", ");
                    }
                    self.0.push_str(")),\n");
                }
                Block::Quote(inner) => self.blocks(inner),
                Block::Typed(text) => self.blocks(&[Block::Paragraph(vec![Inline::plain(text.trim())])]),
                // None of these comes of the Markdown of a poster.
                Block::Rule
                | Block::Picture { .. }
                | Block::Statement(_)
                | Block::Signing(_)
                | Block::Chart(_)
                | Block::Step(_)
                | Block::Purpose(_)
                | Block::Question(_)
                | Block::Panel { .. }
                | Block::Small(_)
                | Block::Code(_)
                | Block::Groups(_)
                | Block::NewSheet
                | Block::Closing(_)
                | Block::Tongue { .. }
                | Block::Slip(_) => {}
            }
        }
    }

    fn runs(&mut self, parts: &[Inline]) {
        self.0.push('(');
        for part in parts {
            let style = match part {
                Inline::Strong(_) => ", strong: true",
                Inline::Emphasis(_) => ", emphasis: true",
                _ => "",
            };
            self.0.push_str("(text: ");
            self.string(&Inline::text(std::slice::from_ref(part)));
            self.0.push_str(&format!("{style}), "));
        }
        self.0.push(')');
    }
}

/// The words of an item's blocks, one after the other.
fn words_of(blocks: &[Block]) -> Vec<Inline> {
    let mut words = Vec::new();
    for block in blocks {
        let Block::Paragraph(more) = block else { continue };
        if !words.is_empty() {
            words.push(Inline::plain(" "));
        }
        words.extend(more.iter().cloned());
    }
    words
}

impl Press {
    /// All that the engine would be told of a poster: if this is the same as before, so is the PDF.
    pub fn poster_wording(&self, poster: &Poster) -> String {
        poster.text()
    }

    /// Makes a poster: the PDF of one for paper, the PNG of one for a screen.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn poster(&self, poster: &Poster) -> Result<Printed, Vec<Fault>> {
        self.poster_set(poster, |laid_out, told| match (poster.ground, laid_out.pages()) {
            (Ground::Sheet(_), _) => pdf(laid_out, &poster.document.address, told),
            (Ground::Screen, [page]) => Ok(Printed { bytes: pixels::png(page, SCREEN_PIXELS)?, pages: 1 }),
            (Ground::Screen, _) => {
                Err(vec![Fault::TooLong { at: None, words: poster.document.title.clone() }])
            }
        })
    }

    /// The poster as PNG pictures of so many dots an inch.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn poster_seen(&self, poster: &Poster, dots: f64) -> Result<Vec<Vec<u8>>, Vec<Fault>> {
        self.poster_set(poster, |laid_out, _| pixels::all(laid_out, dots))
    }

    fn poster_set<T>(
        &self,
        poster: &Poster,
        make: impl FnOnce(&PagedDocument, Told<'_>) -> Result<T, Vec<Fault>>,
    ) -> Result<T, Vec<Fault>> {
        let whole = poster.whole();
        let mut faults = self.letters.missing(&whole);
        // A layout has its own drawings, and no place for one that stands between words.
        faults.extend(whole.all_blocks().into_iter().filter_map(|block| match block {
            Block::Picture { file, at, .. } => Some(Fault::Picture { at: *at, file: file.clone() }),
            _ => None,
        }));
        if !faults.is_empty() {
            return Err(faults);
        }
        let text = poster.text();
        let world = World::new(&self.kit, &text, &poster.document.pictures);
        Self::made(&world, &|error| fault(error, poster), make)
    }
}

/// What the engine said, at the part of the poster that it said it of.
fn fault(error: &SourceDiagnostic, poster: &Poster) -> Fault {
    let Some((_, words)) = error.message.split_once(DOES_NOT_FIT) else {
        let hints = error.hints.iter().map(|hint| format!("; {}", hint.v));
        return Fault::Refused { at: None, why: format!("{}{}", error.message, hints.collect::<String>()) };
    };
    let section = poster.sections.iter().find(|section| section.heading == words);
    Fault::TooLong { at: section.map(|section| section.at), words: words.to_owned() }
}
