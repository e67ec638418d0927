//! What somebody finds who looks for traces of a report: at what a program asks of the system, at its disk, at its
//! memory.
//!
//! - [`calls`] runs a program under strace, and says call by call in what two runs differ.
//! - [`disk`] compares folders as somebody sees them who copies them, and looks for words in whatever was ever
//!   written.
//! - [`memory`] looks for words in a running program's memory.
//!
//! Each is tried on programs and folders that give something away (`src/bin/leaky.rs`): what does not find that finds
//! nothing.

pub mod calls;
pub mod disk;
pub mod memory;

pub(crate) fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, wanted).count()
}
