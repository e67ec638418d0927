//! Where links out of the site stand: in pages and their translations, and in the lists.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
};

use crate::{
    load::{
        School,
        piece::{Event, Tag},
        tree::Tree,
    },
    source::Source,
};

/// An address on the web, and everywhere that it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address, without what follows `#`: that is the browser's affair.
    pub url: String,
    /// The files and the places in them.
    pub places: Vec<(Source, Range<usize>)>,
}

/// Every link out of the site, in the order of their addresses.
pub fn of(school: &School, tree: &Tree) -> Vec<Link> {
    let mut found: BTreeMap<String, Vec<(Source, Range<usize>)>> = BTreeMap::new();
    let mut put = |url: &str, source: &Source, range: Range<usize>| {
        let Some(page) = asked(url) else { return };
        match found.entry(page.to_owned()) {
            Entry::Occupied(mut places) => places.get_mut().push((source.clone(), range)),
            Entry::Vacant(places) => {
                places.insert(vec![(source.clone(), range)]);
            }
        }
    };
    for document in &school.documents {
        let translations = document.translations.iter().map(|found| &found.page);
        for page in std::iter::once(document).chain(translations) {
            let awake = page.awake(&school.settings);
            let source = &page.source;
            for (event, range) in &awake.body.pieces {
                let Event::Start(Tag::Link(link)) = event else { continue };
                if !link.is_email {
                    put(&link.to, source, source.find_within(range.clone(), &link.to));
                }
            }
        }
    }
    for (path, bytes) in tree.files.iter().filter(|(path, _)| is_list(path)) {
        // What is no text is another rule's finding.
        let Ok(source) = Source::from_bytes(path, bytes) else { continue };
        for range in quoted(&source.text) {
            put(&source.text[range.clone()], &source, range);
        }
    }
    found.into_iter().map(|(url, places)| Link { url, places }).collect()
}

/// The settings and lists, and the forms; not what the program writes.
fn is_list(path: &str) -> bool {
    path.ends_with(".toml") && (!path.contains('/') || path.starts_with("forms/"))
}

/// The page that is to be asked for; none for what is no address of the web, and for names that are kept for
/// examples (RFC 2606).
fn asked(url: &str) -> Option<&str> {
    let page = url.split('#').next().unwrap_or_default();
    let rest = page.strip_prefix("https://").or_else(|| page.strip_prefix("http://"))?;
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let made_up = ["example", "example.com", "example.org", "example.net", "invalid", "test"]
        .iter()
        .any(|name| host == *name || host.ends_with(&format!(".{name}")));
    (!host.is_empty() && !made_up).then_some(page)
}

/// The addresses in quotation marks on lines that are no comments.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') {
            for (at, _) in line.match_indices("\"http") {
                let from = at + 1;
                let length = line[from..].find('"').unwrap_or(0);
                if length > 0 {
                    found.push(start + from..start + from + length);
                }
            }
        }
        start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_examples_and_places_in_a_page_are_not_asked_for() {
        assert_eq!(asked("https://www.larkfield.example/x"), None);
        assert_eq!(asked("https://www.gov.uk/a?b=c#d"), Some("https://www.gov.uk/a?b=c"));
        assert_eq!(asked("http://127.0.0.1:80/x"), Some("http://127.0.0.1:80/x"));
        assert_eq!(asked("mailto:a@b.c"), None);
        assert_eq!(asked("https://"), None);
    }

    #[test]
    fn an_address_in_a_comment_is_no_link() {
        let text = "# url = \"https://no.uk\"\nurl = \"https://yes.uk/a\"  # \"x\"\n";
        let found: Vec<&str> = quoted(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["https://yes.uk/a"]);
    }
}
