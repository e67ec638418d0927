//! Signing in and out.

use std::sync::{Arc, PoisonError};

use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{
    Desk, second_step,
    visit::{self, BEFORE, HALF, Room, SESSION, Setup, Trouble},
};
use crate::{
    hub::form_token,
    log, password, random,
    store::{StoreError, accounts::Account},
    tls::listener::Peer,
};

#[derive(serde::Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct SignOut {
    #[serde(default)]
    form_token: String,
}

pub(super) async fn form(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let before = visit::cookie(&headers, BEFORE).unwrap_or_else(new_token);
    show(&desk, &before, StatusCode::OK, "", "")
}

pub(super) async fn sign_in(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    let before = visit::cookie(&headers, BEFORE).unwrap_or_default();
    if before.is_empty() || !visit::same(&form.form_token, &form_token(&before)) {
        return visit::told(&desk, Trouble::NotOurForm);
    }
    // Longer than any name: what is remembered of tries stays small.
    let name: String = form.name.trim().to_lowercase().chars().take(64).collect();
    let now = desk.hub.now();
    let begun = desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).begin(&name, peer.address, now);
    if let Err(seconds) = begun {
        return wait(&desk, &before, &form.name, seconds);
    }
    let Ok(_permit) = desk.checks.acquire().await else { return wait(&desk, &before, &form.name, 1) };
    let (checking, checked_name) = (desk.clone(), name.clone());
    let checked = tokio::task::spawn_blocking(move || check(&checking, &checked_name, &form.password)).await;
    match checked {
        Ok(Ok(Checked::AskCode(account))) => {
            desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).right(&name, peer.address, now);
            let half = desk.half_in.lock().unwrap_or_else(PoisonError::into_inner).begin(account, now);
            let mut response = Redirect::to(second_step::ASKED).into_response();
            visit::set_cookie(&mut response, HALF, &half);
            response
        }
        Ok(Ok(Checked::In(token))) => {
            desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).right(&name, peer.address, now);
            let mut response = Redirect::to("/").into_response();
            visit::set_cookie(&mut response, SESSION, &token);
            visit::set_cookie(&mut response, BEFORE, "");
            response
        }
        Ok(Ok(Checked::Wrong)) => {
            log::line("a sign-in was refused");
            let message = "Name or password is not right. Check for capital letters, then try again.";
            show(&desk, &before, StatusCode::UNAUTHORIZED, &form.name, message)
        }
        Ok(Err(error)) => visit::told(&desk, Trouble::Store(error)),
        Err(_) => {
            visit::told(&desk, Trouble::Store(StoreError::Damaged("a sign-in was not finished".into())))
        }
    }
}

pub(super) async fn sign_out(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<SignOut>,
) -> Response {
    visit::visit(desk, &headers, Room::Everybody, Setup::WithFirstPassword, move |visit| {
        if !visit::same(&form.form_token, &form_token(&visit.token)) {
            return Err(Trouble::NotOurForm);
        }
        let hub = &visit.desk.hub;
        visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner).lock(&visit.token);
        hub.store.end_session(visit.token.as_bytes(), visit.account.id, hub.now())?;
        let mut response = Redirect::to("/sign-in").into_response();
        visit::set_cookie(&mut response, SESSION, "");
        Ok(response)
    })
    .await
}

/// What name and password come to.
enum Checked {
    Wrong,
    /// A new session's token.
    In(String),
    /// The password is right; there is no session before the code.
    AskCode(Account),
}

/// Takes as long whether or not anybody has the name.
fn check(desk: &Desk, name: &str, given: &str) -> Result<Checked, StoreError> {
    let store = &desk.hub.store;
    let account = store.account(name)?;
    let hash = account.as_ref().map_or(password::nobodys(), |a| a.password.as_str());
    let fits = given.len() <= password::PASSWORD_MAX * 4 && password::fits(given, hash);
    let Some(account) = account.filter(|_| fits) else { return Ok(Checked::Wrong) };
    if store.second_step(account.id)?.is_some_and(|step| step.since.is_some()) {
        return Ok(Checked::AskCode(account));
    }
    let token = new_token();
    store.begin_session(&account, token.as_bytes(), desk.hub.now())?;
    Ok(Checked::In(token))
}

/// 256 random bits.
pub(super) fn new_token() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&random::bytes::<32>())
}

fn wait(desk: &Desk, before: &str, name: &str, seconds: i64) -> Response {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let message = format!("There were too many tries. Wait {seconds} {unit}, then try again.");
    let mut response = show(desk, before, StatusCode::TOO_MANY_REQUESTS, name, &message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
    response
}

fn show(desk: &Desk, before: &str, status: StatusCode, name: &str, message: &str) -> Response {
    let mut context = visit::outside_context(desk);
    context.insert("form_token", &form_token(before));
    context.insert("name", name);
    context.insert("message", message);
    match desk.pages.render("sign_in.html", &context) {
        Ok(page) => {
            let mut response = (status, Html(page)).into_response();
            visit::set_cookie(&mut response, BEFORE, before);
            response
        }
        Err(error) => visit::told(desk, Trouble::Pages(error)),
    }
}
