//! Reads a finished page as somebody who searches would: its title, its headings, its words.

use memchr::memmem;

use super::{
    tallies::{Tallies, Tally},
    words,
};

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
    pub(super) title: String,
    /// What it says about itself, or how it begins.
    pub(super) summary: String,
    pub(super) sections: Vec<Section>,
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
    /// The language of a page that has a `<main>`, without a region.
    pub(super) fn language(html: &str) -> Option<String> {
        memmem::find(html.as_bytes(), b"<main")?;
        let language = attribute(html.split_once("<html").map_or("", |(_, html)| html), "lang");
        Some(language.split('-').next().unwrap_or_default().to_lowercase())
    }

    /// Reads the part of a page within `<main>`, and puts its words among the others of its language.
    /// Navigation in it, drawings and scripts hold no words.
    pub(super) fn read(path: &str, html: &str, tallies: &mut Tallies) -> Self {
        let main = memmem::find(html.as_bytes(), b"<main").map_or("", |start| &html[start..]);
        let main = memmem::find(main.as_bytes(), b"</main>").map_or(main, |end| &main[..end]);
        let mut reading = Reading {
            page: Self {
                address: path.strip_suffix("index.html").unwrap_or(path).to_owned(),
                ..Self::default()
            },
            tallies,
            text: String::new(),
            part: Part::Body,
            anchor: String::new(),
        };
        reading.read(main.split_once('>').map_or("", |(_, inside)| inside));
        reading.tallies.end_page();
        reading.page
    }
}

struct Reading<'t> {
    page: Page,
    tallies: &'t mut Tallies,
    text: String,
    part: Part,
    /// The newest name of a place that no heading has taken.
    anchor: String,
}

impl Reading<'_> {
    fn read(&mut self, mut rest: &str) {
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            decode(&rest[..at], &mut self.text);
            rest = &rest[at + 1..];
            let Some(end) = rest.bytes().position(|byte| byte == b'>') else { return };
            let tag = &rest[..end];
            rest = &rest[end + 1..];
            let name_end = tag.bytes().position(|byte| byte.is_ascii_whitespace() || byte == b'/');
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
        if self.text.trim_start().is_empty() {
            self.text.clear();
            return;
        }
        let text = std::mem::take(&mut self.text);
        let shown = || text.split_whitespace().collect::<Vec<_>>().join(" ");
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
        let once =
            Tally { in_title: self.part == Part::Title, in_heading: self.part == Part::Heading, times: 1 };
        let tallies = &mut *self.tallies;
        words::each(&text, |word| {
            page.length += 1;
            tallies.add(word, once);
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
    if !tag.bytes().any(|byte| byte == b'"') {
        return "";
    }
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
    while let Some(at) = memchr::memchr(b'&', text.as_bytes()) {
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

    fn read(main: &str) -> (Page, Tallies) {
        let html = format!("<html lang=\"en-GB\"><body>outside<main id=\"x\">{main}</main>after");
        assert_eq!(Page::language(&html).unwrap(), "en");
        let mut tallies = Tallies::default();
        (Page::read("policies/a/index.html", &html, &mut tallies), tallies)
    }

    #[test]
    fn a_page_gives_its_title_summary_and_headings() {
        let (page, _) = read(
            "<p>Kind</p><h1>Phones &amp; tablets</h1><p class=\"summary\">Left at the <em>gate</em>.</p>\
             <section id=\"who\"><h2>Who to tell</h2><h3 id=\"own\">Mr O&#x27;Hara</h3></section>",
        );
        assert_eq!(page.address, "policies/a/");
        assert_eq!(page.title, "Phones & tablets");
        assert_eq!(page.summary, "Left at the gate.");
        let sections: Vec<_> = page.sections.iter().map(|s| (s.anchor.as_str(), s.words.as_str())).collect();
        assert_eq!(sections, [("who", "Who to tell"), ("own", "Mr O'Hara")]);
    }

    #[test]
    fn a_word_that_is_partly_bold_is_one_word_and_two_cells_are_two() {
        let (_, words) = read("<p>un<strong>safe</strong> note<sup>1</sup></p><td>left</td><td>right</td>");
        for word in ["unsafe", "note", "1", "left", "right"] {
            assert_eq!(words.of_first_page(word).map(|tally| tally.times), Some(1), "{word}");
        }
    }

    #[test]
    fn what_a_picture_shows_is_found_and_menus_are_not() {
        let (_, words) =
            read("<nav>menu</nav><img src=\"a.jpg\" alt=\"Our pond\"><svg><text>drawn</text></svg>tail");
        let has = |word| words.of_first_page(word).is_some();
        assert!(has("pond") && has("tail"));
        assert!(!has("menu") && !has("drawn"));
        assert!(!has("outside") && !has("after"));
    }

    #[test]
    fn a_page_without_a_summary_shows_how_it_begins() {
        let (page, _) = read(&format!("<h1>T</h1><p>{}</p>", "word ".repeat(100)));
        assert!(page.summary.starts_with("word word") && page.summary.ends_with("word…"));
        assert!(page.summary.len() <= BEGINNING + 3);
    }
}
