//! Letters to families, made in the office's page in a real browser: mistakes told in their places, three hundred
//! letters with their progress, one file to take, and nothing of anybody left behind.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod opened_office;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use data_encoding::BASE64;
use fantoccini::{Client, Locator};
use opened_office::started;
use tests::{
    browser::{Browser, Options},
    process::{our_program, scratch_folder},
};

const FAMILIES: usize = 300;
const HEADINGS: &str = "Forename,Surname,Class,Salutation,Agreement,Signed on,Language";
/// A name that stands nowhere else, to be looked for on the disk.
const NAME: &str = "Quillfeather";

/// The families of a school, one a line.
fn families() -> String {
    let line = |n: usize| {
        let language = if n.is_multiple_of(50) { "Polish" } else { "" };
        format!("Child{n},{NAME}-{n},Acorn,Mx {NAME}-{n},Our promise,2025-09-22,{language}\n")
    };
    format!("{HEADINGS}\n{}", (1..=FAMILIES).map(line).collect::<String>())
}

async fn press(client: &Client, words: &str) {
    let xpath = format!("//*[self::a or self::button][starts-with(normalize-space(), '{words}')]");
    client.find(Locator::XPath(&xpath)).await.unwrap().click().await.unwrap();
}

async fn until(client: &Client, what: &str, script: &str) {
    let began = Instant::now();
    // Between two pages there is none to ask.
    while client.execute(script, vec![]).await.unwrap_or_default() != true {
        assert!(began.elapsed() < Duration::from_secs(60), "it never came to pass: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn choose(client: &Client, list: &Path) {
    let input = client.find(Locator::Id("file")).await.unwrap();
    input.send_keys(&list.display().to_string()).await.unwrap();
}

/// What the page says is to be mended: where, and what.
async fn told(client: &Client) -> Vec<(String, String)> {
    until(client, "mistakes", "return document.querySelectorAll('.problem').length > 0").await;
    let script = "return [...document.querySelectorAll('.problem')].map((one) => \
                  [one.querySelector('.where').textContent, one.querySelector('.what').textContent]);";
    serde_json::from_value(client.execute(script, vec![]).await.unwrap()).unwrap()
}

/// The file that the page hands out, as the browser gets it.
async fn taken(client: &Client) -> Vec<u8> {
    let script = "const done = arguments[0]; fetch(document.querySelector('a[download]').href) \
        .then((answer) => answer.blob()).then((blob) => { const reader = new FileReader(); \
        reader.onload = () => done(reader.result.split(',')[1]); reader.readAsDataURL(blob); });";
    let text = client.execute_async(script, vec![]).await.unwrap();
    BASE64.decode(text.as_str().unwrap().as_bytes()).unwrap()
}

/// Every file below a folder that holds these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(holding(&path, bytes));
        } else if fs::read(&path).is_ok_and(|file| file.windows(bytes.len()).any(|part| part == bytes)) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn letters_to_three_hundred_families_are_made_without_a_terminal_and_nothing_of_them_stays_behind() {
    let (home, lists) = (scratch_folder().unwrap(), scratch_folder().unwrap());
    let school = home.path().join("school");
    let signpost = our_program("signpost", "generator").unwrap();
    assert!(Command::new(&signpost).arg("new").arg(&school).output().unwrap().status.success());
    let (_office, address) = started(home.path(), Some(&school));
    let mut browser = Browser::open(&Options { window: (1280, 1000), ..Options::default() }).await.unwrap();
    let client = browser.client().clone();
    client.goto(&address).await.unwrap();
    client.find(Locator::LinkText("Letters")).await.unwrap().click().await.unwrap();
    browser.screenshot("office-letters").await.unwrap();
    client.find(Locator::Css("a[href='/letters/sign-again']")).await.unwrap().click().await.unwrap();
    browser.screenshot("office-letter").await.unwrap();

    // Nothing was chosen.
    press(&client, "Make the letters").await;
    until(&client, "what is missing", "return !!document.querySelector('[role=alert]')").await;

    // Put in by hand, with two mistakes; both are told, and the words are still there to be mended.
    client.find(Locator::Css("details summary")).await.unwrap().click().await.unwrap();
    let pasted = format!(
        "{HEADINGS}\nAmelia,{NAME},Acorn,Mrs {NAME},Our promise,,\nZoe,?uczak,Oak,Mx ?uczak,Our promise,1 May,\n"
    );
    client.find(Locator::Id("pasted")).await.unwrap().send_keys(&pasted).await.unwrap();
    press(&client, "Make the letters").await;
    let found = told(&client).await;
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "In your list, line 2, column F",
            "In your list, line 3, column B",
            "In your list, line 3, column D"
        ],
        "{found:?}"
    );
    assert!(found[0].1.contains("Signed on") && found[1].1.contains("A letter was lost"), "{found:?}");
    browser.screenshot("office-letter-refused").await.unwrap();
    let kept = client.find(Locator::Id("pasted")).await.unwrap().prop("value").await.unwrap();
    assert!(kept.unwrap().contains(NAME), "nothing has to be put in twice");
    let marked = client.find(Locator::Css(".problem mark")).await.unwrap().text().await.unwrap();
    assert!(!marked.contains(NAME) && found.iter().all(|(_, what)| !what.contains(NAME)));

    // A list as the office system exports it, mended: a letter for each family, in one zip.
    let list = lists.path().join("families.csv");
    fs::write(&list, families()).unwrap();
    choose(&client, &list).await;
    client.find(Locator::Css("label[for=each]")).await.unwrap().click().await.unwrap();
    press(&client, "Make the letters").await;
    let ready = "return document.querySelector('h1')?.textContent === 'The letters are ready'";
    let watch = format!(
        "const told = document.getElementById('told'); \
         if (told) window.name = window.name + '|' + told.textContent; {ready}"
    );
    until(&client, "they are made", &watch).await;
    let seen = client.execute("return window.name", vec![]).await.unwrap();
    assert!(seen.as_str().unwrap().contains(&format!(" of {FAMILIES} letters are made")), "progress: {seen}");
    browser.screenshot("office-letters-made").await.unwrap();
    let zip = taken(&client).await;
    let names = zip.windows(4).filter(|four| four == b"PK\x01\x02").count();
    assert_eq!(names, FAMILIES);
    let last = format!("{FAMILIES}-acorn-quillfeather-{FAMILIES}-child{FAMILIES}.pdf");
    assert!(zip.windows(last.len()).any(|part| part == last.as_bytes()), "a file is named by whom it is for");

    // And in one file for the printer.
    client.find(Locator::LinkText("All letters")).await.unwrap().click().await.unwrap();
    client.find(Locator::Css("a[href='/letters/sign-again']")).await.unwrap().click().await.unwrap();
    choose(&client, &list).await;
    press(&client, "Make the letters").await;
    until(&client, "they are ready", ready).await;
    let pdf = taken(&client).await;
    assert!(pdf.starts_with(b"%PDF"));
    let file = lists.path().join("letters.pdf");
    fs::write(&file, &pdf).unwrap();
    let said = Command::new("pdftotext").arg("-raw").arg(&file).arg("-").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let greeted = |n: usize| said.contains(&format!("Dear Mx {NAME}-{n},"));
    assert!((1..=FAMILIES).all(greeted), "everybody has a letter");

    // Forgotten when one says so.
    press(&client, "I have them").await;
    until(&client, "the list of letters", "return location.pathname === '/letters'").await;
    let gone =
        "const done = arguments[0]; fetch('/made/sign-again.pdf').then((answer) => done(answer.status));";
    assert_eq!(client.execute_async(gone, vec![]).await.unwrap(), 404);

    // Neither the program nor the browser has written anything of it down.
    for (folder, whose) in [(home.path(), "the office"), (browser.profile(), "the browser")] {
        let left = holding(folder, NAME.as_bytes());
        assert!(left.is_empty(), "{whose} left it in {left:?}");
    }
    let elsewhere: Vec<_> = browser
        .requested()
        .await
        .unwrap()
        .iter()
        .filter(|url| !url.starts_with("http://127.0.0.1") && !url.starts_with("data:"))
        .cloned()
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}
