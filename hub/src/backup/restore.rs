//! Putting a backup back: into an empty place, whole or not at all.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use records::day::Moment;

use super::{
    BackupError, erased, file,
    make::{Scratch, put_back},
};
use crate::{
    clock::Clock,
    folder::Folder,
    hub::Hub,
    keyfile::Secret,
    store::{Store, StoreError, backups::Held},
};

/// A backup that was put back, or looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// When it was made.
    pub made: Moment,
    /// What is in it.
    pub held: Held,
    /// How much of it had been erased since, and was erased again; none where no list of that lies beside the backup.
    pub erased_again: Option<usize>,
}

/// Makes of a backup the hub in `folder`, which must not exist yet or be empty. The passphrase is that of the day of
/// the backup.
///
/// # Errors
/// [`BackupError`]; then there is nothing in the folder.
pub fn restore(
    backup: &Path,
    secret: &Secret,
    folder: &Folder,
    clock: &Clock,
) -> Result<Restored, BackupError> {
    let head = head_of(backup)?;
    let key = head.key_file.open(secret)?;
    let there = folder.path();
    let existed = there.exists();
    if existed && fs::read_dir(there).map_err(|why| BackupError::of(there, why))?.next().is_some() {
        return Err(BackupError::NotEmpty(there.to_owned()));
    }
    folder.prepare()?;
    let begun = || -> Result<Restored, BackupError> {
        put_back(backup, &key, &folder.database())?;
        let held = looked_through(&Store::as_it_is(&folder.database(), &key)?, backup)?;
        let store = Store::open(&folder.database(), &key, &folder.backups())?;
        let now = clock.now();
        store.begin_again(head.made, now)?;
        let beside = backup.parent().unwrap_or(Path::new("."));
        let erased = erased::read(beside, head.school, &key)?;
        let erased_again = erased.map(|ids| store.erase_again(&ids, now)).transpose()?;
        store.empty_log()?;
        folder.keep_private()?;
        drop(store);
        // Last: a folder with a key file is a whole hub.
        folder.write_whole(&folder.key_file(), &head.key_file.to_bytes(), 0o600)?;
        Ok(Restored { made: head.made, held, erased_again })
    };
    let restored = begun().inspect_err(|_| clear(there, existed))?;
    let hub = Hub::open(folder, secret, clock.clone()).map_err(|error| {
        clear(there, existed);
        BackupError::NotVerified(error.to_string())
    })?;
    folder.write_whole(&folder.school_ca(), hub.tls.authority_pem().as_bytes(), 0o644)?;
    Ok(restored)
}

/// Puts a backup back into a scratch place, looks through it, and takes it away again.
///
/// # Errors
/// [`BackupError`].
pub fn look_through(backup: &Path, secret: &Secret) -> Result<Restored, BackupError> {
    let head = head_of(backup)?;
    let key = head.key_file.open(secret)?;
    let scratch = Scratch::at(scratch_place())?;
    let database = scratch.0.join("restored.db");
    put_back(backup, &key, &database)?;
    let held = looked_through(&Store::as_it_is(&database, &key)?, backup)?;
    Ok(Restored { made: head.made, held, erased_again: None })
}

/// The file is what was written; so where its database is not whole, it was not when it was written.
fn looked_through(store: &Store, backup: &Path) -> Result<Held, BackupError> {
    store.look_through().map_err(|error| match error {
        StoreError::Damaged(_) => BackupError::Damaged(backup.to_owned()),
        other => other.into(),
    })
}

fn head_of(backup: &Path) -> Result<file::Head, BackupError> {
    let from = File::open(backup).map_err(|why| match why.kind() {
        std::io::ErrorKind::NotFound => BackupError::Io(backup.to_owned(), why),
        _ => BackupError::of(backup, why),
    })?;
    file::head(backup, &mut BufReader::new(from))
}

fn scratch_place() -> PathBuf {
    let name = data_encoding::HEXLOWER.encode(&crate::random::bytes::<8>());
    std::env::temp_dir().join(format!("signpost-look-{name}"))
}

/// Leaves the place as it was: without the folder, or with an empty one.
fn clear(folder: &Path, existed: bool) {
    let _ = fs::remove_dir_all(folder);
    if existed {
        let _ = fs::create_dir(folder);
    }
}
