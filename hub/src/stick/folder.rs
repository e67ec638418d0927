//! A stick that is mounted here: every kiosk's file on it is taken, and what goes back to each is put beside it.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use records::stick::{ENDING, FOLDER};

use super::{CARRY_MAX, GiveError, TakeError, Taken, give, in_order, take};
use crate::{hub::Hub, store::audit::Actor};

/// Why nothing was done with a stick.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read.
    #[error("cannot read {0}: {1}. Look whether the stick is in, and mounted there")]
    Read(PathBuf, io::Error),
    /// There is no kiosk's file on it.
    #[error(
        "there is no file of a kiosk in {0}, nor in its folder {FOLDER}. At the kiosk: the teacher’s panel, “What waits to be sent”, “Take it on a stick”"
    )]
    NothingThere(PathBuf),
}

/// What became of one file.
#[derive(Debug)]
pub struct Outcome {
    /// The file.
    pub file: String,
    /// What was taken, or why nothing was.
    pub taken: Result<Taken, TakeError>,
}

/// What goes back to one kiosk.
#[derive(Debug)]
pub struct Back {
    /// The kiosk's name.
    pub kiosk: String,
    /// The file that was written, or why none was.
    pub written: Result<PathBuf, BackError>,
}

/// Why a file for a kiosk is not on the stick.
#[derive(Debug, thiserror::Error)]
pub enum BackError {
    /// There is none.
    #[error(transparent)]
    Give(#[from] GiveError),
    /// The stick did not take it.
    #[error("cannot write {0}: {1}. Look whether the stick has room, and can be written")]
    Write(PathBuf, io::Error),
    /// It reads back as something else.
    #[error("{0} was written and reads back as something else: this stick is not good any more. Use another")]
    Differs(PathBuf),
}

/// Takes every kiosk's file on a stick, and puts what goes back on it. What is refused stays where it is.
///
/// # Errors
/// [`FolderError`].
pub fn exchange(hub: &Hub, stick: &Path, actor: Actor) -> Result<(Vec<Outcome>, Vec<Back>), FolderError> {
    let mut files = Vec::new();
    for room in [stick.to_owned(), stick.join(FOLDER)] {
        match carries(&room) {
            Ok(found) => files.extend(found),
            Err(why) if why.kind() == io::ErrorKind::NotFound && room != stick => {}
            Err(why) => return Err(FolderError::Read(room, why)),
        }
    }
    if files.is_empty() {
        return Err(FolderError::NothingThere(stick.to_owned()));
    }
    in_order(&mut files);
    let mut kiosks = Vec::new();
    let mut outcomes = Vec::new();
    for (file, bytes) in files {
        let taken = take(hub, &bytes, actor);
        if let Ok(Taken { kiosk, .. }) = &taken
            && kiosks.iter().all(|(device, _)| *device != kiosk.device)
        {
            kiosks.push((kiosk.device, kiosk.name.clone()));
        }
        outcomes.push(Outcome { file, taken });
    }
    let back = kiosks.into_iter().map(|(device, kiosk)| {
        let written = give(hub, device, actor).map_err(BackError::from).and_then(|given| {
            let path = stick.join(FOLDER).join(&given.name);
            put(&path, &given.bytes)?;
            Ok(path)
        });
        Back { kiosk, written }
    });
    Ok((outcomes, back.collect()))
}

/// The files of kiosks in a folder, by name. Those for kiosks are not meant for us.
fn carries(room: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(room)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Beside a file, some systems put one of their own that begins with a dot.
        let ours = path.extension().is_some_and(|ending| ending == ENDING) && !name.starts_with('.');
        if !ours || !path.is_file() || name.starts_with("to-") {
            continue;
        }
        let mut bytes = Vec::new();
        File::open(&path)?.take(CARRY_MAX as u64 + 1).read_to_end(&mut bytes)?;
        all.push((name, bytes));
    }
    all.sort();
    Ok(all)
}

/// A stick may be pulled out at any moment: the file is there whole or not at all, and was read back.
fn put(path: &Path, bytes: &[u8]) -> Result<(), BackError> {
    let room = path.parent().unwrap_or(Path::new("."));
    let beside = path.with_extension("new");
    let written = (|| {
        fs::create_dir_all(room)?;
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)?;
        let folder = File::open(room)?;
        rustix::fs::syncfs(&folder)?;
        fs::read(path)
    })();
    match written {
        Ok(read) if read == bytes => Ok(()),
        Ok(_) => Err(BackError::Differs(path.to_owned())),
        Err(why) => {
            // What is left of it is of no use; a stick that is gone cannot be cleaned.
            let _ = fs::remove_file(&beside);
            Err(BackError::Write(path.to_owned(), why))
        }
    }
}
