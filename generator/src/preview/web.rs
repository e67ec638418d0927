//! The pages of a preview over HTTP, and the news while they are open.

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path as Asked, State},
    http::{StatusCode, header},
    response::{
        IntoResponse as _, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;

use super::{
    Preview,
    news::{self, News},
};
use crate::{tell, theme::Theme};

/// Where the preview's own files and news are, within the site.
const OWN: &str = ".signpost";

/// What answers for a site.
pub struct Pages {
    preview: Arc<Preview>,
    /// Where the site begins, with `/` at both ends.
    base: String,
    script: Arc<[u8]>,
    style: Arc<[u8]>,
    /// Put at the end of each page; `{mark}` in it stands for the page's own words.
    tail: String,
    /// Whether a screen shows what paper would.
    printed: bool,
}

impl Pages {
    /// Pages of this preview, beginning at `base`.
    pub fn new(preview: Arc<Preview>, base: &str, shipped: &Theme) -> Self {
        let file = |path: &str| Arc::from(shipped.get(path).unwrap_or_default());
        let words: toml::Table = shipped
            .text("office/words.en.toml")
            .ok()
            .and_then(|text| toml::from_str(text).ok())
            .unwrap_or_default();
        let panel =
            words.get("panel").and_then(|panel| serde_json::to_string(panel).ok()).unwrap_or_default();
        let panel = panel.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let tail = format!(
            "<link rel=\"stylesheet\" href=\"{base}{OWN}/preview.css\"><script src=\"{base}{OWN}/preview.js\" data-base=\"{base}\" data-mark=\"{{mark}}\" data-words=\"{panel}\"></script>"
        );
        Self {
            preview,
            base: base.to_owned(),
            script: file("office/preview.js"),
            style: file("office/preview.css"),
            tail,
            printed: false,
        }
    }

    /// The same pages as they come out of a printer: what the style keeps for print counts on the screen.
    #[must_use]
    pub fn as_printed(mut self) -> Self {
        self.printed = true;
        self
    }

    /// The routes, to be put at `base`.
    pub fn routes(self) -> Router {
        Router::new().route("/", get(front)).route("/{*path}", get(any)).with_state(Arc::new(self))
    }

    /// The answer to a path within the site, without a slash before it.
    pub fn answer(&self, path: &str) -> Response {
        match path.strip_prefix(OWN).and_then(|rest| rest.strip_prefix('/')) {
            Some("preview.js") => return answer(StatusCode::OK, kind("preview.js"), self.script.to_vec()),
            Some("preview.css") => return answer(StatusCode::OK, kind("preview.css"), self.style.to_vec()),
            Some("news") => return self.news().into_response(),
            _ => {}
        }
        let index = |folder: &str| {
            if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") }
        };
        let folder = path.trim_end_matches('/');
        if !path.is_empty() && !path.ends_with('/') {
            if let Some(bytes) = self.preview.file(path) {
                return self.shown(StatusCode::OK, path, &bytes);
            }
            if self.preview.file(&index(path)).is_some() {
                return Redirect::permanent(&format!("{}{path}/", self.base)).into_response();
            }
        }
        if let Some(bytes) = self.preview.file(&index(folder)) {
            return self.shown(StatusCode::OK, "index.html", &bytes);
        }
        match self.preview.file("404.html") {
            Some(bytes) => self.shown(StatusCode::NOT_FOUND, "404.html", &bytes),
            None => self.shown(StatusCode::NOT_FOUND, "404.html", NOTHING_YET.as_bytes()),
        }
    }

    fn shown(&self, status: StatusCode, path: &str, bytes: &[u8]) -> Response {
        let mut body = bytes.to_vec();
        if path.ends_with(".html") {
            let end = "</body>";
            let text = String::from_utf8_lossy(bytes);
            let at = text.rfind(end).unwrap_or(text.len());
            let tail = self.tail.replacen("{mark}", &mark(bytes), 1);
            body = [&text[..at], &tail, &text[at..]].concat().into_bytes();
        }
        if self.printed && path.ends_with(".css") {
            let style = String::from_utf8_lossy(&body).replace("@media print", "@media all");
            // The sheet's margins, which a screen does not have.
            body = format!("{style}\nbody {{ padding: 18mm 18mm 16mm; }}\n").into_bytes();
        }
        let mut answer = answer(status, kind(path), body);
        if path.ends_with(".svg") {
            // A drawing opened by itself is a page of this address: it runs nothing.
            answer.headers_mut().insert(
                header::CONTENT_SECURITY_POLICY,
                header::HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
            );
        }
        answer
    }

    /// What is wrong now, then everything that happens.
    fn news(&self) -> Sse<impl stream::Stream<Item = Result<Event, Infallible>> + use<>> {
        let told = self.preview.news();
        let now = Event::default().event("findings").data(news::findings(&self.preview.report()));
        let events = stream::unfold((Some(now), told), |(now, mut told)| async move {
            if let Some(now) = now {
                return Some((Ok(now), (None, told)));
            }
            let event = match told.recv().await {
                Ok(news) => event(&news),
                // Too much happened while the page slept: it looks at everything again.
                Err(RecvError::Lagged(_)) => Event::default().event("everything").data("[]"),
                Err(RecvError::Closed) => return None,
            };
            Some((Ok(event), (None, told)))
        });
        Sse::new(events).keep_alive(KeepAlive::default())
    }
}

/// Shown where not even the site's own “not found” page could be drawn; the findings come on top.
const NOTHING_YET: &str =
    "<!DOCTYPE html><html lang=\"en-GB\"><meta charset=\"utf-8\"><title>Signpost</title><body></body></html>";

/// Differs wherever a page does, so that an open one can tell whether it is still the newest.
fn mark(page: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn event(news: &News) -> Event {
    Event::default().event(news.name()).data(news.data())
}

async fn front(State(pages): State<Arc<Pages>>) -> Response {
    pages.answer("")
}

async fn any(State(pages): State<Arc<Pages>>, Asked(path): Asked<String>) -> Response {
    pages.answer(&path)
}

/// An answer with a body of this kind.
pub fn answer(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// What a browser is told that a file is.
pub fn kind(file: &str) -> &'static str {
    match Path::new(file).extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "ics" => "text/calendar; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "jpg" | "jpeg" => "image/jpeg",
        "pdf" => "application/pdf",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// How many things there are to mend, for the window that the preview was started from.
pub fn tally(preview: &Preview) -> String {
    tell::tally(&preview.report())
}
