//! Accounts of those who leave: the technician and the headteacher end them at the desk with a keyboard alone, and whoever
//! had one is out at once; on the hub's own computer one is opened again, and given another task.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tests::desk::OWN_PASSWORD;
use tests::hand::Hand;
use tests::school::School;

const WRONG: &str = "Name or password is not right";
const LIST: &str = "Who can sign in here, and for what.";

/// From the list, up to the button on the page that says what it means.
async fn begins_to_end(hand: &Hand, name: &str) {
    hand.presses(&format!("End it: {name}")).await.unwrap();
    hand.sees(&format!("End the account {name}")).await.unwrap();
}

/// Whoever is signed in here presses something, and finds that they are not any more.
async fn is_out(hand: &Hand) {
    hand.presses("Registers").await.unwrap();
    hand.finds("//h1[.='Sign in']").await.unwrap();
}

/// Where something of this address is in the menu.
async fn menu_has(hand: &Hand, address: &str) -> bool {
    let script = format!("return Boolean(document.querySelector(\".top nav a[href='{address}']\"));");
    hand.browser.client().execute(&script, vec![]).await.unwrap() == true
}

#[tokio::test]
async fn an_account_is_ended_at_the_desk_opens_nothing_any_more_and_comes_back_only_with_a_new_password() {
    let school = School::open().unwrap();
    school.account("it.firm", "technician").unwrap();
    school.account("e.roe", "office").unwrap();
    let head = school.account("headteacher", "headteacher").unwrap();
    school.keep_phone("headteacher", head.phone().unwrap().clone());
    let secretary = Hand::at(&school).await.unwrap();
    secretary.signs_in(&school, "e.roe").await.unwrap();
    secretary.finds("//h1[.='Agreements']").await.unwrap();

    let technician = Hand::at(&school).await.unwrap();
    technician.signs_in(&school, "it.firm").await.unwrap();
    technician.presses("Accounts").await.unwrap();
    technician.sees(LIST).await.unwrap();
    // No way to end their own, nor that of whoever reads reports.
    for (name, duty) in [("it.firm", "Technician"), ("headteacher", "Headteacher")] {
        let row = format!("//tr[th[contains(., '{name}')]][td[contains(., '{duty}')]][not(.//a)]");
        technician.finds(&row).await.unwrap();
    }
    technician.looks("accounts").await.unwrap();
    begins_to_end(&technician, "e.roe").await;
    technician.sees("They are signed out everywhere, at once").await.unwrap();
    technician.looks("account-end").await.unwrap();
    // Without the tick the browser leads to it, and nothing is sent.
    technician.presses("End the account").await.unwrap();
    assert!(technician.is_at("here.id === 'sure' && !here.checked").await.unwrap());
    technician.ticks("sure").await.unwrap();
    technician.presses("End the account").await.unwrap();
    technician.sees("Nothing opens with them any more").await.unwrap();
    technician.finds("//ul[contains(@class, 'history')]/li[contains(., 'e.roe, Office')]").await.unwrap();
    technician.looks("accounts-ended").await.unwrap();

    // The page that was open in the office opens nothing, and neither does the password.
    is_out(&secretary).await;
    secretary.tries("e.roe", OWN_PASSWORD).await.unwrap();
    secretary.sees(WRONG).await.unwrap();
    secretary.looks_at_answer("sign-in-refused").await.unwrap();

    // On the hub's own computer: first it has to be opened again, then it gets another task.
    let refused = school.hub_command(&["account", "role", "e.roe", "staff"]).unwrap_err().to_string();
    assert!(refused.contains("“e.roe” has ended") && refused.contains("account reopen"), "{refused}");
    let told = school.hub_command(&["account", "reopen", "e.roe"]).unwrap();
    let password = told.lines().find_map(|line| line.strip_prefix("sign-in password: ")).unwrap();
    secretary.tries("e.roe", OWN_PASSWORD).await.unwrap();
    secretary.sees(WRONG).await.unwrap();
    secretary.tries("e.roe", password).await.unwrap();
    secretary.sees("Choose your own password").await.unwrap();
    for (field, words) in [("current", password), ("new", OWN_PASSWORD), ("again", OWN_PASSWORD)] {
        secretary.types(field, words).await.unwrap();
    }
    secretary.presses("Change password").await.unwrap();
    secretary.finds("//h1[.='Agreements']").await.unwrap();
    assert!(menu_has(&secretary, "/people").await);
    school.hub_command(&["account", "role", "e.roe", "staff"]).unwrap();
    is_out(&secretary).await;
    secretary.signs_in(&school, "e.roe").await.unwrap();
    secretary.finds("//h1[.='Registers']").await.unwrap();
    assert!(!menu_has(&secretary, "/people").await, "it is another's task now");
    secretary.opens("/people").await.unwrap();
    secretary.sees("There is nothing here").await.unwrap();
    technician.presses("Accounts").await.unwrap();
    technician.finds("//tr[th[contains(., 'e.roe')]]/td[contains(., 'Other staff')]").await.unwrap();

    // The headteacher ends that of the technician, and not the last one of the office.
    let head = Hand::at(&school).await.unwrap();
    head.signs_in(&school, "headteacher").await.unwrap();
    head.unfolds("People").await.unwrap();
    head.presses("Accounts").await.unwrap();
    head.sees(LIST).await.unwrap();
    begins_to_end(&head, "office").await;
    head.ticks("sure").await.unwrap();
    head.presses("End the account").await.unwrap();
    head.sees("this is the only account of the office").await.unwrap();
    head.looks_at_answer("account-refused").await.unwrap();
    head.presses("Leave it").await.unwrap();
    head.sees(LIST).await.unwrap();
    begins_to_end(&head, "it.firm").await;
    head.ticks("sure").await.unwrap();
    head.presses("End the account").await.unwrap();
    head.finds("//ul[contains(@class, 'history')]/li[contains(., 'it.firm, Technician')]").await.unwrap();
    is_out(&technician).await;

    // What they did stays under their names.
    head.presses("Log").await.unwrap();
    for (who, whose) in [("headteacher", "it.firm"), ("it.firm", "e.roe")] {
        let line = format!("//tr[td[1][.='{who}']][td[2][.='account ended']]/td[3][.='{whose}']");
        head.finds(&line).await.unwrap();
    }

    // The browsers note what was refused, and that pages of those who are out hear no calls; nothing else.
    for hand in [secretary, technician, head] {
        let complaints = hand.leaves().await.unwrap();
        let is_meant = |one: &String| {
            ["400 (Bad Request)", "401 (Unauthorized)", "403 (Forbidden)", "404 (Not Found)"]
                .iter()
                .any(|status| one.contains(status))
        };
        assert!(complaints.iter().all(is_meant), "{complaints:?}");
    }
}
