//! Changing one's password; a first one has to be changed before anything else is shown. Whoever sits at a desk that was
//! left open guesses no faster here than at the door.

use std::sync::{Arc, PoisonError};

use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Desk,
    listening::Tokens,
    second_step,
    visit::{self, Room, Setup, Trouble, Visit},
};
use crate::{
    hub::form_token,
    log,
    password::{self, PASSWORD_MAX, PASSWORD_MIN},
    store::{StoreError, accounts::AccountError, audit::Actor},
    tls::listener::Peer,
};

#[derive(serde::Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    form_token: String,
}

pub(super) async fn form(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::visit(desk, &headers, Room::Everybody, Setup::WithFirstPassword, |visit| show(&visit, "")).await
}

pub(super) async fn change(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<Change>,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else {
        return visit::told(&at_desk, Trouble::NothingHere);
    };
    visit::visit(desk, &headers, Room::Everybody, Setup::WithFirstPassword, move |visit| {
        if !visit::same(&form.form_token, &form_token(&visit.token)) {
            return Err(Trouble::NotOurForm);
        }
        let id = visit.account.id;
        if let Err(seconds) = second_step::begin_try(&visit.desk, id, peer.address) {
            let mut page = show(&visit, &second_step::too_many(seconds))?;
            *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
            return Ok(page);
        }
        if !password::fits(&form.current, &visit.account.password) {
            log::line(&format!("a password was not right for account {id}"));
            return Ok(visit::refused(show(&visit, "The password of now is not right.")?));
        }
        second_step::right(&visit.desk, id, peer.address);
        if let Some(wrong) = wrong(&form) {
            return Ok(visit::refused(show(&visit, &wrong)?));
        }
        let (hub, account) = (&visit.desk.hub, &visit.account);
        let (hash, actor) = (password::hash(&form.new), Actor::Account(account.id));
        hub.store.set_password(&account.name, &hash, false, actor, hub.now()).map_err(
            |error| match error {
                AccountError::Store(error) => Trouble::Store(error),
                other => Trouble::Store(StoreError::Damaged(other.to_string())),
            },
        )?;
        // The change ended every session of this account; whoever made it goes on in a new one.
        visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner).lock(&visit.token);
        let mut response = Redirect::to("/").into_response();
        Tokens::renew(&visit.desk, account, &mut response)?;
        Ok(response)
    })
    .await
}

/// What is wrong with the new one.
fn wrong(form: &Change) -> Option<String> {
    let length = form.new.chars().count();
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
        return Some(format!(
            "The new password needs at least {PASSWORD_MIN} characters. Three or four words that do not belong together are good."
        ));
    }
    if form.new != form.again {
        return Some("The two new passwords differ. Type the same one twice.".into());
    }
    (form.new == form.current).then(|| "The new password is the one of now. Choose another.".into())
}

fn show(visit: &Visit, message: &str) -> Result<Response, Trouble> {
    let mut context = visit.context("password")?;
    context.insert("message", message);
    context.insert("least", &PASSWORD_MIN);
    visit.show("password.html", &context)
}
