//! Keys: Ed25519 for signing, X25519 with HPKE for sealing. No cryptography of our own.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey as DalekSigningKey, VerifyingKey as DalekVerifyingKey};
use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256,
};
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::digest::Digest;

type Kem = X25519HkdfSha256;

/// Why something sealed or signed was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no key of this kind.
    #[error("these bytes are not a key")]
    NotAKey,
    /// The signature is not by this key over these bytes.
    #[error("the signature does not match: the data was changed, or comes from somebody else")]
    BadSignature,
    /// Sealed for another key or purpose, or changed since.
    #[error("it cannot be opened: it was changed, or sealed for somebody else")]
    CannotOpen,
}

/// A private key that signs: the hub's for packs and rosters, a kiosk's for its batches.
pub struct SigningKey(DalekSigningKey);

impl SigningKey {
    /// A new key.
    pub fn generate(random: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        random.fill_bytes(seed.as_mut());
        Self::from_bytes(&seed)
    }
    /// From its 32-byte seed.
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(DalekSigningKey::from_bytes(seed))
    }
    /// The 32-byte seed; keep it sealed.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }
    /// The key that checks its signatures.
    pub fn verify_key(&self) -> VerifyKey {
        VerifyKey(self.0.verifying_key().to_bytes())
    }
    /// Signs bytes for a purpose: a signature for one purpose is none for another.
    pub fn sign(&self, purpose: &str, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(&signed_bytes(purpose, bytes)).to_bytes()
    }
}
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.verify_key())
    }
}

fn signed_bytes(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(8 + purpose.len() + bytes.len());
    all.extend_from_slice(&(purpose.len() as u64).to_be_bytes());
    all.extend_from_slice(purpose.as_bytes());
    all.extend_from_slice(bytes);
    all
}

macro_rules! public_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] [u8; 32]);

        impl $name {
            /// From its 32 bytes, unchecked until it is used.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }
            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
            /// Eight groups of four digits that people compare on paper.
            pub fn fingerprint(&self) -> String {
                let digest = Digest::of_kind("signpost key fingerprint 1", &self.0).to_string();
                (0..8).map(|i| &digest[i * 4..i * 4 + 4]).collect::<Vec<_>>().join(" ")
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.fingerprint())
            }
        }
    };
}

public_key!(
    /// A public key that checks signatures.
    VerifyKey
);
public_key!(
    /// A public key to seal for: the office's, or that of a safeguarding role.
    SealKey
);

impl VerifyKey {
    /// Checks a signature made with [`SigningKey::sign`] for the same purpose.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`] or, where these bytes are no key, [`KeyError::NotAKey`].
    pub fn verify(&self, purpose: &str, bytes: &[u8], signature: &[u8; 64]) -> Result<(), KeyError> {
        let key = DalekVerifyingKey::from_bytes(&self.0).map_err(|_| KeyError::NotAKey)?;
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        key.verify_strict(&signed_bytes(purpose, bytes), &signature).map_err(|_| KeyError::BadSignature)
    }
}

/// A private key that opens what was sealed for it.
pub struct OpeningKey(<Kem as hpke::Kem>::PrivateKey);

impl OpeningKey {
    /// A new key.
    pub fn generate(random: &mut impl CryptoRng) -> Self {
        Self(Kem::gen_keypair_with_rng(random).0)
    }
    /// From its 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(bytes).map(Self).map_err(|_| KeyError::NotAKey)
    }
    /// The 32 bytes; keep them sealed.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }
    /// The key that others seal for.
    pub fn seal_key(&self) -> SealKey {
        SealKey(Kem::sk_to_pk(&self.0).to_bytes().into())
    }
    /// Opens what [`SealKey::seal`] made for the same purpose and header.
    ///
    /// # Errors
    /// [`KeyError::CannotOpen`].
    pub fn open(&self, purpose: &str, header: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let (enc, text) = sealed.split_at_checked(32).ok_or(KeyError::CannotOpen)?;
        let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(enc).map_err(|_| KeyError::CannotOpen)?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.0,
            &enc,
            purpose.as_bytes(),
            text,
            header,
        )
        .map(Zeroizing::new)
        .map_err(|_| KeyError::CannotOpen)
    }
}
impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpeningKey({:?})", self.seal_key())
    }
}

/// What sealing adds to the length of a text: an encapsulated key of 32 bytes and a tag of 16.
pub const SEAL_OVERHEAD: usize = 48;

impl SealKey {
    /// Seals bytes by HPKE (RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
    /// ChaCha20-Poly1305): `purpose` is the `info`, `header` the associated data. The result is
    /// the encapsulated key followed by the ciphertext.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] if this is no usable public key.
    pub fn seal(
        &self,
        purpose: &str,
        header: &[u8],
        text: &[u8],
        random: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, KeyError> {
        let key = <Kem as hpke::Kem>::PublicKey::from_bytes(&self.0).map_err(|_| KeyError::NotAKey)?;
        let (enc, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &key,
            purpose.as_bytes(),
            text,
            header,
            random,
        )
        .map_err(|_| KeyError::NotAKey)?;
        let mut all = enc.to_bytes().to_vec();
        all.extend_from_slice(&sealed);
        Ok(all)
    }
}
