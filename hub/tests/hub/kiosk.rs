//! A small kiosk: TLS with a certificate of its own, pinned keys, and the words of `records::sync`.

use std::{net::SocketAddr, sync::Arc};

use http_body_util::{BodyExt as _, Full};
use hub::random;
use hyper::{Request, StatusCode, body::Bytes};
use hyper_util::rt::TokioIo;
use records::{
    agreement::Agreement,
    codec,
    day::Moment,
    digest::Digest,
    envelope::{NamedEnvelope, NamedRecord},
    ids::{BoxId, DeviceId, PersonId, RecordId},
    keys::{SealKey, SigningKey},
    pairing::{EXPORTER_LABEL, HubIdentity, KioskIdentity, PairReply, PairRequest, PairingCode},
    report::{Contents, Report, RoleKey, Route},
    report_box::{self, BoxReply, SLOTS, SignedBox},
    report_envelope::{self, RouteKeys},
    signature::{Drawing, Mark, Point, Signature, Undo},
    sync::{
        Batch, BatchReply, Hello, HelloReply, Numbered, Outcome, Place, Refusal, RefusalReason, SignedBatch,
        SyncToken,
    },
    tally::Tally,
};
use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{ring, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::school::{School, year};

/// Takes any certificate; the pin is checked by the kiosk itself, over the connection.
#[derive(Debug)]
pub(crate) struct AnyServer;

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, &algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// What came back.
pub(crate) type Answer<T> = Result<T, (StatusCode, Refusal)>;

pub(crate) struct Kiosk {
    pub(crate) identity: KioskIdentity,
    pub(crate) key: SigningKey,
    pub(crate) hub: Option<HubIdentity>,
    pub(crate) token: Option<SyncToken>,
    pub(crate) epoch: u32,
    pub(crate) sequence: u64,
    /// How many seconds its clock is ahead of the school's.
    pub(crate) ahead: i64,
    pub(crate) free: Option<u64>,
}

impl Kiosk {
    pub(crate) fn new(name: &str) -> Self {
        let key = SigningKey::generate(&mut random::system());
        let device = DeviceId::from_bytes(random::bytes());
        let identity = KioskIdentity { device, name: name.into(), key: key.verify_key() };
        Self { identity, key, hub: None, token: None, epoch: 1, sequence: 0, ahead: 0, free: None }
    }
    pub(crate) async fn paired(school: &School) -> Self {
        let mut kiosk = Self::new("Oak classroom");
        kiosk.pair(school.kiosks, &school.code()).await.unwrap();
        kiosk
    }

    fn tls(&self) -> Arc<ClientConfig> {
        // PKCS #8 of an Ed25519 key (RFC 8410): this prefix, then the seed.
        let mut der = data_encoding::HEXLOWER.decode(b"302e020100300506032b657004220420").unwrap();
        der.extend_from_slice(&*self.key.to_bytes());
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
            &PrivatePkcs8KeyDer::from(der.clone()),
            &rcgen::PKCS_ED25519,
        )
        .unwrap();
        let certificate =
            rcgen::CertificateParams::new(vec!["kiosk".to_owned()]).unwrap().self_signed(&pair).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyServer))
            .with_client_auth_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)),
            );
        Arc::new(config.unwrap())
    }

    pub(crate) async fn connect(&self, to: SocketAddr) -> TlsStream<TcpStream> {
        self.try_connect(to).await.unwrap()
    }
    pub(crate) async fn try_connect(&self, to: SocketAddr) -> Option<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(to).await.ok()?;
        stream.set_nodelay(true).ok()?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(self.tls()).connect(name, stream).await.ok()
    }

    /// Asks for pairing and checks everything that a kiosk has to check of the answer.
    pub(crate) async fn pair(&mut self, to: SocketAddr, code: &PairingCode) -> Answer<()> {
        let stream = self.connect(to).await;
        let tls = stream.get_ref().1;
        let session = tls.export_keying_material([0; 32], EXPORTER_LABEL, None).unwrap();
        let pin = pin(&tls.peer_certificates().unwrap()[0]);
        let proof = code.kiosk_proof(&session, &self.identity);
        let request = PairRequest { kiosk: self.identity.clone(), proof };
        let answer = bytes(stream, "POST", "/kiosk/pair", codec::encode(&request)).await?;
        let reply: PairReply = codec::decode(&answer).unwrap();
        assert!(code.checks_hub(&session, &reply.hub, &reply.proof), "the hub's proof fits this session");
        assert_eq!(reply.hub.tls, pin, "the hub names the key of this very connection");
        self.hub = Some(reply.hub);
        Ok(())
    }

    pub(crate) async fn get(&self, school: &School, path: &str) -> Answer<Vec<u8>> {
        self.raw(school, "GET", path, Vec::new()).await
    }

    pub(crate) async fn raw(
        &self,
        school: &School,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> Answer<Vec<u8>> {
        let stream = self.connect(school.kiosks).await;
        if let Some(hub) = &self.hub {
            let certificates = stream.get_ref().1.peer_certificates().unwrap();
            assert_eq!(pin(&certificates[0]), hub.tls, "the pin holds");
        }
        bytes(stream, method, path, body).await
    }

    pub(crate) fn greeting(&self) -> Hello {
        Hello {
            device: self.identity.device,
            epoch: self.epoch,
            token: self.token,
            pack: None,
            roster: None,
            waiting: 0,
            last_sequence: self.sequence,
            clock: Moment(0),
            free: self.free,
        }
    }

    pub(crate) async fn hello(&mut self, school: &School) -> Answer<HelloReply> {
        let greeting = Hello { clock: Moment(school.hub.now().0 + self.ahead), ..self.greeting() };
        let answer = self.raw(school, "POST", "/kiosk/hello", codec::encode(&greeting)).await?;
        let reply: HelloReply = codec::decode(&answer).unwrap();
        (self.token, self.epoch) = (Some(reply.token), reply.epoch);
        Ok(reply)
    }

    /// The next numbers for some envelopes, as a signed batch.
    pub(crate) fn batch(&mut self, envelopes: Vec<Vec<u8>>) -> Vec<u8> {
        let records = envelopes
            .into_iter()
            .map(|envelope| {
                self.sequence += 1;
                Numbered {
                    place: Place { epoch: self.epoch, sequence: self.sequence },
                    envelope: envelope.into(),
                }
            })
            .collect();
        codec::encode(&SignedBatch::sign(&Batch { device: self.identity.device, records }, &self.key))
    }

    pub(crate) async fn send(&self, school: &School, batch: Vec<u8>) -> Answer<Vec<Outcome>> {
        let answer = self.raw(school, "POST", "/kiosk/batch", batch).await?;
        let reply: BatchReply = codec::decode(&answer).unwrap();
        Ok(reply.outcomes.into_iter().map(|o| o.outcome).collect())
    }

    pub(crate) fn seal(&self, record: &NamedRecord) -> Vec<u8> {
        self.seal_for(record, &self.hub.as_ref().unwrap().office)
    }
    pub(crate) fn seal_for(&self, record: &NamedRecord, office: &SealKey) -> Vec<u8> {
        NamedEnvelope::seal(record, office, &mut random::system()).unwrap().to_bytes()
    }

    /// Signs for a person and delivers it.
    pub(crate) async fn sign(
        &mut self,
        school: &School,
        person: PersonId,
        agreement: &Agreement,
    ) -> Signature {
        let signature = self.signature(person, agreement, school.hub.now());
        let envelope = self.seal(&NamedRecord::Signature(signature.clone()));
        let batch = self.batch(vec![envelope]);
        assert_eq!(self.send(school, batch).await.unwrap(), [Outcome::Stored]);
        signature
    }

    pub(crate) fn signature(&self, person: PersonId, agreement: &Agreement, when: Moment) -> Signature {
        let strokes = vec![vec![Point(100, 900), Point(500, 100), Point(900, 900)], vec![Point(300, 600)]];
        Signature {
            id: RecordId::from_bytes(random::bytes()),
            person,
            audience: agreement.audience,
            agreement: agreement.slug.clone(),
            version: agreement.version.clone(),
            words: agreement.digest(),
            help: None,
            when,
            year: year(),
            device: self.identity.device,
            mark: Mark::Drawn(Drawing::new(strokes).unwrap()),
            helped: true,
        }
    }

    /// A report box with these reports in it, as a kiosk closes it.
    pub(crate) fn report_box(&self, keys: &[RoleKey], reports: Vec<(Route, Report)>) -> Vec<u8> {
        self.report_box_with(keys, reports, None)
    }

    /// One of them with what was counted, and no report.
    pub(crate) fn counting_box(&self, keys: &[RoleKey], tally: &Tally) -> Vec<u8> {
        self.report_box_with(keys, Vec::new(), Some(tally))
    }

    pub(crate) fn report_box_with(
        &self,
        keys: &[RoleKey],
        mut reports: Vec<(Route, Report)>,
        tally: Option<&Tally>,
    ) -> Vec<u8> {
        let envelopes = SLOTS.map(|route| {
            let to = RouteKeys::of(route, keys).unwrap();
            let mine = reports.iter().position(|(of, _)| *of == route);
            let contents =
                mine.map_or(Contents::Decoy, |at| Contents::Report(Box::new(reports.remove(at).1)));
            report_envelope::seal(&contents, &to, &mut random::system()).unwrap()
        });
        assert!(reports.is_empty(), "more than a box holds");
        let (id, hub) = (BoxId::from_bytes(random::bytes()), self.hub.as_ref().unwrap().office);
        let (device, mut random) = (self.identity.device, random::system());
        match tally {
            Some(tally) => {
                report_box::seal_with_tally(id, device, &envelopes, tally, &hub, &mut random).unwrap()
            }
            None => report_box::seal(id, device, &envelopes, &hub, &mut random).unwrap(),
        }
    }

    pub(crate) async fn bring(&self, school: &School, sealed: Vec<u8>) -> Answer<BoxReply> {
        let signed = SignedBox::sign(self.identity.device, sealed, &self.key);
        let answer = self.raw(school, "POST", "/kiosk/box", codec::encode(&signed)).await?;
        Ok(codec::decode(&answer).unwrap())
    }

    pub(crate) async fn undo(&mut self, school: &School, signature: RecordId) {
        let undo = Undo {
            id: RecordId::from_bytes(random::bytes()),
            withdraws: signature,
            reason: "wrong-child".parse().unwrap(),
            when: school.hub.now(),
            device: self.identity.device,
        };
        let batch = self.batch(vec![self.seal(&NamedRecord::Undo(undo))]);
        assert_eq!(self.send(school, batch).await.unwrap(), [Outcome::Stored]);
    }
}

/// SHA-256 of a certificate's SubjectPublicKeyInfo.
pub(crate) fn pin(certificate: &CertificateDer<'_>) -> Digest {
    Digest::of(&ParsedCertificate::try_from(certificate).unwrap().subject_public_key_info())
}

pub(crate) async fn bytes(
    stream: TlsStream<TcpStream>,
    method: &str,
    path: &str,
    body: Vec<u8>,
) -> Answer<Vec<u8>> {
    try_bytes(stream, method, path, body).await.unwrap()
}

/// Nothing where the other end is gone before it answered.
pub(crate) async fn try_bytes(
    stream: TlsStream<TcpStream>,
    method: &str,
    path: &str,
    body: Vec<u8>,
) -> Option<Answer<Vec<u8>>> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "hub")
        .header("content-type", "application/cbor")
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let response = sender.send_request(request).await.ok()?;
    let status = response.status();
    let body = response.into_body().collect().await.ok()?.to_bytes();
    Some(if status.is_success() { Ok(body.to_vec()) } else { Err((status, codec::decode(&body).unwrap())) })
}

/// The reason of a refusal.
pub(crate) fn reason<T>(answer: Answer<T>) -> RefusalReason {
    answer.map(|_| ()).unwrap_err().1.reason
}
