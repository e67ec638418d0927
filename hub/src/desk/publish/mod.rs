//! Publishing at the desk: a pack that `signpost build` made is brought, or made here ([`mod@build`]), looked at beside the one in force ([`mod@look`]),
//! and published when somebody says so. What is refused, and what publishing does, is the same as at the command line.
//!
//! A pack is in memory alone, for the account that brought it, until it is published or left, half an hour at most.

pub(super) mod build;
mod look;

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::{
    Form,
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use records::{day::Moment, pack::PackDraft};

use super::{
    Desk,
    upload::{Bounded, Upload},
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::{
    audit::Actor,
    packs::{PublishError, Published},
};
use build::Found;
use look::Look;

/// The longest pack that is taken: an hour of recordings.
const PACK_MOST: usize = 128 * 1024 * 1024;
/// What the form may be, so that somebody whose file is too long is told so.
pub(super) const FORM_MAX: usize = PACK_MOST + 64 * 1024 * 1024;
/// For how many seconds a pack waits.
const WAITS: i64 = 30 * 60;

/// A pack that was brought.
pub(super) struct Waiting {
    account: i64,
    begun: Moment,
    draft: Box<PackDraft>,
}

impl Waiting {
    /// Whether it has waited too long.
    pub(super) fn is_stale(&self, now: Moment) -> bool {
        !(0..WAITS).contains(&(now.0 - self.begun.0))
    }
}

pub(super) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Office, |visit| show(&visit, "")).await
}

/// Reads a pack and shows what is in it. Nothing is published.
pub(super) async fn bring(State(desk): State<Arc<Desk>>, headers: HeaderMap, request: Request) -> Response {
    // So much is read for nobody but who may send it.
    if let Err(door) = visit::known(desk.clone(), &headers, Room::Office).await {
        return door;
    }
    let (typed, file) = Upload::with_file(request, "pack", PACK_MOST).await;
    visit::form(desk, &headers, Room::Office, typed.words("form_token"), move |visit| {
        let refuse = |why: &str| Ok(visit::refused(show(&visit, &format!("Nothing was published. {why}"))?));
        let bytes = match file {
            Bounded::Whole(bytes) => bytes,
            Bounded::None => return refuse("Choose the file first: it is called school.packdraft."),
            Bounded::TooLong => {
                return refuse("The file is longer than any pack, or did not come whole. Try once more.");
            }
        };
        consider(&visit, &bytes, &Found::default())
    })
    .await
}

/// Shows what is in a pack, with what its build found, and keeps it until somebody decides; or says why it is none that
/// could be published.
fn consider(visit: &Visit, bytes: &[u8], found: &Found) -> Result<Response, Trouble> {
    let refuse =
        |why: &str| Ok(visit::refused(show_with(visit, &format!("Nothing was published. {why}"), found)?));
    let draft = match PackDraft::read(bytes) {
        Ok(draft) => draft,
        Err(error) => {
            return refuse(&format!(
                "The file cannot be read as what “signpost build” makes: {error}. Build it again, and bring the file school.packdraft."
            ));
        }
    };
    if let Some(why) = another_school(visit, &draft)? {
        return refuse(&why);
    }
    let hub = &visit.desk.hub;
    match hub.store.would_publish(&draft) {
        Ok(Published::Now(_)) => {}
        Ok(Published::Before(number)) => {
            let text = format!("This very pack is published already, as number {number}.");
            return show_with(visit, &text, found);
        }
        Err(PublishError::Store(error)) => return Err(error.into()),
        Err(why) => return refuse(&sentence(&why)),
    }
    let (account, begun) = (visit.account.id, hub.now());
    *held(visit) = Some(Waiting { account, begun, draft: Box::new(draft) });
    show_look(visit, found)
}

#[derive(serde::Deserialize)]
pub(super) struct Decided {
    /// “publish” or “leave”.
    #[serde(default)]
    what: String,
    #[serde(default)]
    form_token: String,
}

/// Publishes the pack that was looked at, or leaves it.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Decided>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let (hub, account) = (&visit.desk.hub, visit.account.id);
        let now = hub.now();
        let mine = |waiting: &mut Waiting| waiting.account == account && !waiting.is_stale(now);
        // The lock is let go before anything is written.
        let waiting = held(&visit).take_if(mine);
        let Some(waiting) = waiting else {
            return Ok(visit::refused(show(&visit, GONE)?));
        };
        if sent.what != "publish" {
            return show(&visit, "The pack was left. Nothing was published.");
        }
        match hub.publish_as(&waiting.draft, Actor::Account(account)) {
            Ok(Published::Now(number)) => {
                show(&visit, &format!("Pack {number} is published. Each kiosk has it within minutes, where it has a network; a stick takes it to the others."))
            }
            Ok(Published::Before(number)) => {
                show(&visit, &format!("This very pack is published already, as number {number}."))
            }
            Err(PublishError::Store(error)) => {
                // On a full disk, say: it waits on, and nobody has to bring it again.
                held(&visit).get_or_insert(waiting);
                Err(error.into())
            }
            Err(why) => {
                Ok(visit::refused(show(&visit, &format!("Nothing was published. {}", sentence(&why)))?))
            }
        }
    })
    .await
}

const GONE: &str =
    "The pack waited for too long, or somebody else brought another. Nothing was published: bring it again.";

fn held(visit: &Visit) -> MutexGuard<'_, Option<Waiting>> {
    visit.desk.draft.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a program says as a part of a line, as a sentence.
fn sentence(why: &PublishError) -> String {
    let text = why.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// Why this is no pack for this school; none where it is one. A draft bears no more than a name: whoever changes the
/// school's name says so at the hub's own computer once.
fn another_school(visit: &Visit, draft: &PackDraft) -> Result<Option<String>, Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?;
    let (theirs, own) = (&draft.content.school_name, &hub.identity().school_name);
    let known = std::iter::once(own).chain(pack.iter().map(|pack| &pack.content.school_name));
    let plain = |name: &str| name.trim().to_lowercase();
    if known.into_iter().any(|name| plain(name) == plain(theirs)) {
        return Ok(None);
    }
    Ok(Some(format!(
        "This is a pack of “{theirs}”, and this hub is the one of “{own}”. If it is the right one and the school is called otherwise now, whoever looks after the hub publishes it once with “signpost-hub publish”."
    )))
}

fn show_look(visit: &Visit, found: &Found) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?;
    let mut context = visit.context("publish")?;
    {
        let held = held(visit);
        let Some(waiting) = held.as_ref() else { return show(visit, GONE) };
        let PackDraft { content, staff_pages, .. } = &*waiting.draft;
        context.insert("look", &Look::at(content, staff_pages, pack.as_ref().map(|pack| &pack.content)));
        // The moment that a draft bears is a day: midnight UTC of it.
        let made = crate::clock::day(waiting.draft.made, &jiff::tz::TimeZone::UTC);
        context.insert("made", &made.in_words());
    }
    context.insert("in_force", &pack.as_ref().map(|pack| pack.number));
    context.insert("number", &hub.store.next_pack_number()?);
    context.insert("found", found);
    visit.show("publish_look.html", &context)
}

fn show(visit: &Visit, message: &str) -> Result<Response, Trouble> {
    show_with(visit, message, &Found::default())
}

fn show_with(visit: &Visit, message: &str, found: &Found) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let pack = hub.pack()?;
    let mut context = visit.context("publish")?;
    let for_staff = hub.store.staff_pages()?;
    context.insert("message", message);
    context.insert("found", found);
    context.insert("content_is_here", &hub.content().is_some());
    context.insert("in_force", &pack.as_ref().map(|pack| pack.number));
    context.insert("look", &pack.as_ref().map(|pack| Look::at(&pack.content, &for_staff, None)));
    context.insert("year", &pack.as_ref().map(|pack| view::year(&pack.content.year)).unwrap_or_default());
    visit.show("publish.html", &context)
}
