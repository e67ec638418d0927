//! People: lists from the school's management system, looked at before they count.
//!
//! A list is in memory alone, for the account that brought it, until it is taken or left, half an hour at most.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    Form,
    extract::{FromRequest as _, Multipart, Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use records::day::Moment;

use super::{
    Desk, person,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    import::{self, Kind, LineProblem, RosterFile, contacts::ContactList},
    random,
    store::{
        audit::Actor,
        families::Summary,
        people::{ImportError, Preview},
    },
};

/// The longest list that is taken: some thousands of people.
pub(super) const LIST_MAX: usize = 4 * 1024 * 1024;
/// For how many seconds a list waits.
const WAITS: i64 = 30 * 60;
const ADDRESS: &str = "/people";

/// A list that was read, and what it would change.
pub(super) struct Waiting {
    account: i64,
    begun: Moment,
    list: List,
}

enum List {
    People(Box<RosterFile>, Box<Preview>),
    Contacts(Box<ContactList>, Summary, bool),
}

impl Waiting {
    fn of(visit: &Visit, list: List) -> Self {
        Self { account: visit.account.id, begun: visit.desk.hub.now(), list }
    }
    /// Whether it has waited too long.
    pub(super) fn is_stale(&self, now: Moment) -> bool {
        !(0..WAITS).contains(&(now.0 - self.begun.0))
    }
}

/// What was sent to be looked at.
#[derive(Default)]
struct Sent {
    kind: String,
    form_token: String,
    list: Vec<u8>,
}

#[derive(serde::Deserialize)]
pub(super) struct Decided {
    /// “take” or “leave”.
    #[serde(default)]
    what: String,
    /// That it is right that so many leave.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Which {
    /// A part of a name.
    #[serde(default)]
    name: String,
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let mut context = context(&visit, "", "", &[])?;
        context.insert("wanted", which.name.trim());
        context.insert("found", &person::found(&visit, &which.name)?);
        visit.show("people.html", &context)
    })
    .await
}

/// Reads a list and shows what it would change. Nothing is changed.
pub(super) async fn look(State(desk): State<Arc<Desk>>, headers: HeaderMap, request: Request) -> Response {
    if visit::cookie(&headers, visit::SESSION).is_none() {
        return Redirect::to("/sign-in").into_response();
    }
    // What cannot be read as a form is a form without anything, its token included.
    let sent = match Multipart::from_request(request, &()).await {
        Ok(form) => fields(form).await.unwrap_or_default(),
        Err(_) => Sent::default(),
    };
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        match read(&visit, &sent.kind, &sent.list) {
            Ok(list) => {
                *held(&visit) = Some(Waiting::of(&visit, list));
                show_waiting(&visit, "")
            }
            Err(Refused::Lines(problems)) => {
                let mut response = show(&visit, &sent.kind, "", &problems)?;
                *response.status_mut() = StatusCode::BAD_REQUEST;
                Ok(response)
            }
            Err(Refused::Store(trouble)) => Err(trouble),
        }
    })
    .await
}

/// Takes the list that was looked at, or leaves it. Either way it is not kept.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Decided>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let (now, account) = (visit.desk.hub.now(), visit.account.id);
        let waiting = held(&visit).take_if(|waiting| waiting.account == account);
        let waiting = waiting.filter(|waiting| !waiting.is_stale(now));
        let Some(waiting) = waiting else {
            let text = "The list waited for too long, or somebody else brought another. Nothing was changed: bring it again.";
            return show(&visit, "", text, &[]);
        };
        if sent.what != "take" {
            return show(&visit, "", "The list was left. Nothing was changed.", &[]);
        }
        let again = |list, text: &str| {
            *held(&visit) = Some(Waiting::of(&visit, list));
            let mut response = show_waiting(&visit, text)?;
            *response.status_mut() = StatusCode::BAD_REQUEST;
            Ok(response)
        };
        let sure = !sent.sure.is_empty();
        let hub = &visit.desk.hub;
        let actor = Actor::Account(account);
        let told = match waiting.list {
            List::People(file, shown) => {
                let seen = hub.store.preview_import(&file, random::bytes, now).map_err(trouble)?;
                if seen != *shown {
                    let text = "Something else was changed here meanwhile. This is what the list would change now.";
                    return again(List::People(file, Box::new(seen)), text);
                }
                match hub.store.import(&file, sure, random::bytes, actor, now) {
                    Ok(summary) => format!(
                        "The list of {} was taken: {} joined, {} left, {} moved class, {} changed.",
                        file.kind, summary.joined, summary.left, summary.moved, summary.changed
                    ),
                    Err(ImportError::ManyLeavers { .. }) => return again(List::People(file, shown), SURE),
                    Err(error) => return Err(trouble(error)),
                }
            }
            List::Contacts(list, summary, many) => {
                match hub.store.import_contacts(&list, sure, random::bytes, actor, now) {
                    Ok(done) => format!(
                        "The contacts were taken: {} families, {} new grown-ups, {} decide no more.",
                        done.families, done.joined, done.ended
                    ),
                    Err(ImportError::ManyContacts { .. }) => {
                        return again(List::Contacts(list, summary, many), SURE);
                    }
                    Err(error) => return Err(trouble(error)),
                }
            }
        };
        hub.refresh_roster()?;
        show(&visit, "", &told, &[])
    })
    .await
}

const SURE: &str = "Nothing was changed. So many would leave that it may be only a part of the list: tick that it is right, or leave it and bring the whole list.";

enum Refused {
    Lines(Vec<LineProblem>),
    Store(Trouble),
}

impl From<ImportError> for Refused {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Lines(problems) => Self::Lines(problems),
            other => Self::Store(trouble(other)),
        }
    }
}

/// What a list that was looked at and is right can still fail by.
fn trouble(error: ImportError) -> Trouble {
    match error {
        ImportError::Store(error) => Trouble::Store(error),
        other => Trouble::Store(crate::store::StoreError::Damaged(other.to_string())),
    }
}

fn read(visit: &Visit, kind: &str, bytes: &[u8]) -> Result<List, Refused> {
    let (store, now) = (&visit.desk.hub.store, visit.desk.hub.now());
    if kind == "contacts" {
        let list = import::contacts::read(bytes).map_err(Refused::Lines)?;
        let (summary, many) = store.preview_contacts(&list, random::bytes, now)?;
        return Ok(List::Contacts(Box::new(list), summary, many));
    }
    let kind: Option<Kind> = kind.parse().ok();
    let file = import::read(bytes, kind).map_err(Refused::Lines)?;
    let preview = store.preview_import(&file, random::bytes, now)?;
    Ok(List::People(Box::new(file), Box::new(preview)))
}

async fn fields(mut form: Multipart) -> Option<Sent> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "kind" => sent.kind = text(),
            "form_token" => sent.form_token = text(),
            // The file, or what was pasted where there is none.
            "file" | "pasted" if sent.list.is_empty() => sent.list = bytes.to_vec(),
            _ => {}
        }
    }
    Some(sent)
}

fn held(visit: &Visit) -> MutexGuard<'_, Option<Waiting>> {
    visit.desk.list.lock().unwrap_or_else(PoisonError::into_inner)
}

fn show(visit: &Visit, kind: &str, message: &str, problems: &[LineProblem]) -> Result<Response, Trouble> {
    visit.show("people.html", &context(visit, kind, message, problems)?)
}

fn context(
    visit: &Visit,
    kind: &str,
    message: &str,
    problems: &[LineProblem],
) -> Result<tera::Context, Trouble> {
    let people = visit.desk.hub.store.people()?;
    let here = |kind: Kind| people.iter().filter(|p| p.kind == kind && p.left.is_none()).count();
    let mut context = visit.context("people")?;
    context.insert("pupils", &here(Kind::Pupils));
    context.insert("staff", &here(Kind::Staff));
    context.insert("governors", &here(Kind::Governors));
    context.insert("families", &visit.desk.hub.store.families()?.len());
    context.insert("kind", kind);
    context.insert("message", message);
    let lines: Vec<(u64, &str)> = problems.iter().map(|p| (p.line, p.message.as_str())).collect();
    context.insert("problems", &lines);
    context.insert("wanted", "");
    Ok(context)
}

fn show_waiting(visit: &Visit, message: &str) -> Result<Response, Trouble> {
    let mut context = visit.context("people")?;
    context.insert("message", message);
    let held = held(visit);
    match held.as_ref().map(|waiting| &waiting.list) {
        Some(List::People(file, preview)) => {
            context.insert("kind", &file.kind.to_string());
            context.insert("total", &file.people.len());
            context.insert("preview", preview);
            context.insert("many", &preview.many_leavers);
        }
        Some(List::Contacts(_, summary, many)) => {
            context.insert("kind", "contacts");
            context.insert("summary", summary);
            context.insert("many", many);
        }
        None => return Ok(Redirect::to(ADDRESS).into_response()),
    }
    drop(held);
    visit.show("people_check.html", &context)
}
