//! A half that somebody has typed, and that waits in memory for the other: never on a disk, for half an hour at most.

use std::collections::HashMap;

use records::{day::Moment, report::Role};

use super::half::{Half, SheetNumber, Which};

/// For how long it waits, in seconds.
pub const WAITS: i64 = 30 * 60;

/// Somebody at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Somebody {
    /// The account's number.
    pub account: i64,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
}

/// A key that is being got back.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The half that was typed.
    pub half: Half,
    /// By whom.
    pub by: Somebody,
    /// Who is to get the key: number and name of the account.
    pub holder: (i64, String),
    /// When.
    pub at: Moment,
}

/// Why the other half is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// One person cannot do it alone.
    #[error(
        "You typed the {} half yourself. Somebody else types the other one, signed in with an account of their own and another role.",
        .0.as_str()
    )]
    SamePerson(Which),
    /// Two holders of one role cannot either.
    #[error(
        "{0} has the same role as you. The two halves are typed by people of two roles, so that no role gets a key back alone."
    )]
    SameRole(String),
    /// It is the same half.
    #[error("This is the {} half again, which {name} has typed. The {} half is on another sheet of paper.", .which.as_str(), other(*.which))]
    SameHalf {
        /// Which.
        which: Which,
        /// By whom.
        name: String,
    },
}

const fn other(which: Which) -> &'static str {
    match which {
        Which::First => Which::Second.as_str(),
        Which::Second => Which::First.as_str(),
    }
}

impl Begun {
    /// Whether somebody may type the other half, and this is it. Both are of the sheet in force.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub fn takes(&self, half: &Half, who: &Somebody) -> Result<(), NotTaken> {
        if self.by.account == who.account {
            return Err(NotTaken::SamePerson(self.half.which));
        }
        if self.by.role == who.role {
            return Err(NotTaken::SameRole(self.by.name.clone()));
        }
        if self.half.which == half.which {
            return Err(NotTaken::SameHalf { which: half.which, name: self.by.name.clone() });
        }
        Ok(())
    }
}

/// The keys that are being got back: of each role one at a time.
#[derive(Default)]
pub struct AllBegun(HashMap<Role, Begun>);

impl AllBegun {
    /// That of a role, as long as the sheet is in force of which a half was typed.
    pub fn of(&mut self, role: Role, in_force: Option<SheetNumber>, now: Moment) -> Option<&Begun> {
        self.wipe_old(now);
        if self.0.get(&role).is_some_and(|begun| Some(begun.half.sheet) != in_force) {
            self.0.remove(&role);
        }
        self.0.get(&role)
    }
    /// Begins.
    pub fn begin(&mut self, begun: Begun) {
        self.0.insert(begun.half.role, begun);
    }
    /// It was done, or given up.
    pub fn end(&mut self, role: Role) {
        self.0.remove(&role);
    }
    /// Wipes what has waited long enough, or would wait longer because a clock was set back.
    pub fn wipe_old(&mut self, now: Moment) {
        self.0.retain(|_, begun| (0..WAITS).contains(&(now.0 - begun.at.0)));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::{super::half::split, *};

    fn halves() -> [Half; 2] {
        split(&[1; 20], Role::Safeguarding, 5, SheetNumber::new(9).unwrap())
    }
    fn somebody(account: i64, role: Role) -> Somebody {
        Somebody { account, name: format!("{}{account}", role.as_str()), role }
    }
    fn begun() -> Begun {
        let [half, _] = halves();
        Begun { half, by: somebody(1, Role::Headteacher), holder: (7, "deputy".into()), at: Moment(0) }
    }

    #[test]
    fn one_person_or_one_role_alone_gets_no_key_back() {
        let [first, second] = halves();
        let begun = begun();
        let told = |half: &Half, account, role| {
            begun.takes(half, &somebody(account, role)).map_err(|error| error.to_string())
        };
        assert!(
            told(&second, 1, Role::Headteacher).unwrap_err().starts_with("You typed the first half yourself")
        );
        assert!(told(&second, 1, Role::Chair).is_err(), "nor by changing roles in between");
        assert!(told(&second, 2, Role::Headteacher).unwrap_err().contains("has the same role as you"));
        let again = told(&first, 2, Role::Chair).unwrap_err();
        assert!(again.contains("the first half again") && again.contains("The second half is on"), "{again}");
        assert_eq!(told(&second, 2, Role::Chair), Ok(()));
    }

    #[test]
    fn a_half_waits_for_half_an_hour_and_for_its_own_sheet() {
        let (mine, other) = (SheetNumber::new(9), SheetNumber::new(8));
        let mut all = AllBegun::default();
        all.begin(begun());
        assert!(all.of(Role::Safeguarding, mine, Moment(WAITS - 1)).is_some());
        assert!(all.of(Role::Chair, mine, Moment(1)).is_none());
        assert!(all.of(Role::Safeguarding, mine, Moment(WAITS)).is_none());
        assert!(all.0.is_empty(), "and then it is gone from memory");
        all.begin(begun());
        assert!(
            all.of(Role::Safeguarding, mine, Moment(-10)).is_none(),
            "a clock that is set back keeps nothing"
        );
        all.begin(begun());
        assert!(all.of(Role::Safeguarding, other, Moment(1)).is_none(), "a newer sheet was made");
        assert!(all.0.is_empty());
    }
}
