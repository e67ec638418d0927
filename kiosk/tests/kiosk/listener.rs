//! The far end of the wire: a TLS server that keeps to the protocol of `records::sync`, or breaks
//! it as a test asks. The real hub is met in the journeys across programs.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    thread,
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use kiosk::storage::random;
use records::{
    answer::AnswerSheet,
    codec,
    day::Moment,
    digest::Digest,
    envelope::NamedEnvelope,
    pairing::{EXPORTER_LABEL, PairReply, PairRequest, PairingCode},
    report_box::{self, BoxReply, SignedBox},
    sync::{
        Batch, BatchReply, Hello, HelloReply, Outcome, Place, RecordOutcome, Refusal, RefusalReason,
        SignedBatch, SyncToken,
    },
};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{ring, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime},
    server::{
        ParsedCertificate,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::school::Hub;

/// How the far end behaves, and what it has got.
pub(crate) struct Far {
    pub(crate) code: PairingCode,
    pub(crate) hellos: Vec<Hello>,
    pub(crate) batches: Vec<Batch>,
    pub(crate) bodies: Vec<Bytes>,
    pub(crate) boxes: Vec<Vec<u8>>,
    pub(crate) lose_next_reply: bool,
    pub(crate) set_aside: bool,
    /// It says nothing of what comes in batches.
    pub(crate) ignores: bool,
    pub(crate) false_proof: bool,
    pub(crate) rude: bool,
    pub(crate) epoch: u32,
    pub(crate) clock: i64,
    pub(crate) backed_up: Option<Place>,
    pub(crate) pack: Option<(u64, Vec<u8>)>,
    pub(crate) roster: Option<(u64, Vec<u8>)>,
    /// Of before there were answers where this is none.
    pub(crate) answers: Option<AnswerSheet>,
    key: Option<records::keys::VerifyKey>,
}

/// A far end that listens until the test ends.
pub(crate) struct Listener {
    pub(crate) hub: Arc<Hub>,
    pub(crate) address: String,
    far: Arc<Mutex<Far>>,
}

impl Listener {
    pub(crate) fn start() -> Self {
        let pair = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&pair).unwrap().der().clone();
        let tls =
            Digest::of(ParsedCertificate::try_from(&certificate).unwrap().subject_public_key_info().as_ref());
        let hub = Arc::new(Hub { tls, ..Hub::new() });
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_client_cert_verifier(Arc::new(AnyClient))
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let far = Arc::new(Mutex::new(Far {
            code: PairingCode::generate(&mut random()),
            hellos: Vec::new(),
            batches: Vec::new(),
            bodies: Vec::new(),
            boxes: Vec::new(),
            lose_next_reply: false,
            set_aside: false,
            ignores: false,
            false_proof: false,
            rude: false,
            epoch: 1,
            clock: 1_790_000_000,
            backed_up: None,
            pack: None,
            roster: None,
            answers: None,
            key: None,
        }));
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let (served, theirs) = (far.clone(), hub.clone());
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(serve(socket, TlsAcceptor::from(Arc::new(config)), served, theirs));
        });
        Self { hub, address, far }
    }
    pub(crate) fn far(&self) -> MutexGuard<'_, Far> {
        self.far.lock().unwrap()
    }
}

async fn serve(socket: std::net::TcpListener, acceptor: TlsAcceptor, far: Arc<Mutex<Far>>, hub: Arc<Hub>) {
    let socket = TcpListener::from_std(socket).unwrap();
    while let Ok((tcp, _)) = socket.accept().await {
        let (acceptor, far, hub) = (acceptor.clone(), far.clone(), hub.clone());
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(tcp).await else { return };
            let session = stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None).unwrap();
            let service = service_fn(move |request: Request<Incoming>| {
                let (far, hub) = (far.clone(), hub.clone());
                async move {
                    let path = request.uri().path().to_owned();
                    let body = request.into_body().collect().await.unwrap().to_bytes();
                    answer(&mut far.lock().unwrap(), &hub, &session, &path, body)
                }
            });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

type Answer = Result<Response<Full<Bytes>>, String>;

fn answer(far: &mut Far, hub: &Hub, session: &[u8; 32], path: &str, body: Bytes) -> Answer {
    let ok = |bytes: Vec<u8>| Ok(Response::new(Full::new(Bytes::from(bytes))));
    let refuse = |reason, message: &str| {
        let refusal = Refusal { reason, message: message.into() };
        let mut response = Response::new(Full::new(Bytes::from(codec::encode(&refusal))));
        *response.status_mut() = StatusCode::FORBIDDEN;
        Ok(response)
    };
    match path {
        _ if far.rude => refuse(RefusalReason::BadRequest, &"\x1b[2Jall is well\r\n".repeat(1000)),
        "/kiosk/pair" => {
            let request: PairRequest = codec::decode(&body).unwrap();
            if !far.code.checks_kiosk(session, &request.kiosk, &request.proof) {
                return refuse(RefusalReason::WrongCode, "wrong code");
            }
            far.key = Some(request.kiosk.key);
            let hub = hub.identity();
            let mut proof = far.code.hub_proof(session, &hub);
            proof[0] ^= u8::from(far.false_proof);
            ok(codec::encode(&PairReply { hub, proof }))
        }
        "/kiosk/hello" => {
            far.hellos.push(codec::decode(&body).unwrap());
            let reply = HelloReply {
                token: SyncToken([far.hellos.len() as u8; 16]),
                epoch: far.epoch,
                pack: far.pack.as_ref().map(|p| p.0),
                roster: far.roster.as_ref().map(|r| r.0),
                backed_up: far.backed_up,
                clock: Moment(far.clock),
            };
            ok(codec::encode(&reply))
        }
        "/kiosk/answers" => match &far.answers {
            Some(sheet) => ok(codec::encode(sheet)),
            None => refuse(RefusalReason::BadRequest, "there is nothing at this address"),
        },
        "/kiosk/batch" => {
            far.bodies.push(body.clone());
            let signed: SignedBatch = codec::decode(&body).unwrap();
            let device = far.hellos.last().unwrap().device;
            let batch = signed.open(device, &far.key.unwrap()).unwrap();
            let records = batch.records.iter().filter(|_| !far.ignores);
            let outcomes = records.map(|r| RecordOutcome {
                place: r.place,
                id: NamedEnvelope::from_bytes(&r.envelope).ok().map(|e| e.id),
                outcome: if far.set_aside { Outcome::SetAside("odd".into()) } else { Outcome::Stored },
            });
            let reply = BatchReply { outcomes: outcomes.collect() };
            far.batches.push(batch);
            if std::mem::take(&mut far.lose_next_reply) {
                return Err("the line is cut".into());
            }
            ok(codec::encode(&reply))
        }
        "/kiosk/box" => {
            let signed: SignedBox = codec::decode(&body).unwrap();
            let sealed = signed.open(far.hellos.last().unwrap().device, &far.key.unwrap()).unwrap();
            let reply = BoxReply { id: report_box::id(&sealed).unwrap() };
            far.boxes.push(sealed);
            if std::mem::take(&mut far.lose_next_reply) {
                return Err("the line is cut".into());
            }
            ok(codec::encode(&reply))
        }
        "/kiosk/pack" => ok(far.pack.as_ref().unwrap().1.clone()),
        "/kiosk/roster" => ok(far.roster.as_ref().unwrap().1.clone()),
        _ => Err(format!("nothing at {path}")),
    }
}

/// Takes any client: which key a kiosk may have is the hub's to decide, and tested there.
#[derive(Debug)]
struct AnyClient;

impl ClientCertVerifier for AnyClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }
    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("only TLS 1.3".into()))
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            signed,
            &ring::default_provider().signature_verification_algorithms,
        )
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
