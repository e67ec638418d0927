//! Small groups for whoever holds the camera: put together of pupils of several classes, for a day; changed, and ended,
//! by whoever made them and by the office.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use jiff::Span;
use records::{day::Day, ids::PersonId};
use serde::Serialize;

use crate::{
    desk::{
        Desk,
        consent::whole,
        consent_view::Whole,
        visit::{self, Room, Trouble, Visit},
    },
    random,
    store::{
        accounts::Duty,
        groups::{Group, GroupId, NewGroup},
    },
};

const ADDRESS: &str = "/may-i/groups";
/// The longest name, in letters.
const NAME: usize = 60;
/// A group is there for so many days at the most.
const DAYS: i16 = 366;

/// A group in addresses.
pub(super) fn address_of(id: GroupId) -> String {
    data_encoding::HEXLOWER.encode(&id)
}

/// A group in a list.
#[derive(Serialize)]
pub(super) struct GroupRow {
    id: String,
    name: String,
    ends: String,
    by: String,
    /// How many of it are here.
    pupils: usize,
    /// Whether this visitor may change it.
    mine: bool,
}

impl GroupRow {
    pub(super) fn new(visit: &Visit, whole: &Whole, group: &Group) -> Self {
        Self {
            id: address_of(group.id),
            name: group.name.clone(),
            ends: group.ends.in_words(),
            by: group.by.clone(),
            pupils: whole.pupils.iter().filter(|pupil| group.people.contains(&pupil.id)).count(),
            mine: may_change(visit, group),
        }
    }
}

/// Whoever made it, and the office.
fn may_change(visit: &Visit, group: &Group) -> bool {
    visit.account.duty == Duty::Office || visit.account.id == group.account
}

/// What was typed and ticked.
struct Typed {
    id: GroupId,
    name: String,
    ends: String,
    people: Vec<PersonId>,
}

impl Typed {
    /// Nothing yet: a group for today.
    fn new(today: Day) -> Self {
        Self { id: random::bytes(), name: String::new(), ends: today.to_string(), people: Vec::new() }
    }

    fn of(group: &Group) -> Self {
        Self {
            id: group.id,
            name: group.name.clone(),
            ends: group.ends.to_string(),
            people: group.people.clone(),
        }
    }
}

/// The groups that there are, and a form for another.
pub(in crate::desk) async fn list(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Camera, |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let typed = Typed::new(visit.desk.hub.today()?);
        show(&visit, &whole, &typed, false, "")
    })
    .await
}

/// One of them, to be changed.
pub(in crate::desk) async fn one(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(group): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Camera, move |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let group = found(&visit, &group)?.ok_or(Trouble::NothingHere)?;
        show(&visit, &whole, &Typed::of(&group), true, "")
    })
    .await
}

/// The group of this id, if it is there and this visitor may change it.
fn found(visit: &Visit, id: &str) -> Result<Option<Group>, Trouble> {
    let hub = &visit.desk.hub;
    let group = hub.store.groups(hub.today()?)?.into_iter().find(|group| address_of(group.id) == id);
    if group.as_ref().is_some_and(|group| !may_change(visit, group)) {
        return Err(Trouble::NothingHere);
    }
    Ok(group)
}

/// Keeps one, or ends it.
pub(in crate::desk) async fn keep(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let one = |field: &str| {
        sent.iter().find(|(key, _)| key == field).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (token, id, name, ends, what) =
        (one("form_token"), one("group"), one("name"), one("ends"), one("what"));
    let ticked: Vec<String> =
        sent.iter().filter(|(key, _)| key == "person").map(|(_, value)| value.clone()).collect();
    visit::form(desk, &headers, Room::Camera, token, move |visit| {
        let hub = &visit.desk.hub;
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let (known, account) = (found(&visit, &id)?, visit.account.id);
        let id = data_encoding::HEXLOWER.decode(id.as_bytes()).ok().and_then(|id| id.try_into().ok());
        let id: GroupId = id.ok_or(Trouble::NothingHere)?;
        if what == "end" {
            // Ended by somebody else meanwhile, or by itself, it is ended.
            hub.store.end_group(id, account, hub.now())?;
            return Ok(Redirect::to(ADDRESS).into_response());
        }
        let people = whole.pupils.iter().map(|pupil| pupil.id);
        let people = people.filter(|pupil| ticked.contains(&pupil.to_string())).collect();
        let typed = Typed { id, name, ends, people };
        match checked(&typed, hub.today()?) {
            Ok(group) => {
                hub.store.keep_group(&group, account, hub.now())?;
                Ok(Redirect::to(&format!("/may-i?class={}", address_of(id))).into_response())
            }
            Err(why) => {
                let text = format!("Nothing was kept. {why}");
                Ok(visit::refused(show(&visit, &whole, &typed, known.is_some(), &text)?))
            }
        }
    })
    .await
}

/// What was typed, as a group; or what is missing.
fn checked(typed: &Typed, today: Day) -> Result<NewGroup, String> {
    let name = typed.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err("Write what the group is called, such as “Football team”.".into());
    }
    if name.chars().count() > NAME {
        return Err(format!("The name is too long: {NAME} letters are the most."));
    }
    let last: Day = today.date().saturating_add(Span::new().days(DAYS)).into();
    let ends = typed.ends.trim().parse::<Day>().ok().filter(|day| (today..=last).contains(day));
    let ends =
        ends.ok_or("Write the last day on which the group is needed: today or later, within a year.")?;
    if typed.people.is_empty() {
        return Err("Tick who is in the group.".into());
    }
    Ok(NewGroup { id: typed.id, name, ends, people: typed.people.clone() })
}

/// A class, with who of it is ticked.
#[derive(Serialize)]
struct ClassRow {
    name: String,
    ticked: usize,
    /// Their id, their name, whether they are ticked.
    pupils: Vec<(String, String, bool)>,
}

fn show(
    visit: &Visit,
    whole: &Whole,
    typed: &Typed,
    is_known: bool,
    message: &str,
) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let today = hub.today()?;
    let classes: Vec<_> = whole
        .classes
        .iter()
        .map(|class| {
            let pupils: Vec<_> = whole
                .of_class(class.id)
                .map(|pupil| (pupil.id.to_string(), pupil.name(), typed.people.contains(&pupil.id)))
                .collect();
            let ticked = pupils.iter().filter(|(.., is_ticked)| *is_ticked).count();
            ClassRow { name: class.name.clone(), ticked, pupils }
        })
        .filter(|class| !class.pupils.is_empty())
        .collect();
    let groups = hub.store.groups(today)?;
    let groups: Vec<_> = groups.iter().map(|group| GroupRow::new(visit, whole, group)).collect();
    let last: Day = today.date().saturating_add(Span::new().days(DAYS)).into();
    let mut context = visit.context("consent")?;
    context.insert("message", message);
    context.insert("all", &groups);
    context.insert("classes", &classes);
    context.insert("id", &address_of(typed.id));
    context.insert("name", &typed.name);
    context.insert("ends", &typed.ends);
    context.insert("today", &today.to_string());
    context.insert("last", &last.to_string());
    context.insert("most", &NAME);
    context.insert("is_known", &is_known);
    visit.show("may_i_groups.html", &context)
}
