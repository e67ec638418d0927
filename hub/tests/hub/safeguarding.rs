//! The safeguarding desk: what children told, from a kiosk's box to those it is for.

use hub::store::{accounts::Duty, reports::BOXES_A_DAY};
use hyper::StatusCode;
use records::{
    flowchart::{FlowStep, FlowWay, Flowchart},
    pack::PackDraft,
    report::{Report, Role, RoleKey, Route},
    report_box::SLOTS,
    roster::Roster,
    sync::RefusalReason,
    tell::{Asked, Leads, Tell, TellChoice, TellQuestion},
};

use crate::{
    browser::{Browser, PASSWORD},
    kiosk::Kiosk,
    school::{PUPILS, School, draft, ks1},
};

pub(crate) const WORDS: &str = "tide basket lamp heron";

pub(crate) fn report(talk_with: Option<&str>) -> Report {
    Report {
        day: "2026-09-14".parse().unwrap(),
        feeling: Some("worried".parse().unwrap()),
        happened: vec!["message".parse().unwrap()],
        place: Some("gone-from-the-form".parse().unwrap()),
        about: None,
        talk_with: talk_with.map(str::to_owned),
        words: Some("he <b>said</b> it is a game".into()),
        receipt: Vec::new(),
        language: "en-GB".parse().unwrap(),
    }
}

pub(crate) fn tell() -> Tell {
    let question = |asked, words: &str, id: &str, answer: &str| TellQuestion {
        asked,
        words: words.into(),
        choices: vec![TellChoice {
            id: id.parse().unwrap(),
            words: answer.into(),
            symbol: "told".parse().unwrap(),
            leads: None,
        }],
    };
    Tell {
        version: "1.0".parse().unwrap(),
        intro: vec![],
        questions: vec![
            question(Asked::Feeling, "How do you feel?", "worried", "I am worried"),
            question(Asked::Happened, "What happened?", "message", "Somebody wrote to me"),
            about(),
        ],
        answers: vec![],
    }
}

fn about() -> TellQuestion {
    let choice = |id: &str, leads| TellChoice {
        id: id.parse().unwrap(),
        words: id.into(),
        symbol: "told".parse().unwrap(),
        leads,
    };
    let choices = vec![choice("me", None), choice("grown-up", Some(Leads::To(Route::AboutGrownUp)))];
    TellQuestion { asked: Asked::About, words: "Who was it about?".into(), choices }
}

fn flowchart() -> Flowchart {
    let step = |words: &str, text: &str, ways: &[(&str, u16)]| FlowStep {
        words: words.into(),
        text: vec![text.into()],
        ways: ways.iter().map(|(words, to)| FlowWay { words: (*words).into(), to: *to }).collect(),
    };
    Flowchart {
        slug: "it-may-be-illegal".parse().unwrap(),
        title: "It may be illegal".into(),
        summary: "You need not be sure.".into(),
        steps: vec![
            step("Is somebody in danger now?", "A child is hurt.", &[("Yes", 2), ("No", 3)]),
            step("Ring 999", "Stay with the child.", &[("", 3)]),
            step("Ring the designated officer", "On 01632 960142, within a day.", &[]),
        ],
    }
}

/// A school with a kiosk and somebody for each role, each with a key.
pub(crate) struct Told {
    pub(crate) school: School,
    pub(crate) kiosk: Kiosk,
    pub(crate) holders: Vec<Browser>,
    pub(crate) keys: Vec<RoleKey>,
}

impl Told {
    /// The keys that its kiosk seals for.
    pub(crate) fn keys(&self) -> &[RoleKey] {
        &self.keys
    }
    /// The kiosk has fetched these.
    pub(crate) fn use_keys(&mut self, keys: Vec<RoleKey>) {
        self.keys = keys;
    }
    /// What such a school publishes.
    pub(crate) fn draft(&self) -> PackDraft {
        let mut draft = draft(vec![ks1("3.0")]);
        draft.content.tell = Some(tell());
        draft.content.flowcharts = vec![flowchart()];
        draft
    }
    /// Everybody signs in and opens the box again, as on another day.
    pub(crate) async fn again(&mut self) {
        for (role, holder) in Role::ALL.into_iter().zip(&mut self.holders) {
            holder.try_sign_in(&self.school, role.as_str(), PASSWORD).await;
            assert_eq!(unlock(holder, &self.school, WORDS).await, StatusCode::SEE_OTHER);
        }
    }
    pub(crate) async fn begun() -> Self {
        Self::at(School::open().await).await
    }
    pub(crate) async fn at(school: School) -> Self {
        school.import(PUPILS);
        let mut draft = draft(vec![ks1("3.0")]);
        draft.content.tell = Some(tell());
        draft.content.flowcharts = vec![flowchart()];
        school.publish(&draft);
        let mut holders = Vec::new();
        for role in Role::ALL {
            let mut holder = Browser::with_duty(&school, role.as_str(), Duty::Holder(role)).await;
            assert!(role_keys(&school).is_empty(), "kiosks get no key before every role has one");
            let made = make_key(&mut holder, &school, WORDS, WORDS).await;
            assert_eq!(made, (StatusCode::SEE_OTHER, "/safeguarding".into()));
            holders.push(holder);
        }
        let keys = role_keys(&school);
        assert_eq!(keys.len(), 4);
        let kiosk = Kiosk::paired(&school).await;
        Self { school, kiosk, holders, keys }
    }
    pub(crate) async fn bring(&self, reports: Vec<(Route, Report)>) {
        self.kiosk.bring(&self.school, self.kiosk.report_box(&self.keys, reports)).await.unwrap();
    }
    pub(crate) async fn page(&mut self, role: Role, path: &str) -> crate::browser::Page {
        self.holders[role as usize].get(&self.school, path).await
    }
    /// The addresses of the reports that a role's page lists.
    pub(crate) async fn listed(&mut self, role: Role) -> Vec<String> {
        let page = self.page(role, "/safeguarding").await;
        assert_eq!(page.status, StatusCode::OK);
        let links = page.text.split("href=\"/safeguarding/report/").skip(1);
        links.map(|rest| format!("/safeguarding/report/{}", rest.split('"').next().unwrap())).collect()
    }
}

pub(crate) fn role_keys(school: &School) -> Vec<RoleKey> {
    let (_, bytes) = school.hub.store.newest_roster().unwrap().unwrap();
    Roster::open(&bytes, &school.hub.identity().key, None).unwrap().role_keys
}

pub(crate) async fn make_key(
    browser: &mut Browser,
    school: &School,
    one: &str,
    two: &str,
) -> (StatusCode, String) {
    let form_token = browser.get(school, "/safeguarding").await.form_token();
    let fields = [("passphrase", one), ("again", two), ("form_token", form_token.as_str())];
    let page = browser.post(school, "/safeguarding/key", &fields).await;
    (page.status, page.leads_to().to_owned())
}

pub(crate) async fn unlock(browser: &mut Browser, school: &School, words: &str) -> StatusCode {
    let form_token = browser.get(school, "/safeguarding").await.form_token();
    let fields = [("passphrase", words), ("form_token", form_token.as_str())];
    browser.post(school, "/safeguarding/unlock", &fields).await.status
}

/// Fills in a form about another holder.
pub(crate) async fn give(from: &mut Browser, school: &School, path: &str, name: &str) -> StatusCode {
    let token = from.get(school, "/safeguarding").await.form_token();
    let fields = [("name", name), ("sure", "yes"), ("form_token", token.as_str())];
    from.post(school, path, &fields).await.status
}

#[tokio::test]
async fn the_safeguarding_lead_and_the_headteacher_read_it_as_the_child_gave_it_and_nobody_else_does() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(Some("Maya K, Acorn")))]).await;
    let found = told.listed(Role::Safeguarding).await;
    assert_eq!(found.len(), 1);
    let list = told.page(Role::Safeguarding, "/safeguarding").await.text;
    for part in
        ["One report waits for you", "Somebody wrote to me", "14 September 2026", "Talk with Maya K, Acorn"]
    {
        assert!(list.contains(part), "{part}: {list}");
    }
    let page = told.page(Role::Safeguarding, &found[0]).await.text;
    for part in [
        "How do you feel?",
        "I am worried",
        "/symbols/told.svg",
        "gone-from-the-form",
        "Maya K, Acorn",
        "he &lt;b&gt;said&lt;",
        "You and the headteacher can open it",
        "<strong>safeguarding</strong> read it",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(told.listed(Role::Headteacher).await, found, "found by one, it is there for the other");
    assert!(told.page(Role::Headteacher, &found[0]).await.text.contains("I am worried"));
    for role in [Role::Chair, Role::ViceChair] {
        assert!(told.listed(role).await.is_empty(), "{role:?}");
        assert_eq!(told.page(role, &found[0]).await.status, StatusCode::NOT_FOUND);
    }
    let mut office = Browser::signed_in(&told.school).await;
    for path in ["/safeguarding", &found[0]] {
        assert_eq!(office.get(&told.school, path).await.status, StatusCode::NOT_FOUND);
    }
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn routes_keep_apart_whom_they_are_about() {
    let mut told = Told::begun().await;
    let of = |route| (route, report(None));
    told.bring(Route::ALL.map(of).to_vec()).await;
    let mut seen = Vec::new();
    for role in Role::ALL {
        seen.push(told.listed(role).await.len());
    }
    assert_eq!(seen, [1, 2, 2, 1], "each report is for two");
    let store = &told.school.hub.store;
    assert!(Role::ALL.iter().all(|role| store.sealed_for(*role).unwrap().is_empty()), "the decoys are gone");
}

#[tokio::test]
async fn before_it_is_opened_a_box_with_reports_looks_like_one_without() {
    let mut told = Told::begun().await;
    let lock = told.page(Role::Safeguarding, "/safeguarding").await.form_token();
    told.holders[0].post(&told.school, "/safeguarding/lock", &[("form_token", &lock)]).await;
    let locked = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(locked.contains("The report box is locked"), "{locked}");
    told.bring(vec![]).await;
    assert_eq!(told.page(Role::Safeguarding, "/safeguarding").await.text, locked);
    let empty = told.school.hub.store.sealed_for(Role::Safeguarding).unwrap().len();
    told.bring(vec![(Route::Safeguarding, report(None)), (Route::Safeguarding, report(None))]).await;
    assert_eq!(told.page(Role::Safeguarding, "/safeguarding").await.text, locked);
    let full = told.school.hub.store.sealed_for(Role::Safeguarding).unwrap();
    assert_eq!(full.len(), 2 * empty, "as many envelopes, whatever is in them");
    assert!(full.iter().all(|one| one.bytes.len() == 2048));
    assert_eq!(SLOTS.len(), 16);
    assert_eq!(unlock(&mut told.holders[0], &told.school, WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(Role::Safeguarding).await.len(), 2);
}

#[tokio::test]
async fn a_key_is_locked_by_signing_out_by_idleness_and_by_a_restart_and_opens_with_its_words_alone() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(None))]).await;
    let found = told.listed(Role::Safeguarding).await;
    let page = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(
        page.contains("Headteacher, headteacher: 14 September 2026") && !page.contains("Vice-chair of"),
        "{page}"
    );
    told.school.pass(14 * 60);
    assert_eq!(told.listed(Role::Safeguarding).await, found);
    told.school.pass(15 * 60);
    assert!(told.listed(Role::Safeguarding).await.is_empty(), "idle for a quarter of an hour");
    assert_eq!(told.page(Role::Safeguarding, &found[0]).await.leads_to(), "/safeguarding");

    let holder = &mut told.holders[0];
    assert_eq!(unlock(holder, &told.school, PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(unlock(holder, &told.school, "tide basket lamp herons").await, StatusCode::UNAUTHORIZED);
    assert_eq!(unlock(holder, &told.school, WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(Role::Safeguarding).await, found, "nothing is lost by locking");

    told.school.restart().await;
    assert!(told.listed(Role::Safeguarding).await.is_empty(), "keys live in memory alone");
    assert_eq!(unlock(&mut told.holders[0], &told.school, WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(Role::Safeguarding).await, found);

    let token = told.page(Role::Safeguarding, "/safeguarding").await.form_token();
    told.holders[0].post(&told.school, "/sign-out", &[("form_token", &token)]).await;
    told.holders[0].try_sign_in(&told.school, "safeguarding", PASSWORD).await;
    assert!(told.listed(Role::Safeguarding).await.is_empty(), "signed out is locked");
}

#[tokio::test]
async fn a_box_is_locked_when_the_schools_day_is_over_however_busy_its_holder_is() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(None))]).await;
    let found = told.listed(Role::Safeguarding).await;
    // Until twenty to twelve at night, in London.
    told.school.pass(14 * 3600 + 40 * 60);
    told.again().await;
    told.school.pass(10 * 60);
    assert_eq!(told.listed(Role::Safeguarding).await, found, "still the same day");
    told.school.pass(10 * 60);
    assert!(told.listed(Role::Safeguarding).await.is_empty(), "at midnight");
    let page = told.page(Role::Safeguarding, "/safeguarding").await.text;
    assert!(page.contains("The report box is locked") && page.contains("and at midnight"), "{page}");
    assert_eq!(unlock(&mut told.holders[0], &told.school, WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(Role::Safeguarding).await, found, "nothing is lost by locking");
}

#[tokio::test]
async fn guessing_a_passphrase_gets_slower() {
    let mut told = Told::begun().await;
    let holder = &mut told.holders[0];
    let token = holder.get(&told.school, "/safeguarding").await.form_token();
    holder.post(&told.school, "/safeguarding/lock", &[("form_token", &token)]).await;
    for _ in 0..3 {
        assert_eq!(unlock(holder, &told.school, "not these words").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(unlock(holder, &told.school, WORDS).await, StatusCode::TOO_MANY_REQUESTS);
    told.school.pass(2);
    assert_eq!(unlock(holder, &told.school, WORDS).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_passphrase_is_long_typed_twice_and_not_the_password() {
    let school = School::open().await;
    let mut holder = Browser::with_duty(&school, "dsl", Duty::Holder(Role::Safeguarding)).await;
    for (one, two) in [("short", "short"), (WORDS, "tide basket lamp"), (PASSWORD, PASSWORD)] {
        assert_eq!(make_key(&mut holder, &school, one, two).await.0, StatusCode::BAD_REQUEST, "{one}");
    }
    assert_eq!(make_key(&mut holder, &school, WORDS, WORDS).await.0, StatusCode::SEE_OTHER);
    let mut second = Browser::with_duty(&school, "deputy", Duty::Holder(Role::Safeguarding)).await;
    let page = second.get(&school, "/safeguarding").await.text;
    assert!(page.contains("Somebody else holds this key"), "{page}");
    let token = second.get(&school, "/safeguarding").await.form_token();
    let fields = [("passphrase", WORDS), ("again", WORDS), ("form_token", token.as_str())];
    let page = second.post(&school, "/safeguarding/key", &fields).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "whoever makes accounts cannot take a role over");
    let fields = [("passphrase", WORDS), ("form_token", token.as_str())];
    let page = second.post(&school, "/safeguarding/unlock", &fields).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "not even with its words");
}

#[tokio::test]
async fn how_soon_is_put_on_record_and_never_changed() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(None)), (Route::Safeguarding, report(Some("Tom")))]).await;
    let found = told.listed(Role::Safeguarding).await;
    let mark = async |told: &mut Told, urgency: &str| {
        let page = told.page(Role::Safeguarding, &found[0]).await;
        let token = page.form_token();
        let path = format!("{}/entries", found[0]);
        let fields = [("kind", "urgency"), ("urgency", urgency), ("form_token", token.as_str())];
        told.holders[0].post(&told.school, &path, &fields).await.status
    };
    assert_eq!(mark(&mut told, "now").await, StatusCode::SEE_OTHER);
    assert_eq!(mark(&mut told, "this-week").await, StatusCode::SEE_OTHER);
    assert_eq!(mark(&mut told, "never").await, StatusCode::BAD_REQUEST);
    let page = told.page(Role::Safeguarding, &found[0]).await.text;
    assert!(page.contains("Urgency: now") && page.contains("Urgency: this week"), "{page}");
    let list = told.listed(Role::Safeguarding).await;
    assert_eq!(list, [found[1].clone(), found[0].clone()], "what nobody has looked at stands first");
    let list = told.page(Role::Headteacher, "/safeguarding").await.text;
    assert!(list.contains("Not looked at yet") && list.contains("This week"), "{list}");
    told.school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn a_box_is_taken_once_and_only_from_its_kiosk_and_whole() {
    let mut told = Told::begun().await;
    let sealed = told.kiosk.report_box(&told.keys, vec![(Route::Safeguarding, report(None))]);
    for _ in 0..3 {
        told.kiosk.bring(&told.school, sealed.clone()).await.unwrap();
    }
    assert_eq!(told.listed(Role::Safeguarding).await.len(), 1);
    told.kiosk.bring(&told.school, sealed.clone()).await.unwrap();
    assert_eq!(told.listed(Role::Safeguarding).await.len(), 1, "nor after it was opened");

    let other = Kiosk::paired(&told.school).await;
    let stranger = Kiosk::new("Not paired");
    let mut damaged = told.kiosk.report_box(&told.keys, vec![]);
    damaged[9000] ^= 1;
    assert_eq!(
        told.kiosk.bring(&told.school, damaged).await.unwrap_err().1.reason,
        RefusalReason::BadRequest
    );
    assert_eq!(
        other.bring(&told.school, sealed.clone()).await.unwrap_err().1.reason,
        RefusalReason::BadRequest
    );
    assert_eq!(stranger.bring(&told.school, sealed).await.unwrap_err().1.reason, RefusalReason::NotPaired);
    let short = told.kiosk.bring(&told.school, b"SGNPRBOX".to_vec()).await.unwrap_err();
    assert_eq!(short.1.reason, RefusalReason::BadRequest);
}

#[tokio::test]
async fn a_kiosk_gone_bad_cannot_fill_the_disk_and_loses_nothing_by_waiting() {
    let told = Told::begun().await;
    let now = told.school.hub.now();
    let device = told.kiosk.identity.device;
    for _ in 0..BOXES_A_DAY {
        let id = records::ids::BoxId::from_bytes(hub::random::bytes());
        told.school.hub.store.take_box(device, id, &[], None, BOXES_A_DAY, now).unwrap();
    }
    let sealed = told.kiosk.report_box(&told.keys, vec![]);
    let refused = told.kiosk.bring(&told.school, sealed.clone()).await.unwrap_err();
    assert_eq!(refused.1.reason, RefusalReason::NotNow);
    told.school.pass(25 * 3600);
    told.kiosk.bring(&told.school, sealed).await.unwrap();
}

#[tokio::test]
async fn a_holder_gives_the_key_to_a_deputy_who_reads_what_was_told_before_and_after_and_can_be_left_alone_with_it()
 {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(None))]).await;
    let found = told.listed(Role::Safeguarding).await;
    let mut deputy = Browser::with_duty(&told.school, "deputy", Duty::Holder(Role::Safeguarding)).await;
    Browser::with_duty(&told.school, "governor", Duty::Holder(Role::Chair)).await;
    assert!(deputy.get(&told.school, "/safeguarding").await.text.contains("Somebody else holds this key"));
    for wrong in ["nobody", "office", "governor", "safeguarding"] {
        assert_eq!(
            give(&mut told.holders[0], &told.school, "/safeguarding/holders", wrong).await,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    assert_eq!(
        give(&mut told.holders[0], &told.school, "/safeguarding/holders", "deputy").await,
        StatusCode::OK
    );
    told.school.pass(16 * 60);
    assert!(deputy.get(&told.school, "/safeguarding").await.text.contains("Somebody else holds"), "too late");
    assert_eq!(unlock(&mut told.holders[0], &told.school, WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(
        give(&mut told.holders[0], &told.school, "/safeguarding/holders", "deputy").await,
        StatusCode::OK
    );
    let words = "otter lane marble quiet";
    assert_eq!(make_key(&mut deputy, &told.school, words, words).await.0, StatusCode::SEE_OTHER);
    let keys = role_keys(&told.school);
    assert_eq!(keys, told.keys, "the same key: kiosks need no other");
    assert_eq!(deputy.get(&told.school, &found[0]).await.status, StatusCode::OK, "also what was told before");

    // The one before leaves. Nobody takes a key by a slip of the hand.
    let token = deputy.get(&told.school, "/safeguarding").await.form_token();
    let fields = [("name", "safeguarding"), ("form_token", token.as_str())];
    let page = deputy.post(&told.school, "/safeguarding/holders/remove", &fields).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("Nothing was changed. Tick that they open nothing any more"), "{}", page.text);
    assert_eq!(told.page(Role::Safeguarding, &found[0]).await.status, StatusCode::OK);
    assert_eq!(
        give(&mut deputy, &told.school, "/safeguarding/holders/remove", "safeguarding").await,
        StatusCode::SEE_OTHER
    );
    let gone = told.page(Role::Safeguarding, &found[0]).await;
    assert_eq!(gone.leads_to(), "/safeguarding", "at once, also where the box was open");
    let account = told.school.hub.store.account("safeguarding").unwrap().unwrap().id;
    assert!(told.school.hub.open_role_key(Role::Safeguarding, account, WORDS).is_err());
    assert_eq!(
        give(&mut deputy, &told.school, "/safeguarding/holders/remove", "deputy").await,
        StatusCode::NOT_FOUND
    );
    let page = deputy.get(&told.school, "/safeguarding").await.text;
    assert!(page.contains("deputy: 14 September 2026") && page.contains("Nobody."), "{page}");
    told.school.hub.store.check_audit().unwrap();
}
