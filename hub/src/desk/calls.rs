//! Calls for a grown-up: on every page of the desk, loudly, until somebody says that they are going; and again, if they
//! cannot after all.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use records::{day::Moment, ids::DeviceId};
use serde::Serialize;

use super::{
    Desk, listening, view,
    visit::{self, Room, SESSION, Trouble, Visit},
};
use crate::{
    clock,
    hub::form_token,
    mail,
    store::{StoreError, calls::OpenCall},
};

/// After so many seconds without anybody who goes, a call is told louder.
const LOUDER: i64 = 60;

/// A call, as pages show it.
#[derive(Serialize)]
pub(super) struct CallRow {
    place: String,
    /// “just now”, “2 minutes ago”.
    since: String,
    louder: bool,
    /// Somebody was going, and cannot after all.
    given_back: bool,
    /// For whoever is signed in; others have to be, before they can say that they are going.
    go: Option<Go>,
}

/// What the form needs that takes a call.
#[derive(Serialize)]
struct Go {
    kiosk: String,
    form_token: String,
}

/// The calls that nobody has taken, for the one whose session it is, or for a page that only listens.
pub(super) fn open(desk: &Desk, session: Option<&str>) -> Result<Vec<CallRow>, StoreError> {
    let now = desk.hub.now();
    let row = |call: OpenCall| CallRow {
        place: call.place,
        since: ago(call.since, now),
        louder: call.given_back || now.0 - call.since.0 >= LOUDER,
        given_back: call.given_back,
        go: session.map(|token| Go { kiosk: call.device.to_string(), form_token: form_token(token) }),
    };
    Ok(desk.hub.store.open_calls(now)?.into_iter().map(row).collect())
}

fn ago(since: Moment, now: Moment) -> String {
    match now.0.saturating_sub(since.0) / 60 {
        ..=0 => "just now".to_owned(),
        1 => "a minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    }
}

/// Where somebody has said that they are going, for the form that takes it back.
#[derive(Serialize)]
pub(super) struct GoingRow {
    kiosk: String,
    place: String,
    /// “9:05”.
    at: String,
    /// The same in seconds, for the form.
    taken: i64,
}

/// That a letter about a call did not go, as pages tell it.
#[derive(Debug, Serialize)]
pub(super) struct NotWrittenRow {
    at: String,
    why: String,
    /// Whether it went to others.
    reached: bool,
}

/// What was in the way of the last letter about a call, if something was.
pub(super) fn not_written(visit: &Visit) -> Result<Option<NotWrittenRow>, StoreError> {
    let hub = &visit.desk.hub;
    let Some(kept) = mail::calls::not_written(hub)? else { return Ok(None) };
    Ok(Some(NotWrittenRow {
        at: view::when(Moment(kept.at), &hub.zone()?),
        why: kept.why,
        reached: kept.reached,
    }))
}

/// Where whoever visits has said lately that they are going.
pub(super) fn going(visit: &Visit) -> Result<Vec<GoingRow>, StoreError> {
    let hub = &visit.desk.hub;
    let all = hub.store.going(visit.account.id, hub.now())?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let zone = hub.zone()?;
    let row = |going: crate::store::calls::Going| GoingRow {
        kiosk: going.device.to_string(),
        place: going.place,
        at: clock::local(going.taken, &zone).strftime("%-H:%M").to_string(),
        taken: going.taken.0,
    };
    Ok(all.into_iter().map(row).collect())
}

/// What open pages ask every few seconds. It is no sign of life of whoever sits there, and is answered on when nobody
/// does.
pub(super) async fn list(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let answer = tokio::task::spawn_blocking(move || {
        if let Some(token) = visit::cookie(&headers, SESSION)
            && desk.hub.store.glance(token.as_bytes(), desk.hub.now())?.is_some()
        {
            return open(&desk, Some(&token)).map(Some);
        }
        listening::heard(&desk, &headers)
    });
    match answer.await {
        Ok(Ok(Some(calls))) => match serde_json::to_vec(&calls) {
            Ok(list) => ([(header::CONTENT_TYPE, "application/json")], list).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        // The page then says that it hears no calls.
        Ok(Ok(None)) => StatusCode::FORBIDDEN.into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    form_token: String,
}

/// “I am going”
pub(super) async fn go(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(kiosk): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Everybody, sent.form_token, move |visit| {
        let device: DeviceId = kiosk.parse().map_err(|_| Trouble::NothingHere)?;
        let hub = &visit.desk.hub;
        let place = hub.store.kiosks()?.into_iter().find(|k| k.device == device).map(|k| k.name);
        let place = place.ok_or(Trouble::NothingHere)?;
        let was_waiting = hub.store.go_to(device, visit.account.id, hub.now())?;
        if !was_waiting {
            return Ok(Redirect::to("/").into_response());
        }
        gone(&visit, &place)
    })
    .await
}

fn gone(visit: &Visit, place: &str) -> Result<Response, Trouble> {
    let mut context = visit.context("calls")?;
    context.insert("place", place);
    visit.show("going.html", &context)
}

#[derive(serde::Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    taken: i64,
    #[serde(default)]
    form_token: String,
}

/// “I cannot go after all”: the next page shows the call again, as every other does.
pub(super) async fn back(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(kiosk): Path<String>,
    Form(sent): Form<Back>,
) -> Response {
    visit::form(desk, &headers, Room::Everybody, sent.form_token, move |visit| {
        let device: DeviceId = kiosk.parse().map_err(|_| Trouble::NothingHere)?;
        let hub = &visit.desk.hub;
        hub.store.cannot_go(device, visit.account.id, Moment(sent.taken), hub.now())?;
        Ok(Redirect::to("/").into_response())
    })
    .await
}
