//! The roster on this disk: never in clear, and one class at a time in memory.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use rand_core::CryptoRng;
use records::{
    codec,
    container::{Container, Kind},
    day::Moment,
    family::SealedFamily,
    ids::ClassId,
    report::RoleKey,
    roster::{self, Adult, Class, ClassListing, Roster},
};
use zeroize::Zeroizing;

use super::{Device, Folder, FolderError, Paired, read_if_there, write_whole};

const PURPOSE: &[u8] = b"signpost kiosk roster 1";
const NONCE: usize = 24;

/// The signed roster under the kiosk's local key (XChaCha20-Poly1305, a random nonce for each
/// writing). Whoever opens it gets the signed bytes and checks the hub's signature again.
pub struct SealedRoster;

impl SealedRoster {
    const FILE: &str = "roster.sealed";

    /// Checks a roster in full and takes it in the place of the old one. Gives its number, and when it was made.
    ///
    /// # Errors
    /// [`FolderError`]; the old roster then stands as it was.
    pub fn take(
        folder: &Folder,
        device: &Device,
        paired: &Paired,
        bytes: &[u8],
        held: Option<u64>,
        random: &mut impl CryptoRng,
    ) -> Result<(u64, Moment), FolderError> {
        let roster = Roster::open(bytes, &paired.hub.key, held)?;
        if roster.school != paired.hub.school {
            return Err(FolderError::OtherSchool("roster"));
        }
        let mut nonce = [0; NONCE];
        random.fill_bytes(&mut nonce);
        let sealed = cipher(device)
            .encrypt(&XNonce::from(nonce), Payload { msg: bytes, aad: PURPOSE })
            .map_err(|_| FolderError::CannotOpen(folder.path(Self::FILE)))?;
        write_whole(&folder.path(Self::FILE), &[&nonce[..], &sealed].concat())?;
        Ok((roster.number, roster.made))
    }
    /// The roster's number and its classes, without pupils; none if there is no file.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn classes(
        folder: &Folder,
        device: &Device,
        paired: &Paired,
    ) -> Result<Option<(u64, Vec<ClassListing>)>, FolderError> {
        let Some(bytes) = open(folder, device)? else { return Ok(None) };
        let container = Container::open(Kind::Roster, &bytes, &paired.hub.key)?;
        let part = container.part("classes")?;
        let classes = codec::decode(part).map_err(|e| FolderError::Refused(e.into()))?;
        Ok(Some((container.number, classes)))
    }
    /// The keys that reports are sealed for; none if there is no file, or the school has not made them.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn role_keys(folder: &Folder, device: &Device, paired: &Paired) -> Result<Vec<RoleKey>, FolderError> {
        let Some(bytes) = open(folder, device)? else { return Ok(Vec::new()) };
        Ok(roster::role_keys(&Container::open(Kind::Roster, &bytes, &paired.hub.key)?)?)
    }
    /// The families, each closed to whoever has not its code; none if there is no file.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn families(
        folder: &Folder,
        device: &Device,
        paired: &Paired,
    ) -> Result<Vec<SealedFamily>, FolderError> {
        let Some(bytes) = open(folder, device)? else { return Ok(Vec::new()) };
        Ok(roster::families(&Container::open(Kind::Roster, &bytes, &paired.hub.key)?)?)
    }
    /// Staff and governors; none if there is no file.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn adults(folder: &Folder, device: &Device, paired: &Paired) -> Result<Vec<Adult>, FolderError> {
        let Some(bytes) = open(folder, device)? else { return Ok(Vec::new()) };
        let container = Container::open(Kind::Roster, &bytes, &paired.hub.key)?;
        codec::decode(container.part("adults")?).map_err(|e| FolderError::Refused(e.into()))
    }
    /// One class with its pupils; the others are not decoded.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn class(
        folder: &Folder,
        device: &Device,
        paired: &Paired,
        class: ClassId,
    ) -> Result<Option<Class>, FolderError> {
        let Some(bytes) = open(folder, device)? else { return Ok(None) };
        let container = Container::open(Kind::Roster, &bytes, &paired.hub.key)?;
        let part = container.part(&format!("class/{class}"))?;
        codec::decode(part).map(Some).map_err(|e| FolderError::Refused(e.into()))
    }
}

fn cipher(device: &Device) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(device.local_key().into())
}

fn open(folder: &Folder, device: &Device) -> Result<Option<Zeroizing<Vec<u8>>>, FolderError> {
    let path = folder.path(SealedRoster::FILE);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let Some((nonce, sealed)) = bytes.split_first_chunk::<NONCE>() else {
        return Err(FolderError::CannotOpen(path));
    };
    let opened = cipher(device).decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: PURPOSE });
    opened.map(|b| Some(Zeroizing::new(b))).map_err(|_| FolderError::CannotOpen(path))
}
