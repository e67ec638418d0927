//! The second step of signing in: a code from a phone, or one of the codes on paper for the day it is lost.

use rusqlite::{OptionalExtension as _, params};

use records::{day::Moment, digest::Digest};

use super::{
    Store, StoreError,
    accounts::{Account, Duty},
    audit::{self, Actor},
    listeners, parsed,
};
use crate::totp::Secret;

/// The setting that says whether the office's accounts need one too.
const SETTING: &str = "second step of the office";

/// An account's second step.
#[derive(Debug, Clone)]
pub struct SecondStep {
    /// What its phone knows.
    pub secret: Secret,
    /// Since when it is asked for; none while it is being set up.
    pub since: Option<Moment>,
    /// The last step that was used up.
    pub used: i64,
    /// How many codes on paper are left.
    pub codes: u64,
}

/// An account whose second step somebody else may take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// What is kept of a code on paper. It has 80 random bits, so that a plain digest is enough.
fn kept(code: &str) -> Digest {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Digest::of_kind("signpost recovery code 1", plain.to_lowercase().as_bytes())
}

impl Store {
    /// An account's second step, set up or on the way there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn second_step(&self, account: i64) -> Result<Option<SecondStep>, StoreError> {
        self.read(|read| {
            let row = read
                .query_row(
                    "SELECT secret, since, used, (SELECT count(*) FROM recovery_codes c WHERE c.account = s.account)
                     FROM second_steps s WHERE account = ?",
                    [account],
                    |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?)),
                )
                .optional()?;
            let Some((secret, since, used, codes)) = row else { return Ok(None) };
            let secret = secret.try_into().map_err(|_| StoreError::Damaged("a secret has not 20 bytes".into()))?;
            let since: Option<i64> = since;
            Ok(Some(SecondStep {
                secret: Secret::from_bytes(secret),
                since: since.map(Moment),
                used,
                codes: codes.unsigned_abs(),
            }))
        })
    }

    /// Whether an account needs a second step and has none yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn lacks_second_step(&self, account: &Account) -> Result<bool, StoreError> {
        let needed = matches!(account.duty, Duty::Holder(_)) || self.office_needs_second_step()?;
        Ok(needed && self.second_step(account.id)?.is_none_or(|step| step.since.is_none()))
    }

    /// Whether the accounts of the office, of governors and of technicians need a second step. Those of the holders of
    /// roles always do.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn office_needs_second_step(&self) -> Result<bool, StoreError> {
        Ok(self.setting(SETTING)?.is_some_and(|value| value == b"needed"))
    }

    /// Says whether the office's accounts need a second step.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_office_second_step(&self, needed: bool, actor: Actor, now: Moment) -> Result<(), StoreError> {
        let word = if needed { "needed" } else { "as each likes" };
        self.set_setting(SETTING, word.as_bytes())?;
        self.note(actor, "second step of the office", word, now)
    }

    /// Begins to set one up. One that is set up stays as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_second_step(&self, account: i64, secret: &Secret) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute(
                "INSERT INTO second_steps (account, secret) VALUES (?, ?)
                 ON CONFLICT (account) DO UPDATE SET secret = excluded.secret WHERE since IS NULL",
                params![account, secret.as_bytes()],
            )?;
            Ok(())
        })
    }

    /// From now on it is asked for. `step` is that of the code that showed that the phone knows it; `codes` are those
    /// on paper, of which only digests are kept. `false` if it was set up already, or the code was used meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn confirm_second_step(
        &self,
        account: i64,
        step: i64,
        codes: &[impl AsRef<str>],
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            let changed = write.execute(
                "UPDATE second_steps SET since = ?, used = ? WHERE account = ? AND since IS NULL",
                params![now.0, step, account],
            )?;
            if changed == 1 {
                keep_codes(write, account, codes)?;
                audit::note(write, now, Actor::Account(account), "second step set up", "")?;
            }
            Ok(changed == 1)
        })
    }

    /// New codes on paper in the place of those before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn renew_recovery_codes(
        &self,
        account: i64,
        codes: &[impl AsRef<str>],
        now: Moment,
    ) -> Result<(), StoreError> {
        self.write(|write| {
            keep_codes(write, account, codes)?;
            audit::note(write, now, Actor::Account(account), "recovery codes made", "")
        })
    }

    /// Uses a code of a phone up, with all before it. `false` if that was done already: of two who show the same code
    /// one gets in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn use_step(&self, account: i64, step: i64) -> Result<bool, StoreError> {
        self.write(|write| {
            let update =
                "UPDATE second_steps SET used = ?1 WHERE account = ?2 AND used < ?1 AND since IS NOT NULL";
            Ok(write.execute(update, params![step, account])? == 1)
        })
    }

    /// Uses a code on paper up. `false` if it is none of this account's, or was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn use_recovery_code(&self, account: i64, typed: &str, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let delete = "DELETE FROM recovery_codes WHERE account = ? AND code = ?";
            let used = write.execute(delete, params![account, kept(typed).as_bytes()])? == 1;
            if used {
                audit::note(write, now, Actor::Account(account), "recovery code used", "")?;
            }
            Ok(used)
        })
    }

    /// Takes an account's second step away, with its codes on paper, and ends its sessions. `false` if it has none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_second_step(&self, account: i64, actor: Actor, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            write.execute("DELETE FROM recovery_codes WHERE account = ?", [account])?;
            let taken = write.execute("DELETE FROM second_steps WHERE account = ?", [account])? == 1;
            if taken {
                listeners::end_all(write, account)?;
                audit::note(write, now, actor, "second step taken away", &format!("account {account}"))?;
            }
            Ok(taken)
        })
    }

    /// The other accounts that have a second step and whose loss this account [may mend](Duty::mends).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn others_with_second_step(&self, account: &Account) -> Result<Vec<Other>, StoreError> {
        self.read(|read| {
            let mut statement = read.prepare(
                "SELECT a.id, a.name, a.duty FROM accounts a JOIN second_steps s ON s.account = a.id
                 WHERE s.since IS NOT NULL AND a.ended_at IS NULL AND a.id <> ? ORDER BY a.name COLLATE NOCASE",
            )?;
            let mut rows = statement.query([account.id])?;
            let mut others = Vec::new();
            while let Some(row) = rows.next()? {
                let duty: Duty = parsed(&row.get::<_, String>(2)?)?;
                if account.duty.mends(duty) {
                    others.push(Other { id: row.get(0)?, name: row.get(1)? });
                }
            }
            Ok(others)
        })
    }
}

fn keep_codes(
    write: &rusqlite::Connection,
    account: i64,
    codes: &[impl AsRef<str>],
) -> Result<(), StoreError> {
    write.execute("DELETE FROM recovery_codes WHERE account = ?", [account])?;
    for code in codes {
        let insert = "INSERT INTO recovery_codes (account, code) VALUES (?, ?)";
        write.execute(insert, params![account, kept(code.as_ref()).as_bytes()])?;
    }
    Ok(())
}
