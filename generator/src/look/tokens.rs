//! The colours of a theme, as its style sheet states them.

use std::collections::BTreeMap;

use super::colour::Colour;

/// Colours by the names of their tokens, without the hyphens before them.
pub type Colours = BTreeMap<String, Colour>;

/// The sets that a theme has: what a reader's device asks for decides which one is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sets {
    /// By day.
    pub light: Colours,
    /// By night.
    pub dark: Colours,
    /// By day, for who asks for more contrast.
    pub light_more: Colours,
    /// By night, for who asks for more contrast.
    pub dark_more: Colours,
}

/// Reads `tokens.css`: rules for `:root`, alone or within `@media`.
pub fn read(css: &str) -> Sets {
    let css = without_notes(css);
    let mut parts: Vec<(String, BTreeMap<String, String>)> = Vec::new();
    let mut media = String::new();
    let mut rest = css.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let head = rest[..at].trim();
        let opens = rest[at..].starts_with('{');
        rest = &rest[at + 1..];
        if opens && head.starts_with("@media") {
            media = head.to_owned();
        } else if opens {
            let end = rest.find('}').unwrap_or(rest.len());
            if head == ":root" {
                parts.push((media.clone(), declared(&rest[..end])));
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        } else {
            media.clear();
        }
    }
    let set = |dark: bool, more: bool| {
        let mut all = BTreeMap::new();
        for (media, values) in &parts {
            let wants_dark = media.contains("prefers-color-scheme: dark");
            let wants_light = media.contains("prefers-color-scheme: light");
            let wants_more = media.contains("prefers-contrast: more");
            let other = media.contains("print") || media.contains("forced-colors");
            if !other && (!wants_dark || dark) && (!wants_light || !dark) && (!wants_more || more) {
                all.extend(values.clone());
            }
        }
        resolved(&all)
    };
    Sets {
        light: set(false, false),
        dark: set(true, false),
        light_more: set(false, true),
        dark_more: set(true, true),
    }
}

fn without_notes(css: &str) -> String {
    let mut parts = css.split("/*");
    let mut out = parts.next().unwrap_or_default().to_owned();
    out.extend(parts.filter_map(|part| part.split_once("*/")).map(|(_, rest)| rest));
    out
}

fn declared(block: &str) -> BTreeMap<String, String> {
    let one = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().strip_prefix("--")?.to_owned(), value.trim().to_owned()))
    };
    block.split(';').filter_map(one).collect()
}

fn resolved(values: &BTreeMap<String, String>) -> Colours {
    let colour = |name: &str| {
        let mut value = values.get(name)?;
        // A token may stand for another; a ring of them stands for nothing.
        for _ in 0..8 {
            match value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
                Some(other) => value = values.get(other)?,
                None => break,
            }
        }
        value.parse().ok()
    };
    values.keys().filter_map(|name| Some((name.clone(), colour(name)?))).collect()
}
