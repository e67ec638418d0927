//! One report: as the child gave it, with what was done about it, and the forms to write down more.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use records::report_entry::{Deed, Row};

use super::{
    ADDRESS, Asking, Held, Open, answer,
    entered::{Entered, HEADINGS, Unsent},
    entries, list, opened, others, refused, role,
    view::{self, Card, EntryRow, SeenRow},
    write,
};
use crate::desk::{
    unlocked::IDLE_SECONDS,
    view as desk_view,
    visit::{self, Room, Trouble, Visit},
};

/// One report.
pub(in crate::desk) async fn report(asking: Asking, Path(id): Path<String>) -> Response {
    super::page(asking, move |visit, open| {
        let held = Held::find(visit, open, &id)?;
        if held.is_aside_for(visit) {
            return aside(visit, &held);
        }
        read(visit, &held)?;
        show(visit, open, &held, &Entered::default(), "")
    })
    .await
}

/// Writes down what was done. Where the box was locked meanwhile, what was typed waits until it is open.
pub(in crate::desk) async fn enter(
    (State(desk), headers): Asking,
    Path(id): Path<String>,
    Form(sent): Form<Entered>,
) -> Response {
    visit::form(desk, &headers, Room::Safeguarding, sent.form_token.clone(), move |visit| {
        let Some(open) = opened(&visit)? else {
            let message = "The box was locked meanwhile. What you typed is kept on this page: open the box, and it is there again.";
            let unsent = Unsent { report: id, entered: sent };
            let page = list::locked_with(&visit, role(&visit)?, message, &unsent);
            return refused(StatusCode::UNAUTHORIZED, page);
        };
        let held = Held::find(&visit, &open, &id)?;
        if held.is_aside_for(&visit) {
            return aside(&visit, &held);
        }
        let refuse = |why: &str| refused(StatusCode::BAD_REQUEST, show(&visit, &open, &held, &sent, why));
        let deed = match sent.deed(&held.standing(), held.deeds.len(), &others(&visit, held.found.route)?) {
            Ok(deed) => deed,
            Err(why) => return refuse(&why),
        };
        let is_export = matches!(deed, Deed::Exported { .. });
        if !write(&visit, &held.key, Row::Deeds, deed)? {
            return refuse("This is too long for one entry. Make two of it.");
        }
        if is_export {
            return paper(&visit, &Held::find(&visit, &open, &id)?);
        }
        Ok(Redirect::to(&format!("{ADDRESS}/report/{}#done", held.found.id)).into_response())
    })
    .await
}

/// The page again, with what was typed while the box was locked.
pub(super) fn again(visit: &Visit, open: &Open, unsent: &Unsent) -> Result<Response, Trouble> {
    let held = Held::find(visit, open, &unsent.report)?;
    if held.is_aside_for(visit) {
        return aside(visit, &held);
    }
    read(visit, &held)?;
    show(visit, open, &held, &unsent.entered, "The box is open again. Look over what you typed, and keep it.")
}

/// Notes that this holder opened the report. A page that is loaded again within the same quarter of an hour is the
/// same opening.
pub(super) fn read(visit: &Visit, held: &Held) -> Result<(), Trouble> {
    let now = visit.desk.hub.now();
    let readings = entries(visit, &held.key, Row::Readings)?;
    let last = readings.iter().rev().find(|reading| reading.by.account == visit.account.id);
    let is_the_same = last.is_some_and(|reading| (0..IDLE_SECONDS).contains(&(now.0 - reading.at.0)));
    if !is_the_same {
        write(visit, &held.key, Row::Readings, Deed::Read)?;
    }
    Ok(())
}

/// What somebody sees who has stepped aside: nothing of the report.
pub(super) fn aside(visit: &Visit, held: &Held) -> Result<Response, Trouble> {
    let with = held.standing().with.map(|author| author.name).unwrap_or_default();
    let mut context = visit.context("reports")?;
    context.insert("title", "You stepped aside from this report");
    context.insert(
        "text",
        &format!(
            "{with} goes on with it. What it says is not shown to you, unless {with} gives it back to you."
        ),
    );
    refused(StatusCode::FORBIDDEN, visit.show("aside.html", &context))
}

/// All of a report on one page for paper, or for a file that the browser makes of it. It is put on record before.
fn paper(visit: &Visit, held: &Held) -> Result<Response, Trouble> {
    let mut context = context(visit, held)?;
    context.insert("checkpoint", &visit.desk.hub.store.checkpoint()?.to_string());
    visit.show("report_paper.html", &context)
}

/// What is told of a report: the child's own, where it stands, what was done, who saw it.
fn context(visit: &Visit, held: &Held) -> Result<tera::Context, Trouble> {
    let hub = &visit.desk.hub;
    let (tell, zone) = (hub.pack()?.and_then(|pack| pack.content.tell.clone()), visit.desk.hub.zone()?);
    let mut seen: Vec<_> =
        hub.store.noted(held.found.id)?.iter().map(|noted| SeenRow::noted(noted, &zone)).collect();
    let readings = entries(visit, &held.key, Row::Readings)?;
    seen.extend(readings.iter().map(|reading| SeenRow::reading(reading, &zone)));
    let mut context = visit.context("reports")?;
    context.insert("report", &Card::new(held, tell.as_ref(), &zone));
    context.insert("entries", &EntryRow::all(&held.deeds, &zone));
    context.insert("seen", &seen);
    context.insert("now", &desk_view::when(hub.now(), &zone));
    Ok(context)
}

/// The page. `kept` is what was typed and not taken, and `why`.
pub(super) fn show(
    visit: &Visit,
    open: &Open,
    held: &Held,
    kept: &Entered,
    why: &str,
) -> Result<Response, Trouble> {
    let mut context = context(visit, held)?;
    let others: Vec<_> = others(visit, held.found.route)?.into_iter().map(|other| other.name).collect();
    context.insert("readers", &view::readers(held.found.route, open.role));
    context.insert("others", &others);
    context.insert("headings", &HEADINGS);
    context.insert("answer", &answer::section(visit, held)?);
    context.insert("kept", kept);
    context.insert("message", why);
    visit.show("report.html", &context)
}
