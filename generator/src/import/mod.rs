//! A policy as schools have it to clean Markdown: a document of a word processor (`document`), or plain
//! text copied out of a PDF.
//!
//! A text passes through these rooms, each of which only adds to what the one before it knew:
//!
//! 1. `reading`: bytes to text, whatever the encoding;
//! 2. `lines`: text to numbered lines, with `remnants` of web markup and run-together lines undone;
//! 3. `furniture`: page numbers, running headers and footers, rules go;
//! 4. `contents`: the table of contents goes, but what it says about headings is kept;
//! 5. `front_matter`: the title, and dates, version and names where they are found (`governance`, `dates`);
//! 6. `units`: lines to paragraphs (`joining`), list items (`markers`), tables (`tables`), form lines
//!    (`forms`);
//! 7. `headings`: which of these are headings, and how deep (`bare`: those without a number or entry);
//! 8. `markdown`: units to Markdown (`lists` nests, `inline` escapes).
//!
//! The rule over all of them: no sentence of the source is lost and none is invented. What is left out
//! is listed with its line and the reason; what is not certain is listed as a doubt, with its line and
//! how to mend it.

mod bare;
mod contents;
mod dates;
mod document;
mod forms;
mod front_matter;
mod furniture;
mod governance;
mod headings;
mod inline;
mod joining;
mod lines;
mod lists;
mod markdown;
mod markers;
mod reading;
mod remnants;
mod report;
mod run;
mod tables;
mod units;
mod words;

use serde::Serialize;

pub use document::{DocumentError, Picture};
pub use reading::ReadingError;
pub use report::ImportReport;
pub use run::{ImportError, RunOptions, run};

/// What a file is imported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportKind {
    /// A governed document: `policies/`.
    #[default]
    Policy,
    /// A page for families, children or staff: `guides/`.
    Guide,
}

/// What the importer may know besides the text itself.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The name of the source file without its ending; the title when the text has none.
    pub file_stem: String,
    /// The people of the school, so that "Responsibility: Headteacher" can become an owner.
    pub people: Vec<Person>,
    /// What it becomes.
    pub kind: ImportKind,
}

/// One entry of `[people]` in `school.toml`, as far as an owner is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The key that `owner` in the front matter refers to.
    pub key: String,
    /// What the person is, as readers see it: "Headteacher".
    pub role: String,
}

/// Words of the source that are not in the Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// The line or paragraph of the source, counted from 1; 0 for what runs through all pages.
    pub line: usize,
    /// The heading that it stood under, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// The words, as the source has them. In square brackets where it is a thing without words.
    pub text: String,
    /// Whether it is a thing without words, such as a picture, that `text` only names.
    pub thing: bool,
    /// Why they were left out, in plain words.
    pub why: String,
}

/// Something a person should look at, because the source can be read in more than one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The line or paragraph of the source, counted from 1.
    pub line: usize,
    /// The heading that it stands under, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// What is not certain.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

/// What the places of a report are: an editor counts lines, and a document has only paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    /// Lines of a text.
    Lines,
    /// Paragraphs of a document, those in tables and boxes too, in the order of the document.
    Paragraphs,
}

/// A policy after the import, with an account of what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The whole file: front matter and body.
    #[serde(skip)]
    pub markdown: String,
    /// The title found, or made from the file's name.
    pub title: String,
    /// The name of the file in `policies/` or `guides/`, without its ending.
    pub slug: String,
    /// What `line` counts in what follows.
    pub counted: Counted,
    /// Pictures to be put into `images/`.
    #[serde(skip)]
    pub pictures: Vec<Picture>,
    /// Everything that was left out, in the order of the source.
    pub dropped: Vec<Dropped>,
    /// Everything to look at, in the order of the source.
    pub doubts: Vec<Doubt>,
    /// Words of the source: pieces between spaces that have a letter or digit in them.
    pub words_total: usize,
    /// Words among `dropped`.
    pub words_dropped: usize,
}

/// The share of the words that an import may leave out before it says so, in per cent.
const DROPPED_AT_MOST_PER_CENT: usize = 5;

/// What the rooms write down while they work.
#[derive(Debug, Default)]
struct Notes {
    dropped: Vec<Dropped>,
    doubts: Vec<Doubt>,
}

impl Notes {
    fn drop(&mut self, line: usize, text: impl Into<String>, why: &str) {
        let (text, why) = (text.into(), why.to_owned());
        self.dropped.push(Dropped { line, under: None, text, thing: false, why });
    }

    fn drop_thing(&mut self, line: usize, told: impl Into<String>, why: &str) {
        self.drop(line, told, why);
        if let Some(last) = self.dropped.last_mut() {
            last.thing = true;
        }
    }

    fn words_dropped(&self) -> usize {
        self.dropped.iter().filter(|dropped| !dropped.thing).map(|dropped| words::count(&dropped.text)).sum()
    }

    fn doubt(&mut self, line: usize, what: impl Into<String>, mend: impl Into<String>) {
        self.doubts.push(Doubt { line, under: None, what: what.into(), mend: mend.into() });
    }
}

impl Imported {
    /// Takes over what was written down on the way, in the order of the source; `headings` are those of
    /// the source with their places.
    fn account(&mut self, mut notes: Notes, headings: &[(usize, String)]) {
        let dropped = notes.words_dropped();
        let total = self.words_total;
        if dropped * 100 > total * DROPPED_AT_MOST_PER_CENT {
            notes.doubt(
                1,
                format!(
                    "{dropped} of {total} words were left out, more than {DROPPED_AT_MOST_PER_CENT} in a hundred"
                ),
                "read the list of what was left out, and put back what belongs to the policy",
            );
        }
        notes.dropped.sort_by_key(|dropped| dropped.line);
        notes.doubts.sort_by_key(|doubt| doubt.line);
        let under = |line: usize| {
            let above = headings.partition_point(|(place, _)| *place <= line);
            above.checked_sub(1).map(|above| headings[above].1.clone())
        };
        for dropped in notes.dropped.iter_mut().filter(|dropped| dropped.line > 0) {
            dropped.under = under(dropped.line);
        }
        for doubt in &mut notes.doubts {
            doubt.under = under(doubt.line);
        }
        self.words_dropped = dropped;
        self.dropped = notes.dropped;
        self.doubts = notes.doubts;
    }
}

/// Imports whatever the bytes are: a document of a word processor, known by what is in it and not by its
/// name, or a text.
///
/// # Errors
/// When the bytes are neither, or a document that cannot be read.
pub fn import_bytes(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ReadingError> {
    if document::is_document(bytes)? {
        return Ok(document::import(bytes, options)?);
    }
    let mut notes = Notes::default();
    let source = reading::decode(bytes, &mut notes)?;
    let mut imported = import_text(&source, options);
    notes.doubts.append(&mut imported.doubts);
    imported.doubts = notes.doubts;
    Ok(imported)
}

/// Turns the text of a policy into a Markdown file with front matter.
///
/// Never fails: text that cannot be understood becomes plain paragraphs. The work is linear in the
/// length of the text.
#[must_use]
pub fn import_text(source: &str, options: &ImportOptions) -> Imported {
    let mut notes = Notes::default();
    let mut lines = remnants::undo(lines::split(source), &mut notes);
    furniture::drop_from(&mut lines, &mut notes);
    let contents = contents::take_from(&mut lines, &mut notes);
    let facts = front_matter::take_from(&mut lines, &contents, options, &mut notes);
    lines.retain(|line| !line.gone);
    let mut units = units::gather(&lines, &contents, &mut notes);
    headings::decide(&mut units, &contents, &mut notes);
    let body = markdown::write(&units, &mut notes);
    let markdown = format!("{}\n{body}", facts.to_toml(options.kind));
    let mut imported = Imported {
        markdown,
        slug: front_matter::slug(&facts.title, &options.file_stem),
        title: facts.title,
        counted: Counted::Lines,
        pictures: Vec::new(),
        dropped: Vec::new(),
        doubts: Vec::new(),
        words_total: words::count(source),
        words_dropped: 0,
    };
    imported.account(notes, &[]);
    imported
}
