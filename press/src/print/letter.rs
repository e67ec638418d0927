//! Letters: one to a family, or all of them in one file for the printer.
//!
//! The address stands where the window of an envelope shows it, and nothing else does. The window is that of
//! the envelope most used in Britain: DL (220 by 110 mm), with a window of 90 by 35 mm, 20 mm from its left edge
//! and 18 mm from its foot. A sheet folded in three is 210 by 99 mm and slides about in there: what lies from
//! 57 to 81 mm below the sheet's top and from 20 to 100 mm from its left is always seen, and between 46 and
//! 92 mm anything might be. The template keeps these measures.

use typst::diag::SourceDiagnostic;

use super::{
    Fault, Press, Printed,
    document::{Block, Document, Inline, Place},
    letters::Letters,
    pdf,
    world::World,
    writing,
};

/// How wide a line of the address may be, in points: from the margin, 24 mm, to 100 mm.
const ADDRESS_WIDE: f64 = 76.0 / 25.4 * 72.0;
/// How high all its lines may be, in points.
const ADDRESS_HIGH: f64 = 23.0 / 25.4 * 72.0;
/// From one line to the next, as a multiple of the type's size; as the template has it.
const ADDRESS_LEADING: f64 = 1.24;
/// Sizes that an address may be set in, in points: smaller ones are not read by sorting machines.
const ADDRESS_SIZES: [f64; 4] = [11.0, 10.0, 9.0, 8.0];

/// Letters that are printed into one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailing {
    /// Title, school, language, day, logo, page words and pictures; the rest of a document has no place here.
    pub document: Document,
    /// The school's address and numbers at the head, a line each.
    pub from: Vec<String>,
    /// Whether each letter begins on the front of a sheet.
    pub two_sided: bool,
    /// The letters in order.
    pub letters: Vec<Letter>,
}

/// A letter to one family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What the envelope's window shows, a line each: see [`Press::address`].
    pub address: Vec<String>,
    /// The size of these lines, in points.
    pub address_size: u8,
    /// What it says, in one language after another; each begins a side of its own.
    pub faces: Vec<Face>,
}

/// A letter in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Face {
    /// BCP 47 tag.
    pub language: String,
    /// Its day, in words.
    pub dated: String,
    /// What it is about.
    pub subject: Vec<Inline>,
    /// The text.
    pub body: Vec<Block>,
    /// Something small that the reader is told of the text, or nothing.
    pub notice: String,
    /// The tag of another language, and in that language that the letter goes on in it.
    pub over: Option<(String, String)>,
}

/// Lines that fit the window of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The lines.
    pub lines: Vec<String>,
    /// Their size, in points.
    pub size: u8,
}

impl Press {
    /// The first letter of a text that no font has, with its place in bytes.
    pub fn lacks(&self, text: &str) -> Option<(Place, char)> {
        text.char_indices().find(|(_, letter)| !self.letters.has(*letter))
    }

    /// Breaks the lines of an address so that they fit the window of an envelope, in the largest size that
    /// does; none where there is none.
    pub fn address(&self, lines: &[String]) -> Option<Address> {
        ADDRESS_SIZES.into_iter().find_map(|size| {
            let lines: Vec<String> =
                lines.iter().flat_map(|line| broken(line, ADDRESS_WIDE / size, &self.letters)).collect();
            let fits = lines.len() as f64 * size * ADDRESS_LEADING <= ADDRESS_HIGH;
            // The sizes are whole.
            fits.then_some(Address { lines, size: size as u8 })
        })
    }

    /// Makes the PDF of some letters.
    ///
    /// # Errors
    /// Everything that is wrong with them, with the places of their own texts.
    pub fn letters(&self, mailing: &Mailing) -> Result<Printed, Vec<Fault>> {
        let written = writing::write_mailing(mailing, &self.letters);
        let world = World::new(&self.kit, &written.text, &mailing.document.pictures);
        Self::made(&world, &|error| fault(error, &world, &written), |laid_out, told| {
            pdf(laid_out, &mailing.document.address, told)
        })
    }

    /// What cannot be printed of a letter's own words: letters without a glyph, tables that are too wide.
    pub fn letter_faults(&self, face: &Face) -> Vec<Fault> {
        let mut body = vec![Block::Paragraph(face.subject.clone())];
        body.extend(face.body.iter().cloned());
        let document = Document { body, ..Document::default() };
        let mut faults = self.letters.missing(&document);
        faults.extend(super::widths::too_wide(&document, &self.letters));
        faults
    }
}

/// A line broken at spaces, and within a word only where that is longer than a line.
fn broken(line: &str, most: f64, letters: &Letters) -> Vec<String> {
    let mut out = Vec::new();
    let mut now = String::new();
    for word in line.split_whitespace() {
        let longer = if now.is_empty() { word.to_owned() } else { format!("{now} {word}") };
        if letters.width(&longer) <= most {
            now = longer;
            continue;
        }
        if !now.is_empty() {
            out.push(std::mem::take(&mut now));
        }
        for letter in word.chars() {
            now.push(letter);
            if letters.width(&now) > most && now.chars().count() > 1 {
                now.pop();
                out.push(std::mem::replace(&mut now, letter.to_string()));
            }
        }
    }
    if !now.is_empty() {
        out.push(now);
    }
    out
}

fn fault(error: &SourceDiagnostic, world: &World<'_>, written: &writing::Written) -> Fault {
    let at = world.in_main(error.span).and_then(|byte| written.place(byte));
    if let Some(file) = world.picture(error.span) {
        return Fault::Picture { at: at.unwrap_or_default(), file: file.to_owned() };
    }
    let hints = error.hints.iter().map(|hint| format!("; {}", hint.v));
    Fault::Refused { at, why: format!("{}{}", error.message, hints.collect::<String>()) }
}
