//! Two folders change places in one step, where the file system can do that.

use std::{fs, io, path::Path};

/// Held while one build is put in place; another waits.
pub(super) struct Turn {
    #[cfg(unix)]
    _folder: Option<fs::File>,
}

/// Waits until no other build writes beside this one. Some network drives know no locks, and some folders
/// may not be looked into; then whoever writes last wins.
#[cfg(unix)]
pub(super) fn wait_for_turn(parent: &Path) -> Turn {
    let folder = fs::File::open(parent).ok();
    if let Some(folder) = &folder {
        let _ = rustix::fs::flock(folder, rustix::fs::FlockOperation::LockExclusive);
    }
    Turn { _folder: folder }
}

/// Other systems get no lock: whoever writes last wins.
#[cfg(not(unix))]
pub(super) fn wait_for_turn(_parent: &Path) -> Turn {
    Turn {}
}

/// Whether what is laid out in `next` could take the place of `out` in one step, and what did not change
/// could be the same file in both. So it is on the disks of Linux. It is not on FAT and exFAT, whose files
/// have one name only; nor on drives that cannot exchange; nor where `out` is a whole stick, which cannot
/// be renamed.
pub(super) fn is_possible(next: &Path, out: &Path) -> bool {
    if !out.exists() {
        return true;
    }
    let probe = |name: &str| next.join(name);
    let (one, other) = (probe("one"), probe("other"));
    let works = on_one_disk(next, out)
        && fs::write(&one, "").is_ok()
        && fs::hard_link(&one, &other).is_ok()
        && exchange(&one, &other).is_ok();
    for file in [one, other] {
        let _ = fs::remove_file(file);
    }
    works
}

#[cfg(unix)]
fn on_one_disk(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
    disk(one).is_some() && disk(one) == disk(other)
}

#[cfg(not(unix))]
fn on_one_disk(_one: &Path, _other: &Path) -> bool {
    true
}

/// Puts `next` where `out` is. Afterwards the old build, if there was one, is at `next`.
pub(super) fn into_place(next: &Path, out: &Path) -> io::Result<()> {
    if out.exists() { exchange(next, out) } else { fs::rename(next, out) }
}

#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
