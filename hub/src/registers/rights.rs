//! Who may do what with which register.

use records::{
    register::{Party, Register},
    report::Role,
};

use crate::store::accounts::Duty;

/// How an account stands to registers.
pub const fn party(duty: Duty) -> Party {
    match duty {
        Duty::Office => Party::Office,
        Duty::Holder(Role::Headteacher) => Party::Headteacher,
        Duty::Holder(Role::Safeguarding) => Party::Safeguarding,
        Duty::Holder(Role::Chair | Role::ViceChair) | Duty::Governor => Party::Governors,
        Duty::Technician => Party::Technician,
        Duty::Staff => Party::Staff,
    }
}

/// What an account sees of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// Every entry.
    Entries,
    /// The entries that it wrote itself.
    Own,
    /// How many there are.
    Figures,
    /// Not that there is such a register.
    Nothing,
}

/// What one account may do with one register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// As whom.
    pub party: Party,
    /// What it sees.
    pub sees: Sees,
    /// Whether it writes entries.
    pub writes: bool,
    /// Whether it says yes or no to what an entry asks for.
    pub decides: bool,
    /// Whether it signs the register off.
    pub signs: bool,
}

impl Rights {
    /// Of an account of this duty. Whoever signs off or decides has to be among the readers: nobody signs blindly.
    pub fn of(duty: Duty, register: &Register) -> Self {
        let party = party(duty);
        let named = |list: &[Party]| list.iter().any(|one| one.is_also(party));
        // The generator refuses such a form; the desk does not trust that it did.
        let barred = register.about_pupils && party == Party::Governors;
        let reads = named(&register.read) && !barred;
        let writes = named(&register.write) && !barred;
        let sees = if reads {
            Sees::Entries
        } else if writes {
            Sees::Own
        } else if register.figures && party == Party::Governors {
            Sees::Figures
        } else {
            Sees::Nothing
        };
        Self {
            party,
            sees,
            writes,
            decides: reads && named(&register.decide),
            signs: reads && named(&register.sign),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::registers::entry::tests::register;

    #[test]
    fn whoever_is_not_named_does_not_learn_that_there_is_such_a_register() {
        let log = Register {
            write: vec![Party::Staff],
            read: vec![Party::Headteacher],
            about_pupils: true,
            ..register()
        };
        let sees = |duty| Rights::of(duty, &log).sees;
        assert_eq!(sees(Duty::Holder(Role::Headteacher)), Sees::Entries);
        assert_eq!(sees(Duty::Office), Sees::Own, "who may write sees their own");
        assert_eq!(sees(Duty::Staff), Sees::Own);
        assert_eq!(sees(Duty::Governor), Sees::Nothing);
        assert_eq!(sees(Duty::Holder(Role::Chair)), Sees::Nothing);
        let counted = Register { figures: true, ..log };
        assert_eq!(Rights::of(Duty::Governor, &counted).sees, Sees::Figures);
    }

    #[test]
    fn no_slip_in_a_form_shows_governors_what_is_about_pupils_and_nobody_signs_what_they_do_not_read() {
        let slip = Register {
            write: vec![Party::Governors],
            read: vec![Party::Governors, Party::Office],
            sign: vec![Party::Governors, Party::Technician],
            decide: vec![Party::Governors],
            about_pupils: true,
            ..register()
        };
        let governor = Rights::of(Duty::Governor, &slip);
        assert_eq!(governor.sees, Sees::Nothing);
        assert!(!governor.writes && !governor.decides && !governor.signs);
        assert!(!Rights::of(Duty::Technician, &slip).signs);
        let open = Register { about_pupils: false, ..slip };
        assert!(Rights::of(Duty::Governor, &open).signs);
    }
}
