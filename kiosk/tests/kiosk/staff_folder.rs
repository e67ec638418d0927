//! The staff PIN, the settings and undoing on a disk, over restarts.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use kiosk::{
    folder::StaffPin,
    machine::{Event, Mode, Pin, Settings, TextSize, Undoing},
    outbox::Outbox,
    running::Running,
    storage::{Store, TriedPin},
};
use records::{
    agreement::Audience,
    day::Moment,
    envelope::{NamedEnvelope, NamedRecord},
    ids::RecordId,
    signature::{Mark, Signature, Undo},
};

use crate::school::{Hub, acorn, draft, person};

fn pin(digits: &str) -> Pin {
    Pin::typed(digits).unwrap()
}

/// A signature of Amira's, today.
fn signature(hub: &Hub, id: u8) -> Signature {
    let _ = hub;
    let agreement = draft().content.agreements[0].clone();
    Signature {
        id: RecordId::from_bytes([id; 16]),
        person: person(1, 4),
        audience: Audience::Ks1,
        agreement: agreement.slug.clone(),
        version: agreement.version.clone(),
        words: agreement.digest(),
        help: None,
        when: kiosk::storage::wall_clock(),
        year: draft().content.year,
        device: records::ids::DeviceId::from_bytes([9; 16]),
        mark: Mark::Sticker("star".parse().unwrap()),
        helped: false,
    }
}

fn undoing(id: u8, withdraws: RecordId) -> Undoing {
    let undo = Undo {
        id: RecordId::from_bytes([id; 16]),
        withdraws,
        reason: "only-a-try".parse().unwrap(),
        when: Moment(1_790_000_000),
        device: records::ids::DeviceId::from_bytes([9; 16]),
    };
    Undoing { undo, person: person(1, 4) }
}

fn waits(tried: TriedPin) -> u64 {
    match tried {
        TriedPin::Wrong { wait } => wait.as_secs(),
        TriedPin::Right => panic!("it was right"),
    }
}

#[test]
fn wrong_pins_are_slowed_and_a_restart_shortens_nothing() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    StaffPin::set(&folder, &pin("482915")).unwrap();
    let (mut store, found) = Store::open(folder.clone()).unwrap();
    assert!(found.pin && found.pin_slowed.is_zero());
    assert_eq!(waits(store.try_pin(&pin("1111")).unwrap()), 0, "a slip costs nothing");
    assert_eq!(waits(store.try_pin(&pin("2222")).unwrap()), 0);
    drop(store);
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    let wait = waits(store.try_pin(&pin("3333")).unwrap());
    assert!((28..=30).contains(&wait), "the third is slowed, over a restart: {wait}");
    assert!(
        waits(store.try_pin(&pin("482915")).unwrap()) > 0,
        "and while it is, the right one opens nothing either"
    );
    drop(store);
    let (mut store, found) = Store::open(folder).unwrap();
    assert!((25..=30).contains(&found.pin_slowed.as_secs()), "{:?}", found.pin_slowed);
    assert!(waits(store.try_pin(&pin("482915")).unwrap()) > 0);
}

#[test]
fn the_right_pin_opens_and_its_digits_are_nowhere_on_the_disk() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder).unwrap();
    store.change_pin(&pin("48291537")).unwrap();
    assert_eq!(store.try_pin(&pin("48291537")).unwrap(), TriedPin::Right);
    let _ = store.try_pin(&pin("48291538"));
    for file in fs::read_dir(room.path()).unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_file()) {
        let bytes = fs::read(&file).unwrap();
        let found = bytes.windows(7).any(|w| w == b"4829153");
        assert!(!found, "{} holds the PIN", file.display());
    }
}

#[test]
fn an_undone_signature_can_be_signed_again_also_while_the_roster_still_has_it() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    let first = signature(&hub, 50);
    store.save(first.clone()).unwrap();
    let amira = |store: &mut Store| {
        let opened = store.open_class(acorn()).unwrap().unwrap();
        opened.signed_here.into_iter().find(|s| s.person == person(1, 4))
    };
    assert_eq!(amira(&mut store).unwrap().record, Some(first.id));
    store.undo(&undoing(51, first.id)).unwrap();
    store.undo(&undoing(51, first.id)).unwrap();
    assert_eq!(amira(&mut store), None);

    // The hub has told of it in a roster that was made before it knew.
    let mut classes = crate::school::classes();
    let signed = records::roster::HasSigned { words: first.words, day: "2026-09-22".parse().unwrap() };
    classes[0].pupils[4].signed.push(signed);
    store.take_roster(&hub.roster_of(2, classes)).unwrap();
    drop(store);
    let (mut store, _) = Store::open(folder).unwrap();
    let opened = store.open_class(acorn()).unwrap().unwrap();
    assert!(opened.class.pupils[4].signed.is_empty(), "what was taken back is not asked of the roster");
    assert!(!opened.class.pupils[2].signed.is_empty(), "and nobody else's is touched");
    store.save(signature(&hub, 52)).unwrap();
    assert_eq!(amira(&mut store).unwrap().record, Some(RecordId::from_bytes([52; 16])));

    let sealed = store.outbox().batch(500).unwrap();
    let records: Vec<_> = sealed
        .iter()
        .map(|n| NamedEnvelope::from_bytes(&n.envelope).unwrap().open(&hub.office).unwrap())
        .collect();
    let [NamedRecord::Signature(one), NamedRecord::Undo(undo), NamedRecord::Signature(two)] = &records[..]
    else {
        panic!("{records:?}")
    };
    assert_eq!((undo.withdraws, undo.reason.as_str()), (one.id, "only-a-try"));
    assert_ne!(one.id, two.id);
}

#[test]
fn an_outbox_of_before_there_was_undoing_is_taken_over() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(&hub, 50)).unwrap();
    drop(store);
    let old = rusqlite_back_to_2(&folder.path("outbox.db"));
    assert!(old, "the file is of the form before");
    let opened = Outbox::open(&folder, Moment(0)).unwrap();
    assert!(opened.set_aside.is_none());
    let signed = opened.outbox.signed([person(1, 4)].into_iter()).unwrap();
    assert_eq!(
        (signed.len(), signed[0].record),
        (1, None),
        "who signed is still known, by which record is not"
    );
}

fn rusqlite_back_to_2(path: &Path) -> bool {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch("ALTER TABLE signed DROP COLUMN record; DROP TABLE undone; PRAGMA user_version = 2;")
        .is_ok()
}

#[test]
fn what_was_chosen_holds_after_a_restart_and_damage_is_told_in_the_panel() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let language = Some("pl".parse().unwrap());
    let chosen = Settings { mode: Mode::OpenEvening, text: TextSize::Large, language, ..Settings::default() };
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.keep_settings(&chosen).unwrap();
    drop(store);
    let running = Running::start(folder.clone(), || {}).unwrap();
    assert_eq!(running.state.settings, chosen);
    running.end();
    fs::write(folder.path("settings.json"), "{\"mode\":").unwrap();
    let mut running = Running::start(folder, || {}).unwrap();
    running.handle(Event::Stir);
    assert_eq!(running.state.settings, Settings::default());
    assert!(running.state.notices.iter().any(|n| n.contains("set aside")), "{:?}", running.state.notices);
    assert_eq!(running.state.screen.name(), "home", "and children can sign");
    running.end();
}

fn set_pin(data: &Path, typed: &str) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_signpost-kiosk"))
        .args(["pin", "--data"])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let done = program.wait_with_output().unwrap();
    let told = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(told).unwrap())
}

#[test]
fn the_technician_sets_the_pin_by_typing_it_twice_also_while_the_kiosk_runs() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let _runs = Store::open(folder.clone()).unwrap();
    let (done, told) = set_pin(room.path(), "482915\n482916\n");
    assert!(!done && told.contains("differ"), "{told}");
    let (done, told) = set_pin(room.path(), "48a\n48a\n");
    assert!(!done && told.contains("4 to 12 digits"), "{told}");
    assert!(!StaffPin::is_set(&folder));
    let (done, told) = set_pin(room.path(), "482915\n482915\n");
    assert!(done && !told.contains("482915"), "{told}");
    assert!(StaffPin::fits(&folder, &pin("482915")).unwrap());
    let (done, told) = set_pin(room.path(), "4829\n4829\n");
    assert!(done && told.contains("6 digits or more"), "{told}");
    assert!(!StaffPin::fits(&folder, &pin("482915")).unwrap());
}
