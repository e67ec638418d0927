//! Accepting connections: TLS, then HTTP/1.1, with a limit on everything that a client can hold.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    BoxError, Router,
    body::{Body, Bytes, HttpBody},
};
use hyper::{
    Request,
    body::{Frame, Incoming, SizeHint},
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use records::{keys::VerifyKey, pairing::EXPORTER_LABEL};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{Sleep, timeout},
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
    /// For a request's body: that is in the client's hands.
    pub body: Duration,
    /// For a request in all, its answer too: that is in ours, and a long print takes its time.
    pub answer: Duration,
    /// For a connection in all. A request that is under way then is still answered.
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
            body: Duration::from_secs(120),
            answer: Duration::from_secs(270),
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
            let timely = |body| Body::new(Timely::new(body, limits.body));
            let answer = timeout(limits.answer, router.oneshot(request.map(timely))).await;
            answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut)).map(|Ok(response)| response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = std::pin::pin!(connection);
    let is_stopped = tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => true,
        () = tokio::time::sleep(limits.connection) => false,
    };
    connection.as_mut().graceful_shutdown();
    if !is_stopped {
        tokio::select! {
            _ = timeout(limits.answer, connection.as_mut()) => return,
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
    let _ = timeout(limits.farewell, connection).await;
}

/// A body that has to have come whole by a moment; else what is missing is an error to whoever reads it.
struct Timely {
    body: Incoming,
    end: Pin<Box<Sleep>>,
}

impl Timely {
    fn new(body: Incoming, within: Duration) -> Self {
        Self { body, end: Box::pin(tokio::time::sleep(within)) }
    }
}

impl HttpBody for Timely {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        // Each piece of it is polled for by somebody who waits: also by the clock.
        self.end.as_mut().poll(context).map(|()| Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn peer(address: IpAddr, tls: &rustls::ServerConnection) -> Peer {
    let certificate = tls.peer_certificates().and_then(|chain| chain.first());
    let session = tls.export_keying_material([0; 32], EXPORTER_LABEL, None).ok();
    Peer { address, key: certificate.and_then(kiosk_certificate::key), session }
}
