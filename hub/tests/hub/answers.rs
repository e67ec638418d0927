//! A child comes back for an answer: who can give one, what kiosks then have, and what nobody can tell from that.

use std::collections::{BTreeMap, BTreeSet};

use hub::{
    answers::{DayNumber, any_receipt},
    random,
    store::{
        StoreError,
        answers::{Answering, Stands, Written},
    },
};
use hyper::StatusCode;
use records::{
    answer::{AnswerSheet, LINES, SentenceName},
    codec,
    receipt::Receipt,
    report::{Report, Role, Route},
    sync::RefusalReason,
    tell::TellAnswer,
};

use crate::{
    browser::{Browser, Page},
    kiosk::{Kiosk, reason},
    report_work::{holds, unlocked_database},
    safeguarding::{Told, report},
    school::School,
};

const DAY: i64 = 24 * 60 * 60;

fn sentences() -> Vec<TellAnswer> {
    let answer = |id: &str, words: &str| TellAnswer { id: id.parse().unwrap(), words: words.into() };
    vec![
        answer("read", "We have read it."),
        answer("stop", "We are making it stop."),
        answer("help", "Talk to us."),
    ]
}

pub(crate) fn named(id: &str) -> SentenceName {
    SentenceName::of(&id.parse().unwrap())
}

fn receipt(n: u8) -> Receipt {
    Receipt::drawn(&[n; 16])
}

fn with_pictures(n: u8) -> Report {
    let mut report = report(None);
    report.receipt = receipt(n).names();
    report
}

/// A school that answers.
async fn answering() -> Told {
    let told = Told::begun().await;
    publish(&told.school, &told, sentences());
    told
}

fn publish(school: &School, told: &Told, answers: Vec<TellAnswer>) {
    let mut draft = told.draft();
    draft.content.tell.as_mut().unwrap().answers = answers;
    school.publish(&draft);
}

/// The same with one report, and where it is.
async fn one(route: Route) -> (Told, String) {
    let mut told = answering().await;
    told.bring(vec![(route, with_pictures(1))]).await;
    let found = told.listed(route.roles()[0]).await.remove(0);
    (told, found)
}

async fn send(told: &mut Told, role: Role, at: &str, fields: &[(&str, &str)]) -> Page {
    let token = told.page(role, "/safeguarding").await.form_token();
    let fields = [&[("form_token", token.as_str())], fields].concat();
    told.holders[role as usize].post(&told.school, &format!("{at}/answer"), &fields).await
}

async fn sheet(kiosk: &Kiosk, school: &School) -> AnswerSheet {
    codec::decode(&kiosk.get(school, "/kiosk/answers").await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_holder_looks_at_the_answer_as_the_child_will_and_gives_it_and_every_kiosk_has_it_from_the_next_day_on()
 {
    let (mut told, at) = one(Route::Safeguarding).await;
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(page.contains("See it as the child will") && !page.contains("/symbols/tile-"), "{page}");
    let look = told.page(Role::Safeguarding, &format!("{at}/answer?sentence=stop")).await.text;
    for part in ["We are making it stop.", "from 15 September 2026 to 13 November 2026", "Give this answer"] {
        assert!(look.contains(part), "{part}: {look}");
    }
    let other = Kiosk::paired(&told.school).await;
    let before = sheet(&other, &told.school).await;
    assert_eq!(before.look(&receipt(1)), SentenceName::NONE, "looked at is not given");
    let done = send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    assert_eq!((done.status, done.leads_to()), (StatusCode::SEE_OTHER, format!("{at}#answer").as_str()));
    assert_eq!(sheet(&other, &told.school).await, before, "nothing changes within a day");
    for role in [Role::Safeguarding, Role::Headteacher] {
        let page = told.page(role, &at).await.text;
        for part in ["Answered the child", "We are making it stop.", "15 September 2026 to 13 November 2026"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    told.school.pass(DAY);
    for kiosk in [&told.kiosk, &other] {
        assert_eq!(sheet(kiosk, &told.school).await.look(&receipt(1)), named("stop"));
    }
    told.school.pass(59 * DAY);
    assert_eq!(sheet(&other, &told.school).await.look(&receipt(1)), named("stop"), "the sixtieth day");
    told.school.pass(DAY);
    assert_eq!(sheet(&other, &told.school).await.look(&receipt(1)), SentenceName::NONE, "then it is over");
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn an_answer_is_changed_and_taken_back_and_what_is_put_right_on_the_same_day_no_child_ever_saw() {
    let (mut told, at) = one(Route::Safeguarding).await;
    for sentence in ["stop", "help"] {
        assert_eq!(
            send(&mut told, Role::Safeguarding, &at, &[("sentence", sentence)]).await.status,
            StatusCode::SEE_OTHER
        );
    }
    told.school.pass(DAY);
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), named("help"));
    told.again().await;
    assert_eq!(
        send(&mut told, Role::Headteacher, &at, &[("sentence", "read")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), named("help"));
    told.school.pass(DAY);
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), named("read"));
    told.again().await;
    assert_eq!(
        send(&mut told, Role::Safeguarding, &at, &[("take_back", "yes")]).await.status,
        StatusCode::SEE_OTHER
    );
    let page = told.page(Role::Headteacher, &at).await.text;
    assert!(page.contains("Took the answer back") && !page.contains("Take this answer back"), "{page}");
    let again = send(&mut told, Role::Safeguarding, &at, &[("take_back", "yes")]).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "there is none any more");
    told.school.pass(DAY);
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), SentenceName::NONE);

    // Given and taken back on one day, it was never there.
    told.again().await;
    told.bring(vec![(Route::Safeguarding, with_pictures(2))]).await;
    let all = told.listed(Role::Safeguarding).await;
    let second = all.into_iter().find(|found| *found != at).unwrap();
    send(&mut told, Role::Safeguarding, &second, &[("sentence", "stop")]).await;
    send(&mut told, Role::Safeguarding, &second, &[("take_back", "yes")]).await;
    for _ in 0..3 {
        told.school.pass(DAY);
        assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(2)), SentenceName::NONE);
    }
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn only_who_can_open_a_report_can_answer_it_and_nobody_who_has_stepped_aside() {
    let (mut told, at) = one(Route::AboutGrownUp).await;
    for role in [Role::Safeguarding, Role::ViceChair] {
        assert_eq!(
            send(&mut told, role, &at, &[("sentence", "stop")]).await.status,
            StatusCode::NOT_FOUND,
            "{role:?}"
        );
        let look = told.page(role, &format!("{at}/answer?sentence=stop")).await;
        assert_eq!(look.status, StatusCode::NOT_FOUND, "{role:?}");
    }
    let mut office = Browser::signed_in(&told.school).await;
    let token = office.get(&told.school, "/").await.form_token();
    let fields = [("sentence", "stop"), ("form_token", token.as_str())];
    assert_eq!(
        office.post(&told.school, &format!("{at}/answer"), &fields).await.status,
        StatusCode::NOT_FOUND
    );
    let aside = [("kind", "hand-over"), ("whom", "chair"), ("because", "I know them"), ("aside", "yes")];
    crate::report_work::enter(&mut told, Role::Headteacher, &at, &aside).await;
    assert_eq!(
        send(&mut told, Role::Headteacher, &at, &[("sentence", "stop")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        send(&mut told, Role::Chair, &at, &[("sentence", "none-such")]).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        send(&mut told, Role::Chair, &at, &[("sentence", "stop")]).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_report_without_pictures_cannot_be_answered_and_the_page_says_why() {
    let mut told = answering().await;
    told.bring(vec![(Route::Safeguarding, report(None))]).await;
    let at = told.listed(Role::Safeguarding).await.remove(0);
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(page.contains("The child got no pictures") && !page.contains("See it as"), "{page}");
    let refused = send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    assert!(
        refused.status == StatusCode::BAD_REQUEST && refused.text.contains("no pictures"),
        "{}",
        refused.text
    );

    let mut office = Browser::signed_in(&told.school).await;
    let token = office.get(&told.school, "/concern").await.form_token();
    let fields = [("form_token", token.as_str()), ("about", "me"), ("words", "he hit me"), ("child", "Tom")];
    assert_eq!(office.post(&told.school, "/concern", &fields).await.status, StatusCode::OK);
    let all = told.listed(Role::Safeguarding).await;
    let second = all.into_iter().find(|found| *found != at).unwrap();
    let page = told.page(Role::Safeguarding, &second).await.text;
    assert!(page.contains("An adult wrote this down"), "{page}");

    publish(&told.school, &told, vec![]);
    told.bring(vec![(Route::Safeguarding, with_pictures(1))]).await;
    let third = told.listed(Role::Safeguarding).await.into_iter().find(|f| *f != at && *f != second).unwrap();
    let page = told.page(Role::Safeguarding, &third).await.text;
    assert!(page.contains("have no answers") && page.contains("forms/tell.toml"), "{page}");
    assert_eq!(reason(told.kiosk.get(&told.school, "/kiosk/answers").await), RefusalReason::NothingThere);
}

#[tokio::test]
async fn a_sentence_that_the_school_says_no_more_is_told_at_the_desk() {
    let (mut told, at) = one(Route::Safeguarding).await;
    send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    let mut fewer = sentences();
    fewer.remove(1);
    publish(&told.school, &told, fewer);
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(page.contains("have this sentence no more"), "{page}");
}

#[tokio::test]
async fn the_database_holds_of_an_answer_what_kiosks_get_and_nothing_that_leads_to_the_report() {
    let (mut told, at) = one(Route::Safeguarding).await;
    send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    told.school.pass(DAY);
    sheet(&told.kiosk, &told.school).await;
    let (database, plain) = unlocked_database(&told.school);
    assert!(!holds(&plain, "15 September 2026") && !holds(&plain, "2026-11-13"), "the entry is sealed");
    let id = at.rsplit('/').next().unwrap();
    let columns = "SELECT starts, place, hex(receipt), hex(sentence), changes, hex(later) FROM answers";
    let mut select = database.prepare(columns).unwrap();
    let mut rows = select.query([]).unwrap();
    let (mut count, mut shapes) = (0, BTreeSet::new());
    while let Some(row) = rows.next().unwrap() {
        let (receipt, sentence): (String, String) = (row.get(2).unwrap(), row.get(3).unwrap());
        assert!(!receipt.contains(id));
        shapes.insert((receipt.len(), sentence.len()));
        count += 1;
    }
    assert_eq!((count, shapes.len()), (LINES, 1), "an answer is a row like every other");
    let logged: i64 = database
        .query_row(
            "SELECT count(*) FROM audit WHERE what LIKE '%answer%' OR detail LIKE '%answer%'",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(logged, 0, "the log names a sealed entry, whatever is in it");
}

/// One without kiosks and holders.
pub(crate) async fn answering_school() -> School {
    let school = School::open().await;
    let mut draft = crate::school::draft(vec![crate::school::ks1("3.0")]);
    draft.content.tell = Some(crate::safeguarding::tell());
    draft.content.tell.as_mut().unwrap().answers = sentences();
    school.publish(&draft);
    school
}

/// Gives an answer as the desk does, with an entry that nobody reads.
pub(crate) fn give(school: &School, route: Route, receipt: &Receipt, sentence: &str) -> Answering {
    let today = DayNumber::of(school.hub.today().unwrap());
    let seal = |_: Stands| Ok::<_, StoreError>(vec![7; 4096]);
    let written = Written { place: random::bytes(), seal: &seal, account: 1, at: school.hub.now() };
    school.hub.store.answer(receipt, route, named(sentence), today, &written).unwrap()
}

fn lines(school: &School) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let sheet = school.hub.answer_sheet().unwrap().unwrap();
    let lines: BTreeMap<_, _> = sheet.lines().map(|line| (line[..4].to_vec(), line[4..].to_vec())).collect();
    assert_eq!(lines.len(), LINES, "no receipt is there twice");
    lines
}

/// All that whoever has a kiosk sees of a school's answers from day to day: how many receipts come and go, how long each
/// stays, whether anything moves within a day. `given` says how many answers are given on each day; what is seen must be
/// the same whatever it says.
async fn seen(days: usize, given: impl Fn(usize) -> usize) -> (Vec<(usize, usize)>, BTreeSet<usize>) {
    let school = answering_school().await;
    let mut before = lines(&school);
    let (mut changes, mut since) = (Vec::new(), BTreeMap::new());
    let mut stays = BTreeSet::new();
    for day in 0..days {
        for _ in 0..given(day) {
            let receipt = any_receipt(&mut random::system());
            assert!(matches!(give(&school, Route::Safeguarding, &receipt, "read"), Answering::Done(_)));
            assert_eq!(lines(&school), before, "day {day}: an answer that was just given shows");
        }
        school.pass(DAY);
        let now = lines(&school);
        let came: Vec<_> = now.keys().filter(|receipt| !before.contains_key(*receipt)).cloned().collect();
        let gone: Vec<_> = before.keys().filter(|receipt| !now.contains_key(*receipt)).cloned().collect();
        changes.push((came.len(), gone.len()));
        for receipt in gone {
            stays.extend(since.remove(&receipt).map(|from| day - from));
        }
        since.extend(came.into_iter().map(|receipt| (receipt, day)));
        before = now;
    }
    (changes, stays)
}

#[tokio::test]
async fn two_syncs_of_a_kiosk_look_the_same_whether_many_answers_were_given_in_between_or_none() {
    let none = seen(130, |_| 0).await;
    let some = seen(130, |day| usize::from(day % 3 == 0)).await;
    let burst = seen(130, |day| if day == 20 { 25 } else { 0 }).await;
    assert_eq!(none.1, BTreeSet::from([60]), "every receipt stays as long as every other");
    assert_eq!(none, some);
    assert_eq!(none, burst);
}

#[tokio::test]
async fn decoys_lead_to_the_schools_sentences_and_change_now_and_then_as_answers_do() {
    let school = answering_school().await;
    let mut before = lines(&school);
    let known: BTreeSet<Vec<u8>> =
        sentences().iter().map(|one| SentenceName::of(&one.id).as_bytes().to_vec()).collect();
    let (mut changed, mut seen) = (0, BTreeMap::<Vec<u8>, usize>::new());
    for _ in 0..300 {
        school.pass(DAY);
        let now = lines(&school);
        changed +=
            now.iter().filter(|(receipt, led)| before.get(*receipt).is_some_and(|b| b != *led)).count();
        for (receipt, led) in &now {
            if !before.contains_key(receipt) {
                *seen.entry(led.clone()).or_default() += 1;
            }
        }
        before = now;
    }
    assert!(seen.keys().all(|led| known.contains(led)), "{seen:?}");
    let count = |id: &str| seen.get(named(id).as_bytes().as_slice()).copied().unwrap_or_default();
    // 320 came, a half, a third and a sixth of them expected: eight standard deviations at the least.
    assert!(count("read") > count("help") && count("stop") > 50 && count("help") > 10, "{seen:?}");
    assert!((5..100).contains(&changed), "{changed} of 320, one in eight expected");
}

#[tokio::test]
async fn more_answers_than_have_room_are_refused_and_none_that_was_given_is_lost() {
    let school = answering_school().await;
    let shown = lines(&school);
    // One that a decoy happens to have is answered without a place of its own.
    let is_free = |receipt: &Receipt, given: &[Receipt]| {
        !given.contains(receipt) && !shown.contains_key(receipt.as_bytes().as_slice())
    };
    let mut given: Vec<Receipt> = Vec::new();
    for (route, room) in [(Route::Safeguarding, 32), (Route::AboutGrownUp, 16), (Route::AboutHeadteacher, 16)]
    {
        let before = given.len();
        while given.len() < before + room {
            let receipt = any_receipt(&mut random::system());
            if is_free(&receipt, &given) {
                assert!(matches!(give(&school, route, &receipt, "stop"), Answering::Done(_)), "{route:?}");
                given.push(receipt);
            }
        }
        let one_more = (200..).map(receipt).find(|receipt| is_free(receipt, &given)).unwrap();
        assert_eq!(give(&school, route, &one_more, "stop"), Answering::Full);
    }
    school.pass(60 * DAY);
    let sheet = school.hub.answer_sheet().unwrap().unwrap();
    assert!(given.iter().all(|receipt| sheet.look(receipt) == named("stop")));
}

#[tokio::test]
async fn nobody_learns_from_the_day_of_an_answer_that_another_report_which_they_cannot_open_was_answered() {
    let mut told = answering().await;
    for (n, route) in (1..).zip(Route::ALL) {
        told.bring(vec![(route, with_pictures(n))]).await;
    }
    let at = told.listed(Role::Safeguarding).await.remove(0);
    let look = async |told: &mut Told| {
        told.page(Role::Safeguarding, &format!("{at}/answer?sentence=stop")).await.text
    };
    let before = look(&mut told).await;
    for (role, route) in [(Role::Headteacher, Route::AboutGrownUp), (Role::Chair, Route::AboutHeadteacher)] {
        let readers = told.listed(role).await;
        for report in readers {
            let fields = [("sentence", "help")];
            let page = told.page(role, &report).await.text;
            let is_of = page.contains(if route == Route::AboutGrownUp {
                "About a grown-up"
            } else {
                "About the headteacher"
            });
            if is_of {
                assert_eq!(send(&mut told, role, &report, &fields).await.status, StatusCode::SEE_OTHER);
            }
        }
    }
    assert_eq!(look(&mut told).await, before, "from the same day on");
    send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    told.bring(vec![(Route::Safeguarding, with_pictures(9))]).await;
    let second = told.listed(Role::Safeguarding).await.into_iter().find(|found| *found != at).unwrap();
    let page = told.page(Role::Safeguarding, &format!("{second}/answer?sentence=stop")).await.text;
    assert!(!page.contains("from 15 September"), "an answer of their own makes the next one wait: {page}");
}

#[tokio::test]
async fn an_answer_is_not_changed_on_its_last_day_and_none_is_given_while_the_box_is_locked() {
    let (mut told, at) = one(Route::Safeguarding).await;
    send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    told.school.pass(60 * DAY);
    told.again().await;
    let last = told.page(Role::Safeguarding, &format!("{at}/answer?sentence=help")).await;
    assert!(last.status == StatusCode::BAD_REQUEST && last.text.contains("until tonight"), "{}", last.text);
    let refused = send(&mut told, Role::Safeguarding, &at, &[("sentence", "help")]).await;
    assert!(refused.text.contains("Give the other one tomorrow"), "{}", refused.text);
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), named("stop"));
    told.school.pass(DAY);
    told.again().await;
    let token = told.page(Role::Safeguarding, &at).await.form_token();
    told.school.pass(15 * 60);
    for fields in [("sentence", "help"), ("take_back", "yes")] {
        let fields = [("form_token", token.as_str()), fields];
        let page = told.holders[0].post(&told.school, &format!("{at}/answer"), &fields).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.text.contains("no answer was given, and none was taken back"), "{}", page.text);
    }
    told.again().await;
    let done = send(&mut told, Role::Safeguarding, &at, &[("sentence", "help")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_clock_that_is_wrong_for_a_day_takes_no_answer_away_and_the_desk_says_so_where_one_is_gone() {
    let (mut told, at) = one(Route::Safeguarding).await;
    send(&mut told, Role::Safeguarding, &at, &[("sentence", "stop")]).await;
    told.school.pass(DAY);
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), named("stop"));
    told.school.pass(100 * DAY);
    lines(&told.school);
    told.school.pass(-100 * DAY);
    assert_eq!(sheet(&told.kiosk, &told.school).await.look(&receipt(1)), named("stop"));
    told.again().await;
    assert!(!told.page(Role::Safeguarding, &at).await.text.contains("has this answer no more"));
    // Years ahead, it is gone; the desk does not go on as if kiosks had it.
    told.school.pass(1000 * DAY);
    lines(&told.school);
    told.school.pass(-1000 * DAY + 60);
    told.again().await;
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(page.contains("The hub has this answer no more"), "{page}");
}

/// A decoy that kiosks have today: one on its last day, or one that stands longer.
async fn decoy(told: &Told, on_its_last_day: bool) -> Option<Receipt> {
    let sheet = sheet(&told.kiosk, &told.school).await;
    let today = DayNumber::of(told.school.hub.today().unwrap());
    let receipts = sheet.lines().filter_map(|line| Receipt::from_bytes(line[..4].try_into().ok()?));
    let mut led = receipts.filter(|receipt| sheet.look(receipt) != SentenceName::NONE);
    led.find(|receipt| {
        let (_, stands) = told.school.hub.store.told_to(receipt, today).unwrap().unwrap();
        (stands.until == today.next()) == on_its_last_day
    })
}

#[tokio::test]
async fn pictures_that_lead_somewhere_by_chance_are_told_to_whoever_opens_the_report() {
    let mut told = answering().await;
    let mut report = with_pictures(1);
    report.receipt = decoy(&told, false).await.unwrap().names();
    told.bring(vec![(Route::Safeguarding, report)]).await;
    let at = told.listed(Role::Safeguarding).await.remove(0);
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(page.contains("By chance kiosks tell these pictures something already"), "{page}");
    assert!(page.contains("give one now") && !page.contains("give one tomorrow"), "{page}");
    send(&mut told, Role::Safeguarding, &at, &[("sentence", "help")]).await;
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(!page.contains("By chance"), "{page}");
}

#[tokio::test]
async fn pictures_that_lead_somewhere_by_chance_for_the_last_day_can_be_answered_on_the_next() {
    let mut told = answering().await;
    // A place is let anew each day, so that nearly every day is a decoy's last one; some have led nowhere.
    let receipt = loop {
        match decoy(&told, true).await {
            Some(found) => break found,
            None => told.school.pass(DAY),
        }
    };
    let mut report = with_pictures(1);
    report.receipt = receipt.names();
    told.bring(vec![(Route::Safeguarding, report)]).await;
    told.again().await;
    let at = told.listed(Role::Safeguarding).await.remove(0);
    let page = told.page(Role::Safeguarding, &at).await.text;
    assert!(page.contains("By chance") && page.contains("That is tonight"), "{page}");
    assert!(!page.contains("give one now"), "{page}");
    let refused = send(&mut told, Role::Safeguarding, &at, &[("sentence", "help")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("until tonight"), "{}", refused.text);
    told.school.pass(DAY);
    told.again().await;
    assert!(!told.page(Role::Safeguarding, &at).await.text.contains("By chance"));
    assert_eq!(
        send(&mut told, Role::Safeguarding, &at, &[("sentence", "help")]).await.status,
        StatusCode::SEE_OTHER
    );
}
