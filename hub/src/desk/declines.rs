//! Somebody who does not sign: the office enters it on their page, and registers tell it.

use records::{
    agreement::{Agreement, Audience},
    day::Day,
    ids::{PersonId, RecordId},
};
use serde::Serialize;
use tera::Context;

use super::{
    view,
    visit::{Trouble, Visit},
};
use crate::{
    import::Kind,
    random,
    store::{declines::REASON, registers::Register},
};

/// Something that somebody said that they do not sign.
#[derive(Serialize)]
struct DeclinedRow {
    id: String,
    title: String,
    version: String,
    words: String,
    on: String,
    by: String,
    reason: String,
    /// When and by whom it was taken back; empty where it stands.
    back: String,
}

/// Tells a person's page what they declined, and what they are asked to sign and have not.
pub(super) fn tell(visit: &Visit, context: &mut Context, person: PersonId) -> Result<(), Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let mut rows = Vec::new();
    for one in hub.store.declines_of(person)? {
        let title = hub.store.words(one.words)?.map(|agreement| agreement.title);
        let back = one.taken_back.map(|(at, by)| format!("{}, by {by}", view::when(at, &zone)));
        rows.push(DeclinedRow {
            id: one.id.to_string(),
            title: title.unwrap_or_else(|| one.agreement.to_string()),
            version: one.version.to_string(),
            words: one.words.to_string(),
            on: one.on.in_words(),
            by: one.by,
            reason: one.reason,
            back: back.unwrap_or_default(),
        });
    }
    context.insert("declined", &rows);
    let asked = open_for(visit, person)?;
    context.insert("to_sign", &asked.iter().map(|one| (one.slug.as_str(), &one.title)).collect::<Vec<_>>());
    context.insert("today", &hub.today()?.to_string());
    Ok(())
}

/// The agreements that somebody is asked to sign and has neither signed nor declined.
fn open_for(visit: &Visit, person: PersonId) -> Result<Vec<Agreement>, Trouble> {
    let hub = &visit.desk.hub;
    let Some(pack) = hub.pack()? else { return Ok(Vec::new()) };
    let listed = hub.store.people()?.into_iter().find(|one| one.id == person).map(|one| one.kind);
    let is_theirs = |audience: Audience| match listed {
        Some(Kind::Pupils) => audience.is_pupils(),
        Some(Kind::Staff | Kind::Volunteers) => audience == Audience::Staff,
        Some(Kind::Governors) => audience == Audience::Governor,
        None => audience == Audience::Parent,
    };
    let is_open = |register: &Register| {
        let mut lines = register.sections.iter().flat_map(|section| &section.lines);
        lines.any(|line| line.person.id == person && !line.standing.is_signed() && line.declined.is_none())
    };
    let mut open = Vec::new();
    for agreement in &pack.content.agreements {
        if is_theirs(agreement.audience) && is_open(&hub.store.register(agreement, &pack.content.year)?) {
            open.push(agreement.clone());
        }
    }
    Ok(open)
}

/// Enters that somebody does not sign; or says what is wrong with it.
pub(super) fn enter(
    visit: &Visit,
    person: PersonId,
    agreement: &str,
    on: &str,
    reason: &str,
) -> Result<Result<(), String>, Trouble> {
    let hub = &visit.desk.hub;
    let (Some(pack), today) = (hub.pack()?, hub.today()?) else { return Err(Trouble::NothingHere) };
    let open = open_for(visit, person)?;
    let Some(agreement) = open.iter().find(|one| one.slug.as_str() == agreement) else {
        return Ok(Err(
            "Choose what they do not sign: it is on the list as long as they have not signed it.".into(),
        ));
    };
    let year = &pack.content.year;
    let Some(on) = on.trim().parse().ok().filter(|day: &Day| (year.starts..=today).contains(day)) else {
        let first = year.starts.in_words();
        return Ok(Err(format!(
            "Write the day on which they said so: today, or a day before, from {first} on."
        )));
    };
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.chars().count() > REASON {
        return Ok(Err(format!("Write why in {REASON} letters at most.")));
    }
    let id = RecordId::from_bytes(random::bytes());
    hub.store.decline((id, person), (agreement, year), (on, &reason), visit.account.id, hub.now())?;
    Ok(Ok(()))
}
