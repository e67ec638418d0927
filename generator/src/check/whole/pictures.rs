//! Picture files that nothing shows, and texts about pictures that nobody listens to the end of.

use std::collections::BTreeSet;

use crate::{
    diagnostic::{Diagnostic, Severity},
    load::{
        School,
        document::Document,
        link, markdown,
        piece::{Event, Tag, TagEnd},
    },
};

/// In characters. No standard sets a figure. A screen reader says alternative text in one go, so a listener
/// cannot pause in it or go back; at 150 words a minute this many characters take ten seconds. What
/// needs more belongs beside the picture, where everybody can read it (W3C, “Complex images”).
const LONGEST_ALT: usize = 150;

pub(super) fn check(school: &School) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = school.documents.iter().flat_map(long_alts).collect();
    if !school.pictures.keys().any(|path| path.starts_with("images/")) {
        return problems;
    }
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for document in &school.documents {
        let source = &document.source;
        for (event, _) in &document.body.pieces {
            shown.extend(match event {
                Event::Start(Tag::Image(image)) => link::joined(&source.path, &image.file),
                Event::Start(Tag::Link(to)) => link::joined(&source.path, &to.to),
                _ => None,
            });
        }
    }
    let unused = school.pictures.keys().filter(|path| path.starts_with("images/") && !shown.contains(*path));
    // What settings or front matter name counts as used.
    let unused = unused.filter(|path| {
        let named = |text: &str| text.contains(path.as_str());
        !school.settings.source.as_ref().is_some_and(|source| named(&source.text))
            && !school.documents.iter().any(|document| named(&document.source.unpacked().text))
    });
    problems.extend(unused.map(|path| {
        Diagnostic::of_file(
            Severity::Warning,
            "unused-picture",
            path.clone(),
            "No page shows this picture.",
            "Show it on a page, or take the file out of the folder: a photo that nobody needs should not be kept.",
        )
    }));
    problems
}

fn long_alts(document: &Document) -> Vec<Diagnostic> {
    let pieces = &document.body.pieces;
    let mut problems = Vec::new();
    for (at, (event, range)) in pieces.iter().enumerate() {
        if !matches!(event, Event::Start(Tag::Image(_))) {
            continue;
        }
        let end = pieces[at..].iter().position(|(e, _)| matches!(e, Event::End(TagEnd::Image))).unwrap_or(0);
        let alt = markdown::words_of(&pieces[at..at + end]);
        let length = alt.chars().count();
        if length > LONGEST_ALT {
            let source = &document.source;
            problems.push(
                source
                    .error(
                        "long-alt-text",
                        source.find_within(range.clone(), &alt),
                        format!("What this picture shows is told in {length} characters; more than {LONGEST_ALT} are hard to follow by ear."),
                        "Say in a sentence what matters here, and write the rest as text beside the picture.",
                    )
                    .as_warning(),
            );
        }
    }
    problems
}
