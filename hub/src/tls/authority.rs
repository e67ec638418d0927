//! A certificate authority of the school's own, which may vouch for this hub's names and private
//! addresses and for nothing else: installed on a computer, it cannot speak for any other site.

use std::net::IpAddr;

use jiff::{Span, Timestamp, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData as _, SanType, SerialNumber,
};
use records::{day::Moment, digest::Digest};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::random;

const AUTHORITY_YEARS: i16 = 20;
/// Apple's systems refuse leaves of more than 825 days. A new leaf is made at every start.
const LEAF_DAYS: i32 = 800;
/// Clocks in a school differ: certificates are good from some days ago.
const EARLIER_DAYS: i32 = 3;

/// The keys and the authority's certificate: what has to last, kept in the encrypted database.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct TlsKeys {
    authority_key: Vec<u8>,
    authority: Vec<u8>,
    names: Vec<String>,
    desk_key: Vec<u8>,
    kiosk_key: Vec<u8>,
}
impl std::fmt::Debug for TlsKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsKeys(hidden)")
    }
}

/// Which port a leaf is for. Each has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// Browsers: the leaf's chain leads to the installed authority.
    Desk,
    /// Kiosks: they pin the leaf's key, which never changes.
    Kiosks,
}

/// A certificate chain with its key, as rustls takes it.
pub type Leaf = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl TlsKeys {
    /// New keys and a new authority for a school. `names` are the DNS names that it may vouch for.
    ///
    /// # Errors
    /// [`rcgen::Error`] if a name is none.
    pub fn generate(school: &str, names: Vec<String>, now: Moment) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::OrganizationName, school);
        params.distinguished_name.push(DnType::CommonName, format!("{school}: Signpost hub"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints =
            Some(NameConstraints { permitted_subtrees: permitted(&names), excluded_subtrees: Vec::new() });
        lasting(&mut params, now, Span::new().years(AUTHORITY_YEARS));
        let authority = params.self_signed(&key)?.der().to_vec();
        let new_key =
            || Ok::<_, rcgen::Error>(KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?.serialize_der());
        Ok(Self {
            authority_key: key.serialize_der(),
            authority,
            names,
            desk_key: new_key()?,
            kiosk_key: new_key()?,
        })
    }

    /// The authority's certificate, for installing.
    pub fn authority_pem(&self) -> String {
        let text = data_encoding::BASE64.encode(&self.authority);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// SHA-256 of the kiosk port's public key (SubjectPublicKeyInfo, DER): what kiosks pin.
    ///
    /// # Errors
    /// [`rcgen::Error`] if the stored key is damaged.
    pub fn kiosk_pin(&self) -> Result<Digest, rcgen::Error> {
        Ok(Digest::of(&key(&self.kiosk_key)?.subject_public_key_info()))
    }

    /// A fresh leaf of the lasting key of a port, for the hub's names, this computer and `address`.
    ///
    /// # Errors
    /// [`rcgen::Error`] if a stored key is damaged.
    pub fn leaf(&self, port: Port, address: IpAddr, now: Moment) -> Result<Leaf, rcgen::Error> {
        let bytes = match port {
            Port::Desk => &self.desk_key,
            Port::Kiosks => &self.kiosk_key,
        };
        let mut params = CertificateParams::new(self.names.clone())?;
        params.distinguished_name.push(DnType::CommonName, "Signpost hub");
        let mut addresses = vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        if is_private(address) && !addresses.contains(&address) {
            addresses.push(address);
        }
        params.subject_alt_names.extend(addresses.into_iter().map(SanType::IpAddress));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        lasting(&mut params, now, Span::new().days(LEAF_DAYS));
        let key = key(bytes)?;
        let authority = CertificateDer::from(self.authority.clone());
        let issuer = Issuer::from_ca_cert_der(&authority, self::key(&self.authority_key)?)?;
        let leaf = params.signed_by(&key, &issuer)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(bytes.clone()));
        Ok((vec![leaf.der().clone(), authority], private))
    }
}

fn key(der: &[u8]) -> Result<KeyPair, rcgen::Error> {
    KeyPair::try_from(der)
}

fn permitted(names: &[String]) -> Vec<GeneralSubtree> {
    let dns = names.iter().map(|name| GeneralSubtree::DnsName(name.clone()));
    let v4 = [([127, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16)];
    let v4 = v4.map(|(net, bits)| CidrSubnet::from_addr_prefix(IpAddr::from(net), bits));
    let v6 =
        [(std::net::Ipv6Addr::LOCALHOST, 128), (std::net::Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7)];
    let v6 = v6.map(|(net, bits)| CidrSubnet::from_addr_prefix(IpAddr::V6(net), bits));
    dns.chain(v4.into_iter().chain(v6).map(GeneralSubtree::IpAddress)).collect()
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback(),
    }
}

fn lasting(params: &mut CertificateParams, now: Moment, span: Span) {
    let today = Timestamp::from_second(now.0).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let day = |date: jiff::civil::Date| {
        rcgen::date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = day(today.saturating_sub(Span::new().days(EARLIER_DAYS)));
    params.not_after = day(today.saturating_add(span));
    let mut serial: [u8; 16] = random::bytes();
    // A serial number is positive.
    serial[0] = serial[0] & 0x7f | 0x01;
    params.serial_number = Some(SerialNumber::from(serial.to_vec()));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use rustls::{
        RootCertStore,
        client::{WebPkiServerVerifier, danger::ServerCertVerifier as _},
        crypto::ring,
        pki_types::{ServerName, UnixTime},
    };

    use super::*;

    const NOW: Moment = Moment(1_789_372_800);

    fn trusts(keys: &TlsKeys, chain: &[CertificateDer<'static>], name: &str) -> Result<(), rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(keys.authority.clone())).unwrap();
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW.0.unsigned_abs()));
        let name = ServerName::try_from(name.to_owned()).unwrap();
        verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], time).map(|_| ())
    }

    #[test]
    fn a_browser_with_the_schools_certificate_trusts_the_desk_and_no_other_site() {
        let names = vec!["localhost".to_owned(), "hub".to_owned()];
        let keys = TlsKeys::generate("Larkfield", names, NOW).unwrap();
        let (chain, _) = keys.leaf(Port::Desk, "192.168.1.5".parse().unwrap(), NOW).unwrap();
        for name in ["localhost", "hub", "127.0.0.1", "192.168.1.5"] {
            assert_eq!(trusts(&keys, &chain, name), Ok(()), "{name}");
        }
        let mut forger = keys.clone();
        forger.names = vec!["bank.example".to_owned()];
        let (forged, _) = forger.leaf(Port::Desk, "127.0.0.1".parse().unwrap(), NOW).unwrap();
        let refused = trusts(&keys, &forged, "bank.example").unwrap_err().to_string();
        assert!(refused.contains("NameConstraintViolation"), "{refused}");
    }

    #[test]
    fn the_pin_of_the_kiosks_port_outlives_every_certificate() {
        let keys = TlsKeys::generate("Larkfield", vec!["hub".to_owned()], NOW).unwrap();
        let pin = |day: i64| {
            let later = Moment(NOW.0 + day * 86_400);
            let (chain, _) = keys.leaf(Port::Kiosks, "127.0.0.1".parse().unwrap(), later).unwrap();
            let parsed = rustls::server::ParsedCertificate::try_from(&chain[0]).unwrap();
            (Digest::of(&parsed.subject_public_key_info()), chain[0].clone())
        };
        let (first, second) = (pin(0), pin(700));
        assert_eq!((first.0, second.0), (keys.kiosk_pin().unwrap(), keys.kiosk_pin().unwrap()));
        assert_ne!(first.1, second.1);
    }
}
