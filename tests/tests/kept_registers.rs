//! Registers at the desk, by the model school's own forms: the office writes down a blocked page and a loan with the
//! keyboard, puts it right, prints it and takes the file; the technician makes the weekly check, which is signed off; a
//! governor and a teacher see what is theirs and no more.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use std::fs;
use std::process::Command;
use tests::browser::Browser;
use tests::desk::Desk;
use tests::keyboard::{press, tab_to, type_words};
use tests::school::School;
use tests::sight::{click, fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();

/// What stands on the pages of a PDF.
fn words(school: &School, pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF"), "{}", String::from_utf8_lossy(&pdf[..pdf.len().min(300)]));
    let file = school.path("pages.pdf");
    fs::write(&file, pdf).unwrap();
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&file).arg("-").output();
    let text = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page's own words.
async fn text(browser: &Browser) -> String {
    browser.client().find(Locator::Css("main")).await.unwrap().text().await.unwrap()
}

async fn there(browser: &Browser, words: &str) {
    let path = format!("//main//*[contains(., '{words}')]");
    browser.client().wait().for_element(Locator::XPath(&path)).await.unwrap();
}

/// Sets a field that browsers fill in by a calendar.
async fn set(browser: &Browser, id: &str, value: &str) {
    let script = format!("document.getElementById('{id}').value = '{value}'");
    browser.client().execute(&script, vec![]).await.unwrap();
}

/// Enters something as somebody else does, in another browser.
fn enter(desk: &mut Desk, register: &str, typed: &[(&str, &str)]) -> String {
    let address = format!("/registers/{register}/new");
    let page = desk.page(&address).unwrap();
    let hidden = |name: &str| {
        let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        field.split('"').next().unwrap().to_owned()
    };
    let (token, row) = (hidden("form_token"), hidden("row"));
    let mut fields = vec![("form_token", token.as_str()), ("row", row.as_str())];
    fields.extend(typed);
    let answer = desk.send(&address, &fields).unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.leads_to().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_office_writes_down_a_blocked_page_and_a_loan_puts_it_right_and_takes_it_along() {
    let school = School::open().unwrap();
    let mut desk = school.desk().unwrap();
    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    assert_eq!(look(&browser, "registers-home").await.unwrap(), NO_FAULTS);

    // Two presses from the first page: the form, and where to write.
    tab_to(&browser, "here.textContent === 'A page was blocked, or should have been'", 40).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    there(&browser, "Keep this entry").await;
    tab_to(&browser, "here.name === 'kind'", 20).await.unwrap();
    press(&browser, " ").await.unwrap();
    tab_to(&browser, "here.id === 'page'", 10).await.unwrap();
    type_words(&browser, "https://museum.example/romans").await.unwrap();
    tab_to(&browser, "here.textContent === 'Keep this entry'", 40).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    there(&browser, "Nothing was kept yet").await;
    let page = text(&browser).await;
    assert!(
        page.contains("one answer is missing or wrong") && page.contains("Room and device number"),
        "{page}"
    );
    assert_eq!(look(&browser, "register-wrong").await.unwrap(), NO_FAULTS);
    let typed = client.find(Locator::Css("#page")).await.unwrap().prop("value").await.unwrap();
    assert_eq!(typed.as_deref(), Some("https://museum.example/romans"), "it is still there");
    tab_to(&browser, "here.hash === '#device'", 20).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    fill(&browser, "#device", "Oak room, tablet 7").await.unwrap();
    tab_to(&browser, "here.textContent === 'Keep this entry'", 40).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    there(&browser, "Kept.").await;
    assert!(
        text(&browser).await.contains("The technician"),
        "it says who reads it: {}",
        text(&browser).await
    );

    // A loan, to somebody chosen from the lists.
    client.goto(&format!("https://{}/registers/device-loan/new", school.desk_address())).await.unwrap();
    fill(&browser, "#serial", "SN-4471, L12").await.unwrap();
    let somebody = client.find(Locator::XPath("//optgroup[@label='Oak']/option")).await.unwrap();
    let (id, name) = (somebody.prop("value").await.unwrap().unwrap(), somebody.text().await.unwrap());
    set(&browser, "listed-person", &id).await;
    set(&browser, "agreement", "2026-11-20").await;
    set(&browser, "due", "2026-11-23").await;
    fill(&browser, "#out", "23 November, as new").await.unwrap();
    assert_eq!(look(&browser, "register-form").await.unwrap(), NO_FAULTS);
    click(&browser, "main button[type=submit]").await.unwrap();
    there(&browser, "Kept.").await;
    let page = text(&browser).await;
    assert!(page.contains(&name) && page.contains("Overdue") && page.contains("Still to answer"), "{page}");
    click(&browser, "main a.button").await.unwrap();
    let serial = client.wait().for_element(Locator::Css("#serial")).await.unwrap();
    serial.clear().await.unwrap();
    fill(&browser, "#serial", "SN-4471, L21").await.unwrap();
    fill(&browser, "#note", "Read the label the wrong way round").await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    there(&browser, "What it said before is still below").await;
    let page = text(&browser).await;
    assert!(page.contains("L12") && page.contains("L21") && page.contains("wrong way round"), "{page}");
    assert_eq!(look(&browser, "register-entry").await.unwrap(), NO_FAULTS);

    client.goto(&format!("https://{}/registers/device-loan", school.desk_address())).await.unwrap();
    there(&browser, "was due 23 November 2026").await;
    assert_eq!(look(&browser, "register-entries").await.unwrap(), NO_FAULTS);
    client.goto(&format!("https://{}/registers", school.desk_address())).await.unwrap();
    there(&browser, "1 overdue").await;
    assert_eq!(look(&browser, "registers").await.unwrap(), NO_FAULTS);
    // The browser says that a form was refused, which is as it should be.
    let mut complaints = browser.complaints().await.unwrap();
    complaints.retain(|complaint| !complaint.contains("/site-trouble/new"));
    assert_eq!(complaints, NO_FAULTS);

    let file = desk.get("/registers/device-loan/register.csv").unwrap();
    assert!(
        file.head.contains("register-device-loan-") && file.head.contains("PERSONAL-DATA.csv"),
        "{}",
        file.head
    );
    assert!(file.body.contains("PERSONAL DATA") && file.body.contains("L12") && file.body.contains("L21"));
    let token = desk.form_token("/registers/device-loan").unwrap();
    let paper = desk.send("/registers/device-loan/paper", &[("form_token", &token)]).unwrap();
    let paper = words(&school, &paper.bytes);
    for part in ["A device goes out and comes back", "PERSONAL DATA", "L21", "before, SN-4471, L12", &name] {
        assert!(paper.contains(part), "{part}: {paper}");
    }
    let log = school.hub_command(&["audit", "check"]).unwrap();
    assert!(!log.is_empty());
}

#[tokio::test]
async fn the_weekly_check_is_signed_off_and_everybody_sees_what_is_theirs_and_no_more() {
    let school = School::open().unwrap();
    let mut technician = school.account("l.grant", "technician").unwrap();
    let mut teacher = school.account("a.yusuf", "staff").unwrap();
    let mut governor = school.account("i.bevan", "governor").unwrap();
    let mut desk = school.desk().unwrap();

    // The child is chosen from the lists, as the teacher's own page offers them.
    let page = teacher.page("/registers/incident-log/new").unwrap();
    let oak = page.split("<optgroup label=\"Oak\"><option value=\"").nth(1).unwrap();
    let child = oak.split('"').next().unwrap().to_owned();
    let incident = [
        ("listed-person", child.as_str()),
        ("when", "2026-11-23T10:15"),
        ("where", "Oak room"),
        ("who", "A child of Oak"),
        ("role", "pupil"),
        ("heading", "content"),
        ("kind", "unsuitable-not-illegal"),
        ("level", "1"),
        ("details", "A page with QX77 on it"),
        ("actions", "Screen off"),
        ("reasons", "As the policy says"),
    ];
    let incident = enter(&mut teacher, "incident-log", &incident);
    assert!(teacher.page(&incident).unwrap().contains("QX77"));
    for (name, other) in [("technician", &mut technician), ("governor", &mut governor), ("office", &mut desk)]
    {
        assert_eq!(other.get(&incident).unwrap().status, 404, "{name}");
        let list = other.page("/registers").unwrap();
        assert!(!list.contains("QX77"), "{name}");
    }
    // Nor by the pages about one person: the office's have nothing of it, the headteacher's do, without the teacher's words.
    let mut head = school.account("r.adeyemi", "headteacher").unwrap();
    let held = |desk: &mut Desk| {
        let token = desk.form_token("/held").unwrap();
        let answer = desk.send(&format!("/held/{child}"), &[("form_token", &token)]).unwrap();
        words(&school, &answer.bytes)
    };
    let (offices, heads) = (held(&mut desk), held(&mut head));
    assert!(!offices.contains("Online safety incident"), "{offices}");
    assert!(heads.contains("Online safety incident") && heads.contains("Unsuitable, not illegal"), "{heads}");
    assert!(!heads.contains("QX77"), "{heads}");
    assert!(governor.page("/registers/incident-log/figures").unwrap().contains("fewer than 5"));
    let seen = governor.page("/registers").unwrap();
    assert!(
        seen.contains("governor-visit") && !seen.contains("device-loan") && !seen.contains("data-breach")
    );
    let seen = teacher.page("/registers").unwrap();
    assert!(
        !seen.contains("training-log") && !seen.contains("leaver-accounts") && seen.contains("site-trouble")
    );
    let seen = technician.page("/registers").unwrap();
    assert!(seen.contains("asset") && !seen.contains("training-log"));

    let check = [
        ("date", "2026-11-27"),
        ("ticks", "screens-lock-by-themselves"),
        ("alerts", "yes"),
        ("wrong", "One tablet was flat"),
    ];
    enter(&mut technician, "weekly-check", &check);
    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("https://{}/registers/weekly-check", school.desk_address())).await.unwrap();
    there(&browser, "1 entry since").await;
    tab_to(&browser, "here.id === 'sure'", 60).await.unwrap();
    press(&browser, " ").await.unwrap();
    tab_to(&browser, "here.textContent.startsWith('Sign off as')", 10).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    there(&browser, "Last signed off").await;
    let page = text(&browser).await;
    assert!(page.contains("by office") && page.contains("0 entries since"), "{page}");
    assert_eq!(look(&browser, "register-signed").await.unwrap(), NO_FAULTS);

    // Information is lost: the clock stands on every page of the office.
    let noticed = client.execute("const now = new Date(Date.now() - 3600e3); return new Date(now - now.getTimezoneOffset() * 60e3).toISOString().slice(0, 16)", vec![]);
    let noticed = noticed.await.unwrap().as_str().unwrap().to_owned();
    let breach = [
        ("noticed", noticed.as_str()),
        ("what", "A stick was lost"),
        ("whose", "Class Oak"),
        ("risk", "a-risk-is-unlikely"),
    ];
    enter(&mut desk, "data-breach", &breach);
    client.goto(&format!("https://{}/people", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css(".clock")).await.unwrap();
    assert_eq!(look(&browser, "register-clock").await.unwrap(), NO_FAULTS);
    assert!(!technician.page("/registers").unwrap().contains("class=\"inner clock"));
    assert_eq!(desk.get("/registers/incident-log/figures").unwrap().status, 404);
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
}
