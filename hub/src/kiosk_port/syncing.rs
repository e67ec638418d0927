//! Greeting and batches.

use records::{
    codec,
    sync::{BatchReply, Hello, HelloReply, SignedBatch, SyncToken},
};

use super::answer::Refused;
use crate::{delivery, hub::Hub, log, random, store::kiosks::Kiosk};

pub(super) fn hello(hub: &Hub, kiosk: &Kiosk, hello: &Hello) -> Result<Vec<u8>, Refused> {
    if hello.device != kiosk.device {
        return Err(Refused::not_paired());
    }
    let now = hub.now();
    let agreed = hub.store.greet(hello, SyncToken(random::bytes()), now)?;
    if agreed.epoch != hello.epoch {
        log::line(&format!("kiosk {} is to begin epoch {}", kiosk.device, agreed.epoch));
    }
    Ok(codec::encode(&HelloReply {
        token: agreed.token,
        epoch: agreed.epoch,
        pack: hub.pack_for_greeting(now)?,
        roster: hub.roster_for_greeting()?,
        backed_up: hub.store.backed_up(kiosk.device)?,
        clock: now,
    }))
}

pub(super) fn batch(hub: &Hub, kiosk: &Kiosk, body: &[u8]) -> Result<Vec<u8>, Refused> {
    let signed: SignedBatch = codec::decode(body).map_err(|e| Refused::bad(e.to_string()))?;
    let batch = signed.open(kiosk.device, &kiosk.key).map_err(|e| Refused::bad(e.to_string()))?;
    let outcomes = delivery::take_batch(hub, kiosk, &batch)?;
    Ok(codec::encode(&BatchReply { outcomes }))
}
