//! Which column of a list is which: a guess for each beside what stands under it, put right by whoever brings the list,
//! and remembered when the list is taken.

use std::sync::Arc;

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use serde::Serialize;

use super::{
    super::{
        Desk,
        visit::{self, Room, Trouble, Visit},
    },
    GONE, check, mine, trouble,
};
use crate::{
    import::{
        self, LineProblem,
        columns::{ListOf, MOST_CONTACTS, Meaning},
    },
    random,
    store::people::ImportError,
};

/// So many different cells of a column are shown.
const SAMPLES: usize = 3;

/// Choices of one kind.
#[derive(Serialize)]
struct Group {
    label: String,
    choices: Vec<(String, String)>,
}

/// A column of the file.
#[derive(Serialize)]
struct ColumnRow {
    heading: String,
    letter: String,
    samples: Vec<String>,
    meaning: String,
}

/// Takes what was said of each column, and shows what the list would change.
pub(in crate::desk) async fn said(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let field = |name: &str| {
        let found = sent.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let token = field("form_token");
    visit::form(desk, &headers, Room::Office, token, move |visit| {
        {
            let Some(mut held) = mine(&visit) else { return super::show(&visit, "", GONE, &[]) };
            if let Some(waiting) = held.as_mut() {
                let of = waiting.mapping.of;
                for (key, value) in &sent {
                    let column = key.strip_prefix("column-").and_then(|column| column.parse::<usize>().ok());
                    let held = column.and_then(|column| waiting.mapping.columns.get_mut(column));
                    let meaning = value.parse().ok().filter(|meaning| of.may_hold(*meaning));
                    if let (Some(held), Some(meaning)) = (held, meaning) {
                        *held = meaning;
                    }
                }
                waiting.mapping.blank_is_no = sent.iter().any(|(key, _)| key == "blank");
            }
        }
        go_on(&visit)
    })
    .await
}

/// Reads the waiting file with the columns as they are said, and shows what it would change, or what is to be put right.
pub(super) fn go_on(visit: &Visit) -> Result<Response, Trouble> {
    let today = visit.desk.hub.today()?;
    let (now, store) = (visit.desk.hub.now(), &visit.desk.hub.store);
    let read = {
        let Some(held) = mine(visit) else { return super::show(visit, "", GONE, &[]) };
        let Some(waiting) = held.as_ref() else { return super::show(visit, "", GONE, &[]) };
        import::lists(&waiting.sheet, &waiting.mapping, today)
    };
    let lists = match read {
        Ok(lists) => lists,
        Err(problems) => return Ok(visit::refused(show(visit, &problems)?)),
    };
    let shown = match store.preview_lists(&lists, random::bytes, now) {
        Ok(shown) => shown,
        Err(ImportError::Lines(problems)) => return Ok(visit::refused(show(visit, &problems)?)),
        Err(error) => return Err(trouble(error)),
    };
    {
        let Some(mut held) = mine(visit) else { return super::show(visit, "", GONE, &[]) };
        if let Some(waiting) = held.as_mut() {
            waiting.read = Some((Box::new(lists), shown));
        }
    }
    check::show(visit, "")
}

/// The columns, and what is to be put right.
pub(super) fn show(visit: &Visit, problems: &[LineProblem]) -> Result<Response, Trouble> {
    let mut context = visit.context("people")?;
    {
        let Some(held) = mine(visit) else { return super::show(visit, "", GONE, &[]) };
        let Some(waiting) = held.as_ref() else { return super::show(visit, "", GONE, &[]) };
        let (sheet, mapping) = (&waiting.sheet, &waiting.mapping);
        let rows: Vec<ColumnRow> = mapping
            .columns
            .iter()
            .enumerate()
            .map(|(column, meaning)| ColumnRow {
                heading: sheet.headings[column].clone(),
                letter: letter(column),
                samples: sheet.samples(column, SAMPLES),
                meaning: meaning.to_string(),
            })
            .collect();
        let used = mapping.columns.iter().filter_map(|meaning| match meaning {
            Meaning::Contact(place, _) => Some(*place),
            _ => None,
        });
        let contacts = used.max().unwrap_or_default().saturating_add(1).clamp(2, MOST_CONTACTS);
        let taken = mapping.columns.iter().filter(|meaning| **meaning != Meaning::Ignored).count();
        context.insert("columns", &rows);
        context.insert("groups", &groups(mapping.of, contacts));
        context.insert("kind", &mapping.of.to_string());
        context.insert("lines", &sheet.lines.len());
        context.insert("taken", &taken);
        context.insert("has_contacts", &!mapping.of.contact_fields().is_empty());
        context.insert("blank_is_no", &mapping.blank_is_no);
    }
    super::insert_problems(&mut context, problems);
    visit.show("people_columns.html", &context)
}

fn groups(of: ListOf, contacts: u8) -> Vec<Group> {
    let whose = match of {
        ListOf::People(_) => "The person",
        ListOf::Contacts => "The pupil",
    };
    let fields = of.fields().map(|(meaning, words)| (meaning.to_string(), words.to_owned()));
    let mut all = vec![Group { label: whose.to_owned(), choices: fields.collect() }];
    if of.contact_fields().is_empty() {
        return all;
    }
    for place in 1..=contacts {
        let choice = |(field, _, words): &(_, _, &str)| {
            (Meaning::Contact(place, *field).to_string(), format!("Contact {place}: {words}"))
        };
        let choices = of.contact_fields().iter().map(choice).collect();
        all.push(Group { label: format!("Contact {place}, a parent or carer"), choices });
    }
    all
}

/// What a column of such a list holds, as it is chosen; empty where it is not taken.
pub(super) fn in_words(of: ListOf, meaning: &str) -> String {
    let choices = groups(of, MOST_CONTACTS).into_iter().flat_map(|group| group.choices);
    choices.into_iter().find(|(name, _)| name == meaning).map(|(_, words)| words).unwrap_or_default()
}

/// The letters that a spreadsheet gives a column: A to Z, AA, AB, and so on.
fn letter(column: usize) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        let place = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + place));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn a_column_is_called_as_in_a_spreadsheet() {
        let called = [0, 25, 26, 51, 52, 199].map(letter);
        assert_eq!(called, ["A", "Z", "AA", "AZ", "BA", "GR"]);
    }
}
