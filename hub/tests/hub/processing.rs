//! The record of processing: from the hub's own settings, with nobody's name in it.

use hub::store::{accounts::Duty, audit::Actor};
use records::{
    report::Role,
    retention::{After, Kept, Period, RetentionRules, Rule},
};

use crate::{
    browser::Browser,
    kiosk::Kiosk,
    school::{PUPILS, School, draft, ks1},
};

#[tokio::test]
async fn the_record_says_what_is_held_why_how_long_and_how_this_hub_is_set_up_and_names_nobody() {
    let school = School::open().await;
    school.import(PUPILS);
    let mut pack = draft(vec![ks1("3.0")]);
    let rule = Rule {
        kept: Kept::Calls,
        period: Period::Days(90),
        after: Some(After::Made),
        because: "To see how soon somebody came.".into(),
        source: "The school’s own time".into(),
        checked: None,
    };
    pack.content.retention = Some(RetentionRules { notice_days: 28, rules: vec![rule], registers: vec![] });
    school.publish(&pack);
    let mut office = Browser::signed_in(&school).await;
    let before = office.get(&school, "/processing").await.text;
    assert!(
        before.contains("No kiosk is paired") && before.contains("There is no folder for backups yet"),
        "{before}"
    );
    let _kiosk = Kiosk::paired(&school).await;
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    school.hub.store.set_office_second_step(true, Actor::CommandLine, school.hub.now()).unwrap();
    let entries = school.hub.store.check_audit().unwrap();
    for address in ["/processing", "/processing/document.html"] {
        let page = head.get(&school, address).await.text;
        for part in [
            "Larkfield Primary School",
            "1 kiosk: Oak classroom",
            "1 × Office; 1 × Headteacher",
            "All sign in with a phone’s code",
            "90 days after the day it came",
            "not settled: it is kept",
            "Children cannot tell at the kiosks yet",
        ] {
            assert!(page.contains(part), "{part} at {address}: {page}");
        }
        assert!(!page.contains("Maya") && !page.contains("Khan"), "{page}");
    }
    assert_eq!(school.hub.store.check_audit().unwrap(), entries + 1, "that it was taken is on record");
}
