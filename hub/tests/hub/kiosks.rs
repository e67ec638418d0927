//! The desk's page of kiosks: what is wrong with one is seen there, and what can be done about it is done there.

use hub::store::accounts::Duty;
use hyper::StatusCode;
use records::{report::Role, sync::RefusalReason};

use crate::{
    browser::Browser,
    kiosk::{Kiosk, reason},
    school::{PUPILS, School, draft, ks1},
};

/// The row of a table with these words in it.
fn row_of<'p>(page: &'p str, words: &str) -> &'p str {
    page.split("<tr").find(|row| row.contains(words)).unwrap_or_else(|| panic!("no {words} in {page}"))
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_said_on_every_page_of_those_who_can_have_it_set_right() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    let mut technician = Browser::with_duty(&school, "tech", Duty::Technician).await;
    let mut staff = Browser::with_duty(&school, "staff", Duty::Staff).await;
    assert!(row_of(&office.get(&school, "/kiosks").await.text, "Oak classroom").contains("not known"));
    for (ahead, words, is_off) in [
        (20, "right", false),
        (-299, "4 minutes slow", false),
        (300, "5 minutes fast", true),
        (-7200, "2 hours slow", true),
    ] {
        kiosk.ahead = ahead;
        kiosk.hello(&school).await.unwrap();
        let list = office.get(&school, "/kiosks").await.text;
        let clock = row_of(&list, "Oak classroom").split("data-label=\"Clock\"").nth(1).unwrap();
        let clock = clock.split("</td>").next().unwrap();
        assert!(clock.contains(words), "{ahead}: {clock}");
        assert_eq!(clock.contains("chip stop"), is_off, "{ahead}: {clock}");
        let warning = "One kiosk has a wrong clock";
        assert_eq!(office.get(&school, "/").await.text.contains(warning), is_off, "{ahead}");
        assert_eq!(technician.get(&school, "/backups").await.text.contains(warning), is_off, "{ahead}");
        assert!(!staff.get(&school, "/registers").await.text.contains(warning), "it is not theirs to mend");
    }
    let page = format!("/kiosks/{}", kiosk.identity.device);
    let page = office.get(&school, &page).await.text;
    assert!(page.contains("2 hours slow, so what is signed there carries a wrong time"), "{page}");
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_said_and_a_kiosk_that_does_not_say_is_not_accused() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    let free = async |kiosk: &mut Kiosk, office: &mut Browser| {
        kiosk.hello(&school).await.unwrap();
        let list = office.get(&school, "/kiosks").await.text;
        let row = row_of(&list, "Oak classroom").split("data-label=\"Free disk\"").nth(1).unwrap();
        row.split("</td>").next().unwrap().to_owned()
    };
    assert!(free(&mut kiosk, &mut office).await.contains("not known"));
    kiosk.free = Some(8_000_000_000);
    let row = free(&mut kiosk, &mut office).await;
    assert!(row.contains("8.0 GB") && !row.contains("chip stop"), "{row}");
    kiosk.free = Some(199_000_000);
    let row = free(&mut kiosk, &mut office).await;
    assert!(row.contains("199 MB") && row.contains("chip stop"), "{row}");
    let home = office.get(&school, "/").await.text;
    assert!(home.contains("a disk that is nearly full"), "{home}");
    kiosk.free = Some(u64::MAX);
    free(&mut kiosk, &mut office).await;
}

#[tokio::test]
async fn which_pack_and_which_list_of_people_a_kiosk_has_stands_beside_the_newest() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let mut office = Browser::signed_in(&school).await;
    let newest = school.hub.store.newest_roster_number().unwrap().unwrap();
    let page = office.get(&school, &format!("/kiosks/{}", kiosk.identity.device)).await.text;
    assert!(page.contains("no pack; the newest is 1"), "{page}");
    assert!(page.contains(&format!("none; the newest is {newest}")), "{page}");
    assert!(page.contains(&kiosk.key.verify_key().fingerprint().to_string()), "{page}");
}

#[tokio::test]
async fn a_kiosk_that_was_moved_is_called_otherwise_and_nobody_but_office_and_technician_says_so() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let at = format!("/kiosks/{}", kiosk.identity.device);
    let mut office = Browser::signed_in(&school).await;
    let token = office.get(&school, &at).await.form_token();
    let name = format!("{at}/name");
    let empty = office.post(&school, &name, &[("name", "  "), ("form_token", token.as_str())]).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    assert!(empty.text.contains("Nothing was changed"), "{}", empty.text);
    let noted = school.hub.store.check_audit().unwrap();
    let done = office.post(&school, &name, &[("name", " Library "), ("form_token", token.as_str())]).await;
    assert_eq!(done.leads_to(), at);
    assert_eq!(school.hub.store.kiosks().unwrap()[0].name, "Library");
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1);
    office.post(&school, &name, &[("name", "Library"), ("form_token", token.as_str())]).await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "the same name changes nothing");
    for duty in Duty::ALL.into_iter().filter(|duty| !matches!(duty, Duty::Office | Duty::Technician)) {
        let mut browser = Browser::with_duty(&school, duty.as_str(), duty).await;
        assert_eq!(browser.get(&school, &at).await.status, StatusCode::NOT_FOUND, "{duty:?}");
        for path in [&name, &format!("{at}/strike-off")] {
            let page = browser.post(&school, path, &[("form_token", "")]).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{duty:?} at {path}");
        }
    }
    let mut technician = Browser::with_duty(&school, "tech", Duty::Technician).await;
    assert_eq!(technician.get(&school, &at).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_kiosk_is_struck_off_at_the_desk_after_a_page_that_says_what_that_means() {
    let school = School::open().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.ahead = 3600;
    kiosk.hello(&school).await.unwrap();
    let at = format!("/kiosks/{}", kiosk.identity.device);
    let mut office = Browser::signed_in(&school).await;
    let sure = office.get(&school, &format!("{at}/strike-off")).await;
    for words in ["takes nothing of it", "stays, and counts", "will not come any more", "pair it again"] {
        assert!(sure.text.contains(words), "{words}: {}", sure.text);
    }
    kiosk.hello(&school).await.expect("looking at the page strikes nothing off");
    let refused = office.post(&school, &format!("{at}/strike-off"), &[("form_token", "")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let fields = [("form_token", sure.form_token())];
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(office.post(&school, &format!("{at}/strike-off"), &fields).await.leads_to(), at);
    assert_eq!(reason(kiosk.hello(&school).await), RefusalReason::StruckOff);
    assert!(office.get(&school, &at).await.text.contains("Struck off"));
    assert_eq!(office.get(&school, &format!("{at}/strike-off")).await.leads_to(), at);
    assert!(!office.get(&school, "/").await.text.contains("wrong clock"), "it is nobody's worry any more");
    assert_eq!(office.get(&school, "/kiosks/nowhere").await.status, StatusCode::NOT_FOUND);
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    assert_eq!(head.get(&school, "/kiosks").await.status, StatusCode::NOT_FOUND);
}
