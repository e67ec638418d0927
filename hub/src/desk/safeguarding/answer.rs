//! A child is answered: one of the school's sentences, for whoever comes back to a kiosk with the right pictures.
//!
//! Nothing of it shows who told what: the sentence, the pictures and the days are all that the hub has beside the
//! report's own sealed entries ([`crate::store::answers`]). Who holds a role never sees the pictures.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use records::{
    answer::{SENTENCES_MAX, SentenceName},
    receipt::Receipt,
    report_entry::{Author, Deed, ReportEntry, Row},
    tell::TellAnswer,
};
use serde::Serialize;

use super::{ADDRESS, Asking, Held, Open, TRIES, entered::Entered, list, opened, refused, report, role};
use crate::{
    answers::DayNumber,
    desk::visit::{self, Room, Trouble, Visit},
    random,
    store::{
        StoreError,
        answers::{Answering, Stands, Written},
    },
};

/// Why an answer finds no room.
const FULL: &str = "As many children wait for an answer already as kiosks can have answers for. Try again tomorrow, or find another way to the child.";
/// Why one is not changed.
const LAST_DAY: &str = "What kiosks tell these pictures now stands until tonight and changes no more. Give the other one tomorrow.";
const NONE_TO_TAKE_BACK: &str = "There is no answer to take back.";
/// What is said to somebody whose box was locked while they thought it over.
const LOCKED: &str = "The box was locked meanwhile: no answer was given, and none was taken back. Open the box, and do it again on the report’s page.";

/// A sentence that was chosen, to be looked at.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Chosen {
    sentence: String,
}

/// A sentence that is given, or “yes” to take it back.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Sent {
    sentence: String,
    take_back: String,
    form_token: String,
}

/// Whether a report can be answered.
enum Way {
    /// To whoever comes with these pictures, by one of these sentences.
    To(Receipt, Vec<TellAnswer>),
    /// Why not, for whoever reads the report.
    None(&'static str),
}

fn way(visit: &Visit, held: &Held) -> Result<Way, Trouble> {
    if held.told_to.is_some() {
        return Ok(Way::None(
            "An adult wrote this down, and the child got no pictures. Talk with the child.",
        ));
    }
    if held.from_web.is_some() {
        return Ok(Way::None(
            "It came by the form on the web, which gives no pictures to come back with. Where there is a name or a way to reach them, use that.",
        ));
    }
    let Some(receipt) = Receipt::of_report(&held.report.receipt) else {
        return Ok(Way::None(
            "The child got no pictures to come back with: kiosks for the youngest alone show none, and neither does one whose school does not answer yet.",
        ));
    };
    let pack = visit.desk.hub.pack()?;
    let answers =
        pack.and_then(|pack| pack.content.tell.clone()).map(|tell| tell.answers).unwrap_or_default();
    if answers.is_empty() {
        return Ok(Way::None(
            "The school’s words have no answers: whoever keeps them writes [[answers]] into forms/tell.toml, and publishes.",
        ));
    }
    Ok(Way::To(receipt, answers.into_iter().take(SENTENCES_MAX).collect()))
}

/// An answer that was given, as the report's page tells it.
#[derive(Debug, Serialize)]
struct GivenRow {
    words: String,
    from: String,
    until: String,
    by: String,
    /// Whether kiosks have it already.
    begun: bool,
    /// Whether they have it no more.
    over: bool,
    /// Whether the school's words have this sentence no more, so that kiosks cannot show it.
    gone: bool,
    /// Whether the hub has it no more, as after it was set up again from an old backup.
    lost: bool,
}

/// What kiosks tell these pictures by chance, though nobody has answered: one of the decoys.
#[derive(Debug, Serialize)]
struct ByChance {
    words: String,
    until: String,
    /// Whether that is tonight, so that an answer can be given tomorrow only.
    is_last_day: bool,
}

/// What the report's page says of answers.
#[derive(Debug, Serialize)]
pub(super) struct AnswerSection {
    why_not: &'static str,
    sentences: Vec<TellAnswer>,
    given: Option<GivenRow>,
    by_chance: Option<ByChance>,
}

pub(super) fn section(visit: &Visit, held: &Held) -> Result<AnswerSection, Trouble> {
    let today = visit.desk.hub.today()?;
    let (why_not, receipt, sentences) = match way(visit, held)? {
        Way::To(receipt, sentences) => ("", Some(receipt), sentences),
        Way::None(why) => (why, None, Vec::new()),
    };
    let number = DayNumber::of(today);
    let told = match &receipt {
        Some(receipt) => visit.desk.hub.store.told_to(receipt, number)?,
        None => None,
    };
    let given = held.standing().answer.map(|given| GivenRow {
        gone: receipt.is_some() && !sentences.iter().any(|one| one.id == given.sentence),
        words: given.words,
        from: given.from.in_words(),
        until: given.until.in_words(),
        by: given.by.name,
        begun: given.from <= today,
        over: given.until < today,
        lost: receipt.is_some() && told.is_none() && today <= given.until,
    });
    let stands = told.as_ref().filter(|(_, stands)| stands.from <= number);
    let was_answered = held.deeds.iter().any(|entry| matches!(entry.deed, Deed::Answered { .. }));
    let by_chance = stands.filter(|_| !was_answered).and_then(|(led_to, stands)| {
        let name = led_to.on(number);
        let words = sentences.iter().find(|one| SentenceName::of(&one.id) == name)?.words.clone();
        let ends = led_to.changes_after(number).unwrap_or(stands.until);
        let until = last_day(Stands { until: ends, ..*stands }).in_words();
        Some(ByChance { words, until, is_last_day: stands.until == number.next() })
    });
    Ok(AnswerSection { why_not, sentences, given, by_chance })
}

/// A sentence as the child will see it, and from when to when, before it is given.
pub(in crate::desk) async fn look(
    asking: Asking,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Response {
    super::page(asking, move |visit, open| {
        let held = Held::find(visit, open, &id)?;
        if held.is_aside_for(visit) {
            return report::aside(visit, &held);
        }
        let refuse = |why: &str| refuse(visit, open, &held, why);
        let (receipt, sentence) = match chosen_of(visit, &held, &chosen.sentence)? {
            Ok(both) => both,
            Err(why) => return refuse(why),
        };
        let today = DayNumber::of(visit.desk.hub.today()?);
        let stands = match visit.desk.hub.store.would_stand(&receipt, held.found.route, today)? {
            Answering::Done(stands) => stands,
            Answering::LastDay => return refuse(LAST_DAY),
            Answering::Full | Answering::NoneThere | Answering::Again => return refuse(FULL),
        };
        let mut context = visit.context("reports")?;
        context.insert("report", &held.found.id.to_string());
        context.insert("sentence", &sentence);
        context.insert("from", &stands.from.day().in_words());
        context.insert("until", &last_day(stands).in_words());
        context.insert("is_next", &(stands.from == today.next()));
        context.insert("changes", &held.standing().answer.is_some_and(|given| given.until >= today.day()));
        visit.show("answer.html", &context)
    })
    .await
}

/// The sentence is given, or the one that was given is taken back.
pub(in crate::desk) async fn give(
    asking: Asking,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let (State(desk), headers) = asking;
    visit::form(desk, &headers, Room::Safeguarding, sent.form_token.clone(), move |visit| {
        let visit = &visit;
        let Some(open) = &opened(visit)? else {
            return refused(StatusCode::UNAUTHORIZED, list::locked(visit, role(visit)?, LOCKED));
        };
        let held = Held::find(visit, open, &id)?;
        if held.is_aside_for(visit) {
            return report::aside(visit, &held);
        }
        let refuse = |why: &str| refuse(visit, open, &held, why);
        let (store, today) = (&visit.desk.hub.store, DayNumber::of(visit.desk.hub.today()?));
        let done = if sent.take_back == "yes" {
            let standing = held.standing().answer.filter(|given| given.until >= today.day());
            let (Some(_), Some(receipt)) = (standing, Receipt::of_report(&held.report.receipt)) else {
                return refuse(NONE_TO_TAKE_BACK);
            };
            let deed = |stands: Stands| Deed::NoAnswer { from: stands.from.day() };
            attempt(visit, &held, &deed, |written| store.take_answer_back(&receipt, today, written))?
        } else {
            let (receipt, answer) = match chosen_of(visit, &held, &sent.sentence)? {
                Ok(both) => both,
                Err(why) => return refuse(why),
            };
            let name = SentenceName::of(&answer.id);
            let deed = |stands: Stands| Deed::Answered {
                sentence: answer.id.clone(),
                words: answer.words.clone(),
                from: stands.from.day(),
                until: last_day(stands),
            };
            attempt(visit, &held, &deed, |written| {
                store.answer(&receipt, held.found.route, name, today, written)
            })?
        };
        match done {
            Answering::Done(_) => {
                Ok(Redirect::to(&format!("{ADDRESS}/report/{}#answer", held.found.id)).into_response())
            }
            Answering::Full => refuse(FULL),
            Answering::LastDay => refuse(LAST_DAY),
            Answering::NoneThere => refuse(NONE_TO_TAKE_BACK),
            Answering::Again => Err(StoreError::NotNow("others write about the same report".into()).into()),
        }
    })
    .await
}

fn refuse(visit: &Visit, open: &Open, held: &Held, why: &str) -> Result<Response, Trouble> {
    refused(StatusCode::BAD_REQUEST, report::show(visit, open, held, &Entered::default(), why))
}

/// The pictures of a report and the sentence of this name; or why there is none.
fn chosen_of(
    visit: &Visit,
    held: &Held,
    sentence: &str,
) -> Result<Result<(Receipt, TellAnswer), &'static str>, Trouble> {
    Ok(match way(visit, held)? {
        Way::None(why) => Err(why),
        Way::To(receipt, sentences) => {
            let chosen = sentences.into_iter().find(|one| one.id.as_str() == sentence);
            chosen.map(|chosen| (receipt, chosen)).ok_or("Choose what the child is to be told.")
        }
    })
}

fn last_day(stands: Stands) -> records::day::Day {
    DayNumber(stands.until.0 - 1).day()
}

/// Does it, with an entry of the report's that says so: both, or neither.
fn attempt(
    visit: &Visit,
    held: &Held,
    deed: &dyn Fn(Stands) -> Deed,
    doing: impl Fn(&Written<'_>) -> Result<Answering, StoreError>,
) -> Result<Answering, Trouble> {
    let (hub, account) = (&visit.desk.hub, &visit.account);
    let at = hub.now();
    for _ in 0..TRIES {
        let taken = hub.store.report_entries(|number| held.key.place(Row::Deeds, number))?.len();
        let number = u32::try_from(taken + 1).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let seal = |stands: Stands| {
            let by = Author { account: account.id, name: account.name.clone() };
            let entry = ReportEntry { at, by, deed: deed(stands) };
            let sealed = held.key.seal(Row::Deeds, number, &entry, &mut random::system());
            sealed.map_err(|e| StoreError::Damaged(e.to_string()))
        };
        let place = held.key.place(Row::Deeds, number);
        match doing(&Written { place, seal: &seal, account: account.id, at })? {
            Answering::Again => {}
            done => return Ok(done),
        }
    }
    Ok(Answering::Again)
}
