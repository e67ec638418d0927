//! Families: who decides for whom, and the letters with their codes.

use std::sync::{Arc, MutexGuard};

use axum::{
    Form,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;

use super::{
    Desk,
    consent::download,
    mailing::{self, Mailing, Step},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::families::Household;

/// The address of the letters under way.
const LETTERS: &str = "/families/letters";

#[derive(Serialize)]
struct FamilyRow {
    id: String,
    children: Vec<(String, String, String)>,
    grown_ups: Vec<String>,
    address: String,
    code: String,
    withheld: bool,
}

#[derive(serde::Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    name: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Wanted {
    /// “missing”, “all”, or a family's id.
    #[serde(default)]
    families: String,
    /// That the old codes end is known.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    form_token: String,
}

pub(super) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show(&visit, &which.name, "")).await
}

fn show(visit: &Visit, name: &str, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let all = hub.households()?;
    let wanted = name.trim().to_lowercase();
    let shown: Vec<_> =
        all.iter().filter(|family| is_named(family, &wanted)).map(|f| row(f, &zone)).collect();
    let mut context = visit.context("families")?;
    context.insert("families", &shown);
    context.insert("wanted", name.trim());
    context.insert("total", &all.len());
    context.insert("missing", &all.iter().filter(|f| f.code_made.is_none() && !f.withheld).count());
    context.insert("withheld", &all.iter().filter(|family| family.withheld).count());
    context.insert("message", message);
    context.insert("under_way", &mailing(visit).is_some());
    context.insert("prints", &hub.content().is_some());
    visit.show("families.html", &context)
}

fn hex(family: &Household) -> String {
    data_encoding::HEXLOWER.encode(&family.id)
}

fn is_named(family: &Household, wanted: &str) -> bool {
    let children = family.children.iter().map(|(child, _)| child.name());
    let grown_ups = family.grown_ups.iter().map(|g| g.name.clone());
    children.chain(grown_ups).any(|name| name.to_lowercase().contains(wanted))
}

fn row(family: &Household, zone: &jiff::tz::TimeZone) -> FamilyRow {
    let child = |(child, class): &(crate::store::people::Person, String)| {
        (child.id.to_string(), child.name(), class.clone())
    };
    FamilyRow {
        id: hex(family),
        children: family.children.iter().map(child).collect(),
        grown_ups: family.grown_ups.iter().map(|g| g.name.clone()).collect(),
        address: family.address.join(", "),
        withheld: family.withheld,
        code: family.code_made.map(|moment| view::when(moment, zone)).unwrap_or_default(),
    }
}

/// Begins to make letters.
pub(super) async fn begin(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Wanted>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let hub = &visit.desk.hub;
        let mut all = hub.households()?;
        if let Some(family) = all.iter().find(|family| family.withheld && hex(family) == sent.families) {
            let text = format!(
                "No letter was made: contact is restricted for {}. Look at the order under Court orders, and decide there.",
                family.addressee()
            );
            return refused(&visit, &text);
        }
        all.retain(|family| !family.withheld);
        let wanted: Vec<Household> = match sent.families.as_str() {
            "missing" => all.into_iter().filter(|family| family.code_made.is_none()).collect(),
            "all" if sent.sure.is_empty() => {
                let text = "No letter was made. Every family’s old code would end: tick that you know it, then try again.";
                return refused(&visit, text);
            }
            "all" => all,
            id => all.into_iter().filter(|family| hex(family) == id).collect(),
        };
        if wanted.is_empty() {
            return refused(&visit, "No letter was made: there is no such family.");
        }
        let mut held = mailing(&visit);
        if held.as_ref().is_some_and(Mailing::is_under_way) {
            return Ok(Redirect::to(LETTERS).into_response());
        }
        *held = Some(Mailing::begin(hub.clone(), visit.account.id, wanted));
        Ok(Redirect::to(LETTERS).into_response())
    })
    .await
}

fn refused(visit: &Visit, text: &str) -> Result<Response, Trouble> {
    Ok(visit::refused(show(visit, "", text)?))
}

/// How far the letters are.
pub(super) async fn progress(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Office, |visit| {
        let mut context = visit.context("families")?;
        {
            let held = mailing(&visit);
            let Some(mailing) = held.as_ref().filter(|m| m.account == visit.account.id) else {
                return Ok(Redirect::to("/families").into_response());
            };
            let (step, why) = match mailing.step() {
                Step::Codes => ("codes", String::new()),
                Step::Letters => ("letters", String::new()),
                Step::Ready(made) if made.form == mailing::Form::List => ("list", String::new()),
                Step::Ready(_) => ("ready", String::new()),
                Step::Failed(why) => ("failed", why),
            };
            context.insert("step", step);
            context.insert("why", why.trim_end_matches('.'));
            context.insert("done", &mailing.done());
            context.insert("total", &mailing.total);
            let percent = (mailing.done() * 100).checked_div(mailing.total).unwrap_or_default();
            context.insert("percent", &percent);
        }
        visit.show("letters.html", &context)
    })
    .await
}

/// The letters, for whoever asked for them.
pub(super) async fn file(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Office, |visit| {
        let step = {
            let held = mailing(&visit);
            let mine = held.as_ref().filter(|m| m.account == visit.account.id);
            mine.ok_or(Trouble::NothingHere)?.step()
        };
        let Step::Ready(made) = step else { return Err(Trouble::NothingHere) };
        let (kind, name) = match made.form {
            mailing::Form::Letters => ("application/pdf", "letters-with-codes-PERSONAL-DATA.pdf"),
            mailing::Form::Parcel => ("application/zip", "letters-with-codes-PERSONAL-DATA.zip"),
            mailing::Form::List => ("text/csv; charset=utf-8", "families-with-codes-PERSONAL-DATA.csv"),
        };
        Ok(download(kind, name, made.bytes.clone()))
    })
    .await
}

/// They have been taken: nothing of them stays.
pub(super) async fn done(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Done>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, |visit| {
        let mut held = mailing(&visit);
        if held.as_ref().is_some_and(|m| m.account == visit.account.id && !m.is_under_way()) {
            *held = None;
        }
        Ok(Redirect::to("/families").into_response())
    })
    .await
}

fn mailing(visit: &Visit) -> MutexGuard<'_, Option<Mailing>> {
    visit.desk.mailing(visit.desk.hub.now())
}
