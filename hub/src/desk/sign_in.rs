//! Signing in and out.

use std::sync::{Arc, PoisonError};

use axum::{
    Extension, Form,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{
    Desk,
    calls::CallRow,
    listening::{self, Tokens},
    second_step,
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
    let hears = listening::heard_outside(&desk, &headers).await;
    show(&desk, &Door { before, hears }, StatusCode::OK, "", "")
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
    let door = Door { before, hears: listening::heard_outside(&desk, &headers).await };
    // Longer than any name: what is remembered of tries stays small.
    let name: String = form.name.trim().to_lowercase().chars().take(64).collect();
    let now = desk.hub.now();
    let begun = desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).begin(&name, peer.address, now);
    if let Err(seconds) = begun {
        return wait(&desk, &door, &form.name, seconds);
    }
    let Ok(_permit) = desk.checks.acquire().await else { return wait(&desk, &door, &form.name, 1) };
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
        Ok(Ok(Checked::In(tokens))) => {
            desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).right(&name, peer.address, now);
            let mut response = Redirect::to("/").into_response();
            tokens.give(&mut response);
            visit::set_cookie(&mut response, BEFORE, "");
            response
        }
        Ok(Ok(Checked::Wrong)) => {
            log::line("a sign-in was refused");
            let message = "Name or password is not right. Check for capital letters, then try again.";
            show(&desk, &door, StatusCode::UNAUTHORIZED, &form.name, message)
        }
        Ok(Err(error)) => visit::told(&desk, Trouble::Store(error)),
        Err(_) => visit::told(&desk, unfinished("a sign-in")),
    }
}

pub(super) async fn sign_out(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<SignOut>,
) -> Response {
    // Also whoever comes back to a page whose session has ended by itself signs out of hearing calls.
    if let Some(token) = visit::cookie(&headers, SESSION)
        && visit::same(&form.form_token, &form_token(&token))
    {
        let at_desk = desk.clone();
        let ended = tokio::task::spawn_blocking(move || {
            let (store, now) = (&at_desk.hub.store, at_desk.hub.now());
            if store.glance(token.as_bytes(), now)?.is_some() {
                return Ok(false);
            }
            store.end_listening(token.as_bytes(), now).map(|()| true)
        });
        match ended.await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) => return signed_out(),
            Ok(Err(error)) => return visit::told(&desk, Trouble::Store(error)),
            Err(_) => return visit::told(&desk, unfinished("a sign-out")),
        }
    }
    visit::visit(desk, &headers, Room::Everybody, Setup::WithFirstPassword, move |visit| {
        if !visit::same(&form.form_token, &form_token(&visit.token)) {
            return Err(Trouble::NotOurForm);
        }
        let hub = &visit.desk.hub;
        visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner).lock(&visit.token);
        hub.store.end_session(visit.token.as_bytes(), visit.account.id, hub.now())?;
        Ok(signed_out())
    })
    .await
}

fn signed_out() -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    listening::take_away(&mut response);
    response
}

fn unfinished(what: &str) -> Trouble {
    Trouble::Store(StoreError::Damaged(format!("{what} was not finished")))
}

/// What the page knows of a browser in which nobody is signed in.
struct Door {
    /// The token of its form.
    before: String,
    /// The open calls, where it goes on hearing them after a session that ended by itself.
    hears: Option<Vec<CallRow>>,
}

/// What name and password come to.
enum Checked {
    Wrong,
    /// A new session has begun.
    In(Tokens),
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
    Ok(Tokens::begin(desk, &account)?.map_or(Checked::Wrong, Checked::In))
}

/// 256 random bits.
pub(super) fn new_token() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&random::bytes::<32>())
}

fn wait(desk: &Desk, door: &Door, name: &str, seconds: i64) -> Response {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let message = format!("There were too many tries. Wait {seconds} {unit}, then try again.");
    let mut response = show(desk, door, StatusCode::TOO_MANY_REQUESTS, name, &message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
    response
}

fn show(desk: &Desk, door: &Door, status: StatusCode, name: &str, message: &str) -> Response {
    let mut context = visit::outside_context(desk);
    context.insert("form_token", &form_token(&door.before));
    context.insert("hears", &door.hears.is_some());
    context.insert("calls", &door.hears);
    context.insert("name", name);
    context.insert("message", message);
    match desk.pages.render("sign_in.html", &context) {
        Ok(page) => {
            let mut response = (status, Html(page)).into_response();
            visit::set_cookie(&mut response, BEFORE, &door.before);
            response
        }
        Err(error) => visit::told(desk, Trouble::Pages(error)),
    }
}
