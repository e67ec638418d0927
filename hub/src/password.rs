//! Passwords of the desk: hashing, checking, and the ones that are good for one sign-in.

use std::sync::LazyLock;

use argon2::{PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};

use zeroize::Zeroizing;

use crate::{random, wrap::argon};

/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// The most: more would only cost time.
pub const PASSWORD_MAX: usize = 200;

/// A password of 80 random bits for the first sign-in: four groups of four letters and digits.
pub fn one_time() -> Zeroizing<String> {
    let bytes = Zeroizing::new(random::bytes::<10>());
    let text = Zeroizing::new(data_encoding::BASE32.encode(&*bytes).to_lowercase());
    Zeroizing::new((0..4).map(|i| &text[i * 4..i * 4 + 4]).collect::<Vec<_>>().join("-"))
}

/// The password's hash: Argon2id with 64 MiB and 3 passes, a salt of its own.
pub fn hash(password: &str) -> String {
    argon()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .expect("hashing fails only for passwords of more than 4 GiB, and ours are bounded")
}

/// Whether the password is the one of this hash.
pub fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash of nobody's password, so that an unknown name takes as long to refuse as a known one.
pub fn nobodys() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| hash(&one_time()));
    &HASH
}
