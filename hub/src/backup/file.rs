//! A backup as a file.
//!
//! | bytes | what |
//! |---|---|
//! | 18 | `signpost backup 1` and a line feed |
//! | 4 | the length of the head, big-endian |
//! | … | the head: JSON with the school's id, when it was made, the length of the database, and `hub.key` |
//! | … | the database, encrypted by SQLCipher as it was |
//! | 32 | HMAC-SHA256 of all that stands before, under a key that the database key makes |
//!
//! `hub.key` holds the database key wrapped by the passphrase of that day and by the printed recovery key; so the file
//! opens with either, and with nothing else. It names nobody.

use std::{
    io::{self, Read, Write},
    path::Path,
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use records::{day::Moment, ids::SchoolId};
use sha2::Sha256;

use super::BackupError;
use crate::keyfile::{DatabaseKey, KeyFile};

const MAGIC: &[u8; 18] = b"signpost backup 1\n";
/// What a file of any form begins with.
const ANY_FORM: &[u8] = b"signpost backup ";
/// A head is far smaller.
const HEAD_MAX: u32 = 64 * 1024;
const PURPOSE: &str = "signpost backup 1";
const MAC_LENGTH: usize = 32;
const CHUNK: usize = 256 * 1024;

/// What stands before the database, in clear.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// The school, by the random id that its hub was made with.
    pub school: SchoolId,
    /// When it was made.
    pub made: Moment,
    /// How long the database is, in bytes.
    pub database: u64,
    /// What the database key is wrapped in.
    pub key_file: KeyFile,
}

/// Keeps the sum of what passes.
struct Summed<T> {
    through: T,
    sum: Hmac<Sha256>,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.through.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.through.flush()
    }
}

fn sum(key: &DatabaseKey) -> Hmac<Sha256> {
    Hmac::new_from_slice(&*key.made_for(PURPOSE)).expect("HMAC takes a key of any length")
}

/// Writes a backup of the database that `from` gives.
///
/// # Errors
/// What the system says of either side.
pub fn write(head: &Head, key: &DatabaseKey, from: impl Read, to: impl Write) -> io::Result<()> {
    let mut out = Summed { through: io::BufWriter::with_capacity(CHUNK, to), sum: sum(key) };
    let json = serde_json::to_vec(head).map_err(io::Error::other)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    out.write_all(MAGIC)?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(&json)?;
    let copied = pass(from.take(head.database), &mut out)?;
    if copied != head.database {
        return Err(io::Error::other("the copy of the database became shorter while it was read"));
    }
    let Summed { mut through, sum } = out;
    through.write_all(&sum.finalize().into_bytes())?;
    through.flush()
}

/// Reads what stands before the database. It is not known yet whether it is what was written: see [`restore`].
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::Newer`], [`BackupError::Damaged`], or what the system says.
pub fn head(path: &Path, from: &mut impl Read) -> Result<Head, BackupError> {
    Ok(head_and_bytes(path, from)?.0)
}

fn head_and_bytes(path: &Path, from: &mut impl Read) -> Result<(Head, Vec<u8>), BackupError> {
    let mut magic = [0; MAGIC.len()];
    read_exactly(path, from, &mut magic).map_err(|error| match error {
        BackupError::Damaged(path) => BackupError::NotABackup(path),
        other => other,
    })?;
    if magic != *MAGIC {
        let other_form = magic.starts_with(ANY_FORM) && magic[ANY_FORM.len()].is_ascii_digit();
        let path = path.to_owned();
        return Err(if other_form { BackupError::Newer(path) } else { BackupError::NotABackup(path) });
    }
    let mut length = [0; 4];
    read_exactly(path, from, &mut length)?;
    let damaged = || BackupError::Damaged(path.to_owned());
    let size = u32::from_be_bytes(length);
    if size > HEAD_MAX {
        return Err(damaged());
    }
    let mut json = vec![0; size as usize];
    read_exactly(path, from, &mut json)?;
    let head: Head = serde_json::from_slice(&json).map_err(|_| damaged())?;
    Ok((head, [&magic[..], &length, &json].concat()))
}

/// Writes the database of a backup to `to`, and looks whether every byte of the file is the one that was written.
///
/// # Errors
/// [`BackupError::Damaged`] if one is not: then what was written to `to` is worth nothing. [`BackupError::Io`] and its
/// like for either side.
pub fn restore(
    path: &Path,
    key: &DatabaseKey,
    mut from: impl Read,
    to: &mut impl Write,
    at: &Path,
) -> Result<(), BackupError> {
    let damaged = || BackupError::Damaged(path.to_owned());
    let (head, before) = head_and_bytes(path, &mut from)?;
    let mut sum = sum(key);
    sum.update(&before);
    let mut left = head.database;
    let mut chunk = vec![0; CHUNK];
    while left > 0 {
        let most = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        read_exactly(path, &mut from, &mut chunk[..most])?;
        sum.update(&chunk[..most]);
        to.write_all(&chunk[..most]).map_err(|why| BackupError::of(at, why))?;
        left -= most as u64;
    }
    let mut mac = [0; MAC_LENGTH];
    read_exactly(path, &mut from, &mut mac)?;
    let more = from.read(&mut [0]).map_err(|why| BackupError::of(path, why))?;
    sum.verify_slice(&mac).map_err(|_| damaged())?;
    if more > 0 { Err(damaged()) } else { Ok(()) }
}

fn pass(mut from: impl Read, to: &mut impl Write) -> io::Result<u64> {
    let mut chunk = vec![0; CHUNK];
    let mut passed = 0;
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(passed),
            n => {
                to.write_all(&chunk[..n])?;
                passed += n as u64;
            }
        }
    }
}

fn read_exactly(path: &Path, from: &mut impl Read, bytes: &mut [u8]) -> Result<(), BackupError> {
    from.read_exact(bytes).map_err(|why| match why.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Damaged(path.to_owned()),
        _ => BackupError::of(path, why),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::keyfile::RecoveryKey;

    fn written(database: &[u8]) -> (Vec<u8>, DatabaseKey) {
        let key = DatabaseKey::generate();
        let head = Head {
            school: SchoolId::from_bytes([3; 16]),
            made: Moment(7),
            database: database.len() as u64,
            key_file: KeyFile::wrap(&key, "heron lamp basket tide", &RecoveryKey::generate()).unwrap(),
        };
        let mut file = Vec::new();
        write(&head, &key, database, &mut file).unwrap();
        (file, key)
    }

    fn restored(file: &[u8], key: &DatabaseKey) -> Result<Vec<u8>, BackupError> {
        let mut out = Vec::new();
        restore(Path::new("a.backup"), key, file, &mut out, Path::new("out")).map(|()| out)
    }

    #[test]
    fn what_was_written_comes_back_and_with_one_byte_changed_anywhere_it_does_not() {
        let database: Vec<u8> = (0..4096_u32).map(|i| (i % 251) as u8).collect();
        let (file, key) = written(&database);
        assert_eq!(restored(&file, &key).unwrap(), database);
        let (other, other_key) = written(&database);
        assert!(restored(&other, &key).is_err() && restored(&file, &other_key).is_err(), "another hub’s key");
        for place in 0..file.len() {
            let mut spoilt = file.clone();
            spoilt[place] ^= 1;
            assert!(restored(&spoilt, &key).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_file_that_is_cut_off_longer_newer_or_another_is_told_apart() {
        let (file, key) = written(&[9; 1000]);
        for length in 0..file.len() {
            let told = restored(&file[..length], &key).unwrap_err();
            assert!(matches!(told, BackupError::Damaged(_) | BackupError::NotABackup(_)), "{length}: {told}");
        }
        let longer = [&file[..], b"x"].concat();
        assert!(matches!(restored(&longer, &key), Err(BackupError::Damaged(_))));
        let newer = file.iter().enumerate().map(|(i, b)| if i == 16 { b'2' } else { *b });
        let newer: Vec<u8> = newer.collect();
        assert!(matches!(restored(&newer, &key), Err(BackupError::Newer(_))));
        assert!(matches!(restored(&[b'x'; 500], &key), Err(BackupError::NotABackup(_))));
    }
}
