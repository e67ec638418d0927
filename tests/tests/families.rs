//! Families in the office: letters with codes, a form that came on paper, and what the photographer reads.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use records::family_code::FamilyCode;
use std::fs;
use std::process::Command;
use tests::desk::Desk;
use tests::school::{School, root};
use tests::sight::{click, fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();

#[tokio::test]
async fn the_office_prints_a_familys_letter_enters_its_paper_and_the_photographer_knows() {
    let school = School::open().unwrap();
    let told = school.take_contacts().unwrap();
    assert!(told.contains("pupils for whom nobody decides: 36"), "{told}");
    let mut office: Desk = school.desk().unwrap();
    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    let desk = format!("https://{}", school.desk_address());
    click(&browser, "nav summary").await.unwrap();
    click(&browser, "nav a[href='/families']").await.unwrap();
    assert_eq!(look(&browser, "families").await.unwrap(), NO_FAULTS);

    fill(&browser, "#name", "Nowak").await.unwrap();
    click(&browser, "form.search button").await.unwrap();
    client.wait().for_element(Locator::Css("table.families tbody tr:only-child")).await.unwrap();
    click(&browser, "table.families button").await.unwrap();
    client.wait().for_element(Locator::Css("a[href='/families/letters/file']")).await.unwrap();
    assert_eq!(look(&browser, "letters-ready").await.unwrap(), NO_FAULTS);
    let letter = school.path("letter.pdf");
    fs::write(&letter, office.get("/families/letters/file").unwrap().bytes).unwrap();
    let text = Command::new("pdftotext").args(["-layout"]).arg(&letter).arg("-").output().unwrap();
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    let codes = text.lines().filter_map(|line| line.parse::<FamilyCode>().ok()).count();
    assert!(codes > 0 && text.contains("Nowak"), "{text}");
    click(&browser, "form[action='/families/letters/done'] button").await.unwrap();
    client.wait().for_element(Locator::Css("table.families")).await.unwrap();
    assert_eq!(office.get("/families/letters/file").unwrap().status, 404, "nothing of it stays");

    click(&browser, "nav a[href='/consent']").await.unwrap();
    assert_eq!(look(&browser, "consent").await.unwrap(), NO_FAULTS);
    fill(&browser, "#name", "Nowak").await.unwrap();
    click(&browser, "form.search button").await.unwrap();
    client.wait().for_element(Locator::Css("ul.people-list a")).await.unwrap();
    click(&browser, "ul.people-list a").await.unwrap();
    client.wait().for_element(Locator::Css("details.wall")).await.unwrap();
    let pupil = client.current_url().await.unwrap().path().to_owned();
    click(&browser, "details.wall summary").await.unwrap();
    assert_eq!(look(&browser, "consent-paper").await.unwrap(), NO_FAULTS);
    click(&browser, "details.wall[open] label[for^='by-images']").await.unwrap();
    for purpose in client.find_all(Locator::Css("details.wall[open] fieldset.answer")).await.unwrap() {
        let words = purpose.text().await.unwrap();
        let wanted = if words.contains("website") { "input[value=no]" } else { "input[value=yes]" };
        purpose.find(Locator::Css(wanted)).await.unwrap().click().await.unwrap();
    }
    click(&browser, "details.wall[open] button[type=submit]").await.unwrap();
    client.wait().for_element(Locator::Css("span.say.no")).await.unwrap();
    for summary in client.find_all(Locator::Css("summary")).await.unwrap() {
        if summary.text().await.unwrap().starts_with("History") {
            summary.click().await.unwrap();
        }
    }
    assert_eq!(look(&browser, "consent-pupil").await.unwrap(), NO_FAULTS);

    let name = |page: &str, state: &str| {
        let part = page.split(&format!("class=\"may {state}\"")).nth(1).unwrap();
        part.split("</section>").next().unwrap().contains("Nowak")
    };
    let website = office.page("/consent/may-i?use=website").unwrap();
    assert!(name(&website, "no") && !name(&website, "yes") && !name(&website, "ask"));
    let printed = office.page("/consent/may-i?use=printed").unwrap();
    assert!(name(&printed, "yes") && !name(&printed, "no"));
    // The grown-ups of the school are asked for themselves, by the model school's own form.
    let staff = root().join("example/staff.csv");
    school.hub_command(&["roster", "import", &staff.display().to_string()]).unwrap();
    client.goto(&format!("{desk}/consent/may-i?use=website")).await.unwrap();
    let shown = client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(shown.contains("Grown-ups: our website") && shown.contains("Ruth Adeyemi"), "{shown}");
    assert_eq!(look(&browser, "may-i").await.unwrap(), NO_FAULTS);
    client.goto(&format!("{desk}/consent/form/staff-images")).await.unwrap();
    click(&browser, "table.grid th a").await.unwrap();
    client.wait().for_element(Locator::Css("table.uses")).await.unwrap();
    assert_eq!(look(&browser, "consent-grown-up").await.unwrap(), NO_FAULTS);
    client.goto(&format!("{desk}/consent/form/images")).await.unwrap();
    assert_eq!(look(&browser, "consent-grid").await.unwrap(), NO_FAULTS);
    client.goto(&format!("{desk}/consent/asked")).await.unwrap();
    assert_eq!(look(&browser, "consent-asked").await.unwrap(), NO_FAULTS);

    // The no is lifted with a reason, and the reason stays in the history.
    client.goto(&format!("{desk}{pupil}")).await.unwrap();
    click(&browser, "details.lift summary").await.unwrap();
    fill(&browser, "details.lift[open] input[name=reason]", "Court order of 3 May").await.unwrap();
    click(&browser, "details.lift[open] ul.ticks label").await.unwrap();
    click(&browser, "details.lift[open] button").await.unwrap();
    client.wait().for_element(Locator::Css("ol.history")).await.unwrap();
    let page = office.page(&pupil).unwrap();
    assert!(page.contains("Reason: Court order of 3 May") && !page.contains("say no\">"), "{page}");
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}
