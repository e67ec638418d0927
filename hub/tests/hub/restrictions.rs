//! Court orders and restricted contact: seen by the office and the headteacher alone, and no letter without a decision.

use hub::{
    random,
    store::{accounts::Duty, audit::Actor, restrictions::NewRestriction},
    transfer,
};
use hyper::StatusCode;
use records::report::Role;

use crate::{
    browser::{Browser, Page},
    consents::{CONTACTS, asking_school, grown_up, pupil, take_contacts},
    held,
    school::School,
};

/// Stands in the note, and may stand nowhere else.
const MARK: &str = "Order KX77 of the family court";

async fn note(school: &School, browser: &mut Browser, who: &str) -> Page {
    let maya = pupil(school, "Maya", "Khan").id.to_string();
    let who = if who.is_empty() { "nobody".to_owned() } else { grown_up(school, who).to_string() };
    let address = format!("/restrictions/{maya}");
    let token = browser.get(school, &address).await.form_token();
    let fields = [("what", "note"), ("who", who.as_str()), ("note", MARK), ("form_token", &token)];
    browser.post(school, &address, &fields).await
}

async fn decide(school: &School, browser: &mut Browser, what: &str, sure: &str) -> Page {
    let maya = pupil(school, "Maya", "Khan").id.to_string();
    let address = format!("/restrictions/{maya}");
    let page = browser.get(school, &address).await;
    let one = page
        .text
        .split("name=\"restriction\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let token = page.form_token();
    let fields = [("what", what), ("restriction", &one), ("sure", sure), ("form_token", &token)];
    browser.post(school, &address, &fields).await
}

fn withheld(school: &School) -> Vec<String> {
    let all = school.hub.households().unwrap();
    all.iter().filter(|h| h.withheld).map(hub::families::Household::addressee).collect()
}

fn coded(school: &School) -> usize {
    school.hub.households().unwrap().iter().filter(|h| h.code_made.is_some()).count()
}

fn all_codes(school: &School) -> Result<(), String> {
    let ids: Vec<_> = school.hub.households().unwrap().iter().map(|h| h.id).collect();
    let issued = school.hub.make_codes(&ids, |_| {}).unwrap();
    school.hub.keep_codes(issued, Actor::CommandLine).map_err(|e| e.to_string())
}

#[tokio::test]
async fn a_restricted_parent_gets_no_letter_and_no_code_until_somebody_decides_it() {
    let school = asking_school().await;
    all_codes(&school).unwrap();
    assert_eq!(coded(&school), 3);
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    note(&school, &mut head, "Mr Omar Khan").await;
    assert_eq!(
        (withheld(&school), coded(&school)),
        (vec!["Mr Omar Khan".to_owned()], 2),
        "the code has ended"
    );

    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/families").await;
    assert!(page.text.contains("1 family gets no letter") && page.text.contains("Withheld"), "{}", page.text);
    assert!(page.text.contains("Every family has a code"), "nothing asks to send it one: {}", page.text);
    let omar = school.hub.households().unwrap().into_iter().find(|h| h.withheld).unwrap();
    let id: String = omar.id.iter().map(|byte| format!("{byte:02x}")).collect();
    let token = page.form_token();
    let page = office.post(&school, "/families/letters", &[("families", &id), ("form_token", &token)]).await;
    assert!(
        page.status == StatusCode::BAD_REQUEST
            && page.text.contains("contact is restricted for Mr Omar Khan")
    );
    assert!(all_codes(&school).unwrap_err().contains("restricted"), "nor by any other way");

    let page = decide(&school, &mut office, "letters", "").await;
    assert!(
        page.status == StatusCode::BAD_REQUEST && page.text.contains("Tick that you have read the order")
    );
    assert_eq!(withheld(&school).len(), 1);
    decide(&school, &mut office, "letters", "yes").await;
    assert!(withheld(&school).is_empty());
    let page = office.get(&school, "/restrictions").await.text;
    assert!(
        page.contains(MARK) && page.contains("Letters and code allowed") && page.contains("by office"),
        "{page}"
    );
    all_codes(&school).unwrap();
    decide(&school, &mut office, "no-letters", "").await;
    assert_eq!((withheld(&school).len(), coded(&school)), (1, 2));
    decide(&school, &mut office, "ended", "yes").await;
    assert!(withheld(&school).is_empty());
    school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn the_note_is_shown_where_it_matters_and_leaves_the_desk_by_no_way() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    note(&school, &mut office, "Mr Omar Khan").await;
    note(&school, &mut office, "").await;
    let maya = pupil(&school, "Maya", "Khan").id;
    let omar = grown_up(&school, "Mr Omar Khan");
    for address in [format!("/consent/pupil/{maya}"), format!("/people/{maya}"), format!("/people/{omar}")] {
        let page = office.get(&school, &address).await.text;
        assert!(page.contains("Contact is restricted") && page.contains(MARK), "{address}: {page}");
    }
    let page = office.get(&school, "/consent/asked").await.text;
    assert!(page.contains("Mr Omar Khan (father): contact restricted, look first"), "{page}");
    for address in [
        "/consent/form/images",
        "/consent/form/images/consent.csv",
        "/consent/asked/asked.csv",
        "/families/families.csv",
        "/people/people.csv",
        "/consent/may-i",
        "/consent/export",
        "/consent/roster",
        "/register/ks1/register.csv",
        "/kiosks",
    ] {
        let page = office.get(&school, address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        // The menu leads to the orders, whatever the page.
        let told = page.text.split("<main").last().unwrap().to_lowercase();
        assert!(!told.contains("kx77") && !told.contains("restrict"), "{address}: {told}");
    }
    for address in ["/consent/asked/asked.csv", "/families/families.csv"] {
        let file = office.get(&school, address).await.text;
        assert!(
            !file.contains("Omar") && file.contains("Mrs Sana Khan"),
            "nobody writes to him by it: {file}"
        );
    }
    let (_, roster) = school.hub.store.newest_roster().unwrap().unwrap();
    assert!(!roster.windows(4).any(|four| four == b"KX77"));
    // Whoever asks what is held learns that there is one, and not what it says of others.
    for id in [maya, omar] {
        let (held, paper) = held::made(&school, id);
        let words = held::words(&paper);
        assert!(words.contains("A restriction of contact is noted: since 14 September 2026"), "{words}");
        assert!(!words.contains("KX77") && words.contains("what a court ordered"), "{words}");
        if let Some(file) = transfer::file(&held::maker(&school), &held, 1) {
            let file = String::from_utf8(file.write()).unwrap().to_lowercase();
            assert!(!file.contains("kx77") && !file.contains("restrict"), "{file}");
        }
    }
    let mut lead = Browser::with_duty(&school, "lead", Duty::Holder(Role::Safeguarding)).await;
    for address in ["/restrictions".to_owned(), format!("/restrictions/{maya}")] {
        assert_eq!(lead.get(&school, &address).await.status, StatusCode::NOT_FOUND);
    }
    // It goes with the pupil.
    school.hub.store.erase_again(&[*maya.as_bytes()], school.hub.now()).unwrap();
    assert!(school.hub.store.restrictions().unwrap().is_empty());
}

#[tokio::test]
async fn a_restricted_parent_whom_a_list_spells_otherwise_is_still_restricted() {
    let school = asking_school().await;
    let maya = pupil(&school, "Maya", "Khan").id;
    let omar = grown_up(&school, "Mr Omar Khan");
    school.pass(60);
    let flag = NewRestriction { id: random::bytes(), pupil: maya, grown_up: Some(omar), note: MARK.into() };
    school.hub.store.restrict(&flag, 1, school.hub.now()).unwrap();
    school.pass(60);
    take_contacts(&school, &CONTACTS.replace("Mr Omar Khan", "Mr O. Khan")).unwrap();
    assert_eq!(withheld(&school), ["Mr O. Khan"], "whoever came in his place is looked at first");
    // And whoever takes him in shares no code with him.
    school.pass(60);
    take_contacts(&school, CONTACTS).unwrap();
    all_codes(&school).unwrap_err();
    school.pass(60);
    take_contacts(&school, &CONTACTS.replace("2 Hill Road", "7 Lark Lane")).unwrap();
    assert_eq!(withheld(&school).len(), 1);
    assert!(withheld(&school)[0].contains("Mr Omar Khan") && withheld(&school)[0].contains("Mrs Sana Khan"));
}

#[tokio::test]
async fn a_list_that_is_taken_back_gives_a_restricted_parent_no_code_back() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    all_codes(&school).unwrap();
    school.pass(60);
    let without: Vec<&str> = CONTACTS.lines().filter(|line| !line.contains("Omar")).collect();
    take_contacts(&school, &without.join("\n")).unwrap();
    assert_eq!(coded(&school), 2, "his code has ended with the list");
    note(&school, &mut office, "Mr Omar Khan").await;
    let undone = school.hub.store.undo_list(Actor::CommandLine, school.hub.now()).unwrap();
    assert_eq!(undone.unwrap(), "contacts");
    assert_eq!((withheld(&school), coded(&school)), (vec!["Mr Omar Khan".to_owned()], 2));
}
