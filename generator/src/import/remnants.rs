//! What a converter or a web page left in the text: tags, and lines that ran together.

use super::Notes;
use super::lines::Line;

/// Tags that converters leave behind. Anything else between `<` and `>` is text.
const TAGS: [&str; 36] = [
    "a",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Tags after which something new begins.
const BREAKING: [&str; 11] = ["br", "li", "ol", "ul", "p", "div", "tr", "hr", "h1", "h2", "h3"];

/// Bullets that nobody uses inside a sentence, so that one inside a line begins an item.
const INNER_BULLETS: [char; 4] = ['•', '●', '▪', '◦'];

/// A tag found in a line: where it begins and ends (bytes), and its name.
struct Tag<'a> {
    start: usize,
    end: usize,
    name: &'a str,
}

/// Takes out left-over tags and cuts lines where several ran together.
pub(super) fn undo(lines: Vec<Line>, notes: &mut Notes) -> Vec<Line> {
    let mut undone = Vec::with_capacity(lines.len());
    for line in lines {
        let pieces = pieces(&line, notes);
        match pieces {
            None => undone.push(line),
            Some(pieces) => {
                let from = undone.len();
                let filled = pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty());
                undone.extend(filled.map(|piece| line.with_text(piece)));
                if undone.len() > from {
                    undone[from].page_begins = line.page_begins;
                }
                if let Some(last) = undone[from..].last_mut() {
                    last.tab_end = line.tab_end;
                }
            }
        }
    }
    undone
}

/// The lines that one line really is, or nothing if it is one.
fn pieces(line: &Line, notes: &mut Notes) -> Option<Vec<String>> {
    let text = &line.text;
    let tags = if text.contains('<') { tags(text) } else { Vec::new() };
    let mut whole = String::with_capacity(text.len());
    let mut at = 0;
    for tag in &tags {
        whole.push_str(&text[at..tag.start]);
        notes.drop(line.no, &text[tag.start..tag.end], "a left-over of web markup, not words");
        if BREAKING.contains(&tag.name) {
            whole.push('\n');
        }
        at = tag.end;
    }
    whole.push_str(&text[at..]);
    let cut = cut_glued_bold(&cut_inner_bullets(&whole));
    if cut != whole && cut.contains("**") && cut_inner_bullets(&whole) == whole {
        notes.doubt(
            line.no,
            "words ran together in the source and were taken apart here",
            "see that each part stands where it should",
        );
    }
    if tags.is_empty() && cut == *text {
        return None;
    }
    Some(cut.split('\n').map(str::to_owned).collect())
}

fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|place| at + place) {
        let inner_start = start + 1;
        let Some(end) = text[inner_start..].find(['<', '>']).map(|place| inner_start + place) else { break };
        at = end;
        if !text[end..].starts_with('>') {
            continue;
        }
        at = end + 1;
        let inner = text[inner_start..end].trim_start_matches('/');
        let name = inner.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if let Some(name) = TAGS.iter().find(|known| name.eq_ignore_ascii_case(known)) {
            found.push(Tag { start, end: end + 1, name });
        }
    }
    found
}

/// Cuts before each bullet inside a line: "bring: • a coat • a hat". One bullet between two names may
/// be an ornament, so one alone cuts only after a colon.
fn cut_inner_bullets(text: &str) -> String {
    let mut bullets = text.char_indices().skip(1).filter(|(_, c)| INNER_BULLETS.contains(c)).peekable();
    let Some(&(first, _)) = bullets.peek() else { return text.to_owned() };
    let begins = text.starts_with(INNER_BULLETS);
    let before = text[..first].trim_end();
    if bullets.count() < 2 && !before.ends_with(':') && !begins {
        return text.to_owned();
    }
    let mut cut = String::with_capacity(text.len() + 8);
    for (place, c) in text.char_indices() {
        if place > 0 && INNER_BULLETS.contains(&c) {
            cut.push('\n');
        }
        cut.push(c);
    }
    cut
}

/// Cuts where bold words touch other words with no space between: "Signed:**Date:****Next heading**".
/// Only a lost line end or tab makes such text.
fn cut_glued_bold(text: &str) -> String {
    if text.contains("****")
        && text.matches("**").count().is_multiple_of(2)
        && text.matches("****").count() < 8
    {
        text.replace("****", "**\n**").replace(":**", ":\u{0}**").split('\u{0}').fold(
            String::new(),
            |mut cut, piece| {
                // Only an opening mark begins a new line; after an odd number of marks it is a closing one.
                if !cut.is_empty() && cut.matches("**").count() % 2 == 0 {
                    cut.push('\n');
                }
                cut.push_str(piece);
                cut
            },
        )
    } else if let Some((before, after)) = text.split_once(":**")
        && before.matches("**").count() % 2 == 0
        && after.starts_with(char::is_alphanumeric)
        && after.contains("**")
    {
        format!("{before}:\n**{after}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Notes, undo};
    use crate::import::lines::split;

    fn undone(text: &str) -> Vec<String> {
        undo(split(text), &mut Notes::default()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn bullets_inside_a_line_become_lines() {
        assert_eq!(undone("Bring: <ul class=\"x y\">• a coat• a hat"), ["Bring:", "• a coat", "• a hat"]);
        assert_eq!(undone("Ash Lane • Elm Town"), ["Ash Lane • Elm Town"]);
    }

    #[test]
    fn bold_words_that_ran_together_are_taken_apart() {
        assert_eq!(undone("Signed:**Date:****Next part**"), ["Signed:", "**Date:**", "**Next part**"]);
        assert_eq!(undone("Print name:**Date:**"), ["Print name:", "**Date:**"]);
        assert_eq!(undone("**Note:** wear a hat"), ["**Note:** wear a hat"]);
    }

    #[test]
    fn only_known_tags_are_taken_for_tags() {
        assert_eq!(undone("if a < b and <u>c</u> > d"), ["if a < b and c > d"]);
        assert_eq!(undone("<https://larkfield.example>"), ["<https://larkfield.example>"]);
    }
}
