//! What is remembered of the columns of lists that were taken, to be looked at and forgotten: then the next list is asked
//! about anew.

use std::sync::Arc;

use axum::{
    Form,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;

use super::{
    super::{
        Desk,
        visit::{self, Room, Trouble},
    },
    columns,
};
use crate::{
    import::columns::{BLANK_IS_NO, ListOf, Remembered},
    store::audit::Actor,
};

/// The address of the page.
const ADDRESS: &str = "/people/remembered";

/// A kind of list of which something is remembered.
#[derive(Serialize)]
struct ListRow {
    of: String,
    /// Each heading, with what stands under it; empty where it is not taken.
    columns: Vec<(String, String)>,
    /// Whether an empty cell under “Parental responsibility” means that there is none.
    blank_is_no: bool,
}

impl ListRow {
    fn new(of: ListOf, remembered: &Remembered) -> Self {
        let named = remembered.iter().filter(|(heading, _)| *heading != BLANK_IS_NO);
        let words = |meaning: &String| columns::in_words(of, meaning);
        Self {
            of: of.to_string(),
            columns: named.map(|(heading, meaning)| (heading.clone(), words(meaning))).collect(),
            blank_is_no: remembered.get(BLANK_IS_NO).is_some_and(|said| said == "yes"),
        }
    }
}

pub(in crate::desk) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Office, |visit| {
        let all = visit.desk.hub.store.all_remembered_columns()?;
        let rows = all.iter().filter_map(|(list, said)| Some(ListRow::new(list.parse().ok()?, said)));
        let mut context = visit.context("people")?;
        context.insert("lists", &rows.collect::<Vec<_>>());
        visit.show("people_remembered.html", &context)
    })
    .await
}

#[derive(serde::Deserialize)]
pub(in crate::desk) struct Sent {
    #[serde(default)]
    list: String,
    #[serde(default)]
    form_token: String,
}

/// Forgets what is remembered of one kind of list.
pub(in crate::desk) async fn forget(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(desk, &headers, Room::Office, sent.form_token, move |visit| {
        let of: ListOf = sent.list.parse().map_err(|_| Trouble::NothingHere)?;
        let hub = &visit.desk.hub;
        hub.store.forget_columns(&of.to_string(), Actor::Account(visit.account.id), hub.now())?;
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}
