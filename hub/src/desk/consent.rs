//! Consent: what families allow, in grids; one pupil's answers with their history; a no that the office lifts. For whoever
//! holds a camera there is [`may_i`](super::may_i). What comes on paper is entered in [`consent_paper`](super::consent_paper).

use std::{collections::HashSet, sync::Arc};

use axum::{
    Form as Sent,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    consent::Standing,
    digest::Digest,
    form::Form,
    ids::{PersonId, RecordId, Slug},
    standing::Lifted,
};

use super::{
    Desk,
    consent_paper::{OnPaper, PaperForm},
    consent_view::{self, AskedRow, FormCard, PupilForm, PupilRow, Whole},
    listing::Listing,
    published, restrictions,
    taken_out::{self, Names, download},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    clock,
    import::Kind,
    store::{audit::Actor, consents::LiftedNo, people::Person, restrictions::Restriction},
};

/// The longest reason for lifting a no, in letters.
const REASON: usize = 300;

/// Every form in short.
pub(super) async fn home(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let mut context = visit.context("consent")?;
        if let Some(whole) = whole(&visit)? {
            let cards: Vec<_> = whole.forms().map(|form| FormCard::new(&whole, form)).collect();
            let open = whole.pupils.iter().filter(|p| AskedRow::new(&whole, p).is_some()).count();
            let wanted = which.name.trim().to_lowercase();
            let found =
                whole.everybody().filter(|p| !wanted.is_empty() && p.name().to_lowercase().contains(&wanted));
            let found: Vec<_> = found.map(|pupil| listed(&whole, pupil)).collect();
            context.insert("cards", &cards);
            context.insert("open", &open);
            context.insert("found", &found);
        }
        context.insert("wanted", which.name.trim());
        let key = Digest::from_bytes(*visit.desk.hub.identity().key.as_bytes());
        context.insert("hub_key", &key.to_string());
        let hub = &visit.desk.hub;
        context.insert("year_over", &view::year_over(hub.pack()?.as_deref(), hub.today()?));
        context.insert("take_down", &published::to_take_down(&visit)?);
        context.insert("aside", &visit.desk.hub.store.set_aside_count()?);
        visit.show("consent.html", &context)
    })
    .await
}

/// One form, a class at a time: who said what to each use.
pub(super) async fn grid(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(form): Path<String>,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let form = form_of(&whole, &form)?;
        let sections: Vec<_> = looked_for(&whole, form, &which)
            .into_iter()
            .map(|(name, pupils)| {
                let rows: Vec<_> = pupils.iter().map(|pupil| PupilRow::new(&whole, pupil, form)).collect();
                (name, rows)
            })
            .collect();
        let mut context = visit.context("consent")?;
        context.insert("form", &FormCard::new(&whole, form));
        context.insert("uses", &form.purposes.iter().map(|p| &p.words).collect::<Vec<_>>());
        context.insert("sections", &sections);
        classes(&mut context, &whole, &which.class);
        context.insert("wanted", which.name.trim());
        context.insert("query", &which.query());
        context.insert("is_anybody", &sections.iter().any(|(_, rows)| !rows.is_empty()));
        visit.show("consent_grid.html", &context)
    })
    .await
}

/// Of, or for, whom a form is asked, and who are meant.
fn looked_for<'w>(whole: &'w Whole, form: &Form, which: &Listing) -> Vec<(String, Vec<&'w Person>)> {
    let mut sections = sections_of(whole, form, &which.class);
    for (_, people) in &mut sections {
        people.retain(|person| which.is_named([person.name().as_str()]));
    }
    sections
}

/// The same as a file for a spreadsheet.
pub(super) async fn export(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(form): Path<String>,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let form = form_of(&whole, &form)?;
        let lines = looked_for(&whole, form, &which).into_iter().flat_map(|(class, pupils)| {
            let line = |pupil: &&Person| {
                let cells =
                    form.purposes.iter().map(|purpose| in_words(whole.standing(pupil, form, purpose)));
                let names = [class.clone(), pupil.surname.clone(), pupil.forename.clone()];
                names.into_iter().chain(cells.map(str::to_owned)).collect::<Vec<_>>()
            };
            pupils.iter().map(line).collect::<Vec<_>>()
        });
        let headings = ["Class", "Surname", "Forename"].into_iter();
        let headings: Vec<&str> = headings.chain(form.purposes.iter().map(|p| p.words.as_str())).collect();
        let what = format!("Answers to “{}”, version {}", form.title, form.version);
        let names = Names::People("consent downloaded", form.id.as_str());
        taken_out::list(&visit, (&format!("consent-{}", form.id), &what), names, &headings, lines)
    })
    .await
}

/// For whom which use is allowed, signed: for the check of the website.
pub(super) async fn signed_export(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Office, |visit| {
        let hub = &visit.desk.hub;
        let pack = hub.pack()?.ok_or(Trouble::NothingHere)?;
        let (number, bytes) = hub.export_consent(&pack.content, Actor::Account(visit.account.id))?;
        Ok(download("application/octet-stream", &format!("consent-{number}.signpost"), bytes))
    })
    .await
}

/// The newest roster, which says which number is whom: for the same check.
pub(super) async fn roster(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Office, |visit| {
        let hub = &visit.desk.hub;
        // One that could not be made after what was done last is made now.
        hub.roster_for_greeting()?;
        let (number, bytes) = hub.store.newest_roster()?.ok_or(Trouble::NothingHere)?;
        let actor = Actor::Account(visit.account.id);
        hub.store.note(actor, "roster downloaded", &number.to_string(), hub.now())?;
        Ok(download("application/octet-stream", &format!("roster-{number}-PERSONAL-DATA.signpost"), bytes))
    })
    .await
}

/// One pupil.
pub(super) async fn pupil(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show_pupil(&visit, &id, "", &OnPaper::default()))
        .await
}

#[derive(serde::Deserialize)]
pub(super) struct Lift {
    #[serde(default)]
    decisions: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    reason: String,
    /// That the law or a court says so, and that it cannot be put back.
    #[serde(default)]
    sure: String,
    #[serde(default)]
    form_token: String,
}

/// The office lifts a no, with a reason.
pub(super) async fn lift(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Sent(sent): Sent<Lift>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let reason = sent.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() {
            return refused(
                &visit,
                &id,
                "Nothing was changed. Write why the no is lifted: it is kept with it.",
            );
        }
        if sent.sure.is_empty() {
            let text = "Nothing was changed. Tick that the law or a court says so, then try again.";
            return refused(&visit, &id, text);
        }
        if reason.chars().count() > REASON {
            let text = format!("Nothing was changed. The reason is too long: {REASON} letters are the most.");
            return refused(&visit, &id, &text);
        }
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let pupil = person_of(&whole, &id)?;
        let purpose: Slug = sent.purpose.parse().map_err(|_| Trouble::NothingHere)?;
        let named: Vec<RecordId> =
            sent.decisions.split_whitespace().filter_map(|id| id.parse().ok()).collect();
        // Only decisions about this pupil, on the forms of pupils: what the page showed. A grown-up's own no is nobody
        // else's to lift.
        let is_asked = |form: &&Form| {
            let uses = form.purposes.iter().map(|one| &one.id);
            uses.chain(form.questions.iter().map(|one| &one.id)).any(|id| *id == purpose)
        };
        let forms = whole.book.forms.iter().filter(is_asked);
        let known =
            forms.flat_map(|form| whole.book.taken(pupil.id, &form.id)).map(|taken| taken.decision.id);
        let known: Vec<RecordId> = known.filter(|id| named.contains(id)).collect();
        if known.is_empty() {
            return Err(Trouble::NothingHere);
        }
        let hub = &visit.desk.hub;
        let at = hub.now();
        let lifted = |decision| LiftedNo {
            lifted: Lifted { decision, purpose: purpose.clone() },
            reason: reason.clone(),
            account: visit.account.id,
            at,
        };
        hub.store.lift_noes(&known.into_iter().map(lifted).collect::<Vec<_>>())?;
        hub.tell_kiosks();
        Ok(Redirect::to(&format!("/consent/pupil/{id}")).into_response())
    })
    .await
}

pub(super) fn refused(visit: &Visit, id: &str, message: &str) -> Result<Response, Trouble> {
    Ok(visit::refused(show_pupil(visit, id, message, &OnPaper::default())?))
}

pub(super) fn show_pupil(
    visit: &Visit,
    id: &str,
    message: &str,
    typed: &OnPaper,
) -> Result<Response, Trouble> {
    let whole = whole(visit)?.ok_or(Trouble::NothingHere)?;
    let pupil = person_of(&whole, id)?;
    let is_adult = pupil.kind != Kind::Pupils;
    let forms = whole.forms_of(pupil).iter().map(|form| -> Result<PupilForm, Trouble> {
        let paper = PaperForm::new(visit, &whole, pupil, form, typed)?;
        Ok(PupilForm::new(&whole, pupil, form, paper))
    });
    let forms = forms.collect::<Result<Vec<_>, Trouble>>()?;
    let themselves = is_adult.then(|| (pupil.id.to_string(), pupil.name(), String::new()));
    let deciders: Vec<_> = whole
        .deciders(pupil.id)
        .map(|(grown_up, relation)| (grown_up.id.to_string(), grown_up.name.clone(), relation.to_owned()))
        .chain(themselves)
        .collect();
    let mut context = visit.context("consent")?;
    context.insert("message", message);
    context.insert("pupil", &listed(&whole, pupil));
    context.insert("forms", &forms);
    context.insert("deciders", &deciders);
    context.insert("is_adult", &is_adult);
    context.insert("restrictions", &restrictions::open_on(visit, pupil.id)?);
    context.insert("shown", &published::of(visit, pupil.id)?);
    let portrait = visit.desk.hub.store.portraits()?.remove(&pupil.id);
    context.insert("portrait", &portrait.map(|kept| view::when(kept, &whole.zone)).unwrap_or_default());
    visit.show("consent_pupil.html", &context)
}

/// Whose contact with which pupil is restricted.
fn restricted(all: Vec<Restriction>) -> HashSet<(PersonId, PersonId)> {
    all.into_iter().filter(Restriction::is_open).filter_map(|one| Some((one.grown_up?, one.pupil))).collect()
}

/// Nothing, while no pack asks anything.
pub(super) fn whole(visit: &Visit) -> Result<Option<Whole>, Trouble> {
    let hub = &visit.desk.hub;
    let Some(pack) = hub.pack()? else { return Ok(None) };
    if pack.content.consent.is_empty() && pack.content.adult_consent.is_empty() {
        return Ok(None);
    }
    let store = &hub.store;
    let people = store.people()?;
    let adults = people.iter().filter(|p| p.kind != Kind::Pupils && p.left.is_none());
    Ok(Some(Whole {
        book: store.consent_book(&pack.content, hub.today()?)?,
        classes: store.classes()?,
        adults: adults.cloned().collect(),
        pupils: consent_view::here(people),
        accounts: store.account_names()?,
        grown_ups: store.grown_ups()?.into_iter().map(|g| (g.id, g)).collect(),
        responsibilities: store.responsibilities()?,
        restricted: restricted(store.restrictions()?),
        zone: clock::zone(&pack.content),
    }))
}

pub(super) fn form_of<'w>(whole: &'w Whole, id: &str) -> Result<&'w Form, Trouble> {
    whole.forms().find(|form| form.id.as_str() == id).ok_or(Trouble::NothingHere)
}

pub(super) fn person_of<'w>(whole: &'w Whole, id: &str) -> Result<&'w Person, Trouble> {
    whole.everybody().find(|pupil| pupil.id.to_string() == id).ok_or(Trouble::NothingHere)
}

/// The classes that were asked for, with their pupils.
pub(super) fn sections<'w>(whole: &'w Whole, class: &str) -> impl Iterator<Item = (String, Vec<&'w Person>)> {
    let wanted = class.to_owned();
    let classes = whole.classes.iter().filter(move |c| wanted.is_empty() || c.id.to_string() == wanted);
    classes.map(|class| (class.name.clone(), whole.of_class(class.id).collect()))
}

/// Of, or for, whom a form is asked: pupils by class, grown-ups by what they are here, whatever the class.
pub(super) fn sections_of<'w>(whole: &'w Whole, form: &Form, class: &str) -> Vec<(String, Vec<&'w Person>)> {
    if !whole.is_of_adults(form) {
        return sections(whole, class).collect();
    }
    let of_kind = |kind: Kind| {
        let people = whole.adults.iter().filter(|person| person.kind == kind).collect();
        (consent_view::adults_name(kind).to_owned(), people)
    };
    [Kind::Staff, Kind::Volunteers, Kind::Governors].map(of_kind).into()
}

/// Tells a template which classes there are, and which was chosen.
pub(super) fn classes(context: &mut tera::Context, whole: &Whole, chosen: &str) {
    let all: Vec<_> = whole.classes.iter().map(|class| (class.id.to_string(), class.name.clone())).collect();
    context.insert("classes", &all);
    context.insert("class", chosen);
}

pub(super) fn listed(whole: &Whole, pupil: &Person) -> serde_json::Value {
    serde_json::json!({
        "id": pupil.id.to_string(),
        "name": pupil.name(),
        "tile": pupil.tile,
        "class": whole.class_name(pupil),
    })
}

const fn in_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Yes => "yes",
        Standing::No => "NO",
        Standing::NotAsked => "not answered: not a yes",
    }
}
