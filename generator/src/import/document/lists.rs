//! Lists, nested as the document nests them.

use super::super::inline::Place;
use super::model::{Mark, Paragraph};
use super::write::Writer;

/// The deepest nesting that is kept; what is deeper stands with it.
const DEEPEST: usize = 6;
/// By how much two items may differ and still stand at one distance from the margin, in twentieths of a
/// point: two millimetres.
const SAME: i32 = 120;

/// A level that is open.
struct Open {
    list: usize,
    level: usize,
    indent: i32,
}

/// How deep each item stands, from 0.
fn depths(items: &[&Paragraph]) -> Vec<usize> {
    let mut open: Vec<Open> = Vec::new();
    let mut depths = Vec::with_capacity(items.len());
    for paragraph in items {
        let Some(item) = &paragraph.item else {
            // A paragraph that goes on with the item above it.
            depths.push(open.len().saturating_sub(1));
            continue;
        };
        let here = Open { list: item.list, level: item.level, indent: paragraph.indent };
        match open.iter().rposition(|above| above.list == here.list) {
            // The same list goes on: its own levels decide.
            Some(_) => {
                while open.last().is_some_and(|above| above.list != here.list || above.level > here.level) {
                    open.pop();
                }
                if open.last().is_some_and(|above| above.list == here.list && above.level == here.level) {
                    open.pop();
                }
            }
            // Another list: how far it stands from the margin decides.
            None => {
                while open.last().is_some_and(|above| above.indent > here.indent + SAME) {
                    open.pop();
                }
                if open.last().is_some_and(|above| (above.indent - here.indent).abs() <= SAME) {
                    open.pop();
                }
            }
        }
        if open.len() >= DEEPEST {
            open.pop();
        }
        open.push(here);
        depths.push(open.len() - 1);
    }
    depths
}

/// How an item is marked in Markdown.
#[derive(Clone, PartialEq, Eq)]
enum Written {
    Bullet,
    /// The number, and what stands after it: a list that begins anew right after another has the other
    /// sign, so that they stay two.
    Number(u32, char),
    /// A bullet, with the document's own mark among the words.
    Labelled(String),
}

/// Markdown counts its own numbers. Where the document counts otherwise, its numbers stay as words.
fn marks(items: &[&Paragraph], depths: &[usize]) -> Vec<Option<Written>> {
    let mut written: Vec<Option<Written>> = Vec::with_capacity(items.len());
    let mut last: Vec<Option<(u32, char)>> = vec![None; DEEPEST + 1];
    for (paragraph, &depth) in items.iter().zip(depths) {
        let Some(item) = &paragraph.item else {
            written.push(None);
            continue;
        };
        for deeper in &mut last[depth + 1..] {
            *deeper = None;
        }
        let mark = match &item.mark {
            Mark::Bullet => Written::Bullet,
            Mark::Label(label) => Written::Labelled(label.clone()),
            Mark::Number(number) if *number < 1_000_000_000 => match last[depth] {
                Some((before, sign)) if before.checked_add(1) == Some(*number) => {
                    Written::Number(*number, sign)
                }
                Some((_, '.')) => Written::Number(*number, ')'),
                _ => Written::Number(*number, '.'),
            },
            Mark::Number(number) => Written::Labelled(format!("{number}.")),
        };
        last[depth] = match &mark {
            Written::Number(number, sign) => Some((*number, *sign)),
            _ => None,
        };
        written.push(Some(mark));
    }
    written
}

impl Writer<'_> {
    /// A run of items, and of paragraphs that go on with them.
    pub(super) fn list(&mut self, items: &[&Paragraph]) -> String {
        let depths = depths(items);
        let marks = marks(items, &depths);
        let mut out = String::new();
        // How far the words of each open level stand from the margin.
        let mut margins: Vec<usize> = Vec::new();
        let mut before: Option<(usize, char)> = None;
        for ((paragraph, &depth), mark) in items.iter().zip(&depths).zip(&marks) {
            let mut words = self.words(paragraph, Place::Block, false);
            let Some(mark) = mark else {
                let margin = margins.get(depth).copied().unwrap_or(0);
                out.push_str(&format!("\n\n{}{}", " ".repeat(margin), indented(&words, margin)));
                continue;
            };
            margins.truncate(depth);
            let margin = margins.last().copied().unwrap_or(0);
            let (mark, kind) = match mark {
                Written::Bullet => ("- ".to_owned(), '-'),
                Written::Number(number, sign) => (format!("{number}{sign} "), *sign),
                Written::Labelled(label) => {
                    words = format!("{} {words}", self.label(label, Place::Block));
                    ("- ".to_owned(), '-')
                }
            };
            if let Some((above, was)) = before {
                out.push_str(if above == depth && was != kind { "\n\n" } else { "\n" });
            }
            out.push_str(&" ".repeat(margin));
            out.push_str(&mark);
            out.push_str(&indented(&words, margin + mark.len()));
            margins.push(margin + mark.len());
            before = Some((depth, kind));
        }
        out
    }
}

/// Further rows of a paragraph begin where its first does.
fn indented(words: &str, margin: usize) -> String {
    words.replace('\n', &format!("\n{}", " ".repeat(margin)))
}
