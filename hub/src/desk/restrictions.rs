//! Court orders and restricted contact: for the office and the headteacher, and shown nowhere else.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use data_encoding::HEXLOWER;
use records::{day::Moment, ids::PersonId};
use serde::Serialize;

use super::{
    Desk, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    import::Kind,
    random,
    store::{
        people::Person,
        restrictions::{Decision, NewRestriction, Restriction},
    },
};

/// The longest note, in letters.
const NOTE: usize = 1000;

/// A flag, in words.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    id: String,
    pupil: String,
    pupil_name: String,
    /// Whose contact is restricted; empty for nobody in particular.
    who: String,
    note: String,
    made: String,
    by: String,
    /// When it was decided that letters may go all the same, and by whom.
    letters: String,
    /// Whether it is about somebody who would get letters.
    withholds: bool,
    ended: String,
}

/// The flags that are in force on a pupil, or on a grown-up.
pub(super) fn open_on(visit: &Visit, person: PersonId) -> Result<Vec<Row>, Trouble> {
    let all = visit.desk.hub.store.restrictions()?;
    let open = all.iter().filter(|one| one.is_open());
    rows(visit, open.filter(|one| one.pupil == person || one.grown_up == Some(person)))
}

fn rows<'r>(visit: &Visit, all: impl Iterator<Item = &'r Restriction>) -> Result<Vec<Row>, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let (people, grown_ups) = (hub.store.people()?, hub.store.grown_ups()?);
    let called = |id: PersonId| {
        let pupil = people.iter().find(|p| p.id == id).map(Person::name);
        pupil.or_else(|| grown_ups.iter().find(|g| g.id == id).map(|g| g.name.clone())).unwrap_or_default()
    };
    let deed = |deed: &Option<(Moment, String)>| {
        let said = deed.as_ref().map(|(at, by)| format!("{}, by {by}", view::when(*at, &zone)));
        said.unwrap_or_default()
    };
    let row = |one: &Restriction| Row {
        id: HEXLOWER.encode(&one.id),
        pupil: one.pupil.to_string(),
        pupil_name: called(one.pupil),
        who: one.grown_up.map(called).unwrap_or_default(),
        note: one.note.clone(),
        made: view::when(one.made, &zone),
        by: one.by.clone(),
        letters: deed(&one.letters),
        withholds: one.grown_up.is_some() && one.letters.is_none(),
        ended: deed(&one.ended),
    };
    Ok(all.map(row).collect())
}

#[derive(serde::Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    name: String,
}

/// All of them, and finding a pupil.
pub(super) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHead, move |visit| {
        let store = &visit.desk.hub.store;
        let all = store.restrictions()?;
        let wanted = which.name.trim().to_lowercase();
        let pupils = pupils(&visit)?;
        let found = pupils.iter().filter(|p| !wanted.is_empty() && p.name().to_lowercase().contains(&wanted));
        let found: Vec<_> = found.map(|p| (p.id.to_string(), p.name())).collect();
        let mut context = visit.context("restrictions")?;
        context.insert("rows", &rows(&visit, all.iter().filter(|one| one.is_open()))?);
        context.insert("ended", &all.iter().filter(|one| !one.is_open()).count());
        context.insert("withheld", &store.withheld()?.len());
        context.insert("wanted", which.name.trim());
        context.insert("found", &found);
        visit.show("restrictions.html", &context)
    })
    .await
}

/// One pupil's.
pub(super) async fn pupil(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHead, move |visit| show(&visit, &id, "", "")).await
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    /// “note”, “letters”, “no-letters” or “ended”.
    #[serde(default)]
    what: String,
    /// Of a new one: whose contact; “nobody” where it is about nobody who is here.
    #[serde(default)]
    who: String,
    #[serde(default)]
    note: String,
    /// Which of those that are there.
    #[serde(default)]
    restriction: String,
    /// That it is meant.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::OfficeAndHead, sent.form_token, move |visit| {
        let (hub, account) = (&visit.desk.hub, visit.account.id);
        let pupil = pupil_of(&visit, &id)?;
        if sent.what == "note" {
            let note = sent.note.trim().replace('\r', "");
            if note.is_empty() || note.chars().count() > NOTE {
                let text = format!(
                    "Nothing was kept. Write what the order says and where it is kept, in {NOTE} letters at most."
                );
                return refused(&visit, &id, &text, &sent.note);
            }
            let decides = hub.store.responsibilities()?;
            let grown_up = match sent.who.as_str() {
                "nobody" => None,
                who => {
                    let who: Option<PersonId> = who.parse().ok();
                    let known =
                        who.filter(|who| decides.iter().any(|one| one.grown_up == *who && one.pupil == pupil.id));
                    if known.is_none() {
                        let text = "Nothing was kept. Say whose contact is restricted, or that it is nobody on the list.";
                        return refused(&visit, &id, text, &sent.note);
                    }
                    known
                }
            };
            let new = NewRestriction { id: random::bytes(), pupil: pupil.id, grown_up, note };
            hub.store.restrict(&new, account, hub.now())?;
        } else {
            let decision = match sent.what.as_str() {
                "letters" => Decision::Letters,
                "no-letters" => Decision::NoLetters,
                "ended" => Decision::Ended,
                _ => return Err(Trouble::NothingHere),
            };
            // What opens something again is decided, not slipped into.
            if decision != Decision::NoLetters && sent.sure.is_empty() {
                let text = "Nothing was changed. Tick that you have read the order and mean it.";
                return refused(&visit, &id, text, "");
            }
            let one = HEXLOWER.decode(sent.restriction.as_bytes()).ok().and_then(|id| id.try_into().ok());
            let one = one.ok_or(Trouble::NothingHere)?;
            if !hub.store.decide_restriction(pupil.id, one, decision, account, hub.now())? {
                return Err(Trouble::NothingHere);
            }
        }
        hub.tell_kiosks();
        Ok(Redirect::to(&format!("/restrictions/{id}")).into_response())
    })
    .await
}

fn refused(visit: &Visit, id: &str, message: &str, note: &str) -> Result<Response, Trouble> {
    Ok(visit::refused(show(visit, id, message, note)?))
}

fn pupils(visit: &Visit) -> Result<Vec<Person>, Trouble> {
    let people = visit.desk.hub.store.people()?;
    Ok(people.into_iter().filter(|p| p.kind == Kind::Pupils).collect())
}

fn pupil_of(visit: &Visit, id: &str) -> Result<Person, Trouble> {
    pupils(visit)?.into_iter().find(|p| p.id.to_string() == id).ok_or(Trouble::NothingHere)
}

fn show(visit: &Visit, id: &str, message: &str, note: &str) -> Result<Response, Trouble> {
    let pupil = pupil_of(visit, id)?;
    let store = &visit.desk.hub.store;
    let (all, grown_ups) = (store.restrictions()?, store.grown_ups()?);
    let of_pupil = || all.iter().filter(|one| one.pupil == pupil.id);
    let deciders: Vec<_> = store
        .responsibilities()?
        .iter()
        .filter(|one| one.pupil == pupil.id)
        .filter_map(|one| {
            let name = grown_ups.iter().find(|g| g.id == one.grown_up)?.name.clone();
            let ended = if one.ended.is_some() { "decides no more" } else { "" };
            Some((one.grown_up.to_string(), name, one.relation.to_lowercase(), ended))
        })
        .collect();
    let mut context = visit.context("restrictions")?;
    context.insert("message", message);
    context.insert("id", id);
    context.insert("name", &pupil.name());
    context.insert("open", &rows(visit, of_pupil().filter(|one| one.is_open()))?);
    context.insert("ended", &rows(visit, of_pupil().filter(|one| !one.is_open()))?);
    context.insert("deciders", &deciders);
    context.insert("typed", note);
    context.insert("most", &NOTE);
    visit.show("restriction.html", &context)
}
