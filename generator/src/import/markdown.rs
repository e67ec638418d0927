//! Units to the body of a Markdown file.

use super::Notes;
use super::inline::{self, Place};
use super::lists::{self, Item, Mark};
use super::markers::Marker;
use super::units::{Unit, What};
use super::words;

/// The body, from the first block to the last, with a line end after it.
pub(super) fn write(units: &[Unit], notes: &mut Notes) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let unit = &units[at];
        let run =
            (at..units.len()).take_while(|&at| is_listed(&units[at]) && !is_footnote(units, at)).count();
        if run > 0 {
            let items = lists::nest(&units[at..at + run]);
            blocks.push(list(&items, notes));
            at += run;
            continue;
        }
        at += 1;
        let block = match &unit.what {
            What::Heading { level, text } => {
                let text = inline::markdown(std::slice::from_ref(text), Place::Heading, unit.line, notes);
                format!("{} {text}", "#".repeat(*level))
            }
            What::Text(rows) => inline::markdown(rows, Place::Block, unit.line, notes),
            What::Item { marker, text, .. } => {
                let label =
                    if let Marker::Bullet(shape) = marker { shape.to_string() } else { marker.label() };
                inline::markdown(&[format!("{label} {text}")], Place::Block, unit.line, notes)
            }
            What::Table(rows) => table(rows, unit.line, notes),
            What::Form(labels) => form(labels),
        };
        if block.starts_with(char::is_alphanumeric)
            && let What::Text(rows) = &unit.what
        {
            doubt_fragment(rows, unit.line, at.checked_sub(2).map(|above| &units[above]), notes);
        }
        blocks.push(block);
    }
    let mut body = blocks.join("\n\n");
    body.push('\n');
    body
}

/// A paragraph that begins in the middle of a sentence, with nothing above that it goes on from.
fn doubt_fragment(rows: &[String], line: usize, above: Option<&Unit>, notes: &mut Notes) {
    let after_heading = above.is_none_or(|above| matches!(above.what, What::Heading { .. } | What::Form(_)));
    let Some(first) = rows.first() else { return };
    if after_heading && words::begins_in_lower_case(first) && !words::has_address(first) {
        notes.doubt(
            line,
            "a paragraph begins in the middle of a sentence",
            "compare it with the original: words may be missing, or stand in another order",
        );
    }
}

fn is_listed(unit: &Unit) -> bool {
    matches!(&unit.what, What::Item { marker, .. } if !matches!(marker, Marker::Section { .. }))
}

/// A single "* words" in a text whose lists have other bullets explains a star further up.
fn is_footnote(units: &[Unit], at: usize) -> bool {
    let star = |unit: &Unit| matches!(unit.what, What::Item { marker: Marker::Bullet('*'), .. });
    let ends_in_star = |unit: &Unit| match &unit.what {
        What::Item { text, .. } => text.ends_with('*') && !text.ends_with("**"),
        What::Text(rows) => rows.iter().any(|row| row.ends_with('*') && row.matches('*').count() % 2 == 1),
        _ => false,
    };
    star(&units[at])
        && !units.get(at + 1).is_some_and(star)
        && !at.checked_sub(1).is_some_and(|above| star(&units[above]))
        && units[at.saturating_sub(20)..at].iter().any(ends_in_star)
}

fn list(items: &[Item], notes: &mut Notes) -> String {
    let mut out = String::new();
    // How far the words of each open level stand from the margin.
    let mut margins: Vec<usize> = Vec::new();
    let mut before: Option<(usize, bool)> = None;
    for item in items {
        let numbered = matches!(item.mark, Mark::Number(_));
        margins.truncate(item.depth);
        let margin = margins.last().copied().unwrap_or(0);
        let mark = match item.mark {
            Mark::Bullet => "- ".to_owned(),
            Mark::Number(number) => format!("{number}. "),
        };
        if before.is_some() {
            out.push('\n');
        }
        if before.is_some_and(|(depth, was)| depth == item.depth && was != numbered) {
            out.push('\n');
        }
        let text = inline::markdown(std::slice::from_ref(&item.text), Place::Block, item.line, notes);
        out.push_str(&" ".repeat(margin));
        out.push_str(&mark);
        out.push_str(&text);
        margins.push(margin + mark.len());
        before = Some((item.depth, numbered));
    }
    out
}

fn table(rows: &[Vec<String>], line: usize, notes: &mut Notes) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let mut cells: Vec<String> = row
            .iter()
            .map(|cell| inline::markdown(std::slice::from_ref(cell), Place::Cell, line, notes))
            .collect();
        cells.resize(columns, String::new());
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if at == 0 {
            out.push_str(&format!("|{}\n", " --- |".repeat(columns)));
        }
    }
    if rows.len() == 1 {
        // Only the names of columns: a log to fill in.
        out.push_str(&format!("|{}\n", "   |".repeat(columns)));
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// Lines to fill in: a block of its own kind, one label on a line.
fn form(labels: &[String]) -> String {
    let lines: Vec<String> = labels.iter().map(|label| label.replace('\t', " ").trim().to_owned()).collect();
    format!("```form\n{}\n```", lines.join("\n"))
}
