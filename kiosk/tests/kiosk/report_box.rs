//! The report box on the disk: it keeps what was told, and does not tell that anything was.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use kiosk::{
    folder::{Device, Folder},
    report_box::{self, BoxFault},
    storage::Store,
};
use records::{
    report::{Contents, Report, Role, Route},
    report_box::{self as sealed_box, COUNTING_BOX_SIZE, SLOTS},
    report_envelope,
    survey::SurveyAnswers,
};

use crate::{
    listener::Listener,
    program::Program,
    school::{Hub, surveying_draft, telling_draft},
};

fn report(n: usize) -> Report {
    Report {
        day: "2026-09-21".parse().unwrap(),
        feeling: Some("worried".parse().unwrap()),
        happened: vec!["asked-for-picture".parse().unwrap()],
        place: None,
        about: None,
        talk_with: Some(format!("Child number {n}")),
        words: None,
        receipt: Vec::new(),
        language: "en-GB".parse().unwrap(),
    }
}

/// Every file of a folder with its bytes, but for the index of the outbox, which is memory that is mapped.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
                let name = entry.path().strip_prefix(root).unwrap().display().to_string();
                all.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    all
}

/// Every box on the disk.
fn boxes(root: &Path) -> Vec<Vec<u8>> {
    files(root).into_iter().filter(|(name, _)| name.ends_with(".box")).map(|(_, bytes)| bytes).collect()
}

/// The names given in the reports that a role finds in some boxes.
fn read_by(hub: &Hub, folder: &Folder, role: Role) -> Vec<String> {
    let device = Device::read(folder).unwrap().unwrap().id();
    let key = &hub.roles[role as usize];
    let mut names = Vec::new();
    for sealed in boxes(folder.root()) {
        for envelope in sealed_box::open(&sealed, device, &hub.office).unwrap() {
            if let Ok(Contents::Report(report)) = report_envelope::open(&envelope[..], key) {
                names.push(report.talk_with.clone().unwrap());
            }
        }
    }
    names.sort();
    names
}

fn answers(feeling: &str) -> SurveyAnswers {
    SurveyAnswers {
        survey: "today".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        answers: vec![("feeling".parse().unwrap(), Some(feeling.parse().unwrap()))],
    }
}

/// How often an answer is counted in all boxes on the disk.
fn counted(hub: &Hub, folder: &Folder, answer: &str) -> u32 {
    let device = Device::read(folder).unwrap().unwrap().id();
    let tallies = boxes(folder.root())
        .into_iter()
        .map(|sealed| sealed_box::open_tally(&sealed, device, &hub.office).unwrap().unwrap());
    let counted = tallies.flat_map(|tally| tally.surveys).flat_map(|of| of.counted);
    let of = counted.filter(|one| one.answer.as_ref().is_some_and(|id| id.as_str() == answer));
    of.map(|one| one.count).sum()
}

#[test]
fn every_answer_that_was_thanked_for_is_counted_once_over_restarts_and_kills() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), &surveying_draft());
    let mut thanked = 0;
    for round in 0..4 {
        let mut program = Program::start(room.path());
        for _ in 0..=round {
            for label in ["How was it today?", "Let’s go", "Happy", "It was fun", "Yes, give it in"] {
                program.press(label);
            }
            assert_eq!(program.screen(), "counted");
            thanked += 1;
            program.press("Finish");
        }
        // One who has not given it in yet.
        for label in ["How was it today?", "Let’s go", "Happy", "It was fun"] {
            program.press(label);
        }
        program.kill();
    }
    assert_eq!(counted(&hub, &folder, "happy"), thanked);
    assert!(boxes(room.path()).iter().all(|bytes| bytes.len() == COUNTING_BOX_SIZE));
}

#[test]
fn a_disk_that_takes_no_answer_brings_no_thanks_and_it_is_counted_once_when_it_is_tried_again() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut store = open(&folder);
    store.count(&answers("happy")).unwrap();
    let path = room.path().join("report.box");
    let kept = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(store.count(&answers("happy")).is_err());
    fs::remove_dir(&path).unwrap();
    fs::write(&path, kept).unwrap();
    store.count(&answers("happy")).unwrap();
    assert_eq!(counted(&hub, &folder, "happy"), 2);
}

#[test]
fn a_tally_that_is_full_goes_with_its_box_and_another_is_begun() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut store = open(&folder);
    for survey in 0..40 {
        let mut answers = answers("happy");
        answers.survey = format!("{survey}-{}", "long".repeat(14)).parse().unwrap();
        store.count(&answers).unwrap();
    }
    assert!(boxes(room.path()).len() > 1);
    assert_eq!(counted(&hub, &folder, "happy"), 40);
}

fn open(folder: &Folder) -> Store {
    Store::open(folder.clone()).unwrap().0
}

#[test]
fn a_report_is_in_the_box_for_its_two_roles_and_for_nobody_else() {
    for (route, roles) in [
        (Route::Safeguarding, [Role::Safeguarding, Role::Headteacher]),
        (Route::AboutGrownUp, [Role::Headteacher, Role::Chair]),
        (Route::AboutHeadteacher, [Role::Chair, Role::ViceChair]),
    ] {
        let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.telling_kiosk(room.path());
        open(&folder).visited(Some((route, report(1)))).unwrap();
        for role in Role::ALL {
            let found = read_by(&hub, &folder, role).len();
            assert_eq!(found, usize::from(roles.contains(&role)), "{route:?}, {role:?}");
        }
    }
}

#[test]
fn whatever_was_thanked_for_is_there_once_over_restarts_and_when_the_box_is_full() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut given = BTreeSet::new();
    for n in 0..40 {
        let mut store = open(&folder);
        for part in 0..(n % 4) {
            let n = n * 10 + part;
            store.visited(Some((Route::AboutHeadteacher, report(n)))).unwrap();
            given.insert(format!("Child number {n}"));
        }
        store.visited(None).unwrap();
        store.report_tick().unwrap();
    }
    let found = read_by(&hub, &folder, Role::Chair);
    assert_eq!(found.len(), given.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), given);
    assert!(
        boxes(room.path()).iter().all(|bytes| bytes.len() == COUNTING_BOX_SIZE),
        "one size, whatever is in them"
    );
}

#[test]
fn the_disk_looks_the_same_after_a_visit_that_told_and_after_one_that_did_not() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut store = open(&folder);
    let changed = |store: &mut Store, visit: &dyn Fn(&mut Store)| {
        let before = files(folder.root());
        visit(store);
        let after = files(folder.root());
        assert_eq!(
            before.iter().map(|(n, b)| (n, b.len())).collect::<Vec<_>>(),
            after.iter().map(|(n, b)| (n, b.len())).collect::<Vec<_>>(),
            "the same files of the same sizes"
        );
        let changed: Vec<_> = after.keys().filter(|name| before[*name] != after[*name]).cloned().collect();
        let (old, new) = (&before["report.box"], &after["report.box"]);
        let same = old[26..].chunks(16).zip(new[26..].chunks(16)).filter(|(a, b)| a == b).count();
        (changed, same)
    };
    let nothing = changed(&mut store, &|store| store.visited(None).unwrap());
    let told = changed(&mut store, &|store| store.visited(Some((Route::Safeguarding, report(1)))).unwrap());
    assert_eq!(nothing, (vec!["report.box".to_owned()], 0), "every slot is written anew");
    assert_eq!(told, nothing);
    let asked = changed(&mut store, &|store| store.count(&answers("sad")).unwrap());
    assert_eq!(asked, nothing, "nor does an answer to a survey show");
    for (name, bytes) in files(folder.root()) {
        for word in ["worried", "Child number", "Telling", "safeguarding", "scared-of-it"] {
            // The pack holds the words of every choice; it is the same whatever anybody chose.
            let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
            assert!(!found || name == "pack.sgnp", "{word} is in {name}");
        }
    }
}

#[test]
fn a_child_who_tells_leaves_the_same_traces_as_one_who_only_looked() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    hub.telling_kiosk_with(room.path(), &surveying_draft());
    let mut program = Program::start(room.path());
    // Nobody answers; that is noted once, and then no more.
    program.tell(r#"{"do":"sync"}"#);
    let mut traces = |labels: &[&str]| {
        let before = files(room.path());
        for label in labels {
            program.press(label);
        }
        assert_eq!(program.screen(), "home");
        program.tell(r#"{"do":"status"}"#);
        let after = files(room.path());
        let sizes = |all: &BTreeMap<String, Vec<u8>>| {
            all.iter().map(|(n, b)| (n.clone(), b.len())).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&before), sizes(&after));
        after
            .into_iter()
            .filter(|(name, bytes)| before[name] != *bytes)
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    };
    let looked = traces(&["Sign our promise", "Acorn", "Stop and go to the start"]);
    let told = traces(&[
        "I didn’t like something",
        "I want to tell",
        "I want to tell",
        "Sad",
        "Something else",
        "At home",
        "Me",
        "Yes, with me",
        "Acorn",
        "Amira",
        "Yes, give it in",
        "Finish",
    ]);
    let hid = traces(&["I didn’t like something", "I want to tell", "I want to tell", "Sad", "Hide"]);
    let now = traces(&["I didn’t like something", "I need a grown-up now", "Go to the start"]);
    let today = ["How was it today?", "Let’s go", "Sad", "It upset me", "Yes, give it in", "Finish"];
    let asked = traces(&today);
    let left = traces(&["How was it today?", "Let’s go", "Sad", "Hide"]);
    assert_eq!(told, ["report.box"]);
    assert_eq!([&looked, &hid, &now, &asked, &left], [&told; 5]);
    program.end();
}

#[test]
fn a_disk_that_takes_nothing_brings_no_thanks_and_the_report_can_be_given_in_again() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut store = open(&folder);
    let path = room.path().join("report.box");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let refused = store.visited(Some((Route::Safeguarding, report(1)))).unwrap_err();
    assert!(matches!(refused, BoxFault::Folder(_)), "{refused}");
    fs::remove_dir(&path).unwrap();
    store.visited(Some((Route::Safeguarding, report(1)))).unwrap();
    assert_eq!(read_by(&hub, &folder, Role::Safeguarding), ["Child number 1"], "once");
}

#[test]
fn a_full_box_that_cannot_be_closed_keeps_what_it_has_and_takes_no_more() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut store = open(&folder);
    let room_for = SLOTS.iter().filter(|route| **route == Route::Safeguarding).count();
    for n in 0..room_for {
        store.visited(Some((Route::Safeguarding, report(n)))).unwrap();
    }
    let (in_the_way, away) = (room.path().join("boxes"), room.path().join("away"));
    fs::rename(&in_the_way, &away).unwrap();
    fs::write(&in_the_way, "no folder").unwrap();
    for _ in 0..2 {
        assert!(store.visited(Some((Route::Safeguarding, report(room_for)))).is_err());
    }
    fs::remove_file(&in_the_way).unwrap();
    fs::rename(&away, &in_the_way).unwrap();
    store.visited(Some((Route::Safeguarding, report(room_for)))).unwrap();
    let all = boxes(room.path());
    let ids: BTreeSet<_> = all.iter().map(|bytes| sealed_box::id(bytes).unwrap()).collect();
    assert_eq!(ids.len(), all.len(), "each box has an id of its own");
    let mut read = read_by(&hub, &folder, Role::Safeguarding);
    read.sort();
    let all: BTreeSet<_> = (0..=room_for).map(|n| format!("Child number {n}")).collect();
    assert_eq!(read, all.into_iter().collect::<Vec<_>>(), "each once");
}

#[test]
fn a_damaged_box_is_set_aside_and_another_begun() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    fs::write(room.path().join("report.box"), b"torn").unwrap();
    let store = open(&folder);
    assert!(store.can_tell());
    let aside = files(&room.path().join("set-aside"));
    assert_eq!(aside.values().collect::<Vec<_>>(), [b"torn"]);
    assert_eq!(report_box::waiting(&folder).unwrap(), 0, "what cannot be opened is not sent either");
}

#[test]
fn nothing_can_be_told_while_a_role_has_no_key_and_the_box_changes_with_the_keys() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let mut store = open(&folder);
    assert!(!store.can_tell());
    store.visited(None).unwrap();
    assert!(boxes(room.path()).is_empty(), "and no box is kept");
    assert!(store.visited(Some((Route::Safeguarding, report(1)))).is_err());
    store.take_roster(&hub.telling_roster(2)).unwrap();
    assert!(store.can_tell());
    store.visited(Some((Route::Safeguarding, report(1)))).unwrap();
    store.take_roster(&hub.telling_roster(3)).unwrap();
    assert_eq!(boxes(room.path()).len(), 1, "the same keys, the same box");
    store.take_roster(&hub.roster(4)).unwrap();
    assert!(!store.can_tell());
    assert_eq!(
        read_by(&hub, &folder, Role::Safeguarding),
        ["Child number 1"],
        "closed, and kept for the hub"
    );
}

#[test]
fn a_closed_box_goes_to_the_hub_as_it_is_however_often_and_then_goes() {
    let listener = Listener::start();
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let code = listener.far().code.to_string();
    kiosk::sync::pair(&folder, &listener.address, &code, "Acorn classroom").unwrap();
    let pack = telling_draft().sign(crate::school::school(), 3, &listener.hub.key);
    listener.far().pack = Some((3, pack));
    listener.far().roster = Some((4, listener.hub.telling_roster(4)));
    let mut program = Program::start(room.path());
    program.tell(r#"{"do":"sync"}"#);
    for label in ["I didn’t like something", "I want to tell", "I want to tell", "Sad", "Something else"] {
        program.press(label);
    }
    for label in ["At home", "Me", "No, not now", "Yes, give it in"] {
        program.press(label);
    }
    assert_eq!(program.screen(), "told");
    program.press("Finish");
    program.tell(r#"{"do":"sync"}"#);
    assert!(listener.far().boxes.is_empty(), "a report makes no box go sooner");
    program.end();
    let box_of_before = fs::read(room.path().join("report.box")).unwrap();
    listener.far().lose_next_reply = true;
    let mut program = Program::start(room.path());
    for _ in 0..2 {
        program.tell(r#"{"do":"sync"}"#);
    }
    program.end();
    let sent = listener.far().boxes.clone();
    assert_eq!(sent.len(), 2, "once, and once more after the lost answer");
    assert!(sent.iter().all(|bytes| *bytes == box_of_before), "the very bytes of the disk");
    assert_eq!(report_box::waiting(&folder).unwrap(), 0);
    let device = Device::read(&folder).unwrap().unwrap().id();
    let found = sealed_box::open(&sent[0], device, &listener.hub.office).unwrap();
    let key = &listener.hub.roles[Role::Safeguarding as usize];
    let reports =
        found.iter().filter(|e| matches!(report_envelope::open(&e[..], key), Ok(Contents::Report(_))));
    assert_eq!(reports.count(), 1);
}
