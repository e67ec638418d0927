//! The whole way once: from the Markdown to the site, the pack, a child at the kiosk, the hub, and the
//! register that the office reads in its browser.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::{Client, Locator};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use std::fs;
use std::path::{Path, PathBuf};
use tests::browser::{Browser, Options};
use tests::child::{Child, Pupil, Visit};
use tests::desk::{Desk, OWN_PASSWORD};
use tests::school::School;

/// The statements of an agreement, as somebody reads them in its Markdown.
fn statements(content: &Path, agreement: &str) -> Vec<String> {
    let markdown = fs::read_to_string(content.join(format!("agreements/{agreement}.md"))).unwrap();
    let headings = markdown.lines().filter(|line| line.starts_with('#') && line.contains("symbol="));
    headings.map(|line| line.trim_start_matches('#').split('{').next().unwrap().trim().to_owned()).collect()
}

/// The other paragraphs of an agreement: its introduction, and what stands under its statements.
fn paragraphs(content: &Path, agreement: &str) -> Vec<String> {
    let markdown = fs::read_to_string(content.join(format!("agreements/{agreement}.md"))).unwrap();
    let body = markdown.rsplit("+++").next().unwrap();
    let blocks = body.split("\n\n").map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
    blocks.filter(|block| !block.is_empty() && !block.starts_with('#')).collect()
}

/// That these words stand there whole and in order.
fn assert_told(told: &str, words: &[String], place: &str) {
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut from = 0;
    for one in words {
        let at = told[from..].find(one.as_str());
        from += at.unwrap_or_else(|| panic!("{place} does not say “{one}” in its place: {told}")) + one.len();
    }
}

fn front_matter(content: &Path, agreement: &str, key: &str) -> String {
    let markdown = fs::read_to_string(content.join(format!("agreements/{agreement}.md"))).unwrap();
    let line = markdown.lines().find(|line| line.starts_with(&format!("{key} ="))).unwrap();
    line.split('"').nth(1).unwrap().to_owned()
}

async fn texts(client: &Client, css: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for element in client.find_all(Locator::Css(css)).await.unwrap() {
        texts.push(element.text().await.unwrap());
    }
    texts
}

async fn text(client: &Client, css: &str) -> String {
    client.find(Locator::Css(css)).await.unwrap().text().await.unwrap()
}

async fn fill(client: &Client, css: &str, words: &str) {
    client.find(Locator::Css(css)).await.unwrap().send_keys(words).await.unwrap();
}

async fn click(client: &Client, locator: Locator<'_>) {
    client.find(locator).await.unwrap().click().await.unwrap();
}

/// The office signs in for the first time, and is made to choose a password of its own.
async fn sign_in(client: &Client, desk: &str, (name, password): &(String, String)) {
    client.goto(desk).await.unwrap();
    fill(client, "#name", name).await;
    fill(client, "#password", password).await;
    click(client, Locator::Css("button[type=submit]")).await;
    // A click comes back before the page that it leads to is there.
    client.wait().for_element(Locator::Css("#current")).await.unwrap();
    assert!(client.current_url().await.unwrap().path().ends_with("/password"), "a first password is changed");
    fill(client, "#current", password).await;
    fill(client, "#new", OWN_PASSWORD).await;
    fill(client, "#again", OWN_PASSWORD).await;
    click(client, Locator::Css("form[action='/password'] button[type=submit]")).await;
    client.wait().for_element(Locator::XPath("//h1[.='Agreements']")).await.unwrap();
}

/// A person's line of a class: state, when, words.
async fn line(client: &Client, forename: &str) -> Vec<String> {
    for row in client.find_all(Locator::Css("table.people tbody tr")).await.unwrap() {
        let name = row.find(Locator::Css("th")).await.unwrap().text().await.unwrap();
        if name.starts_with(forename) {
            let mut cells = Vec::new();
            for cell in row.find_all(Locator::Css("td")).await.unwrap() {
                cells.push(cell.text().await.unwrap());
            }
            return cells;
        }
    }
    panic!("{forename} is not in this class")
}

/// From the home page to the class in the register, by its links.
async fn open_class(client: &Client, desk: &str, agreement: &str, class: &str) {
    client.goto(desk).await.unwrap();
    client.wait().for_element(Locator::LinkText(agreement)).await.unwrap();
    click(client, Locator::LinkText(agreement)).await;
    client.wait().for_element(Locator::LinkText(class)).await.unwrap();
    click(client, Locator::LinkText(class)).await;
    client.wait().for_element(Locator::XPath(&format!("//h1[.='{class}']"))).await.unwrap();
}

/// The tick of a child in the form for the wall. Kiosks name children by forename and as much of the surname as
/// tells apart; the desk writes both out.
fn label_of(pupil: &Pupil) -> String {
    format!("//*[contains(@class, 'wall')]//label[starts-with(., '{}')]", pupil.name)
}

/// Where files of this test may lie.
fn browser_folder(school: &School) -> PathBuf {
    school.hub_data().parent().unwrap().to_owned()
}

fn signed(visit: Visit) -> Vec<String> {
    match visit {
        Visit::Thanked(statements) => statements,
        Visit::HadSigned => panic!("the child was not asked"),
    }
}

#[tokio::test]
async fn the_words_of_the_markdown_are_the_words_of_the_page_the_kiosk_and_the_register() {
    let school = School::open().unwrap();
    let content = school.content();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let mut browser = Browser::open(&options).await.unwrap();
    let client = browser.client().clone();

    // The site.
    let promises = statements(&content, "ks1");
    let title = front_matter(&content, "ks1", "title");
    let version = front_matter(&content, "ks1", "version");
    assert!(promises.len() >= 4, "{promises:?}");
    client
        .goto(&format!("file://{}/agreements/ks1/index.html", school.site().unwrap().display()))
        .await
        .unwrap();
    let headings = texts(&client, "main h2, main h3").await;
    let on_the_page: Vec<&String> = headings.iter().filter(|heading| promises.contains(heading)).collect();
    assert_eq!(
        on_the_page,
        promises.iter().collect::<Vec<_>>(),
        "the page has them all, in order: {headings:?}"
    );
    assert_eq!(text(&client, "h1").await, title);

    let more = paragraphs(&content, "ks1");
    assert!(more.len() > promises.len(), "{more:?}");
    assert_told(&text(&client, "main").await, &more, "the page");

    // The kiosk.
    let mut child = Child::at(&data).unwrap();
    let (everybody, _) = child.everybody().unwrap();
    let oak = everybody.iter().find(|pupil| pupil.class == "Oak").unwrap().clone();
    let acorn: Vec<Pupil> = everybody.into_iter().filter(|pupil| pupil.class == "Acorn").take(2).collect();
    let [first, second] = acorn.as_slice() else { panic!("Acorn has two children") };
    assert_eq!(signed(child.sign(first).unwrap()), promises, "the kiosk says the words of the Markdown");
    assert_eq!(child.sign(first).unwrap(), Visit::HadSigned);
    assert_eq!(signed(child.sign(&oak).unwrap()), statements(&content, "ks2"), "and so in an older class");
    child.sync().unwrap();
    assert_eq!(child.figures().unwrap().waiting, 0);

    // The register.
    let desk = format!("https://{}/", school.desk_address());
    sign_in(&client, &desk, &school.first_sign_in).await;
    browser.screenshot("desk-registers").await.unwrap();
    open_class(&client, &desk, &title, "Acorn").await;
    browser.screenshot("desk-class").await.unwrap();
    let cells = line(&client, &first.name).await;
    assert_eq!(cells[0], "Signed");
    assert_eq!(cells[2], format!("version {version}"));
    let today = jiff::Zoned::now().in_tz("Europe/London").unwrap().strftime("%-d %B %Y").to_string();
    assert!(cells[1].starts_with(&today), "signed today, {today}: {cells:?}");
    assert_eq!(line(&client, &second.name).await[0], "To sign\nnot yet shown");
    assert_eq!(text(&client, "#signed").await, "1");
    let asked: usize = text(&client, "#asked").await.parse().unwrap();
    assert_eq!(text(&client, "#outstanding").await, (asked - 1).to_string());

    // The words that were signed.
    click(&client, Locator::LinkText(&format!("version {version}"))).await;
    let signed_words = client.current_url().await.unwrap();
    assert!(signed_words.path().starts_with("/words/"), "{signed_words}");
    assert_eq!(text(&client, "h1").await, title);
    assert_eq!(texts(&client, "ol.statements h3").await, promises);
    browser.screenshot("desk-words").await.unwrap();
    let before = text(&client, "article.words").await;
    assert_told(&before, &more, "the register");

    // The Markdown changes, with a new version.
    let markdown = content.join("agreements/ks1.md");
    let old = fs::read_to_string(&markdown).unwrap();
    let new = old
        .replace(&format!("version = \"{version}\""), "version = \"9.1\"")
        .replace(promises[1].as_str(), "I am kind to people on screens.");
    assert_ne!(old, new);
    fs::write(&markdown, new).unwrap();
    school.publish().unwrap();
    child.sync().unwrap();
    assert_eq!(child.figures().unwrap().pack, 2);
    let newer = statements(&content, "ks1");
    assert_eq!(newer[1], "I am kind to people on screens.");

    // Between the two versions: asked again, and the old words stand.
    open_class(&client, &desk, &title, "Acorn").await;
    let cells = line(&client, &first.name).await;
    assert_eq!(cells[0], "Asked again\nthe words or the school year are new\nnot yet shown");
    assert_eq!(cells[2], format!("version {version}"));
    client.goto(signed_words.as_str()).await.unwrap();
    assert_eq!(text(&client, "article.words").await, before, "word for word, as they were signed");
    assert!(text(&client, "main").await.contains("Version 9.1 has other words now."));
    browser.screenshot("desk-words-of-before").await.unwrap();

    // The same child is asked again, and signs the new words.
    assert_eq!(signed(child.sign(first).unwrap()), newer);
    child.sync().unwrap();
    open_class(&client, &desk, &title, "Acorn").await;
    let cells = line(&client, &first.name).await;
    assert_eq!((cells[0].as_str(), cells[2].as_str()), ("Signed", "version 9.1"));
    client.goto(signed_words.as_str()).await.unwrap();
    assert_eq!(text(&client, "article.words").await, before, "the words of before can still be read");

    // The file for a spreadsheet carries its handling label, in its name and in its first line.
    let mut office = Desk::at(school.desk_address(), &school.hub_data().join("school-ca.pem")).unwrap();
    office.sign_in(&school.first_sign_in.0, OWN_PASSWORD).unwrap();
    let file = office.get("/register/ks1/register.csv").unwrap();
    assert!(file.head.contains("PERSONAL-DATA.csv"), "{}", file.head);
    assert!(
        file.body.lines().next().unwrap().contains("PERSONAL DATA – for school use only"),
        "{}",
        file.body
    );
    let lines = office.register("ks1").unwrap();
    let found: Vec<_> = lines.iter().filter(|line| line.is(first)).collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].state.as_str(), found[0].version.as_str()), ("signed", "9.1"));
    assert_eq!(lines.iter().filter(|line| line.state == "signed").count(), 1);

    // For the wall of the room: the promise and the marks of who has signed; one child is left off by a click.
    assert_eq!(signed(child.sign(second).unwrap()), newer);
    child.sync().unwrap();
    open_class(&client, &desk, &title, "Acorn").await;
    click(&client, Locator::Css(".wall summary")).await;
    click(&client, Locator::XPath(&label_of(second))).await;
    browser.screenshot("desk-wall").await.unwrap();
    let ticked =
        "return [...document.querySelectorAll('.wall input[name=on]:checked')].map((one) => one.value);";
    let ticked: Vec<String> = serde_json::from_value(client.execute(ticked, vec![]).await.unwrap()).unwrap();
    assert_eq!(ticked.len(), 1, "one of two has signed and is still ticked");
    let address =
        client.find(Locator::Css(".wall form")).await.unwrap().attr("action").await.unwrap().unwrap();
    let section = client.current_url().await.unwrap().path().to_owned();
    let token = office.form_token(&section).unwrap();
    let wall = office.send(&address, &[("form_token", &token), ("on", &ticked[0])]).unwrap();
    assert_eq!(wall.status, 200, "{}", wall.body.chars().take(2000).collect::<String>());
    assert!(wall.head.contains("application/pdf"), "{}", wall.head);
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
        let report = validate_pdf_bytes(&wall.bytes, &ValidationOptions::default().profile(profile)).unwrap();
        assert!(report.failures.is_empty(), "{:#?}", report.failures);
    }
    let file = browser_folder(&school).join("wall.pdf");
    fs::write(&file, &wall.bytes).unwrap();
    let said = std::process::Command::new("pdftotext").arg("-raw").arg(&file).arg("-").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains(&first.name), "{said}");
    assert!(!said.contains(&second.name), "a child who was left off is not on the wall: {said}");
    assert_told(&said, std::slice::from_ref(&title), "the wall");
    assert_told(&said, &newer, "the wall");
    let nobody = office.send(&address, &[("form_token", &token)]).unwrap();
    assert_eq!(nobody.status, 400, "an empty wall is not printed");
    let outside = office.send("/register/staff/staff/display.pdf", &[("form_token", &token)]).unwrap();
    assert_eq!(outside.status, 404, "only classes have a wall");

    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    let inside = |url: &&String| url.starts_with(&desk) || url.starts_with("file://");
    let elsewhere: Vec<_> = browser.requested().await.unwrap().iter().filter(|url| !inside(url)).collect();
    assert!(elsewhere.is_empty(), "a page asked somebody else: {elsewhere:?}");
}
