//! The kiosks' port: what `records::sync` says, over TLS 1.3 with a certificate on both sides.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Extension, State},
    routing::{get, post},
};
use tokio::sync::Semaphore;

use records::{
    call::{Call, CallReply},
    codec,
    report_box::SignedBox,
    sync,
};

use crate::{hub::Hub, store::kiosks::Kiosk, tls::listener::Peer};

mod answer;
mod boxes;
mod pairing;
mod syncing;

use answer::{Answer, Refused};

/// A greeting or a request to be paired is far smaller.
const SMALL: usize = 16 * 1024;
/// 500 envelopes, each with a mark of 2,000 points.
const BATCH: usize = 16 * 1024 * 1024;
/// A report box with its signature.
const BOX: usize = 40 * 1024;
/// Batches in memory at once.
const BATCHES_AT_ONCE: usize = 8;

#[derive(Clone)]
struct Port {
    hub: Arc<Hub>,
    batches: Arc<Semaphore>,
}

/// The routes of the kiosks' port.
pub fn router(hub: Arc<Hub>) -> Router {
    let port = Port { hub, batches: Arc::new(Semaphore::new(BATCHES_AT_ONCE)) };
    Router::new()
        .route("/kiosk/pair", post(pair))
        .route("/kiosk/hello", post(hello))
        .route("/kiosk/call", post(call))
        .route("/kiosk/pack", get(pack))
        .route("/kiosk/roster", get(roster))
        .route("/kiosk/answers", get(answers))
        .layer(DefaultBodyLimit::max(SMALL))
        .route("/kiosk/box", post(report_box).layer(DefaultBodyLimit::max(BOX)))
        .route("/kiosk/batch", post(batch))
        .fallback(|| async { Refused::bad("there is nothing at this address") })
        .with_state(port)
}

async fn pair(State(port): State<Port>, Extension(peer): Extension<Peer>, body: Bytes) -> Answer {
    let request = codec::decode(&body).map_err(|e| Refused::bad(e.to_string()))?;
    blocking(move || pairing::pair(&port.hub, &peer, &request)).await
}

async fn hello(State(port): State<Port>, Extension(peer): Extension<Peer>, body: Bytes) -> Answer {
    let hello: sync::Hello = codec::decode(&body).map_err(|e| Refused::bad(e.to_string()))?;
    blocking(move || {
        let kiosk = paired(&port.hub, &peer)?;
        syncing::hello(&port.hub, &kiosk, &hello)
    })
    .await
}

/// Asked again and again while somebody waits: a second time it only tells whether it was taken.
async fn call(State(port): State<Port>, Extension(peer): Extension<Peer>, body: Bytes) -> Answer {
    let call: Call = codec::decode(&body).map_err(|e| Refused::bad(e.to_string()))?;
    blocking(move || {
        let kiosk = paired(&port.hub, &peer)?;
        if call.device != kiosk.device {
            return Err(Refused::bad("a kiosk calls for itself alone"));
        }
        let taken = port.hub.store.take_call(&call, port.hub.now())?;
        Ok(codec::encode(&CallReply { id: call.id, taken }))
    })
    .await
}

async fn report_box(State(port): State<Port>, Extension(peer): Extension<Peer>, body: Bytes) -> Answer {
    let signed: SignedBox = codec::decode(&body).map_err(|e| Refused::bad(e.to_string()))?;
    blocking(move || {
        let kiosk = paired(&port.hub, &peer)?;
        boxes::take(&port.hub, &kiosk, &signed)
    })
    .await
}

/// Who sends is known before a byte of the body is read.
async fn batch(
    State(port): State<Port>,
    Extension(peer): Extension<Peer>,
    request: axum::extract::Request,
) -> Answer {
    let hub = port.hub.clone();
    let kiosk =
        tokio::task::spawn_blocking(move || paired(&hub, &peer)).await.map_err(|_| Refused::failed())??;
    let _permit = port.batches.acquire().await.map_err(|_| Refused::failed())?;
    let body = axum::body::to_bytes(request.into_body(), BATCH).await;
    let body = body.map_err(|_| Refused::bad("the batch is longer than a batch can be, or was cut off"))?;
    blocking(move || syncing::batch(&port.hub, &kiosk, &body)).await
}

async fn pack(State(port): State<Port>, Extension(peer): Extension<Peer>) -> Answer {
    blocking(move || {
        paired(&port.hub, &peer)?;
        let pack =
            port.hub.store.newest_pack()?.ok_or_else(|| Refused::nothing("no pack is published yet"))?;
        Ok(pack.1)
    })
    .await
}

async fn roster(State(port): State<Port>, Extension(peer): Extension<Peer>) -> Answer {
    blocking(move || {
        paired(&port.hub, &peer)?;
        let none = || Refused::nothing("no list of people is imported yet");
        Ok(port.hub.store.newest_roster()?.ok_or_else(none)?.1)
    })
    .await
}

async fn answers(State(port): State<Port>, Extension(peer): Extension<Peer>) -> Answer {
    blocking(move || {
        paired(&port.hub, &peer)?;
        let none = || Refused::nothing("this school answers nothing at kiosks");
        let sheet = port.hub.answer_sheet()?.ok_or_else(none)?;
        Ok(codec::encode(&sheet))
    })
    .await
}

/// The kiosk at the other end: its TLS key is one that was pinned, and it was not struck off.
fn paired(hub: &Hub, peer: &Peer) -> Result<Kiosk, Refused> {
    let kiosk = match &peer.key {
        Some(key) => hub.store.kiosk_with_key(key)?,
        None => None,
    };
    match kiosk {
        None => Err(Refused::not_paired()),
        Some(kiosk) if kiosk.struck_off.is_some() => Err(Refused::struck_off()),
        Some(kiosk) => Ok(kiosk),
    }
}

/// The database waits for its disk: never on a thread that serves others.
async fn blocking(work: impl FnOnce() -> Result<Vec<u8>, Refused> + Send + 'static) -> Answer {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::failed())?.map(answer::Good)
}
