//! TLS with both keys pinned: the hub's by the digest of its public key, the kiosk's in its certificate.

use std::sync::{Arc, Mutex};

use records::digest::Digest;
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use super::SyncError;
use crate::folder::Device;

/// Takes a server with one public key, whatever its certificate says besides. Without a key (while
/// pairing) any server is taken and its key told: the pairing's proofs decide.
#[derive(Debug)]
pub(super) struct Pin {
    expected: Option<Digest>,
    seen: Mutex<Option<Digest>>,
    provider: Arc<CryptoProvider>,
}

impl Pin {
    /// The key of the server that was met, once there was a handshake.
    pub(super) fn seen(&self) -> Option<Digest> {
        *self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    /// Whether another server than the expected one was met.
    pub(super) fn met_another(&self) -> bool {
        self.expected.is_some() && self.seen().is_some_and(|seen| Some(seen) != self.expected)
    }
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let key = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        let digest = Digest::of(key.as_ref());
        *self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(digest);
        match self.expected {
            Some(expected) if expected != digest => Err(Error::General("not the pinned key".into())),
            _ => Ok(ServerCertVerified::assertion()),
        }
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("only TLS 1.3 is spoken here".into()))
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        None
    }
}

/// The client's side of TLS 1.3 for this kiosk, with a self-signed certificate of its device key.
pub(super) fn client(
    device: &Device,
    expected: Option<Digest>,
) -> Result<(ClientConfig, Arc<Pin>), SyncError> {
    let unusable = |e: &dyn std::fmt::Display| SyncError::OwnKey(e.to_string());
    let pkcs8 = device.pkcs8();
    let key = PrivatePkcs8KeyDer::from(pkcs8.to_vec());
    let pair =
        rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&key, &rcgen::PKCS_ED25519).map_err(|e| unusable(&e))?;
    let mut parameters =
        rcgen::CertificateParams::new(vec!["signpost-kiosk".to_owned()]).map_err(|e| unusable(&e))?;
    parameters.distinguished_name.push(rcgen::DnType::CommonName, device.id().to_string());
    let certificate = parameters.self_signed(&pair).map_err(|e| unusable(&e))?;
    let provider = Arc::new(ring::default_provider());
    let pin = Arc::new(Pin { expected, seen: Mutex::new(None), provider: provider.clone() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| unusable(&e))?
        .dangerous()
        .with_custom_certificate_verifier(pin.clone())
        .with_client_auth_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key))
        .map_err(|e| unusable(&e))?;
    // A session that is taken up again would have no certificate to pin.
    config.resumption = rustls::client::Resumption::disabled();
    Ok((config, pin))
}
