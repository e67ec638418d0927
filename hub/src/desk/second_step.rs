//! The second step of signing in: setting it up with a phone, being asked for it, and being let in again without one.
//!
//! Between password and code there is no session: only a token that is good for a few minutes and a few tries.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, MutexGuard, PoisonError},
};

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use press::qr::Qr;
use records::day::Moment;

use super::{
    Desk,
    listening::Tokens,
    sign_in, view,
    visit::{self, BEFORE, HALF, Room, Setup, Trouble, Visit},
};
use crate::{
    hub::form_token,
    log, password,
    store::{
        StoreError,
        accounts::{Account, Duty},
        audit::Actor,
    },
    tls::listener::Peer,
    totp::Secret,
};

/// Where one is set up.
pub(super) const ADDRESS: &str = "/second-step";
/// Where the code is asked for.
pub(super) const ASKED: &str = "/sign-in/code";
/// For how long a password that was right waits for its code, in seconds.
const WAITS: i64 = 5 * 60;
/// After so many wrong codes the password is asked for again.
const TRIES: u32 = 5;
/// How many codes on paper there are.
const CODES: usize = 8;

/// Those whose password was right and whose code has not come yet, by the digest of their token.
#[derive(Default)]
pub(super) struct HalfIn(HashMap<String, Half>);

struct Half {
    account: Account,
    begun: i64,
    wrong: u32,
}

impl HalfIn {
    /// Begins to wait for a code; gives back the token.
    pub(super) fn begin(&mut self, account: Account, now: Moment) -> String {
        self.0.retain(|_, half| (0..WAITS).contains(&(now.0 - half.begun)));
        let token = sign_in::new_token();
        self.0.insert(form_token(&token), Half { account, begun: now.0, wrong: 0 });
        token
    }
    fn account(&self, token: &str, now: Moment) -> Option<&Account> {
        let half = self.0.get(&form_token(token))?;
        (0..WAITS).contains(&(now.0 - half.begun)).then_some(&half.account)
    }
    /// A wrong code; `false` if it was one too many.
    fn wrong(&mut self, token: &str) -> bool {
        let key = form_token(token);
        let Some(half) = self.0.get_mut(&key) else { return false };
        half.wrong += 1;
        let may_try = half.wrong < TRIES;
        if !may_try {
            self.0.remove(&key);
        }
        may_try
    }
    fn end(&mut self, token: &str) {
        self.0.remove(&form_token(token));
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    form_token: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Sure {
    #[serde(default)]
    password: String,
    #[serde(default)]
    form_token: String,
}

fn half_in(desk: &Desk) -> MutexGuard<'_, HalfIn> {
    desk.half_in.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a try is allowed now, by account and address; else how long to wait.
pub(super) fn begin_try(desk: &Desk, account: i64, address: IpAddr) -> Result<(), i64> {
    let mut codes = desk.codes.lock().unwrap_or_else(PoisonError::into_inner);
    codes.begin(&account.to_string(), address, desk.hub.now())
}

/// The try was right.
pub(super) fn right(desk: &Desk, account: i64, address: IpAddr) {
    let mut codes = desk.codes.lock().unwrap_or_else(PoisonError::into_inner);
    codes.right(&account.to_string(), address, desk.hub.now());
}

/// Asks for the code. Whoever has shown no password is sent to do that, and learns nothing.
pub(super) async fn ask(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let token = visit::cookie(&headers, HALF).unwrap_or_default();
    if half_in(&desk).account(&token, desk.hub.now()).is_none() {
        return Redirect::to("/sign-in").into_response();
    }
    show_asked(&desk, &token, StatusCode::OK, "")
}

/// Takes the code: of the phone, or one on paper.
pub(super) async fn take(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(sent): Form<Code>,
) -> Response {
    let token = visit::cookie(&headers, HALF).unwrap_or_default();
    let Some(account) = half_in(&desk).account(&token, desk.hub.now()).cloned() else {
        return Redirect::to("/sign-in").into_response();
    };
    if !visit::same(&sent.form_token, &form_token(&token)) {
        return visit::told(&desk, Trouble::NotOurForm);
    }
    if let Err(seconds) = begin_try(&desk, account.id, peer.address) {
        let message = too_many(seconds);
        let mut response = show_asked(&desk, &token, StatusCode::TOO_MANY_REQUESTS, &message);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
        return response;
    }
    let (checking, id) = (desk.clone(), account.id);
    let checked = tokio::task::spawn_blocking(move || fits(&checking, id, &sent.code)).await;
    match checked {
        Ok(Ok(true)) => {
            right(&desk, account.id, peer.address);
            half_in(&desk).end(&token);
            let desk_again = desk.clone();
            let begun = tokio::task::spawn_blocking(move || Tokens::begin(&desk_again, &account));
            match begun.await {
                // The account ended while the code was typed.
                Ok(Ok(None)) => {
                    let mut response = Redirect::to("/sign-in").into_response();
                    visit::set_cookie(&mut response, HALF, "");
                    response
                }
                Ok(Ok(Some(tokens))) => {
                    let mut response = Redirect::to("/").into_response();
                    tokens.give(&mut response);
                    visit::set_cookie(&mut response, HALF, "");
                    visit::set_cookie(&mut response, BEFORE, "");
                    response
                }
                Ok(Err(error)) => visit::told(&desk, Trouble::Store(error)),
                Err(_) => unfinished(&desk),
            }
        }
        Ok(Ok(false)) => {
            log::line("a second step was refused");
            if !half_in(&desk).wrong(&token) {
                let mut response = Redirect::to("/sign-in").into_response();
                visit::set_cookie(&mut response, HALF, "");
                return response;
            }
            let message = "This code is not right, or was used already. Wait for the next one on the phone, then type that.";
            show_asked(&desk, &token, StatusCode::UNAUTHORIZED, message)
        }
        Ok(Err(error)) => visit::told(&desk, Trouble::Store(error)),
        Err(_) => unfinished(&desk),
    }
}

pub(super) fn too_many(seconds: i64) -> String {
    format!("There were too many tries. Wait {seconds} seconds, then try again.")
}

fn unfinished(desk: &Desk) -> Response {
    visit::told(desk, Trouble::Store(StoreError::Damaged("a sign-in was not finished".into())))
}

/// Whether this is a code of the account's phone or paper; then it is used up.
fn fits(desk: &Desk, account: i64, typed: &str) -> Result<bool, StoreError> {
    let (store, now) = (&desk.hub.store, desk.hub.now());
    let Some(step) = store.second_step(account)?.filter(|step| step.since.is_some()) else {
        return Ok(false);
    };
    let good = match step.secret.step_of(typed, now, step.used) {
        Some(found) => store.use_step(account, found)?,
        None => typed.len() <= 64 && store.use_recovery_code(account, typed, now)?,
    };
    if !good {
        store.note(Actor::Account(account), "second step refused", "", now)?;
    }
    Ok(good)
}

fn show_asked(desk: &Desk, token: &str, status: StatusCode, message: &str) -> Response {
    let mut context = visit::outside_context(desk);
    context.insert("form_token", &form_token(token));
    context.insert("message", message);
    match desk.pages.render("sign_in_code.html", &context) {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => visit::told(desk, Trouble::Pages(error)),
    }
}

/// One's own second step.
pub(super) async fn page(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::visit(desk, &headers, Room::Everybody, Setup::WithoutSecondStep, |visit| show(&visit, "", &[]))
        .await
}

/// Begins to set it up: makes the secret that the page then shows.
pub(super) async fn begin(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(sent): Form<Sure>,
) -> Response {
    setting_up(desk, &headers, sent.form_token, |visit| {
        visit.desk.hub.store.begin_second_step(visit.account.id, &Secret::generate())?;
        Ok(Redirect::to(ADDRESS).into_response())
    })
    .await
}

/// The phone shows that it knows the secret.
pub(super) async fn confirm(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(sent): Form<Code>,
) -> Response {
    setting_up(desk, &headers, sent.form_token, move |visit| {
        let (hub, id) = (&visit.desk.hub, visit.account.id);
        if let Err(seconds) = begin_try(&visit.desk, id, peer.address) {
            return refused(&visit, &too_many(seconds));
        }
        let step = hub.store.second_step(id)?.filter(|step| step.since.is_none());
        let found = step.and_then(|step| step.secret.step_of(&sent.code, hub.now(), step.used));
        let codes = recovery_codes();
        let done = match found {
            Some(found) => hub.store.confirm_second_step(id, found, &codes, hub.now())?,
            None => false,
        };
        if !done {
            let text = "This is not the code that the phone shows now. Nothing was changed. If it happens again, look whether the phone’s clock is right.";
            return refused(&visit, text);
        }
        right(&visit.desk, id, peer.address);
        show(&visit, "", &codes)
    })
    .await
}

/// New codes on paper.
pub(super) async fn codes(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(sent): Form<Sure>,
) -> Response {
    with_password(desk, peer, &headers, sent, |visit| {
        let (hub, id) = (&visit.desk.hub, visit.account.id);
        if hub.store.second_step(id)?.is_none_or(|step| step.since.is_none()) {
            return Err(Trouble::NothingHere);
        }
        let codes = recovery_codes();
        hub.store.renew_recovery_codes(id, &codes, hub.now())?;
        show(visit, "", &codes)
    })
    .await
}

/// Takes one's own away, to set up another phone, or to go without where that is allowed.
pub(super) async fn remove(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(sent): Form<Sure>,
) -> Response {
    with_password(desk, peer, &headers, sent, |visit| {
        let (hub, id) = (&visit.desk.hub, visit.account.id);
        hub.store.take_second_step(id, Actor::Account(id), hub.now())?;
        // That ended every session of this account; whoever did it goes on in a new one.
        visit.desk.unlocked.lock().unwrap_or_else(PoisonError::into_inner).lock(&visit.token);
        let mut response = Redirect::to(ADDRESS).into_response();
        Tokens::renew(&visit.desk, &visit.account, &mut response)?;
        Ok(response)
    })
    .await
}

/// Lets somebody in again who has lost the phone: takes the second step of another account away.
pub(super) async fn reset(
    State(desk): State<Arc<Desk>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Path(other): Path<i64>,
    Form(sent): Form<Sure>,
) -> Response {
    with_password(desk, peer, &headers, sent, move |visit| {
        let (hub, account) = (&visit.desk.hub, &visit.account);
        let others = hub.store.others_with_second_step(account)?;
        let other = others.iter().find(|one| one.id == other).ok_or(Trouble::NothingHere)?;
        hub.store.take_second_step(other.id, Actor::Account(account.id), hub.now())?;
        let text = format!(
            "{} can sign in with the password alone now, and sets up another phone then.",
            other.name
        );
        show(visit, &text, &[])
    })
    .await
}

async fn setting_up(
    desk: Arc<Desk>,
    headers: &HeaderMap,
    shown: String,
    work: impl FnOnce(Visit) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    visit::visit(desk, headers, Room::Everybody, Setup::WithoutSecondStep, move |visit| {
        if visit::same(&shown, &form_token(&visit.token)) { work(visit) } else { Err(Trouble::NotOurForm) }
    })
    .await
}

/// For what somebody at a desk that was left open must not do: the password is asked for again.
async fn with_password(
    desk: Arc<Desk>,
    peer: Peer,
    headers: &HeaderMap,
    sent: Sure,
    work: impl FnOnce(&Visit) -> Result<Response, Trouble> + Send + 'static,
) -> Response {
    let at_desk = desk.clone();
    let Ok(_permit) = at_desk.checks.acquire().await else {
        return visit::told(&at_desk, Trouble::NothingHere);
    };
    visit::form(desk, headers, Room::Everybody, sent.form_token, move |visit| {
        let id = visit.account.id;
        if let Err(seconds) = begin_try(&visit.desk, id, peer.address) {
            return refused(&visit, &too_many(seconds));
        }
        if !password::fits(&sent.password, &visit.account.password) {
            log::line(&format!("a password was not right for account {id}"));
            return refused(&visit, "The password is not right. Nothing was changed.");
        }
        right(&visit.desk, id, peer.address);
        work(&visit)
    })
    .await
}

fn recovery_codes() -> Vec<zeroize::Zeroizing<String>> {
    (0..CODES).map(|_| password::one_time()).collect()
}

fn refused(visit: &Visit, text: &str) -> Result<Response, Trouble> {
    Ok(visit::refused(show(visit, text, &[])?))
}

fn show(visit: &Visit, message: &str, codes: &[zeroize::Zeroizing<String>]) -> Result<Response, Trouble> {
    let (hub, account) = (&visit.desk.hub, &visit.account);
    let step = hub.store.second_step(account.id)?;
    let mut context = visit.context("second-step")?;
    let zone = hub.zone()?;
    let since = step.as_ref().and_then(|step| step.since);
    context.insert("since", &since.map(|since| view::when(since, &zone)).unwrap_or_default());
    context.insert("left", &step.as_ref().map(|step| step.codes).unwrap_or_default());
    let (mut picture, mut typed) = (String::new(), String::new());
    if let Some(step) = step.as_ref().filter(|step| step.since.is_none()) {
        let address = step.secret.address(&hub.identity().school_name, &account.name);
        picture = Qr::new(&address).map(|qr| qr.svg("QR code for the app on the phone")).unwrap_or_default();
        typed = step.secret.typed();
    }
    context.insert("picture", &picture);
    context.insert("typed", &typed);
    context.insert(
        "needed",
        &(matches!(account.duty, Duty::Holder(_)) || hub.store.office_needs_second_step()?),
    );
    let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    context.insert("codes", &codes);
    let others = hub.store.others_with_second_step(account)?;
    let others: Vec<(i64, String)> = others.into_iter().map(|other| (other.id, other.name)).collect();
    context.insert("others", &others);
    context.insert("message", message);
    visit.show("second_step.html", &context)
}
