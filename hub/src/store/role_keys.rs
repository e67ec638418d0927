//! The keys of roles as they are stored: one for each role, a copy for each of its holders.

use rusqlite::{Connection, Row, params};

use records::{
    day::Moment,
    keys::SealKey,
    report::{Role, RoleKey},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    parsed, thirty_two,
};
use crate::wrap::Wrap;

/// What the audit log calls it when a copy is taken from a holder.
const TAKEN: &str = "role key taken from a holder";

/// A holder's copy of a role's key, its private half wrapped.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// The role and the key that is sealed for.
    pub public: RoleKey,
    /// The account that holds it.
    pub account: i64,
    /// The private half under the holder's passphrase.
    pub wrapped: Wrap,
    /// When this copy was made; as it is handed in to be kept, nothing.
    pub made: Moment,
    /// When the box was last opened with it.
    pub opened: Option<Moment>,
    /// The holder's name for signing in.
    pub holder: String,
}

impl Store {
    /// Keeps the first copy of a role's key; false if the role has a key already, which then stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_role_key(&self, key: &StoredKey, now: Moment) -> Result<bool, StoreError> {
        let first = "INSERT INTO role_keys (role, account, public, wrapped, made_at)
             SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM role_keys WHERE role = ?1)";
        self.keep(key, first, "role key made", now)
    }

    /// Keeps a copy of a role's key for another holder; false if the role has another key now, or none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn share_role_key(&self, key: &StoredKey, now: Moment) -> Result<bool, StoreError> {
        let copy = "INSERT INTO role_keys (role, account, public, wrapped, made_at)
             SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM role_keys WHERE role = ?1 AND public = ?3)
             ON CONFLICT (role, account) DO UPDATE SET wrapped = excluded.wrapped";
        self.keep(key, copy, "role key shared", now)
    }

    fn keep(&self, key: &StoredKey, insert: &str, what: &str, now: Moment) -> Result<bool, StoreError> {
        let wrapped = serde_json::to_string(&key.wrapped).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.write(|write| {
            let role = key.public.role.as_str();
            let row = params![role, key.account, key.public.key.as_bytes(), wrapped, now.0];
            let kept = write.execute(insert, row)? == 1;
            if kept {
                audit::note(write, now, Actor::Account(key.account), what, role)?;
            }
            Ok(kept)
        })
    }

    /// Takes a holder's copy away; false if that is nobody's, or the last one: a key that nobody can open any
    /// more would leave reports unread.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn remove_holder(&self, role: Role, account: i64, by: i64, now: Moment) -> Result<bool, StoreError> {
        self.write(|write| {
            let gone = write.execute(
                "DELETE FROM role_keys WHERE role = ?1 AND account = ?2
                 AND (SELECT count(*) FROM role_keys WHERE role = ?1) > 1",
                params![role.as_str(), account],
            )?;
            if gone == 1 {
                let detail = format!("{} account {account}", role.as_str());
                audit::note(write, now, Actor::Account(by), TAKEN, &detail)?;
            }
            Ok(gone == 1)
        })
    }

    /// From which accounts a copy of a role's key was taken, and when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holders_gone(&self, role: Role) -> Result<Vec<(i64, Moment)>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare("SELECT detail, at FROM audit WHERE what = ?")?;
            let mut rows = select.query([TAKEN])?;
            let beginning = format!("{} account ", role.as_str());
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let detail: String = row.get(0)?;
                if let Some(account) = detail.strip_prefix(&beginning) {
                    all.push((parsed(account)?, Moment(row.get(1)?)));
                }
            }
            Ok(all)
        })
    }

    /// Every holder's copy of every role's key, role by role, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn role_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        self.read(|read| all(read))
    }
}

/// The public keys that kiosks get: those of every role, or none while one is missing, so that nothing
/// can be told that some route would leave without a reader.
pub(super) fn for_kiosks(read: &Connection) -> Result<Vec<RoleKey>, StoreError> {
    let mut keys: Vec<RoleKey> = all(read)?.into_iter().map(|stored| stored.public).collect();
    keys.dedup();
    Ok(if keys.len() == Role::ALL.len() { keys } else { Vec::new() })
}

fn all(read: &Connection) -> Result<Vec<StoredKey>, StoreError> {
    let each: Result<Vec<_>, StoreError> = Role::ALL.into_iter().map(|role| of(read, role)).collect();
    Ok(each?.into_iter().flatten().collect())
}

/// Keeps the first copy of a key.
pub(super) fn insert(write: &Connection, key: &StoredKey, now: Moment) -> Result<(), StoreError> {
    let wrapped = serde_json::to_string(&key.wrapped).map_err(|e| StoreError::Damaged(e.to_string()))?;
    write.execute(
        "INSERT INTO role_keys (role, account, public, wrapped, made_at) VALUES (?, ?, ?, ?, ?)",
        params![key.public.role.as_str(), key.account, key.public.key.as_bytes(), wrapped, now.0],
    )?;
    Ok(())
}

/// Takes every copy that an account has; gives back of which roles, or the first role of whose key it has the only
/// copy. To be undone with the transaction then.
pub(super) fn take_all(
    write: &Connection,
    account: i64,
    actor: Actor,
    now: Moment,
) -> Result<Result<Vec<Role>, Role>, StoreError> {
    let mut taken = Vec::new();
    for role in Role::ALL {
        let copies = of(write, role)?;
        if copies.iter().all(|copy| copy.account != account) {
            continue;
        }
        if copies.len() == 1 {
            return Ok(Err(role));
        }
        write.execute(
            "DELETE FROM role_keys WHERE role = ? AND account = ?",
            params![role.as_str(), account],
        )?;
        audit::note(write, now, actor, TAKEN, &format!("{} account {account}", role.as_str()))?;
        taken.push(role);
    }
    Ok(Ok(taken))
}

/// Every copy of a role's key, the oldest first.
pub(super) fn of(read: &Connection, role: Role) -> Result<Vec<StoredKey>, StoreError> {
    let mut statement = read.prepare(
        "SELECT role, account, public, wrapped, opened_at, (SELECT name FROM accounts WHERE id = account), made_at
         FROM role_keys WHERE role = ? ORDER BY made_at, account",
    )?;
    let mut keys = Vec::new();
    let mut rows = statement.query([role.as_str()])?;
    while let Some(row) = rows.next()? {
        keys.push(stored(role, row)?);
    }
    Ok(keys)
}

fn stored(role: Role, row: &Row<'_>) -> Result<StoredKey, StoreError> {
    let wrapped: String = row.get(3)?;
    Ok(StoredKey {
        public: RoleKey { role, key: SealKey::from_bytes(thirty_two(row.get(2)?)?) },
        account: row.get(1)?,
        wrapped: serde_json::from_str(&wrapped).map_err(|e| StoreError::Damaged(e.to_string()))?,
        opened: row.get::<_, Option<i64>>(4)?.map(Moment),
        holder: row.get(5)?,
        made: Moment(row.get(6)?),
    })
}
