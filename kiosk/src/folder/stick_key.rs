//! What lists of people that come by stick are closed for.

use rand_core::CryptoRng;
use records::keys::OpeningKey;
use zeroize::Zeroizing;

use super::{Folder, FolderError, read_if_there, write_whole};

const FILE: &str = "stick.key";

/// The key of a folder; made where there is none, or where what is there is no key. A list that was closed for another
/// cannot be opened then: the next one can.
///
/// # Errors
/// [`FolderError::Io`].
pub fn stick_key(folder: &Folder, random: &mut impl CryptoRng) -> Result<OpeningKey, FolderError> {
    let path = folder.path(FILE);
    let bytes = read_if_there(&path)?.map(Zeroizing::new);
    let held = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok()).map(Zeroizing::new);
    if let Some(key) = held.and_then(|bytes| OpeningKey::from_bytes(&bytes).ok()) {
        return Ok(key);
    }
    let key = OpeningKey::generate(random);
    write_whole(&path, &*key.to_bytes())?;
    Ok(key)
}
