//! A child tells at a kiosk, and those it is for read it at the hub: the whole way, also through kills.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tests::accessibility::prepare;
use tests::browser::{Browser, Options};
use tests::child::{Child, is_told, whole_telling};
use tests::desk::{BOX_WORDS, Desk, OWN_PASSWORD};
use tests::kill::{self, Plan, Victim};
use tests::power_cut::{self, Cuts, Recorder};
use tests::process::{Process, ProcessError, scratch_folder};
use tests::school::{PATIENCE, ROLES, School, copy, kiosk_command, kiosk_status, serving};
use tests::sight::{click, fill, look, set_up_phone, signed_in, type_code};

const NO_FAULTS: Vec<String> = Vec::new();

const SEED: u64 = 20_261_128;
const KILLS: usize = 12;
const CUTS: usize = 15;

/// Boxes go by the clock, and when a kiosk is started: this is the kiosk's next morning.
fn next_start(data: &Path) {
    let mut child = Child::at(data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();
}

#[tokio::test]
async fn what_a_child_tells_is_read_by_the_two_it_is_for_in_the_childs_own_choices() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut child = Child::at(&data).unwrap();
    let entry = "I didn’t like something".to_owned();
    assert!(!child.controls().contains(&entry), "nobody could read it yet, so nothing is asked");

    begin_at_the_desk(&school).await;
    let mut holders = school.holders().unwrap();
    child.sync().unwrap();
    assert!(child.controls().contains(&entry), "{:?}", child.controls());
    let about_child = ["Worried", "I got a message", "In a game", "I don’t know them", "Yes, with me"];
    let (class, name) = ("Acorn", "Bryn");
    child.tell(&[&about_child[..], &[class, name]].concat()).unwrap();
    assert_eq!(child.screen(), "told");
    child.press("Finish").unwrap();
    child.tell(&["Cross", "It was not kind", "At school", "A grown-up at school", "No, not now"]).unwrap();
    child.press("Finish").unwrap();
    child.tell(&["Sad", "It was not kind", "At school", "Mrs Ruth Adeyemi", "No, not now"]).unwrap();
    child.press("Finish").unwrap();
    child.sync().unwrap();
    for holder in &mut holders {
        assert_eq!(holder.reports().unwrap(), Vec::<String>::new(), "boxes go by the clock");
    }
    child.leave().unwrap();
    next_start(&data);

    let mut read: Vec<Vec<String>> = Vec::new();
    for holder in &mut holders {
        read.push(holder.reports().unwrap());
    }
    assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 2, 1], "{ROLES:?}");
    for words in ["Worried", "I got a message", "In a game", "I don’t know them", "Bryn, Acorn"] {
        assert!(read[0][0].contains(words), "{words}: {}", read[0][0]);
    }
    assert!(read[1].iter().any(|page| page.contains("About a grown-up at school")));
    assert!(!read[1].iter().any(|page| page.contains("About the headteacher")), "not to whom it is about");
    assert!(read[3][0].contains("About the headteacher"));

    // The office sees none of it.
    let mut office = school.desk().unwrap();
    assert_eq!(office.get("/safeguarding").unwrap().status, 404);
    assert!(!office.page("/").unwrap().contains("eport"));

    // What the holders compare on paper is the same at both ends.
    let status = kiosk_status(&data).unwrap();
    let desk = holders[0].page("/safeguarding").unwrap();
    let fingerprint = desk.split("<code class=\"digest\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(status.contains(&format!("safeguarding  {fingerprint}")), "{fingerprint}: {status}");
    look_at_the_desk(&school).await;
}

#[tokio::test]
async fn a_call_from_a_kiosk_rings_at_the_desk_and_the_screen_says_when_somebody_goes() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    school.holders().unwrap();
    let mut office = school.desk().unwrap();
    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    assert_eq!(office.page("/calls").unwrap(), "[]");

    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.press("I didn’t like something").unwrap();
    child.press("I need a grown-up now").unwrap();
    assert_eq!(child.screen(), "grown-up-now");
    // The page was open before: its script finds the call.
    client.wait().for_element(Locator::Css("#calls:not([hidden]) form.call button")).await.unwrap();
    assert!(client.title().await.unwrap().contains("Acorn classroom calls"));
    assert_eq!(child.screen(), "grown-up-now", "nobody has gone yet");
    assert_eq!(look(&browser, "call").await.unwrap(), NO_FAULTS);
    click(&browser, "#calls form.call button").await.unwrap();
    client
        .wait()
        .for_element(Locator::XPath("//h1[contains(., 'go to Acorn classroom now')]"))
        .await
        .unwrap();
    assert_eq!(look(&browser, "call-taken").await.unwrap(), NO_FAULTS);
    child.wait_until("grown-up-coming").unwrap();
    assert_eq!(office.page("/calls").unwrap(), "[]");
    // Held up on the way: nobody is left to wait for one who does not come.
    click(&browser, "form[action$='/back'] button").await.unwrap();
    child.wait_until("grown-up-now").unwrap();
    assert!(office.page("/calls").unwrap().contains("Acorn classroom"));
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    child.leave().unwrap();
}

/// The safeguarding lead in a real browser, with a keyboard's and a screen reader's eyes too.
async fn look_at_the_desk(school: &School) {
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let mut browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let client = browser.client().clone();
    let desk = format!("https://{}", school.desk_address());
    client.goto(&desk).await.unwrap();
    fill(&browser, "#name", "safeguarding").await.unwrap();
    fill(&browser, "#password", OWN_PASSWORD).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/sign-in/code']")).await.unwrap();
    assert_eq!(look(&browser, "sign-in-code").await.unwrap(), NO_FAULTS);
    type_code(&browser, &school.phone_code("safeguarding")).await.unwrap();
    client.wait().for_element(Locator::Css("#passphrase")).await.unwrap();
    assert_eq!(look(&browser, "safeguarding-locked").await.unwrap(), NO_FAULTS);
    fill(&browser, "#passphrase", BOX_WORDS).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    client.wait().for_element(Locator::Css("ul.told")).await.unwrap();
    assert_eq!(look(&browser, "safeguarding-reports").await.unwrap(), NO_FAULTS);
    click(&browser, "ul.told h2 a").await.unwrap();
    client.wait().for_element(Locator::Css("dl.answers")).await.unwrap();
    assert_eq!(look(&browser, "safeguarding-report").await.unwrap(), NO_FAULTS);
    click(&browser, "button[value=today]").await.unwrap();
    client.wait().for_element(Locator::Css("button[value=today][aria-pressed=true]")).await.unwrap();
    assert_eq!(look(&browser, "safeguarding-marked").await.unwrap(), NO_FAULTS);
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

/// Somebody who has just been made the holder of a role, and reads what the desk says to that.
async fn begin_at_the_desk(school: &School) {
    let told = school.hub_command(&["account", "add", "e.new", "--role", "chair"]).unwrap();
    let password = told.lines().find_map(|line| line.strip_prefix("sign-in password: ")).unwrap();
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let mut browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let client = browser.client().clone();
    client.goto(&format!("https://{}", school.desk_address())).await.unwrap();
    fill(&browser, "#name", "e.new").await.unwrap();
    fill(&browser, "#password", password).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    client.wait().for_element(Locator::Css("#current")).await.unwrap();
    fill(&browser, "#current", password).await.unwrap();
    fill(&browser, "#new", OWN_PASSWORD).await.unwrap();
    fill(&browser, "#again", OWN_PASSWORD).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/second-step/begin']")).await.unwrap();
    assert_eq!(look(&browser, "second-step-begin").await.unwrap(), NO_FAULTS);
    set_up_phone(&browser).await.unwrap();
    assert_eq!(look(&browser, "second-step-codes").await.unwrap(), NO_FAULTS);
    click(&browser, "main a.button").await.unwrap();
    client.wait().for_element(Locator::Css("form[action='/safeguarding/key']")).await.unwrap();
    assert_eq!(look(&browser, "safeguarding-begin").await.unwrap(), NO_FAULTS);
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
}

struct Kiosk(PathBuf);

impl Victim for Kiosk {
    fn start(&mut self) -> Result<Process, ProcessError> {
        Process::start(kiosk_command("headless", &self.0)?)
    }
    fn is_ready(&self, line: &str) -> bool {
        line.contains("\"screen\":\"home\"")
    }
    fn acknowledges(&self, line: &str, _: &str) -> bool {
        is_told(line)
    }
}

#[test]
fn everybody_who_was_thanked_for_telling_is_read_though_the_kiosk_was_killed_again_and_again() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let mut dsl: Desk = school.holders().unwrap().swap_remove(0);
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();
    let names = ["Bryn", "Cleo", "Dora", "Enzo", "Faye", "Gwen"];
    let classes = ["Acorn", "Oak", "Maple", "Elm"];
    let children: Vec<(&str, &str)> =
        classes.iter().flat_map(|class| names.iter().map(|name| (*class, *name))).collect();
    let job = |(class, name): &(&str, &str)| {
        whole_telling(&["Sad", "Something else", "At home", "Me", "Yes, with me", class, name])
    };
    let jobs = children.iter().map(job).collect();
    let plan = Plan { seed: SEED, jobs, kills: KILLS, patience: PATIENCE };
    let outcome = kill::run(&plan, &mut Kiosk(data.clone())).unwrap_or_else(|e| panic!("seed {SEED}: {e}"));
    assert_eq!(outcome.kills(), KILLS);
    assert_eq!(outcome.acknowledged.len(), children.len());
    println!("{} kills, {} gave it in again", outcome.kills(), outcome.given_again.len());
    next_start(&data);
    let read = dsl.reports().unwrap();
    for (class, name) in &children {
        // Whoever was interrupted before the thanks and told again may be there twice, never less than once.
        let found = read.iter().filter(|page| page.contains(&format!("{name}, {class}"))).count();
        assert!(found >= 1, "seed {SEED}: {name} of {class} was thanked and is not there");
    }
    assert!(read.len() <= children.len() + outcome.given_again.len(), "nothing that nobody told");
}

/// What the safeguarding lead reads when a kiosk starts again on this folder, at a copy of the hub that has
/// never seen a box of it.
fn read_after(
    school: &School,
    dsl: &Desk,
    children: &[(&str, &str)],
    data: &Path,
) -> Result<BTreeSet<String>, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let copied = scratch_folder().map_err(|e| told(&e))?;
    let hub_data = copied.path().join("hub");
    copy(&school.hub_data(), &hub_data).map_err(|e| told(&e))?;
    let kiosks = school.kiosk_address().to_string();
    let arguments = ["serve", "--desk", "127.0.0.1:0", "--kiosks", &kiosks];
    let command = school.hub_program(&arguments, &hub_data).map_err(|e| told(&e))?;
    let mut hub = Process::start(command).map_err(|e| told(&e))?;
    let (address, _) = serving(&mut hub).map_err(|e| told(&e))?;
    let mut child = Child::at(data).map_err(|e| told(&e))?;
    child.sync().map_err(|e| told(&e))?;
    let mut dsl = dsl.moved_to(address);
    dsl.unlock().map_err(|e| told(&e))?;
    let read = dsl.reports().map_err(|e| told(&e))?;
    let is_read = |(class, name): &&(&str, &str)| read.iter().any(|page| page.contains(&named(class, name)));
    Ok(children.iter().filter(is_read).map(|(class, name)| named(class, name)).collect())
}

fn named(class: &str, name: &str) -> String {
    format!("{name}, {class}")
}

#[test]
fn a_power_cut_loses_nobody_who_was_thanked_for_telling() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let dsl: Desk = school.holders().unwrap().swap_remove(0);
    next_start(&data);
    school.kill_hub();
    let recorder = Recorder::of(&data).unwrap();
    let mut command = kiosk_command("headless", &data).unwrap();
    recorder.attach(&mut command);
    let mut child = Child::before(Process::start(command).unwrap()).unwrap();
    // More than a box holds, so that one is closed and another begun on the way.
    let names = ["Bryn", "Cleo", "Dora", "Enzo", "Faye", "Gwen"];
    let children: Vec<(&str, &str)> =
        ["Acorn", "Oak"].iter().flat_map(|class| names.iter().map(|name| (*class, *name))).collect();
    for (class, name) in &children {
        child.tell(&["Sad", "Something else", "At home", "Me", "Yes, with me", class, name]).unwrap();
        assert_eq!(child.screen(), "told");
        child.press("Finish").unwrap();
    }
    child.leave().unwrap();
    let recording = recorder.finish().unwrap();
    let next = Cell::new(0);
    let thanked = recording.acknowledgements(|line| {
        is_told(line).then(|| {
            next.set(next.get() + 1);
            let (class, name) = children[next.get() - 1];
            named(class, name)
        })
    });
    assert_eq!(thanked.len(), children.len());
    let cuts = Cuts { seed: SEED, count: CUTS };
    let outcome =
        power_cut::run(&recording, &thanked, cuts, |data| read_after(&school, &dsl, &children, data));
    println!("telling, seed {SEED}: {} cuts, {} with something to lose", outcome.cuts, outcome.cuts_at_risk);
    outcome.assert_nothing_lost();
}
