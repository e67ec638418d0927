//! What is wrong with a school's content, where, and how to mend it.
//!
//! Every part of the generator gives its findings as [`Diagnostic`]s; a run
//! collects all of them into a [`Report`] and shows them together.

use serde::{Deserialize, Serialize};

/// Whether a finding stops the site from being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is published until it is mended.
    Error,
    /// Published all the same; somebody should look at it.
    Warning,
}

/// A stretch of one line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// Line, counted from 1.
    pub line: usize,
    /// Column of the first character, counted in characters from 1.
    pub column: usize,
    /// Number of characters meant; at least 1.
    pub length: usize,
    /// The whole line, tabs as single spaces, so that a caret can be put under it.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// A short lasting name of this kind of finding, for programs.
    pub code: &'static str,
    /// The file, relative to the school's folder, with `/` between its parts.
    pub file: String,
    /// Where in the file; none where it concerns the file as a whole.
    #[serde(flatten)]
    pub spot: Option<Box<Spot>>,
    /// What is wrong, as one would say it to a colleague in the office.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl Diagnostic {
    /// A finding about a whole file or folder.
    pub fn of_file(
        severity: Severity,
        code: &'static str,
        file: impl Into<String>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { severity, code, file: file.into(), spot: None, what: what.into(), mend: mend.into() }
    }

    /// An error about a whole file or folder.
    pub fn file_error(
        code: &'static str,
        file: impl Into<String>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self::of_file(Severity::Error, code, file, what, mend)
    }

    /// The same finding as a warning.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    fn order(&self) -> (&str, usize, usize, Severity, &str, &str) {
        let (line, column) = self.spot.as_ref().map_or((0, 0), |s| (s.line, s.column));
        (&self.file, line, column, self.severity, self.code, &self.what)
    }
}

/// All findings of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Sorts findings by file and place, and drops exact repeats.
    pub fn new(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
        diagnostics.dedup();
        Self { diagnostics }
    }

    /// The same with more findings.
    #[must_use]
    pub fn with(self, more: Vec<Diagnostic>) -> Self {
        if more.is_empty() {
            return self;
        }
        Self::new(self.diagnostics.into_iter().chain(more).collect())
    }

    /// The findings in order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }
}
