//! A running program's memory, as a copy of it would show.

use super::count;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;

/// How often each of these stands in the memory of the process with this id: in whatever it may write to, also in what
/// it has let go and the system has not taken back.
///
/// # Errors
/// If the system does not let its memory be read: that takes the rights of whoever runs the machine.
pub fn counts(process: u32, wanted: &[&[u8]]) -> io::Result<Vec<usize>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let mut found = vec![0; wanted.len()];
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let Some((from, to)) =
            range.split_once('-').and_then(|(from, to)| Some((address(from)?, address(to)?)))
        else {
            continue;
        };
        let mut bytes = vec![0; usize::try_from(to - from).unwrap_or_default()];
        // A device's memory, or what was given back meanwhile, cannot be read.
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        for (found, wanted) in found.iter_mut().zip(wanted) {
            *found += count(&bytes, wanted);
        }
    }
    Ok(found)
}

fn address(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}
