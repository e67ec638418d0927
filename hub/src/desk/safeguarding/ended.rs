//! Closed reports whose time has come by the school's rules. None goes by itself: somebody of each of the two roles that
//! read it has to agree, so that nobody can throw away what the other role has.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;
use records::{
    day::Day,
    report::Role,
    report_entry::{Author, Deed, Row as EntryRow},
    retention::{Kept, RetentionRules},
};
use serde::Serialize;

use super::{ADDRESS, Asking, Held, Open, Standing, all, entries, refused, view, write};
use crate::{
    clock,
    desk::visit::{Trouble, Visit},
    retention::{
        due::{Memory, Standing as May},
        running,
    },
    store::report_entries::Place,
};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Agreed {
    /// That the report was looked at, and need not be kept.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    told: String,
    closed: String,
    ended: String,
    entries: usize,
    /// Who has agreed, by name.
    agreed: Vec<String>,
    /// Whether this visitor's role has.
    mine: bool,
    /// Whose agreement is missing besides.
    other: String,
}

/// Those whose time has come, of those that this box's key opens.
pub(in crate::desk) async fn list(asking: Asking) -> Response {
    super::page(asking, |visit, open| show(visit, open, "")).await
}

/// This visitor's role agrees. Where the other one has before, it goes.
pub(in crate::desk) async fn agree(
    asking: Asking,
    Path(id): Path<String>,
    axum::Form(sent): axum::Form<Agreed>,
) -> Response {
    super::form(asking, sent.form_token, move |visit, open| {
        let held = Held::find(visit, open, &id)?;
        let refuse = |why: &str| refused(StatusCode::BAD_REQUEST, show(visit, open, why));
        if ripe(visit, &held.standing(), &visit.desk.hub.zone()?)?.is_none() || held.is_aside_for(visit) {
            return refuse("Nothing was changed: it may not go now.");
        }
        if sent.sure.is_empty() {
            return refuse("Nothing was changed. Look at the report, and tick that it need not be kept.");
        }
        let agreed = roles(visit, &held.standing().may_go)?;
        if agreed.iter().any(|role| *role != open.role && role.reads(held.found.route)) {
            let places = places(visit, &held)?;
            let hub = &visit.desk.hub;
            hub.store.remove_report(held.found.id, &places, visit.account.id, hub.now())?;
            running::after_removal(hub)?;
        } else if !agreed.contains(&open.role) {
            write(visit, &held.key, EntryRow::Deeds, Deed::MayGo)?;
        }
        Ok(Redirect::to(&format!("{ADDRESS}/ended")).into_response())
    })
    .await
}

fn show(visit: &Visit, open: &Open, message: &str) -> Result<Response, Trouble> {
    let zone = visit.desk.hub.zone()?;
    let mut rows = Vec::new();
    for (standing, held) in all(visit, open)? {
        if held.is_aside_for(visit) {
            continue;
        }
        if let Some((closed, ended)) = ripe(visit, &standing, &zone)? {
            let agreed = roles(visit, &standing.may_go)?;
            rows.push(Row {
                id: held.found.id.to_string(),
                told: held.report.day.in_words(),
                closed: closed.in_words(),
                ended: ended.in_words(),
                entries: held.deeds.len(),
                agreed: standing.may_go.iter().map(|author| author.name.clone()).collect(),
                mine: agreed.contains(&open.role),
                other: view::readers(held.found.route, open.role),
            });
        }
    }
    let mut context = visit.context("reports")?;
    context.insert("rows", &rows);
    context.insert("message", message);
    let keep =
        rules(visit)?.and_then(|rules| Some(crate::desk::retention::kept_for(rules.rule(Kept::Reports)?)));
    context.insert("keep", &keep.unwrap_or_default());
    visit.show("ended.html", &context)
}

fn rules(visit: &Visit) -> Result<Option<RetentionRules>, Trouble> {
    Ok(visit.desk.hub.pack()?.and_then(|pack| pack.content.retention.clone()))
}

/// When a report was closed and when its time came, if it may go now: closed, not held, and past the notice of the rules.
fn ripe(visit: &Visit, standing: &Standing, zone: &TimeZone) -> Result<Option<(Day, Day)>, Trouble> {
    let (Some(rules), Some(closed), false) = (rules(visit)?, standing.closed, standing.held) else {
        return Ok(None);
    };
    let hub = &visit.desk.hub;
    let (today, closed) = (clock::day(hub.now(), zone), clock::day(closed, zone));
    let memory = Memory::look(hub.store.retention_memory()?, &rules, today);
    if memory.standing(&rules, today) != May::Runs {
        return Ok(None);
    }
    let ends = rules.rule(Kept::Reports).and_then(|rule| rule.ends(closed));
    Ok(ends.filter(|ends| *ends <= today).map(|ends| (closed, ends)))
}

/// The roles of these accounts, as far as they hold one now.
fn roles(visit: &Visit, authors: &[Author]) -> Result<Vec<Role>, Trouble> {
    let keys = visit.desk.hub.store.role_keys()?;
    let held = keys.iter().filter(|key| authors.iter().any(|author| author.account == key.account));
    Ok(held.map(|key| key.public.role).collect())
}

/// Where all entries of a report lie.
fn places(visit: &Visit, held: &Held) -> Result<Vec<Place>, Trouble> {
    let mut places = Vec::new();
    for row in [EntryRow::Deeds, EntryRow::Readings] {
        let count = entries(visit, &held.key, row)?.len();
        places.extend((1..).take(count).map(|number| held.key.place(row, number)));
    }
    Ok(places)
}
