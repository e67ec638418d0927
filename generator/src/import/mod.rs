//! A policy as schools have it, plain text copied out of a PDF or a word processor, to clean Markdown.
//!
//! The text passes through these rooms, each of which only adds to what the one before it knew:
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

pub use reading::ReadingError;
pub use report::ImportReport;
pub use run::{ImportError, ImportKind, RunOptions, run};

/// What the importer may know besides the text itself.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The name of the source file without its ending; the title when the text has none.
    pub file_stem: String,
    /// The people of the school, so that "Responsibility: Headteacher" can become an owner.
    pub people: Vec<Person>,
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
    /// The line of the source, counted from 1.
    pub line: usize,
    /// The words, as the source has them.
    pub text: String,
    /// Why they were left out, in plain words.
    pub why: String,
}

/// Something a person should look at, because the source can be read in more than one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The line of the source, counted from 1.
    pub line: usize,
    /// What is not certain.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

/// A policy after the import, with an account of what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The whole file: front matter and body.
    #[serde(skip)]
    pub markdown: String,
    /// The title found, or made from the file's name.
    pub title: String,
    /// The name of the file in `policies/`, without its ending.
    pub slug: String,
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
        self.dropped.push(Dropped { line, text: text.into(), why: why.to_owned() });
    }

    fn doubt(&mut self, line: usize, what: impl Into<String>, mend: impl Into<String>) {
        self.doubts.push(Doubt { line, what: what.into(), mend: mend.into() });
    }
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
    let markdown = format!("{}\n{body}", facts.to_toml());

    let words_total = words::count(source);
    let words_dropped = notes.dropped.iter().map(|dropped| words::count(&dropped.text)).sum();
    if words_dropped * 100 > words_total * DROPPED_AT_MOST_PER_CENT {
        notes.doubt(
            1,
            format!(
                "{words_dropped} of {words_total} words were left out, more than \
                 {DROPPED_AT_MOST_PER_CENT} in a hundred"
            ),
            "read the list of what was left out, and put back what belongs to the policy",
        );
    }
    notes.dropped.sort_by_key(|dropped| dropped.line);
    notes.doubts.sort_by_key(|doubt| doubt.line);
    Imported {
        markdown,
        slug: front_matter::slug(&facts.title, &options.file_stem),
        title: facts.title,
        dropped: notes.dropped,
        doubts: notes.doubts,
        words_total,
        words_dropped,
    }
}
