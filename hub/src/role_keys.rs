//! The keys of roles: made at the safeguarding desk, wrapped under their holder's passphrase alone.
//!
//! Neither the hub's passphrase nor its recovery key opens one. An opened key lives in memory, for one
//! session ([`crate::desk`]).

use records::{
    day::Moment,
    keys::{OpeningKey, SealKey},
    report::{Role, RoleKey},
};

use crate::{
    hub::Hub,
    keyfile::PASSPHRASE_MIN,
    random,
    store::{StoreError, role_keys::StoredKey},
    wrap::{Wrap, WrapError},
};

/// Why a role's key was not made or not opened.
#[derive(Debug, thiserror::Error)]
pub enum RoleKeyError {
    /// Too short.
    #[error(
        "The passphrase is too short: at least {PASSPHRASE_MIN} characters. Four words that do not belong together are good."
    )]
    TooShort,
    /// There is one, of this or another account.
    #[error("This role has its key already.")]
    Taken,
    /// There is none yet.
    #[error("This role has no key yet.")]
    None,
    /// It is another than the one that is open here.
    #[error("The key of this role was changed meanwhile. Whoever changed it gives you the new one.")]
    Changed,
    /// Not the passphrase.
    #[error("This passphrase does not open the box. Check for capital letters and spaces, then try again.")]
    WrongPassphrase,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hub {
    /// Makes the key of a role for the account that holds it, and gives its public half to the kiosks
    /// once every role has one.
    ///
    /// # Errors
    /// [`RoleKeyError`].
    pub fn make_role_key(
        &self,
        role: Role,
        account: i64,
        passphrase: &str,
    ) -> Result<OpeningKey, RoleKeyError> {
        let key = OpeningKey::generate(&mut random::system());
        if !self.store.add_role_key(&wrapped(role, &key, account, passphrase)?, self.now())? {
            return Err(RoleKeyError::Taken);
        }
        self.tell_kiosks();
        Ok(key)
    }

    /// Gives another holder of the role a copy of its key, under a passphrase of their own. The key stays the
    /// same: what was told before can be read by whoever holds it now.
    ///
    /// # Errors
    /// [`RoleKeyError`].
    pub fn share_role_key(
        &self,
        role: Role,
        key: &OpeningKey,
        account: i64,
        passphrase: &str,
    ) -> Result<(), RoleKeyError> {
        let shared = self.store.share_role_key(&wrapped(role, key, account, passphrase)?, self.now())?;
        if shared { Ok(()) } else { Err(RoleKeyError::Changed) }
    }

    /// Opens the key of a role for the account that holds it.
    ///
    /// # Errors
    /// [`RoleKeyError`].
    pub fn open_role_key(
        &self,
        role: Role,
        account: i64,
        passphrase: &str,
    ) -> Result<OpeningKey, RoleKeyError> {
        let mut copies = self.store.role_keys()?.into_iter();
        let stored = copies.find(|key| key.public.role == role && key.account == account);
        let stored = stored.ok_or(RoleKeyError::None)?;
        let key = opened_copy(role, &stored.wrapped, passphrase, &stored.public.key)?;
        key.ok_or(RoleKeyError::WrongPassphrase)
    }
}

/// The key that a copy holds; none where this is not its passphrase.
pub(crate) fn opened_copy(
    role: Role,
    copy: &Wrap,
    passphrase: &str,
    public: &SealKey,
) -> Result<Option<OpeningKey>, StoreError> {
    let damaged = || StoreError::Damaged(format!("the key of the role {} is damaged", role.as_str()));
    let bytes = match copy.open(passphrase.as_bytes(), &purpose(role)) {
        Ok(bytes) => bytes,
        Err(WrapError::WrongSecret) => return Ok(None),
        Err(WrapError::Damaged) => return Err(damaged()),
    };
    let key = OpeningKey::from_bytes(&bytes).map_err(|_| damaged())?;
    if key.seal_key() == *public { Ok(Some(key)) } else { Err(damaged()) }
}

/// A copy of a key for an account.
pub(crate) fn wrapped(
    role: Role,
    key: &OpeningKey,
    account: i64,
    passphrase: &str,
) -> Result<StoredKey, RoleKeyError> {
    if passphrase.chars().count() < PASSPHRASE_MIN {
        return Err(RoleKeyError::TooShort);
    }
    let wrapped = Wrap::new(&key.to_bytes(), passphrase.as_bytes(), &purpose(role));
    let wrapped = wrapped.map_err(|e| StoreError::Damaged(format!("the key cannot be wrapped: {e}")))?;
    let public = RoleKey { role, key: key.seal_key() };
    Ok(StoredKey { public, account, wrapped, opened: None, made: Moment(0), holder: String::new() })
}

fn purpose(role: Role) -> String {
    format!("signpost role key 1 {}", role.as_str())
}

/// What people call a role.
pub const fn title(role: Role) -> &'static str {
    match role {
        Role::Safeguarding => "Designated safeguarding lead",
        Role::Headteacher => "Headteacher",
        Role::Chair => "Chair of governors",
        Role::ViceChair => "Vice-chair of governors",
    }
}
