//! What an import says when it is done.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use super::{Counted, Imported};

/// The account of one import. As JSON (through `serde`) it has the fields of [`Imported`] beside those
/// of this type, and no Markdown.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// The file that was read.
    pub source: PathBuf,
    /// The file that was written.
    pub written: PathBuf,
    /// Whether a file of that name was there before and is replaced.
    pub replaced: bool,
    /// What came of it.
    #[serde(flatten)]
    pub imported: Imported,
}

impl ImportReport {
    /// The account in plain words, for a terminal.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write_to(&mut text).unwrap_or_default();
        text
    }

    fn write_to(&self, text: &mut String) -> std::fmt::Result {
        let imported = &self.imported;
        let verb = if self.replaced { "replaced" } else { "written" };
        writeln!(text, "“{}” is imported.", imported.title)?;
        writeln!(text, "  read     {}", self.source.display())?;
        writeln!(text, "  {verb:8} {}", self.written.display())?;
        let tenths = imported.words_dropped * 1000 / imported.words_total.max(1);
        writeln!(
            text,
            "  words    {}, of which {} were left out ({}.{} in a hundred)",
            imported.words_total,
            imported.words_dropped,
            tenths / 10,
            tenths % 10
        )?;
        for picture in &imported.pictures {
            writeln!(text, "  picture  images/{}", picture.name)?;
        }
        if !imported.dropped.is_empty() {
            writeln!(text, "\nLeft out:")?;
        }
        let mut why = "";
        for dropped in &imported.dropped {
            if why != dropped.why {
                why = &dropped.why;
                writeln!(text, "  {why}")?;
            }
            let words = dropped.text.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(
                text,
                "    {}  {words}",
                place(imported.counted, dropped.line, dropped.under.as_deref())
            )?;
        }
        if !imported.doubts.is_empty() {
            writeln!(text, "\nPlease look at:")?;
        }
        for doubt in &imported.doubts {
            let place = place(imported.counted, doubt.line, doubt.under.as_deref());
            let margin = if imported.counted == Counted::Lines { 13 } else { 6 };
            let gap = if imported.counted == Counted::Lines {
                "  ".to_owned()
            } else {
                format!("\n{:margin$}", "")
            };
            writeln!(text, "  {place}{gap}{}\n{:margin$}→ {}", doubt.what, "", doubt.mend)?;
        }
        Ok(())
    }
}

/// A place in the words that the report is read in: documents show no numbers, but headings.
fn place(counted: Counted, line: usize, under: Option<&str>) -> String {
    match (counted, line, under) {
        (Counted::Lines, line, _) => format!("line {line:>4}"),
        (Counted::Paragraphs, 0, _) => "every page:".to_owned(),
        (Counted::Paragraphs, line, Some(under)) => format!("paragraph {line}, under “{under}”:"),
        (Counted::Paragraphs, line, None) => format!("paragraph {line}:"),
    }
}
