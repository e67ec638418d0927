//! Accounts of those who have left: ended, opened again, given another duty, and by whom.

use hub::{
    password,
    store::{
        accounts::{AccountError, Duty, NewTokens},
        audit::Actor,
    },
};
use hyper::StatusCode;
use records::report::{Role, Route};

use crate::{
    browser::{Browser, PASSWORD, Page},
    program::{Program, value},
    safeguarding::{Told, WORDS, give, make_key, report},
    school::School,
};

const LEAD: Duty = Duty::Holder(Role::Safeguarding);
const HEAD: Duty = Duty::Holder(Role::Headteacher);

fn number(school: &School, name: &str) -> i64 {
    school.hub.store.account(name).unwrap().unwrap().id
}

/// Ends an account from its page.
async fn end(browser: &mut Browser, school: &School, id: i64, sure: &str) -> Page {
    let token = browser.get(school, "/second-step").await.form_token();
    let fields = [("sure", sure), ("form_token", token.as_str())];
    browser.post(school, &format!("/accounts/{id}"), &fields).await
}

#[tokio::test]
async fn with_an_ended_account_neither_its_open_session_nor_its_password_nor_its_phone_opens_anything() {
    let school = School::open().await;
    let mut technician = Browser::with_duty(&school, "it.firm", Duty::Technician).await;
    let mut secretary = Browser::with_duty(&school, "e.roe", Duty::Office).await;
    secretary.set_up_phone(&school).await;
    // Somebody with their password is at the code, and would sign in with the next press.
    let mut half_in = Browser::default();
    assert_eq!(half_in.try_sign_in(&school, "e.roe", PASSWORD).await.leads_to(), "/sign-in/code");
    let account = school.hub.store.account("e.roe").unwrap().unwrap();

    let page = technician.get(&school, "/accounts").await.text;
    for part in ["e.roe", "Office", "14 September 2026", "it.firm", ">You<", "End it"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = technician.get(&school, &format!("/accounts/{}", account.id)).await.text;
    assert!(page.contains("End the account e.roe") && page.contains("signed out everywhere"), "{page}");
    let page = end(&mut technician, &school, account.id, "").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("Nothing was changed. Tick"), "{}", page.text);
    assert_eq!(secretary.get(&school, "/people").await.status, StatusCode::OK);

    let before = school.hub.store.check_audit().unwrap();
    assert_eq!(end(&mut technician, &school, account.id, "yes").await.leads_to(), "/accounts");
    assert_eq!(school.hub.store.check_audit().unwrap(), before + 1, "who ended it is on record");
    let ended = technician.get(&school, "/accounts?show=ended").await.text;
    let list = ended.split("<h1>").nth(1).unwrap();
    assert!(list.contains("e.roe") && !list.contains("it.firm"), "{list}");
    let file = technician.get(&school, "/accounts/accounts.csv?name=roe").await.text;
    assert!(file.contains("\"e.roe\",\"Office\"") && !file.contains("it.firm"), "{file}");
    let none = technician.get(&school, "/accounts?name=zebra").await.text;
    assert!(none.contains("No account is like that"), "{none}");
    for path in ["/", "/people", "/password", "/second-step"] {
        assert_eq!(secretary.get(&school, path).await.leads_to(), "/sign-in", "{path}");
    }
    assert_eq!(secretary.get(&school, "/calls").await.status, StatusCode::FORBIDDEN, "it hears no calls");
    let code = secretary.phone.as_mut().unwrap().code(&school);
    assert_eq!(half_in.type_code(&school, &code).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(half_in.get(&school, "/").await.leads_to(), "/sign-in");
    let again = Browser::default().try_sign_in(&school, "e.roe", PASSWORD).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    let (store, now) = (&school.hub.store, school.hub.now());
    let tokens = NewTokens { session: b"a token", listening: b"another" };
    assert!(!store.begin_session(&account, tokens, now).unwrap(), "nor where the password was right before");
    assert!(store.session(b"a token", now).unwrap().is_none());

    // The name stays, and is nobody else's.
    let page = technician.get(&school, "/accounts").await.text;
    assert!(page.split("<h2>Ended</h2>").nth(1).unwrap().contains("e.roe"), "{page}");
    let in_the_log = store.log_names().unwrap().in_words(&format!("account {}", account.id));
    assert_eq!(in_the_log, "e.roe", "what was done is not left to a number");
    let (hash, actor) = (password::hash("a new one"), Actor::CommandLine);
    let taken = store.add_account("E.Roe", &hash, Duty::Staff, actor, now);
    assert!(matches!(taken, Err(AccountError::TakenByEnded(_))), "{taken:?}");
    assert!(matches!(store.set_password("e.roe", &hash, true, actor, now), Err(AccountError::Ended(_))));
    assert_eq!(end(&mut technician, &school, account.id, "yes").await.status, StatusCode::NOT_FOUND);

    // It was a mistake: back with a new password for one sign-in, and with no phone.
    store.reopen_account("e.roe", &hash, actor, now).unwrap();
    assert!(matches!(store.reopen_account("e.roe", &hash, actor, now), Err(AccountError::NotEnded(_))));
    assert_eq!(secretary.get(&school, "/").await.leads_to(), "/sign-in", "what was open stays shut");
    school.pass(120);
    let mut back = Browser::default();
    assert_eq!(back.try_sign_in(&school, "e.roe", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(back.try_sign_in(&school, "e.roe", "a new one").await.leads_to(), "/");
    assert_eq!(back.get(&school, "/people").await.leads_to(), "/password");
    store.check_audit().unwrap();
}

#[tokio::test]
async fn the_technician_ends_no_reader_of_reports_the_head_does_and_nobody_ends_their_own() {
    let school = School::open().await;
    let mut technician = Browser::with_duty(&school, "it.firm", Duty::Technician).await;
    let mut head = Browser::with_duty(&school, "head", HEAD).await;
    Browser::with_duty(&school, "p.nair", LEAD).await;
    let (lead, firm, own) = (number(&school, "p.nair"), number(&school, "it.firm"), number(&school, "head"));
    for (browser, id) in [(&mut technician, lead), (&mut head, own)] {
        let page = browser.get(&school, "/accounts").await.text;
        assert!(!page.contains(&format!("/accounts/{id}\"")), "no way that leads nowhere: {page}");
        assert_eq!(end(browser, &school, id, "yes").await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(end(&mut technician, &school, firm, "yes").await.status, StatusCode::NOT_FOUND);
    assert_eq!(end(&mut head, &school, lead, "yes").await.leads_to(), "/accounts");
    assert_eq!(end(&mut head, &school, firm, "yes").await.leads_to(), "/accounts");
    assert_eq!(technician.get(&school, "/kiosks").await.leads_to(), "/sign-in");
    // Whose key nobody else has, and the only account of the office, stay.
    let page = end(&mut head, &school, number(&school, "office"), "yes").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("the only account of the office"), "{}", page.text);
}

#[tokio::test]
async fn a_holder_who_is_ended_has_no_key_any_more_and_the_last_one_stays_until_somebody_else_has_it() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(Some("Maya")))]).await;
    let found = told.listed(Role::Safeguarding).await;
    let lead = number(&told.school, "safeguarding");
    // Of the holders the second is the headteacher.
    let page = told.holders[1].get(&told.school, &format!("/accounts/{lead}")).await.text;
    assert!(page.contains("Their copy of the key goes too"), "{page}");
    let page = end(&mut told.holders[1], &told.school, lead, "yes").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("nobody else holds the key of this role"), "{}", page.text);
    let (actor, now) = (Actor::CommandLine, told.school.hub.now());
    let other = told.school.hub.store.change_duty("safeguarding", Duty::Staff, actor, now);
    assert!(matches!(other, Err(AccountError::LastHolder(_, Role::Safeguarding))), "{other:?}");
    assert_eq!(told.page(Role::Safeguarding, &found[0]).await.status, StatusCode::OK, "nothing was changed");

    let mut deputy = Browser::with_duty(&told.school, "deputy", LEAD).await;
    give(&mut told.holders[0], &told.school, "/safeguarding/holders", "deputy").await;
    make_key(&mut deputy, &told.school, WORDS, WORDS).await;
    told.school.pass(60);
    assert_eq!(end(&mut told.holders[1], &told.school, lead, "yes").await.leads_to(), "/accounts");
    assert_eq!(told.page(Role::Safeguarding, &found[0]).await.leads_to(), "/sign-in");
    assert!(told.school.hub.open_role_key(Role::Safeguarding, lead, WORDS).is_err(), "the copy is gone");
    let page = deputy.get(&told.school, "/safeguarding").await.text;
    assert!(page.contains("has left since it was made, and may still know it"), "{page}");
    assert_eq!(deputy.get(&told.school, &found[0]).await.status, StatusCode::OK);

    // Somebody with another duty has the key of the one before no more, and what they had open is shut.
    give(&mut deputy, &told.school, "/safeguarding/holders", "second").await;
    let mut second = Browser::with_duty(&told.school, "second", LEAD).await;
    give(&mut deputy, &told.school, "/safeguarding/holders", "second").await;
    make_key(&mut second, &told.school, WORDS, WORDS).await;
    let now = told.school.hub.now();
    let keys = told.school.hub.store.change_duty("second", Duty::Governor, actor, now).unwrap();
    assert_eq!(keys, [Role::Safeguarding]);
    assert_eq!(second.get(&told.school, "/safeguarding").await.leads_to(), "/sign-in");
    assert_eq!(second.try_sign_in(&told.school, "second", PASSWORD).await.leads_to(), "/");
    assert_eq!(second.get(&told.school, "/safeguarding").await.status, StatusCode::NOT_FOUND);
    assert_eq!(second.get(&told.school, "/figures").await.status, StatusCode::OK);
    told.school.hub.store.check_audit().unwrap();
}

#[test]
fn the_technician_lists_accounts_gives_them_another_role_ends_them_and_takes_that_back() {
    let (program, _) = Program::made();
    program.good(&["account", "add", "e.roe"]);
    let list = program.good(&["account", "list"]);
    let line = list.lines().find(|line| line.starts_with("e.roe  office")).unwrap();
    assert!(line.contains("last signed in never") && !line.contains("ended"), "{line}");
    let said = program.good(&["account", "role", "e.roe", "technician"]);
    assert_eq!(value(&said, "role of e.roe"), "technician");
    assert!(program.refused(&["account", "duty", "e.roe", "technician"]).contains("is for this already"));
    assert_eq!(value(&program.good(&["account", "end", "e.roe"]), "ended"), "e.roe");
    let list = program.good(&["account", "list"]);
    assert!(list.lines().last().unwrap().contains(", ended "), "{list}");
    for (arguments, words) in [
        (&["account", "end", "e.roe"][..], "has ended. To open it again"),
        (&["account", "password", "e.roe"], "has ended. To open it again"),
        (&["account", "add", "e.roe"], "its name stays with what it did"),
        (&["account", "end", "nobody"], "no account named"),
        (&["account", "end", "office"], "the only account of the office"),
        (&["account", "role", "office", "staff"], "the only account of the office"),
        (&["account", "reopen", "office"], "has not ended"),
    ] {
        let told = program.refused(arguments);
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let again = program.good(&["account", "reopen", "e.roe"]);
    assert!(value(&again, "sign-in password").len() > 10);
    assert!(!program.good(&["account", "list"]).contains("ended"));
}
