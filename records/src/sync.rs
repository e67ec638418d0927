//! What a kiosk and the hub say once they are paired: CBOR bodies over HTTPS with both keys pinned.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `POST /kiosk/pair` | [`crate::pairing::PairRequest`] | [`crate::pairing::PairReply`] |
//! | `POST /kiosk/hello` | [`Hello`] | [`HelloReply`] |
//! | `POST /kiosk/batch` | [`SignedBatch`] | [`BatchReply`] |
//! | `POST /kiosk/box` | [`crate::report_box::SignedBox`] | [`crate::report_box::BoxReply`] |
//! | `GET /kiosk/pack` | | a signed [`crate::pack::Pack`] |
//! | `GET /kiosk/roster` | | a signed [`crate::roster::Roster`] |
//! | `GET /kiosk/answers` | | an [`crate::answer::AnswerSheet`]; a hub that has none refuses |
//!
//! A request that is refused as a whole is answered with [`Refusal`] and a status of 4xx.

use minicbor::{Decode, Encode, bytes::ByteVec};

use crate::{
    codec::{self, DecodeError},
    day::Moment,
    ids::{DeviceId, RecordId},
    keys::{KeyError, SigningKey, VerifyKey},
};

/// The most records in a batch.
pub const BATCH_MAX: usize = 500;
/// The content type of all bodies.
pub const CONTENT_TYPE: &str = "application/cbor";
const BATCH_PURPOSE: &str = "signpost batch 1";

/// A token that both sides agree anew at each hello; a stale one betrays a clone or a restored backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct SyncToken(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

/// Where a record stands in what a kiosk has taken: gaps show as gaps, silence as silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Place {
    /// Rises when the hub orders it, after a clone or a restored backup.
    #[n(0)]
    pub epoch: u32,
    /// 1, 2, 3, … within an epoch.
    #[n(1)]
    pub sequence: u64,
}

/// A kiosk's greeting, which begins each sync.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// Who.
    #[n(0)]
    pub device: DeviceId,
    /// Its epoch.
    #[n(1)]
    pub epoch: u32,
    /// The token of its last sync.
    #[n(2)]
    pub token: Option<SyncToken>,
    /// The number of the pack it shows.
    #[n(3)]
    pub pack: Option<u64>,
    /// The number of its roster.
    #[n(4)]
    pub roster: Option<u64>,
    /// How many records wait.
    #[n(5)]
    pub waiting: u64,
    /// The last sequence number that it gave out in this epoch.
    #[n(6)]
    pub last_sequence: u64,
    /// Its clock.
    #[n(7)]
    pub clock: Moment,
    /// How many bytes are free where it keeps its data, in whole mebibytes; none from a kiosk that does not say so.
    #[n(8)]
    pub free: Option<u64>,
}

/// The hub's answer to a greeting.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HelloReply {
    /// The token to show next time.
    #[n(0)]
    pub token: SyncToken,
    /// The epoch to number in from now on: another than the kiosk's is an order to begin it. What
    /// waits is sent with the places it has, and so is every record that the kiosk still keeps
    /// although it was acknowledged, but for those that were set aside: the hub may have been put
    /// back from a backup that does not hold them.
    #[n(1)]
    pub epoch: u32,
    /// The newest pack.
    #[n(2)]
    pub pack: Option<u64>,
    /// The newest roster.
    #[n(3)]
    pub roster: Option<u64>,
    /// All records that the hub has acknowledged up to here, of every epoch, are in a backup that was
    /// verified: the kiosk may let them go. A record that came late with an earlier place and is not
    /// in that backup holds this back.
    #[n(4)]
    pub backed_up: Option<Place>,
    /// The hub's clock.
    #[n(5)]
    pub clock: Moment,
}

/// One envelope with its place.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Numbered {
    /// Its place.
    #[n(0)]
    pub place: Place,
    /// The frozen bytes of a [`crate::envelope::NamedEnvelope`].
    #[n(1)]
    pub envelope: ByteVec,
}

/// At most [`BATCH_MAX`] envelopes, stored in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Batch {
    /// Who sends.
    #[n(0)]
    pub device: DeviceId,
    /// What.
    #[n(1)]
    pub records: Vec<Numbered>,
}

/// A batch as its kiosk signed it: the same by wire and by stick.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedBatch {
    #[n(0)]
    batch: ByteVec,
    #[cbor(n(1), with = "minicbor::bytes")]
    signature: [u8; 64],
}

/// Why a batch was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Not signed by this kiosk.
    #[error(transparent)]
    Signature(#[from] KeyError),
    /// Not understood.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// Too many records.
    #[error("a batch of {0} records: at most {BATCH_MAX} are taken at once")]
    TooMany(usize),
    /// It names another kiosk than the one whose key signed it.
    #[error("this batch names another kiosk than the one that signed it")]
    OtherDevice,
}

impl SignedBatch {
    /// Signs a batch.
    pub fn sign(batch: &Batch, key: &SigningKey) -> Self {
        let batch = codec::encode(batch);
        let signature = key.sign(BATCH_PURPOSE, &batch);
        Self { batch: batch.into(), signature }
    }
    /// The batch, if the kiosk with this id and key signed it.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn open(&self, device: DeviceId, key: &VerifyKey) -> Result<Batch, BatchError> {
        key.verify(BATCH_PURPOSE, &self.batch, &self.signature)?;
        let batch: Batch = codec::decode(&self.batch)?;
        if batch.device != device {
            return Err(BatchError::OtherDevice);
        }
        if batch.records.len() > BATCH_MAX {
            return Err(BatchError::TooMany(batch.records.len()));
        }
        Ok(batch)
    }
}

/// What became of one record. “Sent” is not “stored”: only these words let a kiosk stop sending.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Stored now, and on the disk.
    #[n(0)]
    Stored,
    /// Stored before, the same bytes.
    #[n(1)]
    AlreadyHeld,
    /// Kept, but set aside for a person to look at: why.
    #[n(2)]
    SetAside(#[n(0)] String),
}

/// The answer to a batch: an outcome for each record, after the commit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BatchReply {
    /// In the batch's order.
    #[n(0)]
    pub outcomes: Vec<RecordOutcome>,
}

/// One record's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordOutcome {
    /// Its place.
    #[n(0)]
    pub place: Place,
    /// Its id, where the envelope could be read.
    #[n(1)]
    pub id: Option<RecordId>,
    /// What became of it.
    #[n(2)]
    pub outcome: Outcome,
}

/// Why a request was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// A word for programs.
    #[n(0)]
    pub reason: RefusalReason,
    /// A sentence for people.
    #[n(1)]
    pub message: String,
}

/// Reasons that a kiosk acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RefusalReason {
    /// The code is wrong, used, or too old.
    #[n(0)]
    WrongCode,
    /// This kiosk is not paired here, or its key is another.
    #[n(1)]
    NotPaired,
    /// This kiosk was struck off.
    #[n(2)]
    StruckOff,
    /// The request is damaged or breaks a limit.
    #[n(3)]
    BadRequest,
    /// The hub cannot store now (a full disk); try again later.
    #[n(4)]
    NotNow,
    /// There is none yet.
    #[n(5)]
    NothingThere,
}
