//! Pairing by one-time code.

use records::{
    pairing::{NotAPairingCode, PairReply, PairRequest, PairingCode},
    sync::{Refusal, RefusalReason},
};

use super::{
    SyncError,
    address::{NotAnAddress, host_and_port},
    client::Connection,
};
use crate::{
    folder::{Device, Folder, FolderError, Paired},
    storage::random,
};

/// Why pairing did not succeed. The folder is then as it was before.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The code as typed.
    #[error(transparent)]
    Code(#[from] NotAPairingCode),
    /// The address as typed.
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    /// The hub or the way to it.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The hub knows another code.
    #[error(
        "the hub does not take this code: it is wrong, used, or older than ten minutes. Ask the hub for a new one"
    )]
    WrongCode,
    /// The other side does not know the code.
    #[error(
        "the server at {0} could not prove that it knows the code. Nothing was kept: somebody may be in between. Check the address, and try with a new code"
    )]
    NotTheHub(String),
    /// No runtime.
    #[error("the system gives this program no thread: {0}")]
    Runtime(std::io::Error),
}

/// Pairs the kiosk of a folder with the hub at `host:port`, and keeps the keys that the hub proved. The
/// address may also be written as the hub shows it, `https://host:port`.
///
/// # Errors
/// [`PairError`].
pub fn pair(folder: &Folder, address: &str, code: &str, name: &str) -> Result<Paired, PairError> {
    let address = host_and_port(address)?;
    let _lock = folder.lock()?;
    let code: PairingCode = code.parse()?;
    let mut device = match Device::read(folder)? {
        Some(device) => device,
        None => Device::generate(name, &mut random()),
    };
    device.rename(name);
    // The key is on the disk before the hub pins it: a power cut in between leaves a kiosk that
    // can pair again, not a hub that knows a key which is lost.
    device.write(folder)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(PairError::Runtime)?;
    let paired = runtime.block_on(exchange(&device, address, &code))?;
    paired.write(folder)?;
    Ok(paired)
}

async fn exchange(device: &Device, address: &str, code: &PairingCode) -> Result<Paired, PairError> {
    let mut connection = Connection::open(device, address, None).await?;
    let kiosk = device.identity();
    let proof = code.kiosk_proof(&connection.session, &kiosk);
    let reply: Result<PairReply, SyncError> =
        connection.post("/kiosk/pair", &PairRequest { kiosk, proof }).await;
    let reply = reply.map_err(|error| match error {
        SyncError::Refused(Refusal { reason: RefusalReason::WrongCode, .. }) => PairError::WrongCode,
        other => other.into(),
    })?;
    let proved = code.checks_hub(&connection.session, &reply.hub, &reply.proof);
    if proved && reply.hub.tls == connection.server {
        Ok(Paired { hub: reply.hub, address: address.to_owned() })
    } else {
        Err(PairError::NotTheHub(address.to_owned()))
    }
}
