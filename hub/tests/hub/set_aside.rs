//! What was set aside: somebody looks at it, writes what came of it, and is not asked again.

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::{
    envelope::NamedRecord,
    ids::{PersonId, RecordId},
};

use crate::{
    browser::{Browser, Page},
    kiosk::Kiosk,
    school::{PUPILS, School, draft, ks1},
};

/// The names of all that can be looked at on the page.
fn doubts(page: &Page) -> Vec<String> {
    let fields = page.text.split("name=\"doubt\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn look(browser: &mut Browser, school: &School, doubt: &str, note: &str) -> Page {
    let token = browser.get(school, "/set-aside").await.form_token();
    let fields = [("form_token", token.as_str()), ("doubt", doubt), ("note", note)];
    browser.post(school, "/set-aside", &fields).await
}

/// One record set aside, and one that is stored and odd.
async fn school() -> (School, RecordId) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let signature = kiosk.signature(PersonId::from_bytes([7; 16]), &ks1("3.0"), school.hub.now());
    let (id, sealed) = (signature.id, kiosk.seal(&NamedRecord::Signature(signature)));
    let batch = kiosk.batch(vec![b"nothing".to_vec(), sealed]);
    kiosk.send(&school, batch).await.unwrap();
    (school, id)
}

#[tokio::test]
async fn whoever_looked_writes_what_came_of_it_and_the_badge_counts_what_nobody_has_looked_at() {
    let (school, _) = school().await;
    let mut office = Browser::signed_in(&school).await;
    let mut technician = Browser::with_duty(&school, "tech", Duty::Technician).await;
    let page = office.get(&school, "/set-aside").await;
    assert!(page.text.contains(r#"<span class="count">2</span>"#), "{}", page.text);
    let [aside, odd] = doubts(&page).try_into().unwrap();
    let empty = look(&mut office, &school, &aside, "  ").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    assert!(empty.text.contains("Write what came of it"), "{}", empty.text);
    let long = look(&mut office, &school, &aside, &"x".repeat(501)).await;
    assert!(long.text.contains("too long") && long.text.contains("xxxx"), "what was typed is still there");

    let noted = school.hub.store.check_audit().unwrap();
    let done = look(&mut office, &school, &aside, "A test by <b>us</b>").await;
    assert_eq!(done.leads_to(), "/set-aside");
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1);
    let log = school.hub.store.log(&Default::default(), 0, 1).unwrap().1;
    assert!(log[0].what == "looked at" && !log[0].detail.contains("test by"), "{log:?}");
    let page = office.get(&school, "/set-aside").await;
    assert!(page.text.contains(r#"<span class="count">1</span>"#), "{}", page.text);
    for words in ["Looked at: 1", "by office", "A test by &lt;b&gt;us&lt;", "damaged"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert_eq!(doubts(&page), [odd.as_str()]);

    look(&mut technician, &school, &aside, "I saw it too").await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "somebody was quicker");
    look(&mut technician, &school, &odd, "Left the school in July").await;
    let page = technician.get(&school, "/set-aside").await;
    assert!(!page.text.contains("class=\"count\"") && page.text.contains("Looked at: 2"), "{}", page.text);
    assert!(page.text.contains("A test by") && !page.text.contains("I saw it too"), "the first note stands");
    let nothing = look(&mut office, &school, "odd nonsense", "x").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let mut staff = Browser::with_duty(&school, "staff", Duty::Staff).await;
    let refused = staff.post(&school, "/set-aside", &[("form_token", "")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_written_about_a_record_goes_with_it() {
    let (school, id) = school().await;
    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/set-aside").await;
    for doubt in doubts(&page) {
        look(&mut office, &school, &doubt, "About Tom Lowe").await;
    }
    let of_aside = {
        let all = school.hub.store.set_aside().unwrap();
        *all[0].digest.as_bytes().first_chunk().unwrap()
    };
    let gone = school.hub.store.erase_again(&[*id.as_bytes(), of_aside], school.hub.now()).unwrap();
    assert_eq!(gone, 2);
    let page = office.get(&school, "/set-aside").await.text;
    assert!(page.contains("There is nothing here. That is as it should be") && !page.contains("Tom Lowe"));
}

#[tokio::test]
async fn of_many_records_set_aside_each_is_on_a_page_and_those_that_nobody_has_looked_at_come_first() {
    let (school, _) = school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    for from in [0, 120] {
        school.pass(60);
        let damaged = (from..from + 120).map(|n| format!("nothing {n}").into_bytes()).collect();
        let batch = kiosk.batch(damaged);
        kiosk.send(&school, batch).await.unwrap();
    }
    let mut office = Browser::signed_in(&school).await;
    let first = office.get(&school, "/set-aside").await;
    assert!(first.text.contains("<span class=\"count\">242</span>"), "{}", first.text);
    assert!(first.text.contains("Page 1 of 3") && first.text.contains("these 242"), "{}", first.text);
    let mut all = Vec::new();
    for (page, lines) in [(1, 100), (2, 100), (3, 42)] {
        let page = doubts(&office.get(&school, &format!("/set-aside?page={page}")).await);
        assert_eq!(page.len(), lines);
        all.extend(page);
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 242, "each of them, once");

    // What is typed too long on the third page is still there, and the newest that was looked at comes last.
    let last = doubts(&office.get(&school, "/set-aside?page=3").await).pop().unwrap();
    let long = look(&mut office, &school, &last, &"x".repeat(501)).await;
    assert!(long.text.contains("xxxx") && long.text.contains("Page 3 of 3"), "what was typed is still there");
    let newest = doubts(&first).remove(0);
    look(&mut office, &school, &newest, "The cable was loose").await;
    let page = office.get(&school, "/set-aside").await;
    assert!(!page.text.contains("The cable was loose"), "whoever has work to do sees that first");
    let page = office.get(&school, "/set-aside?page=3").await.text;
    assert!(page.contains("The cable was loose") && page.contains("Looked at: 1<"), "{page}");
    let file = office.get(&school, "/set-aside/set-aside.csv").await.text;
    assert_eq!(file.lines().count(), 2 + 242, "the file has all of them");
}
