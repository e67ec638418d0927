//! Figures of searching a site: how large the index is, and how much a first search fetches, beside Pagefind.
//!
//! `cargo test --release -p benches --bench search` with `signpost` built (`SIGNPOST_BIN_DIR` names its folder).
//! `PAGEFIND=PROGRAM` names Pagefind, as `benches/site/peers.sh` fetches it; without it the column is empty. Both
//! search the same pages, each in a fresh page of a real Chromium, and a server of the bench counts the bytes that it
//! hands out. Pagefind's files are packed; Signpost's are as a server that packs nothing sends them.
#![allow(clippy::unwrap_used, reason = "a harness may end where it finds nothing to measure")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use benches::{pages, percentile};
use serde_json::json;
use tests::{
    browser::{Browser, Options},
    process::{our_program, scratch_folder},
};

/// Pages and different words of each site.
const SITES: [(usize, usize); 4] = [(20, 3_000), (200, 5_000), (1_000, 5_000), (1_000, 20_000)];
/// How many words are searched on each site, common ones and rare ones.
const SEARCHES: usize = 15;

/// As a reader does: a word into the field, and the first results stand there.
const OURS: &str = r#"
    const [word, done] = arguments;
    const list = document.getElementById("page--search-results");
    new MutationObserver(() => { if (list.children.length) done(list.children.length); }).observe(list, { childList: true });
    const field = document.getElementById("page--search").querySelector("input[name=q]");
    field.value = word;
    field.form.requestSubmit();
"#;
/// As Pagefind's own page does: search, then what is shown of the first results.
const THEIRS: &str = r#"
    const [word, done] = arguments;
    (async () => {
        const pagefind = await import("/pagefind/pagefind.js");
        await pagefind.init();
        const found = await pagefind.search(word);
        await Promise.all(found.results.slice(0, 8).map((result) => result.data()));
        return found.results.length;
    })().then(done, (error) => done(String(error)));
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let pagefind = std::env::var_os("PAGEFIND").map(PathBuf::from);
    println!(
        "| pages | words | index, kB in files | first search, kB, median / most | Pagefind’s index | Pagefind’s first search |\n|---|---|---|---|---|---|"
    );
    for (count, different) in SITES {
        let scratch = scratch_folder().unwrap();
        let school = scratch.path().join("school");
        let words = pages::vocabulary(different);
        pages::write(&school, count, &words).unwrap();
        let out = scratch.path().join("out");
        let mut build = Command::new(our_program("signpost", "generator").unwrap());
        build.args([
            "build",
            "--only",
            "site",
            "--no-pdf",
            "--date",
            "2026-11-22",
            "--format",
            "json",
            "--school",
        ]);
        let made = build.arg(&school).arg("--out").arg(&out).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let site = out.join("site");
        if let Some(pagefind) = &pagefind {
            let mut index = Command::new(pagefind);
            let made = index.arg("--site").arg(&site).args(["--root-selector", "main"]).output().unwrap();
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        let (address, counted) = serving(&site);
        let browser = Browser::open(&Options::default()).await.unwrap();
        // From the most common on, each a few places rarer than the one before.
        let typed: Vec<&str> = (0..SEARCHES)
            .map(|step| words[(different as f64 * 0.8).powf(step as f64 / SEARCHES as f64) as usize].as_str())
            .collect();
        let mut row = format!("| {count} | {different} | {} |", size(&site.join("search"), &["index.html"]));
        let script = fs::metadata(site.join("assets/search.js")).unwrap().len();
        row += &fetched(&browser, &typed, &format!("{address}search/"), OURS, script, &counted).await;
        if pagefind.is_some() {
            // Its own files for showing results are no part of its index.
            let shown =
                ["pagefind-ui.js", "pagefind-ui.css", "pagefind-modular-ui.js", "pagefind-modular-ui.css"];
            row += &format!(" {} |", size(&site.join("pagefind"), &shown));
            row += &fetched(&browser, &typed, &format!("{address}offline/"), THEIRS, 0, &counted).await;
        }
        println!("{row}");
        browser.close().await.unwrap();
    }
}

/// Searches each word in a fresh page; what was fetched from when the page stood to when the results did, and the
/// searching script's bytes where the page had it already.
async fn fetched(
    browser: &Browser,
    typed: &[&str],
    page: &str,
    search: &str,
    script: u64,
    counted: &AtomicUsize,
) -> String {
    let mut all = Vec::new();
    for word in typed {
        browser.client().goto("about:blank").await.unwrap();
        browser.client().goto(page).await.unwrap();
        let before = counted.load(Ordering::SeqCst);
        let found = browser.client().execute_async(search, vec![json!(word)]).await.unwrap();
        assert!(found.as_u64().is_some_and(|found| found > 0), "“{word}” is not found: {found}");
        all.push((counted.load(Ordering::SeqCst) - before + script as usize) as f64 / 1e3);
    }
    all.sort_by(f64::total_cmp);
    format!(" {:.0} / {:.0} |", percentile(&all, 0.5), percentile(&all, 1.0))
}

fn size(folder: &Path, but: &[&str]) -> String {
    let (mut bytes, mut files, mut folders) = (0, 0, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !but.iter().any(|name| path.ends_with(name)) {
                bytes += fs::metadata(&path).unwrap().len();
                files += 1;
            }
        }
    }
    format!("{:.0} in {files}", bytes as f64 / 1e3)
}

/// A plain web server on a thread of its own, and how many bytes of files it has handed out.
fn serving(site: &Path) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let counted = Arc::new(AtomicUsize::new(0));
    let (site, count) = (site.to_owned(), Arc::clone(&counted));
    std::thread::spawn(move || {
        for caller in listener.incoming().flatten() {
            let (site, count) = (site.clone(), Arc::clone(&count));
            std::thread::spawn(move || answer(caller, &site, &count));
        }
    });
    (address, counted)
}

fn answer(mut caller: TcpStream, site: &Path, counted: &AtomicUsize) -> Option<()> {
    let mut lines = BufReader::new(caller.try_clone().ok()?).lines();
    let asked = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let path = asked.split(' ').nth(1)?.split('?').next()?.trim_start_matches('/').to_owned();
    let mut file = site.join(path);
    if file.is_dir() {
        file.push("index.html");
    }
    let kind = match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    // Nothing is kept for later, which would be fetched meanwhile.
    let kept = file.ends_with("sw.js");
    let (status, body) =
        fs::read(&file).ok().filter(|_| !kept).map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    counted.fetch_add(body.len(), Ordering::SeqCst);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    caller.write_all(head.as_bytes()).ok()?;
    caller.write_all(&body).ok()
}
