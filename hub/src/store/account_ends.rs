//! Accounts that end, that are opened again, that get another duty; and the list of them all.
//!
//! An account is never deleted, because what it did stands under its name: in the log, beside each entry of a register,
//! with each report. It ends, and from then on nothing opens with it: neither its password, nor a session that was open,
//! nor its second step, nor its copy of a role's key.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{day::Moment, report::Role};

use super::{
    Store, StoreError,
    accounts::{AccountError, Duty},
    audit::{self, Actor},
    listeners, parsed, role_keys,
};

/// An account as whoever sees to them looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub id: i64,
    /// The name to sign in with.
    pub name: String,
    /// What it is for.
    pub duty: Duty,
    /// When it was made.
    pub made: Moment,
    /// When somebody last signed in with it; none where nobody has.
    pub last: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Whether it has a copy of a role's key.
    pub holds_key: bool,
}

impl Store {
    /// Every account, those that have ended after the others, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn all_accounts(&self) -> Result<Vec<Listed>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT a.id, a.name, a.duty, a.made_at, l.at, a.ended_at,
                     EXISTS (SELECT 1 FROM role_keys k WHERE k.account = a.id)
                 FROM accounts a LEFT JOIN
                     (SELECT actor, max(at) AS at FROM audit WHERE what = 'signed in' GROUP BY actor) l
                     ON l.actor = 'account ' || a.id
                 ORDER BY a.ended_at IS NOT NULL, a.name COLLATE NOCASE",
            )?;
            let mut rows = select.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let moment = |at: Option<i64>| at.map(Moment);
                all.push(Listed {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    duty: parsed(&row.get::<_, String>(2)?)?,
                    made: Moment(row.get(3)?),
                    last: moment(row.get(4)?),
                    ended: moment(row.get(5)?),
                    holds_key: row.get(6)?,
                });
            }
            Ok(all)
        })
    }

    /// Ends an account: its password, its sessions, its second step and its copies of keys go. Gives back the roles
    /// whose key it had a copy of; whoever had it may still know that key.
    ///
    /// # Errors
    /// [`AccountError`], also where it is the last of the office or alone holds a key; then nothing was changed.
    pub fn end_account(&self, name: &str, actor: Actor, now: Moment) -> Result<Vec<Role>, AccountError> {
        self.write(|write| {
            let (id, duty) = at_work(write, name)?;
            let keys = leave(write, (id, name, duty), actor, now)?;
            write.execute(
                "UPDATE accounts SET ended_at = ?, password = '' WHERE id = ?",
                params![now.0, id],
            )?;
            write.execute("DELETE FROM recovery_codes WHERE account = ?", [id])?;
            write.execute("DELETE FROM second_steps WHERE account = ?", [id])?;
            audit::note(write, now, actor, "account ended", &format!("account {id}"))?;
            Ok(keys)
        })
    }

    /// Opens an account that has ended again, with a password (given as its hash) for one sign-in. Its second step and
    /// the key of a role do not come back with it.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn reopen_account(
        &self,
        name: &str,
        password: &str,
        actor: Actor,
        now: Moment,
    ) -> Result<(), AccountError> {
        self.write(|write| {
            let update = "UPDATE accounts SET ended_at = NULL, password = ?, one_time = 1
                 WHERE name = ? AND ended_at IS NOT NULL RETURNING id";
            let id: Option<i64> =
                write.query_row(update, params![password, name], |row| row.get(0)).optional()?;
            let Some(id) = id else {
                at_work(write, name)?;
                return Err(AccountError::NotEnded(name.to_owned()));
            };
            Ok(audit::note(write, now, actor, "account opened again", &format!("account {id}"))?)
        })
    }

    /// Gives an account another duty, and ends its sessions: what is open belongs to what it was for before. Gives back
    /// the roles whose key it had a copy of.
    ///
    /// # Errors
    /// [`AccountError`], as when it ends.
    pub fn change_duty(
        &self,
        name: &str,
        duty: Duty,
        actor: Actor,
        now: Moment,
    ) -> Result<Vec<Role>, AccountError> {
        self.write(|write| {
            let (id, before) = at_work(write, name)?;
            if before == duty {
                return Err(AccountError::SameDuty(name.to_owned(), duty));
            }
            let keys = leave(write, (id, name, before), actor, now)?;
            write.execute("UPDATE accounts SET duty = ? WHERE id = ?", params![duty.as_str(), id])?;
            let detail = format!("account {id} {} to {}", before.as_str(), duty.as_str());
            audit::note(write, now, actor, "account has another duty", &detail)?;
            Ok(keys)
        })
    }
}

/// The number and the duty of an account that has not ended.
pub(super) fn at_work(read: &Connection, name: &str) -> Result<(i64, Duty), AccountError> {
    let select = "SELECT id, duty, ended_at IS NOT NULL FROM accounts WHERE name = ?";
    let row = read.query_row(select, [name], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
    });
    match row.optional()? {
        None => Err(AccountError::None(name.to_owned())),
        Some((_, _, true)) => Err(AccountError::Ended(name.to_owned())),
        Some((id, duty, false)) => Ok((id, parsed(&duty)?)),
    }
}

/// Takes from an account what its duty gave it, unless nobody would be left who has it.
fn leave(
    write: &Connection,
    (id, name, duty): (i64, &str, Duty),
    actor: Actor,
    now: Moment,
) -> Result<Vec<Role>, AccountError> {
    if duty == Duty::Office {
        let others = "SELECT 1 FROM accounts WHERE duty = ? AND ended_at IS NULL AND id <> ?";
        if !write.prepare(others)?.exists(params![duty.as_str(), id])? {
            return Err(AccountError::LastOfOffice(name.to_owned()));
        }
    }
    let keys = role_keys::take_all(write, id, actor, now)?;
    let keys = keys.map_err(|role| AccountError::LastHolder(name.to_owned(), role))?;
    listeners::end_all(write, id)?;
    Ok(keys)
}
