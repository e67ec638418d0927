//! On which pages a picture can be seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::{
    School,
    document::Document,
    link,
    piece::{Event, Tag},
};

/// Addresses of published pages by the picture, as the school's folder has it, that they show. A page's
/// address is empty for the front page. The one place that decides which of a school's pictures is published.
pub fn shown(school: &School) -> BTreeMap<String, BTreeSet<String>> {
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for document in school.documents.iter().filter(|document| document.is_published()) {
        for picture in of_page(document) {
            shown.entry(picture).or_default().insert(document.address());
        }
    }
    // A logo stands on every page.
    if let Some(logo) = school.settings.look.logo.as_ref().filter(|logo| super::is_photograph(&logo.value)) {
        let published = school.documents.iter().filter(|document| document.is_published());
        shown.entry(logo.value.clone()).or_default().extend(published.map(Document::address));
    }
    shown
}

fn of_page(document: &Document) -> impl Iterator<Item = String> {
    document.body.pieces.iter().filter_map(|(event, _)| match event {
        Event::Start(Tag::Image(image)) => link::joined(&document.source.path, &image.file),
        _ => None,
    })
}
