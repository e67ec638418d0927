//! A kiosk at the entrance, set so by staff: a visitor reads in Polish, types a name, signs and is thanked with no network;
//! the office finds the name in the visitors' book, in a browser, by keyboard too, and enters a paper.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use serde_json::json;
use std::path::Path;
use std::process::Stdio;
use tests::child::Child;
use tests::keyboard::{press, tab_to};
use tests::school::{School, kiosk_command};
use tests::sight::{click, fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();
const PIN: &str = "482915";

/// The technician sets the PIN, and staff say what the kiosk is for.
fn at_the_entrance(data: &Path) -> Child {
    use std::io::Write as _;
    let mut command = kiosk_command("pin", data).unwrap();
    let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    program.stdin.take().unwrap().write_all(format!("{PIN}\n{PIN}\n").as_bytes()).unwrap();
    assert!(program.wait_with_output().unwrap().status.success());
    let mut kiosk = Child::at(data).unwrap();
    kiosk.sync().unwrap();
    kiosk.press("For staff").unwrap();
    for digit in PIN.chars() {
        kiosk.press(&digit.to_string()).unwrap();
    }
    for label in ["Open", "What this kiosk is for", "Entrance", "Close the panel"] {
        kiosk.press(label).unwrap();
    }
    kiosk
}

fn write(kiosk: &mut Child, text: &str) {
    assert_eq!(kiosk.ask(&json!({ "do": "type", "text": text })).unwrap()["ok"], true);
}

/// Signs, from the start to the thanks; with what is pressed to go on, to leave out and to sign.
fn sign(kiosk: &mut Child, why: &str, language: Option<&str>, name: &str, about: &str) {
    kiosk.press(why).unwrap();
    let polish = language.is_some();
    if let Some(language) = language {
        kiosk.press("Language").unwrap();
        kiosk.press(language).unwrap();
    }
    let say = |polish_words: &'static str, english: &'static str| if polish { polish_words } else { english };
    for _ in 0..20 {
        if kiosk.screen() != "visitor-read" {
            break;
        }
        let next = say("Dalej", "Next");
        let on = if kiosk.controls().iter().any(|label| label == next) {
            next
        } else {
            say("Zgadzam się i podpisuję", "I agree, and sign")
        };
        kiosk.press(on).unwrap();
    }
    write(kiosk, name);
    kiosk.press(say("Dalej", "Next")).unwrap();
    write(kiosk, about);
    kiosk
        .press(if about.is_empty() { say("Pomiń", "Leave this out") } else { say("Dalej", "Next") })
        .unwrap();
    kiosk.press(say("Zgadzam się, bez rysowania", "I agree, without drawing")).unwrap();
    kiosk.press(say("Podpisz", "Sign")).unwrap();
    assert_eq!(kiosk.screen(), "visitor-kept");
    kiosk.press(say("Koniec", "Finish")).unwrap();
    assert_eq!(kiosk.screen(), "home");
    assert!(
        !kiosk.controls().iter().any(|label| label.contains(name)),
        "nobody who comes after sees who came"
    );
}

#[tokio::test]
async fn who_signs_at_the_entrance_is_in_the_visitors_book_and_papers_stand_beside_them() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Entrance").unwrap();
    let mut kiosk = at_the_entrance(&data);
    sign(&mut kiosk, "I am visiting the school", Some("Polski"), "Łucja Żak", "Mrs Kasia Nowak");
    sign(&mut kiosk, "I would like to use the guests’ wifi", None, "Bo Lee", "");
    // The power goes before the hub has heard of it.
    kiosk.kiosk().kill();
    let mut kiosk = Child::at(&data).unwrap();
    kiosk.sync().unwrap();
    assert_eq!(kiosk.figures().unwrap().set_aside, 0);
    kiosk.leave().unwrap();

    school.desk().unwrap();
    let browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    let read = async || client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    client.goto(&format!("https://{}/visitors", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("table.stacked")).await.unwrap();
    let page = read().await;
    assert!(
        page.contains("Łucja Żak") && page.contains("Mrs Kasia Nowak") && page.contains("Bo Lee"),
        "{page}"
    );
    assert_eq!(look(&browser, "visitors").await.unwrap(), NO_FAULTS);

    // Who has the words for the wifi signed?
    client.goto(&format!("https://{}/visitors?agreement=guest", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("table.stacked")).await.unwrap();
    let page = read().await;
    assert!(page.contains("Bo Lee") && !page.contains("Łucja"), "{page}");

    // A paper, by keyboard alone.
    tab_to(&browser, "here.tagName === 'SUMMARY' && here.textContent.includes('from paper')", 60)
        .await
        .unwrap();
    press(&browser, "Enter").await.unwrap();
    fill(&browser, "#paper-name", "Ann Lee").await.unwrap();
    fill(&browser, "#paper-about", "the chess club").await.unwrap();
    tab_to(&browser, "here.name === 'agreement' && here.type === 'radio'", 20).await.unwrap();
    press(&browser, "Space").await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Put it into the book'", 20).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("dl.plain")).await.unwrap();
    let page = read().await;
    assert!(page.contains("Ann Lee") && page.contains("on paper, entered by"), "{page}");
    assert_eq!(look(&browser, "visitor").await.unwrap(), NO_FAULTS);
    click(&browser, "details.wall summary").await.unwrap();
    click(&browser, "label[for=why-slip]").await.unwrap();
    click(&browser, "details.wall[open] button").await.unwrap();
    client.wait().for_element(Locator::Css("button[value=stand]")).await.unwrap();
    assert!(read().await.contains("Taken back"));
    assert_eq!(look(&browser, "visitor-taken-back").await.unwrap(), NO_FAULTS);

    client.goto(&format!("https://{}/held?name=Lee", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/held/visitors']")).await.unwrap();
    assert!(read().await.contains("Two people may have one name"));
    assert_eq!(look(&browser, "held-visitors").await.unwrap(), NO_FAULTS);

    // What is handed out is a PDF of the lines that were ticked.
    let mut desk = school.desk().unwrap();
    let page = desk.page("/held?name=Lee").unwrap();
    let value = |beginning: &str| page.split(beginning).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (token, line) = (value("name=\"form_token\" value=\""), value("name=\"line\" value=\""));
    let file = desk.send("/held/visitors", &[("form_token", &token), ("line", &line)]).unwrap();
    assert!(file.bytes.starts_with(b"%PDF"), "{}", file.body);
}
