//! What a kiosk may know of a family: sealed under a key that only the family's code makes, so that the
//! disk of a kiosk knows no family without its code.

use argon2::{Algorithm, Argon2, Params, Version as ArgonVersion};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use minicbor::{Decode, Encode, bytes::ByteVec};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    codec,
    consent::PurposeAnswer,
    day::Day,
    digest::Digest,
    family_code::{FamilyCode, Locator},
    ids::{PersonId, RecordId, SchoolId, Slug},
    keys::KeyError,
    language::Language,
    roster::HasSigned,
};

/// What a family's entry is padded to a multiple of, in bytes: its size does not tell how many children are
/// in it.
pub const ENTRY_STEP: usize = 2048;
/// What makes a key of a code slow to try: 64 MiB of memory, gone over 3 times (the second recommended choice of
/// RFC 9106, section 4).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// A grown-up of the family who decides for its children.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GrownUp {
    /// Who, by opaque id.
    #[n(0)]
    pub person: PersonId,
    /// Their name, as on the letter.
    #[n(1)]
    pub name: String,
    /// The language that they speak at home, where the school knows it.
    #[n(2)]
    pub language: Option<Language>,
    /// What they have signed in this school year.
    #[n(3)]
    pub signed: Vec<HasSigned>,
}

/// That a grown-up of the family has parental responsibility for a child.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Decider {
    /// Who, of the family's grown-ups.
    #[n(0)]
    pub person: PersonId,
    /// What they are to the child, in the school's words: “Mother”. Empty where the school's list does not say.
    #[n(1)]
    pub relation: String,
}

/// A decision that stands: what a grown-up answered before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Decided {
    /// The decision, which a further one of the same person names as replaced.
    #[n(0)]
    pub id: RecordId,
    /// Who decided.
    #[n(1)]
    pub by: PersonId,
    /// On which form.
    #[n(2)]
    pub form: Slug,
    /// On which words of it.
    #[n(3)]
    pub words: Digest,
    /// What for each purpose.
    #[n(4)]
    pub answers: Vec<PurposeAnswer>,
    /// When.
    #[n(5)]
    pub day: Day,
    /// Whether it still answers what is asked; else the form asks again.
    #[n(6)]
    pub counts: bool,
}

/// That somebody else's no stands, beside whatever this grown-up answers. Whose, is not told; but the child's own is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OthersNo {
    /// For which grown-up of this family it is somebody else's; the child, where it is the child's own, which stands
    /// beside every grown-up's.
    #[n(0)]
    pub beside: PersonId,
    /// The form.
    #[n(1)]
    pub form: Slug,
    /// The purpose.
    #[n(2)]
    pub purpose: Slug,
}

/// A child of the family.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FamilyChild {
    /// Who, by opaque id.
    #[n(0)]
    pub person: PersonId,
    /// The first name.
    #[n(1)]
    pub name: String,
    /// The class's name.
    #[n(2)]
    pub class: String,
    /// The picture on the child's own tile.
    #[n(3)]
    pub picture: Slug,
    /// Who of the family's grown-ups decides for this child; not always all of them.
    #[n(4)]
    pub deciders: Vec<Decider>,
    /// The decisions of this family's grown-ups that no later one of theirs has replaced.
    #[n(5)]
    pub decided: Vec<Decided>,
    /// Where somebody else's no stands, or the child's own: that stands beside the child.
    #[n(6)]
    pub others_no: Vec<OthersNo>,
}

/// A family: those who decide and whom they decide for. Parents who live apart are two families with a child in
/// common, each with a code of its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Family {
    /// Those who live under this address and have parental responsibility for one of the children.
    #[n(0)]
    pub grown_ups: Vec<GrownUp>,
    /// The children who are at this school.
    #[n(1)]
    pub children: Vec<FamilyChild>,
}

/// The key of a family's entry.
#[derive(Clone)]
pub struct FamilyKey(Zeroizing<[u8; 32]>);

impl FamilyKey {
    /// The key that a code makes in a school: Argon2id with 64 MiB and 3 passes, salted by the school and the
    /// locator. It takes a tenth of a second and more.
    pub fn of(code: &FamilyCode, school: SchoolId) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("64 MiB, 3 passes, 1 lane are allowed");
        let argon = Argon2::new(Algorithm::Argon2id, ArgonVersion::V0x13, params);
        let salt = Digest::of_kind("signpost family key 1", &named(school, code.locator()));
        let mut key = Zeroizing::new([0; 32]);
        argon
            .hash_password_into(code.secret().as_slice(), &salt.as_bytes()[..16], key.as_mut())
            .expect("a code of 12 letters and a salt of 16 bytes are allowed");
        Self(key)
    }
    /// From its 32 bytes, as the hub keeps them.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }
    /// The 32 bytes; keep them sealed.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }
    /// Seals something small of this family's for the disk of a kiosk, in steps of [`ENTRY_STEP`] bytes. `what`
    /// says what it is: one thing never opens as another.
    pub fn seal(&self, what: &str, text: &[u8], random: &mut impl CryptoRng) -> Vec<u8> {
        let mut nonce = [0; 12];
        random.fill_bytes(&mut nonce);
        let size = (4 + text.len()).next_multiple_of(ENTRY_STEP);
        let mut padded = Zeroizing::new(vec![0; size]);
        // An entry of 4 GiB is made by nobody; one that claims another length does not open.
        padded[..4].copy_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        padded[4..4 + text.len()].copy_from_slice(text);
        let cipher = ChaCha20Poly1305::new((&*self.0).into());
        let payload = Payload { msg: &padded, aad: what.as_bytes() };
        let sealed =
            cipher.encrypt(&Nonce::from(nonce), payload).expect("an entry is far below the limit of 256 GiB");
        [&nonce[..], &sealed].concat()
    }
    /// Opens what was sealed with the same key and for the same purpose.
    ///
    /// # Errors
    /// [`KeyError::CannotOpen`].
    pub fn open(&self, what: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let (nonce, sealed) = sealed.split_first_chunk::<12>().ok_or(KeyError::CannotOpen)?;
        let cipher = ChaCha20Poly1305::new((&*self.0).into());
        let payload = Payload { msg: sealed, aad: what.as_bytes() };
        let opened = cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| KeyError::CannotOpen)?;
        let padded = Zeroizing::new(opened);
        let (length, text) = padded.split_first_chunk::<4>().ok_or(KeyError::CannotOpen)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| KeyError::CannotOpen)?;
        Ok(Zeroizing::new(text.get(..length).ok_or(KeyError::CannotOpen)?.to_vec()))
    }
}

/// A key opens what a family decided: it never reaches a log.
impl std::fmt::Debug for FamilyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FamilyKey(hidden)")
    }
}

/// A family's entry in a roster. Outside stands its locator, which many guesses share; no more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedFamily {
    /// What its code begins with.
    #[n(0)]
    pub locator: Locator,
    #[n(1)]
    sealed: ByteVec,
}

impl SealedFamily {
    /// Closes a family's entry.
    pub fn seal(
        family: &Family,
        key: &FamilyKey,
        locator: Locator,
        school: SchoolId,
        random: &mut impl CryptoRng,
    ) -> Self {
        let sealed = key.seal(&entry(school, locator), &codec::encode_secret(family), random);
        Self { locator, sealed: sealed.into() }
    }
    /// Opens it with the key of the family's code.
    ///
    /// # Errors
    /// [`KeyError::CannotOpen`]: another code, or changed since.
    pub fn open(&self, key: &FamilyKey, school: SchoolId) -> Result<Family, KeyError> {
        let text = key.open(&entry(school, self.locator), &self.sealed)?;
        codec::decode(&text).map_err(|_| KeyError::CannotOpen)
    }
}

fn named(school: SchoolId, locator: Locator) -> Vec<u8> {
    [&school.as_bytes()[..], &locator.number().to_be_bytes()].concat()
}

fn entry(school: SchoolId, locator: Locator) -> String {
    format!("signpost family 1 {school} {}", locator.number())
}
