//! Judging a delivered batch before anything is written: pure, and outside any transaction.

use records::{
    envelope::{EnvelopeError, NamedEnvelope, NamedRecord},
    ids::RecordId,
    keys::OpeningKey,
    sync::{Batch, Place},
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

/// Opens every envelope of a batch.
pub fn judge(batch: Batch, office: &OpeningKey) -> Vec<Received> {
    let one = |numbered: records::sync::Numbered| {
        let bytes = Vec::from(numbered.envelope);
        let contents = contents(&bytes, office);
        Received { place: numbered.place, bytes, contents }
    };
    batch.records.into_iter().map(one).collect()
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
