//! The website on a device that was online once, and a build that comes after.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod shown_site;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fantoccini::Locator;
use shown_site::{built, built_from, in_file_order, root, served, served_at, until};
use tests::{
    browser::{Browser, Options},
    process::scratch_folder,
};

/// Names of caches, once the page is under the care of its worker and no newer one is on its way.
const SETTLED: &str = r#"
    const done = arguments[0];
    (async () => {
        for (let tries = 0; tries < 250; tries++) {
            const all = await navigator.serviceWorker.getRegistrations();
            const idle = all.length === 1 && all[0].active?.state === "activated" && !all[0].installing && !all[0].waiting;
            if (idle && navigator.serviceWorker.controller) return caches.keys();
            await new Promise((on) => setTimeout(on, 100));
        }
        return ["never settled"];
    })().then(done, (error) => done([String(error)]));
"#;

async fn caches(browser: &Browser) -> Vec<String> {
    let names = browser.client().execute_async(SETTLED, vec![]).await.unwrap();
    names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// A script that says whether a cache is gone.
fn gone(cache: &str) -> String {
    format!("return caches.keys().then(all => !all.includes('{cache}'))")
}

async fn text(browser: &Browser) -> String {
    browser.client().find(Locator::Css("main")).await.unwrap().text().await.unwrap()
}

/// A copy of the model school that can be changed.
fn copied(to: &Path) -> PathBuf {
    let done = Command::new("cp").arg("-r").arg(root().join("content")).arg(to).status().unwrap();
    assert!(done.success());
    to.join("content")
}

fn change(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{} has no “{old}”", file.display());
    fs::write(file, text.replacen(old, new, 1)).unwrap();
}

#[tokio::test]
async fn after_one_visit_every_page_and_the_search_work_with_the_server_gone() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    // The site lies under a path of its server, not at its top.
    let (mut server, address) = served(scratch.path());
    let address = format!("{address}site/");
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&address).await.unwrap();
    assert_eq!(caches(&browser).await.len(), 1);
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    let elsewhere = browser.requested().await.unwrap().iter().find(|url| !url.starts_with(&address)).cloned();
    assert_eq!(elsewhere, None);

    server.kill();
    browser.client().refresh().await.unwrap();
    for page in in_file_order(&site).into_iter().filter(|page| page != "404.html") {
        browser.client().goto(&format!("{address}{page}")).await.unwrap();
        let title = browser.client().find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
        let html = fs::read_to_string(site.join(&page)).unwrap();
        let html = html.replace("&amp;", "&").replace("&#x27;", "'");
        let first = title.split_whitespace().next().unwrap();
        assert!(html.contains(first), "{page}: {title}");
        assert!(page.starts_with("offline") || !title.contains("no network"), "{page}");
        let whole = "return [...document.images].every(i => !i.complete || i.naturalWidth > 0) && document.styleSheets.length > 0 && document.styleSheets[0].cssRules.length > 20";
        until(&browser, whole).await;
    }
    browser.client().goto(&format!("{address}search/index.html?q=pasword")).await.unwrap();
    until(&browser, "return document.querySelectorAll('.results li').length > 0").await;
    browser.client().goto(&format!("{address}policies/nowhere/")).await.unwrap();
    assert!(text(&browser).await.contains("not kept on this device"));
}

#[tokio::test]
async fn a_new_build_shows_at_once_replaces_what_was_kept_and_a_broken_one_does_not() {
    let scratch = scratch_folder().unwrap();
    let school = copied(scratch.path());
    let out = scratch.path().join("out");
    built_from(&school, &out);
    let (mut server, top) = served(&out);
    let address = format!("{top}site/");
    let browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&address).await.unwrap();
    let first = caches(&browser).await;
    assert_eq!(first.len(), 1);

    change(&school.join("home.md"), "+++\n\n", "+++\n\nMarmalade day is on Friday.\n\n");
    let site = built_from(&school, &out);
    browser.client().goto(&address).await.unwrap();
    assert!(text(&browser).await.contains("Marmalade"), "with a network, the newest build shows at once");
    until(&browser, &gone(&first[0])).await;
    let second = caches(&browser).await;
    assert_eq!(second.len(), 1, "the caches of older builds are gone");

    // An upload that stopped half-way: the worker is new, a page is not what the worker was told.
    change(&school.join("home.md"), "Marmalade day", "Custard day");
    built_from(&school, &out);
    let torn = site.join("index.html");
    let bytes = fs::read(&torn).unwrap();
    fs::remove_file(&torn).unwrap();
    fs::write(&torn, [&bytes[..], b"<!-- torn -->"].concat()).unwrap();
    browser.client().goto(&address).await.unwrap();
    assert!(text(&browser).await.contains("Custard"));
    // It has begun to fetch the new build, in a second cache, and has given up.
    let update = "return Promise.all([navigator.serviceWorker.getRegistration(), caches.keys()]).then(([r, all]) => !r.installing && all.length === 2)";
    until(&browser, update).await;
    assert!(caches(&browser).await.contains(&second[0]), "what was kept is still there");

    server.kill();
    browser.client().goto(&format!("{address}policies/online-safety/")).await.unwrap();
    assert!(!text(&browser).await.contains("not kept on this device"));
    browser.client().goto(&address).await.unwrap();
    assert!(text(&browser).await.contains("Marmalade"), "without a network, the last whole build shows");

    // The upload is done again, and whole.
    fs::write(&torn, &bytes).unwrap();
    let port = top.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    let (mut server, _) = served_at(&out, port);
    browser.client().goto(&address).await.unwrap();
    until(&browser, &gone(&second[0])).await;
    assert_eq!(caches(&browser).await.len(), 1);
    server.kill();
    browser.client().goto(&address).await.unwrap();
    assert!(text(&browser).await.contains("Custard"));
}
