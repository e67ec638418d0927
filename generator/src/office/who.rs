//! Who is in a picture, said in a form.
//!
//! A picture goes out only once somebody has said who can be seen in it, and that is written down in a
//! list beside it ([`crate::load::people`]). Nobody in the office has to know that the list is a file: each
//! finding about it leads here. What the form does not ask, such as the day on which the picture was taken,
//! stays in the list as it was.

use std::{collections::BTreeMap, fs, sync::Arc};

use axum::{
    Form,
    extract::{Path as Asked, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use records::{
    ids::PersonId,
    roster::{Roster, RosterEntry},
};
use serde::Serialize;
use tera::Context;
use toml_edit::{Array, DocumentMut, Item, value};

use super::{
    Office, Open, Shared, edit,
    paper::in_an_address,
    photographs,
    place::{self, PlaceError},
};
use crate::{diagnostic::Diagnostic, load::people::ENDING, photographs::is_photograph, preview::web};

type Sent = BTreeMap<String, String>;

/// What the name of a box begins with that is ticked for a pupil; their id follows.
const TICKED: &str = "pupil-";

/// What the form says, as somebody filled it in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Said {
    /// `nobody`, `pupils`, or nothing yet.
    who: String,
    /// The pupils' ids, a line each.
    ids: String,
    /// The second person, who looked at the picture and at the list.
    checked_by: String,
}

impl Said {
    fn sent(sent: &Sent) -> Self {
        let said = |key: &str| sent.get(key).map(|text| text.trim().to_owned()).unwrap_or_default();
        let ticked = sent.keys().filter_map(|key| key.strip_prefix(TICKED));
        let ids: Vec<String> = ticked.map(str::to_owned).chain([said("ids")]).collect();
        Self { who: said("who"), ids: ids.join("\n").trim().to_owned(), checked_by: said("checked_by") }
    }

    /// What a list says already.
    fn written(list: &str) -> Self {
        let Ok(list) = list.parse::<DocumentMut>() else { return Self::default() };
        let ids: Vec<&str> = list
            .get("pupils")
            .and_then(Item::as_array)
            .map(|pupils| pupils.iter().filter_map(|id| id.as_str()).collect())
            .unwrap_or_default();
        let nobody = list.get("nobody").and_then(Item::as_bool) == Some(true);
        let who = match (nobody, ids.is_empty()) {
            (_, false) => "pupils",
            (true, true) => "nobody",
            (false, true) => "",
        };
        let checked_by = list.get("checked_by").and_then(Item::as_str).unwrap_or_default();
        Self { who: who.to_owned(), ids: ids.join("\n"), checked_by: checked_by.to_owned() }
    }

    /// The ids, or the name of the sentence that says what is missing.
    fn pupils(&self) -> Result<Vec<PersonId>, &'static str> {
        if self.who == "nobody" {
            return Ok(Vec::new());
        }
        if self.who != "pupils" {
            return Err("who.not_said");
        }
        let words = self.ids.split(|c: char| c.is_whitespace() || ",;\"".contains(c));
        let ids: Result<Vec<PersonId>, _> = words.filter(|word| !word.is_empty()).map(str::parse).collect();
        match ids {
            Err(_) => Err("who.not_an_id"),
            Ok(ids) if ids.is_empty() => Err("who.no_ids"),
            Ok(_) if self.checked_by.is_empty() => Err("who.no_second_person"),
            Ok(ids) => Ok(ids),
        }
    }
}

/// The list with what the form says in it; what cannot be understood is written anew.
fn with(list: &str, pupils: &[PersonId], checked_by: &str) -> String {
    let mut list = list.parse::<DocumentMut>().unwrap_or_default();
    if pupils.is_empty() {
        list.remove("pupils");
        list["nobody"] = value(true);
    } else {
        list.remove("nobody");
        list["pupils"] = value(pupils.iter().map(ToString::to_string).collect::<Array>());
    }
    if checked_by.is_empty() {
        list.remove("checked_by");
    } else {
        list["checked_by"] = value(checked_by);
    }
    list.to_string()
}

fn stem(picture: &str) -> &str {
    picture.rsplit_once('.').map_or(picture, |(stem, _)| stem)
}

/// The form's address for the picture that a finding is about; none for findings about anything else.
pub(super) fn way_to(open: &Open, problem: &Diagnostic) -> Option<String> {
    let picture = match problem.file.strip_suffix(ENDING) {
        Some(about) => {
            let school = open.preview.school();
            school.pictures.keys().find(|path| is_photograph(path) && stem(path) == about)?.clone()
        }
        None if problem.code == "people-unsaid" => problem.file.clone(),
        None => return None,
    };
    let there = place::picture(open.folder(), &picture).is_ok_and(|file| file.is_file());
    there.then(|| address(&picture))
}

pub(super) fn address(picture: &str) -> String {
    format!("/who?picture={}", in_an_address(picture))
}

pub(super) async fn ask(State(office): Shared, Query(asked): Query<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let picture = asked.get("picture").cloned().unwrap_or_default();
    match place::read_people(open.folder(), &picture) {
        Ok(list) => page(&office, &open, &picture, &Said::written(&list), "", asked.contains_key("saved")),
        Err(error) => edit::trouble(&office, &error),
    }
}

/// A class of the roster, to tick whoever can be seen.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Class {
    name: String,
    ticked: usize,
    pupils: Vec<Pupil>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Pupil {
    id: String,
    name: String,
    ticked: bool,
}

/// The classes that the school is known to have, and whatever else was said, which stays to be read.
fn by_name(said: &Said, roster: Option<&Roster>) -> (Vec<Class>, String) {
    let mut others: Vec<&str> = said.ids.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut one = |class: &records::roster::Class| {
        let pupil = |entry: &RosterEntry| {
            let id = entry.person.to_string();
            let ticked = others.contains(&id.as_str());
            others.retain(|other| *other != id);
            Pupil { name: entry.name.clone(), ticked, id }
        };
        let pupils: Vec<Pupil> = class.pupils.iter().map(pupil).collect();
        let ticked = pupils.iter().filter(|pupil| pupil.ticked).count();
        Class { name: class.name.clone(), ticked, pupils }
    };
    let classes = roster.iter().flat_map(|roster| &roster.classes).map(&mut one).collect();
    (classes, others.join("\n"))
}

fn page(office: &Office, open: &Open, picture: &str, said: &Said, trouble: &str, saved: bool) -> Response {
    let found = photographs::ask_consent(office, open);
    let (classes, ids) = by_name(said, found.as_ref().map(|found| &found.roster));
    let mut context = Context::new();
    context.insert("picture", picture);
    context.insert("said", said);
    context.insert("classes", &classes);
    context.insert("ids", &ids);
    context.insert("trouble", trouble);
    context.insert("saved", &saved);
    office.paper.page("who.html", "problems", Some(&open.name()), context)
}

pub(super) async fn say(State(office): Shared, Form(sent): Form<Sent>) -> Response {
    let Some(open) = office.opened() else { return Redirect::to("/").into_response() };
    let picture = sent.get("picture").cloned().unwrap_or_default();
    let said = Said::sent(&sent);
    let list = match place::read_people(open.folder(), &picture) {
        Ok(list) => list,
        Err(error) => return edit::trouble(&office, &error),
    };
    let pupils = match said.pupils() {
        Ok(pupils) => pupils,
        Err(missing) => {
            let trouble = office.paper.word(missing);
            let mut page = page(&office, &open, &picture, &said, &trouble, false);
            *page.status_mut() = StatusCode::BAD_REQUEST;
            return page;
        }
    };
    let text = with(&list, &pupils, &said.checked_by);
    if let Err(error) = place::write_people(open.folder(), &picture, &text, &edit::now()) {
        return edit::trouble(&office, &error);
    }
    // So that what is to be mended no longer names it.
    let looking = Arc::clone(&open);
    if tokio::task::spawn_blocking(move || looking.preview.look_now()).await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    Redirect::to(&format!("{}&saved=1", address(&picture))).into_response()
}

/// The picture itself, as it lies in the folder: whoever says who is in it has to see it.
pub(super) async fn picture(State(office): Shared, Asked(path): Asked<String>) -> Response {
    let Some(open) = office.opened() else { return StatusCode::NOT_FOUND.into_response() };
    let read = place::picture(open.folder(), &path)
        .and_then(|file| fs::read(file).map_err(|why| PlaceError::Refused(path.clone(), why)));
    match read {
        // The name ends as pictures do, but perhaps not in small letters.
        Ok(bytes) => web::answer(StatusCode::OK, web::kind(&path.to_lowercase()), bytes),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const MIA: &str = "06060606060606060606060606060606";

    fn said(who: &str, ids: &str, checked_by: &str) -> Said {
        Said { who: who.to_owned(), ids: ids.to_owned(), checked_by: checked_by.to_owned() }
    }

    #[test]
    fn a_form_that_is_half_filled_in_says_what_is_missing() {
        for (said, missing) in [
            (said("", "", ""), "who.not_said"),
            (said("pupils", "", "Mrs Nowak"), "who.no_ids"),
            (said("pupils", "Mia", "Mrs Nowak"), "who.not_an_id"),
            (said("pupils", MIA, ""), "who.no_second_person"),
        ] {
            assert_eq!(said.pupils(), Err(missing), "{said:?}");
        }
        assert_eq!(said("nobody", "", "").pupils(), Ok(Vec::new()));
        assert_eq!(said("pupils", &format!("\"{MIA}\",\n{MIA}"), "Mrs Nowak").pupils().unwrap().len(), 2);
    }

    #[test]
    fn what_the_form_does_not_ask_stays_in_the_list() {
        let before = "# taken on the farm\nnobody = true\ntaken = 2026-05-04\npurpose = \"press\"\n";
        let list = with(before, &[MIA.parse().unwrap()], "Mrs Kasia Nowak");
        assert!(list.contains("taken = 2026-05-04") && list.contains("purpose = \"press\""), "{list}");
        assert!(!list.contains("nobody"), "{list}");
        assert_eq!(Said::written(&list), said("pupils", MIA, "Mrs Kasia Nowak"));
        let again = with(&list, &[], "");
        assert_eq!(Said::written(&again), said("nobody", "", ""));
    }
}
