//! What was erased, beside the backups: random ids, so that a backup from before does not bring it back.
//!
//! One file for a hub, written whole after each removal and with each backup: a line that says what it is, a nonce, and
//! the ids, sealed by ChaCha20-Poly1305 under a key that the database key makes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use records::ids::SchoolId;

use super::{BackupError, make};
use crate::{hub::Hub, keyfile::DatabaseKey, random};

const MAGIC: &[u8; 18] = b"signpost erased 1\n";
const NONCE: usize = 12;

/// Where the list of a school lies in a folder of backups.
fn place(folder: &Path, school: SchoolId) -> PathBuf {
    folder.join(format!("signpost-{}.erased", &school.to_string()[..8]))
}

fn cipher(key: &DatabaseKey) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new((&*key.made_for("signpost erased 1")).into())
}

/// Writes the list anew. It is there whole or as it was.
///
/// # Errors
/// [`BackupError`].
pub(crate) fn write(hub: &Hub, folder: &Path) -> Result<(), BackupError> {
    let ids = hub.store.tombstones()?;
    let path = place(folder, hub.identity().school);
    let nonce = random::bytes::<NONCE>();
    let ids = ids.concat();
    let payload = Payload { msg: &ids, aad: MAGIC };
    let sealed = cipher(hub.store.key()).encrypt(&Nonce::from(nonce), payload);
    let sealed = sealed.map_err(|_| BackupError::Io(path.clone(), io::Error::other("it is too long")))?;
    let beside = path.with_extension("erased.new");
    let written = || {
        fs::write(&beside, [&MAGIC[..], &nonce, &sealed].concat())?;
        fs::File::open(&beside)?.sync_all()?;
        fs::rename(&beside, &path)?;
        make::sync_folder(folder)
    };
    written().map_err(|why| BackupError::of(folder, why))
}

/// The ids of a school's list; `None` where there is none in this folder.
///
/// # Errors
/// [`BackupError::Damaged`], or what the system says.
pub(crate) fn read(
    folder: &Path,
    school: SchoolId,
    key: &DatabaseKey,
) -> Result<Option<Vec<[u8; 16]>>, BackupError> {
    let path = place(folder, school);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(BackupError::of(&path, why)),
    };
    let opened = || {
        let (nonce, sealed) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<NONCE>()?;
        let ids = cipher(key).decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: MAGIC }).ok()?;
        let (ids, rest) = ids.as_chunks::<16>();
        rest.is_empty().then(|| ids.to_vec())
    };
    opened().map(Some).ok_or(BackupError::Damaged(path))
}
