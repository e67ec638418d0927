//! Who is let in to the office's page: the browser that the program opened.
//!
//! Three locks, each for another visitor. The name in `Host` turns away a web site that points its own
//! name at this computer. The key in the cookie, which only the opening address gives, turns away other
//! people's programs on this computer. `Origin` turns away a page in the same browser that sends a form
//! here: only our own pages change anything.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use data_encoding::HEXLOWER;

use super::Office;
use crate::preview::door::{is_for_this_computer, is_from_our_pages};

/// What our own pages may load: nothing from elsewhere, no script or style within a page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// What the school's pages may load when they are looked at here: as ours, but they may be framed by us.
pub(super) const SITE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
);

/// The secrets of one run.
pub struct Key {
    port: u16,
    /// In the address that the browser is started with. Others on this computer may see how a program is
    /// started, so it counts once.
    once: String,
    used: AtomicBool,
    /// In the address that is printed for the person at the terminal.
    printed: String,
    /// In the cookie.
    cookie: String,
}

impl Key {
    /// New secrets, for this port.
    pub(super) fn new(port: u16) -> Self {
        Self { port, once: secret(), used: AtomicBool::new(false), printed: secret(), cookie: secret() }
    }

    /// The address to open the browser with.
    pub fn address_once(&self) -> String {
        format!("http://127.0.0.1:{}/open?key={}", self.port, self.once)
    }

    /// The address to show, which may be opened as often as one likes.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/open?key={}", self.port, self.printed)
    }

    /// The cookie's name; another run at another port has its own.
    fn name(&self) -> String {
        format!("signpost-{}", self.port)
    }

    /// Whether an address lets somebody in.
    pub(super) fn opens(&self, key: &str) -> bool {
        same(key, &self.printed) || same(key, &self.once) && !self.used.swap(true, Ordering::SeqCst)
    }

    /// Lets a browser in.
    pub(super) fn let_in(&self) -> Response {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.name(), self.cookie);
        ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
    }

    fn is_known(&self, headers: &HeaderMap) -> bool {
        let name = self.name();
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(key, value)| key == name && same(value, &self.cookie))
    }
}

/// 128 bits that nobody can guess.
fn secret() -> String {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .expect("a system without randomness cannot keep a secret, and must not go on");
    HEXLOWER.encode(&bytes)
}

/// Compares without telling by its time how much was right.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// Turns away whoever is not let in, and gives every answer its careful headers.
pub(super) async fn keep(State(office): State<Arc<Office>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let no = |status, word: &str| (status, office.paper.word(word)).into_response();
    let opening = request.uri().path() == "/open" && request.method() == Method::GET;
    let changes = ![Method::GET, Method::HEAD].contains(request.method());
    let mut answer = if !is_for_this_computer(headers) {
        no(StatusCode::FORBIDDEN, "door.other_name")
    } else if !opening && !office.key.is_known(headers) {
        no(StatusCode::FORBIDDEN, "door.no_key")
    } else if changes && !is_from_our_pages(headers, office.key.port) {
        no(StatusCode::FORBIDDEN, "door.other_page")
    } else {
        next.run(request).await
    };
    let headers = answer.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // “no-referrer” would make a browser hide where its forms come from.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_a_browser_is_started_with_opens_once() {
        let key = Key::new(4000);
        assert!(!key.opens("") && !key.opens(&key.cookie));
        let once = key.once.clone();
        assert!(key.opens(&once));
        assert!(!key.opens(&once), "whoever saw it in the list of programs comes too late");
        let printed = key.printed.clone();
        assert!(key.opens(&printed) && key.opens(&printed));
    }
}
