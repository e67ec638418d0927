//! One kiosk: how it does, what it is called, and striking it off.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    super::{
        Desk,
        visit::{self, Room, Trouble, Visit},
    },
    NAME_LETTERS, cleaned, row,
};
use crate::store::{audit::Actor, kiosks::Kiosk};

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    form_token: String,
}

pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(device): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        let kiosk = found(&visit, &device)?;
        show(&visit, &kiosk, "kiosk.html", "")
    })
    .await
}

/// Calls it otherwise at the desk, as for a kiosk that was moved to another room.
pub(in crate::desk) async fn rename(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(device): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, sent.form_token, move |visit| {
        let kiosk = found(&visit, &device)?;
        let Some(name) = cleaned(&sent.name) else {
            let text = "Nothing was changed. Write where the kiosk stands, as staff know the room.";
            return Ok(visit::refused(show(&visit, &kiosk, "kiosk.html", text)?));
        };
        if name != kiosk.name {
            let (hub, actor) = (&visit.desk.hub, Actor::Account(visit.account.id));
            hub.store.rename_kiosk(kiosk.device, &name, actor, hub.now())?;
        }
        Ok(Redirect::to(&format!("/kiosks/{}", kiosk.device)).into_response())
    })
    .await
}

/// What it means to strike it off, before anybody does.
pub(in crate::desk) async fn sure(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(device): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        let kiosk = found(&visit, &device)?;
        if kiosk.struck_off.is_some() {
            return Ok(Redirect::to(&format!("/kiosks/{}", kiosk.device)).into_response());
        }
        show(&visit, &kiosk, "kiosk_strike_off.html", "")
    })
    .await
}

pub(in crate::desk) async fn strike_off(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(device): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, sent.form_token, move |visit| {
        let kiosk = found(&visit, &device)?;
        let hub = &visit.desk.hub;
        // Done by somebody else meanwhile, it is done.
        hub.store.strike_off(kiosk.device, Actor::Account(visit.account.id), hub.now())?;
        Ok(Redirect::to(&format!("/kiosks/{}", kiosk.device)).into_response())
    })
    .await
}

fn found(visit: &Visit, device: &str) -> Result<Kiosk, Trouble> {
    let device = device.parse().map_err(|_| Trouble::NothingHere)?;
    let kiosks = visit.desk.hub.store.kiosks()?;
    kiosks.into_iter().find(|kiosk| kiosk.device == device).ok_or(Trouble::NothingHere)
}

fn show(visit: &Visit, kiosk: &Kiosk, template: &str, refused: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let newest = hub.store.newest_pack_number()?;
    let mut context = visit.context("kiosks")?;
    context.insert("kiosk", &row(kiosk, newest, &hub.zone()?));
    context.insert("newest", &newest.unwrap_or_default());
    context.insert("newest_roster", &hub.store.newest_roster_number()?.unwrap_or_default());
    context.insert("fingerprint", &kiosk.key.fingerprint().to_string());
    context.insert("letters", &NAME_LETTERS);
    context.insert("refused", refused);
    visit.show(template, &context)
}
