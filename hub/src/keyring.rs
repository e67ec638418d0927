//! The keys with which a role opens what was told: that of now, and those before it.
//!
//! When a role changes its key, what was sealed for the one before stays as it is: a report's body is bound to both of
//! its slots, so no slot can be exchanged, and its two readers would have to come together for each report. Instead the
//! private half of the earlier key is sealed for the new one ([`crate::store::earlier_keys`]). So whoever holds the key
//! of now reads everything that was told to the role; whoever held the key before, and left, reads nothing that is
//! sealed from then on. Earlier keys are never let go of: reports that are sealed for them are kept for decades, a
//! kiosk that was in a cupboard may still bring a box, and with the key of now beside it an earlier one opens nothing
//! that its holder may not read.

use records::{
    keys::{KeyError, OpeningKey, SealKey},
    report::{Contents, Role},
    report_entry::ReportKey,
    report_envelope::{self, ReportEnvelopeError},
};

use crate::{
    hub::Hub,
    random,
    role_keys::{RoleKeyError, opened_copy, wrapped},
    store::{StoreError, earlier_keys::Change},
};

/// The keys of a role, open.
pub struct Keyring {
    role: Role,
    current: OpeningKey,
    earlier: Vec<OpeningKey>,
}

impl Keyring {
    /// The key of now alone.
    pub const fn of(role: Role, current: OpeningKey) -> Self {
        Self { role, current, earlier: Vec::new() }
    }
    /// Whose.
    pub const fn role(&self) -> Role {
        self.role
    }
    /// The key of now.
    pub const fn current(&self) -> &OpeningKey {
        &self.current
    }
    /// All, that of now first.
    pub fn keys(&self) -> impl Iterator<Item = &OpeningKey> {
        std::iter::once(&self.current).chain(&self.earlier)
    }
    /// Opens an envelope with whichever key it is for.
    ///
    /// # Errors
    /// [`ReportEnvelopeError`]; [`ReportEnvelopeError::NotForThisKey`] where it is for none of them.
    pub fn open(&self, envelope: &[u8]) -> Result<(Contents, ReportKey), ReportEnvelopeError> {
        for key in self.keys() {
            match report_envelope::open_with_entries(envelope, key) {
                Err(ReportEnvelopeError::NotForThisKey) => {}
                opened => return opened,
            }
        }
        Err(ReportEnvelopeError::NotForThisKey)
    }
}

impl Hub {
    /// All keys of a role, with the one of now.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where an earlier one does not open with it.
    pub fn keyring(&self, role: Role, current: OpeningKey) -> Result<Keyring, StoreError> {
        let earlier = self.opened_with(role, &current)?;
        Ok(Keyring { role, current, earlier })
    }

    /// The earlier keys that are sealed for this one.
    fn opened_with(&self, role: Role, key: &OpeningKey) -> Result<Vec<OpeningKey>, StoreError> {
        let to = key.seal_key();
        let mut all = Vec::new();
        for earlier in self.store.earlier_keys(role)? {
            if let Some((_, sealed)) = earlier.sealed.filter(|(sealed_for, _)| *sealed_for == to) {
                all.push(opened(&earlier.public, &sealed, role, key)?);
            }
        }
        Ok(all)
    }

    /// Gives a role a key in the place of one that nobody can open any more, for the account that the headteacher and
    /// the chair have named.
    ///
    /// # Errors
    /// [`RoleKeyError`].
    pub fn replace_lost_key(
        &self,
        role: Role,
        by: [i64; 2],
        account: i64,
        passphrase: &str,
    ) -> Result<OpeningKey, RoleKeyError> {
        let lost = self.store.role_keys()?.into_iter().find(|copy| copy.public.role == role);
        let lost = lost.ok_or(RoleKeyError::None)?.public.key;
        let new = OpeningKey::generate(&mut random::system());
        let stored = wrapped(role, &new, account, passphrase)?;
        if !self.store.replace_lost_key(&stored, lost, by, self.now())? {
            return Err(RoleKeyError::Changed);
        }
        self.tell_kiosks();
        Ok(new)
    }

    /// Somebody remembers the passphrase of a key that was lost: from now on it opens with the key of now, and so do
    /// those before it.
    ///
    /// # Errors
    /// [`RoleKeyError::WrongPassphrase`] where it opens none of this account's copies; [`RoleKeyError`].
    pub fn find_lost_key(&self, ring: &Keyring, account: i64, passphrase: &str) -> Result<(), RoleKeyError> {
        let role = ring.role;
        for (public, copy) in self.store.lost_copies(role, account)? {
            let Some(key) = opened_copy(role, &copy, passphrase, &public)? else { continue };
            let (to, mut all) = (ring.current.seal_key(), self.opened_with(role, &key)?);
            all.push(key);
            let sealed: Result<Vec<_>, KeyError> = all.iter().map(|key| sealed(key, role, &to)).collect();
            let sealed = sealed.map_err(|error| StoreError::Damaged(error.to_string()))?;
            let found = self.store.find_lost_keys(role, &to, &sealed, account, self.now())?;
            return if found { Ok(()) } else { Err(RoleKeyError::Changed) };
        }
        Err(RoleKeyError::WrongPassphrase)
    }

    /// Gives a role another key, for the account that changes it. What was told before can be read with it; the copies
    /// of others are gone, until they are given the new one.
    ///
    /// # Errors
    /// [`RoleKeyError`].
    pub fn change_role_key(
        &self,
        ring: &Keyring,
        account: i64,
        passphrase: &str,
    ) -> Result<OpeningKey, RoleKeyError> {
        let role = ring.role;
        let new = OpeningKey::generate(&mut random::system());
        let stored = wrapped(role, &new, account, passphrase)?;
        let to = new.seal_key();
        let sealed: Result<Vec<_>, KeyError> = ring.keys().map(|key| sealed(key, role, &to)).collect();
        let sealed = sealed.map_err(|error| StoreError::Damaged(error.to_string()))?;
        let change = Change { new: &stored, before: ring.current.seal_key(), sealed: &sealed };
        if !self.store.change_role_key(&change, self.now())? {
            return Err(RoleKeyError::Changed);
        }
        self.tell_kiosks();
        Ok(new)
    }
}

fn sealed(key: &OpeningKey, role: Role, to: &SealKey) -> Result<(SealKey, Vec<u8>), KeyError> {
    let public = key.seal_key();
    let sealed = to.seal(&purpose(role), public.as_bytes(), &*key.to_bytes(), &mut random::system())?;
    Ok((public, sealed))
}

fn opened(
    public: &SealKey,
    sealed: &[u8],
    role: Role,
    current: &OpeningKey,
) -> Result<OpeningKey, StoreError> {
    let damaged = || StoreError::Damaged(format!("an earlier key of the role {} is damaged", role.as_str()));
    let bytes = current.open(&purpose(role), public.as_bytes(), sealed);
    let bytes = bytes.map_err(|_| damaged())?;
    let bytes: &[u8; 32] = bytes.first_chunk().ok_or_else(damaged)?;
    let key = OpeningKey::from_bytes(bytes).map_err(|_| damaged())?;
    if key.seal_key() == *public { Ok(key) } else { Err(damaged()) }
}

fn purpose(role: Role) -> String {
    format!("signpost earlier role key 1 {}", role.as_str())
}
