//! A new entry, and what is added to one: nothing that was written is changed, and nothing that was typed is lost.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use records::{form::QuestionType, ids::PersonId};

use super::{
    ADDRESS, Mine,
    form::{self, LISTED, Typed, value},
    one,
    view::{self, Shower},
};
use crate::{
    clock,
    desk::{
        Desk, view as desk_view,
        visit::{self, Room, Trouble, Visit},
    },
    random,
    registers::{
        answers::{self, Wrong},
        entry::{Decided, Entry, EntryId, What},
        rights::Sees,
    },
    store::register_entries::{Added, NewRow},
};

/// The longest reason, in letters.
const NOTE: usize = 400;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::desk) struct Done {
    done: String,
}

/// The empty form.
pub(in crate::desk) async fn new(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Registers, move |visit| {
        let mine = writable(&visit, &register)?;
        let mut typed = Typed::new();
        // Where a clock runs from it, or it was earlier, somebody has to think.
        if mine.register().clock.is_none() {
            let now = clock::local(visit.desk.hub.now(), &mine.zone()).strftime("%Y-%m-%dT%H:%M").to_string();
            let moments = mine.register().form.questions.iter().filter(|q| q.answer == QuestionType::Moment);
            typed.extend(moments.map(|question| (question.id.to_string(), now.clone())));
        }
        let id = view::id_text(&random::bytes());
        ask(&visit, &mine, &Asked { typed: &typed, id: &id, ..Asked::default() })
    })
    .await
}

/// Takes an entry.
pub(in crate::desk) async fn enter(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(register): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let token = value(&typed, "form_token").to_owned();
    visit::form(desk, &headers, Room::Registers, token, move |visit| {
        let mine = writable(&visit, &register)?;
        let id = view::id_of(value(&typed, "row")).ok_or(Trouble::NothingHere)?;
        let (typed, person) = with_person(&visit, &mine, typed)?;
        match answers::read(mine.register(), &typed, &visit.account.name) {
            Ok(answers) => {
                let hub = &visit.desk.hub;
                let what = What::Says(answers);
                let new = row(&mine, id, &what, "", person);
                hub.store.enter(&new, visit.account.id, hub.now())?;
                Ok(to_entry(&mine, &id, "entered"))
            }
            Err(wrong) => {
                let asked =
                    Asked { typed: &typed, wrong: &wrong, id: value(&typed, "row"), ..Asked::default() };
                Ok(visit::refused(ask(&visit, &mine, &asked)?))
            }
        }
    })
    .await
}

/// One entry.
pub(in crate::desk) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((register, entry)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Response {
    visit::page(desk, &headers, Room::Registers, move |visit| {
        let (mine, entry) = found(&visit, &register, &entry)?;
        show(&visit, &mine, &entry, &done.done, "")
    })
    .await
}

fn show(visit: &Visit, mine: &Mine, entry: &Entry, done: &str, message: &str) -> Result<Response, Trouble> {
    let (register, shower) = (mine.register(), mine.shower(visit)?);
    let done = match done {
        "entered" => format!("Kept. {} can read it.", capital(&one::readers(register))),
        "added" => "Kept. What it said before is still below.".to_owned(),
        "agreed" | "refused" => "Your answer is kept.".to_owned(),
        _ => String::new(),
    };
    let row = shower.row(entry);
    let mut context = visit.context("kept")?;
    context.insert("message", message);
    context.insert("done", &done);
    context.insert("register", &register.form);
    context.insert("title", &shower.title(entry));
    context.insert("entry", &row);
    context.insert("lines", &shower.lines(entry));
    context.insert("open_questions", &shower.open_questions(entry));
    context.insert("history", &shower.history(entry));
    context.insert("person", &listed_name(visit, entry.now().person)?);
    context.insert("adds", &mine.rights.writes);
    context.insert("decides", &waits_for_me(mine, entry));
    context.insert("last", &view::id_text(&entry.last().id));
    context.insert("row", &view::id_text(&random::bytes()));
    context.insert("note_most", &NOTE);
    let clock = entry.clock_ends(register, &mine.zone());
    let clock = clock.map(|ends| {
        let (words, over) = view::hours_left(ends, visit.desk.hub.now());
        (words, desk_view::when(ends, &mine.zone()), over)
    });
    context.insert("clock", &clock);
    visit.show("register_entry.html", &context)
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

/// The form with what an entry says now.
pub(in crate::desk) async fn add_form(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((register, entry)): Path<(String, String)>,
) -> Response {
    visit::page(desk, &headers, Room::Registers, move |visit| {
        let (mine, entry) = found(&visit, &register, &entry)?;
        if !mine.rights.writes {
            return Err(Trouble::NothingHere);
        }
        let mut typed = form::typed(entry.answers());
        typed.extend(entry.now().person.map(|person| (LISTED.to_owned(), person.to_string())));
        let id = view::id_text(&random::bytes());
        ask(&visit, &mine, &Asked { typed: &typed, id: &id, entry: Some(&entry), ..Asked::default() })
    })
    .await
}

/// Adds to an entry, or puts it right.
pub(in crate::desk) async fn add(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((register, entry)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Response {
    let token = value(&typed, "form_token").to_owned();
    visit::form(desk, &headers, Room::Registers, token, move |visit| {
        let (mine, entry) = found(&visit, &register, &entry)?;
        if !mine.rights.writes {
            return Err(Trouble::NothingHere);
        }
        let (id, seen) = ids(&typed)?;
        let (typed, person) = with_person(&visit, &mine, typed)?;
        let asked =
            Asked { typed: &typed, id: value(&typed, "row"), entry: Some(&entry), ..Asked::default() };
        let refuse = |asked: &Asked<'_>| Ok(visit::refused(ask(&visit, &mine, asked)?));
        let answers = match answers::read(mine.register(), &typed, &visit.account.name) {
            Ok(answers) => answers,
            Err(wrong) => return refuse(&Asked { wrong: &wrong, ..asked }),
        };
        let Some(note) = note(&typed) else {
            return refuse(&Asked { message: "Nothing was kept: say why in 400 letters at most.", ..asked });
        };
        let same = answers == *entry.answers() && person == entry.now().person;
        if same && entry.last().id != id {
            return refuse(&Asked { message: "Nothing was kept: nothing of it was changed.", ..asked });
        }
        let hub = &visit.desk.hub;
        let what = What::Says(answers);
        let new = row(&mine, id, &what, &note, person);
        match hub.store.add_to_entry(entry.first().id, seen, &new, visit.account.id, hub.now())? {
            Added::Done => Ok(to_entry(&mine, &entry.first().id, "added")),
            Added::NothingThere => Err(Trouble::NothingHere),
            Added::Overtaken => ask(&visit, &mine, &Asked { overtaken: true, ..asked }),
        }
    })
    .await
}

/// Yes or no to what an entry asks for.
pub(in crate::desk) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((register, entry)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Response {
    let token = value(&typed, "form_token").to_owned();
    visit::form(desk, &headers, Room::Registers, token, move |visit| {
        let (mine, entry) = found(&visit, &register, &entry)?;
        if !mine.rights.decides {
            return Err(Trouble::NothingHere);
        }
        let (id, seen) = ids(&typed)?;
        let refuse = |why: &str| Ok(visit::refused(show(&visit, &mine, &entry, "", why)?));
        let (what, done) = match value(&typed, "what") {
            "agree" => (What::Agreed, "agreed"),
            "refuse" => (What::Refused, "refused"),
            _ => return refuse("Nothing was kept: say yes or no."),
        };
        let note = note(&typed).filter(|note| what == What::Agreed || !note.is_empty());
        let Some(note) = note else {
            return refuse("Nothing was kept: a no needs its reason, in 400 letters at most.");
        };
        if entry.last().id != id && !waits_for_me(&mine, &entry) {
            return refuse("Nothing was kept: it does not wait for your answer any more.");
        }
        let hub = &visit.desk.hub;
        let new = row(&mine, id, &what, &note, None);
        match hub.store.add_to_entry(entry.first().id, seen, &new, visit.account.id, hub.now())? {
            Added::Done => Ok(to_entry(&mine, &entry.first().id, done)),
            Added::NothingThere => Err(Trouble::NothingHere),
            Added::Overtaken => refuse("Nothing was kept: somebody has added to it since you opened it. Read it as it is now, then say yes or no."),
        }
    })
    .await
}

fn waits_for_me(mine: &Mine, entry: &Entry) -> bool {
    let waits = matches!(entry.decided(mine.register()), Decided::Waits(parties) if parties.contains(&mine.rights.party));
    mine.rights.decides && waits
}

fn to_entry(mine: &Mine, id: &EntryId, done: &str) -> Response {
    let address = format!("{ADDRESS}/{}/entry/{}?done={done}", mine.name(), view::id_text(id));
    Redirect::to(&address).into_response()
}

fn writable(visit: &Visit, register: &str) -> Result<Mine, Trouble> {
    let mine = super::find(visit, register)?;
    if mine.rights.writes { Ok(mine) } else { Err(Trouble::NothingHere) }
}

/// An entry that whoever asks may see.
fn found(visit: &Visit, register: &str, entry: &str) -> Result<(Mine, Entry), Trouble> {
    let mine = super::find(visit, register)?;
    if !matches!(mine.rights.sees, Sees::Entries | Sees::Own) {
        return Err(Trouble::NothingHere);
    }
    let id = view::id_of(entry).ok_or(Trouble::NothingHere)?;
    let entry = visit.desk.hub.store.register_entry(mine.name(), id)?;
    let entry = entry.filter(|entry| mine.shows(visit, entry)).ok_or(Trouble::NothingHere)?;
    Ok((mine, entry))
}

fn ids(typed: &Typed) -> Result<(EntryId, EntryId), Trouble> {
    let id = |name| view::id_of(value(typed, name)).ok_or(Trouble::NothingHere);
    Ok((id("row")?, id("seen")?))
}

/// The reason that was typed; none where it is too long.
fn note(typed: &Typed) -> Option<String> {
    let note = value(typed, "note").trim().replace('\r', "");
    (note.chars().count() <= NOTE).then_some(note)
}

fn row<'n>(
    mine: &'n Mine,
    id: EntryId,
    what: &'n What,
    note: &'n str,
    person: Option<PersonId>,
) -> NewRow<'n> {
    let form = &mine.register().form;
    NewRow {
        id,
        register: &form.id,
        what,
        note,
        version: &form.version,
        words: form.digest(),
        person,
        party: mine.rights.party,
    }
}

/// Whom it is about, where somebody was chosen from the lists. Whoever was chosen need not be typed as well.
fn with_person(visit: &Visit, mine: &Mine, mut typed: Typed) -> Result<(Typed, Option<PersonId>), Trouble> {
    let Some(question) = &mine.register().person else { return Ok((typed, None)) };
    let Ok(id) = value(&typed, LISTED).parse::<PersonId>() else { return Ok((typed, None)) };
    let store = &visit.desk.hub.store;
    let Some(person) = store.people()?.into_iter().find(|person| person.id == id) else {
        return Ok((typed, None));
    };
    if value(&typed, question.as_str()).trim().is_empty() {
        let classes = store.classes()?;
        let class = classes.iter().find(|class| Some(class.id) == person.class);
        let class = class.map(|class| format!(", {}", class.name)).unwrap_or_default();
        typed.retain(|(name, _)| name != question.as_str());
        typed.push((question.to_string(), format!("{}{class}", person.name())));
    }
    Ok((typed, Some(id)))
}

fn listed_name(visit: &Visit, person: Option<PersonId>) -> Result<String, Trouble> {
    let Some(id) = person else { return Ok(String::new()) };
    let person = visit.desk.hub.store.people()?.into_iter().find(|person| person.id == id);
    Ok(person.map(|person| person.name()).unwrap_or_default())
}

/// What a form is shown with.
#[derive(Default, Clone, Copy)]
struct Asked<'a> {
    typed: &'a [(String, String)],
    wrong: &'a [Wrong],
    /// The id of the row that will be written.
    id: &'a str,
    /// What is added to.
    entry: Option<&'a Entry>,
    message: &'a str,
    /// Whether somebody else added to it meanwhile.
    overtaken: bool,
}

fn ask(visit: &Visit, mine: &Mine, asked: &Asked<'_>) -> Result<Response, Trouble> {
    let register = mine.register();
    let typed = asked.typed.to_vec();
    let fields = form::fields(register, &typed, asked.wrong);
    let shower: Shower<'_> = mine.shower(visit)?;
    let mut context = visit.context("kept")?;
    context.insert("register", &register.form);
    context.insert("readers", &one::readers(register));
    context.insert("about_pupils", &register.about_pupils);
    context.insert("fields", &fields);
    context.insert("wrong", &asked.wrong.len());
    context.insert("row", asked.id);
    context.insert("message", asked.message);
    context.insert("note", value(&typed, "note"));
    context.insert("note_most", &NOTE);
    context.insert("listed", value(&typed, LISTED));
    context.insert("today", &desk_view::when(visit.desk.hub.now(), &mine.zone()));
    let groups = if register.person.is_some() { form::people(visit)? } else { Vec::new() };
    context.insert("groups", &groups);
    if let Some(entry) = asked.entry {
        // Whoever is shown what was added meanwhile has seen it.
        let seen = if asked.overtaken || value(&typed, "seen").is_empty() {
            view::id_text(&entry.last().id)
        } else {
            value(&typed, "seen").to_owned()
        };
        context.insert("seen", &seen);
        context.insert("entry", &shower.row(entry));
        context.insert("title", &shower.title(entry));
        let meanwhile = if asked.overtaken { shower.history(entry).pop() } else { None };
        context.insert("meanwhile", &meanwhile);
    }
    let mut page = visit.show("register_form.html", &context)?;
    if asked.overtaken {
        *page.status_mut() = StatusCode::CONFLICT;
    }
    Ok(page)
}
