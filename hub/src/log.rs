//! Log lines, on standard error. They hold ids and numbers; never a name, never an address.

/// Writes a line with the time (UTC).
pub fn line(text: &str) {
    eprintln!("{} {text}", jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ"));
}
