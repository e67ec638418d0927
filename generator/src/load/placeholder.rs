//! `{{ school.name }}` and its like: words that `school.toml` states once.
//!
//! Markdown is parsed with each placeholder masked by a text of the same
//! number of bytes that Markdown reads as one plain word. So a placeholder
//! works in a heading, a table cell or a link's address, what stands in
//! `school.toml` is never taken for Markdown, and places stay exact.

use std::{borrow::Cow, ops::Range};

use memchr::memmem;

use super::{nearest::did_you_mean, settings::Settings};
use crate::{diagnostic::Diagnostic, source::Source};

/// Stands for `{{`: a control character of two bytes that no text holds.
const OPEN: char = '\u{86}';
/// Stands for `}}`.
const CLOSE: char = '\u{87}';
/// Stands for a space within the braces, because a link's address may hold none.
const SPACE: char = '/';

/// The text with every placeholder masked; as long as before.
pub fn mask(text: &str) -> Cow<'_, str> {
    if memmem::find(text.as_bytes(), b"{{").is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, _) in placeholders(text) {
        out.push_str(&text[done..range.start]);
        out.push(OPEN);
        out.extend(text[range.start + 2..range.end - 2].chars().map(|c| if c == ' ' { SPACE } else { c }));
        out.push(CLOSE);
        done = range.end;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Begins words that are laid out apart from those around them (UAX 9, FSI); [`ISOLATE_END`] ends them.
const ISOLATE: char = '\u{2068}';
const ISOLATE_END: char = '\u{2069}';

/// The text with each placeholder isolated, so that a number or a name written from left to right does
/// not change places with the words of a language written from right to left.
pub fn isolated(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (range, _) in placeholders(text) {
        out.push_str(&text[done..range.start]);
        out.push(ISOLATE);
        out.push_str(&text[range.clone()]);
        out.push(ISOLATE_END);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// As [`isolated`], for a text that is masked already.
pub fn isolated_masked(masked: &str) -> String {
    let mut out = String::with_capacity(masked.len() + 16);
    for c in masked.chars() {
        match c {
            OPEN => out.extend([ISOLATE, OPEN]),
            CLOSE => out.extend([CLOSE, ISOLATE_END]),
            c => out.push(c),
        }
    }
    out
}

/// Every placeholder with its place and trimmed name.
fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memmem::find(&text.as_bytes()[at..], b"{{")?;
            let inner = &text[start + 2..];
            let stop = inner.find(['}', '\n', '{']).unwrap_or(inner.len());
            if inner[stop..].starts_with("}}") {
                at = start + 2 + stop + 2;
                return Some((start..at, inner[..stop].trim()));
            }
            at = start + 2;
        }
    })
}

/// A stretch of text: what stands outside of placeholders, or what one stands for.
pub struct Part {
    /// As readers see it.
    pub words: String,
    /// The placeholder's name, where it is known.
    pub name: Option<String>,
}

/// Cuts text at its masked placeholders and puts the school's words in their place. One that is not
/// known stays as written.
pub fn parts(text: &str, settings: &Settings) -> Vec<Part> {
    let mut out = Vec::new();
    let mut put = |words: String, name: Option<String>| {
        if !words.is_empty() {
            out.push(Part { words, name });
        }
    };
    let mut rest = text;
    while let Some(start) = rest.find(OPEN) {
        let inner = &rest[start + OPEN.len_utf8()..];
        let Some(stop) = inner.find(CLOSE) else { break };
        put(rest[..start].to_owned(), None);
        let name = inner[..stop].replace(SPACE, " ");
        match settings.value(name.trim()) {
            Some(value) => put(value.to_owned(), Some(name.trim().to_owned())),
            None => put(format!("{{{{{name}}}}}"), None),
        }
        rest = &inner[stop + CLOSE.len_utf8()..];
    }
    put(rest.to_owned(), None);
    out
}

/// Whether a masked text has a placeholder in it.
pub fn is_in(masked: &str) -> bool {
    masked.contains(OPEN)
}

/// Puts the school's words in place of masked placeholders.
pub fn fill(text: &str, settings: &Settings) -> String {
    parts(text, settings).into_iter().map(|part| part.words).collect()
}

/// As [`fill`], for text that was never masked.
pub fn fill_plain(text: &str, settings: &Settings) -> String {
    fill(&mask(text), settings)
}

/// Puts words in place of placeholders that are still as written: those that the school has none for.
pub fn fill_left(text: &str, words: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, name) in placeholders(text) {
        out.push_str(&text[done..range.start]);
        match words(name) {
            Some(words) => out.push_str(&words),
            None => out.push_str(&text[range.clone()]),
        }
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// The names of all placeholders in a text, in order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    placeholders(text).map(|(_, name)| name)
}

/// A finding for every placeholder that neither `school.toml` nor the page itself (`more`) has words for.
pub fn check(source: &Source, settings: &Settings, more: &[String], problems: &mut Vec<Diagnostic>) {
    if !settings.usable {
        return;
    }
    for (range, name) in placeholders(&source.text) {
        if settings.value(name).is_some() || more.iter().any(|known| known == name) {
            continue;
        }
        let column = super::letter::own_column(name).filter(|_| !more.is_empty());
        let otherwise = match column {
            Some(column) => format!(
                "If lists of families have a column for it, add columns = [\"{column}\"] to the letter’s settings."
            ),
            None => match settings.value_names().find(|known| known.strip_prefix("school.") == Some(name)) {
                Some(whole) => format!("Did you mean “{whole}”?"),
                None => "Add it to school.toml, or write the words themselves.".to_owned(),
            },
        };
        let known = settings.value_names().chain(more.iter().map(String::as_str));
        problems.push(source.error(
            "unknown-placeholder",
            range,
            format!("school.toml has no words for “{name}”."),
            did_you_mean(name, known, otherwise),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_text_is_as_long_and_unmasks_to_itself() {
        let text = "Ring {{ school.phone }} or {{x}}, not {{ this\n}} or {{a{b}}.";
        let masked = mask(text);
        assert_eq!(masked.len(), text.len());
        assert_eq!(fill(&masked, &Settings::default()), text);
    }
}
