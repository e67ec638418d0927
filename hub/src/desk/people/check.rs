//! What a list would change, by name, and taking it or leaving it.

use std::sync::Arc;

use axum::{Form, extract::State, http::HeaderMap, response::Response};

use super::{
    super::{
        Desk,
        visit::{self, Room, Trouble, Visit},
    },
    GONE, Waiting, columns, held, mine, trouble,
};
use crate::{
    import::columns::ListOf,
    random,
    store::{audit::Actor, lists::Done, people::ImportError},
};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Decided {
    /// “take”, “columns” or “leave”.
    #[serde(default)]
    what: String,
    /// That it is right that so many leave.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

/// Takes the list that was looked at, goes back to its columns, or leaves it.
pub(in crate::desk) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Decided>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        if mine(&visit).is_none() {
            return super::show(&visit, "", GONE, &[]);
        }
        if sent.what == "columns" {
            return columns::show(&visit, &[]);
        }
        let waiting = held(&visit).take();
        if sent.what != "take" {
            return super::show(&visit, "", "The list was left. Nothing was changed.", &[]);
        }
        let Some(mut waiting) = waiting else { return super::show(&visit, "", GONE, &[]) };
        let Some((lists, shown)) = waiting.read.take() else {
            *held(&visit) = Some(waiting);
            return columns::show(&visit, &[]);
        };
        // Where it cannot be taken now, as on a full disk, it waits on: nobody has to bring it again.
        let wait_on = |mut waiting: Waiting, lists, shown, error| {
            waiting.read = Some((lists, shown));
            // Unless somebody has brought another meanwhile.
            held(&visit).get_or_insert(waiting);
            Err(trouble(error))
        };
        let hub = &visit.desk.hub;
        let (now, actor) = (hub.now(), Actor::Account(visit.account.id));
        let seen = match hub.store.preview_lists(&lists, random::bytes, now) {
            Ok(seen) => seen,
            Err(error) => return wait_on(waiting, lists, shown, error),
        };
        if seen != shown {
            waiting.read = Some((lists, seen));
            *held(&visit) = Some(waiting);
            let text = "Something else was changed here meanwhile. This is what the list would change now.";
            return Ok(visit::refused(show(&visit, text)?));
        }
        let remembered = waiting.mapping.remembered(&waiting.sheet.headings);
        let sure = !sent.sure.is_empty();
        match hub.store.take_lists(&lists, &remembered, sure, random::bytes, actor, now) {
            Ok(done) => {
                hub.tell_kiosks();
                super::show(&visit, "", &told(waiting.mapping.of, done), &[])
            }
            Err(ImportError::ManyLeavers { .. } | ImportError::ManyContacts { .. }) => {
                waiting.read = Some((lists, shown));
                *held(&visit) = Some(waiting);
                Ok(visit::refused(show(&visit, SURE)?))
            }
            Err(error) => wait_on(waiting, lists, shown, error),
        }
    })
    .await
}

const SURE: &str = "Nothing was changed. So many would leave that it may be only a part of the list: tick that it is right, or leave it and bring the whole list.";

fn told(of: ListOf, done: Done) -> String {
    let people = done.people.map(|summary| {
        format!(
            "The list of {of} was taken: {} joined, {} left, {} moved class, {} changed.",
            summary.joined, summary.left, summary.moved, summary.changed
        )
    });
    let contacts = done.contacts.map(|summary| {
        format!(
            "The contacts were taken: {} families, {} new grown-ups, {} decide no more.",
            summary.families, summary.joined, summary.ended
        )
    });
    people.into_iter().chain(contacts).collect::<Vec<_>>().join(" ")
}

/// What the list would change.
pub(super) fn show(visit: &Visit, message: &str) -> Result<Response, Trouble> {
    let mut context = visit.context("people")?;
    context.insert("message", message);
    {
        let Some(held) = mine(visit) else { return super::show(visit, "", GONE, &[]) };
        let read = held.as_ref().and_then(|waiting| Some((waiting.mapping.of, waiting.read.as_ref()?)));
        let Some((of, (lists, shown))) = read else { return super::show(visit, "", GONE, &[]) };
        context.insert("kind", &of.to_string());
        context.insert("preview", &shown.people);
        let contacts = shown.contacts.as_ref();
        context.insert("summary", &contacts.map(|contacts| contacts.summary));
        context.insert("new_deciders", &contacts.map(|contacts| &contacts.joined));
        context.insert("ended_deciders", &contacts.map(|contacts| &contacts.ended));
        context.insert("many", &shown.are_many());
        context.insert("many_people", &shown.people.as_ref().is_some_and(|people| people.many_leavers));
        if let Some(file) = &lists.people {
            context.insert("total", &file.people.len());
            context.insert("repeated", &file.repeated);
            context.insert("gone", &file.gone);
            context.insert("to_come", &file.to_come);
        }
    }
    visit.show("people_check.html", &context)
}
