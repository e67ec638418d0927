//! Publishing packs, and what kiosks get.

use hub::store::packs::{PublishError, Published};
use records::{
    agreement::{Audience, SignAgain},
    day::Moment,
    pack::Pack,
    roster::Roster,
    sync::RefusalReason,
};

use crate::{
    kiosk::{Kiosk, reason},
    school::{MORNING, PUPILS, School, agreement, draft, ks1},
};

#[tokio::test]
async fn a_kiosk_gets_the_newest_pack_and_its_number_only_rises() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    assert_eq!(kiosk.hello(&school).await.unwrap().pack, None);
    assert_eq!(reason(kiosk.get(&school, "/kiosk/pack").await), RefusalReason::NothingThere);
    assert_eq!(reason(kiosk.get(&school, "/kiosk/roster").await), RefusalReason::NothingThere);
    assert_eq!(school.publish(&draft(vec![ks1("3.0")])), 1);
    let key = kiosk.hub.as_ref().unwrap().key;
    let first = kiosk.get(&school, "/kiosk/pack").await.unwrap();
    assert_eq!(Pack::open(&first, &key, None).unwrap().content.agreements, [ks1("3.0")]);
    assert_eq!(school.publish(&draft(vec![ks1("3.1")])), 2);
    assert_eq!(kiosk.hello(&school).await.unwrap().pack, Some(2));
    let second = kiosk.get(&school, "/kiosk/pack").await.unwrap();
    assert_eq!(Pack::open(&second, &key, Some(1)).unwrap().number, 2);
    assert!(Pack::open(&first, &key, Some(2)).is_err(), "the older one is refused by who holds the newer");
}

#[tokio::test]
async fn the_same_pack_again_changes_nothing() {
    let school = School::open().await;
    let pack = draft(vec![ks1("3.0")]);
    assert_eq!(school.hub.publish(&pack).unwrap(), Published::Now(1));
    assert_eq!(school.hub.publish(&pack).unwrap(), Published::Before(1));
}

#[tokio::test]
async fn an_older_pack_is_never_published() {
    let school = School::open().await;
    school.publish(&draft(vec![ks1("3.0")]));
    let mut older = draft(vec![ks1("3.0"), agreement(Audience::Ks2, "1.0", &["I am kind."])]);
    older.made = Moment(MORNING - 10 * 86_400);
    assert!(matches!(school.hub.publish(&older), Err(PublishError::Older(1))));
    let lower = draft(vec![ks1("2.9")]);
    assert!(matches!(school.hub.publish(&lower), Err(PublishError::OlderVersion { .. })));
    assert_eq!(school.hub.store.newest_pack_number().unwrap(), Some(1));
}

#[tokio::test]
async fn changed_words_under_the_same_version_are_refused_by_name() {
    let school = School::open().await;
    school.publish(&draft(vec![ks1("3.0")]));
    let changed = agreement(Audience::Ks1, "3.0", &["I ask before I go on a tablet."]);
    let refused = school.hub.publish(&draft(vec![changed.clone()])).unwrap_err().to_string();
    assert!(refused.contains("“ks1” 3.0") && refused.contains("Raise the version"), "{refused}");
    assert_eq!(school.hub.store.words(changed.digest()).unwrap(), None, "nothing of it is kept");
    assert_eq!(school.hub.store.words(ks1("3.0").digest()).unwrap(), Some(ks1("3.0")));
}

#[tokio::test]
async fn a_roster_names_the_class_and_who_has_signed_the_words_of_now() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let key = kiosk.hub.as_ref().unwrap().key;
    let before = kiosk.hello(&school).await.unwrap().roster.unwrap();
    let roster = Roster::open(&kiosk.get(&school, "/kiosk/roster").await.unwrap(), &key, None).unwrap();
    assert_eq!(roster.number, before);
    let class = &roster.classes[0];
    assert_eq!((class.name.as_str(), class.audience), ("Acorn", Audience::Ks1));
    let names: Vec<_> = class.pupils.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Maya K", "Maya O", "Tom"]);
    let tom = class.pupils[2].person;
    kiosk.sign(&school, tom, &ks1("3.0")).await;
    assert_eq!(kiosk.hello(&school).await.unwrap().roster, Some(before), "at most once a minute");
    school.pass(61);
    let after = kiosk.hello(&school).await.unwrap().roster.unwrap();
    assert_eq!(after, before + 1);
    let roster = kiosk.get(&school, "/kiosk/roster").await.unwrap();
    let roster = Roster::open(&roster, &key, Some(before)).unwrap();
    let signed: Vec<_> = roster.classes[0].pupils.iter().map(|p| p.signed.len()).collect();
    assert_eq!(signed, [0, 0, 1]);
    assert_eq!(roster.classes[0].pupils[2].signed[0].words, ks1("3.0").digest());
    school.pass(61);
    assert_eq!(kiosk.hello(&school).await.unwrap().roster, Some(after), "nothing new, no new roster");
}

#[tokio::test]
async fn nobody_signs_again_when_the_new_version_says_so() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let tom = school.hub.store.people().unwrap().into_iter().find(|p| p.forename == "Tom").unwrap();
    kiosk.sign(&school, tom.id, &ks1("3.0")).await;
    let mut comma = agreement(Audience::Ks1, "3.1", &["I ask, before I go on a screen."]);
    comma.sign_again = SignAgain::Nobody;
    school.publish(&draft(vec![comma.clone()]));
    let year = crate::school::year();
    assert_eq!(school.hub.store.register(&comma, &year).unwrap().signed(), 1);
    let again = agreement(Audience::Ks1, "4.0", &["I always ask."]);
    school.publish(&draft(vec![again.clone()]));
    assert_eq!(school.hub.store.register(&again, &year).unwrap().signed(), 0);
    // Kiosks know what he signed before, so that they can tell him what is new.
    let roster = kiosk.get(&school, "/kiosk/roster").await.unwrap();
    let roster = Roster::open(&roster, &kiosk.hub.as_ref().unwrap().key, None).unwrap();
    let of_tom = roster.classes[0].pupils.iter().find(|pupil| pupil.person == tom.id).unwrap();
    assert_eq!(of_tom.signed.iter().map(|s| s.words).collect::<Vec<_>>(), [ks1("3.0").digest()]);
}
