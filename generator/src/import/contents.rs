//! The table of contents: not words of the policy, but the best witness of its headings.

use std::collections::{HashMap, HashSet};

use super::lines::Line;
use super::words;
use super::{Notes, markers};

/// Why the table of contents is left out.
pub(super) const WHY: &str = "table of contents: each page makes its own";

/// The table of contents of the source, if it has one.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// What it lists, in order.
    pub(super) entries: Vec<Entry>,
    /// The keys of all entries, for quick questions.
    pub(super) keys: HashSet<String>,
    /// Where it begins, as a place among the lines.
    pub(super) begins_at: Option<usize>,
}

/// One line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The line of the source.
    pub(super) line: usize,
    /// Its words without the page number.
    pub(super) text: String,
    /// What it is found by: its letters and digits without its own number.
    pub(super) key: String,
    /// How deep the heading stands, from 1.
    pub(super) depth: usize,
    indent: usize,
}

/// The key by which a heading and its entry find each other: "3. Hats" and "3 HATS" are the same.
pub(super) fn heading_key(text: &str) -> String {
    let bare = match markers::read(text, false) {
        Some((markers::Marker::Number { .. } | markers::Marker::Section { .. }, rest)) => rest,
        _ => markers::bare_number(text).map_or(text, |(_, rest)| rest),
    };
    words::key(bare)
}

/// Takes the table of contents out of the lines, and lists it as dropped.
pub(super) fn take_from(lines: &mut [Line], notes: &mut Notes) -> Contents {
    let Some((begin, end, entries)) = find(lines) else { return Contents::default() };
    for line in lines[begin..end].iter_mut().filter(|line| !line.gone && !line.is_blank()) {
        line.gone = true;
        notes.drop(line.no, line.text.clone(), WHY);
    }
    let mut contents = Contents {
        keys: entries.iter().map(|entry| entry.key.clone()).collect(),
        entries,
        begins_at: Some(begin),
    };
    set_depths(&mut contents.entries);
    contents
}

pub(super) fn is_title(text: &str) -> bool {
    matches!(words::key(text).as_str(), "contents" | "tableofcontents" | "contentspage" | "listofcontents")
}

/// Where the table begins and ends (places among the lines), and what it lists.
fn find(lines: &[Line]) -> Option<(usize, usize, Vec<Entry>)> {
    let titled = lines.iter().position(|line| !line.gone && is_title(&line.text));
    if let Some(begin) = titled {
        if let Some((end, entries)) = with_pages(lines, begin + 1, 2) {
            return Some((begin, end, entries));
        }
        if let Some((end, entries)) = without_pages(lines, begin + 1) {
            return Some((begin, end, entries));
        }
    }
    // No title: only a run of leaders with page numbers is proof.
    let begin = lines.iter().position(|line| split_page(line).is_some_and(|(_, leader)| leader))?;
    let (end, entries) = with_pages(lines, begin, 4)?;
    Some((begin, end, entries))
}

/// The text of an entry and whether dots or a tab led to its page number.
fn split_page(line: &Line) -> Option<(&str, bool)> {
    if line.gone {
        return None;
    }
    let text = line.text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = line.text.len() - text.len();
    let led = text.trim_end_matches(['.', '…', '_', ' ', '\t', '·']);
    let leader = &text[led.len()..];
    let strong =
        leader.contains('\t') || leader.contains("  ") || leader.contains("...") || leader.contains('…');
    let any = strong || leader == " ";
    ((1..=3).contains(&digits) && any && words::has_letter_or_digit(led)).then_some((led, strong))
}

/// Entries that end in page numbers. Lines without one belong to the next that has one, if it is near.
fn with_pages(lines: &[Line], from: usize, at_least: usize) -> Option<(usize, Vec<Entry>)> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut waiting: Vec<&Line> = Vec::new();
    let mut end = from;
    let mut certain = 0;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if line.is_blank() || line.gone {
            continue;
        }
        if let Some((text, strong)) = split_page(line) {
            let whole: Vec<&str> = waiting.drain(..).map(|line| line.text.as_str()).chain([text]).collect();
            entries.push(entry(line, &whole.join(" ")));
            certain += usize::from(strong);
            end = at + 1;
        } else if waiting.len() < 2 && line.text.split_whitespace().count() <= 15 && !line.text.ends_with('.')
        {
            waiting.push(line);
        } else {
            break;
        }
    }
    (certain >= at_least).then_some((end, entries))
}

/// Entries without page numbers: short lines that all come again later.
fn without_pages(lines: &[Line], from: usize) -> Option<(usize, Vec<Entry>)> {
    let mut last: HashMap<String, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate().skip(from).filter(|(_, line)| !line.is_blank()) {
        last.insert(heading_key(&line.text), at);
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = HashSet::new();
    let mut end = from;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if line.is_blank() || line.gone {
            continue;
        }
        let key = heading_key(&line.text);
        let short = line.text.split_whitespace().count() <= 15;
        if !short || seen.contains(&key) || last.get(&key).is_none_or(|&later| later == at) {
            break;
        }
        entries.push(entry(line, &line.text));
        seen.insert(key);
        end = at + 1;
    }
    (entries.len() >= 2).then_some((end, entries))
}

fn entry(line: &Line, text: &str) -> Entry {
    Entry { line: line.no, text: text.to_owned(), key: heading_key(text), depth: 1, indent: line.indent }
}

/// Depth by the number if there is one, else by capitals against small letters, else by indentation.
fn set_depths(entries: &mut [Entry]) {
    let capitals = entries.iter().filter(|entry| words::is_all_capitals(&entry.text)).count();
    let by_capitals = capitals >= 2 && capitals < entries.len();
    let margin = entries.iter().map(|entry| entry.indent).min().unwrap_or(0);
    let numbered = entries.iter().filter(|entry| numbers(&entry.text).is_some()).count() * 2 > entries.len();
    for entry in entries {
        entry.depth = match numbers(&entry.text) {
            Some(depth) => depth,
            None if numbered || is_appendix(&entry.text) => 1,
            None if by_capitals => 1 + usize::from(!words::is_all_capitals(&entry.text)),
            None => 1 + usize::from(entry.indent > margin),
        };
    }
}

fn numbers(text: &str) -> Option<usize> {
    match markers::read(text, false) {
        Some((markers::Marker::Section { numbers, .. }, _)) => Some(numbers.len()),
        Some((markers::Marker::Number { .. }, _)) => Some(1),
        _ => markers::bare_number(text).map(|_| 1),
    }
}

/// "Appendix 3: hats", "Annex A".
pub(super) fn is_appendix(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().trim_end_matches(':').to_lowercase();
    let second = words.next().unwrap_or_default();
    matches!(first.as_str(), "appendix" | "annex") && second.trim_end_matches([':', '.', '-', '–']).len() <= 4
}

#[cfg(test)]
mod tests {
    use super::{Notes, take_from};
    use crate::import::lines::split;

    #[test]
    fn a_table_of_contents_goes_and_its_entries_stay_known() {
        let mut lines =
            split("Contents\n\n1. Hats.....3\n1.1 Caps\t4\nAppendix 1: list 9\n\n1. Hats\nWe wear them.");
        let mut notes = Notes::default();
        let contents = take_from(&mut lines, &mut notes);
        let seen: Vec<_> = contents.entries.iter().map(|e| (e.text.as_str(), e.depth)).collect();
        assert_eq!(seen, [("1. Hats", 1), ("1.1 Caps", 2), ("Appendix 1: list", 1)]);
        assert_eq!(notes.dropped.len(), 4);
        assert!(!lines[6].gone && !lines[7].gone);
    }

    #[test]
    fn a_table_of_contents_without_page_numbers_stops_where_the_policy_begins() {
        let mut lines = split("Contents\nHats\nCoats\nHats\nWe wear them.\nCoats\nThese too.");
        let contents = take_from(&mut lines, &mut Notes::default());
        assert_eq!(contents.entries.len(), 2);
        assert!(!lines[3].gone);
    }

    #[test]
    fn the_word_contents_alone_is_no_table() {
        let mut lines = split("Contents\nThe box holds many hats and they are all blue.");
        assert!(take_from(&mut lines, &mut Notes::default()).entries.is_empty());
        assert!(!lines[0].gone);
    }
}
