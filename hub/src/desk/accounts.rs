//! Accounts: who has one, when they were last here, and ending that of somebody who has left.
//!
//! They are made, and opened again, on the hub's own computer: whoever sits at a desk gives nobody more than they have.

use std::sync::{Arc, PoisonError};

use axum::{
    Form,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{
    Desk,
    listing::Listing,
    safeguarding,
    taken_out::{self, Names},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::{
    StoreError,
    account_ends::Listed,
    accounts::{AccountError, Duty},
    audit::Actor,
};

/// The address of the list.
const ADDRESS: &str = "/accounts";
/// The address of the file.
const FILE: &str = "/accounts/accounts.csv";
const HEADINGS: [&str; 6] = ["Name", "For", "Holds the key", "Made", "Last signed in", "Ended"];

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    duty: &'static str,
    made: String,
    /// When somebody last signed in with it; empty where nobody has.
    last: String,
    /// When it ended; empty where it has not.
    ended: String,
    holds_key: bool,
    is_me: bool,
    /// Whether whoever looks may end it.
    may_end: bool,
}

impl Row {
    fn new(account: &Listed, visit: &Visit, zone: &TimeZone) -> Self {
        let when = |moment| view::when(moment, zone);
        Self {
            id: account.id,
            name: account.name.clone(),
            duty: called(account.duty),
            made: when(account.made),
            last: account.last.map(when).unwrap_or_default(),
            ended: account.ended.map(when).unwrap_or_default(),
            holds_key: account.holds_key,
            is_me: account.id == visit.account.id,
            may_end: may_end(visit, account),
        }
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    /// That it is the right one is known.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

/// What an account is for, in a word or two.
const fn called(duty: Duty) -> &'static str {
    match duty {
        Duty::Office => "Office",
        Duty::Holder(role) => safeguarding::title(role),
        Duty::Technician => "Technician",
        Duty::Governor => "Governor",
        Duty::Staff => "Other staff",
    }
}

/// Those that are meant: by name, or those nobody has used for longest first.
fn meant(visit: &Visit, which: &Listing) -> Result<Vec<Listed>, Trouble> {
    let mut accounts = visit.desk.hub.store.all_accounts()?;
    accounts.retain(|account| {
        let is_shown = match which.show.as_str() {
            "here" => account.ended.is_none(),
            "never" => account.ended.is_none() && account.last.is_none(),
            "ended" => account.ended.is_some(),
            _ => true,
        };
        is_shown && which.is_named([account.name.as_str()])
    });
    if which.sort == "last" {
        accounts.sort_by_key(|account| account.last);
    }
    Ok(accounts)
}

/// All of them.
pub(super) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Accounts, move |visit| {
        let zone = visit.desk.hub.zone()?;
        let found = meant(&visit, &which)?;
        let rows = which.page(&found).lines.iter().map(|account| Row::new(account, &visit, &zone));
        let (here, ended): (Vec<_>, Vec<_>) = rows.partition(|row| row.ended.is_empty());
        let mut context = visit.context("accounts")?;
        context.insert("here", &here);
        context.insert("ended", &ended);
        which.tell(&visit, &mut context, (ADDRESS, FILE), &found)?;
        visit.show("accounts.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Accounts, move |visit| {
        let zone = visit.desk.hub.zone()?;
        let found = meant(&visit, &which)?;
        let lines = found.iter().map(|account| {
            let Row { name, duty, holds_key, made, last, ended, .. } = Row::new(account, &visit, &zone);
            let key = if holds_key { "yes" } else { "" };
            vec![name, duty.to_owned(), key.to_owned(), made, last, ended]
        });
        let of_people = Names::People("accounts taken as a file", "");
        taken_out::list(&visit, ("accounts", "Accounts"), of_people, &HEADINGS, lines)
    })
    .await
}

/// One of them, before it is ended: what that means.
pub(super) async fn one(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(account): Path<i64>,
) -> Response {
    visit::page(desk, &headers, Room::Accounts, move |visit| {
        let account = endable(&visit, account)?;
        show_one(&visit, &account, "")
    })
    .await
}

fn show_one(visit: &Visit, account: &Listed, message: &str) -> Result<Response, Trouble> {
    let zone = visit.desk.hub.zone()?;
    let mut context = visit.context("accounts")?;
    context.insert("message", message);
    context.insert("one", &Row::new(account, visit, &zone));
    visit.show("account.html", &context)
}

/// Ends it.
pub(super) async fn end(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(account): Path<i64>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Accounts, sent.form_token, move |visit| {
        let account = endable(&visit, account)?;
        let refuse = |why: &str| Ok(visit::refused(show_one(&visit, &account, why)?));
        if sent.sure.is_empty() {
            return refuse("Nothing was changed. Tick that it is the right account, then try again.");
        }
        let (hub, actor) = (&visit.desk.hub, Actor::Account(visit.account.id));
        match hub.store.end_account(&account.name, actor, hub.now()) {
            Ok(_) => {
                let mut unlocked = visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner);
                unlocked.taken(account.id);
                Ok(Redirect::to(ADDRESS).into_response())
            }
            Err(AccountError::Store(error)) => Err(error.into()),
            Err(AccountError::LastOfOffice(_)) => refuse(
                "Nothing was changed: this is the only account of the office, and without one nobody can use the desk. Whoever looks after the hub makes another first.",
            ),
            Err(AccountError::LastHolder(..)) => refuse(
                "Nothing was changed: nobody else holds the key of this role. It would go with the account, and nobody of the role could read what children told. Somebody else gets the key first: from whoever leaves, under Reports; or where they have gone already, with the recovery sheet, or from the headteacher and the chair together. Until then whoever looks after the hub can keep the account shut with a new password that nobody is given.",
            ),
            // Somebody else did so just now.
            Err(AccountError::Ended(_)) => Ok(Redirect::to(ADDRESS).into_response()),
            Err(other) => Err(StoreError::Damaged(other.to_string()).into()),
        }
    })
    .await
}

/// The account of this number, if whoever asks may end it.
fn endable(visit: &Visit, id: i64) -> Result<Listed, Trouble> {
    let found = visit.desk.hub.store.all_accounts()?.into_iter().find(|account| account.id == id);
    found.filter(|account| may_end(visit, account)).ok_or(Trouble::NothingHere)
}

fn may_end(visit: &Visit, account: &Listed) -> bool {
    account.ended.is_none() && account.id != visit.account.id && visit.account.duty.ends(account.duty)
}
