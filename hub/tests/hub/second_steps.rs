//! The second step of signing in: a phone's code, codes on paper, and being let in again.

use hub::store::{accounts::Duty, audit::Actor};
use hyper::StatusCode;
use records::report::Role;

use crate::{
    browser::{Browser, PASSWORD, Page},
    program::{Program, value},
    school::School,
};

const DSL: Duty = Duty::Holder(Role::Safeguarding);

/// An account with a password of its own, not signed in.
fn account(school: &School, name: &str, duty: Duty) {
    let (store, hash, now) = (&school.hub.store, hub::password::hash(PASSWORD), school.hub.now());
    store.add_account(name, &hash, duty, Actor::CommandLine, now).unwrap();
    store.set_password(name, &hash, false, Actor::CommandLine, now).unwrap();
}

/// The codes on paper that a page shows.
fn paper(page: &Page) -> Vec<String> {
    let codes = page.text.split("<li><code>").skip(1);
    codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn whoever_reads_reports_sees_nothing_before_a_phone_is_set_up_and_is_asked_for_it_ever_after() {
    let school = School::open().await;
    account(&school, "p.nair", DSL);
    let mut dsl = Browser::default();
    assert_eq!(dsl.try_sign_in(&school, "p.nair", PASSWORD).await.leads_to(), "/");
    // A child's call is heard all the same: it says a room and no more.
    for path in ["/", "/safeguarding", "/sign-in/code"] {
        let page = dsl.get(&school, path).await;
        let way = page.leads_to();
        assert!(way == "/second-step" || way == "/sign-in", "{path}: {} {way}", page.status);
    }
    let codes = paper(&dsl.set_up_phone(&school).await);
    assert_eq!(codes.len(), 8);
    assert_eq!(dsl.get(&school, "/safeguarding").await.status, StatusCode::OK);
    let page = dsl.get(&school, "/second-step").await.text;
    assert!(page.contains("8 codes on paper") && !page.contains("id=\"typed\""), "shown once: {page}");
    assert!(codes.iter().all(|code| !page.contains(code)));

    // The password alone is not half a session either.
    let mut thief = Browser::default();
    assert_eq!(thief.try_sign_in(&school, "p.nair", PASSWORD).await.leads_to(), "/sign-in/code");
    assert_eq!(thief.get(&school, "/calls").await.status, StatusCode::FORBIDDEN);
    for path in ["/", "/safeguarding", "/second-step", "/password"] {
        assert_eq!(thief.get(&school, path).await.leads_to(), "/sign-in", "{path}");
    }
    assert_eq!(thief.type_code(&school, "000000").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(dsl.try_sign_in(&school, "p.nair", PASSWORD).await.leads_to(), "/", "with the phone");
    assert_eq!(dsl.get(&school, "/safeguarding").await.status, StatusCode::OK);
    school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn a_code_is_good_once_also_within_its_half_minute_and_a_phone_may_be_one_step_off() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    office.set_up_phone(&school).await;
    let secret = office.phone.take().unwrap().secret;
    school.pass(600);
    let here = school.hub.now().0.div_euclid(30);
    let sign_in = async |code: String| {
        let mut browser = Browser::default();
        assert_eq!(browser.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/sign-in/code");
        browser.type_code(&school, &code).await.leads_to() == "/"
    };
    assert!(!sign_in(secret.code(here - 2)).await, "a minute late");
    assert!(!sign_in(secret.code(here + 2)).await, "a minute early");
    assert!(sign_in(secret.code(here - 1)).await, "a phone that is behind");
    assert!(
        !sign_in(secret.code(here - 1)).await,
        "the same again, as somebody would who looked over a shoulder"
    );
    assert!(sign_in(secret.code(here)).await);
    assert!(!sign_in(secret.code(here)).await);
    assert!(sign_in(secret.code(here + 1)).await, "a phone that is ahead");
    assert!(!sign_in(secret.code(here)).await, "an earlier one than was used");
}

#[tokio::test]
async fn guessing_codes_gets_slower_and_after_five_the_password_is_asked_for_again() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    office.set_up_phone(&school).await;
    let mut guesser = Browser::default();
    assert_eq!(guesser.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/sign-in/code");
    let (mut refused, mut waited) = (0, 0);
    let mut way = String::new();
    while refused < 5 {
        let page = guesser.type_code(&school, "123456").await;
        match page.status {
            StatusCode::UNAUTHORIZED => refused += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                waited += 1;
                school.pass(60);
            }
            _ => {
                refused += 1;
                way = page.leads_to().to_owned();
            }
        }
    }
    assert_eq!((way.as_str(), waited > 0), ("/sign-in", true));
    assert_eq!(guesser.get(&school, "/sign-in/code").await.leads_to(), "/sign-in");
    // A password that waits too long for its code is asked for again.
    let mut slow = Browser::default();
    assert_eq!(slow.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/sign-in/code");
    school.pass(301);
    assert_eq!(slow.get(&school, "/sign-in/code").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn a_code_on_paper_signs_in_once_and_new_ones_end_the_old() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let codes = paper(&office.set_up_phone(&school).await);
    let sign_in = async |code: &str| {
        school.pass(60);
        let mut browser = Browser::default();
        assert_eq!(browser.try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/sign-in/code");
        browser.type_code(&school, code).await.leads_to() == "/"
    };
    assert!(sign_in(&codes[3].to_uppercase().replace('-', " ")).await, "however it is typed");
    assert!(!sign_in(&codes[3]).await, "each is good once");
    let page = office.get(&school, "/second-step").await;
    assert!(page.text.contains("7 codes on paper"), "{}", page.text);
    let token = page.form_token();
    let wrong = [("password", "not the password"), ("form_token", token.as_str())];
    let page = office.post(&school, "/second-step/codes", &wrong).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "nobody at a desk left open makes some");
    let right = [("password", PASSWORD), ("form_token", token.as_str())];
    let new = paper(&office.post(&school, "/second-step/codes", &right).await);
    assert_eq!(new.len(), 8);
    assert!(!sign_in(&codes[4]).await && sign_in(&new[0]).await);
}

#[tokio::test]
async fn somebody_who_lost_the_phone_is_let_in_again_by_a_colleague_and_that_is_on_the_record() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    office.set_up_phone(&school).await;
    let mut colleague = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    let mut dsl = Browser::with_duty(&school, "p.nair", DSL).await;
    let mut head = Browser::with_duty(&school, "head", Duty::Holder(Role::Headteacher)).await;
    let page = colleague.get(&school, "/second-step").await;
    assert!(!page.text.contains("lost their phone"), "only somebody with a second step: {}", page.text);
    colleague.set_up_phone(&school).await;
    let page = colleague.get(&school, "/second-step").await;
    assert!(page.text.contains("Let office in again") && !page.text.contains("p.nair"), "{}", page.text);
    let id = |name: &str| school.hub.store.account(name).unwrap().unwrap().id;
    let fields = |token: &str| vec![("password", PASSWORD.to_owned()), ("form_token", token.to_owned())];
    let ask = async |browser: &mut Browser, of: &str| {
        let token = browser.get(&school, "/second-step").await.form_token();
        let fields = fields(&token);
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        browser.post(&school, &format!("/second-step/others/{}", id(of)), &fields).await.status
    };
    assert_eq!(ask(&mut colleague, "p.nair").await, StatusCode::NOT_FOUND, "not for the office to do");
    assert_eq!(ask(&mut dsl, "office").await, StatusCode::NOT_FOUND);
    let mut technician = Browser::with_duty(&school, "it.firm", Duty::Technician).await;
    let mut governor = Browser::with_duty(&school, "b.okoro", Duty::Governor).await;
    for browser in [&mut technician, &mut governor] {
        for of in ["p.nair", "office"] {
            assert_eq!(ask(browser, of).await, StatusCode::NOT_FOUND, "who reads no report opens none");
        }
    }
    assert_eq!(ask(&mut dsl, "p.nair").await, StatusCode::NOT_FOUND, "one’s own is taken away elsewhere");
    let before = school.hub.store.check_audit().unwrap();
    assert_eq!(ask(&mut colleague, "office").await, StatusCode::OK);
    assert_eq!(school.hub.store.check_audit().unwrap(), before + 1);
    assert_eq!(office.get(&school, "/").await.leads_to(), "/sign-in", "whoever has the phone now is out");
    assert_eq!(Browser::default().try_sign_in(&school, "office", PASSWORD).await.leads_to(), "/");
    // Among those who read reports too: they set up the next phone before they see anything.
    assert_eq!(ask(&mut head, "p.nair").await, StatusCode::OK);
    let mut again = Browser::default();
    assert_eq!(again.try_sign_in(&school, "p.nair", PASSWORD).await.leads_to(), "/");
    assert_eq!(again.get(&school, "/safeguarding").await.leads_to(), "/second-step");
}

#[tokio::test]
async fn the_office_may_do_without_unless_the_school_says_otherwise() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    assert_eq!(office.get(&school, "/kiosks").await.status, StatusCode::OK);
    school.hub.store.set_office_second_step(true, Actor::CommandLine, school.hub.now()).unwrap();
    assert_eq!(office.get(&school, "/kiosks").await.leads_to(), "/second-step");
    let page = office.get(&school, "/second-step").await.text;
    assert!(
        page.contains("your account needs a second step") && !page.contains("href=\"/kiosks\""),
        "{page}"
    );
    office.set_up_phone(&school).await;
    assert_eq!(office.get(&school, "/kiosks").await.status, StatusCode::OK);
    // Another phone: the old one ends at once.
    let token = office.get(&school, "/second-step").await.form_token();
    let fields = [("password", PASSWORD), ("form_token", token.as_str())];
    let removed = office.post(&school, "/second-step/remove", &fields).await;
    assert_eq!(removed.leads_to(), "/second-step");
    assert_eq!(office.get(&school, "/kiosks").await.leads_to(), "/second-step");
    school.hub.store.set_office_second_step(false, Actor::CommandLine, school.hub.now()).unwrap();
    assert_eq!(office.get(&school, "/kiosks").await.status, StatusCode::OK);
}

#[test]
fn the_technician_lets_somebody_in_again_and_says_who_needs_a_second_step() {
    let (program, _) = Program::made();
    let said = program.good(&["account", "second-step", "--office", "needed"]);
    assert_eq!(value(&said, "second step of the office"), "needed");
    assert!(program.refused(&["account", "lost-phone", "office"]).contains("has no second step"));
    assert!(program.refused(&["account", "lost-phone", "nobody"]).contains("no account named"));
}
