//! Documents on paper: a typed document in, a tagged PDF out.
//!
//! 1. [`document`] is what a caller hands in: headings, paragraphs, tables, promises. No markup.
//! 2. [`letters`] and [`widths`] look at it first: is there a glyph for every letter, does every table
//!    fit the paper? What does not is a [`Fault`] with the caller's own place for it.
//! 3. [`writing`] puts it as calls of the templates' functions, each text as a quoted string, so that
//!    nothing a school writes is ever read as an instruction.
//! 4. [`world`] is all that the engine may see: that text, the templates, our own fonts, the document's
//!    pictures. There is no disk, no network and no clock in it.
//!
//! 5. What is shown on a screen instead is the same pages as [`pixels`].
//!
//! Every PDF is asked to be PDF/UA-1 and PDF/A-2a at once, and the engine refuses what is not. The same
//! document, templates and fonts always give the same bytes.

pub mod display;
pub mod document;
pub mod letter;
mod letters;
mod pixels;
pub mod poster;
pub mod sheet;
pub mod to_sign;
mod widths;
mod world;
mod writing;

use std::collections::BTreeMap;

use typst::{
    comemo,
    diag::{SourceDiagnostic, Tracepoint},
    foundations::Smart,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::{
    document::{Document, Place},
    letters::Letters,
    world::{Kit, World},
    writing::Written,
};

/// Names the engine and how it is asked to write: files made under another name are made again.
pub const SETTINGS: &str = "typst 0.15.1, UA-1 A-2a, 3";

/// What the templates say of words that do not fit, before the words.
const DOES_NOT_FIT: &str = "does not fit: ";

/// After how many documents what the engine remembers of one is forgotten.
const REMEMBERED: usize = 0;

/// How documents look.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// The templates by path; `document.typ` is the one that is called.
    pub templates: BTreeMap<String, Vec<u8>>,
    /// Fonts as TTF or OTF files.
    pub fonts: Vec<Vec<u8>>,
    /// Colours by name, such as `ink`, as `#1B2A2F`.
    pub colours: BTreeMap<String, String>,
}

/// Why a style cannot be printed with.
#[derive(Debug, thiserror::Error)]
pub enum StyleError {
    /// A template is no text, or has no usable path.
    #[error("the print template “{0}” cannot be read")]
    Template(String),
    /// A font file cannot be read.
    #[error("a font for print cannot be read")]
    Font,
    /// There is nothing to print with.
    #[error("there are no fonts for print")]
    NoFonts,
}

/// A finished document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a document cannot be printed, with the place that the caller gave to that part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// None of the fonts has this letter.
    NoGlyph {
        /// Where it stands.
        at: Place,
        /// The letter.
        letter: char,
    },
    /// A table whose words do not fit beside each other on the paper.
    TooWide {
        /// Where the table begins.
        at: Place,
        /// The longest word of each column.
        words: Vec<String>,
    },
    /// A picture that is not there or cannot be drawn.
    Picture {
        /// Where it stands.
        at: Place,
        /// Its name.
        file: String,
    },
    /// Words that would have to be smaller than one can read to fit their place on a poster.
    TooLong {
        /// Where they stand, as far as that is known.
        at: Option<Place>,
        /// The words, or what they stand under.
        words: String,
    },
    /// Something else that the engine refused.
    Refused {
        /// Where, as far as that is known.
        at: Option<Place>,
        /// What it said, in its own words.
        why: String,
    },
}

/// Prints documents in one style. Cheap to share between threads.
pub struct Press {
    kit: Kit,
    letters: Letters,
}

impl Press {
    /// Reads the templates and fonts.
    ///
    /// # Errors
    /// [`StyleError`].
    pub fn new(style: &Style) -> Result<Self, StyleError> {
        let kit = Kit::new(style)?;
        let letters = Letters::of(kit.fonts());
        Ok(Self { kit, letters })
    }

    /// All that the engine would be told of a document: if this is the same as before, so is the PDF.
    pub fn wording(&self, document: &Document) -> String {
        writing::write(document, &self.letters).text
    }

    /// Makes the PDF.
    ///
    /// # Errors
    /// Everything that is wrong with the document.
    pub fn print(&self, document: &Document) -> Result<Printed, Vec<Fault>> {
        self.set(document, |laid_out, told| pdf(laid_out, &document.address, told))
    }

    /// The pages as PNG pictures of so many dots an inch.
    ///
    /// # Errors
    /// Everything that is wrong with the document.
    pub fn seen(&self, document: &Document, dots: f64) -> Result<Vec<Vec<u8>>, Vec<Fault>> {
        self.set(document, |laid_out, _| pixels::all(laid_out, dots))
    }

    /// Lays out a document and makes something of it.
    fn set<T>(
        &self,
        document: &Document,
        make: impl FnOnce(&PagedDocument, Told<'_>) -> Result<T, Vec<Fault>>,
    ) -> Result<T, Vec<Fault>> {
        let mut faults = self.letters.missing(document);
        faults.extend(widths::too_wide(document, &self.letters));
        if !faults.is_empty() {
            return Err(faults);
        }
        let written = writing::write(document, &self.letters);
        let world = World::new(&self.kit, &written.text, &document.pictures);
        Self::made(&world, &|error| fault(error, &world, document, &written), make)
    }

    /// Has the engine lay out what it may see, and makes something of it.
    fn made<T>(
        world: &World<'_>,
        told: Told<'_>,
        make: impl FnOnce(&PagedDocument, Told<'_>) -> Result<T, Vec<Fault>>,
    ) -> Result<T, Vec<Fault>> {
        let laid_out = typst::compile::<PagedDocument>(world).output;
        let made =
            laid_out.map_err(|errors| errors.iter().map(told).collect()).and_then(|pages| make(&pages, told));
        // On failure too, or a folder of broken documents fills the memory.
        comemo::evict(REMEMBERED);
        made
    }
}

/// Turns what the engine said into a fault of what it was handed.
type Told<'t> = &'t dyn Fn(&SourceDiagnostic) -> Fault;

/// The pages as a PDF, tagged and made to last.
fn pdf(laid_out: &PagedDocument, address: &str, told: Told<'_>) -> Result<Printed, Vec<Fault>> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
        .map_err(|why| vec![Fault::Refused { at: None, why: why.message().to_string() }])?;
    let options = PdfOptions {
        ident: Smart::Custom(address.to_owned()),
        creator: Smart::Custom(Some("Signpost".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let made = typst_pdf::pdf(laid_out, &options);
    let mut bytes = made.map_err(|errors| errors.iter().map(told).collect::<Vec<_>>())?;
    end_streams_clearly(&mut bytes);
    Ok(Printed { bytes, pages: laid_out.pages().len() })
}

/// One stream in 256 happens to end with the byte of a carriage return. The line feed that the engine puts
/// after it then looks like the second half of one end of line, and the stream one byte shorter than it says
/// (ISO 19005-2, 6.1.7.1). A carriage return in its place is an end of line too, and cannot be misread.
fn end_streams_clearly(bytes: &mut [u8]) {
    const UNCLEAR: &[u8] = b"\r\nendstream";
    let places: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(UNCLEAR)).collect();
    for at in places {
        bytes[at + 1] = b'\r';
    }
}

/// What the engine said, at the place of the document that it said it of: that of the error itself, or
/// of the call that led to it.
fn fault(error: &SourceDiagnostic, world: &World<'_>, document: &Document, written: &Written) -> Fault {
    if let Some(file) = world.picture(error.span) {
        let at = document.place_of_picture(file).unwrap_or_default();
        return Fault::Picture { at, file: file.to_owned() };
    }
    let calls = error.trace.iter().filter(|point| matches!(point.v, Tracepoint::Call(_)));
    let here = world.in_main(error.span);
    let byte = here.or_else(|| calls.filter_map(|call| world.in_main(call.span)).next_back());
    let at = byte.and_then(|byte| written.place(byte));
    if let Some((_, words)) = error.message.split_once(DOES_NOT_FIT) {
        return Fault::TooLong { at, words: words.to_owned() };
    }
    let picture = at.and_then(|at| document.picture_at(at));
    match (picture, at) {
        (Some(file), Some(at)) => Fault::Picture { at, file },
        _ => {
            let hints = error.hints.iter().map(|hint| format!("; {}", hint.v));
            Fault::Refused { at, why: format!("{}{}", error.message, hints.collect::<String>()) }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_stream_that_ends_with_a_carriage_return_is_not_taken_for_a_shorter_one() {
        let mut bytes = b"stream\nx\r\nendstream stream\ny\nendstream".to_vec();
        super::end_streams_clearly(&mut bytes);
        assert_eq!(bytes, b"stream\nx\r\rendstream stream\ny\nendstream");
    }
}
