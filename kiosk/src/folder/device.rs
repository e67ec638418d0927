//! Who this kiosk is.

use std::fmt;

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use records::{
    codec,
    ids::DeviceId,
    keys::{SigningKey, VerifyKey},
    pairing::KioskIdentity,
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Folder, FolderError, read_if_there, write_whole};

/// A kiosk's id, name and secret keys.
///
/// The local key encrypts the roster on this disk. It lies on the same disk, in a file that only
/// the kiosk's account may read: it keeps the roster from other accounts, from backups and from
/// copies of single files. Against somebody who takes the whole disk, full-disk encryption guards it.
#[derive(Clone, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub struct Device {
    #[n(0)]
    #[zeroize(skip)]
    id: DeviceId,
    #[n(1)]
    #[zeroize(skip)]
    name: String,
    #[cbor(n(2), with = "minicbor::bytes")]
    seed: [u8; 32],
    #[cbor(n(3), with = "minicbor::bytes")]
    local: [u8; 32],
}

impl Device {
    const FILE: &str = "device.key";

    /// A new kiosk.
    pub fn generate(name: &str, random: &mut impl CryptoRng) -> Self {
        let mut id = [0; 16];
        let mut local = [0; 32];
        random.fill_bytes(&mut id);
        random.fill_bytes(&mut local);
        let seed = *SigningKey::generate(random).to_bytes();
        Self { id: DeviceId::from_bytes(id), name: name.to_owned(), seed, local }
    }
    /// The kiosk of a folder, if it has one.
    ///
    /// # Errors
    /// [`FolderError::Io`], [`FolderError::Damaged`].
    pub fn read(folder: &Folder) -> Result<Option<Self>, FolderError> {
        let path = folder.path(Self::FILE);
        let Some(bytes) = read_if_there(&path)?.map(Zeroizing::new) else { return Ok(None) };
        codec::decode(&bytes).map(Some).map_err(|source| FolderError::Damaged { path, source })
    }
    /// Writes it, for its owner alone to read.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write(&self, folder: &Folder) -> Result<(), FolderError> {
        write_whole(&folder.path(Self::FILE), &codec::encode_secret(self))
    }
    /// Its id.
    pub fn id(&self) -> DeviceId {
        self.id
    }
    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Gives it another name.
    pub fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }
    /// What it signs batches with.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.seed)
    }
    /// The key that checks its signatures.
    pub fn verify_key(&self) -> VerifyKey {
        self.signing_key().verify_key()
    }
    /// What the hub pins.
    pub fn identity(&self) -> KioskIdentity {
        KioskIdentity { device: self.id, name: self.name.clone(), key: self.verify_key() }
    }
    /// Its Ed25519 key in the form that TLS libraries read (PKCS #8, RFC 8410).
    pub fn pkcs8(&self) -> Zeroizing<Vec<u8>> {
        const HEAD: [u8; 16] =
            [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        Zeroizing::new([&HEAD[..], &self.seed].concat())
    }
    pub(super) fn local_key(&self) -> &[u8; 32] {
        &self.local
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({}, {:?})", self.id, self.name)
    }
}
