//! What goes onto a stick, and what the hub's answer does here.

use std::sync::Arc;

use records::{
    container::ContainerError,
    day::Moment,
    pack::Pack,
    roster::Roster,
    stick::{self, Carry, Greeting, Return, StickError, Way},
    sync::{BATCH_MAX, Batch, Hello},
};

use super::StickFault;
use crate::{
    folder::FolderError,
    machine::{Event, Millis, StickTold},
    outbox::TakenAnswer,
    storage::{Store, wall_clock},
};

/// A file for the stick.
#[derive(Debug)]
pub struct Packed {
    /// What it is called.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// When.
    pub made: Moment,
    /// How many records of it the hub has not acknowledged.
    pub records: u64,
    /// How many report boxes, as many as the clock made.
    pub boxes: u64,
}

/// Packs all that this kiosk keeps. The report box is closed first, whatever is in it, so that nothing told before now
/// waits for the next stick: that somebody takes a stick is seen by that, and no more.
///
/// # Errors
/// [`StickFault`].
pub fn pack_up(store: &mut Store) -> Result<Packed, StickFault> {
    let hub = store.paired().ok_or(StickFault::NotPaired)?.hub.clone();
    store.close_reports()?;
    let (device, made) = (store.device().clone(), wall_clock());
    let number = store.next_carry()?;
    let (pack, roster) = store.held();
    let counts = store.outbox().counts()?;
    let hello = Hello {
        device: device.id(),
        epoch: counts.epoch,
        token: store.outbox().token()?,
        pack,
        roster,
        waiting: counts.waiting,
        last_sequence: counts.last_sequence,
        clock: made,
        free: store.room(),
    };
    let seal = store.stick_key()?.seal_key();
    let greeting = Greeting { hello, taken: store.last_return()?.unwrap_or(0), seal };
    let records = store.outbox().all_kept()?;
    let batches = records.chunks(BATCH_MAX).map(|part| Batch { device: device.id(), records: part.to_vec() });
    let boxes = store.closed_boxes()?;
    let carry = Carry { number, made, greeting, batches: batches.collect(), boxes };
    Ok(Packed {
        name: stick::file_name(Way::FromKiosk, device.name(), device.id()),
        bytes: carry.sign(hub.school, &device.signing_key()),
        made,
        records: counts.waiting,
        boxes: carry.boxes.len() as u64,
    })
}

/// What an answer brought.
#[derive(Debug, Default)]
pub struct BroughtBack {
    /// What it did to the outbox; none where the hub has said the same by wire since.
    pub records: Option<TakenAnswer>,
    /// Report boxes that the hub has, and that were let go here.
    pub boxes: u64,
    /// The number of a pack that was taken.
    pub pack: Option<u64>,
    /// The number of a roster that was taken.
    pub roster: Option<u64>,
    /// What the screens are to know of it.
    pub events: Vec<Event>,
}

impl BroughtBack {
    pub(super) fn told(&self) -> StickTold {
        StickTold::Brought {
            acknowledged: self.records.unwrap_or_default().acknowledged,
            pack: self.pack.is_some(),
            people: self.roster.is_some(),
        }
    }
}

/// Takes what the hub has put on a stick for this kiosk: all of it, or nothing. A newer pack or list of people is shown
/// from the next start screen on.
///
/// # Errors
/// [`StickFault`]: then nothing was changed.
pub fn take_back(store: &mut Store, bytes: &[u8]) -> Result<BroughtBack, StickFault> {
    let hub = store.paired().ok_or(StickFault::NotPaired)?.hub.clone();
    let device = store.device().id();
    let key = store.stick_key()?;
    let taken = store.last_return()?;
    let back = Return::open(bytes, device, &hub.key, hub.school, &key, taken).map_err(|why| match why {
        StickError::File(old @ ContainerError::NotNewer { .. }) => StickFault::TakenBefore(old),
        other => StickFault::Refused(other),
    })?;
    if back.answer.struck_off {
        store.note_problem(&StickFault::StruckOff.to_string())?;
        return Err(StickFault::StruckOff);
    }
    // All that could be wrong is looked at before anything is changed.
    let wrong = |why: ContainerError| StickFault::Contents(FolderError::Refused(why));
    let (held_pack, held_roster) = store.held();
    let pack = match &back.pack {
        Some(bytes) => {
            let pack = Pack::open(bytes, &hub.key, None).map_err(wrong)?;
            (Some(pack.number) > held_pack).then_some(bytes)
        }
        None => None,
    };
    let roster = match &back.roster {
        Some(bytes) => {
            let roster = Roster::open(bytes, &hub.key, None).map_err(wrong)?;
            (Some(roster.number) > held_roster).then_some(bytes)
        }
        None => None,
    };
    let mut brought = BroughtBack::default();
    if let Some(sheet) = back.children.clone() {
        let age = wall_clock().0.saturating_sub(back.made.0);
        let age = Millis::try_from(age).unwrap_or(0).saturating_mul(1000);
        brought.events.push(Event::AnswersCarried { sheet: Arc::new(sheet), age });
    }
    if let Some(bytes) = pack {
        let content = store.take_pack(bytes)?;
        brought.pack = Some(content.number);
        brought.events.push(Event::Pack(Arc::new(content)));
    }
    if let Some(bytes) = roster {
        brought.events.extend(store.take_roster_for_screens(bytes)?);
        brought.roster = store.held().1;
    }
    for id in &back.answer.boxes {
        store.box_acknowledged(*id)?;
        brought.boxes += 1;
    }
    // Last: what was cut off before this is taken again from the same stick.
    brought.records = store.answered(&back.answer, back.number)?;
    Ok(brought)
}
