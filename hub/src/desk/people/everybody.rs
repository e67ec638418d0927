//! Everybody of whom something is held, to be looked through: on the lists, and with parental responsibility.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{
    clock,
    desk::{
        Desk,
        listing::Listing,
        person::{self, Subject},
        taken_out::{self, Names},
        visit::{self, Room, Trouble, Visit},
    },
};

/// The address of the list.
const ADDRESS: &str = "/people/everybody";
/// The address of the file.
const FILE: &str = "/people/people.csv";
/// Who can be asked for, with what they are called.
const KINDS: [(&str, &str); 5] = [
    ("Pupil", "Pupils"),
    ("Staff", "Staff"),
    ("Volunteer", "Volunteers"),
    ("Governor", "Governors"),
    ("Parent or carer", "Parents and carers"),
];
/// Asks for those who have left.
const LEFT: &str = "left";

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    kind: &'static str,
    place: String,
    left: String,
}

impl Row {
    fn new(one: &Subject, zone: &TimeZone) -> Self {
        Self {
            id: one.id.to_string(),
            name: one.name.clone(),
            kind: one.kind,
            place: one.place.clone(),
            left: one.left.map(|left| clock::day(left, zone).in_words()).unwrap_or_default(),
        }
    }
}

/// Those who are meant: by surname, or by class and work. Who has left is among them where that was asked for alone.
fn wanted(visit: &Visit, which: &Listing) -> Result<Vec<Subject>, Trouble> {
    let mut all = person::subjects(visit)?;
    all.retain(|one| {
        let class = one.class.map(|class| class.to_string()).unwrap_or_default();
        let is_shown = match which.show.as_str() {
            LEFT => one.left.is_some(),
            "" => one.left.is_none(),
            kind => one.left.is_none() && one.kind == kind,
        };
        is_shown && (which.class.is_empty() || class == which.class) && which.is_named([one.name.as_str()])
    });
    if which.sort == "place" {
        // The sort keeps those of one class by surname.
        all.sort_by_key(|one| (one.place.is_empty(), one.place.to_lowercase()));
    }
    Ok(all)
}

/// All of them, a page at a time.
pub(in crate::desk) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let hub = &visit.desk.hub;
        let zone = hub.zone()?;
        let all = wanted(&visit, &which)?;
        let rows: Vec<_> = which.page(&all).lines.iter().map(|one| Row::new(one, &zone)).collect();
        let classes: Vec<_> =
            hub.store.classes()?.into_iter().map(|class| (class.id.to_string(), class.name)).collect();
        let mut context = visit.context("people")?;
        context.insert("rows", &rows);
        context.insert("kinds", &KINDS);
        context.insert("classes", &classes);
        which.tell(&visit, &mut context, (ADDRESS, FILE), &all)?;
        visit.show("people_everybody.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet.
pub(in crate::desk) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let hub = &visit.desk.hub;
        let zone = hub.zone()?;
        let all = wanted(&visit, &which)?;
        let headings = ["Name", "As", "Class or work", "Left on"];
        let lines = all.iter().map(|one| {
            let left = one.left.map(|left| clock::day(left, &zone).to_string()).unwrap_or_default();
            vec![one.name.clone(), one.kind.to_owned(), one.place.clone(), left]
        });
        let names = Names::People("people downloaded", "");
        taken_out::list(&visit, ("people", "People"), names, &headings, lines)
    })
    .await
}
