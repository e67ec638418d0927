//! Accepting connections from the reverse proxy: HTTP/1.1, with a limit on everything that a client can hold. Who is
//! at the other end is not looked at.

use std::{io, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tower::ServiceExt as _;

/// Connections at once. One more waits until another has ended: it is not refused.
const CONNECTIONS: usize = 400;
/// For a request's head. A proxy has it together before it comes here.
const HEAD: Duration = Duration::from_secs(5);
/// For its body, and for the answer.
const REQUEST: Duration = Duration::from_secs(30);
/// For a connection in all: each is for one request.
const CONNECTION: Duration = Duration::from_secs(40);
/// For what is under way when the hub is ended.
const FAREWELL: Duration = Duration::from_secs(5);
/// After a connection that could not be accepted: too many open files pass.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves a router until `stop` says so, then lets what is under way end.
pub(super) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accept = async {
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            let (stream, _) = listener.accept().await?;
            Ok::<_, io::Error>((stream, place))
        };
        let accepted = tokio::select! {
            accepted = accept => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, place)) => {
                connections.spawn(one(stream, place, router.clone()));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    drop(listener);
    let _ = timeout(FAREWELL, async { while connections.join_next().await.is_some() {} }).await;
}

async fn one(stream: TcpStream, place: OwnedSemaphorePermit, router: Router) {
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let answer = timeout(REQUEST, router.oneshot(request.map(Body::new))).await;
            answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut)).map(|Ok(response)| response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .keep_alive(false)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), answer);
    let _ = timeout(CONNECTION, connection).await;
    drop(place);
}
