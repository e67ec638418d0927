//! Every page of the model school without JavaScript, and on paper: one clean document, with all that is to
//! be read and nothing that only a screen can use.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod shown_site;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use data_encoding::BASE64;
use serde_json::json;
use shown_site::{address_of, built, in_file_order};
use tests::{
    browser::{Browser, Options},
    process::{artefacts, scratch_folder},
};

/// The width of what is printed on a sheet of A4 within the margins of the style, in CSS pixels.
const SHEET: u32 = 658;

/// Notes, on the screen, every passage that is to be read: all text of the page's own part but what leads
/// elsewhere or only a screen can use, and what follows in a story, which paper leaves open. Gives the passages that the screen does not show.
const NOTE: &str = r#"
    const aside = "nav, form.seek, .buttons, .for-paper, noscript, .buttons + .small, script, .unseen, .how-to-return, svg title, .story details p";
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    window.toRead = [];
    const hidden = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!text.data.trim() || text.parentElement.closest(aside)) continue;
        window.toRead.push(text);
        const range = document.createRange();
        range.selectNodeContents(text);
        if (!range.getClientRects().length) hidden.push(text.data.trim().slice(0, 60));
    }
    return hidden;
"#;

/// What is wrong with the page as it would be printed.
const FAULTS: &str = r#"
    const faults = [];
    const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
    const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
    for (const e of document.querySelectorAll("nav, .skip, .find, .languages, .foot, button, input, select, textarea, [role=search], noscript"))
        if (shown(e)) faults.push(`is of no use on paper: ${e.tagName} ${e.className} ${short(e.textContent)}`);
    for (const text of window.toRead) {
        const range = document.createRange();
        range.selectNodeContents(text);
        if (!range.getClientRects().length) faults.push(`is on the screen and not on paper: ${short(text.data)}`);
    }
    for (const e of document.querySelectorAll(".button"))
        if (shown(e) && (getComputedStyle(e).borderTopStyle !== "none" || getComputedStyle(e).backgroundColor !== "rgba(0, 0, 0, 0)"))
            faults.push(`looks as if it could be pressed: ${short(e.textContent)}`);
    const h1 = document.querySelector("h1");
    if (!shown(h1)) faults.push("has no title");
    const width = document.documentElement.clientWidth;
    for (const e of document.querySelectorAll("body, body *")) {
        if (!shown(e) || e.closest("svg") !== null && e.tagName !== "svg") continue;
        const style = getComputedStyle(e);
        if (style.position === "fixed" || style.position === "sticky") faults.push(`stands still while a page turns: ${e.tagName} ${e.className}`);
        const box = e.getBoundingClientRect();
        if (box.width && (box.right > width + 1 || box.left < -1)) faults.push(`is wider than the sheet: ${e.tagName} ${e.className} ${short(e.textContent)}`);
        const clipped = style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 || style.overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1;
        if (clipped && e !== document.body && e.tagName !== "IMG") faults.push(`is cut: ${e.tagName} ${e.className} ${short(e.textContent)}`);
    }
    return faults;
"#;

async fn as_paper(browser: &Browser, paper: bool) {
    let media = if paper { "print" } else { "screen" };
    // Somebody whose screen is dark has white paper all the same.
    let features = json!([{ "name": "prefers-color-scheme", "value": "dark" }]);
    browser
        .devtools("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }))
        .await
        .unwrap();
    let width = if paper { SHEET } else { 1280 };
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", size).await.unwrap();
}

#[tokio::test]
async fn every_page_can_be_read_without_javascript_and_on_paper_without_what_only_a_screen_can_use() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let browser = Browser::open(&Options::default()).await.unwrap();
    // The page's own scripts; ours still run.
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await.unwrap();
    let mut faults = Vec::new();
    for page in in_file_order(&site) {
        as_paper(&browser, false).await;
        browser.client().goto(&address_of(&site, &page)).await.unwrap();
        let hidden = browser.client().execute(NOTE, vec![]).await.unwrap();
        assert_eq!(hidden, json!([]), "{page} hides words from somebody without JavaScript");
        let read = browser.client().execute("return window.toRead.length", vec![]).await.unwrap();
        assert!(read.as_u64().unwrap() > 0, "{page} says nothing");
        as_paper(&browser, true).await;
        let found = browser.client().execute(FAULTS, vec![]).await.unwrap();
        faults
            .extend(found.as_array().unwrap().iter().map(|one| format!("{page}: {}", one.as_str().unwrap())));
        let white =
            "return [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor)";
        let white = browser.client().execute(white, vec![]).await.unwrap();
        assert_eq!(white[0], "rgb(255, 255, 255)", "{page}: the paper is not white");
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// The words of each sheet of a PDF.
fn sheets(pdf: &Path) -> Vec<String> {
    let read = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().unwrap_or_else(|error| {
        panic!("pdftotext: {error}. On Debian: apt install poppler-utils");
    });
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).unwrap();
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '’')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// One page of each sort, and how many sheets it may take.
const PRINTED: [(&str, usize); 12] = [
    ("index.html", 3),
    ("policies/online-safety/index.html", 14),
    ("policies/data-protection/index.html", 14),
    ("guides/for-children/index.html", 6),
    ("agreements/ks1/index.html", 2),
    ("agreements/ks2/index.html", 6),
    ("agreements/staff/index.html", 8),
    ("agreements/parent/index.html", 8),
    ("forms/images/index.html", 9),
    ("flowcharts/not-illegal/index.html", 6),
    ("posters/four-rules/index.html", 2),
    ("report-a-concern/index.html", 5),
];

#[tokio::test]
async fn a_printed_page_has_every_word_whole_and_no_heading_alone_at_the_foot_of_a_sheet() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let browser = Browser::open(&Options::default()).await.unwrap();
    let folder = artefacts();
    fs::create_dir_all(&folder).unwrap();
    for (page, most) in PRINTED {
        as_paper(&browser, false).await;
        browser.client().goto(&address_of(&site, page)).await.unwrap();
        browser.client().execute(NOTE, vec![]).await.unwrap();
        let said = "return [window.toRead.map(t => t.data).join(' '), \
                    [...document.querySelectorAll('main h2:not(.for-paper), main h3, main h4')].map(h => h.innerText.trim())]";
        let said = browser.client().execute(said, vec![]).await.unwrap();
        browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await.unwrap();
        // Sheet and margins are those of the style.
        let how = json!({ "printBackground": true, "preferCSSPageSize": true });
        let printed = browser.devtools("Page.printToPDF", how).await.unwrap();
        let pdf = BASE64.decode(printed["data"].as_str().unwrap().as_bytes()).unwrap();
        let file =
            folder.join(format!("printed-{}.pdf", page.trim_end_matches("/index.html").replace('/', "-")));
        fs::write(&file, pdf).unwrap();
        let sheets = sheets(&file);
        assert!(sheets.len() <= most, "{page}: {} sheets", sheets.len());
        let printed = words(&sheets.join(" "));
        let lost: Vec<_> = words(said[0].as_str().unwrap()).difference(&printed).cloned().collect();
        assert_eq!(lost, Vec::<String>::new(), "{page}: words that are not whole on paper");
        for screen_only in ["Skip to the text", "On this page", "On this site"] {
            assert!(!sheets.iter().any(|sheet| sheet.contains(screen_only)), "{page}: {screen_only}");
        }
        let headings: Vec<&str> = said[1].as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
        if page == "agreements/ks1/index.html" {
            let missing: Vec<_> = headings.iter().filter(|words| !sheets[0].contains(**words)).collect();
            assert!(missing.is_empty(), "to hang up, all promises stand on one sheet: {missing:?}");
        }
        for (number, sheet) in sheets.iter().enumerate() {
            let last = sheet.lines().rfind(|line| !line.trim().is_empty());
            let last = last.unwrap_or_else(|| panic!("{page}: sheet {} is empty", number + 1)).trim();
            assert!(
                !headings.contains(&last),
                "{page}: “{last}” stands alone at the foot of sheet {}",
                number + 1
            );
        }
    }
}
