//! The desk's menu: in one row on an ordinary screen, grouped, and all of it by the keyboard.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use serde_json::Value;
use tests::accessibility::{Colours, show};
use tests::keyboard::{press, tab_to};
use tests::school::School;
use tests::sight::{click, look, signed_in, signed_in_as};

const NO_FAULTS: Vec<String> = Vec::new();

/// How many rows the parts of the header stand in, and whether anything stands out of the window.
const ROWS: &str =
    "const tops = [...document.querySelectorAll('.top .brand, .top nav > ul > li, .top .who > *')]
    .map(part => { const box = part.getBoundingClientRect(); return (box.top + box.bottom) / 2; });
    const rows = tops.sort((a, b) => a - b).filter((top, i) => i === 0 || top - tops[i - 1] > 12).length;
    return [rows, document.documentElement.scrollWidth <= window.innerWidth];";

#[tokio::test]
async fn the_menu_stands_in_one_row_and_every_page_of_it_is_reached_by_the_keyboard() {
    let school = School::open().unwrap();
    school.desk().unwrap();
    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    for (width, rows) in [(1280, Some(1)), (1600, Some(1)), (800, None), (390, None)] {
        show(&browser, width, Colours::Light).await.unwrap();
        let found = client.execute(ROWS, vec![]).await.unwrap();
        assert_eq!(found[1], Value::Bool(true), "nothing stands out at {width}");
        if let Some(rows) = rows {
            assert_eq!(found[0], Value::from(rows), "at {width}");
        }
    }
    show(&browser, 1280, Colours::Light).await.unwrap();
    for (group, page, heading) in [
        ("People", "/people", "People"),
        ("People", "/families", "Families"),
        ("People", "/visitors", "Visitors’ book"),
        ("People", "/restrictions", "Court orders"),
        ("People", "/held", "What we hold"),
        ("People", "/retention", "How long"),
        ("People", "/processing", "Record of processing"),
        ("Kiosks", "/kiosks", "Kiosks"),
        ("Kiosks", "/set-aside", "Set aside"),
        ("Kiosks", "/backups", "Backups"),
        ("office", "/password", "password"),
        ("office", "/second-step", "Second step"),
    ] {
        let summary = format!("here.tagName === 'SUMMARY' && here.textContent.includes('{group}')");
        tab_to(&browser, &summary, 20).await.unwrap();
        press(&browser, "Enter").await.unwrap();
        client.wait().for_element(Locator::Css(".top details[open]")).await.unwrap();
        if page == "/families" {
            assert_eq!(look(&browser, "menu-open").await.unwrap(), NO_FAULTS);
            show(&browser, 390, Colours::Light).await.unwrap();
            assert_eq!(client.execute(ROWS, vec![]).await.unwrap()[1], Value::Bool(true), "open on a phone");
            show(&browser, 1280, Colours::Light).await.unwrap();
        }
        tab_to(&browser, &format!("here.pathname === '{page}'"), 8).await.unwrap();
        press(&browser, "Enter").await.unwrap();
        let there = format!("//h1[contains(., '{heading}')]");
        client.wait().for_element(Locator::XPath(&there)).await.unwrap();
        assert!(client.find(Locator::Css(".top details[open]")).await.is_err(), "it is closed again");
    }
    // Nor does it need the page's own scripts.
    let off = serde_json::json!({ "value": true });
    browser.devtools("Emulation.setScriptExecutionDisabled", off).await.unwrap();
    client.goto(&format!("https://{}", school.desk_address())).await.unwrap();
    let none = client.execute("return matchMedia('(scripting: none)').matches;", vec![]).await.unwrap();
    assert_eq!(none, Value::Bool(true));
    click(&browser, ".top details:has(a[href='/restrictions']) summary").await.unwrap();
    click(&browser, ".top a[href='/restrictions']").await.unwrap();
    client.wait().for_element(Locator::XPath("//h1[contains(., 'Court orders')]")).await.unwrap();
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
}

#[tokio::test]
async fn the_menu_of_whoever_looks_after_the_machines_stands_in_one_row_too() {
    let school = School::open().unwrap();
    school.desk().unwrap();
    school.account("technician", "technician").unwrap();
    let mut browser = signed_in_as(&school, "technician").await.unwrap();
    show(&browser, 1280, Colours::Light).await.unwrap();
    let found = browser.client().execute(ROWS, vec![]).await.unwrap();
    assert_eq!((&found[0], &found[1]), (&Value::from(1), &Value::Bool(true)));
    click(&browser, ".top details:has(a[href='/backups']) summary").await.unwrap();
    assert_eq!(look(&browser, "technician-menu-open").await.unwrap(), NO_FAULTS);
    click(&browser, ".top a[href='/backups']").await.unwrap();
    browser.client().wait().for_element(Locator::XPath("//h1[contains(., 'Backups')]")).await.unwrap();
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
}
