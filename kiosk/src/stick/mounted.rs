//! Where this system shows a stick that is plugged in.

use std::path::{Path, PathBuf};

use records::stick::FOLDER;

use super::{StickFault, Where};
use crate::system::{are_one_disk, plugged_in};

/// The stick: the folder that the technician named, or the one thing that is plugged in. Where there are several, the
/// one that has been here before. `own` is on this kiosk's own disk, which is no stick.
///
/// # Errors
/// [`StickFault::NoStick`], [`StickFault::Several`].
pub fn find(place: &Where, own: &Path) -> Result<PathBuf, StickFault> {
    if let Some(named) = &place.named {
        // Where nothing is mounted, a file would lie in the empty folder, and nobody would carry it anywhere.
        let is_stick = named.is_dir() && !are_one_disk(named, own);
        return if is_stick { Ok(named.clone()) } else { Err(StickFault::NoStick) };
    }
    let mut sticks = plugged_in();
    sticks.retain(|stick| !are_one_disk(stick, own));
    if sticks.len() > 1 {
        let known: Vec<_> = sticks.iter().filter(|stick| stick.join(FOLDER).is_dir()).cloned().collect();
        if let [one] = known.as_slice() {
            return Ok(one.clone());
        }
        return Err(StickFault::Several(sticks.len()));
    }
    sticks.pop().ok_or(StickFault::NoStick)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_computers_own_disk_is_no_stick() {
        let own = tempfile::tempdir().unwrap_or_else(|_| unreachable!("a test needs a folder"));
        let place = Where { named: Some(own.path().join("stick")) };
        assert!(matches!(find(&place, own.path()), Err(StickFault::NoStick)), "it is not there");
        let place = Where { named: Some(own.path().to_owned()) };
        assert!(matches!(find(&place, own.path()), Err(StickFault::NoStick)), "it is the kiosk's own disk");
    }
}
