//! The envelope of a named record: sealed to the office key the moment the record is made.

use minicbor::{Decode, Encode, bytes::ByteVec};
use rand_core::CryptoRng;

use crate::{
    codec::{self, DecodeError},
    consent::ConsentDecision,
    ids::RecordId,
    keys::{KeyError, OpeningKey, SealKey},
    signature::{Signature, Undo},
    visitor::VisitorSignature,
};

/// The newest schema of records that this program opens. Each record is written in the oldest that has it
/// ([`NamedRecord::schema`]), so that a hub that is not updated yet goes on opening all it knows.
pub const SCHEMA: u16 = 2;
const PURPOSE: &str = "signpost named record 1";

/// What the named lane carries.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum NamedRecord {
    /// Somebody signed.
    #[n(0)]
    Signature(#[n(0)] Signature),
    /// A signature is withdrawn.
    #[n(1)]
    Undo(#[n(0)] Undo),
    /// Somebody with parental responsibility decided.
    #[n(2)]
    Consent(#[n(0)] ConsentDecision),
    /// Somebody who is on no list signed.
    #[n(3)]
    Visitor(#[n(0)] VisitorSignature),
}

impl NamedRecord {
    /// The record's id.
    pub const fn id(&self) -> RecordId {
        match self {
            Self::Signature(r) => r.id,
            Self::Undo(r) => r.id,
            Self::Consent(r) => r.id,
            Self::Visitor(r) => r.id,
        }
    }
    /// The oldest schema that has records of this kind.
    pub const fn schema(&self) -> u16 {
        match self {
            Self::Signature(_) | Self::Undo(_) | Self::Consent(_) => 1,
            Self::Visitor(_) => 2,
        }
    }
}

/// Why an envelope was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Written by a newer program: it is kept sealed until this one is updated.
    #[error("this record is of a newer form ({0}) than I know ({SCHEMA}); it is kept as it is")]
    NewerSchema(u16),
    /// Changed, or sealed for another key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Opened, but not understood.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// The record inside is not the one named outside.
    #[error("the record inside is not the one that the envelope names")]
    OtherRecord,
}

/// A sealed record. Outside stands its id, so that it can be acknowledged unread; no more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct NamedEnvelope {
    /// The form of the record inside.
    #[n(0)]
    pub schema: u16,
    /// The record's id.
    #[n(1)]
    pub id: RecordId,
    /// The record, sealed.
    #[n(2)]
    sealed: ByteVec,
}

impl NamedEnvelope {
    /// Seals a record for the office.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] if the office key is none.
    pub fn seal(
        record: &NamedRecord,
        office: &SealKey,
        random: &mut impl CryptoRng,
    ) -> Result<Self, KeyError> {
        let (schema, id) = (record.schema(), record.id());
        let text = codec::encode_secret(record);
        let sealed = office.seal(PURPOSE, &header(schema, id), &text, random)?;
        Ok(Self { schema, id, sealed: sealed.into() })
    }
    /// Opens it with the office key.
    ///
    /// # Errors
    /// [`EnvelopeError`]; nothing of a refused envelope is given out.
    pub fn open(&self, office: &OpeningKey) -> Result<NamedRecord, EnvelopeError> {
        if self.schema > SCHEMA {
            return Err(EnvelopeError::NewerSchema(self.schema));
        }
        let text = office.open(PURPOSE, &header(self.schema, self.id), &self.sealed)?;
        let record: NamedRecord = codec::decode(&text)?;
        if record.id() == self.id { Ok(record) } else { Err(EnvelopeError::OtherRecord) }
    }
    /// The envelope's bytes: frozen once made, sent as they are however often.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }
    /// Reads an envelope without opening it.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes)
    }
}

fn header(schema: u16, id: RecordId) -> Vec<u8> {
    [&schema.to_be_bytes()[..], id.as_bytes()].concat()
}
