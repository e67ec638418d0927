//! A kiosk's file from a USB stick: taken whole or not at all, by the rules of the wire.

use std::fs;

use hub::{
    random,
    stick::{self, GiveError, TakeError},
    store::{audit::Actor, reports::BOXES_A_DAY},
};
use hyper::StatusCode;
use records::{
    day::Moment,
    envelope::NamedRecord,
    keys::{OpeningKey, SigningKey},
    pack::Pack,
    receipt::Receipt,
    report::Route,
    roster::Roster,
    stick::{Carry, Greeting, Return, StickError},
    sync::{Batch, Hello, Numbered, Outcome, Place},
};

use crate::{
    answers::{answering_school, give, named},
    browser::{Browser, Page},
    kiosk::Kiosk,
    program::{Program, text},
    safeguarding::{Told, report},
    school::{PUPILS, School, draft, ks1, year},
};

/// What a kiosk does with sticks.
struct Sticks {
    kiosk: Kiosk,
    opening: OpeningKey,
    number: u64,
    taken: u64,
    clock: i64,
    pack: Option<u64>,
    roster: Option<u64>,
    records: Vec<Numbered>,
    boxes: Vec<Vec<u8>>,
}

impl Sticks {
    fn of(kiosk: Kiosk) -> Self {
        let opening = OpeningKey::generate(&mut random::system());
        Self {
            kiosk,
            opening,
            number: 0,
            taken: 0,
            clock: 1,
            pack: None,
            roster: None,
            records: Vec::new(),
            boxes: Vec::new(),
        }
    }
    fn add(&mut self, record: &NamedRecord) {
        let envelope = self.kiosk.seal(record).into();
        self.kiosk.sequence += 1;
        let place = Place { epoch: self.kiosk.epoch, sequence: self.kiosk.sequence };
        self.records.push(Numbered { place, envelope });
    }
    fn sign(&mut self, school: &School, name: &str) {
        let people = school.hub.store.people().unwrap();
        let person = people.iter().find(|p| p.surname == name).unwrap().id;
        let signature = self.kiosk.signature(person, &ks1("3.0"), school.hub.now());
        self.add(&NamedRecord::Signature(signature));
    }
    fn carry(&mut self) -> Carry {
        self.number += 1;
        self.clock += 1;
        let hello = Hello {
            waiting: self.records.len() as u64,
            pack: self.pack,
            roster: self.roster,
            clock: Moment(self.clock),
            ..self.kiosk.greeting()
        };
        let device = self.kiosk.identity.device;
        Carry {
            number: self.number,
            made: Moment(self.clock),
            greeting: Greeting { hello, taken: self.taken, seal: self.opening.seal_key() },
            batches: self.records.chunks(500).map(|part| Batch { device, records: part.to_vec() }).collect(),
            boxes: self.boxes.clone(),
        }
    }
    fn written(&mut self) -> Vec<u8> {
        let carry = self.carry();
        self.signed(&carry)
    }
    fn signed(&self, carry: &Carry) -> Vec<u8> {
        carry.sign(self.kiosk.hub.as_ref().unwrap().school, &self.kiosk.key)
    }
    fn open(&self, bytes: &[u8]) -> Result<Return, StickError> {
        let hub = self.kiosk.hub.as_ref().unwrap();
        Return::open(bytes, self.kiosk.identity.device, &hub.key, hub.school, &self.opening, Some(self.taken))
    }
    /// Takes what the hub gives, as a kiosk does.
    fn bring_back(&mut self, school: &School) -> Return {
        let given = stick::give(&school.hub, self.kiosk.identity.device, Actor::CommandLine).unwrap();
        let back = self.open(&given.bytes).unwrap();
        self.taken = back.number;
        if back.answer.shown == self.kiosk.token {
            self.kiosk.token = Some(back.answer.token);
        }
        let key = self.kiosk.hub.as_ref().unwrap().key;
        if let Some(pack) = &back.pack {
            self.pack = self.pack.max(Some(Pack::open(pack, &key, None).unwrap().number));
        }
        if let Some(roster) = &back.roster {
            self.roster = self.roster.max(Some(Roster::open(roster, &key, None).unwrap().number));
        }
        back
    }
}

async fn begun() -> (School, Sticks) {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let kiosk = Kiosk::paired(&school).await;
    (school, Sticks::of(kiosk))
}

fn take(school: &School, bytes: &[u8]) -> Result<stick::Taken, TakeError> {
    stick::take(&school.hub, bytes, Actor::CommandLine)
}

fn signed(school: &School) -> usize {
    school.hub.store.register(&ks1("3.0"), &year()).unwrap().signed()
}

#[tokio::test]
async fn what_a_kiosk_took_without_a_network_is_in_the_register_and_its_answer_goes_back() {
    let (school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    sticks.sign(&school, "Khan");
    let came = take(&school, &sticks.written()).unwrap().came;
    assert_eq!((came.records, came.fresh, came.aside), (2, 2, 0));
    assert_eq!(signed(&school), 2);
    let back = sticks.bring_back(&school);
    assert!(back.answer.outcomes.iter().all(|o| o.outcome == Outcome::Stored));
    assert_eq!((sticks.pack, sticks.roster.is_some()), (Some(1), true), "what is newer comes with it");
    // Read twice, and with more: each record is there once.
    sticks.sign(&school, "Osei");
    let next = sticks.written();
    let came = take(&school, &next).unwrap().came;
    assert_eq!((came.records, came.fresh), (3, 1));
    assert_eq!(take(&school, &next).unwrap().came.fresh, 0);
    assert_eq!(signed(&school), 3);
    let back = sticks.bring_back(&school);
    assert_eq!((&back.pack, back.answer.epoch), (&None, 1), "the kiosk has the newest; no copy is about");
    let kiosk = school.hub.store.kiosks().unwrap().remove(0);
    assert_eq!((kiosk.waiting, kiosk.missing, kiosk.seen), (Some(0), 0, None));
    assert!(kiosk.by_stick.is_some());
    school.hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn every_truncation_and_every_changed_byte_is_refused_with_nothing_taken() {
    let (school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    let bytes = sticks.written();
    let before = school.hub.store.last_entry().unwrap();
    for end in 0..bytes.len() {
        assert!(matches!(take(&school, &bytes[..end]), Err(TakeError::File(_))), "cut after {end}");
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        let refused = take(&school, &changed);
        assert!(matches!(refused, Err(TakeError::File(_) | TakeError::NotPaired)), "{at}: {refused:?}");
    }
    assert_eq!(school.hub.store.last_entry().unwrap(), before, "not even a note was made");
    assert_eq!(take(&school, &bytes).unwrap().came.fresh, 1, "whole, it is taken");
}

#[tokio::test]
async fn a_forged_stick_a_foreign_kiosk_and_a_damaged_box_are_refused_with_nothing_taken() {
    let (school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    let carry = sticks.carry();
    let hub = sticks.kiosk.hub.clone().unwrap();
    let stranger = SigningKey::generate(&mut random::system());
    assert!(matches!(take(&school, &carry.sign(hub.school, &stranger)), Err(TakeError::File(_))));
    let elsewhere = carry.sign(records::ids::SchoolId::from_bytes([9; 16]), &sticks.kiosk.key);
    assert!(matches!(take(&school, &elsewhere), Err(TakeError::File(StickError::OtherSchool))));
    let mut foreign = Sticks::of(Kiosk::new("Elsewhere"));
    foreign.kiosk.hub = Some(hub.clone());
    foreign.sign(&school, "Lowe");
    assert!(matches!(take(&school, &foreign.written()), Err(TakeError::NotPaired)));
    // Another paired kiosk's file, signed by this one.
    let mut other = Sticks::of(Kiosk::paired(&school).await);
    other.sign(&school, "Khan");
    let posing = other.carry().sign(hub.school, &sticks.kiosk.key);
    assert!(matches!(take(&school, &posing), Err(TakeError::File(_))));
    // Signed by the kiosk itself, with a box in it that is none: the records beside it are not taken either.
    sticks.boxes.push(b"no box".to_vec());
    let bad = sticks.written();
    assert!(matches!(take(&school, &bad), Err(TakeError::Box(_))));
    assert_eq!((signed(&school), school.hub.store.record_count().unwrap()), (0, 0));
    assert!(matches!(
        stick::give(&school.hub, sticks.kiosk.identity.device, Actor::CommandLine),
        Err(GiveError::NothingCame)
    ));
}

#[tokio::test]
async fn what_children_are_answered_goes_by_stick_and_to_no_kiosk_that_was_struck_off() {
    let school = answering_school().await;
    school.import(PUPILS);
    let mut sticks = Sticks::of(Kiosk::paired(&school).await);
    let receipt = Receipt::drawn(&[3; 16]);
    give(&school, Route::Safeguarding, &receipt, "stop");
    school.pass(3 * 24 * 60 * 60);
    take(&school, &sticks.written()).unwrap();
    let sheet = sticks.bring_back(&school).children.unwrap();
    assert_eq!(sheet.look(&receipt), named("stop"));
    assert_eq!(Some(sheet), school.hub.answer_sheet().unwrap(), "as by wire on the same day");
    let device = sticks.kiosk.identity.device;
    assert!(school.hub.store.strike_off(device, Actor::CommandLine, school.hub.now()).unwrap());
    take(&school, &sticks.written()).unwrap();
    assert_eq!(sticks.bring_back(&school).children, None);

    let (silent, mut sticks) = begun().await;
    take(&silent, &sticks.written()).unwrap();
    assert_eq!(sticks.bring_back(&silent).children, None, "a school that answers nobody");
}

#[tokio::test]
async fn from_a_kiosk_that_was_struck_off_nothing_is_taken_and_its_file_says_so() {
    let (school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    let device = sticks.kiosk.identity.device;
    school.hub.store.strike_off(device, Actor::CommandLine, school.hub.now()).unwrap();
    let taken = take(&school, &sticks.written()).unwrap();
    assert_eq!(taken.came.records, 0);
    let back = sticks.bring_back(&school);
    assert!(back.answer.struck_off && back.pack.is_none() && back.roster.is_none());
    assert!(back.answer.outcomes.is_empty());
    assert_eq!(signed(&school), 0);
}

#[tokio::test]
async fn a_stick_uses_no_token_up_and_wire_and_stick_go_on_beside_each_other() {
    let (school, mut sticks) = begun().await;
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 1);
    sticks.sign(&school, "Lowe");
    let late = sticks.written();
    // The wire goes on while the stick is on its way, and after.
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 1);
    take(&school, &late).unwrap();
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 1, "the stick has used nothing up");
    let by_wire = sticks.kiosk.token;
    sticks.bring_back(&school);
    assert_eq!(sticks.kiosk.token, by_wire, "the wire has spoken since: its token stays");
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 1);
    // And a token that came by stick is good by wire.
    take(&school, &sticks.written()).unwrap();
    let before = sticks.kiosk.token;
    sticks.bring_back(&school);
    assert_ne!(sticks.kiosk.token, before);
    let copy = before;
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 1);
    // A copy of the kiosk from before that stick is known by its token.
    sticks.kiosk.token = copy;
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 2, "a copy is about");
    assert_eq!(signed(&school), 1);
}

#[tokio::test]
async fn a_copy_of_a_kiosk_is_known_by_a_number_that_comes_with_other_bytes() {
    let (school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    take(&school, &sticks.written()).unwrap();
    assert_eq!(sticks.bring_back(&school).answer.epoch, 1);
    // Put back from a copy of its disk: it gives number 1 out again. That alone gives it away here: its record has a place
    // of its own.
    let mut copy = Sticks { number: 0, records: Vec::new(), taken: 0, ..sticks };
    copy.sign(&school, "Khan");
    take(&school, &copy.written()).unwrap();
    assert_eq!(copy.bring_back(&school).answer.epoch, 2, "it is ordered to begin another epoch");
    assert_eq!(signed(&school), 2, "and what it took is here all the same");
}

#[tokio::test]
async fn two_records_at_one_place_betray_a_copy_too() {
    let (school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    take(&school, &sticks.written()).unwrap();
    let mut copy = Sticks { records: Vec::new(), ..sticks };
    copy.kiosk.sequence = 0;
    copy.sign(&school, "Khan");
    take(&school, &copy.written()).unwrap();
    assert_eq!(copy.bring_back(&school).answer.epoch, 2);
    copy.kiosk.epoch = 2;
    copy.kiosk.sequence = 0;
    copy.sign(&school, "Osei");
    take(&school, &copy.written()).unwrap();
    assert_eq!(copy.bring_back(&school).answer.epoch, 2, "once is enough");
    assert_eq!(signed(&school), 3);
}

#[tokio::test]
async fn a_hub_that_was_put_back_is_given_again_what_it_lost_and_its_files_are_newer_than_the_lost_ones() {
    let (mut school, mut sticks) = begun().await;
    sticks.sign(&school, "Lowe");
    take(&school, &sticks.written()).unwrap();
    sticks.bring_back(&school);
    let backup = school.back_up().await;
    sticks.sign(&school, "Khan");
    take(&school, &sticks.written()).unwrap();
    for _ in 0..3 {
        sticks.bring_back(&school);
    }
    let lost = sticks.kiosk.token;
    school.put_back(&backup).await;
    assert_eq!(signed(&school), 1, "the backup knows of one");
    take(&school, &sticks.written()).unwrap();
    assert_eq!(signed(&school), 2, "the kiosk still kept it, and brought it again");
    let back = sticks.bring_back(&school);
    assert_eq!(back.answer.shown, lost);
    // By wire it would be known too: the token of a lost file is none.
    sticks.kiosk.token = lost;
    assert_eq!(sticks.kiosk.hello(&school).await.unwrap().epoch, 2);
}

#[tokio::test]
async fn records_that_backups_hold_are_told_so_by_stick() {
    let (school, mut sticks) = begun().await;
    let stick_for_backups = school.dir.path().join("backups");
    fs::create_dir(&stick_for_backups).unwrap();
    sticks.sign(&school, "Lowe");
    take(&school, &sticks.written()).unwrap();
    assert_eq!(sticks.bring_back(&school).answer.backed_up, None);
    for _ in 0..2 {
        hub::backup::make::make(&school.hub, &stick_for_backups, Actor::CommandLine).unwrap();
        school.pass(60);
    }
    sticks.sign(&school, "Khan");
    take(&school, &sticks.written()).unwrap();
    let back = sticks.bring_back(&school);
    let held = back.answer.outcomes.iter().filter(|o| Some(o.place) <= back.answer.backed_up).count();
    assert_eq!((held, back.answer.outcomes.len()), (1, 2), "Tom's is in both backups, Ivy's in none");
}

#[tokio::test]
async fn a_summer_of_report_boxes_comes_on_one_stick_and_the_office_is_not_told_of_any_report() {
    let told = Told::begun().await;
    let Told { school, kiosk, keys, mut holders } = told;
    let mut sticks = Sticks::of(kiosk);
    let many = usize::try_from(BOXES_A_DAY).unwrap() + 5;
    for n in 0..many {
        let reports = if n == 7 { vec![(Route::Safeguarding, report(Some("Ivy")))] } else { Vec::new() };
        sticks.boxes.push(sticks.kiosk.report_box(&keys, reports));
    }
    let bytes = sticks.written();
    let came = take(&school, &bytes).unwrap().came;
    assert_eq!((came.boxes, came.boxes_later), (many as u64, 0));
    assert_eq!(sticks.bring_back(&school).answer.boxes.len(), many);
    let mut office = Browser::signed_in(&school).await;
    let page = office.get(&school, "/kiosks/stick").await.text;
    assert!(page.contains(&format!("{many} sealed boxes")), "{page}");
    assert!(!page.to_lowercase().contains("report"), "the office's pages do not even name them");
    assert_eq!(
        crate::safeguarding::unlock(&mut holders[0], &school, crate::safeguarding::WORDS).await,
        StatusCode::SEE_OTHER
    );
    let desk = holders[0].get(&school, "/safeguarding").await.text;
    assert_eq!(desk.matches("href=\"/safeguarding/report/").count(), 1, "{desk}");
    assert_eq!(take(&school, &bytes).unwrap().came.boxes, many as u64, "twice changes nothing");
}

/// A form with files in it, as browsers send it.
fn form(token: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let head = |about: &str| format!("--between\r\nContent-Disposition: form-data; {about}\r\n\r\n");
    let mut body = head("name=\"form_token\"").into_bytes();
    body.extend_from_slice(token.as_bytes());
    for (name, bytes) in files {
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(head(&format!("name=\"file\"; filename=\"{name}\"")).as_bytes());
        body.extend_from_slice(bytes);
    }
    body.extend_from_slice(b"\r\n--between--\r\n");
    body
}

async fn bring(office: &mut Browser, school: &School, files: &[(&str, &[u8])]) -> Page {
    let token = office.get(school, "/kiosks/stick").await.form_token();
    let kind = "multipart/form-data; boundary=between";
    office.post_bytes(school, "/kiosks/stick", kind, form(&token, files)).await
}

#[tokio::test]
async fn the_office_takes_several_files_and_saves_what_goes_back() {
    let (school, mut oak) = begun().await;
    let mut maple = Sticks::of(Kiosk::paired(&school).await);
    oak.sign(&school, "Lowe");
    let early = oak.written();
    oak.sign(&school, "Khan");
    let (late, other) = (oak.written(), maple.written());
    let mut office = Browser::signed_in(&school).await;
    assert!(office.get(&school, "/kiosks").await.text.contains("/kiosks/stick"));
    // The newer one first: it is the one that is answered all the same.
    let page = bring(&mut office, &school, &[("a", &late), ("b", &other), ("c", &early)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("1 new signature or answer."), "{}", page.text);
    assert!(page.text.contains("nothing waited"), "{}", page.text);
    assert_eq!(signed(&school), 2);
    let torn = bring(&mut office, &school, &[("from-oak.signpost", &late[..late.len() - 1])]).await;
    assert_eq!(torn.status, StatusCode::BAD_REQUEST);
    assert!(
        torn.text.contains("Nothing of this file was taken") && torn.text.contains("damaged"),
        "{}",
        torn.text
    );
    let none = bring(&mut office, &school, &[]).await;
    assert!(none.status == StatusCode::BAD_REQUEST && none.text.contains("Choose a file"), "{}", none.text);
    let path = format!("/kiosks/stick/{}", oak.kiosk.identity.device);
    let refused = office.post(&school, &path, &[("form_token", "")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let token = office.get(&school, "/kiosks/stick").await.form_token();
    let given = office.post(&school, &path, &[("form_token", &token)]).await;
    let name = given.headers["content-disposition"].to_str().unwrap();
    assert!(name.contains("to-oak-classroom-") && name.contains(".signpost"), "{name}");
    let shown = office.get(&school, "/kiosks/stick").await.text;
    assert!(shown.contains("Last saved"), "{shown}");
    assert_eq!(oak.bring_back(&school).answer.carry, 2);
    let unknown = office.post(&school, "/kiosks/stick/77", &[("form_token", &token)]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_makes_the_hub_read_a_large_file() {
    let (school, _) = begun().await;
    let mut stranger = Browser::default();
    stranger.cookies.insert("__Host-signpost".into(), "made-up".into());
    let kind = "multipart/form-data; boundary=between";
    let page = stranger.post_bytes(&school, "/kiosks/stick", kind, form("x", &[("a", &[0; 100])])).await;
    assert_eq!(page.leads_to(), "/sign-in");
}

#[tokio::test]
async fn the_technician_does_both_on_the_stick_with_one_command() {
    let (program, _) = Program::made();
    let pack = crate::program::write(&program.path("pack"), draft(vec![ks1("3.0")]).write());
    program.good(&["publish", &pack]);
    let list = crate::program::write(&program.path("pupils.csv"), PUPILS);
    program.good(&["roster", "import", &list]);
    let running = program.serve();
    let code = program.good(&["pair"]);
    let code = crate::program::value(&code, "code").parse().unwrap();
    let mut kiosk = Kiosk::new("Oak classroom");
    kiosk.pair(running.kiosks, &code).await.unwrap();
    let mut sticks = Sticks::of(kiosk);
    sticks.add(&NamedRecord::Undo(records::signature::Undo {
        id: records::ids::RecordId::from_bytes(random::bytes()),
        withdraws: records::ids::RecordId::from_bytes(random::bytes()),
        reason: "wrong-child".parse().unwrap(),
        when: Moment(1),
        device: sticks.kiosk.identity.device,
    }));
    let stick = program.path("stick");
    fs::create_dir(&stick).unwrap();
    let at = stick.display().to_string();
    let empty = program.refused(&["stick", "--in", &at]);
    assert!(empty.contains("no file of a kiosk"), "{empty}");
    let missing = program.refused(&["stick", "--in", &format!("{at}-pulled-out")]);
    assert!(missing.contains("Look whether the stick is in"), "{missing}");
    let room = stick.join("Signpost");
    fs::create_dir(&room).unwrap();
    fs::write(room.join("from-oak.signpost"), sticks.written()).unwrap();
    let told = program.good(&["stick", "--in", &at]);
    assert!(told.contains("Oak classroom: 1 records, 1 of them new"), "{told}");
    let back = fs::read_dir(&room).unwrap().map(|e| e.unwrap().path());
    let back = back.filter(|p| p.file_name().unwrap().to_str().unwrap().starts_with("to-oak-classroom-"));
    let [back] = &back.collect::<Vec<_>>()[..] else { panic!("one file for the kiosk") };
    let opened = sticks.open(&fs::read(back).unwrap()).unwrap();
    assert!(opened.pack.is_some() && opened.answer.outcomes.len() == 1);
    // A torn file beside a good one keeps nobody from the good one.
    fs::write(room.join("from-torn.signpost"), b"torn").unwrap();
    let output = program.run(&["stick", "--in", &at]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("1 records, 0 of them new"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("from-torn.signpost: refused"), "{}", text(&output.stderr));
}
