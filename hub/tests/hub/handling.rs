//! How lists are to be handled, in the school's own words: on files, on prints, and nowhere what another desk set.

use hub::{handling::MOST, store::accounts::Duty};
use hyper::StatusCode;
use records::report::Role;

use crate::{
    browser::{Browser, Page},
    consents::asking_school,
    school::School,
};

const OWN: &str = "OFFICIAL-SENSITIVE: PERSONAL. Larkfield staff only";

async fn set(browser: &mut Browser, school: &School, words: &str) -> Page {
    let token = browser.get(school, "/handling").await.form_token();
    browser.post(school, "/handling", &[("words", words), ("form_token", &token)]).await
}

/// What stands at the head of a page once it is printed.
fn head(page: &Page) -> &str {
    page.text
        .split("<p class=\"label\">")
        .nth(1)
        .expect("a label for the print")
        .split("</p>")
        .next()
        .unwrap()
}

#[tokio::test]
async fn the_office_says_in_its_own_words_how_lists_are_handled_and_each_file_and_print_says_it() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let before = office.get(&school, "/people/people.csv").await.text;
    assert!(before.starts_with("\u{feff}\"PERSONAL DATA – for school use only"), "{before}");
    let noted = school.hub.store.check_audit().unwrap();
    let kept = set(&mut office, &school, &format!("  {OWN}\r\n")).await;
    assert_eq!(school.hub.store.check_audit().unwrap(), noted + 1, "whoever changed it is noted");
    let page = office.get(&school, kept.leads_to()).await.text;
    assert!(page.contains("role=\"status\"") && page.contains(OWN), "{page}");
    for path in [
        "/people/people.csv",
        "/consent/asked/asked.csv",
        "/consent/form/images/consent.csv",
        "/families/families.csv",
        "/register/ks1/register.csv",
        "/visitors/visitors.csv",
        "/kiosks/kiosks.csv",
        "/backups/backups.csv",
        "/set-aside/set-aside.csv",
    ] {
        let file = office.get(&school, path).await.text;
        assert!(file.starts_with(&format!("\u{feff}\"{OWN}. ")), "{path}: {file}");
    }
    for path in ["/people/everybody", "/consent/may-i", "/consent/form/images", "/retention", "/restrictions"]
    {
        let page = office.get(&school, path).await;
        let head = head(&page);
        assert!(head.starts_with(OWN), "{path}: {head}");
        assert!(head.contains("Printed 14 September 2026") && head.contains("by office"), "{path}: {head}");
    }
    let mut teacher = Browser::with_duty(&school, "m.lowe", Duty::Staff).await;
    assert!(head(&teacher.get(&school, "/may-i").await).starts_with(OWN), "also on a teacher's print");
    let words = office.get(&school, &format!("/words/{}", crate::school::ks1("3.0").digest())).await.text;
    assert!(!words.contains("<p class=\"label\">"), "words that everybody may read carry none");
    // Nothing written asks for the usual words again.
    set(&mut office, &school, " ").await;
    let after = office.get(&school, "/people/people.csv").await.text;
    assert!(after.starts_with("\u{feff}\"PERSONAL DATA – for school use only"), "{after}");
}

#[tokio::test]
async fn a_label_that_nobody_would_read_is_refused_and_what_was_typed_stays() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let long = "keep it safe ".repeat(20);
    let noted = school.hub.store.check_audit().unwrap();
    let refused = set(&mut office, &school, &long).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let over = long.trim().chars().count() - MOST;
    assert!(refused.text.contains(&format!("it is {over} letters too long")), "{}", refused.text);
    assert!(refused.text.contains(&format!(">{}", long.trim())), "it is still there to be made shorter");
    assert_eq!(school.hub.store.check_audit().unwrap(), noted, "nothing was changed");
    let markup = set(&mut office, &school, "<script>alert(1)</script>").await;
    assert_eq!(markup.status, StatusCode::SEE_OTHER);
    let page = office.get(&school, "/people/everybody").await.text;
    assert!(!page.contains("<script>alert"), "words stay words: {page}");
}

#[tokio::test]
async fn what_the_safeguarding_desk_sets_stands_on_its_own_pages_alone() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let mut lead = Browser::with_duty(&school, "lead", Duty::Holder(Role::Safeguarding)).await;
    set(&mut lead, &school, "CHILD PROTECTION: eyes of the DSL only").await;
    set(&mut office, &school, OWN).await;
    assert!(head(&lead.get(&school, "/safeguarding").await).starts_with("CHILD PROTECTION"));
    assert!(head(&lead.get(&school, "/registers").await).starts_with(OWN), "a register is the school's");
    let mine = office.get(&school, "/handling").await.text;
    assert!(mine.contains(OWN) && !mine.contains("CHILD PROTECTION"), "{mine}");
    for duty in [Duty::Staff, Duty::Governor, Duty::Technician] {
        let mut other = Browser::with_duty(&school, duty.as_str(), duty).await;
        assert_eq!(other.get(&school, "/handling").await.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
}
