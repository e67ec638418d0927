//! Reads settings written in TOML, keeping the place of each, so that every
//! wrong key or value is told where it stands.

use std::{cell::RefCell, collections::BTreeSet, ops::Range};

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    nearest::{did_you_mean, nearest},
    slip,
};
use crate::{diagnostic::Diagnostic, source::Source};

/// A value with the bytes of the file that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands in its file.
    pub range: Range<usize>,
}

/// TOML text as far as it could be understood.
pub struct Parsed<'s> {
    table: DeTable<'s>,
    excused: Excused,
}

/// What is not also blamed on a file with lines that could not be understood.
#[derive(Default)]
struct Excused {
    /// Keys on such lines: they are neither called missing, nor their values wrong.
    keys: BTreeSet<String>,
    /// A line without its equals sign takes those below it with it; what they seem to lack is told once it is mended.
    others: bool,
}

/// Parses the TOML in `range` of a file; what cannot be understood becomes findings.
pub fn parse<'s>(source: &'s Source, range: Range<usize>, problems: &mut Vec<Diagnostic>) -> Parsed<'s> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut lines = BTreeSet::new();
    let mut excused = Excused::default();
    // Of a part that is there twice, its lines are not told as well.
    let mut twice = None;
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        let at = range.start + at.start..range.start + at.end;
        let line = source.spot(at.clone()).line;
        if !lines.insert(line) {
            continue;
        }
        let line_range = source.line_range(line);
        let line_text = &source.text[line_range.clone()];
        if error.message().starts_with(slip::DUPLICATE) {
            let part = source.text[..line_range.end].rfind("\n[").map_or(0, |at| at + 1);
            if twice == Some(part) {
                continue;
            }
            twice = line_text.starts_with('[').then_some(line_range.start);
        }
        excused.keys.extend(slip::key(line_text).map(str::to_owned));
        excused.others |= !line_text.contains('=');
        problems.push(match impossible_date(line_text) {
            Some(inside) => {
                no_such_day(source, line_range.start + inside.start..line_range.start + inside.end)
            }
            None => {
                let slip = slip::of(line_text, error.message());
                let what = format!("This line cannot be understood: {}.", slip.why);
                source.error("broken-settings", at, what, slip.mend)
            }
        });
    }
    Parsed { table: table.into_inner(), excused }
}

fn impossible_date(line: &str) -> Option<Range<usize>> {
    let value = line.find('=')? + 1;
    let from = value + line[value..].find(|c: char| !c.is_whitespace() && c != '"')?;
    let length = line[from..].find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(line.len() - from);
    let word = &line[from..from + length];
    let shaped = word.split('-').count() == 3 && word.len() >= 8;
    (shaped && word.parse::<Date>().is_err() && slip::day(word).is_none()).then_some(from..from + length)
}

fn no_such_day(source: &Source, range: Range<usize>) -> Diagnostic {
    let word = &source.text[range.clone()];
    source.error(
        "impossible-date",
        range.clone(),
        format!("There is no such day as {word}."),
        "Write a day of the calendar as year, month, day, for example 2026-09-14.",
    )
}

impl<'s> Parsed<'s> {
    /// A reader for the outermost table. `whole` is where missing keys are told.
    pub fn reader<'r>(
        &'r self,
        source: &'s Source,
        offset: usize,
        whole: Range<usize>,
        problems: &'r RefCell<Vec<Diagnostic>>,
    ) -> Reader<'r, 's> {
        Reader {
            source,
            offset,
            table: &self.table,
            excused: &self.excused,
            whole,
            within: String::new(),
            missing_is_a_warning: false,
            unsaid: RefCell::default(),
            known: RefCell::default(),
            problems,
        }
    }
}

/// Reads one table key by key; [`Reader::finish`] then names what was not asked for.
pub struct Reader<'r, 's> {
    source: &'s Source,
    offset: usize,
    table: &'r DeTable<'s>,
    excused: &'r Excused,
    whole: Range<usize>,
    within: String,
    missing_is_a_warning: bool,
    /// Keys that a page lacks that was brought in or is new, told in one breath.
    unsaid: RefCell<Vec<String>>,
    known: RefCell<Vec<&'static str>>,
    problems: &'r RefCell<Vec<Diagnostic>>,
}

impl<'r, 's> Reader<'r, 's> {
    /// From now on a missing key is a warning: the page came from an import.
    pub fn forgive_missing(&mut self) {
        self.missing_is_a_warning = true;
    }

    /// Adds a finding.
    pub fn tell(&self, problem: Diagnostic) {
        self.problems.borrow_mut().push(problem);
    }

    /// The file that is read.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Whether the key is there, without reading it.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The bytes of the whole part that is read.
    pub fn whole(&self) -> Range<usize> {
        self.whole.clone()
    }

    /// Whether the key holds a list of plain words, without reading it.
    pub fn is_list_of_words(&self, key: &str) -> bool {
        let list = self.table.get(key).and_then(|value| value.get_ref().as_array());
        list.is_some_and(|list| list.iter().all(|item| item.get_ref().as_str().is_some()))
    }

    /// Whether the key holds plain words, without reading it.
    pub fn is_text(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().as_str().is_some())
    }

    fn place(&self, range: Range<usize>) -> Range<usize> {
        self.offset + range.start..self.offset + range.end
    }

    fn get(&self, key: &'static str) -> Option<(&'r DeValue<'s>, Range<usize>)> {
        self.known.borrow_mut().push(key);
        let value: &'r Spanned<DeValue<'s>> = self.table.get(key)?;
        Some((value.get_ref(), self.place(value.span())))
    }

    fn wrong<T>(&self, key: &str, range: Range<usize>, should: &str) -> Option<T> {
        self.wrong_as(key, range, should.to_owned(), format!("Write {should} after “{key} =”."))
    }

    /// As [`Reader::wrong`], with a mend of its own.
    fn wrong_as<T>(&self, key: &str, range: Range<usize>, should: String, mend: String) -> Option<T> {
        if !self.excused.keys.contains(key) {
            let what = format!("“{key}” should be {should}.");
            self.tell(self.source.error("wrong-value", range, what, mend));
        }
        None
    }

    /// Tells that a key is missing, unless its line was broken or it is there misspelt.
    pub fn missing(&self, key: &'static str, what_it_is: &str) {
        let misspelt = self.table.keys().any(|there| nearest(there.get_ref(), [key]).is_some());
        if misspelt || self.is_excused(key) {
            return;
        }
        if self.missing_is_a_warning {
            let what = what_it_is.split(", such as").next().unwrap_or(what_it_is);
            self.unsaid.borrow_mut().push(format!("{what} ({key})"));
            return;
        }
        let place = if self.within.is_empty() { String::new() } else { format!(" in {}", self.within) };
        let mend = format!("Add a line that begins “{key} = ”.");
        self.lacks(format!("“{key}” is missing{place}: {what_it_is}."), mend);
    }

    /// As [`Reader::missing`], of a part such as `[year]`.
    pub fn missing_part(&self, key: &'static str, what_it_is: &str) {
        let misspelt = self.table.keys().any(|there| nearest(there.get_ref(), [key]).is_some());
        if !misspelt && !self.is_excused(key) {
            let mend = format!("Add a line [{key}], and under it, line by line, what belongs to it.");
            self.lacks(format!("The part [{key}] is missing: {what_it_is}."), mend);
        }
    }

    fn is_excused(&self, key: &str) -> bool {
        self.excused.others || self.excused.keys.contains(key)
    }

    fn lacks(&self, what: String, mend: String) {
        self.tell(self.source.error("missing-key", self.whole.clone(), what, mend));
    }

    /// Words that may be left out.
    pub fn text(&self, key: &'static str) -> Option<Located<String>> {
        let (value, range) = self.get(key)?;
        match value.as_str() {
            Some(text) if !text.trim().is_empty() => Some(Located { value: text.trim().to_owned(), range }),
            Some(_) => {
                let mend = "Write what belongs there between the quotation marks, or take the line out.";
                self.wrong_as(key, range, "some words, and is empty".to_owned(), mend.to_owned())
            }
            None => {
                let written = self.source.text.get(range.clone()).unwrap_or_default();
                let should = "words in straight double quotes";
                if written.contains(['"', '[', '{', '\n']) {
                    return self.wrong(key, range, should);
                }
                let mend = format!("Put the quotes around it: {key} = \"{written}\".");
                self.wrong_as(key, range, should.to_owned(), mend)
            }
        }
    }

    /// Words that must be there; `what_it_is` explains the key.
    pub fn need_text(&self, key: &'static str, what_it_is: &str) -> Option<Located<String>> {
        if !self.has(key) {
            self.known.borrow_mut().push(key);
            self.missing(key, what_it_is);
            return None;
        }
        self.text(key)
    }

    /// A day that may be left out; also taken in quotes.
    pub fn day(&self, key: &'static str) -> Option<Located<Date>> {
        let (value, range) = self.get(key)?;
        let written = match (value.as_datetime(), value.as_str()) {
            // What is left of a day that the parser already refused.
            (Some(day), _) if day.date.is_none() => return None,
            (Some(day), _) => day.to_string(),
            (None, Some(text)) => text.trim().to_owned(),
            (None, None) => return self.wrong(key, range, "a day such as 2026-09-14"),
        };
        match written.parse::<Date>() {
            Ok(date) if written.len() == 10 => Some(Located { value: date, range }),
            Ok(_) => self.wrong(key, range, "a day alone, such as 2026-09-14"),
            Err(_) => {
                if let Some(day) = slip::day(&written) {
                    let should = "a day with its year first".to_owned();
                    return self.wrong_as(key, range, should, slip::as_written(day));
                }
                self.tell(self.source.error(
                    "impossible-date",
                    range,
                    format!("There is no such day as {written}."),
                    "Write a day of the calendar as year, month, day, for example 2026-09-14.",
                ));
                None
            }
        }
    }

    /// A day that must be there.
    pub fn need_day(&self, key: &'static str, what_it_is: &str) -> Option<Located<Date>> {
        if !self.has(key) {
            self.known.borrow_mut().push(key);
            self.missing(key, what_it_is);
            return None;
        }
        self.day(key)
    }

    /// Yes or no; `false` when left out.
    pub fn flag(&self, key: &'static str) -> bool {
        let Some((value, range)) = self.get(key) else { return false };
        value.as_bool().or_else(|| self.wrong(key, range, "true or false, without quotes")).unwrap_or(false)
    }

    /// A whole number that may be left out.
    pub fn number(&self, key: &'static str) -> Option<i64> {
        let (value, range) = self.get(key)?;
        let number = value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        number.or_else(|| self.wrong(key, range, "a whole number, without quotes"))
    }

    /// A list of words; empty when left out.
    pub fn list(&self, key: &'static str) -> Vec<String> {
        let Some((value, range)) = self.get(key) else { return Vec::new() };
        let words = value.as_array().and_then(|list| {
            list.iter().map(|item| item.get_ref().as_str().map(|s| s.trim().to_owned())).collect()
        });
        words.or_else(|| self.wrong(key, range, "a list such as [\"one\", \"two\"]")).unwrap_or_default()
    }

    /// As [`Reader::list`], each word with its place.
    pub fn words(&self, key: &'static str) -> Vec<Located<String>> {
        let Some((value, range)) = self.get(key) else { return Vec::new() };
        let words = value.as_array().and_then(|list| {
            let word = |item: &Spanned<DeValue<'s>>| {
                let value = item.get_ref().as_str()?.trim().to_owned();
                Some(Located { value, range: self.place(item.span()) })
            };
            list.iter().map(word).collect()
        });
        words.or_else(|| self.wrong(key, range, "a list such as [\"one\", \"two\"]")).unwrap_or_default()
    }

    fn inner<'a>(&'a self, table: &'a DeTable<'s>, whole: Range<usize>, within: String) -> Reader<'a, 's> {
        Reader {
            source: self.source,
            offset: self.offset,
            table,
            excused: self.excused,
            whole,
            within,
            missing_is_a_warning: self.missing_is_a_warning,
            unsaid: RefCell::default(),
            known: RefCell::default(),
            problems: self.problems,
        }
    }

    /// A table within this one, such as `[year]`.
    pub fn table<T>(&self, key: &'static str, read: impl FnOnce(&Reader<'_, 's>) -> T) -> Option<T> {
        let (value, range) = self.get(key)?;
        match value.as_table() {
            Some(table) => {
                let reader = self.inner(table, range, format!("[{key}]"));
                let out = read(&reader);
                reader.finish(&self.source.path);
                Some(out)
            }
            None => self.no_part(key, range, &format!("[{key}]")),
        }
    }

    /// Tells of something else where a part should be, whose first line this is.
    fn no_part<T>(&self, key: &str, range: Range<usize>, line: &str) -> Option<T> {
        let mend =
            format!("Write {line} on a line of its own, and under it, line by line, what belongs to it.");
        self.wrong_as(key, range, format!("a part of its own that begins {line}"), mend)
    }

    /// Tables by name, such as `[people.dsl]`.
    pub fn named<T>(&self, key: &'static str, read: impl Fn(&str, &Reader<'_, 's>) -> T) -> Vec<T> {
        let Some((value, range)) = self.get(key) else { return Vec::new() };
        let Some(table) = value.as_table() else {
            return self.no_part(key, range, &format!("[{key}.name]")).unwrap_or_default();
        };
        let mut out = Vec::new();
        for (name, value) in table {
            let place = self.place(value.span());
            let within = format!("[{key}.{}]", name.get_ref());
            match value.get_ref().as_table() {
                Some(table) => {
                    let reader = self.inner(table, place, within);
                    out.push((value.span().start, read(name.get_ref(), &reader)));
                    reader.finish(&self.source.path);
                }
                None => {
                    let _: Option<()> = self.no_part(name.get_ref(), place, &within);
                }
            }
        }
        // As written, not by the alphabet: people put the person to ask first.
        out.sort_by_key(|(at, _)| *at);
        out.into_iter().map(|(_, value)| value).collect()
    }

    /// Words under names of the school's own choosing, such as those of `[systems]`.
    pub fn own_words(&self, key: &'static str) -> Vec<(String, String)> {
        let Some((value, range)) = self.get(key) else { return Vec::new() };
        let Some(table) = value.as_table() else {
            return self.no_part(key, range, &format!("[{key}]")).unwrap_or_default();
        };
        let mut out = Vec::new();
        for (name, value) in table {
            match value.get_ref().as_str().map(str::trim).filter(|words| !words.is_empty()) {
                Some(words) => out.push((name.get_ref().to_string(), words.to_owned())),
                None => {
                    let place = self.place(value.span());
                    let _: Option<()> = self.wrong(name.get_ref(), place, "words in straight double quotes");
                }
            }
        }
        out
    }

    /// Tables in a row, such as `[[classes]]`.
    pub fn rows<T>(&self, key: &'static str, read: impl Fn(&Reader<'_, 's>) -> T) -> Vec<T> {
        let Some((value, range)) = self.get(key) else { return Vec::new() };
        let line = format!("[[{key}]]");
        let Some(rows) = value.as_array() else {
            return self.no_part(key, range, &line).unwrap_or_default();
        };
        let mut out = Vec::new();
        for row in rows {
            let place = self.place(row.span());
            match row.get_ref().as_table() {
                Some(table) => {
                    let reader = self.inner(table, place, format!("[[{key}]]"));
                    out.push(read(&reader));
                    reader.finish(&self.source.path);
                }
                None => {
                    let _: Option<()> = self.no_part(key, place, &line);
                }
            }
        }
        out
    }

    /// Names every key that nobody asked for. `kind` says what sort of file this is.
    pub fn finish(&self, kind: &str) {
        let unsaid = self.unsaid.borrow();
        if !unsaid.is_empty() {
            let problem = self.source.error(
                "not-stated",
                self.whole.clone(),
                format!("This page does not state yet: {}. Readers see “not stated” for these.", unsaid.join("; ")),
                "Fill them in: in the office’s page, or with a line for each, such as owner = \"head\" or approved = 2026-09-14.",
            );
            self.tell(problem.as_warning());
        }
        let known = self.known.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let mut listed: Vec<&str> = known.clone();
            listed.sort_unstable();
            let elsewhere = if self.within.is_empty() {
                ""
            } else {
                " If it belongs to the file as a whole, put it above the first line in square brackets."
            };
            self.tell(self.source.error(
                "unknown-key",
                self.place(key.span()),
                format!(
                    "“{name}” is no key of {kind}{}.",
                    if self.within.is_empty() { String::new() } else { format!(", part {}", self.within) }
                ),
                did_you_mean(
                    name,
                    known.iter().copied(),
                    format!("Take it out. The keys here are: {}.{elsewhere}", listed.join(", ")),
                ),
            ));
        }
    }
}
