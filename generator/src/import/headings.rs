//! Which units are headings, and how deep they stand.
//!
//! Witnesses, the strongest first: the table of contents; a number ("3.4 Foo") or "Appendix"; then how a
//! short line stands: alone, with no full stop, over something that it could be the heading of.

use std::collections::HashMap;

use super::Notes;
use super::bare;
use super::contents::{Contents, heading_key, is_appendix};
use super::markers::{self, Marker};
use super::units::{Unit, What};
use super::words;

/// The most words of a heading with a number.
const LONGEST_NUMBERED: usize = 18;
/// The deepest heading. The title of the page is level 1.
const DEEPEST: usize = 5;
/// From how many pairs of entry and unit on the exact matching of the contents would be too slow.
const EXACT_UP_TO: usize = 4_000_000;

/// Why a unit is a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Witness {
    /// The entry of the table of contents at this place.
    Contents(usize),
    /// A number of this depth.
    Number(usize),
    /// "Appendix 2".
    Appendix,
    /// Only its looks.
    Bare,
}

/// Turns units into headings, and writes down what is doubtful about them.
pub(super) fn decide(units: &mut [Unit], contents: &Contents, notes: &mut Notes) {
    make_lists_of_single_words(units);
    let mut witnesses: Vec<Option<Witness>> = vec![None; units.len()];
    match_contents(units, contents, &mut witnesses, notes);
    see_numbers(units, &mut witnesses);
    see_appendices(units, &mut witnesses);
    bare::see(units, &mut witnesses, notes);
    let levels = levels(units, contents, &witnesses);
    doubt_jumps(units, &witnesses, notes);
    for (unit, level) in units.iter_mut().zip(levels) {
        if let (Some(level), Some(text)) = (level, unit.one_row()) {
            unit.what = What::Heading { level, text: without_bold(&text) };
        }
    }
}

/// Three or more single words, each alone on its line, are a list that lost its bullets.
fn make_lists_of_single_words(units: &mut [Unit]) {
    let is_word = |unit: &Unit| {
        unit.one_row().is_some_and(|row| {
            !row.contains(' ') && row.chars().all(|c| c.is_alphabetic() || c == '-') && row.len() > 2
        })
    };
    let mut at = 0;
    while at < units.len() {
        let run = units[at..].iter().take_while(|unit| is_word(unit)).count();
        if run >= 3 {
            for unit in &mut units[at..at + run] {
                if let What::Text(rows) = &unit.what {
                    let text = rows.concat();
                    unit.what = What::Item { indent: 0, marker: Marker::Bullet('-'), text };
                }
            }
        }
        at += run.max(1);
    }
}

/// A heading that is bold as a whole needs no marks for it.
fn without_bold(text: &str) -> String {
    let inner = text.strip_prefix("**").and_then(|text| text.strip_suffix("**"));
    inner.filter(|inner| !inner.contains("**")).unwrap_or(text).trim().to_owned()
}

fn match_contents(units: &[Unit], contents: &Contents, witnesses: &mut [Option<Witness>], notes: &mut Notes) {
    let candidates: Vec<(usize, String)> = units
        .iter()
        .enumerate()
        .filter_map(|(at, unit)| Some((at, heading_key(&unit.one_row()?))))
        .filter(|(_, key)| contents.keys.contains(key))
        .collect();
    let mut matched = vec![false; contents.entries.len()];
    for (entry, candidate) in in_order(contents, &candidates) {
        witnesses[candidates[candidate].0] = Some(Witness::Contents(entry));
        matched[entry] = true;
    }
    for (entry, _) in contents.entries.iter().zip(matched).filter(|(_, matched)| !matched) {
        notes.doubt(
            entry.line,
            format!("the contents list “{}”, and no heading in the text is called so", entry.text),
            "see whether the heading has another name by now, or a part of the text is missing",
        );
    }
}

/// The most pairs of entry and candidate that keep the order of both: the longest common subsequence.
fn in_order(contents: &Contents, candidates: &[(usize, String)]) -> Vec<(usize, usize)> {
    let entries = &contents.entries;
    let (rows, columns) = (entries.len(), candidates.len());
    if rows * columns > EXACT_UP_TO {
        let mut candidates = candidates.iter().enumerate();
        return entries
            .iter()
            .enumerate()
            .map_while(|(entry, listed)| {
                candidates.find(|(_, (_, key))| *key == listed.key).map(|(candidate, _)| (entry, candidate))
            })
            .collect();
    }
    let at = |row: usize, column: usize| row * (columns + 1) + column;
    let mut longest = vec![0u32; (rows + 1) * (columns + 1)];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            longest[at(row, column)] = if entries[row].key == candidates[column].1 {
                longest[at(row + 1, column + 1)] + 1
            } else {
                longest[at(row + 1, column)].max(longest[at(row, column + 1)])
            };
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < rows && column < columns {
        if entries[row].key == candidates[column].1 {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if longest[at(row + 1, column)] >= longest[at(row, column + 1)] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

fn could_be_numbered_heading(text: &str) -> bool {
    let bare = text.trim_end_matches("**");
    !bare.ends_with(['.', ';', ',', ':', '!'])
        && (1..=LONGEST_NUMBERED).contains(&text.split_whitespace().count())
        && words::begins_in_upper_case(text)
        && words::has_letter_or_digit(text)
}

fn see_numbers(units: &[Unit], witnesses: &mut [Option<Witness>]) {
    let mut expected = 1;
    for at in 0..units.len() {
        match &units[at].what {
            What::Item { marker: Marker::Section { numbers, .. }, text, .. } => {
                let listed =
                    is_section(units.get(at + 1)) && is_section(at.checked_sub(1).map(|at| &units[at]));
                let heads = could_be_numbered_heading(text)
                    && !words::reads_like_a_sentence(text)
                    && !(listed && text.split_whitespace().count() > 8);
                if heads && witnesses[at].is_none() {
                    witnesses[at] = Some(Witness::Number(numbers.len()));
                }
            }
            What::Item { marker: Marker::Number { value, .. }, text, indent } => {
                let next = units.get(at + 1);
                let is_next = |unit: Option<&Unit>, wanted: Option<u32>| {
                    matches!(unit, Some(Unit { what: What::Item { marker: Marker::Number { value, .. }, .. }, .. })
                        if Some(*value) == wanted)
                };
                let in_run = is_next(next, value.checked_add(1))
                    || (at > 0
                        && is_next(Some(&units[at - 1]), value.checked_sub(1))
                        && witnesses[at - 1].is_none());
                let holds_items = matches!(next, Some(Unit { what: What::Item { indent: below, marker, .. }, .. })
                    if below > indent || matches!(marker, Marker::Letter(_)));
                let under_item = at > 0 && *indent > 0 && matches!(units[at - 1].what, What::Item { .. });
                let heads = could_be_numbered_heading(text)
                    && !in_run
                    && !under_item
                    && !holds_items
                    && next.is_some();
                let fits = *value == expected || *value == expected + 1 || *value == 1;
                if heads && fits && witnesses[at].is_none() {
                    witnesses[at] = Some(Witness::Number(1));
                }
            }
            What::Text(rows) if rows.len() == 1 && witnesses[at].is_none() => {
                let found = markers::bare_number(&rows[0]);
                if let Some((value, text)) = found
                    && value == expected
                    && could_be_numbered_heading(text)
                    && super::dates::find(&rows[0]).is_empty()
                    && !words::reads_like_a_sentence(text)
                    && bare::has_something_below(units, at)
                {
                    witnesses[at] = Some(Witness::Number(1));
                }
            }
            _ => {}
        }
        if witnesses[at].is_some()
            && let Some(number) = units[at].one_row().and_then(|row| numbers_of(&row))
            && let [first] = number.as_slice()
        {
            expected = first.saturating_add(1);
        }
    }
}

fn is_section(unit: Option<&Unit>) -> bool {
    matches!(unit, Some(Unit { what: What::Item { marker: Marker::Section { .. }, .. }, .. }))
}

fn numbers_of(row: &str) -> Option<Vec<u32>> {
    match markers::read(row, false) {
        Some((Marker::Number { value, .. }, _)) => Some(vec![value]),
        Some((Marker::Section { numbers, .. }, _)) => Some(numbers),
        _ => markers::bare_number(row).map(|(number, _)| vec![number]),
    }
}

fn see_appendices(units: &[Unit], witnesses: &mut [Option<Witness>]) {
    for (at, unit) in units.iter().enumerate() {
        let fits = matches!(&unit.what, What::Text(rows) if rows.len() == 1
            && is_appendix(rows[0].trim_start_matches('*'))
            && !rows[0].ends_with(['.', ',', ';'])
            && rows[0].split_whitespace().count() <= LONGEST_NUMBERED
            && !words::reads_like_a_sentence(rows[0].split_once(':').map_or(&rows[0], |(before, _)| before)));
        if fits && witnesses[at].is_none() {
            witnesses[at] = Some(Witness::Appendix);
        }
    }
}

fn levels(units: &[Unit], contents: &Contents, witnesses: &[Option<Witness>]) -> Vec<Option<usize>> {
    let structured = witnesses.iter().flatten().any(|witness| *witness != Witness::Bare);
    let bare_capitals: Vec<bool> = units
        .iter()
        .zip(witnesses)
        .filter(|(_, witness)| **witness == Some(Witness::Bare))
        .filter_map(|(unit, _)| unit.one_row().map(|row| words::is_all_capitals(&row)))
        .collect();
    let mixed = bare_capitals.contains(&true) && bare_capitals.contains(&false);
    let matched: Vec<usize> = witnesses
        .iter()
        .flatten()
        .filter_map(|witness| if let Witness::Contents(entry) = witness { Some(*entry) } else { None })
        .collect();
    let is_matched = |entry: usize| matched.binary_search(&entry).is_ok();
    // The level of a bare heading here: below the last section, or that of an entry that is missing.
    let mut bare_level = 2;
    let mut above = 1;
    let mut levels: Vec<Option<usize>> = Vec::with_capacity(units.len());
    let mut section_above = false;
    for (unit, witness) in units.iter().zip(witnesses) {
        let Some(witness) = witness else {
            levels.push(None);
            section_above = false;
            continue;
        };
        let directly_below = std::mem::replace(&mut section_above, *witness != Witness::Bare);
        let wanted = match witness {
            Witness::Contents(entry) => {
                let level = contents.entries[*entry].depth + 1;
                let missing = contents.entries.get(entry + 1).filter(|_| !is_matched(entry + 1));
                bare_level = missing.map_or(level + 1, |missing| missing.depth + 1);
                level
            }
            Witness::Number(depth) => {
                bare_level = depth + 2;
                depth + 1
            }
            Witness::Appendix => {
                bare_level = 3;
                2
            }
            Witness::Bare if !structured && mixed => {
                let capitals = unit.one_row().is_some_and(|row| words::is_all_capitals(&row));
                2 + usize::from(!capitals)
            }
            // With nothing between them, it is the first part of the section above.
            Witness::Bare if directly_below => above + 1,
            Witness::Bare => bare_level,
        };
        // A level must not be skipped on the way down: readers with a screen reader would miss one.
        let level = wanted.clamp(2, DEEPEST).min(above + 1);
        above = level;
        levels.push(Some(level));
    }
    levels
}

/// Numbers that are missing between headings are told: a section may have been lost on the way.
fn doubt_jumps(units: &[Unit], witnesses: &[Option<Witness>], notes: &mut Notes) {
    let mut last: HashMap<Vec<u32>, u32> = HashMap::new();
    for (unit, _) in units.iter().zip(witnesses).filter(|(_, witness)| witness.is_some()) {
        let Some(numbers) = unit.one_row().and_then(|row| numbers_of(&row)) else { continue };
        let Some((&number, parent)) = numbers.split_last() else { continue };
        let before = last.insert(parent.to_vec(), number).unwrap_or(0);
        if before > 0 && number > before + 1 {
            let name = |number: u32| {
                let all = parent.iter().chain([&number]).map(u32::to_string).collect::<Vec<_>>();
                all.join(".")
            };
            notes.doubt(
                unit.line,
                format!("the numbers go from {} to {}", name(before), name(number)),
                "see whether a part of the source is missing, or the numbers are wrong",
            );
        }
    }
}
