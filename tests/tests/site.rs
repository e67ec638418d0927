//! The model school's website in a real browser: every page, at a phone's and a laptop's width, light
//! and dark; nothing asked of anybody else, nothing wrong on the console; words as in the Markdown.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod shown_site;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use fantoccini::{Locator, elements::Element};
use serde_json::json;
use tests::{
    browser::{Browser, Options},
    keyboard::press,
    process::{Process, free_port, our_program, scratch_folder},
};

use shown_site::{built, root};

/// `signpost serve`, as somebody who edits sees the site; gives back its address.
fn served() -> (Process, String) {
    let port = free_port().unwrap();
    let mut command = Command::new(our_program("signpost", "generator").unwrap());
    command.args(["serve", "--school"]).arg(root().join("content"));
    command.args(["--port", &port.to_string()]);
    let mut server = Process::start(command).unwrap();
    let address = format!("http://127.0.0.1:{port}/");
    let ready = |line: &str| line.contains(&address).then_some(());
    server.wait_for("where it serves", Duration::from_secs(120), ready).unwrap();
    (server, address)
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(pages(&path));
        } else if path.extension().is_some_and(|e| e == "html") {
            all.push(path);
        }
    }
    all.sort();
    all
}

async fn resize(browser: &Browser, width: u32, dark: bool) {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700 });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await.unwrap();
    let scheme = if dark { "dark" } else { "light" };
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.devtools("Emulation.setEmulatedMedia", media).await.unwrap();
}

/// What a page gets wrong that a browser can see: something wider than the screen, a picture that did
/// not load or has no alternative text, no language, no title, not exactly one main heading, a control
/// without a name or smaller than 24 pixels (WCAG 2.2, 2.5.8; links within a sentence are exempt).
const FAULTS: &str = r#"
    const faults = [];
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) faults.push(`wider than the screen by ${wide} px`);
    if (!document.documentElement.lang) faults.push("no language");
    if (!document.title.trim()) faults.push("no title");
    if (document.querySelectorAll("h1").length !== 1) faults.push("not one main heading");
    if (!document.querySelector("main")) faults.push("no main part");
    for (const img of document.images) {
        if (!img.hasAttribute("alt")) faults.push(`no alternative text: ${img.src}`);
        if (img.complete && img.naturalWidth === 0) faults.push(`did not load: ${img.src}`);
    }
    let level = 0;
    for (const h of document.querySelectorAll("h1,h2,h3,h4,h5,h6")) {
        const now = Number(h.tagName[1]);
        if (now > level + 1) faults.push(`heading level skipped: ${h.textContent}`);
        level = now;
    }
    const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
    for (const id of ids) if (ids.filter(i => i === id).length > 1) faults.push(`id twice: ${id}`);
    for (const a of document.querySelectorAll("a[href], button")) {
        if (!(a.textContent.trim() || a.getAttribute("aria-label"))) faults.push(`no name: ${a.outerHTML}`);
        const box = a.getBoundingClientRect();
        const inline = getComputedStyle(a).display === "inline";
        if (!inline && box.width > 1 && (box.height < 24 || box.width < 24))
            faults.push(`too small to tap: ${a.textContent.trim()} ${box.width}x${box.height}`);
    }
    return faults;
"#;

#[tokio::test]
async fn every_page_is_in_good_order_on_a_phone_and_a_laptop_by_day_and_by_night() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let pages = pages(&site);
    assert!(pages.len() >= 9, "{pages:?}");
    let (_server, address) = served();
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    let mut faults = Vec::new();
    for page in &pages {
        let name = page.strip_prefix(&site).unwrap().display().to_string();
        browser.client().goto(&format!("{address}{name}")).await.unwrap();
        for (width, dark) in [(320, false), (390, true), (1280, false), (1280, true)] {
            resize(&browser, width, dark).await;
            let found = browser.client().execute(FAULTS, vec![]).await.unwrap();
            for fault in found.as_array().unwrap() {
                faults.push(format!("{name} at {width}: {}", fault.as_str().unwrap()));
            }
            let mode = if dark { "dark" } else { "light" };
            let picture = name.replace("/index.html", "").replace('/', "-").replace(".html", "");
            browser.screenshot(&format!("site-{picture}-{width}-{mode}")).await.unwrap();
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    let elsewhere: Vec<_> =
        browser.requested().await.unwrap().iter().filter(|url| !url.starts_with(&address)).collect();
    assert!(elsewhere.is_empty(), "a page asked somebody else: {elsewhere:?}");
}

#[tokio::test]
async fn every_link_of_every_page_leads_somewhere() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let browser = Browser::open(&Options::default()).await.unwrap();
    let script = "return [...document.querySelectorAll('a[href]')].map(a => a.href)";
    for page in pages(&site) {
        browser.client().goto(&format!("file://{}", page.display())).await.unwrap();
        for link in browser.client().execute(script, vec![]).await.unwrap().as_array().unwrap() {
            let Some(target) = link.as_str().unwrap().strip_prefix("file://") else { continue };
            // A server shows the page for what is not found at any address: its links begin at the root.
            let inside = Path::new(target.split('#').next().unwrap()).starts_with(&site);
            let target = if inside { target.to_owned() } else { format!("{}{target}", site.display()) };
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            // What is asked of a page, such as a search in Polish, is no part of the file’s name.
            let path = path.split('?').next().unwrap();
            let file = fs::read(path)
                .unwrap_or_else(|e| panic!("{}: a link leads to {path}, and there: {e}", page.display()));
            // A PDF is no text, and has no place that a link of a page leads to.
            let html = String::from_utf8_lossy(&file);
            let there = anchor.is_empty() || html.contains(&format!("id=\"{anchor}\""));
            assert!(there, "{}: {path} has no #{anchor}", page.display());
        }
    }
}

#[tokio::test]
async fn a_parent_with_only_a_keyboard_gets_past_the_menu_and_into_a_policy() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let browser = Browser::open(&Options::default()).await.unwrap();
    let client = browser.client();
    client.goto(&format!("file://{}/index.html", site.display())).await.unwrap();
    press(&browser, "Tab").await.unwrap();
    let first = client.active_element().await.unwrap();
    let to = first.attr("href").await.unwrap().unwrap();
    assert!(to.starts_with('#'), "the first stop leads past the menu: {to}");
    assert!(is_seen(&first).await, "what has the focus can be seen");
    press(&browser, "Enter").await.unwrap();
    press(&browser, "Tab").await.unwrap();
    let next = client.active_element().await.unwrap();
    let inside = "return document.querySelector('main').contains(arguments[0])";
    let inside = client.execute(inside, vec![serde_json::to_value(&next).unwrap()]).await.unwrap();
    assert_eq!(inside, true, "after it, the focus is in the page's own part");
}

async fn is_seen(element: &Element) -> bool {
    let (x, y, width, height) = element.rectangle().await.unwrap();
    x >= 0.0 && y >= 0.0 && width > 1.0 && height > 1.0
}

#[tokio::test]
async fn the_page_of_an_agreement_says_the_words_of_the_markdown_each_with_its_picture() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let browser = Browser::open(&Options::default()).await.unwrap();
    for name in ["ks1", "ks2", "parent", "staff", "visitor"] {
        let markdown = fs::read_to_string(root().join(format!("content/agreements/{name}.md"))).unwrap();
        let statements: Vec<&str> = markdown
            .lines()
            .filter(|line| line.starts_with('#') && line.contains("symbol="))
            .map(|line| line.trim_start_matches('#').split('{').next().unwrap().trim())
            .collect();
        assert!(statements.len() >= 4, "{name}: {statements:?}");
        browser
            .client()
            .goto(&format!("file://{}/agreements/{name}/index.html", site.display()))
            .await
            .unwrap();
        let main = browser.client().find(Locator::Css("main")).await.unwrap().text().await.unwrap();
        let mut from = 0;
        for statement in &statements {
            let at = main[from..].find(statement);
            from += at.unwrap_or_else(|| panic!("{name}: “{statement}” is not on the page in its place"));
        }
        let pictures = browser.client().find_all(Locator::Css("main img, main svg")).await.unwrap();
        assert!(pictures.len() >= statements.len(), "{name}: a statement has no picture");
    }
}
