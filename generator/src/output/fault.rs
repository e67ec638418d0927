//! What the system refused, in words that help the office on.

use std::io::{Error, ErrorKind};

/// What is wrong, and what to do about it.
pub(super) fn in_words(why: &Error) -> String {
    // A stick that is pulled out shows as one of several errors, and not all of them have a kind.
    let gone = matches!(why.kind(), ErrorKind::NotFound | ErrorKind::StaleNetworkFileHandle)
        || why.raw_os_error().is_some_and(is_gone);
    let (what, mend) = match why.kind() {
        ErrorKind::StorageFull => {
            ("there is no room left", "make room there, or choose another disk or stick")
        }
        ErrorKind::QuotaExceeded => {
            ("your share of the disk is used up", "make room there, or choose another place")
        }
        ErrorKind::FileTooLarge => (
            "no file there may grow that large",
            "choose another disk or stick, or ask whoever set that limit",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "it can be read, but not written to",
            "look for a small switch on the stick, or choose another one",
        ),
        ErrorKind::PermissionDenied => {
            ("you may not write there", "choose another folder, or ask whoever looks after the computer")
        }
        _ if gone => (
            "it is not there, or does not answer any more",
            "see that the stick or disk is plugged in, and try again",
        ),
        _ => return format!("{why}; see that there is room and that you may write there"),
    };
    format!("{what}; {mend}")
}

/// A size as people say it.
pub(super) fn size(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000).max(1);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// EIO, ENXIO, ENODEV, ENOTCONN, ECONNABORTED of Unix: what the system, or a driver beside it, says of a device that was
/// taken away.
#[cfg(unix)]
fn is_gone(code: i32) -> bool {
    use rustix::io::Errno;
    [Errno::IO, Errno::NXIO, Errno::NODEV, Errno::NOTCONN, Errno::CONNABORTED]
        .iter()
        .any(|one| one.raw_os_error() == code)
}

/// `ERROR_NOT_READY`, `ERROR_NO_SUCH_DEVICE`, `ERROR_DEV_NOT_EXIST` and `ERROR_DEVICE_NOT_CONNECTED` of Windows.
#[cfg(not(unix))]
fn is_gone(code: i32) -> bool {
    [21, 433, 55, 1167].contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_a_locked_and_a_lost_stick_each_have_words_of_their_own() {
        let said = |kind: ErrorKind| in_words(&kind.into());
        assert!(said(ErrorKind::StorageFull).starts_with("there is no room left; make room"));
        assert!(said(ErrorKind::ReadOnlyFilesystem).contains("switch on the stick"));
        assert!(said(ErrorKind::PermissionDenied).contains("you may not write there"));
        assert!(said(ErrorKind::NotFound).contains("plugged in"));
        #[cfg(unix)]
        assert!(in_words(&Error::from_raw_os_error(5)).contains("plugged in"));
    }
}
