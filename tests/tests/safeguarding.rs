//! The safeguarding lead works on a report with a keyboard alone: what a child told at a kiosk is read at the real
//! hub's desk in a real browser, decided on, passed on, closed, and opened again.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use tests::accessibility::prepare;
use tests::browser::{Browser, Options};
use tests::child::Child;
use tests::desk::{BOX_WORDS, OWN_PASSWORD};
use tests::keyboard::{is_here, press, tab_to, type_words};
use tests::school::School;
use tests::sight::{click, fill, look, signed_in, type_code};

const NO_FAULTS: Vec<String> = Vec::new();
/// More stops than a page of the desk has.
const STOPS: usize = 60;

/// The lead at the keyboard.
struct Lead(Browser);

impl Lead {
    /// Goes on to a field of a form, which is unfolded first, and types into it.
    async fn types(&self, field: &str, words: &str) {
        self.goes_to(&format!("here.id === {field:?}")).await;
        type_words(&self.0, words).await.unwrap();
    }
    async fn unfolds(&self, title: &str) {
        self.goes_to(&format!("here.tagName === 'SUMMARY' && here.textContent === {title:?}")).await;
        press(&self.0, "Enter").await.unwrap();
    }
    async fn presses(&self, button: &str) {
        self.goes_to(&format!("here.tagName === 'BUTTON' && here.textContent === {button:?}")).await;
        press(&self.0, "Enter").await.unwrap();
    }
    async fn goes_to(&self, wanted: &str) {
        tab_to(&self.0, wanted, STOPS).await.unwrap_or_else(|error| panic!("{wanted}: {error}"));
    }
    async fn sees(&self, words: &str) {
        let found = format!("//main//*[contains(normalize-space(.), {words:?})]");
        self.0
            .client()
            .wait()
            .for_element(Locator::XPath(&found))
            .await
            .unwrap_or_else(|e| panic!("{words}: {e}"));
    }
    async fn text(&self) -> String {
        self.0.client().find(Locator::Css("main")).await.unwrap().text().await.unwrap()
    }
    async fn looks(&self, name: &str) {
        assert_eq!(look(&self.0, name).await.unwrap(), NO_FAULTS);
    }
}

#[tokio::test]
async fn the_safeguarding_lead_reads_marks_decides_tells_closes_and_opens_again_with_a_keyboard_alone() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    let mut holders = school.holders().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    for words in ["Worried", "Sad"] {
        child.tell(&[words, "I got a message", "In a game", "I don’t know them", "No, not now"]).unwrap();
        child.press("Finish").unwrap();
    }
    child.leave().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();

    let options = Options { ignore_certificate_errors: true, ..Options::default() };
    let browser = Browser::open(&options).await.unwrap();
    prepare(&browser).await.unwrap();
    browser.client().goto(&format!("https://{}", school.desk_address())).await.unwrap();
    fill(&browser, "#name", "safeguarding").await.unwrap();
    fill(&browser, "#password", OWN_PASSWORD).await.unwrap();
    click(&browser, "main button[type=submit]").await.unwrap();
    type_code(&browser, &school.phone_code("safeguarding")).await.unwrap();
    fill(&browser, "#passphrase", BOX_WORDS).await.unwrap();
    let lead = Lead(browser);
    press(&lead.0, "Enter").await.unwrap();

    lead.sees("2 reports wait for you").await;
    lead.goes_to("here.closest('ul.told')").await;
    press(&lead.0, "Enter").await.unwrap();
    lead.sees("Nobody has looked at it yet").await;
    lead.presses("Today").await;
    lead.sees("Urgency: today").await;

    lead.unfolds("Something was decided").await;
    lead.types("decision-what", "Her family is not told today").await;
    lead.presses("Keep the decision").await;
    lead.sees("A decision needs its reason").await;
    lead.looks("safeguarding-refused").await;
    lead.types(
        "decision-because",
        "She is afraid of what happens at home.\nWe ask children’s services first.",
    )
    .await;
    lead.presses("Keep the decision").await;
    lead.sees("Decided").await;
    let text = lead.text().await;
    assert!(
        text.contains("Her family is not told today") && text.contains("afraid of what happens"),
        "{text}"
    );

    lead.goes_to("here.textContent.startsWith('The school’s own charts')").await;
    press(&lead.0, "Enter").await.unwrap();
    lead.sees("They decide nothing").await;
    lead.looks("safeguarding-steps").await;
    lead.goes_to("here.textContent === 'It may be illegal'").await;
    press(&lead.0, "Enter").await.unwrap();
    lead.sees("Tell the safeguarding lead").await;
    lead.looks("safeguarding-chart").await;
    lead.goes_to("here.textContent.startsWith('Write down whom you told')").await;
    press(&lead.0, "Enter").await.unwrap();
    lead.sees("Who must be told?").await;

    lead.unfolds("Somebody was told").await;
    lead.types("told-whom", "Children’s services, Ms Dale").await;
    lead.goes_to("here.id === 'told-how'").await;
    press(&lead.0, "ArrowDown").await.unwrap();
    press(&lead.0, "ArrowDown").await.unwrap();
    lead.presses("Keep this").await;
    lead.sees("Told: Children’s services, Ms Dale").await;
    assert!(lead.text().await.contains("By telephone"));

    lead.unfolds("Close it").await;
    lead.types("close-because", "Children’s services have taken it on").await;
    lead.presses("Close the report").await;
    lead.sees("It is closed").await;
    lead.looks("safeguarding-closed").await;
    lead.unfolds("Open it again").await;
    lead.types("reopen-because", "She came back to us").await;
    lead.goes_to("here.tagName === 'BUTTON' && here.textContent === 'Open it again'").await;
    press(&lead.0, "Enter").await.unwrap();
    lead.sees("Opened again").await;
    lead.unfolds("Put right what was written").await;
    lead.looks("safeguarding-worked").await;

    lead.0.client().goto(&format!("https://{}/safeguarding", school.desk_address())).await.unwrap();
    lead.sees("One report waits for you").await;
    lead.looks("safeguarding-list").await;
    lead.0.client().goto(&format!("https://{}/safeguarding/ended", school.desk_address())).await.unwrap();
    lead.sees("None now").await;
    assert!(lead.text().await.contains("keeps reports 21 years after the report was closed"));
    lead.looks("safeguarding-ended").await;
    lead.0.client().goto(&format!("https://{}/safeguarding/figures", school.desk_address())).await.unwrap();
    lead.sees("By term").await;
    assert!(lead.text().await.contains("fewer than 5"), "two reports are few");
    lead.looks("safeguarding-figures").await;

    // Somebody asks what reports say of them.
    lead.0.client().goto(&format!("https://{}/safeguarding/asked", school.desk_address())).await.unwrap();
    lead.types("name", "Ms Dale").await;
    lead.presses("Find").await;
    lead.sees("Which of these are about them?").await;
    lead.looks("safeguarding-asked").await;
    lead.presses("Look at the pages").await;
    lead.sees("Look it through before it goes out").await;
    lead.types("more", "services").await;
    lead.presses("Look again").await;
    lead.sees("Told: Children’s [somebody else], Ms Dale").await;
    lead.looks("safeguarding-asked-looked-through").await;
    lead.types("because", "She asked in writing").await;
    lead.presses("Take it out").await;
    lead.sees("What reports say about Ms Dale").await;
    lead.looks("safeguarding-asked-paper").await;
    assert!(!lead.text().await.contains("Children’s services"));
    let mut browser = lead.0;
    // Chromium complains of the answer that was meant: the decision without a reason.
    let complaints = browser.complaints().await.unwrap();
    assert!(
        complaints.iter().all(|line| line.contains("/entries - ") && line.contains("400")),
        "{complaints:?}"
    );

    // The headteacher reads all of it, and who wrote it when.
    let read = holders[1].reports().unwrap();
    let worked = read.iter().find(|page| page.contains("Her family is not told today")).unwrap();
    let parts = ["afraid of what happens", "Told: Children’s services", "taken it on", "She came back to us"];
    let places: Vec<_> = parts.iter().map(|part| worked.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}: {worked}");
    assert!(worked.contains("· safeguarding</p>"), "{worked}");
    // Neither the chair nor the office learns that it was ever there.
    assert_eq!(holders[2].reports().unwrap(), Vec::<String>::new());
    let mut office = school.desk().unwrap();
    assert!(!office.page("/").unwrap().contains("eport"));
}

#[tokio::test]
async fn what_a_child_told_an_adult_is_handed_in_at_the_desk_with_a_keyboard_and_read_by_those_it_is_for() {
    let school = School::open().unwrap();
    let mut holders = school.holders().unwrap();
    school.desk().unwrap();
    let browser = signed_in(&school).await.unwrap();
    click(&browser, "nav a[href='/concern']").await.unwrap();
    let adult = Lead(browser);
    adult.sees("A child told you something").await;
    adult.looks("concern").await;
    adult.goes_to("here.name === 'feeling'").await;
    press(&adult.0, "Space").await.unwrap();
    adult.goes_to("here.name === 'about'").await;
    press(&adult.0, "Space").await.unwrap();
    let about = "here.value === 'grown-up-at-school' && here.checked";
    for _ in 0..6 {
        if is_here(&adult.0, about).await.unwrap() {
            break;
        }
        press(&adult.0, "ArrowDown").await.unwrap();
    }
    assert!(is_here(&adult.0, about).await.unwrap(), "the arrows go through the answers");
    adult.types("words", "He said I must not tell").await;
    adult.types("child", "Bryn in Acorn").await;
    adult.types("own", "Bryn did not want to go in from play").await;
    adult.presses("Seal it and hand it in").await;
    adult.sees("It is in the box").await;
    adult.looks("concern-done").await;
    let mut browser = adult.0;
    assert_eq!(browser.complaints().await.unwrap(), NO_FAULTS);

    let read: Vec<Vec<String>> = holders.iter_mut().map(|holder| holder.reports().unwrap()).collect();
    assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 1, 0], "the headteacher and the chair");
    for part in ["He said I must not tell", "Bryn in Acorn", "Bryn did not want to go in from play"] {
        assert!(read[1][0].contains(part), "{part}: {}", read[1][0]);
    }
}
