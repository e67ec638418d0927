//! Keys of roles that were opened: in memory alone, for one session, until nobody uses them, and never for longer than the
//! school's day.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use records::{
    day::{Day, Moment},
    digest::Digest,
    keys::OpeningKey,
    report::Role,
};
use zeroize::Zeroizing;

use crate::{clock, hub::Hub};

/// A key that was not used for this long is wiped, in seconds.
pub(super) const IDLE_SECONDS: i64 = 15 * 60;

/// Now, as far as keys are kept by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    moment: Moment,
    /// The day at the school.
    day: Day,
}

impl Now {
    /// Now at the school. Where its time zone cannot be told, its days are those of UTC: a key is then wiped an hour
    /// early or late, and never kept for want of a zone.
    pub(super) fn of(hub: &Hub) -> Self {
        let moment = hub.now();
        let zone = hub.zone().unwrap_or(TimeZone::UTC);
        Self { moment, day: clock::day(moment, &zone) }
    }
}

struct Held {
    role: Role,
    key: Zeroizing<[u8; 32]>,
    /// The day on which it was opened. It is good for no other.
    opened: Day,
    used: Moment,
}

/// A key that its holder gives to another account, which has to take it soon.
struct Offer {
    role: Role,
    key: Zeroizing<[u8; 32]>,
    made: Now,
}

/// The keys that are open now, by session, and those that are being handed on, by account.
#[derive(Default)]
pub(super) struct Unlocked(HashMap<Digest, Held>, HashMap<i64, Offer>);

impl Unlocked {
    /// Keeps a key open for a session.
    pub(super) fn open(&mut self, session: &str, role: Role, key: &OpeningKey, now: Now) {
        let held = Held { role, key: key.to_bytes(), opened: now.day, used: now.moment };
        self.0.insert(name(session), held);
    }
    /// The key that a session has open for a role, if it was opened today and used lately.
    pub(super) fn key(&mut self, session: &str, role: Role, now: Now) -> Option<OpeningKey> {
        self.wipe_old(now);
        let held = self.0.get_mut(&name(session)).filter(|held| held.role == role)?;
        held.used = now.moment;
        OpeningKey::from_bytes(&held.key).ok()
    }
    /// Holds a key ready for another account.
    pub(super) fn offer(&mut self, account: i64, role: Role, key: &OpeningKey, now: Now) {
        self.1.insert(account, Offer { role, key: key.to_bytes(), made: now });
    }
    /// The key that is held ready for an account.
    pub(super) fn offered(&mut self, account: i64, role: Role, now: Now) -> Option<OpeningKey> {
        self.wipe_old(now);
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
    /// Wipes the keys that nobody has used lately, those of another day, and those that a clock set back would keep open
    /// for longer.
    pub(super) fn wipe_old(&mut self, now: Now) {
        let lately = |then: Moment| (0..IDLE_SECONDS).contains(&(now.moment.0 - then.0));
        self.0.retain(|_, held| held.opened == now.day && lately(held.used));
        self.1.retain(|_, offer| offer.made.day == now.day && lately(offer.made.moment));
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

    fn at(seconds: i64) -> Now {
        Now { moment: Moment(seconds), day: clock::day(Moment(seconds), &TimeZone::UTC) }
    }

    #[test]
    fn a_key_is_open_for_its_session_and_role_until_nobody_uses_it() {
        let key = OpeningKey::generate(&mut crate::random::system());
        let mut unlocked = Unlocked::default();
        unlocked.open("a", Role::Safeguarding, &key, at(0));
        assert!(unlocked.key("b", Role::Safeguarding, at(1)).is_none());
        assert!(unlocked.key("a", Role::Headteacher, at(1)).is_none());
        let open =
            |unlocked: &mut Unlocked, seconds| unlocked.key("a", Role::Safeguarding, at(seconds)).is_some();
        assert!(open(&mut unlocked, IDLE_SECONDS - 1));
        assert!(open(&mut unlocked, 2 * IDLE_SECONDS - 2), "each use counts");
        assert!(!open(&mut unlocked, 3 * IDLE_SECONDS));
        assert!(unlocked.0.is_empty(), "and then it is gone from memory");
        unlocked.open("a", Role::Safeguarding, &key, at(1000));
        assert!(!open(&mut unlocked, 10), "a clock that is set back keeps nothing open");
        unlocked.open("a", Role::Safeguarding, &key, at(0));
        unlocked.lock("a");
        assert!(!open(&mut unlocked, 1));
    }

    #[test]
    fn a_key_is_wiped_when_its_day_is_over_however_busy_somebody_is() {
        const MIDNIGHT: i64 = 86_400;
        let key = OpeningKey::generate(&mut crate::random::system());
        let mut unlocked = Unlocked::default();
        unlocked.open("a", Role::Safeguarding, &key, at(MIDNIGHT - 300));
        unlocked.offer(7, Role::Safeguarding, &key, at(MIDNIGHT - 300));
        assert!(unlocked.key("a", Role::Safeguarding, at(MIDNIGHT - 1)).is_some());
        unlocked.wipe_old(at(MIDNIGHT));
        assert!(unlocked.0.is_empty() && unlocked.1.is_empty(), "also when no page is asked for");
        unlocked.open("a", Role::Safeguarding, &key, at(MIDNIGHT));
        assert!(unlocked.key("a", Role::Safeguarding, at(MIDNIGHT + 1)).is_some(), "and opened again");
    }
}
