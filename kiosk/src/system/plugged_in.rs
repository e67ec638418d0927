//! What is plugged in.

use std::path::PathBuf;

/// Where sticks are mounted. Linux mounts what is plugged in below `/media` or `/run/media`.
#[cfg(target_os = "linux")]
pub(crate) fn plugged_in() -> Vec<PathBuf> {
    linux::plugged_in()
}

/// Elsewhere the technician names the folder.
#[cfg(not(target_os = "linux"))]
pub(crate) fn plugged_in() -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        ffi::OsString,
        fs,
        os::unix::ffi::OsStringExt as _,
        path::{Path, PathBuf},
    };

    pub(super) fn plugged_in() -> Vec<PathBuf> {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let mut all: Vec<_> =
            mounts.lines().filter_map(mount_point).filter(|path| is_for_sticks(path)).collect();
        all.sort();
        all.dedup();
        all
    }

    fn is_for_sticks(path: &Path) -> bool {
        ["/media", "/run/media"].iter().any(|room| path.starts_with(room) && path != Path::new(room))
    }

    /// The mount point in a line of `mountinfo` (proc(5)): the fifth field, with blanks and backslashes in octal.
    fn mount_point(line: &str) -> Option<PathBuf> {
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

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_mounted_stick_is_found_by_its_place_whatever_it_is_called() {
            let line = |at: &str| {
                format!("98 0 8:17 / {at} rw,nosuid,nodev,relatime shared:50 - vfat /dev/sdb1 rw,uid=1000")
            };
            let read = |at: &str| mount_point(&line(at));
            assert_eq!(read("/media/signpost-stick"), Some("/media/signpost-stick".into()));
            assert_eq!(read(r"/run/media/kiosk/MY\040STICK"), Some("/run/media/kiosk/MY STICK".into()));
            assert_eq!(read(r"/media/a\134b"), Some(r"/media/a\b".into()));
            for (path, is_one) in [
                ("/media/x", true),
                ("/run/media/a/b", true),
                ("/media", false),
                ("/", false),
                ("/mnt/x", false),
            ] {
                assert_eq!(is_for_sticks(Path::new(path)), is_one, "{path}");
            }
        }
    }
}
