//! One kiosk at the desk: it is called otherwise, a call from it to which nobody went is listed until somebody has seen it,
//! and it is struck off; and new words are built at the desk and published for it. By a real browser with a keyboard
//! alone, with a real kiosk and the real `signpost`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use tests::child::{Child, Visit};
use tests::days_ahead::DaysAhead;
use tests::hand::Hand;
use tests::process::Process;
use tests::school::{School, kiosk_status};

/// From any page to that of one kiosk.
async fn opens_kiosk(hand: &Hand, name: &str) {
    hand.unfolds("Kiosks").await.unwrap();
    hand.presses("Kiosks and pairing").await.unwrap();
    hand.sees("The screens that children sign at").await.unwrap();
    hand.presses(name).await.unwrap();
    hand.finds(&format!("//h1[contains(., '{name}')]")).await.unwrap();
}

/// Starts the hub again where it was, on the next day.
fn next_day(school: &mut School, clock: &DaysAhead) {
    let (desk, kiosks) = (school.desk_address().to_string(), school.kiosk_address().to_string());
    school.kill_hub();
    let serve = ["serve", "--desk", &desk, "--kiosks", &kiosks];
    let mut command = school.hub_program(&serve, &school.hub_data()).unwrap();
    clock.attach(&mut command, 1);
    school.take_hub(Process::start(command).unwrap()).unwrap();
}

#[tokio::test]
async fn a_kiosk_that_was_moved_calls_by_its_new_name_is_listed_when_nobody_went_and_is_struck_off_at_last() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    school.holders().unwrap();
    school.desk().unwrap();
    let office = school.first_sign_in.0.clone();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();

    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, &office).await.unwrap();
    opens_kiosk(&hand, "Acorn classroom").await;
    hand.looks("kiosk").await.unwrap();
    // A name of blanks is none, and the old one stays.
    hand.types("name", "   ").await.unwrap();
    hand.presses("Save the name").await.unwrap();
    hand.sees("Nothing was changed. Write where the kiosk stands").await.unwrap();
    hand.finds("//h1[.='Acorn classroom']").await.unwrap();
    hand.looks_at_answer("kiosk-refused").await.unwrap();
    hand.types("name", "Library").await.unwrap();
    hand.presses("Save the name").await.unwrap();
    hand.finds("//h1[.='Library']").await.unwrap();

    // A child there needs somebody: the desk says where, by the new name; and nobody goes.
    child.press("I didn’t like something").unwrap();
    child.press("I need a grown-up now").unwrap();
    let rings = "//*[@id='calls']//strong[.='Library: somebody needs a grown-up now.']";
    hand.finds(rings).await.unwrap();
    hand.opens("/calls/unanswered").await.unwrap();
    hand.sees("There is none that nobody has looked into").await.unwrap();
    hand.finds(rings).await.unwrap();
    hand.looks("unanswered-none").await.unwrap();
    child.leave().unwrap();
    let complaints = hand.leaves().await.unwrap();
    assert!(complaints.iter().all(|one| one.contains("400 (Bad Request)")), "{complaints:?}");

    // On the next day it does not ring any more, and is on every page all the same.
    let clock = DaysAhead::new().unwrap();
    next_day(&mut school, &clock);
    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, &office).await.unwrap();
    hand.finds(
        "//*[@role='status'][contains(., 'Nobody went when somebody called for a grown-up: Library, ')]",
    )
    .await
    .unwrap();
    hand.presses("Calls to which nobody went").await.unwrap();
    hand.finds("//tr[th[.='Library']][td//button]").await.unwrap();
    hand.looks("unanswered").await.unwrap();
    hand.goes_to("here.tagName === 'BUTTON' && here.textContent.startsWith('Seen: Library, ')")
        .await
        .unwrap();
    hand.enters().await.unwrap();
    hand.sees("There is none that nobody has looked into").await.unwrap();
    hand.finds(&format!("//tr[th[.='Library']]/td[@data-label='Seen'][starts-with(., '{office}, ')]"))
        .await
        .unwrap();
    hand.looks("unanswered-seen").await.unwrap();
    hand.opens("/").await.unwrap();
    hand.finds("//h1[.='Agreements']").await.unwrap();
    assert!(!hand.browser.client().source().await.unwrap().contains("Nobody went"), "it is put away");

    // Somebody took the kiosk along.
    opens_kiosk(&hand, "Library").await;
    hand.presses("Strike it off").await.unwrap();
    hand.finds("//h1[.='Strike off Library?']").await.unwrap();
    hand.sees("It wipes nothing").await.unwrap();
    hand.looks("kiosk-strike-off").await.unwrap();
    hand.presses("Strike off Library").await.unwrap();
    hand.finds("//h1[contains(., 'Library')]/span[.='Struck off']").await.unwrap();
    hand.sees("nothing of it is taken, and it gets nothing").await.unwrap();
    hand.looks("kiosk-struck-off").await.unwrap();
    assert_eq!(hand.leaves().await.unwrap(), Vec::<String>::new());

    // The kiosk is told so, and says it to whoever looks after it.
    let mut child = Child::at(&data).unwrap();
    let told = child.sync().unwrap_err().to_string();
    assert!(told.contains("this kiosk was struck off. Ask the office"), "{told}");
    child.leave().unwrap();
    let status = kiosk_status(&data).unwrap();
    assert!(status.contains("struck off"), "{status}");
}

#[tokio::test]
async fn the_office_builds_new_words_at_the_desk_is_told_what_to_mend_publishes_them_and_the_kiosk_shows_them()
 {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Acorn classroom").unwrap();
    school.desk().unwrap();
    let mut child = Child::at(&data).unwrap();
    assert_eq!(child.figures().unwrap().pack, 1);

    let hand = Hand::at(&school).await.unwrap();
    hand.signs_in(&school, &school.first_sign_in.0).await.unwrap();
    hand.unfolds("Kiosks").await.unwrap();
    hand.presses("Publish words").await.unwrap();
    hand.sees("Pack 1 is in force").await.unwrap();
    hand.looks("publish").await.unwrap();

    // A link of another page leads nowhere: nothing goes out, and it says where and what.
    let guide = school.content().join("guides/family-rules.md");
    let good = fs::read_to_string(&guide).unwrap();
    let wrong = good.replace("(help-and-helplines.md)", "(no-such-page.md)");
    assert_ne!(good, wrong);
    fs::write(&guide, wrong).unwrap();
    hand.presses("Build it and look").await.unwrap();
    hand.sees("Nothing was published. One thing has to be mended in the school’s content first.")
        .await
        .unwrap();
    let page = hand.reads().await.unwrap();
    assert!(page.contains("guides/family-rules.md, line "), "{page}");
    assert!(page.contains("no-such-page.md, and there is no such page"), "{page}");
    hand.looks_at_answer("publish-refused").await.unwrap();

    // Mended; and a promise has other words, under a version of its own.
    fs::write(&guide, good).unwrap();
    let promise = school.content().join("agreements/ks1.md");
    let old = fs::read_to_string(&promise).unwrap();
    let version = old.lines().find_map(|line| line.strip_prefix("version = ")).unwrap().trim_matches('"');
    let new = old
        .replace(&format!("version = \"{version}\""), "version = \"9.1\"")
        .replace("I am kind on a screen.", "I am kind to people on screens.");
    assert!(new.contains("I am kind to people on screens."));
    fs::write(&promise, new).unwrap();
    hand.presses("Build it and look").await.unwrap();
    hand.finds("//h1[.='Publish this pack?']").await.unwrap();
    hand.sees("It would be pack 2, in the place of pack 1. Nothing is published yet.").await.unwrap();
    hand.finds(&format!("//tr[td[.='9.1']]/td[contains(., 'new version, was {version}')]")).await.unwrap();
    // Nobody has read the new words aloud yet: that keeps nothing back, and is said before anything goes out.
    hand.sees("Touchscreens cannot read this aloud").await.unwrap();
    hand.looks_at_answer("publish-look").await.unwrap();
    child.sync().unwrap();
    assert_eq!(child.figures().unwrap().pack, 1, "looking publishes nothing");
    hand.presses("Publish it as pack 2").await.unwrap();
    hand.sees("Pack 2 is published. Each kiosk has it within minutes").await.unwrap();
    hand.looks_at_answer("publish-done").await.unwrap();
    // The browser notes what was refused, and nothing else.
    let complaints = hand.leaves().await.unwrap();
    assert!(complaints.iter().all(|one| one.contains("400 (Bad Request)")), "{complaints:?}");

    // With the next round of the kiosk, the next child is asked by the new words.
    child.sync().unwrap();
    assert_eq!(child.figures().unwrap().pack, 2);
    let (everybody, _) = child.everybody().unwrap();
    let pupil = everybody.into_iter().find(|pupil| pupil.class == "Acorn").unwrap();
    let Visit::Thanked(statements) = child.sign(&pupil).unwrap() else { panic!("nobody has signed yet") };
    assert!(statements.contains(&"I am kind to people on screens.".to_owned()), "{statements:?}");
    child.leave().unwrap();
}
