//! Lists that the office looks through: what is still asked, everybody, families.

use hub::store::accounts::Duty;
use hyper::StatusCode;

use crate::{
    browser::{Browser, Page},
    consents::asking_school,
    school::School,
};

/// In which order these stand on a page, of those that do.
fn order<'n>(page: &Page, names: &[&'n str]) -> Vec<&'n str> {
    let text = page.text.split("<main").last().unwrap();
    let mut found: Vec<_> = names.iter().filter_map(|name| Some((text.find(name)?, *name))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

/// A file with names in it: labelled, and put on record.
async fn file(school: &School, browser: &mut Browser, address: &str) -> String {
    let before = school.hub.store.check_audit().unwrap();
    let file = browser.get(school, address).await;
    assert_eq!(file.status, StatusCode::OK, "{address}");
    assert_eq!(school.hub.store.check_audit().unwrap(), before + 1, "whoever took it is noted");
    let name = file.headers.get("content-disposition").unwrap().to_str().unwrap();
    assert!(name.contains("PERSONAL-DATA.csv"), "{name}");
    assert!(file.text.starts_with("\u{feff}\"PERSONAL DATA"), "{}", file.text);
    file.text
}

#[tokio::test]
async fn who_is_still_to_ask_is_found_by_name_and_class_put_in_order_and_taken_as_a_file() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let pupils = ["Noah Bright", "Maya Khan", "Tom Lowe", "Ivy Marsh"];
    let by_class = office.get(&school, "/consent/asked").await;
    assert_eq!(order(&by_class, &pupils), ["Maya Khan", "Tom Lowe", "Noah Bright", "Ivy Marsh"]);
    let by_name = office.get(&school, "/consent/asked?sort=name").await;
    assert_eq!(order(&by_name, &pupils), pupils);
    let found = office.get(&school, "/consent/asked?name=kha").await;
    assert_eq!(order(&found, &pupils), ["Maya Khan"]);
    let oak = school.hub.store.classes().unwrap().into_iter().find(|class| class.name == "Oak").unwrap().id;
    let of_class = office.get(&school, &format!("/consent/asked?class={oak}&show=images")).await;
    assert_eq!(order(&of_class, &pupils), ["Noah Bright", "Ivy Marsh"]);
    assert!(of_class.text.contains("Printed 14 September 2026"), "for paper: {}", of_class.text);
    let nobody = office.get(&school, "/consent/asked?name=zebra").await.text;
    assert!(nobody.contains("Show all of them") && !nobody.contains("Every family has answered"), "{nobody}");
    let file = file(&school, &mut office, &format!("/consent/asked/asked.csv?class={oak}&")).await;
    assert!(file.contains("\"Oak\",\"Marsh\",\"Ivy\"") && !file.contains("Maya"), "{file}");
}

#[tokio::test]
async fn everybody_on_the_lists_is_there_to_be_looked_through() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/people/everybody").await;
    let names = ["Maya Khan", "Ivy Marsh", "Mrs Sana Khan", "Mr Omar Khan"];
    assert_eq!(order(&page, &names).len(), 4, "parents and carers too: {}", page.text);
    let carers = office.get(&school, "/people/everybody?show=Parent%20or%20carer").await;
    assert!(carers.text.contains("Mr Omar Khan") && !carers.text.contains("Ivy Marsh"), "{}", carers.text);
    let by_class = office.get(&school, "/people/everybody?show=Pupil&sort=place").await;
    assert_eq!(
        order(&by_class, &["Noah Bright", "Tom Lowe"]),
        ["Tom Lowe", "Noah Bright"],
        "Acorn, then Oak"
    );
    let by_name = office.get(&school, "/people/everybody?show=Pupil").await;
    assert_eq!(order(&by_name, &["Tom Lowe", "Noah Bright"]), ["Noah Bright", "Tom Lowe"]);
    let file = file(&school, &mut office, "/people/people.csv?show=Pupil&name=marsh&").await;
    assert!(file.contains("\"Ivy Marsh\",\"Pupil\",\"Oak\"") && !file.contains("Khan"), "{file}");
    let mut head =
        Browser::with_duty(&school, "head", Duty::Holder(records::report::Role::Headteacher)).await;
    assert_eq!(head.get(&school, "/people/everybody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn families_are_found_by_class_and_by_their_code_and_no_file_holds_one() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let families = school.hub.households().unwrap();
    let omar =
        families.iter().find(|family| family.grown_ups.iter().any(|g| g.name == "Mr Omar Khan")).unwrap();
    let issued = school.hub.make_codes(&[omar.id], |_| {}).unwrap();
    let code = issued[0].code.to_string();
    school.hub.keep_codes(issued, hub::store::audit::Actor::CommandLine).unwrap();
    let has = office.get(&school, "/families?show=has").await.text;
    assert!(has.contains("Mr Omar Khan") && !has.contains("Mrs Sana Khan"), "{has}");
    let missing = office.get(&school, "/families?show=missing").await.text;
    assert!(missing.contains("Mrs Sana Khan") && !missing.contains("Mr Omar Khan"), "{missing}");
    let by_code = office.get(&school, "/families?sort=code").await;
    assert_eq!(order(&by_code, &["Mr Omar Khan", "Mrs Sana Khan"]).last(), Some(&"Mr Omar Khan"));
    let file = file(&school, &mut office, "/families/families.csv").await;
    assert!(file.contains("Mr Omar Khan") && file.contains("2026-09-14"), "{file}");
    assert!(!file.contains(&code), "{file}");
}
