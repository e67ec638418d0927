//! Where the sentences of a passage stand.

use std::ops::Range;

/// The sentences of a passage; a colon and a semicolon end one too, as Flesch counts them.
pub(in crate::check) fn sentences(text: &str) -> Vec<Range<usize>> {
    const SHORT: [&str; 12] = ["mr", "mrs", "ms", "dr", "st", "e.g", "i.e", "etc", "eg", "ie", "no", "vs"];
    let mut out = Vec::new();
    let mut from = 0;
    let bytes = text.as_bytes();
    for (at, end) in bytes.iter().enumerate() {
        if !matches!(end, b'.' | b'!' | b'?' | b';' | b':') {
            continue;
        }
        let after = at + 1;
        let rest = &text[after..];
        let ends = rest.is_empty() || rest.starts_with([' ', '”', '’', ')', '"', '\n']);
        if !ends {
            continue;
        }
        let last = text[from..at].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let short = *end == b'.' && SHORT.iter().any(|short| last.eq_ignore_ascii_case(short));
        if !short {
            out.push(trimmed(text, from..after));
            from = after;
        }
    }
    out.push(trimmed(text, from..text.len()));
    out.retain(|range| !range.is_empty());
    out
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..(range.start + part.trim_end().len()).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_before_a_name_ends_no_sentence() {
        let text = "Ask Mr. Lee, e.g. at noon. Then go! Is it 3.15?";
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["Ask Mr. Lee, e.g. at noon.", "Then go!", "Is it 3.15?"]);
    }
}
