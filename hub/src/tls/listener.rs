//! Accepting connections: TLS, then HTTP/1.1, with a limit on everything that a client can hold.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use records::{keys::VerifyKey, pairing::EXPORTER_LABEL};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::kiosk_certificate;

/// What a client may hold, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Of these, from one address.
    pub per_address: usize,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For a request's head, and between requests.
    pub head: Duration,
    /// For a request's body and its answer.
    pub request: Duration,
    /// For a connection in all.
    pub connection: Duration,
    /// For what is under way when the hub is ended.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            per_address: 64,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(20),
            request: Duration::from_secs(120),
            connection: Duration::from_secs(600),
            farewell: Duration::from_secs(5),
        }
    }
}

/// Who is at the other end of a connection; in every request's extensions.
#[derive(Debug, Clone)]
pub struct Peer {
    /// The address it came from.
    pub address: IpAddr,
    /// The key of its certificate, where the port asks for one.
    pub key: Option<VerifyKey>,
    /// 32 bytes that only the two ends of this TLS session know.
    pub session: Option<[u8; 32]>,
}

type PerAddress = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// A place among the connections, given back when dropped.
struct Place {
    address: IpAddr,
    counts: PerAddress,
    _permit: OwnedSemaphorePermit,
}
impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Serves a router until `stop` says so, then lets what is under way end.
pub async fn serve(
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let acceptor = TlsAcceptor::from(tls);
    let places = Arc::new(Semaphore::new(limits.connections));
    let counts = PerAddress::default();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        let (stream, address) = match accepted {
            Ok((stream, address)) => (stream, address.ip()),
            // Too many open files, or a connection that is gone again: not a reason to end.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // A connection over the limit is closed at once: waiting ones would be held for nothing.
        if let Some(place) = take_place(address, &places, &counts, limits.per_address) {
            let serving = one(stream, place, acceptor.clone(), router.clone(), limits, stop.clone());
            connections.spawn(serving);
        }
    }
    drop(listener);
    let _ = timeout(limits.farewell, async { while connections.join_next().await.is_some() {} }).await;
}

fn take_place(address: IpAddr, places: &Arc<Semaphore>, counts: &PerAddress, most: usize) -> Option<Place> {
    let permit = places.clone().try_acquire_owned().ok()?;
    let mut all = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let count = all.entry(address).or_default();
    if *count >= most {
        return None;
    }
    *count += 1;
    Some(Place { address, counts: counts.clone(), _permit: permit })
}

async fn one(
    stream: TcpStream,
    place: Place,
    acceptor: TlsAcceptor,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Ok(Ok(stream)) = timeout(limits.handshake, acceptor.accept(stream)).await else { return };
    let peer = peer(place.address, stream.get_ref().1);
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        let router = router.clone();
        async move {
            let answer = timeout(limits.request, router.oneshot(request.map(Body::new))).await;
            answer
                .map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))
                .map(|Ok(response)| response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => {}
        () = tokio::time::sleep(limits.connection) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(limits.farewell, connection).await;
}

fn peer(address: IpAddr, tls: &rustls::ServerConnection) -> Peer {
    let certificate = tls.peer_certificates().and_then(|chain| chain.first());
    let session = tls.export_keying_material([0; 32], EXPORTER_LABEL, None).ok();
    Peer { address, key: certificate.and_then(kiosk_certificate::key), session }
}
