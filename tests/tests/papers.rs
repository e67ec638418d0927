//! A class signed on paper: the office enters the sheet with its scan, by keyboard alone, in a real browser; a kiosk shows the
//! ticks; the office finds the paper, saves the scan, and takes a wrong name back.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use fantoccini::Locator;
use serde_json::Value;
use tests::child::Child;
use tests::keyboard::{press, tab_to};
use tests::school::{School, root};
use tests::sight::{click, fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();
/// A class that signs by itself.
const CLASS: &str = "Acorn";
/// Who was ill again, and is not on the sheet.
const NOT_ON_IT: &str = "Joan Waterhouse";

#[tokio::test]
async fn the_office_enters_a_class_sheet_with_its_scan_by_keyboard_and_finds_it_and_the_kiosks_show_the_ticks()
 {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut desk = school.desk().unwrap();
    let scan = school.path("acorn.pdf");
    let words = b"%PDF-1.7\n% a sheet with names\n%%EOF\n";
    fs::write(&scan, words).unwrap();
    let no_scan = school.path("acorn-letter.pdf");
    fs::write(&no_scan, "Dear parents").unwrap();

    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    let read = async || client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    client.goto(&format!("https://{}/register/ks1", school.desk_address())).await.unwrap();
    tab_to(&browser, &format!("here.textContent.trim() === '{CLASS}'"), 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Enter signatures from paper'", 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("table.signers")).await.unwrap();
    assert_eq!(look(&browser, "paper-sheet").await.unwrap(), NO_FAULTS);

    // Everybody is on it but one, and one was helped.
    tab_to(&browser, "here.textContent.trim().startsWith('Tick all')", 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("input[name=on]:checked")).await.unwrap();
    let of = |name: &str, field: &str| {
        format!("here.name === '{field}' && here.closest('tr').textContent.includes('{name}')")
    };
    tab_to(&browser, &of("Hugo Waterhouse", "helped"), 160).await.unwrap();
    press(&browser, "Space").await.unwrap();
    tab_to(&browser, &of(NOT_ON_IT, "on"), 160).await.unwrap();
    press(&browser, "Space").await.unwrap();
    // A file that is no scan is refused, and every tick is still there.
    fill(&browser, "#scan", &no_scan.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Enter these signatures'", 160).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("[role=alert]")).await.unwrap();
    let told = read().await;
    assert!(told.contains("neither a PDF nor a JPEG nor a PNG"), "{told}");
    assert_eq!(look(&browser, "paper-sheet-refused").await.unwrap(), NO_FAULTS);
    let count = async |css: &str| {
        let script = format!("return document.querySelectorAll(\"{css}\").length;");
        client.execute(&script, vec![]).await.unwrap().as_u64().unwrap()
    };
    let all = count("input[name=on]").await;
    assert_eq!(count("input[name=on]:checked").await, all - 1);
    assert_eq!(count("input[name=helped]:checked").await, 1);
    fill(&browser, "#scan", &scan.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Enter these signatures'", 160).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("table.people")).await.unwrap();
    let page = read().await;
    assert!(page.contains(&format!("{} signatures are entered from paper.", all - 1)), "{page}");
    assert!(page.contains("on paper, entered by") && page.contains("with a scan"), "{page}");
    assert_eq!(look(&browser, "paper-section").await.unwrap(), NO_FAULTS);

    // It counts in the register's file and at the kiosk, and whoever was not on it is asked.
    let lines = desk.register("ks1").unwrap();
    let of_class = |signed: bool| {
        let is = move |line: &&tests::desk::Line| line.class == CLASS && (line.state == "signed") == signed;
        lines.iter().filter(is).count() as u64
    };
    assert_eq!((of_class(true), of_class(false)), (all - 1, 1));
    let mut kiosk = Child::at(&data).unwrap();
    kiosk.sync().unwrap();
    let (everybody, ticked) = kiosk.everybody().unwrap();
    let without: Vec<_> =
        everybody.iter().filter(|one| one.class == CLASS && !ticked.contains(one)).collect();
    assert!(without.len() == 1 && NOT_ON_IT.starts_with(&without[0].name), "{without:?}");
    kiosk.leave().unwrap();

    // The paper of one of them, and its scan as it was brought.
    tab_to(&browser, "here.textContent.trim() === 'Paper of Hugo Waterhouse'", 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("#scan-held")).await.unwrap();
    let page = read().await;
    assert!(page.contains("somebody helped") && page.contains("PDF, kept with"), "{page}");
    assert_eq!(look(&browser, "paper-one").await.unwrap(), NO_FAULTS);
    let address = client.current_url().await.unwrap().path().to_owned();
    let file = desk.get(&format!("{address}/scan")).unwrap();
    assert_eq!((file.status, &file.bytes[..]), (200, &words[..]));
    assert!(file.head.to_lowercase().contains("content-disposition: attachment"), "{}", file.head);

    // He was not there after all: it is taken back, and says so.
    tab_to(&browser, "here.tagName === 'SUMMARY' && here.textContent.includes('signature back')", 200)
        .await
        .unwrap();
    press(&browser, "Enter").await.unwrap();
    click(&browser, "label[for=why-another-person]").await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Take it back'", 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::XPath("//h2[contains(., 'Taken back')]")).await.unwrap();
    assert_eq!(look(&browser, "paper-taken-back").await.unwrap(), NO_FAULTS);

    // The scan was of another class: it is taken away from all, and a photograph is kept for the whole sheet.
    click(&browser, "details.wall summary").await.unwrap();
    click(&browser, "label[for=sure]").await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Take it away'", 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("#all")).await.unwrap();
    assert_eq!(look(&browser, "paper-without-scan").await.unwrap(), NO_FAULTS);
    click(&browser, "label[for=all]").await.unwrap();
    let photograph = root().join("generator/tests/all/small-school/images/hall.jpg");
    fill(&browser, "#scan", &photograph.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Keep the scan'", 200).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client
        .wait()
        .for_element(Locator::XPath("//*[@id='scan-held'][contains(., 'photograph')]"))
        .await
        .unwrap();
    assert!(read().await.contains(&format!("kept with {} others", all - 2)));

    // From there the office goes on: nothing stands out of the window.
    client.goto(&format!("https://{}/people", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("main")).await.unwrap();
    assert_eq!(look(&browser, "paper-people").await.unwrap(), NO_FAULTS);
    let fits = "return document.documentElement.scrollWidth <= window.innerWidth;";
    assert_eq!(client.execute(fits, vec![]).await.unwrap(), Value::Bool(true));
    let complaints = browser.complaints().await.unwrap();
    assert!(complaints.iter().all(|one| one.contains("400 (Bad Request)")), "{complaints:?}");
}
