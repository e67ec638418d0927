//! Pairing by one-time code: both sides prove over their TLS session that they know it, then pin
//! each other's keys. Somebody in between has another session, so the proofs do not match.

use std::{fmt, str::FromStr};

use data_encoding::Encoding;
use hmac::{Hmac, KeyInit as _, Mac as _};
use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use sha2::Sha256;

use crate::{
    codec,
    ids::{DeviceId, SchoolId},
    keys::{SealKey, VerifyKey},
};

/// The label under which both sides take 32 bytes from their TLS session (RFC 5705, RFC 8446 7.5).
pub const EXPORTER_LABEL: &[u8] = b"EXPORTER-signpost-pairing-1";
/// How long a code may be used, in seconds.
pub const CODE_SECONDS: i64 = 600;
/// How many wrong proofs a code survives.
pub const CODE_TRIES: u32 = 5;

/// A code of 80 bits, shown once by the hub and typed at the kiosk: `7K2M-Q9TC-W4HX-0B3R`.
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct PairingCode([u8; 10]);

/// A text that cannot be a pairing code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pairing code has 16 letters and digits, in four groups of four; this one has {0}. Look again at what the hub shows"
)]
pub struct NotAPairingCode(pub usize);

/// Crockford's base 32: no I, L, O or U, and those are read as what they look like.
fn alphabet() -> Encoding {
    let mut spec = data_encoding::Specification::new();
    spec.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    spec.encoding().expect("32 different symbols make an encoding")
}

impl PairingCode {
    /// A new code.
    pub fn generate(random: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 10];
        random.fill_bytes(&mut bytes);
        Self(bytes)
    }
    /// What a kiosk shows the hub: the code, this session, and the keys to be pinned.
    pub fn kiosk_proof(&self, session: &[u8; 32], kiosk: &KioskIdentity) -> [u8; 32] {
        self.proof(b"kiosk", session, &codec::encode(kiosk)).finalize().into_bytes().into()
    }
    /// Whether the kiosk's proof is right, in constant time.
    pub fn checks_kiosk(&self, session: &[u8; 32], kiosk: &KioskIdentity, proof: &[u8; 32]) -> bool {
        self.proof(b"kiosk", session, &codec::encode(kiosk)).verify(proof.into()).is_ok()
    }
    /// What the hub shows the kiosk.
    pub fn hub_proof(&self, session: &[u8; 32], hub: &HubIdentity) -> [u8; 32] {
        self.proof(b"hub", session, &codec::encode(hub)).finalize().into_bytes().into()
    }
    /// Whether the hub's proof is right, in constant time.
    pub fn checks_hub(&self, session: &[u8; 32], hub: &HubIdentity, proof: &[u8; 32]) -> bool {
        self.proof(b"hub", session, &codec::encode(hub)).verify(proof.into()).is_ok()
    }
    fn proof(&self, side: &[u8], session: &[u8; 32], identity: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(b"signpost pairing 1\0");
        mac.update(side);
        mac.update(b"\0");
        mac.update(session);
        mac.update(identity);
        mac
    }
}
impl fmt::Display for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = alphabet().encode(&self.0);
        let groups: Vec<&str> = (0..4).map(|i| &text[i * 4..i * 4 + 4]).collect();
        f.write_str(&groups.join("-"))
    }
}
impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingCode(hidden)")
    }
}
impl FromStr for PairingCode {
    type Err = NotAPairingCode;
    fn from_str(text: &str) -> Result<Self, NotAPairingCode> {
        let clean: String = text
            .chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let bytes = alphabet().decode(clean.as_bytes()).map_err(|_| NotAPairingCode(clean.len()))?;
        bytes.try_into().map(Self).map_err(|_| NotAPairingCode(clean.len()))
    }
}

/// Who a kiosk is: what the hub pins.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KioskIdentity {
    /// Its id.
    #[n(0)]
    pub device: DeviceId,
    /// Its name for people: “Oak classroom”.
    #[n(1)]
    pub name: String,
    /// Signs its batches; its TLS certificate holds the same key.
    #[n(2)]
    pub key: VerifyKey,
}

/// Who a hub is: what the kiosk pins.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HubIdentity {
    /// The school.
    #[n(0)]
    pub school: SchoolId,
    /// Its name.
    #[n(1)]
    pub school_name: String,
    /// Signs packs and rosters.
    #[n(2)]
    pub key: VerifyKey,
    /// Named records are sealed for it.
    #[n(3)]
    pub office: SealKey,
    /// SHA-256 of the hub's TLS public key (SubjectPublicKeyInfo, DER): the pin.
    #[n(4)]
    pub tls: crate::digest::Digest,
}

/// The kiosk's request to be paired.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PairRequest {
    /// Who asks.
    #[n(0)]
    pub kiosk: KioskIdentity,
    /// [`PairingCode::kiosk_proof`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub proof: [u8; 32],
}

/// The hub's answer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PairReply {
    /// Who answers.
    #[n(0)]
    pub hub: HubIdentity,
    /// [`PairingCode::hub_proof`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub proof: [u8; 32],
}
