//! Batches: everything is stored once, nothing is lost, nothing spoils the rest.

use hub::random;
use records::{
    codec,
    envelope::{NamedEnvelope, NamedRecord},
    ids::PersonId,
    keys::OpeningKey,
    sync::{BATCH_MAX, Outcome, RefusalReason},
};

use crate::{
    kiosk::{Kiosk, reason},
    school::{School, ks1},
};

fn somebody() -> PersonId {
    PersonId::from_bytes(random::bytes())
}

fn sealed(kiosk: &Kiosk, school: &School) -> Vec<u8> {
    kiosk.seal(&NamedRecord::Signature(kiosk.signature(somebody(), &ks1("3.0"), school.hub.now())))
}

#[tokio::test]
async fn a_batch_that_is_sent_twice_is_stored_once() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let envelopes: Vec<_> = (0..40).map(|_| sealed(&kiosk, &school)).collect();
    let batch = kiosk.batch(envelopes);
    assert_eq!(kiosk.send(&school, batch.clone()).await.unwrap(), vec![Outcome::Stored; 40]);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), vec![Outcome::AlreadyHeld; 40]);
    assert_eq!(school.hub.store.record_count().unwrap(), 40);
    assert_eq!(school.hub.store.set_aside_count().unwrap(), 0);
}

#[tokio::test]
async fn one_record_sealed_for_somebody_else_is_set_aside_and_the_rest_is_stored() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let stranger = OpeningKey::generate(&mut random::system()).seal_key();
    let record = NamedRecord::Signature(kiosk.signature(somebody(), &ks1("3.0"), school.hub.now()));
    let foreign = kiosk.seal_for(&record, &stranger);
    let batch = vec![sealed(&kiosk, &school), foreign, b"no envelope".to_vec(), sealed(&kiosk, &school)];
    let batch = kiosk.batch(batch);
    for again in [false, true] {
        let outcomes = kiosk.send(&school, batch.clone()).await.unwrap();
        let good = if again { Outcome::AlreadyHeld } else { Outcome::Stored };
        assert_eq!((&outcomes[0], &outcomes[3]), (&good, &good));
        for aside in &outcomes[1..3] {
            assert!(matches!(aside, Outcome::SetAside(why) if !why.is_empty()), "{aside:?}");
        }
    }
    assert_eq!(school.hub.store.record_count().unwrap(), 2);
    assert_eq!(school.hub.store.set_aside_count().unwrap(), 2, "kept, and once");
    // The true record of that id can still come.
    let envelope = kiosk.seal(&record);
    let batch = kiosk.batch(vec![envelope]);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::Stored]);
}

#[tokio::test]
async fn the_same_id_with_other_bytes_never_replaces_what_is_held() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let mut signature = kiosk.signature(somebody(), &ks1("3.0"), school.hub.now());
    let first = kiosk.seal(&NamedRecord::Signature(signature.clone()));
    signature.helped = !signature.helped;
    let other = kiosk.seal(&NamedRecord::Signature(signature));
    let batch = kiosk.batch(vec![first.clone(), other, sealed(&kiosk, &school)]);
    let outcomes = kiosk.send(&school, batch).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Stored, Outcome::SetAside(_), Outcome::Stored]), "{outcomes:?}");
    let again = kiosk.batch(vec![first]);
    assert_eq!(kiosk.send(&school, again).await.unwrap(), [Outcome::AlreadyHeld]);
    assert_eq!(school.hub.store.set_aside_count().unwrap(), 1);
}

#[tokio::test]
async fn a_record_of_a_newer_schema_is_stored_sealed() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let envelope = sealed(&kiosk, &school);
    let mut newer = NamedEnvelope::from_bytes(&envelope).unwrap();
    newer.schema = 9;
    let batch = kiosk.batch(vec![newer.to_bytes()]);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::Stored]);
    assert_eq!(school.hub.store.record_count().unwrap(), 1);
}

#[tokio::test]
async fn a_batch_that_is_damaged_or_too_long_is_refused_whole() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let mut batch = kiosk.batch(vec![sealed(&kiosk, &school)]);
    let last = batch.len() - 1;
    batch[last] ^= 1;
    assert_eq!(reason(kiosk.send(&school, batch).await), RefusalReason::BadRequest);
    assert_eq!(reason(kiosk.send(&school, b"\xff".to_vec()).await), RefusalReason::BadRequest);
    let long = kiosk.batch(vec![vec![0]; BATCH_MAX + 1]);
    assert_eq!(reason(kiosk.send(&school, long).await), RefusalReason::BadRequest);
    let huge = vec![0; 17 * 1024 * 1024];
    assert_eq!(reason(kiosk.send(&school, huge).await), RefusalReason::BadRequest);
    assert_eq!(school.hub.store.record_count().unwrap(), 0);
}

#[tokio::test]
async fn a_copied_kiosk_is_told_to_begin_a_new_epoch() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    assert_eq!(kiosk.hello(&school).await.unwrap().epoch, 1);
    let copied = kiosk.token;
    assert_eq!(kiosk.hello(&school).await.unwrap().epoch, 1, "a token that is up to date changes nothing");
    kiosk.token = copied;
    assert_eq!(kiosk.hello(&school).await.unwrap().epoch, 2, "the copy shows a token that was used");
    kiosk.token = None;
    assert_eq!(kiosk.hello(&school).await.unwrap().epoch, 3, "so does one restored from before its pairing");
}

#[tokio::test]
async fn a_number_that_never_came_shows_as_missing() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.sequence = 3;
    let batch = kiosk.batch(vec![sealed(&kiosk, &school)]);
    kiosk.send(&school, batch).await.unwrap();
    kiosk.hello(&school).await.unwrap();
    assert_eq!(school.hub.store.kiosks().unwrap()[0].missing, 3);
    let mut greeting = kiosk.greeting();
    greeting.waiting = 3;
    let answer = kiosk.raw(&school, "POST", "/kiosk/hello", codec::encode(&greeting)).await;
    answer.unwrap();
    assert_eq!(school.hub.store.kiosks().unwrap()[0].missing, 0, "waiting is not missing");
}

#[tokio::test]
async fn a_kiosk_that_counts_without_end_leaves_the_office_its_pages() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    for epoch in 1..=3 {
        kiosk.epoch = epoch;
        kiosk.sequence = u64::MAX - 1;
        let batch = kiosk.batch(vec![sealed(&kiosk, &school)]);
        kiosk.send(&school, batch).await.unwrap();
    }
    let mut greeting = kiosk.greeting();
    greeting.epoch = 9;
    greeting.last_sequence = u64::MAX;
    greeting.waiting = 0;
    greeting.clock = records::day::Moment(i64::MIN);
    for _ in 0..2 {
        kiosk.raw(&school, "POST", "/kiosk/hello", codec::encode(&greeting)).await.unwrap();
        greeting.epoch = school.hub.store.kiosks().unwrap()[0].epoch;
    }
    assert!(school.hub.store.kiosks().unwrap()[0].missing > 1_000_000);
    let mut browser = crate::browser::Browser::signed_in(&school).await;
    for path in ["/", "/kiosks", "/set-aside"] {
        assert_eq!(browser.get(&school, path).await.status, hyper::StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_slow_client_costs_the_others_nothing() {
    use hub::tls::listener::Limits;
    use std::time::{Duration, Instant};
    use tokio::io::AsyncReadExt as _;
    let limits = Limits {
        connections: 12,
        per_address: 6,
        handshake: Duration::from_millis(300),
        ..Limits::default()
    };
    let school = School::with(limits).await;
    let mut kiosk = Kiosk::paired(&school).await;
    // Five that say nothing: the sixth place is free, and theirs are taken back.
    let mut silent = Vec::new();
    for _ in 0..5 {
        silent.push(tokio::net::TcpStream::connect(school.kiosks).await.unwrap());
    }
    let begun = Instant::now();
    kiosk.hello(&school).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
    for stream in &mut silent {
        assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0, "closed by the hub");
    }
}

#[tokio::test]
async fn every_batch_has_its_entry_in_the_audit_log() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let batch = kiosk.batch(vec![sealed(&kiosk, &school)]);
    kiosk.send(&school, batch).await.unwrap();
    let before = school.hub.store.check_audit().unwrap();
    let batch = kiosk.batch(vec![sealed(&kiosk, &school)]);
    kiosk.send(&school, batch).await.unwrap();
    assert_eq!(school.hub.store.check_audit().unwrap(), before + 1);
}
