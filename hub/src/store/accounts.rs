//! The desk's accounts and sessions. Passwords are kept as Argon2id hashes, session tokens as SHA-256.

use std::{collections::HashMap, str::FromStr};

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{day::Moment, digest::Digest, report::Role};

use super::{
    Store, StoreError, account_ends,
    audit::{self, Actor},
    listeners, parsed,
};

/// A session not used for this long ends, in seconds.
pub const IDLE_SECONDS: i64 = 30 * 60;
/// A session ends after this long in any case, in seconds.
pub const SESSION_SECONDS: i64 = 10 * 60 * 60;
/// How often the last use of a session is written, in seconds.
const SEEN_SECONDS: i64 = 60;

/// How far a clock may be set back without ending a session, in seconds. One from further ahead would
/// not end before the clock has caught up with it.
pub(super) const CLOCK_SECONDS: i64 = 5 * 60;

/// What an account is for, and so what it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// The office's pages; nothing of any report.
    Office,
    /// The safeguarding desk, as a holder of this role; nothing of the office.
    Holder(Role),
    /// Kiosks and backups, and the registers that are for whoever looks after them; nothing of anybody.
    Technician,
    /// Figures without names, and what a governor may know of registers.
    Governor,
    /// Anybody else who works here: writes entries, sees their own, and whom pictures may show.
    Staff,
}

impl Duty {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Office,
        Self::Holder(Role::Safeguarding),
        Self::Holder(Role::Headteacher),
        Self::Holder(Role::Chair),
        Self::Holder(Role::ViceChair),
        Self::Technician,
        Self::Governor,
        Self::Staff,
    ];
    /// Its name on command lines and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Holder(role) => role.as_str(),
            Self::Technician => "technician",
            Self::Governor => "governor",
            Self::Staff => "staff",
        }
    }
    /// Whether somebody with this duty may take away the second step of somebody with the other, who has lost the phone:
    /// the office for whoever reads no report, the holders of roles for each other.
    pub const fn mends(self, other: Self) -> bool {
        match self {
            Self::Office => !matches!(other, Self::Holder(_)),
            Self::Holder(_) => matches!(other, Self::Holder(_)),
            Self::Technician | Self::Governor | Self::Staff => false,
        }
    }
    /// Whether somebody with this duty may end an account of the other at the desk: the headteacher any, the technician
    /// those that read no report. Nobody ends their own.
    pub const fn ends(self, other: Self) -> bool {
        match self {
            Self::Holder(Role::Headteacher) => true,
            Self::Technician => !matches!(other, Self::Holder(_)),
            Self::Office | Self::Holder(_) | Self::Governor | Self::Staff => false,
        }
    }
}

/// A word that names no duty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no role: use office, safeguarding, headteacher, chair, vice-chair, technician, governor or staff"
)]
pub struct NoSuchDuty(String);

impl FromStr for Duty {
    type Err = NoSuchDuty;
    fn from_str(text: &str) -> Result<Self, NoSuchDuty> {
        let known = Self::ALL.into_iter().find(|duty| duty.as_str() == text);
        known.ok_or_else(|| NoSuchDuty(text.chars().take(40).collect()))
    }
}

/// An account as signing in needs it.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// The name to sign in with.
    pub name: String,
    /// The password's hash.
    pub password: String,
    /// Whether the password has to be changed at once.
    pub one_time: bool,
    /// What it is for.
    pub duty: Duty,
}

/// What a browser is given when somebody signs in.
#[derive(Debug, Clone, Copy)]
pub struct NewTokens<'a> {
    /// Says who it is, until nobody uses it.
    pub session: &'a [u8],
    /// Hears calls, and does nothing else.
    pub listening: &'a [u8],
}

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is taken.
    #[error(
        "there is already an account named “{0}”. For a new password use “signpost-hub account password”"
    )]
    Taken(String),
    /// The name is not one.
    #[error(
        "an account's name has 1 to 40 letters, digits, dots, hyphens or underscores, as in “office” or “r.adeyemi”"
    )]
    BadName,
    /// Nobody has it.
    #[error("there is no account named “{0}”")]
    None(String),
    /// The name is that of an account that has ended.
    #[error(
        "an account named “{0}” has ended, and its name stays with what it did. Open it again with “signpost-hub account reopen”, or choose another name"
    )]
    TakenByEnded(String),
    /// It has ended.
    #[error("the account “{0}” has ended. To open it again use “signpost-hub account reopen”")]
    Ended(String),
    /// It has not ended.
    #[error("the account “{0}” has not ended. For a new password use “signpost-hub account password”")]
    NotEnded(String),
    /// It has this duty already.
    #[error("the account “{0}” is for this already: {duty}. Nothing was changed", duty = .1.as_str())]
    SameDuty(String, Duty),
    /// Without it nobody would be left in the office.
    #[error(
        "“{0}” is the only account of the office, and without one nobody can use the desk. Nothing was changed. Make another first: “signpost-hub account add NAME --role office”"
    )]
    LastOfOffice(String),
    /// Without it nobody could open what was told to a role.
    #[error(
        "“{0}” alone holds the key of the role {role}. It would go with the account, and nobody of this role could read what children told. Nothing was changed. Somebody else gets the key first: from “{0}”, at the desk; or where they have gone already, with the recovery sheet, or from the headteacher and the chair together. To keep “{0}” out until then, use “signpost-hub account password {0}” and give the new password to nobody", role = .1.as_str()
    )]
    LastHolder(String, Role),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
impl From<rusqlite::Error> for AccountError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// How many accounts there are of each duty that has any. Those that have ended do not count.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn accounts_by_duty(&self) -> Result<Vec<(Duty, usize)>, StoreError> {
        self.read(|read| {
            let mut statement =
                read.prepare("SELECT count(*) FROM accounts WHERE duty = ? AND ended_at IS NULL")?;
            let mut all = Vec::new();
            for duty in Duty::ALL {
                let count: i64 = statement.query_row([duty.as_str()], |row| row.get(0))?;
                let count = usize::try_from(count).unwrap_or_default();
                all.extend(Some((duty, count)).filter(|(_, count)| *count > 0));
            }
            Ok(all)
        })
    }

    /// Makes an account with a password (given as its hash) that has to be changed at the first sign-in.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn add_account(
        &self,
        name: &str,
        password: &str,
        duty: Duty,
        actor: Actor,
        now: Moment,
    ) -> Result<(), AccountError> {
        let good = (1..=40).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if !good {
            return Err(AccountError::BadName);
        }
        self.write(|write| {
            let new = write.execute(
                "INSERT INTO accounts (name, password, one_time, made_at, duty) VALUES (?, ?, 1, ?, ?)
                 ON CONFLICT (name) DO NOTHING",
                params![name, password, now.0, duty.as_str()],
            )?;
            if new == 0 {
                account_ends::at_work(write, name).map_err(|why| match why {
                    AccountError::Ended(name) => AccountError::TakenByEnded(name),
                    why => why,
                })?;
                return Err(AccountError::Taken(name.to_owned()));
            }
            let id = write.last_insert_rowid();
            Ok(audit::note(write, now, actor, "account made", &format!("account {id} {}", duty.as_str()))?)
        })
    }

    /// Gives an account another password and ends its sessions.
    ///
    /// # Errors
    /// [`AccountError::None`] if nobody has this name, [`AccountError::Ended`] if that account has ended.
    pub fn set_password(
        &self,
        name: &str,
        password: &str,
        one_time: bool,
        actor: Actor,
        now: Moment,
    ) -> Result<(), AccountError> {
        self.write(|write| {
            let (id, _) = account_ends::at_work(write, name)?;
            write.execute(
                "UPDATE accounts SET password = ?, one_time = ? WHERE id = ?",
                params![password, one_time, id],
            )?;
            listeners::end_all(write, id)?;
            Ok(audit::note(write, now, actor, "password changed", &format!("account {id}"))?)
        })
    }

    /// The account of this name, unless it has ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        self.read(|read| {
            let select = "SELECT id, name, password, one_time, duty FROM accounts
                 WHERE name = ? AND ended_at IS NULL";
            read.query_row(select, [name], |row| Ok(account(row))).optional()?.transpose()
        })
    }

    /// Everybody with this duty whose account has not ended, by number and name, the account that was made first before
    /// others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn accounts_of(&self, duty: Duty) -> Result<Vec<(i64, String)>, StoreError> {
        self.read(|read| {
            let mut select = read
                .prepare("SELECT id, name FROM accounts WHERE duty = ? AND ended_at IS NULL ORDER BY id")?;
            let all = select.query_map([duty.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(all.collect::<Result<_, _>>()?)
        })
    }

    /// What every account is called, by its number: also one that signs in no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn account_names(&self) -> Result<HashMap<i64, String>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT id, name FROM accounts")?;
            let all = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(all.collect::<Result<_, _>>()?)
        })
    }

    /// Begins a session, and beside it [listening](listeners) for calls; forgets those that have ended. `false`, and
    /// there is none, where the account has ended since its password was right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_session(
        &self,
        account: &Account,
        tokens: NewTokens<'_>,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            write.execute(
                "DELETE FROM sessions WHERE seen_at < ? OR made_at < ? OR max(seen_at, made_at) > ?",
                params![now.0 - IDLE_SECONDS, now.0 - SESSION_SECONDS, now.0 + CLOCK_SECONDS],
            )?;
            let begun = write.execute(
                "INSERT INTO sessions (token, account, made_at, seen_at)
                 SELECT ?1, id, ?3, ?3 FROM accounts WHERE id = ?2 AND ended_at IS NULL",
                params![Digest::of(tokens.session).as_bytes(), account.id, now.0],
            )?;
            if begun == 1 {
                listeners::begin(write, account.id, tokens.session, tokens.listening, now)?;
                audit::note(write, now, Actor::Account(account.id), "signed in", "")?;
            }
            Ok::<_, StoreError>(begun == 1)
        })
    }

    /// Whose session this is, if it has not ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn session(&self, token: &[u8], now: Moment) -> Result<Option<Account>, StoreError> {
        let Some((account, seen)) = self.read(|read| session(read, token, now))? else { return Ok(None) };
        if now.0 - seen >= SEEN_SECONDS {
            let noted = self.write(|write| {
                write.execute(
                    "UPDATE sessions SET seen_at = ? WHERE token = ?",
                    params![now.0, Digest::of(token).as_bytes()],
                )?;
                Ok::<(), StoreError>(())
            });
            match noted {
                // What can be read is shown on a full disk too. The session only ends earlier than it would.
                Ok(()) | Err(StoreError::Full | StoreError::NotNow(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(account))
    }

    /// Whose session it is, without this being a sign of life: a page that looks by itself keeps no session open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn glance(&self, token: &[u8], now: Moment) -> Result<Option<Account>, StoreError> {
        Ok(self.read(|read| session(read, token, now))?.map(|(account, _)| account))
    }

    /// Ends a session, and its listening.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_session(&self, token: &[u8], account: i64, now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            write.execute("DELETE FROM sessions WHERE token = ?", [Digest::of(token).as_bytes()])?;
            listeners::end_with(write, token)?;
            audit::note(write, now, Actor::Account(account), "signed out", "")
        })
    }
}

/// The account of a session that has not ended, and when it was last used.
fn session(read: &Connection, token: &[u8], now: Moment) -> Result<Option<(Account, i64)>, StoreError> {
    read.query_row(
        "SELECT a.id, a.name, a.password, a.one_time, a.duty, s.seen_at
         FROM sessions s JOIN accounts a ON a.id = s.account
         WHERE s.token = ? AND a.ended_at IS NULL AND s.seen_at >= ? AND s.made_at >= ? AND max(s.seen_at, s.made_at) <= ?",
        params![
            Digest::of(token).as_bytes(),
            now.0 - IDLE_SECONDS,
            now.0 - SESSION_SECONDS,
            now.0 + CLOCK_SECONDS
        ],
        |row| Ok((account(row), row.get::<_, i64>(5)?)),
    )
    .optional()?
    .map(|(account, seen)| Ok((account?, seen)))
    .transpose()
}

fn account(row: &rusqlite::Row<'_>) -> Result<Account, StoreError> {
    let duty: String = row.get(4)?;
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        password: row.get(2)?,
        one_time: row.get(3)?,
        duty: parsed(&duty)?,
    })
}
