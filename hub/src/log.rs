//! Log lines, on standard error. They hold ids and numbers; never a name, never an address.

use std::io::{self, Write as _};

/// Writes a line with the time (UTC). A line that cannot be written, as where the log lies on a full disk, is left out: what
/// it tells of goes on.
pub fn line(text: &str) {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    let _ = writeln!(io::stderr(), "{now} {text}");
}
