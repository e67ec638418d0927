//! The whole way round of a picture: a family says yes, the website's own program checks and publishes it and says where;
//! the office brings that list to the desk; the family says no, and the desk says what has to come down, and the program
//! refuses it, until it is gone.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use std::fs;
use std::process::{Command, Output};
use tests::desk::Desk;
use tests::keyboard::{press, tab_to};
use tests::process::our_program;
use tests::school::School;
use tests::sight::{fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();

/// Every value of an attribute of this beginning on a page.
fn all<'p>(page: &'p str, beginning: &str) -> Vec<&'p str> {
    page.split(beginning).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// A paper form of the pupil's, with one answer to all of it.
fn paper(desk: &mut Desk, pupil: &str, answer: &str) {
    let page = desk.page(pupil).unwrap();
    let action = all(&page, "action=\"").into_iter().find(|action| action.contains("/paper/")).unwrap();
    let form = page.split(&format!("action=\"{action}\"")).nth(1).unwrap().split("</form>").next().unwrap();
    let by = all(form, "name=\"by\" value=\"")[0];
    let token = all(form, "name=\"form_token\" value=\"")[0];
    let uses: Vec<String> = all(form, "name=\"use-").into_iter().map(|id| format!("use-{id}")).collect();
    // Signed today, in the only words that there are.
    let day = all(form, " max=\"")[0];
    let mut fields = vec![("form_token", token), ("by", by), ("day", day)];
    fields.extend(uses.iter().map(|name| (name.as_str(), answer)));
    fields.dedup();
    desk.post(action, &fields).unwrap();
}

/// What the hub says now, as files for the program.
fn ask_the_hub(school: &School, desk: &mut Desk) {
    for (address, file) in [("/consent/export", "may.consent"), ("/consent/roster", "the.roster")] {
        fs::write(school.path(file), desk.get(address).unwrap().bytes).unwrap();
    }
}

fn signpost(school: &School, command: &str, more: &[&str]) -> Output {
    let mut signpost = Command::new(our_program("signpost", "generator").unwrap());
    signpost.arg(command).arg("--school").arg(school.content());
    signpost.arg("--consent").arg(school.path("may.consent"));
    signpost.arg("--roster").arg(school.path("the.roster"));
    signpost.args(more).current_dir(school.path(".")).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

#[tokio::test]
async fn a_picture_goes_up_with_a_yes_and_the_desk_says_where_it_is_until_it_is_down_again() {
    let school = School::open().unwrap();
    school.take_contacts().unwrap();
    let mut desk = school.desk().unwrap();
    let page = desk.page("/consent?name=Amelia").unwrap();
    let pupil =
        all(&page, "href=\"").into_iter().find(|to| to.starts_with("/consent/pupil/")).unwrap().to_owned();
    let id = pupil.rsplit('/').next().unwrap().to_owned();
    // The desk says what the school's folder needs, once.
    let settings = school.content().join("school.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let key = page.split("key = &quot;").nth(1).or_else(|| page.split("key = \"").nth(1)).unwrap();
    let key: String = key.chars().take_while(char::is_ascii_hexdigit).collect();
    fs::write(&settings, format!("{text}\n[hub]\nkey = \"{key}\"\n")).unwrap();
    let hall = school.content().join("images/school-hall.people.toml");
    let nobody = fs::read_to_string(&hall).unwrap();
    fs::write(&hall, format!("pupils = [\"{id}\"]\nchecked_by = \"Mrs Kasia Nowak\"\n")).unwrap();

    ask_the_hub(&school, &mut desk);
    let refused = signpost(&school, "check", &[]);
    assert!(!refused.status.success() && told(&refused).contains("school-hall"), "{}", told(&refused));
    paper(&mut desk, &pupil, "yes");
    ask_the_hub(&school, &mut desk);
    let published = signpost(&school, "publish", &["--to", "web"]);
    assert!(published.status.success(), "{}", told(&published));
    let list = school.path("web/pack/school.published");

    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    let bring = async || {
        client.goto(&format!("https://{}/consent/published", school.desk_address())).await.unwrap();
        fill(&browser, "#file", &list.display().to_string()).await.unwrap();
        tab_to(&browser, "here.textContent.trim() === 'Take the list'", 40).await.unwrap();
        press(&browser, "Enter").await.unwrap();
        client.wait().for_element(Locator::Css("[role=status]")).await.unwrap();
        client.find(Locator::Css("main")).await.unwrap().text().await.unwrap()
    };
    let shown = bring().await;
    assert!(shown.contains("Nothing to take down") && shown.contains("May be shown: 1 pupil"), "{shown}");

    paper(&mut desk, &pupil, "no");
    let home = desk.page("/").unwrap();
    assert!(home.contains("To do:"), "{home}");
    client.goto(&format!("https://{}/consent/published", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("ul.places")).await.unwrap();
    let page = client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(page.contains("To take down") && page.contains("guides/photography-at-events/"), "{page}");
    assert_eq!(look(&browser, "published").await.unwrap(), NO_FAULTS);
    client.goto(&format!("https://{}{pupil}", school.desk_address())).await.unwrap();
    client.wait().for_element(Locator::Css("#shown")).await.unwrap();
    assert_eq!(look(&browser, "consent-pupil-shown").await.unwrap(), NO_FAULTS);
    tab_to(&browser, "here.value === 'gone'", 60).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::XPath("//*[@id='shown'][contains(., 'taken down')]")).await.unwrap();
    assert!(!desk.page("/").unwrap().contains("To do:"));

    // Whoever said so was wrong: the site still has it, the program refuses it, and the next list says so too.
    ask_the_hub(&school, &mut desk);
    let refused = signpost(&school, "publish", &["--to", "web"]);
    assert!(!refused.status.success() && told(&refused).contains("school-hall"), "{}", told(&refused));
    let shown = bring().await;
    assert!(shown.contains("1 that were said to be taken down are still there"), "{shown}");
    fs::write(&hall, nobody).unwrap();
    let published = signpost(&school, "publish", &["--to", "web"]);
    assert!(published.status.success(), "{}", told(&published));
    let shown = bring().await;
    assert!(shown.contains("1 of before are gone") && shown.contains("Nothing to take down"), "{shown}");
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
}
