//! The hub's side of a USB stick: what a kiosk's file brings goes the same way as what comes by wire ([`delivery`]),
//! and what would have been answered by wire goes back in a file for that kiosk. [`folder`]: on a mounted stick itself.

pub mod folder;

use records::{
    digest::Digest,
    ids::DeviceId,
    keys::KeyError,
    report_box::BoxError,
    stick::{self, Carry, Return, StickError, Way},
    sync::SyncToken,
};

use crate::{
    delivery::{self, BOXES_BY_STICK},
    hub::Hub,
    log, random,
    store::{
        StoreError,
        audit::Actor,
        kiosks::Kiosk,
        sticks::{Came, Settled},
    },
};

/// The longest file of a kiosk that is read.
pub const CARRY_MAX: usize = 128 * 1024 * 1024;

/// Why a kiosk's file was refused. Nothing of it was taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// Damaged, or not what it should be.
    #[error(transparent)]
    File(#[from] StickError),
    /// From a kiosk that this hub does not know.
    #[error(
        "this file is from a kiosk that is not paired with this hub. Pair the kiosk first; what it keeps stays in it"
    )]
    NotPaired,
    /// A report box in it.
    #[error("this file is damaged: {0}")]
    Box(#[from] BoxError),
    /// The store failed: what was taken so far is there once, and the file may be read again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why there is no file for a kiosk.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    /// No file of this kiosk was read yet, so there is nothing to answer.
    #[error("nothing of this kiosk came by stick yet. Take its file first")]
    NothingCame,
    /// There is no such kiosk.
    #[error("there is no such kiosk")]
    NoKiosk,
    /// What the kiosk named to seal its roster for is no key.
    #[error("the list of people cannot be closed for this kiosk: {0}")]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was read of one file.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The kiosk.
    pub kiosk: Kiosk,
    /// What came.
    pub came: Came,
}

/// A file for a kiosk.
#[derive(Debug)]
pub struct Given {
    /// What it is called.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Of several files in the order in which they are to be read: of each kiosk the newest last, which is then answered.
pub fn in_order(files: &mut [(String, Vec<u8>)]) {
    let number = |bytes: &[u8]| Carry::claimed_number(bytes).unwrap_or(0);
    files.sort_by_key(|(_, bytes)| number(bytes));
}

/// Takes a kiosk's file: whole, or not at all. The same file again changes nothing but what is answered.
///
/// # Errors
/// [`TakeError`].
pub fn take(hub: &Hub, bytes: &[u8], actor: Actor) -> Result<Taken, TakeError> {
    let device = Carry::claims(bytes)?;
    let Some(kiosk) = hub.store.kiosks()?.into_iter().find(|kiosk| kiosk.device == device) else {
        return Err(TakeError::NotPaired);
    };
    let carry = Carry::open(bytes, device, &kiosk.key, hub.identity().school)?;
    // All that could be wrong is looked at before anything is stored.
    let boxes = carry.boxes.iter().map(|sealed| delivery::open_box(hub, &kiosk, sealed));
    let boxes: Vec<_> = boxes.collect::<Result<_, _>>()?;
    let mut settled = Settled::default();
    // From a kiosk that was struck off nothing is taken, by whatever way; it is told.
    if kiosk.struck_off.is_none() {
        for batch in &carry.batches {
            settled.outcomes.extend(delivery::take_batch(hub, &kiosk, batch)?);
        }
        for opened in boxes {
            match delivery::take_box(hub, &kiosk, opened, BOXES_BY_STICK)? {
                Some(id) => settled.boxes.push(id),
                None => settled.boxes_later += 1,
            }
        }
    }
    let came = hub.store.note_carry(&carry, Digest::of(bytes), settled, actor, hub.now())?;
    log::line(&format!("kiosk {device} file {} read from a stick", carry.number));
    Ok(Taken { kiosk, came })
}

/// Makes the file that is to go back to a kiosk: what became of what it brought, and what is newer than it has.
///
/// # Errors
/// [`GiveError`].
pub fn give(hub: &Hub, device: DeviceId, actor: Actor) -> Result<Given, GiveError> {
    let kiosk = hub.store.kiosks()?.into_iter().find(|kiosk| kiosk.device == device);
    let kiosk = kiosk.ok_or(GiveError::NoKiosk)?;
    let exchange = hub.store.stick_exchanges()?.into_iter().find(|exchange| exchange.device == device);
    let exchange = exchange.ok_or(GiveError::NothingCame)?;
    let now = hub.now();
    let (mut pack, mut roster, mut children) = (None, None, None);
    if kiosk.struck_off.is_none() {
        if hub.pack_for_greeting(now)? > exchange.pack {
            pack = hub.store.newest_pack()?.map(|(_, bytes)| bytes);
        }
        if hub.roster_for_greeting()? > exchange.roster {
            roster = hub.store.newest_roster()?.map(|(_, bytes)| bytes);
        }
        children = hub.answer_sheet()?;
    }
    let made = hub.store.make_return(device, SyncToken(random::bytes()), actor, hub.now())?;
    let (number, answer) = made.ok_or(GiveError::NothingCame)?;
    let going_back = Return { number, made: now, answer, pack, roster, children };
    let bytes = hub.sign_return(&going_back, &exchange.seal)?;
    Ok(Given { name: stick::file_name(Way::ToKiosk, &kiosk.name, device), bytes })
}
