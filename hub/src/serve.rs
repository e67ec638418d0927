//! Serving: both ports, the daily backup, the daily look at what has reached its end, and the letters about boxes that
//! nobody opened, until told to stop.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::Arc,
};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    server::NoServerSessionStorage,
    version::{TLS12, TLS13},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    backup, desk,
    hub::Hub,
    kiosk_port, mail, retention,
    store::StoreError,
    tls::{
        authority::Port,
        kiosk_certificate::AnyEd25519,
        listener::{self, Limits},
    },
};

/// Why the hub does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be used.
    #[error("cannot listen at {0}: {1}. Is another program using it?")]
    Listen(SocketAddr, io::Error),
    /// The certificate cannot be made.
    #[error("the hub's certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The pages cannot be made.
    #[error("the desk's pages cannot be made: {0}")]
    Pages(#[from] tera::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A hub that serves.
#[derive(Debug)]
pub struct Serving {
    /// The desk's address, as others reach it.
    pub desk: SocketAddr,
    /// The kiosks' address, as others reach it.
    pub kiosks: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 6],
}

impl Serving {
    /// Ends both ports: what is under way is answered first.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

/// The setting in which the kiosks' address is kept for `pair`.
pub const KIOSKS_SETTING: &str = "kiosks address";

/// Begins to serve a hub.
///
/// # Errors
/// [`ServeError`].
pub async fn start(
    hub: Arc<Hub>,
    desk: SocketAddr,
    kiosks: SocketAddr,
    limits: Limits,
) -> Result<Serving, ServeError> {
    let listen = async |address| {
        let listener = TcpListener::bind(address).await.map_err(|e| ServeError::Listen(address, e))?;
        let bound = listener.local_addr().map_err(|e| ServeError::Listen(address, e))?;
        Ok::<_, ServeError>((listener, reachable(bound)))
    };
    let (desk_listener, desk) = listen(desk).await?;
    let (kiosk_listener, kiosks) = listen(kiosks).await?;
    let (desk_tls, kiosk_tls) = (desk_tls(&hub, desk.ip())?, kiosk_tls(&hub, kiosks.ip())?);
    hub.store.set_setting(KIOSKS_SETTING, format!("https://{kiosks}").as_bytes())?;
    let (stop, stopped) = watch::channel(false);
    let desk_router = desk::router(hub.clone())?;
    let tasks = [
        tokio::spawn(listener::serve(desk_listener, desk_tls, desk_router, limits, stopped.clone())),
        tokio::spawn(listener::serve(
            kiosk_listener,
            kiosk_tls,
            kiosk_port::router(hub.clone()),
            limits,
            stopped.clone(),
        )),
        tokio::spawn(backup::running::daily(hub.clone(), stopped.clone())),
        tokio::spawn(retention::running::daily(hub.clone(), stopped.clone())),
        tokio::spawn(mail::running::each_day(hub.clone(), stopped.clone())),
        tokio::spawn(mail::calls::while_it_serves(hub, stopped)),
    ];
    Ok(Serving { desk, kiosks, stop, tasks })
}

fn desk_tls(hub: &Hub, address: IpAddr) -> Result<Arc<ServerConfig>, ServeError> {
    let (chain, key) = hub.tls.leaf(Port::Desk, address, hub.now())?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn kiosk_tls(hub: &Hub, address: IpAddr) -> Result<Arc<ServerConfig>, ServeError> {
    let (chain, key) = hub.tls.leaf(Port::Kiosks, address, hub.now())?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(Arc::new(AnyEd25519::new(provider())))
        .with_single_cert(chain, key)?;
    // Every session is a new one: pairing proves knowledge of the code for one session only.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The address to give to others: where all addresses are served, the one this computer has on its network.
fn reachable(bound: SocketAddr) -> SocketAddr {
    if !bound.ip().is_unspecified() {
        return bound;
    }
    // No packet is sent: the system is only asked which of its addresses it would send from.
    let own = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
        socket.local_addr().ok().map(|a| a.ip()).filter(|ip| !ip.is_unspecified())
    };
    SocketAddr::new(own().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), bound.port())
}
