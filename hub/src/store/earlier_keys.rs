//! Keys that roles had before: kept, sealed for the key of now, because what was told then stays sealed for them.

use rusqlite::{Connection, params};

use records::{day::Moment, keys::SealKey, report::Role};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    recovery, reports,
    role_keys::{self, StoredKey},
    settings, thirty_two,
};
use crate::wrap::Wrap;

/// A key that a role had before.
#[derive(Debug, Clone)]
pub struct EarlierKey {
    /// Its public half.
    pub public: SealKey,
    /// Its private half, with the key that it is sealed for: that of now, or one that was lost. None where it was lost
    /// itself.
    pub sealed: Option<(SealKey, Vec<u8>)>,
    /// When it was made.
    pub made: Moment,
    /// Since when there is another.
    pub retired: Moment,
    /// The name of who changed it.
    pub by: String,
    /// The last number of a roster that may name it: a kiosk with no newer one still seals for it.
    pub roster: u64,
}

/// What a change of a role's key comes to.
pub struct Change<'c> {
    /// The new key, for whoever changes it.
    pub new: &'c StoredKey,
    /// The key that it takes the place of.
    pub before: SealKey,
    /// The private halves of that key and of all before it, sealed for the new one.
    pub sealed: &'c [(SealKey, Vec<u8>)],
}

impl Store {
    /// Gives a role another key. Copies of the one before go, but for what is sealed for the new one; so does the
    /// recovery sheet. False where the role's key is another by now, or a key before it would be lost.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn change_role_key(&self, change: &Change<'_>, now: Moment) -> Result<bool, StoreError> {
        let (new, role) = (change.new, change.new.public.role);
        let actor = Actor::Account(new.account);
        self.write(|write| {
            let mut current = role_keys::of(write, role)?;
            current.retain(|copy| copy.public.key == change.before);
            let Some(first) = current.first() else { return Ok(false) };
            let made = first.made;
            let mut known: Vec<SealKey> = earlier(write, role)?
                .into_iter()
                .filter(|key| key.sealed.as_ref().is_some_and(|(to, _)| *to == change.before))
                .map(|key| key.public)
                .collect();
            known.push(change.before);
            if known.iter().any(|key| change.sealed.iter().all(|(sealed, _)| sealed != key)) {
                return Ok(false);
            }
            retire(write, new, change.before, made, now)?;
            seal(write, role, &new.public.key, change.sealed)?;
            audit::note(write, now, actor, "role key changed", role.as_str())?;
            Ok(true)
        })
    }

    /// Gives a role another key in the place of one that nobody can open: what was sealed for that one is not read by
    /// this role, unless somebody remembers a passphrase. False where the role has no key, or it is not this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn replace_lost_key(
        &self,
        new: &StoredKey,
        lost: SealKey,
        by: [i64; 2],
        now: Moment,
    ) -> Result<bool, StoreError> {
        let role = new.public.role;
        self.write(|write| {
            let current = role_keys::of(write, role)?;
            let Some(first) = current.first().filter(|copy| copy.public.key == lost) else {
                return Ok(false);
            };
            write.execute(
                "INSERT INTO lost_role_keys (role, public, account, wrapped)
                 SELECT role, public, account, wrapped FROM role_keys WHERE role = ?",
                [role.as_str()],
            )?;
            retire(write, new, lost, first.made, now)?;
            let detail = format!("{}, by account {} and account {}", role.as_str(), by[0], by[1]);
            audit::note(write, now, Actor::Account(new.account), "lost role key replaced", &detail)?;
            Ok(true)
        })
    }

    /// An account's copies of keys that were lost, the latest first, each with its public half.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn lost_copies(&self, role: Role, account: i64) -> Result<Vec<(SealKey, Wrap)>, StoreError> {
        self.read(|read| {
            let mut select = read.prepare(
                "SELECT public, wrapped FROM lost_role_keys l WHERE role = ?1 AND account = ?2 ORDER BY
                     (SELECT retired_at FROM earlier_role_keys e WHERE e.role = l.role AND e.public = l.public) DESC",
            )?;
            let mut rows = select.query(params![role.as_str(), account])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let wrapped: String = row.get(1)?;
                let wrapped = serde_json::from_str(&wrapped).map_err(|e| StoreError::Damaged(e.to_string()))?;
                all.push((SealKey::from_bytes(thirty_two(row.get(0)?)?), wrapped));
            }
            Ok(all)
        })
    }

    /// Somebody has remembered a passphrase: what was lost lies sealed for the key of now. False where the role has
    /// another key by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_lost_keys(
        &self,
        role: Role,
        current: &SealKey,
        sealed: &[(SealKey, Vec<u8>)],
        account: i64,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.write(|write| {
            if role_keys::of(write, role)?.first().is_none_or(|copy| copy.public.key != *current) {
                return Ok(false);
            }
            seal(write, role, current, sealed)?;
            for (public, _) in sealed {
                write.execute(
                    "DELETE FROM lost_role_keys WHERE role = ? AND public = ?",
                    params![role.as_str(), public.as_bytes()],
                )?;
            }
            audit::note(write, now, Actor::Account(account), "lost role key found", role.as_str())?;
            Ok(true)
        })
    }

    /// The keys that a role had before, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn earlier_keys(&self, role: Role) -> Result<Vec<EarlierKey>, StoreError> {
        self.read(|read| earlier(read, role))
    }

    /// How many reports that were found, and envelopes that wait, are sealed for a key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sealed_with(&self, role: Role, key: &SealKey) -> Result<u64, StoreError> {
        self.read(|read| {
            let mut count = 0;
            for table in ["reports", "sealed_envelopes"] {
                count += reports::count_for(read, table, role, key)?;
            }
            Ok(count)
        })
    }
}

/// Puts a new key in the place of another, of which nothing is kept yet but that it was.
fn retire(
    write: &Connection,
    new: &StoredKey,
    before: SealKey,
    made: Moment,
    now: Moment,
) -> Result<(), StoreError> {
    let role = new.public.role;
    let roster = i64::try_from(settings::last_number(write, "roster")?).unwrap_or(i64::MAX);
    write.execute(
        "INSERT INTO earlier_role_keys (role, public, made_at, retired_at, account, roster)
         VALUES (?, ?, ?, ?, ?, ?)",
        params![role.as_str(), before.as_bytes(), made.0, now.0, new.account, roster],
    )?;
    recovery::void(write, role, now, Actor::Account(new.account))?;
    write.execute("DELETE FROM role_keys WHERE role = ?", [role.as_str()])?;
    role_keys::insert(write, new, now)
}

/// Keeps the private halves of earlier keys as they are sealed for this one.
fn seal(
    write: &Connection,
    role: Role,
    to: &SealKey,
    sealed: &[(SealKey, Vec<u8>)],
) -> Result<(), StoreError> {
    for (public, sealed) in sealed {
        write.execute(
            "UPDATE earlier_role_keys SET sealed = ?, sealed_for = ? WHERE role = ? AND public = ?",
            params![sealed, to.as_bytes(), role.as_str(), public.as_bytes()],
        )?;
    }
    Ok(())
}

fn earlier(read: &Connection, role: Role) -> Result<Vec<EarlierKey>, StoreError> {
    let mut select = read.prepare(
        "SELECT public, sealed, made_at, retired_at, (SELECT name FROM accounts WHERE id = account), roster,
             sealed_for
         FROM earlier_role_keys WHERE role = ? ORDER BY retired_at DESC, made_at DESC",
    )?;
    let mut rows = select.query([role.as_str()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let to: Option<Vec<u8>> = row.get(6)?;
        let to = to.map(thirty_two).transpose()?.map(SealKey::from_bytes);
        let sealed: Option<Vec<u8>> = row.get(1)?;
        all.push(EarlierKey {
            public: SealKey::from_bytes(thirty_two(row.get(0)?)?),
            sealed: to.zip(sealed),
            made: Moment(row.get(2)?),
            retired: Moment(row.get(3)?),
            by: row.get(4)?,
            roster: row.get::<_, i64>(5)?.unsigned_abs(),
        });
    }
    Ok(all)
}
