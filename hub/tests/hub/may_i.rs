//! “May I?” for whoever works here and holds a camera.

use hub::store::accounts::Duty;
use hyper::StatusCode;

use crate::{
    browser::Browser,
    consents::asking_school,
    school::{PUPILS, School, draft, ks1},
};

#[tokio::test]
async fn a_teacher_with_a_camera_reads_whom_to_leave_out_and_finds_no_way_to_anybodys_answers() {
    let school = asking_school().await;
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    let first = teacher.get(&school, "/registers").await.text;
    assert!(first.contains("href=\"/may-i\""), "it is found: {first}");
    let page = teacher.get(&school, "/may-i?use=website").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Leave out until they have answered") && page.text.contains("Maya Khan"));
    assert!(page.text.contains("class=\"label\""), "on paper it carries the label");
    assert!(!page.text.contains("href=\"/consent"), "{}", page.text);
    for path in ["/consent", "/consent/may-i", "/consent/form/images"] {
        assert_eq!(teacher.get(&school, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut office = Browser::signed_in(&school).await;
    for path in ["/consent/may-i?use=website", "/may-i?use=website"] {
        let page = office.get(&school, path).await.text;
        assert!(page.contains("href=\"/consent/pupil/"), "the office goes on to each from {path}");
    }
    for duty in [Duty::Governor, Duty::Technician] {
        let mut other = Browser::with_duty(&school, duty.as_str(), duty).await;
        assert_eq!(other.get(&school, "/may-i").await.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
}

#[tokio::test]
async fn where_nothing_is_asked_no_way_leads_to_it() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    assert!(!teacher.get(&school, "/registers").await.text.contains("/may-i"));
}
