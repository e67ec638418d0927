//! The staff PIN: a file that holds its Argon2id hash, and nothing else of it.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};

use super::{Folder, FolderError, read_if_there, write_whole};
use crate::machine::Pin;

const FILE: &str = "staff.pin";
/// 64 MiB and 3 passes, as for everything that a person knows.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// The staff PIN of a folder.
pub struct StaffPin;

impl StaffPin {
    /// Whether one is set.
    pub fn is_set(folder: &Folder) -> bool {
        folder.path(FILE).exists()
    }
    /// Whether this is it. Where none is set, none is.
    ///
    /// # Errors
    /// [`FolderError::Io`]; [`FolderError::NoPinHash`] where the file is damaged.
    pub fn fits(folder: &Folder, pin: &Pin) -> Result<bool, FolderError> {
        let path = folder.path(FILE);
        let Some(bytes) = read_if_there(&path)? else { return Ok(false) };
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let hash = PasswordHash::new(text.trim()).map_err(|_| FolderError::NoPinHash(path))?;
        Ok(argon().verify_password(pin.digits().as_bytes(), &hash).is_ok())
    }
    /// Sets another, with a salt of its own. Until this returns the old one holds.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn set(folder: &Folder, pin: &Pin) -> Result<(), FolderError> {
        let hash = argon()
            .hash_password(pin.digits().as_bytes())
            .expect("hashing fails only for more than 4 GiB, and a PIN is a few digits");
        write_whole(&folder.path(FILE), format!("{hash}\n").as_bytes())
    }
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("fixed numbers within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn the_pin_fits_itself_alone_and_its_digits_are_in_no_file() {
        let room = tempfile::tempdir().unwrap();
        let folder = Folder::at(room.path()).unwrap();
        let pin = |digits| Pin::typed(digits).unwrap();
        assert!(!StaffPin::is_set(&folder));
        assert!(!StaffPin::fits(&folder, &pin("0000")).unwrap(), "without a PIN none opens the panel");
        StaffPin::set(&folder, &pin("482915")).unwrap();
        assert!(StaffPin::is_set(&folder));
        assert!(StaffPin::fits(&folder, &pin("482915")).unwrap());
        for wrong in ["482914", "4829", "0000", "4829150"] {
            assert!(!StaffPin::fits(&folder, &pin(wrong)).unwrap(), "{wrong}");
        }
        let path = folder.path(FILE);
        let kept = fs::read_to_string(&path).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=65536,t=3,p=1$") && !kept.contains("482915"), "{kept}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        StaffPin::set(&folder, &pin("482915")).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), kept, "the same PIN twice does not look the same");
        fs::write(&path, "4829").unwrap();
        assert!(matches!(StaffPin::fits(&folder, &pin("4829")), Err(FolderError::NoPinHash(_))));
    }
}
