//! Slowing guesses down: by name and by address, whether or not anybody has the name. Where a name has
//! signed in from an address, only wrong tries from there count against it there: guesses from
//! elsewhere keep nobody from their desk.

use std::{collections::HashMap, hash::Hash, net::IpAddr};

use records::day::Moment;

/// Wrong tries with one name before there is a wait.
pub const NAME_FREE: u32 = 3;
/// Wrong tries from one address before there is a wait: a school may share one.
pub const ADDRESS_FREE: u32 = 20;
/// The longest wait, in seconds: an attacker must not be able to lock the office out.
pub const LONGEST: i64 = 60;
/// After this long without a try they are forgotten, in seconds.
const FORGET: i64 = 3600;
/// How many names or addresses are remembered.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: i64,
}

/// The tries of the last hour. Kept in memory only.
#[derive(Debug, Default)]
pub struct Attempts {
    names: HashMap<String, Tries>,
    addresses: HashMap<IpAddr, Tries>,
    /// Names at addresses from which they have signed in.
    known: HashMap<(String, IpAddr), Tries>,
}

impl Attempts {
    /// Begins a try, which counts as wrong until [`Attempts::right`] says otherwise, so that many at
    /// once are no way around.
    ///
    /// # Errors
    /// How many seconds to wait; then it was not a try.
    pub fn begin(&mut self, name: &str, address: IpAddr, now: Moment) -> Result<(), i64> {
        let here = (name.to_owned(), address);
        let known = self.known.contains_key(&here);
        let of_name = match known {
            true => wait(&self.known, &here, NAME_FREE, now),
            false => wait(&self.names, name, NAME_FREE, now),
        };
        let wait = of_name.max(wait(&self.addresses, &address, ADDRESS_FREE, now));
        if wait > 0 {
            return Err(wait);
        }
        match known {
            true => add(&mut self.known, here, now),
            false => add(&mut self.names, here.0, now),
        }
        add(&mut self.addresses, address, now);
        Ok(())
    }

    /// The try was right after all.
    pub fn right(&mut self, name: &str, address: IpAddr, now: Moment) {
        let here = (name.to_owned(), address);
        if self.known.remove(&here).is_none() {
            self.names.remove(name);
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert(here, Tries { count: 0, last: now.0 });
        if let Some(tries) = self.addresses.get_mut(&address) {
            tries.count = tries.count.saturating_sub(1);
        }
    }
}

fn wait<K: Hash + Eq + std::borrow::Borrow<Q>, Q: Hash + Eq + ?Sized>(
    all: &HashMap<K, Tries>,
    key: &Q,
    free: u32,
    now: Moment,
) -> i64 {
    let Some(tries) = all.get(key).filter(|t| t.count >= free) else { return 0 };
    let pause = 1_i64.checked_shl(tries.count - free + 1).unwrap_or(LONGEST).min(LONGEST);
    // A clock that was set back must not make the wait longer than it ever is.
    (tries.last + pause - now.0).clamp(0, pause)
}

fn add<K: Hash + Eq>(all: &mut HashMap<K, Tries>, key: K, now: Moment) {
    if all.len() >= MOST {
        all.retain(|_, tries| now.0 - tries.last < FORGET);
        if all.len() >= MOST {
            all.clear();
        }
    }
    let tries = all.entry(key).or_insert(Tries { count: 0, last: now.0 });
    if now.0 - tries.last >= FORGET {
        tries.count = 0;
    }
    tries.count = tries.count.saturating_add(1).min(40);
    tries.last = now.0;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn guessing_gets_slower_and_never_locks_the_office_out() {
        let mut attempts = Attempts::default();
        let mut now = 1000;
        for _ in 0..NAME_FREE {
            assert_eq!(attempts.begin("office", HERE, Moment(now)), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..8 {
            let wait = attempts.begin("office", HERE, Moment(now)).unwrap_err();
            waits.push(wait);
            now += wait;
            assert_eq!(attempts.begin("office", HERE, Moment(now)), Ok(()));
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
        attempts.right("office", HERE, Moment(now));
        assert_eq!(attempts.begin("office", HERE, Moment(now)), Ok(()));
    }

    #[test]
    fn guesses_from_elsewhere_keep_nobody_from_their_desk() {
        let elsewhere = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 66));
        let mut attempts = Attempts::default();
        assert_eq!(attempts.begin("office", HERE, Moment(0)), Ok(()));
        attempts.right("office", HERE, Moment(0));
        for second in 0..600 {
            let _ = attempts.begin("office", elsewhere, Moment(second));
        }
        assert!(attempts.begin("office", elsewhere, Moment(600)).is_err());
        assert_eq!(attempts.begin("office", HERE, Moment(600)), Ok(()));
        // Whoever guesses there is slowed down like anybody else.
        for _ in 1..NAME_FREE {
            assert_eq!(attempts.begin("office", HERE, Moment(600)), Ok(()));
        }
        assert_eq!(attempts.begin("office", HERE, Moment(600)), Err(2));
    }

    #[test]
    fn one_address_cannot_try_many_names() {
        let mut attempts = Attempts::default();
        for i in 0..ADDRESS_FREE {
            assert_eq!(attempts.begin(&format!("name{i}"), HERE, Moment(5)), Ok(()));
        }
        assert!(attempts.begin("another", HERE, Moment(5)).is_err());
        assert_eq!(attempts.begin("another", IpAddr::V4(Ipv4Addr::new(10, 0, 0, 9)), Moment(5)), Ok(()));
    }
}
