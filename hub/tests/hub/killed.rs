//! A hub that is killed while records come in: every acknowledged record is there once.

use std::{collections::HashSet, time::Duration};

use hub::{clock::Clock, folder::Folder, hub::Hub, random};
use records::{
    codec,
    envelope::{NamedEnvelope, NamedRecord},
    ids::{PersonId, RecordId},
    sync::{BatchReply, Outcome},
};

use crate::{
    kiosk::{self, Kiosk},
    program::{Program, value},
    school::{PASSPHRASE, ks1, passphrase},
};

const ROUNDS: u64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_record_is_there_once_after_the_hub_was_killed_again_and_again() {
    let (program, _) = Program::made();
    let mut kiosk = Kiosk::new("Oak");
    let mut acknowledged: HashSet<RecordId> = HashSet::new();
    let mut waiting: Vec<Vec<u8>> = Vec::new();
    for round in 0..ROUNDS {
        let mut running = program.serve();
        if kiosk.hub.is_none() {
            let code = value(&program.good(&["pair"]), "code").parse().unwrap();
            kiosk.pair(running.kiosks, &code).await.unwrap();
        }
        let address = running.kiosks;
        let killer = tokio::task::spawn_blocking(move || {
            // Another moment in every round, well inside the time that the batches take.
            std::thread::sleep(Duration::from_millis(30 + 37 * round));
            running.child.kill().unwrap();
            running.child.wait().unwrap();
        });
        while !killer.is_finished() {
            while waiting.len() < 25 {
                let signature = kiosk.signature(
                    PersonId::from_bytes(random::bytes()),
                    &ks1("3.0"),
                    records::day::Moment(0),
                );
                waiting.push(kiosk.seal(&NamedRecord::Signature(signature)));
            }
            let batch = kiosk.batch(waiting.clone());
            if let Some(ids) = deliver(&kiosk, address, batch).await {
                acknowledged.extend(ids);
                // Some stay and are sent again, as by a kiosk that did not hear the answer.
                waiting.truncate(3);
            }
        }
        killer.await.unwrap();
    }
    assert!(acknowledged.len() > 50, "only {} were acknowledged: the test shows nothing", acknowledged.len());
    let folder = Folder::new(program.path("data"));
    let hub = Hub::open(&folder, &passphrase(PASSPHRASE), Clock::system()).unwrap();
    let held: Vec<RecordId> = hub.store.record_ids().unwrap();
    let once: HashSet<RecordId> = held.iter().copied().collect();
    assert_eq!(held.len(), once.len());
    assert!(acknowledged.is_subset(&once));
    let unanswered: HashSet<RecordId> =
        waiting.iter().map(|bytes| NamedEnvelope::from_bytes(bytes).unwrap().id).collect();
    assert!(once.difference(&acknowledged).all(|id| unanswered.contains(id)), "nothing else is there");
    assert_eq!(hub.store.set_aside_count().unwrap(), 0);
    hub.store.check_audit().unwrap();
}

/// The ids that the hub acknowledged, unless it was killed before it answered.
async fn deliver(kiosk: &Kiosk, to: std::net::SocketAddr, batch: Vec<u8>) -> Option<Vec<RecordId>> {
    let answer =
        kiosk::try_bytes(kiosk.try_connect(to).await?, "POST", "/kiosk/batch", batch).await?.unwrap();
    let reply: BatchReply = codec::decode(&answer).unwrap();
    let ids = reply.outcomes.into_iter().map(|one| {
        assert!(matches!(one.outcome, Outcome::Stored | Outcome::AlreadyHeld), "{one:?}");
        one.id.unwrap()
    });
    Some(ids.collect())
}
