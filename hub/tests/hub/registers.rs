//! Registers: who has signed, who has yet to.

use hub::{
    import::Kind,
    store::registers::{Came, Place, Register, Standing},
};
use records::{
    agreement::{Agreement, Audience},
    ids::PersonId,
};

use crate::{
    consents::{asking, asking_school, grown_up, images},
    kiosk::Kiosk,
    school::{PUPILS, School, agreement, day, draft, ks1, year},
};

fn register(school: &School, agreement: &Agreement) -> Register {
    school.hub.store.register(agreement, &year()).unwrap()
}

fn called(school: &School, forename: &str) -> PersonId {
    school.hub.store.people().unwrap().into_iter().find(|p| p.forename == forename).unwrap().id
}

async fn ready() -> (School, Kiosk) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let kiosk = Kiosk::paired(&school).await;
    (school, kiosk)
}

#[tokio::test]
async fn a_child_who_signed_is_in_the_register_with_the_words_and_the_mark() {
    let (school, mut kiosk) = ready().await;
    let signature = kiosk.sign(&school, called(&school, "Tom"), &ks1("3.0")).await;
    let register = register(&school, &ks1("3.0"));
    assert_eq!((register.signed(), register.asked()), (1, 3), "Oak is Key Stage 2 and not asked");
    let tom = register.sections[0].lines.iter().find(|l| l.person.forename == "Tom").unwrap();
    let Standing::Signed(signed) = &tom.standing else { panic!("{:?}", tom.standing) };
    assert_eq!((signed.words, signed.helped), (signature.words, true));
    assert_eq!(signed.came, Came::Kiosk(signature.mark));
    assert!(!register.is_complete());
}

#[tokio::test]
async fn an_undone_signature_is_asked_for_again_also_when_its_undoing_came_first() {
    let (school, mut kiosk) = ready().await;
    let tom = called(&school, "Tom");
    let first = kiosk.sign(&school, tom, &ks1("3.0")).await;
    kiosk.undo(&school, first.id).await;
    let line =
        |register: Register| register.sections[0].lines.iter().find(|l| l.person.id == tom).unwrap().clone();
    let Standing::Undone(signed) = line(register(&school, &ks1("3.0"))).standing else {
        panic!("not undone")
    };
    let undone = signed.undone.unwrap();
    assert_eq!(undone.place, Place::Kiosk("Oak classroom".to_owned()));
    assert_eq!(undone.because(), "it was another child");
    kiosk.sign(&school, tom, &ks1("3.0")).await;
    assert!(line(register(&school, &ks1("3.0"))).standing.is_signed());
    let late = kiosk.signature(tom, &ks1("3.0"), school.hub.now());
    kiosk.undo(&school, late.id).await;
    let envelope = kiosk.seal(&records::envelope::NamedRecord::Signature(late));
    let batch = kiosk.batch(vec![envelope]);
    kiosk.send(&school, batch).await.unwrap();
    assert_eq!(register(&school, &ks1("3.0")).signed(), 1);
}

#[tokio::test]
async fn a_new_version_asks_everybody_again() {
    let (school, mut kiosk) = ready().await;
    let tom = called(&school, "Tom");
    kiosk.sign(&school, tom, &ks1("3.0")).await;
    let newer = agreement(Audience::Ks1, "4.0", &["I always ask."]);
    school.publish(&draft(vec![newer.clone()]));
    let register = register(&school, &newer);
    assert_eq!(register.signed(), 0);
    let line = register.sections[0].lines.iter().find(|l| l.person.id == tom).unwrap();
    assert!(matches!(&line.standing, Standing::AskedAgain(s) if s.version.to_string() == "3.0"));
}

#[tokio::test]
async fn a_new_school_year_asks_everybody_again_and_a_mended_first_day_nobody() {
    let (school, mut kiosk) = ready().await;
    kiosk.sign(&school, called(&school, "Tom"), &ks1("3.0")).await;
    let mut mended = year();
    mended.starts = day("2026-09-02");
    assert_eq!(school.hub.store.register(&ks1("3.0"), &mended).unwrap().signed(), 1);
    let next = records::day::SchoolYear { starts: day("2027-08-31"), ends: day("2028-08-30") };
    assert_eq!(school.hub.store.register(&ks1("3.0"), &next).unwrap().signed(), 0);
}

#[tokio::test]
async fn a_leaver_is_in_no_count_but_not_forgotten() {
    let (school, mut kiosk) = ready().await;
    kiosk.sign(&school, called(&school, "Tom"), &ks1("3.0")).await;
    let without: String = PUPILS.lines().filter(|l| !l.contains("Tom")).map(|l| format!("{l}\n")).collect();
    assert_eq!(school.import(&without).left, 1);
    let left = register(&school, &ks1("3.0"));
    assert_eq!((left.signed(), left.asked(), left.left.len()), (0, 2, 1));
    let summary = school.import(PUPILS);
    assert_eq!((summary.joined, summary.same), (1, 4));
    assert_eq!(register(&school, &ks1("3.0")).signed(), 1, "whoever comes back is the same person");
}

#[tokio::test]
async fn staff_and_governors_have_registers_and_nobody_asked_is_not_complete() {
    let (school, mut kiosk) = ready().await;
    let staff = agreement(Audience::Staff, "1.0", &["I use school systems for school work."]);
    let governor = agreement(Audience::Governor, "1.0", &["I keep papers safe."]);
    school.publish(&draft(vec![ks1("3.0"), staff.clone(), governor.clone()]));
    let none = register(&school, &staff);
    assert!(none.asked() == 0 && !none.is_complete());
    school.import("Forename,Surname,Staff Code,Role\nPriya,Nair,PNA,DSL\nRuth,Adeyemi,RAD,Headteacher\n");
    school.import_as("Name,Category of Governor\n\"Ferris, Martin\",Co-opted\n", Some(Kind::Governors));
    kiosk.sign(&school, called(&school, "Priya"), &staff).await;
    kiosk.sign(&school, called(&school, "Martin"), &governor).await;
    assert_eq!((register(&school, &staff).signed(), register(&school, &staff).asked()), (1, 2));
    assert!(register(&school, &governor).is_complete());
}

#[tokio::test]
async fn a_parents_signature_never_counts_as_the_childs() {
    let (school, mut kiosk) = ready().await;
    let mut as_parent = ks1("3.0");
    as_parent.audience = Audience::Parent;
    kiosk.sign(&school, called(&school, "Tom"), &as_parent).await;
    assert_eq!(register(&school, &ks1("3.0")).signed(), 0);
}

#[tokio::test]
async fn a_parents_signature_is_in_the_parents_register_and_is_never_the_childs() {
    let school = asking_school().await;
    let promise = agreement(Audience::Parent, "2.0", &["I talk with my child about screens."]);
    let mut pack = asking(images("1.0", "Anybody can see it."));
    pack.content.agreements.push(promise.clone());
    pack.made.0 += 1;
    school.publish(&pack);
    let mut kiosk = Kiosk::paired(&school).await;
    let mother = grown_up(&school, "Mrs Sana Khan");
    kiosk.sign(&school, mother, &promise).await;
    let register = school.hub.store.register(&promise, &year()).unwrap();
    let lines: Vec<_> = register.sections[0]
        .lines
        .iter()
        .map(|l| (l.person.name(), l.person.role.clone().unwrap(), l.standing.is_signed()))
        .collect();
    let line = |name: &str, of: &str, signed| (name.to_owned(), of.to_owned(), signed);
    assert_eq!(
        lines,
        [
            line("Mr Joe Lowe", "Tom", false),
            line("Mr Omar Khan", "Maya", false),
            line("Mr Paul Marsh", "Ivy", false),
            line("Mrs Sana Khan", "Maya, Tom", true),
        ]
    );
    assert_eq!(school.hub.store.register(&ks1("3.0"), &year()).unwrap().signed(), 0);
}
