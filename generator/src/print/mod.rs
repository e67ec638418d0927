//! Pages as PDFs, each beside its page in the site.
//!
//! 1. [`paper`] and [`body`] put a page as a document of [`press::print`]; the promises of an agreement
//!    come with the place to sign.
//! 2. [`prepare`] makes every PDF that [`held`] has not kept from the build before, in parallel.
//! 3. What cannot be printed becomes a finding at its line of the Markdown, and its page is published
//!    without a PDF.
//!
//! The print engine is a large thing to build: without the feature `print` all of it is left out, and
//! pages have no PDFs.

#[cfg(feature = "print")]
mod body;
pub mod held;
#[cfg(feature = "print")]
mod made;
#[cfg(feature = "print")]
mod paper;
#[cfg(feature = "print")]
mod poster;
#[cfg(feature = "print")]
mod words;

use records::digest::Digest;

use crate::{
    load::document::{Document, Kind},
    theme::ThemeError,
};

#[cfg(feature = "print")]
pub use made::prepare;

/// A page as a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The file, from the site’s root.
    pub file: String,
    /// How many pages of paper it has.
    pub pages: usize,
    /// The file’s bytes.
    pub bytes: Vec<u8>,
    /// Of everything that it was made of.
    pub from: Digest,
}

/// Why nothing can be printed. These are faults of a theme, not of content.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The theme lacks something or holds something broken.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// The theme’s templates or fonts for print cannot be used.
    #[error("the theme cannot be printed with: {0}")]
    Style(String),
}

/// Whether this program can print.
pub const CAN: bool = cfg!(feature = "print");

/// Whether a page has a PDF beside it.
pub fn is_printed(document: &Document) -> bool {
    document.is_published() && matches!(document.kind, Kind::Policy | Kind::Agreement | Kind::Guide)
}

/// The PDF of a poster on one sheet, from the site’s root.
pub fn file_of_poster(document: &Document, sheet: &str) -> String {
    format!("{}/{}-{sheet}.pdf", document.address(), document.slug)
}

/// The PDF of a page, from the site’s root: named as the page, so that it still says what it is in a
/// folder of downloads.
pub fn file_of(document: &Document) -> String {
    format!("{}/{}.pdf", document.address(), document.slug)
}
