//! The log of who did what: the headteacher searches it, prints it, takes it along as a file, and sees by a line on paper
//! that nobody has changed it; by a real browser, with a keyboard alone.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::process::Command;

use data_encoding::BASE64;
use fantoccini::Locator;
use serde_json::json;
use tests::hand::Hand;
use tests::keyboard::press;
use tests::process::artefacts;
use tests::school::School;

/// The lines of the log that the page shows: when, who, what, of what.
const LINES: &str = "return [...document.querySelectorAll('main tbody tr')]
    .map((line) => [...line.cells].map((cell) => cell.textContent.trim()));";

async fn lines(hand: &Hand) -> Vec<[String; 4]> {
    serde_json::from_value(hand.browser.client().execute(LINES, vec![]).await.unwrap()).unwrap()
}

/// What stands on paper when the page is printed.
async fn printed(hand: &Hand, name: &str) -> String {
    let how = json!({ "printBackground": true, "preferCSSPageSize": true });
    let pdf = hand.browser.devtools("Page.printToPDF", how).await.unwrap();
    let file = artefacts().join(format!("{name}.pdf"));
    fs::create_dir_all(artefacts()).unwrap();
    fs::write(&file, BASE64.decode(pdf["data"].as_str().unwrap().as_bytes()).unwrap()).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&file).arg("-").output();
    let said = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_headteacher_searches_the_log_prints_it_takes_it_along_and_checks_it_by_a_line_on_paper() {
    let school = School::open().unwrap();
    school.paired_kiosk("Acorn classroom").unwrap();
    let mut office = school.desk().unwrap();
    let head = school.account("headteacher", "headteacher").unwrap();
    school.keep_phone("headteacher", head.phone().unwrap().clone());

    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, "headteacher").await.unwrap();
    hand.presses("Log").await.unwrap();
    hand.sees("Who did what at the hub, newest first").await.unwrap();
    hand.looks("log").await.unwrap();
    let all = lines(&hand).await;
    let place = |who: &str, what: &str| {
        let place = all.iter().position(|line| line[1] == who && line[2] == what);
        place.unwrap_or_else(|| panic!("{who}, {what}: {all:?}"))
    };
    assert!(place("headteacher", "signed in") < place("kiosk “Acorn classroom”", "paired"), "{all:?}");
    assert!(place("kiosk “Acorn classroom”", "paired") < place("command line", "pack published"), "{all:?}");
    assert!(!all.iter().flatten().any(|cell| cell.contains("Waterhouse")), "no pupil's name: {all:?}");

    // By words.
    hand.types("words", "Pack published").await.unwrap();
    hand.enters().await.unwrap();
    hand.sees("1 entry").await.unwrap();
    let found = lines(&hand).await;
    assert_eq!(
        (found.len(), &found[0][1..]),
        (1, &["command line", "pack published", "1"].map(String::from)[..])
    );

    // By who it was.
    hand.presses("Log").await.unwrap();
    hand.finds("//*[@role='status'][contains(., 'entries')]").await.unwrap();
    hand.goes_to("here.id === 'who'").await.unwrap();
    let is_office = "here.selectedOptions[0].textContent.startsWith('office ')";
    for _ in 0..20 {
        if hand.is_at(is_office).await.unwrap() {
            break;
        }
        press(&hand.browser, "ArrowDown").await.unwrap();
    }
    assert!(hand.is_at(is_office).await.unwrap(), "the arrows go through the names");
    hand.presses("Show").await.unwrap();
    hand.finds("//select[@id='who']/option[@selected][starts-with(., 'office ')]").await.unwrap();
    let found = lines(&hand).await;
    assert!(found.iter().any(|line| line[2] == "signed in"), "{found:?}");
    assert!(found.len() < all.len() && found.iter().all(|line| line[1] == "office"), "{found:?}");

    hand.opens("/audit?day=2020-01-01").await.unwrap();
    hand.sees("No entry is like that").await.unwrap();
    hand.looks("log-nothing").await.unwrap();
    hand.presses("Show everything").await.unwrap();
    hand.finds("//main//tbody").await.unwrap();

    // On paper it says how it is to be handled, and has nothing that only a screen can use.
    let sheet = printed(&hand, "log").await;
    for part in ["PERSONAL DATA – for school use only", "by headteacher", "kiosk “Acorn classroom” paired"]
    {
        assert!(sheet.contains(part), "{part}: {sheet}");
    }
    assert!(!sheet.contains("Download") && !sheet.contains("Sign out"), "{sheet}");

    // A line to keep on paper, before anything else happens.
    hand.presses("A line to keep on paper, and whether the log is whole").await.unwrap();
    hand.sees("The log comes to").await.unwrap();
    hand.looks("log-checkpoint").await.unwrap();
    let line = hand.browser.client().find(Locator::Id("checkpoint")).await.unwrap().text().await.unwrap();

    // The file, and who took it is noted.
    let folder = school.path("downloads");
    hand.saves_to(&folder).await.unwrap();
    hand.presses("The log").await.unwrap();
    hand.finds("//select[@id='who']").await.unwrap();
    hand.goes_to("here.tagName === 'A' && here.textContent.startsWith('Download all')").await.unwrap();
    hand.enters().await.unwrap();
    let file = hand.is_brought(&folder, "csv").await.unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("log-") && name.ends_with("-PERSONAL-DATA.csv"), "{name}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("\u{feff}\"PERSONAL DATA – for school use only"), "{text}");
    assert_eq!(text.lines().nth(1), Some(r#""When","Who","What","Of what""#));
    assert!(text.lines().any(|line| line.ends_with(r#","command line","pack published","1""#)), "{text}");
    assert!(text.lines().count() >= all.len() + 2, "all of them: {text}");
    hand.presses("Log").await.unwrap();
    hand.finds("//tr[td[.='headteacher']]/td[.='log taken as a file']").await.unwrap();

    // The log went on since that line was printed, and is what it was then.
    hand.opens("/audit/checkpoint").await.unwrap();
    hand.types("typed", &line).await.unwrap();
    hand.presses("Check the log").await.unwrap();
    hand.sees("The log is whole, and as it was when that line was printed.").await.unwrap();
    hand.looks_at_answer("log-whole").await.unwrap();
    // Paper of another log does not fit, and it says whom to turn to.
    let (number, _) = line.split_once(':').unwrap();
    hand.types("typed", &format!("{number}:{}", " 0000".repeat(8))).await.unwrap();
    hand.presses("Check the log").await.unwrap();
    hand.sees("another than on paper").await.unwrap();
    assert!(
        hand.reads().await.unwrap().contains("Speak with whoever looks after the hub, and with the chair")
    );
    hand.looks_at_answer("log-not-whole").await.unwrap();
    hand.types("typed", "the log of last week").await.unwrap();
    hand.presses("Check the log").await.unwrap();
    hand.sees("is no checkpoint").await.unwrap();

    // What is behind this door is not the office's, and no way leads there.
    assert_eq!(office.get("/audit").unwrap().status, 404);
    assert!(!office.page("/").unwrap().contains("href=\"/audit\""));
    // The browser notes that what was no line of a log was refused, and nothing else.
    let complaints = hand.leaves().await.unwrap();
    assert!(complaints.iter().all(|one| one.contains("400 (Bad Request)")), "{complaints:?}");
}
