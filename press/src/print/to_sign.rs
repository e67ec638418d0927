//! An agreement as a sheet to sign: its promises with their pictures, and the places to sign, on one side of a sheet.
//!
//! In two languages it is one sheet still: one language on each side, or both beside each other. The template
//! makes the words as large as the side allows; where even small ones leave no room for what explains a promise,
//! that is left to the page, and the sheet says where it is. Promises that would have to be smaller than one can
//! read are refused.

use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;

use super::{
    Fault, Press, Printed, Told,
    document::{Block, Document, Inline, Place, Signing},
    pdf, pixels,
    world::World,
    writing,
};

/// How two languages stand on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// One language after another, each on a side of its own.
    Sides,
    /// Two languages beside each other.
    Beside,
}

/// A sheet to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetToSign {
    /// Title, school, language, address, logo, day, readers and pictures; the rest of a document has no place
    /// on this sheet.
    pub document: Document,
    /// How it stands on its sheet.
    pub shape: Shape,
    /// Version and days, in a line.
    pub stated: String,
    /// The words, in one language after another. Only the first is signed.
    pub texts: Vec<Text>,
}

/// The words of a sheet in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// BCP 47 tag.
    pub language: String,
    /// Over the title.
    pub kind: String,
    /// The title.
    pub title: String,
    /// What stands before the first promise.
    pub introduction: Vec<Block>,
    /// The promises, under their headings.
    pub groups: Vec<Group>,
    /// Where it is signed.
    pub signing: Vec<Signing>,
    /// What is said of a translation.
    pub notice: String,
    /// Where the words are that explain the promises, if there is no room for them here.
    pub elsewhere: String,
}

/// Promises under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The heading, where there is one.
    pub heading: Vec<Inline>,
    /// What stands under it before the first promise.
    pub introduction: Vec<Block>,
    /// The promises.
    pub promises: Vec<Promise>,
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Its words.
    pub words: Vec<Inline>,
    /// Its picture.
    pub picture: Option<String>,
    /// What explains it.
    pub more: Vec<Block>,
    /// Where it stands.
    pub at: Place,
}

impl SheetToSign {
    /// All its words as a document.
    fn whole(&self) -> Document {
        let mut whole = Document::default();
        for text in &self.texts {
            whole.body.push(Block::Paragraph(vec![Inline::plain(text.title.clone())]));
            whole.body.extend(text.introduction.iter().cloned());
            for group in &text.groups {
                whole.body.push(Block::Paragraph(group.heading.clone()));
                whole.body.extend(group.introduction.iter().cloned());
                for promise in &group.promises {
                    whole.body.push(Block::Paragraph(promise.words.clone()));
                    whole.body.extend(promise.more.iter().cloned());
                }
            }
            whole.body.push(Block::Signing(text.signing.clone()));
        }
        whole
    }
}

impl Press {
    /// All that the engine would be told of a sheet to sign: if this is the same as before, so is the PDF.
    pub fn to_sign_wording(&self, sheet: &SheetToSign) -> String {
        writing::write_to_sign(sheet, &self.letters).text
    }

    /// Makes the PDF of a sheet to sign.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn to_sign(&self, sheet: &SheetToSign) -> Result<Printed, Vec<Fault>> {
        self.to_sign_set(sheet, |laid_out, told| pdf(laid_out, &sheet.document.address, told))
    }

    /// Its pages as PNG pictures of so many dots an inch.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn to_sign_seen(&self, sheet: &SheetToSign, dots: f64) -> Result<Vec<Vec<u8>>, Vec<Fault>> {
        self.to_sign_set(sheet, |laid_out, _| pixels::all(laid_out, dots))
    }

    fn to_sign_set<T>(
        &self,
        sheet: &SheetToSign,
        make: impl FnOnce(&PagedDocument, Told<'_>) -> Result<T, Vec<Fault>>,
    ) -> Result<T, Vec<Fault>> {
        let whole = sheet.whole();
        let mut faults = self.letters.missing(&whole);
        faults.extend(super::widths::too_wide(&whole, &self.letters));
        if !faults.is_empty() {
            return Err(faults);
        }
        let written = writing::write_to_sign(sheet, &self.letters);
        let world = World::new(&self.kit, &written.text, &sheet.document.pictures);
        Self::made(&world, &|error| fault(error, &world, sheet, &written), make)
    }
}

fn fault(
    error: &SourceDiagnostic,
    world: &World<'_>,
    sheet: &SheetToSign,
    written: &writing::Written,
) -> Fault {
    if let Some((_, words)) = error.message.split_once(super::DOES_NOT_FIT) {
        let promises = sheet.texts.iter().flat_map(|text| &text.groups).flat_map(|group| &group.promises);
        return Fault::TooLong { at: promises.map(|promise| promise.at).next(), words: words.to_owned() };
    }
    let at = world.in_main(error.span).and_then(|byte| written.place(byte));
    if let Some(file) = world.picture(error.span) {
        let promises = sheet.texts.iter().flat_map(|text| &text.groups).flat_map(|group| &group.promises);
        let mut shows = promises.filter(|promise| promise.picture.as_deref() == Some(file));
        let at = shows.next().map(|promise| promise.at).or(at).unwrap_or_default();
        return Fault::Picture { at, file: file.to_owned() };
    }
    let hints = error.hints.iter().map(|hint| format!("; {}", hint.v));
    Fault::Refused { at, why: format!("{}{}", error.message, hints.collect::<String>()) }
}
