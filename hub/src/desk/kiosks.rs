//! Kiosks: which there are, how they do, pairing another; and the records that were set aside.

use std::{collections::HashMap, sync::Arc};

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use jiff::tz::TimeZone;
use records::{
    day::Moment,
    ids::{DeviceId, RecordId},
    pairing::CODE_SECONDS,
};
use serde::Serialize;

use super::{
    Desk, view,
    visit::{self, Room},
};
use crate::{
    serve,
    store::{audit::Actor, kiosks::Kiosk},
};

#[derive(serde::Deserialize)]
pub(super) struct Pair {
    #[serde(default)]
    name: String,
    #[serde(default)]
    form_token: String,
}

#[derive(Serialize)]
struct KioskRow {
    name: String,
    device: String,
    paired: String,
    seen: String,
    by_stick: String,
    waiting: u64,
    missing: u64,
    pack: u64,
    behind: bool,
    struck_off: String,
    copies: u32,
}

#[derive(Serialize)]
struct AsideRow {
    kiosk: String,
    received: String,
    reason: String,
    id: String,
}

pub(super) async fn list(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Machines, |visit| {
        let store = &visit.desk.hub.store;
        let (zone, newest) = (visit.desk.hub.zone()?, store.newest_pack_number()?);
        let kiosks: Vec<_> = store.kiosks()?.iter().map(|kiosk| row(kiosk, newest, &zone)).collect();
        let mut context = visit.context("kiosks")?;
        context.insert("kiosks", &kiosks);
        context.insert("newest", &newest.unwrap_or_default());
        visit.show("kiosks.html", &context)
    })
    .await
}

/// The code is in the answer to the form, so it is in no address and no history.
pub(super) async fn pair(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Pair>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, form.form_token, move |visit| {
        let hub = &visit.desk.hub;
        let name: String = form.name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        let name = Some(name).filter(|name| !name.is_empty());
        let code = hub.offer_code(name.as_deref(), Actor::Account(visit.account.id))?;
        let address = hub.setting_text(serve::KIOSKS_SETTING)?.unwrap_or_default();
        let mut context = visit.context("kiosks")?;
        context.insert("code", &code.to_string());
        context.insert("address", &address);
        context.insert("until", &view::when(Moment(hub.now().0 + CODE_SECONDS), &visit.desk.hub.zone()?));
        context.insert("name", &name.unwrap_or_default());
        visit.show("code.html", &context)
    })
    .await
}

pub(super) async fn set_aside(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Machines, |visit| {
        let store = &visit.desk.hub.store;
        let names: HashMap<DeviceId, String> =
            store.kiosks()?.into_iter().map(|k| (k.device, k.name)).collect();
        let zone = visit.desk.hub.zone()?;
        let row = |device: DeviceId, received, reason: String, id: Option<RecordId>| AsideRow {
            kiosk: names.get(&device).cloned().unwrap_or_else(|| device.to_string()),
            received: view::when(received, &zone),
            reason,
            id: id.map(|id| id.to_string()).unwrap_or_default(),
        };
        let aside = store.set_aside()?.into_iter();
        let rows: Vec<_> = aside.map(|a| row(a.device, a.received, a.reason, a.id)).collect();
        let odd = store.odd()?.into_iter();
        let odd: Vec<_> =
            odd.map(|o| row(o.device, o.received, o.oddity.in_words().to_owned(), Some(o.id))).collect();
        let mut context = visit.context("set-aside")?;
        context.insert("rows", &rows);
        context.insert("odd", &odd);
        visit.show("set_aside.html", &context)
    })
    .await
}

fn row(kiosk: &Kiosk, newest: Option<u64>, zone: &TimeZone) -> KioskRow {
    let when = |moment: Option<Moment>| moment.map(|m| view::when(m, zone)).unwrap_or_default();
    KioskRow {
        name: kiosk.name.clone(),
        device: kiosk.device.to_string(),
        paired: view::when(kiosk.paired, zone),
        seen: when(kiosk.seen),
        by_stick: when(kiosk.by_stick),
        waiting: kiosk.waiting.unwrap_or_default(),
        missing: kiosk.missing,
        pack: kiosk.pack.unwrap_or_default(),
        behind: (kiosk.seen.is_some() || kiosk.by_stick.is_some()) && kiosk.pack < newest,
        struck_off: when(kiosk.struck_off),
        copies: kiosk.epoch.saturating_sub(1),
    }
}
