//! A pupil's picture that the school supplies: the office brings it, and whoever holds a camera sees it beside the name of
//! a child who is to be left out. No other page shows it.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    desk::{
        Desk,
        consent::{person_of, refused, whole},
        papers::WithScan,
        visit::{self, Room, Trouble},
    },
    import::Kind,
};

/// Keeps a picture, or takes it away.
pub(in crate::desk) async fn bring(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    WithScan::of_the_office(desk, &headers, request, move |visit, sent| {
        let hub = &visit.desk.hub;
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let pupil = person_of(&whole, &id)?;
        if pupil.kind != Kind::Pupils {
            return Err(Trouble::NothingHere);
        }
        let back = || Ok(Redirect::to(&format!("/consent/pupil/{}#portrait", pupil.id)).into_response());
        if sent.typed.words("what") == "away" {
            hub.store.take_portrait_away(pupil.id, visit.account.id, hub.now())?;
            crate::retention::running::after_removal(hub)?;
            return back();
        }
        match sent.portrait() {
            Ok(Some(jpeg)) => {
                hub.store.keep_portrait(pupil.id, &jpeg, visit.account.id, hub.now())?;
                back()
            }
            Ok(None) => refused(&visit, &id, "Nothing was kept. Choose the file of the picture first."),
            Err(why) => refused(&visit, &id, &format!("Nothing was kept: {why}.")),
        }
    })
    .await
}

/// The picture of a pupil who is here.
pub(in crate::desk) async fn picture(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Camera, move |visit| {
        let whole = whole(&visit)?.ok_or(Trouble::NothingHere)?;
        let pupil = person_of(&whole, &id)?.id;
        let jpeg = visit.desk.hub.store.portrait(pupil)?.ok_or(Trouble::NothingHere)?;
        Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
    })
    .await
}
