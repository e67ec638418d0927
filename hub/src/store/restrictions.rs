//! Court orders and what else restricts contact with a pupil: a flag with a note, for the office and the headteacher.
//!
//! It changes no answer: whoever has parental responsibility keeps it until a court takes it. It withholds letters and
//! codes. A family in which somebody is restricted has no code until somebody has decided that it may have one. Where a
//! list makes somebody new of a restricted person, by another spelling or number, whoever came anew for that pupil
//! counts as restricted until the flag is put right: a slip in a list opens nothing.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use records::{day::Moment, ids::PersonId};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    families::FamilyId,
    sixteen,
};

/// A flag's id.
pub type RestrictionId = [u8; 16];

/// That contact is restricted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// Its id.
    pub id: RestrictionId,
    /// With whom.
    pub pupil: PersonId,
    /// Whose; none where it is about somebody who is on no list here, or about the pupil as such.
    pub grown_up: Option<PersonId>,
    /// What the school wrote down.
    pub note: String,
    /// Who wrote it: the name of their account.
    pub by: String,
    /// When.
    pub made: Moment,
    /// Since when they may have letters and a code all the same, and who decided that.
    pub letters: Option<(Moment, String)>,
    /// Since when it is over, and who said so.
    pub ended: Option<(Moment, String)>,
}

impl Restriction {
    /// Whether it is in force.
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// A flag that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRestriction {
    /// A random id.
    pub id: RestrictionId,
    /// With whom contact is restricted.
    pub pupil: PersonId,
    /// Whose.
    pub grown_up: Option<PersonId>,
    /// What the school writes down.
    pub note: String,
}

/// What is decided about a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They may have letters and a code.
    Letters,
    /// They may not, any more.
    NoLetters,
    /// It is over.
    Ended,
}

impl Store {
    /// All flags, those that are over too, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn restrictions(&self) -> Result<Vec<Restriction>, StoreError> {
        self.read(|read| restrictions(read))
    }

    /// Families that get no letter and no code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn withheld(&self) -> Result<HashSet<FamilyId>, StoreError> {
        self.read(|read| withheld(read))
    }

    /// Sets a flag. The code of a family in which somebody is restricted ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn restrict(&self, new: &NewRestriction, account: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO restrictions (id, pupil, grown_up, note, account, made_at) VALUES (?, ?, ?, ?, ?, ?)",
                params![
                    new.id,
                    new.pupil.as_bytes(),
                    new.grown_up.as_ref().map(PersonId::as_bytes),
                    new.note,
                    account,
                    now.0
                ],
            )?;
            end_codes(write)?;
            let detail = detail(new.pupil, new.grown_up);
            audit::note(write, now, Actor::Account(account), "contact restricted", &detail)
        })
    }

    /// Decides about a flag that is in force. False where there is none of this id about this pupil.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn decide_restriction(
        &self,
        pupil: PersonId,
        id: RestrictionId,
        decision: Decision,
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let all = restrictions(write)?;
            let found = all.iter().find(|one| one.id == id && one.pupil == pupil && one.is_open());
            let Some(found) = found else { return Ok(false) };
            let (sql, what) = match decision {
                Decision::Letters => (
                    "UPDATE restrictions SET letters_at = ?1, letters_account = ?2 WHERE id = ?3",
                    "letters allowed to a restricted contact",
                ),
                Decision::NoLetters => (
                    "UPDATE restrictions SET letters_at = NULL, letters_account = ?2 WHERE id = ?3 AND ?1 = ?1",
                    "letters withheld from a restricted contact",
                ),
                Decision::Ended => (
                    "UPDATE restrictions SET ended_at = ?1, ended_account = ?2 WHERE id = ?3",
                    "restriction of contact ended",
                ),
            };
            write.execute(sql, params![now.0, account, id])?;
            end_codes(write)?;
            audit::note(write, now, Actor::Account(account), what, &detail(pupil, found.grown_up))?;
            Ok(true)
        })
    }
}

fn detail(pupil: PersonId, grown_up: Option<PersonId>) -> String {
    grown_up.map_or_else(|| pupil.to_string(), |grown_up| format!("{pupil} {grown_up}"))
}

pub(super) fn restrictions(read: &Connection) -> Result<Vec<Restriction>, StoreError> {
    let mut select = read.prepare(
        "SELECT id, pupil, grown_up, note, (SELECT name FROM accounts WHERE id = account), made_at,
             letters_at, (SELECT name FROM accounts WHERE id = letters_account),
             ended_at, (SELECT name FROM accounts WHERE id = ended_account)
         FROM restrictions ORDER BY made_at DESC, id",
    )?;
    let mut rows = select.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let both = |at: Option<i64>, by: Option<String>| Some((Moment(at?), by.unwrap_or_default()));
        all.push(Restriction {
            id: sixteen(row.get(0)?)?,
            pupil: PersonId::from_bytes(sixteen(row.get(1)?)?),
            grown_up: row.get::<_, Option<Vec<u8>>>(2)?.map(sixteen).transpose()?.map(PersonId::from_bytes),
            note: row.get(3)?,
            by: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
            made: Moment(row.get(5)?),
            letters: both(row.get(6)?, row.get(7)?),
            ended: both(row.get(8)?, row.get(9)?),
        });
    }
    Ok(all)
}

/// Families with somebody who is restricted and may have no letter: the one that a flag names, or, where that one
/// decides for the pupil no more, whoever has come to decide for them since.
pub(super) fn withheld(read: &Connection) -> Result<HashSet<FamilyId>, StoreError> {
    let mut select = read.prepare(
        "SELECT DISTINCT g.family FROM grown_ups g JOIN restrictions x
             ON x.grown_up IS NOT NULL AND x.ended_at IS NULL AND x.letters_at IS NULL
         WHERE g.family IS NOT NULL AND (g.id = x.grown_up OR
             EXISTS (SELECT 1 FROM responsibilities r WHERE r.grown_up = g.id AND r.pupil = x.pupil
                 AND r.ended_at IS NULL AND r.since >= x.made_at)
             AND NOT EXISTS (SELECT 1 FROM responsibilities r WHERE r.grown_up = x.grown_up
                 AND r.pupil = x.pupil AND r.ended_at IS NULL))",
    )?;
    let mut rows = select.query([])?;
    let mut all = HashSet::new();
    while let Some(row) = rows.next()? {
        all.insert(sixteen(row.get(0)?)?);
    }
    Ok(all)
}

/// Ends the codes of families that may have none.
pub(super) fn end_codes(write: &Connection) -> Result<(), StoreError> {
    for family in withheld(write)? {
        let sql = "UPDATE families SET locator = NULL, key = NULL, code_made_at = NULL WHERE id = ?";
        write.execute(sql, [family])?;
    }
    Ok(())
}
