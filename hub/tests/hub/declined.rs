//! Who does not sign, as they told the office: in the register with its day, in every list, and gone with the person.

use hub::{
    import::Kind,
    store::office_notes::{NewNote, What},
};
use hyper::StatusCode;
use records::{
    agreement::{Agreement, Audience},
    day::SchoolYear,
    ids::{PersonId, RecordId},
};

use crate::{
    browser::{Browser, Page},
    consents::pupil,
    held::{made, words},
    kiosk::Kiosk,
    retention::{days, pages_with, tom_has_left},
    school::{PUPILS, School, agreement, day, draft, ks1, year},
};

const CHIP: &str = "<span class=\"chip stop\">Said no</span>";

fn governors() -> Agreement {
    agreement(Audience::Governor, "1.0", &["I keep papers to myself."])
}

async fn ready() -> (School, Browser) {
    let school = School::open().await;
    school.import(PUPILS);
    school.import_as("Name,Category of Governor\n\"Ferris, Martin\",Co-opted\n", Some(Kind::Governors));
    school.publish(&draft(vec![ks1("3.0"), governors()]));
    let office = Browser::signed_in(&school).await;
    (school, office)
}

async fn enter(office: &mut Browser, school: &School, person: PersonId, fields: &[(&str, &str)]) -> Page {
    let path = format!("/people/{person}");
    let token = office.get(school, &path).await.form_token();
    let fields = [&[("form_token", token.as_str())], fields].concat();
    office.post(school, &path, &fields).await
}

fn says_no<'t>(agreement: &'t str, on: &'t str, reason: &'t str) -> [(&'static str, &'t str); 4] {
    [("what", "decline"), ("agreement", agreement), ("on", on), ("remark", reason)]
}

/// That somebody said no on a day of the school year before.
fn no<'n>(agreement: &'n Agreement, year: &'n SchoolYear, remark: &'n str) -> NewNote<'n> {
    NewNote {
        what: What::Declined,
        agreement,
        words: (&agreement.version, agreement.digest()),
        year,
        on: day("2025-05-02"),
        remark,
    }
}

#[tokio::test]
async fn whoever_says_no_stands_in_the_register_with_the_day_and_is_asked_all_the_same() {
    let (school, mut office) = ready().await;
    let maya = pupil(&school, "Maya", "Khan").id;
    let acorn = school.hub.store.classes().unwrap()[0].id.to_string();
    let noted = school.hub.store.check_audit().unwrap();
    let done =
        enter(&mut office, &school, maya, &says_no("ks1", "2026-09-10", "Her mother  wants to talk first"))
            .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "who entered it is on record");
    let list = office.get(&school, &format!("/register/ks1/{acorn}")).await.text;
    assert!(list.contains(CHIP), "{list}");
    assert!(
        list.contains("on 10 September 2026, entered by office: Her mother wants to talk first"),
        "{list}"
    );
    assert!(list.contains("id=\"declined\">1<") && list.contains("id=\"outstanding\">3<"), "{list}");
    let those = office.get(&school, &format!("/register/ks1/{acorn}?show=declined")).await.text;
    assert!(those.contains("Maya Khan") && !those.contains("Tom Lowe"), "{those}");
    let file = office.get(&school, "/register/ks1/register.csv").await.text;
    let line = file.lines().find(|line| line.contains("Khan")).unwrap();
    assert!(line.contains("said no: has yet to sign") && line.contains("\"2026-09-10\""), "{line}");

    // Once is enough; and nobody is entered for what they are not asked, or for tomorrow.
    for (agreement, on, why) in [
        ("ks1", "2026-09-10", "Choose what they do not sign"),
        ("governor", "2026-09-10", "Choose what they do not sign"),
    ] {
        let page = enter(&mut office, &school, maya, &says_no(agreement, on, "")).await;
        assert!(
            page.status == StatusCode::BAD_REQUEST && page.text.contains(why),
            "{agreement}: {}",
            page.text
        );
    }
    let tom = pupil(&school, "Tom", "Lowe").id;
    for on in ["2026-09-15", "2026-08-31", "", "10/09/2026"] {
        let page = enter(&mut office, &school, tom, &says_no("ks1", on, "")).await;
        assert!(
            page.status == StatusCode::BAD_REQUEST && page.text.contains("today, or a day before"),
            "{on}"
        );
    }
    let long = "a".repeat(301);
    let page = enter(&mut office, &school, tom, &says_no("ks1", "2026-09-14", &long)).await;
    assert!(page.text.contains("300 letters at most"), "{}", page.text);

    // She signs after all: that is what counts, and what was said before stays on her page.
    Kiosk::paired(&school).await.sign(&school, maya, &ks1("3.0")).await;
    let list = office.get(&school, &format!("/register/ks1/{acorn}")).await.text;
    assert!(!list.contains(CHIP) && list.contains("id=\"signed\">1<"), "{list}");
    let page = office.get(&school, &format!("/people/{maya}")).await.text;
    assert!(page.contains("said no on 10 September 2026"), "{page}");
}

#[tokio::test]
async fn a_mistake_is_taken_back_and_stays_to_be_seen_and_a_new_year_or_new_words_ask_again() {
    let (school, mut office) = ready().await;
    let martin =
        school.hub.store.people().unwrap().into_iter().find(|p| p.kind == Kind::Governors).unwrap().id;
    enter(&mut office, &school, martin, &says_no("governor", "2026-09-14", "")).await;
    let standing = || {
        let register = school.hub.store.register(&governors(), &year()).unwrap();
        register.sections[0].lines[0].declined.clone()
    };
    let declined = standing().unwrap();
    let register = office.get(&school, "/register/governor/governors").await.text;
    assert!(register.contains(CHIP) && register.contains("entered by office"), "{register}");
    let entry = declined.id.to_string();
    let back = [("what", "note-back"), ("entry", entry.as_str())];
    assert_eq!(enter(&mut office, &school, martin, &back).await.status, StatusCode::SEE_OTHER);
    assert_eq!(standing(), None);
    let again = enter(&mut office, &school, martin, &back).await;
    assert!(again.text.contains("that is taken back already"), "{}", again.text);
    let another = pupil(&school, "Tom", "Lowe").id;
    let theirs = enter(&mut office, &school, another, &back).await;
    assert_eq!(theirs.status, StatusCode::BAD_REQUEST, "nobody else's page takes it back");
    enter(&mut office, &school, martin, &says_no("governor", "2026-09-13", "He said it again")).await;
    let page = office.get(&school, &format!("/people/{martin}")).await.text;
    assert!(page.contains("taken back 14 September 2026") && page.contains("He said it again"), "{page}");

    let next = SchoolYear { starts: day("2027-09-01"), ends: day("2028-08-31") };
    let register = school.hub.store.register(&governors(), &next).unwrap();
    assert_eq!(register.sections[0].lines[0].declined, None, "a new school year asks again");
    let newer = agreement(Audience::Governor, "2.0", &["I keep papers and passwords to myself."]);
    school.publish(&draft(vec![ks1("3.0"), newer.clone()]));
    let register = school.hub.store.register(&newer, &year()).unwrap();
    assert_eq!(register.sections[0].lines[0].declined, None, "so do new words");
}

#[tokio::test]
async fn it_is_among_what_is_held_on_a_person_without_the_offices_words_and_goes_with_them() {
    const REASON: &str = "Grandmother Zephyrine is against it";
    let (school, _kiosk, _) = tom_has_left().await;
    let tom = school.hub.store.people().unwrap().into_iter().find(|p| p.forename == "Tom").unwrap().id;
    let account = school.hub.store.account("office").unwrap().unwrap().id;
    let id = RecordId::from_bytes([7; 16]);
    let (agreement, year) = (ks1("3.0"), year());
    let no = NewNote { on: day("2026-09-11"), ..no(&agreement, &year, REASON) };
    school.hub.store.note_of_one((id, tom), &no, account, school.hub.now()).unwrap();
    let (_, paper) = made(&school, tom);
    let held = words(&paper);
    assert!(
        held.contains("When you said no to an agreement")
            && held.contains("You said so on: 11 September 2026"),
        "{held}"
    );
    assert!(!held.contains("Zephyrine"), "it may name others: {held}");
    assert!(pages_with(&school, REASON.as_bytes()) > 0, "the search finds what is there");
    days(&school, 62);
    assert!(school.hub.store.empty_log().unwrap());
    assert_eq!(pages_with(&school, REASON.as_bytes()), 0, "it went with him");
    assert!(school.hub.store.notes_of(tom).unwrap().is_empty());
}

#[tokio::test]
async fn it_goes_when_a_signature_would_although_the_person_stays() {
    const REASON: &str = "Grandmother Zephyrine is against it";
    let (school, _kiosk, _) = tom_has_left().await;
    school.import_as("Name,Category of Governor\n\"Ferris, Martin\",Co-opted\n", Some(Kind::Governors));
    let martin =
        school.hub.store.people().unwrap().into_iter().find(|p| p.kind == Kind::Governors).unwrap().id;
    let account = school.hub.store.account("office").unwrap().unwrap().id;
    let earlier = SchoolYear { starts: day("2024-09-01"), ends: day("2025-08-31") };
    for (number, year) in [(1, &earlier), (2, &year())] {
        let ids = (RecordId::from_bytes([number; 16]), martin);
        let agreement = governors();
        let no = no(&agreement, year, REASON);
        school.hub.store.note_of_one(ids, &no, account, school.hub.now()).unwrap();
    }
    days(&school, 62);
    let left = school.hub.store.notes_of(martin).unwrap();
    let left: Vec<RecordId> = left.iter().map(|one| one.id).collect();
    assert_eq!(
        left,
        [RecordId::from_bytes([2; 16])],
        "that of this year stays, that of a year long over goes"
    );
    assert!(
        school.hub.store.people().unwrap().iter().any(|person| person.id == martin && person.left.is_none())
    );
}
