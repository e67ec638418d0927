//! The hub's disk is full from any of its writes on, and then has room again: nothing acknowledged is lost, whoever asked
//! is told in words, the hub lives on, and the same is done once there is room.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tests::child::{Child, Visit};
use tests::days_ahead::DaysAhead;
use tests::desk::{Answer, Desk, OWN_PASSWORD};
use tests::full_disk::{Asked, FullDisk, some_of};
use tests::process::{Process, ProcessError};
use tests::school::{PATIENCE, School, SchoolError, copy, run, serving};

const SEED: u64 = 20_261_130;
/// What whoever asked is told, by what the disk said and where it said so.
const WORDS: [&str; 5] = [
    "There is no room left on the hub’s disk",
    "The hub cannot answer now",
    "the hub’s disk is full. Nothing is lost",
    "the hub cannot answer now. Nothing is lost",
    "Try again",
];
/// How many days later the signatures of this school year have reached their end, and the hub has looked at the rules again
/// and again since: where its clock jumps it waits.
const LOOKS: [u32; 3] = [730, 745, 770];

/// So many of the writes of something long are tried; of something short all of them. In a long run all but those of a
/// backup, of which each try takes seconds.
fn most(in_short: u64) -> u64 {
    if std::env::var_os("SIGNPOST_LONG").is_some() { 500 } else { in_short }
}

/// Tries something with the disk full from each of its writes on. `attempt` fills the disk from the write with this
/// number on, makes room, and has it done; it gives back what was asked of the disk meanwhile.
fn at_each_write(what: &str, most: u64, mut attempt: impl FnMut(u64) -> Asked) {
    let begun = Instant::now();
    // The first time is often more than those after it.
    let writes = attempt(u64::MAX).calls.min(attempt(u64::MAX).calls);
    assert!(writes > 0, "{what} writes nothing: the disk does not see it");
    let (mut tried, mut refused) = (0, 0);
    let mut meets_it = |from: u64| {
        let met = attempt(from).refused > 0;
        (tried, refused) = (tried + 1, refused + u64::from(met));
        met
    };
    if writes <= most {
        // On to the first that meets no full disk any more.
        assert!((1..writes + 50).any(|from| !meets_it(from)), "seed {SEED}: {what} never comes to its end");
    } else {
        some_of(writes, most, SEED).into_iter().for_each(|from| {
            meets_it(from);
        });
    }
    println!(
        "a full disk, seed {SEED}: {what}: {writes} writes, full from {tried} of them on, {refused} met it; {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    // What the hub does by itself comes in between: now and then something is done with fewer writes.
    assert!(refused * 10 >= tried * 8, "seed {SEED}: {what}: {refused} of {tried} met a full disk");
}

/// A school whose hub serves on a disk that can be filled.
struct Office {
    school: School,
    disk: FullDisk,
    hub: Process,
    desk: Desk,
    _clock: DaysAhead,
}

impl Office {
    fn open() -> Self {
        Self::open_later(0)
    }

    /// The same, so many minutes after the office has signed in.
    fn open_later(minutes: u32) -> Self {
        let mut school = School::open().unwrap();
        let desk = school.desk().unwrap();
        let (disk, clock) = (FullDisk::under(&school.hub_data()).unwrap(), DaysAhead::new().unwrap());
        school.kill_hub();
        let mut command = serve(&school, &school.hub_data(), school.kiosk_address());
        disk.attach(&mut command);
        clock.attach_minutes(&mut command, minutes);
        school.take_hub(Process::start(command).unwrap()).unwrap();
        let hub = school.give_hub().unwrap();
        let desk = desk.moved_to(school.desk_address());
        Self { school, disk, hub, desk, _clock: clock }
    }

    /// That the hub runs, and nothing in it fell over.
    fn assert_lives(&mut self, from: u64) {
        let told = self.hub.stderr();
        assert!(self.hub.is_running() && !told.contains("panicked"), "full from write {from} on:\n{told}");
    }

    /// Sends a form with the disk full, then with room. Gives back the answer that did it.
    fn send(
        &mut self,
        from: u64,
        path: &str,
        form: &[(&str, &str)],
        done: fn(&Answer) -> bool,
    ) -> (Answer, Asked) {
        self.disk.fill(from).unwrap();
        let first = self.desk.send(path, form).unwrap();
        let asked = self.disk.make_room().unwrap();
        self.assert_lives(from);
        if done(&first) {
            return (first, asked);
        }
        let told = WORDS.iter().any(|words| first.body.contains(words));
        assert!(
            first.status == 503 && told && asked.refused > 0,
            "{path}, full from write {from} on: {}\n{}",
            first.head,
            first.body
        );
        let second = self.desk.send(path, form).unwrap();
        assert!(done(&second), "{path}, after write {from}: {}\n{}", second.head, second.body);
        (second, asked)
    }

    /// A copy of the hub's folder as it is now opens, is whole by every check that a backup makes, and its log hangs
    /// together.
    fn assert_whole(&self, from: u64) {
        assert_whole(&self.school, &self.school.hub_data(), from);
    }
}

fn assert_whole(school: &School, data: &Path, from: u64) {
    let scratch = tests::process::scratch_folder().unwrap();
    let (hub, backups) = (scratch.path().join("hub"), scratch.path().join("backups"));
    copy(data, &hub).unwrap();
    fs::create_dir(&backups).unwrap();
    let arguments = ["backup", "--to", &backups.display().to_string()];
    run("a backup", school.hub_program(&arguments, &hub).unwrap())
        .unwrap_or_else(|error| panic!("full from write {from} on: {error}"));
    let told = run("the check", school.hub_program(&["audit", "check"], &hub).unwrap());
    assert!(told.is_ok(), "full from write {from} on: {told:?}");
}

fn serve(school: &School, data: &Path, kiosks: SocketAddr) -> Command {
    let kiosks = kiosks.to_string();
    school.hub_program(&["serve", "--desk", "127.0.0.1:0", "--kiosks", &kiosks], data).unwrap()
}

/// Whether a round or a pairing was done; if not, that it was told in words why.
fn is_done<T>(outcome: Result<T, SchoolError>, asked: Asked, from: u64) -> bool {
    match outcome {
        Ok(_) => true,
        Err(error) => {
            let told = error.to_string();
            let in_words = WORDS.iter().any(|words| told.contains(words));
            assert!(in_words && asked.refused > 0, "full from write {from} on, {asked:?}: {told}");
            false
        }
    }
}

#[test]
fn what_kiosks_bring_to_a_full_disk_is_refused_in_words_and_is_there_once_when_there_is_room() {
    let mut office = Office::open();
    let data = office.school.paired_kiosk("Corridor").unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    let mut pupils = child.everybody().unwrap().0.into_iter();
    let mut signed = 0;
    at_each_write("a round with a signature", most(60).min(200), |from| {
        let pupil = pupils.next().unwrap();
        office.disk.fill(from).unwrap();
        assert!(matches!(child.sign(&pupil).unwrap(), Visit::Thanked(_)), "a kiosk needs no hub for that");
        let outcome = child.sync();
        if from % 16 == 1 {
            // As somebody finds it who switches the computer off at this moment.
            office.assert_whole(from);
        }
        let asked = office.disk.make_room().unwrap();
        office.assert_lives(from);
        is_done(outcome, asked, from);
        signed += 1;
        let acknowledged = child.figures().unwrap().acknowledged;
        let stored = office.desk.signed().unwrap().len() as u64;
        assert!(
            stored >= acknowledged,
            "full from write {from} on: {acknowledged} acknowledged, {stored} stored"
        );
        child.sync().unwrap();
        let figures = child.figures().unwrap();
        assert_eq!((figures.waiting, figures.set_aside), (0, 0), "after write {from}");
        assert_eq!(office.desk.signed().unwrap().len(), signed, "after write {from}");
        asked
    });
    child.leave().unwrap();

    let mut number = 0;
    at_each_write("pairing", most(12), |from| {
        number += 1;
        let token = office.desk.form_token("/kiosks").unwrap();
        let page = office.desk.send("/kiosks/pair", &[("form_token", &token), ("name", "")]).unwrap();
        let code = page.body.split("<dd id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let name = format!("kiosk-{number}");
        let pair = || {
            run("pairing", office.school.pair_command(&name, office.school.kiosk_address(), &code).unwrap())
        };
        office.disk.fill(from).unwrap();
        let outcome = pair();
        let asked = office.disk.make_room().unwrap();
        if !is_done(outcome, asked, from) {
            pair().unwrap_or_else(|error| panic!("after write {from}: {error}"));
        }
        office.assert_lives(from);
        asked
    });
    office.assert_whole(0);
}

#[test]
fn a_box_that_comes_to_a_full_disk_is_kept_by_the_kiosk_and_each_report_is_read_once() {
    let mut office = Office::open();
    let data = office.school.paired_kiosk("Corridor").unwrap();
    let mut holders = office.school.holders().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();
    let boxes = || fs::read_dir(data.join("boxes")).map_or(0, Iterator::count);
    let mut told = 0;
    let mut next_start = |office: &mut Office, from: u64| {
        office.disk.fill(from).unwrap();
        // A box is closed when the kiosk starts, and goes with the next round.
        let mut child = Child::at(&data).unwrap();
        let outcome = child.sync();
        let asked = office.disk.make_room().unwrap();
        office.assert_lives(from);
        is_done(outcome, asked, from);
        child.sync().unwrap_or_else(|error| panic!("after write {from}: {error}"));
        assert_eq!(boxes(), 0, "after write {from}");
        child.tell(&["Worried", "I got a message", "In a game", "I don’t know them", "No, not now"]).unwrap();
        child.press("Finish").unwrap();
        child.leave().unwrap();
        told += 1;
        asked
    };
    // A kiosk brings at most a hundred boxes a day.
    at_each_write("a round with a report box", most(30).min(90), |from| next_start(&mut office, from));
    next_start(&mut office, u64::MAX);
    told -= 1;
    assert_eq!(holders[0].reports().unwrap().len(), told, "each that was brought, once");
    office.assert_whole(0);
}

#[test]
fn what_the_office_does_on_a_full_disk_is_refused_in_words_and_done_when_there_is_room() {
    let mut office = Office::open();
    let everybody = office.desk.page("/people/everybody").unwrap();
    let people: BTreeSet<String> = everybody
        .split("href=\"/people/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|id| id.len() == 32)
        .map(str::to_owned)
        .collect();
    let mut people = people.into_iter();
    at_each_write("entering a no", most(40), |from| {
        let path = format!("/people/{}", people.next().unwrap());
        let page = office.desk.page(&path).unwrap();
        let between = |before: &str| page.split(before).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = page.split("value=\"decline\"").nth(1).unwrap();
        let agreement = form.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap();
        let (token, today) = (between("name=\"form_token\" value=\""), between("type=\"date\" value=\""));
        let form = [
            ("form_token", token.as_str()),
            ("what", "decline"),
            ("agreement", agreement),
            ("on", &today),
            ("remark", "Her mother wants to talk first"),
        ];
        let (_, asked) = office.send(from, &path, &form, |answer| answer.status == 303);
        let page = office.desk.page(&path).unwrap();
        assert_eq!(page.matches(">said no on ").count(), 1, "after write {from}");
        asked
    });
    at_each_write("signing in", most(8), |from| {
        let mut desk =
            Desk::at(office.school.desk_address(), &office.school.hub_data().join("school-ca.pem")).unwrap();
        let token = desk.form_token("/sign-in").unwrap();
        std::mem::swap(&mut desk, &mut office.desk);
        let name = office.school.first_sign_in.0.clone();
        let form = [("form_token", token.as_str()), ("name", &name), ("password", OWN_PASSWORD)];
        let (_, asked) = office.send(from, "/sign-in", &form, |answer| answer.status == 303);
        assert_eq!(office.desk.get("/").unwrap().status, 200, "after write {from}");
        asked
    });
    let pupils = fs::read_to_string(office.school.path("pupils.csv")).unwrap();
    let mut joined = 0;
    at_each_write("taking a list of pupils", most(20), |from| {
        joined += 1;
        let more: String = (0..joined)
            .map(|number| format!("0091{number:04},Winterbourne,Child{number},Year 1,Acorn\n"))
            .collect();
        let token = office.desk.form_token("/people").unwrap();
        let list = format!("{pupils}{more}");
        let mut shown = office.desk.send_file("/people", &token, "pupils.csv", list.as_bytes()).unwrap();
        if shown.body.contains("action=\"/people/columns\"") {
            shown = office.desk.send("/people/columns", &[("form_token", &token)]).unwrap();
        }
        assert!(shown.body.contains("action=\"/people/decide\""), "{}", shown.body);
        let form = [("form_token", token.as_str()), ("what", "take")];
        let (answer, asked) = office.send(from, "/people/decide", &form, |answer| answer.status == 200);
        assert!(answer.body.contains("1 joined, 0 left"), "after write {from}: {}", answer.body);
        asked
    });
    office.assert_whole(0);
}

#[test]
fn the_office_can_look_up_what_it_needs_though_the_disk_is_full() {
    // By then it is noted that somebody still sits there.
    let mut office = Office::open_later(5);
    office.disk.fill(1).unwrap();
    for path in ["/", "/register/ks1", "/people/everybody", "/consent/may-i"] {
        let answer = office.desk.get(path).unwrap();
        assert_eq!(answer.status, 200, "{path}: {}\n{}", answer.head, answer.body);
    }
    let asked = office.disk.make_room().unwrap();
    assert!(asked.refused > 0, "the hub wanted to note that somebody sits there: {asked:?}");
    office.assert_lives(1);
}

#[test]
fn a_hub_that_is_started_on_a_full_disk_serves_or_says_why_not_and_serves_when_there_is_room() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let mut desk = school.desk().unwrap();
    five_sign_at(&data);
    assert_eq!(desk.signed().unwrap().len(), 5);
    // As a killed hub leaves it, with a log that is to be folded in.
    school.kill_hub();
    let disk = FullDisk::under(&school.path("")).unwrap();
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    at_each_write("starting", most(25), |from| {
        let data = fresh(&school, from);
        let mut command = serve(&school, &data, anywhere);
        disk.attach(&mut command);
        disk.fill(from).unwrap();
        let mut hub = Process::start(command).unwrap();
        let served = serving(&mut hub);
        let asked = disk.make_room().unwrap();
        let told = hub.stderr();
        assert!(!told.contains("panicked"), "full from write {from} on:\n{told}");
        let address = match served {
            Ok((address, _)) => address,
            Err(error) => {
                assert!(matches!(error, ProcessError::Ended { .. }) && asked.refused > 0, "{from}: {error}");
                let ended = hub.wait(PATIENCE).unwrap();
                let told = hub.stderr();
                assert_eq!(ended.code(), Some(1), "full from write {from} on:\n{told}");
                assert!(!told.contains("panicked") && says_why(&told), "full from write {from} on:\n{told}");
                hub = Process::start(serve(&school, &data, anywhere)).unwrap();
                serving(&mut hub).unwrap_or_else(|error| panic!("after write {from}: {error}")).0
            }
        };
        assert_eq!(desk.moved_to(address).signed().unwrap().len(), 5, "after write {from}");
        hub.kill();
        fs::remove_dir_all(&data).unwrap();
        asked
    });
}

#[test]
fn a_hub_that_cannot_be_made_for_want_of_room_is_made_in_the_same_place_when_there_is_room() {
    let folder = tests::process::scratch_folder().unwrap();
    let passphrase = folder.path().join("passphrase");
    fs::write(&passphrase, "heron lamp basket tide").unwrap();
    let disk = FullDisk::under(folder.path()).unwrap();
    let make = |data: &Path| {
        let mut command = Command::new(tests::process::our_program("signpost-hub", "hub").unwrap());
        command.args(["init", "--school-name", "Larkfield Primary School", "--data"]).arg(data);
        command.arg("--passphrase-file").arg(&passphrase);
        disk.attach(&mut command);
        command.output().unwrap()
    };
    at_each_write("making a hub", most(12), |from| {
        let data = folder.path().join(format!("hub-{from}"));
        disk.fill(from).unwrap();
        let made = make(&data);
        let asked = disk.make_room().unwrap();
        if !made.status.success() {
            let told = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.code() == Some(1) && says_why(&told), "full from write {from} on:\n{told}");
            assert!(made.stdout.is_empty(), "nobody is shown what opens a hub that was not made");
            let made = make(&data);
            let told = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "after write {from}:\n{told}");
        }
        fs::remove_dir_all(&data).unwrap();
        asked
    });
}

/// What a program that ends because of a full disk says.
fn says_why(told: &str) -> bool {
    [
        "the disk is full",
        "the disk failed",
        "No space left on device",
        "there is no room left",
        "Look whether the disk has room",
    ]
    .iter()
    .any(|words| told.contains(words))
}

/// Five children sign at a kiosk, and the hub has it.
fn five_sign_at(data: &Path) {
    let mut child = Child::at(data).unwrap();
    let pupils = child.everybody().unwrap().0;
    for pupil in &pupils[..5] {
        assert!(matches!(child.sign(pupil).unwrap(), Visit::Thanked(_)));
    }
    child.sync().unwrap();
    child.leave().unwrap();
}

/// A copy of the hub's data.
fn fresh(school: &School, from: u64) -> PathBuf {
    let data = school.path(&format!("hub-{from}"));
    copy(&school.hub_data(), &data).unwrap();
    data
}

#[test]
fn what_has_reached_its_end_goes_once_though_the_disk_was_full_when_it_was_to_go() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    five_sign_at(&data);
    school.kill_hub();
    let (disk, clock) = (FullDisk::under(&school.path("")).unwrap(), DaysAhead::new().unwrap());
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    const NOT_REMOVED: &str = "was not removed";
    let later = |data: &Path, days: u32| {
        let mut command = serve(&school, data, anywhere);
        disk.attach(&mut command);
        clock.attach(&mut command, days);
        Process::start(command).unwrap()
    };
    // What a hub says until it has looked, or has ended. That the database's log is emptied comes last.
    let looked = |hub: &mut Process, data: &Path| -> String {
        let (log, begun) = (data.join("hub.db-wal"), Instant::now());
        loop {
            let (runs, told) = (hub.is_running(), hub.stderr());
            let emptied = told.contains("serving") && fs::metadata(&log).is_ok_and(|log| log.len() == 0);
            if emptied || told.contains(NOT_REMOVED) || !runs && told.contains("signpost-hub: ") {
                return told;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not look what has reached its end:\n{told}");
            thread::sleep(Duration::from_millis(5));
        }
    };
    let (last, earlier) = LOOKS.split_last().unwrap();
    for days in earlier {
        let mut hub = later(&school.hub_data(), *days);
        looked(&mut hub, &school.hub_data());
        hub.ask_to_end();
        assert!(hub.wait(PATIENCE).unwrap().success(), "{}", hub.stderr());
    }
    at_each_write("starting and removing what has reached its end", most(12), |from| {
        let data = fresh(&school, from);
        disk.fill(from).unwrap();
        let mut hub = later(&data, *last);
        let told = looked(&mut hub, &data);
        let asked = disk.make_room().unwrap();
        assert!(!told.contains("panicked"), "full from write {from} on:\n{told}");
        if told.contains(NOT_REMOVED) || !hub.is_running() {
            assert!(says_why(&told) && asked.refused > 0, "full from write {from} on:\n{told}");
            hub.kill();
            hub = later(&data, *last);
            let told = looked(&mut hub, &data);
            assert!(hub.is_running() && !told.contains(NOT_REMOVED), "after write {from}:\n{told}");
        }
        hub.kill();
        let log = ["audit", "show", "--words", "pupil-signatures", "--most", "1000"];
        let log = run("the log", school.hub_program(&log, &data).unwrap()).unwrap();
        assert_eq!(log.matches("pupil-signatures 5").count(), 1, "after write {from}:\n{log}");
        assert_whole(&school, &data, from);
        fs::remove_dir_all(&data).unwrap();
        asked
    });
}

#[test]
fn a_backup_on_a_full_disk_is_told_and_those_from_before_are_as_they_were() {
    let mut school = School::open().unwrap();
    school.kill_hub();
    let backups = school.path("backups");
    fs::create_dir(&backups).unwrap();
    let disk = FullDisk::under(&school.path("")).unwrap();
    let to = backups.display().to_string();
    let make = || {
        let mut command = school.hub_program(&["backup", "--to", &to], &school.hub_data()).unwrap();
        disk.attach(&mut command);
        command.output().unwrap()
    };
    let names = || -> BTreeSet<PathBuf> {
        let all = fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| path.extension().is_some_and(|ending| ending == "backup")).collect()
    };
    // Its name has the second in which it was made: one of the same second takes its place.
    let second = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut last = second();
    at_each_write("a backup", most(10), |from| {
        while second() == last {
            thread::sleep(Duration::from_millis(5));
        }
        let before = names();
        disk.fill(from).unwrap();
        let made = make();
        let asked = disk.make_room().unwrap();
        let told = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(!told.contains("panicked"), "full from write {from} on:\n{told}");
        let mut after = names();
        if !made.status.success() {
            assert!(made.status.code() == Some(1) && says_why(&told), "full from write {from} on:\n{told}");
            assert!(before.is_subset(&after), "full from write {from} on: {before:?} {after:?}");
            let again = make();
            let told = String::from_utf8_lossy(&again.stderr);
            assert!(again.status.success(), "after write {from}: {told}");
            after.extend(names());
            after.retain(|path| path.exists());
        }
        assert!(after.len() > before.len() || after != before, "after write {from}: no backup was made");
        // Whatever has a backup's name is one.
        for path in after.difference(&before) {
            let arguments = ["restore", "--try", &path.display().to_string()];
            let mut command = Command::new(tests::process::our_program("signpost-hub", "hub").unwrap());
            command.args(arguments).arg("--passphrase-file").arg(school.path("passphrase"));
            run("trying a backup", command).unwrap_or_else(|error| panic!("after write {from}: {error}"));
        }
        last = second();
        asked
    });
}
