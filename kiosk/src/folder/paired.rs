//! The hub that this kiosk is paired with.

use minicbor::{Decode, Encode};
use records::{codec, pack::Pack, pairing::HubIdentity};

use super::{Folder, FolderError, read_if_there, write_whole};

/// A hub, its address, and the keys that are pinned. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Paired {
    /// Who.
    #[n(0)]
    pub hub: HubIdentity,
    /// Where: `host:port`.
    #[n(1)]
    pub address: String,
}

impl Paired {
    const FILE: &str = "hub.cbor";
    const PACK: &str = "pack.sgnp";

    /// The hub of a folder, if it is paired.
    ///
    /// # Errors
    /// [`FolderError::Io`], [`FolderError::Damaged`].
    pub fn read(folder: &Folder) -> Result<Option<Self>, FolderError> {
        let path = folder.path(Self::FILE);
        let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
        codec::decode(&bytes).map(Some).map_err(|source| FolderError::Damaged { path, source })
    }
    /// Writes it.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, folder: &Folder) -> Result<(), FolderError> {
        write_whole(&folder.path(Self::FILE), &codec::encode(self))
    }
    /// The folder's pack, checked in full; none if there is no file.
    ///
    /// # Errors
    /// [`FolderError`]: a pack that was changed on the disk is refused like one from outside.
    pub fn read_pack(&self, folder: &Folder) -> Result<Option<Pack>, FolderError> {
        let Some(bytes) = read_if_there(&folder.path(Self::PACK))? else { return Ok(None) };
        self.check_pack(&bytes, None).map(Some)
    }
    /// Takes a newer pack in the place of the old one.
    ///
    /// # Errors
    /// [`FolderError`]; the old pack then stands as it was.
    pub fn take_pack(&self, folder: &Folder, bytes: &[u8], held: Option<u64>) -> Result<Pack, FolderError> {
        let pack = self.check_pack(bytes, held)?;
        write_whole(&folder.path(Self::PACK), bytes)?;
        Ok(pack)
    }
    fn check_pack(&self, bytes: &[u8], held: Option<u64>) -> Result<Pack, FolderError> {
        let pack = Pack::open(bytes, &self.hub.key, held)?;
        if pack.school == self.hub.school { Ok(pack) } else { Err(FolderError::OtherSchool("pack")) }
    }
}
