//! Keys of roles that were opened: in memory alone, for one session, until nobody uses them.

use std::collections::HashMap;

use records::{day::Moment, digest::Digest, keys::OpeningKey, report::Role};
use zeroize::Zeroizing;

/// A key that was not used for this long is wiped, in seconds.
pub(super) const IDLE_SECONDS: i64 = 15 * 60;

struct Held {
    role: Role,
    key: Zeroizing<[u8; 32]>,
    used: Moment,
}

/// A key that its holder gives to another account, which has to take it soon.
struct Offer {
    role: Role,
    key: Zeroizing<[u8; 32]>,
    made: Moment,
}

/// The keys that are open now, by session, and those that are being handed on, by account.
#[derive(Default)]
pub(super) struct Unlocked(HashMap<Digest, Held>, HashMap<i64, Offer>);

impl Unlocked {
    /// Keeps a key open for a session.
    pub(super) fn open(&mut self, session: &str, role: Role, key: &OpeningKey, now: Moment) {
        self.0.insert(name(session), Held { role, key: key.to_bytes(), used: now });
    }
    /// The key that a session has open for a role, if it was used lately.
    pub(super) fn key(&mut self, session: &str, role: Role, now: Moment) -> Option<OpeningKey> {
        self.wipe_idle(now);
        let held = self.0.get_mut(&name(session)).filter(|held| held.role == role)?;
        held.used = now;
        OpeningKey::from_bytes(&held.key).ok()
    }
    /// Holds a key ready for another account.
    pub(super) fn offer(&mut self, account: i64, role: Role, key: &OpeningKey, now: Moment) {
        self.1.insert(account, Offer { role, key: key.to_bytes(), made: now });
    }
    /// The key that is held ready for an account.
    pub(super) fn offered(&mut self, account: i64, role: Role, now: Moment) -> Option<OpeningKey> {
        self.wipe_idle(now);
        let offer = self.1.get(&account).filter(|offer| offer.role == role)?;
        OpeningKey::from_bytes(&offer.key).ok()
    }
    /// It was taken.
    pub(super) fn taken(&mut self, account: i64) {
        self.1.remove(&account);
    }
    /// Wipes a session's key.
    pub(super) fn lock(&mut self, session: &str) {
        self.0.remove(&name(session));
    }
    /// Wipes the keys that nobody has used lately, or that a clock set back would keep open for longer.
    pub(super) fn wipe_idle(&mut self, now: Moment) {
        let lately = |then: Moment| (0..IDLE_SECONDS).contains(&(now.0 - then.0));
        self.0.retain(|_, held| lately(held.used));
        self.1.retain(|_, offer| lately(offer.made));
    }
}

/// Session tokens are not kept in memory in clear either.
fn name(session: &str) -> Digest {
    Digest::of_kind("signpost unlocked session 1", session.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_key_is_open_for_its_session_and_role_until_nobody_uses_it() {
        let key = OpeningKey::generate(&mut crate::random::system());
        let mut unlocked = Unlocked::default();
        unlocked.open("a", Role::Safeguarding, &key, Moment(0));
        assert!(unlocked.key("b", Role::Safeguarding, Moment(1)).is_none());
        assert!(unlocked.key("a", Role::Headteacher, Moment(1)).is_none());
        let open = |unlocked: &mut Unlocked, at| unlocked.key("a", Role::Safeguarding, Moment(at)).is_some();
        assert!(open(&mut unlocked, IDLE_SECONDS - 1));
        assert!(open(&mut unlocked, 2 * IDLE_SECONDS - 2), "each use counts");
        assert!(!open(&mut unlocked, 3 * IDLE_SECONDS));
        assert!(unlocked.0.is_empty(), "and then it is gone from memory");
        unlocked.open("a", Role::Safeguarding, &key, Moment(1000));
        assert!(!open(&mut unlocked, 10), "a clock that is set back keeps nothing open");
        unlocked.open("a", Role::Safeguarding, &key, Moment(0));
        unlocked.lock("a");
        assert!(!open(&mut unlocked, 1));
    }
}
