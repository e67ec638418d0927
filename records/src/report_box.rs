//! The report box as it lies on a kiosk's disk and goes to the hub: sixteen envelopes in an outer layer.
//!
//! ```text
//! magic 8 | form u16 | box id 16 | slot 2096 | … sixteen in all …            = 33562 bytes
//! slot: a report envelope (2048) sealed by HPKE to the hub's office key (48)
//! then, in boxes of kiosks that count: the [tally](crate::tally) (2048), sealed in the same way (48)  = 35658 bytes
//! ```
//! Each slot's associated data names the kiosk, the box and the slot. Every writing seals every slot anew,
//! so no two writings of a box can be compared; which envelope is a report, only its two roles can tell.

use minicbor::{Decode, Encode, bytes::ByteVec};
use rand_core::CryptoRng;

use crate::{
    codec::{self, DecodeError},
    ids::{BoxId, DeviceId},
    keys::{KeyError, OpeningKey, SEAL_OVERHEAD, SealKey, SigningKey, VerifyKey},
    report::Route,
    report_envelope::{self, ENVELOPE_SIZE},
    tally::{TALLY_SIZE, Tally},
};

/// The routes of a box's slots, in order. The same in every box of every kiosk.
pub const SLOTS: [Route; 16] = {
    use Route::{AboutGrownUp as G, AboutHeadteacher as H, Safeguarding as S};
    [S, S, S, S, S, S, S, S, S, S, G, G, G, G, H, H]
};
const MAGIC: &[u8; 8] = b"SGNPRBOX";
const FORM: u16 = 1;
const HEAD: usize = 8 + 2 + 16;
const SEALED: usize = ENVELOPE_SIZE + SEAL_OVERHEAD;
/// The size of every box that has no tally, in bytes.
pub const BOX_SIZE: usize = HEAD + SLOTS.len() * SEALED;
/// The size of every box with a tally, in bytes: kiosks write no other.
pub const COUNTING_BOX_SIZE: usize = BOX_SIZE + TALLY_SIZE + SEAL_OVERHEAD;
const OUTER: &str = "signpost report box 1";
const COUNTS: &str = "signpost report box tally 1";
const DELIVERY: &str = "signpost report box delivery 1";

/// Why a box was refused, whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoxError {
    /// Not a box of this size and form.
    #[error("this is not a report box that I know")]
    NotOne,
    /// Changed, of another kiosk, or for another hub.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A slot holds an envelope for another route.
    #[error("an envelope of this report box is not of its slot's route")]
    OtherRoute,
    /// The delivery is not understood.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// More counts than a box holds.
    #[error("these counts are more than a report box holds")]
    TooManyCounts,
    /// It names another kiosk than the one whose key signed it.
    #[error("this report box names another kiosk than the one that signed it")]
    OtherDevice,
}

/// An envelope, sealed to its roles.
pub type Envelope = Box<[u8; ENVELOPE_SIZE]>;

/// Seals a box's envelopes in a fresh outer layer.
///
/// # Errors
/// [`KeyError::NotAKey`] if the hub's key is none.
pub fn seal(
    id: BoxId,
    device: DeviceId,
    envelopes: &[Envelope; SLOTS.len()],
    hub: &SealKey,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, KeyError> {
    let mut bytes = Vec::with_capacity(BOX_SIZE);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORM.to_be_bytes());
    bytes.extend_from_slice(id.as_bytes());
    for (slot, envelope) in envelopes.iter().enumerate() {
        bytes.extend_from_slice(&hub.seal(OUTER, &header(id, device, slot), &envelope[..], random)?);
    }
    Ok(bytes)
}

/// Seals a box's envelopes and its counts in a fresh outer layer. It is always of the same size.
///
/// # Errors
/// [`BoxError::TooManyCounts`], or the hub's key is none.
pub fn seal_with_tally(
    id: BoxId,
    device: DeviceId,
    envelopes: &[Envelope; SLOTS.len()],
    tally: &Tally,
    hub: &SealKey,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, BoxError> {
    let counts = tally.padded().ok_or(BoxError::TooManyCounts)?;
    let mut bytes = seal(id, device, envelopes, hub, random)?;
    bytes.extend_from_slice(&hub.seal(COUNTS, &header(id, device, SLOTS.len()), &counts, random)?);
    Ok(bytes)
}

/// The counts of a box of this kiosk; none where it was made by a program that counted nothing.
///
/// # Errors
/// [`BoxError`]. The envelopes can be opened all the same: reports are not lost for a count.
pub fn open_tally(bytes: &[u8], device: DeviceId, hub: &OpeningKey) -> Result<Option<Tally>, BoxError> {
    let id = id(bytes)?;
    if bytes.len() == BOX_SIZE {
        return Ok(None);
    }
    let counts = hub.open(COUNTS, &header(id, device, SLOTS.len()), &bytes[BOX_SIZE..])?;
    Ok(Some(Tally::from_padded(&counts)?))
}

/// The id of a box, which everyone may see.
///
/// # Errors
/// [`BoxError::NotOne`].
pub fn id(bytes: &[u8]) -> Result<BoxId, BoxError> {
    let head: &[u8; HEAD] = bytes.first_chunk().ok_or(BoxError::NotOne)?;
    let (kind, id) = head.split_last_chunk::<16>().ok_or(BoxError::NotOne)?;
    if ![BOX_SIZE, COUNTING_BOX_SIZE].contains(&bytes.len())
        || kind[..8] != *MAGIC
        || kind[8..] != FORM.to_be_bytes()
    {
        return Err(BoxError::NotOne);
    }
    Ok(BoxId::from_bytes(*id))
}

/// Takes the outer layer off a box of this kiosk. The envelopes stay sealed.
///
/// # Errors
/// [`BoxError`]; nothing of a refused box is given out.
pub fn open(bytes: &[u8], device: DeviceId, hub: &OpeningKey) -> Result<Vec<Envelope>, BoxError> {
    let id = id(bytes)?;
    let mut envelopes = Vec::with_capacity(SLOTS.len());
    for (slot, sealed) in bytes[HEAD..BOX_SIZE].chunks_exact(SEALED).enumerate() {
        let text = hub.open(OUTER, &header(id, device, slot), sealed)?;
        let envelope: Envelope = Box::new(*text.first_chunk().ok_or(BoxError::NotOne)?);
        if report_envelope::route(&envelope[..]) != Ok(SLOTS[slot]) {
            return Err(BoxError::OtherRoute);
        }
        envelopes.push(envelope);
    }
    Ok(envelopes)
}

fn header(id: BoxId, device: DeviceId, slot: usize) -> Vec<u8> {
    [&device.as_bytes()[..], id.as_bytes(), &[u8::try_from(slot).unwrap_or(u8::MAX)]].concat()
}

#[derive(Encode, Decode)]
struct Delivery {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    sealed: ByteVec,
    // Apart, so that a hub which knows of no counts takes the reports all the same.
    #[n(2)]
    counts: Option<ByteVec>,
}

/// A closed box as its kiosk signed it: the same bytes however often it is sent, by wire and by stick.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedBox {
    #[n(0)]
    delivery: ByteVec,
    #[cbor(n(1), with = "minicbor::bytes")]
    signature: [u8; 64],
}

impl SignedBox {
    /// Signs a closed box.
    pub fn sign(device: DeviceId, mut sealed: Vec<u8>, key: &SigningKey) -> Self {
        let counts = sealed.split_off(sealed.len().min(BOX_SIZE));
        let counts = (!counts.is_empty()).then(|| counts.into());
        let delivery = codec::encode(&Delivery { device, sealed: sealed.into(), counts });
        let signature = key.sign(DELIVERY, &delivery);
        Self { delivery: delivery.into(), signature }
    }
    /// The box's bytes, if the kiosk with this id and key signed them.
    ///
    /// # Errors
    /// [`BoxError`].
    pub fn open(&self, device: DeviceId, key: &VerifyKey) -> Result<Vec<u8>, BoxError> {
        key.verify(DELIVERY, &self.delivery, &self.signature)?;
        let delivery: Delivery = codec::decode(&self.delivery)?;
        if delivery.device != device {
            return Err(BoxError::OtherDevice);
        }
        let mut sealed: Vec<u8> = delivery.sealed.into();
        sealed.extend(delivery.counts.iter().flat_map(|counts| counts.iter()));
        Ok(sealed)
    }
}

/// The answer to a box: it is stored, and on the disk. The same again gets the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct BoxReply {
    /// Which.
    #[n(0)]
    pub id: BoxId,
}
