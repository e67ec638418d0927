//! How list items nest, whatever bullets they had.

use super::markers::Marker;
use super::units::{Unit, What};

/// An item with its depth, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) line: usize,
    pub(super) depth: usize,
    pub(super) mark: Mark,
    pub(super) text: String,
}

/// What an item begins with in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Bullet,
    Number(u32),
}

/// The deepest nesting that is kept; what is deeper stands with it.
const DEEPEST: usize = 5;

/// Nests the items of a run. Indentation decides; where all stand at one, the kind of bullet does.
pub(super) fn nest(units: &[Unit]) -> Vec<Item> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut items = Vec::with_capacity(units.len());
    for unit in units {
        let What::Item { indent, marker, text } = &unit.what else { continue };
        let kind = marker.kind();
        while open.last().is_some_and(|&(above, _)| above > *indent) {
            open.pop();
        }
        if let Some(known) = open.iter().rposition(|&level| level == (*indent, kind)) {
            open.truncate(known + 1);
        } else if open.last().is_none_or(|&(above, _)| above < *indent) || open.len() < DEEPEST {
            open.push((*indent, kind));
        }
        let depth = open.len().clamp(1, DEEPEST) - 1;
        let (mark, text) = match marker {
            Marker::Bullet(_) => (Mark::Bullet, text.clone()),
            Marker::Number { value, .. } => (Mark::Number(*value), text.clone()),
            Marker::Letter(label) | Marker::Section { label, .. } => {
                (Mark::Bullet, format!("{label} {text}"))
            }
        };
        items.push(Item { line: unit.line, depth, mark, text });
    }
    keep_numbers(&mut items, units);
    number_bullets(&mut items);
    items
}

/// The places of the items that stand together on one level, run by run.
fn runs(items: &[Item]) -> Vec<Vec<usize>> {
    let mut open: Vec<Vec<usize>> = Vec::new();
    let mut runs = Vec::new();
    for (at, item) in items.iter().enumerate() {
        while open.len() > item.depth + 1 {
            runs.extend(open.pop());
        }
        open.resize_with(item.depth + 1, Vec::new);
        let differs = |run: &Vec<usize>| {
            run.last().is_some_and(|&last| {
                std::mem::discriminant(&items[last].mark) != std::mem::discriminant(&item.mark)
            })
        };
        if let Some(run) = open.last_mut() {
            if differs(run) {
                runs.push(std::mem::take(run));
            }
            run.push(at);
        }
    }
    runs.extend(open);
    runs.retain(|run| !run.is_empty());
    runs
}

/// Markdown counts its own numbers. Where the source counts otherwise, its numbers stay as words.
fn keep_numbers(items: &mut [Item], units: &[Unit]) {
    for run in runs(items) {
        let numbers: Vec<u32> = run
            .iter()
            .filter_map(|&at| if let Mark::Number(number) = items[at].mark { Some(number) } else { None })
            .collect();
        let counts = numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
        if counts && numbers.iter().all(|&number| number < 1_000_000) {
            continue;
        }
        for &at in run.iter().filter(|_| !numbers.is_empty()) {
            if let What::Item { marker, text, .. } = &units[at].what {
                items[at].mark = Mark::Bullet;
                items[at].text = format!("{} {text}", marker.label());
            }
        }
    }
}

/// Bullets that each go on with the next number ("- 1 Hats", "- 2 Coats") are a numbered list.
fn number_bullets(items: &mut [Item]) {
    for run in runs(items).into_iter().filter(|run| run.len() >= 3) {
        let numbered = run.iter().zip(1u32..).all(|(&at, number)| {
            items[at].mark == Mark::Bullet
                && items[at].text.split_once(' ').is_some_and(|(first, _)| first == number.to_string())
        });
        if !numbered {
            continue;
        }
        for (&at, number) in run.iter().zip(1u32..) {
            items[at].mark = Mark::Number(number);
            items[at].text = items[at].text.split_once(' ').map_or("", |(_, rest)| rest).trim().to_owned();
        }
    }
}
