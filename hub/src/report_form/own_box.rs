//! The hub's own report box: where web reports wait so that nothing shows how many there are.
//!
//! As at a kiosk: sixteen envelopes of one size, with a fixed number for each route, all really sealed to their
//! roles, nearly all with nothing in them. A report takes the place of a decoy of its route. The box is written whole
//! into the database when the form is opened, when it is sent, and on a ten-minute tick; each time every envelope gets
//! a fresh outer layer. Which envelope is real, the running hub knows in memory alone.
//!
//! The outer layer's key is in memory alone, too, and beside the box sealed to each of the four roles. So whoever has the
//! database opened with its key, at two moments, can compare nothing; and after a restart the hub itself
//! cannot open the box any more. A role does, at the desk ([`unwrap`]).
//!
//! ```text
//! form 1 | key, sealed to each role 4 × 80 | slot 2076 | … sixteen in all …      = 33537 bytes
//! slot: nonce 12 | a report envelope (2048) sealed by ChaCha20-Poly1305 under the key (16)
//! ```

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use getrandom::rand_core::CryptoRng;
use records::{
    box_schedule,
    day::Moment,
    ids::BoxId,
    keys::{KeyError, OpeningKey, SEAL_OVERHEAD},
    report::{Contents, Role, RoleKey, Route},
    report_box::{Envelope, SLOTS},
    report_envelope::{self, ENVELOPE_SIZE, ReportEnvelopeError, RouteKeys},
};
use zeroize::Zeroizing;

const FORM: u8 = 1;
const KEY: usize = 32;
const COPY: usize = KEY + SEAL_OVERHEAD;
const HEAD: usize = 1 + Role::ALL.len() * COPY;
const NONCE: usize = 12;
const SLOT: usize = NONCE + ENVELOPE_SIZE + 16;
/// The size of every box, in bytes.
pub(super) const SIZE: usize = HEAD + SLOTS.len() * SLOT;
const PURPOSE: &str = "signpost own report box 1";

/// Why a box was not begun, written or opened.
#[derive(Debug, thiserror::Error)]
pub enum OwnBoxError {
    /// A role has no key, or two have the same.
    #[error("not every role has a key of its own yet")]
    NoReader,
    /// More than an envelope holds.
    #[error(transparent)]
    Envelope(#[from] ReportEnvelopeError),
    /// A key that is none, or not this box's.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Of another size or form.
    #[error("this is not a report box of the hub's that I know")]
    NotOne,
}

/// The box of now.
pub struct OwnBox {
    id: BoxId,
    begun: Moment,
    keys: Vec<RoleKey>,
    routes: Vec<RouteKeys>,
    key: Zeroizing<[u8; KEY]>,
    head: Vec<u8>,
    envelopes: Vec<Envelope>,
    holds_report: [bool; SLOTS.len()],
}

// Which envelope holds a report is in no message and no log.
impl std::fmt::Debug for OwnBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnBox")
    }
}

/// What a report took the place of, to be put back if it cannot be written.
pub(super) struct Replaced {
    slot: usize,
    decoy: Envelope,
}

impl OwnBox {
    /// A box of decoys, in memory.
    ///
    /// # Errors
    /// [`OwnBoxError::NoReader`] while a role of any route has no key.
    pub(super) fn begin(
        keys: &[RoleKey],
        now: Moment,
        random: &mut impl CryptoRng,
    ) -> Result<Self, OwnBoxError> {
        let routes: Option<Vec<_>> = Route::ALL.into_iter().map(|route| RouteKeys::of(route, keys)).collect();
        let routes = routes.ok_or(OwnBoxError::NoReader)?;
        let (mut id, mut key) = ([0; 16], Zeroizing::new([0; KEY]));
        random.fill_bytes(&mut id);
        random.fill_bytes(key.as_mut());
        let id = BoxId::from_bytes(id);
        let mut head = vec![FORM];
        for role in Role::ALL {
            let of_role = keys.iter().find(|one| one.role == role).ok_or(OwnBoxError::NoReader)?;
            head.extend_from_slice(&of_role.key.seal(
                PURPOSE,
                &header(id, role as usize),
                key.as_ref(),
                random,
            )?);
        }
        let mut envelopes = Vec::with_capacity(SLOTS.len());
        for route in SLOTS {
            envelopes.push(report_envelope::seal(&Contents::Decoy, of(&routes, route), random)?);
        }
        let holds_report = [false; SLOTS.len()];
        Ok(Self { id, begun: now, keys: keys.to_vec(), routes, key, head, envelopes, holds_report })
    }

    /// Its name in the database.
    pub(super) const fn id(&self) -> BoxId {
        self.id
    }

    /// Whether it is to be closed: by the clock, or because the keys of the roles have changed.
    pub(super) fn is_due(&self, keys: &[RoleKey], now: Moment, zone: &jiff::tz::TimeZone) -> bool {
        self.keys != keys || box_schedule::is_due(self.begun, now, zone)
    }

    /// Whether there is a decoy of this route left.
    pub(super) fn has_room(&self, route: Route) -> bool {
        self.free(route).next().is_some()
    }

    /// Puts a report in the place of a decoy: any of its route's, so that the order is not to be seen either. None
    /// where none is left.
    ///
    /// # Errors
    /// [`OwnBoxError::Envelope`] if it is too long.
    pub(super) fn put(
        &mut self,
        route: Route,
        contents: &Contents,
        random: &mut impl CryptoRng,
    ) -> Result<Option<Replaced>, OwnBoxError> {
        let free: Vec<usize> = self.free(route).collect();
        if free.is_empty() {
            return Ok(None);
        }
        let slot = free[random.next_u32() as usize % free.len()];
        let sealed = report_envelope::seal(contents, of(&self.routes, route), random)?;
        let decoy = std::mem::replace(&mut self.envelopes[slot], sealed);
        self.holds_report[slot] = true;
        Ok(Some(Replaced { slot, decoy }))
    }

    /// The box is again as it was before [`Self::put`].
    pub(super) fn put_back(&mut self, replaced: Replaced) {
        self.envelopes[replaced.slot] = replaced.decoy;
        self.holds_report[replaced.slot] = false;
    }

    /// The box as it goes into the database: no two of it have anything in common but the sealed keys.
    ///
    /// # Errors
    /// [`OwnBoxError::Key`].
    pub(super) fn sealed(&self, random: &mut impl CryptoRng) -> Result<Vec<u8>, OwnBoxError> {
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend_from_slice(&self.head);
        for (slot, envelope) in self.envelopes.iter().enumerate() {
            let mut nonce = [0; NONCE];
            random.fill_bytes(&mut nonce);
            let payload = Payload { msg: &envelope[..], aad: &header(self.id, slot) };
            let sealed = cipher(&self.key).encrypt(&Nonce::from(nonce), payload);
            bytes.extend_from_slice(&nonce);
            bytes.extend_from_slice(&sealed.map_err(|_| KeyError::NotAKey)?);
        }
        Ok(bytes)
    }

    fn free(&self, route: Route) -> impl Iterator<Item = usize> {
        (0..SLOTS.len()).filter(move |slot| SLOTS[*slot] == route && !self.holds_report[*slot])
    }
}

/// Takes the outer layer off a box, with the key of any role. The envelopes stay sealed to their own roles.
///
/// # Errors
/// [`OwnBoxError::Key`] where the box is of another key of this role; nothing of a box that was changed is given out.
pub(super) fn unwrap(
    id: BoxId,
    bytes: &[u8],
    role: Role,
    key: &OpeningKey,
) -> Result<Vec<(Route, Envelope)>, OwnBoxError> {
    if bytes.len() != SIZE || bytes[0] != FORM {
        return Err(OwnBoxError::NotOne);
    }
    let place = role as usize;
    let copy = &bytes[1 + place * COPY..1 + (place + 1) * COPY];
    let key = key.open(PURPOSE, &header(id, place), copy)?;
    let key: &[u8; KEY] = key.first_chunk().ok_or(KeyError::CannotOpen)?;
    let mut all = Vec::with_capacity(SLOTS.len());
    for (slot, sealed) in bytes[HEAD..].chunks_exact(SLOT).enumerate() {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(OwnBoxError::NotOne)?;
        let payload = Payload { msg: sealed, aad: &header(id, slot) };
        let text = cipher(key).decrypt(&Nonce::from(*nonce), payload).map_err(|_| KeyError::CannotOpen)?;
        let envelope: Envelope = Box::new(*text.first_chunk().ok_or(OwnBoxError::NotOne)?);
        all.push((SLOTS[slot], envelope));
    }
    Ok(all)
}

fn of(routes: &[RouteKeys], route: Route) -> &RouteKeys {
    let found = routes.iter().find(|keys| keys.route == route);
    found.expect("a box is begun only where every route has its keys")
}

fn header(id: BoxId, place: usize) -> Vec<u8> {
    [&id.as_bytes()[..], &[u8::try_from(place).unwrap_or(u8::MAX)]].concat()
}

fn cipher(key: &[u8; KEY]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.into())
}
