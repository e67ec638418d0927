//! In the office: how long things are kept, one person's page, all that is held on them and their file for the next
//! school, by a real browser with the keyboard, and as real PDFs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use records::transfer::TransferFile;
use std::fs;
use std::process::Command;
use tests::child::Child;
use tests::desk::Desk;
use tests::keyboard::{press, tab_to};
use tests::school::School;
use tests::sight::{fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();

/// What stands on the pages of a PDF.
fn words(school: &School, pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF"), "{}", String::from_utf8_lossy(&pdf[..pdf.len().min(300)]));
    let file = school.path("pages.pdf");
    fs::write(&file, pdf).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&file).arg("-").output();
    let text = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn address(desk: &mut Desk, name: &str) -> String {
    let page = desk.page(&format!("/people?name={}", name.replace(' ', "+"))).unwrap();
    let row = page.split("<a href=\"/people/").skip(1).find(|part| part.contains(name)).unwrap().to_owned();
    format!("/people/{}", row.split('"').next().unwrap())
}

#[test]
fn a_pupil_who_signed_gets_it_on_paper_and_so_does_the_next_school() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    let data = school.paired_kiosk("Entrance").unwrap();
    let mut kiosk = Child::at(&data).unwrap();
    kiosk.sync().unwrap();
    let (pupils, _) = kiosk.everybody().unwrap();
    let pupil = pupils.first().unwrap().clone();
    kiosk.sign(&pupil).unwrap();
    kiosk.sync().unwrap();
    kiosk.leave().unwrap();
    let mut desk = school.desk().unwrap();
    let signed = desk.signed().unwrap();
    let line = signed.iter().find(|line| line.is(&pupil)).unwrap();
    let name = format!("{} {}", line.forename, line.surname);
    let person = address(&mut desk, &name);
    let token = desk.form_token(&person).unwrap();

    let id = person.trim_start_matches("/people/");
    let answer = desk.send(&format!("/held/{id}"), &[("form_token", &token)]).unwrap();
    assert!(answer.head.contains("all-that-is-held-PRIVATE.pdf"), "{}", answer.head);
    let text = words(&school, &answer.bytes);
    for part in [name.as_str(), "What you signed", "Signed on:", "At: Entrance", "PRIVATE – about one person"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Nobody else of the class is on it, and nobody who decides.
    let list = fs::read_to_string(school.path("pupils.csv")).unwrap();
    let others = list.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        Some(format!("{} {}", cells.get(2)?, cells.get(1)?))
    });
    let others: Vec<String> = others.filter(|other| !other.contains(line.surname.as_str())).collect();
    assert!(others.len() > 20 && others.iter().all(|other| !text.contains(other.as_str())), "{text}");

    let to = format!("{person}/transfer");
    let pages = desk.send(&to, &[("what", "pdf"), ("form_token", &token)]).unwrap();
    let text = words(&school, &pages.bytes);
    assert!(
        text.contains(&name) && text.contains("Receipt for file 1") && text.contains("Signature"),
        "{text}"
    );
    let file = desk.send(&to, &[("what", "json"), ("number", "1"), ("form_token", &token)]).unwrap();
    let file = TransferFile::read(&file.bytes).unwrap();
    assert_eq!((file.number, file.signatures.len()), (1, 1));
    assert_eq!(format!("{} {}", file.pupil.forename, file.pupil.surname), name);
}

#[tokio::test]
async fn the_office_sees_what_goes_stops_it_and_keeps_somebody_with_the_keyboard_alone() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    let mut desk = school.desk().unwrap();
    let list = fs::read_to_string(school.path("pupils.csv")).unwrap();
    let gone = list.lines().nth(1).unwrap().to_owned();
    let rest: String = list.lines().filter(|line| *line != gone).map(|line| format!("{line}\n")).collect();
    let new = school.path("new.csv");
    fs::write(&new, rest).unwrap();
    school.hub_command(&["roster", "import", &new.display().to_string()]).unwrap();
    let surname = gone.split(',').nth(1).unwrap().trim_matches('"').to_owned();
    let page = desk.page(&format!("/people?name={surname}")).unwrap();
    let left = page.split("<li>").find(|row| row.contains(", left ")).unwrap().to_owned();
    let person = left.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    let base = format!("https://{}", school.desk_address());

    client.goto(&format!("{base}/people?name={surname}")).await.unwrap();
    client.wait().for_element(Locator::Css("ul.people-list")).await.unwrap();
    assert_eq!(look(&browser, "people-found").await.unwrap(), NO_FAULTS);

    client.goto(&format!("{base}/retention")).await.unwrap();
    client.wait().for_element(Locator::Css("table.stacked")).await.unwrap();
    assert_eq!(look(&browser, "retention").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.textContent.trim() === 'Stop all removal for now'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("input[value='go-on']")).await.unwrap();
    assert_eq!(look(&browser, "retention-stopped").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.textContent.trim() === 'Let it go on'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("input[value='stop']")).await.unwrap();

    client.goto(&format!("{base}{person}")).await.unwrap();
    client.wait().for_element(Locator::Css("#reason")).await.unwrap();
    assert_eq!(look(&browser, "person").await.unwrap(), NO_FAULTS);
    fill(&browser, "#reason", "The court asks").await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("input[value='release']")).await.unwrap();
    assert_eq!(look(&browser, "person-kept").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.textContent.trim().endsWith('has not left')", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::XPath("//p[@class='lead'][not(contains(., 'Left'))]")).await.unwrap();

    client.goto(&format!("{base}/held?name={surname}")).await.unwrap();
    client.wait().for_element(Locator::Css("ul.entries")).await.unwrap();
    assert_eq!(look(&browser, "held").await.unwrap(), NO_FAULTS);
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
}
