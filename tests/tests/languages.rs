//! Pages in other languages in a real browser: direction, the right letters from the site's own fonts,
//! letters joined as their script asks, numbers in their order, and a way between the languages.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fantoccini::Locator;
use serde_json::{Value, json};
use tests::{
    browser::{Browser, Options},
    process::{our_program, scratch_folder},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn build(school: &Path, out: &Path) -> PathBuf {
    let mut command = Command::new(our_program("signpost", "generator").unwrap());
    command.args(["build", "--date", "2026-11-22", "--only", "site", "--school"]);
    let made = command.arg(school).arg("--out").arg(out).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    out.join("site")
}

/// A school whose front page is in five more languages.
struct Sample {
    tag: &'static str,
    dir: &'static str,
    font: &'static str,
    title: &'static str,
    sentence: &'static str,
    /// Letters that change their shape beside each other, and the same kept apart by a joiner or its opposite.
    joined: &'static str,
    apart: &'static str,
}

const SAMPLES: [Sample; 5] = [
    Sample {
        tag: "ar",
        dir: "rtl",
        font: "Noto Naskh Arabic",
        title: "أهلاً وسهلاً",
        sentence: "اتصلوا بالمدرسة على",
        joined: "مدرسة",
        apart: "م\u{200c}د\u{200c}ر\u{200c}س\u{200c}ة",
    },
    Sample {
        tag: "pa",
        dir: "ltr",
        font: "Noto Sans Gurmukhi",
        title: "ਜੀ ਆਇਆਂ ਨੂੰ",
        sentence: "ਸਕੂਲ ਨੂੰ ਫ਼ੋਨ ਕਰੋ",
        joined: "ਸ੍ਵਰ ਪ੍ਰ",
        apart: "ਸ੍\u{200c}ਵਰ ਪ੍\u{200c}ਰ",
    },
    Sample {
        tag: "bn",
        dir: "ltr",
        font: "Noto Sans Bengali",
        title: "স্বাগতম",
        sentence: "বিদ্যালয়ে ফোন করুন",
        joined: "বিদ্যা ক্ষ",
        apart: "বিদ্\u{200c}যা ক্\u{200c}ষ",
    },
    Sample {
        tag: "gu",
        dir: "ltr",
        font: "Noto Sans Gujarati",
        title: "સ્વાગત છે",
        sentence: "શાળાને ફોન કરો",
        joined: "સ્વાગત ક્ષ",
        apart: "સ્\u{200c}વાગત ક્\u{200c}ષ",
    },
    Sample {
        tag: "ta",
        dir: "ltr",
        font: "Noto Sans Tamil",
        title: "நல்வரவு",
        sentence: "பள்ளியை அழைக்கவும்",
        joined: "க்ஷ",
        apart: "க்\u{200c}ஷ",
    },
];

fn sample_school(folder: &Path) -> PathBuf {
    let school = folder.join("school");
    fs::create_dir_all(&school).unwrap();
    fs::copy(root().join("content/school.toml"), school.join("school.toml")).unwrap();
    fs::write(school.join("home.md"), "+++\ntitle = \"Welcome\"\n+++\n\nRing {{ school.phone }}.\n").unwrap();
    for sample in &SAMPLES {
        let page = format!(
            "+++\ntitle = \"{}\"\n+++\n\n{} {{{{ school.phone }}}} – {{{{ people.dsl.name }}}} ({{{{ school.email }}}}).\n",
            sample.title, sample.sentence
        );
        fs::write(school.join(format!("home.{}.md", sample.tag)), page).unwrap();
    }
    school
}

/// The fonts that drew an element's letters: family, whether it came with the page, how many glyphs.
async fn fonts_of(browser: &Browser, selector: &str) -> Vec<(String, bool, u64)> {
    browser.devtools("DOM.enable", json!({})).await.unwrap();
    browser.devtools("CSS.enable", json!({})).await.unwrap();
    let document = browser.devtools("DOM.getDocument", json!({})).await.unwrap();
    let node = json!({ "nodeId": document["root"]["nodeId"], "selector": selector });
    let node = browser.devtools("DOM.querySelector", node).await.unwrap();
    let fonts = json!({ "nodeId": node["nodeId"] });
    let fonts = browser.devtools("CSS.getPlatformFontsForNode", fonts).await.unwrap();
    let font = |font: &Value| {
        let name = font["familyName"].as_str().unwrap().to_owned();
        (name, font["isCustomFont"].as_bool().unwrap(), font["glyphCount"].as_f64().unwrap() as u64)
    };
    fonts["fonts"].as_array().unwrap().iter().map(font).collect()
}

async fn run(browser: &Browser, script: &str) -> Value {
    browser.client().execute(script, vec![]).await.unwrap()
}

/// Waits until every font that the page asked for is there.
async fn fonts_loaded(browser: &Browser) -> Vec<String> {
    let script = "const done = arguments[arguments.length - 1];
        document.fonts.ready.then(() => done([...document.fonts].filter(f => f.status === 'loaded')
            .map(f => f.family.replaceAll('\"', ''))));";
    let loaded = browser.client().execute_async(script, vec![]).await.unwrap();
    loaded.as_array().unwrap().iter().map(|family| family.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_script_is_drawn_joined_and_from_its_own_side_with_fonts_of_the_site_alone() {
    let scratch = scratch_folder().unwrap();
    let site = build(&sample_school(scratch.path()), &scratch.path().join("out"));
    let mut browser = Browser::open(&Options { window: (480, 800), ..Options::default() }).await.unwrap();
    for sample in &SAMPLES {
        let tag = sample.tag;
        browser.client().goto(&format!("file://{}/{tag}/index.html", site.display())).await.unwrap();
        let loaded = fonts_loaded(&browser).await;
        assert!(loaded.iter().any(|family| family == sample.font), "{tag}: {loaded:?}");
        let others = SAMPLES.iter().filter(|other| other.font != sample.font);
        for other in others {
            assert!(!loaded.iter().any(|family| family == other.font), "{tag} loads {}", other.font);
        }
        let html = "return [document.documentElement.lang, getComputedStyle(document.body).direction]";
        assert_eq!(run(&browser, html).await, json!([tag, sample.dir]), "{tag}");

        // Every letter of the title comes from the font of its script, which came with the site.
        let fonts = fonts_of(&browser, "h1").await;
        let letters = fonts.iter().filter(|(name, ..)| name == sample.font).map(|(.., n)| n).sum::<u64>();
        assert!(letters > 3 && fonts.iter().all(|(_, own, _)| *own), "{tag}: {fonts:?}");

        let widths = format!(
            "const box = document.createElement('span'); box.style.fontSize = '100px'; box.style.whiteSpace = 'nowrap';
             document.querySelector('main p').append(box);
             const width = text => {{ box.textContent = text; return box.getBoundingClientRect().width; }};
             const out = [width({}), width({})]; box.remove(); return out;",
            json!(sample.joined),
            json!(sample.apart)
        );
        let widths = run(&browser, &widths).await;
        let (joined, apart) = (widths[0].as_f64().unwrap(), widths[1].as_f64().unwrap());
        assert!((joined - apart).abs() > 5.0, "{tag}: letters are not shaped: {joined} {apart}");

        let number = "const a = document.querySelector('main a[href^=\"tel:\"]');
            const range = document.createRange(); const text = a.firstChild; const at = i => {
                range.setStart(text, i); range.setEnd(text, i + 1); return range.getBoundingClientRect().left; };
            const left = [...text.data].map((_, i) => at(i));
            return [text.data, left.every((x, i) => i === 0 || x >= left[i - 1])]";
        let number = run(&browser, number).await;
        assert_eq!(number, json!(["01632 960100", true]), "{tag}: the number stands in its order");
        browser.screenshot(&format!("language-{tag}-480")).await.unwrap();
    }
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    let elsewhere: Vec<_> =
        browser.requested().await.unwrap().iter().filter(|url| !url.starts_with("file://")).collect();
    assert!(elsewhere.is_empty(), "a page asked somebody else: {elsewhere:?}");
}

#[tokio::test]
async fn a_page_in_english_names_the_languages_without_loading_their_fonts() {
    let scratch = scratch_folder().unwrap();
    let site = build(&sample_school(scratch.path()), &scratch.path().join("out"));
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    browser.client().goto(&format!("file://{}/index.html", site.display())).await.unwrap();
    let loaded = fonts_loaded(&browser).await;
    assert!(!loaded.iter().any(|family| family.starts_with("Noto")), "{loaded:?}");
    assert!(loaded.iter().any(|family| family == "Language Names"), "{loaded:?}");
    for sample in &SAMPLES {
        let fonts = fonts_of(&browser, &format!(".languages a[lang={}]", sample.tag)).await;
        assert!(fonts.iter().all(|(_, own, _)| *own), "{}: {fonts:?}", sample.tag);
    }
    browser.screenshot("language-choice-en").await.unwrap();
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_family_that_reads_urdu_finds_the_promise_the_gap_and_the_way_back() {
    let scratch = scratch_folder().unwrap();
    let school = scratch.path().join("school");
    copy(&root().join("content"), &school);
    let translation = school.join("agreements/ks1.ur.md");
    let text = fs::read_to_string(&translation).unwrap();
    let cut = text.find("{#stop}").map(|at| text[..at].rfind("## ").unwrap()).unwrap();
    let end = text[cut + 3..].find("\n## ").unwrap() + cut + 4;
    fs::write(&translation, format!("{}{}", &text[..cut], &text[end..])).unwrap();
    let site = build(&school, &scratch.path().join("out"));
    let browser = Browser::open(&Options { window: (390, 844), ..Options::default() }).await.unwrap();
    let client = browser.client();
    client.goto(&format!("file://{}/agreements/ks1/index.html", site.display())).await.unwrap();
    client.find(Locator::Css(".languages a[lang=ur]")).await.unwrap().click().await.unwrap();
    let html = client.find(Locator::Css("html")).await.unwrap();
    assert_eq!(html.attr("lang").await.unwrap().as_deref(), Some("ur"));
    assert_eq!(html.attr("dir").await.unwrap().as_deref(), Some("rtl"));
    let gap = client.find(Locator::Css("#stop h3")).await.unwrap();
    assert_eq!(gap.text().await.unwrap(), "I stop when it is time to stop.");
    assert_eq!(gap.attr("lang").await.unwrap().as_deref(), Some("en-GB"));
    assert_eq!(gap.attr("dir").await.unwrap().as_deref(), Some("ltr"));
    let own = client.find(Locator::Css("#tell h3")).await.unwrap();
    assert_eq!(own.attr("lang").await.unwrap(), None);
    let notice = client.find(Locator::Css(".translated")).await.unwrap().text().await.unwrap();
    for said in ["دستخط انگریزی متن پر", "جانچ نہیں", "انگریزی میں ہے"] {
        assert!(notice.contains(said), "{said}: {notice}");
    }
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(run(&browser, wide).await, 0);
    browser.screenshot("language-ur-ks1-390").await.unwrap();
    client.find(Locator::Css(".languages a[lang=en-GB]")).await.unwrap().click().await.unwrap();
    let back = client.current_url().await.unwrap();
    assert!(back.path().ends_with("/site/agreements/ks1/index.html"), "{back}");
}

#[tokio::test]
async fn a_link_within_a_language_leads_on_in_it_and_its_list_has_every_page() {
    let scratch = scratch_folder().unwrap();
    let site = build(&root().join("content"), &scratch.path().join("out"));
    let browser = Browser::open(&Options::default()).await.unwrap();
    let client = browser.client();
    client.goto(&format!("file://{}/index.html", site.display())).await.unwrap();
    client.find(Locator::Css(".languages a[lang=pl]")).await.unwrap().click().await.unwrap();
    let cards = client.find_all(Locator::Css(".card a")).await.unwrap();
    assert!(cards.len() >= 3, "{}", cards.len());
    browser.screenshot("language-pl-list").await.unwrap();
    cards[0].clone().click().await.unwrap();
    assert!(client.current_url().await.unwrap().path().contains("/pl/"));
    client.find(Locator::Css(".brand")).await.unwrap().click().await.unwrap();
    assert!(client.current_url().await.unwrap().path().ends_with("/pl/index.html"));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
