//! What the office notes of one person and an agreement, on their page: that the words were shown to them, and that they do
//! not sign. Registers tell both.

use records::{
    agreement::{Agreement, Audience},
    day::{Day, SchoolYear},
    ids::{PersonId, RecordId},
};
use serde::Serialize;
use tera::Context;

use super::{
    papers, view,
    visit::{Trouble, Visit},
};
use crate::{
    clock,
    import::Kind,
    random,
    store::{
        office_notes::{NewNote, REMARK, What},
        papers::WordsOnPaper,
        registers::Line,
    },
};

/// A note of the office.
#[derive(Serialize)]
struct NoteRow {
    id: String,
    /// “shown” or “declined”.
    what: &'static str,
    title: String,
    version: String,
    words: String,
    on: String,
    by: String,
    remark: String,
    /// Whether it was shown to a whole class or group at once.
    at_once: bool,
    /// When and by whom it was taken back; empty where it stands.
    back: String,
}

/// What was typed of a note, to be shown again where it was refused.
#[derive(Debug, Default, Serialize)]
pub(super) struct Typed {
    /// What the note will be called, chosen when the page was shown: the same page sent twice enters it once.
    #[serde(skip)]
    pub(super) id: Option<RecordId>,
    pub(super) agreement: String,
    pub(super) on: String,
    pub(super) remark: String,
    /// That a day before the words were published here is meant.
    pub(super) early: bool,
}

/// An agreement that somebody is asked to sign.
struct Asked {
    agreement: Agreement,
    /// Whether they have neither signed it nor said no.
    is_open: bool,
}

/// Tells a person's page what the office noted of them, and what it may note. What was typed of a showing stands there again.
pub(super) fn tell(
    visit: &Visit,
    context: &mut Context,
    person: PersonId,
    typed: Option<&Typed>,
) -> Result<(), Trouble> {
    let hub = &visit.desk.hub;
    let (zone, today) = (hub.zone()?, hub.today()?.to_string());
    let mut rows = Vec::new();
    for one in hub.store.notes_of(person)? {
        let title = hub.store.words(one.words)?.map(|agreement| agreement.title);
        let back = one.taken_back.map(|(at, by)| format!("{}, by {by}", view::when(at, &zone)));
        rows.push(NoteRow {
            id: one.id.to_string(),
            what: one.what.as_str(),
            title: title.unwrap_or_else(|| one.agreement.to_string()),
            version: one.version.to_string(),
            words: one.words.to_string(),
            on: one.on.in_words(),
            by: one.by,
            remark: one.remark,
            at_once: one.showing.is_some(),
            back: back.unwrap_or_default(),
        });
    }
    context.insert("noted", &rows);
    let asked = asked(visit, person)?;
    let named = |one: &Asked| (one.agreement.slug.to_string(), one.agreement.title.clone());
    context.insert("to_show", &asked.iter().map(named).collect::<Vec<_>>());
    context.insert("to_sign", &asked.iter().filter(|one| one.is_open).map(named).collect::<Vec<_>>());
    let early = match typed {
        Some(typed) => is_early(visit, &asked, typed)?,
        None => false,
    };
    context.insert("early", &early);
    context.insert("again", &typed.is_some());
    for new in ["new_shown", "new_declined"] {
        context.insert(new, &RecordId::from_bytes(random::bytes()).to_string());
    }
    let fresh = Typed { on: today.clone(), ..Typed::default() };
    context.insert("typed", typed.unwrap_or(&fresh));
    context.insert("today", &today);
    Ok(())
}

/// The agreements that somebody is asked to sign.
fn asked(visit: &Visit, person: PersonId) -> Result<Vec<Asked>, Trouble> {
    let hub = &visit.desk.hub;
    let Some(pack) = hub.pack()? else { return Ok(Vec::new()) };
    let listed = hub.store.people()?.into_iter().find(|one| one.id == person).map(|one| one.kind);
    let is_theirs = |audience: Audience| match listed {
        Some(Kind::Pupils) => audience.is_pupils(),
        Some(Kind::Staff | Kind::Volunteers) => audience == Audience::Staff,
        Some(Kind::Governors) => audience == Audience::Governor,
        None => audience == Audience::Parent,
    };
    let is_open = |line: &Line| !line.standing.is_signed() && line.declined.is_none();
    let mut asked = Vec::new();
    for agreement in pack.content.agreements.iter().filter(|one| is_theirs(one.audience)) {
        let register = hub.store.register(agreement, &pack.content.year)?;
        let mut lines = register.sections.iter().flat_map(|section| &section.lines);
        if let Some(line) = lines.find(|line| line.person.id == person) {
            asked.push(Asked { agreement: agreement.clone(), is_open: is_open(line) });
        }
    }
    Ok(asked)
}

/// Whether the day that was typed has to be meant, because the words came later.
fn is_early(visit: &Visit, asked: &[Asked], typed: &Typed) -> Result<bool, Trouble> {
    let Some(pack) = visit.desk.hub.pack()? else { return Ok(false) };
    let agreement = asked.iter().find(|one| one.agreement.slug.as_str() == typed.agreement);
    let (Some(one), Some(day)) = (agreement, day_of(visit, &pack.content.year, &typed.on)?) else {
        return Ok(false);
    };
    Ok(words_on(visit, &one.agreement, day, false)?.is_err())
}

/// Notes something of one person; or says why not, and that nothing was changed.
pub(super) fn enter(
    visit: &Visit,
    person: PersonId,
    what: What,
    typed: &Typed,
) -> Result<Result<(), String>, Trouble> {
    let hub = &visit.desk.hub;
    let Some(pack) = hub.pack()? else { return Err(Trouble::NothingHere) };
    let asked = asked(visit, person)?;
    let found = asked.iter().find(|one| one.agreement.slug.as_str() == typed.agreement);
    let agreement = match (what, found) {
        (What::Shown, Some(one)) => &one.agreement,
        (What::Declined, Some(one)) if one.is_open => &one.agreement,
        (What::Shown, None) => return Ok(Err("Nothing was changed. Choose what was shown to them.".into())),
        (What::Declined, _) => {
            return Ok(Err(
                "Nothing was changed. Choose what they do not sign: it is on the list as long as they have not signed it."
                    .into(),
            ));
        }
    };
    let year = &pack.content.year;
    let Some(on) = day_of(visit, year, &typed.on)? else {
        let when = if what == What::Shown { "it was shown" } else { "they said so" };
        return Ok(Err(format!("Nothing was changed. {}", no_day(year, when))));
    };
    let remark = match remark_of(&typed.remark) {
        Ok(remark) => remark,
        Err(why) => return Ok(Err(format!("Nothing was changed. {why}"))),
    };
    let words = match what {
        What::Declined => (agreement.version.clone(), agreement.digest()),
        What::Shown => match words_on(visit, agreement, on, typed.early)? {
            Ok(found) => (found.version, found.words),
            Err(why) => return Ok(Err(why)),
        },
    };
    let new = NewNote { what, agreement, words: (&words.0, words.1), year, on, remark: &remark };
    let id = typed.id.unwrap_or_else(|| RecordId::from_bytes(random::bytes()));
    hub.store.note_of_one((id, person), &new, visit.account.id, hub.now())?;
    Ok(Ok(()))
}

/// The day that was typed, where it is one of this school year and not to come.
pub(super) fn day_of(visit: &Visit, year: &SchoolYear, typed: &str) -> Result<Option<Day>, Trouble> {
    let today = visit.desk.hub.today()?;
    Ok(typed.trim().parse().ok().filter(|day: &Day| (year.starts..=today).contains(day)))
}

/// “Write the day on which they said so: today, or a day before, from 1 September 2026 on.”
pub(super) fn no_day(year: &SchoolYear, when: &str) -> String {
    let first = year.starts.in_words();
    format!("Write the day on which {when}: today, or a day before, from {first} on.")
}

/// A remark as it is kept; or that it is too long.
pub(super) fn remark_of(typed: &str) -> Result<String, String> {
    let remark = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if remark.chars().count() > REMARK {
        return Err(format!("Write it in {REMARK} letters at most."));
    }
    Ok(remark)
}

/// The words that were shown on a day: of those that count now, the newest that were published here by then. Where none
/// was, what speaks against the day, unless somebody says that these very words were shown all the same.
pub(super) fn words_on(
    visit: &Visit,
    agreement: &Agreement,
    day: Day,
    early: bool,
) -> Result<Result<WordsOnPaper, String>, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let all = hub.store.words_on_paper(agreement)?;
    let since = |one: &WordsOnPaper| one.since.map(|since| clock::day(since, &zone));
    if let Some(found) = all.iter().find(|one| since(one).is_some_and(|since| since <= day)) {
        return Ok(Ok(found.clone()));
    }
    let first = all.last().ok_or(Trouble::NothingHere)?;
    let why = since(first)
        .filter(|_| !early)
        .map(|since| format!("version {} was first published here on {}", first.version, since.in_words()));
    let why: Vec<String> = why.into_iter().collect();
    let doubted = papers::doubted(day, &why, "where these very words were shown before that");
    Ok(doubted.map_or_else(|| Ok(first.clone()), Err))
}
