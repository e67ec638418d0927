//! Pages as PDFs, each beside its page in the site.
//!
//! 1. [`paper`] and [`mod@body`] put a page as a document of [`press::print`]; the promises of an agreement
//!    come with the place to sign; [`translated`] does so for translations. [`flowchart`], [`form_page`] and [`poster`] do so for what their names say.
//! 2. [`prepare`] makes every file that [`held`] has not kept from the build before, in parallel.
//! 3. [`bundle`] puts them all into one file for the office, with a list of what to print how often.
//! 4. What cannot be printed becomes a finding at its line of the Markdown, and its page is published
//!    without a PDF.
//!
//! What is for staff alone is made too, but only for the office: it lies beside the site, never in it.
//!
//! The print engine is a large thing to build: without the feature `print` all of it is left out, and
//! pages have no PDFs.

#[cfg(feature = "print")]
mod body;
#[cfg(feature = "print")]
mod bundle;
#[cfg(feature = "print")]
pub mod display;
#[cfg(feature = "print")]
pub(crate) mod faults;
#[cfg(feature = "print")]
mod flowchart;
#[cfg(feature = "print")]
pub mod for_one;
#[cfg(feature = "print")]
mod form_page;
pub mod held;
#[cfg(feature = "print")]
mod made;
#[cfg(feature = "print")]
mod paper;
#[cfg(feature = "print")]
mod poster;
#[cfg(feature = "print")]
mod to_sign;
#[cfg(feature = "print")]
pub(crate) mod tongue;
#[cfg(feature = "print")]
mod translated;
#[cfg(feature = "print")]
mod words;

use records::{digest::Digest, language::Language};

use crate::{
    load::{
        document::{Document, Kind},
        form::FormFile,
        front_matter::Visibility,
    },
    theme::ThemeError,
};

#[cfg(feature = "print")]
pub use made::{Prepared, prepare, seen};
#[cfg(feature = "print")]
pub(crate) use made::{press, side_by_side};
#[cfg(feature = "print")]
pub(crate) use paper::logo;

/// A page's text as blocks, with the pictures that it shows.
#[cfg(feature = "print")]
pub(crate) struct PageBody {
    pub(crate) blocks: Vec<press::print::document::Block>,
    pub(crate) pictures: std::collections::BTreeMap<String, Vec<u8>>,
}

/// The text of a page; a heading of level 2 comes out as `top`.
#[cfg(feature = "print")]
pub(crate) fn body(school: &crate::load::School, document: &Document, top: usize) -> PageBody {
    let mut body = body::Body::of(school, document);
    let blocks = body.blocks(&document.body.pieces, top);
    PageBody { blocks, pictures: body.pictures }
}

/// The bundle for the office, in a build: beside the site, because it holds what is for staff alone.
pub const BUNDLE: &str = "print/to-print.zip";

/// Who may have a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Everybody: it lies in the site.
    Public,
    /// Staff: it lies beside the site.
    Staff,
}

/// A page on paper, or a poster on a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The file, from the site’s root, or from that of the folder for staff.
    pub file: String,
    /// Who may have it.
    pub reach: Reach,
    /// The sheet that it is made for: “A4”, or “screen”.
    pub sheet: String,
    /// How many pages of paper it has.
    pub pages: usize,
    /// The file’s bytes.
    pub bytes: Vec<u8>,
    /// Of everything that it was made of.
    pub from: Digest,
}

impl Print {
    /// Where it lies in a build.
    pub fn place(&self) -> String {
        place(self.reach, &self.file)
    }
}

/// Where a file lies in a build.
pub(crate) fn place(reach: Reach, file: &str) -> String {
    match reach {
        Reach::Public => format!("site/{file}"),
        Reach::Staff => format!("print/staff/{file}"),
    }
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

/// Whether a page has a PDF beside it, or for staff beside the site.
pub fn is_printed(document: &Document) -> bool {
    !document.matter.draft
        && matches!(document.kind, Kind::Policy | Kind::Agreement | Kind::Guide | Kind::Flowchart)
}

/// Whether a page's translations have PDFs of their own. The drawing of a flowchart is made for English alone.
pub fn is_printed_translated(document: &Document) -> bool {
    is_printed(document) && document.kind != Kind::Flowchart
}

/// Who may have the prints of a page.
pub fn reach(visibility: Visibility) -> Reach {
    match visibility {
        Visibility::Public => Reach::Public,
        Visibility::Staff => Reach::Staff,
    }
}

/// The PDF of a poster on one sheet, from the site’s root.
pub fn file_of_poster(document: &Document, sheet: &str) -> String {
    format!("{}/{}-{sheet}.pdf", document.address(), document.slug)
}

/// The picture of a poster for a screen, from the site’s root.
pub fn file_of_screen(document: &Document) -> String {
    format!("{}/{}-screen.png", document.address(), document.slug)
}

/// The PDF of a form, from the site’s root.
pub fn file_of_form_page(form: &FormFile) -> String {
    format!("{}/{}.pdf", form.address(), form.form.id)
}

/// How two languages stand on a sheet to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// English on the front, the other language on the back.
    TwoSides,
    /// Both beside each other.
    Beside,
}

impl Sheet {
    /// Both.
    pub const ALL: [Self; 2] = [Self::TwoSides, Self::Beside];

    /// As it is in a file's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TwoSides => "two-sides",
            Self::Beside => "beside",
        }
    }
}

/// The sheet to sign of an agreement, from the site's root: in English, or with another language.
pub fn file_of_sheet_to_sign(document: &Document, with: Option<(&Language, Sheet)>) -> String {
    let name = format!("{}/{}-to-sign", document.address(), document.slug);
    match with {
        None => format!("{name}.pdf"),
        Some((language, sheet)) => {
            format!("{name}-{}-{}.pdf", language.as_str().to_lowercase(), sheet.as_str())
        }
    }
}

/// The PDF of a page, from the site’s root: named as the page and its language, so that it still says what it
/// is in a folder of downloads.
pub fn file_of(document: &Document) -> String {
    let (address, slug) = (document.address(), &document.slug);
    match &document.language {
        None => format!("{address}/{slug}.pdf"),
        Some(language) => format!("{address}/{slug}-{}.pdf", language.as_str().to_lowercase()),
    }
}
