//! Tracked changes: what was deleted stands apart in the file, what was inserted between two marks.

use std::collections::HashMap;

use super::super::super::Notes;
use super::super::xml::Element;
use super::words;

/// A change that somebody made.
#[derive(Debug)]
enum Change {
    Deleted(String),
    Inserted(Option<String>),
}

/// All tracked changes, and the insertions that are open.
#[derive(Debug, Default)]
pub(super) struct Changes {
    by_id: HashMap<String, Change>,
    open: Vec<(String, usize, String)>,
}

impl Changes {
    /// Reads `text:tracked-changes`.
    pub(super) fn read(&mut self, element: &Element) {
        for region in element.elements() {
            let Some(id) = region.get("text:id").or_else(|| region.get("xml:id")) else { continue };
            let by = |change: &Element| change.at(&["office:change-info", "dc:creator"]).map(Element::text);
            let change = region.elements().find_map(|change| match &*change.name {
                "text:deletion" => {
                    let lines: Vec<String> = change
                        .elements()
                        .filter(|element| &*element.name != "office:change-info")
                        .map(words::plain)
                        .collect();
                    Some(Change::Deleted(lines.join(" ")))
                }
                "text:insertion" => Some(Change::Inserted(by(change))),
                _ => None,
            });
            if let Some(change) = change {
                self.by_id.insert(id.to_owned(), change);
            }
        }
    }

    /// A mark of a change in the text.
    pub(super) fn mark(&mut self, element: &Element, no: usize, notes: &mut Notes) {
        let Some(id) = element.get("text:change-id") else { return };
        match (&*element.name, self.by_id.get(id)) {
            ("text:change" | "text:change-start", Some(Change::Deleted(words)))
                if !words.trim().is_empty() =>
            {
                notes.drop(no, words.clone(), "deleted, as the tracked changes say");
            }
            ("text:change-start", Some(Change::Inserted(_))) => {
                self.open.push((id.to_owned(), no, String::new()));
            }
            ("text:change-end", Some(Change::Inserted(by))) => {
                let open = self.open.iter().rposition(|(open, ..)| open == id);
                if let Some((_, no, words)) = open.map(|open| self.open.remove(open)) {
                    super::super::doubt_inserted(no, by.as_deref(), &words, notes);
                }
            }
            _ => {}
        }
    }

    /// Words that stand in the text here.
    pub(super) fn seen(&mut self, words: &str) {
        for (_, _, inserted) in &mut self.open {
            inserted.push_str(words);
        }
    }
}
