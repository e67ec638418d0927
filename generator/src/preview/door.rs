//! Who is let in: programs on this computer that ask for this computer by name.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// The names under which this computer may be asked. A page of another site that points its own name at
/// this computer (“DNS rebinding”) comes with that name.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// Whether a request names this computer.
pub fn is_for_this_computer(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    NAMES.contains(&name)
}

/// Whether a request that changes something comes from a page of this very server. Every browser says
/// where such a request comes from.
pub fn is_from_our_pages(headers: &HeaderMap, port: u16) -> bool {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()) else {
        return false;
    };
    NAMES.iter().any(|name| origin == format!("http://{name}:{port}"))
}

/// Turns away whoever asks for another computer, and gives every answer its careful headers.
pub async fn keep(State(methods): State<&'static [Method]>, request: Request, next: Next) -> Response {
    let mut answer = if !is_for_this_computer(request.headers()) {
        (StatusCode::FORBIDDEN, "Open this at http://127.0.0.1 on this computer.").into_response()
    } else if !methods.contains(request.method()) {
        (StatusCode::METHOD_NOT_ALLOWED, "This only shows pages.").into_response()
    } else {
        next.run(request).await
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_site_that_points_its_name_at_this_computer_gets_nothing() {
        assert!(is_for_this_computer(&with(header::HOST, "127.0.0.1:4000")));
        assert!(is_for_this_computer(&with(header::HOST, "localhost:4000")));
        for other in ["evil.example", "127.0.0.1.evil.example:4000", "", "localhost.evil.example"] {
            assert!(!is_for_this_computer(&with(header::HOST, other)), "{other}");
        }
        assert!(!is_for_this_computer(&HeaderMap::new()));
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        assert!(is_from_our_pages(&with(header::ORIGIN, "http://127.0.0.1:4000"), 4000));
        for other in ["http://127.0.0.1:4001", "https://127.0.0.1:4000", "null", "http://evil.example"] {
            assert!(!is_from_our_pages(&with(header::ORIGIN, other), 4000), "{other}");
        }
        assert!(!is_from_our_pages(&HeaderMap::new(), 4000), "a request that does not say");
    }
}
