//! Every link leads somewhere.

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::Document,
        link::{Target, target},
        made::Made,
        nearest::did_you_mean,
        piece::{Event, Tag},
    },
};

pub(super) fn check(school: &School, document: &Document) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (event, range) in &document.body.pieces {
        let Event::Start(Tag::Link(link)) = event else { continue };
        if link.is_email {
            continue;
        }
        let source = &document.source;
        let mut tell = |code, what: String, mend: String| {
            let place = source.find_within(range.clone(), &link.to);
            problems.push(source.error(code, place, what, mend));
        };
        match target(school, &source.path, &link.to) {
            Target::Outside | Target::Made(_) => {}
            Target::Form(form) if document.is_published() && !form.is_published() => tell(
                "link-to-unpublished",
                format!("This link leads to {}, which is for staff only, so readers could not open it.", form.source.path),
                "Take the link out, or publish that form.".to_owned(),
            ),
            Target::Form(_) => {}
            Target::Here(anchor) => no_such_heading(document, anchor, &mut tell),
            Target::Page(other, anchor) => {
                if document.is_published() && !other.is_published() {
                    let why = if other.matter.draft { "a draft" } else { "for staff only" };
                    tell(
                        "link-to-unpublished",
                        format!("This link leads to {}, which is {why}, so readers could not open it.", other.source.path),
                        "Take the link out, or publish that page.".to_owned(),
                    );
                }
                if let Some(anchor) = anchor {
                    no_such_heading(other, anchor, &mut tell);
                }
            }
            Target::NoSuchPage(path) => {
                let pages = school.documents.iter().map(|d| d.source.path.as_str());
                let pages = pages.chain(school.forms.iter().map(|form| form.source.path.as_str()));
                let pages = pages.chain(Made::ALL.map(Made::address));
                let near = without_its_beginning(&link.to)
                    .or_else(|| from_the_top(school, &source.path, &link.to))
                    .unwrap_or_else(|| {
                        did_you_mean(&path, pages, "Link to a page by its file, for example ../policies/online-safety.md.")
                    });
                tell("link-to-nowhere", format!("This link leads to {path}, and there is no such page."), near);
            }
            Target::Refused => tell(
                "link-refused",
                format!("“{}” is no address that a page may link to.", link.to),
                from_the_top(school, &source.path, &link.to).unwrap_or_else(|| {
                    "Link to a page by its file, as in ../policies/online-safety.md, to a website in full, as in https://www.childline.org.uk, or with mailto: or tel:.".to_owned()
                }),
            ),
        }
    }
    problems
}

/// For a website that is written as people say it.
fn without_its_beginning(to: &str) -> Option<String> {
    to.starts_with("www.").then(|| format!("Write a website in full: https://{to}."))
}

/// For a page of the school that is written as it is seen from the school's folder, and not from this page.
fn from_the_top(school: &School, from: &str, to: &str) -> Option<String> {
    let (file, anchor) =
        to.split_once('#').map_or((to, String::new()), |(file, at)| (file, format!("#{at}")));
    let plain = file.trim_matches('/');
    let path =
        [plain.to_owned(), format!("{plain}.md")].into_iter().find(|path| school.document(path).is_some())?;
    let up = "../".repeat(from.matches('/').count());
    Some(format!("From this page the way to it is {up}{path}{anchor}."))
}

fn no_such_heading(document: &Document, anchor: &str, tell: &mut impl FnMut(&'static str, String, String)) {
    if document.body.anchors().any(|name| name == anchor) {
        return;
    }
    let near = did_you_mean(
        anchor,
        document.body.anchors(),
        "Give the heading that you mean a name in braces, as in {#who-to-tell}, and link to that.",
    );
    tell(
        "link-to-no-heading",
        format!("There is no heading named “{anchor}” in {}.", document.source.path),
        near,
    );
}
