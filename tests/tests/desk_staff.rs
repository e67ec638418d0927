//! What is at the desk for whoever works at the school, and how lists that leave it are to be handled; by a real browser,
//! with a keyboard alone.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use tests::desk::BOX_WORDS;
use tests::hand::Hand;
use tests::school::School;

/// A hand at the desk with an account of this role, under the role's name.
async fn hand_of(school: &School, role: &str) -> Hand {
    school.account(role, role).unwrap();
    let hand = Hand::at(school).await.unwrap();
    hand.signs_in(school, role).await.unwrap();
    hand
}

#[tokio::test]
async fn a_teacher_looks_up_what_is_for_staff_alone_and_comes_to_the_register_that_it_names() {
    let school = School::open().unwrap();
    let hand = hand_of(&school, "staff").await;
    hand.sees("Look it up").await.unwrap();
    hand.looks("registers-of-staff").await.unwrap();
    hand.presses("Call card").await.unwrap();
    hand.sees("Fold it behind your badge").await.unwrap();
    hand.sees("Police, not urgent").await.unwrap();
    hand.looks("staff-page").await.unwrap();
    hand.goes_to("here.tagName === 'A' && here.protocol === 'tel:'").await.unwrap();
    hand.presses("Staff pages").await.unwrap();
    hand.sees("never on the website").await.unwrap();
    hand.looks("staff-pages").await.unwrap();
    // The page that the school itself calls “Staff pages”.
    hand.goes_to("here.pathname === '/staff-pages/guides-staff-only'").await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("Quick forms").await.unwrap();
    hand.looks("staff-page-with-links").await.unwrap();
    hand.presses("a page was blocked, or should have been").await.unwrap();
    hand.finds("//h1[contains(., 'blocked')]").await.unwrap();
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn whoever_holds_the_camera_puts_a_team_together_looks_at_its_answers_and_ends_it() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    let hand = hand_of(&school, "staff").await;
    hand.presses("May I?").await.unwrap();
    hand.presses("An event or a small group").await.unwrap();
    hand.sees("The group ends by itself after its day").await.unwrap();
    hand.looks("may-i-groups").await.unwrap();
    hand.types("name", "Cross-country runners").await.unwrap();
    hand.unfolds("Acorn").await.unwrap();
    hand.goes_to("here.type === 'checkbox'").await.unwrap();
    let first = "return document.activeElement.id;";
    let first = hand.browser.client().execute(first, vec![]).await.unwrap();
    hand.ticks(first.as_str().unwrap()).await.unwrap();
    hand.presses("Keep the group").await.unwrap();
    hand.finds("//h1[contains(., 'Cross-country runners')]").await.unwrap();
    hand.sees("1 pupil, until").await.unwrap();
    hand.sees("Leave out until they have answered: 1").await.unwrap();
    hand.looks("may-i-group").await.unwrap();
    hand.presses("All uses, in a grid").await.unwrap();
    hand.finds("//table[contains(@class, 'sun')]").await.unwrap();
    hand.looks("may-i-group-grid").await.unwrap();
    hand.presses("Change the group").await.unwrap();
    hand.looks("may-i-group-changed").await.unwrap();
    hand.presses("End the group now").await.unwrap();
    hand.sees("A new group").await.unwrap();
    assert!(!hand.reads().await.unwrap().contains("Cross-country runners"));
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_office_writes_its_own_label_and_the_next_list_that_leaves_the_desk_carries_it() {
    const LABEL: &str = "OFFICIAL-SENSITIVE: PERSONAL. Larkfield staff only";
    let school = School::open().unwrap();
    let mut office = school.desk().unwrap();
    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, &school.first_sign_in.0).await.unwrap();
    hand.unfolds("People").await.unwrap();
    hand.presses("The label on lists").await.unwrap();
    hand.sees("PERSONAL DATA – for school use only").await.unwrap();
    hand.looks("handling").await.unwrap();
    hand.types("words", LABEL).await.unwrap();
    hand.presses("Use this label").await.unwrap();
    hand.sees("Kept. What is printed or taken out from now on carries it").await.unwrap();
    hand.looks("handling-kept").await.unwrap();
    assert!(office.page("/people/people.csv").unwrap().starts_with(&format!("\u{feff}\"{LABEL}")));
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_safeguarding_lead_finds_one_of_many_reports_and_takes_them_along_with_a_reason_on_record() {
    let school = School::open().unwrap();
    school.holders().unwrap();
    let mut teacher = school.account("r.adeyemi", "staff").unwrap();
    for words in ["She took my tablet.", "They laughed at my picture."] {
        let token = teacher.form_token("/concern").unwrap();
        let about = "child";
        let form =
            [("form_token", token.as_str()), ("about", about), ("words", words), ("own", "I listened.")];
        teacher.send("/concern", &form).unwrap();
    }
    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, "safeguarding").await.unwrap();
    hand.types("passphrase", BOX_WORDS).await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("2 reports wait for you").await.unwrap();
    hand.types("find", "tablet").await.unwrap();
    hand.enters().await.unwrap();
    hand.finds("//input[@id='find'][@value='tablet']").await.unwrap();
    hand.finds("//ul[@class='told'][count(li) = 1]").await.unwrap();
    hand.looks("reports-found").await.unwrap();
    let folder = school.path("downloads");
    hand.saves_to(&folder).await.unwrap();
    hand.unfolds("Take this one as a file").await.unwrap();
    hand.types("because", "For the meeting with the police").await.unwrap();
    hand.presses("Take the file").await.unwrap();
    let file = hand.is_brought(&folder, "csv").await.unwrap();
    assert!(file.file_name().unwrap().to_str().unwrap().ends_with("-CONFIDENTIAL.csv"), "{file:?}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("She took my tablet.") && !text.contains("They laughed"), "{text}");
    hand.goes_to("here.closest('ul.told')").await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("For the meeting with the police").await.unwrap();
    hand.looks("report-taken-along").await.unwrap();
    // Whoever is not of the desk has neither the list nor the file.
    assert_eq!(teacher.get("/safeguarding").unwrap().status, 404);
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_office_enters_that_a_family_says_no_and_the_register_of_the_class_says_so() {
    let school = School::open().unwrap();
    school.desk().unwrap();
    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, &school.first_sign_in.0).await.unwrap();
    hand.opens("/people/everybody?name=Amelia%20Clarke").await.unwrap();
    hand.goes_to("here.closest('table') && here.textContent.includes('Amelia Clarke')").await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("Shown to Amelia Clarke, or declined").await.unwrap();
    hand.unfolds("The child, or the family for them, says no").await.unwrap();
    hand.types("why", "They want to talk with the headteacher first").await.unwrap();
    hand.looks("person-says-no").await.unwrap();
    hand.presses("Enter it").await.unwrap();
    hand.sees("said no on").await.unwrap();
    hand.looks("person-said-no").await.unwrap();
    hand.opens("/register/ks1").await.unwrap();
    hand.presses("Acorn").await.unwrap();
    hand.finds("//tr[th[contains(., 'Amelia Clarke')]]//*[.='Said no']").await.unwrap();
    hand.looks("register-said-no").await.unwrap();
    hand.opens("/people/everybody?name=Amelia%20Clarke").await.unwrap();
    hand.goes_to("here.closest('table') && here.textContent.includes('Amelia Clarke')").await.unwrap();
    hand.enters().await.unwrap();
    hand.goes_to("here.textContent.startsWith('That was a mistake')").await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("taken back").await.unwrap();
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_office_enters_that_the_words_were_read_to_a_class_but_for_one_child_and_takes_it_back() {
    let school = School::open().unwrap();
    school.desk().unwrap();
    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, &school.first_sign_in.0).await.unwrap();
    hand.opens("/register/ks1").await.unwrap();
    hand.presses("Acorn").await.unwrap();
    hand.sees("not yet shown").await.unwrap();
    hand.presses("Enter that the words were shown").await.unwrap();
    hand.finds("//h1[contains(., 'These were shown the words')]").await.unwrap();
    let is_hers = "here.type === 'checkbox' && here.labels[0].textContent.includes('Amelia Clarke')";
    hand.goes_to(is_hers).await.unwrap();
    let hers = "return document.activeElement.id;";
    let hers = hand.browser.client().execute(hers, vec![]).await.unwrap();
    hand.ticks(hers.as_str().unwrap()).await.unwrap();
    hand.types("remark", "Read to the class in assembly").await.unwrap();
    hand.looks("shown-to-a-class").await.unwrap();
    hand.presses("Enter that it was shown").await.unwrap();
    hand.sees("It is entered that the words were shown to").await.unwrap();
    hand.finds("//tr[th[contains(., 'Amelia Clarke')]]//*[.='not yet shown']").await.unwrap();
    hand.finds("//tr[th[not(contains(., 'Amelia Clarke'))]]//*[.='Shown, to sign']").await.unwrap();
    hand.goes_to("here.id === 'sort'").await.unwrap();
    hand.looks("register-shown").await.unwrap();

    // She hears it later, by herself.
    hand.opens("/people/everybody?name=Amelia%20Clarke").await.unwrap();
    hand.goes_to("here.closest('table') && here.textContent.includes('Amelia Clarke')").await.unwrap();
    hand.enters().await.unwrap();
    hand.unfolds("The words were shown or read to them").await.unwrap();
    hand.types("shown-remark", "Gone through with her after lunch").await.unwrap();
    hand.looks("person-shows").await.unwrap();
    hand.presses("Enter that it was shown").await.unwrap();
    hand.sees("shown on").await.unwrap();
    hand.looks("person-shown").await.unwrap();

    // It was another class that heard it in assembly: hers stands all the same.
    hand.opens("/register/ks1").await.unwrap();
    hand.presses("Acorn").await.unwrap();
    hand.goes_to("here.textContent.startsWith('That was a mistake')").await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("The entry stays, marked").await.unwrap();
    hand.finds("//tr[th[contains(., 'Amelia Clarke')]]//*[.='Shown, to sign']").await.unwrap();
    hand.finds("//tr[th[not(contains(., 'Amelia Clarke'))]]//*[.='not yet shown']").await.unwrap();
    hand.sees("taken back").await.unwrap();
    hand.looks("register-shown-taken-back").await.unwrap();
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());
}
