//! Findings about a file, each beside the answer that it is about.

use std::ops::RangeInclusive;

use serde::Serialize;
use toml::de::DeTable;

use super::parts::{At, Block, Field, Kind, Part};
use crate::{
    diagnostic::{Diagnostic, Severity},
    office::paper::Paper,
};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct About {
    pub(super) block: usize,
    pub(super) entry: usize,
    /// None where it is about the entry as a whole.
    pub(super) field: Option<usize>,
}

/// A finding, as the form says it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Told {
    what: String,
    mend: String,
    error: bool,
}

impl Told {
    pub(super) const fn is_error(&self) -> bool {
        self.error
    }
}

/// Where the answers of a form stand in their file.
pub(super) struct Lines(Vec<(RangeInclusive<usize>, About)>);

impl Lines {
    /// `names` are what the entries of each block go by in the file; without them they are taken as they
    /// follow each other there.
    pub(super) fn of(part: &Part, text: &str, names: &[Vec<Option<String>>]) -> Self {
        let (file, _) = DeTable::parse_recoverable(text);
        let file = file.into_inner();
        let lines = Counted::of(text);
        let mut out = Vec::new();
        for (at, block) in part.blocks.iter().enumerate() {
            let names = names.get(at).map(Vec::as_slice).unwrap_or_default();
            for (entry, name) in names.iter().enumerate() {
                let Some(name) = name else { continue };
                let Some((table, whole)) = find(&file, block, name) else { continue };
                let about = |field| About { block: at, entry, field };
                if let At::Words(..) = block.at {
                    out.push((whole.map(|span| lines.range(span)).unwrap_or(0..=0), about(Some(0))));
                    continue;
                }
                for (n, field) in block.fields.iter().enumerate() {
                    if let Some(value) = table.get(field.key) {
                        out.push((lines.range(value.span()), about(Some(n))));
                    }
                }
                if let Some(whole) = whole {
                    let line = lines.range(whole.start..whole.start);
                    out.push((line, about(None)));
                }
            }
        }
        Self(out)
    }

    /// What a finding in this file is about; none where it is about nothing that the form asks.
    pub(super) fn about(&self, part: &Part, problem: &Diagnostic) -> Option<About> {
        let line = problem.spot.as_ref().map_or(1, |spot| spot.line);
        if problem.code == "missing-key" {
            return self.missing(part, problem, line);
        }
        let at_line = || self.0.iter().filter(|(lines, _)| lines.contains(&line)).map(|(_, about)| *about);
        at_line().find(|about| about.field.is_some()).or_else(|| at_line().next())
    }

    /// What is missing is told at the head of the part that lacks it, or of the file.
    fn missing(&self, part: &Part, problem: &Diagnostic, line: usize) -> Option<About> {
        let key = problem.what.split(['“', '”']).nth(1)?;
        let asks = |block: usize| part.blocks[block].fields.iter().position(|field| field.key == key);
        if problem.what.contains("” is missing in [") {
            let (_, about) =
                self.0.iter().find(|(lines, about)| about.field.is_none() && lines.contains(&line))?;
            return Some(About { field: asks(about.block), ..*about });
        }
        let top = part.blocks.iter().position(|block| {
            matches!(block.at, At::Top) && block.fields.iter().any(|field| field.key == key)
        });
        if let Some(block) = top {
            return Some(About { block, entry: 0, field: asks(block) });
        }
        // A whole part, such as [year].
        let block =
            part.blocks.iter().position(|block| matches!(block.at, At::Table([name]) if *name == key))?;
        Some(About { block, entry: 0, field: None })
    }
}

/// The table of an entry, and the bytes at which the reader tells what it lacks.
fn find<'t, 's>(
    file: &'t DeTable<'s>,
    block: &Block,
    name: &str,
) -> Option<(&'t DeTable<'s>, Option<std::ops::Range<usize>>)> {
    let inner = |table: &'t DeTable<'s>, key: &str| {
        let value = table.get(key)?;
        Some((value.get_ref(), value.span()))
    };
    match block.at {
        At::Top => Some((file, None)),
        At::Table(path) => {
            let mut found = (file, None);
            for key in path {
                let (value, span) = inner(found.0, key)?;
                found = (value.as_table()?, Some(span));
            }
            Some(found)
        }
        At::Named(key) => {
            let (value, span) = inner(inner(file, key)?.0.as_table()?, name)?;
            Some((value.as_table()?, Some(span)))
        }
        At::Rows(key) => {
            let row = inner(file, key)?.0.as_array()?.get(name.parse::<usize>().ok()?)?;
            Some((row.get_ref().as_table()?, Some(row.span())))
        }
        At::Words(key, _) => {
            let table = inner(file, key)?.0.as_table()?;
            Some((table, Some(table.get(name)?.span())))
        }
    }
}

/// The lines of a text.
struct Counted(Vec<usize>);

impl Counted {
    fn of(text: &str) -> Self {
        Self(memchr::memchr_iter(b'\n', text.as_bytes()).collect())
    }

    fn range(&self, bytes: std::ops::Range<usize>) -> RangeInclusive<usize> {
        let line = |at: usize| self.0.partition_point(|end| *end < at) + 1;
        line(bytes.start)..=line(bytes.end.saturating_sub(1).max(bytes.start))
    }
}

/// A finding in the form's words: nobody who fills in a form wants to hear of keys and quotes.
pub(super) fn told(paper: &Paper, part: &Part, about: Option<About>, problem: &Diagnostic) -> Told {
    let field: Option<&Field> = about.and_then(|about| part.blocks[about.block].fields.get(about.field?));
    let plain = |what: String| Told { what, mend: String::new(), error: problem.severity == Severity::Error };
    let own = match (problem.code, field.map(|field| field.kind)) {
        ("missing-key", _) if about.is_some() => {
            // “name” is missing in [people.dsl]: who it is.
            let why = problem.what.split_once(": ").map(|(_, why)| why).unwrap_or_default();
            return plain(format!("{} {why}", paper.word("facts.must")));
        }
        ("wrong-value" | "impossible-date", Some(Kind::Day)) => "facts.no_day",
        ("wrong-value", Some(Kind::Number)) => "facts.no_number",
        ("unknown-audience", Some(_)) => "facts.choose_one",
        ("not-an-address", Some(_)) => "facts.no_address",
        _ => {
            return Told {
                what: problem.what.clone(),
                mend: problem.mend.clone(),
                error: problem.severity == Severity::Error,
            };
        }
    };
    plain(paper.word(own))
}
