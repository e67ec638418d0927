//! What a page in a browser is told while it is open.

use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Report};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum News {
    /// One file of the site, which is a page, is new.
    Page(String),
    /// These files of the site are new, different or gone.
    Site(Vec<String>),
    /// What is wrong now.
    Findings(Arc<Report>),
}

#[derive(Serialize)]
struct Findings<'a> {
    errors: usize,
    warnings: usize,
    problems: &'a [Diagnostic],
}

impl News {
    /// The name of the event.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Site(_) => "site",
            Self::Findings(_) => "findings",
        }
    }

    /// What goes with it, as JSON in one line.
    pub fn data(&self) -> String {
        match self {
            Self::Page(file) => json(file),
            Self::Site(files) => json(files),
            Self::Findings(report) => findings(report),
        }
    }
}

/// A report as one line of JSON: `errors`, `warnings`, `problems`.
pub fn findings(report: &Report) -> String {
    json(&Findings { errors: report.errors(), warnings: report.warnings(), problems: report.diagnostics() })
}

fn json(value: &impl Serialize) -> String {
    // Strings, lists and numbers always serialise.
    serde_json::to_string(value).unwrap_or_default()
}
