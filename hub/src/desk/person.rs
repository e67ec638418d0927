//! One person: whether they are here, leaving that is undone, what the office notes of them, and a hold.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;
use records::ids::{ClassId, PersonId};
use serde::Serialize;

use super::{
    Desk, office_notes, restrictions, view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    import::Kind,
    store::{held::SignatureHeld, leavers, office_notes::What, transfers::Transfer},
};

/// The longest reason for a hold, in letters.
const REASON: usize = 300;

/// Somebody of whom the hub keeps something: on the lists, or with parental responsibility.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) id: PersonId,
    pub(super) name: String,
    /// As what.
    pub(super) kind: &'static str,
    /// Their class, or their work.
    pub(super) place: String,
    /// A pupil's class.
    pub(super) class: Option<ClassId>,
    pub(super) left: Option<records::day::Moment>,
    /// Whether they are a pupil.
    pub(super) is_pupil: bool,
    /// Whether they are on the school's lists.
    is_listed: bool,
}

/// Everybody, by surname; parents and carers last.
pub(super) fn subjects(visit: &Visit) -> Result<Vec<Subject>, Trouble> {
    let store = &visit.desk.hub.store;
    let classes = store.classes()?;
    let class = |id| classes.iter().find(|class| Some(class.id) == id).map(|class| class.name.clone());
    let people = store.people()?.into_iter().map(|p| Subject {
        id: p.id,
        name: p.name(),
        kind: match p.kind {
            Kind::Pupils => "Pupil",
            Kind::Staff => "Staff",
            Kind::Volunteers => "Volunteer",
            Kind::Governors => "Governor",
        },
        place: class(p.class).or(p.role).unwrap_or_default(),
        class: p.class,
        left: p.left,
        is_pupil: p.kind == Kind::Pupils,
        is_listed: true,
    });
    let grown_ups = store.grown_ups()?.into_iter().map(|g| Subject {
        id: g.id,
        name: g.name,
        kind: "Parent or carer",
        place: String::new(),
        class: None,
        left: None,
        is_pupil: false,
        is_listed: false,
    });
    Ok(people.chain(grown_ups).collect())
}

/// The one of this id.
pub(super) fn subject(visit: &Visit, id: &str) -> Result<Subject, Trouble> {
    let id: PersonId = id.parse().map_err(|_| Trouble::NothingHere)?;
    subjects(visit)?.into_iter().find(|subject| subject.id == id).ok_or(Trouble::NothingHere)
}

/// Somebody in a list of those who were looked for.
#[derive(Serialize)]
pub(super) struct FoundRow {
    id: String,
    name: String,
    about: String,
}

/// Something that somebody signed.
#[derive(Serialize)]
struct SignedRow {
    title: String,
    version: String,
    words: String,
    when: String,
    helped: bool,
    /// Who entered it from paper when, and the page of that paper; empty where it was at a kiosk.
    paper: String,
    entry: String,
    scan: &'static str,
    undone: String,
}

impl SignedRow {
    fn new(one: &SignatureHeld, zone: &TimeZone) -> Self {
        let paper = one.came.paper();
        Self {
            title: one.title.clone().unwrap_or_else(|| one.agreement.to_string()),
            version: one.version.to_string(),
            words: one.words.to_string(),
            when: clock::day(one.when, zone).in_words(),
            helped: one.helped,
            paper: paper.map(|entered| view::on_paper(entered, zone)).unwrap_or_default(),
            entry: paper.map(|_| view::paper_address(one.id)).unwrap_or_default(),
            scan: view::scan(paper.and_then(|entered| entered.scan)),
            undone: one.undone.as_ref().map(|(at, _)| view::when(*at, zone)).unwrap_or_default(),
        }
    }
}

/// Those whose name has these letters in it; nobody for none.
pub(super) fn found(visit: &Visit, name: &str) -> Result<Vec<FoundRow>, Trouble> {
    let wanted = name.trim().to_lowercase();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let zone = visit.desk.hub.zone()?;
    let found = subjects(visit)?.into_iter().filter(|one| one.name.to_lowercase().contains(&wanted));
    let row = |one: Subject| {
        let left = one.left.map(|left| format!("left {}", view::when(left, &zone)));
        let about = [Some(one.kind.to_owned()), Some(one.place), left].into_iter().flatten();
        FoundRow {
            id: one.id.to_string(),
            name: one.name,
            about: about.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        }
    };
    Ok(found.map(row).collect())
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show(&visit, &id, "")).await
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    /// “undo-leaving”, “hold”, “release”, “show”, “decline” or “note-back”.
    #[serde(default)]
    what: String,
    #[serde(default)]
    reason: String,
    /// The agreement that was shown, or is declined.
    #[serde(default)]
    agreement: String,
    /// The day on which it was.
    #[serde(default)]
    on: String,
    /// Where it was shown, or why it is declined.
    #[serde(default)]
    remark: String,
    /// That a day before the words were published here is meant.
    #[serde(default)]
    early: String,
    /// Which note is taken back, or how the new one will be called.
    #[serde(default)]
    entry: String,
    #[serde(default)]
    form_token: String,
}

pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let (person, hub, account) = (subject(&visit, &id)?.id, &visit.desk.hub, visit.account.id);
        match sent.what.as_str() {
            "undo-leaving" => {
                if !hub.store.undo_leaving(person, account, hub.now())? {
                    let text = "Nothing was changed: nobody has left here, or it was too long ago. Bring a list with them on it.";
                    return refused(&visit, &id, text);
                }
                hub.tell_kiosks();
            }
            "hold" => {
                let reason = sent.reason.split_whitespace().collect::<Vec<_>>().join(" ");
                if reason.is_empty() || reason.chars().count() > REASON {
                    let text = format!(
                        "Nothing was changed. Write why this must be kept, in {REASON} letters at most."
                    );
                    return refused(&visit, &id, &text);
                }
                hub.store.hold(person, &reason, account, hub.now())?;
            }
            "release" => hub.store.release(person, account, hub.now())?,
            "show" | "decline" => {
                let what = if sent.what == "show" { What::Shown } else { What::Declined };
                let typed = office_notes::Typed {
                    id: sent.entry.parse().ok(),
                    agreement: sent.agreement,
                    on: sent.on,
                    remark: sent.remark,
                    early: !sent.early.is_empty(),
                };
                if let Err(why) = office_notes::enter(&visit, person, what, &typed)? {
                    let again = Some(&typed).filter(|_| what == What::Shown);
                    return Ok(visit::refused(show_typed(&visit, &id, &why, again)?));
                }
            }
            "note-back" => {
                let entry = sent.entry.parse().map_err(|_| Trouble::NothingHere)?;
                let is_back = hub.store.take_note_back(person, entry, account, hub.now())?;
                if !is_back {
                    return refused(&visit, &id, "Nothing was changed: that is taken back already.");
                }
            }
            _ => {}
        }
        Ok(Redirect::to(&format!("/people/{id}")).into_response())
    })
    .await
}

fn refused(visit: &Visit, id: &str, text: &str) -> Result<Response, Trouble> {
    Ok(visit::refused(show(visit, id, text)?))
}

/// The page of one person, with something to say.
pub(super) fn show(visit: &Visit, id: &str, message: &str) -> Result<Response, Trouble> {
    show_typed(visit, id, message, None)
}

/// The same, with what was typed of a showing that was refused.
fn show_typed(
    visit: &Visit,
    id: &str,
    message: &str,
    typed: Option<&office_notes::Typed>,
) -> Result<Response, Trouble> {
    let one = subject(visit, id)?;
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let hold = hub.store.holds()?.into_iter().find(|hold| hold.person == one.id);
    let undo = one.left.map(leavers::undone_until).filter(|until| hub.now() <= *until);
    let mut context = visit.context("people")?;
    context.insert("message", message);
    context.insert("id", &one.id.to_string());
    context.insert("name", &one.name);
    context.insert("kind", &one.kind);
    context.insert("place", &one.place);
    context.insert("is_pupil", &one.is_pupil);
    context.insert("left", &one.left.map(|left| view::when(left, &zone)).unwrap_or_default());
    context.insert("undo", &undo.map(|until| view::when(until, &zone)).unwrap_or_default());
    let hold = hold.map(|hold| (hold.reason, view::when(hold.at, &zone)));
    context.insert("hold", &hold);
    let row = |one: &Transfer| {
        let received = one.received.map(|at| view::when(at, &zone)).unwrap_or_default();
        (one.number, view::when(one.made, &zone), received)
    };
    let asks = hub.pack()?.is_some_and(|pack| match one.is_pupil {
        true => !pack.content.consent.is_empty(),
        false => one.is_listed && !pack.content.adult_consent.is_empty(),
    });
    context.insert("asks", &(asks && one.left.is_none()));
    let signed = hub.store.signatures_of(one.id)?;
    context.insert("signed", &signed.iter().rev().map(|one| SignedRow::new(one, &zone)).collect::<Vec<_>>());
    office_notes::tell(visit, &mut context, one.id, typed)?;
    context.insert("restrictions", &restrictions::open_on(visit, one.id)?);
    context.insert("transfers", &hub.store.transfers(one.id)?.iter().map(row).collect::<Vec<_>>());
    visit.show("person.html", &context)
}
