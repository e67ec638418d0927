//! “I need a grown-up now”: from a kiosk to every open page of the desk, until somebody goes.

use hub::{random, store::accounts::Duty};
use hyper::StatusCode;
use records::{
    call::{Call, CallReply},
    codec,
    ids::{DeviceId, RecordId},
    report::Role,
    sync::RefusalReason,
};

use crate::{
    browser::Browser,
    kiosk::{Answer, Kiosk, reason},
    school::School,
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
        office.get(&school, "/calls").await;
    }
    assert_eq!(office.get(&school, "/calls").await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get(&school, "/").await.leads_to(), "/sign-in");
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
