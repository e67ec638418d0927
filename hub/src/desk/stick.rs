//! A USB stick, where a kiosk has no network: its file is taken here, and the file for it saved.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use jiff::tz::TimeZone;
use records::{
    ids::DeviceId,
    stick::{Way, file_name},
};
use serde::Serialize;

use super::{
    Desk,
    upload::Upload,
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    stick::{self, CARRY_MAX, GiveError, TakeError},
    store::{
        audit::Actor,
        kiosks::Kiosk,
        sticks::{Came, Exchange},
    },
};

/// Several kiosks' files may come at once.
pub(super) const FILES_MAX: usize = CARRY_MAX + 1024 * 1024;

#[derive(serde::Deserialize)]
pub(super) struct Save {
    #[serde(default)]
    form_token: String,
}

/// A kiosk that came by stick.
#[derive(Serialize)]
struct Row {
    device: String,
    name: String,
    struck_off: bool,
    /// When the kiosk wrote the file, by its own clock.
    written: String,
    read: String,
    came: Vec<String>,
    /// When a file was last saved for it after that; empty where none was.
    saved: String,
    /// What the file for it is called.
    file: String,
}

/// What became of a file that was just brought.
#[derive(Serialize)]
struct Brought {
    file: String,
    kiosk: String,
    device: String,
    came: Vec<String>,
    struck_off: bool,
    refused: String,
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Machines, |visit| show(&visit, &[], "")).await
}

/// Takes what was brought, the newest of each kiosk last.
pub(super) async fn bring(State(desk): State<Arc<Desk>>, headers: HeaderMap, request: Request) -> Response {
    // So much is read for nobody but who may send it.
    if let Err(door) = visit::known(desk.clone(), &headers, Room::Machines).await {
        return door;
    }
    let sent = Upload::read(request).await;
    visit::form(desk, &headers, Room::Machines, sent.words("form_token"), move |visit| {
        let mut files = sent.files("file");
        if files.is_empty() {
            return show(&visit, &[], "Choose a file from the stick first. Nothing was changed.");
        }
        stick::in_order(&mut files);
        let actor = Actor::Account(visit.account.id);
        let brought: Result<Vec<_>, Trouble> =
            files.iter().map(|(name, bytes)| taken(&visit, name, bytes, actor)).collect();
        show(&visit, &brought?, "")
    })
    .await
}

fn taken(visit: &Visit, file: &str, bytes: &[u8], actor: Actor) -> Result<Brought, Trouble> {
    let nothing = Brought {
        file: file.to_owned(),
        kiosk: String::new(),
        device: String::new(),
        came: Vec::new(),
        struck_off: false,
        refused: String::new(),
    };
    match stick::take(&visit.desk.hub, bytes, actor) {
        Ok(taken) => Ok(Brought {
            kiosk: taken.kiosk.name.clone(),
            device: taken.kiosk.device.to_string(),
            came: in_words(&taken.came),
            struck_off: taken.kiosk.struck_off.is_some(),
            ..nothing
        }),
        Err(TakeError::Store(error)) => Err(error.into()),
        Err(refused) => Ok(Brought { refused: refused.to_string(), ..nothing }),
    }
}

/// Makes the file for a kiosk and gives it out.
pub(super) async fn save(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(device): Path<String>,
    Form(form): Form<Save>,
) -> Response {
    visit::form(desk, &headers, Room::Machines, form.form_token, move |visit| {
        let device: DeviceId = device.parse().map_err(|_| Trouble::NothingHere)?;
        match stick::give(&visit.desk.hub, device, Actor::Account(visit.account.id)) {
            Ok(given) => {
                let headers = [
                    (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                    (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", given.name)),
                ];
                Ok((headers, given.bytes).into_response())
            }
            Err(GiveError::Store(error)) => Err(error.into()),
            Err(GiveError::NoKiosk | GiveError::NothingCame) => Err(Trouble::NothingHere),
            Err(refused @ GiveError::Key(_)) => show(&visit, &[], &format!("{refused}.")),
        }
    })
    .await
}

fn show(visit: &Visit, brought: &[Brought], refused: &str) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let kiosks = hub.store.kiosks()?;
    let rows: Vec<Row> = hub
        .store
        .stick_exchanges()?
        .iter()
        .filter_map(|exchange| {
            let kiosk = kiosks.iter().find(|kiosk| kiosk.device == exchange.device)?;
            Some(row(kiosk, exchange, &zone))
        })
        .collect();
    let mut context = visit.context("kiosks")?;
    context.insert("rows", &rows);
    context.insert("brought", brought);
    context.insert("refused", refused);
    let page = visit.show("stick.html", &context)?;
    let wrong = !refused.is_empty() || brought.iter().any(|one| !one.refused.is_empty());
    Ok(if wrong { visit::refused(page) } else { page })
}

fn row(kiosk: &Kiosk, exchange: &Exchange, zone: &TimeZone) -> Row {
    let saved = exchange.given.filter(|given| given.0 >= exchange.read.0);
    Row {
        device: kiosk.device.to_string(),
        name: kiosk.name.clone(),
        struck_off: kiosk.struck_off.is_some(),
        written: view::when(exchange.made, zone),
        read: view::when(exchange.read, zone),
        came: in_words(&exchange.came),
        saved: saved.map(|given| view::when(given, zone)).unwrap_or_default(),
        file: file_name(Way::ToKiosk, &kiosk.name, kiosk.device),
    }
}

/// What came, in a few lines. Of boxes it is said how many, as the clock makes them; never what may be in one.
fn in_words(came: &Came) -> Vec<String> {
    let mut lines = Vec::new();
    lines.push(match (came.records, came.fresh) {
        (0, _) => "No signatures or answers: nothing waited.".to_owned(),
        (records, 0) => {
            format!("{}, all here before.", counted(records, "signature or answer", "signatures and answers"))
        }
        (records, fresh) if records == fresh => {
            format!("{}.", counted(records, "new signature or answer", "new signatures and answers"))
        }
        (records, fresh) => format!(
            "{} new, of {}.",
            fresh,
            counted(records, "signature or answer", "signatures and answers")
        ),
    });
    if came.aside > 0 {
        lines.push(format!("{} of them set aside, to be looked at.", came.aside));
    }
    if came.boxes > 0 {
        lines.push(format!(
            "{}, as many as the clock makes.",
            counted(came.boxes, "sealed box", "sealed boxes")
        ));
    }
    if came.boxes_later > 0 {
        lines.push(format!(
            "{} more than one kiosk may bring in a day: they come with the next stick.",
            counted(came.boxes_later, "sealed box", "sealed boxes")
        ));
    }
    lines
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
