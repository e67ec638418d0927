//! Who may be slow: a client only for so long, the hub for as long as a print takes.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, routing::post};
use hub::tls::listener::{self, Limits};
use rustls::{
    ClientConfig, ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsConnector;

use crate::kiosk::AnyServer;

const SHORT: Duration = Duration::from_millis(400);
/// How long the page takes: longer than all that is short.
const TAKES: Duration = Duration::from_millis(1600);

/// A page that takes its time, like one that waits for a print.
async fn serve(limits: Limits) -> (SocketAddr, watch::Sender<bool>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let page = |_: Bytes| async {
        tokio::time::sleep(TAKES).await;
        "the pages"
    };
    let bound = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = bound.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let router = Router::new().route("/", post(page));
    tokio::spawn(listener::serve(bound, Arc::new(config), router, limits, stopped));
    (address, stop)
}

/// Sends this, and reads until the hub closes the connection.
async fn answer(address: SocketAddr, sent: &str) -> String {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer))
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    // Whether it is closed with or without a farewell is not looked at.
    let _ = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut all)).await.unwrap();
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn a_page_that_takes_long_is_answered_and_a_form_that_does_not_come_is_not_waited_for() {
    let limits = Limits { body: SHORT, ..Limits::default() };
    let (address, _stop) = serve(limits).await;
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 6\r\n\r\n";
    let told = answer(address, &format!("{head}a form")).await;
    assert!(told.starts_with("HTTP/1.1 200") && told.ends_with("the pages"), "{told}");
    let begun = Instant::now();
    let told = answer(address, &format!("{head}a f")).await;
    assert!(!told.contains("the pages"), "{told}");
    assert!(begun.elapsed() < Duration::from_secs(10), "its place is given back");
}

#[tokio::test]
async fn a_page_that_was_asked_for_just_before_a_connection_has_had_its_time_is_still_answered() {
    let limits = Limits { connection: SHORT, farewell: SHORT, ..Limits::default() };
    let (address, _stop) = serve(limits).await;
    // A browser would keep this connection open; the hub closes it after the answer.
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\n";
    let told = answer(address, &format!("{head}a form")).await;
    assert!(told.starts_with("HTTP/1.1 200") && told.ends_with("the pages"), "{told}");
}
