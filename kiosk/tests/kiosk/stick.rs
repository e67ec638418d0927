//! A USB stick: what goes onto it, and what an answer from it does here.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use kiosk::{
    folder::{Device, Folder},
    machine::{Event, StickTrouble},
    stick::{self, StickFault, Where},
    storage::{Storage, Store},
};
use records::{
    day::Moment,
    ids::{BoxId, RecordId},
    keys::{OpeningKey, SigningKey},
    receipt::Receipt,
    report::{Contents, Report, Role, Route},
    report_box, report_envelope,
    stick::{Answer, Carry, Return},
    sync::{Outcome, Place, RecordOutcome, SyncToken},
};
use tempfile::TempDir;

use crate::{
    answers,
    disk::signature,
    school::{Hub, school},
};

fn report() -> Report {
    Report {
        day: "2026-09-21".parse().unwrap(),
        feeling: None,
        happened: vec!["asked-for-picture".parse().unwrap()],
        place: None,
        about: None,
        talk_with: Some("Ivy".into()),
        words: None,
        receipt: Vec::new(),
        language: "en-GB".parse().unwrap(),
    }
}

/// Every file of the data folder, but for the index of the outbox, which is memory that is mapped.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
                all.insert(entry.path(), fs::read(entry.path()).unwrap());
            }
        }
    }
    all
}

/// A kiosk with some signatures, and what the far end needs to answer it.
struct Room {
    hub: Hub,
    folder: Folder,
    _data: TempDir,
}

impl Room {
    fn new() -> Self {
        let (data, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.kiosk(data.path());
        Self { hub, folder, _data: data }
    }
    fn telling() -> Self {
        let (data, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.telling_kiosk(data.path());
        Self { hub, folder, _data: data }
    }
    fn open(&self) -> Store {
        Store::open(self.folder.clone()).unwrap().0
    }
    fn device(&self) -> Device {
        Device::read(&self.folder).unwrap().unwrap()
    }
    /// As the hub reads it.
    fn read(&self, bytes: &[u8]) -> Carry {
        let device = self.device();
        assert_eq!(Carry::claims(bytes).unwrap(), device.id());
        Carry::open(bytes, device.id(), &device.verify_key(), school()).unwrap()
    }
    fn sign(&self, back: &Return, carry: &Carry) -> Vec<u8> {
        back.sign(school(), &self.hub.key, &carry.greeting.seal, &mut kiosk::storage::random()).unwrap()
    }
}

/// An answer that says that the hub has all of a carry.
fn answer(carry: &Carry, token: u8, backed_up: Option<Place>) -> Answer {
    let records = carry.batches.iter().flat_map(|batch| &batch.records);
    let outcomes = records.map(|numbered| {
        let envelope = records::envelope::NamedEnvelope::from_bytes(&numbered.envelope).unwrap();
        RecordOutcome { place: numbered.place, id: Some(envelope.id), outcome: Outcome::Stored }
    });
    Answer {
        device: carry.greeting.hello.device,
        carry: carry.number,
        shown: carry.greeting.hello.token,
        token: SyncToken([token; 16]),
        epoch: carry.greeting.hello.epoch,
        outcomes: outcomes.collect(),
        boxes: carry.boxes.iter().map(|sealed| report_box::id(sealed).unwrap()).collect(),
        backed_up,
        clock: kiosk::storage::wall_clock(),
        struck_off: false,
    }
}

fn back(number: u64, answer: Answer) -> Return {
    Return { number, made: Moment(1_790_000_100), answer, pack: None, roster: None, children: None }
}

fn packed(store: &mut Store) -> Vec<u8> {
    stick::pack_up(store).unwrap().bytes
}

fn waiting(store: &mut Store) -> (u64, u64) {
    let counts = store.outbox().counts().unwrap();
    (counts.waiting, counts.acknowledged)
}

#[test]
fn all_that_is_kept_goes_onto_the_stick_and_nothing_leaves_the_kiosk() {
    let room = Room::new();
    let mut store = room.open();
    for n in 1..=3 {
        store.save(signature(n)).unwrap();
    }
    let first = room.read(&packed(&mut store));
    assert_eq!(waiting(&mut store), (3, 0));
    assert_eq!((first.number, first.batches.len(), first.batches[0].records.len()), (1, 1, 3));
    assert_eq!((first.greeting.hello.waiting, first.greeting.taken), (3, 0));
    // Also what was acknowledged, as long as no backup of the hub is known to hold it.
    let bytes = room.sign(&back(1, answer(&first, 7, None)), &first);
    let brought = stick::take_back(&mut store, &bytes).unwrap();
    assert_eq!(brought.records.unwrap().acknowledged, 3);
    assert_eq!(waiting(&mut store), (0, 3));
    store.save(signature(4)).unwrap();
    let second = room.read(&packed(&mut store));
    assert_eq!((second.number, second.batches[0].records.len()), (2, 4));
    assert_eq!(second.greeting.hello.token, Some(SyncToken([7; 16])));
    assert_eq!(second.greeting.taken, 1);
    assert_eq!(waiting(&mut store), (1, 3));
}

#[test]
fn only_what_an_answer_names_and_backups_hold_is_let_go() {
    let room = Room::new();
    let mut store = room.open();
    for n in 1..=3 {
        store.save(signature(n)).unwrap();
    }
    let carry = room.read(&packed(&mut store));
    // Taken after the stick was, and by then acknowledged in another way under an earlier place.
    store.save(signature(4)).unwrap();
    let late = store.outbox().batch(500).unwrap()[3].place;
    let by_wire =
        RecordOutcome { place: late, id: Some(RecordId::from_bytes([4; 16])), outcome: Outcome::Stored };
    store.outbox().acknowledge(&[by_wire], kiosk::storage::wall_clock()).unwrap();
    let claims_all = Some(Place { epoch: 9, sequence: 9 });
    let some = Some(carry.batches[0].records[1].place);
    let bytes = room.sign(&back(1, answer(&carry, 7, some)), &carry);
    let taken = stick::take_back(&mut store, &bytes).unwrap().records.unwrap();
    assert_eq!((taken.acknowledged, taken.let_go), (3, 2));
    assert_eq!(waiting(&mut store), (0, 2));
    let carry = room.read(&packed(&mut store));
    let mut named = answer(&carry, 8, claims_all);
    named.outcomes.retain(|outcome| outcome.place != late);
    let bytes = room.sign(&back(2, named), &carry);
    assert_eq!(stick::take_back(&mut store, &bytes).unwrap().records.unwrap().let_go, 1);
    let ids = store.outbox().ids().unwrap();
    assert_eq!(ids, [RecordId::from_bytes([4; 16])], "an answer lets nothing go that it does not name");
}

#[test]
fn an_answer_says_nothing_of_records_once_the_wire_has_spoken_and_still_brings_what_is_newer() {
    let room = Room::new();
    let mut store = room.open();
    store.save(signature(1)).unwrap();
    let carry = room.read(&packed(&mut store));
    store.greeted(SyncToken([40; 16]), 1).unwrap();
    let everything = Some(Place { epoch: 9, sequence: 9 });
    let held = store.held();
    let newer = Return {
        pack: Some(room.hub.pack(held.0.unwrap() + 1)),
        roster: Some(room.hub.roster(held.1.unwrap() + 1)),
        ..back(1, answer(&carry, 7, everything))
    };
    let brought = stick::take_back(&mut store, &room.sign(&newer, &carry)).unwrap();
    assert_eq!(brought.records, None);
    assert_eq!(waiting(&mut store), (1, 0), "it still waits, and goes by wire or with the next stick");
    assert_eq!(store.outbox().token().unwrap(), Some(SyncToken([40; 16])), "the wire's token stays good");
    assert_eq!((brought.pack, brought.roster), (Some(held.0.unwrap() + 1), Some(held.1.unwrap() + 1)));
    assert!(brought.events.iter().any(|event| matches!(event, Event::Pack(_))), "the start screen shows it");
    assert!(brought.events.iter().any(|event| matches!(event, Event::Classes(_))));
}

#[test]
fn an_order_to_begin_an_epoch_comes_by_stick_too_and_what_the_answer_names_is_not_asked_again() {
    let room = Room::new();
    let mut store = room.open();
    store.save(signature(1)).unwrap();
    let carry = room.read(&packed(&mut store));
    store.save(signature(2)).unwrap();
    let ordered = Answer { epoch: 5, ..answer(&carry, 7, None) };
    stick::take_back(&mut store, &room.sign(&back(1, ordered), &carry)).unwrap();
    assert_eq!(waiting(&mut store), (1, 1));
    store.save(signature(3)).unwrap();
    let places: Vec<_> = store.outbox().batch(500).unwrap().iter().map(|n| n.place).collect();
    assert_eq!(places, [Place { epoch: 1, sequence: 2 }, Place { epoch: 5, sequence: 1 }]);
    assert_eq!(room.folder.epoch().unwrap(), 5, "no place is given out twice, also by a new outbox");
}

#[test]
fn every_truncation_and_every_changed_byte_of_an_answer_is_refused_whole_with_nothing_changed() {
    let room = Room::new();
    let mut store = room.open();
    store.save(signature(1)).unwrap();
    let carry = room.read(&packed(&mut store));
    let held = store.held();
    let small = room.sign(&back(1, answer(&carry, 7, None)), &carry);
    let large = Return {
        pack: Some(room.hub.pack(held.0.unwrap() + 1)),
        roster: Some(room.hub.roster(held.1.unwrap() + 1)),
        ..back(1, answer(&carry, 7, None))
    };
    let large = room.sign(&large, &carry);
    let before = files(room.folder.root());
    let refused = |store: &mut Store, bytes: &[u8], what: &str| {
        let refused = stick::take_back(store, bytes);
        assert!(matches!(refused, Err(StickFault::Refused(_))), "{what}: {refused:?}");
    };
    for end in 0..small.len() {
        refused(&mut store, &small[..end], "cut");
    }
    for at in 0..small.len() {
        let mut changed = small.clone();
        changed[at] ^= 0x10;
        refused(&mut store, &changed, "changed");
    }
    let step = large.len() / 211 + 1;
    for at in (0..large.len()).step_by(step) {
        refused(&mut store, &large[..at], "cut");
        let mut changed = large.clone();
        changed[at] ^= 1;
        refused(&mut store, &changed, "changed");
    }
    assert_eq!(files(room.folder.root()), before, "nothing of it was taken");
    assert!(stick::take_back(&mut store, &large).is_ok(), "whole, it is taken");
}

#[test]
fn a_forged_foreign_or_replayed_answer_is_refused_with_nothing_changed() {
    let (room, other) = (Room::new(), Room::new());
    let mut store = room.open();
    store.save(signature(1)).unwrap();
    let carry = room.read(&packed(&mut store));
    let all = back(4, answer(&carry, 7, None));
    let seal = carry.greeting.seal;
    let sign = |one: &Return, key: &SigningKey| {
        one.sign(school(), key, &seal, &mut kiosk::storage::random()).unwrap()
    };
    let stranger = SigningKey::generate(&mut kiosk::storage::random());
    let foreign =
        Return { answer: Answer { device: other.device().id(), ..all.answer.clone() }, ..all.clone() };
    let elsewhere = all
        .sign(
            records::ids::SchoolId::from_bytes([99; 16]),
            &room.hub.key,
            &seal,
            &mut kiosk::storage::random(),
        )
        .unwrap();
    let wrong_seal = OpeningKey::generate(&mut kiosk::storage::random()).seal_key();
    let not_for_us = Return { roster: Some(room.hub.roster(900)), ..all.clone() };
    let not_for_us =
        not_for_us.sign(school(), &room.hub.key, &wrong_seal, &mut kiosk::storage::random()).unwrap();
    // Signed by the hub and whole, with something in it that is not: nothing of the rest is taken either.
    let bad_pack = Return { pack: Some(b"no pack".to_vec()), ..all.clone() };
    let bad_roster = Return { roster: Some(other.hub.roster(900)), ..all.clone() };
    let before = files(room.folder.root());
    for (what, bytes) in [
        ("forged", sign(&all, &stranger)),
        ("signed by another school's hub", sign(&all, &other.hub.key)),
        ("for another kiosk", sign(&foreign, &room.hub.key)),
        ("of another school", elsewhere),
        ("its people closed for another", not_for_us),
        ("with something that is no pack", sign(&bad_pack, &room.hub.key)),
        ("with another school's people", sign(&bad_roster, &room.hub.key)),
        ("a kiosk's file", carry.sign(school(), &room.device().signing_key())),
    ] {
        let refused = stick::take_back(&mut store, &bytes).unwrap_err();
        assert_eq!(refused.trouble(), StickTrouble::Refused, "{what}: {refused}");
        assert_eq!(files(room.folder.root()), before, "{what}: something was changed");
    }
    assert!(stick::take_back(&mut store, &sign(&all, &room.hub.key)).is_ok());
    let before = files(room.folder.root());
    for number in [1, 3, 4] {
        let older = Return { number, ..back(1, answer(&carry, 9, Some(Place { epoch: 9, sequence: 9 }))) };
        let refused = stick::take_back(&mut store, &sign(&older, &room.hub.key)).unwrap_err();
        assert_eq!(refused.trouble(), StickTrouble::TakenBefore, "{refused}");
    }
    assert_eq!(files(room.folder.root()), before);
    assert_eq!(waiting(&mut store), (0, 1));
}

#[test]
fn a_kiosk_that_was_struck_off_keeps_everything_and_says_so() {
    let room = Room::new();
    let mut store = room.open();
    store.save(signature(1)).unwrap();
    let carry = room.read(&packed(&mut store));
    let struck = Answer { struck_off: true, ..answer(&carry, 7, Some(Place { epoch: 9, sequence: 9 })) };
    let refused = stick::take_back(&mut store, &room.sign(&back(1, struck), &carry)).unwrap_err();
    assert_eq!(refused.trouble(), StickTrouble::StruckOff);
    assert_eq!(waiting(&mut store), (1, 0));
    let problem = store.figures().unwrap().problem.unwrap();
    assert!(problem.contains("struck this kiosk off"), "{problem}");
}

#[test]
fn a_kiosk_without_a_hub_has_nothing_to_take_out() {
    let data = tempfile::tempdir().unwrap();
    let mut store = Store::open(Folder::at(data.path()).unwrap()).unwrap().0;
    assert!(matches!(stick::pack_up(&mut store), Err(StickFault::NotPaired)));
    assert!(matches!(stick::take_back(&mut store, b""), Err(StickFault::NotPaired)));
}

#[test]
fn what_was_told_just_before_is_on_the_stick_and_the_stick_does_not_show_it() {
    let look = |told: bool| {
        let room = Room::telling();
        let mut store = room.open();
        store.visited(told.then(|| (Route::Safeguarding, report()))).unwrap();
        let bytes = packed(&mut store);
        let carry = room.read(&bytes);
        let key = &room.hub.roles[Role::Safeguarding as usize];
        let found = carry
            .boxes
            .iter()
            .flat_map(|sealed| report_box::open(sealed, room.device().id(), &room.hub.office).unwrap());
        let reports = found
            .filter(|envelope| matches!(report_envelope::open(&envelope[..], key), Ok(Contents::Report(_))))
            .count();
        (reports, carry.boxes.len(), bytes.len())
    };
    let (with, without) = (look(true), look(false));
    assert_eq!((with.0, without.0), (1, 0));
    assert_eq!((with.1, with.2), (without.1, without.2), "as many boxes, as many bytes");
}

#[test]
fn boxes_that_the_hub_has_are_let_go_and_others_stay() {
    let room = Room::telling();
    let mut store = room.open();
    store.close_reports().unwrap();
    let carry = room.read(&packed(&mut store));
    assert_eq!(carry.boxes.len(), 3, "of the start, of the closing, of the stick");
    let mut some = answer(&carry, 7, None);
    some.boxes.truncate(1);
    some.boxes.push(BoxId::from_bytes([77; 16]));
    stick::take_back(&mut store, &room.sign(&back(1, some), &carry)).unwrap();
    assert_eq!(store.closed_boxes().unwrap().len(), 2);
}

#[test]
fn names_and_answers_are_closed_to_whoever_finds_the_stick_and_their_key_to_other_accounts() {
    let room = Room::new();
    let mut store = room.open();
    let carry = room.read(&packed(&mut store));
    let held = store.held().1.unwrap();
    let sheet = answers::sheet(&Receipt::drawn(&[3; 16]));
    let with_people = Return {
        roster: Some(room.hub.roster(held + 1)),
        children: Some(sheet.clone()),
        ..back(1, answer(&carry, 7, None))
    };
    let bytes = room.sign(&with_people, &carry);
    for line in sheet.lines() {
        assert!(!bytes.windows(line.len()).any(|part| part == line));
    }
    assert!(room.hub.roster(held + 1).windows(5).any(|part| part == b"Amira"), "the control");
    assert!(!bytes.windows(5).any(|part| part == b"Amira"));
    let key = room.folder.path("stick.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!bytes.windows(32).any(|part| part == fs::read(&key).unwrap()));
    // Here what it answers goes to the screens, and to no file.
    let brought = stick::take_back(&mut store, &bytes).unwrap();
    let for_screens = brought.events.iter().find_map(|event| match event {
        Event::AnswersCarried { sheet, .. } => Some(sheet.as_ref()),
        _ => None,
    });
    assert_eq!(for_screens, Some(&sheet));
    for content in files(room.folder.root()).values() {
        assert!(sheet.lines().all(|line| !content.windows(line.len()).any(|part| part == line)));
    }
}

// ---- the stick itself ----

/// A stick of this many KiB with a real FAT, as sticks are bought, through the user-space driver of Debian's package
/// `fusefat`; none, with a word about it, where that is missing.
struct Fat {
    room: TempDir,
    driver: Option<Child>,
}

fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

impl Fat {
    fn new(kib: u64) -> Option<Self> {
        let mut fat = Self { room: tempfile::tempdir().unwrap(), driver: None };
        let image = fat.room.path().join("image");
        fs::File::create(&image).unwrap().set_len(kib * 1024).unwrap();
        fs::create_dir(fat.path()).unwrap();
        if works("mkfs.vfat", &[&image.display().to_string()]) && fat.plug_in() {
            return Some(fat);
        }
        eprintln!("no FAT can be mounted here (mkfs.vfat, fusefat, /dev/fuse): not tried on one");
        None
    }
    fn path(&self) -> PathBuf {
        self.room.path().join("stick")
    }
    fn plug_in(&mut self) -> bool {
        let disk = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
        let mut command = Command::new("fusefat");
        command.args(["-f", "-o", "rw+"]).arg(self.room.path().join("image")).arg(self.path());
        let Ok(driver) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else { return false };
        self.driver = Some(driver);
        for _ in 0..200 {
            if disk(&self.path()).is_some() && disk(&self.path()) != disk(self.room.path()) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }
    fn pull_out(&mut self) {
        if let Some(mut driver) = self.driver.take() {
            let _ = driver.kill();
            driver.wait().unwrap();
        }
    }
    fn unmount(&self) {
        let at = self.path().display().to_string();
        let _ = works("umount", &[&at]) || works("fusermount", &["-u", &at]);
    }
}

impl Drop for Fat {
    fn drop(&mut self) {
        self.unmount();
        self.pull_out();
    }
}

/// A folder that is not on the disk of the kiosk's data.
fn elsewhere() -> TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap()
}

fn at(path: &Path) -> Where {
    Where { named: Some(path.to_owned()) }
}

fn storage(room: &Room) -> (Storage, std::thread::JoinHandle<()>) {
    let mut store = room.open();
    for n in 1..=3 {
        store.save(signature(n)).unwrap();
    }
    Storage::start(store).unwrap()
}

/// The file of this kiosk on a stick.
fn on_it(stick: &Path) -> Option<Vec<u8>> {
    let entries = fs::read_dir(stick.join("Signpost")).ok()?;
    let paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    assert!(paths.iter().all(|path| path.extension().is_some_and(|e| e == "signpost")), "{paths:?}");
    paths.first().map(|path| fs::read(path).unwrap())
}

#[test]
fn what_is_told_to_be_on_the_stick_is_on_it_and_the_next_takes_its_place() {
    let (room, stick) = (Room::new(), elsewhere());
    let (storage, _thread) = storage(&room);
    let first = stick::take_out(&storage, &at(stick.path())).unwrap();
    assert_eq!(first.records, 3);
    assert_eq!(on_it(stick.path()), Some(first.bytes));
    let second = stick::take_out(&storage, &at(stick.path())).unwrap();
    assert_eq!(fs::read_dir(stick.path().join("Signpost")).unwrap().count(), 1);
    assert_eq!(on_it(stick.path()), Some(second.bytes));
    let figures = storage.ask(|store| store.figures().unwrap()).unwrap();
    assert!(figures.on_stick.is_some() && figures.waiting == 3);
}

#[test]
fn an_answer_is_found_wherever_the_office_has_saved_it_and_the_newest_counts() {
    let (room, stick) = (Room::new(), elsewhere());
    let (storage, _thread) = storage(&room);
    let trouble = |storage: &Storage| stick::bring_back(storage, &at(stick.path())).unwrap_err().trouble();
    assert_eq!(trouble(&storage), StickTrouble::NothingForUs);
    let carry = room.read(&stick::take_out(&storage, &at(stick.path())).unwrap().bytes);
    assert_eq!(trouble(&storage), StickTrouble::NothingForUs, "what it wrote itself is no answer");
    let put = |name: &str, bytes: &[u8]| fs::write(stick.path().join(name), bytes).unwrap();
    let mine = &room.device().id().to_string()[..8];
    put("shopping.txt", b"milk");
    put("to-beech-99999999.signpost", b"torn, and for another");
    assert_eq!(trouble(&storage), StickTrouble::NothingForUs);
    put(&format!("to-acorn-{mine}.signpost"), b"torn, and ours");
    assert_eq!(trouble(&storage), StickTrouble::Refused);
    let older = room.sign(&back(2, answer(&carry, 7, None)), &carry);
    put("Signpost/to-acorn (1).signpost", &older);
    let newer = Return { roster: Some(room.hub.roster(900)), ..back(3, answer(&carry, 8, None)) };
    put("to-acorn.signpost", &room.sign(&newer, &carry));
    let brought = stick::bring_back(&storage, &at(stick.path())).unwrap();
    assert_eq!((brought.records.unwrap().acknowledged, brought.roster), (3, Some(900)));
    assert_eq!(trouble(&storage), StickTrouble::TakenBefore);
}

#[test]
fn without_a_stick_nothing_is_closed_and_nothing_numbered() {
    let room = Room::telling();
    let (storage, _thread) = storage(&room);
    let state = || {
        files(room.folder.root())
            .into_iter()
            .filter(|(p, _)| !p.ends_with("outbox.db-wal"))
            .collect::<Vec<_>>()
    };
    let before = state();
    for place in [at(&room.folder.path("not-there")), at(room.folder.root())] {
        let refused = stick::take_out(&storage, &place).unwrap_err();
        assert_eq!(refused.trouble(), StickTrouble::NoStick, "{refused}");
        assert_eq!(stick::bring_back(&storage, &place).unwrap_err().trouble(), StickTrouble::NoStick);
    }
    assert_eq!(state(), before);
}

#[test]
fn a_stick_with_too_little_room_is_told_and_keeps_what_is_on_it() {
    let room = Room::new();
    let (storage, _thread) = storage(&room);
    let Some(fat) = Fat::new(4096) else { return };
    let first = stick::take_out(&storage, &at(&fat.path())).unwrap();
    assert_eq!(on_it(&fat.path()), Some(first.bytes.clone()), "a real FAT takes it");
    let filler = fat.path().join("holiday.jpg");
    let mut size = 4 << 20;
    while size > 256 {
        let more = fs::OpenOptions::new().create(true).append(true).open(&filler);
        let done = more.and_then(|mut file| std::io::Write::write_all(&mut file, &vec![7; size]));
        if done.is_err() {
            size /= 2;
        }
    }
    let refused = stick::take_out(&storage, &at(&fat.path())).unwrap_err();
    assert_eq!(refused.trouble(), StickTrouble::Full, "{refused}");
    assert_eq!(on_it(&fat.path()), Some(first.bytes), "the earlier file stands as it was");
    fs::remove_file(&filler).unwrap();
    assert!(stick::take_out(&storage, &at(&fat.path())).is_ok(), "with room again it goes on");
}

#[test]
fn a_stick_that_is_pulled_out_is_told_and_the_next_try_does_it() {
    let room = Room::new();
    let (storage, _thread) = storage(&room);
    let Some(mut fat) = Fat::new(4096) else { return };
    stick::take_out(&storage, &at(&fat.path())).unwrap();
    fat.pull_out();
    let refused = stick::take_out(&storage, &at(&fat.path())).unwrap_err();
    assert!(
        matches!(refused.trouble(), StickTrouble::Gone | StickTrouble::NoStick),
        "{refused}: {:?}",
        refused.trouble()
    );
    fat.unmount();
    assert_eq!(
        stick::take_out(&storage, &at(&fat.path())).unwrap_err().trouble(),
        StickTrouble::NoStick,
        "into the empty folder nothing is written"
    );
    assert!(fat.plug_in());
    let again = stick::take_out(&storage, &at(&fat.path())).unwrap();
    assert_eq!(on_it(&fat.path()), Some(again.bytes));
    assert_eq!(storage.ask(|store| store.outbox().counts().unwrap().waiting).unwrap(), 3, "nothing was lost");
}

#[test]
fn a_stick_that_cannot_be_written_is_told() {
    let (room, stick) = (Room::new(), elsewhere());
    let (storage, _thread) = storage(&room);
    // Whoever may do anything may also write into a locked folder: then a file in the folder's place does it.
    fs::write(stick.path().join("Signpost"), b"a file").unwrap();
    let refused = stick::take_out(&storage, &at(stick.path())).unwrap_err();
    assert!(matches!(refused.trouble(), StickTrouble::Bad | StickTrouble::ReadOnly), "{refused}");
    fs::remove_file(stick.path().join("Signpost")).unwrap();
    fs::set_permissions(stick.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let is_locked = fs::create_dir(stick.path().join("probe")).is_err();
    if is_locked {
        let refused = stick::take_out(&storage, &at(stick.path())).unwrap_err();
        assert_eq!(refused.trouble(), StickTrouble::ReadOnly, "{refused}");
    }
    fs::set_permissions(stick.path(), fs::Permissions::from_mode(0o755)).unwrap();
}
