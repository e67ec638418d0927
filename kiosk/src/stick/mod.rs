//! A USB stick, where there is no network: what waits goes onto it whole, and what the hub answers comes back by it.
//!
//! 1. [`mounted`]: where this system shows a stick. The one part of it that another system would need anew.
//! 2. [`mod@file`]: onto the stick and read back, or not at all; and what is on it for this kiosk.
//! 3. [`exchange`]: what goes onto it, and what an answer does here.
//!
//! The storage thread packs and takes; a thread of its own waits for the stick, which may be slow, or pulled out.

mod exchange;
mod file;
mod mounted;

use std::{io, path::PathBuf};

use records::{container::ContainerError, stick::StickError};

use crate::{
    folder::FolderError,
    machine::{Event, StickTold, StickTrouble, StickWay},
    outbox::OutboxError,
    report_box::BoxFault,
    storage::{Storage, StorageGone, Store},
};

pub use exchange::{BroughtBack, Packed, pack_up, take_back};
pub use mounted::find;

/// Where sticks are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Where {
    /// The folder that the technician named; else where this system shows what is plugged in.
    pub named: Option<PathBuf>,
}

/// Why a stick did not do.
#[derive(Debug, thiserror::Error)]
pub enum StickFault {
    /// There is none.
    #[error(
        "there is no stick in this computer, or it is not shown yet. Plug one in, wait a moment, and try again"
    )]
    NoStick,
    /// There are several, and none of them is known from before.
    #[error("there are {0} sticks in this computer: leave one in, and try again")]
    Several(usize),
    /// It has too little room.
    #[error(
        "the stick has too little room: {needed} more bytes are needed. Delete something on it, or take another"
    )]
    Full {
        /// How many bytes would have been needed.
        needed: u64,
    },
    /// It cannot be written.
    #[error("the stick can be read, but not written ({0}). Look for a small switch on it, or take another")]
    ReadOnly(io::Error),
    /// It is gone.
    #[error("the stick was pulled out, or does not answer any more ({0}). Plug it in and try again")]
    Gone(io::Error),
    /// It gives back something else than was written.
    #[error("what was written reads back as something else: this stick is not good any more. Take another")]
    Differs,
    /// There is nothing on it for this kiosk.
    #[error("there is no file for this kiosk on the stick. Take the stick to the office first")]
    NothingForUs,
    /// What is on it for this kiosk was taken before, or something newer.
    #[error("what is on the stick for this kiosk was brought back before ({0})")]
    TakenBefore(ContainerError),
    /// What is on it for this kiosk is damaged, or not from its hub.
    #[error(
        "the file on the stick was not taken: {0}. Nothing was changed. Have the office save it once more"
    )]
    Refused(StickError),
    /// A pack or roster in it.
    #[error(
        "the file on the stick was not taken: {0}. Nothing was changed. Have the office save it once more"
    )]
    Contents(FolderError),
    /// The hub has struck this kiosk off.
    #[error("the hub has struck this kiosk off and takes nothing of it. Ask the office")]
    StruckOff,
    /// This kiosk has no hub.
    #[error("this kiosk is not paired with a hub yet")]
    NotPaired,
    /// Anything else that the stick's file system says.
    #[error("the stick failed: {0}. Try another")]
    Stick(io::Error),
    /// This kiosk's own disk.
    #[error(transparent)]
    Disk(#[from] OutboxError),
    /// The report box.
    #[error(transparent)]
    Box(#[from] BoxFault),
    /// The storage thread.
    #[error(transparent)]
    Storage(#[from] StorageGone),
}

impl From<FolderError> for StickFault {
    fn from(error: FolderError) -> Self {
        Self::Disk(error.into())
    }
}

impl StickFault {
    /// What a screen says of it.
    pub const fn trouble(&self) -> StickTrouble {
        match self {
            Self::NoStick => StickTrouble::NoStick,
            Self::Several(_) => StickTrouble::Several,
            Self::Full { .. } => StickTrouble::Full,
            Self::ReadOnly(_) => StickTrouble::ReadOnly,
            Self::Gone(_) => StickTrouble::Gone,
            Self::Differs | Self::Stick(_) => StickTrouble::Bad,
            Self::NothingForUs => StickTrouble::NothingForUs,
            Self::TakenBefore(_) => StickTrouble::TakenBefore,
            Self::Refused(_) | Self::Contents(_) => StickTrouble::Refused,
            Self::StruckOff => StickTrouble::StruckOff,
            Self::NotPaired => StickTrouble::NotPaired,
            Self::Disk(_) | Self::Box(_) | Self::Storage(_) => StickTrouble::Disk,
        }
    }
}

/// Packs all that waits and puts it onto the stick. Not for the painting thread.
///
/// # Errors
/// [`StickFault`]: then nothing of it is on the stick that could be taken for whole. Nothing leaves the kiosk either way.
pub fn take_out(storage: &Storage, place: &Where) -> Result<Packed, StickFault> {
    // First of all: where there is no stick nothing is closed and nothing numbered.
    let stick = storage.ask({
        let place = place.clone();
        move |store| find(&place, store.folder().root())
    })??;
    let packed = storage.ask(pack_up)??;
    file::put(&stick, &packed.name, &packed.bytes)?;
    let taken = packed.made;
    // The note is for the panel alone.
    let _ = storage.ask(move |store| store.outbox().set_note("last-stick", &taken.0.to_be_bytes()));
    Ok(packed)
}

/// Reads what is on the stick for this kiosk, and takes it. Not for the painting thread.
///
/// # Errors
/// [`StickFault`]: then nothing was changed.
pub fn bring_back(storage: &Storage, place: &Where) -> Result<BroughtBack, StickFault> {
    let (stick, device) = storage.ask({
        let place = place.clone();
        move |store| find(&place, store.folder().root()).map(|stick| (stick, store.device().id()))
    })??;
    let bytes = file::newest_for(&stick, device)?;
    storage.ask(move |store: &mut Store| take_back(store, &bytes))?
}

/// Does either, and says what the screens are to know of it. Not for the painting thread.
pub(crate) fn go(
    storage: &Storage,
    place: &Where,
    way: StickWay,
) -> (Vec<Event>, Result<StickTold, StickTrouble>) {
    let trouble = |fault: StickFault| fault.trouble();
    match way {
        StickWay::Out => {
            let written = take_out(storage, place)
                .map(|packed| StickTold::Written { records: packed.records, boxes: packed.boxes });
            (Vec::new(), written.map_err(trouble))
        }
        StickWay::Back => match bring_back(storage, place) {
            Ok(brought) => {
                let told = brought.told();
                (brought.events, Ok(told))
            }
            Err(fault) => (Vec::new(), Err(trouble(fault))),
        },
    }
}
