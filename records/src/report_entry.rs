//! What those who may open a report did with it: entries, each sealed for the same readers, one size, one look.
//!
//! ```text
//! entry: nonce 12 | body 4084                                            = 4096 bytes
//! body: length u16 | CBOR | zeros, sealed by ChaCha20-Poly1305 under the entry's key
//! ```
//! The keys come from the content key of the report's own envelope ([`crate::report_envelope`]), so whoever can
//! open the report can read its entries and nobody else can, whatever becomes of roles' keys. An entry lies at a
//! place that comes from that key too: without it nothing tells which entries belong together, how many a report
//! has, or in which order they were written. An entry is never changed; a correction is another entry.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    codec,
    day::{Day, Moment},
    ids::Slug,
};

/// The size of every entry, in bytes.
pub const ENTRY_SIZE: usize = 4096;
const NONCE: usize = 12;
const TAG: usize = 16;
const TEXT: usize = ENTRY_SIZE - NONCE - TAG;
/// The longest encoded entry, in bytes.
pub const ENTRY_MAX: usize = TEXT - 2;

/// How soon something has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Urgency {
    /// At once.
    #[n(0)]
    Now,
    /// Today.
    #[n(1)]
    Today,
    /// This week.
    #[n(2)]
    ThisWeek,
}

impl Urgency {
    /// All of them, the soonest first.
    pub const ALL: [Self; 3] = [Self::Now, Self::Today, Self::ThisWeek];
    /// Its name in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Today => "today",
            Self::ThisWeek => "this-week",
        }
    }
    /// The one of this name.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Somebody with an account at the hub, as they were called when the entry was written.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Author {
    /// The account's number.
    #[n(0)]
    pub account: i64,
    /// The name they signed in with.
    #[n(1)]
    pub name: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Deed {
    /// Somebody opened the report.
    #[n(0)]
    Read,
    /// Somebody said how soon something has to be done.
    #[n(1)]
    Marked(#[n(0)] Urgency),
    /// Something was done for the child or about the matter.
    #[n(2)]
    Action {
        /// What.
        #[n(0)]
        what: String,
    },
    /// Something was decided. A decision has a reason.
    #[n(3)]
    Decision {
        /// What.
        #[n(0)]
        what: String,
        /// Why.
        #[n(1)]
        because: String,
    },
    /// Somebody was told.
    #[n(4)]
    Told {
        /// Whom: a person, a service.
        #[n(0)]
        whom: String,
        /// When, in the writer's words.
        #[n(1)]
        when: String,
        /// How: by telephone, in person.
        #[n(2)]
        how: String,
        /// What was said and answered, or a reference; may be empty.
        #[n(3)]
        what: String,
    },
    /// How it came out, for the child first.
    #[n(5)]
    Outcome {
        /// What came of it.
        #[n(0)]
        what: String,
    },
    /// Nothing more is to be done.
    #[n(6)]
    Closed {
        /// Why.
        #[n(0)]
        because: String,
    },
    /// There is more to be done after all.
    #[n(7)]
    Reopened {
        /// Why.
        #[n(0)]
        because: String,
    },
    /// An earlier entry was wrong. It stays as it is.
    #[n(8)]
    Correction {
        /// The number of the entry that is corrected.
        #[n(0)]
        of: u32,
        /// What is right.
        #[n(1)]
        what: String,
    },
    /// Somebody else goes on with it.
    #[n(9)]
    HandedOver {
        /// Who.
        #[n(0)]
        to: Author,
        /// Why.
        #[n(1)]
        because: String,
    },
    /// The writer does not look at it any more: it is about them, or about somebody they are close to.
    #[n(10)]
    SteppedAside {
        /// Who goes on with it.
        #[n(0)]
        to: Author,
        /// Why.
        #[n(1)]
        because: String,
    },
    /// All of it was taken out of the hub, on paper or as a file.
    #[n(11)]
    Exported {
        /// For whom and why.
        #[n(0)]
        because: String,
    },
    /// It must not be deleted, whatever else says so.
    #[n(12)]
    Held {
        /// Why.
        #[n(0)]
        because: String,
    },
    /// It may be deleted again when its time has come.
    #[n(13)]
    Released {
        /// Why.
        #[n(0)]
        because: String,
    },
    /// It is an incident of the school's log.
    #[n(14)]
    Incident {
        /// Under which heading of the log: content, contact, conduct, commerce.
        #[n(0)]
        heading: String,
        /// Of what kind, in the writer's words.
        #[n(1)]
        kind: String,
        /// Where: the room, the device.
        #[n(2)]
        place: String,
        /// What happened.
        #[n(3)]
        what: String,
    },
    /// Its time has come by the school's rules, and the writer agrees that all of it goes. It goes once somebody of the
    /// other role agrees too.
    #[n(15)]
    MayGo,
    /// Whoever comes back with the right pictures is told one of the school's sentences.
    #[n(16)]
    Answered {
        /// The sentence's name.
        #[n(0)]
        sentence: Slug,
        /// Its words, as they were then.
        #[n(1)]
        words: String,
        /// The first day on which kiosks have it.
        #[n(2)]
        from: Day,
        /// The last one.
        #[n(3)]
        until: Day,
    },
    /// The answer is taken back.
    #[n(17)]
    NoAnswer {
        /// The first day on which kiosks have it no more.
        #[n(0)]
        from: Day,
    },
}

/// One entry: what, by whom, when. It has no place of its own for the child's words: those stay in the report.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReportEntry {
    /// When it was written.
    #[n(0)]
    pub at: Moment,
    /// Who wrote it.
    #[n(1)]
    pub by: Author,
    /// What was done.
    #[n(2)]
    pub deed: Deed,
}

/// Entries are numbered from 1 in two rows, so that a list need not read every opening of every report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// What was done.
    Deeds,
    /// Who opened it.
    Readings,
}

/// Why an entry was not made or not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportEntryError {
    /// More than an entry holds.
    #[error("an entry of {0} bytes is more than one holds ({ENTRY_MAX})")]
    TooLong(usize),
    /// Changed, at another place, or of another report.
    #[error("this is no entry of this report at this place")]
    NotHere,
    /// Opened, but not understood.
    #[error(transparent)]
    Unreadable(#[from] codec::DecodeError),
}

/// What opens the entries of one report. Only somebody who has opened the report has it.
#[derive(Clone)]
pub struct ReportKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for ReportKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportKey")
    }
}

impl ReportKey {
    /// From the content key of the report's envelope.
    pub(crate) fn of(content_key: &[u8; 32]) -> Self {
        Self(derived(content_key, "signpost report entries 1", &[]))
    }

    /// Where the entry of this number lies. It looks like chance to whoever has not this key.
    pub fn place(&self, row: Row, number: u32) -> [u8; 16] {
        let place = self.derived("place", row, number);
        *place.first_chunk().expect("there are 32 bytes")
    }

    /// Seals an entry for its place.
    ///
    /// # Errors
    /// [`ReportEntryError::TooLong`].
    pub fn seal(
        &self,
        row: Row,
        number: u32,
        entry: &ReportEntry,
        random: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, ReportEntryError> {
        let encoded = codec::encode_secret(entry);
        let length = u16::try_from(encoded.len()).ok().filter(|l| usize::from(*l) <= ENTRY_MAX);
        let length = length.ok_or(ReportEntryError::TooLong(encoded.len()))?;
        let mut text = Zeroizing::new([0_u8; TEXT]);
        text[..2].copy_from_slice(&length.to_be_bytes());
        text[2..2 + encoded.len()].copy_from_slice(&encoded);
        // Drawn anew each time: a number may be sealed twice where two write at once, or after a restored backup.
        let mut nonce = [0; NONCE];
        random.fill_bytes(&mut nonce);
        let payload = Payload { msg: text.as_ref(), aad: &self.place(row, number) };
        let body = self.cipher(row, number).encrypt(&Nonce::from(nonce), payload);
        let body = body.map_err(|_| ReportEntryError::TooLong(encoded.len()))?;
        Ok([&nonce[..], &body].concat())
    }

    /// Opens the entry of this number.
    ///
    /// # Errors
    /// [`ReportEntryError`].
    pub fn open(&self, row: Row, number: u32, bytes: &[u8]) -> Result<ReportEntry, ReportEntryError> {
        let (nonce, body) = bytes.split_first_chunk::<NONCE>().ok_or(ReportEntryError::NotHere)?;
        let payload = Payload { msg: body, aad: &self.place(row, number) };
        let text = self.cipher(row, number).decrypt(&Nonce::from(*nonce), payload);
        let text = text.map(Zeroizing::new).map_err(|_| ReportEntryError::NotHere)?;
        let (length, rest) = text.split_first_chunk::<2>().ok_or(ReportEntryError::NotHere)?;
        let encoded = rest.get(..usize::from(u16::from_be_bytes(*length)));
        Ok(codec::decode(encoded.ok_or(ReportEntryError::NotHere)?)?)
    }

    fn cipher(&self, row: Row, number: u32) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new((&*self.derived("key", row, number)).into())
    }

    fn derived(&self, what: &str, row: Row, number: u32) -> Zeroizing<[u8; 32]> {
        let purpose = match row {
            Row::Deeds => format!("deed {what}"),
            Row::Readings => format!("reading {what}"),
        };
        derived(&self.0, &purpose, &number.to_be_bytes())
    }
}

/// A key of its own for each purpose (HMAC-SHA-256).
fn derived(key: &[u8; 32], purpose: &str, number: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(number);
    Zeroizing::new(mac.finalize().into_bytes().into())
}
