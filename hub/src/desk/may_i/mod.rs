//! May I? For whoever holds a camera: for one use, whom to leave out and whom not, or all uses in a grid; of a class, of a
//! small group ([`groups`]), or of everybody. To be read at arm's length, in the sun.

pub(super) mod groups;
pub(super) mod portrait;

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use records::{
    consent::Standing,
    day::Moment,
    form::{Form, Purpose},
    ids::PersonId,
};
use serde::Serialize;

use super::{
    Desk,
    consent::{listed, sections_of, whole},
    consent_view::{PupilRow, Whole, state},
    listing::in_address,
    visit::{self, Room, Trouble, Visit},
};
use crate::store::{groups::Group, people::Person};

/// What a use of grown-ups' pictures begins with that goes on like one of pupils': “staff-website”, “website”.
const OF_ADULTS: &str = "staff-";
/// Asks for all uses in a grid.
const GRID: &str = "grid";

#[derive(serde::Deserialize)]
pub(super) struct Which {
    /// A class or a group, by its id; none for everybody.
    #[serde(default)]
    class: String,
    /// A use, by its name.
    #[serde(default, rename = "use")]
    purpose: String,
    /// In words, or in a grid.
    #[serde(default)]
    view: String,
}

/// For the office, which goes on from here to anybody's answers.
pub(super) async fn of_office(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| show(&visit, &which)).await
}

/// The same for whoever works here and holds a camera: yes, no or ask, and no way to anybody's answers.
pub(super) async fn of_staff(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(which): Query<Which>,
) -> Response {
    visit::page(desk, &headers, Room::Camera, move |visit| show(&visit, &which)).await
}

/// Of whom it is asked.
enum Of<'w> {
    Everybody,
    /// A class, by its id.
    Class(&'w str),
    Group(&'w Group),
    /// Of a class or a group that is not there, or not any more. Nobody may take that for “nobody is to be left out”.
    Nothing,
}

impl<'w> Of<'w> {
    fn new(whole: &Whole, groups: &'w [Group], wanted: &'w str) -> Self {
        let group = || groups.iter().find(|group| groups::address_of(group.id) == wanted);
        if wanted.is_empty() {
            Self::Everybody
        } else if whole.classes.iter().any(|class| class.id.to_string() == wanted) {
            Self::Class(wanted)
        } else {
            group().map_or(Self::Nothing, Self::Group)
        }
    }

    /// Those of whom a form is asked, by surname.
    fn people<'p>(&self, whole: &'p Whole, form: &Form) -> Vec<&'p Person> {
        let class = if let Self::Class(class) = self { class } else { "" };
        let mut people: Vec<&Person> =
            sections_of(whole, form, class).into_iter().flat_map(|(_, people)| people).collect();
        match self {
            // Whoever photographs a group has their grown-ups before the camera too.
            Self::Group(group) if !whole.is_of_adults(form) => {
                people.retain(|person| group.people.contains(&person.id));
            }
            Self::Nothing => people.clear(),
            Self::Everybody | Self::Class(_) | Self::Group(_) => {}
        }
        people.sort_by_key(|person| (person.surname.to_lowercase(), person.forename.to_lowercase()));
        people
    }
}

/// A form whose uses stand side by side.
#[derive(Serialize)]
struct Grid<'w> {
    title: &'w str,
    of_adults: bool,
    uses: Vec<&'w str>,
    rows: Vec<PupilRow>,
}

fn show(visit: &Visit, which: &Which) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let whole = whole(visit)?.ok_or(Trouble::NothingHere)?;
    let all_groups = hub.store.groups(hub.today()?)?;
    let of = Of::new(&whole, &all_groups, &which.class);
    let portraits = hub.store.portraits()?;
    let uses = whole.forms().flat_map(|form| form.purposes.iter().map(move |p| (form, p)));
    let uses: Vec<(&Form, &Purpose)> = uses.collect();
    let chosen = uses.iter().find(|(_, p)| p.id.as_str() == which.purpose).or(uses.first());
    let (form, purpose) = *chosen.ok_or(Trouble::NothingHere)?;
    let mut context = visit.context("consent")?;
    let choices = |of_adults: bool| {
        let of = uses.iter().filter(|(form, _)| whole.is_of_adults(form) == of_adults);
        of.map(|(_, p)| (p.id.as_str(), p.words.as_str())).collect::<Vec<_>>()
    };
    context.insert("uses", &choices(false));
    context.insert("adult_uses", &choices(true));
    context.insert("of_adults", &whole.is_of_adults(form));
    context.insert("chosen", purpose.id.as_str());
    context.insert("purpose", purpose);
    let is_grid = which.view == GRID;
    context.insert("is_grid", &is_grid);
    context.insert("in_words", &in_address(&[("use", &which.purpose), ("class", &which.class)]));
    let grid = in_address(&[("use", &which.purpose), ("class", &which.class), ("view", GRID)]);
    context.insert("in_a_grid", &grid);
    context.insert("is_nothing", &matches!(of, Of::Nothing));
    if is_grid {
        let grids: Vec<_> = whole.forms().map(|form| grid_of(&whole, &of, form)).collect();
        context.insert("grids", &grids);
    } else {
        // Whoever photographs pupils has their grown-ups before the camera too.
        let same = format!("{OF_ADULTS}{}", purpose.id);
        let adults = uses.iter().find(|(form, p)| whole.is_of_adults(form) && p.id.as_str() == same);
        let adults = adults
            .map(|(form, purpose)| (&purpose.words, in_words(&whole, &of, (form, purpose), &portraits)));
        context.insert("adults", &adults);
        context.insert("groups", &in_words(&whole, &of, (form, purpose), &portraits));
    }
    let classes: Vec<_> =
        whole.classes.iter().map(|class| (class.id.to_string(), class.name.clone())).collect();
    context.insert("classes", &classes);
    context.insert("class", &which.class);
    let small: Vec<_> = all_groups
        .iter()
        .map(|group| (groups::address_of(group.id), &group.name, group.ends.in_words()))
        .collect();
    context.insert("small_groups", &small);
    if let Of::Group(group) = of {
        context.insert("group", &groups::GroupRow::new(visit, &whole, group));
    }
    visit.show("may_i.html", &context)
}

/// For one use: who is to be left out, whose family has yet to answer, who is not.
fn in_words(
    whole: &Whole,
    of: &Of<'_>,
    (form, purpose): (&Form, &Purpose),
    portraits: &HashMap<PersonId, Moment>,
) -> [(&'static str, Vec<serde_json::Value>); 3] {
    let mut all =
        [Standing::No, Standing::NotAsked, Standing::Yes].map(|standing| (state(standing), Vec::new()));
    for person in of.people(whole, form) {
        let standing = state(whole.standing(person, form, purpose));
        for (_, names) in all.iter_mut().filter(|(state, _)| *state == standing) {
            let mut one = listed(whole, person);
            one["child_no"] = whole.child_said_no(person, form, purpose).into();
            // Whoever may be shown need not be known by a picture here.
            let is_out = standing != state(Standing::Yes);
            one["face"] = (is_out && portraits.contains_key(&person.id)).into();
            names.push(one);
        }
    }
    all
}

fn grid_of<'w>(whole: &Whole, of: &Of<'_>, form: &'w Form) -> Grid<'w> {
    let people = of.people(whole, form);
    Grid {
        title: &form.title,
        of_adults: whole.is_of_adults(form),
        uses: form.purposes.iter().map(|purpose| purpose.words.as_str()).collect(),
        rows: people.into_iter().map(|person| PupilRow::new(whole, person, form)).collect(),
    }
}
