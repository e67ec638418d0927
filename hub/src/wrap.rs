//! A key of 32 bytes under a secret that a person knows or keeps on paper.
//!
//! Argon2id (64 MiB, 3 passes, one lane, 16 bytes of salt) makes a key of 32 bytes from the secret, and
//! ChaCha20-Poly1305 seals with it; the associated data says what is wrapped.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use crate::random;

/// 64 MiB and 3 passes.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// Why a wrapped key could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// Another secret than the one it was wrapped with.
    #[error("this does not open it")]
    WrongSecret,
    /// Not what was written.
    #[error("it is damaged")]
    Damaged,
}

/// A wrapped key, as it is stored.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Wrap {
    salt: String,
    nonce: String,
    sealed: String,
}

impl Wrap {
    /// Wraps a key. `what` names it: a wrap of one thing does not open as another.
    ///
    /// # Errors
    /// [`WrapError::Damaged`] for a secret of more than 4 GiB.
    pub fn new(key: &[u8; 32], secret: &[u8], what: &str) -> Result<Self, WrapError> {
        let salt: [u8; 16] = random::bytes();
        let nonce: [u8; 12] = random::bytes();
        let cipher = ChaCha20Poly1305::new((&*stretched(secret, &salt)?).into());
        let payload = Payload { msg: key, aad: what.as_bytes() };
        let sealed = cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| WrapError::Damaged)?;
        let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
        Ok(Self { salt: hex(&salt), nonce: hex(&nonce), sealed: hex(&sealed) })
    }

    /// The key.
    ///
    /// # Errors
    /// [`WrapError`].
    pub fn open(&self, secret: &[u8], what: &str) -> Result<Zeroizing<[u8; 32]>, WrapError> {
        let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).map_err(|_| WrapError::Damaged);
        let nonce: [u8; 12] = bytes(&self.nonce)?.try_into().map_err(|_| WrapError::Damaged)?;
        let cipher = ChaCha20Poly1305::new((&*stretched(secret, &bytes(&self.salt)?)?).into());
        let sealed = bytes(&self.sealed)?;
        let payload = Payload { msg: &sealed, aad: what.as_bytes() };
        let key = cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| WrapError::WrongSecret)?;
        let key = Zeroizing::new(key);
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| WrapError::Damaged)
    }
}

fn stretched(secret: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, WrapError> {
    let mut key = Zeroizing::new([0; 32]);
    argon().hash_password_into(secret, salt, key.as_mut()).map_err(|_| WrapError::Damaged)?;
    Ok(key)
}

/// Argon2id with 64 MiB and 3 passes: for wrapped keys and for the passwords of the desk.
pub(crate) fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("64 MiB, 3 passes, 1 lane are allowed");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}
