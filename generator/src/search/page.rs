//! Reads a finished page as somebody who searches would: its title, its headings, its words.

use std::collections::HashMap;

use super::words;

/// Where on a page a word stands, and how often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) in_title: bool,
    pub(super) in_heading: bool,
    pub(super) times: u32,
}

/// A heading that a result can lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// The name of its place; empty where there is none.
    pub(super) anchor: String,
    pub(super) words: String,
}

/// A page as far as searching goes.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// The file's path, without `index.html` at its end.
    pub(super) address: String,
    /// The language, without a region: `en`.
    pub(super) language: String,
    pub(super) title: String,
    /// What it says about itself, or how it begins.
    pub(super) summary: String,
    pub(super) sections: Vec<Section>,
    pub(super) words: HashMap<String, Tally>,
    /// How many words it has, repeated ones too.
    pub(super) length: u32,
}

/// How much of a page's beginning stands for a summary that it lacks, in bytes.
const BEGINNING: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Title,
    Heading,
    Summary,
    Body,
}

impl Page {
    /// Reads the part of a page within `<main>`. Navigation in it, drawings and scripts hold no words.
    pub(super) fn read(path: &str, html: &str) -> Option<Self> {
        let (head, rest) = html.split_once("<main")?;
        let main = rest.split_once("</main>").map_or(rest, |(main, _)| main);
        let language = attribute(head.split_once("<html").map_or("", |(_, html)| html), "lang");
        let language = language.split('-').next().unwrap_or_default().to_lowercase();
        let mut reading = Reading {
            page: Self {
                address: path.strip_suffix("index.html").unwrap_or(path).to_owned(),
                language,
                ..Self::default()
            },
            text: String::new(),
            part: Part::Body,
            anchor: String::new(),
        };
        reading.read(main.split_once('>').map_or("", |(_, inside)| inside));
        Some(reading.page)
    }
}

struct Reading {
    page: Page,
    text: String,
    part: Part,
    /// The newest name of a place that no heading has taken.
    anchor: String,
}

impl Reading {
    fn read(&mut self, mut rest: &str) {
        while let Some(at) = rest.find('<') {
            decode(&rest[..at], &mut self.text);
            rest = &rest[at + 1..];
            let Some(end) = rest.find('>') else { return };
            let tag = &rest[..end];
            rest = &rest[end + 1..];
            let name_end = tag.find(|c: char| c.is_ascii_whitespace() || c == '/' && tag.len() > 1);
            let name = match tag.strip_prefix('/') {
                Some(name) => name,
                None => &tag[..name_end.unwrap_or(tag.len())],
            };
            match name {
                // Within a line: a word may go on.
                "a" | "b" | "i" | "em" | "strong" | "span" | "small" | "code" | "del" | "bdi" | "mark"
                | "time" | "wbr" | "ins" | "u" => {}
                "script" | "style" | "svg" | "nav" | "template" | "noscript" if !tag.starts_with('/') => {
                    self.flush();
                    rest = rest.split_once(&format!("</{name}>")).map_or("", |(_, after)| after);
                }
                "img" => {
                    self.text.push(' ');
                    let alt = attribute(tag, "alt");
                    decode(alt, &mut self.text);
                    self.text.push(' ');
                }
                "sup" | "sub" | "br" => self.text.push(' '),
                _ => self.block(name, tag),
            }
        }
        decode(rest, &mut self.text);
        self.flush();
    }

    fn block(&mut self, name: &str, tag: &str) {
        self.flush();
        if tag.starts_with('/') {
            self.part = Part::Body;
            return;
        }
        let id = attribute(tag, "id");
        if !id.is_empty() {
            self.anchor.clear();
            decode(id, &mut self.anchor);
        }
        self.part = match name {
            "h1" => Part::Title,
            "h2" | "h3" | "h4" | "h5" | "h6" => Part::Heading,
            "p" if attribute(tag, "class") == "summary" => Part::Summary,
            _ => Part::Body,
        };
    }

    /// Takes the text of one paragraph, cell or heading.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let shown = || text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.trim().is_empty() {
            self.text = text;
            self.text.clear();
            return;
        }
        let page = &mut self.page;
        match self.part {
            Part::Title => page.title.push_str(&shown()),
            Part::Heading => {
                page.sections.push(Section { anchor: std::mem::take(&mut self.anchor), words: shown() });
            }
            Part::Summary => page.summary = shown(),
            // What stands before the title is a label of the page's kind.
            Part::Body if page.summary.is_empty() && !page.title.is_empty() && text.len() > 60 => {
                page.summary = beginning(&shown());
            }
            Part::Body => {}
        }
        let part = self.part;
        words::each(&text, |word| {
            page.length += 1;
            let tally = match page.words.get_mut(word) {
                Some(tally) => tally,
                None => page.words.entry(word.to_owned()).or_default(),
            };
            tally.times += 1;
            tally.in_title |= part == Part::Title;
            tally.in_heading |= part == Part::Heading;
        });
        self.text = text;
        self.text.clear();
    }
}

fn beginning(text: &str) -> String {
    if text.len() <= BEGINNING {
        return text.to_owned();
    }
    let mut end = BEGINNING;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', ';', ':', ' ']))
}

/// An attribute's value as it is written; empty where there is none.
fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let mut rest = tag.split('>').next().unwrap_or_default();
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        if before.is_some_and(|c| c.is_ascii_whitespace())
            && let Some(value) = after.strip_prefix("=\"")
        {
            return value.split('"').next().unwrap_or_default();
        }
        rest = after;
    }
    ""
}

/// Adds text with `&amp;` and its like turned into what they stand for.
fn decode(mut text: &str, out: &mut String) {
    while let Some(at) = text.find('&') {
        out.push_str(&text[..at]);
        text = &text[at..];
        let end = text.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        let letter = end.and_then(|end| entity(&text[1..end]));
        match (letter, end) {
            (Some(letter), Some(end)) => {
                out.push(letter);
                text = &text[end + 1..];
            }
            _ => {
                out.push('&');
                text = &text[1..];
            }
        }
    }
    out.push_str(text);
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(value)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn read(main: &str) -> Page {
        let html = format!("<html lang=\"en-GB\"><body>outside<main id=\"x\">{main}</main>after");
        Page::read("policies/a/index.html", &html).unwrap()
    }

    #[test]
    fn a_page_gives_its_title_summary_and_headings() {
        let page = read(
            "<p>Kind</p><h1>Phones &amp; tablets</h1><p class=\"summary\">Left at the <em>gate</em>.</p>\
             <section id=\"who\"><h2>Who to tell</h2><h3 id=\"own\">Mr O&#x27;Hara</h3></section>",
        );
        assert_eq!((page.address.as_str(), page.language.as_str()), ("policies/a/", "en"));
        assert_eq!(page.title, "Phones & tablets");
        assert_eq!(page.summary, "Left at the gate.");
        let sections: Vec<_> = page.sections.iter().map(|s| (s.anchor.as_str(), s.words.as_str())).collect();
        assert_eq!(sections, [("who", "Who to tell"), ("own", "Mr O'Hara")]);
    }

    #[test]
    fn a_word_that_is_partly_bold_is_one_word_and_two_cells_are_two() {
        let page = read("<p>un<strong>safe</strong> note<sup>1</sup></p><td>left</td><td>right</td>");
        for word in ["unsafe", "note", "1", "left", "right"] {
            assert_eq!(page.words.get(word).map(|tally| tally.times), Some(1), "{word}");
        }
    }

    #[test]
    fn what_a_picture_shows_is_found_and_menus_are_not() {
        let page =
            read("<nav>menu</nav><img src=\"a.jpg\" alt=\"Our pond\"><svg><text>drawn</text></svg>tail");
        assert!(page.words.contains_key("pond") && page.words.contains_key("tail"));
        assert!(!page.words.contains_key("menu") && !page.words.contains_key("drawn"));
        assert!(!page.words.contains_key("outside") && !page.words.contains_key("after"));
    }

    #[test]
    fn a_page_without_a_summary_shows_how_it_begins() {
        let page = read(&format!("<h1>T</h1><p>{}</p>", "word ".repeat(100)));
        assert!(page.summary.starts_with("word word") && page.summary.ends_with("word…"));
        assert!(page.summary.len() <= BEGINNING + 3);
    }
}
