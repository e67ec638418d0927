//! The browser wrapper: a page is opened, read, pictured; what it asked for and complained of is known.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::time::{Duration, Instant};
use tests::browser::{Browser, Options};
use tests::process::scratch_folder;

const PAGE: &str = r#"<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<title>A finger-post</title>
<link rel="stylesheet" href="post.css">
<h1>This way to school</h1>
<img src="https://third.example/pixel.png" alt="">
<script>throw new Error("the sign has fallen");</script>
</html>
"#;

#[tokio::test]
async fn a_page_is_read_and_what_it_asked_for_and_complained_of_is_known() {
    let folder = scratch_folder().unwrap();
    fs::write(folder.path().join("page.html"), PAGE).unwrap();
    fs::write(folder.path().join("post.css"), "body { background: #FBF7EF; font: 2rem sans-serif }").unwrap();
    let address = format!("file://{}/page.html", folder.path().canonicalize().unwrap().display());

    let mut browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&address).await.unwrap();
    assert_eq!(browser.client().title().await.unwrap(), "A finger-post");
    let heading = browser.client().find(fantoccini::Locator::Css("h1")).await.unwrap();
    assert_eq!(heading.text().await.unwrap(), "This way to school");

    let requested = browser.requested().await.unwrap().to_vec();
    assert!(requested.contains(&address), "{requested:?}");
    assert!(requested.iter().any(|url| url.ends_with("/post.css")), "{requested:?}");
    assert!(requested.contains(&"https://third.example/pixel.png".to_owned()), "{requested:?}");
    assert!(requested.len() == 3, "the page alone asks: {requested:?}");

    let complaints = browser.complaints().await.unwrap();
    assert!(complaints.iter().any(|line| line.contains("the sign has fallen")), "{complaints:?}");
    assert!(complaints.iter().any(|line| line.contains("third.example")), "{complaints:?}");

    let picture = browser.screenshot("browser-smoke").await.unwrap();
    assert!(fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_page_in_good_order_gives_no_complaint() {
    let folder = scratch_folder().unwrap();
    let path = folder.path().join("page.html");
    fs::write(&path, "<!doctype html><html lang=en><title>Calm</title><p>All is well.").unwrap();
    let phone = Options { window: (360, 640), ..Options::default() };
    let mut browser = Browser::open(&phone).await.unwrap();
    browser.client().goto(&format!("file://{}", path.display())).await.unwrap();
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    assert_eq!(browser.requested().await.unwrap().len(), 1);
    let size = browser.client().execute("return [innerWidth, innerHeight]", vec![]).await.unwrap();
    assert_eq!(size, serde_json::json!([360, 640]), "a page as narrow as a phone's");
}

#[tokio::test]
async fn a_browser_that_is_let_go_of_is_gone() {
    let browser = Browser::open(&Options::default()).await.unwrap();
    let profile = format!("--user-data-dir={}", browser.profile().display());
    assert!(processes_with(&profile) > 0);
    drop(browser);
    let began = Instant::now();
    while processes_with(&profile) > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "Chromium outlived its test");
        std::thread::yield_now();
    }
}

fn processes_with(argument: &str) -> usize {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let arguments = processes.map(|it| fs::read(it.path().join("cmdline")).unwrap_or_default());
    arguments.filter(|all| all.split(|&byte| byte == 0).any(|one| one == argument.as_bytes())).count()
}
