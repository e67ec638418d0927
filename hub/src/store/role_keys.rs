//! The keys of roles as they are stored: one for each role, with its one holder.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use records::{
    day::Moment,
    keys::SealKey,
    report::{Role, RoleKey},
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    thirty_two,
};
use crate::wrap::Wrap;

/// A role's key, its private half wrapped.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// The role and the key that is sealed for.
    pub public: RoleKey,
    /// The account that holds it.
    pub account: i64,
    /// The private half under the holder's passphrase.
    pub wrapped: Wrap,
    /// When the box was last opened with it.
    pub opened: Option<Moment>,
}

impl Store {
    /// Keeps a role's key; false if the role has one already, which then stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_role_key(&self, key: &StoredKey, now: Moment) -> Result<bool, StoreError> {
        let wrapped = serde_json::to_string(&key.wrapped).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.write(|write| {
            let role = key.public.role.as_str();
            let new = write.execute(
                "INSERT INTO role_keys (role, account, public, wrapped, made_at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (role) DO NOTHING",
                params![role, key.account, key.public.key.as_bytes(), wrapped, now.0],
            )?;
            if new == 1 {
                audit::note(write, now, Actor::Account(key.account), "role key made", role)?;
            }
            Ok(new == 1)
        })
    }

    /// The key of a role.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn role_key(&self, role: Role) -> Result<Option<StoredKey>, StoreError> {
        self.read(|read| {
            let mut found = all(read)?.into_iter();
            Ok(found.find(|key| key.public.role == role))
        })
    }

    /// The keys of all roles that have one.
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
    let keys = all(read)?;
    Ok(if keys.len() == Role::ALL.len() { keys.into_iter().map(|k| k.public).collect() } else { Vec::new() })
}

fn all(read: &Connection) -> Result<Vec<StoredKey>, StoreError> {
    let select = "SELECT role, account, public, wrapped, opened_at FROM role_keys WHERE role = ?";
    let mut statement = read.prepare(select)?;
    let mut keys = Vec::new();
    for role in Role::ALL {
        let found = statement.query_row([role.as_str()], |row| Ok(stored(role, row))).optional()?;
        keys.extend(found.transpose()?);
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
    })
}
