//! Report boxes, as they come by wire.

use records::{
    codec,
    report_box::{BoxError, BoxReply, SignedBox},
};

use super::answer::Refused;
use crate::{
    delivery::{self, BOXES_BY_WIRE},
    hub::Hub,
    store::kiosks::Kiosk,
};

pub(super) fn take(hub: &Hub, kiosk: &Kiosk, signed: &SignedBox) -> Result<Vec<u8>, Refused> {
    let bad = |error: BoxError| Refused::bad(error.to_string());
    let sealed = signed.open(kiosk.device, &kiosk.key).map_err(bad)?;
    let opened = delivery::open_box(hub, kiosk, &sealed).map_err(bad)?;
    match delivery::take_box(hub, kiosk, opened, BOXES_BY_WIRE)? {
        Some(id) => Ok(codec::encode(&BoxReply { id })),
        None => Err(Refused::later("this kiosk has brought too many report boxes today; try again later")),
    }
}
