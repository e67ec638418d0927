//! Changing one's password; a first one has to be changed before anything else is shown.

use std::sync::{Arc, PoisonError};

use axum::{
    Form,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Desk, sign_in,
    visit::{self, Room, SESSION, Setup, Trouble, Visit},
};
use crate::{
    hub::form_token,
    password::{self, PASSWORD_MAX, PASSWORD_MIN},
    store::{StoreError, accounts::AccountError, audit::Actor},
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
        if let Some(wrong) = wrong(&visit, &form) {
            return Ok(visit::refused(show(&visit, &wrong)?));
        }
        let (hub, account) = (&visit.desk.hub, &visit.account);
        let (hash, actor, now) = (password::hash(&form.new), Actor::Account(account.id), hub.now());
        hub.store.set_password(&account.name, &hash, false, actor, now).map_err(|error| match error {
            AccountError::Store(error) => Trouble::Store(error),
            other => Trouble::Store(StoreError::Damaged(other.to_string())),
        })?;
        // The change ended every session of this account; whoever made it goes on in a new one.
        visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner).lock(&visit.token);
        let token = sign_in::new_token();
        hub.store.begin_session(account, token.as_bytes(), now)?;
        let mut response = Redirect::to("/").into_response();
        visit::set_cookie(&mut response, SESSION, &token);
        Ok(response)
    })
    .await
}

fn wrong(visit: &Visit, form: &Change) -> Option<String> {
    let length = form.new.chars().count();
    if !password::fits(&form.current, &visit.account.password) {
        return Some("The password of now is not right.".into());
    }
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
