//! What a kiosk gives back of a family when its code has opened it, and what it keeps of it.

use std::fmt;

use minicbor::{Decode, Encode};
use records::{
    consent::Said,
    envelope::NamedRecord,
    family::{Decided, Family, FamilyKey},
    ids::{PersonId, RecordId},
    roster::HasSigned,
};

/// What a family did at this kiosk that the hub has not given back yet in a roster: sealed under the family's own
/// key, so that the next visit shows it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum KeptDecision {
    /// A grown-up decided.
    #[n(0)]
    Decided {
        /// For whom.
        #[n(0)]
        child: PersonId,
        /// What.
        #[n(1)]
        decided: Decided,
        /// Instead of which earlier ones.
        #[n(2)]
        replaces: Vec<RecordId>,
        /// What else they chose.
        #[n(3)]
        said: Vec<Said>,
    },
    /// A grown-up signed.
    #[n(1)]
    Signed {
        /// The signature.
        #[n(0)]
        id: RecordId,
        /// Who.
        #[n(1)]
        person: PersonId,
        /// What, and when.
        #[n(2)]
        signed: HasSigned,
    },
}

impl KeptDecision {
    /// The record's id.
    pub const fn id(&self) -> RecordId {
        match self {
            Self::Decided { decided, .. } => decided.id,
            Self::Signed { id, .. } => *id,
        }
    }
}

/// A family as the storage opened it.
#[derive(Clone)]
pub struct OpenedFamily {
    /// The key of its code.
    pub key: FamilyKey,
    /// What the roster says of it.
    pub family: Family,
    /// What it did here since.
    pub kept: Vec<KeptDecision>,
}

/// A record of a family's on its way to the disk.
#[derive(Clone)]
pub struct Keeping {
    /// The record, for the office.
    pub record: NamedRecord,
    /// What the kiosk keeps of it, for the family's next visit.
    pub kept: KeptDecision,
    /// What it is kept under.
    pub key: FamilyKey,
}

/// Says only that there is one: nothing of it may come into a log.
impl fmt::Debug for OpenedFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedFamily(hidden)")
    }
}
impl fmt::Debug for Keeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeping(hidden)")
    }
}
