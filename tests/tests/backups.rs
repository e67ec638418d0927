//! Backups in the office: by a real browser and a keyboard alone, with a hub that serves.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use std::fs;
use std::time::{Duration, Instant};
use tests::accessibility::prepare;
use tests::browser::{Browser, Options};
use tests::desk::OWN_PASSWORD;
use tests::keyboard::{press, tab_to, type_words};
use tests::process::Process;
use tests::school::School;
use tests::sight::look;

const NO_FAULTS: Vec<String> = Vec::new();

#[tokio::test]
async fn the_office_makes_a_backup_with_the_keyboard_alone_and_is_told_when_the_stick_is_gone() {
    let mut school = School::open().unwrap();
    school.desk().unwrap();
    school.kill_hub();
    let stick = school.path("stick");
    fs::create_dir(&stick).unwrap();
    let mut serve = school.serve_command(&school.hub_data()).unwrap();
    serve.arg("--backups").arg(&stick);
    school.take_hub(Process::start(serve).unwrap()).unwrap();
    let finished = || {
        let names = fs::read_dir(&stick).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".backup")).count()
    };
    let begun = Instant::now();
    while finished() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "a hub that has no backup makes one at once");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let mut browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("https://{}", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("#name")).await.unwrap();
    type_words(&browser, &school.first_sign_in.0).await.unwrap();
    press(&browser, "Tab").await.unwrap();
    type_words(&browser, OWN_PASSWORD).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("ul.cards")).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'all backups'", 40).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("table.stacked .chip.done")).await.unwrap();
    assert_eq!(look(&browser, "backups").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.textContent.trim() === 'Back up now'", 40).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    // The page looks again by itself until it is done.
    client
        .wait()
        .at_most(Duration::from_secs(120))
        .for_element(Locator::Css("tr:nth-child(2) .chip.done"))
        .await
        .unwrap();
    assert!((1..=2).contains(&finished()));

    fs::rename(&stick, school.path("pulled-out")).unwrap();
    client
        .wait()
        .at_most(Duration::from_secs(120))
        .for_element(Locator::Css("main form button"))
        .await
        .unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Back up now'", 40).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().at_most(Duration::from_secs(120)).for_element(Locator::Css(".chip.stop")).await.unwrap();
    let page = client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(
        page.contains("Plug the stick in") && page.contains("The last good backup was made on"),
        "{page}"
    );
    assert!(!stick.exists());
    assert_eq!(look(&browser, "backups-gone").await.unwrap(), NO_FAULTS);
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}
