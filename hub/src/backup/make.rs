//! Making a backup, beside whatever else uses the database.
//!
//! 1. A whole copy of one state of the database is made on the hub's own disk, encrypted as the database is.
//! 2. It goes into one file in the backups' folder, under another name until it is verified.
//! 3. That file is read back from the folder, put back into a scratch place, and looked through: every page, every
//!    reference, the chain of the audit log, and whether it knows all that the hub knew when the copy began.
//! 4. Only then does it get its name, and only then do earlier ones expire.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use records::{day::Moment, ids::SchoolId};
use rustix::fs::{Advice, fadvise};

use super::{BackupError, erased, file, keeping};
use crate::{
    folder::Folder,
    hub::Hub,
    keyfile::KeyFile,
    log,
    store::{
        Store,
        audit::Actor,
        backups::{GoodBackup, Held},
    },
};

const ENDING: &str = ".backup";
const UNFINISHED: &str = ".part";

/// A backup that was made and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// What is in it.
    pub held: Held,
    /// How many earlier ones expired.
    pub expired: usize,
    /// Whether it lies on the disk that holds the database, so that one broken disk takes both.
    pub same_disk: bool,
}

/// Makes a backup in the folder `to`, verifies it, and lets those go that have expired. What became of it is noted in
/// the database, where the desk shows it.
///
/// # Errors
/// [`BackupError`]; earlier backups are then as they were.
pub fn make(hub: &Hub, to: &Path, actor: Actor) -> Result<Made, BackupError> {
    let now = hub.now();
    let result = make_unnoted(hub, to, actor, now);
    if let Err(error) = &result
        && !matches!(error, BackupError::Busy)
    {
        log::line(&format!("no backup was made: {error}"));
        if let Err(error) = hub.store.note_failed_backup(to, &error.to_string(), now) {
            log::line(&format!("that could not be noted: {error}"));
        }
    }
    result
}

fn make_unnoted(hub: &Hub, to: &Path, actor: Actor, now: Moment) -> Result<Made, BackupError> {
    let _lock = hub.folder().lock_backups()?.ok_or(BackupError::Busy)?;
    let place = fs::metadata(to).map_err(|why| BackupError::of(to, why))?;
    if !place.is_dir() {
        return Err(BackupError::NoFolder(to.to_owned()));
    }
    let own = fs::metadata(hub.folder().path()).map_err(|why| BackupError::of(hub.folder().path(), why))?;
    let names = Names { school: hub.identity().school };
    names.sweep(to)?;
    let scratch = Scratch::new(hub.folder())?;
    let part = to.join(names.file(now) + UNFINISHED);
    let verified = write_and_verify(hub, &scratch, &part, now);
    let (held, bytes, restored) = verified.inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })?;
    let file = to.join(names.file(now));
    let named = fs::rename(&part, &file).map_err(|why| BackupError::of(to, why));
    named.inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })?;
    sync_folder(to).map_err(|why| BackupError::of(to, why))?;
    let same_disk = place.dev() == own.dev();
    let good = GoodBackup { folder: to, file: &file, bytes, held: &held, same_disk };
    hub.store.note_good_backup(&good, &restored, actor, now)?;
    if let Err(error) = erased::write(hub, to) {
        log::line(&format!("what was erased could not be noted beside the backups: {error}"));
    }
    let expired = names.expire(to, now);
    expire_copies(hub.folder());
    log::line(&format!("backup made and verified: {bytes} bytes, {expired} expired"));
    Ok(Made { file, bytes, held, expired, same_disk })
}

fn write_and_verify(
    hub: &Hub,
    scratch: &Scratch,
    part: &Path,
    now: Moment,
) -> Result<(Held, u64, Store), BackupError> {
    let own = |why: &dyn std::fmt::Display| BackupError::Scratch(scratch.0.clone(), why.to_string());
    let before = hub.store.last_entry()?;
    let copy = scratch.0.join("copy.db");
    hub.store.copy_to(&copy).map_err(|error| own(&error))?;
    let database = fs::metadata(&copy).map_err(|why| own(&why))?.len();
    let key_file = hub.folder().key_file();
    let bytes = fs::read(&key_file).map_err(|why| BackupError::of(&key_file, why))?;
    let head =
        file::Head { school: hub.identity().school, made: now, database, key_file: KeyFile::read(&bytes)? };
    let from = File::open(&copy).map_err(|why| own(&why))?;
    let there = |why| BackupError::of(part.parent().unwrap_or(part), why);
    let to = File::options().write(true).create(true).truncate(true).mode(0o600).open(part).map_err(there)?;
    file::write(&head, hub.store.key(), from, &to).map_err(there)?;
    to.sync_all().map_err(there)?;
    // What is read now comes from the stick, not from what the system still has in memory of it. Not every place
    // can do that; then the check is as good as the system's memory.
    let _ = fadvise(&to, 0, None, Advice::DontNeed);
    let bytes = to.metadata().map_err(there)?.len();
    drop(to);
    let _ = fs::remove_file(&copy);

    let restored = scratch.0.join("restored.db");
    put_back(part, hub.store.key(), &restored)?;
    let restored = Store::as_it_is(&restored, hub.store.key())?;
    let held = restored.look_through().map_err(|error| BackupError::NotVerified(error.to_string()))?;
    if let Some(before) = before
        && !restored.has_entry(&before)?
    {
        let why = format!("it does not know entry {} of the audit log", before.seq);
        return Err(BackupError::NotVerified(why));
    }
    Ok((held, bytes, restored))
}

/// Writes the database of a backup to `to`, a file that does not exist yet, and syncs it.
pub(super) fn put_back(
    backup: &Path,
    key: &crate::keyfile::DatabaseKey,
    to: &Path,
) -> Result<(), BackupError> {
    let from = File::open(backup).map_err(|why| BackupError::of(backup, why))?;
    let out = File::options().write(true).create_new(true).mode(0o600).open(to);
    let mut out = out.map_err(|why| BackupError::of(to, why))?;
    file::restore(backup, key, BufReader::new(from), &mut out, to)?;
    out.sync_all().map_err(|why| BackupError::of(to, why))
}

/// A folder of the hub's own for what is made on the way. It goes with its owner; what a killed program left goes
/// when the next one begins.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(folder: &Folder) -> Result<Self, BackupError> {
        Self::at(folder.path().join("scratch"))
    }
    /// At this very place, which is emptied first.
    pub(super) fn at(path: PathBuf) -> Result<Self, BackupError> {
        let made = match fs::remove_dir_all(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
            _ => fs::DirBuilder::new().mode(0o700).create(&path),
        };
        made.map_err(|why| BackupError::Scratch(path.clone(), why.to_string()))?;
        Ok(Self(path))
    }
}
impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What this hub's backups are called. Files of other names, and of other hubs, are never touched.
struct Names {
    school: SchoolId,
}

impl Names {
    fn beginning(&self) -> String {
        format!("signpost-{}-", &self.school.to_string()[..8])
    }
    /// `signpost-3f9a1c2e-2026-09-14-173005.backup`: the time is UTC.
    fn file(&self, made: Moment) -> String {
        let time = crate::clock::local(made, &jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d-%H%M%S");
        format!("{}{time}{ENDING}", self.beginning())
    }
    fn made(&self, name: &str) -> Option<Moment> {
        let time = name.strip_prefix(&self.beginning())?.strip_suffix(ENDING)?;
        let time = jiff::civil::DateTime::strptime("%Y-%m-%d-%H%M%S", time).ok()?;
        let moment = Moment(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second());
        (self.file(moment) == name).then_some(moment)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let names =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
        let names: io::Result<Vec<String>> = names.collect();
        Ok(names?.into_iter().filter(|name| name.starts_with(&self.beginning())).collect())
    }
    /// Takes away what an interrupted program left half written.
    fn sweep(&self, folder: &Path) -> Result<(), BackupError> {
        let left = self.list(folder).map_err(|why| BackupError::of(folder, why))?;
        let unfinished =
            |name: &&String| name.strip_suffix(UNFINISHED).is_some_and(|name| self.made(name).is_some());
        for name in left.iter().filter(unfinished) {
            let path = folder.join(name);
            fs::remove_file(&path).map_err(|why| BackupError::of(folder, why))?;
        }
        Ok(())
    }
    /// Takes away those that have expired; one that cannot be taken away is left for the next time.
    fn expire(&self, folder: &Path, now: Moment) -> usize {
        let names = self.list(folder).unwrap_or_default();
        let made: Vec<Moment> = names.iter().filter_map(|name| self.made(name)).collect();
        let expired = keeping::expired(&made, now);
        let removed = expired.iter().filter(|made| match fs::remove_file(folder.join(self.file(**made))) {
            Ok(()) => true,
            Err(why) => {
                log::line(&format!("a backup that has expired could not be deleted: {why}"));
                false
            }
        });
        removed.count()
    }
}

/// Copies made before a schema was changed expire as backups do: what was erased has to go from them too.
pub(crate) fn expire_copies(folder: &Folder) {
    let Ok(entries) = fs::read_dir(folder.backups()) else { return };
    let most = std::time::Duration::from_secs(keeping::EXPIRE_DAYS.unsigned_abs() * 24 * 3600);
    for entry in entries.flatten() {
        let modified = entry.metadata().and_then(|data| data.modified());
        let old = modified.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > most));
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with("hub-schema-") && name.ends_with(".db"));
        if ours
            && old
            && let Err(why) = fs::remove_file(entry.path())
        {
            log::line(&format!("an old copy of the database could not be deleted: {why}"));
        }
    }
}

/// Some network folders cannot sync a folder; the file in it is synced all the same.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(why) if why.kind() == io::ErrorKind::InvalidInput || why.kind() == io::ErrorKind::Unsupported => {
            Ok(())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backups_name_tells_when_it_was_made_and_other_files_are_none() {
        let names = Names { school: SchoolId::from_bytes([0x3f; 16]) };
        let made = Moment(1_789_407_005);
        assert_eq!(names.file(made), "signpost-3f3f3f3f-2026-09-14-173005.backup");
        assert_eq!(names.made(&names.file(made)), Some(made));
        for other in [
            "signpost-3f3f3f3e-2026-09-14-173005.backup",
            "signpost-3f3f3f3f-2026-09-14-173005.backup.part",
            "signpost-3f3f3f3f-2026-09-14-173005 (1).backup",
            "signpost-3f3f3f3f-2026-02-30-173005.backup",
            "signpost-3f3f3f3f-keep.backup",
        ] {
            assert_eq!(names.made(other), None, "{other}");
        }
    }
}
