//! Searching the model school's website in a real browser: from a folder and from a server, by keyboard
//! alone, with a slip of the finger, and every word of every page.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod shown_site;

use std::collections::BTreeMap;

use fantoccini::Locator;
use serde_json::json;
use shown_site::{address_of, built, in_file_order, press, served, until};
use tests::{
    browser::{Browser, Options},
    keyboard,
    process::scratch_folder,
};

/// The words of a page as somebody reads them, cut by a rule of the test's own. The list of contents is
/// left out: it repeats the headings.
const WORDS: &str = r#"
    for (const nav of document.querySelectorAll("main nav")) nav.style.display = "none";
    const text = document.querySelector("main").innerText;
    const words = text.split(/[^\p{L}\p{M}\p{N}'’]+/u).map(w => w.replace(/^['’]+|['’]+$/g, "")).filter(Boolean);
    return [document.documentElement.lang.split("-")[0], [...new Set(words)]];
"#;

/// For each of these words, whether the search finds those pages in their language; gives the ones that fail.
const FIND: &str = r#"
    const [pairs, done] = arguments;
    (async () => {
        const lost = [];
        for (const [[language, word], pages] of pairs) {
            const found = new Set(await signpostSearch(word, language));
            for (const page of pages) if (!found.has(page)) lost.push(`${word}: ${page}`);
        }
        return lost;
    })().then(done, (error) => done([String(error)]));
"#;

/// A word with its language.
type Word = (String, String);

async fn lost(browser: &Browser, pairs: &[(Word, Vec<String>)]) -> Vec<String> {
    let mut lost = Vec::new();
    for some in pairs.chunks(300) {
        let found = browser.client().execute_async(FIND, vec![json!(some)]).await.unwrap();
        lost.extend(found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()));
    }
    lost
}

#[tokio::test]
async fn every_word_of_every_page_is_found() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    let mut words: BTreeMap<Word, Vec<String>> = BTreeMap::new();
    let aside = ["404.html", "offline/index.html", "search/index.html"];
    for page in in_file_order(&site).into_iter().filter(|page| !aside.contains(&page.as_str())) {
        let address = address_of(&site, &page);
        browser.client().goto(&address).await.unwrap();
        let seen = browser.client().execute(WORDS, vec![]).await.unwrap();
        let language = seen[0].as_str().unwrap();
        for word in seen[1].as_array().unwrap() {
            let word = (language.to_owned(), word.as_str().unwrap().to_owned());
            words.entry(word).or_default().push(address.clone());
        }
    }
    assert!(words.len() > 1500, "{}", words.len());
    browser.client().goto(&address_of(&site, "search/index.html")).await.unwrap();
    let all: Vec<_> = words.iter().map(|(word, pages)| (word.clone(), pages.clone())).collect();
    assert_eq!(lost(&browser, &all).await, Vec::<String>::new());

    // One letter left out, at every place in turn, unless what is left is another word, or two are equally near.
    let known: std::collections::BTreeSet<String> =
        words.keys().map(|(_, word)| word.to_lowercase()).collect();
    let mut slips = Vec::new();
    for (number, ((language, word), pages)) in words.iter().enumerate() {
        let letters: Vec<char> = word.chars().collect();
        if language != "en" || letters.len() < 6 || !letters.iter().all(char::is_ascii_lowercase) {
            continue;
        }
        let at = number % letters.len();
        let slip: String = letters.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| *c).collect();
        if !known.contains(&slip) {
            slips.push(((language.clone(), slip), pages.clone()));
        }
    }
    assert!(slips.len() > 500, "{}", slips.len());
    assert_eq!(lost(&browser, &slips).await, Vec::<String>::new());
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_word_that_is_still_being_typed_is_found_although_it_has_a_slip() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&address_of(&site, "search/index.html")).await.unwrap();
    let typed = ["passwo", "paswor", "pasword", "photogrph", "photogarp", "photogrraph"];
    let page = |typed: &str| if typed.starts_with("pa") { "passwords" } else { "photo" };
    let pairs: Vec<_> = typed.iter().map(|typed| json!([typed, page(typed)])).collect();
    let script = r#"
        const [pairs, done] = arguments;
        (async () => {
            const lost = [];
            for (const [typed, page] of pairs) {
                const found = (await signpostSearch(typed, "en")).slice(0, 8);
                if (!found.some((address) => address.includes(page))) lost.push(`${typed}: ${found}`);
            }
            return lost;
        })().then(done, (error) => done([String(error)]));
    "#;
    let lost = browser.client().execute_async(script, vec![json!(pairs)]).await.unwrap();
    assert_eq!(lost, json!([]));
}

#[tokio::test]
async fn a_parent_with_only_a_keyboard_and_a_slip_finds_the_page_from_a_folder() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&address_of(&site, "index.html")).await.unwrap();
    for _ in 0..12 {
        press(&browser, "Tab").await;
        let here = browser.client().active_element().await.unwrap();
        if here.attr("href").await.unwrap().is_some_and(|to| to.ends_with("search/index.html")) {
            break;
        }
    }
    press(&browser, "Enter").await;
    until(&browser, "return document.activeElement.name === 'q'").await;
    let input = browser.client().active_element().await.unwrap();
    input.send_keys("pasword").await.unwrap();
    press(&browser, "Enter").await;
    until(
        &browser,
        "return location.search.includes('pasword') && document.querySelectorAll('.results li a').length > 0",
    )
    .await;
    let status = browser.client().find(Locator::Css("[role=status]")).await.unwrap().text().await.unwrap();
    assert!(status.contains("pages found") && status.contains("“password”"), "{status}");
    for _ in 0..16 {
        press(&browser, "Tab").await;
        if browser
            .client()
            .execute("return !!document.activeElement.closest('.results')", vec![])
            .await
            .unwrap()
            == true
        {
            break;
        }
    }
    press(&browser, "Enter").await;
    until(&browser, "return !location.pathname.includes('/search/')").await;
    let page = browser.client().find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(page.to_lowercase().contains("password"));
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    assert!(
        browser
            .requested()
            .await
            .unwrap()
            .iter()
            .all(|url| url.starts_with("file:") || url.starts_with("data:"))
    );
}

#[tokio::test]
async fn on_a_phone_the_tab_key_leads_through_the_menu_to_a_policy_and_through_search_to_another() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let mut browser = Browser::open(&Options { window: (390, 844), ..Options::default() }).await.unwrap();
    let tab_to = async |browser: &Browser, wanted: &str| {
        if let Err(lost) = keyboard::tab_to(browser, wanted, 40).await {
            panic!("{lost}");
        }
    };
    browser.client().goto(&address_of(&site, "index.html")).await.unwrap();

    tab_to(&browser, "here.matches('.top nav a') && here.textContent === 'Policies'").await;
    press(&browser, "Enter").await;
    until(&browser, "return location.pathname.endsWith('/policies/index.html')").await;
    let current = "return document.querySelector('.top nav [aria-current=page]').textContent";
    assert_eq!(browser.client().execute(current, vec![]).await.unwrap(), "Policies");
    tab_to(&browser, "here.closest('main') && /mobile/.test(here.href)").await;
    press(&browser, "Enter").await;
    until(&browser, "return /mobile/.test(location.pathname) && document.readyState === 'complete'").await;

    // From within the policy to the search, which stands before the menu.
    tab_to(&browser, "here.matches('.find')").await;
    press(&browser, "Enter").await;
    until(&browser, "return document.activeElement.name === 'q'").await;
    keyboard::type_words(&browser, "pasword").await.unwrap();
    press(&browser, "Enter").await;
    until(&browser, "return document.querySelectorAll('.results li a').length > 2").await;
    tab_to(&browser, "here.closest('.results') && here.closest('h2')").await;
    browser.screenshot("search-390-by-keyboard").await.unwrap();
    let first = "return document.activeElement.href === document.querySelector('.results h2 a').href";
    assert_eq!(browser.client().execute(first, vec![]).await.unwrap(), true, "the best result comes first");
    tab_to(&browser, "here.closest('.results > li') === document.querySelectorAll('.results > li')[1]").await;
    press(&browser, "Enter").await;
    until(&browser, "return !location.pathname.includes('/search/') && document.readyState === 'complete'")
        .await;
    let page = browser.client().find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(page.to_lowercase().contains("password"), "{page}");
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_first_search_from_a_server_is_small_and_asks_nobody_else() {
    let scratch = scratch_folder().unwrap();
    let site = built(scratch.path());
    let (_server, address) = served(site.parent().unwrap());
    let address = format!("{address}site/");
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&format!("{address}search/?q=mobile+phone")).await.unwrap();
    until(&browser, "return document.querySelectorAll('.results li').length > 0").await;
    let fetched = "return performance.getEntriesByType('resource').filter(e => /search/.test(e.name)).reduce((sum, e) => sum + e.decodedBodySize, 0)";
    let fetched = browser.client().execute(fetched, vec![]).await.unwrap().as_u64().unwrap();
    println!("a first search of the model school fetches {fetched} bytes");
    assert!((10_000..150_000).contains(&fetched), "{fetched}");
    for (width, dark) in [(390, false), (390, true), (1280, false), (1280, true)] {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700 });
        browser.devtools("Emulation.setDeviceMetricsOverride", size).await.unwrap();
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.devtools("Emulation.setEmulatedMedia", media).await.unwrap();
        browser.screenshot(&format!("search-{width}-{scheme}")).await.unwrap();
    }
    // While typing, and with a word that is nowhere.
    let input = browser.client().find(Locator::Css("input[name=q]")).await.unwrap();
    input.clear().await.unwrap();
    input.send_keys("xylophonist").await.unwrap();
    until(&browser, "return document.querySelector('[role=status]').textContent.includes('Nothing found')")
        .await;
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    let elsewhere: Vec<_> =
        browser.requested().await.unwrap().iter().filter(|url| !url.starts_with(&address)).cloned().collect();
    assert_eq!(elsewhere, Vec::<String>::new());
}
