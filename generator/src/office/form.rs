//! A page's settings as a form: single values of the front matter are changed, all the rest of it, its
//! order and its notes stay as they are.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, Value};

/// The settings that the form has, in its order.
pub const FIELDS: [&str; 9] =
    ["title", "summary", "owner", "approved", "approved_by", "review_due", "version", "visibility", "draft"];
/// What a policy states; a page that was brought in and states all of it is a page like any other.
const NEEDED: [&str; 6] = ["summary", "owner", "approved", "approved_by", "review_due", "version"];
const DAYS: [&str; 2] = ["approved", "review_due"];

/// A page's text in its two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The TOML between the lines of `+++`.
    pub front: String,
    /// What follows them.
    pub body: String,
}

/// Takes a text apart; none where it has no settings that can be understood.
pub fn split(text: &str) -> Option<Parts> {
    let rest = text.strip_prefix("+++\n")?;
    let (front, body) = match rest.strip_prefix("+++\n") {
        Some(body) => ("", body),
        None => {
            let end = rest.find("\n+++\n")?;
            (&rest[..=end], &rest[end + 5..])
        }
    };
    front.parse::<DocumentMut>().ok()?;
    Some(Parts { front: front.to_owned(), body: body.to_owned() })
}

/// Puts the parts together again.
pub fn join(parts: &Parts) -> String {
    format!("+++\n{}+++\n{}", parts.front, parts.body)
}

/// How many lines of a text stand before its body.
pub fn lines_before(parts: &Parts) -> usize {
    parts.front.lines().count() + 2
}

/// What the settings say, as the form shows it.
pub fn values(front: &str) -> BTreeMap<&'static str, String> {
    let Ok(document) = front.parse::<DocumentMut>() else { return BTreeMap::new() };
    let shown = |key: &'static str| Some((key, shown(document.get(key)?)?));
    FIELDS.into_iter().filter_map(shown).collect()
}

fn shown(item: &Item) -> Option<String> {
    match item.as_value()? {
        Value::String(text) => Some(text.value().clone()),
        Value::Boolean(flag) => Some(flag.value().to_string()),
        Value::Datetime(day) => Some(day.value().to_string()),
        other => Some(other.to_string().trim().to_owned()),
    }
}

/// The settings with these values; an empty one is taken out. Values that are the same are not touched.
pub fn with(front: &str, wanted: &BTreeMap<String, String>) -> String {
    let Ok(mut document) = front.parse::<DocumentMut>() else { return front.to_owned() };
    for key in FIELDS {
        let Some(new) = wanted.get(key).map(|text| text.trim()) else { continue };
        let old = document.get(key).and_then(shown);
        if old.as_deref().unwrap_or_default() == new {
            continue;
        }
        let standard = (key == "draft" && new == "false") || (key == "visibility" && new == "public");
        if new.is_empty() || (standard && old.is_none()) {
            document.remove(key);
            continue;
        }
        let mut value = match key {
            "draft" => Value::from(new == "true"),
            // What is no day is kept as it was written, and the check says so.
            day if DAYS.contains(&day) => {
                new.parse::<toml_edit::Datetime>().map_or_else(|_| Value::from(new), Value::from)
            }
            _ => Value::from(new),
        };
        match document.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            None => document[key] = Item::Value(value),
        }
    }
    let imported = document.get("imported").and_then(Item::as_bool) == Some(true);
    let says = |key: &&str| document.get(key).and_then(shown).is_some_and(|text| !text.trim().is_empty());
    if imported && NEEDED.iter().all(says) {
        document.remove("imported");
    }
    let text = document.to_string();
    if text.is_empty() || text.ends_with('\n') { text } else { format!("{text}\n") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const TEXT: &str = "+++\n# Ask the chair.\ntitle = \"Old\"  # as on the letterhead\norder = 3\napproved = 2026-09-14\n\nin_brief = [\n  \"One.\",\n]\n+++\n\n## Who\n";

    fn wanted(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn one_value_changes_and_everything_else_stays() {
        let mut parts = split(TEXT).unwrap();
        assert_eq!(join(&parts), TEXT);
        assert_eq!(values(&parts.front)["approved"], "2026-09-14");
        parts.front = with(
            &parts.front,
            &wanted(&[("title", "New “one”"), ("approved", "2026-10-01"), ("draft", "false"), ("owner", "")]),
        );
        let expected = TEXT.replace("\"Old\"", "\"New “one”\"").replace("2026-09-14", "2026-10-01");
        assert_eq!(join(&parts), expected);
    }

    #[test]
    fn a_page_that_was_brought_in_is_one_like_any_other_once_all_is_stated() {
        let front = "title = \"A\"\nimported = true\nsummary = \"S\"\nowner = \"head\"\napproved = 2026-09-14\napproved_by = \"B\"\nversion = \"1.0\"\n";
        assert!(with(front, &wanted(&[("title", "New")])).contains("imported = true"));
        let whole = with(front, &wanted(&[("review_due", "2027-09-14")]));
        assert!(!whole.contains("imported") && whole.contains("review_due = 2027-09-14"), "{whole}");
    }

    #[test]
    fn a_form_that_nobody_touched_changes_nothing() {
        let parts = split(TEXT).unwrap();
        let same: BTreeMap<String, String> =
            values(&parts.front).into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        assert_eq!(with(&parts.front, &same), parts.front);
    }

    #[test]
    fn a_text_without_settings_that_can_be_understood_is_shown_whole() {
        for text in ["", "## Words\n", "+++\ntitle = \n+++\nx", "+++\ntitle = \"x\"\n"] {
            assert_eq!(split(text), None, "{text:?}");
        }
    }
}
