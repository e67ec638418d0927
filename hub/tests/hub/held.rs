//! All that is held on one person, with others' names out; and a pupil's file for the next school.

use hub::{
    held::Maker,
    store::{accounts::Duty, consents::LiftedNo, held::Held},
    transfer,
};
use hyper::StatusCode;
use records::{
    consent::Answer,
    envelope::NamedRecord,
    ids::PersonId,
    paper::{Paper, Says},
    report::Role,
    standing::Lifted,
    transfer::TransferFile,
};

use crate::{
    browser::Browser,
    consents::{asking_school, decision, deliver, grown_up, images, pupil},
    kiosk::Kiosk,
    school::{School, ks1},
};

pub(crate) fn made(school: &School, id: PersonId) -> (Held, Paper) {
    let held = school.hub.store.held(id).unwrap().unwrap();
    let paper = maker(school).paper(&held);
    (held, paper)
}

pub(crate) fn maker(school: &School) -> Maker<'_> {
    Maker {
        school: &school.hub.identity().school_name,
        zone: jiff::tz::TimeZone::get("Europe/London").unwrap(),
        now: school.hub.now(),
        colours: None,
    }
}

/// All words of the pages, a line each.
pub(crate) fn words(paper: &Paper) -> String {
    let mut all = vec![paper.title.clone(), paper.summary.clone(), paper.label.clone()];
    for part in &paper.parts {
        all.push(part.title.clone());
        for says in &part.says {
            match says {
                Says::Words(words) => all.push(words.clone()),
                Says::Facts(facts) => all.extend(facts.iter().map(|f| format!("{}: {}", f.label, f.value))),
                Says::Entry { title, facts, .. } => {
                    all.push(title.clone());
                    all.extend(facts.iter().map(|f| format!("{}: {}", f.label, f.value)));
                }
                Says::Groups(groups) => all.push(groups.join(" ")),
                Says::NewSheet => {}
                Says::Signing { title, says, lines } => {
                    all.extend([title.clone(), says.clone()].into_iter().chain(lines.clone()));
                }
            }
        }
    }
    all.join("\n")
}

/// Tom has signed, his stepfather has said no, the office has lifted it with a reason that names somebody.
async fn toms_school() -> (School, Kiosk, PersonId) {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let tom = pupil(&school, "Tom", "Lowe").id;
    let signature = kiosk.sign(&school, tom, &ks1("3.0")).await;
    kiosk.undo(&school, signature.id).await;
    kiosk.sign(&school, tom, &ks1("3.0")).await;
    kiosk.sign(&school, pupil(&school, "Ivy", "Marsh").id, &ks1("3.0")).await;
    let form = images("1.0", "Anybody can see it.");
    let answers = [("website", Answer::No), ("printed", Answer::Yes)];
    let no = decision(&school, (tom, grown_up(&school, "Mr Joe Lowe")), &form, &answers, vec![]);
    let yes = [("website", Answer::Yes), ("printed", Answer::Yes)];
    let hers = decision(&school, (tom, grown_up(&school, "Mrs Sana Khan")), &form, &yes, vec![]);
    let mayas = (pupil(&school, "Maya", "Khan").id, grown_up(&school, "Mrs Sana Khan"));
    let other = decision(&school, mayas, &form, &yes, vec![]);
    deliver(&school, &mut kiosk, &[no.clone(), hers, other]).await;
    school
        .hub
        .store
        .lift_noes(&[LiftedNo {
            lifted: Lifted { decision: no.id, purpose: "website".parse().unwrap() },
            reason: "Omar Khan told us".into(),
            account: 1,
            at: school.hub.now(),
        }])
        .unwrap();
    school.hub.store.hold(tom, "Ivy Marsh has complained", 1, school.hub.now()).unwrap();
    (school, kiosk, tom)
}

#[tokio::test]
async fn a_pupil_gets_all_that_is_held_on_them_and_no_name_of_anybody_else() {
    let (school, _kiosk, tom) = toms_school().await;
    let (_, paper) = made(&school, tom);
    let text = words(&paper);
    for part in [
        "Tom Lowe",
        "Unique pupil number: A823200012003",
        "Class: Acorn",
        "Year group: Year 2",
        "Decides for you: Mother",
        "Decides for you: Father",
        "Our promise (ks1)",
        "Signed on: 14 September 2026",
        "Withdrawn on: 14 September 2026 (wrong child)",
        "At: Oak classroom",
        "Pictures of your child",
        "By: Father",
        "Use: website: no",
        "Use: website: yes",
        "A no that the office lifted: Use: website, on 14 September 2026",
        "Nothing of this is removed: since 14 September 2026",
        "14 September 2026: kept on hold",
        "14 September 2026: no lifted",
        "sealed for those who read it",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let marks = paper.parts.iter().flat_map(|part| &part.says);
    let marks = marks.filter(|says| matches!(says, Says::Entry { mark: Some(_), .. })).count();
    assert_eq!(marks, 2, "with both marks that he drew");
    for name in ["Sana", "Joe", "Omar", "Zara", "Khan", "Ivy", "Marsh", "Maya", "Noah", "complained"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
}

#[tokio::test]
async fn a_parent_gets_what_they_answered_and_neither_the_childs_name_nor_the_other_parents() {
    let (school, _kiosk, _) = toms_school().await;
    let (_, paper) = made(&school, grown_up(&school, "Mrs Sana Khan"));
    let text = words(&paper);
    for part in [
        "Mrs Sana Khan",
        "Address: 7 Lark Lane",
        "Language at home: Urdu",
        "By: You",
        "For a pupil, as: Mother",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches("By: You").count(), 2, "for both children");
    assert!(
        !text.contains("By: Father") && !text.contains("Use: website: no"),
        "the other parent’s is not hers"
    );
    for name in ["Joe", "Omar", "Tom", "Maya", "Lowe"] {
        assert!(!text.contains(name), "{name}: {text}");
    }
}

#[tokio::test]
async fn the_file_for_the_next_school_names_the_pupil_alone_and_its_receipt_is_noted() {
    let (school, _kiosk, tom) = toms_school().await;
    let mut office = Browser::signed_in(&school).await;
    let address = format!("/people/{tom}");
    let token = office.get(&school, &address).await.form_token();
    let to = format!("{address}/transfer");
    let page = office.post(&school, &to, &[("what", "json"), ("form_token", &token)]).await;
    let named = page.headers["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.contains("transfer-1-PRIVATE.json"), "{named}");
    let file = TransferFile::read(page.text.as_bytes()).unwrap();
    assert_eq!((file.number, file.pupil.forename.as_str(), file.pupil.year_group), (1, "Tom", Some(2)));
    assert_eq!((file.signatures.len(), file.decisions.len()), (2, 2));
    assert!(file.signatures[0].withdrawn.is_some() || file.signatures[1].withdrawn.is_some());
    let by: Vec<_> = file.decisions.iter().map(|d| (d.by.as_str(), d.answers[0].answer.as_str())).collect();
    assert!(by.contains(&("Father", "no")) && by.contains(&("Mother", "yes")), "{by:?}");
    let receipt = words(&transfer::paper(&maker(&school), &file));
    assert!(receipt.contains("Receipt for file 1") && receipt.contains("Signature"), "{receipt}");
    assert!(receipt.contains("They allow the next school nothing"));
    for name in ["Sana", "Joe", "Omar", "Khan", "Marsh", "complained"] {
        assert!(!page.text.contains(name) && !receipt.contains(name), "{name}");
    }

    let page = office.get(&school, &address).await.text;
    assert!(page.contains("File 1") && page.contains("has not come back"), "{page}");
    let again = [("what", "json"), ("number", "1"), ("form_token", token.as_str())];
    let again = office.post(&school, &to, &again).await;
    assert_eq!(
        TransferFile::read(again.text.as_bytes()).unwrap().number,
        1,
        "the same file has the same number"
    );
    let receipt = |number: &'static str, sure: &'static str| {
        [("what", "receipt"), ("number", number), ("sure", sure), ("form_token", token.as_str())]
    };
    let page = office.post(&school, &to, &receipt("1", "")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("Tick that the signed receipt is there"), "{}", page.text);
    assert!(page.text.contains("has not come back"), "{}", page.text);
    assert_eq!(office.post(&school, &to, &receipt("7", "yes")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.post(&school, &to, &receipt("1", "yes")).await.leads_to(), address);
    assert!(office.get(&school, &address).await.text.contains("receipt came back 14 September 2026"));
    let (_, paper) = made(&school, tom);
    assert!(words(&paper).contains("A file for the next school: number 1"), "what went out is held too");
    // Nobody but a pupil has one.
    let sana = grown_up(&school, "Mrs Sana Khan");
    let none = office
        .post(&school, &format!("/people/{sana}/transfer"), &[("what", "json"), ("form_token", &token)])
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_held_is_for_the_office_and_the_headteacher_and_says_that_reports_are_not_in_it() {
    let (school, mut kiosk, tom) = toms_school().await;
    let mut head = Browser::with_duty(&school, "p.nair", Duty::Holder(Role::Headteacher)).await;
    let page = head.get(&school, "/held?name=lowe").await.text;
    assert!(page.contains(&format!("/held/{tom}")) && page.contains("Reports are not in it"), "{page}");
    assert!(
        page.contains("What we hold</a>") && !page.contains("/people"),
        "a way to it, and none to the office"
    );
    assert!(
        page.contains("Mr Joe Lowe") && !page.contains("Ivy"),
        "parents too, and who was looked for alone"
    );
    let mut lead = Browser::with_duty(&school, "r.adeyemi", Duty::Holder(Role::Safeguarding)).await;
    assert_eq!(lead.get(&school, "/held?name=lowe").await.status, StatusCode::NOT_FOUND);
    // Without the program that prints, it is told, and nothing is noted as handed out.
    let token = head.get(&school, "/held").await.form_token();
    let entries = school.hub.store.check_audit().unwrap();
    let page = head.post(&school, &format!("/held/{tom}"), &[("form_token", &token)]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("The pages were not made"), "{}", page.text);
    assert_eq!(school.hub.store.check_audit().unwrap(), entries);
    let nobody = head.post(&school, &format!("/held/{}", "0".repeat(32)), &[("form_token", &token)]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let refused = head.post(&school, &format!("/held/{tom}"), &[("form_token", "0000")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    // A record that came after is in the next one.
    let late = kiosk.signature(tom, &ks1("3.0"), school.hub.now());
    let late = kiosk.batch(vec![kiosk.seal(&NamedRecord::Signature(late))]);
    kiosk.send(&school, late).await.unwrap();
    assert_eq!(made(&school, tom).0.signatures.len(), 3);
}
