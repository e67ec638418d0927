//! A child who told something is answered, without having said who they are: from one kiosk over the desk to another.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use tests::accessibility::prepare;
use tests::browser::{Browser, Options};
use tests::child::Child;
use tests::days_ahead::DaysAhead;
use tests::desk::{BOX_WORDS, OWN_PASSWORD};
use tests::process::Process;
use tests::school::School;
use tests::sight::{click, fill, look, type_code};

const NO_FAULTS: Vec<String> = Vec::new();
const SENTENCE: &str = "Thank you for telling us. A grown-up is working to put it right.";

/// Looks with these pictures whether there is an answer, and goes back to the start.
fn ask(child: &mut Child, pictures: &[String]) -> Option<String> {
    child.press("I didn’t like something").unwrap();
    child.press("Is there an answer?").unwrap();
    for picture in pictures {
        child.press(picture).unwrap();
    }
    assert_eq!(child.screen(), "tell-answer");
    let answer = child.answer();
    child.press("Finish").unwrap();
    answer
}

#[tokio::test]
async fn a_child_tells_at_one_kiosk_and_reads_the_answer_from_the_desk_two_days_later_at_another() {
    let mut school = School::open().unwrap();
    let corridor = school.paired_kiosk("Corridor").unwrap();
    let library = school.paired_kiosk("Library").unwrap();
    school.holders().unwrap();
    let mut child = Child::at(&corridor).unwrap();
    child.sync().unwrap();
    let pictures =
        child.tell(&["Worried", "I got a message", "In a game", "I don’t know them", "No, not now"]).unwrap();
    assert_eq!((child.screen(), pictures.len()), ("told", 4));
    child.press("Finish").unwrap();
    child.leave().unwrap();
    // Boxes go by the clock, and when a kiosk is started.
    let mut child = Child::at(&corridor).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();

    answer_at_the_desk(&school, &pictures).await;

    let mut reader = Child::at(&library).unwrap();
    reader.sync().unwrap();
    assert_eq!(ask(&mut reader, &pictures), None, "never on the same day");
    // Two mornings later: the next place may be the one of the day after tomorrow.
    let (clock, kiosks) = (DaysAhead::new().unwrap(), school.kiosk_address());
    school.kill_hub();
    let kiosks = kiosks.to_string();
    let serve = ["serve", "--desk", "127.0.0.1:0", "--kiosks", &kiosks];
    let mut command = school.hub_program(&serve, &school.hub_data()).unwrap();
    clock.attach(&mut command, 2);
    school.take_hub(Process::start(command).unwrap()).unwrap();
    reader.sync().unwrap();
    let mut turned = pictures.clone();
    turned.reverse();
    assert_eq!(ask(&mut reader, &turned), None, "the order counts");
    assert_eq!(ask(&mut reader, &pictures).as_deref(), Some(SENTENCE));
    reader.leave().unwrap();
    let mut reader = Child::at(&library).unwrap();
    assert_eq!(ask(&mut reader, &pictures), None, "kept on no disk");
    reader.sync().unwrap();
    assert_eq!(ask(&mut reader, &pictures).as_deref(), Some(SENTENCE), "and there again with the next sync");
    reader.leave().unwrap();
}

/// The safeguarding lead answers in a real browser, looked at as on a phone, a desktop, by night and in forced colours.
async fn answer_at_the_desk(school: &School, pictures: &[String]) {
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let mut browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("https://{}", school.desk_address())).await.unwrap();
    fill(&browser, "#name", "safeguarding").await.unwrap();
    fill(&browser, "#password", OWN_PASSWORD).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    type_code(&browser, &school.phone_code("safeguarding")).await.unwrap();
    client.wait().for_element(Locator::Css("#passphrase")).await.unwrap();
    fill(&browser, "#passphrase", BOX_WORDS).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    client.wait().for_element(Locator::Css("ul.told")).await.unwrap();
    click(&browser, "ul.told h2 a").await.unwrap();
    client.wait().for_element(Locator::Css("#answer-sentence")).await.unwrap();
    assert_eq!(look(&browser, "answer-offered").await.unwrap(), NO_FAULTS);
    let page = client.source().await.unwrap();
    for picture in pictures {
        let symbol = format!("/symbols/tile-{}", picture.to_lowercase());
        assert!(!page.contains(&symbol), "whoever answers does not see the pictures");
    }
    client
        .find(Locator::Css("#answer-sentence"))
        .await
        .unwrap()
        .select_by_value("putting-right")
        .await
        .unwrap();
    click(&browser, "form[method=get][action$='/answer'] button").await.unwrap();
    client.wait().for_element(Locator::Css(".child-sees")).await.unwrap();
    let seen = client.find(Locator::Css(".child-sees")).await.unwrap().text().await.unwrap();
    assert_eq!(seen, SENTENCE);
    assert_eq!(look(&browser, "answer-as-the-child-sees-it").await.unwrap(), NO_FAULTS);
    click(&browser, "form[method=post][action$='/answer'] button").await.unwrap();
    client.wait().for_element(Locator::Css("#answer .typed")).await.unwrap();
    assert_eq!(look(&browser, "answer-given").await.unwrap(), NO_FAULTS);
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}
