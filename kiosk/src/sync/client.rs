//! One connection to the hub: CBOR bodies over HTTP/1.1 over TLS.

use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use minicbor::{Decode, Encode};
use records::{
    codec::{self, DecodeError},
    digest::Digest,
    pairing::EXPORTER_LABEL,
    sync::{CONTENT_TYPE, Refusal},
};
use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time};
use tokio_rustls::TlsConnector;

use super::tls;
use crate::{folder::Device, storage::StorageGone};

const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(60);
/// The longest answer that is read: a pack with many pictures and recordings.
const LONGEST: usize = 256 << 20;

/// Why a round with the hub did not succeed. Nothing is lost by it: what waits keeps waiting.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// No connection.
    #[error(
        "the hub at {address} does not answer ({why}). Look whether it runs and whether this kiosk is on its network"
    )]
    NoAnswer {
        /// Where it was looked for.
        address: String,
        /// What the system said.
        why: String,
    },
    /// Another server than the one that was paired with.
    #[error(
        "the server at {address} shows another certificate (key {found}) than the hub that this kiosk was paired with. Nothing was sent. If the hub was set up anew, pair this kiosk again; else somebody may be in between"
    )]
    ChangedCertificate {
        /// Where.
        address: String,
        /// The first digits of its key's digest.
        found: String,
    },
    /// The hub says no.
    #[error("the hub refuses: {0}")]
    Refused(#[from] Refusal),
    /// The hub's answer is not understood.
    #[error("the hub's answer is not understood: {0}")]
    Unreadable(#[from] DecodeError),
    /// The hub's answer breaks the protocol.
    #[error("the hub answers with status {0}; both programs may need an update")]
    Status(u16),
    /// What the hub sent was refused here.
    #[error("what the hub sent was not taken: {0}")]
    NotTaken(String),
    /// This kiosk's own key.
    #[error("this kiosk's own key cannot be used: {0}")]
    OwnKey(String),
    /// The disk.
    #[error("{0}")]
    Disk(String),
    /// The storage thread.
    #[error(transparent)]
    Storage(#[from] StorageGone),
    /// The sync thread has ended.
    #[error("the part of the kiosk that speaks to the hub has stopped. Start the kiosk again")]
    Ended,
}

/// A connection with its TLS session.
pub(super) struct Connection {
    address: String,
    sender: http1::SendRequest<Full<Bytes>>,
    /// 32 bytes that only the two ends of this session know.
    pub(super) session: [u8; 32],
    /// The digest of the server's public key.
    pub(super) server: Digest,
}

impl Connection {
    pub(super) async fn open(
        device: &Device,
        address: &str,
        expected: Option<Digest>,
    ) -> Result<Self, SyncError> {
        let no_answer = |why: &dyn std::fmt::Display| SyncError::NoAnswer {
            address: address.to_owned(),
            why: why.to_string(),
        };
        let (config, pin) = tls::client(device, expected)?;
        let tcp = time::timeout(CONNECT, TcpStream::connect(address)).await;
        let tcp = tcp.map_err(|e| no_answer(&e))?.map_err(|e| no_answer(&e))?;
        // Small messages go at once.
        let _ = tcp.set_nodelay(true);
        let handshake = TlsConnector::from(Arc::new(config)).connect(server_name(address), tcp);
        let stream = match time::timeout(CONNECT, handshake).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(_)) if pin.met_another() => {
                let found = pin.seen().map(|d| d.short()).unwrap_or_default();
                return Err(SyncError::ChangedCertificate { address: address.to_owned(), found });
            }
            Ok(Err(error)) => return Err(no_answer(&error)),
            Err(error) => return Err(no_answer(&error)),
        };
        let session = stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None);
        let session = session.map_err(|e| no_answer(&e))?;
        let server = pin.seen().ok_or_else(|| no_answer(&"it showed no certificate"))?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| no_answer(&e))?;
        tokio::spawn(async move {
            // How the connection ends is told by the request that it cuts off.
            let _ = connection.await;
        });
        Ok(Self { address: address.to_owned(), sender, session, server })
    }

    pub(super) async fn post<T: for<'b> Decode<'b, ()>>(
        &mut self,
        path: &str,
        body: &impl Encode<()>,
    ) -> Result<T, SyncError> {
        let body = codec::encode(body);
        Ok(codec::decode(&self.send(Method::POST, path, body).await?)?)
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Bytes, SyncError> {
        self.send(Method::GET, path, Vec::new()).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Vec<u8>) -> Result<Bytes, SyncError> {
        let address = self.address.clone();
        let no_answer = |why: &dyn std::fmt::Display| SyncError::NoAnswer {
            address: address.clone(),
            why: why.to_string(),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.address)
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .body(Full::new(Bytes::from(body)))
            .map_err(|e| no_answer(&e))?;
        let exchange = async {
            self.sender.ready().await.map_err(|e| no_answer(&e))?;
            let response = self.sender.send_request(request).await.map_err(|e| no_answer(&e))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LONGEST).collect().await;
            Ok::<_, SyncError>((status, body.map_err(|e| no_answer(&e))?.to_bytes()))
        };
        let (status, body) = time::timeout(ANSWER, exchange).await.map_err(|e| no_answer(&e))??;
        match status {
            StatusCode::OK => Ok(body),
            _ => match codec::decode::<Refusal>(&body) {
                Ok(refusal) => Err(plain(refusal).into()),
                Err(_) => Err(SyncError::Status(status.as_u16())),
            },
        }
    }
}

/// A refusal as it may be shown on a terminal: while pairing, anybody may have written it.
fn plain(refusal: Refusal) -> Refusal {
    let message = refusal.message.chars().filter(|c| !c.is_control()).take(300).collect();
    Refusal { message, ..refusal }
}

/// The name for the handshake. The pin decides who the hub is, not the name.
fn server_name(address: &str) -> ServerName<'static> {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    ServerName::try_from(host).unwrap_or_else(|_| {
        ServerName::try_from("signpost-hub").expect("letters and a hyphen are a DNS name")
    })
}
