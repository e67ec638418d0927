//! The label of lists and prints: the office sets what stands on those with names, the holders of roles what stands on
//! those of the safeguarding desk.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    Desk,
    visit::{self, Room, Trouble, Visit},
};
use crate::{
    handling::{self, Label},
    store::accounts::Duty,
};

const ADDRESS: &str = "/handling";

#[derive(serde::Deserialize)]
pub(super) struct Told {
    /// That it was just kept.
    #[serde(default)]
    kept: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    words: String,
    #[serde(default)]
    form_token: String,
}

pub(super) async fn page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(told): Query<Told>,
) -> Response {
    visit::page(desk, &headers, Room::OfficeAndHolders, move |visit| {
        let own = visit.desk.hub.own_label(label(&visit))?;
        show(&visit, &own.unwrap_or_default(), "", !told.kept.is_empty())
    })
    .await
}

/// Other words from now on; where nothing was written, the usual ones.
pub(super) async fn set(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    visit::form(
        desk,
        &headers,
        Room::OfficeAndHolders,
        sent.form_token,
        move |visit| match handling::checked(&sent.words) {
            Ok(words) => {
                visit.desk.hub.set_label(label(&visit), words.as_deref(), visit.account.id)?;
                Ok(Redirect::to(&format!("{ADDRESS}?kept=yes")).into_response())
            }
            Err(why) => {
                let text = format!("Nothing was changed. The label: {why}.");
                Ok(visit::refused(show(&visit, &sent.words, &text, false)?))
            }
        },
    )
    .await
}

/// Whose label somebody sets.
const fn label(visit: &Visit) -> Label {
    match visit.account.duty {
        Duty::Holder(_) => Label::Reports,
        Duty::Office | Duty::Technician | Duty::Governor | Duty::Staff => Label::Lists,
    }
}

fn show(visit: &Visit, typed: &str, message: &str, kept: bool) -> Result<Response, Trouble> {
    let label = label(visit);
    let mut context = visit.context("handling")?;
    context.insert("words", &visit.desk.hub.label(label)?);
    context.insert("usual", label.usual());
    context.insert("typed", typed);
    context.insert("message", message);
    context.insert("kept", &kept);
    context.insert("most", &handling::MOST);
    visit.show("handling.html", &context)
}
