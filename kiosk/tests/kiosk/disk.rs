//! The outbox: what is acknowledged to a person is on the disk, and stays there.

use std::{fs, io::Write as _, os::unix::fs::FileExt as _, process::Command};

use kiosk::{
    folder::Folder,
    machine::{DiskRoom, Event},
    outbox::{KEEP_SECONDS, Outbox},
    storage::{Store, wall_clock},
};
use records::{
    day::Moment,
    envelope::{NamedEnvelope, NamedRecord},
    ids::{DeviceId, RecordId},
    signature::{Drawing, Mark, Point, Signature},
    sync::{Outcome, Place, RecordOutcome, SyncToken},
};

use crate::school::{Hub, draft, person};

pub(crate) fn signature(n: u8) -> Signature {
    let pack = draft().content;
    let agreement = &pack.agreements[0];
    Signature {
        id: RecordId::from_bytes([n; 16]),
        person: person(1, usize::from(n % 30)),
        audience: agreement.audience,
        agreement: agreement.slug.clone(),
        version: agreement.version.clone(),
        words: agreement.digest(),
        help: None,
        when: Moment(1_790_000_000),
        year: pack.year,
        device: DeviceId::from_bytes([3; 16]),
        mark: Mark::Drawn(Drawing::new(vec![vec![Point(1, 2), Point(3, 4)]]).unwrap()),
        helped: false,
    }
}

/// Of the record with this number, which the hub holds.
fn outcome(place: Place, n: u8) -> RecordOutcome {
    RecordOutcome { place, id: Some(RecordId::from_bytes([n; 16])), outcome: Outcome::Stored }
}

#[test]
fn what_was_saved_is_there_after_the_program_died_without_a_word() {
    let room = tempfile::tempdir().unwrap();
    let hub = Hub::new();
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(1)).unwrap();
    store.save(signature(2)).unwrap();
    // As a killed process leaves it: nothing is closed, the log is not folded in.
    let copy = tempfile::tempdir().unwrap();
    for name in ["device.key", "hub.cbor", "outbox.db", "outbox.db-wal", "epoch"] {
        fs::copy(folder.path(name), copy.path().join(name)).unwrap();
    }
    let mut died = Store::open(Folder::at(copy.path()).unwrap()).unwrap().0;
    let batch = died.outbox().batch(500).unwrap();
    let opened: Vec<_> = batch
        .iter()
        .map(|n| NamedEnvelope::from_bytes(&n.envelope).unwrap().open(&hub.office).unwrap())
        .collect();
    assert_eq!(opened, [NamedRecord::Signature(signature(1)), NamedRecord::Signature(signature(2))]);
    died.save(signature(3)).unwrap();
    let places: Vec<_> = died.outbox().batch(500).unwrap().iter().map(|n| n.place.sequence).collect();
    assert_eq!(places, [1, 2, 3]);
}

#[test]
fn however_often_a_record_is_sent_it_is_the_same_bytes() {
    let room = tempfile::tempdir().unwrap();
    let hub = Hub::new();
    let folder = hub.kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(1)).unwrap();
    let first = store.outbox().batch(500).unwrap();
    // The child tries again, because the first answer was lost on the way.
    store.save(signature(1)).unwrap();
    assert_eq!(store.outbox().batch(500).unwrap(), first, "sealed once, numbered once");
    drop(store);
    let (mut store, _) = Store::open(folder).unwrap();
    assert_eq!(store.outbox().batch(500).unwrap(), first);
    assert_eq!(store.outbox().counts().unwrap().last_sequence, 1);
}

#[test]
fn an_acknowledged_record_stays_until_a_backup_has_it_or_thirty_days_have_passed() {
    let room = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(Hub::new().kiosk(room.path())).unwrap();
    for n in 1..=4 {
        store.save(signature(n)).unwrap();
    }
    let outbox = store.outbox();
    let places: Vec<_> = outbox.batch(500).unwrap().iter().map(|n| n.place).collect();
    let now = wall_clock();
    let outcomes = [outcome(places[0], 1), outcome(places[1], 2), outcome(places[2], 3)];
    assert_eq!(outbox.acknowledge(&outcomes, now).unwrap(), 3);
    assert_eq!(outbox.batch(500).unwrap().len(), 1);
    assert_eq!(outbox.let_go(None, now).unwrap(), 0);
    assert_eq!(outbox.let_go(Some(places[0]), now).unwrap(), 1);
    // A backup that claims more than was acknowledged takes nothing that waits.
    assert_eq!(outbox.let_go(Some(places[3]), now).unwrap(), 2);
    assert_eq!(outbox.counts().unwrap().waiting, 1);
    assert_eq!(outbox.let_go(None, Moment(now.0 + KEEP_SECONDS + 1)).unwrap(), 0, "unacknowledged: never");
    outbox.acknowledge(&[outcome(places[3], 4)], now).unwrap();
    assert_eq!(outbox.let_go(None, Moment(now.0 + KEEP_SECONDS - 1)).unwrap(), 0);
    assert_eq!(outbox.let_go(None, Moment(now.0 + KEEP_SECONDS + 1)).unwrap(), 1);
}

#[test]
fn an_acknowledgement_of_another_record_lets_none_go() {
    let room = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(Hub::new().kiosk(room.path())).unwrap();
    store.save(signature(1)).unwrap();
    let outbox = store.outbox();
    let place = outbox.batch(500).unwrap()[0].place;
    let unnamed = RecordOutcome { place, id: None, outcome: Outcome::Stored };
    for wrong in [outcome(place, 2), unnamed.clone()] {
        assert_eq!(outbox.acknowledge(&[wrong], wall_clock()).unwrap(), 0);
        assert_eq!(outbox.counts().unwrap().waiting, 1, "it is sent again");
    }
    // What the hub could not read it keeps as it came, under no name.
    let aside = RecordOutcome { outcome: Outcome::SetAside("damaged".into()), ..unnamed };
    assert_eq!(outbox.acknowledge(&[aside], wall_clock()).unwrap(), 1);
}

#[test]
fn a_new_epoch_numbers_from_one_and_what_waits_keeps_its_place() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(1)).unwrap();
    store.greeted(SyncToken([1; 16]), 7).unwrap();
    store.save(signature(2)).unwrap();
    let places: Vec<_> = store.outbox().batch(500).unwrap().iter().map(|n| n.place).collect();
    assert_eq!(places, [Place { epoch: 1, sequence: 1 }, Place { epoch: 7, sequence: 1 }]);
    assert_eq!(store.outbox().token().unwrap(), Some(SyncToken([1; 16])));
    assert_eq!(folder.epoch().unwrap(), 7);
}

#[test]
fn a_hub_that_orders_another_epoch_is_sent_again_what_it_may_have_lost() {
    let room = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(Hub::new().kiosk(room.path())).unwrap();
    for n in 1..=3 {
        store.save(signature(n)).unwrap();
    }
    let sent = store.outbox().batch(500).unwrap();
    let aside = RecordOutcome { outcome: Outcome::SetAside("odd".into()), ..outcome(sent[2].place, 3) };
    let outcomes = [outcome(sent[0].place, 1), outcome(sent[1].place, 2), aside];
    assert_eq!(store.outbox().acknowledge(&outcomes, wall_clock()).unwrap(), 3);
    store.greeted(SyncToken([1; 16]), 1).unwrap();
    assert!(store.outbox().batch(500).unwrap().is_empty(), "all is well: nothing goes twice");
    store.greeted(SyncToken([2; 16]), 2).unwrap();
    assert_eq!(store.outbox().batch(500).unwrap(), sent[..2], "the same bytes at the same places");
    let counts = store.outbox().counts().unwrap();
    assert_eq!((counts.waiting, counts.set_aside), (2, 1), "what somebody looks at is not sent again");
    let later = Moment(wall_clock().0 + KEEP_SECONDS + 1);
    store.outbox().let_go(None, later).unwrap();
    assert_eq!(store.outbox().counts().unwrap().waiting, 2, "kept until it is acknowledged anew");
}

#[test]
fn a_damaged_outbox_is_set_aside_and_no_place_is_given_out_twice() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(1)).unwrap();
    drop(store);
    let file = fs::File::options().write(true).open(folder.path("outbox.db")).unwrap();
    file.write_all_at(&[0xFF; 3000], 0).unwrap();
    let damaged = fs::read(folder.path("outbox.db")).unwrap();
    let (mut store, found) = Store::open(folder.clone()).unwrap();
    assert!(found.problems[0].contains("was set aside as"), "{:?}", found.problems);
    let kept: Vec<_> = fs::read_dir(folder.path("set-aside")).unwrap().flatten().collect();
    assert!(kept.iter().any(|f| fs::read(f.path()).unwrap() == damaged), "kept as it was");
    assert!(found.pack.is_some() && !found.classes.is_empty(), "children can go on");
    store.save(signature(2)).unwrap();
    let batch = store.outbox().batch(500).unwrap();
    assert_eq!(batch[0].place, Place { epoch: 2, sequence: 1 });
}

#[test]
fn a_newer_programs_outbox_is_left_alone() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(room.path());
    let other = rusqlite::Connection::open(folder.path("outbox.db")).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    drop(other);
    let refused = Store::open(folder.clone()).unwrap_err().to_string();
    assert!(refused.contains("Update this program"), "{refused}");
    assert!(!folder.path("set-aside").exists());
}

#[test]
fn the_outbox_tells_who_signed_which_words_on_which_day_and_nothing_else() {
    let room = tempfile::tempdir().unwrap();
    let folder = Hub::new().kiosk(room.path());
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(4)).unwrap();
    let signed = store.outbox().signed([person(1, 4), person(1, 5)].into_iter()).unwrap();
    assert_eq!(signed.len(), 1);
    assert_eq!(signed[0].person, person(1, 4));
    assert_eq!(signed[0].day.to_string(), "2026-09-21");
    drop(store);
    assert!(Outbox::open_to_read(&folder).unwrap().is_some());
    let bytes = fs::read(folder.path("outbox.db")).unwrap();
    // The agreement's name stands in every signature; on the disk it is only inside the seal.
    let plain = records::codec::encode(&signature(4));
    let part = &plain[plain.len() - 24..];
    assert!(!bytes.windows(part.len()).any(|w| w == part), "the mark can be read");
}

/// A disk of this many MiB; none, with a word about it, where this account may mount none.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(mib: u64) -> Option<Self> {
        let room = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "none"]).arg(room.path());
        if mount.output().is_ok_and(|output| output.status.success()) {
            return Some(Self(room));
        }
        eprintln!("NOTICE: no disk can be mounted here: not tried on a full one");
        None
    }
    /// Leaves so many bytes.
    fn fill(&self, left: u64) {
        let disk = Folder::at(self.0.path()).unwrap();
        let mut file =
            fs::File::options().append(true).create(true).open(self.0.path().join("other")).unwrap();
        while let Some(more) = disk.free().unwrap().checked_sub(left).filter(|more| *more > 0) {
            let part = vec![1; usize::try_from(more.min(1 << 20)).unwrap()];
            if file.write_all(&part).is_err() {
                return;
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[test]
fn on_a_disk_that_something_else_has_filled_what_is_thanked_for_still_fits_and_staff_are_told() {
    let Some(disk) = SmallDisk::new(90) else { return };
    let hub = Hub::new();
    let folder = hub.telling_kiosk(&disk.0.path().join("kiosk"));
    let (mut store, found) = Store::open(folder.clone()).unwrap();
    assert_eq!(found.disk, DiskRoom::Enough);
    disk.fill(0);
    for n in 1..=30 {
        store.save(signature(n)).unwrap();
        store.visited(None).unwrap();
    }
    assert!(!folder.path("reserve").exists(), "the reserve was given up for them");
    assert!(matches!(store.disk_news(), Some(Event::Disk(DiskRoom::Low))), "and staff are told");

    disk.fill(0);
    let mut last = 30;
    while store.save(signature(last + 1)).is_ok() {
        last += 1;
    }
    assert!(matches!(store.disk_news(), Some(Event::Disk(DiskRoom::Stopped))), "nobody is asked any more");
    assert_eq!(store.outbox().all_kept().unwrap().len(), usize::from(last));

    fs::remove_file(disk.0.path().join("other")).unwrap();
    assert!(store.look_after().iter().any(|event| matches!(event, Event::Disk(DiskRoom::Enough))));
    assert!(folder.path("reserve").exists(), "and it is kept anew");
    store.save(signature(last + 1)).unwrap();
}

#[test]
fn a_kiosk_that_starts_on_a_full_disk_starts_all_the_same() {
    let Some(disk) = SmallDisk::new(90) else { return };
    let hub = Hub::new();
    let folder = hub.kiosk(&disk.0.path().join("kiosk"));
    let (mut store, _) = Store::open(folder.clone()).unwrap();
    store.save(signature(1)).unwrap();
    drop(store);
    disk.fill(0);
    let (mut store, _) = Store::open(folder).unwrap();
    store.save(signature(2)).unwrap();
    assert_eq!(store.outbox().all_kept().unwrap().len(), 2);
}

#[test]
fn where_no_report_box_can_be_begun_staff_are_told_and_it_is_tried_again() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let _ = fs::remove_file(folder.path("report.box"));
    fs::create_dir_all(folder.path("report.new").join("in the way")).unwrap();
    let (mut store, found) = Store::open(folder.clone()).unwrap();
    assert!(!found.telling);
    let told = found.problems.join(" ");
    assert!(told.contains("Nobody can tell anything here yet"), "{told}");
    fs::remove_dir_all(folder.path("report.new")).unwrap();
    assert!(store.look_after().iter().any(|event| matches!(event, Event::Telling(true))));
    assert!(store.can_tell());
}
