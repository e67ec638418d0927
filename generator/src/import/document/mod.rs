//! Documents of word processors, Word's (.docx) and OpenDocument's (.odt), to clean Markdown.
//!
//! 1. `archive` and `xml` open the file, with limits on everything that a hostile one could make large;
//! 2. `docx` or `odt` reads it into what any document says (`model`), counting lists along (`numbering`)
//!    and resolving tracked changes on the way;
//! 3. `furniture` takes out what belongs to the paper, and finds where title and dates stand;
//! 4. `headings` decides what heads a part and how deep, `typed` what is a list though only typed so;
//! 5. `write` turns the rest into Markdown (`inline` the words, `lists`, `tables`).
//!
//! The same rule holds as for text: no sentence is lost and none invented, and the same report tells
//! what was left out and what is not certain. Places are paragraphs, counted through the document.

mod archive;
mod docx;
mod furniture;
mod headings;
mod inline;
mod links;
mod lists;
mod model;
mod numbering;
mod odt;
mod pictures;
mod tables;
mod typed;
mod write;
mod xml;

use super::{Counted, ImportOptions, Imported, Notes, front_matter, words};
use archive::Archive;
use model::Document;

/// Why a document cannot be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is a zip, or says that it is one, and cannot be read to its end.
    #[error(
        "the document is damaged. Open it in Word and save it as .docx; if Word cannot open it either, look \
         for another copy"
    )]
    Broken,
    /// It is larger than any policy, or unpacks to more.
    #[error(
        "the document is larger than any policy is. Open it in Word, copy the policy into a new document and \
         save that as .docx"
    )]
    TooLarge,
    /// Its parts are nested deeper than a word processor nests them.
    #[error(
        "the document is nested deeper than Word itself nests documents. Open it in Word and save it as .docx"
    )]
    TooDeep,
    /// It opens only with a password.
    #[error(
        "the document is protected with a password. Open it in Word, take the password off (File, Info, \
         Protect Document), save it as .docx, and import that"
    )]
    Locked,
    /// It is the document of an older program.
    #[error(
        "this is a document of an older Word (.doc), whatever its name says. Open it in Word and save it as \
         .docx"
    )]
    Old,
    /// It is rich text.
    #[error("this is a rich text document (.rtf). Open it in Word and save it as .docx")]
    RichText,
    /// It is an OpenDocument in one piece.
    #[error("this is a flat OpenDocument (.fodt). Open it in LibreOffice and save it as .odt")]
    Flat,
    /// It is a spreadsheet, a presentation, or a zip of something else.
    #[error(
        "this is no text document but something else, such as a spreadsheet or presentation. Copy its words \
         into Word and save them as .docx"
    )]
    NotText,
    /// There is nothing in it.
    #[error("the document has no words in it")]
    Empty,
}

/// Whether bytes are a document of a word processor, to judge by what they are and not by a name: the
/// zip that it may be, or the reason why that document cannot be read.
pub(super) fn is_document(bytes: &[u8]) -> Result<bool, DocumentError> {
    match bytes {
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => Ok(true),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            // A document with a password is wrapped in the older kind of file, under this name.
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let locked = bytes.windows(name.len()).any(|window| window == name);
            Err(if locked { DocumentError::Locked } else { DocumentError::Old })
        }
        [b'{', b'\\', b'r', b't', b'f', ..] => Err(DocumentError::RichText),
        _ if bytes.starts_with(b"<?xml")
            && bytes.windows(16).take(400).any(|window| window == b"<office:document") =>
        {
            Err(DocumentError::Flat)
        }
        _ => Ok(false),
    }
}

/// A picture that came with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The name of its file in `images/`, as the Markdown has it.
    pub name: String,
    /// What is in the file.
    pub bytes: Vec<u8>,
}

/// Turns a document into a Markdown file with front matter, and the pictures that stand in it.
///
/// # Errors
/// When the bytes are no document that can be read.
pub(super) fn import(bytes: &[u8], options: &ImportOptions) -> Result<Imported, DocumentError> {
    let mut notes = Notes::default();
    let mut document = read(bytes, &mut notes)?;
    let nothing = model::paragraphs(&document.blocks).iter().all(|paragraph| paragraph.is_empty());
    if nothing && document.notes.is_empty() {
        return Err(DocumentError::Empty);
    }
    let read_words: usize = document
        .notes
        .iter()
        .chain([&document.blocks])
        .flat_map(|blocks| model::paragraphs(blocks))
        .map(|paragraph| words::count(&paragraph.line()))
        .sum();
    let taken_by_reader = notes.words_dropped();

    let blocks = tables::unboxed(std::mem::take(&mut document.blocks));
    let (mut pieces, contents) = furniture::pieces(blocks, &mut notes);
    let facts = furniture::facts(&mut pieces, &document, options, &mut notes);
    headings::decide(&mut pieces, &contents, &mut notes);
    let slug = front_matter::slug(&facts.title, &options.file_stem);
    let written = write::write(&pieces, &document, &slug, &mut notes);
    let markdown = format!("{}\n{}", facts.to_toml(options.kind), written.body);

    let mut imported = Imported {
        markdown,
        slug,
        title: facts.title,
        counted: Counted::Paragraphs,
        pictures: written.pictures,
        dropped: Vec::new(),
        doubts: Vec::new(),
        words_total: read_words + taken_by_reader,
        words_dropped: 0,
    };
    imported.account(notes, &headings::places(&pieces));
    Ok(imported)
}

fn read(bytes: &[u8], notes: &mut Notes) -> Result<Document, DocumentError> {
    let mut archive = Archive::open(bytes)?;
    if let Some(part) = odt::main_part(&mut archive)? {
        return odt::read(&mut archive, part, notes);
    }
    if let Some(part) = docx::main_part(&mut archive)? {
        return docx::read(&mut archive, &part, notes);
    }
    Err(DocumentError::NotText)
}

/// How much of a passage is quoted in the report.
const QUOTED: usize = 120;

fn quoted(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("“{}…”", &words[..end]),
        None => format!("“{words}”"),
    }
}

fn doubt_comment(no: usize, author: Option<&str>, text: &str, notes: &mut Notes) {
    let by =
        author.filter(|author| !author.trim().is_empty()).map_or(String::new(), |by| format!(" of {by}"));
    notes.doubt(
        no,
        format!("a comment{by} stands here: {}; comments are not published", quoted(text)),
        "do what it asks for, if that is still to be done",
    );
}

fn doubt_inserted(no: usize, author: Option<&str>, text: &str, notes: &mut Notes) {
    if !words::has_letter_or_digit(text) {
        return;
    }
    let by =
        author.filter(|author| !author.trim().is_empty()).map_or(String::new(), |by| format!(" by {by}"));
    notes.doubt(
        no,
        format!("{} was added{by} as a tracked change; it was kept", quoted(text)),
        "see that the change is agreed",
    );
}

fn doubt_box(no: usize, text: &str, notes: &mut Notes) {
    if words::has_letter_or_digit(text) {
        notes.doubt(
            no,
            format!("{} stood in a text box beside the text", quoted(text)),
            "see that it stands in the right place",
        );
    }
}
