//! How wide the columns of a table are.
//!
//! Each column gets at least the room of its longest word; what is left is shared out by how much more
//! each would like. Where the longest words do not fit beside each other, the type is set smaller, twice
//! at most; where that does not help, the table is refused rather than cut off at the paper’s edge.

use super::{
    Fault,
    document::{Block, Document, Inline, Table},
    letters::Letters,
};

/// On both sides of a cell’s words, in points.
pub(super) const INSET: f64 = 6.0;
/// The sizes that a table may be set in, in points. Under 8 points print is hard to read.
const SIZES: [f64; 3] = [10.0, 9.0, 8.0];
/// Beyond this a cell’s wish for room counts no further, in points: its words will take several lines.
const WIDEST_WISH: f64 = 420.0;

/// How a table is set.
pub(super) struct Fit {
    /// In points.
    pub(super) size: f64,
    /// Of each column, in points.
    pub(super) widths: Vec<f64>,
}

/// The best that can be done within so many millimetres; none where the words do not fit.
pub(super) fn fit(table: &Table, letters: &Letters, measure: f64) -> Option<Fit> {
    let room = measure / 25.4 * 72.0;
    let columns = table.columns.len();
    let cells: Vec<Vec<String>> = (0..columns).map(|column| texts(table, column)).collect();
    let longest: Vec<f64> = cells.iter().map(|texts| widest(texts, letters)).collect();
    let wish: Vec<f64> =
        cells.iter().map(|texts| texts.iter().map(|t| letters.width(t)).fold(0.0, f64::max)).collect();
    SIZES.into_iter().find_map(|size| {
        let least: Vec<f64> = longest.iter().map(|width| width * size + 2.0 * INSET + 1.0).collect();
        let spare = room - least.iter().sum::<f64>();
        if spare < 0.0 {
            return None;
        }
        let wanted = |column: usize| {
            let most = (wish[column] * size + 2.0 * INSET).min(WIDEST_WISH);
            (most - least[column]).max(0.0) + 4.0
        };
        let all: f64 = (0..columns).map(wanted).sum();
        let widths = (0..columns).map(|column| least[column] + spare * wanted(column) / all).collect();
        Some(Fit { size, widths })
    })
}

fn texts(table: &Table, column: usize) -> Vec<String> {
    let rows = std::iter::once(&table.head).chain(&table.rows);
    rows.filter_map(|row| row.get(column)).map(|cell| Inline::text(cell)).collect()
}

/// The widest word, as a multiple of the font’s size.
fn widest(texts: &[String], letters: &Letters) -> f64 {
    texts.iter().flat_map(|text| words(text)).map(|word| letters.width(word)).fold(0.0, f64::max)
}

/// What is never broken: a line may end at a space and after a hyphen, a dash or a stroke.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let space = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
    text.split(space).flat_map(|word| word.split_inclusive(['-', '–', '—', '/']))
}

/// Every table that does not fit the paper.
pub(super) fn too_wide(document: &Document, letters: &Letters) -> Vec<Fault> {
    let tables = document.all_blocks().into_iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let wide = tables.filter(|table| fit(table, letters, document.measure()).is_none());
    wide.map(|table| Fault::TooWide { at: table.at, words: longest_words(table, letters) }).collect()
}

fn longest_words(table: &Table, letters: &Letters) -> Vec<String> {
    let longest = |column: usize| {
        let texts = texts(table, column);
        let all = texts.iter().flat_map(|text| words(text));
        let most = all.max_by(|a, b| letters.width(a).total_cmp(&letters.width(b)));
        most.unwrap_or_default().to_owned()
    };
    (0..table.columns.len()).map(longest).collect()
}
