//! Headings that nothing speaks for but how they stand: a short line alone, with no full stop, over
//! something that it could be the heading of.

use super::Notes;
use super::headings::Witness;
use super::markers::Marker;
use super::units::{Unit, What};
use super::words;

/// The most words of a heading that nothing but its looks speaks for.
const LONGEST_BARE: usize = 16;
/// What stands below a line that may be a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    Prose,
    List,
    Box,
    Address,
    Heading,
    MaybeHeading,
    Nothing,
}

/// Whether a unit looks like a heading by itself.
fn looks_like_one(unit: &Unit) -> bool {
    let What::Text(rows) = &unit.what else { return false };
    matches!(rows.as_slice(), [row] if row_looks_like_one(row))
}

/// Whether a row of words that stands alone looks like a heading.
pub(super) fn row_looks_like_one(row: &str) -> bool {
    let plain = row.replace("**", "");
    let plain = plain.trim();
    let count = plain.split_whitespace().count();
    let long_words: Vec<&str> = plain.split_whitespace().filter(|word| word.len() > 3).collect();
    let capitals = long_words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    let longest = if capitals * 2 >= long_words.len() { LONGEST_BARE + 4 } else { LONGEST_BARE };
    let first = words::lower_words(plain).into_iter().next().unwrap_or_default();
    let ends_open = plain.ends_with("...") || plain.ends_with('…');
    count <= longest
        && (words::begins_in_upper_case(plain)
            || plain.split_once(' ').is_some_and(|(number, rest)| {
                number.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with(char::is_alphabetic)
            }))
        && plain.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '‘' | '“' | '"'))
        && (ends_open || !plain.ends_with(['.', ';', ',', ':', '!', '_', '*']))
        && !words::has_address(plain)
        && !plain.contains("](")
        && !["\": ", "”: ", "': ", "’: "].iter().any(|defined| plain.contains(defined))
        && (!plain.contains(": ") || (count <= LONGEST_BARE && !is_fact(plain)))
        && super::dates::find(plain).is_empty()
        && !matches!(first.as_str(), "for" | "by" | "based" | "please" | "see" | "to" | "note")
        && !plain.chars().filter(char::is_ascii_digit).count().gt(&8)
        && !is_partly_bold(row)
}

/// "Responsibility: Headteacher": a short label and what it says.
fn is_fact(plain: &str) -> bool {
    let Some((label, value)) = plain.split_once(": ") else { return false };
    label.split_whitespace().count() <= 2 && (value.split_whitespace().count() <= 3)
}

/// A line of which only a part is bold is running text.
fn is_partly_bold(row: &str) -> bool {
    let whole = row.starts_with("**") && row.ends_with("**") && row.matches("**").count() == 2;
    row.contains("**") && !whole
}

/// Whether anything follows that a heading could be over.
pub(super) fn has_something_below(units: &[Unit], at: usize) -> bool {
    at + 1 < units.len()
}

fn below(units: &[Unit], witnesses: &[Option<Witness>], at: usize) -> Below {
    let Some(next) = units.get(at + 1) else { return Below::Nothing };
    if witnesses[at + 1].is_some_and(|witness| witness != Witness::Bare) {
        return Below::Heading;
    }
    match &next.what {
        What::Item { marker: Marker::Section { .. }, .. } => Below::Prose,
        What::Item { .. } => Below::List,
        What::Table(_) | What::Form(_) => Below::Box,
        What::Heading { .. } => Below::Heading,
        What::Text(rows) => match rows.first() {
            Some(row)
                if rows.len() == 1 && words::has_address(row) && row.split_whitespace().count() <= 2 =>
            {
                Below::Address
            }
            Some(row) if looks_like_one(next) && !words::reads_like_a_sentence(row) => Below::MaybeHeading,
            _ => Below::Prose,
        },
    }
}

/// Decides on lines that only their looks speak for.
pub(super) fn see(units: &[Unit], witnesses: &mut [Option<Witness>], notes: &mut Notes) {
    // From the end, so that a line knows whether the one below it became a heading.
    for at in (0..units.len()).rev() {
        if witnesses[at].is_some() || !looks_like_one(&units[at]) {
            continue;
        }
        let Some(row) = units[at].one_row() else { continue };
        // The name of the school over everything heads no part of the policy.
        if at == 0 && names_a_school(&row) {
            continue;
        }
        let sentence = words::reads_like_a_sentence(&row);
        let below = below(units, witnesses, at);
        let over_capital_item = matches!(units.get(at + 1), Some(Unit { what: What::Item { text, .. }, .. })
            if words::begins_in_upper_case(text));
        let heads = match below {
            Below::Prose => !sentence,
            Below::Box => !sentence,
            Below::List => !sentence || over_capital_item,
            // Two lines that may be headings can follow each other; three are something else: the lines
            // of a cover, a list.
            Below::MaybeHeading => {
                !sentence
                    && witnesses[at + 1].is_some()
                    && self::below(units, witnesses, at + 1) != Below::MaybeHeading
            }
            Below::Address | Below::Heading | Below::Nothing => false,
        };
        if !heads {
            continue;
        }
        witnesses[at] = Some(Witness::Bare);
        if sentence {
            notes.doubt(
                units[at].line,
                format!("“{}” was taken for a heading, though it reads like a sentence", shortened(&row)),
                "take the # before it away if it is none",
            );
        }
    }
    see_named_addresses(units, witnesses);
}

fn names_a_school(row: &str) -> bool {
    let names = ["school", "academy", "nursery", "college", "federation", "trust"];
    words::lower_words(row).iter().any(|word| names.contains(&word.as_str()))
}

/// A line over nothing but an address ("Some Act 1990" / "https://…") is a heading where others like it
/// in the same section are.
fn see_named_addresses(units: &[Unit], witnesses: &mut [Option<Witness>]) {
    let mut bare_seen = false;
    for at in 0..units.len() {
        match witnesses[at] {
            Some(Witness::Bare) => bare_seen = true,
            Some(_) => bare_seen = false,
            None => {
                let named = bare_seen
                    && looks_like_one(&units[at])
                    && below(units, witnesses, at) == Below::Address
                    && (at + 2 >= units.len() || witnesses[at + 2].is_some());
                if named {
                    witnesses[at] = Some(Witness::Bare);
                }
            }
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
