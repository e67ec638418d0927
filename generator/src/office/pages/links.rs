//! Which pages link to a page, and how their links are mended when it gets another name.

use std::{collections::BTreeMap, ops::Range, path::Path};

use super::Linking;
use crate::load::{
    self, School,
    document::Document,
    link::{Target, target},
    piece::{Event, Tag},
    tree,
};

/// The school as it lies on the disk now, so that places in its texts are true.
pub(super) fn school_now(folder: &Path) -> School {
    let (tree, mut problems) = tree::read(folder);
    load::school(tree, &mut problems)
}

/// Every page and every translation.
fn pages(school: &School) -> impl Iterator<Item = &Document> {
    school.documents.iter().flat_map(|page| {
        std::iter::once(page).chain(page.translations.iter().map(|translation| &translation.page))
    })
}

/// The links of a page that lead to a file: the bytes of each whole link, and its address.
fn to(school: &School, page: &Document, file: &str) -> Vec<(Range<usize>, String)> {
    let awake = page.awake(&school.settings);
    let mut found = Vec::new();
    for (event, range) in &awake.body.pieces {
        let Event::Start(Tag::Link(link)) = event else { continue };
        if link.is_email {
            continue;
        }
        if let Target::Page(other, _) = target(school, &awake.source.path, &link.to)
            && other.source.path == file
        {
            found.push((range.clone(), link.to.to_string()));
        }
    }
    found
}

/// The pages that link to a file, without those in `besides`.
pub(super) fn leading_to(school: &School, file: &str, besides: &[String]) -> Vec<Linking> {
    pages(school)
        .filter(|page| !besides.contains(&page.source.path))
        .filter(|page| !to(school, page, file).is_empty())
        .map(|page| Linking::of(school, page))
        .collect()
}

/// What has to be written so that links go on leading to a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mended {
    /// The new texts, by file.
    pub(super) texts: BTreeMap<String, String>,
    /// Pages with a link that is written in a way that only a person can change.
    pub(super) by_hand: Vec<Linking>,
}

/// The texts of all pages that link to `file`, with its new name in their links. Pages and translations
/// stay in their folder, so only the last part of an address changes.
pub(super) fn mended(school: &School, file: &str, new: &str) -> Mended {
    let name = new.rsplit('/').next().unwrap_or(new);
    let mut out = Mended::default();
    for page in pages(school) {
        let links = to(school, page, file);
        if links.is_empty() {
            continue;
        }
        let source = page.source.unpacked();
        let mut text = source.text.clone();
        let mut by_hand = false;
        // From the end, so that places before stay true.
        for (range, address) in links.into_iter().rev() {
            let renamed = renamed(&address, name);
            match text.get(range.clone()).and_then(|link| link.rfind(&address)) {
                Some(at) => {
                    let at = range.start + at;
                    text.replace_range(at..at + address.len(), &renamed);
                }
                None => by_hand = true,
            }
        }
        if by_hand {
            out.by_hand.push(Linking::of(school, page));
        }
        if text != source.text {
            out.texts.insert(page.source.path.clone(), text);
        }
    }
    out
}

fn renamed(address: &str, name: &str) -> String {
    let (path, anchor) = match address.split_once('#') {
        Some((path, anchor)) => (path, format!("#{anchor}")),
        None => (address, String::new()),
    };
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    format!("{folder}{name}{anchor}")
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn an_address_keeps_its_way_and_its_heading() {
        assert_eq!(renamed("../policies/a.md#who", "b.md"), "../policies/b.md#who");
        assert_eq!(renamed("a.md", "b.md"), "b.md");
        assert_eq!(renamed("./a.md#", "b.md"), "./b.md#");
    }
}
