//! That somebody looked a register through.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    ADDRESS,
    one::{self, Which},
    view,
};
use crate::{
    clock,
    desk::{
        Desk,
        visit::{self, Room, Trouble},
    },
    registers::{cycle, entry::Entry},
    store::register_entries::SignOff,
};

/// The longest note, in letters.
const NOTE: usize = 1000;

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Sent {
    #[serde(default)]
    sign: String,
    #[serde(default)]
    sure: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    form_token: String,
}

/// How many entries were begun since the last sign-off.
pub(super) fn since(entries: &[Entry], signed: &[SignOff]) -> usize {
    let last = signed.first().map(|sign| sign.made);
    entries.iter().filter(|entry| last.is_none_or(|last| entry.first().made > last)).count()
}

pub(in crate::desk) async fn off(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Registers, sent.form_token, move |visit| {
        let mine = super::find(&visit, &register)?;
        let cycle = mine.register().cycle.filter(|_| mine.rights.signs).ok_or(Trouble::NothingHere)?;
        let id = view::id_of(&sent.sign).ok_or(Trouble::NothingHere)?;
        let refuse = |why: &str| Ok(visit::refused(one::show(&visit, &mine, &Which::default(), why)?));
        if sent.sure.is_empty() {
            return refuse("Not signed: tick that you have looked through the entries.");
        }
        let note = sent.note.trim().replace('\r', "");
        if note.chars().count() > NOTE {
            return refuse("Not signed: write what you found in 1000 letters at most.");
        }
        let hub = &visit.desk.hub;
        let (entries, signed) = (mine.entries(&visit)?, hub.store.sign_offs(mine.name())?);
        let new = since(&entries, &signed);
        if mine.register().entry_each_cycle && new == 0 && signed.first().is_none_or(|sign| sign.id != id) {
            return refuse(
                "Not signed: nothing was entered since the last time. Enter the check first, then sign.",
            );
        }
        let today = hub.today()?;
        let began = entries.first().map(|entry| clock::day(entry.first().made, &mine.zone()));
        let covered = signed.first().map(|sign| sign.covers);
        let due = cycle::due(cycle, mine.calendar(), covered, began, today);
        let sign = SignOff {
            id,
            covers: cycle::covers(cycle, mine.calendar(), covered, due, today),
            entries: new,
            still_open: entries.iter().filter(|entry| entry.is_open(mine.register())).count(),
            note,
            party: mine.rights.party,
            by: visit.account.name.clone(),
            made: hub.now(),
        };
        hub.store.sign_off(mine.name(), &sign, visit.account.id)?;
        Ok(Redirect::to(&format!("{ADDRESS}/{register}#signed")).into_response())
    })
    .await
}
