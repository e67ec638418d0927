//! Reads the log that `power-cut/recorder.c` writes. Pure: bytes in, events out.
//!
//! An event is 32 bytes of little-endian header, the path, the data:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | length of the whole event |
//! | 1 | kind |
//! | 1 | flags |
//! | 2 | length of the path |
//! | 4 | process id |
//! | 4 | length of the data |
//! | 8 | inode |
//! | 8 | offset or length, by kind |

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const HEADER: usize = 32;

const CREATED: u8 = 1;
const TRUNCATED: u8 = 2;
const WRITABLE: u8 = 4;
const SYNCED: u8 = 8;

/// The kind under which the test itself puts a mark into the log.
const MARK: u8 = 19;

/// One thing that a recorded program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The process that did it.
    pub process: u32,
    /// The file or folder, as `stat` numbers it; 0 where there is none.
    pub inode: u64,
    /// Its path at that moment; empty where there is none.
    pub path: PathBuf,
    /// What was done.
    pub call: Call,
}

/// What was done. Only calls that succeeded are in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// A file was opened for writing, or created.
    Open {
        /// The call made the file.
        created: bool,
        /// The call emptied the file.
        truncated: bool,
        /// The descriptor can be written to.
        writable: bool,
    },
    /// Bytes were written into a file.
    Write {
        /// With an offset of its own (`pwrite`) rather than at the file's position.
        positioned: bool,
        /// Where the first byte went.
        offset: u64,
        /// What was written.
        bytes: Vec<u8>,
        /// Through O_SYNC or O_DSYNC: durable when the call returned.
        synced: bool,
    },
    /// A file was cut or stretched to a length in bytes.
    Truncate {
        /// The new length.
        length: u64,
    },
    /// Room was reserved; the file is at least so many bytes long from now on.
    Fallocate {
        /// The least length; 0 where the length was to be kept.
        length: u64,
    },
    /// `fsync` of a file or folder.
    Fsync,
    /// `fdatasync` of a file.
    Fdatasync,
    /// `sync` or `syncfs`: everything.
    SyncAll,
    /// `sync_file_range`: makes nothing durable (no metadata, no flush of the disk's cache).
    SyncRange,
    /// A name was moved.
    Rename {
        /// The new path.
        to: PathBuf,
    },
    /// A file's name was removed.
    Unlink,
    /// An empty folder was removed.
    Rmdir,
    /// A folder was made.
    Mkdir,
    /// A second name was given to a file.
    Link {
        /// The second path.
        to: PathBuf,
    },
    /// A file was mapped shared and writable: what is stored through the mapping is not seen.
    Map,
    /// Bytes left through standard output.
    Stdout {
        /// What was said.
        bytes: Vec<u8>,
    },
    /// Bytes were about to leave through a socket.
    Sent {
        /// How many were handed over.
        length: u64,
    },
    /// A call that could change the folder and that the replay does not follow.
    Unsupported {
        /// Which, in words.
        why: String,
    },
    /// The test saw an acknowledgement and noted it here.
    Mark {
        /// What the test wrote.
        text: String,
    },
}

/// Why a log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The bytes are no log.
    #[error(
        "the recording is damaged at byte {at}: {what}; do recorder.c and log.rs still agree on the layout?"
    )]
    Damaged {
        /// Offset of the event in the log.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
}

/// The events of a log, in the order in which they happened.
///
/// A last event that is cut short (the program was killed while it was being logged) is left out.
///
/// # Errors
/// If an event inside the log does not hold together.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Event>, LogError> {
    let mut events = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let Some((header, body)) = rest.split_first_chunk::<HEADER>() else { break };
        let fields = Fields(header);
        let length = fields.u32(0) as usize;
        let (path, data) = (usize::from(fields.u16(6)), fields.u32(12) as usize);
        if length != HEADER + path + data {
            return Err(LogError::Damaged { at, what: "the lengths do not add up" });
        }
        let Some(body) = body.get(..path + data) else { break };
        let (path, data) = body.split_at(path);
        let call = call(header[4], header[5], fields.i64(24), data)
            .ok_or(LogError::Damaged { at, what: "an unknown kind of event, or a negative offset" })?;
        events.push(Event {
            process: fields.u32(8),
            inode: fields.i64(16) as u64,
            path: as_path(path),
            call,
        });
        at += length;
    }
    Ok(events)
}

/// The bytes of a mark, to be appended to a log.
pub(super) fn mark(text: &str) -> Vec<u8> {
    let data = text.as_bytes();
    let mut bytes = Vec::with_capacity(HEADER + data.len());
    bytes.extend(((HEADER + data.len()) as u32).to_le_bytes());
    bytes.extend([MARK, 0, 0, 0]);
    bytes.extend(std::process::id().to_le_bytes());
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend([0; 16]);
    bytes.extend(data);
    bytes
}

fn call(kind: u8, flags: u8, number: i64, data: &[u8]) -> Option<Call> {
    let has = |flag: u8| flags & flag != 0;
    let text = || String::from_utf8_lossy(data).into_owned();
    let length = u64::try_from(number).ok()?;
    Some(match kind {
        1 => Call::Open { created: has(CREATED), truncated: has(TRUNCATED), writable: has(WRITABLE) },
        2 | 3 => {
            Call::Write { positioned: kind == 3, offset: length, bytes: data.to_vec(), synced: has(SYNCED) }
        }
        4 => Call::Truncate { length },
        5 => Call::Fallocate { length },
        6 => Call::Fsync,
        7 => Call::Fdatasync,
        8 => Call::SyncAll,
        9 => Call::SyncRange,
        10 => Call::Rename { to: as_path(data) },
        11 => Call::Unlink,
        12 => Call::Rmdir,
        13 => Call::Mkdir,
        14 => Call::Link { to: as_path(data) },
        15 => Call::Map,
        16 => Call::Stdout { bytes: data.to_vec() },
        17 => Call::Sent { length },
        18 => Call::Unsupported { why: text() },
        MARK => Call::Mark { text: text() },
        _ => return None,
    })
}

fn as_path(bytes: &[u8]) -> PathBuf {
    Path::new(OsStr::from_bytes(bytes)).to_path_buf()
}

struct Fields<'a>(&'a [u8; HEADER]);

impl Fields<'_> {
    fn bytes<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[at..at + N]);
        bytes
    }
    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes(at))
    }
    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }
    fn i64(&self, at: usize) -> i64 {
        i64::from_le_bytes(self.bytes(at))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_log_that_ends_in_the_middle_of_an_event_keeps_the_whole_ones() {
        let mut bytes = mark("first");
        bytes.extend(mark("second"));
        for cut in 1..mark("second").len() {
            let events = read(&bytes[..bytes.len() - cut]).unwrap();
            assert_eq!(events.len(), 1);
            assert_eq!(events[0].call, Call::Mark { text: "first".into() });
        }
        assert_eq!(read(&bytes).unwrap().len(), 2);
    }

    #[test]
    fn a_log_that_does_not_hold_together_is_refused() {
        let mut bytes = mark("first");
        bytes[4] = 99;
        assert!(read(&bytes).is_err());
        let mut bytes = mark("first");
        bytes[0] += 1;
        bytes.push(0);
        assert!(read(&bytes).is_err());
    }
}
