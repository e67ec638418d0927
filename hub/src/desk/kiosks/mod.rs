//! Kiosks: which there are ([`mod@list`]), how they do ([`health`]), pairing another; and [`one`] of them.

use std::sync::Arc;

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use jiff::tz::TimeZone;
use records::{day::Moment, pairing::CODE_SECONDS};
use serde::Serialize;

pub(super) mod health;
pub(super) mod list;
pub(super) mod one;

use health::Health;

use super::{
    Desk, view,
    visit::{self, Room},
};
use crate::{
    serve,
    store::{audit::Actor, kiosks::Kiosk},
};

/// The longest name of a kiosk, in letters.
const NAME_LETTERS: usize = 60;

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
    roster: u64,
    health: Health,
    behind: bool,
    struck_off: String,
    copies: u32,
}

/// The code is in the answer to the form, so it is in no address and no history.
pub(super) async fn pair(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<Pair>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, form.form_token, move |visit| {
        let hub = &visit.desk.hub;
        let name = cleaned(&form.name);
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

/// A kiosk's name as it is kept; none where nothing was typed.
fn cleaned(name: &str) -> Option<String> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(NAME_LETTERS).collect();
    Some(name.trim_end().to_owned()).filter(|name| !name.is_empty())
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
        roster: kiosk.roster.unwrap_or_default(),
        health: Health::of(kiosk),
        behind: (kiosk.seen.is_some() || kiosk.by_stick.is_some()) && kiosk.pack < newest,
        struck_off: when(kiosk.struck_off),
        copies: kiosk.epoch.saturating_sub(1),
    }
}
