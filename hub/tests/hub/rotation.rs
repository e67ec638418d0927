//! Another key for a role: what was told before stays readable, and whoever left reads nothing that is told from then on.

use std::collections::BTreeMap;

use hub::{
    hub::Hub,
    keyring::Keyring,
    random,
    recovery::{Foreign, half::Half},
    store::{accounts::Duty, audit::Actor, reports::BOXES_A_DAY},
};
use hyper::StatusCode;
use records::{
    ids::{BoxId, DeviceId},
    keys::OpeningKey,
    report::{Contents, Report, Role, RoleKey, Route},
    report_box::{Envelope, SLOTS},
    report_envelope::{self, RouteKeys},
};

use crate::{
    browser::{Browser, Page},
    kiosk::Kiosk,
    safeguarding::{Told, WORDS, give, make_key, report, role_keys, unlock},
    school::{PUPILS, School, draft, ks1},
};

const NEW_WORDS: &str = "otter lane marble quiet";

async fn change(browser: &mut Browser, school: &School, one: &str, two: &str, sure: &str) -> Page {
    let token = browser.get(school, "/safeguarding/keys").await.form_token();
    let fields = [("passphrase", one), ("again", two), ("sure", sure), ("form_token", token.as_str())];
    browser.post(school, "/safeguarding/keys", &fields).await
}

#[tokio::test]
async fn a_deputy_who_left_reads_nothing_told_after_the_change_and_the_lead_reads_all_of_it() {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(Some("Maya")))]).await;
    let first = told.listed(Role::Safeguarding).await;
    let mut deputy = Browser::with_duty(&told.school, "deputy", Duty::Holder(Role::Safeguarding)).await;
    give(&mut told.holders[0], &told.school, "/safeguarding/holders", "deputy").await;
    make_key(&mut deputy, &told.school, WORDS, WORDS).await;
    let mut other = Browser::with_duty(&told.school, "second", Duty::Holder(Role::Safeguarding)).await;
    give(&mut told.holders[0], &told.school, "/safeguarding/holders", "second").await;
    make_key(&mut other, &told.school, WORDS, WORDS).await;
    let account = told.school.hub.store.account("deputy").unwrap().unwrap().id;
    let copied = told.school.hub.open_role_key(Role::Safeguarding, account, WORDS).unwrap();
    told.school.pass(60);

    give(&mut told.holders[0], &told.school, "/safeguarding/holders/remove", "deputy").await;
    let due = "has left since it was made, and may still know it";
    assert!(told.page(Role::Safeguarding, "/safeguarding").await.text.contains(due));
    let before = told.keys().to_vec();
    let (school, lead) = (&told.school, &mut told.holders[0]);
    for (one, two, sure, why) in [
        (NEW_WORDS, NEW_WORDS, "", "Nothing was changed"),
        (NEW_WORDS, WORDS, "yes", "The two passphrases differ"),
        ("short", "short", "yes", "too short"),
    ] {
        let page = change(lead, school, one, two, sure).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains(why), "{}", page.text);
    }
    assert_eq!(role_keys(school), before);
    assert_eq!(change(lead, school, NEW_WORDS, NEW_WORDS, "yes").await.leads_to(), "/safeguarding/keys");
    let now = role_keys(school);
    assert!(now[0] != before[0] && now[1..] == before[1..], "kiosks get the new key of this role");
    let page = lead.get(school, "/safeguarding/keys").await.text;
    for part in [
        "14 September 2026 by safeguarding",
        "Give the key to second",
        "You alone hold it",
        "One report or envelope is sealed for it",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Give the key to deputy"), "it was taken from them: {page}");
    assert!(page.contains("never seen since it was paired"), "the kiosk has not fetched it: {page}");
    assert!(!lead.get(school, "/safeguarding").await.text.contains(due));
    // The other holder opens nothing with the earlier key, and is given the new one.
    assert!(other.get(school, "/safeguarding").await.text.contains("Somebody else holds this key"));
    assert_eq!(other.get(school, &first[0]).await.leads_to(), "/safeguarding");
    give(lead, school, "/safeguarding/holders", "second").await;
    make_key(&mut other, school, NEW_WORDS, NEW_WORDS).await;
    assert_eq!(other.get(school, &first[0]).await.status, StatusCode::OK, "what was told before too");

    // A kiosk that has not heard of it, and then one that has.
    told.bring(vec![(Route::Safeguarding, report(Some("Tom")))]).await;
    told.use_keys(now);
    told.bring(vec![(Route::Safeguarding, report(Some("Ivy")))]).await;
    told.school.restart().await;
    assert_eq!(unlock(&mut told.holders[0], &told.school, WORDS).await, StatusCode::UNAUTHORIZED);
    assert_eq!(unlock(&mut told.holders[0], &told.school, NEW_WORDS).await, StatusCode::SEE_OTHER);
    let all = told.listed(Role::Safeguarding).await;
    assert_eq!(all.len(), 3);
    for at in &all {
        assert_eq!(told.page(Role::Safeguarding, at).await.status, StatusCode::OK);
        assert!(unlock(&mut told.holders[1], &told.school, WORDS).await.is_redirection());
        assert_eq!(told.page(Role::Headteacher, at).await.status, StatusCode::OK);
    }
    // Whoever left and copied the key reads what it was for, and no more.
    let store = &told.school.hub.store;
    let readable = store.reports_for(Role::Safeguarding).unwrap();
    let readable = readable.iter().filter(|one| report_envelope::open(&one.bytes, &copied).is_ok()).count();
    assert_eq!(readable, 2, "but not what was told at a kiosk that has the new key");
    let ring = told.school.hub.keyring(Role::Safeguarding, copied).unwrap();
    assert_eq!(ring.keys().count(), 1, "nor does it open the others");
    store.check_audit().unwrap();
}

/// Says on a role's page what is to be said of a lost key.
async fn says(browser: &mut Browser, school: &School, role: Role, what: &str, holder: &str) -> Page {
    let token = browser.get(school, "/safeguarding").await.form_token();
    let fields = [("what", what), ("holder", holder), ("form_token", token.as_str())];
    browser.post(school, &format!("/safeguarding/recovery/{}/lost", role.as_str()), &fields).await
}

#[tokio::test]
async fn the_headteacher_and_the_chair_together_replace_a_lost_key_and_a_passphrase_that_is_remembered_brings_all_back()
 {
    let mut told = Told::begun().await;
    told.bring(vec![(Route::Safeguarding, report(Some("Maya")))]).await;
    let first = told.listed(Role::Safeguarding).await;
    let before = role_keys(&told.school);
    told.school.restart().await;
    let (school, role) = (&told.school, Role::Safeguarding);
    let [lead, head, chair, vice] = &mut told.holders[..] else { panic!("four holders") };
    for stranger in [&mut *lead, &mut *vice] {
        let page = says(stranger, school, role, "ask", "safeguarding").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("say together that a key is lost"), "{}", page.text);
    }
    assert_eq!(
        says(head, school, role, "ask", "chair").await.status,
        StatusCode::BAD_REQUEST,
        "not its holder"
    );
    let asked = says(head, school, role, "ask", "safeguarding").await;
    assert!(asked.text.contains("<strong>headteacher</strong> says that this key is lost"), "{}", asked.text);
    for (other, holder) in [(&mut *head, "safeguarding"), (&mut *vice, "safeguarding"), (&mut *chair, "")] {
        assert_eq!(says(other, school, role, "agree", holder).await.status, StatusCode::BAD_REQUEST);
    }
    assert!(!lead.get(school, "/safeguarding").await.text.contains("let you make another"));
    let agreed = says(chair, school, role, "agree", "safeguarding").await;
    assert!(agreed.text.contains("safeguarding makes a new key now"), "{}", agreed.text);
    assert!(lead.get(school, "/safeguarding").await.text.contains("let you make another"));
    assert_eq!(make_key(lead, school, NEW_WORDS, NEW_WORDS).await.0, StatusCode::SEE_OTHER);
    let now = role_keys(school);
    assert!(now[0] != before[0] && now[1..] == before[1..]);
    assert!(unlock(head, school, WORDS).await.is_redirection());

    assert_eq!(
        told.listed(role).await,
        Vec::<String>::new(),
        "what was sealed for the lost key is not read here"
    );
    assert_eq!(told.listed(Role::Headteacher).await, first, "but by the other role");
    let page = told.page(role, "/safeguarding/keys").await.text;
    assert!(
        page.contains("It was lost, and opens nothing here") && page.contains("You remember the passphrase")
    );
    told.use_keys(now);
    told.bring(vec![(Route::Safeguarding, report(Some("Tom")))]).await;
    assert_eq!(told.listed(role).await.len(), 1);

    // One more change, and the passphrase comes to mind again.
    let (school, lead) = (&told.school, &mut told.holders[0]);
    change(lead, school, NEW_WORDS, NEW_WORDS, "yes").await;
    let token = lead.get(school, "/safeguarding/keys").await.form_token();
    let mut remember = async |words: &str| {
        let fields = [("passphrase", words), ("form_token", token.as_str())];
        lead.post(school, "/safeguarding/keys/remembered", &fields).await.status
    };
    assert_eq!(remember("not these words").await, StatusCode::UNAUTHORIZED);
    assert_eq!(remember(WORDS).await, StatusCode::SEE_OTHER);
    assert_eq!(told.listed(role).await.len(), 2, "all is there again");
    assert!(!told.page(role, "/safeguarding/keys").await.text.contains("It was lost"));
    told.school.hub.store.check_audit().unwrap();
}

/// What a kiosk keeps until it comes to the hub: boxes that are closed, sealed for the keys that it knows.
struct Simulated {
    device: DeviceId,
    keys: Vec<RoleKey>,
    boxes: Vec<(BoxId, Vec<(Route, Envelope)>)>,
}

impl Simulated {
    /// A child tells; the box is closed.
    fn tell(&mut self, route: Route, report: Report) {
        let mut contents = Some(Contents::Report(Box::new(report)));
        let seal = |of: Route| {
            let what = if of == route { contents.take() } else { None };
            let to = RouteKeys::of(of, &self.keys).unwrap();
            (of, report_envelope::seal(&what.unwrap_or(Contents::Decoy), &to, &mut random::system()).unwrap())
        };
        let envelopes = SLOTS.into_iter().map(seal).collect();
        self.boxes.push((BoxId::from_bytes(random::bytes()), envelopes));
    }
    /// Brings some of its boxes, in whatever order, and then fetches what is new: as real kiosks do.
    fn sync(&mut self, school: &School, most: usize) {
        for _ in 0..most.min(self.boxes.len()) {
            let (id, envelopes) = self.boxes.swap_remove(0);
            school
                .hub
                .store
                .take_box(self.device, id, &envelopes, None, BOXES_A_DAY, school.hub.now())
                .unwrap();
        }
        self.keys = role_keys(school);
    }
}

/// Somebody who left, with all that they could have copied.
struct Gone {
    role: Role,
    ring: Vec<OpeningKey>,
    account: i64,
    halves: Option<[Half; 2]>,
}

/// A history by chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most
    }
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn account(hub: &Hub, name: &str, role: Role) -> i64 {
    hub.store.add_account(name, "x", Duty::Holder(role), Actor::CommandLine, hub.now()).unwrap();
    hub.store.account(name).unwrap().unwrap().id
}

fn copy(key: &OpeningKey) -> OpeningKey {
    OpeningKey::from_bytes(&key.to_bytes()).unwrap()
}

/// Who holds each role now, with the key as it is in their hands.
struct Holder {
    account: i64,
    key: OpeningKey,
    halves: Option<[Half; 2]>,
}

#[tokio::test]
async fn whatever_the_order_of_changes_boxes_and_openings_no_report_is_lost_and_nobody_who_left_reads_a_later_one()
 {
    for seed in 1..=4 {
        history(seed).await;
    }
}

async fn history(seed: u64) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let hub = &school.hub;
    let mut chance = Chance(seed);
    let mut holders: BTreeMap<Role, Holder> = BTreeMap::new();
    for role in Role::ALL {
        let account = account(hub, role.as_str(), role);
        let key = hub.make_role_key(role, account, WORDS).unwrap();
        holders.insert(role, Holder { account, key, halves: None });
    }
    let mut kiosks = Vec::new();
    for _ in 0..2 {
        let device = Kiosk::paired(&school).await.identity.device;
        kiosks.push(Simulated { device, keys: role_keys(&school), boxes: Vec::new() });
    }
    let mut gone: Vec<Gone> = Vec::new();
    // What was told, with the keys that it was sealed for.
    let mut told: Vec<(String, Route, Vec<RoleKey>)> = Vec::new();
    let mut changes = 0;
    for step in 0..70 {
        school.pass(60);
        let role = chance.of(&Role::ALL);
        let route = chance.of(&Route::ALL);
        let mut next = report(None);
        next.words = Some(format!("report {step} of {seed}"));
        let words = next.words.clone().unwrap();
        let ring = |role: Role, holders: &BTreeMap<Role, Holder>| {
            hub.keyring(role, copy(&holders[&role].key)).unwrap()
        };
        match chance.below(10) {
            0..=2 => {
                let kiosk = &mut kiosks[chance.below(2)];
                told.push((words, route, kiosk.keys.clone()));
                kiosk.tell(route, next);
            }
            3 => {
                hub.keep_web_report(route, &Contents::Report(Box::new(next))).unwrap();
                told.push((words, route, role_keys(&school)));
            }
            4 | 5 => {
                let most = chance.below(3);
                kiosks[chance.below(2)].sync(&school, most);
            }
            6 | 7 => {
                hub.open_box(&ring(role, &holders), holders[&role].account, chance.below(2) == 0).unwrap();
            }
            8 if changes < 5 => {
                // The holder leaves: somebody else is given the key, takes the copy, and changes the key.
                changes += 1;
                let heir = account(hub, &format!("heir{step}"), role);
                let before = ring(role, &holders);
                hub.share_role_key(role, before.current(), heir, WORDS).unwrap();
                let leaver = holders.remove(&role).unwrap();
                hub.store.remove_holder(role, leaver.account, heir, hub.now()).unwrap();
                let key = hub.change_role_key(&before, heir, NEW_WORDS).unwrap();
                holders.insert(role, Holder { account: heir, key, halves: None });
                let known = before.keys().map(copy).collect();
                gone.push(Gone { role, ring: known, account: leaver.account, halves: leaver.halves });
            }
            _ => {
                // A sheet is made, and at once the key is got back with it.
                let holder = holders.get_mut(&role).unwrap();
                let sheet = hub.draw_sheet(role, &holder.key, holder.account).unwrap();
                let in_force = hub.store.sheet(role).unwrap().map(|sheet| sheet.number);
                assert!(hub.store.keep_sheet(&sheet.stored, in_force).unwrap());
                let kept = hub.sheet_of(&sheet.halves[0], role).unwrap().unwrap();
                holder.key = hub.opened_by(&kept, &sheet.halves[1], &sheet.halves[0]).unwrap();
                holder.halves = Some(sheet.halves);
            }
        }
    }
    for kiosk in &mut kiosks {
        kiosk.sync(&school, usize::MAX);
    }
    // Whoever opens theirs deliberately closes the box of the form on the web, and the others look once more.
    for deliberate in [true, false] {
        for role in Role::ALL {
            let holder = &holders[&role];
            let ring = hub.keyring(role, copy(&holder.key)).unwrap();
            assert_eq!(hub.open_box(&ring, holder.account, deliberate).unwrap(), 0);
        }
    }

    let read = |role: Role| -> Vec<(Route, String, Vec<u8>)> {
        let ring = hub.keyring(role, copy(&holders[&role].key)).unwrap();
        let opened = hub.store.reports_for(role).unwrap().into_iter().filter_map(|found| {
            let (contents, _) = ring.open(&found.bytes).ok()?;
            let Contents::Report(report) = contents else { return None };
            Some((found.route, report.words.clone().unwrap(), found.bytes))
        });
        opened.collect()
    };
    for role in Role::ALL {
        let read = read(role);
        let wanted = told.iter().filter(|one| role.reads(one.1)).count();
        assert_eq!(read.len(), wanted, "seed {seed}: {role:?} reads all that it was told, each once");
        for (words, route, keys) in told.iter().filter(|one| role.reads(one.1)) {
            let found =
                read.iter().find(|one| one.1 == *words).unwrap_or_else(|| panic!("seed {seed}: {words}"));
            assert_eq!(found.0, *route);
            let sealed_for = keys.iter().find(|key| key.role == role).unwrap().key;
            for leaver in gone.iter().filter(|one| one.role == role) {
                let knew = leaver.ring.iter().any(|key| key.seal_key() == sealed_for);
                let reads = leaver.ring.iter().any(|key| report_envelope::open(&found.2, key).is_ok());
                assert_eq!(reads, knew, "seed {seed}: {words}, for whoever left");
            }
        }
        assert!(hub.store.sealed_for(role).unwrap().is_empty(), "seed {seed}: and nothing waits");
    }
    assert!(told.len() > 10 && !gone.is_empty(), "seed {seed}: enough has happened");
    // With the whole database, what they copied opens nothing that was made since.
    for leaver in &gone {
        for earlier in hub.store.earlier_keys(leaver.role).unwrap() {
            let purpose = format!("signpost earlier role key 1 {}", leaver.role.as_str());
            let (_, sealed) = earlier.sealed.as_ref().unwrap();
            let opens = |key: &OpeningKey| key.open(&purpose, earlier.public.as_bytes(), sealed).is_ok();
            assert!(!leaver.ring.iter().any(opens));
        }
        for words in [WORDS, NEW_WORDS] {
            assert!(hub.open_role_key(leaver.role, leaver.account, words).is_err());
        }
        for half in leaver.halves.iter().flatten() {
            assert!(matches!(hub.sheet_of(half, leaver.role).unwrap(), Err(Foreign::Void(..))));
        }
        let ring = hub.keyring(leaver.role, copy(&leaver.ring[0])).unwrap();
        assert_eq!(ring.keys().count(), 1, "nor any other");
    }
    hub.store.check_audit().unwrap();
    let nobody = Keyring::of(Role::Chair, OpeningKey::generate(&mut random::system()));
    assert_eq!(
        hub.open_box(&nobody, holders[&Role::Chair].account, false).unwrap(),
        0,
        "the control: finds nothing"
    );
}
