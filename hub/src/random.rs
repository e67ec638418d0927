//! The system's randomness, at the edge where it enters.

use getrandom::{
    SysRng,
    rand_core::{CryptoRng, Rng as _, UnwrapErr},
};

/// Randomness from the operating system, fit for keys.
pub fn system() -> impl CryptoRng {
    UnwrapErr(SysRng)
}

/// Some random bytes, fit for keys, tokens and ids.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    UnwrapErr(SysRng).fill_bytes(&mut bytes);
    bytes
}
