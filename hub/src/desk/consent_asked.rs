//! What is still asked, and of whom: as a list, and as a file.
//!
//! On the page it is said whose contact is restricted. That leaves the desk by no way, so nobody of whom it is true is
//! named in the file.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    Desk,
    consent::{classes, sections, whole},
    consent_view::{AskedRow, Whole},
    listing::Listing,
    taken_out::{self, Names},
    visit::{self, Room, Trouble},
};
use crate::{import::Kind, store::people::Person};

/// The address of the list.
const ADDRESS: &str = "/consent/asked";
/// The address of the file.
const FILE: &str = "/consent/asked/asked.csv";

/// Those of whom something is asked and who are meant: by class, or by surname.
fn wanted<'w>(whole: &'w Whole, which: &Listing) -> Vec<&'w Person> {
    let is_asked = |one: &&Person| {
        let mut open = whole.forms_of(one).iter().filter(|form| !whole.is_answered(one, form));
        open.any(|form| which.show.is_empty() || form.id.as_str() == which.show)
    };
    let pupils = sections(whole, &which.class).flat_map(|(_, pupils)| pupils);
    let adults = whole.adults.iter().filter(|_| which.class.is_empty());
    let all = pupils.chain(adults).filter(|one| which.is_named([one.name().as_str()]));
    let mut all: Vec<&Person> = all.filter(is_asked).collect();
    if which.sort == "name" {
        all.sort_by_key(|one| (one.surname.to_lowercase(), one.forename.to_lowercase()));
    }
    all
}

/// Of whom something is still asked.
pub(super) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let all = wanted(&whole, &which);
        let lines = which.page(&all).lines;
        let rows: Vec<_> = lines.iter().filter_map(|one| AskedRow::new(&whole, one)).collect();
        let forms: Vec<_> = whole.forms().map(|form| (form.id.to_string(), form.title.clone())).collect();
        let mut context = visit.context("consent")?;
        context.insert("rows", &rows);
        context.insert("forms", &forms);
        classes(&mut context, &whole, &which.class);
        which.tell(&visit, &mut context, (ADDRESS, FILE), &all)?;
        visit.show("consent_asked.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let headings = ["Class", "Surname", "Forename", "Not answered in full", "Who decides"];
        let all = wanted(&whole, &which);
        let lines = all.iter().map(|one| cells(&whole, one));
        let names = Names::People("still to ask downloaded", "");
        let what = "Whose answers are still asked";
        taken_out::list(&visit, ("still-to-ask", what), names, &headings, lines)
    })
    .await
}

fn cells(whole: &Whole, one: &Person) -> Vec<String> {
    let open = whole.forms_of(one).iter().filter(|form| !whole.is_answered(one, form));
    let deciders = match one.kind {
        Kind::Pupils => {
            let deciders = whole.deciders(one.id);
            let named = deciders.filter(|(grown_up, _)| !whole.restricted.contains(&(grown_up.id, one.id)));
            named.map(|(grown_up, _)| grown_up.name.clone()).collect::<Vec<_>>().join("; ")
        }
        _ => "they themselves".to_owned(),
    };
    vec![
        whole.class_name(one).to_owned(),
        one.surname.clone(),
        one.forename.clone(),
        open.map(|form| form.title.clone()).collect::<Vec<_>>().join("; "),
        deciders,
    ]
}
