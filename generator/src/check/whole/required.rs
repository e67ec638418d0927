//! What a school must publish online and nobody finds here.

use std::collections::BTreeSet;

use super::super::model;
use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::{Document, Kind},
        markdown,
        piece::{Event, Tag, TagEnd},
        required::Required,
    },
};

/// Which of them, by their place in the list, a page is about or links to. Only what is public counts.
pub(super) fn known_from(school: &School, document: &Document) -> BTreeSet<usize> {
    if school.required.own.is_none() || !document.is_published() {
        return BTreeSet::new();
    }
    let mut known = words_of_links(document);
    known.push(document.title(&school.settings).to_lowercase());
    if document.kind == Kind::Agreement {
        known.push("acceptable use agreement".to_owned());
    }
    let list = school.required.list.iter().enumerate();
    list.filter(|(_, required)| known.iter().any(|words| is_about(required, words)))
        .map(|(at, _)| at)
        .collect()
}

fn is_about(required: &Required, words: &str) -> bool {
    required.known_by.iter().any(|name| words.contains(name.as_str()))
}

/// `known` are those that the pages know.
pub(super) fn check(school: &School, known: &BTreeSet<usize>, strict: bool) -> Vec<Diagnostic> {
    let Some(source) = &school.required.own else { return Vec::new() };
    // Every page carries the school’s address and telephone number.
    let has_contact = !school.settings.address.is_empty() && !school.settings.phone.is_empty();
    // Where the model school has it, no other school has anything.
    let is_there = |at: &String| model::is_model(&school.settings) || !model::is_models_address(at);
    let mut problems = Vec::new();
    for (at, document) in school.required.list.iter().enumerate() {
        let found = document.published_at.as_ref().is_some_and(is_there)
            || known.contains(&at)
            || has_contact && is_about(document, "contact");
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
