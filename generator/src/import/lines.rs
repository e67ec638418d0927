//! Text to numbered lines, cleaned of characters that nobody sees.

/// One line of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1, as an editor counts.
    pub(super) no: usize,
    /// How far the first character stands from the margin; a tab counts as four.
    pub(super) indent: usize,
    /// The line without the spaces around it. Inside, tabs and runs of spaces are kept: they may be
    /// columns.
    pub(super) text: String,
    /// Whether the line ended in a tab: an empty last cell.
    pub(super) tab_end: bool,
    /// Whether a new page begins with this line (a form feed stood before it).
    pub(super) page_begins: bool,
    /// Left out, and listed as such, or moved into the front matter.
    pub(super) gone: bool,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// A further line at the same place, for when one line of the source turns out to be several.
    pub(super) fn with_text(&self, text: &str) -> Self {
        Self { text: text.trim().to_owned(), tab_end: false, page_begins: false, ..self.clone() }
    }
}

/// Splits a text at every kind of line end, a form feed and a word processor's own line break included.
pub(super) fn split(source: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut no = 1;
    let mut raw = String::new();
    let mut page_begins = false;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' | '\n' => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                lines.push(line(no, &raw, page_begins));
                raw.clear();
                page_begins = false;
                no += 1;
            }
            '\u{c}' => {
                if !raw.trim().is_empty() {
                    lines.push(line(no, &raw, page_begins));
                }
                raw.clear();
                page_begins = true;
            }
            '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                lines.push(line(no, &raw, page_begins));
                raw.clear();
                page_begins = false;
            }
            _ => push_seen(&mut raw, c),
        }
    }
    if !raw.trim().is_empty() || page_begins {
        lines.push(line(no, &raw, page_begins));
    }
    lines
}

/// Adds a character as a reader sees it: ligatures as their letters, odd spaces as spaces.
pub(super) fn push_seen(raw: &mut String, c: char) {
    match c {
        '\t' => raw.push('\t'),
        'ﬀ' => raw.push_str("ff"),
        'ﬁ' => raw.push_str("fi"),
        'ﬂ' => raw.push_str("fl"),
        'ﬃ' => raw.push_str("ffi"),
        'ﬄ' => raw.push_str("ffl"),
        'ﬅ' | 'ﬆ' => raw.push_str("st"),
        // Marks without width: they break words and searches, and nobody sees them.
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{202a}'..='\u{202e}' => {}
        c if c.is_whitespace() => raw.push(' '),
        c if c.is_control() => {}
        c => raw.push(c),
    }
}

fn line(no: usize, raw: &str, page_begins: bool) -> Line {
    let mut indent = 0;
    for c in raw.chars() {
        match c {
            '\t' => indent += 4,
            ' ' => indent += 1,
            _ => break,
        }
    }
    let text = raw.trim();
    // A soft hyphen shows only at the end of a line; elsewhere it is a mark that nobody sees.
    let ends_soft = text.ends_with('\u{ad}');
    let mut text = text.replace('\u{ad}', "");
    if ends_soft && !text.is_empty() {
        text.push('\u{ad}');
    }
    Line {
        no,
        indent,
        tab_end: !text.is_empty() && raw.trim_end_matches(' ').ends_with('\t'),
        text,
        page_begins,
        gone: false,
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let lines = split("one\r\ntwo\n\n  four\t\n");
        let seen: Vec<_> = lines.iter().map(|line| (line.no, line.text.as_str())).collect();
        assert_eq!(seen, [(1, "one"), (2, "two"), (3, ""), (4, "four")]);
        assert_eq!(lines[3].indent, 2);
        assert!(lines[3].tab_end);
    }

    #[test]
    fn a_form_feed_begins_a_page_and_ligatures_become_letters() {
        let lines = split("end\u{c}\u{fb01}rst line");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[1].no, lines[1].text.as_str(), lines[1].page_begins), (1, "first line", true));
    }
}
