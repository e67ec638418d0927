//! Where pupils are shown on the website: by the list of its last check, with what has to be taken down because nobody
//! allows it any more, until somebody says that it is gone.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, Request, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    consent::Standing,
    ids::PersonId,
    published::{Published, PublishedList, WEBSITE},
};
use serde::Serialize;

use super::{
    Desk,
    consent::whole,
    listing::Listing,
    taken_out::{self, Names},
    upload::Upload,
    view,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    import::Kind,
    store::{people::Person, published::Brought},
};

const ADDRESS: &str = "/consent/published";
/// The address of the file.
const FILE: &str = "/consent/published/published.csv";
const HEADINGS: [&str; 5] = ["Name", "Left", "Page", "Picture", "State"];
/// The longest list that is taken: some tens of thousands of places.
pub(super) const LIST_MAX: usize = 4 * 1024 * 1024;

/// One place.
#[derive(Debug, Serialize)]
pub(super) struct PlaceRow {
    page: String,
    /// The whole number of the picture.
    picture: String,
    /// The beginning of it, to tell two apart.
    short: String,
    /// Since when it is gone, and how that is known.
    gone: String,
    /// Whether somebody said so, who may take it back.
    by_hand: bool,
}

/// A pupil who is shown.
#[derive(Debug, Serialize)]
pub(super) struct ShownPupil {
    id: String,
    name: String,
    left: bool,
    /// “no” or “ask” where it has to go; “yes”.
    state: &'static str,
    /// Those that are still there.
    there: Vec<PlaceRow>,
    /// Those that are gone.
    gone: Vec<PlaceRow>,
}

impl ShownPupil {
    const fn has_to_go(&self) -> bool {
        !self.there.is_empty() && !matches!(self.state.as_bytes(), b"yes")
    }
}

/// Everybody who is or was shown, by surname.
fn shown(visit: &Visit) -> Result<Vec<ShownPupil>, Trouble> {
    let hub = &visit.desk.hub;
    let places = hub.store.published()?;
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let (zone, whole) = (hub.zone()?, whole(visit)?);
    let people = hub.store.people()?.into_iter().filter(|p| p.kind == Kind::Pupils);
    let mut all = Vec::new();
    for person in people {
        let of_pupil = places.iter().filter(|place| place.shown.pupil == person.id);
        let row = |place: &crate::store::published::Place| PlaceRow {
            page: place.shown.page.clone(),
            picture: place.shown.picture.to_string(),
            short: place.shown.picture.to_string().chars().take(8).collect(),
            by_hand: place.gone.as_ref().is_some_and(|(_, by)| by.is_some()),
            gone: match &place.gone {
                None => String::new(),
                Some((at, Some(by))) => format!("taken down {}, says {by}", view::when(*at, &zone)),
                Some((at, None)) => {
                    format!("on the site no more, by the check brought {}", view::when(*at, &zone))
                }
            },
        };
        let (gone, there): (Vec<_>, Vec<_>) = of_pupil.map(row).partition(|row| !row.gone.is_empty());
        if gone.is_empty() && there.is_empty() {
            continue;
        }
        all.push(ShownPupil {
            id: person.id.to_string(),
            name: person.name(),
            left: person.left.is_some(),
            state: whole.as_ref().map_or("ask", |whole| state(whole, &person)),
            there,
            gone,
        });
    }
    Ok(all)
}

/// Whether the website may show them: every form that asks for it has to allow it.
fn state(whole: &super::consent_view::Whole, person: &Person) -> &'static str {
    let uses =
        whole.book.forms.iter().flat_map(|form| form.purposes.iter().map(move |purpose| (form, purpose)));
    let uses = uses.filter(|(_, purpose)| purpose.id.as_str() == WEBSITE);
    let standings: Vec<Standing> =
        uses.map(|(form, purpose)| whole.standing(person, form, purpose)).collect();
    if standings.contains(&Standing::No) {
        "no"
    } else if standings.is_empty() || standings.contains(&Standing::NotAsked) {
        "ask"
    } else {
        "yes"
    }
}

/// What is shown of one pupil, or nothing.
pub(super) fn of(visit: &Visit, pupil: PersonId) -> Result<Option<ShownPupil>, Trouble> {
    let id = pupil.to_string();
    Ok(shown(visit)?.into_iter().find(|one| one.id == id))
}

/// How many places have to be taken down.
pub(super) fn to_take_down(visit: &Visit) -> Result<usize, Trouble> {
    Ok(shown(visit)?.iter().filter(|one| one.has_to_go()).map(|one| one.there.len()).sum())
}

/// Those that are meant: who has to be taken down first, by surname.
fn meant(visit: &Visit, which: &Listing) -> Result<Vec<ShownPupil>, Trouble> {
    let mut all = shown(visit)?;
    all.retain(|one| {
        let is_shown = match which.show.as_str() {
            "to-go" => one.has_to_go(),
            "may" => !one.there.is_empty() && !one.has_to_go(),
            "gone" => !one.gone.is_empty(),
            _ => true,
        };
        is_shown && which.is_named([one.name.as_str()])
    });
    // Of those who are meant, the places that are.
    for one in &mut all {
        match which.show.as_str() {
            "to-go" | "may" => one.gone.clear(),
            "gone" => one.there.clear(),
            _ => {}
        }
    }
    all.sort_by_key(|one| !one.has_to_go());
    Ok(all)
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show_those(&visit, "", false, &which)).await
}

/// The same as a file for a spreadsheet, a line for each place.
pub(super) async fn file(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Listing>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let found = meant(&visit, &which)?;
        let lines = found.iter().flat_map(|one| {
            one.there.iter().chain(&one.gone).map(|place| {
                let state = match one.state {
                    _ if !place.gone.is_empty() => place.gone.as_str(),
                    "yes" => "may be shown",
                    "no" => "take down: no",
                    _ => "take down: not asked",
                };
                let left = if one.left { "yes" } else { "" };
                [&one.name, left, &place.page, &place.picture, state].map(str::to_owned).to_vec()
            })
        });
        let of_people = Names::People("list of who is shown on the website taken as a file", "");
        taken_out::list(&visit, ("shown-on-the-website", "Shown on the website"), of_people, &HEADINGS, lines)
    })
    .await
}

fn show(visit: &Visit, message: &str, refused: bool) -> Result<Response, Trouble> {
    show_those(visit, message, refused, &Listing::default())
}

fn show_those(visit: &Visit, message: &str, refused: bool, which: &Listing) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let zone = hub.zone()?;
    let all = meant(visit, which)?;
    let mut context = visit.context("consent")?;
    which.tell(visit, &mut context, (ADDRESS, FILE), &all)?;
    let lines = which.page(&all).lines;
    let may = |one: &&ShownPupil| !one.there.is_empty() && !one.has_to_go();
    let gone = |one: &&ShownPupil| !one.gone.is_empty();
    // What the page says of all of them is of all pages.
    context.insert("all_to_go", &all.iter().filter(|one| one.has_to_go()).count());
    context.insert("all_may", &all.iter().filter(may).count());
    context.insert("all_gone", &all.iter().filter(gone).count());
    context.insert("gone", &lines.iter().filter(gone).collect::<Vec<_>>());
    context.insert("may", &lines.iter().filter(may).collect::<Vec<_>>());
    context.insert("to_go", &lines.iter().filter(|one| one.has_to_go()).collect::<Vec<_>>());
    let list = hub.store.published_list()?;
    let list = list.map(|list| {
        (crate::clock::day(list.made, &jiff::tz::TimeZone::UTC).in_words(), view::when(list.taken, &zone))
    });
    context.insert("message", message);
    context.insert("refused", &refused);
    context.insert("list", &list);
    let page = visit.show("published.html", &context)?;
    Ok(if refused { visit::refused(page) } else { page })
}

/// Takes the list that `signpost check` or `publish` wrote.
pub(super) async fn bring(State(desk): State<Arc<Desk>>, headers: HeaderMap, request: Request) -> Response {
    if visit::cookie(&headers, visit::SESSION).is_none() {
        return Redirect::to("/sign-in").into_response();
    }
    let sent = Upload::read(request).await;
    visit::form(desk, &headers, Room::Office, sent.words("form_token"), move |visit| {
        let Ok(list) = PublishedList::read(sent.file(&["file"])) else {
            let text = "Nothing was taken: this is not the list of who is shown where, or it is damaged. It is the file school.published that signpost writes.";
            return show(&visit, text, true);
        };
        let hub = &visit.desk.hub;
        match hub.store.take_published(&list, visit.account.id, hub.now())? {
            Brought::Taken { places, unknown, gone, back } => {
                let mut text = format!("The list was taken: {places} places where a pupil is shown, {gone} of before are gone.");
                if back > 0 {
                    text.push_str(&format!(" {back} that were said to be taken down are still there."));
                }
                if unknown > 0 {
                    text.push_str(&format!(" {unknown} are of nobody who is known here: look at the lists beside those pictures."));
                }
                show(&visit, &text, false)
            }
            Brought::Older(held) => {
                let day = crate::clock::day(held.made, &jiff::tz::TimeZone::UTC).in_words();
                let text = format!("Nothing was taken: a later list, of {day}, is here already.");
                show(&visit, &text, true)
            }
        }
    })
    .await
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    pupil: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    picture: String,
    /// “gone” or “there”.
    #[serde(default)]
    what: String,
    /// “pupil” to go back to the pupil's page.
    #[serde(default)]
    from: String,
    #[serde(default)]
    form_token: String,
}

/// Somebody says that a place is gone, or that it is not.
pub(super) async fn decide(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let pupil: PersonId = sent.pupil.parse().map_err(|_| Trouble::NothingHere)?;
        let picture = sent.picture.parse().map_err(|_| Trouble::NothingHere)?;
        let place = Published { pupil, page: sent.page, picture };
        let hub = &visit.desk.hub;
        if !hub.store.take_down(&place, sent.what == "gone", visit.account.id, hub.now())? {
            return show(
                &visit,
                "Nothing was changed: that place is not as the page showed it. Look again.",
                true,
            );
        }
        let to = if sent.from == "pupil" {
            format!("/consent/pupil/{pupil}#shown")
        } else {
            "/consent/published".into()
        };
        Ok(Redirect::to(&to).into_response())
    })
    .await
}
