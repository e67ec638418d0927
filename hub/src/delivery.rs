//! What a kiosk delivers: the same rules whether it came by wire or on a stick.

use records::{
    ids::BoxId,
    report_box::{self, BoxError, Envelope, SLOTS},
    sync::{Batch, Outcome, RecordOutcome},
    tally::Tally,
};

use crate::{
    clock,
    hub::Hub,
    intake, log,
    store::{
        StoreError,
        kiosks::Kiosk,
        reports::{BOXES_A_DAY, Taken},
    },
};

/// Stores a batch that this kiosk signed, in one transaction, and tells what became of each record.
///
/// # Errors
/// [`StoreError`]: then nothing of it was stored, and it may be sent again.
pub fn take_batch(hub: &Hub, kiosk: &Kiosk, batch: &Batch) -> Result<Vec<RecordOutcome>, StoreError> {
    let received = intake::judge(batch, hub.office());
    let outcomes = hub.store.take_batch(kiosk.device, &received, hub.now())?;
    let stored = outcomes.iter().filter(|o| o.outcome == Outcome::Stored).count();
    let aside = outcomes.iter().filter(|o| matches!(o.outcome, Outcome::SetAside(_))).count();
    log::line(&format!(
        "kiosk {} batch of {}: {stored} stored, {aside} set aside",
        kiosk.device,
        outcomes.len()
    ));
    Ok(outcomes)
}

/// A report box without its outer layer: what is in it stays sealed.
#[derive(Debug)]
pub struct OpenedBox {
    id: BoxId,
    envelopes: Vec<Envelope>,
    tally: Option<Tally>,
}

/// Takes the outer layer off a box that this kiosk signed.
///
/// # Errors
/// [`BoxError`]: it is damaged, of another kiosk, or has an envelope of another route in a slot.
pub fn open_box(hub: &Hub, kiosk: &Kiosk, sealed: &[u8]) -> Result<OpenedBox, BoxError> {
    let id = report_box::id(sealed)?;
    let envelopes = report_box::open(sealed, kiosk.device, hub.office())?;
    let tally = report_box::open_tally(sealed, kiosk.device, hub.office()).unwrap_or_else(|_| {
        // Counts may be lost, reports may not.
        log::line(&format!(
            "kiosk {}: the counts of a report box cannot be read; its envelopes were taken",
            kiosk.device
        ));
        None
    });
    Ok(OpenedBox { id, envelopes, tally })
}

/// Stores a box's envelopes, unread, and counts what it counts on the day on which it came: a kiosk's clock may be wrong,
/// and a day that is over shall not change any more. `None` where the kiosk has brought as many as it may, `most` within a day: then it
/// keeps the box and brings it later.
///
/// # Errors
/// [`StoreError`]: then nothing of it was stored.
pub fn take_box(hub: &Hub, kiosk: &Kiosk, opened: OpenedBox, most: i64) -> Result<Option<BoxId>, StoreError> {
    let envelopes: Vec<_> = SLOTS.into_iter().zip(opened.envelopes).collect();
    let now = hub.now();
    let day = clock::day(now, &hub.zone()?);
    let counts = opened.tally.as_ref().map(|tally| (tally, day));
    match hub.store.take_box(kiosk.device, opened.id, &envelopes, counts, most, now)? {
        Taken::Held => Ok(Some(opened.id)),
        Taken::TooMany => Ok(None),
    }
}

/// By wire a kiosk brings its boxes on the day on which they were closed.
pub const BOXES_BY_WIRE: i64 = BOXES_A_DAY;
/// On a stick it brings those of a whole summer at once: three a day for 100 days, and as many starts.
pub const BOXES_BY_STICK: i64 = 4 * BOXES_A_DAY;
