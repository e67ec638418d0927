//! Report boxes: the outer layer is taken off, and what is in it is stored unread.

use records::{
    codec,
    report_box::{self, BoxReply, SLOTS, SignedBox},
};

use super::answer::Refused;
use crate::{
    hub::Hub,
    store::{kiosks::Kiosk, reports::Taken},
};

pub(super) fn take(hub: &Hub, kiosk: &Kiosk, signed: &SignedBox) -> Result<Vec<u8>, Refused> {
    let bad = |error: &dyn std::fmt::Display| Refused::bad(error.to_string());
    let sealed = signed.open(kiosk.device, &kiosk.key).map_err(|e| bad(&e))?;
    let id = report_box::id(&sealed).map_err(|e| bad(&e))?;
    let envelopes = report_box::open(&sealed, kiosk.device, hub.office()).map_err(|e| bad(&e))?;
    let envelopes: Vec<_> = SLOTS.into_iter().zip(envelopes).collect();
    match hub.store.take_box(kiosk.device, id, &envelopes, hub.now())? {
        Taken::Held => Ok(codec::encode(&BoxReply { id })),
        Taken::TooMany => {
            Err(Refused::later("this kiosk has brought too many report boxes today; try again later"))
        }
    }
}
