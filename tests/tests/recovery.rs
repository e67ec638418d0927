//! The drill for the day on which a passphrase is forgotten: a recovery sheet is printed at the real hub's desk; then the
//! headteacher and the chair type a half each in a real browser, with a keyboard alone, and the safeguarding lead reads
//! again what a child told. And another key in its place: after somebody has left, and where it is lost for good.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use records::family_code::SYMBOLS;
use std::fs;
use std::process::Command;
use tests::accessibility::prepare;
use tests::browser::{Browser, Options};
use tests::child::Child;
use tests::desk::{BOX_WORDS, Desk, OWN_PASSWORD};
use tests::keyboard::{Held, press, press_with, tab_to, type_words};
use tests::school::{School, kiosk_status};
use tests::sight::{click, fill, look, type_code};

const NO_FAULTS: Vec<String> = Vec::new();
/// More stops than a page of the desk has.
const STOPS: usize = 60;
const NEW_WORDS: &str = "otter lane marble quiet";

/// The pages of a PDF, as words.
fn pages(school: &School, pdf: &[u8]) -> Vec<String> {
    assert!(pdf.starts_with(b"%PDF"), "{}", String::from_utf8_lossy(&pdf[..pdf.len().min(300)]));
    let file = school.path("sheet.pdf");
    fs::write(&file, pdf).unwrap();
    if let Ok(folder) = std::env::var("SIGNPOST_ARTEFACTS") {
        fs::write(std::path::Path::new(&folder).join("recovery-sheet.pdf"), pdf).unwrap();
    }
    let said = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&file).arg("-").output();
    let text = String::from_utf8(said.expect("poppler-utils, which ./test installs").stdout).unwrap();
    text.split('\x0c').map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The ten groups on a page.
fn groups(page: &str) -> Vec<String> {
    let is_group = |word: &&str| word.len() == 5 && word.bytes().all(|letter| SYMBOLS.contains(&letter));
    page.split(' ').filter(is_group).map(str::to_owned).collect()
}

/// Prints a sheet, as a holder whose box is open.
fn printed(school: &School, lead: &mut Desk) -> [Vec<String>; 2] {
    let page = lead.page("/safeguarding/recovery").unwrap();
    let after = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (token, before) = (after("form_token"), after("before"));
    let answer = lead.send("/safeguarding/sheet", &[("form_token", &token), ("before", &before)]).unwrap();
    assert!(answer.head.contains("recovery-sheet-safeguarding-CONFIDENTIAL.pdf"), "{}", answer.head);
    assert!(answer.head.to_lowercase().contains("cache-control: no-store"), "{}", answer.head);
    let again = lead.send("/safeguarding/sheet", &[("form_token", &token), ("before", &before)]).unwrap();
    assert_eq!(again.status, 409, "loaded again, it makes no other");
    let pages = pages(school, &answer.bytes);
    let halves: Vec<(usize, &String)> =
        (0..).zip(&pages).filter(|(_, page)| groups(page).len() == 10).collect();
    // The halves are on sheets of their own also where both sides are printed on.
    assert_eq!(halves.iter().map(|half| half.0).collect::<Vec<_>>(), [0, 2], "{pages:?}");
    for (part, at) in [("First half: stays in the school", 0), ("Second half: leaves the school", 1)] {
        let page = halves[at].1;
        for part in [
            part,
            "Key of: the designated safeguarding lead",
            "Fingerprint of the key:",
            "One half alone opens nothing",
            "CONFIDENTIAL – half of a key",
            "In need",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    [groups(halves[0].1), groups(halves[1].1)]
}

/// Somebody at the keyboard.
struct Hand(Browser);

impl Hand {
    async fn signs_in(&self, school: &School, name: &str) {
        self.signs_in_to(school, name, "The report box is locked").await;
    }
    async fn signs_in_to(&self, school: &School, name: &str, words: &str) {
        self.0.client().goto(&format!("https://{}", school.desk_address())).await.unwrap();
        fill(&self.0, "#name", name).await.unwrap();
        fill(&self.0, "#password", OWN_PASSWORD).await.unwrap();
        click(&self.0, "main button[type=submit]").await.unwrap();
        type_code(&self.0, &school.phone_code(name)).await.unwrap();
        self.sees(words).await;
    }
    async fn goes_to(&self, wanted: &str) {
        tab_to(&self.0, wanted, STOPS).await.unwrap_or_else(|error| panic!("{wanted}: {error}"));
    }
    async fn presses(&self, words: &str) {
        self.goes_to(&format!(
            "['BUTTON', 'A'].includes(here.tagName) && here.textContent.trim() === {words:?}"
        ))
        .await;
        press(&self.0, "Enter").await.unwrap();
    }
    async fn ticks(&self, value: &str) {
        self.goes_to("here.name === 'holder'").await;
        for _ in 0..4 {
            let chosen = format!("document.activeElement.value === {value:?}");
            let here = self.0.client().execute(&format!("return {chosen}"), vec![]).await.unwrap();
            if here.as_bool() == Some(true) {
                break;
            }
            press(&self.0, "ArrowDown").await.unwrap();
        }
        press(&self.0, "Space").await.unwrap();
    }
    async fn types(&self, field: &str, words: &str) {
        self.goes_to(&format!("here.id === {field:?}")).await;
        press_with(&self.0, "a", Held::Control).await.unwrap();
        type_words(&self.0, words).await.unwrap();
    }
    async fn sees(&self, words: &str) {
        let found = format!("//main//*[contains(normalize-space(.), {words:?})]");
        let wait = self.0.client().wait();
        wait.for_element(Locator::XPath(&found)).await.unwrap_or_else(|e| panic!("{words}: {e}"));
    }
    async fn looks(&self, name: &str) {
        assert_eq!(look(&self.0, name).await.unwrap(), NO_FAULTS);
    }
}

#[tokio::test]
async fn the_head_and_the_chair_give_the_lead_a_forgotten_key_back_with_a_keyboard_alone() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut holders = school.holders().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.tell(&["Worried", "I got a message", "In a game", "I don’t know them", "No, not now"]).unwrap();
    child.press("Finish").unwrap();
    child.leave().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();
    let alone = holders[0].page("/safeguarding").unwrap();
    assert!(alone.contains("You alone hold this key, and there is no recovery sheet for it"), "{alone}");
    assert_eq!(holders[0].reports().unwrap().len(), 1);
    let [first, second] = printed(&school, &mut holders[0]);
    assert!(!holders[0].page("/safeguarding").unwrap().contains("You alone hold this key"));

    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let hand = Hand(browser);
    hand.signs_in(&school, "headteacher").await;
    hand.presses("Get a key back with a recovery sheet").await;
    hand.sees("Made on").await;
    hand.looks("recovery").await;
    hand.presses("Designated safeguarding lead").await;
    hand.sees("Two people of two roles do this together").await;
    hand.looks("recovery-begin").await;
    hand.ticks("safeguarding").await;
    let mut slip = first.clone();
    let other = if slip[6].ends_with('7') { "8" } else { "7" };
    slip[6].replace_range(4..5, other);
    hand.types("half", &slip.join(" ")).await;
    hand.presses("Begin with this half").await;
    hand.sees("There is a slip in group 7 of the first half.").await;
    hand.looks("recovery-slip").await;
    hand.types("half", &first.join(" ").to_lowercase()).await;
    hand.presses("Begin with this half").await;
    hand.sees("Now the other person signs in here").await;
    hand.looks("recovery-begun").await;
    hand.presses("Sign out").await;

    hand.0.client().wait().for_element(Locator::Css("#password")).await.unwrap();
    hand.signs_in(&school, "chair").await;
    hand.presses("Get a key back with a recovery sheet").await;
    hand.sees("One half is typed").await;
    hand.presses("Designated safeguarding lead").await;
    hand.sees("typed the first half").await;
    hand.looks("recovery-finish").await;
    hand.ticks("safeguarding").await;
    hand.types("half", &second.concat()).await;
    hand.presses("Get the key back").await;
    hand.sees("held ready for safeguarding for a quarter of an hour").await;
    hand.looks("recovery-done").await;
    hand.presses("Sign out").await;

    hand.0.client().wait().for_element(Locator::Css("#password")).await.unwrap();
    hand.signs_in_to(&school, "safeguarding", "The key of this role is given to you again").await;
    hand.looks("recovery-taken").await;
    hand.types("passphrase", NEW_WORDS).await;
    hand.types("again", NEW_WORDS).await;
    hand.presses("Take the key").await;
    hand.sees("One report waits for you").await;
    hand.sees("It has been out of its envelopes").await;
    hand.looks("recovery-list").await;
    let mut browser = hand.0;
    // Chromium complains of the answer that was meant: the half with a slip.
    let complaints = browser.complaints().await.unwrap();
    assert!(
        complaints.iter().all(|line| line.contains("/recovery/") && line.contains("400")),
        "{complaints:?}"
    );
}

#[tokio::test]
async fn the_lead_changes_the_key_after_a_deputy_has_left_and_a_kiosk_that_knows_nothing_of_it_loses_nothing()
{
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut holders = school.holders().unwrap();
    let tell = |words: &str| {
        let mut child = Child::at(&data).unwrap();
        child.tell(&[words, "I got a message", "In a game", "I don’t know them", "No, not now"]).unwrap();
        child.press("Finish").unwrap();
        child.leave().unwrap();
    };
    let sync = || {
        let mut child = Child::at(&data).unwrap();
        child.sync().unwrap();
        child.leave().unwrap();
    };
    sync();
    tell("Worried");
    sync();
    assert_eq!(holders[0].reports().unwrap().len(), 1);
    let before = kiosk_status(&data).unwrap();
    tell("Sad");

    // A deputy held the key, and leaves.
    let told = school.hub_command(&["account", "add", "deputy", "--role", "safeguarding"]).unwrap();
    let first =
        told.split("sign-in password: ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let mut deputy = Desk::at(school.desk_address(), &school.hub_data().join("school-ca.pem")).unwrap();
    deputy.sign_in("deputy", &first).unwrap();
    for (at, after) in [("holders", "make"), ("holders/remove", "")] {
        let token = holders[0].form_token("/safeguarding").unwrap();
        let form = [("form_token", token.as_str()), ("name", "deputy"), ("sure", "yes")];
        holders[0].send(&format!("/safeguarding/{at}"), &form).unwrap();
        if after == "make" {
            deputy.make_key().unwrap();
        }
    }

    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let hand = Hand(browser);
    hand.signs_in(&school, "safeguarding").await;
    hand.types("passphrase", BOX_WORDS).await;
    press(&hand.0, "Enter").await.unwrap();
    hand.sees("has left since it was made").await;
    hand.presses("Change the key").await;
    hand.sees("None: it was never changed").await;
    hand.looks("key-due").await;
    hand.types("passphrase", NEW_WORDS).await;
    hand.types("again", NEW_WORDS).await;
    hand.goes_to("here.id === 'sure'").await;
    press(&hand.0, "Space").await.unwrap();
    hand.presses("Change the key").await;
    hand.sees("Children’s words may still be sealed for it").await;
    hand.sees("Acorn classroom, last seen on").await;
    hand.looks("key-changed").await;

    // What was told at the kiosk before it heard of it comes with the box of before, and is read.
    sync();
    tell("Worried");
    sync();
    sync();
    assert_ne!(kiosk_status(&data).unwrap(), before, "the kiosk shows other fingerprints");
    hand.0.client().goto(&format!("https://{}/safeguarding/keys", school.desk_address())).await.unwrap();
    hand.sees("Every kiosk has the new key").await;
    hand.looks("key-fetched").await;
    hand.presses("Reports").await;
    hand.sees("3 reports wait for you").await;
    let mut browser = hand.0;
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
    assert_eq!(holders[1].reports().unwrap().len(), 3, "and so does the headteacher");
}

#[tokio::test]
async fn the_pages_on_which_a_key_is_called_lost_are_in_good_order() {
    let school = School::open().unwrap();
    school.holders().unwrap();
    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    let hand = Hand(browser);
    let at = format!("https://{}/safeguarding/recovery/safeguarding", school.desk_address());
    hand.signs_in(&school, "headteacher").await;
    hand.0.client().goto(&at).await.unwrap();
    hand.sees("There is no recovery sheet for this key").await;
    hand.goes_to("here.tagName === 'SUMMARY' && here.textContent === 'Say that this key is lost'").await;
    press(&hand.0, "Enter").await.unwrap();
    hand.looks("lost-ask").await;
    hand.ticks("safeguarding").await;
    hand.presses("It is lost").await;
    hand.sees("says that this key is lost").await;
    hand.presses("Sign out").await;
    hand.0.client().wait().for_element(Locator::Css("#password")).await.unwrap();
    hand.signs_in(&school, "chair").await;
    hand.0.client().goto(&at).await.unwrap();
    hand.sees("says that this key is lost").await;
    hand.looks("lost-agree").await;
    hand.ticks("safeguarding").await;
    hand.presses("I agree that it is lost").await;
    hand.sees("safeguarding makes a new key now").await;
    hand.presses("Sign out").await;
    hand.0.client().wait().for_element(Locator::Css("#password")).await.unwrap();
    hand.signs_in_to(&school, "safeguarding", "let you make another").await;
    hand.looks("lost-granted").await;
    hand.types("passphrase", NEW_WORDS).await;
    hand.types("again", NEW_WORDS).await;
    hand.presses("Make my key").await;
    hand.sees("There is no report in the box").await;
    hand.0.client().goto(&format!("https://{}/safeguarding/keys", school.desk_address())).await.unwrap();
    hand.sees("You remember the passphrase of a key that was lost?").await;
    hand.looks("lost-remembered").await;
    hand.types("remembered", BOX_WORDS).await;
    hand.presses("Read what was told before").await;
    hand.sees("Nothing here is sealed for it").await;
    let mut browser = hand.0;
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);
}
