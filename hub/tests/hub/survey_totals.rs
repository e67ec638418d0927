//! What pupils answered to a survey: counted once, by whatever way its box came, and shown without small numbers.

use hub::{
    random, stick,
    store::{accounts::Duty, audit::Actor},
};
use records::{
    day::Moment,
    keys::OpeningKey,
    pack::{PackDraft, Term},
    report::{Role, Route},
    stick::{Carry, Greeting},
    survey::{Shown, Survey, SurveyAnswers, SurveyChoice, SurveyQuestion},
    tally::Tally,
};

use crate::{
    browser::{Browser, PASSWORD},
    safeguarding::{Told, report},
    school::day,
};

const A_DAY: i64 = 86_400;

fn survey(shown: Shown) -> Survey {
    let choice = |id: &str, words: &str| SurveyChoice {
        id: id.parse().unwrap(),
        words: words.into(),
        symbol: "told".parse().unwrap(),
        may_tell: id == "sad",
    };
    Survey {
        id: "today".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        title: "How was it today?".into(),
        symbol: "told".parse().unwrap(),
        shown,
        intro: vec![],
        questions: vec![SurveyQuestion {
            id: "feeling".parse().unwrap(),
            words: "How do you feel?".into(),
            choices: vec![choice("happy", "Happy"), choice("sad", "Sad")],
        }],
    }
}

fn tally(version: &str, answers: &[(Option<&str>, usize)]) -> Tally {
    let mut tally = Tally::default();
    for (answer, times) in answers {
        for _ in 0..*times {
            tally.add(&SurveyAnswers {
                survey: "today".parse().unwrap(),
                version: version.parse().unwrap(),
                answers: vec![("feeling".parse().unwrap(), answer.map(|id| id.parse().unwrap()))],
            });
        }
    }
    tally
}

fn surveying(told: &Told, shown: Shown) -> PackDraft {
    let mut draft = told.draft();
    draft.content.surveys = vec![survey(shown)];
    draft.content.terms = vec![
        Term { starts: day("2026-09-03"), ends: day("2026-10-02") },
        Term { starts: day("2026-10-05"), ends: day("2026-12-18") },
    ];
    draft
}

/// How often each answer was counted, on all days.
fn totals(told: &Told) -> Vec<(String, usize)> {
    let all = told.school.hub.store.survey_totals(&survey(Shown::Daily)).unwrap();
    let name = |answer: Option<records::ids::Slug>| answer.map_or(String::new(), |id| id.to_string());
    all.into_iter().map(|total| (name(total.answer), total.count)).collect()
}

fn of(answers: &[(&str, usize)]) -> Vec<(String, usize)> {
    answers.iter().map(|(answer, count)| ((*answer).to_owned(), *count)).collect()
}

#[tokio::test]
async fn a_box_is_counted_once_however_often_and_by_whatever_way_it_comes() {
    let told = Told::begun().await;
    told.school.publish(&surveying(&told, Shown::Daily));
    let kiosk = &told.kiosk;
    let first = kiosk.counting_box(told.keys(), &tally("1.0", &[(Some("happy"), 3), (None, 2)]));
    for _ in 0..3 {
        kiosk.bring(&told.school, first.clone()).await.unwrap();
    }
    assert_eq!(totals(&told), of(&[("", 2), ("happy", 3)]));
    // By stick, with one that has come by wire, and twice.
    let second = kiosk.counting_box(told.keys(), &tally("1.0", &[(Some("sad"), 1), (Some("happy"), 1)]));
    let opening = OpeningKey::generate(&mut random::system());
    let carry = Carry {
        number: 1,
        made: Moment(1),
        greeting: Greeting { hello: kiosk.greeting(), taken: 0, seal: opening.seal_key() },
        batches: vec![],
        boxes: vec![first.clone(), second.clone()],
    };
    let bytes = carry.sign(kiosk.hub.as_ref().unwrap().school, &kiosk.key);
    for _ in 0..2 {
        stick::take(&told.school.hub, &bytes, Actor::CommandLine).unwrap();
    }
    kiosk.bring(&told.school, second).await.unwrap();
    assert_eq!(totals(&told), of(&[("", 2), ("happy", 4), ("sad", 1)]));
    // Other words are counted apart, and a box of before counts nothing.
    let other = kiosk.counting_box(told.keys(), &tally("1.1", &[(Some("sad"), 9)]));
    kiosk.bring(&told.school, other).await.unwrap();
    told.bring(vec![]).await;
    assert_eq!(totals(&told), of(&[("", 2), ("happy", 4), ("sad", 1)]));
}

#[tokio::test]
async fn counts_that_cannot_be_read_cost_no_report() {
    let mut told = Told::begun().await;
    told.school.publish(&surveying(&told, Shown::Daily));
    let reports = vec![(Route::Safeguarding, report(None))];
    let counted = tally("1.0", &[(Some("happy"), 3)]);
    let mut damaged = told.kiosk.report_box_with(told.keys(), reports, Some(&counted));
    *damaged.last_mut().unwrap() ^= 1;
    told.kiosk.bring(&told.school, damaged).await.unwrap();
    assert!(totals(&told).is_empty());
    assert_eq!(told.listed(Role::Safeguarding).await.len(), 1, "its envelopes were taken, and opened");
}

#[tokio::test]
async fn governors_see_weeks_that_are_over_and_no_small_number_of_any() {
    let told = Told::begun().await;
    told.school.publish(&surveying(&told, Shown::Daily));
    let bring = async |answers: &[(Option<&str>, usize)]| {
        let sealed = told.kiosk.counting_box(told.keys(), &tally("1.0", answers));
        told.kiosk.bring(&told.school, sealed).await.unwrap();
    };
    let page = async || {
        let name = format!("governor-{}", data_encoding::HEXLOWER.encode(&random::bytes::<4>()));
        let mut governor = Browser::with_duty(&told.school, &name, Duty::Governor).await;
        let page = governor.get(&told.school, "/figures").await.text;
        let file = governor.get(&told.school, "/figures/figures.csv").await.text;
        (page, file)
    };
    // Monday 14 September: the running week is shown to nobody.
    bring(&[(Some("happy"), 30), (Some("sad"), 7)]).await;
    let (shown, file) = page().await;
    assert!(
        shown.contains("How was it today?") && shown.contains("Nothing that can be shown yet"),
        "{shown}"
    );
    assert!(!shown.contains(">30<") && !file.contains("30"), "{shown} {file}");
    // The week after: two are sad, so it waits for the third.
    told.school.pass(7 * A_DAY);
    bring(&[(Some("happy"), 40), (Some("sad"), 2)]).await;
    told.school.pass(7 * A_DAY);
    let (shown, file) = page().await;
    for text in [">30<", ">7<", "14 September to 20 September"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(!shown.contains(">40<") && !file.contains("40"), "{shown} {file}");
    bring(&[(Some("sad"), 3)]).await;
    told.school.pass(7 * A_DAY);
    let (shown, file) = page().await;
    assert!(shown.contains(">40<") && shown.contains(">5<"), "{shown}");
    assert!(shown.contains("21 September to 4 October"), "{shown}");
    assert!(file.contains("How do you feel?") && file.contains("did not say"), "{file}");
}

#[tokio::test]
async fn a_vote_is_shown_as_a_whole_and_once_its_boxes_have_come() {
    let told = Told::begun().await;
    let shown = Shown::Between { from: day("2026-09-14"), until: day("2026-09-16") };
    told.school.publish(&surveying(&told, shown));
    let mut office = Browser::signed_in(&told.school).await;
    for answers in [[(Some("happy"), 90), (Some("sad"), 20)], [(Some("happy"), 10), (Some("sad"), 3)]] {
        let sealed = told.kiosk.counting_box(told.keys(), &tally("1.0", &answers));
        told.kiosk.bring(&told.school, sealed).await.unwrap();
        assert!(office.get(&told.school, "/figures").await.text.contains("Nothing that can be shown yet"));
        told.school.pass(A_DAY);
        office.try_sign_in(&told.school, "office", PASSWORD).await;
    }
    told.school.pass(9 * A_DAY);
    office.try_sign_in(&told.school, "office", PASSWORD).await;
    let page = office.get(&told.school, "/figures").await.text;
    assert!(
        page.contains("14 September to 16 September") && page.contains(">100<") && page.contains(">23<"),
        "{page}"
    );
}
