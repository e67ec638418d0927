//! The office's page for somebody who sees badly, or works by keyboard alone: axe-core over each of its
//! screens, and its main path without a mouse.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod opened_office;

use std::{fs, path::Path, time::Duration};

use fantoccini::Locator;
use opened_office::{started, with_own_names};
use tests::{
    accessibility::{Colours, Rules, check, prepare, set_colours, show, validate},
    browser::{Browser, Options},
    keyboard::{self, Held, is_here, press, press_with, type_words},
    process::scratch_folder,
};

const POLICY: &str = "Visitors Policy\n\n1. Signing in\n\nEvery visitor signs in at the office.\n\n2. Phones\n\nVisitors keep their phones in their bags.\n";

async fn until(browser: &Browser, what: &str, script: &str) {
    for _ in 0..1200 {
        if browser.client().execute(script, vec![]).await.is_ok_and(|answer| answer == true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it never came to pass: {what}");
}

/// What was found while looking.
struct Seen {
    /// What axe-core says.
    faults: Vec<String>,
    /// The screens as they were sent, for html-validate.
    files: tempfile::TempDir,
}

const SENT: &str = "const done = arguments[0]; \
    fetch(location.href).then((answer) => answer.ok ? answer.text() : null).then(done);";

/// What axe-core says of the screen that is open, on a small window and a large one, by day, by night and
/// in forced colours.
async fn look(browser: &Browser, screen: &str, seen: &mut Seen) {
    // As it was sent; the answer to a form is not asked for twice.
    let sent = browser.client().execute_async(SENT, vec![]).await.unwrap();
    if let Some(html) = sent.as_str() {
        fs::write(seen.files.path().join(format!("{screen}.html")), html).unwrap();
    }
    for width in [390, 1280] {
        show(browser, width, Colours::Light).await.unwrap();
        for (colours, rules) in [
            (Colours::Light, Rules::All),
            (Colours::Dark, Rules::OfColours),
            (Colours::Forced, Rules::OfColours),
        ] {
            set_colours(browser, colours).await.unwrap();
            let found = check(browser, rules).await.unwrap();
            // What axe-core cannot tell counts too: nothing here is beyond it.
            let all = found.faults.iter().chain(&found.doubts);
            seen.faults.extend(all.map(|one| format!("{screen} at {width}, {colours}: {one}")));
            browser
                .screenshot(&format!("office-{screen}-{width}-{colours}").replace(' ', "-"))
                .await
                .unwrap();
        }
    }
    show(browser, 1280, Colours::Light).await.unwrap();
}

async fn click(browser: &Browser, words: &str) {
    let xpath = format!("//main//*[self::a or self::button][normalize-space()='{words}']");
    browser.client().find(Locator::XPath(&xpath)).await.unwrap().click().await.unwrap();
}

async fn fill(browser: &Browser, id: &str, text: &str) {
    let field = browser.client().find(Locator::Id(id)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

#[tokio::test]
async fn no_screen_of_the_office_is_in_anybodys_way() {
    let home = scratch_folder().unwrap();
    fs::create_dir(home.path().join("Documents")).unwrap();
    let (_office, address) = started(home.path(), None);
    let browser = Browser::open(&Options { window: (1280, 900), ..Options::default() }).await.unwrap();
    prepare(&browser).await.unwrap();
    let root = address.split("/open").next().unwrap().to_owned();
    let go = async |path: &str| browser.client().goto(&format!("{root}{path}")).await.unwrap();
    let mut seen = Seen { faults: Vec::new(), files: scratch_folder().unwrap() };

    browser.client().goto(&address).await.unwrap();
    look(&browser, "start", &mut seen).await;
    go("/choose").await;
    look(&browser, "choose", &mut seen).await;
    go("/new").await;
    look(&browser, "new", &mut seen).await;
    fill(&browser, "name", "Thornbeck Primary School").await;
    click(&browser, "Make the school").await;
    until(&browser, "the list of pages", "return location.pathname === '/pages'").await;
    look(&browser, "pages", &mut seen).await;
    with_own_names(&home.path().join("thornbeck-primary-school"));

    let text = home.path().join("Visitors.txt");
    fs::write(&text, POLICY).unwrap();
    go("/import").await;
    look(&browser, "import", &mut seen).await;
    fill_file(&browser, &text.display().to_string()).await;
    click(&browser, "Bring it in").await;
    until(&browser, "it was brought in", "return document.title.startsWith('Visitors')").await;
    look(&browser, "imported", &mut seen).await;
    go("/import").await;
    fill_file(&browser, &text.display().to_string()).await;
    click(&browser, "Bring it in").await;
    until(&browser, "it says that it is there", "return !!document.querySelector('[role=alert]')").await;
    look(&browser, "import-again", &mut seen).await;
    go("/problems").await;
    look(&browser, "problems", &mut seen).await;

    // A fault in the words, so that the list beside them has something in it.
    let file = home.path().join("thornbeck-primary-school/policies/visitors.md");
    let saved = fs::read_to_string(&file).unwrap();
    fs::write(&file, saved.replace("in their bags", "[in their bags](no-such.md)")).unwrap();
    go("/edit?file=policies/visitors.md").await;
    until(&browser, "a problem is told", "return document.querySelectorAll('#found .problem').length > 0")
        .await;
    look(&browser, "edit", &mut seen).await;
    go("/problems").await;
    look(&browser, "problems-with-errors", &mut seen).await;
    go("/publish").await;
    look(&browser, "publish-refused", &mut seen).await;

    // Somebody else saves in between.
    go("/edit?file=policies/visitors.md").await;
    fs::write(&file, saved.replace("in their bags", "at the office")).unwrap();
    fill(&browser, "body", "Visitors leave their phones at the gate.").await;
    click(&browser, "Save").await;
    until(&browser, "it tells of the conflict", "return !!document.querySelector('[role=alert]')").await;
    look(&browser, "edit-conflict", &mut seen).await;
    click(&browser, "Save mine over it").await;
    until(&browser, "it is saved", "return location.search.includes('saved')").await;
    look(&browser, "edit-saved", &mut seen).await;
    go("/earlier?file=policies/visitors.md").await;
    look(&browser, "earlier", &mut seen).await;
    go("/edit?file=school.toml").await;
    look(&browser, "edit-settings", &mut seen).await;
    go("/who?picture=images/school-hall.png").await;
    look(&browser, "who", &mut seen).await;
    go("/photographs").await;
    look(&browser, "photographs", &mut seen).await;
    facts(&browser, &root, &mut seen).await;
    pages(&browser, &root, &mut seen).await;

    letters(&browser, &root, home.path(), &mut seen).await;
    go("/publish").await;
    look(&browser, "publish", &mut seen).await;
    go("/choose?purpose=publish").await;
    look(&browser, "choose-where-to", &mut seen).await;
    go("/publish").await;
    fill(&browser, "to", &home.path().join("out").display().to_string()).await;
    click(&browser, "Publish").await;
    until(&browser, "it is published", "return document.title.startsWith('It is published')").await;
    look(&browser, "published", &mut seen).await;
    go("/edit?file=no-such.md").await;
    look(&browser, "trouble", &mut seen).await;
    let files = fs::read_dir(seen.files.path()).unwrap().count();
    assert!(files >= 12, "{files} screens could be read as they were sent");
    seen.faults.extend(validate(seen.files.path()).unwrap());
    assert!(seen.faults.is_empty(), "{}", seen.faults.join("\n"));
}

/// The school's facts as forms: as they are, refused, saved, on a narrow screen too.
async fn facts(browser: &Browser, root: &str, seen: &mut Seen) {
    let go = async |path: &str| browser.client().goto(&format!("{root}{path}")).await.unwrap();
    go("/facts").await;
    look(browser, "facts", seen).await;
    for part in ["school", "people", "helplines", "year", "systems", "look", "hub"] {
        go(&format!("/facts/{part}")).await;
        look(browser, &format!("facts-{part}"), seen).await;
        fits(browser, part, seen).await;
    }
    go("/facts/people").await;
    fill(browser, "people-1-name", "").await;
    click(browser, "Add a person").await;
    until(browser, "the cursor is in the new one", "return document.activeElement.id === 'people-10-role'")
        .await;
    look(browser, "facts-added", seen).await;
    fill(browser, "people-10-role", "Play leader").await;
    fill(browser, "people-10-name", "Mr Owen Hart").await;
    click(browser, "Save: People").await;
    until(browser, "what is missing", "return !!document.querySelector('#people-1-name[aria-invalid]')")
        .await;
    look(browser, "facts-refused", seen).await;
    fill(browser, "people-1-name", "Mrs Olwen Pryce").await;
    click(browser, "Save: People").await;
    until(browser, "it is saved", "return !!document.querySelector('[role=status]')").await;
    look(browser, "facts-saved", seen).await;
}

/// A page begun, renamed, taken away and put back.
async fn pages(browser: &Browser, root: &str, seen: &mut Seen) {
    let go = async |path: &str| browser.client().goto(&format!("{root}{path}")).await.unwrap();
    go("/page/new").await;
    look(browser, "page-new", seen).await;
    fits(browser, "page-new", seen).await;
    fill(browser, "title", "Walking to school").await;
    browser.client().find(Locator::Id("kind-guides")).await.unwrap().click().await.unwrap();
    click(browser, "Make the page").await;
    until(browser, "the editor", "return location.pathname === '/edit'").await;
    go("/page/rename?file=guides/for-children.md").await;
    look(browser, "page-rename", seen).await;
    fits(browser, "page-rename", seen).await;
    go("/page/rename?file=guides/walking-to-school.md").await;
    fill(browser, "name", "walking").await;
    click(browser, "Rename it").await;
    until(browser, "it is renamed", "return document.title.startsWith('It is renamed')").await;
    look(browser, "page-renamed", seen).await;
    go("/page/remove?file=guides/walking.md").await;
    look(browser, "page-remove", seen).await;
    click(browser, "Take it away").await;
    until(browser, "it is gone", "return location.pathname === '/removed'").await;
    look(browser, "removed", seen).await;
    fits(browser, "removed", seen).await;
    go("/photographs").await;
    fits(browser, "photographs", seen).await;
}

/// On the narrowest screen that counts nothing has to be scrolled sideways.
async fn fits(browser: &Browser, screen: &str, seen: &mut Seen) {
    show(browser, 320, Colours::Light).await.unwrap();
    let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let beyond = browser.client().execute(script, vec![]).await.unwrap();
    if beyond.as_i64() != Some(0) {
        seen.faults.push(format!("{screen} at 320: {beyond} pixels lie beyond the edge"));
    }
    show(browser, 1280, Colours::Light).await.unwrap();
}

/// The screens on which letters are made: chosen, refused, being made, made.
async fn letters(browser: &Browser, root: &str, home: &Path, seen: &mut Seen) {
    browser.client().goto(&format!("{root}/letters")).await.unwrap();
    look(browser, "letters", seen).await;
    let ask = async || browser.client().goto(&format!("{root}/letters/agreements")).await.unwrap();
    ask().await;
    look(browser, "letter", seen).await;
    let headings = "Forename,Surname,Class,Salutation,Language\n";
    let list = home.join("families.csv");
    fs::write(&list, format!("{headings}Amelia,,Acorn,Mrs Clarke,\nJakub,?owak,Oak,Mrs Nowak,Welsh\n"))
        .unwrap();
    fill_file(browser, &list.display().to_string()).await;
    click(browser, "Make the letters").await;
    until(browser, "what is wrong", "return document.querySelectorAll('.problem').length > 1").await;
    look(browser, "letter-refused", seen).await;
    let lines: String = (0..600).map(|n| format!("Pupil{n},Nowak,Oak,Mrs Nowak,Welsh\n")).collect();
    fs::write(&list, format!("{headings}{lines}")).unwrap();
    ask().await;
    fill_file(browser, &list.display().to_string()).await;
    click(browser, "Make the letters").await;
    // So that the page stays while it is looked at. It is of no consequence if all are made already.
    let stay = "const ask = fetch; window.fetch = (to, ...how) => String(to).endsWith('/state') ? new Promise(() => {}) : ask(to, ...how);";
    browser.client().execute(stay, vec![]).await.unwrap();
    look(browser, "making", seen).await;
    for _ in 0..1200 {
        browser.client().goto(&format!("{root}/making")).await.unwrap();
        if browser.client().title().await.unwrap().starts_with("The letters are ready") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    until(browser, "they are made", "return document.title.startsWith('The letters are ready')").await;
    look(browser, "made", seen).await;
}

async fn fill_file(browser: &Browser, path: &str) {
    browser.client().find(Locator::Id("file")).await.unwrap().send_keys(path).await.unwrap();
}

async fn tab_to(browser: &Browser, wanted: &str) {
    if let Err(lost) = keyboard::tab_to(browser, wanted, 60).await {
        panic!("{lost}");
    }
}

/// Goes on to a link or button with these words, and presses it.
async fn use_by_key(browser: &Browser, words: &str) {
    tab_to(browser, &format!("here.textContent.trim() === {words:?}")).await;
    press(browser, "Enter").await.unwrap();
}

#[tokio::test]
async fn an_office_manager_with_only_a_keyboard_makes_a_school_changes_a_page_and_publishes() {
    let home = scratch_folder().unwrap();
    let (_office, address) = started(home.path(), None);
    let browser = Browser::open(&Options { window: (1280, 900), ..Options::default() }).await.unwrap();
    browser.client().goto(&address).await.unwrap();

    use_by_key(&browser, "Make a school").await;
    until(&browser, "the form", "return location.pathname === '/new'").await;
    tab_to(&browser, "here.id === 'name'").await;
    type_words(&browser, "Thornbeck Primary School").await.unwrap();
    tab_to(&browser, "here.id === 'dsl'").await;
    type_words(&browser, "Mrs Olwen Pryce").await.unwrap();
    use_by_key(&browser, "Make the school").await;
    until(&browser, "the list of pages", "return location.pathname === '/pages'").await;
    let school = home.path().join("thornbeck-primary-school");
    assert!(fs::read_to_string(school.join("school.toml")).unwrap().contains("Mrs Olwen Pryce"));
    with_own_names(&school);

    // The first stop of each page leads past its menu.
    press(&browser, "Tab").await.unwrap();
    assert!(is_here(&browser, "here.matches('.skip')").await.unwrap());
    press(&browser, "Enter").await.unwrap();
    tab_to(&browser, "decodeURIComponent(here.href).endsWith('policies/online-safety.md')").await;
    press(&browser, "Enter").await.unwrap();
    until(
        &browser,
        "the editor",
        "return location.pathname === '/edit' && !!document.getElementById('body')",
    )
    .await;
    tab_to(&browser, "here.id === 'set-summary'").await;
    type_words(&browser, "How we keep children safe online.").await.unwrap();
    // Out of the text again by the same key: it is no trap.
    tab_to(&browser, "here.id === 'body'").await;
    press(&browser, "Tab").await.unwrap();
    assert!(!is_here(&browser, "here.id === 'body'").await.unwrap(), "the text keeps the focus");
    press_with(&browser, "s", Held::Control).await.unwrap();
    until(&browser, "it is saved", "return location.search.includes('saved')").await;
    let file = fs::read_to_string(school.join("policies/online-safety.md")).unwrap();
    assert!(file.contains("How we keep children safe online."), "{file}");

    use_by_key(&browser, "Publish").await;
    until(&browser, "where to", "return location.pathname === '/publish'").await;
    tab_to(&browser, "here.id === 'approved_by'").await;
    type_words(&browser, "the governing board").await.unwrap();
    use_by_key(&browser, "Publish").await;
    until(&browser, "it is published", "return document.title.startsWith('It is published')").await;
    let page = home.path().join("school-website/site/policies/online-safety/index.html");
    assert!(fs::read_to_string(page).unwrap().contains("How we keep children safe online."));
}
