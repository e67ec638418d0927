//! Shows a [`Report`] to people and to programs.

use std::fmt::Write as _;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Report, Severity};

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people, with colour when `true`.
    Text {
        /// Whether the reader is a terminal that shows colours.
        colour: bool,
    },
    /// For programs: one JSON object.
    Json,
    /// For people, without colour.
    #[default]
    Plain,
}

/// The whole report as text. Empty findings give an empty string.
pub fn as_text(report: &Report, colour: bool) -> String {
    let mut out = String::new();
    for diagnostic in report.diagnostics() {
        one(&mut out, diagnostic, colour);
        out.push('\n');
    }
    out
}

/// “2 errors and 1 warning”, in words.
pub fn tally(report: &Report) -> String {
    let some = |n: usize, word: &str| match n {
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    };
    match (report.errors(), report.warnings()) {
        (0, 0) => "nothing to mend".to_owned(),
        (e, 0) => some(e, "error"),
        (0, w) => some(w, "warning"),
        (e, w) => format!("{} and {}", some(e, "error"), some(w, "warning")),
    }
}

fn one(out: &mut String, diagnostic: &Diagnostic, colour: bool) {
    let paint = |code: &str, text: &str| {
        if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let (label, tone) = match diagnostic.severity {
        Severity::Error => ("Error", "1;31"),
        Severity::Warning => ("Warning", "1;33"),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{} {}", paint(tone, &format!("{label}:")), paint("1", &clean(&diagnostic.what)));
    let (file, rule) = (clean(&diagnostic.file), paint("2", &format!("· {}", diagnostic.code)));
    match &diagnostic.spot {
        None => {
            let _ = writeln!(out, "  in {file} {rule}");
        }
        Some(spot) => {
            let _ = writeln!(out, "  in {file}, line {}, column {} {rule}", spot.line, spot.column);
            let number = spot.line.to_string();
            let rim = " ".repeat(number.len());
            let (text, before) = window(&clean(&spot.text), spot.column - 1, spot.length);
            let length = spot.length.min(text.chars().count().saturating_sub(before)).max(1);
            let caret = format!("{}{}", " ".repeat(before), "^".repeat(length));
            let _ = writeln!(out, "   {number} │ {text}");
            let _ = writeln!(out, "   {rim} │ {}", paint(tone, &caret));
        }
    }
    let _ = writeln!(out, "  {} {}", paint("36", "To mend it:"), clean(&diagnostic.mend));
}

/// Cuts a long line to about a hundred characters around the place meant;
/// gives the text and the number of characters before the place in it.
fn window(line: &str, before: usize, length: usize) -> (String, usize) {
    const WIDE: usize = 100;
    let letters: Vec<char> = line.chars().collect();
    if letters.len() <= WIDE {
        return (line.to_owned(), before);
    }
    let from = before.saturating_sub(WIDE.saturating_sub(length.min(60)) / 2).min(letters.len() - 1);
    let to = (from + WIDE).min(letters.len());
    let (head, tail) = (if from > 0 { "… " } else { "" }, if to < letters.len() { " …" } else { "" });
    let middle: String = letters[from..to].iter().collect();
    (format!("{head}{middle}{tail}"), before - from + head.chars().count())
}

/// File names and content may hold control characters, and signs that turn the direction of writing round;
/// a terminal would obey them.
fn clean(text: &str) -> String {
    text.replace(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c), " ")
}

#[derive(Serialize)]
struct JsonReport<'a> {
    errors: usize,
    warnings: usize,
    problems: &'a [Diagnostic],
}

/// The whole report as one JSON object: `errors`, `warnings`, `problems`.
pub fn as_json(report: &Report) -> String {
    let whole =
        JsonReport { errors: report.errors(), warnings: report.warnings(), problems: report.diagnostics() };
    // Strings and numbers always serialise.
    serde_json::to_string_pretty(&whole).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn the_caret_stands_under_the_words_meant_even_in_a_long_line() {
        let line = format!("{}HERE{}", "a ".repeat(200), " b".repeat(200));
        let source = Source::new("x.md", line);
        let shown = as_text(&Report::new(vec![source.error("x", 400..404, "w", "m")]), false);
        let rows: Vec<&str> = shown.lines().collect();
        let place = |row: &str, c: char| row.chars().position(|x| x == c);
        assert_eq!(place(rows[2], 'H'), place(rows[3], '^'), "{shown}");
    }

    #[test]
    fn a_file_name_cannot_give_orders_to_the_terminal() {
        let bad = Diagnostic::file_error("x", "a\u{1b}[31m.md", "w", "m");
        assert!(!as_text(&Report::new(vec![bad]), false).contains('\u{1b}'));
    }
}
