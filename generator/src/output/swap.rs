//! Two folders change places in one step, where the file system can do that.

use std::{fs, io, path::Path};

/// Held while one build is put in place; another waits.
pub(super) struct Turn {
    #[cfg(unix)]
    _folder: fs::File,
}

/// Waits until no other build writes beside this one.
#[cfg(unix)]
pub(super) fn wait_for_turn(parent: &Path) -> io::Result<Turn> {
    let folder = fs::File::open(parent)?;
    // Some network drives know no locks; then whoever swaps last wins, whole.
    let _ = rustix::fs::flock(&folder, rustix::fs::FlockOperation::LockExclusive);
    Ok(Turn { _folder: folder })
}

/// Other systems get no lock: whoever swaps last wins, whole.
#[cfg(not(unix))]
pub(super) fn wait_for_turn(_parent: &Path) -> io::Result<Turn> {
    Ok(Turn {})
}

/// Takes away what an interrupted build left, and puts back the old build if
/// it was caught between two steps.
pub(super) fn clear_up(out: &Path, next: &Path, last: &Path) -> io::Result<()> {
    if !out.exists() && last.is_dir() {
        fs::rename(last, out)?;
    }
    for left in [next, last] {
        if left.exists() {
            fs::remove_dir_all(left)?;
        }
    }
    Ok(())
}

/// Puts `next` where `out` is. Afterwards the old build is at `next` or gone.
pub(super) fn into_place(next: &Path, out: &Path, last: &Path) -> io::Result<()> {
    if !out.exists() {
        return fs::rename(next, out);
    }
    if exchange(next, out).is_ok() {
        return Ok(());
    }
    fs::rename(out, last)?;
    if let Err(why) = fs::rename(next, out) {
        fs::rename(last, out)?;
        return Err(why);
    }
    fs::remove_dir_all(last)
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_build_caught_between_two_steps_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("last")).unwrap();
        fs::write(at("last").join("index.html"), "old").unwrap();
        fs::create_dir(at("next")).unwrap();
        clear_up(&at("out"), &at("next"), &at("last")).unwrap();
        assert_eq!(fs::read_to_string(at("out").join("index.html")).unwrap(), "old");
        assert!(!at("next").exists() && !at("last").exists());
    }
}
