//! Judging a delivered batch before anything is written: pure, and outside any transaction.

use std::{panic, thread};

use records::{
    envelope::{EnvelopeError, NamedEnvelope, NamedRecord},
    ids::RecordId,
    keys::OpeningKey,
    sync::{Batch, Numbered, Place},
};

/// What an envelope turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// Opened.
    Record(Box<NamedRecord>),
    /// Of a newer schema: kept sealed until this program is updated.
    Newer(RecordId),
    /// Cannot be read, or cannot be opened: with its id where that could be read, and why.
    Unusable(Option<RecordId>, String),
}

impl Contents {
    /// The record's id, where it could be read.
    pub fn id(&self) -> Option<RecordId> {
        match self {
            Self::Record(record) => Some(record.id()),
            Self::Newer(id) => Some(*id),
            Self::Unusable(id, _) => *id,
        }
    }
}

/// One delivered record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Where it stands in what its kiosk took.
    pub place: Place,
    /// The envelope, byte for byte.
    pub bytes: Vec<u8>,
    /// What it is.
    pub contents: Contents,
}

/// So many envelopes are worth a thread of their own: beginning one costs less than opening a few.
const WORTH_A_THREAD: usize = 50;

/// Opens every envelope of a batch, on as many processors as there are: it is most of what a batch costs.
pub fn judge(batch: &Batch, office: &OpeningKey) -> Vec<Received> {
    let one = |numbered: &Numbered| {
        let bytes = numbered.envelope.to_vec();
        let contents = contents(&bytes, office);
        Received { place: numbered.place, bytes, contents }
    };
    let all = &batch.records;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = all.len().div_ceil(threads).max(WORTH_A_THREAD);
    thread::scope(|scope| {
        let mut shares = all.chunks(share);
        let mine = shares.next().unwrap_or_default();
        let others: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(one).collect::<Vec<_>>())).collect();
        let mut judged: Vec<Received> = mine.iter().map(one).collect();
        for other in others {
            judged.append(&mut other.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        }
        judged
    })
}

/// Opens one envelope.
pub fn contents(bytes: &[u8], office: &OpeningKey) -> Contents {
    let envelope = match NamedEnvelope::from_bytes(bytes) {
        Ok(envelope) => envelope,
        Err(error) => return Contents::Unusable(None, error.to_string()),
    };
    match envelope.open(office) {
        Ok(record) => Contents::Record(Box::new(record)),
        Err(EnvelopeError::NewerSchema(_)) => Contents::Newer(envelope.id),
        Err(error) => Contents::Unusable(Some(envelope.id), error.to_string()),
    }
}
