//! Every page of the model school, looked at by axe-core in a real browser and by html-validate: on a phone
//! and on a desktop, by day, by night and in forced colours.
//!
//! All rules are asked of every page at both widths by day. What the colours alone change, contrast and how
//! links are told from words, is asked again by night and in forced colours: of every page on a desktop, and
//! of one page of each sort on a phone, where the same words have the same colours.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod shown_site;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::{Duration, Instant},
};

use shown_site::{address_of, built, in_file_order};
use tests::{
    accessibility::{Colours, Finding, Rules, check, prepare, set_colours, show, validate},
    browser::{Browser, Options},
    process::{artefacts, scratch_folder},
};

const PHONE: u32 = 390;
const DESKTOP: u32 = 1280;

/// Whether somebody has looked at this kind of thing that axe-core cannot tell, and found it in order.
fn is_known(doubt: &Finding) -> bool {
    // Words and step numbers in the drawing of a flowchart: which shape they lie on is beyond axe-core. Each
    // pair of colours that the style gives them is in generator/src/look/pairs.rs, whose contrast a build checks.
    let in_a_drawing =
        doubt.place.contains("text[") || doubt.place.contains("tspan") || doubt.place.contains(".chart");
    // A cell of a table that is wider than a phone, and so partly out of sight until it is scrolled.
    let in_a_wide_table = doubt.place.contains("td") && doubt.why.contains("partially obscured");
    doubt.rule == "color-contrast" && (in_a_drawing || in_a_wide_table)
}

/// Numbers to ring that are broken between two lines.
const BROKEN: &str = r#"
    return [...document.querySelectorAll("a[href^='tel:']")].filter((link) => {
        const text = document.createTreeWalker(link, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        for (let at = text.nextNode(); at; at = text.nextNode()) {
            const number = /\d[\d ]*\d/.exec(at.data);
            if (!number) continue;
            range.setStart(at, number.index);
            range.setEnd(at, number.index + number[0].length);
            if (new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1) return true;
        }
        return false;
    }).map((link) => link.textContent);
"#;

/// What axe-core says of every page at a width; faults are told with the pages that have them, and what
/// it cannot tell goes to a list among the artefacts.
async fn nothing_is_wrong_at(width: u32) {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let pages = in_file_order(&site);
    let browser = Browser::open(&Options { window: (width, 900), ..Options::default() }).await.unwrap();
    prepare(&browser).await.unwrap();
    let began = Instant::now();
    let mut faults: BTreeMap<Finding, Vec<String>> = BTreeMap::new();
    let mut doubts = faults.clone();
    let mut sorts = BTreeSet::new();
    let mut slowest = (Duration::ZERO, String::new());
    for page in &pages {
        let from = Instant::now();
        show(&browser, width, Colours::Light).await.unwrap();
        browser.client().goto(&address_of(&site, page)).await.unwrap();
        let sort = browser.client().execute("return document.body.className", vec![]).await.unwrap();
        let is_new = sorts.insert(sort.as_str().unwrap().to_owned());
        let mut asked = vec![(Colours::Light, Rules::All)];
        if width == DESKTOP || is_new {
            asked.extend([(Colours::Dark, Rules::OfColours), (Colours::Forced, Rules::OfColours)]);
        }
        for (colours, rules) in asked {
            set_colours(&browser, colours).await.unwrap();
            let found = check(&browser, rules).await.unwrap();
            let place = format!("{page} ({colours})");
            for fault in found.faults {
                faults.entry(fault).or_default().push(place.clone());
            }
            for doubt in found.doubts {
                let told = if is_known(&doubt) { &mut doubts } else { &mut faults };
                told.entry(doubt).or_default().push(place.clone());
            }
        }
        let broken = browser.client().execute(BROKEN, vec![]).await.unwrap();
        assert_eq!(broken, serde_json::json!([]), "{page}: a number is broken between two lines");
        slowest = slowest.max((from.elapsed(), page.clone()));
    }
    let list = |all: &BTreeMap<Finding, Vec<String>>| -> String {
        all.iter().map(|(finding, pages)| format!("{finding}\n    {}\n", pages.join("\n    "))).collect()
    };
    println!(
        "axe-core looked at {} pages of {} sorts at {width} px in {:.0?}; the slowest, {}, took {:.1?}; it could not tell {} things",
        pages.len(),
        sorts.len(),
        began.elapsed(),
        slowest.1,
        slowest.0,
        doubts.len()
    );
    fs::create_dir_all(artefacts()).unwrap();
    fs::write(artefacts().join(format!("axe-cannot-tell-{width}.txt")), list(&doubts)).unwrap();
    assert!(pages.len() > 90, "{pages:?}");
    assert!(faults.is_empty(), "{}", list(&faults));
}

#[tokio::test]
async fn nothing_on_any_page_is_in_anybodys_way_on_a_phone() {
    nothing_is_wrong_at(PHONE).await;
}

#[tokio::test]
async fn nothing_on_any_page_is_in_anybodys_way_on_a_desktop() {
    nothing_is_wrong_at(DESKTOP).await;
}

#[test]
fn every_file_is_well_formed_html() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let found = validate(&site).unwrap();
    let root = format!("{}/", site.display());
    let list: Vec<String> = found.iter().map(|line| line.replace(&root, "")).collect();
    assert!(list.is_empty(), "{}", list.join("\n"));
}
