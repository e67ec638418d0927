//! The child's own no: told by a parent at a touchscreen or on paper, or by the child to the office.

use hub::store::{audit::Actor, consents::LiftedNo};
use hyper::StatusCode;
use records::{
    consent::{Answer, ConsentDecision, ConsentExport, Said, Standing},
    form::{Choice, Form, Question, QuestionType},
    ids::PersonId,
    standing::Lifted,
};

use crate::{
    browser::Browser,
    consents::{
        asking, asking_school, code_of, codes, decision, deliver, grown_up, images, opened, pupil, standing,
    },
    kiosk::Kiosk,
    school::School,
};

const BOTH: [(&str, Answer); 2] = [("website", Answer::Yes), ("printed", Answer::Yes)];

/// The form about pictures, which asks what the child says.
fn asks_the_child(refused_by: Option<&str>) -> Form {
    let choice =
        |id: &str, words: &str| Choice { id: id.parse().unwrap(), words: words.to_owned(), symbol: None };
    let mut form = images("1.0", "Anybody can see it.");
    form.questions = vec![Question {
        id: "child-asked".parse().unwrap(),
        words: "What does your child say?".into(),
        help: None,
        answer: QuestionType::Choice,
        choices: vec![choice("happy", "Happy"), choice("rather-not", "Would rather not")],
        required: false,
        refused_by: refused_by.map(|answer| answer.parse().unwrap()),
    }];
    form
}

fn said(decision: ConsentDecision, choice: &str) -> ConsentDecision {
    let said = Said { question: "child-asked".parse().unwrap(), choice: choice.parse().unwrap() };
    ConsentDecision { said: vec![said], ..decision }
}

async fn school_that_asks(refused_by: Option<&str>) -> (School, Form) {
    let school = asking_school().await;
    let form = asks_the_child(refused_by);
    let mut pack = asking(form.clone());
    pack.made.0 += 1;
    school.publish(&pack);
    (school, form)
}

fn maya(school: &School) -> PersonId {
    pupil(school, "Maya", "Khan").id
}

#[tokio::test]
async fn what_the_child_said_stands_against_every_yes_and_the_desk_says_that_it_was_the_child() {
    let (school, form) = school_that_asks(Some("rather-not")).await;
    let codes = codes(&school);
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let maya = maya(&school);
    let (mother, father) = (grown_up(&school, "Mrs Sana Khan"), grown_up(&school, "Mr Omar Khan"));
    let first = said(decision(&school, (maya, mother), &form, &BOTH, vec![]), "rather-not");
    let his = said(decision(&school, (maya, father), &form, &BOTH, vec![]), "happy");
    deliver(&school, &mut kiosk, &[first.clone(), his]).await;
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    assert_eq!(standing(&school, maya, "printed"), Standing::No);
    let pack = school.hub.pack().unwrap().unwrap();
    let (_, bytes) = school.hub.export_consent(&pack.content, Actor::CommandLine).unwrap();
    let export = ConsentExport::open(&bytes, &school.hub.identity().key).unwrap();
    assert_eq!(export.standing(maya, &"website".parse().unwrap()), Standing::No);

    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, &format!("/consent/pupil/{maya}")).await.text;
    assert!(page.contains("the child said no, as Mrs Sana Khan"), "{page}");
    let page = office.get(&school, "/consent/may-i?use=website").await.text;
    assert!(page.contains("the child said no") && page.contains("You may: 0"), "{page}");
    // Both parents' touchscreens know it, and the child's no is no other parent's.
    school.hub.refresh_roster().unwrap();
    for name in ["Mrs Sana Khan", "Mr Omar Khan"] {
        let family = opened(&school, &code_of(&codes, name)).unwrap();
        let child = family.children.iter().find(|child| child.person == maya).unwrap();
        assert_eq!(child.others_no.len(), 2, "{name}");
        assert!(child.others_no.iter().all(|no| no.beside == maya), "{name}");
    }

    // She answers again and leaves the question out: it is still the child's no.
    let left_out = decision(&school, (maya, mother), &form, &BOTH, vec![first.id]);
    deliver(&school, &mut kiosk, std::slice::from_ref(&left_out)).await;
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    let happy = said(decision(&school, (maya, mother), &form, &BOTH, vec![left_out.id]), "happy");
    deliver(&school, &mut kiosk, &[happy]).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
}

#[tokio::test]
async fn a_childs_no_that_was_told_before_the_form_said_what_a_no_is_counts_too() {
    let (school, before) = school_that_asks(None).await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let (maya, mother) = (maya(&school), grown_up(&school, "Mrs Sana Khan"));
    let told = said(decision(&school, (maya, mother), &before, &BOTH, vec![]), "rather-not");
    deliver(&school, &mut kiosk, std::slice::from_ref(&told)).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
    let form = asks_the_child(Some("rather-not"));
    assert_eq!(form.digest(), before.digest(), "the words are the same");
    let mut pack = asking(form.clone());
    pack.made.0 += 2;
    school.publish(&pack);
    assert_eq!(standing(&school, maya, "website"), Standing::No);

    // The office lifts it where it has to, with a reason, as it lifts any no.
    let mut office = Browser::signed_in(&school).await;
    let address = format!("/consent/pupil/{maya}");
    let token = office.get(&school, &address).await.form_token();
    let id = told.id.to_string();
    let lift = [
        ("decisions", id.as_str()),
        ("purpose", "child-asked"),
        ("reason", "The child now says yes, to her teacher"),
        ("sure", "yes"),
        ("form_token", &token),
    ];
    assert_eq!(office.post(&school, &format!("{address}/lift"), &lift).await.leads_to(), address);
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
    let page = office.get(&school, &address).await.text;
    assert!(page.contains("Lifted a no: the child’s own, to all uses"), "{page}");
    let lifted = Lifted { decision: told.id, purpose: "child-asked".parse().unwrap() };
    let again = LiftedNo { lifted, reason: "Twice".into(), account: 1, at: school.hub.now() };
    school.hub.store.lift_noes(&[again]).unwrap();
}

#[tokio::test]
async fn a_child_says_no_to_the_office_alone_and_on_a_parents_paper() {
    let (school, form) = school_that_asks(Some("rather-not")).await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let (maya, mother) = (maya(&school), grown_up(&school, "Mrs Sana Khan"));
    deliver(&school, &mut kiosk, &[decision(&school, (maya, mother), &form, &BOTH, vec![])]).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
    school.pass(86_400);
    let mut office = Browser::signed_in(&school).await;
    let address = format!("/consent/pupil/{maya}");
    let page = office.get(&school, &address).await;
    assert!(page.text.contains("Maya Khan, the child: their own no"), "{}", page.text);
    // The version without the question is known here too.
    let (token, words) = (page.form_token(), form.digest().to_string());
    let paper = format!("{address}/paper/images");
    let (child, mother) = (maya.to_string(), mother.to_string());
    let mut enter = async |by: &str, more: &[(&str, &str)]| {
        school.pass(1);
        let fields =
            [("form_token", token.as_str()), ("by", by), ("day", "2026-09-15"), ("words", words.as_str())];
        let page = office.post(&school, &paper, &[&fields[..], more].concat()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        office.get(&school, &address).await.text
    };
    let page = enter(&child, &[("use-website", "no")]).await;
    assert!(page.contains("<strong>No</strong>, the child"), "{page}");
    assert_eq!(standing(&school, maya, "website"), Standing::No);
    assert_eq!(standing(&school, maya, "printed"), Standing::Yes);
    // A child's yes takes back the child's no, and is nobody else's yes.
    enter(&child, &[("use-website", "yes")]).await;
    assert_eq!(standing(&school, maya, "website"), Standing::Yes);
    enter(&mother, &[("said-child-asked", "rather-not")]).await;
    assert_eq!(
        standing(&school, maya, "printed"),
        Standing::No,
        "the parent's paper tells what the child says"
    );

    let tom = pupil(&school, "Tom", "Lowe").id.to_string();
    let alone = [
        ("form_token", token.as_str()),
        ("by", &tom),
        ("day", "2026-09-15"),
        ("words", &words),
        ("use-website", "yes"),
    ];
    office.post(&school, &format!("/consent/pupil/{tom}/paper/images"), &alone).await;
    assert_eq!(
        standing(&school, tom.parse().unwrap(), "website"),
        Standing::NotAsked,
        "a child's yes allows nothing"
    );
}
