//! Where this system shows a stick that is plugged in.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use records::stick::FOLDER;

use super::{StickFault, Where};

/// The stick: the folder that the technician named, or the one thing that is plugged in. Where there are several, the
/// one that has been here before. `own` is on this kiosk's own disk, which is no stick.
///
/// # Errors
/// [`StickFault::NoStick`], [`StickFault::Several`].
pub fn find(place: &Where, own: &Path) -> Result<PathBuf, StickFault> {
    if let Some(named) = &place.named {
        // Where nothing is mounted, a file would lie in the empty folder, and nobody would carry it anywhere.
        let is_stick = named.is_dir() && disk(named) != disk(own);
        return if is_stick { Ok(named.clone()) } else { Err(StickFault::NoStick) };
    }
    let mut sticks = plugged_in();
    sticks.retain(|stick| disk(stick) != disk(own));
    if sticks.len() > 1 {
        let known: Vec<_> = sticks.iter().filter(|stick| stick.join(FOLDER).is_dir()).cloned().collect();
        if let [one] = known.as_slice() {
            return Ok(one.clone());
        }
        return Err(StickFault::Several(sticks.len()));
    }
    sticks.pop().ok_or(StickFault::NoStick)
}

fn disk(folder: &Path) -> Option<u64> {
    fs::metadata(folder).ok().map(|about| about.dev())
}

/// Linux mounts what is plugged in below these two.
#[cfg(target_os = "linux")]
fn plugged_in() -> Vec<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let mut all: Vec<_> = mounts.lines().filter_map(mount_point).filter(|path| is_for_sticks(path)).collect();
    all.sort();
    all.dedup();
    all
}

/// Elsewhere the technician names the folder.
#[cfg(not(target_os = "linux"))]
fn plugged_in() -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn is_for_sticks(path: &Path) -> bool {
    ["/media", "/run/media"].iter().any(|room| path.starts_with(room) && path != Path::new(room))
}

/// The mount point in a line of `mountinfo` (proc(5)): the fifth field, with blanks and backslashes in octal.
#[cfg(target_os = "linux")]
fn mount_point(line: &str) -> Option<PathBuf> {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};
    let field = line.split(' ').nth(4)?.as_bytes();
    let mut path = Vec::with_capacity(field.len());
    let mut at = 0;
    while let Some(byte) = field.get(at) {
        let octal = field.get(at + 1..at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(|_| *byte == b'\\') {
            Some(letter) => {
                path.push(letter);
                at += 4;
            }
            None => {
                path.push(*byte);
                at += 1;
            }
        }
    }
    Some(PathBuf::from(OsString::from_vec(path)))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_stick_is_found_where_linux_shows_it_and_the_computers_own_disk_is_none() {
        let line = |at: &str| {
            format!("98 0 8:17 / {at} rw,nosuid,nodev,relatime shared:50 - vfat /dev/sdb1 rw,uid=1000")
        };
        let read = |at: &str| mount_point(&line(at));
        assert_eq!(read("/media/signpost-stick"), Some("/media/signpost-stick".into()));
        assert_eq!(read(r"/run/media/kiosk/MY\040STICK"), Some("/run/media/kiosk/MY STICK".into()));
        assert_eq!(read(r"/media/a\134b"), Some(r"/media/a\b".into()));
        for (path, is_one) in
            [("/media/x", true), ("/run/media/a/b", true), ("/media", false), ("/", false), ("/mnt/x", false)]
        {
            assert_eq!(is_for_sticks(Path::new(path)), is_one, "{path}");
        }
        let own = tempfile::tempdir().unwrap_or_else(|_| unreachable!("a test needs a folder"));
        let place = Where { named: Some(own.path().join("stick")) };
        assert!(matches!(find(&place, own.path()), Err(StickFault::NoStick)), "it is not there");
        let place = Where { named: Some(own.path().to_owned()) };
        assert!(matches!(find(&place, own.path()), Err(StickFault::NoStick)), "it is the kiosk's own disk");
    }
}
