//! Columns, where they can be told: by tabs, by bars, or by standing under each other.

use super::lines::Line;
use super::words;

/// A table found at the beginning of some lines, and how many of them it takes.
pub(super) struct Found {
    pub(super) rows: Vec<Vec<String>>,
    pub(super) lines: usize,
    /// Whether the cells were told by where they stand, which is less certain than tabs and bars.
    pub(super) by_position: bool,
}

/// Whether a line has cells told by tabs: between words, or an empty last one.
pub(super) fn has_tab_cells(line: &Line) -> bool {
    line.tab_end || line.text.contains('\t')
}

/// The cells of a line with tabs. Several tabs in a row are one gap: they only moved the words.
pub(super) fn tab_cells(line: &Line) -> Vec<String> {
    let mut cells: Vec<String> =
        line.text.split('\t').map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect();
    if line.tab_end {
        cells.push(String::new());
    }
    cells
}

/// A table drawn with bars, as in Markdown.
pub(super) fn with_bars(lines: &[Line]) -> Option<Found> {
    let is_row = |line: &&Line| line.text.len() > 2 && line.text.starts_with('|') && line.text.ends_with('|');
    let taken: Vec<&Line> = lines.iter().take_while(is_row).collect();
    if taken.len() < 2 {
        return None;
    }
    let rows = taken
        .iter()
        .filter(|line| words::has_letter_or_digit(&line.text))
        .map(|line| line.text.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect::<Vec<Vec<String>>>();
    (!rows.is_empty()).then_some(Found { rows, lines: taken.len(), by_position: false })
}

/// A piece of a line between wide gaps, and the place where it begins.
struct Piece {
    start: usize,
    end: usize,
    text: String,
}

/// A table whose cells stand under each other. The first row tells where the columns begin.
pub(super) fn by_position(lines: &[Line]) -> Option<Found> {
    let head = lines.first()?;
    if !head.text.contains("  ") || head.text.contains('\t') {
        return None;
    }
    let starts: Vec<usize> = pieces(head).iter().map(|piece| piece.start).collect();
    if starts.len() < 2 {
        return None;
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut full_rows = 0;
    let mut taken = 0;
    for line in lines.iter().take_while(|line| !line.is_blank() && !has_tab_cells(line)) {
        let Some(cells) = place(pieces(line), &starts) else { break };
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let row_above = rows.last_mut();
        match row_above {
            // A cell's text went on below, beside an empty first column.
            Some(above) if cells[0].is_empty() && taken > 1 => {
                for (cell, more) in above.iter_mut().zip(cells).filter(|(_, more)| !more.is_empty()) {
                    if !cell.is_empty() {
                        cell.push(' ');
                    }
                    cell.push_str(&more);
                }
            }
            // The words of the first column went on below.
            Some(above) if filled == 1 && taken > 1 && words::begins_in_lower_case(&cells[0]) => {
                above[0].push(' ');
                above[0].push_str(&cells[0]);
            }
            // A line in the first column alone: a table does not go on so for long.
            Some(_) if filled < 2 => break,
            _ => {
                full_rows += usize::from(filled >= 2);
                rows.push(cells);
            }
        }
        taken += 1;
    }
    (full_rows >= 2).then_some(Found { rows, lines: taken, by_position: true })
}

fn pieces(line: &Line) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut gap = 2;
    for (offset, c) in line.text.chars().enumerate() {
        let place = line.indent + offset;
        if c == ' ' {
            gap += 1;
            continue;
        }
        match pieces.last_mut() {
            Some(piece) if gap < 2 => {
                if gap == 1 {
                    piece.text.push(' ');
                }
                piece.text.push(c);
                piece.end = place;
            }
            _ => pieces.push(Piece { start: place, end: place, text: c.to_string() }),
        }
        gap = 0;
    }
    pieces
}

/// Puts each piece into the column that it stands in, or gives up if one lies across a border.
fn place(pieces: Vec<Piece>, starts: &[usize]) -> Option<Vec<String>> {
    let mut cells = vec![String::new(); starts.len()];
    for piece in pieces {
        let column = starts.iter().rposition(|&start| piece.start + 1 >= start)?;
        let border = starts.get(column + 1).copied().unwrap_or(usize::MAX);
        let early_enough = column == 0 || piece.start <= starts[column] + 12;
        if piece.end + 1 >= border || !cells[column].is_empty() || !early_enough {
            return None;
        }
        cells[column] = piece.text;
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::lines::split;
    use super::by_position;

    #[test]
    fn columns_that_stand_under_each_other_are_a_table() {
        let lines = split(
            "Who          What they do\nOffice       Keeps the list of\n             hats\nClass staff  Count them",
        );
        let found = by_position(&lines).unwrap();
        assert_eq!(found.rows[0], ["Who", "What they do"]);
        assert_eq!(found.rows[1], ["Office", "Keeps the list of hats"]);
        assert_eq!(found.rows[2], ["Class staff", "Count them"]);
    }

    #[test]
    fn two_spaces_after_a_full_stop_are_no_columns() {
        let lines = split("Wear a hat.  It is cold today\nand it will be colder.  Take gloves too.");
        assert!(by_position(&lines).is_none());
    }
}
