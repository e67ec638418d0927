//! What lies on the disk of a family, and who can open it.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use kiosk::{
    folder::Folder,
    machine::{Keeping, KeptDecision, OpenedFamily},
    outbox::KEEP_DECISIONS_SECONDS,
    storage::{Store, Tried, wall_clock},
};
use records::{
    consent::{Answer, ConsentDecision, Said},
    day::Moment,
    envelope::{NamedEnvelope, NamedRecord},
    family::{ENTRY_STEP, FamilyKey},
    family_code::{FamilyCode, Locator},
    ids::{DeviceId, RecordId},
    sync::{Outcome, RecordOutcome},
};

use crate::{
    households::*,
    program::Program,
    school::{Hub, draft, school},
};

fn asking(hub: &Hub, at: &std::path::Path) -> Folder {
    asking_kiosk(hub, at, &asking_draft(), &couple())
}

fn open(store: &mut Store, code: &FamilyCode) -> Option<Box<OpenedFamily>> {
    match store.open_family(code).unwrap() {
        Tried::Opened(opened) => Some(opened),
        Tried::Wrong { .. } => None,
    }
}
fn wait(store: &mut Store, code: &FamilyCode) -> u64 {
    match store.open_family(code).unwrap() {
        Tried::Opened(_) => panic!("it opened"),
        Tried::Wrong { wait } => wait.as_secs_f32().ceil() as u64,
    }
}

/// A decision of Maria's for Zofia, with so many uses answered.
fn keeping(n: u8, uses: usize, replaces: &[u8]) -> Keeping {
    let form = form("images");
    let mut decided = decided(&form, n, true);
    decided.answers.truncate(uses);
    let id = |n: &u8| RecordId::from_bytes([*n; 16]);
    let replaces: Vec<RecordId> = replaces.iter().map(id).collect();
    let said = vec![Said { question: slug("child-asked"), choice: slug("yes") }];
    let decision = ConsentDecision {
        id: decided.id,
        pupil: zofia(),
        by: maria(),
        form: form.id.clone(),
        version: form.version.clone(),
        words: form.digest(),
        answers: decided.answers.clone(),
        replaces: replaces.clone(),
        help: None,
        when: Moment(1_790_000_000),
        device: DeviceId::from_bytes([3; 16]),
        helped: false,
        year: draft().content.year,
        said: said.clone(),
    };
    Keeping {
        record: NamedRecord::Consent(decision),
        kept: KeptDecision::Decided { child: zofia(), decided, replaces, said },
        key: FamilyKey::of(&code(), school()),
    }
}

fn kept_ids(opened: &OpenedFamily) -> Vec<u8> {
    opened.kept.iter().map(|kept| kept.id().as_bytes()[0]).collect()
}

#[test]
fn a_familys_code_opens_its_own_entry_and_nothing_else() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let (mut store, found) = Store::open(asking(&hub, room.path())).unwrap();
    assert!(found.families && found.slowed.is_zero() && found.problems.is_empty());
    assert_eq!(open(&mut store, &code()).unwrap().family, couple());
    let other = open(&mut store, &other_code()).unwrap().family;
    assert_eq!(other.grown_ups[0].person, grace());
    assert!(open(&mut store, &wrong_code(1)).is_none());
}

/// Whether an entry of the locator exists is no more to be seen from how long it takes than from what is said.
#[test]
fn a_code_that_nobody_has_takes_as_long_as_one_with_a_slip() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let (mut store, _) = Store::open(asking(&hub, room.path())).unwrap();
    let nobodys = Locator::new(5).unwrap().with_chance([1; 8]);
    // Of several, the quickest: what else the machine does meanwhile makes it slower, never quicker.
    let mut quickest = |tried: &FamilyCode| {
        let once = || {
            let began = Instant::now();
            assert_eq!(wait(&mut store, tried), 0);
            let took = began.elapsed();
            open(&mut store, &code()).unwrap();
            took
        };
        std::iter::repeat_with(once).take(3).min().unwrap()
    };
    let (wrong, nobody) = (quickest(&wrong_code(1)), quickest(&nobodys));
    assert!(wrong > Duration::from_millis(20) && nobody > Duration::from_millis(20), "{wrong:?} {nobody:?}");
    let ratio = nobody.as_secs_f64() / wrong.as_secs_f64();
    assert!((0.25..4.0).contains(&ratio), "{wrong:?} {nobody:?}");
}

#[test]
fn guessing_is_slowed_also_by_a_restart_and_keeps_no_more_than_a_count_and_a_moment() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    assert_eq!([wait(&mut store, &wrong_code(1)), wait(&mut store, &wrong_code(2))], [0, 0]);
    assert_eq!(wait(&mut store, &wrong_code(3)), 30);
    assert!(wait(&mut store, &code()) >= 25, "nothing is tried while it lasts, not even the right one");
    let note = store.outbox().note("wrong-codes").unwrap().unwrap();
    assert_eq!(note.len(), 4 + 8);
    assert_eq!(note[..4], 3_u32.to_be_bytes());
    drop(store);
    let (mut store, found) = Store::open(folder.clone()).unwrap();
    assert!((20..=30).contains(&found.slowed.as_secs()), "{:?}", found.slowed);
    assert!(wait(&mut store, &code()) > 0);
    // Half an hour ago: then it is over, and the next wrong one costs twice as much.
    let earlier = wall_clock().0 - 1800;
    let note = [&3_u32.to_be_bytes()[..], &earlier.to_be_bytes()].concat();
    store.outbox().set_note("wrong-codes", &note).unwrap();
    drop(store);
    let (mut store, found) = Store::open(folder.clone()).unwrap();
    assert!(found.slowed.is_zero());
    assert_eq!(wait(&mut store, &wrong_code(4)), 60);
    drop(store);
    // A clock that was turned back by years makes nobody wait for years.
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    let note = [&4_u32.to_be_bytes()[..], &(wall_clock().0 + 400_000_000).to_be_bytes()].concat();
    store.outbox().set_note("wrong-codes", &note).unwrap();
    drop(store);
    let (_, found) = Store::open(folder).unwrap();
    assert_eq!(found.slowed.as_secs(), 60);
}

#[test]
fn a_decision_goes_to_the_office_and_is_shown_at_the_next_visit_and_nobody_else_can_read_it() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.keep(&keeping(1, 8, &[])).unwrap();
    drop(store);
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    let opened = open(&mut store, &code()).unwrap();
    assert_eq!(opened.kept, [keeping(1, 8, &[]).kept]);
    assert!(open(&mut store, &other_code()).unwrap().kept.is_empty(), "another family does not see it");
    let batch = store.outbox().batch(500).unwrap();
    let [sent] = batch.as_slice() else { panic!("{}", batch.len()) };
    let record = NamedEnvelope::from_bytes(&sent.envelope).unwrap().open(&hub.office).unwrap();
    assert_eq!(record, keeping(1, 8, &[]).record);

    // What replaces it takes its place.
    store.keep(&keeping(2, 8, &[1])).unwrap();
    assert_eq!(kept_ids(&open(&mut store, &code()).unwrap()), [2]);
    drop(store);
    for file in ["outbox.db", "outbox.db-wal", "roster.sealed"] {
        let Ok(bytes) = fs::read(folder.path(file)) else { continue };
        for secret in [&b"images"[..], b"Zofia", b"Nowak", zofia().as_bytes(), maria().as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret), "{secret:?} can be read in {file}");
        }
    }
}

#[test]
fn what_is_kept_of_a_family_is_of_one_size_and_tells_neither_whose_it_is_nor_what_was_said() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    for (n, uses) in [(1, 1), (2, 3), (3, 8)] {
        store.keep(&keeping(n, uses, &[])).unwrap();
    }
    let sizes: Vec<_> = store.outbox().kept().unwrap().iter().map(Vec::len).collect();
    assert_eq!(sizes, [ENTRY_STEP + 12 + 16; 3]);
    drop(store);
    let outbox = rusqlite::Connection::open(folder.path("outbox.db")).unwrap();
    let columns: Vec<String> = outbox
        .prepare("SELECT name FROM pragma_table_info('kept')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(columns, ["id", "sealed", "acknowledged", "since"], "no locator, no person, no day");
    let signed: u32 = outbox.query_row("SELECT count(*) FROM signed", [], |row| row.get(0)).unwrap();
    assert_eq!(signed, 0, "what is noted of pupils is not noted of parents");
}

fn acknowledge(store: &mut Store, n: u8, now: Moment) {
    let batch = store.outbox().batch(500).unwrap();
    let id = RecordId::from_bytes([n; 16]);
    let place =
        batch.iter().find(|s| NamedEnvelope::from_bytes(&s.envelope).unwrap().id == id).unwrap().place;
    let outcome = RecordOutcome { place, id: Some(id), outcome: Outcome::Stored };
    assert_eq!(store.outbox().acknowledge(&[outcome], now).unwrap(), 1);
}

#[test]
fn what_a_newer_roster_carries_is_not_kept_any_longer() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let (mut store, _) = Store::open(asking(&hub, room.path())).unwrap();
    store.keep(&keeping(1, 8, &[])).unwrap();
    store.keep(&keeping(2, 8, &[])).unwrap();
    let mut carries = couple();
    carries.children[0].decided.push(decided(&form("images"), 1, true));
    store.take_roster(&roster(&hub, 2, Moment(1_790_000_100), &carries)).unwrap();
    assert_eq!(kept_ids(&open(&mut store, &code()).unwrap()), [2], "by its id, once the family is here");
    assert_eq!(store.outbox().kept().unwrap().len(), 1);

    // What the hub had before it made a roster is in it, or is replaced there: nobody has to come for that.
    acknowledge(&mut store, 2, Moment(1_790_000_200));
    store.take_roster(&roster(&hub, 3, Moment(1_790_000_150), &carries)).unwrap();
    assert_eq!(store.outbox().kept().unwrap().len(), 1, "a roster from before it came");
    store.take_roster(&roster(&hub, 4, Moment(1_790_000_300), &carries)).unwrap();
    assert!(store.outbox().kept().unwrap().is_empty());
}

#[test]
fn what_no_roster_ever_carries_is_let_go_after_thirty_five_days_of_the_hubs_clock() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let (mut store, _) = Store::open(asking(&hub, room.path())).unwrap();
    store.keep(&keeping(1, 8, &[])).unwrap();
    let outbox = store.outbox();
    let first = Moment(5);
    assert_eq!(outbox.let_decisions_go(first).unwrap(), 0);
    assert_eq!(outbox.let_decisions_go(Moment(first.0 + KEEP_DECISIONS_SECONDS)).unwrap(), 0);
    assert_eq!(outbox.let_decisions_go(Moment(first.0 + KEEP_DECISIONS_SECONDS + 1)).unwrap(), 1);
    assert_eq!(outbox.counts().unwrap().waiting, 1, "the record itself waits for the hub as long as need be");
}

#[test]
fn an_outbox_from_before_families_is_taken_on_with_all_that_waits_in_it() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.keep(&keeping(1, 8, &[])).unwrap();
    drop(store);
    let old = rusqlite::Connection::open(folder.path("outbox.db")).unwrap();
    old.execute_batch(
        "DROP TABLE kept; DROP TABLE undone; ALTER TABLE signed DROP COLUMN record; PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let (mut store, found) = Store::open(folder).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(store.outbox().counts().unwrap().waiting, 1);
    store.keep(&keeping(2, 8, &[])).unwrap();
    assert_eq!(kept_ids(&open(&mut store, &code()).unwrap()), [2]);
}

#[test]
fn a_roster_that_was_changed_on_the_disk_opens_no_family() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let mut bytes = fs::read(folder.path("roster.sealed")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.path("roster.sealed"), bytes).unwrap();
    let (mut store, found) = Store::open(folder).unwrap();
    assert!(!found.families && !found.problems.is_empty());
    assert!(store.open_family(&code()).is_err());
}

/// Goes from the start to the summary of Zofia's pictures, with no for every use.
fn to_check(program: &mut Program) {
    program.press("For parents and carers");
    let line = serde_json::json!({ "do": "type", "text": code().to_string() });
    program.tell(&line.to_string());
    program.press("Maria Nowak");
    program.press("Zofia: Pictures and film of your child");
    if program.screen() == "family-intro" {
        program.press("Next");
        for _ in 0..8 {
            program.press("No");
        }
        program.press("Leave this out");
        program.press("Next");
    }
}

fn decisions(hub: &Hub, folder: &Folder) -> Vec<ConsentDecision> {
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    let batch = store.outbox().batch(500).unwrap();
    let opened =
        batch.iter().map(|n| NamedEnvelope::from_bytes(&n.envelope).unwrap().open(&hub.office).unwrap());
    opened
        .map(|record| match record {
            NamedRecord::Consent(decision) => decision,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_full_disk_thanks_no_parent_and_loses_no_decision_that_was_thanked_for() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let limit = "trap '' XFSZ; ulimit -f 72; exec \"$0\" headless --data \"$1\"";
    let mut command = Command::new("bash");
    command.args(["-c", limit, env!("CARGO_BIN_EXE_signpost-kiosk")]).arg(room.path());
    let mut program = Program::run(&mut command);
    let mut thanked = 0;
    to_check(&mut program);
    let mut last = Answer::No;
    let refused = loop {
        program.press("Yes, keep my answers");
        match program.screen() {
            "family-kept" if thanked < 60 => thanked += 1,
            "family-not-saved" => break true,
            _ => break false,
        }
        program.press("See all");
        program.press("Zofia: Pictures and film of your child");
        let (now, then) = if last == Answer::No { ("No", "Yes") } else { ("Yes", "No") };
        program.press(&format!("Our school website: {now}"));
        program.press(then);
        last = if last == Answer::No { Answer::Yes } else { Answer::No };
    };
    assert!(refused && thanked > 0, "the disk never got full: {thanked} were thanked for");
    program.press("Try again");
    assert_eq!(program.screen(), "family-not-saved", "the disk is still full");
    program.kill();
    let all = decisions(&hub, &folder);
    assert_eq!(all.len(), thanked, "what was thanked for is there, once, and nothing else");
    for (at, decision) in all.iter().enumerate() {
        let before = all[..at].iter().map(|d| d.id);
        assert!(before.clone().all(|id| decision.replaces.contains(&id)), "each names all before it");
    }
}

#[test]
fn whatever_a_parent_was_thanked_for_is_there_after_every_kill_and_shown_at_the_next_visit() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking(&hub, room.path());
    let mut thanked = 0;
    for round in 0..6 {
        let mut program = Program::start(room.path());
        to_check(&mut program);
        if round > 0 {
            let shown = program.last["controls"].as_array().unwrap().clone();
            let website =
                shown.iter().filter_map(|c| c.as_str()).find(|c| c.starts_with("Our school website"));
            let website = website.unwrap().to_owned();
            program.press(&website);
            program.press(if website.ends_with("No") { "Yes" } else { "No" });
        }
        if round % 2 == 0 {
            program.press("Yes, keep my answers");
            assert_eq!(program.screen(), "family-kept");
            thanked += 1;
        } else {
            // Killed while the answer is on its way: it may or may not be there, but never twice.
            let line = serde_json::json!({ "do": "press", "label": "Yes, keep my answers" });
            program.send(&line.to_string());
        }
        program.kill();
    }
    let all = decisions(&hub, &folder);
    let mut ids: Vec<_> = all.iter().map(|d| d.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all.len(), "none twice");
    assert!(all.len() >= thanked, "{} of {thanked}", all.len());
    let (mut store, _) = Store::open(folder).unwrap();
    let opened = open(&mut store, &code()).unwrap();
    assert_eq!(opened.kept.len(), 1, "only the last one stands");
    assert_eq!(opened.kept[0].id(), all.last().unwrap().id);
}
