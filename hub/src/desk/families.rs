//! Families: who decides for whom, and the letters with their codes.

use std::sync::{Arc, MutexGuard};

use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;

use super::{
    Desk,
    listing::Listing,
    mailing::{self, Mailing, Step},
    taken_out::{self, Names, download},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{clock, families::Household};

/// The address of the list.
const ADDRESS: &str = "/families";
/// The address of its file.
const FILE: &str = "/families/families.csv";
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
pub(super) struct Wanted {
    /// “missing”, “all”, or a family's id.
    #[serde(default)]
    families: String,
    /// That the old codes end is known.
    #[serde(default)]
    sure: String,
    /// That letters that wait to be downloaded are thrown away is known.
    #[serde(default)]
    lose: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Done {
    /// That letters that wait to be downloaded are thrown away is known.
    #[serde(default)]
    lose: String,
    #[serde(default)]
    form_token: String,
}

pub(super) async fn list(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show(&visit, &which, "")).await
}

fn show(visit: &Visit, which: &Listing, message: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let all = hub.households()?;
    let found = wanted(&all, which);
    let shown: Vec<_> = which.page(&found).lines.iter().map(|family| row(family, &zone)).collect();
    let mut context = visit.context("families")?;
    which.tell(visit, &mut context, (ADDRESS, FILE), &found)?;
    let classes: Vec<_> =
        hub.store.classes()?.into_iter().map(|class| (class.id.to_string(), class.name)).collect();
    context.insert("classes", &classes);
    context.insert("families", &shown);
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

/// Those that are meant: by the children's surnames, or those without a code first and then by how old it is.
fn wanted<'f>(all: &'f [Household], which: &Listing) -> Vec<&'f Household> {
    let is_meant = |family: &&Household| {
        let mut children = family.children.iter();
        let is_shown = match which.show.as_str() {
            "missing" => family.code_made.is_none() && !family.withheld,
            "has" => family.code_made.is_some(),
            "withheld" => family.withheld,
            _ => true,
        };
        let names: Vec<String> = children.clone().map(|(child, _)| child.name()).collect();
        let grown_ups = family.grown_ups.iter().map(|grown_up| grown_up.name.as_str());
        is_shown
            && which.is_named(names.iter().map(String::as_str).chain(grown_ups))
            && (which.class.is_empty()
                || children.any(|(child, _)| child.class.is_some_and(|id| id.to_string() == which.class)))
    };
    let mut found: Vec<&Household> = all.iter().filter(is_meant).collect();
    if which.sort == "code" {
        found.sort_by_key(|family| family.code_made.map(|made| made.0));
    }
    found
}

/// The same as a file for a spreadsheet. A family that gets no letter is not in it: why, leaves the desk by no way.
pub(super) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let hub = &visit.desk.hub;
        let (zone, all) = (hub.zone()?, hub.households()?);
        let headings = ["Children", "Classes", "Grown-ups who decide", "Address", "Code since"];
        let line = |family: &&Household| {
            let children = family.children.iter();
            let each = |words: Vec<String>| words.join("; ");
            vec![
                each(children.clone().map(|(child, _)| child.name()).collect()),
                each(children.map(|(_, class)| class.clone()).collect()),
                each(family.grown_ups.iter().map(|grown_up| grown_up.name.clone()).collect()),
                family.address.join(", "),
                family.code_made.map(|made| clock::day(made, &zone).to_string()).unwrap_or_default(),
            ]
        };
        let found = wanted(&all, &which);
        let lines = found.iter().filter(|family| !family.withheld).map(line);
        let names = Names::People("families downloaded", "");
        taken_out::list(&visit, ("families", "Families"), names, &headings, lines)
    })
    .await
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
    visit::form(desk, &headers, Room::Office, sent.form_token.clone(), move |visit| {
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
        let is_one_with_a_code = |family: &Household| hex(family) == sent.families && family.code_made.is_some();
        let is_meant: Box<dyn Fn(&Household) -> bool> = match sent.families.as_str() {
            "missing" => Box::new(|family: &Household| family.code_made.is_none()),
            "all" if sent.sure.is_empty() => {
                let text = "No letter was made. Every family’s old code would end: tick that you know it, then try again.";
                return refused(&visit, text);
            }
            "all" => Box::new(|_: &Household| true),
            _ if sent.sure.is_empty() && all.iter().any(is_one_with_a_code) => {
                let text = "No letter was made. The family’s old code would end: tick that you know it, then try again.";
                return refused(&visit, text);
            }
            id => Box::new(move |family: &Household| hex(family) == id),
        };
        let mut held = mailing(&visit);
        if held.as_ref().is_some_and(Mailing::is_under_way) {
            return Ok(Redirect::to(LETTERS).into_response());
        }
        let waiting = held.as_ref().filter(|letters| letters.waits());
        if let Some(letters) = waiting.filter(|_| sent.lose.is_empty()) {
            let waiting = Waits::new(&visit, letters)?;
            drop(held);
            return waiting.show(&visit, Some((&sent.families, &sent.sure)));
        }
        // Whose letter is thrown away has a code that nobody knows: they get another with these.
        let is_wanted = |family: &Household| is_meant(family) || waiting.is_some_and(|letters| letters.is_to(family));
        let wanted: Vec<Household> = all.into_iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            drop(held);
            return refused(&visit, "No letter was made: there is no such family.");
        }
        *held = Some(Mailing::begin(hub.clone(), &visit.account, wanted));
        Ok(Redirect::to(LETTERS).into_response())
    })
    .await
}

/// Letters that are ready, and that nobody has downloaded.
struct Waits {
    count: usize,
    by: String,
    since: String,
    is_mine: bool,
}

impl Waits {
    fn new(visit: &Visit, letters: &Mailing) -> Result<Self, Trouble> {
        Ok(Self {
            count: letters.total,
            by: letters.by.clone(),
            since: view::when(letters.begun, &visit.desk.hub.zone()?),
            is_mine: letters.account == visit.account.id,
        })
    }

    /// The page that says where they are, and asks before they are thrown away: for others, for which families and
    /// whether it was ticked that their codes end; or for none.
    fn show(&self, visit: &Visit, others: Option<(&str, &str)>) -> Result<Response, Trouble> {
        let mut context = visit.context("families")?;
        context.insert("count", &self.count);
        context.insert("by", &self.by);
        context.insert("since", &self.since);
        context.insert("is_mine", &self.is_mine);
        context.insert("for_others", &others.is_some());
        let (families, sure) = others.unwrap_or_default();
        context.insert("families", families);
        context.insert("sure", sure);
        let mut page = visit.show("letters_wait.html", &context)?;
        *page.status_mut() = StatusCode::CONFLICT;
        Ok(page)
    }
}

fn refused(visit: &Visit, text: &str) -> Result<Response, Trouble> {
    Ok(visit::refused(show(visit, &Listing::default(), text)?))
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
        let made = {
            let held = mailing(&visit);
            let mine = held.as_ref().filter(|m| m.account == visit.account.id).ok_or(Trouble::NothingHere)?;
            let Step::Ready(made) = mine.step() else { return Err(Trouble::NothingHere) };
            mine.fetched();
            made
        };
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
    visit::form(desk, &headers, Room::Office, sent.form_token.clone(), move |visit| {
        let mut held = mailing(&visit);
        let mine = held.as_ref().filter(|letters| letters.account == visit.account.id);
        if let Some(letters) = mine.filter(|letters| letters.waits() && sent.lose.is_empty()) {
            let waiting = Waits::new(&visit, letters)?;
            drop(held);
            return waiting.show(&visit, None);
        }
        if mine.is_some_and(|letters| !letters.is_under_way()) {
            *held = None;
        }
        Ok(Redirect::to("/families").into_response())
    })
    .await
}

fn mailing(visit: &Visit) -> MutexGuard<'_, Option<Mailing>> {
    visit.desk.mailing(visit.desk.hub.now())
}
