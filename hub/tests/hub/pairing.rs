//! Pairing, and who is refused.

use std::{net::SocketAddr, sync::Arc};

use hub::{random, store::audit::Actor};
use records::{
    codec,
    keys::{OpeningKey, SigningKey},
    pairing::{CODE_TRIES, EXPORTER_LABEL, HubIdentity, PairReply, PairRequest, PairingCode},
    roster::Roster,
    sync::RefusalReason,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::{
    kiosk::{self, Kiosk, pin, reason},
    safeguarding::Told,
    school::School,
};

#[tokio::test]
async fn a_kiosk_with_the_code_is_paired_and_both_know_each_other_from_then_on() {
    let mut school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    assert_eq!(kiosk.hub.as_ref().unwrap().school_name, "Larkfield Primary School");
    kiosk.hello(&school).await.unwrap();
    school.restart().await;
    // `hello` checks the pin: the hub's key is the same after a restart, though its certificate is new.
    kiosk.hello(&school).await.unwrap();
}

#[tokio::test]
async fn the_name_given_by_the_office_is_the_kiosks_name() {
    let school = School::open().await;
    let code = school.hub.offer_code(Some("Library"), Actor::CommandLine).unwrap();
    Kiosk::new("kiosk 1").pair(school.kiosks, &code).await.unwrap();
    assert_eq!(school.hub.store.kiosks().unwrap()[0].name, "Library");
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_after_five_the_right_one_too() {
    let school = School::open().await;
    let right = school.code();
    for _ in 0..CODE_TRIES {
        let wrong = PairingCode::generate(&mut random::system());
        assert_eq!(reason(Kiosk::new("a").pair(school.kiosks, &wrong).await), RefusalReason::WrongCode);
    }
    assert_eq!(reason(Kiosk::new("a").pair(school.kiosks, &right).await), RefusalReason::WrongCode);
    assert!(school.hub.store.kiosks().unwrap().is_empty());
    Kiosk::new("a").pair(school.kiosks, &school.code()).await.unwrap();
}

#[tokio::test]
async fn a_code_pairs_one_kiosk_only_and_for_ten_minutes_only() {
    let school = School::open().await;
    let code = school.code();
    Kiosk::new("a").pair(school.kiosks, &code).await.unwrap();
    assert_eq!(reason(Kiosk::new("b").pair(school.kiosks, &code).await), RefusalReason::WrongCode);
    let late = school.code();
    school.pass(601);
    assert_eq!(reason(Kiosk::new("b").pair(school.kiosks, &late).await), RefusalReason::WrongCode);
    let earlier = school.code();
    let newer = school.code();
    assert_eq!(reason(Kiosk::new("b").pair(school.kiosks, &earlier).await), RefusalReason::WrongCode);
    Kiosk::new("b").pair(school.kiosks, &newer).await.unwrap();
}

#[tokio::test]
async fn somebody_in_between_who_relays_everything_is_found_out() {
    let school = School::open().await;
    let code = school.code();
    let (between, relayed) = somebody_in_between(school.kiosks).await;
    let victim = Kiosk::new("Oak classroom");
    let stream = victim.connect(between).await;
    let session = stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None).unwrap();
    let proof = code.kiosk_proof(&session, &victim.identity);
    let request = codec::encode(&PairRequest { kiosk: victim.identity.clone(), proof });
    let answer = kiosk::bytes(stream, "POST", "/kiosk/pair", request).await;
    assert_ne!(reason(answer), RefusalReason::NotNow);
    assert!(relayed.await.unwrap(), "the request did reach the hub");
    assert!(school.hub.store.kiosks().unwrap().is_empty(), "nobody was paired");
}

#[tokio::test]
async fn a_proof_made_for_another_session_is_refused_even_with_the_right_code() {
    let school = School::open().await;
    let (code, kiosk) = (school.code(), Kiosk::new("Oak"));
    let stream = kiosk.connect(school.kiosks).await;
    let proof = code.kiosk_proof(&[7; 32], &kiosk.identity);
    let request = codec::encode(&PairRequest { kiosk: kiosk.identity.clone(), proof });
    assert_eq!(reason(kiosk::bytes(stream, "POST", "/kiosk/pair", request).await), RefusalReason::WrongCode);
}

#[tokio::test]
async fn a_hub_that_does_not_know_the_code_cannot_prove_that_it_does() {
    let school = School::open().await;
    let kiosk = Kiosk::new("Oak");
    let stream = kiosk.connect(school.kiosks).await;
    let session = stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None).unwrap();
    let seen_pin = pin(&stream.get_ref().1.peer_certificates().unwrap()[0]);
    let code = school.code();
    let proof = code.kiosk_proof(&session, &kiosk.identity);
    let request = codec::encode(&PairRequest { kiosk: kiosk.identity.clone(), proof });
    let answer = kiosk::bytes(stream, "POST", "/kiosk/pair", request).await.unwrap();
    let mut reply: PairReply = codec::decode(&answer).unwrap();
    assert!(code.checks_hub(&session, &reply.hub, &reply.proof) && reply.hub.tls == seen_pin);
    reply.hub.office = OpeningKey::generate(&mut random::system()).seal_key();
    assert!(!code.checks_hub(&session, &reply.hub, &reply.proof), "no key of it can be exchanged");
}

#[tokio::test]
async fn an_unpaired_kiosk_gets_nothing() {
    let school = School::open().await;
    let mut stranger = Kiosk::new("stranger");
    assert_eq!(reason(stranger.hello(&school).await), RefusalReason::NotPaired);
    for path in ["/kiosk/pack", "/kiosk/roster"] {
        assert_eq!(reason(stranger.get(&school, path).await), RefusalReason::NotPaired);
    }
    let batch = stranger.batch(vec![]);
    assert_eq!(reason(stranger.send(&school, batch).await), RefusalReason::NotPaired);
}

#[tokio::test]
async fn a_kiosk_that_was_struck_off_is_refused_until_it_is_paired_again() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    assert!(
        school.hub.store.strike_off(kiosk.identity.device, Actor::CommandLine, school.hub.now()).unwrap()
    );
    assert_eq!(reason(kiosk.hello(&school).await), RefusalReason::StruckOff);
    assert_eq!(reason(kiosk.get(&school, "/kiosk/pack").await), RefusalReason::StruckOff);
    kiosk.pair(school.kiosks, &school.code()).await.unwrap();
    kiosk.hello(&school).await.unwrap();
}

#[tokio::test]
async fn another_key_under_the_id_of_a_paired_kiosk_is_refused() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let mut thief = Kiosk::new("Oak classroom");
    thief.identity.device = kiosk.identity.device;
    assert_eq!(reason(thief.hello(&school).await), RefusalReason::NotPaired);
    // Even a code does not let it take the place of the one that is pinned.
    assert_eq!(reason(thief.pair(school.kiosks, &school.code()).await), RefusalReason::BadRequest);
    // And a kiosk cannot be paired under a key that its certificate does not hold.
    let mut liar = Kiosk::new("liar");
    liar.identity.key = SigningKey::generate(&mut random::system()).verify_key();
    assert_eq!(reason(liar.pair(school.kiosks, &school.code()).await), RefusalReason::BadRequest);
}

#[tokio::test]
async fn a_kiosk_cannot_speak_for_another() {
    let school = School::open().await;
    let (mut one, mut other) = (Kiosk::paired(&school).await, Kiosk::new("Library"));
    other.pair(school.kiosks, &school.code()).await.unwrap();
    let batch = other.batch(vec![]);
    assert_eq!(reason(one.send(&school, batch).await), RefusalReason::BadRequest);
    one.identity.device = other.identity.device;
    assert_eq!(reason(one.hello(&school).await), RefusalReason::NotPaired);
}

/// Has a certificate and a kiosk key of its own, and passes one request on, byte for byte.
async fn somebody_in_between(hub: SocketAddr) -> (SocketAddr, tokio::task::JoinHandle<bool>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let relaying = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut client = TlsAcceptor::from(Arc::new(config)).accept(stream).await.unwrap();
        let mut server = Kiosk::new("in between").connect(hub).await;
        let copied = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        copied.map_or(true, |(up, _)| up > 0)
    });
    (address, relaying)
}

#[tokio::test]
async fn a_role_key_that_somebody_exchanges_on_the_way_is_taken_by_no_kiosk() {
    let told = Told::begun().await;
    let hub = told.kiosk.hub.clone().unwrap();
    let bytes = told.kiosk.get(&told.school, "/kiosk/roster").await.unwrap();
    let roster = Roster::open(&bytes, &hub.key, None).unwrap();
    assert_eq!(roster.role_keys, told.keys, "from this file kiosks know for whom they seal");
    let theirs = SigningKey::generate(&mut random::system());
    let their_role = OpeningKey::generate(&mut random::system()).seal_key();
    let mut exchanged = roster.clone();
    exchanged.role_keys[0].key = their_role;
    assert!(Roster::open(&exchanged.sign(&theirs), &hub.key, None).is_err(), "signed by somebody else");
    let old = roster.role_keys[0].key.as_bytes();
    let at = bytes.windows(32).position(|window| window == old).unwrap();
    let mut on_the_way = bytes.clone();
    on_the_way[at..at + 32].copy_from_slice(their_role.as_bytes());
    assert!(Roster::open(&on_the_way, &hub.key, None).is_err(), "put in the place of the true one");

    // Nor does whoever stands between the two at pairing bring a key of their own to sign with.
    let kiosk = Kiosk::new("Oak");
    let code = told.school.code();
    let stream = kiosk.connect(told.school.kiosks).await;
    let session = stream.get_ref().1.export_keying_material([0; 32], EXPORTER_LABEL, None).unwrap();
    let proof = code.kiosk_proof(&session, &kiosk.identity);
    let request = codec::encode(&PairRequest { kiosk: kiosk.identity.clone(), proof });
    let answer = kiosk::bytes(stream, "POST", "/kiosk/pair", request).await.unwrap();
    let reply: PairReply = codec::decode(&answer).unwrap();
    assert!(code.checks_hub(&session, &reply.hub, &reply.proof));
    let exchanged = HubIdentity { key: theirs.verify_key(), ..reply.hub };
    assert!(!code.checks_hub(&session, &exchanged, &reply.proof));
}
