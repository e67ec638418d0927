//! “I need a grown-up now”: from a kiosk to every open page of the desk, until somebody goes.

use std::collections::BTreeMap;

use hub::{
    random,
    store::{accounts::Duty, audit::Actor},
};
use hyper::StatusCode;
use records::{
    call::{Call, CallReply},
    codec,
    ids::{DeviceId, RecordId},
    report::Role,
    sync::RefusalReason,
};

use crate::{
    browser::{Browser, PASSWORD},
    kiosk::{Answer, Kiosk, reason},
    school::{School, draft, ks1},
};

pub(crate) fn new_call(kiosk: &Kiosk, school: &School) -> Call {
    Call {
        id: RecordId::from_bytes(random::bytes()),
        device: kiosk.identity.device,
        place: "Oak classroom".into(),
        when: school.hub.now(),
    }
}

pub(crate) async fn ask(kiosk: &Kiosk, school: &School, call: &Call) -> Answer<bool> {
    let answer = kiosk.raw(school, "POST", "/kiosk/call", codec::encode(call)).await?;
    let reply: CallReply = codec::decode(&answer).unwrap();
    assert_eq!(reply.id, call.id);
    Ok(reply.taken)
}

#[tokio::test]
async fn a_call_is_on_every_page_until_somebody_goes_and_the_kiosk_hears_only_then() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    let mut dsl = Browser::with_duty(&school, "p.nair", Duty::Holder(Role::Safeguarding)).await;
    assert_eq!(office.get(&school, "/calls").await.text, "[]");

    let call = new_call(&kiosk, &school);
    assert!(!ask(&kiosk, &school, &call).await.unwrap());
    // Asked again, it is the same call.
    assert!(!ask(&kiosk, &school, &call).await.unwrap());
    for page in ["/", "/kiosks", "/consent"] {
        let page = office.get(&school, page).await.text;
        assert_eq!(page.matches("Oak classroom: somebody needs a grown-up now.").count(), 1, "{page}");
    }
    assert!(dsl.get(&school, "/safeguarding").await.text.contains("Oak classroom: somebody needs"));
    assert!(!office.get(&school, "/calls").await.text.contains("\"louder\":true"));
    school.pass(90);
    assert!(office.get(&school, "/calls").await.text.contains("a minute ago\",\"louder\":true"));

    let token = dsl.get(&school, "/safeguarding").await.form_token();
    let path = format!("/calls/{}", kiosk.identity.device);
    let going = dsl.post(&school, &path, &[("form_token", &token)]).await;
    assert!(going.text.contains("go to Oak classroom now"), "{}", going.text);
    assert!(ask(&kiosk, &school, &call).await.unwrap(), "now the screen may say so");
    assert_eq!(office.get(&school, "/calls").await.text, "[]");

    let another = new_call(&kiosk, &school);
    assert!(!ask(&kiosk, &school, &another).await.unwrap(), "and the next one begins anew");
    assert_eq!(office.post(&school, &path, &[("form_token", "")]).await.status, StatusCode::FORBIDDEN);
    assert!(!ask(&kiosk, &school, &another).await.unwrap());
}

#[tokio::test]
async fn a_page_that_looks_for_calls_keeps_nobody_signed_in() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    // An office that nobody sits in, with a page open all day.
    for _ in 0..200 {
        school.pass(60);
        assert_eq!(office.get(&school, "/calls").await.text, "[]", "it goes on hearing");
    }
    assert_eq!(office.get(&school, "/").await.leads_to(), "/sign-in");
    // And not for ever either: after a school day the page has to say that it is deaf.
    for _ in 0..7 {
        school.pass(3600);
        office.get(&school, "/calls").await;
    }
    assert_eq!(office.get(&school, "/calls").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_left_open_hears_calls_when_its_session_has_ended_and_learns_nothing_else() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let device = kiosk.identity.device.to_string();
    let mut office = Browser::signed_in(&school).await;
    let token = office.get(&school, "/kiosks").await.form_token();
    school.pass(31 * 60);
    let call = new_call(&kiosk, &school);
    ask(&kiosk, &school, &call).await.unwrap();

    let heard = office.get(&school, "/calls").await;
    assert_eq!(heard.status, StatusCode::OK);
    let row = r#"[{"place":"Oak classroom","since":"just now","louder":false,"given_back":false,"go":null}]"#;
    assert_eq!(heard.text, row, "where and when, and no more");
    for path in
        ["/", "/kiosks", "/consent", "/people", "/register/ks1", "/calls/unanswered", "/symbols/x.svg"]
    {
        assert_eq!(office.get(&school, path).await.leads_to(), "/sign-in", "{path}");
    }
    let form = [("form_token", token.as_str())];
    let going = office.post(&school, &format!("/calls/{device}"), &form).await;
    assert_eq!(going.leads_to(), "/sign-in");
    assert!(!ask(&kiosk, &school, &call).await.unwrap(), "nobody is known to be going");
    // Whoever is led to the page for signing in hears it there.
    let page = office.get(&school, "/sign-in").await.text;
    assert!(page.contains("Oak classroom: somebody needs a grown-up now.") && page.contains("/calls.js"));
    assert!(!page.contains(&device), "{page}");
    assert!(
        !Browser::default().get(&school, "/sign-in").await.text.contains("calls"),
        "and nobody else does"
    );

    // What hears is no session, and a session does not hear by itself.
    let hears = office.cookies["__Host-signpost-calls"].clone();
    let session = office.cookies.insert("__Host-signpost".into(), hears.clone()).unwrap();
    assert_eq!(office.get(&school, "/").await.leads_to(), "/sign-in");
    office.cookies.insert("__Host-signpost-calls".into(), session);
    assert_eq!(office.get(&school, "/calls").await.status, StatusCode::FORBIDDEN);
    // Signed in again, the page that was open says again who is going, with what a form needs now.
    office.try_sign_in(&school, "office", PASSWORD).await;
    let token = office.get(&school, "/kiosks").await.form_token();
    let heard = office.get(&school, "/calls").await.text;
    assert!(heard.contains(&device) && heard.contains(&token), "{heard}");
}

#[tokio::test]
async fn hearing_ends_with_signing_out_also_when_the_session_had_ended_and_with_a_new_password() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let hears = async |cookies: &BTreeMap<String, String>| {
        let mut kept = Browser { cookies: cookies.clone(), ..Browser::default() };
        kept.cookies.remove("__Host-signpost");
        kept.get(&school, "/calls").await.status == StatusCode::OK
    };
    for waits in [0, 31 * 60] {
        office.try_sign_in(&school, "office", PASSWORD).await;
        let token = office.get(&school, "/kiosks").await.form_token();
        school.pass(waits);
        let cookies = office.cookies.clone();
        assert!(hears(&cookies).await);
        // A form from elsewhere does not make anybody deaf.
        office.post(&school, "/sign-out", &[("form_token", "0000")]).await;
        assert!(hears(&cookies).await);
        let out = office.post(&school, "/sign-out", &[("form_token", &token)]).await;
        assert_eq!(out.leads_to(), "/sign-in");
        assert!(!office.cookies.contains_key("__Host-signpost-calls"));
        assert!(!hears(&cookies).await, "after {waits} seconds");
    }
    office.try_sign_in(&school, "office", PASSWORD).await;
    let cookies = office.cookies.clone();
    assert!(hears(&cookies).await);
    let (hash, now) = (hub::password::hash("another otter marble"), school.hub.now());
    school.hub.store.set_password("office", &hash, false, Actor::CommandLine, now).unwrap();
    assert!(!hears(&cookies).await);
}

#[tokio::test]
async fn whoever_goes_goes_to_the_calls_that_stand_and_not_to_those_of_an_hour_ago() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let earlier = new_call(&kiosk, &school);
    ask(&kiosk, &school, &earlier).await.unwrap();
    school.pass(3600);
    let now = new_call(&kiosk, &school);
    ask(&kiosk, &school, &now).await.unwrap();
    let mut office = Browser::signed_in(&school).await;
    let token = office.get(&school, "/kiosks").await.form_token();
    let path = format!("/calls/{}", kiosk.identity.device);
    office.post(&school, &path, &[("form_token", &token)]).await;
    assert!(ask(&kiosk, &school, &now).await.unwrap());
    assert!(!ask(&kiosk, &school, &earlier).await.unwrap(), "nobody went to that one");
    let answered = school.hub.store.answered_calls().unwrap();
    assert_eq!(answered.iter().filter(|call| call.taken.is_some()).count(), 1, "and no figure says so");
    // Nor is there anybody to go to once it is over.
    school.pass(3600);
    assert!(!school.hub.store.go_to(kiosk.identity.device, 1, school.hub.now()).unwrap());
}

#[tokio::test]
async fn no_call_is_dropped_however_many_were_answered_before_it() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    let token = office.get(&school, "/kiosks").await.form_token();
    let path = format!("/calls/{}", kiosk.identity.device);
    for number in 0..65 {
        let call = new_call(&kiosk, &school);
        assert!(!ask(&kiosk, &school, &call).await.unwrap());
        assert_eq!(school.hub.store.open_calls(school.hub.now()).unwrap().len(), 1, "call {number}");
        office.post(&school, &path, &[("form_token", &token)]).await;
        assert!(ask(&kiosk, &school, &call).await.unwrap(), "call {number}");
    }
    // Of those that come while one stands, the last hears that somebody is going, and does not ring again.
    let first = new_call(&kiosk, &school);
    let last = new_call(&kiosk, &school);
    for call in [&first, &last] {
        assert!(!ask(&kiosk, &school, call).await.unwrap());
    }
    office.post(&school, &path, &[("form_token", &token)]).await;
    assert!(ask(&kiosk, &school, &last).await.unwrap());
    assert_eq!(office.get(&school, "/calls").await.text, "[]");
}

/// The value of a page's first field of this name.
fn field(page: &str, name: &str) -> String {
    let after = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name).1;
    after.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn somebody_who_cannot_go_after_all_puts_the_call_back_on_every_page_at_once_and_loudly() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let mut office = Browser::signed_in(&school).await;
    let mut dsl = Browser::with_duty(&school, "p.nair", Duty::Holder(Role::Safeguarding)).await;
    let call = new_call(&kiosk, &school);
    ask(&kiosk, &school, &call).await.unwrap();
    let path = format!("/calls/{}", kiosk.identity.device);
    let token = office.get(&school, "/kiosks").await.form_token();
    let going = office.post(&school, &path, &[("form_token", &token)]).await.text;
    assert!(
        going.contains("I cannot go after all") && going.contains("says again: find a grown-up now"),
        "{going}"
    );
    school.pass(25 * 60);
    let taken = field(&office.get(&school, "/people").await.text, "taken");

    // It is theirs alone to take back.
    let other = dsl.get(&school, "/safeguarding").await;
    assert!(!other.text.contains("I cannot go after all"));
    let back = format!("{path}/back");
    dsl.post(&school, &back, &[("form_token", &other.form_token()), ("taken", &taken)]).await;
    assert!(ask(&kiosk, &school, &call).await.unwrap());

    let form = [("form_token", token.as_str()), ("taken", taken.as_str())];
    assert_eq!(office.post(&school, &back, &form).await.leads_to(), "/");
    let heard = dsl.get(&school, "/calls").await.text;
    assert!(heard.contains(r#""louder":true,"given_back":true"#), "{heard}");
    let page = dsl.get(&school, "/safeguarding").await;
    assert!(page.text.contains("25 minutes ago. Whoever was going cannot go after all"), "{}", page.text);
    assert!(!ask(&kiosk, &school, &call).await.unwrap(), "a kiosk that asks hears so too");
    // It stands as long as one that comes now, and pressing twice changes nothing.
    let noted = school.hub.store.check_audit().unwrap();
    office.post(&school, &back, &form).await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted);
    school.pass(29 * 60);
    let going = dsl.post(&school, &path, &[("form_token", &page.form_token())]).await.text;
    assert!(going.contains("go to Oak classroom now"), "{going}");
    assert!(ask(&kiosk, &school, &call).await.unwrap());
    // Whoever went half an hour ago is there, or has been.
    school.pass(1801);
    let late = field(&going, "taken");
    dsl.try_sign_in(&school, "p.nair", PASSWORD).await;
    let page = dsl.get(&school, "/safeguarding").await;
    assert!(!page.text.contains("I cannot go after all"));
    dsl.post(&school, &back, &[("form_token", &page.form_token()), ("taken", &late)]).await;
    assert!(ask(&kiosk, &school, &call).await.unwrap());
}

#[tokio::test]
async fn a_call_to_which_nobody_went_stays_on_every_page_until_somebody_has_seen_it() {
    let school = School::open().await;
    school.publish(&draft(vec![ks1("3.0")]));
    let kiosk = Kiosk::paired(&school).await;
    for _ in 0..2 {
        ask(&kiosk, &school, &new_call(&kiosk, &school)).await.unwrap();
        school.pass(120);
    }
    let mut office = Browser::signed_in(&school).await;
    assert!(!office.get(&school, "/kiosks").await.text.contains("Nobody went"), "it still rings");
    school.pass(3 * 86_400);
    office.try_sign_in(&school, "office", PASSWORD).await;
    let mut staff = Browser::with_duty(&school, "r.adeyemi", Duty::Staff).await;
    let told =
        "Nobody went when somebody called for a grown-up: Oak classroom, Monday, 14 September, 9:00, 9:02.";
    for (browser, path) in [(&mut office, "/kiosks"), (&mut staff, "/registers")] {
        let page = browser.get(&school, path).await.text;
        assert!(page.contains(told), "{path}: {page}");
    }
    // Whoever was in the room does not put it away.
    let list = staff.get(&school, "/calls/unanswered").await;
    assert!(list.text.contains("2 calls") && !list.text.contains(">Seen<"), "{}", list.text);
    let list = office.get(&school, "/calls/unanswered").await.text;
    let [kiosk_id, first, last] = ["kiosk", "first", "last"].map(|name| field(&list, name));
    let noting = |token: &str| {
        let fields = [("form_token", token), ("kiosk", &kiosk_id), ("first", &first), ("last", &last)];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for (browser, status) in [(&mut staff, StatusCode::NOT_FOUND), (&mut office, StatusCode::SEE_OTHER)] {
        let fields = noting(&browser.get(&school, "/registers").await.form_token());
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(browser.post(&school, "/calls/unanswered", &fields).await.status, status);
    }
    assert!(!staff.get(&school, "/registers").await.text.contains("Nobody went"));
    let list = staff.get(&school, "/calls/unanswered").await.text;
    assert!(list.contains("office, 17 September 2026, 9:04"), "who put it away stands there: {list}");
    let answered = school.hub.store.answered_calls().unwrap();
    assert!(answered.iter().all(|call| call.taken.is_none()), "seen is not gone to");

    let looked = staff.get(&school, "/calls/unanswered?show=open").await.text;
    assert!(looked.contains("No call is like that"), "{looked}");
    let looked = staff.get(&school, "/calls/unanswered?name=oak&show=seen").await.text;
    assert!(looked.contains("9:00, 9:02") && !looked.contains("No call is like that"), "{looked}");
    let noted = school.hub.store.check_audit().unwrap();
    let file = staff.get(&school, "/calls/unanswered/calls.csv?name=oak").await.text;
    let line = "\"Oak classroom\",\"Monday, 14 September\",\"9:00, 9:02\",\"2\",\"office\"";
    assert!(file.contains(line), "{file}");
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "who took it is on record");
    let none = staff.get(&school, "/calls/unanswered/calls.csv?name=hall").await.text;
    assert!(!none.contains("Oak"), "{none}");
}

#[tokio::test]
async fn a_kiosk_calls_for_itself_alone_and_cannot_fill_the_disk_with_calls() {
    let school = School::open().await;
    let kiosk = Kiosk::paired(&school).await;
    let mut other = new_call(&kiosk, &school);
    other.device = DeviceId::from_bytes([9; 16]);
    assert_eq!(reason(ask(&kiosk, &school, &other).await), RefusalReason::BadRequest);
    let before = school.hub.store.check_audit().unwrap();
    for _ in 0..80 {
        ask(&kiosk, &school, &new_call(&kiosk, &school)).await.unwrap();
    }
    assert_eq!(school.hub.store.check_audit().unwrap() - before, 60);
    assert_eq!(school.hub.store.open_calls(school.hub.now()).unwrap().len(), 1);
}
