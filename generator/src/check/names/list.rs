//! Pupils' names from a CSV file, as management systems export them.

use std::collections::{BTreeMap, BTreeSet};

/// Reports begin with a title and a day: so far down may the headings stand.
const TITLE_LINES: usize = 12;

/// Why a list of names cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamesError {
    /// No headings that name a surname and a forename.
    #[error("the list of names has no headings for surname and forename. Export it as CSV with both")]
    NoHeadings,
}

/// Names of pupils, in small letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    surnames: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    /// Reads an export: commas, semicolons or tabs.
    ///
    /// # Errors
    /// [`NamesError`] when no line holds headings for surname and forename.
    pub fn read(text: &str) -> Result<Self, NamesError> {
        let text = text.trim_start_matches('\u{feff}');
        for separator in [b',', b';', b'\t'] {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(separator)
                .from_reader(text.as_bytes());
            let lines: Vec<csv::StringRecord> = reader.records().filter_map(Result::ok).collect();
            for (at, line) in lines.iter().take(TITLE_LINES).enumerate() {
                let column = |words: &[&str]| {
                    line.iter().position(|cell| {
                        let cell = cell.trim().to_lowercase();
                        words.iter().any(|word| cell.contains(word))
                    })
                };
                let last = column(&["surname", "last name", "family name"]);
                let first = column(&["forename", "first name", "given name"]);
                if let (Some(last), Some(first)) = (last, first)
                    // The whole line in one cell: these are not the file’s separators.
                    && last != first
                {
                    let people =
                        lines[at + 1..].iter().filter_map(|line| Some((line.get(first)?, line.get(last)?)));
                    return Ok(people.collect());
                }
            }
        }
        Err(NamesError::NoHeadings)
    }

    pub(super) fn has_first(&self, lower: &str) -> bool {
        self.surnames.contains_key(lower)
    }

    pub(super) fn is_full(&self, first: &str, last: &str) -> bool {
        self.surnames.get(first).is_some_and(|lasts| lasts.contains(last))
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Names {
    /// Pairs of first name and surname.
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(people: T) -> Self {
        let mut surnames: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (first, last) in people {
            let (first, last) = (plain(first), plain(last));
            if first.chars().count() >= 2 {
                let lasts = surnames.entry(first).or_default();
                lasts.extend((!last.is_empty()).then_some(last));
            }
        }
        Self { surnames }
    }
}

/// Small letters, one sort of apostrophe.
pub(super) fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace('’', "'")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_read_with_its_title_lines_and_separators() {
        let text = "Larkfield\nPupils\nAdmission number;Legal surname;Preferred forename\n1;O’Hara;Will\n";
        let names = Names::read(text).unwrap();
        assert!(names.has_first("will") && names.is_full("will", "o'hara"));
        assert_eq!(Names::read("a,b\n1,2\n"), Err(NamesError::NoHeadings));
    }
}
