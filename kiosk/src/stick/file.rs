//! Files on a stick: there whole or not at all, and read back before anybody is told that they are there.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use records::{
    ids::DeviceId,
    stick::{ENDING, FOLDER, Return},
};

use super::StickFault;
use crate::system::{self, Trouble};

/// The longest file that is read: a pack with many pictures and recordings, and a roster.
const LONGEST: u64 = 300 << 20;
/// So many files are looked at, on a stick that somebody also uses for other things.
const MOST: usize = 500;

/// Puts a file into the stick's folder, in the place of one of the same name: a temporary file, synced, renamed, and
/// the whole stick synced; then it is read back.
///
/// # Errors
/// [`StickFault`]: then an earlier file of this name stands as it was.
pub(super) fn put(stick: &Path, name: &str, bytes: &[u8]) -> Result<(), StickFault> {
    let room = stick.join(FOLDER);
    let (path, beside) = (room.join(name), room.join(format!("{name}.new")));
    let needed = bytes.len() as u64;
    let written = (|| {
        fs::create_dir_all(&room)?;
        // What an earlier try has left is in the way of this one's room.
        let _ = fs::remove_file(&beside);
        if system::free(&room)? < needed {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, &path)?;
        system::sync_whole(&room)?;
        read_back(&path)
    })();
    match written {
        Ok(read) if read == bytes => Ok(()),
        Ok(_) => Err(StickFault::Differs),
        Err(why) => {
            // A stick that is gone cannot be cleaned; the next try does it.
            let _ = fs::remove_file(&beside);
            Err(fault(why, needed))
        }
    }
}

/// From the stick itself, as far as the system can be asked for that, and not from its memory.
fn read_back(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    system::forget(&file);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn fault(why: io::Error, needed: u64) -> StickFault {
    match Trouble::of(&why) {
        Trouble::Full => StickFault::Full { needed },
        Trouble::ReadOnly => StickFault::ReadOnly(why),
        Trouble::Gone => StickFault::Gone(why),
        Trouble::Other => StickFault::Stick(why),
    }
}

/// The newest file on the stick that says that it is for this kiosk, wherever whoever saved it has put it: at the top,
/// or in its folder. Whether it is what it says is seen when it is opened.
///
/// # Errors
/// [`StickFault`].
pub(super) fn newest_for(stick: &Path, device: DeviceId) -> Result<Vec<u8>, StickFault> {
    let mut newest: Option<(u64, Vec<u8>)> = None;
    let mut damaged = None;
    for path in candidates(stick)? {
        let read = (|| {
            let mut bytes = Vec::new();
            File::open(&path)?.take(LONGEST).read_to_end(&mut bytes)?;
            Ok(bytes)
        })();
        let bytes = read.map_err(|why| fault(why, 0))?;
        match Return::claims(&bytes) {
            Ok((to, number)) if to == device && newest.as_ref().is_none_or(|(held, _)| number > *held) => {
                newest = Some((number, bytes));
            }
            Ok(_) => {}
            Err(why) => {
                // Only where there is no other: a torn file that bears our name is worth telling.
                let ours =
                    path.file_name().is_some_and(|n| n.to_string_lossy().contains(&device.to_string()[..8]));
                if ours {
                    damaged = Some(why);
                }
            }
        }
    }
    match (newest, damaged) {
        (Some((_, bytes)), _) => Ok(bytes),
        (None, Some(why)) => Err(StickFault::Refused(why)),
        (None, None) => Err(StickFault::NothingForUs),
    }
}

fn candidates(stick: &Path) -> Result<Vec<PathBuf>, StickFault> {
    let mut all = Vec::new();
    for room in [stick.to_owned(), stick.join(FOLDER)] {
        let entries = match fs::read_dir(&room) {
            Ok(entries) => entries,
            Err(why) if why.kind() == io::ErrorKind::NotFound && room != stick => continue,
            Err(why) => return Err(fault(why, 0)),
        };
        for entry in entries {
            let path = entry.map_err(|why| fault(why, 0))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let ours = path.extension().is_some_and(|ending| ending == ENDING)
                && !name.starts_with('.')
                && !name.starts_with("from-");
            if ours && path.is_file() {
                all.push(path);
            }
        }
    }
    all.sort();
    all.truncate(MOST);
    Ok(all)
}
