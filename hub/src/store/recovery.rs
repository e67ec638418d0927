//! Recovery sheets as they are stored, and each time that one was used.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use records::{day::Moment, digest::Digest, keys::SealKey, report::Role};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    thirty_two,
};
use crate::{recovery::half::SheetNumber, wrap::Wrap};

/// A sheet: what its two halves open, and by what they are known again.
#[derive(Debug, Clone)]
pub struct StoredSheet {
    /// Of which role's key.
    pub role: Role,
    /// What both halves carry.
    pub number: SheetNumber,
    /// The key that it is for.
    pub public: SealKey,
    /// The private half under the secret on the paper; none once the sheet is void.
    pub wrapped: Option<Wrap>,
    /// Digests of the first half and the second.
    pub halves: [Digest; 2],
    /// Who made it.
    pub account: i64,
    /// Their name.
    pub maker: String,
    /// When.
    pub made: Moment,
    /// Since when it opens nothing.
    pub void: Option<Moment>,
}

/// That a sheet was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Its number here.
    pub id: i64,
    /// Whose key it was.
    pub role: Role,
    /// When.
    pub at: Moment,
    /// Who typed a half, and who the other.
    pub by: [String; 2],
    /// Who got the key.
    pub holder: String,
}

impl Store {
    /// Keeps a sheet, which makes the one before it void. False where another than `before` is in force by now, or the
    /// role has another key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_sheet(&self, sheet: &StoredSheet, before: Option<SheetNumber>) -> Result<bool, StoreError> {
        let wrapped =
            serde_json::to_string(&sheet.wrapped).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.write(|write| {
            let role = sheet.role.as_str();
            let in_force = "SELECT number FROM recovery_sheets WHERE role = ? AND void_at IS NULL";
            let in_force: Option<u32> = write.query_row(in_force, [role], |row| row.get(0)).optional()?;
            let key = "SELECT 1 FROM role_keys WHERE role = ? AND public = ?";
            let is_key = write.prepare(key)?.exists(params![role, sheet.public.as_bytes()])?;
            if in_force != before.map(SheetNumber::number) || !is_key {
                return Ok(false);
            }
            void(write, sheet.role, sheet.made, Actor::Account(sheet.account))?;
            write.execute(
                "INSERT INTO recovery_sheets (role, number, public, wrapped, first, second, account, made_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    role,
                    sheet.number.number(),
                    sheet.public.as_bytes(),
                    wrapped,
                    sheet.halves[0].as_bytes(),
                    sheet.halves[1].as_bytes(),
                    sheet.account,
                    sheet.made.0
                ],
            )?;
            let detail = named(sheet.role, sheet.number);
            audit::note(write, sheet.made, Actor::Account(sheet.account), "recovery sheet made", &detail)?;
            Ok(true)
        })
    }

    /// Every sheet of a role, the newest first: at most the first of them is in force.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheets(&self, role: Role) -> Result<Vec<StoredSheet>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT number, public, wrapped, first, second, account,
                     (SELECT name FROM accounts WHERE id = account), made_at, void_at
                 FROM recovery_sheets WHERE role = ? ORDER BY void_at IS NOT NULL, made_at DESC, void_at DESC",
            )?;
            let mut rows = select.query([role.as_str()])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(sheet(role, row)?);
            }
            Ok(all)
        })
    }

    /// The sheet of a role that is in force.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheet(&self, role: Role) -> Result<Option<StoredSheet>, StoreError> {
        Ok(self.sheets(role)?.into_iter().next().filter(|sheet| sheet.void.is_none()))
    }

    /// Puts on record that two accounts have used a sheet for a third, or for one of themselves.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_recovery(
        &self,
        sheet: &StoredSheet,
        by: [i64; 2],
        holder: i64,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO recoveries (role, number, one, other, holder, used_at) VALUES (?, ?, ?, ?, ?, ?)",
                params![sheet.role.as_str(), sheet.number.number(), by[0], by[1], holder, now.0],
            )?;
            let detail = format!(
                "{}, with account {}, for account {holder}",
                named(sheet.role, sheet.number),
                by[0]
            );
            audit::note(write, now, Actor::Account(by[1]), "recovery sheet used", &detail)
        })
    }

    /// Each time that a sheet was used, the last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn recoveries(&self) -> Result<Vec<Recovery>, StoreError> {
        self.read(|read| recoveries(read, "", []))
    }

    /// Of those of a role, what a holder who had its key by then has not seen yet. Whoever got the key knows it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn unseen_recoveries(&self, role: Role, account: i64) -> Result<Vec<Recovery>, StoreError> {
        self.read(|read| {
            let unseen = "WHERE role = ?1 AND holder <> ?2
                 AND EXISTS (SELECT 1 FROM role_keys k WHERE k.role = ?1 AND k.account = ?2 AND k.made_at <= used_at)
                 AND NOT EXISTS (SELECT 1 FROM recoveries_seen s WHERE s.recovery = recoveries.id AND s.account = ?2)";
            recoveries(read, unseen, params![role.as_str(), account])
        })
    }

    /// A holder has seen what there was to see up to this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn see_recoveries(&self, role: Role, account: i64, last: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            let seen = write.execute(
                "INSERT INTO recoveries_seen (recovery, account)
                 SELECT id, ?2 FROM recoveries WHERE role = ?1 AND id <= ?3 ON CONFLICT DO NOTHING",
                params![role.as_str(), account, last],
            )?;
            if seen > 0 {
                let detail = format!("{} up to {last}", role.as_str());
                audit::note(write, now, Actor::Account(account), "recovery seen", &detail)?;
            }
            Ok(())
        })
    }
}

/// Makes the sheet in force void, if there is one: what it would open is no longer kept.
pub(super) fn void(write: &Connection, role: Role, now: Moment, actor: Actor) -> Result<(), StoreError> {
    let gone: Option<u32> = write
        .query_row(
            "UPDATE recovery_sheets SET wrapped = NULL, void_at = ?2 WHERE role = ?1 AND void_at IS NULL
             RETURNING number",
            params![role.as_str(), now.0],
            |row| row.get(0),
        )
        .optional()?;
    match gone.and_then(SheetNumber::new) {
        Some(number) => audit::note(write, now, actor, "recovery sheet void", &named(role, number)),
        None => Ok(()),
    }
}

/// A sheet as the audit log names it.
fn named(role: Role, number: SheetNumber) -> String {
    format!("{} sheet {}", role.as_str(), number.number())
}

fn recoveries(
    read: &Connection,
    which: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Recovery>, StoreError> {
    let name = |column: &str| format!("(SELECT name FROM accounts WHERE accounts.id = {column})");
    let mut select = read.prepare(&format!(
        "SELECT id, role, used_at, {}, {}, {} FROM recoveries {which} ORDER BY id DESC",
        name("one"),
        name("other"),
        name("holder")
    ))?;
    let mut rows = select.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let role: String = row.get(1)?;
        let role = Role::ALL.into_iter().find(|one| one.as_str() == role);
        all.push(Recovery {
            id: row.get(0)?,
            role: role.ok_or_else(|| StoreError::Damaged("a recovery is of no role".into()))?,
            at: Moment(row.get(2)?),
            by: [row.get(3)?, row.get(4)?],
            holder: row.get(5)?,
        });
    }
    Ok(all)
}

fn sheet(role: Role, row: &Row<'_>) -> Result<StoredSheet, StoreError> {
    let damaged = || StoreError::Damaged("a recovery sheet has no number".into());
    let wrapped: Option<String> = row.get(2)?;
    let wrapped = wrapped.map(|text| serde_json::from_str(&text)).transpose();
    let digest = |bytes| thirty_two(bytes).map(Digest::from_bytes);
    Ok(StoredSheet {
        role,
        number: SheetNumber::new(row.get(0)?).ok_or_else(damaged)?,
        public: SealKey::from_bytes(thirty_two(row.get(1)?)?),
        wrapped: wrapped.map_err(|e| StoreError::Damaged(e.to_string()))?,
        halves: [digest(row.get(3)?)?, digest(row.get(4)?)?],
        account: row.get(5)?,
        maker: row.get(6)?,
        made: Moment(row.get(7)?),
        void: row.get::<_, Option<i64>>(8)?.map(Moment),
    })
}
