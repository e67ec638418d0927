//! `hub.key`: the random database key, wrapped twice: by the passphrase, and by the recovery key
//! that is printed once. Neither the key nor what opens it is ever written in clear.
//!
//! [`crate::wrap`] says how.

use std::fmt;

use data_encoding::HEXLOWER;
use records::digest::Digest;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    random,
    wrap::{Wrap, WrapError},
};

/// The form of the key file that this program writes and reads.
const FORM: u32 = 1;
/// A passphrase shorter than this is too easily guessed by whoever holds a copy of the folder.
pub const PASSPHRASE_MIN: usize = 12;

/// Opens the database.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; 32]);

impl DatabaseKey {
    /// A new key.
    pub fn generate() -> Self {
        Self(random::bytes())
    }
    /// Another key, for a purpose of its own: it tells nothing of this one.
    pub(crate) fn made_for(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(*Digest::of_kind(purpose, &self.0).as_bytes())
    }
    /// As SQLCipher takes a raw key: 64 hexadecimal digits.
    pub fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(HEXLOWER.encode(&self.0))
    }
}
impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey(hidden)")
    }
}

/// What the hub is opened with.
#[derive(Clone)]
pub enum Secret {
    /// The passphrase that the school chose.
    Passphrase(Zeroizing<String>),
    /// The printed key.
    Recovery(RecoveryKey),
}
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// 160 bits on paper, in eight groups of four letters and digits.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryKey([u8; 20]);

impl RecoveryKey {
    /// A new one.
    pub fn generate() -> Self {
        Self(random::bytes())
    }
    /// As it is printed.
    pub fn printed(&self) -> Zeroizing<String> {
        let text = data_encoding::BASE32.encode(&self.0);
        let groups: Vec<&str> = (0..8).map(|i| &text[i * 4..i * 4 + 4]).collect();
        Zeroizing::new(groups.join("-"))
    }
    /// As it was typed: case, spaces and hyphens do not count; 0, 1 and 8 are read as O, I and B.
    ///
    /// # Errors
    /// [`KeyFileError::NotARecoveryKey`].
    pub fn typed(text: &str) -> Result<Self, KeyFileError> {
        let clean: Zeroizing<String> = Zeroizing::new(
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| match c.to_ascii_uppercase() {
                    '0' => 'O',
                    '1' => 'I',
                    '8' => 'B',
                    other => other,
                })
                .collect(),
        );
        let bytes = data_encoding::BASE32.decode(clean.as_bytes()).ok();
        bytes.and_then(|b| b.try_into().ok()).map(Self).ok_or(KeyFileError::NotARecoveryKey)
    }
}

/// Why the database key could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The passphrase does not open it.
    #[error(
        "this passphrase does not open the hub. Check for capital letters and spaces; nothing was changed. The printed recovery key opens it too (--recovery-key-file)"
    )]
    WrongPassphrase,
    /// The recovery key does not open it.
    #[error(
        "this recovery key does not open the hub. Check that it is the sheet printed for this school; nothing was changed"
    )]
    WrongRecoveryKey,
    /// Not even the shape of a recovery key.
    #[error("a recovery key has 32 letters and digits in eight groups of four, as on the printed sheet")]
    NotARecoveryKey,
    /// Too short.
    #[error(
        "the passphrase is too short: at least {PASSPHRASE_MIN} characters. Four words that do not belong together are good"
    )]
    TooShort,
    /// Cannot be read.
    #[error("hub.key is damaged. Put back a copy of it: without it nobody can open the database")]
    Damaged,
    /// From a newer program.
    #[error("hub.key was written by a newer Signpost (form {0}). Update this program")]
    Newer(u32),
}

/// The contents of `hub.key`.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct KeyFile {
    form: u32,
    passphrase: Wrap,
    recovery: Wrap,
}

impl KeyFile {
    /// Wraps a key by both secrets.
    ///
    /// # Errors
    /// [`KeyFileError::TooShort`] for a passphrase that is.
    pub fn wrap(key: &DatabaseKey, passphrase: &str, recovery: &RecoveryKey) -> Result<Self, KeyFileError> {
        Ok(Self {
            form: FORM,
            passphrase: wrap(key, checked(passphrase)?.as_bytes(), "passphrase")?,
            recovery: wrap(key, &recovery.0, "recovery")?,
        })
    }
    /// The same file under another passphrase; the recovery key stays.
    ///
    /// # Errors
    /// [`KeyFileError::TooShort`].
    pub fn change_passphrase(&mut self, key: &DatabaseKey, passphrase: &str) -> Result<(), KeyFileError> {
        self.passphrase = wrap(key, checked(passphrase)?.as_bytes(), "passphrase")?;
        Ok(())
    }
    /// The database key.
    ///
    /// # Errors
    /// [`KeyFileError`] if the secret is not the right one.
    pub fn open(&self, secret: &Secret) -> Result<DatabaseKey, KeyFileError> {
        match secret {
            Secret::Passphrase(text) => {
                unwrap(&self.passphrase, text.as_bytes(), "passphrase", KeyFileError::WrongPassphrase)
            }
            Secret::Recovery(key) => {
                unwrap(&self.recovery, &key.0, "recovery", KeyFileError::WrongRecoveryKey)
            }
        }
    }
    /// Reads the file.
    ///
    /// # Errors
    /// [`KeyFileError::Damaged`] or [`KeyFileError::Newer`].
    pub fn read(bytes: &[u8]) -> Result<Self, KeyFileError> {
        #[derive(serde::Deserialize)]
        struct Form {
            form: u32,
        }
        match serde_json::from_slice::<Form>(bytes) {
            Ok(Form { form: FORM }) => serde_json::from_slice(bytes).map_err(|_| KeyFileError::Damaged),
            Ok(Form { form }) if form > FORM => Err(KeyFileError::Newer(form)),
            _ => Err(KeyFileError::Damaged),
        }
    }
    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("texts and a number always serialise")
    }
}

fn checked(passphrase: &str) -> Result<&str, KeyFileError> {
    if passphrase.chars().count() < PASSPHRASE_MIN { Err(KeyFileError::TooShort) } else { Ok(passphrase) }
}

fn wrap(key: &DatabaseKey, secret: &[u8], name: &str) -> Result<Wrap, KeyFileError> {
    Wrap::new(&key.0, secret, &aad(name)).map_err(|_| KeyFileError::Damaged)
}

fn unwrap(wrap: &Wrap, secret: &[u8], name: &str, wrong: KeyFileError) -> Result<DatabaseKey, KeyFileError> {
    match wrap.open(secret, &aad(name)) {
        Ok(key) => Ok(DatabaseKey(*key)),
        Err(WrapError::WrongSecret) => Err(wrong),
        Err(WrapError::Damaged) => Err(KeyFileError::Damaged),
    }
}

fn aad(name: &str) -> String {
    format!("signpost hub key {FORM} {name}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn passphrase_and_recovery_key_both_open_and_others_do_not() {
        let (key, recovery) = (DatabaseKey::generate(), RecoveryKey::generate());
        let file = KeyFile::wrap(&key, "heron lamp basket tide", &recovery).unwrap();
        let file = KeyFile::read(&file.to_bytes()).unwrap();
        let words = |text: &str| Secret::Passphrase(Zeroizing::new(text.to_owned()));
        assert_eq!(file.open(&words("heron lamp basket tide")).unwrap().0, key.0);
        let typed = RecoveryKey::typed(&recovery.printed().to_lowercase().replace('-', " ")).unwrap();
        assert_eq!(file.open(&Secret::Recovery(typed)).unwrap().0, key.0);
        assert_eq!(file.open(&words("heron lamp basket tied")).unwrap_err(), KeyFileError::WrongPassphrase);
        let other = Secret::Recovery(RecoveryKey::generate());
        assert_eq!(file.open(&other).unwrap_err(), KeyFileError::WrongRecoveryKey);
    }

    #[test]
    fn a_short_passphrase_a_torn_file_and_a_newer_one_are_told_apart() {
        let (key, recovery) = (DatabaseKey::generate(), RecoveryKey::generate());
        assert_eq!(KeyFile::wrap(&key, "short", &recovery).err(), Some(KeyFileError::TooShort));
        assert_eq!(KeyFile::read(b"{").err(), Some(KeyFileError::Damaged));
        assert_eq!(KeyFile::read(br#"{"form":7}"#).err(), Some(KeyFileError::Newer(7)));
    }
}
