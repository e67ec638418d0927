//! A box that nobody opened on a school day is told to everybody who can see to it.

use hub::store::accounts::Duty;
use records::report::{Role, Route};

use crate::{
    browser::{Browser, PASSWORD},
    safeguarding::{Told, report},
    school::{School, draft, ks1},
};

const DAY: i64 = 86_400;

/// The office's first page, after signing in again.
async fn home(office: &mut Browser, school: &School) -> String {
    office.try_sign_in(school, "office", PASSWORD).await;
    office.get(school, "/").await.text
}

fn waits(page: &str, whose: &str) -> bool {
    page.contains(&format!("Nobody has opened the box of the {whose} since"))
}

#[tokio::test]
async fn a_box_that_nobody_opened_on_a_school_day_is_told_at_the_desk_until_somebody_does() {
    let mut told = Told::begun().await;
    let mut office = Browser::signed_in(&told.school).await;
    // Monday, 14 September, 9:00: everybody has just made their key.
    assert!(!home(&mut office, &told.school).await.contains("Nobody has opened"));
    told.school.pass(DAY + 5 * 3600);
    let page = home(&mut office, &told.school).await;
    assert!(!page.contains("Nobody has opened"), "Tuesday, 14:00: the day is not over");
    told.school.pass(2 * 3600);
    let page = home(&mut office, &told.school).await;
    assert!(page.contains("box of the designated safeguarding lead since Monday, 14 September"), "{page}");
    assert!(waits(&page, "headteacher") && !waits(&page, "chair of governors"), "{page}");
    let notice = office.get(&told.school, "/unopened").await.text;
    assert!(notice.contains("Tuesday, 15 September was a school day, and nobody opened it"), "{notice}");
    // With a report in it the page is the same: nobody knows.
    told.bring(vec![(Route::Safeguarding, report(None))]).await;
    let with_one = office.get(&told.school, "/unopened").await.text;
    assert_eq!(with_one, notice);
    let mut governor = Browser::with_duty(&told.school, "b.okoro", Duty::Governor).await;
    assert!(!governor.get(&told.school, "/figures").await.text.contains("Nobody has opened"));
    told.again().await;
    assert!(!home(&mut office, &told.school).await.contains("Nobody has opened"), "all of them did");
    // The chair is not at school each day: after a school week.
    told.school.pass(7 * DAY);
    let page = home(&mut office, &told.school).await;
    assert!(waits(&page, "chair of governors") && waits(&page, "vice-chair of governors"), "{page}");
    let chair = &mut told.holders[Role::Chair as usize];
    chair.try_sign_in(&told.school, Role::Chair.as_str(), PASSWORD).await;
    let page = chair.get(&told.school, "/safeguarding").await.text;
    assert!(waits(&page, "designated safeguarding lead"), "those who read with them are told too");
}

#[tokio::test]
async fn where_no_kiosk_asks_anything_no_box_waits() {
    let school = School::open().await;
    school.publish(&draft(vec![ks1("3.0")]));
    let mut office = Browser::signed_in(&school).await;
    school.pass(10 * DAY);
    assert!(!home(&mut office, &school).await.contains("Nobody has opened"));
}
