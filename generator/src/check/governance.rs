//! Owners, dates, audiences and addresses.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    diagnostic::Diagnostic,
    load::{School, document::Document, nearest::did_you_mean},
};

pub(super) fn check(school: &School, day: Date) -> Vec<Diagnostic> {
    let mut problems = same_address(school);
    problems.append(&mut same_audience(school));
    for document in &school.documents {
        owner(school, document, &mut problems);
        signed_by(school, document, &mut problems);
        dates(document, day, &mut problems);
    }
    problems
}

fn same_address(school: &School) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, &Document> = BTreeMap::new();
    let mut problems = Vec::new();
    for document in &school.documents {
        let address = document.address();
        match first.get(&address) {
            None => drop(first.insert(address, document)),
            Some(other) => problems.push(Diagnostic::file_error(
                "duplicate-slug",
                document.source.path.clone(),
                format!("This page and {} would have the same address, /{address}/.", other.source.path),
                "Rename one of the two files; big and small letters count as the same.",
            )),
        }
    }
    problems
}

fn same_audience(school: &School) -> Vec<Diagnostic> {
    let mut first = BTreeMap::new();
    let mut problems = Vec::new();
    for document in school.documents.iter().filter(|document| !document.matter.draft) {
        let Some(audience) = &document.matter.audience else { continue };
        match first.get(&audience.value) {
            None => drop(first.insert(audience.value, document.source.path.as_str())),
            Some(other) => problems.push(document.source.error(
                "two-agreements",
                audience.range.clone(),
                format!("There are two agreements for “{}”: this one and {other}.", audience.value),
                "Keep one, or make the other a draft with draft = true.",
            )),
        }
    }
    problems
}

fn owner(school: &School, document: &Document, problems: &mut Vec<Diagnostic>) {
    let Some(owner) = &document.matter.owner else { return };
    if !school.settings.usable || school.settings.person(&owner.value).is_some() {
        return;
    }
    problems.push(document.source.error(
        "unknown-owner",
        owner.range.clone(),
        format!("school.toml has nobody for “{}” under [people].", owner.value),
        whom(school, &owner.value),
    ));
}

/// How somebody is named who was written with their name or role, or a slip.
fn whom(school: &School, written: &str) -> String {
    let people = &school.settings.people;
    let means = |words: &str| words.trim().eq_ignore_ascii_case(written.trim());
    if let Some(person) = people.iter().find(|person| means(&person.name) || means(&person.role)) {
        return format!("Write “{}”: that is {}, {}.", person.key, person.name, person.role);
    }
    let keys: Vec<&str> = people.iter().map(|person| person.key.as_str()).collect();
    let otherwise = format!(
        "Write one of the short names after “people.” in school.toml ({}), or add a part for whoever it is there.",
        keys.join(", ")
    );
    did_you_mean(written, keys, otherwise)
}

fn signed_by(school: &School, document: &Document, problems: &mut Vec<Diagnostic>) {
    let Some(who) = &document.matter.signed_by else { return };
    if !school.settings.usable || school.settings.person(&who.value).is_some() {
        return;
    }
    problems.push(document.source.error(
        "unknown-owner",
        who.range.clone(),
        format!("school.toml has nobody for “{}” under [people].", who.value),
        whom(school, &who.value),
    ));
}

fn dates(document: &Document, day: Date, problems: &mut Vec<Diagnostic>) {
    let (approved, due) = (&document.matter.approved, &document.matter.review_due);
    if let (Some(approved), Some(due)) = (approved, due)
        && due.value <= approved.value
    {
        problems.push(document.source.error(
            "review-before-approval",
            due.range.clone(),
            "The review is due before the page was approved.",
            "See which of the two days is wrong: “approved” or “review_due”.",
        ));
        return;
    }
    if let Some(approved) = approved
        && approved.value > day
    {
        problems.push(
            document
                .source
                .error(
                    "approved-in-future",
                    approved.range.clone(),
                    "This page says that it was approved on a day still to come.",
                    "Correct the day, or keep the page a draft with draft = true until then.",
                )
                .as_warning(),
        );
    }
    if let Some(due) = due
        && due.value < day
    {
        problems.push(
            document
                .source
                .error(
                    "review-overdue",
                    due.range.clone(),
                    "The review of this page is overdue, and the page says so.",
                    "Review it, then put the new days after “approved” and “review_due”.",
                )
                .as_warning(),
        );
    }
}
