//! The same run, as if its databases had been opened with `synchronous = NORMAL`.
//!
//! The control for programs that have no such switch: a durability test that still passes on this
//! recording could not see what it is there for.

use super::log::{Call, Event};
use super::recorder::Recording;
use std::path::{Path, PathBuf};

/// The length of the header of SQLite's write-ahead log, in bytes.
const WAL_HEADER: usize = 32;

impl Recording {
    /// The recording with those syncs taken out that SQLite leaves out with NORMAL.
    ///
    /// In WAL mode the two differ in one thing alone (<https://sqlite.org/pragma.html#pragma_synchronous>,
    /// `wal.c`): FULL syncs the log at the end of each transaction. NORMAL syncs it, as FULL does, only
    /// where a log begins anew (after its header) and before a checkpoint writes to the database. Every
    /// other sync, of whatever file, stays. Nothing is moved: an acknowledgement keeps its place.
    #[must_use]
    pub fn with_normal_synchronous(mut self) -> Self {
        for at in commit_syncs(&self.events) {
            self.events[at].call = Call::SyncRange;
        }
        self
    }
}

/// Where logs were synced because a transaction ended.
fn commit_syncs(events: &[Event]) -> Vec<usize> {
    let is_sync = |at: usize| matches!(events[at].call, Call::Fsync | Call::Fdatasync);
    let is_write = |event: &Event| matches!(event.call, Call::Write { .. });
    (0..events.len())
        .filter(|&at| {
            let Some(database) = database_of(&events[at].path) else { return false };
            let log = &events[at].path;
            let header_before = events[..at].iter().rev().find(|it| is_write(it) && it.path == *log).is_some_and(
                |it| matches!(&it.call, Call::Write { offset: 0, bytes, .. } if bytes.len() == WAL_HEADER),
            );
            let checkpoint_after = events[at + 1..]
                .iter()
                .find(|it| is_write(it) && (it.path == *log || it.path == database))
                .is_some_and(|it| it.path == database);
            is_sync(at) && !header_before && !checkpoint_after
        })
        .collect()
}

/// The database that a write-ahead log belongs to.
fn database_of(path: &Path) -> Option<PathBuf> {
    path.to_str()?.strip_suffix("-wal").map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(path: &str, call: Call) -> Event {
        Event { process: 1, inode: 1, path: path.into(), call }
    }
    fn write(path: &str, offset: u64, length: usize) -> Event {
        event(path, Call::Write { positioned: true, offset, bytes: vec![0; length], synced: false })
    }

    #[test]
    fn only_the_syncs_at_the_end_of_a_transaction_are_left_out() {
        let events = [
            write("a.db-wal", 0, 32),
            event("a.db-wal", Call::Fdatasync), // a log begins
            write("a.db-wal", 32, 4120),
            event("a.db-wal", Call::Fdatasync), // a transaction ends
            write("a.db-wal", 4152, 4120),
            event("a.db-wal", Call::Fdatasync), // a transaction ends, and the log is full:
            event("a.db-wal", Call::Fdatasync), // a checkpoint begins
            write("a.db", 0, 4096),
            event("a.db", Call::Fdatasync),
            write("note", 0, 9),
            event("note", Call::Fsync),
        ];
        // NORMAL syncs once before a checkpoint, and a second sync of the same bytes changes nothing.
        assert_eq!(commit_syncs(&events), [3]);
    }
}
