//! Figures of the preview: from saving a page to its being told in an open browser, and to its being painted.
//!
//! `cargo test --release -p benches --bench preview` with `signpost` built (`SIGNPOST_BIN_DIR` names its folder;
//! a release build is what schools run). A real Chromium, drawn in software.
#![allow(clippy::unwrap_used, reason = "a harness may end where it finds nothing to measure")]

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

use benches::{pages, percentile};
use fantoccini::Client;
use tests::{
    browser::{Browser, Options},
    process::{Process, free_port, our_program, scratch_folder},
};

const PAGES: usize = 1_000;
const SAVES: usize = 50;
/// Somebody reads what they have written; meanwhile the whole school is looked at again.
const BETWEEN: Duration = Duration::from_millis(2_500);
const PATIENCE: Duration = Duration::from_secs(60);

/// Notes in the page when news of it come, and when it was painted: milliseconds of the computer's clock.
const LISTEN: &str = r#"
    const now = () => performance.timeOrigin + performance.now();
    window.told = window.painted = 0;
    const news = new EventSource("/.signpost/news");
    news.addEventListener("page", () => { window.told ||= now(); });
    document.addEventListener("signpost:painted", () => { window.painted ||= now(); });
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scratch = scratch_folder().unwrap();
    let school = scratch.path().join("school");
    pages::write(&school, PAGES, &pages::vocabulary(5_000)).unwrap();
    let (_server, address) = serving(&school);
    let browser = Browser::open(&Options::default()).await.unwrap();
    let client = browser.client();
    client.goto(&format!("{address}policies/page-500/")).await.unwrap();
    client.execute(LISTEN, vec![]).await.unwrap();
    tokio::time::sleep(BETWEEN).await;
    let file = school.join(pages::file(500));
    let text = fs::read_to_string(&file).unwrap();
    let (mut told, mut painted) = (Vec::new(), Vec::new());
    for number in 1..=SAVES {
        client.execute("window.told = window.painted = 0", vec![]).await.unwrap();
        let words = format!("Saved {number} times.");
        let began = milliseconds();
        fs::write(&file, format!("{text}\n{words}\n")).unwrap();
        let [at_told, at_painted] = noted(client, &words).await;
        told.push(at_told - began);
        painted.push(at_painted - began);
        tokio::time::sleep(BETWEEN).await;
    }
    println!("{PAGES} pages, {SAVES} saves, a save every {} s\n", BETWEEN.as_secs_f64());
    println!("| from saving a page to | p50 | p90 | most | limit |\n|---|---|---|---|---|");
    for (what, mut taken, limit) in
        [("the open browser being told", told, "50 ms"), ("the page painted", painted, "p90 150 ms")]
    {
        taken.sort_by(f64::total_cmp);
        let [half, most, all] = [0.5, 0.9, 1.0].map(|part| format!("{:.0} ms", percentile(&taken, part)));
        println!("| {what} | {half} | {most} | {all} | {limit} |");
    }
}

fn serving(school: &Path) -> (Process, String) {
    let port = free_port().unwrap();
    let mut command = Command::new(our_program("signpost", "generator").unwrap());
    command.arg("serve").arg("--school").arg(school).args([
        "--date",
        "2026-11-22",
        "--port",
        &port.to_string(),
    ]);
    command.env_remove("SIGNPOST_THEMES");
    let mut server = Process::start(command).unwrap();
    let address = format!("http://127.0.0.1:{port}/");
    server.wait_for("where it serves", PATIENCE, |line| line.contains(&address).then_some(())).unwrap();
    (server, address)
}

fn milliseconds() -> f64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs_f64() * 1e3
}

/// Waits until the page shows these words; gives when it was told and when it was painted.
async fn noted(client: &Client, words: &str) -> [f64; 2] {
    const ASK: &str = "return [window.told, window.painted, document.querySelector('main').textContent.includes(arguments[0])]";
    let until = milliseconds() + PATIENCE.as_secs_f64() * 1e3;
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let answer = client.execute(ASK, vec![words.into()]).await.unwrap();
        let [told, painted] = [0, 1].map(|at| answer[at].as_f64().unwrap_or_default());
        if told > 0.0 && painted > 0.0 && answer[2] == true {
            return [told, painted];
        }
        assert!(milliseconds() < until, "the page never came: {answer}");
    }
}
