//! The exact words that somebody signed.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use records::{agreement::AgreementDigest, digest::Digest};

use super::{
    Desk, view,
    visit::{self, Room, Trouble},
};

pub(super) async fn words(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path(digest): Path<String>,
) -> Response {
    visit::page(desk, &headers, Room::Office, move |visit| {
        let digest: Digest = digest.parse().map_err(|_| Trouble::NothingHere)?;
        let digest = AgreementDigest(digest);
        let store = &visit.desk.hub.store;
        let agreement = store.words(digest)?.ok_or(Trouble::NothingHere)?;
        let versions: Vec<String> =
            store.versions_with(digest)?.iter().map(|v| v.version.to_string()).collect();
        let current = visit.desk.hub.pack()?.and_then(|pack| {
            let newest = pack.content.agreements.iter().find(|a| a.slug == agreement.slug)?;
            (newest.digest() != digest).then(|| newest.version.to_string())
        });
        let mut context = visit.context("registers")?;
        context.insert("audience", view::audience(agreement.audience));
        context.insert("agreement", &agreement);
        context.insert("versions", &versions);
        context.insert("digest", &digest.to_string());
        context.insert("newer", &current.unwrap_or_default());
        visit.show("words.html", &context)
    })
    .await
}
