//! What a school must publish online and nobody finds here.

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        markdown,
        piece::{Event, Tag, TagEnd},
    },
};

pub(super) fn check(school: &School, strict: bool) -> Vec<Diagnostic> {
    let Some(source) = &school.required.own else { return Vec::new() };
    let mut known: Vec<String> = Vec::new();
    for document in school.documents.iter().filter(|document| document.is_published()) {
        known.push(document.title(&school.settings).to_lowercase());
        known.extend(words_of_links(&document.awake(&school.settings)));
        if document.kind == Kind::Agreement {
            known.push("acceptable use agreement".to_owned());
        }
    }
    // Every page carries the school’s address and telephone number.
    if !school.settings.address.is_empty() && !school.settings.phone.is_empty() {
        known.push("contact".to_owned());
    }
    let mut problems = Vec::new();
    for document in &school.required.list {
        let found = document.published_at.is_some()
            || known.iter().any(|words| document.known_by.iter().any(|name| words.contains(name.as_str())));
        let why = document.source.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        if !found {
            problems.push(
                source
                    .error(
                        "required-document-missing",
                        document.name.range.clone(),
                        format!("No public page is about this, and none links to it{why}."),
                        "Publish it, link to it, or say where it is with published_at = \"https://…\".",
                    )
                    .as_warning(),
            );
        }
        if strict && document.checked.is_none() {
            problems.push(
                source
                    .error(
                        "unchecked-source",
                        document.name.range.clone(),
                        format!("Nobody has checked what asks for this{why}."),
                        "Read it, then add the day as checked = 2026-09-14.",
                    )
                    .as_warning(),
            );
        }
    }
    problems
}

fn words_of_links(document: &Document) -> Vec<String> {
    let pieces = &document.body.pieces;
    let mut out = Vec::new();
    let mut open = None;
    for (at, (event, _)) in pieces.iter().enumerate() {
        match event {
            Event::Start(Tag::Link(_)) => open = Some(at),
            Event::End(TagEnd::Link) => {
                out.extend(open.take().map(|from| markdown::words_of(&pieces[from..at]).to_lowercase()));
            }
            _ => {}
        }
    }
    out
}
