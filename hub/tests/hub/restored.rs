//! An older backup of the hub is put back, and kiosks know more than it does.

use records::{
    codec,
    envelope::NamedRecord,
    pack::Pack,
    roster::Roster,
    sync::{HelloReply, Outcome},
};

use crate::{
    kiosk::Kiosk,
    school::{PUPILS, School, draft, ks1, year},
};

/// A greeting of a kiosk that has this pack and this roster.
async fn greet(kiosk: &mut Kiosk, school: &School, pack: u64, roster: u64) -> HelloReply {
    let mut greeting = kiosk.greeting();
    (greeting.pack, greeting.roster) = (Some(pack), Some(roster));
    let answer = kiosk.raw(school, "POST", "/kiosk/hello", codec::encode(&greeting)).await.unwrap();
    let reply: HelloReply = codec::decode(&answer).unwrap();
    (kiosk.token, kiosk.epoch) = (Some(reply.token), reply.epoch);
    reply
}

#[tokio::test]
async fn a_signature_that_the_lost_hub_had_is_in_the_register_again() {
    let mut school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let people = school.hub.store.people().unwrap();
    let of = |name: &str| people.iter().find(|p| p.forename == name).unwrap().id;
    let sealed = |kiosk: &Kiosk, school: &School, name: &str| {
        kiosk.seal(&NamedRecord::Signature(kiosk.signature(of(name), &ks1("3.0"), school.hub.now())))
    };
    let before = kiosk.batch(vec![sealed(&kiosk, &school, "Tom")]);
    kiosk.send(&school, before.clone()).await.unwrap();
    kiosk.hello(&school).await.unwrap();
    let backup = school.back_up().await;
    kiosk.hello(&school).await.unwrap();
    let after = kiosk.batch(vec![sealed(&kiosk, &school, "Maya")]);
    assert_eq!(kiosk.send(&school, after.clone()).await.unwrap(), [Outcome::Stored]);

    school.put_back(&backup).await;
    let signed = |school: &School| school.hub.store.register(&ks1("3.0"), &year()).unwrap().signed();
    assert_eq!(signed(&school), 1, "the backup knows of one");
    assert_eq!(kiosk.hello(&school).await.unwrap().epoch, 2, "the order to send all again");
    kiosk.sequence = 0;
    assert_eq!(kiosk.send(&school, before).await.unwrap(), [Outcome::AlreadyHeld]);
    assert_eq!(kiosk.send(&school, after).await.unwrap(), [Outcome::Stored]);
    assert_eq!(signed(&school), 2);
    let next = kiosk.batch(vec![sealed(&kiosk, &school, "Ivy")]);
    assert_eq!(kiosk.send(&school, next).await.unwrap(), [Outcome::Stored]);
    kiosk.hello(&school).await.unwrap();
    assert_eq!(school.hub.store.kiosks().unwrap()[0].missing, 0, "no number is missing");
    assert_eq!(school.hub.store.set_aside_count().unwrap(), 0);
}

#[tokio::test]
async fn a_kiosk_with_a_pack_that_the_hub_lost_comes_back_to_what_is_published() {
    let mut school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let first = kiosk.hello(&school).await.unwrap();
    let (old_pack, old_roster) = (first.pack.unwrap(), first.roster.unwrap());
    let backup = school.back_up().await;
    school.publish(&draft(vec![ks1("3.1")]));
    let lost = greet(&mut kiosk, &school, old_pack, old_roster).await;
    let (lost_pack, lost_roster) = (lost.pack.unwrap(), lost.roster.unwrap());
    assert!(lost_pack > old_pack);

    school.put_back(&backup).await;
    let back = greet(&mut kiosk, &school, lost_pack, lost_roster).await;
    let key = kiosk.hub.as_ref().unwrap().key;
    let bytes = kiosk.get(&school, "/kiosk/pack").await.unwrap();
    let pack = Pack::open(&bytes, &key, Some(lost_pack)).expect("newer than the one that was lost");
    assert_eq!((Some(pack.number), &pack.content.agreements), (back.pack, &vec![ks1("3.0")]));
    let bytes = kiosk.get(&school, "/kiosk/roster").await.unwrap();
    let roster = Roster::open(&bytes, &key, None).unwrap();
    assert_eq!((Some(roster.number), lost_roster), (back.roster, old_roster), "no roster was lost");
    let again = greet(&mut kiosk, &school, pack.number, roster.number).await;
    assert_eq!((again.pack, again.roster), (back.pack, back.roster), "once is enough");
    assert_eq!(school.publish(&draft(vec![ks1("3.0")])), pack.number, "the very draft that is on show");
    assert!(school.publish(&draft(vec![ks1("3.2")])) > pack.number);
}

#[tokio::test]
async fn a_roster_that_the_hub_lost_is_numbered_above() {
    let mut school = School::open().await;
    school.import(PUPILS);
    let mut kiosk = Kiosk::paired(&school).await;
    let here = kiosk.hello(&school).await.unwrap().roster.unwrap();
    let reply = greet(&mut kiosk, &school, 0, here + 7).await;
    assert_eq!(reply.roster, Some(here + 8), "at once, though a roster was just made");
    let key = kiosk.hub.as_ref().unwrap().key;
    let bytes = kiosk.get(&school, "/kiosk/roster").await.unwrap();
    assert_eq!(Roster::open(&bytes, &key, Some(here + 7)).unwrap().classes.len(), 2);
    assert_eq!(greet(&mut kiosk, &school, 0, here + 8).await.roster, Some(here + 8));
    school.restart().await;
    assert_eq!(greet(&mut kiosk, &school, 0, here + 8).await.roster, Some(here + 8));
}

#[tokio::test]
async fn another_pack_of_the_same_number_gives_way_to_what_the_school_publishes_now() {
    let mut school = School::open().await;
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    assert_eq!(kiosk.hello(&school).await.unwrap().pack, Some(1));
    assert_eq!(greet(&mut kiosk, &school, 1, 0).await.pack, Some(1), "it has the one it was offered");
    let backup = school.back_up().await;
    school.pass(60);
    assert_eq!(school.publish(&draft(vec![ks1("3.1")])), 2);
    assert_eq!(greet(&mut kiosk, &school, 1, 0).await.pack, Some(2));

    school.put_back(&backup).await;
    school.pass(60);
    // Before the kiosk greets, so that the hub cannot know of the lost one.
    assert_eq!(school.publish(&draft(vec![ks1("3.2")])), 2);
    school.pass(60);
    let offered = greet(&mut kiosk, &school, 2, 0).await.pack;
    assert!(offered > Some(2), "the kiosk never had that 2 from here");
    let bytes = kiosk.get(&school, "/kiosk/pack").await.unwrap();
    let pack = Pack::open(&bytes, &kiosk.hub.as_ref().unwrap().key, Some(2)).unwrap();
    assert_eq!(pack.content.agreements, [ks1("3.2")]);
    assert_eq!(greet(&mut kiosk, &school, pack.number, 0).await.pack, offered, "once is enough");
}

#[tokio::test]
async fn a_kiosk_that_names_any_number_does_not_use_the_numbers_up() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let first = kiosk.hello(&school).await.unwrap();
    for claim in [u64::MAX, i64::MAX as u64, 1_000_500] {
        let reply = greet(&mut kiosk, &school, claim, claim).await;
        assert_eq!((reply.pack, reply.roster), (first.pack, first.roster), "{claim} is not believed");
    }
    assert_eq!(school.publish(&draft(vec![ks1("3.1")])), 2);
}
