//! The office manager's day in a real browser: a school made, a policy brought in, edited with the result
//! beside it, a fault found and mended, published; without a terminal once the page is open.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod opened_office;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use fantoccini::{Client, Locator};
use opened_office::with_own_names;
use tests::{
    browser::{Browser, Options},
    process::{Process, free_port, our_program, scratch_folder},
};

/// The office's page with this folder as the person's own.
fn started(home: &Path) -> (Process, String) {
    let mut command = Command::new(our_program("signpost", "generator").unwrap());
    command.args(["office", "--no-browser", "--date", "2026-11-22"]);
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join(".config")).env_remove("SIGNPOST_THEMES");
    let mut office = Process::start(command).unwrap();
    let address = office
        .wait_for("its address", Duration::from_secs(120), |line| {
            Some(format!("http://{}", line.split_once("http://")?.1.trim()))
        })
        .unwrap();
    (office, address)
}

async fn fill(client: &Client, id: &str, text: &str) {
    let field = client.find(Locator::Id(id)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn press(client: &Client, words: &str) {
    let xpath = format!("//main//*[self::a or self::button][normalize-space()='{words}']");
    client.find(Locator::XPath(&xpath)).await.unwrap().click().await.unwrap();
}

/// Waits until a script gives true; a busy machine may take its time.
async fn until(client: &Client, what: &str, script: &str) {
    let began = Instant::now();
    while client.execute(script, vec![]).await.unwrap() != true {
        assert!(began.elapsed() < Duration::from_secs(120), "it never came to pass: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Types over the words in the editor, as somebody does with the keyboard.
async fn replace(client: &Client, old: &str, new: &str) {
    let script = "const body = document.getElementById('body'); const at = body.value.indexOf(arguments[0]); \
                  if (at < 0) return false; body.focus(); body.setSelectionRange(at, at + arguments[0].length); \
                  return document.execCommand('insertText', false, arguments[1]);";
    assert_eq!(
        client.execute(script, vec![old.into(), new.into()]).await.unwrap(),
        true,
        "no “{old}” in the text"
    );
}

const SHOWN: &str =
    "return document.getElementById('result').contentDocument.querySelector('main').textContent";

#[tokio::test]
async fn an_office_manager_makes_a_school_brings_in_a_policy_mends_it_and_publishes_it() {
    let home = scratch_folder().unwrap();
    let (_office, address) = started(home.path());
    let mut browser = Browser::open(&Options { window: (1440, 900), ..Options::default() }).await.unwrap();
    let client = browser.client().clone();
    client.goto(&address).await.unwrap();
    browser.screenshot("office-start").await.unwrap();

    press(&client, "Make a school").await;
    fill(&client, "name", "Thornbeck Primary School").await;
    fill(&client, "phone", "01632 960555").await;
    fill(&client, "dsl", "Mrs Olwen Pryce").await;
    browser.screenshot("office-new").await.unwrap();
    press(&client, "Make the school").await;
    until(&client, "the list of pages", "return location.pathname === '/pages'").await;
    browser.screenshot("office-pages").await.unwrap();
    let school = home.path().join("thornbeck-primary-school");
    let settings = fs::read_to_string(school.join("school.toml")).unwrap();
    assert!(settings.contains("Mrs Olwen Pryce") && settings.contains("01632 960555"));
    with_own_names(&school);

    let text = home.path().join("Visitors.txt");
    fs::write(&text, "Visitors Policy\n\n1. Signing in\n\nEvery visitor signs in at the office.\n\n2. Phones\n\nVisitors keep their phones in their bags.\n").unwrap();
    let import = client.find(Locator::LinkText("Bring in")).await.unwrap();
    import.click().await.unwrap();
    let input = client.find(Locator::Id("file")).await.unwrap();
    input.send_keys(&text.display().to_string()).await.unwrap();
    press(&client, "Bring it in").await;
    browser.screenshot("office-imported").await.unwrap();
    press(&client, "Look at it and fill in what is missing").await;

    let file = school.join("policies/visitors.md");
    until(
        &client,
        "the page beside the words",
        "return !!document.getElementById('result').contentDocument?.querySelector('main')",
    )
    .await;
    let saved = fs::read_to_string(&file).unwrap();
    replace(&client, "signs in at the office", "signs in at the front desk").await;
    until(&client, "the new words beside", &format!("{SHOWN}.includes('signs in at the front desk')")).await;
    assert_eq!(fs::read_to_string(&file).unwrap(), saved, "nothing is saved before one says so");

    replace(&client, "Visitors keep", "See [the rules](../policies/no-such.md). Visitors keep").await;
    until(
        &client,
        "the fault is told",
        "return document.querySelectorAll('#found .problem.error').length > 0",
    )
    .await;
    browser.screenshot("office-edit-problem").await.unwrap();
    client.find(Locator::Css("#found .problem.error button")).await.unwrap().click().await.unwrap();
    let selected = "const b = document.activeElement; return b.id === 'body' ? b.value.slice(b.selectionStart, b.selectionEnd) : b.outerHTML";
    let selected = client.execute(selected, vec![]).await.unwrap();
    assert!(selected.as_str().unwrap().contains("no-such.md"), "taken to {selected}");
    replace(&client, "See [the rules](../policies/no-such.md). ", "").await;
    until(
        &client,
        "the fault is gone",
        "return document.querySelectorAll('#found .problem.error').length === 0",
    )
    .await;
    fill(&client, "set-summary", "What we ask of people who come to see us.").await;
    until(&client, "the summary beside", &format!("{SHOWN}.includes('people who come to see us')")).await;
    for (words, name) in [("Phone", "phone"), ("Paper", "paper"), ("Computer", "computer")] {
        press(&client, words).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        browser.screenshot(&format!("office-edit-{name}")).await.unwrap();
    }
    press(&client, "Save").await;
    until(&client, "it is saved", "return location.search.includes('saved')").await;
    let now = fs::read_to_string(&file).unwrap();
    assert!(now.contains("front desk") && now.contains("people who come to see us"), "{now}");
    let earlier: Vec<_> =
        fs::read_dir(school.join(".signpost/earlier/policies/visitors.md")).unwrap().collect();
    assert_eq!(earlier.len(), 1, "the text before is kept");

    // Somebody else saves the page meanwhile.
    fs::write(&file, now.replace("front desk", "gate")).unwrap();
    replace(&client, "in their bags", "in the lockers").await;
    press(&client, "Save").await;
    until(&client, "the warning", "return !!document.querySelector('[role=alert]')").await;
    browser.screenshot("office-conflict").await.unwrap();
    assert!(
        fs::read_to_string(&file).unwrap().contains("gate"),
        "the other text is not written over unasked"
    );
    press(&client, "Save mine over it").await;
    until(&client, "it is saved", "return location.search.includes('saved')").await;
    assert!(fs::read_to_string(&file).unwrap().contains("in the lockers"));

    client.find(Locator::LinkText("Publish")).await.unwrap().click().await.unwrap();
    fill(&client, "approved_by", "the governing board").await;
    browser.screenshot("office-publish").await.unwrap();
    press(&client, "Publish").await;
    until(
        &client,
        "it is published",
        "return document.querySelector('h1').textContent === 'It is published'",
    )
    .await;
    browser.screenshot("office-published").await.unwrap();
    let page: PathBuf = home.path().join("school-website/site/policies/visitors/index.html");
    let html = fs::read_to_string(page).unwrap();
    assert!(
        html.contains("in the lockers") && !html.contains(".signpost"),
        "the published page holds nothing of the preview"
    );
    // The browser notes the one save that was rightly refused; it is to note nothing else.
    let complaints = browser.complaints().await.unwrap();
    assert!(
        complaints.len() == 1 && complaints[0].contains("/edit/save") && complaints[0].contains("409"),
        "{complaints:?}"
    );
    let elsewhere: Vec<_> = browser
        .requested()
        .await
        .unwrap()
        .iter()
        .filter(|url| !url.starts_with("http://127.0.0.1") && !url.starts_with("data:"))
        .cloned()
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[tokio::test]
async fn a_saved_page_comes_into_the_open_browser_without_a_jump_and_a_fault_is_told_over_it() {
    let scratch = scratch_folder().unwrap();
    let school = scratch.path().join("school");
    let signpost = our_program("signpost", "generator").unwrap();
    assert!(Command::new(&signpost).arg("new").arg(&school).output().unwrap().status.success());
    let port = free_port().unwrap();
    let mut command = Command::new(signpost);
    command.arg("serve").arg("--school").arg(&school).args([
        "--date",
        "2026-11-22",
        "--port",
        &port.to_string(),
    ]);
    let mut server = Process::start(command).unwrap();
    let address = format!("http://127.0.0.1:{port}/");
    server
        .wait_for("where it serves", Duration::from_secs(120), |line| line.contains(&address).then_some(()))
        .unwrap();
    let mut browser = Browser::open(&Options::default()).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("{address}policies/online-safety/")).await.unwrap();
    client.execute("window.same = true; scrollTo(0, 900)", vec![]).await.unwrap();

    let file = school.join("policies/online-safety.md");
    let good = fs::read_to_string(&file).unwrap();
    let line = good.lines().find(|line| line.starts_with("## ")).unwrap();
    fs::write(&file, good.replacen(line, &format!("{line}\n\nThese words are new."), 1)).unwrap();
    until(
        &client,
        "the new words",
        "return document.querySelector('main').textContent.includes('These words are new.')",
    )
    .await;
    let kept = client.execute("return [scrollY, window.same === true]", vec![]).await.unwrap();
    assert_eq!(kept, serde_json::json!([900, true]), "the page stays where it was read");

    fs::write(&file, good.replacen("+++", "", 1)).unwrap();
    // That nobody has approved a new school's pages yet is told there as well, and calls for nobody at once.
    let fault = "return !!document.querySelector('#signpost-panel:not(.only-warnings) .what')";
    until(&client, "the panel", fault).await;
    browser.screenshot("preview-broken").await.unwrap();
    let main = "return document.querySelector('main').textContent.includes('These words are new.')";
    assert_eq!(client.execute(main, vec![]).await.unwrap(), true, "the last good page is underneath");
    let panel = client.find(Locator::Id("signpost-panel")).await.unwrap().text().await.unwrap();
    assert!(panel.contains("policies/online-safety.md") && panel.contains("To mend it:"), "{panel}");

    fs::write(&file, &good).unwrap();
    until(&client, "the fault is gone", &fault.replace("!!", "!")).await;
    assert_eq!(client.execute(main, vec![]).await.unwrap(), false);
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn lists_and_forms_are_in_reach_and_a_folder_that_cannot_be_written_is_told_in_words() {
    let home = scratch_folder().unwrap();
    let signpost = our_program("signpost", "generator").unwrap();
    let school = home.path().join("school");
    assert!(Command::new(&signpost).arg("new").arg(&school).output().unwrap().status.success());
    let remembered = home.path().join(".config/signpost");
    fs::create_dir_all(&remembered).unwrap();
    fs::write(remembered.join("last-school.txt"), format!("{}\n", school.display())).unwrap();
    let (_office, address) = started(home.path());
    let browser = Browser::open(&Options { window: (1440, 900), ..Options::default() }).await.unwrap();
    let client = browser.client().clone();
    client.goto(&address).await.unwrap();
    for (row, file) in [
        ("Polski", "pl/agreements/ks1"),
        ("Websites for lessons", "approved-sites"),
        ("Pictures and film of your child", "forms/images"),
    ] {
        let link = client.find(Locator::LinkText(row)).await.unwrap();
        client
            .execute("arguments[0].scrollIntoView()", vec![serde_json::to_value(link).unwrap()])
            .await
            .unwrap();
        press(&client, row).await;
        // A list is a form first, and its file for whoever wants it.
        if file == "approved-sites" {
            until(&client, "the list as a form", "return location.pathname.startsWith('/facts')").await;
            press(&client, "Edit as text").await;
        }
        let beside = format!(
            "const page = document.getElementById('result')?.contentDocument; \
             return !!page?.querySelector('main') && page.location.pathname === '/site/{file}/'"
        );
        until(&client, "the page beside the list", &beside).await;
        client.find(Locator::LinkText("Back to all pages")).await.unwrap().click().await.unwrap();
    }

    // Somebody's own files are there: nothing of theirs is written over.
    fs::write(home.path().join("thesis.txt"), "years of work").unwrap();
    client.find(Locator::LinkText("Publish")).await.unwrap().click().await.unwrap();
    fill(&client, "to", &home.path().display().to_string()).await;
    fill(&client, "approved_by", "the governing board").await;
    press(&client, "Publish").await;
    until(&client, "the refusal", "return !!document.querySelector('[role=alert]')").await;
    browser.screenshot("office-publish-refused").await.unwrap();
    let told = client.find(Locator::Css("[role=alert]")).await.unwrap().text().await.unwrap();
    assert!(told.contains("holds files that signpost did not write"), "{told}");
    let kept = client.find(Locator::Id("approved_by")).await.unwrap().prop("value").await.unwrap();
    assert_eq!(kept.as_deref(), Some("the governing board"), "nothing has to be typed twice");
}
