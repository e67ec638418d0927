//! What a browser is given at signing in, and what of it outlives a session that ended because nobody used it: the page
//! that was left open goes on hearing calls for a grown-up. With that token alone there is a place and a time to be had,
//! nothing else, and nobody can say with it that they are going.

use std::sync::Arc;

use axum::{http::HeaderMap, response::Response};

use super::{
    Desk,
    calls::{self, CallRow},
    sign_in,
    visit::{self, SESSION},
};
use crate::store::{
    StoreError,
    accounts::{Account, NewTokens},
};

/// Holds the token that hears calls.
const LISTENING: &str = "__Host-signpost-calls";

/// The tokens of somebody who has just signed in.
pub(super) struct Tokens {
    session: String,
    listening: String,
}

impl Tokens {
    /// Begins a session, and listening beside it; none where the account has ended meanwhile.
    pub(super) fn begin(desk: &Desk, account: &Account) -> Result<Option<Self>, StoreError> {
        let tokens = Self { session: sign_in::new_token(), listening: sign_in::new_token() };
        let new = NewTokens { session: tokens.session.as_bytes(), listening: tokens.listening.as_bytes() };
        let begun = desk.hub.store.begin_session(account, new, desk.hub.now())?;
        Ok(begun.then_some(tokens))
    }
    /// Gives new ones to a browser in which somebody is signed in; takes both away where the account has ended meanwhile.
    pub(super) fn renew(desk: &Desk, account: &Account, response: &mut Response) -> Result<(), StoreError> {
        match Self::begin(desk, account)? {
            Some(tokens) => tokens.give(response),
            None => take_away(response),
        }
        Ok(())
    }
    /// Gives them to the browser.
    pub(super) fn give(&self, response: &mut Response) {
        visit::set_cookie(response, SESSION, &self.session);
        visit::set_cookie(response, LISTENING, &self.listening);
    }
}

/// Takes both away from the browser.
pub(super) fn take_away(response: &mut Response) {
    visit::set_cookie(response, SESSION, "");
    visit::set_cookie(response, LISTENING, "");
}

/// The open calls for a browser in which nobody is signed in any more; none where it does not listen. Waits for the
/// disk.
pub(super) fn heard(desk: &Desk, headers: &HeaderMap) -> Result<Option<Vec<CallRow>>, StoreError> {
    let Some(token) = visit::cookie(headers, LISTENING) else { return Ok(None) };
    if !desk.hub.store.listens(token.as_bytes(), desk.hub.now())? {
        return Ok(None);
    }
    Ok(Some(calls::open(desk, None)?))
}

/// The same for a page outside a session: what cannot be known now is not heard there.
pub(super) async fn heard_outside(desk: &Arc<Desk>, headers: &HeaderMap) -> Option<Vec<CallRow>> {
    let (desk, headers) = (desk.clone(), headers.clone());
    let heard = tokio::task::spawn_blocking(move || heard(&desk, &headers)).await;
    heard.ok().and_then(Result::ok).flatten()
}
