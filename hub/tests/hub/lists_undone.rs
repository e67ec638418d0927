//! A list that was taken is taken back by one press, until something hangs on it.

use hub::{
    import::{self, Lists, contacts},
    random,
    store::{
        audit::Actor,
        families::{Family, GrownUp, Responsibility},
        people::{ClassRow, Person},
    },
};
use hyper::StatusCode;

use crate::{
    browser::Browser,
    consents::{CONTACTS, asking_school},
    kiosk::Kiosk,
    school::{PUPILS, School, ks1},
};

type Everything = (Vec<Person>, Vec<ClassRow>, Vec<Family>, Vec<GrownUp>, Vec<Responsibility>);

fn everything(school: &School) -> Everything {
    let store = &school.hub.store;
    (
        store.people().unwrap(),
        store.classes().unwrap(),
        store.families().unwrap(),
        store.grown_ups().unwrap(),
        store.responsibilities().unwrap(),
    )
}

/// Tom has left with his parents, Ivy moves, Zoë is new with a mother.
const LATER: &str = "\
Forename,Surname,UPN,Year Group,Class
Maya,Khan,A823200012001,Year 1,Acorn
Maya,Osei,A823200012002,Year 1,Birch
Ivy,Marsh,A823200012004,Year 4,Acorn
Noah,Bright-Hill,A823200012005,Year 4,Oak
Zoë,Ng,A823200012006,Year 4,Oak
";

fn take(school: &School, pupils: &str, people: &str) {
    let lists = Lists {
        people: Some(import::read(pupils.as_bytes(), None).unwrap()),
        contacts: Some(contacts::read(people.as_bytes()).unwrap()),
    };
    let (hub, none) = (&school.hub, import::columns::Remembered::new());
    hub.store.take_lists(&lists, &none, true, random::bytes, Actor::CommandLine, hub.now()).unwrap();
    hub.refresh_roster().unwrap();
}

fn later_contacts() -> String {
    let kept: Vec<&str> = CONTACTS.lines().filter(|line| !line.starts_with("A823200012003")).collect();
    format!("{}\nA823200012006,Ms Li Ng,,Mother,Yes,3 Bay Road,\n", kept.join("\n"))
}

fn zoe(school: &School) -> Person {
    school.hub.store.people().unwrap().into_iter().find(|p| p.forename == "Zoë").unwrap()
}

async fn undo(school: &School, office: &mut Browser) -> (StatusCode, String) {
    let token = office.get(school, "/people").await.form_token();
    let page = office.post(school, "/people/undo", &[("form_token", &token)]).await;
    (page.status, page.text)
}

#[tokio::test]
async fn one_press_puts_everybody_back_as_they_were() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    school.pass(60);
    let before = everything(&school);
    school.pass(60);
    take(&school, LATER, &later_contacts());
    assert_ne!(everything(&school), before);
    let page = office.get(&school, "/people").await.text;
    assert!(page.contains("The list of pupils and contacts was taken"), "{page}");
    school.pass(600);
    let (status, page) = undo(&school, &mut office).await;
    assert!(status == StatusCode::OK && page.contains("was taken back"), "{page}");
    assert_eq!(everything(&school), before, "ids, tiles, families and all");
    let (status, page) = undo(&school, &mut office).await;
    assert!(status == StatusCode::BAD_REQUEST && page.contains("no list that can be taken back"), "{page}");
    school.hub.store.check_audit().unwrap();
    // And it can be taken once more.
    take(&school, LATER, &later_contacts());
    assert_eq!(zoe(&school).forename, "Zoë");
}

#[tokio::test]
async fn what_was_done_since_is_never_lost_with_a_list_that_is_taken_back() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let mut kiosk = Kiosk::paired(&school).await;
    let refused = async |office: &mut Browser, words: &str| {
        let before = everything(&school);
        let (status, page) = undo(&school, office).await;
        assert!(status == StatusCode::BAD_REQUEST && page.contains(words), "{words}: {page}");
        assert_eq!(everything(&school), before);
    };
    take(&school, LATER, &later_contacts());
    kiosk.sign(&school, zoe(&school).id, &ks1("3.0")).await;
    refused(&mut office, "Zoë Ng has signed since").await;

    let school_again = || take(&school, PUPILS, CONTACTS);
    school_again();
    let tom = school.hub.store.people().unwrap().into_iter().find(|p| p.forename == "Tom").unwrap();
    take(&school, LATER, &later_contacts());
    assert!(school.hub.store.undo_leaving(tom.id, 1, school.hub.now()).unwrap());
    refused(&mut office, "Tom Lowe was changed since").await;

    school_again();
    take(&school, LATER, &later_contacts());
    let ids: Vec<_> = school.hub.households().unwrap().iter().map(|h| h.id).collect();
    let codes = school.hub.make_codes(&ids, |_| {}).unwrap();
    school.hub.keep_codes(codes, Actor::CommandLine).unwrap();
    refused(&mut office, "a family was given a code, or lost it, since").await;
}

#[tokio::test]
async fn a_list_can_be_taken_back_for_a_week_and_not_once_somebody_in_it_is_erased() {
    let school = asking_school().await;
    take(&school, LATER, &later_contacts());
    let last = || school.hub.store.last_list(school.hub.now()).unwrap();
    assert!(last().unwrap().against.is_empty());
    let zoe = zoe(&school);
    school.hub.store.erase_again(&[*zoe.id.as_bytes()], school.hub.now()).unwrap();
    assert_eq!(last(), None, "nothing brings back who was erased");
    take(&school, PUPILS, CONTACTS);
    school.pass(7 * 24 * 3600 + 1);
    assert_eq!(last(), None);
}
