//! One file with named parts, signed as a whole: the form of packs, rosters and exports.
//!
//! ```text
//! magic 8 | format u16 | header length u32 | header (CBOR) | parts, one after another | seal
//! ```
//! Numbers are big-endian. The header names every part with its length and SHA-256. The seal of a
//! signed file is an Ed25519 signature (64 bytes) over all before the parts; of a draft, the
//! SHA-256 of all before it (32 bytes). A reader takes all of it or nothing.

use minicbor::{Decode, Encode};

use crate::{
    codec::{self, DecodeError},
    day::Moment,
    digest::Digest,
    ids::SchoolId,
    keys::{KeyError, SigningKey, VerifyKey},
};

/// The form that this program writes and the newest that it reads.
pub const FORMAT: u16 = 1;
const MAGIC_LEN: usize = 8;
const FIXED: usize = MAGIC_LEN + 2 + 4;
const SIGNATURE: usize = 64;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What a kiosk shows.
    Pack,
    /// Whom a kiosk knows.
    Roster,
    /// What may be published.
    Consent,
    /// What is published.
    Published,
    /// What a class has signed, for its wall.
    Display,
    /// What is printed about one person.
    Paper,
    /// What a kiosk hands over by stick.
    Carry,
    /// What the hub hands a kiosk by stick.
    Return,
}

impl Kind {
    const fn magic(self, signed: bool) -> &'static [u8; MAGIC_LEN] {
        match (self, signed) {
            (Self::Pack, true) => b"SGNPPACK",
            (Self::Pack, false) => b"sgnppack",
            (Self::Roster, true) => b"SGNPROST",
            (Self::Roster, false) => b"sgnprost",
            (Self::Consent, true) => b"SGNPCONS",
            (Self::Consent, false) => b"sgnpcons",
            (Self::Published, true) => b"SGNPPUBL",
            (Self::Published, false) => b"sgnppubl",
            (Self::Display, true) => b"SGNPDISP",
            (Self::Display, false) => b"sgnpdisp",
            (Self::Paper, true) => b"SGNPPAPR",
            (Self::Paper, false) => b"sgnppapr",
            (Self::Carry, true) => b"SGNPCARY",
            (Self::Carry, false) => b"sgnpcary",
            (Self::Return, true) => b"SGNPRETN",
            (Self::Return, false) => b"sgnpretn",
        }
    }
    /// The word for it in messages and as the purpose of its signature.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::Roster => "roster",
            Self::Consent => "consent export",
            Self::Published => "published list",
            Self::Display => "class display",
            Self::Paper => "paper",
            Self::Carry => "file from a kiosk",
            Self::Return => "file for a kiosk",
        }
    }
    fn purpose(self) -> String {
        format!("signpost {} {FORMAT}", self.as_str())
    }
}

/// Why a file was refused, whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// Not such a file at all.
    #[error("this is not a Signpost {0}")]
    NotOne(&'static str),
    /// Made by a newer Signpost.
    #[error(
        "this {kind} is newer than I am: its form is {found}, and I read up to {FORMAT}. Update this program"
    )]
    Newer {
        /// What it is.
        kind: &'static str,
        /// Its form.
        found: u16,
    },
    /// Cut short, or longer than it says.
    #[error("this {0} is damaged: it is not as long as it says")]
    WrongLength(&'static str),
    /// A part's bytes are not what the header says.
    #[error("this {kind} is damaged: its part “{part}” was changed")]
    PartChanged {
        /// What it is.
        kind: &'static str,
        /// The part.
        part: String,
    },
    /// A part that has to be there is not.
    #[error("this {kind} has no part “{part}”")]
    NoPart {
        /// What it is.
        kind: &'static str,
        /// The part.
        part: String,
    },
    /// Signed by somebody else, or changed since.
    #[error(transparent)]
    Signature(#[from] KeyError),
    /// A part cannot be read.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// Older than, or as old as, what is already here.
    #[error(
        "this {kind} is number {offered}, and number {held} is already here: an older one is never taken"
    )]
    NotNewer {
        /// What it is.
        kind: &'static str,
        /// The number of the file.
        offered: u64,
        /// The number held.
        held: u64,
    },
}

/// A named part to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, once in a file.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Part {
    /// A part.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes }
    }
}

#[derive(Debug, Encode, Decode)]
struct PartEntry {
    #[n(0)]
    name: String,
    #[n(1)]
    length: u64,
    #[n(2)]
    digest: Digest,
}

#[derive(Debug, Encode, Decode)]
struct Header {
    #[n(0)]
    number: u64,
    #[n(1)]
    school: SchoolId,
    #[n(2)]
    made: Moment,
    #[n(3)]
    parts: Vec<PartEntry>,
}

/// A file that was read and checked in full.
#[derive(Debug)]
pub struct Container<'a> {
    kind: Kind,
    /// Rises with every file of its kind that a school's hub signs; 0 in a draft.
    pub number: u64,
    /// The school that signed; all zero in a draft.
    pub school: SchoolId,
    /// When it was made.
    pub made: Moment,
    parts: Vec<(String, &'a [u8])>,
}

impl<'a> Container<'a> {
    /// The bytes of a signed file.
    pub fn sign(
        kind: Kind,
        school: SchoolId,
        number: u64,
        made: Moment,
        parts: &[Part],
        key: &SigningKey,
    ) -> Vec<u8> {
        let mut bytes = head(kind, true, school, number, made, parts);
        let signature = key.sign(&kind.purpose(), &bytes);
        parts.iter().for_each(|p| bytes.extend_from_slice(&p.bytes));
        bytes.extend_from_slice(&signature);
        bytes
    }

    /// The bytes of a draft: whole, but nobody's word.
    pub fn draft(kind: Kind, made: Moment, parts: &[Part]) -> Vec<u8> {
        let mut bytes = head(kind, false, SchoolId::from_bytes([0; 16]), 0, made, parts);
        parts.iter().for_each(|p| bytes.extend_from_slice(&p.bytes));
        let digest = Digest::of(&bytes);
        bytes.extend_from_slice(digest.as_bytes());
        bytes
    }

    /// Reads a signed file, checking every byte of it.
    ///
    /// # Errors
    /// [`ContainerError`]; nothing of a refused file is given out.
    pub fn open(kind: Kind, bytes: &'a [u8], key: &VerifyKey) -> Result<Self, ContainerError> {
        let (header_end, body) = frame(kind, true, bytes)?;
        let wrong = ContainerError::WrongLength(kind.as_str());
        let (parts, signature) = body.split_last_chunk::<SIGNATURE>().ok_or(wrong)?;
        key.verify(&kind.purpose(), &bytes[..header_end], signature)?;
        Self::take_apart(kind, &bytes[FIXED..header_end], parts)
    }

    /// Reads a signed file as it says that it is, whoever signed it: to learn whose key has to check it. Nothing of
    /// it may be believed.
    ///
    /// # Errors
    /// [`ContainerError`].
    pub(crate) fn unverified(kind: Kind, bytes: &'a [u8]) -> Result<Self, ContainerError> {
        let (header_end, body) = frame(kind, true, bytes)?;
        let wrong = ContainerError::WrongLength(kind.as_str());
        let (parts, _) = body.split_last_chunk::<SIGNATURE>().ok_or(wrong)?;
        Self::take_apart(kind, &bytes[FIXED..header_end], parts)
    }

    /// Reads a draft, checking every byte of it.
    ///
    /// # Errors
    /// [`ContainerError`]; nothing of a refused file is given out.
    pub fn open_draft(kind: Kind, bytes: &'a [u8]) -> Result<Self, ContainerError> {
        let (header_end, body) = frame(kind, false, bytes)?;
        let wrong = ContainerError::WrongLength(kind.as_str());
        let (parts, digest) = body.split_last_chunk::<32>().ok_or(wrong.clone())?;
        if Digest::of(&bytes[..bytes.len() - 32]).as_bytes() != digest {
            return Err(ContainerError::PartChanged { kind: kind.as_str(), part: "all".into() });
        }
        Self::take_apart(kind, &bytes[FIXED..header_end], parts)
    }

    /// A part's bytes.
    ///
    /// # Errors
    /// [`ContainerError::NoPart`].
    pub fn part(&self, name: &str) -> Result<&'a [u8], ContainerError> {
        self.parts
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, bytes)| *bytes)
            .ok_or_else(|| ContainerError::NoPart { kind: self.kind.as_str(), part: name.to_owned() })
    }

    /// Every part, in the file's order.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &'a [u8])> {
        self.parts.iter().map(|(name, bytes)| (name.as_str(), *bytes))
    }

    /// Refuses a file that is not newer than the one already held.
    ///
    /// # Errors
    /// [`ContainerError::NotNewer`].
    pub fn newer_than(self, held: Option<u64>) -> Result<Self, ContainerError> {
        match held {
            Some(held) if self.number <= held => {
                Err(ContainerError::NotNewer { kind: self.kind.as_str(), offered: self.number, held })
            }
            _ => Ok(self),
        }
    }

    fn take_apart(kind: Kind, header: &[u8], mut rest: &'a [u8]) -> Result<Self, ContainerError> {
        let header: Header = codec::decode(header)?;
        let mut parts: Vec<(String, &'a [u8])> = Vec::new();
        for entry in header.parts {
            let wrong = ContainerError::WrongLength(kind.as_str());
            let length = usize::try_from(entry.length).map_err(|_| wrong.clone())?;
            let (part, after) = rest.split_at_checked(length).ok_or(wrong)?;
            if Digest::of(part) != entry.digest || parts.iter().any(|(n, _)| *n == entry.name) {
                return Err(ContainerError::PartChanged { kind: kind.as_str(), part: entry.name });
            }
            parts.push((entry.name, part));
            rest = after;
        }
        if !rest.is_empty() {
            return Err(ContainerError::WrongLength(kind.as_str()));
        }
        Ok(Self { kind, number: header.number, school: header.school, made: header.made, parts })
    }
}

fn head(kind: Kind, signed: bool, school: SchoolId, number: u64, made: Moment, parts: &[Part]) -> Vec<u8> {
    let entry = |p: &Part| PartEntry {
        name: p.name.clone(),
        length: p.bytes.len() as u64,
        digest: Digest::of(&p.bytes),
    };
    let header = codec::encode(&Header { number, school, made, parts: parts.iter().map(entry).collect() });
    let length =
        u32::try_from(header.len()).expect("a header names at most some thousand parts: far under 4 GiB");
    let mut bytes = kind.magic(signed).to_vec();
    bytes.extend_from_slice(&FORMAT.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&header);
    bytes
}

/// Where the header ends, and what follows it.
fn frame(kind: Kind, signed: bool, bytes: &[u8]) -> Result<(usize, &[u8]), ContainerError> {
    let name = kind.as_str();
    let fixed: &[u8; FIXED] = bytes.first_chunk().ok_or(ContainerError::NotOne(name))?;
    if fixed[..MAGIC_LEN] != *kind.magic(signed) {
        return Err(ContainerError::NotOne(name));
    }
    match u16::from_be_bytes([fixed[8], fixed[9]]) {
        FORMAT => {}
        0 => return Err(ContainerError::NotOne(name)),
        found => return Err(ContainerError::Newer { kind: name, found }),
    }
    let length = u32::from_be_bytes([fixed[10], fixed[11], fixed[12], fixed[13]]) as usize;
    let end = FIXED.checked_add(length).filter(|end| *end <= bytes.len());
    let end = end.ok_or(ContainerError::WrongLength(name))?;
    Ok((end, &bytes[end..]))
}
