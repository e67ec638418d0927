//! A key that nobody can open any more, and of whose sheet a half is gone: the headteacher and the chair of governors let
//! somebody make another. Both say so within half an hour; it waits in memory alone.

use std::collections::HashMap;

use records::{day::Moment, report::Role};

use super::begun::{Somebody, WAITS};

/// For how long whoever was named may make the key, in seconds.
pub const GRANTED: i64 = 15 * 60;

/// What one of the two has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub by: Somebody,
    /// Who is to make the new key: number and name of the account.
    pub holder: (i64, String),
    /// When.
    pub at: Moment,
}

impl Asked {
    /// Whether this is the other of the two.
    pub fn is_agreed_by(&self, who: &Somebody) -> bool {
        may_say(who.role) && who.role != self.by.role && who.account != self.by.account
    }
}

/// That somebody may make a new key.
struct Grant {
    role: Role,
    by: [i64; 2],
    at: Moment,
}

/// Whether a role is one of the two who say that a key is lost.
pub fn may_say(role: Role) -> bool {
    matches!(role, Role::Headteacher | Role::Chair)
}

/// The keys that one of the two has called lost, and those that both have.
#[derive(Default)]
pub struct Lost(HashMap<Role, Asked>, HashMap<i64, Grant>);

impl Lost {
    /// What one of them has said of a role's key.
    pub fn asked(&mut self, role: Role, now: Moment) -> Option<&Asked> {
        self.wipe_old(now);
        self.0.get(&role)
    }
    /// One of them says so.
    pub fn ask(&mut self, role: Role, asked: Asked) {
        self.0.insert(role, asked);
    }
    /// It is taken back.
    pub fn take_back(&mut self, role: Role) {
        self.0.remove(&role);
    }
    /// The other agrees: whoever was named may make the key. None where that is not the other, or nobody has asked.
    pub fn agree(&mut self, role: Role, who: &Somebody, now: Moment) -> Option<Asked> {
        self.wipe_old(now);
        let asked = self.0.get(&role).filter(|asked| asked.is_agreed_by(who))?.clone();
        self.0.remove(&role);
        let by = [asked.by.account, who.account];
        self.1.insert(asked.holder.0, Grant { role, by, at: now });
        Some(asked)
    }
    /// Which two have let an account make a key for its role.
    pub fn granted(&mut self, account: i64, role: Role, now: Moment) -> Option<[i64; 2]> {
        self.wipe_old(now);
        self.1.get(&account).filter(|grant| grant.role == role).map(|grant| grant.by)
    }
    /// The key was made.
    pub fn made(&mut self, account: i64) {
        self.1.remove(&account);
    }
    /// Forgets what has waited long enough.
    pub fn wipe_old(&mut self, now: Moment) {
        self.0.retain(|_, asked| (0..WAITS).contains(&(now.0 - asked.at.0)));
        self.1.retain(|_, grant| (0..GRANTED).contains(&(now.0 - grant.at.0)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(account: i64, role: Role) -> Somebody {
        Somebody { account, name: role.as_str().into(), role }
    }

    #[test]
    fn a_key_is_called_lost_by_the_headteacher_and_the_chair_and_by_nobody_else() {
        let mut lost = Lost::default();
        let said = |role| Asked { by: somebody(1, role), holder: (7, "lead".into()), at: Moment(0) };
        for (one, other, is_agreed) in [
            (Role::Headteacher, Role::Chair, true),
            (Role::Chair, Role::Headteacher, true),
            (Role::Headteacher, Role::Headteacher, false),
            (Role::Headteacher, Role::ViceChair, false),
            (Role::Chair, Role::Safeguarding, false),
        ] {
            lost.ask(Role::Safeguarding, said(one));
            assert!(lost.granted(7, Role::Safeguarding, Moment(1)).is_none(), "not by one alone");
            let agreed = lost.agree(Role::Safeguarding, &somebody(2, other), Moment(1));
            assert_eq!(agreed.is_some(), is_agreed, "{one:?} and {other:?}");
            assert_eq!(lost.granted(7, Role::Safeguarding, Moment(2)).is_some(), is_agreed);
            assert!(lost.granted(8, Role::Safeguarding, Moment(2)).is_none(), "for whom they named alone");
            assert!(lost.granted(7, Role::Chair, Moment(2)).is_none());
            lost.made(7);
        }
        assert!(!may_say(Role::Safeguarding) && !may_say(Role::ViceChair));
        lost.ask(Role::Safeguarding, said(Role::Chair));
        assert!(
            lost.agree(Role::Safeguarding, &somebody(2, Role::Headteacher), Moment(WAITS)).is_none(),
            "too late"
        );
        lost.ask(Role::Safeguarding, said(Role::Chair));
        lost.agree(Role::Safeguarding, &somebody(2, Role::Headteacher), Moment(1));
        assert!(lost.granted(7, Role::Safeguarding, Moment(1 + GRANTED)).is_none(), "a quarter of an hour");
    }
}
