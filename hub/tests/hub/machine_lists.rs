//! Lists of the hub's own affairs, searched, put in order, taken as a file: kiosks, backups, records set aside, and what
//! goes in the next days.

use std::path::Path;

use hub::store::{accounts::Duty, audit::Actor};
use hyper::StatusCode;
use records::{envelope::NamedRecord, ids::PersonId};

use crate::{
    browser::{Browser, Page},
    kiosk::Kiosk,
    retention::tom_has_left,
    school::{PUPILS, School, draft, ks1},
};

/// The part of a page that is its own, without what stands on each.
fn body(page: &Page) -> &str {
    assert_eq!(page.status, StatusCode::OK);
    page.text.split("<main").nth(1).unwrap()
}

fn at(page: &Page, part: &str) -> usize {
    body(page).find(part).unwrap_or_else(|| panic!("{part}: {}", page.text))
}

fn named(page: &Page) -> &str {
    page.headers.get("content-disposition").unwrap().to_str().unwrap()
}

#[tokio::test]
async fn kiosks_are_found_by_name_and_by_state_and_taken_as_a_file() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut devices = Vec::new();
    for name in ["Oak classroom", "Library", "Acorn classroom"] {
        let mut kiosk = Kiosk::paired(&school).await;
        let device = kiosk.identity.device;
        school.hub.store.rename_kiosk(device, name, Actor::CommandLine, school.hub.now()).unwrap();
        if name != "Library" {
            kiosk.hello(&school).await.unwrap();
        }
        devices.push(device);
    }
    school.hub.store.strike_off(devices[0], Actor::CommandLine, school.hub.now()).unwrap();
    let mut technician = Browser::with_duty(&school, "tech", Duty::Technician).await;
    let by_name = technician.get(&school, "/kiosks?sort=name").await;
    let places = ["Acorn classroom", "Library", "Oak classroom"].map(|name| at(&by_name, name));
    assert!(places.is_sorted(), "{places:?}");
    let found = technician.get(&school, "/kiosks?name=classroom&show=in-use").await;
    let found = body(&found);
    assert!(
        found.contains("Acorn classroom") && !found.contains("Library") && !found.contains(">Oak"),
        "{found}"
    );
    let look = technician.get(&school, "/kiosks?show=look").await;
    assert!(body(&look).contains("Library"), "it has no pack yet: {}", look.text);
    let nothing = technician.get(&school, "/kiosks?name=zebra").await.text;
    assert!(nothing.contains("No kiosk is like that") && nothing.contains("Pair a kiosk"), "{nothing}");
    let file = technician.get(&school, "/kiosks/kiosks.csv?show=struck-off&").await;
    assert!(named(&file).contains("kiosks-2026-09-14.csv"), "{}", named(&file));
    assert!(file.text.contains("\"Oak classroom\"") && file.text.contains("struck off 14 September 2026"));
    assert!(!file.text.contains("Library"), "{}", file.text);
}

#[tokio::test]
async fn every_try_of_a_backup_is_there_to_be_looked_through() {
    let school = School::open().await;
    for day in 0..30 {
        let why = format!("the stick {day} was not there");
        school.hub.store.note_failed_backup(Path::new("/media/stick"), &why, school.hub.now()).unwrap();
        school.pass(60);
    }
    let mut office = Browser::signed_in(&school).await;
    let all = office.get(&school, "/backups").await;
    assert!(
        at(&all, "stick 29 was") < at(&all, "stick 0 was"),
        "also those that are long past, newest first"
    );
    let oldest = office.get(&school, "/backups?sort=old").await;
    assert!(at(&oldest, "stick 0 was") < at(&oldest, "stick 29 was"));
    let found = office.get(&school, "/backups?name=stick%2017&show=failed").await;
    assert!(body(&found).contains("stick 17 was") && !body(&found).contains("stick 16 was"));
    let good = office.get(&school, "/backups?show=good").await.text;
    assert!(good.contains("No try is like that"), "{good}");
    let file = office.get(&school, "/backups/backups.csv").await;
    assert_eq!(file.text.matches("not made: the stick").count(), 30, "{}", file.text);
    assert!(file.text.starts_with("\u{feff}\"PERSONAL DATA") && file.text.contains("Backups, made on"));
}

#[tokio::test]
async fn records_set_aside_are_found_by_what_was_written_of_them_and_whoever_takes_them_is_noted() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let stranger = kiosk.signature(PersonId::from_bytes([7; 16]), &ks1("3.0"), school.hub.now());
    let sealed = kiosk.seal(&NamedRecord::Signature(stranger));
    let batch = kiosk.batch(vec![b"nothing".to_vec(), sealed]);
    kiosk.send(&school, batch).await.unwrap();
    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/set-aside").await;
    let doubt = page.text.split("name=\"doubt\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let token = page.form_token();
    let fields = [("form_token", token.as_str()), ("doubt", doubt), ("note", "=A torn cable")];
    assert_eq!(office.post(&school, "/set-aside", &fields).await.status, StatusCode::SEE_OTHER);
    let found = office.get(&school, "/set-aside?name=torn").await;
    assert!(
        body(&found).contains("A torn cable") && !body(&found).contains("on no list here"),
        "{}",
        found.text
    );
    let open = office.get(&school, "/set-aside?show=open&sort=kiosk").await;
    assert!(
        body(&open).contains("on no list here") && !body(&open).contains("A torn cable"),
        "{}",
        open.text
    );
    let nothing = office.get(&school, "/set-aside?name=zebra").await.text;
    assert!(nothing.contains("No record is like that") && !nothing.contains("as it should be"), "{nothing}");
    let noted = school.hub.store.check_audit().unwrap();
    let file = office.get(&school, "/set-aside/set-aside.csv?show=done&").await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1);
    assert!(named(&file).contains("set-aside-2026-09-14-PERSONAL-DATA.csv"));
    assert!(file.text.contains("\"'=A torn cable\""), "no formula: {}", file.text);
    assert!(!file.text.contains("on no list here"), "{}", file.text);
}

#[tokio::test]
async fn whose_names_go_is_found_by_name_and_taken_as_a_file_before_they_do() {
    let (school, ..) = tom_has_left().await;
    let mut office = Browser::signed_in(&school).await;
    let calm = office.get(&school, "/retention").await.text;
    assert!(!calm.contains("People whose names go"), "{calm}");
    crate::retention::days(&school, 45);
    office.try_sign_in(&school, "office", crate::browser::PASSWORD).await;
    let page = office.get(&school, "/retention?sort=name").await;
    assert!(at(&page, "Mr Joe Lowe") < at(&page, "Tom Lowe"), "by name: {}", page.text);
    let pupils = office.get(&school, "/retention?show=pupil&name=lowe").await;
    assert!(body(&pupils).contains("Tom Lowe") && !body(&pupils).contains("Mr Joe Lowe"), "{}", pupils.text);
    let nobody = office.get(&school, "/retention?name=zebra").await.text;
    assert!(
        nobody.contains("Nobody whose name goes is like that") && nobody.contains("The rules"),
        "{nobody}"
    );
    let noted = school.hub.store.check_audit().unwrap();
    let file = office.get(&school, "/retention/retention.csv?show=pupil&").await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "whoever took it is noted");
    assert!(
        file.text.contains("\"Tom Lowe\",\"pupil\",\"2026-1") && !file.text.contains("Joe"),
        "{}",
        file.text
    );
    assert!(named(&file).contains("PERSONAL-DATA.csv"));
}

#[tokio::test]
async fn where_no_rules_are_published_there_is_no_such_file() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    assert_eq!(office.get(&school, "/retention/retention.csv").await.leads_to(), "/retention");
    assert_eq!(office.get(&school, "/retention").await.status, StatusCode::OK);
}
