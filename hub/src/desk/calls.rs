//! Calls for a grown-up: on every page of the desk, loudly, until somebody says that they are going.

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
    Desk,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::StoreError;

/// After so many seconds without anybody who goes, a call is told louder.
const LOUDER: i64 = 60;

/// A call, as pages show it.
#[derive(Serialize)]
pub(super) struct CallRow {
    /// The kiosk, for the form that takes the call.
    kiosk: String,
    place: String,
    /// “just now”, “2 minutes ago”.
    since: String,
    louder: bool,
}

/// The calls that nobody has taken.
pub(super) fn open(desk: &Desk) -> Result<Vec<CallRow>, StoreError> {
    let now = desk.hub.now();
    let row = |call: crate::store::calls::OpenCall| CallRow {
        kiosk: call.device.to_string(),
        place: call.place,
        since: ago(call.since, now),
        louder: now.0 - call.since.0 >= LOUDER,
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

/// What open pages ask every few seconds. It is no sign of life of whoever sits there.
pub(super) async fn list(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let Some(token) = visit::cookie(&headers, visit::SESSION) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let answer = tokio::task::spawn_blocking(move || {
        let known = desk.hub.store.glance(token.as_bytes(), desk.hub.now())?.is_some();
        Ok::<_, StoreError>(if known { Some(open(&desk)?) } else { None })
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
pub(super) struct Going {
    #[serde(default)]
    form_token: String,
}

/// “I am going”
pub(super) async fn go(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(kiosk): Path<String>,
    Form(sent): Form<Going>,
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
