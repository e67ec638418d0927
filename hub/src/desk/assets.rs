//! Styles, fonts and pictures.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::ids::Slug;

use super::{
    Desk,
    visit::{self, Room, Trouble},
};

/// Tokens and fonts are the site's; the desk adds its own.
const STYLES: &str = concat!(
    include_str!("../../../themes/web/tokens.css"),
    include_str!("../../../themes/web/fonts.css"),
    include_str!("../../../themes/desk/desk.css")
);
/// The one script: it looks whether somebody calls, and makes a sound.
const CALLS: &str = include_str!("../../../themes/desk/calls.js");
pub(crate) const SIGNPOST: &str = include_str!("../../../themes/symbols/signpost.svg");

macro_rules! fonts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../themes/fonts/", $name)))),*]
    };
}

const FONTS: &[(&str, &[u8])] = fonts![
    "atkinson-hyperlegible-next-latin-400.woff2",
    "atkinson-hyperlegible-next-latin-700.woff2",
    "atkinson-hyperlegible-next-latin-ext-400.woff2",
    "atkinson-hyperlegible-next-latin-ext-700.woff2",
    "lexend-latin-500.woff2",
    "lexend-latin-700.woff2",
    "lexend-latin-ext-500.woff2",
    "lexend-latin-ext-700.woff2",
];

/// A font's file.
pub(crate) fn font_named(name: &str) -> Option<&'static [u8]> {
    FONTS.iter().find(|(font, _)| *font == name).map(|(_, bytes)| *bytes)
}

/// These say nothing of anybody, so a browser may keep them.
const KEEP: &str = "max-age=86400";

pub(super) async fn styles() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, KEEP)], STYLES)
        .into_response()
}

pub(super) async fn calls() -> Response {
    // Never kept: a script of yesterday would not understand a hub that was renewed, and hear nothing.
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], CALLS).into_response()
}

/// The finger-post beside the school's name.
pub(super) async fn signpost() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, KEEP)], SIGNPOST).into_response()
}

pub(super) async fn font(Path(name): Path<String>) -> Response {
    match font_named(&name) {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "font/woff2"), (header::CACHE_CONTROL, KEEP)], bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A picture of the newest pack: a sticker that somebody signed with.
pub(super) async fn symbol(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Everybody, move |visit| {
        let name: Slug =
            name.strip_suffix(".svg").and_then(|n| n.parse().ok()).ok_or(Trouble::NothingHere)?;
        let pack = visit.desk.hub.pack()?.ok_or(Trouble::NothingHere)?;
        let bytes = pack.pictures.get(&name).ok_or(Trouble::NothingHere)?.clone();
        Ok(([(header::CONTENT_TYPE, "image/svg+xml")], bytes).into_response())
    })
    .await
}
