//! Backups: made beside a working hub, verified, kept, put back; and what happens when something is in the way.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use hub::{
    backup::{BackupError, make, restore},
    clock::Clock,
    folder::Folder,
    hub::Hub,
    store::audit::Actor,
};
use records::{
    envelope::NamedRecord,
    sync::{Outcome, Place},
};

use crate::{
    browser::Browser,
    kiosk::Kiosk,
    program::{Program, text, value, write},
    school::{PASSPHRASE, PUPILS, School, draft, ks1, passphrase, year},
};

const DAY: i64 = 24 * 3600;

/// The files in a folder of backups, by name, but for the list of what was erased.
fn backups(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path));
    let named = named.filter(|(name, _)| !name.contains(".erased"));
    named.map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}

fn stick(school: &School) -> PathBuf {
    let stick = school.dir.path().join("stick");
    fs::create_dir_all(&stick).unwrap();
    stick
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

async fn signed(school: &School, kiosk: &mut Kiosk, name: &str) -> Vec<u8> {
    let person = school.hub.store.people().unwrap().into_iter().find(|p| p.forename == name).unwrap();
    kiosk.seal(&NamedRecord::Signature(kiosk.signature(person.id, &ks1("3.0"), school.hub.now())))
}

#[tokio::test]
async fn a_backup_made_while_the_hub_works_comes_back_with_all_that_it_knew() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let record = signed(&school, &mut kiosk, "Tom").await;
    let batch = kiosk.batch(vec![record]);
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::Stored]);
    let stick = stick(&school);
    let made = make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    assert_eq!((made.held.records, made.held.people), (1, 5));
    assert!(made.same_disk, "the test has one disk, and that is told");
    assert!(!school.folder().path().join("scratch").exists(), "nothing of the trial stays");
    let mode = fs::metadata(&made.file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);

    let folder = Folder::new(school.dir.path().join("new"));
    let clock = Clock::set_by_hand(school.time.clone());
    let restored = restore::restore(&made.file, &passphrase(PASSPHRASE), &folder, &clock).unwrap();
    assert_eq!(restored.held, made.held);
    let hub = Hub::open(&folder, &passphrase(PASSPHRASE), clock).unwrap();
    assert_eq!(hub.identity(), school.hub.identity(), "kiosks know it again");
    assert_eq!(hub.store.register(&ks1("3.0"), &year()).unwrap().signed(), 1);
    assert_eq!(fs::read(folder.school_ca()).unwrap(), fs::read(school.folder().school_ca()).unwrap());
    hub.store.check_audit().unwrap();
}

#[tokio::test]
async fn nothing_in_a_backup_can_be_read_without_the_passphrase_and_a_plain_copy_is_caught() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let made = make::make(&school.hub, &stick(&school), Actor::CommandLine).unwrap();
    let words = [
        &b"SQLite format 3"[..],
        b"Bright",
        b"Khan",
        b"Acorn",
        b"I ask before",
        b"Larkfield",
        b"CREATE TABLE",
    ];
    let caught = |bytes: &[u8]| words.iter().filter(|text| holds(bytes, text)).count();
    assert_eq!(caught(&fs::read(&made.file).unwrap()), 0);
    // The control: the same rows in a plain database are found.
    let plain = school.dir.path().join("plain.db");
    let connection = rusqlite::Connection::open(&plain).unwrap();
    connection.execute_batch("CREATE TABLE people (forename TEXT, surname TEXT, class TEXT);").unwrap();
    for line in PUPILS.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        connection.execute("INSERT INTO people VALUES (?, ?, ?)", [cells[0], cells[1], cells[4]]).unwrap();
    }
    drop(connection);
    assert!(caught(&fs::read(&plain).unwrap()) >= 4, "the search finds what can be read");
    // Disk and backup together: neither the key nor the passphrase is in either.
    let wrong = restore::look_through(&made.file, &passphrase("heron lamp basket tied"));
    assert!(matches!(wrong, Err(BackupError::Key(_))), "{wrong:?}");
    restore::look_through(&made.file, &passphrase(PASSPHRASE)).unwrap();
}

#[tokio::test]
async fn one_flipped_byte_anywhere_in_a_backup_is_found_and_nothing_is_made_of_it() {
    let school = School::open().await;
    school.import(PUPILS);
    let made = make::make(&school.hub, &stick(&school), Actor::CommandLine).unwrap();
    let whole = fs::read(&made.file).unwrap();
    let copy = school.dir.path().join("copy.backup");
    let folder = Folder::new(school.dir.path().join("new"));
    let clock = Clock::set_by_hand(school.time.clone());
    let places = [0, 20, 30, whole.len() / 4, whole.len() / 2, whole.len() - 40, whole.len() - 1];
    for place in places {
        let mut spoilt = whole.clone();
        spoilt[place] ^= 0x10;
        fs::write(&copy, spoilt).unwrap();
        let told = restore::restore(&copy, &passphrase(PASSPHRASE), &folder, &clock).unwrap_err().to_string();
        assert!(told.contains("copy.backup"), "byte {place}: {told}");
        assert!(!folder.path().exists(), "byte {place}: nothing is left of it");
    }
    for length in [0, 10, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&copy, &whole[..length]).unwrap();
        assert!(restore::look_through(&copy, &passphrase(PASSPHRASE)).is_err(), "cut off at {length}");
    }
}

#[tokio::test]
async fn what_was_delivered_after_the_backup_comes_again_from_the_kiosk_that_greeted_before_it() {
    let mut school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    kiosk.hello(&school).await.unwrap();
    // The greeting is in the backup, and the batch that followed it is not: by its token alone the kiosk
    // would look as if nothing had happened.
    let made = make::make(&school.hub, &stick(&school), Actor::CommandLine).unwrap();
    let record = signed(&school, &mut kiosk, "Maya").await;
    let batch = kiosk.batch(vec![record]);
    assert_eq!(kiosk.send(&school, batch.clone()).await.unwrap(), [Outcome::Stored]);

    let new = tempfile::tempdir().unwrap();
    let clock = Clock::set_by_hand(school.time.clone());
    restore::restore(&made.file, &passphrase(PASSPHRASE), &Folder::new(new.path().join("data")), &clock)
        .unwrap();
    school.put_back(&new).await;
    assert_eq!(school.hub.store.record_count().unwrap(), 0);
    assert_eq!(kiosk.hello(&school).await.unwrap().epoch, 2, "the order to send all again");
    assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::Stored]);
    assert_eq!(school.hub.store.record_count().unwrap(), 1);
    assert_eq!(school.hub.store.set_aside_count().unwrap(), 0);
}

#[tokio::test]
async fn a_kiosk_lets_go_only_of_what_is_in_two_good_backups_and_a_late_record_holds_it_back() {
    let school = School::open().await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));
    let mut kiosk = Kiosk::paired(&school).await;
    let stick = stick(&school);
    let back_up = || {
        school.pass(60);
        make::make(&school.hub, &stick, Actor::CommandLine).unwrap()
    };
    let mut batches = Vec::new();
    for name in ["Tom", "Maya", "Ivy", "Noah"] {
        let record = signed(&school, &mut kiosk, name).await;
        batches.push(kiosk.batch(vec![record]));
    }
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, None, "there is no backup");
    let late = batches.remove(1);
    for batch in &batches {
        assert_eq!(kiosk.send(&school, batch.clone()).await.unwrap(), [Outcome::Stored]);
    }
    back_up();
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, None, "one backup may be lost");
    back_up();
    let all = Some(Place { epoch: 1, sequence: 4 });
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, all);
    // A record with an earlier place comes late: it is in neither.
    assert_eq!(kiosk.send(&school, late).await.unwrap(), [Outcome::Stored]);
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, Some(Place { epoch: 1, sequence: 1 }));
    back_up();
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, Some(Place { epoch: 1, sequence: 1 }));
    back_up();
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, all);
    // What came before and comes again changes nothing.
    for batch in batches {
        assert_eq!(kiosk.send(&school, batch).await.unwrap(), [Outcome::AlreadyHeld]);
    }
    assert_eq!(kiosk.hello(&school).await.unwrap().backed_up, all);
}

#[tokio::test]
async fn backups_expire_by_the_rule_and_other_files_in_the_folder_are_never_touched() {
    let school = School::open().await;
    let stick = stick(&school);
    let others = ["holiday.jpg", "signpost-00000000-2026-01-01-000000.backup", "signpost-notes.txt"];
    for other in others {
        fs::write(stick.join(other), other).unwrap();
    }
    for _ in 0..40 {
        make::make(&school.hub, &stick, Actor::Hub).unwrap();
        school.pass(DAY);
    }
    let names: Vec<String> = backups(&stick).into_keys().collect();
    for other in others {
        assert!(names.iter().any(|name| name == other), "{other} is there");
    }
    let ours = names.len() - others.len();
    assert!((16..=18).contains(&ours), "14 days and a few weeks: {names:?}");
    school.hub.store.check_audit().unwrap();
}

#[test]
fn the_technicians_drill_from_a_lost_computer_to_a_working_hub() {
    let (program, made) = Program::made();
    let list = write(&program.path("pupils.csv"), PUPILS);
    program.good(&["roster", "import", &list]);
    let stick = program.path("stick");
    fs::create_dir(&stick).unwrap();
    let running = program.serve();
    let backup = program.good(&["backup", "--to", stick.to_str().unwrap()]);
    let file = value(&backup, "backup").to_owned();
    assert_eq!((value(&backup, "people"), value(&backup, "records")), ("5", "0"));
    drop(running);
    let hub = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signpost-hub"));
        let command = command.args(arguments).env("SIGNPOST_HUB_PASSPHRASE_FILE", program.path("passphrase"));
        command.stdin(Stdio::null()).output().unwrap()
    };
    // The drill: does it open, and is it whole?
    let tried = hub(&["restore", &file, "--try"]);
    assert!(tried.status.success(), "{}", text(&tried.stderr));
    assert_eq!(value(&text(&tried.stdout), "people"), "5");
    // The computer is gone, and nobody knows the passphrase: the sheet from the safe opens it.
    fs::rename(program.path("data"), program.path("lost")).unwrap();
    write(&program.path("passphrase"), "something else altogether");
    let refused = hub(&["restore", &file, "--data", program.path("data").to_str().unwrap()]);
    assert!(text(&refused.stderr).contains("does not open the hub"), "{}", text(&refused.stderr));
    assert!(!program.path("data").exists());
    let sheet = write(&program.path("sheet"), value(&made, "recovery key"));
    let data = program.path("data").to_str().unwrap().to_owned();
    let restored = hub(&["restore", &file, "--data", &data, "--recovery-key-file", &sheet]);
    assert!(restored.status.success(), "{}", text(&restored.stderr));
    assert!(text(&restored.stderr).contains("the old one never runs again"));
    let again = hub(&["restore", &file, "--data", &data, "--recovery-key-file", &sheet]);
    assert!(text(&again.stderr).contains("is not empty"), "{}", text(&again.stderr));
    write(&program.path("passphrase"), PASSPHRASE);
    let imported = program.good(&["roster", "import", &list]);
    assert_eq!((value(&imported, "joined"), value(&imported, "as before")), ("0", "5"));
    program.serve();
}

#[test]
fn what_is_in_the_way_of_a_backup_is_told_in_words_and_the_ones_before_stay_as_they_were() {
    let (program, _) = Program::made();
    let stick = program.path("stick");
    let to = stick.to_str().unwrap().to_owned();
    let told = program.refused(&["backup", "--to", &to]);
    assert!(told.contains("Plug the stick in") && told.contains("Nothing was written"), "{told}");
    assert!(!stick.exists(), "a folder that is not there is never made: it would be on the wrong disk");
    fs::create_dir(&stick).unwrap();
    program.good(&["backup", "--to", &to]);
    let before = backups(&stick);
    let file = program.path("a-file");
    fs::write(&file, "").unwrap();
    assert!(program.refused(&["backup", "--to", file.to_str().unwrap()]).contains("there is no folder"));
    // No file may become longer than this: as on a full disk. It strikes on the hub's own disk first.
    let limit = "trap '' XFSZ; ulimit -f \"$3\"; exec \"$0\" backup --to \"$1\" --data \"$2\"";
    let mut command = Command::new("bash");
    command.args(["-c", limit, env!("CARGO_BIN_EXE_signpost-hub"), &to]).arg(program.path("data"));
    let half = fs::metadata(program.path("data/hub.db")).unwrap().len() / 2048;
    command
        .arg(half.to_string())
        .env("SIGNPOST_HUB_PASSPHRASE_FILE", program.path("passphrase"))
        .stdin(Stdio::null());
    let full = command.output().unwrap();
    assert_eq!(full.status.code(), Some(1), "{full:?}");
    let words = text(&full.stderr);
    assert!(words.contains("on the hub's own disk"), "{words}");
    assert_eq!(
        backups(&stick),
        before,
        "the one from before is as it was, and nothing half written is beside it"
    );
    assert!(!program.path("data/scratch").exists());
    assert!(program.good(&["backup", "--to", &to]).contains("backup: "), "and the next one is made");
}

/// A file system of some megabytes in memory, for as long as it lives; none where this may not be mounted.
struct Small(tempfile::TempDir);

impl Small {
    fn new(options: &str) -> Option<Self> {
        let small = Self(tempfile::tempdir().unwrap());
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(small.0.path()).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: no file system in memory may be mounted here");
        }
        mounted.then_some(small)
    }
    fn again(&self, options: &str) {
        let remount = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &remount]).arg(self.0.path()).status().unwrap();
        assert!(done.success());
    }
}
impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_stick_and_a_locked_one_are_told_apart_and_what_is_on_them_stays() {
    let Some(stick) = Small::new("size=1m") else { return };
    let (program, _) = Program::made();
    let to = stick.0.path().to_str().unwrap().to_owned();
    let output = program.run(&["backup", "--to", &to]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("one broken disk"), "this is another disk");
    let before = backups(stick.0.path());
    let filler = stick.0.path().join("filler");
    let room = 1024 * 1024 - before.values().map(Vec::len).sum::<usize>();
    fs::write(&filler, vec![1; room - 100 * 1024]).unwrap();
    let told = program.refused(&["backup", "--to", &to]);
    assert!(told.contains("no room left in") && told.contains("as they were"), "{told}");
    fs::remove_file(&filler).unwrap();
    assert_eq!(backups(stick.0.path()), before);
    stick.again("ro");
    let told = program.refused(&["backup", "--to", &to]);
    assert!(told.contains("may not be written to") && told.contains("switch on the stick"), "{told}");
    assert_eq!(backups(stick.0.path()), before);
    stick.again("rw");
}

#[test]
fn a_backup_that_is_killed_at_any_moment_leaves_whole_ones_and_the_next_clears_up() {
    let (program, _) = Program::made();
    let list = write(&program.path("pupils.csv"), PUPILS);
    program.good(&["roster", "import", &list]);
    let stick = program.path("stick");
    fs::create_dir(&stick).unwrap();
    let to = stick.to_str().unwrap().to_owned();
    let begun = Instant::now();
    program.good(&["backup", "--to", &to]);
    let whole = begun.elapsed();
    let first = backups(&stick);
    let mut unfinished = 0;
    for round in 0..12 {
        let mut child = program
            .command(&["backup", "--to", &to])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the whole of it, and most of it at the end, where files are written.
        std::thread::sleep(whole.mul_f64(0.5 + 0.05 * f64::from(round)));
        let _ = child.kill();
        child.wait().unwrap();
        for (name, bytes) in backups(&stick) {
            if name.ends_with(".backup") {
                let copy = write(&program.path("copy.backup"), &bytes);
                restore::look_through(Path::new(&copy), &passphrase(PASSPHRASE)).unwrap();
            } else {
                unfinished += 1;
            }
        }
    }
    eprintln!("{unfinished} of 12 were killed while the file was half written");
    std::thread::sleep(Duration::from_secs(1));
    program.good(&["backup", "--to", &to]);
    let after = backups(&stick);
    assert!(after.keys().all(|name| name.ends_with(".backup")), "{:?}", after.keys());
    assert!(first.iter().all(|(name, bytes)| after.get(name).is_none_or(|now| now == bytes)));
    assert!(!program.path("data/scratch").exists());
}

#[test]
fn two_backups_at_once_are_refused_and_so_is_one_of_a_newer_program() {
    let (program, _) = Program::made();
    let stick = program.path("stick");
    fs::create_dir(&stick).unwrap();
    let to = stick.to_str().unwrap().to_owned();
    let lock = Folder::new(program.path("data")).lock_backups().unwrap().unwrap();
    assert!(program.refused(&["backup", "--to", &to]).contains("another backup is being made"));
    drop(lock);
    let file = value(&program.good(&["backup", "--to", &to]), "backup").to_owned();
    let mut newer = fs::read(&file).unwrap();
    newer[16] = b'7';
    let newer = write(&program.path("newer.backup"), newer);
    let data = program.path("elsewhere").to_str().unwrap().to_owned();
    let refused = |file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signpost-hub"));
        command.args(["restore", file, "--data", &data]).stdin(Stdio::null());
        let output =
            command.env("SIGNPOST_HUB_PASSPHRASE_FILE", program.path("passphrase")).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    assert!(refused(&newer).contains("newer Signpost"));
    assert!(refused(&write(&program.path("photo.jpg"), [9; 4000])).contains("is no backup of a hub"));
    assert!(refused("no-such.backup").contains("cannot use no-such.backup"));
}

#[tokio::test]
async fn the_desk_says_when_the_last_good_backup_was_made_and_shouts_when_it_is_old() {
    let school = School::open().await;
    let mut office = Browser::signed_in(&school).await;
    let home = office.get(&school, "/").await.text;
    assert!(
        home.contains("no backup yet") && !home.contains("class=\"inner worry\""),
        "the first days are calm"
    );
    school.pass(3 * DAY);
    assert_eq!(office.try_sign_in(&school, "office", crate::browser::PASSWORD).await.leads_to(), "/");
    let home = office.get(&school, "/kiosks").await.text;
    assert!(home.contains("This hub has no backup"), "{home}");
    let stick = stick(&school);
    make::make(&school.hub, &stick, Actor::CommandLine).unwrap();
    let page = office.get(&school, "/backups").await.text;
    assert!(page.contains("17 September 2026") && page.contains("Made and tried"), "{page}");
    assert!(page.contains("--backups FOLDER"), "nobody has named a folder for every day");
    assert!(!page.contains("class=\"inner worry\""));
    // Friday, Monday and Tuesday pass, and the stick is gone.
    school.pass(5 * DAY);
    assert!(make::make(&school.hub, &school.dir.path().join("pulled-out"), Actor::Hub).is_err());
    assert_eq!(office.try_sign_in(&school, "office", crate::browser::PASSWORD).await.leads_to(), "/");
    let page = office.get(&school, "/consent").await.text;
    let worry = page.split("class=\"inner worry\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(
        worry.contains("no good backup since 17 September 2026") && worry.contains("Plug the stick in"),
        "{worry}"
    );
}

#[test]
fn a_hub_that_serves_makes_its_daily_backup_by_itself() {
    let (program, _) = Program::made();
    let stick = program.path("stick");
    fs::create_dir(&stick).unwrap();
    let mut child = program
        .command(&["serve", "--desk", ":0", "--kiosks", ":0", "--backups", stick.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !backups(&stick).keys().any(|name| name.ends_with(".backup")) {
        assert!(begun.elapsed() < Duration::from_secs(60), "no backup was made");
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    child.wait().unwrap();
    for (name, bytes) in backups(&stick) {
        let copy = write(&program.path("copy.backup"), bytes);
        restore::look_through(Path::new(&copy), &passphrase(PASSPHRASE))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}
