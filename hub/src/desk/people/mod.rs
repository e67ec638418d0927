//! People: lists from the school's management system, looked at before they count, and the last one taken back.
//!
//! 1. A file is brought ([`look`]); where its columns were not said before, [`columns`] shows them with a guess for each.
//! 2. [`check`] shows what the list would change, and takes it.
//! 3. [`undo`]: the last list is taken back.
//! 4. [`remembered`]: what was said of columns before, to be forgotten.
//! 5. [`everybody`]: all who are on the lists.
//!
//! A list is in memory alone, for the account that brought it, until it is taken or left, half an hour at most.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    Form,
    extract::{Query, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::day::Moment;

use super::{
    Desk, person,
    upload::Upload,
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    import::{
        Kind, LineProblem, Lists,
        columns::{ListOf, Mapping},
        sheet::Sheet,
    },
    store::{audit::Actor, lists::Shown, people::ImportError},
};

pub(super) mod check;
pub(super) mod columns;
pub(super) mod everybody;
pub(super) mod remembered;

/// The longest list that is taken: some thousands of people.
pub(super) const LIST_MAX: usize = 4 * 1024 * 1024;
/// For how many seconds a list waits.
const WAITS: i64 = 30 * 60;

/// A file that was brought, what its columns hold, and, once that is said, what it would change.
pub(super) struct Waiting {
    account: i64,
    begun: Moment,
    sheet: Sheet,
    mapping: Mapping,
    read: Option<(Box<Lists>, Shown)>,
}

impl Waiting {
    /// Whether it has waited too long.
    pub(super) fn is_stale(&self, now: Moment) -> bool {
        !(0..WAITS).contains(&(now.0 - self.begun.0))
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Which {
    /// A part of a name.
    #[serde(default)]
    name: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Undo {
    #[serde(default)]
    form_token: String,
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

/// Reads a file. Where all of its columns were said before it shows what the list would change, else its columns.
/// Nothing is changed.
pub(super) async fn look(State(desk): State<Arc<Desk>>, headers: HeaderMap, request: Request) -> Response {
    if visit::cookie(&headers, visit::SESSION).is_none() {
        return Redirect::to("/sign-in").into_response();
    }
    let sent = Upload::read(request).await;
    visit::form(desk, &headers, Room::Office, sent.words("form_token"), move |visit| {
        let kind = sent.words("kind");
        let of: ListOf = kind.parse().unwrap_or(ListOf::People(Kind::Pupils));
        let sheet = match Sheet::read(sent.file(&["file", "pasted"])) {
            Ok(sheet) => sheet,
            Err(problem) => return Ok(visit::refused(show(&visit, &kind, "", &[problem])?)),
        };
        let store = &visit.desk.hub.store;
        let remembered = store.remembered_columns(&of.to_string())?;
        let mapping = Mapping::guess(&sheet, of, &remembered);
        let known = Mapping::is_remembered(&sheet.headings, &remembered);
        let (account, begun) = (visit.account.id, visit.desk.hub.now());
        *held(&visit) = Some(Waiting { account, begun, sheet, mapping, read: None });
        if known { columns::go_on(&visit) } else { columns::show(&visit, &[]) }
    })
    .await
}

/// Takes the last list back.
pub(super) async fn undo(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Undo>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let hub = &visit.desk.hub;
        match hub.store.undo_list(Actor::Account(visit.account.id), hub.now())? {
            Ok(what) => {
                hub.tell_kiosks();
                let text = format!("The list of {what} was taken back. Everything is as it was before it.");
                show(&visit, "", &text, &[])
            }
            Err(against) => {
                let text = format!("Nothing was changed: {}.", against.join("; "));
                Ok(visit::refused(show(&visit, "", &text, &[])?))
            }
        }
    })
    .await
}

/// The list that this account brought, while it waits.
fn mine<'v>(visit: &'v Visit) -> Option<MutexGuard<'v, Option<Waiting>>> {
    let (now, account) = (visit.desk.hub.now(), visit.account.id);
    let held = held(visit);
    let is_mine = held.as_ref().is_some_and(|waiting| waiting.account == account && !waiting.is_stale(now));
    is_mine.then_some(held)
}

const GONE: &str =
    "The list waited for too long, or somebody else brought another. Nothing was changed: bring it again.";

fn held(visit: &Visit) -> MutexGuard<'_, Option<Waiting>> {
    visit.desk.list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a list that was looked at and is right can still fail by.
fn trouble(error: ImportError) -> Trouble {
    match error {
        ImportError::Store(error) => Trouble::Store(error),
        other => Trouble::Store(crate::store::StoreError::Damaged(other.to_string())),
    }
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
    let hub = &visit.desk.hub;
    let people = hub.store.people()?;
    let here = |kind: Kind| people.iter().filter(|p| p.kind == kind && p.left.is_none()).count();
    let mut context = visit.context("people")?;
    context.insert("pupils", &here(Kind::Pupils));
    context.insert("staff", &here(Kind::Staff));
    context.insert("volunteers", &here(Kind::Volunteers));
    context.insert("governors", &here(Kind::Governors));
    context.insert("families", &hub.store.families()?.len());
    context.insert("kind", kind);
    context.insert("message", message);
    insert_problems(&mut context, problems);
    context.insert("wanted", "");
    let zone = hub.zone()?;
    let last = hub.store.last_list(hub.now())?.map(|last| {
        serde_json::json!({
            "what": last.what,
            "taken": view::when(last.taken, &zone),
            "until": view::when(last.until, &zone),
            "against": last.against,
        })
    });
    context.insert("last", &last);
    Ok(context)
}

/// So many problems are shown; the rest is counted.
const PROBLEMS: usize = 60;

fn insert_problems(context: &mut tera::Context, problems: &[LineProblem]) {
    let shown = problems.iter().take(PROBLEMS);
    let lines: Vec<_> =
        shown.map(|p| (p.line, p.column.as_deref().unwrap_or_default(), p.message.as_str())).collect();
    context.insert("problems", &lines);
    context.insert("problem_count", &problems.len());
}
