//! To whom the words of an agreement were shown, as the office enters it: one person, or a whole class at once; never a
//! signature, never written over, and gone with the person.

use hub::{
    import::Kind,
    store::{
        accounts::Duty,
        office_notes::{AtOnce, NewNote, What},
        registers::Line,
    },
};
use hyper::StatusCode;
use records::{
    agreement::{Agreement, Audience, SignAgain},
    day::SchoolYear,
    ids::{PersonId, RecordId},
};

use crate::{
    browser::{Browser, PASSWORD, Page},
    consents::pupil,
    held::{made, words},
    kiosk::Kiosk,
    retention::{days, pages_with, tom_has_left},
    school::{PUPILS, School, agreement, day, draft, ks1, year},
};

const SHOWN: &str = "<span class=\"chip wait\">Shown, to sign</span>";
const GOVERNORS: &str = "Name,Category of Governor\n\"Ferris, Martin\",Co-opted\n";

fn governors(version: &str, promises: &[&str]) -> Agreement {
    agreement(Audience::Governor, version, promises)
}

async fn ready() -> (School, Browser) {
    let school = School::open().await;
    school.import(PUPILS);
    school.import_as(GOVERNORS, Some(Kind::Governors));
    school.publish(&draft(vec![ks1("3.0"), governors("1.0", &["I keep papers to myself."])]));
    let office = Browser::signed_in(&school).await;
    (school, office)
}

/// So many days later the office signs in again.
async fn days_later(school: &School, office: &mut Browser, days: i64) {
    school.pass(days * 24 * 3600);
    assert_eq!(office.try_sign_in(school, "office", PASSWORD).await.leads_to(), "/");
}

fn acorn(school: &School) -> String {
    school.hub.store.classes().unwrap()[0].id.to_string()
}

/// The lines of the first section of a register.
fn lines(school: &School, agreement: &Agreement, year: &SchoolYear) -> Vec<Line> {
    school.hub.store.register(agreement, year).unwrap().sections.remove(0).lines
}

fn line_of(lines: &[Line], person: PersonId) -> &Line {
    lines.iter().find(|line| line.person.id == person).unwrap()
}

/// A person's page, filled in.
async fn enter(office: &mut Browser, school: &School, person: PersonId, fields: &[(&str, &str)]) -> Page {
    let path = format!("/people/{person}");
    let token = office.get(school, &path).await.form_token();
    let fields = [&[("form_token", token.as_str())], fields].concat();
    office.post(school, &path, &fields).await
}

fn shows<'t>(agreement: &'t str, on: &'t str, remark: &'t str) -> [(&'static str, &'t str); 4] {
    [("what", "show"), ("agreement", agreement), ("on", on), ("remark", remark)]
}

/// The page for a whole class, with its own boxes and hidden fields; whoever is absent has no tick.
async fn read_to(
    office: &mut Browser,
    school: &School,
    section: &str,
    absent: &[PersonId],
    fields: &[(&str, &str)],
) -> (Page, Vec<(String, String)>) {
    let path = format!("/register/{section}/shown");
    let page = office.get(school, &path).await;
    let absent: Vec<String> = absent.iter().map(PersonId::to_string).collect();
    let value = |tag: &str, before: &str| {
        tag.split(before).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
    };
    let mut sent: Vec<(String, String)> = Vec::new();
    for tag in page.text.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = value(tag, "name=\"").unwrap();
        let is_sent = match name.as_str() {
            "there" => tag.ends_with("checked") && !absent.contains(&value(tag, "value=\"").unwrap()),
            _ => tag.contains("type=\"hidden\""),
        };
        if is_sent {
            sent.push((name, value(tag, "value=\"").unwrap()));
        }
    }
    sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    (send(office, school, &path, &sent).await, sent)
}

async fn send(office: &mut Browser, school: &School, path: &str, sent: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    office.post(school, path, &fields).await
}

#[tokio::test]
async fn what_was_shown_to_one_person_stands_in_the_register_with_its_day_and_counts_as_no_signature() {
    let (school, mut office) = ready().await;
    let (maya, acorn) = (pupil(&school, "Maya", "Khan").id, acorn(&school));
    let list = office.get(&school, &format!("/register/ks1/{acorn}")).await.text;
    assert!(!list.contains(SHOWN) && list.matches(">not yet shown<").count() == 3, "{list}");
    let noted = school.hub.store.check_audit().unwrap();
    let done =
        enter(&mut office, &school, maya, &shows("ks1", "2026-09-14", "Gone  through with her aunt")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "who entered it is on record");
    let list = office.get(&school, &format!("/register/ks1/{acorn}")).await.text;
    assert!(list.contains(SHOWN), "{list}");
    let told = "shown on 14 September 2026, entered by office: Gone through with her aunt";
    assert!(list.contains(told), "{list}");
    assert!(list.contains("id=\"signed\">0<") && list.contains("id=\"outstanding\">3<"), "{list}");
    assert!(list.matches(">not yet shown<").count() == 2, "{list}");

    // Each of the two is found by itself, and stands in the file.
    let those = office.get(&school, &format!("/register/ks1/{acorn}?show=shown")).await.text;
    assert!(those.contains("Maya Khan") && !those.contains("Tom Lowe"), "{those}");
    let others = office.get(&school, &format!("/register/ks1/{acorn}?show=not-shown")).await.text;
    assert!(others.contains("Tom Lowe") && !others.contains("Maya Khan"), "{others}");
    let file = office.get(&school, "/register/ks1/register.csv").await.text;
    let line = |name: &str| file.lines().find(|line| line.contains(name)).unwrap().to_owned();
    let digest = ks1("3.0").digest().to_string();
    for part in ["shown: has yet to sign", "\"2026-09-14\",\"3.0\"", &digest, "\"office\",\"Gone through"] {
        assert!(line("Khan").contains(part), "{part}: {file}");
    }
    assert!(line("Lowe").contains("not yet shown: has yet to sign"), "{file}");

    // A second time is a second entry, and the first is not written over.
    days_later(&school, &mut office, 1).await;
    enter(&mut office, &school, maya, &shows("ks1", "2026-09-15", "")).await;
    let page = office.get(&school, &format!("/people/{maya}")).await.text;
    for part in
        ["shown on 14 September 2026, entered by office", "shown on 15 September 2026, entered by office"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let list = office.get(&school, &format!("/register/ks1/{acorn}")).await.text;
    assert!(list.contains("shown on 14 September 2026, and 15 September 2026"), "{list}");

    // Who says no and was shown the words is told with both; whoever signs has signed.
    enter(&mut office, &school, maya, &[("what", "decline"), ("agreement", "ks1"), ("on", "2026-09-15")])
        .await;
    let list = office.get(&school, &format!("/register/ks1/{acorn}?show=declined")).await.text;
    assert!(list.contains(">Said no<") && list.contains("shown on 14 September 2026"), "{list}");
    Kiosk::paired(&school).await.sign(&school, maya, &ks1("3.0")).await;
    let list = office.get(&school, &format!("/register/ks1/{acorn}")).await.text;
    assert!(
        !list.contains(SHOWN) && !list.contains("shown on") && list.contains("id=\"signed\">1<"),
        "{list}"
    );
    let file = office.get(&school, "/register/ks1/register.csv").await.text;
    let line = file.lines().find(|line| line.contains("Khan")).unwrap();
    assert!(
        line.contains("\"signed\"") && line.contains("\"2026-09-14, 2026-09-15\""),
        "both are told: {line}"
    );
}

#[tokio::test]
async fn a_day_or_an_agreement_that_cannot_be_is_refused_and_what_was_typed_stays() {
    let (school, mut office) = ready().await;
    let maya = pupil(&school, "Maya", "Khan").id;
    let refused = [
        (shows("governor", "2026-09-14", "x"), "Choose what was shown"),
        (shows("ks1", "2026-09-15", "x"), "today, or a day before"),
        (shows("ks1", "2026-08-31", "x"), "today, or a day before"),
        (shows("ks1", "", "x"), "today, or a day before"),
        // These words were first published here this morning.
        (
            shows("ks1", "2026-09-05", "At the picnic"),
            "version 3.0 was first published here on 14 September 2026",
        ),
    ];
    for (fields, why) in refused {
        let page = enter(&mut office, &school, maya, &fields).await;
        assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains(why), "{why}: {}", page.text);
        assert!(page.text.contains(&format!("value=\"{}\"", fields[3].1)), "{why}: it is still there");
        assert_eq!(page.text.contains("name=\"early\""), why.contains("published"), "{why}");
    }
    let long = "a".repeat(301);
    let page = enter(&mut office, &school, maya, &shows("ks1", "2026-09-14", &long)).await;
    assert!(page.text.contains("300 letters at most"), "{}", page.text);
    assert!(school.hub.store.notes_of(maya).unwrap().is_empty());
    let meant = [&shows("ks1", "2026-09-05", "From the old poster")[..], &[("early", "yes")]].concat();
    assert_eq!(enter(&mut office, &school, maya, &meant).await.status, StatusCode::SEE_OTHER);
    assert_eq!(school.hub.store.notes_of(maya).unwrap()[0].on, day("2026-09-05"));
}

#[tokio::test]
async fn what_was_read_to_a_whole_class_is_entered_at_once_without_those_who_were_absent_and_taken_back_at_once()
 {
    let (school, mut office) = ready().await;
    let section = format!("ks1/{}", acorn(&school));
    let (maya, tom) = (pupil(&school, "Maya", "Khan").id, pupil(&school, "Tom", "Lowe").id);
    let other = pupil(&school, "Maya", "Osei").id;
    let noted = school.hub.store.check_audit().unwrap();
    let read = [("on", "2026-09-14"), ("remark", "Read to the class in assembly")];
    let nobody = read_to(&mut office, &school, &section, &[maya, tom, other], &read).await.0;
    assert!(nobody.text.contains("Tick whoever was there"), "{}", nobody.text);
    assert!(nobody.text.contains("Read to the class in assembly"), "what was typed stays: {}", nobody.text);
    assert_eq!(school.hub.store.check_audit().unwrap(), noted, "nothing was entered");

    let (done, sent) = read_to(&mut office, &school, &section, &[tom, other], &read).await;
    assert_eq!(done.leads_to(), format!("/register/{section}?shown=1&absent=2"), "{}", done.text);
    let told = office.get(&school, done.leads_to()).await.text;
    assert!(told.contains("the words were shown to 1; 2 were not there"), "{told}");
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "one action, one entry in the log");
    // Pressed twice, nobody is entered twice.
    let again = send(&mut office, &school, &format!("/register/{section}/shown"), &sent).await;
    assert!(again.leads_to().contains("shown=0"), "{}", again.leads_to());
    assert_eq!(school.hub.store.notes_of(maya).unwrap().len(), 1);
    // Tom was there after all, and Maya again: another entry, on another day, with all three.
    days_later(&school, &mut office, 1).await;
    let third = read_to(&mut office, &school, &section, &[], &[("on", "2026-09-15")]).await.0;
    assert_eq!(third.leads_to(), format!("/register/{section}?shown=3&absent=0"));

    let list = office.get(&school, &format!("/register/{section}")).await.text;
    assert!(list.contains("<strong>14 September 2026</strong>, to 1, version 3.0"), "{list}");
    assert!(list.contains("<strong>15 September 2026</strong>, to 3, version 3.0"), "{list}");
    assert!(list.contains("entered by office: Read to the class in assembly"), "{list}");
    let lines_now = || lines(&school, &ks1("3.0"), &year());
    assert_eq!(line_of(&lines_now(), maya).shown.len(), 2);
    assert_eq!(line_of(&lines_now(), tom).shown.len(), 1);

    // One of them was not there: theirs is taken back by itself. Then all of it is, once, and stays to be seen.
    let of_tom = school.hub.store.notes_of(tom).unwrap().remove(0);
    let (id, all) = (of_tom.id.to_string(), of_tom.showing.unwrap().to_string());
    let back = [("what", "note-back"), ("entry", id.as_str())];
    assert_eq!(enter(&mut office, &school, other, &back).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(enter(&mut office, &school, tom, &back).await.status, StatusCode::SEE_OTHER);
    assert!(line_of(&lines_now(), tom).is_not_shown());
    let list = office.get(&school, &format!("/register/{section}")).await;
    assert!(list.text.contains("<strong>15 September 2026</strong>, to 2,"), "{}", list.text);
    let token = list.form_token();
    let take = [("form_token", token.as_str()), ("what", "back"), ("showing", all.as_str())];
    // Not from another class's page.
    let oak = school.hub.store.classes().unwrap()[1].id;
    let elsewhere = office.post(&school, &format!("/register/ks1/{oak}/shown"), &take).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "that class is not asked: {}", elsewhere.text);
    let noted = school.hub.store.check_audit().unwrap();
    let done = office.post(&school, &format!("/register/{section}/shown"), &take).await;
    assert_eq!(done.leads_to(), format!("/register/{section}?back=2"));
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1);
    let again = office.post(&school, &format!("/register/{section}/shown"), &take).await;
    let told = office.get(&school, again.leads_to()).await.text;
    assert!(told.contains("that is taken back already"), "{told}");
    assert!(told.contains("taken back 15 September 2026"), "{told}");
    assert_eq!(line_of(&lines_now(), maya).shown.len(), 1, "the reading of before stands");
    assert!(line_of(&lines_now(), other).is_not_shown());
    let page = office.get(&school, &format!("/people/{maya}")).await.text;
    assert!(
        page.contains("shown on 15 September 2026 to all who were there, entered by office; taken back"),
        "{page}"
    );
}

#[tokio::test]
async fn a_page_that_is_sent_again_enters_nothing_more_whatever_was_changed_on_it() {
    let (school, mut office) = ready().await;
    let (maya, acorn) = (pupil(&school, "Maya", "Khan").id, acorn(&school));
    // Of one person: pressed twice.
    let path = format!("/people/{maya}");
    let page = office.get(&school, &path).await;
    let form = page.text.split("value=\"show\"").nth(1).unwrap();
    let entry = form.split("name=\"entry\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let shown = [&shows("ks1", "2026-09-14", "")[..], &[("entry", entry.as_str())]].concat();
    for _ in 0..2 {
        assert_eq!(enter(&mut office, &school, maya, &shown).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(school.hub.store.notes_of(maya).unwrap().len(), 1);

    // Of a class: gone back to in the browser, with one more tick, or after it was taken back.
    let section = format!("ks1/{acorn}");
    let to = format!("/register/{section}/shown");
    let (_, mut sent) = read_to(&mut office, &school, &section, &[maya], &[("on", "2026-09-14")]).await;
    sent.push(("there".to_owned(), maya.to_string()));
    let again = send(&mut office, &school, &to, &sent).await;
    let told = office.get(&school, again.leads_to()).await.text;
    assert!(told.contains("Nobody was entered: that page was sent already."), "{told}");
    assert_eq!(school.hub.store.notes_of(maya).unwrap().len(), 1);
    let of_all = sent.iter().find(|(name, _)| name == "showing").unwrap().1.clone();
    let token = office.get(&school, &to).await.form_token();
    let take = [("form_token", token.as_str()), ("what", "back"), ("showing", of_all.as_str())];
    assert!(office.post(&school, &to, &take).await.leads_to().ends_with("back=2"));
    let again = send(&mut office, &school, &to, &sent).await;
    assert!(again.leads_to().contains("shown=0"), "{}", again.leads_to());
}

#[tokio::test]
async fn new_words_that_all_sign_anew_or_a_new_school_year_make_everybody_not_yet_shown() {
    let (school, mut office) = ready().await;
    let first = governors("1.0", &["I keep papers to myself."]);
    let read = [("on", "2026-09-14"), ("remark", "")];
    let done = read_to(&mut office, &school, "governor/governors", &[], &read).await.0;
    assert_eq!(done.leads_to(), "/register/governor/governors?shown=1&absent=0", "{}", done.text);
    assert!(lines(&school, &first, &year())[0].is_shown());
    let next = SchoolYear { starts: day("2027-09-01"), ends: day("2028-08-31") };
    assert!(lines(&school, &first, &next)[0].is_not_shown(), "a new school year");

    // A comma put right counts as the same words, and says which it was.
    let comma = Agreement {
        sign_again: SignAgain::Nobody,
        ..governors("1.1", &["I keep papers to myself, always."])
    };
    days_later(&school, &mut office, 3).await;
    school.publish(&draft(vec![ks1("3.0"), comma.clone()]));
    let shown = lines(&school, &comma, &year()).remove(0).shown;
    assert_eq!((shown[0].version.to_string().as_str(), shown[0].words), ("1.0", first.digest()));
    // What was shown on a day are the words that were published then.
    for (on, version) in [("2026-09-16", &first), ("2026-09-17", &comma)] {
        read_to(&mut office, &school, "governor/governors", &[], &[("on", on)]).await;
        let shown = lines(&school, &comma, &year()).remove(0).shown;
        assert_eq!(shown.last().unwrap().words, version.digest(), "{on}");
    }

    let newer = governors("2.0", &["I keep papers and passwords to myself."]);
    school.publish(&draft(vec![ks1("3.0"), newer.clone()]));
    assert!(lines(&school, &newer, &year())[0].is_not_shown(), "new words");
    let page = office.get(&school, "/register/governor/governors").await.text;
    assert!(page.contains(">not yet shown<") && !page.contains(SHOWN), "{page}");
}

#[tokio::test]
async fn nobody_but_the_office_enters_or_takes_back_that_something_was_shown() {
    let (school, mut office) = ready().await;
    let section = format!("ks1/{}", acorn(&school));
    read_to(&mut office, &school, &section, &[], &[("on", "2026-09-14")]).await;
    let maya = pupil(&school, "Maya", "Khan").id;
    let note = school.hub.store.notes_of(maya).unwrap().remove(0);
    let (showing, entry) = (note.showing.unwrap().to_string(), note.id.to_string());
    let noted = school.hub.store.check_audit().unwrap();
    for duty in Duty::ALL.into_iter().filter(|duty| *duty != Duty::Office) {
        let mut browser = Browser::with_duty(&school, duty.as_str(), duty).await;
        let token = browser.get(&school, "/password").await.form_token();
        let path = format!("/register/{section}/shown");
        assert_eq!(browser.get(&school, &path).await.status, StatusCode::NOT_FOUND, "{duty:?}");
        let of_all = [("form_token", token.as_str()), ("what", "back"), ("showing", showing.as_str())];
        assert_eq!(browser.post(&school, &path, &of_all).await.status, StatusCode::NOT_FOUND, "{duty:?}");
        let of_one = [("form_token", token.as_str()), ("what", "note-back"), ("entry", entry.as_str())];
        let path = format!("/people/{maya}");
        assert_eq!(browser.post(&school, &path, &of_one).await.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
    assert_eq!(school.hub.store.notes_of(maya).unwrap(), [note], "all of it stands");
    let log = school.hub.store.log(&Default::default(), 0, 100).unwrap().1;
    assert!(log.iter().all(|one| !one.what.contains("taken back")), "{noted}: {log:?}");
}

/// That the words were shown on 11 September, with a remark.
fn shown<'n>(agreement: &'n Agreement, year: &'n SchoolYear, remark: &'n str) -> NewNote<'n> {
    NewNote {
        what: What::Shown,
        agreement,
        words: (&agreement.version, agreement.digest()),
        year,
        on: day("2026-09-11"),
        remark,
    }
}

#[tokio::test]
async fn it_is_among_what_is_held_on_a_person_without_the_offices_words_and_goes_with_them_for_good() {
    const REMARK: &str = "Read out by Grandmother Zephyrine";
    let (school, _kiosk, _) = tom_has_left().await;
    let tom = school.hub.store.people().unwrap().into_iter().find(|p| p.forename == "Tom").unwrap().id;
    let account = school.hub.store.account("office").unwrap().unwrap().id;
    let (agreement, year) = (ks1("3.0"), year());
    let new = shown(&agreement, &year, REMARK);
    let at_once = AtOnce { id: RecordId::from_bytes([9; 16]), section: "staff" };
    let now = school.hub.now();
    assert_eq!(school.hub.store.note_of_many(&at_once, &[tom], &new, account, now).unwrap(), 1);
    let (held, paper) = made(&school, tom);
    let pages = words(&paper);
    for part in [
        "When an agreement was shown to you",
        "Shown to you on: 11 September 2026",
        "to your class or group, all at once",
        "14 September 2026: agreement shown",
    ] {
        assert!(pages.contains(part), "{part}: {pages}");
    }
    assert!(!pages.contains("Zephyrine") && !pages.contains("said no"), "it may name others: {pages}");
    assert!(pages_with(&school, REMARK.as_bytes()) > 0, "the search finds what is there");
    let note = held.noted[0].0.id;
    days(&school, 62);
    assert!(school.hub.store.empty_log().unwrap());
    assert_eq!(pages_with(&school, REMARK.as_bytes()), 0, "it went with him");
    assert!(school.hub.store.notes_of(tom).unwrap().is_empty());
    assert!(school.hub.store.tombstones().unwrap().contains(note.as_bytes()), "and does not come back");
    // The page that was open all the while says nothing of whoever was erased.
    assert_eq!(school.hub.store.note_of_many(&at_once, &[tom], &new, account, now).unwrap(), 0);
    assert!(school.hub.store.notes_of(tom).unwrap().is_empty());
}

#[tokio::test]
async fn it_goes_when_a_signature_would_although_the_person_stays() {
    let (school, _kiosk, _) = tom_has_left().await;
    school.import_as(GOVERNORS, Some(Kind::Governors));
    let martin =
        school.hub.store.people().unwrap().into_iter().find(|p| p.kind == Kind::Governors).unwrap().id;
    let account = school.hub.store.account("office").unwrap().unwrap().id;
    let agreement = governors("1.0", &["I keep papers to myself."]);
    let earlier = SchoolYear { starts: day("2024-09-01"), ends: day("2025-08-31") };
    let now = year();
    for (number, year) in [(1, &earlier), (2, &now)] {
        let at_once = AtOnce { id: RecordId::from_bytes([number; 16]), section: "governors" };
        let new = shown(&agreement, year, "");
        school.hub.store.note_of_many(&at_once, &[martin], &new, account, school.hub.now()).unwrap();
    }
    days(&school, 62);
    let left = school.hub.store.notes_of(martin).unwrap();
    let left: Vec<Option<RecordId>> = left.iter().map(|one| one.showing).collect();
    assert_eq!(left, [Some(RecordId::from_bytes([2; 16]))], "that of a year long over goes");
}
