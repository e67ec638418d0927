//! All kiosks: to be looked through, printed, and taken as a file.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};

use super::{KioskRow, row};
use crate::{
    desk::{
        Desk,
        listing::Listing,
        taken_out::{self, Names},
        visit::{self, Room, Trouble, Visit},
    },
    store::kiosks::Kiosk,
};

/// The address of the list.
const ADDRESS: &str = "/kiosks";
/// The address of the file.
const FILE: &str = "/kiosks/kiosks.csv";
const HEADINGS: [&str; 11] = [
    "Kiosk",
    "Paired on",
    "Last seen",
    "By stick",
    "Waiting",
    "Missing",
    "Pack",
    "List of people",
    "Clock",
    "Free disk",
    "State",
];

/// Whether somebody should do something about a kiosk.
fn is_to_look_at(kiosk: &Kiosk, newest: Option<u64>) -> bool {
    let is_behind = kiosk.pack < newest;
    kiosk.struck_off.is_none()
        && (kiosk.missing > 0 || is_behind || kiosk.clock_is_off() || kiosk.is_nearly_full())
}

/// Those that are meant: as they were paired, by name, or whom nobody has heard of longest first.
fn meant(visit: &Visit, which: &Listing) -> Result<Vec<Kiosk>, Trouble> {
    let store = &visit.desk.hub.store;
    let newest = store.newest_pack_number()?;
    let mut kiosks = store.kiosks()?;
    kiosks.retain(|kiosk| {
        let is_shown = match which.show.as_str() {
            "look" => is_to_look_at(kiosk, newest),
            "in-use" => kiosk.struck_off.is_none(),
            "struck-off" => kiosk.struck_off.is_some(),
            _ => true,
        };
        is_shown && which.is_named([kiosk.name.as_str()])
    });
    match which.sort.as_str() {
        "name" => kiosks.sort_by_key(|kiosk| kiosk.name.to_lowercase()),
        "seen" => kiosks.sort_by_key(|kiosk| kiosk.seen.max(kiosk.by_stick)),
        _ => {}
    }
    Ok(kiosks)
}

pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        let hub = &visit.desk.hub;
        let (zone, newest) = (hub.zone()?, hub.store.newest_pack_number()?);
        let found = meant(&visit, &which)?;
        let kiosks: Vec<_> = which.page(&found).lines.iter().map(|kiosk| row(kiosk, newest, &zone)).collect();
        let mut context = visit.context("kiosks")?;
        context.insert("kiosks", &kiosks);
        context.insert("newest", &newest.unwrap_or_default());
        context.insert("newest_roster", &hub.store.newest_roster_number()?.unwrap_or_default());
        context.insert("of_machines", &true);
        which.tell(&visit, &mut context, (ADDRESS, FILE), &found)?;
        visit.show("kiosks.html", &context)
    })
    .await
}

/// The same as a file for a spreadsheet. Nobody is named in it.
pub(in crate::desk) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Machines, move |visit| {
        let hub = &visit.desk.hub;
        let (zone, newest) = (hub.zone()?, hub.store.newest_pack_number()?);
        let found = meant(&visit, &which)?;
        let lines = found.iter().map(|kiosk| cells(row(kiosk, newest, &zone)));
        taken_out::list(&visit, ("kiosks", "Kiosks"), Names::Nobody, &HEADINGS, lines)
    })
    .await
}

fn cells(kiosk: KioskRow) -> Vec<String> {
    let state = if !kiosk.struck_off.is_empty() {
        format!("struck off {}", kiosk.struck_off)
    } else if kiosk.missing > 0 {
        "records are missing".to_owned()
    } else if kiosk.behind && kiosk.pack == 0 {
        "has no pack yet".to_owned()
    } else if kiosk.behind {
        "shows an older pack".to_owned()
    } else if kiosk.seen.is_empty() && kiosk.by_stick.is_empty() {
        "waiting for it".to_owned()
    } else {
        "in step".to_owned()
    };
    let (clock, free) = kiosk.health.in_words();
    let numbers = [kiosk.waiting, kiosk.missing, kiosk.pack, kiosk.roster].map(|number| number.to_string());
    [kiosk.name, kiosk.paired, kiosk.seen, kiosk.by_stick]
        .into_iter()
        .chain(numbers)
        .chain([clock, free, state])
        .collect()
}
