//! The register of an agreement as the office looks through it: who is missing, who signed last, and when everybody signs
//! again.

use records::agreement::{Audience, SignAgain};

use crate::{
    browser::{Browser, Page},
    kiosk::Kiosk,
    school::{PUPILS, School, agreement, draft, ks1},
};

fn people(page: &Page) -> &str {
    page.text.split("<table class=\"people\">").nth(1).unwrap_or_else(|| panic!("no list: {}", page.text))
}

/// Maya Khan has signed, then Tom Lowe; Maya Osei has yet to.
async fn two_signed() -> (School, Kiosk, String) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let all = school.hub.store.people().unwrap();
    for surname in ["Khan", "Lowe"] {
        let id = all.iter().find(|person| person.surname == surname).unwrap().id;
        kiosk.sign(&school, id, &ks1("3.0")).await;
        school.pass(60);
    }
    let class = school.hub.store.classes().unwrap().into_iter().find(|class| class.name == "Acorn").unwrap();
    (school, kiosk, format!("/register/ks1/{}", class.id))
}

#[tokio::test]
async fn a_class_is_looked_through_for_who_is_missing_and_taken_as_it_is_shown() {
    let (school, _kiosk, at) = two_signed().await;
    let mut office = Browser::signed_in(&school).await;
    let missing = office.get(&school, &format!("{at}?show=to-sign")).await;
    assert!(
        people(&missing).contains("Maya Osei") && !people(&missing).contains("Tom Lowe"),
        "{}",
        missing.text
    );
    assert!(missing.text.contains(r#"id="signed">2<"#), "the figures stay those of the class");
    assert_eq!(
        missing.text.matches("name=\"on\"").count(),
        2,
        "and so do those for the wall: {}",
        missing.text
    );
    let last = office.get(&school, &format!("{at}?sort=when")).await;
    let place = |name: &str| people(&last).find(name).unwrap();
    assert!(place("Tom Lowe") < place("Maya Khan") && place("Maya Khan") < place("Maya Osei"));
    let nobody = office.get(&school, &format!("{at}?name=zebra")).await.text;
    assert!(nobody.contains("Nobody here is like that") && nobody.contains("Show everybody"), "{nobody}");
    let class = at.rsplit('/').next().unwrap();
    let file =
        office.get(&school, &format!("/register/ks1/register.csv?class={class}&show=to-sign&")).await.text;
    assert!(file.contains("\"Osei\"") && !file.contains("\"Lowe\""), "{file}");
    let whole = office.get(&school, "/register/ks1/register.csv").await.text;
    assert!(whole.contains("\"Osei\"") && whole.contains("\"Lowe\""), "{whole}");
}

#[tokio::test]
async fn the_register_says_when_everybody_signs_again_and_why_somebody_is_asked_already() {
    let (school, _kiosk, at) = two_signed().await;
    let mut office = Browser::signed_in(&school).await;
    for path in ["/", "/register/ks1", &at] {
        let page = office.get(&school, path).await.text;
        assert!(page.contains("Everybody signs again from 1 September 2027"), "{path}: {page}");
    }
    let file = office.get(&school, "/register/ks1/register.csv").await.text;
    let line = |name: &str| file.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(line("Lowe").ends_with("\"2027-09-01\""), "{file}");
    assert!(!line("Osei").contains("2027-09-01"), "who has not signed is asked now: {file}");
    let page = office.get(&school, "/register/ks1").await.text;
    assert!(page.contains("This version asks everybody to sign"), "{page}");
    // Other words: those who signed the earlier ones are asked already.
    school.publish(&draft(vec![agreement(Audience::Ks1, "4.0", &["I always ask."])]));
    let asked = office.get(&school, &at).await;
    let lowe = people(&asked).split("<tr").find(|row| row.contains("Tom Lowe")).unwrap();
    assert!(lowe.contains("Asked again") && lowe.contains("the words or the school year are new"), "{lowe}");
    let mut small = agreement(Audience::Ks1, "4.1", &["I always ask first."]);
    small.sign_again = SignAgain::Nobody;
    school.publish(&draft(vec![small]));
    let page = office.get(&school, "/register/ks1").await.text;
    assert!(page.contains("need not sign again"), "{page}");
}
