//! A mother answers at the kiosk with the code from her letter, and the hub says what may be done; then she changes
//! her mind.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use records::family_code::FamilyCode;
use serde_json::json;
use tests::{child::Child, desk::Desk, school::School};

const CHILD: &str = "Amelia";
const FORM: &str = "Amelia: Pictures and film of your child";

/// Every code of the hub's list whose line names a family.
fn codes(school: &School, surname: &str) -> Vec<FamilyCode> {
    let list = school.path("codes.csv");
    school.hub_command(&["families", "codes", "--out", &list.display().to_string()]).unwrap();
    let lines = fs::read_to_string(&list).unwrap();
    let of_family = lines.lines().filter(|line| line.contains(surname));
    let mut codes: Vec<FamilyCode> = of_family
        .flat_map(|line| line.split(','))
        .filter_map(|cell| cell.trim_matches('"').parse().ok())
        .collect();
    codes.dedup();
    codes
}

/// Opens the family that has the child, and says who is here.
fn come(kiosk: &mut Child, codes: &[FamilyCode]) {
    for code in codes {
        kiosk.press("For parents and carers").unwrap();
        kiosk.ask(&json!({ "do": "type", "text": code.to_string() })).unwrap();
        assert_eq!(kiosk.screen(), "family-who");
        let mother = kiosk.controls().into_iter().find(|label| label.contains("Katarzyna"));
        kiosk.press(&mother.unwrap_or_else(|| "Yes, that is me".to_owned())).unwrap();
        if kiosk.controls().iter().any(|label| label.starts_with(CHILD)) {
            return;
        }
        kiosk.press("We are finished").unwrap();
    }
    panic!("no code opens the family of {CHILD}");
}

fn may(desk: &mut Desk, state: &str) -> bool {
    let page = desk.page("/consent/may-i?use=website").unwrap();
    let part = page.split(&format!("class=\"may {state}\"")).nth(1).unwrap_or_default().to_owned();
    part.split("</section>").next().unwrap().contains(CHILD)
}

#[test]
fn a_mother_answers_at_the_kiosk_the_office_knows_and_she_changes_her_mind() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    let codes = codes(&school, "Clarke");
    assert!(!codes.is_empty());
    let data = school.paired_kiosk("Entrance").unwrap();
    let mut kiosk = Child::at(&data).unwrap();
    kiosk.sync().unwrap();
    let mut desk = school.desk().unwrap();
    assert!(!may(&mut desk, "yes"), "not asked is not yes");

    come(&mut kiosk, &codes);
    kiosk.press(FORM).unwrap();
    let mut first = true;
    while kiosk.screen() != "family-check" {
        let shown = kiosk.controls();
        let has = |label: &str| shown.iter().any(|one| one == label);
        let label = match (has("Next"), has("Leave this out")) {
            (true, _) => "Next",
            (_, true) => "Leave this out",
            _ if std::mem::take(&mut first) => "Yes",
            _ => "No",
        };
        kiosk.press(label).unwrap();
    }
    kiosk.press("Yes, keep my answers").unwrap();
    assert_eq!(kiosk.screen(), "family-kept");
    kiosk.press("We are finished").unwrap();
    kiosk.sync().unwrap();
    assert!(may(&mut desk, "yes"), "the office knows it");

    // Another day: what she said is shown as soon as she is here, and two touches change it. She reads it in Polish.
    kiosk.sync().unwrap();
    come(&mut kiosk, &codes);
    kiosk.press("Language").unwrap();
    kiosk.press("Polski").unwrap();
    let polish = kiosk.controls();
    let form = polish.iter().find(|label| label.starts_with(CHILD) && label.contains("Zdjęcia")).unwrap();
    kiosk.press(form).unwrap();
    assert_eq!(kiosk.screen(), "family-check", "it is answered");
    let website = kiosk.controls().into_iter().find(|label| label.contains("naszej szkoły")).unwrap();
    assert!(website.ends_with(": Tak"), "{website}");
    kiosk.press(&website).unwrap();
    kiosk.press("Nie").unwrap();
    kiosk.press("Tak, zapisz moje odpowiedzi").unwrap();
    kiosk.press("To wszystko, kończymy").unwrap();
    assert!(
        kiosk.controls().iter().any(|label| label == "For parents and carers"),
        "the next family’s is English"
    );
    kiosk.sync().unwrap();
    assert!(may(&mut desk, "no") && !may(&mut desk, "yes"), "her no replaces her own yes");
    let page = desk.page("/consent/may-i?use=website").unwrap();
    let before = page.split(CHILD).next().unwrap();
    let pupil = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    let history = desk.page(pupil).unwrap();
    assert_eq!(history.matches("read beside the English in Polish").count(), 1, "{history}");
    assert_eq!(kiosk.figures().unwrap().set_aside, 0);
    kiosk.leave().unwrap();
}
