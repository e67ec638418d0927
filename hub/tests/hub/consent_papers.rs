//! Forms of consent that came on paper: their day and their words, letters that speak of one use alone, and entries that
//! were mistaken and are taken back.

use hub::store::{accounts::Duty, papers::Why};
use hyper::StatusCode;
use records::{
    consent::{Answer, Standing},
    ids::{PersonId, RecordId},
};

use crate::{
    browser::{Browser, Page},
    consents::{
        asking, asking_school, code_of, codes, decision, deliver, grown_up, images, opened, pupil, standing,
    },
    held,
    kiosk::Kiosk,
    school::School,
};

/// A paper about Maya Khan.
struct Paper<'a> {
    by: PersonId,
    day: &'a str,
    more: &'a [(&'a str, &'a str)],
}

fn maya(school: &School) -> PersonId {
    pupil(school, "Maya", "Khan").id
}

async fn enter(school: &School, office: &mut Browser, paper: Paper<'_>) -> Page {
    let page = format!("/consent/pupil/{}", maya(school));
    let token = office.get(school, &page).await.form_token();
    let by = paper.by.to_string();
    // Nobody enters two papers within a second.
    school.pass(1);
    let fields = [("form_token", token.as_str()), ("by", &by), ("day", paper.day)];
    office.post(school, &format!("{page}/paper/images"), &[&fields[..], paper.more].concat()).await
}

/// The entries for Maya, in the order in which they came.
fn entries(school: &School) -> Vec<RecordId> {
    let pack = school.hub.pack().unwrap().unwrap();
    let book = school.hub.store.consent_book(&pack.content, school.hub.today().unwrap()).unwrap();
    let form = &book.forms[0].id;
    book.taken(maya(school), form).iter().map(|taken| taken.decision.id).collect()
}

#[tokio::test]
async fn the_day_on_a_form_of_consent_is_asked_for_and_one_that_seems_wrong_is_asked_about() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let mother = grown_up(&school, "Mrs Sana Khan");
    let yes = [("use-website", "yes"), ("use-printed", "yes")];
    for day in ["", "2026-09-15", "nonsense"] {
        let page = enter(&school, &mut office, Paper { by: mother, day, more: &yes }).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{day}");
        assert!(page.text.contains("Write the day that stands on the paper"), "{}", page.text);
        assert_eq!(page.text.matches(" checked").count(), 3, "nothing typed is lost: {}", page.text);
    }
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-06-20", more: &yes }).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for part in [
        "The day is 20 June 2026",
        "this school year began on 1 September 2026",
        "for the school year 2026 to 2027",
        "a no counts, and a yes does not",
    ] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert_eq!(standing(&school, maya(&school), "website"), Standing::NotAsked);

    // Found in a drawer: it was for the year before.
    let old = [("use-website", "yes"), ("use-printed", "no"), ("meant", "year-before")];
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-06-20", more: &old }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::NotAsked);
    assert_eq!(standing(&school, maya(&school), "printed"), Standing::No);
    // Signed in the summer for the new year.
    let meant = [("use-website", "yes"), ("use-printed", "yes"), ("meant", "this-year")];
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-07-20", more: &meant }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::Yes);
    assert_eq!(standing(&school, maya(&school), "printed"), Standing::Yes, "a later paper of hers");
    let page = office.get(&school, &format!("/consent/pupil/{}", maya(&school))).await.text;
    assert!(page.contains("20 July 2026") && page.contains("on paper, entered by office"), "{page}");
}

#[tokio::test]
async fn a_paper_that_is_entered_late_takes_back_no_no_that_was_said_since() {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let mother = grown_up(&school, "Mrs Sana Khan");
    let no = [("website", Answer::No), ("printed", Answer::Yes)];
    let form = images("1.0", "Anybody can see it.");
    deliver(&school, &mut kiosk, &[decision(&school, (maya(&school), mother), &form, &no, vec![])]).await;
    school.pass(2 * 86_400);
    let mut office = Browser::signed_in(&school).await;
    let yes = [("use-website", "yes"), ("use-printed", "yes")];
    // She signed it two days before it is entered, on the day on which she said no at the touchscreen.
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-14", more: &yes }).await;
    assert!(page.text.contains("has answered on 14 September 2026"), "{}", page.text);
    let meant = [&yes[..], &[("meant", "this-year")]].concat();
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-14", more: &meant }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::No);
    assert_eq!(standing(&school, maya(&school), "printed"), Standing::Yes);
    // One of the day after is her last word.
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-15", more: &yes }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::Yes);
}

#[tokio::test]
async fn a_paper_answers_the_words_that_stand_on_it_and_no_others() {
    let school = asking_school().await;
    let mut changed = asking(images("1.1", "Anybody can see it, and search engines too."));
    changed.made.0 += 1;
    school.publish(&changed);
    let mut office = Browser::signed_in(&school).await;
    let mother = grown_up(&school, "Mrs Sana Khan");
    let (old, new) = (images("1.0", "Anybody can see it."), changed.content.consent[0].form.clone());
    let page = office.get(&school, &format!("/consent/pupil/{}", maya(&school))).await.text;
    assert!(
        page.contains("Version 1.1, which is asked now") && page.contains("Version 1.0</label>"),
        "{page}"
    );
    let yes = [("use-website", "yes"), ("use-printed", "yes")];
    let unsaid = enter(&school, &mut office, Paper { by: mother, day: "2026-09-14", more: &yes }).await;
    assert!(unsaid.text.contains("Say which version stands on the paper"), "{}", unsaid.text);
    let unknown = records::digest::Digest::from_bytes([7; 32]).to_string();
    for words in [unknown, "nonsense".to_owned()] {
        let more = [&yes[..], &[("words", words.as_str())]].concat();
        let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-14", more: &more }).await;
        assert!(page.text.contains("Say which version"), "{}", page.text);
    }
    let before = old.digest().to_string();
    let more = [&yes[..], &[("words", before.as_str())]].concat();
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-14", more: &more }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::NotAsked, "she never saw these words");
    assert_eq!(standing(&school, maya(&school), "printed"), Standing::Yes, "this use is put as before");
    let now = new.digest().to_string();
    let more = [&yes[..], &[("words", now.as_str())]].concat();
    enter(&school, &mut office, Paper { by: mother, day: "2026-09-14", more: &more }).await;
    assert_eq!(standing(&school, maya(&school), "website"), Standing::Yes);
}

#[tokio::test]
async fn a_letter_that_takes_back_one_use_leaves_the_others_as_they_were() {
    let school = asking_school().await;
    let codes = codes(&school);
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let mother = grown_up(&school, "Mrs Sana Khan");
    let form = images("1.0", "Anybody can see it.");
    let both = [("website", Answer::Yes), ("printed", Answer::Yes)];
    deliver(&school, &mut kiosk, &[decision(&school, (maya(&school), mother), &form, &both, vec![])]).await;
    school.pass(86_400);
    let mut office = Browser::signed_in(&school).await;
    let nothing = [("use-website", ""), ("use-printed", "")];
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-15", more: &nothing }).await;
    assert!(page.text.contains("Say yes or no for at least one use"), "{}", page.text);
    let one = [("use-website", "no"), ("use-printed", "")];
    let page = enter(&school, &mut office, Paper { by: mother, day: "2026-09-15", more: &one }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::No);
    assert_eq!(standing(&school, maya(&school), "printed"), Standing::Yes);
    // The touchscreen knows both answers, and asks nothing again.
    let family = opened(&school, &code_of(&codes, "Mrs Sana Khan")).unwrap();
    let decided = &family.children.iter().find(|c| c.name == "Maya").unwrap().decided;
    let mut answers: Vec<_> = decided[0].answers.iter().map(|a| (a.purpose.as_str(), a.answer)).collect();
    answers.sort_by_key(|(purpose, _)| *purpose);
    assert_eq!((decided.len(), decided[0].counts), (1, true));
    assert_eq!(answers, [("printed", Answer::Yes), ("website", Answer::No)]);
}

#[tokio::test]
async fn an_entry_that_was_a_mistake_is_taken_back_and_what_stood_before_stands_again() {
    let school = asking_school().await;
    let mut office = Browser::signed_in(&school).await;
    let (mother, father) = (grown_up(&school, "Mrs Sana Khan"), grown_up(&school, "Mr Omar Khan"));
    let no = [("use-website", "no"), ("use-printed", "yes")];
    enter(&school, &mut office, Paper { by: mother, day: "2026-09-10", more: &no }).await;
    // Somebody else’s paper, keyed in as hers.
    let slip = [("use-website", "yes"), ("use-printed", "yes")];
    enter(&school, &mut office, Paper { by: mother, day: "2026-09-11", more: &slip }).await;
    assert_eq!(standing(&school, maya(&school), "website"), Standing::Yes, "so it seems");
    let id = entries(&school)[1];
    let address = format!("/paper/{id}");
    let page = office.get(&school, &address).await;
    assert!(
        page.text.contains("Entered by mistake?") && page.text.contains("11 September 2026"),
        "{}",
        page.text
    );
    let token = page.form_token();
    let back = |why: &'static str| [("what", "take-back"), ("why", why), ("form_token", token.as_str())];
    for why in ["", "because", "at-their-request"] {
        let refused = office.post(&school, &address, &back(why)).await;
        assert!(refused.text.contains("Say why"), "{why}: {}", refused.text);
    }
    assert_eq!(office.post(&school, &address, &back("another-person")).await.leads_to(), address);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::No, "her no stands again");
    assert_eq!(standing(&school, maya(&school), "printed"), Standing::Yes);
    assert!(!school.hub.store.take_back_entry(id, Why::Slip, 1, school.hub.now()).unwrap(), "once");

    // It stays, and says so wherever it stands; the next school is told what was answered alone.
    let told = "by office: it was another person";
    let page = office.get(&school, &address).await.text;
    assert!(page.contains(told) && !page.contains("Entered by mistake?"), "{page}");
    let page = office.get(&school, &format!("/consent/pupil/{}", maya(&school))).await.text;
    assert!(page.contains("Entered by mistake, and taken back") && page.contains(told), "{page}");
    let (held, paper) = held::made(&school, maya(&school));
    let words = held::words(&paper);
    assert!(words.contains("taken back on: 14 September 2026: it was another person"), "{words}");
    assert!(held.log.iter().any(|one| one.what == "consent taken back"), "it is on record");
    let file = hub::transfer::file(&held::maker(&school), &held, 1).unwrap();
    assert_eq!(file.decisions.len(), 1);
    school.hub.store.look_through().unwrap();

    // Nobody else's no goes with an entry that is taken back, whoever it was entered for.
    enter(&school, &mut office, Paper { by: father, day: "2026-09-12", more: &no }).await;
    enter(&school, &mut office, Paper { by: mother, day: "2026-09-13", more: &slip }).await;
    assert_eq!(standing(&school, maya(&school), "website"), Standing::No, "his");
    let last = entries(&school).pop().unwrap();
    assert!(school.hub.store.take_back_entry(last, Why::Slip, 1, school.hub.now()).unwrap());
    assert_eq!(standing(&school, maya(&school), "website"), Standing::No);

    for duty in Duty::ALL.into_iter().filter(|duty| *duty != Duty::Office) {
        let mut other = Browser::with_duty(&school, duty.as_str(), duty).await;
        assert_eq!(other.get(&school, &address).await.status, StatusCode::NOT_FOUND, "{duty:?}");
    }
}

#[tokio::test]
async fn what_was_answered_at_a_touchscreen_is_nobodys_to_take_back() {
    let school = asking_school().await;
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    let mother = grown_up(&school, "Mrs Sana Khan");
    let form = images("1.0", "Anybody can see it.");
    let no = [("website", Answer::No), ("printed", Answer::No)];
    let said = decision(&school, (maya(&school), mother), &form, &no, vec![]);
    deliver(&school, &mut kiosk, std::slice::from_ref(&said)).await;
    assert!(!school.hub.store.take_back_entry(said.id, Why::Slip, 1, school.hub.now()).unwrap());
    let mut office = Browser::signed_in(&school).await;
    assert_eq!(office.get(&school, &format!("/paper/{}", said.id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(standing(&school, maya(&school), "website"), Standing::No);
}
