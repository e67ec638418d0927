//! The envelope of a report, or of nothing: always the same size, always really sealed.
//!
//! ```text
//! version 1 | route 1 | zero 2 | slot 88 | slot 88 | body 1868          = 2048 bytes
//! slot: key name 8 | content key sealed by HPKE to a role 80
//! body: length u16 | CBOR | zeros, sealed by ChaCha20-Poly1305 under the content key
//! ```
//! The body's associated data is all before it, so no slot can be exchanged.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    codec,
    digest::Digest,
    keys::{KeyError, OpeningKey, SEAL_OVERHEAD, SealKey},
    report::{Contents, Report, Role, RoleKey, Route},
    report_entry::ReportKey,
};

/// The size of every envelope, in bytes.
pub const ENVELOPE_SIZE: usize = 2048;
const VERSION: u8 = 1;
const HEADER: usize = 4;
const KEY_NAME: usize = 8;
const SLOT: usize = KEY_NAME + 32 + SEAL_OVERHEAD;
const SLOTS_END: usize = HEADER + 2 * SLOT;
const TAG: usize = 16;
const TEXT: usize = ENVELOPE_SIZE - SLOTS_END - TAG;
/// The longest encoded contents an envelope takes, in bytes.
pub const CONTENTS_MAX: usize = TEXT - 2;
const PURPOSE: &str = "signpost report slot 1";

/// Why an envelope was not made or not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportEnvelopeError {
    /// More than an envelope holds.
    #[error("a report of {0} bytes is more than an envelope holds ({CONTENTS_MAX})")]
    TooLong(usize),
    /// Not 2048 bytes, or of a version this program does not know.
    #[error("this is not a report envelope that I know")]
    NotOne,
    /// None of its slots is for this key.
    #[error("this envelope is not for this key")]
    NotForThisKey,
    /// Changed, or a key that is none.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Opened, but not understood: never taken for a decoy.
    #[error(transparent)]
    Unreadable(#[from] codec::DecodeError),
}

/// The keys a route is sealed for, in the order of [`Route::roles`].
#[derive(Debug, Clone, Copy)]
pub struct RouteKeys {
    /// The route.
    pub route: Route,
    /// A public key for each of its two roles.
    pub keys: [SealKey; 2],
}

impl RouteKeys {
    /// A route's keys among those of all roles. None where one of its two is missing, or both are the
    /// same: then nothing can be told on this route.
    pub fn of(route: Route, all: &[RoleKey]) -> Option<Self> {
        let of = |role: Role| all.iter().find(|k| k.role == role).map(|k| k.key);
        let [first, second] = route.roles();
        let keys = [of(first)?, of(second)?];
        (keys[0] != keys[1]).then_some(Self { route, keys })
    }
}

fn key_name(key: &SealKey) -> [u8; KEY_NAME] {
    let digest = Digest::of_kind("signpost role key name 1", key.as_bytes());
    *digest.as_bytes().first_chunk().expect("a digest has 32 bytes")
}

fn slot_header(header: &[u8], role: Role) -> Vec<u8> {
    [header, &[role as u8]].concat()
}

/// For how many bytes of words there is room in an envelope beside the rest of a report.
pub fn room_for_words(mut report: Report) -> usize {
    // The longest length there is, so that the words' own length has its place too.
    report.words = Some(String::new());
    let rest = codec::encode_secret(&Contents::Report(Box::new(report))).len();
    CONTENTS_MAX.saturating_sub(rest + 2)
}

/// Seals contents for a route.
///
/// # Errors
/// [`ReportEnvelopeError::TooLong`], or a key that is none.
pub fn seal(
    contents: &Contents,
    to: &RouteKeys,
    random: &mut impl CryptoRng,
) -> Result<Box<[u8; ENVELOPE_SIZE]>, ReportEnvelopeError> {
    let encoded = codec::encode_secret(contents);
    let length = u16::try_from(encoded.len()).ok().filter(|l| usize::from(*l) <= CONTENTS_MAX);
    let length = length.ok_or(ReportEnvelopeError::TooLong(encoded.len()))?;
    let mut text = Zeroizing::new([0_u8; TEXT]);
    text[..2].copy_from_slice(&length.to_be_bytes());
    text[2..2 + encoded.len()].copy_from_slice(&encoded);

    let mut content_key = Zeroizing::new([0_u8; 32]);
    random.fill_bytes(content_key.as_mut());
    let mut envelope = Vec::with_capacity(ENVELOPE_SIZE);
    envelope.extend_from_slice(&[VERSION, to.route as u8, 0, 0]);
    for (key, role) in to.keys.iter().zip(to.route.roles()) {
        let header = slot_header(&envelope[..HEADER], role);
        let sealed = key.seal(PURPOSE, &header, content_key.as_ref(), random)?;
        envelope.extend_from_slice(&key_name(key));
        envelope.extend_from_slice(&sealed);
    }
    let body = cipher(&content_key)
        .encrypt(&Nonce::default(), Payload { msg: text.as_ref(), aad: &envelope })
        .map_err(|_| KeyError::NotAKey)?;
    envelope.extend_from_slice(&body);
    let sealed: Box<[u8]> = envelope.into_boxed_slice();
    Ok(sealed.try_into().expect("header, two slots and a padded body add up to the size"))
}

// A content key seals one body only, so the nonce may stay zero.
fn cipher(content_key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(content_key.into())
}

/// The route of an envelope, which everyone may see.
///
/// # Errors
/// [`ReportEnvelopeError::NotOne`].
pub fn route(envelope: &[u8]) -> Result<Route, ReportEnvelopeError> {
    let header: &[u8; HEADER] = envelope.first_chunk().ok_or(ReportEnvelopeError::NotOne)?;
    if envelope.len() != ENVELOPE_SIZE || header[0] != VERSION || header[2..] != [0, 0] {
        return Err(ReportEnvelopeError::NotOne);
    }
    Route::ALL.into_iter().find(|r| *r as u8 == header[1]).ok_or(ReportEnvelopeError::NotOne)
}

/// Whether one of an envelope's slots names this key.
pub fn is_for(envelope: &[u8], key: &SealKey) -> bool {
    let mine = key_name(key);
    let named =
        |slot: usize| envelope.get(HEADER + slot * SLOT..).is_some_and(|rest| rest.starts_with(&mine));
    (0..2).any(named)
}

/// Opens an envelope with the key of one of its roles.
///
/// # Errors
/// [`ReportEnvelopeError`]; contents that cannot be read are an error, never a decoy.
pub fn open(envelope: &[u8], key: &OpeningKey) -> Result<Contents, ReportEnvelopeError> {
    open_with_entries(envelope, key).map(|(contents, _)| contents)
}

/// Opens an envelope, and gives the key to its report's entries too ([`crate::report_entry`]).
///
/// # Errors
/// [`ReportEnvelopeError`]; contents that cannot be read are an error, never a decoy.
pub fn open_with_entries(
    envelope: &[u8],
    key: &OpeningKey,
) -> Result<(Contents, ReportKey), ReportEnvelopeError> {
    let route = route(envelope)?;
    let mine = key_name(&key.seal_key());
    for (i, role) in route.roles().into_iter().enumerate() {
        let slot = &envelope[HEADER + i * SLOT..HEADER + (i + 1) * SLOT];
        if slot[..KEY_NAME] != mine {
            continue;
        }
        let header = slot_header(&envelope[..HEADER], role);
        let content_key = key.open(PURPOSE, &header, &slot[KEY_NAME..])?;
        let content_key: &[u8; 32] = content_key.first_chunk().ok_or(KeyError::CannotOpen)?;
        let text = cipher(content_key)
            .decrypt(&Nonce::default(), Payload { msg: &envelope[SLOTS_END..], aad: &envelope[..SLOTS_END] })
            .map(Zeroizing::new)
            .map_err(|_| KeyError::CannotOpen)?;
        let (length, rest) = text.split_first_chunk::<2>().ok_or(KeyError::CannotOpen)?;
        let encoded = rest.get(..usize::from(u16::from_be_bytes(*length))).ok_or(KeyError::CannotOpen)?;
        return Ok((codec::decode(encoded)?, ReportKey::of(content_key)));
    }
    Err(ReportEnvelopeError::NotForThisKey)
}
