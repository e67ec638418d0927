//! What an import says when it is done.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use super::Imported;

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
            writeln!(text, "    line {:>4}  {words}", dropped.line)?;
        }
        if !imported.doubts.is_empty() {
            writeln!(text, "\nPlease look at:")?;
        }
        for doubt in &imported.doubts {
            writeln!(text, "  line {:>4}  {}\n             → {}", doubt.line, doubt.what, doubt.mend)?;
        }
        Ok(())
    }
}
