//! A role's key on paper: for the day on which nobody knows a passphrase that opens it any more.
//!
//! A holder whose box is open makes the sheet. The key is wrapped ([`crate::wrap`]) under a secret of 160 bits, made by
//! chance; the secret is split in two, and each half is printed on a sheet of its own. The hub keeps the wrapped key and
//! a digest of each half, and forgets the rest. To open it, two people of different roles each type a half; whoever they
//! have named then gets the key, under a passphrase of their own.
//!
//! 1. [`half`]: a half as it is printed and typed.
//! 2. [`paper`]: what is printed around it.
//! 3. [`begun`]: a half that was typed and waits for the other.
//! 4. [`lost`]: where neither a passphrase nor both halves can be found.

use records::{keys::OpeningKey, report::Role};

use crate::{
    hub::Hub,
    random,
    store::{StoreError, recovery::StoredSheet},
    wrap::Wrap,
};

pub mod begun;
pub mod half;
pub mod lost;
pub mod paper;

use half::{Half, SHARE, SheetNumber, Which};

/// A sheet that was just made: what the hub keeps of it, and what goes on paper.
pub struct Sheet {
    /// What the hub keeps.
    pub stored: StoredSheet,
    /// What goes on paper.
    pub halves: [Half; 2],
}

/// Why a half, though it was typed without a slip, is not one of the sheet that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Of another school's hub, or of one that this school had before.
    School,
    /// Of another role's key.
    Role(Role),
    /// Of a sheet that this hub knows nothing of.
    Sheet,
    /// Of a sheet that is void: when that was made, and since when.
    Void(records::day::Moment, records::day::Moment),
    /// Not as it was printed: slips that the checks of its groups do not show.
    Changed,
}

impl Hub {
    /// Makes a sheet for a role's key. Nothing is kept of it yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draw_sheet(&self, role: Role, key: &OpeningKey, account: i64) -> Result<Sheet, StoreError> {
        let before = self.store.sheets(role)?;
        let number = loop {
            let number = SheetNumber::generate();
            if before.iter().all(|sheet| sheet.number != number) {
                break number;
            }
        };
        let secret = zeroize::Zeroizing::new(random::bytes::<SHARE>());
        let halves = half::split(&secret, role, half::school_number(self.identity().school), number);
        let wrapped = Wrap::new(&key.to_bytes(), &*secret, &purpose(role, number));
        let wrapped = wrapped.map_err(|e| StoreError::Damaged(format!("the key cannot be wrapped: {e}")))?;
        let stored = StoredSheet {
            role,
            number,
            public: key.seal_key(),
            wrapped: Some(wrapped),
            halves: [halves[0].digest(), halves[1].digest()],
            account,
            maker: String::new(),
            made: self.now(),
            void: None,
        };
        Ok(Sheet { stored, halves })
    }

    /// The sheet in force that a half is of; or why it is of none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheet_of(&self, half: &Half, role: Role) -> Result<Result<StoredSheet, Foreign>, StoreError> {
        if half.school != half::school_number(self.identity().school) {
            return Ok(Err(Foreign::School));
        }
        if half.role != role {
            return Ok(Err(Foreign::Role(half.role)));
        }
        let mut sheets = self.store.sheets(role)?.into_iter();
        let Some(sheet) = sheets.find(|sheet| sheet.number == half.sheet) else {
            return Ok(Err(Foreign::Sheet));
        };
        let digest = sheet.halves[usize::from(half.which == Which::Second)];
        Ok(match sheet.void {
            Some(void) => Err(Foreign::Void(sheet.made, void)),
            None if digest != half.digest() => Err(Foreign::Changed),
            None => Ok(sheet),
        })
    }

    /// The key that two halves of a sheet open.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where they do not, or it is not the key that the sheet is for.
    pub fn opened_by(&self, sheet: &StoredSheet, one: &Half, other: &Half) -> Result<OpeningKey, StoreError> {
        let damaged = || {
            let role = sheet.role.as_str();
            StoreError::Damaged(format!("what the recovery sheet of the role {role} opens is damaged"))
        };
        let wrapped = sheet.wrapped.as_ref().ok_or_else(damaged)?;
        let secret = half::joined(one, other);
        let bytes = wrapped.open(&*secret, &purpose(sheet.role, sheet.number)).map_err(|_| damaged())?;
        let key = OpeningKey::from_bytes(&bytes).map_err(|_| damaged())?;
        if key.seal_key() == sheet.public { Ok(key) } else { Err(damaged()) }
    }
}

fn purpose(role: Role, number: SheetNumber) -> String {
    format!("signpost recovery sheet 1 {} {}", role.as_str(), number.number())
}
