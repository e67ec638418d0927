//! All registers, with what is due in them.

use std::sync::Arc;

use axum::{extract::State as Shared, http::HeaderMap, response::Response};
use records::day::{Day, Moment};
use serde::Serialize;

use super::{
    ADDRESS, Mine,
    view::{self, State},
};
use crate::{
    desk::{
        Desk, staff_pages, view as desk_view,
        visit::{self, Room, Trouble, Visit},
    },
    registers::{
        cycle::Standing,
        entry::{self, Decided},
        rights::Sees,
    },
};

/// A register in the list.
#[derive(Debug, Serialize)]
struct RegisterRow {
    address: String,
    title: String,
    summary: String,
    /// How many entries whoever asks sees, and how many are open.
    entries: usize,
    open: usize,
    has_open: bool,
    writes: bool,
    own: bool,
    figures: bool,
    /// When it was last signed off; empty where it never was, or nobody does.
    signed: String,
    standing: Option<State>,
}

/// Something to do.
#[derive(Debug, Serialize)]
pub(in crate::desk) struct ToDo {
    address: String,
    title: String,
    words: String,
    late: bool,
}

/// A form that everybody who works here may fill in at once.
#[derive(Debug, Serialize)]
pub(in crate::desk) struct Quick {
    address: String,
    title: String,
    summary: String,
}

/// A clock that runs.
#[derive(Debug, Serialize)]
pub(in crate::desk) struct Clock {
    address: String,
    title: String,
    words: String,
    ends: String,
    over: bool,
}

pub(in crate::desk) async fn page(Shared(desk): Shared<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Registers, |visit| {
        let all = super::mine(&visit)?;
        let rows = all.iter().map(|mine| row(&visit, mine)).collect::<Result<Vec<_>, _>>()?;
        let (written, other): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.entries > 0);
        let mut context = visit.context("kept")?;
        context.insert("to_do", &to_do(&visit)?);
        context.insert("quick", &quick(&visit)?);
        context.insert("staff_pages", &staff_pages::rows(&visit)?);
        let groups = [("With entries", written), ("Empty so far", other)];
        let groups: Vec<_> = groups.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
        context.insert("groups", &groups);
        visit.show("registers.html", &context)
    })
    .await
}

fn row(visit: &Visit, mine: &Mine) -> Result<RegisterRow, Trouble> {
    let register = mine.register();
    let entries = mine.entries(visit)?;
    let whole = mine.rights.sees == Sees::Entries;
    let signed = if whole { visit.desk.hub.store.sign_offs(mine.name())? } else { Vec::new() };
    let standing = if whole { mine.standing(visit, &entries, &signed)? } else { None };
    Ok(RegisterRow {
        address: format!("{ADDRESS}/{}", mine.name()),
        title: register.form.title.clone(),
        summary: register.form.summary.clone(),
        entries: entries.len(),
        open: entries.iter().filter(|entry| entry.is_open(register)).count(),
        has_open: !register.later.is_empty(),
        writes: mine.rights.writes,
        own: mine.rights.sees == Sees::Own,
        figures: mine.rights.sees == Sees::Figures,
        signed: signed.first().map(|sign| desk_view::when(sign.made, &mine.zone())).unwrap_or_default(),
        standing: standing.map(view::standing).filter(|state| !state.words.is_empty()),
    })
}

/// What whoever asks has to do in registers: sign off, decide, and what is due in entries.
pub(in crate::desk) fn to_do(visit: &Visit) -> Result<Vec<ToDo>, Trouble> {
    let mut all = Vec::new();
    for mine in super::mine(visit)? {
        if mine.rights.sees != Sees::Entries {
            continue;
        }
        let register = mine.register();
        let matters = mine.rights.signs && register.cycle.is_some()
            || mine.rights.decides
            || mine.rights.writes && !register.due.is_empty();
        if !matters {
            continue;
        }
        let entries = mine.entries(visit)?;
        let mut add = |words: String, late: bool| {
            let address = format!("{ADDRESS}/{}", mine.name());
            all.push(ToDo { address, title: register.form.title.clone(), words, late });
        };
        if mine.rights.decides {
            let waits =
                |decided| matches!(decided, Decided::Waits(parties) if parties.contains(&mine.rights.party));
            let count = entries.iter().filter(|entry| waits(entry.decided(register))).count();
            if count > 0 {
                add(
                    format!("{count} {} for your yes or no", if count == 1 { "waits" } else { "wait" }),
                    false,
                );
            }
        }
        if mine.rights.writes {
            let today = visit.desk.hub.today()?;
            let due = entry::due(register, &entries);
            let late = due.iter().filter(|(day, _)| *day < today).count();
            let soon = due.iter().filter(|(day, _)| *day >= today && days(today, *day) <= view::SOON).count();
            if late > 0 {
                add(format!("{late} overdue"), true);
            }
            if soon > 0 {
                add(format!("{soon} due within {} days", view::SOON), false);
            }
        }
        if mine.rights.signs {
            let signed = visit.desk.hub.store.sign_offs(mine.name())?;
            match mine.standing(visit, &entries, &signed)? {
                Some(standing @ Standing::Late(_)) => add(view::standing(standing).words, true),
                Some(standing @ (Standing::Today | Standing::Soon(_))) => {
                    add(view::standing(standing).words, false)
                }
                _ => {}
            }
        }
    }
    all.sort_by_key(|one| !one.late);
    Ok(all)
}

fn days(from: Day, to: Day) -> i32 {
    from.date().until(to.date()).map_or(i32::MAX, |span| span.get_days())
}

/// The forms that are to be at hand.
pub(in crate::desk) fn quick(visit: &Visit) -> Result<Vec<Quick>, Trouble> {
    let all = super::mine(visit)?.into_iter().filter(|mine| mine.rights.writes && mine.register().quick);
    let quick = |mine: Mine| Quick {
        address: format!("{ADDRESS}/{}/new", mine.name()),
        title: mine.register().form.title.clone(),
        summary: mine.register().form.summary.clone(),
    };
    Ok(all.map(quick).collect())
}

/// The clocks that run in registers that whoever asks reads: they stand on every page.
pub(in crate::desk) fn clocks(visit: &Visit) -> Result<Vec<Clock>, Trouble> {
    let mut all: Vec<(Moment, Clock)> = Vec::new();
    for mine in super::mine(visit)? {
        let register = mine.register();
        if mine.rights.sees != Sees::Entries || register.clock.is_none() {
            continue;
        }
        let (hub, zone) = (&visit.desk.hub, mine.zone());
        for entry in mine.entries(visit)? {
            let Some(ends) = entry.clock_ends(register, &zone) else { continue };
            let shower = mine.shower(visit)?;
            let (words, over) = view::hours_left(ends, hub.now());
            let address = format!("{ADDRESS}/{}/entry/{}", mine.name(), view::id_text(&entry.first().id));
            let title = format!("{}: {}", register.form.title, shower.title(&entry));
            all.push((ends, Clock { address, title, words, ends: desk_view::when(ends, &zone), over }));
        }
    }
    all.sort_by_key(|(ends, _)| *ends);
    Ok(all.into_iter().map(|(_, clock)| clock).collect())
}
