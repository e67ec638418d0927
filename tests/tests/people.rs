//! A new list of pupils at the desk, by a real browser: the file is chosen, looked at, and taken.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use std::fs;
use tests::keyboard::{press, tab_to, type_words};
use tests::school::School;
use tests::sight::{fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();

#[tokio::test]
async fn the_office_brings_a_list_looks_at_who_joins_and_leaves_and_takes_it_with_the_keyboard() {
    let school = School::open().unwrap();
    school.desk().unwrap();
    let old = fs::read_to_string(school.path("pupils.csv")).unwrap();
    let (head, rest) = old.split_once('\n').unwrap();
    let (gone, kept) = rest.split_once('\n').unwrap();
    let new = school.path("new.csv");
    fs::write(&new, format!("{head}\n{kept}")).unwrap();
    let bad = school.path("bad.csv");
    fs::write(&bad, format!("{head}\n,,,,\n{gone},one,cell,too,many\n{kept}")).unwrap();

    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    tab_to(&browser, "here.textContent.trim() === 'People'", 20).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    tab_to(&browser, "here.pathname === '/people'", 5).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("#file")).await.unwrap();
    assert_eq!(look(&browser, "people").await.unwrap(), NO_FAULTS);

    fill(&browser, "#file", &bad.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Look at it first'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    // Which column is which: as guessed, said with the keyboard.
    client.wait().for_element(Locator::Css("table.columns")).await.unwrap();
    assert_eq!(look(&browser, "people-columns").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.textContent.trim() === 'Show what it would change'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("ul.problems")).await.unwrap();
    assert_eq!(look(&browser, "people-problems").await.unwrap(), NO_FAULTS);

    client.goto(&format!("https://{}/people", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("#file")).await.unwrap();

    fill(&browser, "#file", &new.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Look at it first'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("table.columns")).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Show what it would change'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/people/decide']")).await.unwrap();
    let shown = client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    let name = gone.split(',').nth(1).unwrap().trim_matches('"');
    assert!(shown.contains("Leave") && shown.contains(name), "{name} leaves: {shown}");
    assert_eq!(look(&browser, "people-check").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.value === 'take'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("[role=status]")).await.unwrap();
    let told = client.find(Locator::Css("[role=status]")).await.unwrap().text().await.unwrap();
    assert!(told.contains("0 joined, 1 left"), "{told}");

    // One press takes it back; and the list comes again, whose columns are known by now.
    assert_eq!(look(&browser, "people-last").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.textContent.trim().startsWith('Take it back')", 20).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client
        .wait()
        .for_element(Locator::XPath("//*[@role='status'][contains(., 'taken back')]"))
        .await
        .unwrap();
    fill(&browser, "#file", &new.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Look at it first'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/people/decide']")).await.unwrap();
    tab_to(&browser, "here.value === 'take'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::XPath("//*[@role='status'][contains(., '1 left')]")).await.unwrap();

    // Pasted, with the keyboard alone: everybody is back.
    tab_to(&browser, "here.id === 'pasted'", 30).await.unwrap();
    type_words(&browser, &old).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Look at it first'", 5).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/people/decide']")).await.unwrap();
    tab_to(&browser, "here.value === 'take'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("[role=status]")).await.unwrap();
    let told = client.find(Locator::Css("[role=status]")).await.unwrap().text().await.unwrap();
    assert!(told.contains("1 joined, 0 left"), "{told}");
    // A court order is noted, by the keyboard, and shown where it matters.
    client.goto(&format!("https://{}/restrictions?name=a", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("ul.people-list a")).await.unwrap();
    assert_eq!(look(&browser, "restrictions").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.matches('ul.people-list a')", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("#note")).await.unwrap();
    tab_to(&browser, "here.id === 'who-nobody'", 30).await.unwrap();
    press(&browser, "Space").await.unwrap();
    tab_to(&browser, "here.id === 'note'", 5).await.unwrap();
    type_words(&browser, "Not to be collected by an uncle until July 2027; order in the safe").await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Keep this note'", 5).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client
        .wait()
        .for_element(Locator::XPath("//*[contains(@class, 'written')][contains(., 'uncle')]"))
        .await
        .unwrap();
    assert_eq!(look(&browser, "restriction").await.unwrap(), NO_FAULTS);
    let pupil = client.current_url().await.unwrap().path().rsplit('/').next().unwrap().to_owned();
    client.goto(&format!("https://{}/people/{pupil}", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("#restricted")).await.unwrap();
    assert_eq!(look(&browser, "person-restricted").await.unwrap(), NO_FAULTS);
    // The browser notes that the list with mistakes was refused, and nothing else.
    let complaints = browser.complaints().await.unwrap();
    assert!(complaints.iter().all(|one| one.contains("400 (Bad Request)")), "{complaints:?}");
}
