//! A signature that was made for the wrong child: a teacher takes it back in the panel of the kiosk, after it was
//! sent, and the office's register shows it so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::json;
use tests::child::{Child, Pupil, Visit};
use tests::school::{School, set_pin};

const PIN: &str = "482915";

fn to_panel(kiosk: &mut Child, pin: &str) {
    kiosk.press("For staff").unwrap();
    for digit in pin.chars() {
        kiosk.press(&digit.to_string()).unwrap();
    }
    kiosk.press("Open").unwrap();
}

/// A pupil's line of the office's register: how they stand, and the whole line of the file.
fn line(school: &School, pupil: &Pupil) -> (String, String) {
    let mut office = school.desk().unwrap();
    let line = office.register("ks1").unwrap().into_iter().find(|line| line.is(pupil)).unwrap();
    let file = office.get("/register/ks1/register.csv").unwrap().body;
    let whole =
        file.lines().find(|whole| whole.contains(&format!("\"{}\",\"{}\"", line.surname, line.forename)));
    (line.state, whole.unwrap().to_owned())
}

#[test]
fn a_teacher_takes_back_a_signature_after_it_was_sent_and_the_register_shows_who_did_when_and_why() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    set_pin(&data, PIN).unwrap();
    let mut kiosk = Child::at(&data).unwrap();
    kiosk.sync().unwrap();
    let (everybody, _) = kiosk.everybody().unwrap();
    let pupil = everybody.into_iter().find(|pupil| pupil.class == "Acorn").unwrap();
    assert!(matches!(kiosk.sign(&pupil).unwrap(), Visit::Thanked(_)));
    kiosk.sync().unwrap();
    assert_eq!(line(&school, &pupil).0, "signed");
    assert_eq!(kiosk.sign(&pupil).unwrap(), Visit::HadSigned);

    // A child who plays with the pad does not come in.
    to_panel(&mut kiosk, "1234");
    assert_eq!(kiosk.screen(), "pin");
    kiosk.press("Back").unwrap();

    to_panel(&mut kiosk, PIN);
    assert_eq!(kiosk.screen(), "panel");
    kiosk.press("Who has signed").unwrap();
    kiosk.press("Acorn").unwrap();
    kiosk.press(&pupil.name).unwrap();
    kiosk.press("It was another child").unwrap();
    assert_eq!(kiosk.screen(), "panel-signed");
    assert!(!kiosk.controls().contains(&pupil.name), "nothing is left to take back: {:?}", kiosk.controls());
    kiosk.press("Close the panel").unwrap();

    // The power goes before the hub has heard of it.
    kiosk.kiosk().kill();
    let mut kiosk = Child::at(&data).unwrap();
    kiosk.sync().unwrap();
    assert_eq!(kiosk.figures().unwrap().set_aside, 0);
    let (state, whole) = line(&school, &pupil);
    assert!(state.starts_with("undone"), "{state}");
    assert!(whole.contains("Acorn classroom") && whole.contains("it was another child"), "{whole}");

    // The right child's turn, or this one's in earnest: also with the roster that the hub makes now.
    kiosk.ask(&json!({ "do": "sync" })).unwrap();
    assert!(matches!(kiosk.sign(&pupil).unwrap(), Visit::Thanked(_)));
    kiosk.sync().unwrap();
    assert_eq!(line(&school, &pupil).0, "signed");
    kiosk.leave().unwrap();
}
