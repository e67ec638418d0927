//! A kiosk without a network: what it took goes to the hub on a stick, and the answer comes back on it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use fantoccini::Locator;
use serde_json::{Value, json};
use std::fs;
use std::io::{self, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::thread;
use std::time::Duration;
use tests::chance::Chance;
use tests::child::{Child, Pupil, Visit};
use tests::desk::Desk;
use tests::keyboard::{press, tab_to};
use tests::process::Process;
use tests::school::{School, kiosk_command, run};
use tests::sight::{fill, look, signed_in};

const NO_FAULTS: Vec<String> = Vec::new();
const ADDRESS: &str = "/kiosks/stick";
const SEED: u64 = 20_261_129;

/// A stick: a folder that is not on the disk of the kiosk's data.
struct Stick(tempfile::TempDir);

impl Stick {
    fn new() -> Self {
        Self(tempfile::tempdir_in("/dev/shm").unwrap())
    }
    fn path(&self) -> &Path {
        self.0.path()
    }
    /// The one file of a kiosk on it.
    fn kiosk_file(&self) -> PathBuf {
        let entries = fs::read_dir(self.path().join("Signpost")).unwrap().map(|e| e.unwrap().path());
        let mut all: Vec<_> =
            entries.filter(|p| p.file_name().unwrap().to_str().unwrap().starts_with("from-")).collect();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

/// The kiosk with this stick in it.
fn kiosk_with(data: &Path, stick: &Stick) -> Child {
    let mut command = kiosk_command("headless", data).unwrap();
    command.arg("--stick").arg(stick.path());
    Child::before(Process::start(command).unwrap()).unwrap()
}

/// One line of the kiosk's that has to be done.
fn ask(child: &mut Child, line: &str) -> Value {
    let answer = child.ask(&json!({ "do": line })).unwrap().clone();
    assert_eq!(answer["ok"], true, "{line}: {answer}");
    answer
}

fn children(child: &mut Child, count: usize) -> Vec<Pupil> {
    let (all, _) = child.everybody().unwrap();
    assert!(all.len() >= count);
    all.into_iter().take(count).collect()
}

fn sign(child: &mut Child, pupil: &Pupil) {
    assert!(matches!(child.sign(pupil).unwrap(), Visit::Thanked(_)));
}

/// Saves what goes back to the only kiosk there is.
fn saved(desk: &mut Desk) -> Vec<u8> {
    let page = desk.page(ADDRESS).unwrap();
    let action = page.split("action=\"/kiosks/stick/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let token = desk.form_token(ADDRESS).unwrap();
    let given = desk.send(&format!("{ADDRESS}/{action}"), &[("form_token", &token)]).unwrap();
    assert_eq!(given.status, 200, "{}", given.body);
    assert!(given.head.contains("filename=\"to-oak-classroom-"), "{}", given.head);
    given.bytes
}

fn assert_each_once(desk: &mut Desk, signed: &[Pupil], seed: u64) {
    let lines = desk.signed().unwrap();
    for pupil in signed {
        let found = lines.iter().filter(|line| line.is(pupil)).count();
        assert_eq!(found, 1, "seed {seed}: {pupil:?} is in the register {found} times");
    }
    assert_eq!(lines.len(), signed.len(), "seed {seed}: somebody is in the register who did not sign");
}

#[tokio::test]
async fn a_classroom_without_a_network_signs_and_the_stick_brings_it_to_the_register_and_new_words_back() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Oak classroom").unwrap();
    let mut desk = school.desk().unwrap();
    // From now on the kiosk never reaches the hub: that is somewhere else.
    school.kill_hub();
    school.serve(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    desk = desk.moved_to(school.desk_address());

    let stick = Stick::new();
    let mut child = kiosk_with(&data, &stick);
    let pupils = children(&mut child, 3);
    sign(&mut child, &pupils[0]);
    sign(&mut child, &pupils[1]);
    assert!(child.sync().is_err(), "there is no network");
    let written = ask(&mut child, "take-out");
    assert_eq!(written["written"]["records"], 2);
    assert_eq!(child.figures().unwrap().waiting, 2, "nothing leaves the kiosk before the answer is back");

    // In the office, by the keyboard.
    let mut browser = signed_in(&school).await.unwrap();
    let client = browser.client().clone();
    tab_to(&browser, "here.textContent.trim() === 'Kiosks'", 20).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    tab_to(&browser, "here.pathname === '/kiosks/stick'", 5).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("#file")).await.unwrap();
    assert_eq!(look(&browser, "stick-empty").await.unwrap(), NO_FAULTS);
    fill(&browser, "#file", &stick.kiosk_file().display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Take what is on them'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client.wait().for_element(Locator::Css("#brought")).await.unwrap();
    let told = client.find(Locator::Css("main")).await.unwrap().text().await.unwrap();
    assert!(told.contains("2 new signatures and answers."), "{told}");
    assert_eq!(look(&browser, "stick-brought").await.unwrap(), NO_FAULTS);
    assert_each_once(&mut desk, &pupils[..2], 0);
    // A torn file is refused in words.
    let torn = school.path("torn.signpost");
    let bytes = fs::read(stick.kiosk_file()).unwrap();
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    client.goto(&format!("https://{}{ADDRESS}", school.desk_address())).await.unwrap();
    fill(&browser, "#file", &torn.display().to_string()).await.unwrap();
    tab_to(&browser, "here.textContent.trim() === 'Take what is on them'", 30).await.unwrap();
    press(&browser, "Enter").await.unwrap();
    client
        .wait()
        .for_element(Locator::XPath("//main[contains(., 'Nothing of this file was taken')]"))
        .await
        .unwrap();
    assert_eq!(look(&browser, "stick-torn").await.unwrap(), NO_FAULTS);
    let complaints = browser.complaints().await.unwrap();
    assert!(complaints.iter().all(|one| one.contains("400 (Bad Request)")), "{complaints:?}");

    // New words are published meanwhile, and go back with the answer.
    let markdown = school.content().join("agreements/ks1.md");
    let old = fs::read_to_string(&markdown).unwrap();
    let version = old.lines().find(|line| line.starts_with("version =")).unwrap();
    let promise =
        old.lines().filter(|line| line.starts_with('#') && line.contains("symbol=")).nth(1).unwrap();
    let (_, symbol) = promise.split_once('{').unwrap();
    let level = promise.split(' ').next().unwrap();
    let new = old
        .replace(version, "version = \"9.1\"")
        .replace(promise, &format!("{level} I am kind to people on screens. {{{symbol}"));
    fs::write(&markdown, new).unwrap();
    school.publish().unwrap();
    fs::write(stick.path().join("Signpost/to-oak.signpost"), saved(&mut desk)).unwrap();
    let brought = ask(&mut child, "bring-back");
    assert_eq!(brought["brought"]["records"]["acknowledged"], 2, "{brought}");
    assert_eq!(brought["brought"]["pack"], 2, "{brought}");
    let figures = child.figures().unwrap();
    assert_eq!(
        (figures.waiting, figures.acknowledged, figures.pack),
        (0, 2, 2),
        "kept until a backup has them"
    );
    let again = child.ask(&json!({ "do": "bring-back" })).unwrap().clone();
    assert!(again["why"].as_str().unwrap().contains("brought back before"), "{again}");

    // After two good backups the next stick lets them go, as by wire. The technician does the hub's side at once.
    let backups = school.path("backups");
    fs::create_dir(&backups).unwrap();
    for _ in 0..2 {
        school.hub_command(&["backup", "--to", &backups.display().to_string()]).unwrap();
    }
    sign(&mut child, &pupils[2]);
    ask(&mut child, "take-out");
    let told = school.hub_command(&["stick", "--in", &stick.path().display().to_string()]).unwrap();
    assert!(told.contains("Oak classroom: 3 records, 1 of them new"), "{told}");
    let brought = ask(&mut child, "bring-back");
    assert_eq!(brought["brought"]["records"]["let_go"], 2, "{brought}");
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.acknowledged), (0, 1));
    child.leave().unwrap();
    let status = run("status", kiosk_command("status", &data).unwrap()).unwrap();
    assert!(status.contains("on a stick") && status.contains("from a stick"), "{status}");
    assert_each_once(&mut desk, &pupils[2..], 0);
}

/// A cable between kiosk and hub that can be pulled out.
struct Cable {
    address: SocketAddr,
    is_in: Arc<AtomicBool>,
}

impl Cable {
    fn to(hub: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, is_in) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(true)));
        let plugged = is_in.clone();
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let (Ok(far), true) = (TcpStream::connect(hub), plugged.load(Ordering::SeqCst)) else {
                    continue;
                };
                let pipe = |mut from: TcpStream, mut to: TcpStream| {
                    thread::spawn(move || {
                        let _: io::Result<u64> = copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Write);
                    })
                };
                pipe(near.try_clone().unwrap(), far.try_clone().unwrap());
                pipe(far, near);
            }
        });
        Self { address, is_in }
    }
    fn plug(&self, is_in: bool) {
        self.is_in.store(is_in, Ordering::SeqCst);
    }
}

/// What happens in a school with a kiosk that is now on the network and now not, in any order.
struct Walk {
    school: School,
    desk: Desk,
    data: PathBuf,
    stick: Stick,
    child: Option<Child>,
    carries: Vec<Vec<u8>>,
    returns: Vec<Vec<u8>>,
    told: Vec<&'static str>,
}

impl Walk {
    fn child(&mut self) -> &mut Child {
        self.child.as_mut().unwrap()
    }
    fn take_out(&mut self) {
        ask(self.child(), "take-out");
        let file = fs::read(self.stick.kiosk_file()).unwrap();
        self.carries.push(file);
    }
    fn read(&mut self, which: usize) {
        let Some(file) = self.carries.get(which).cloned() else { return };
        let token = self.desk.form_token(ADDRESS).unwrap();
        let page = self.desk.send_file(ADDRESS, &token, "from-oak.signpost", &file).unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        self.returns.push(saved(&mut self.desk));
    }
    /// A stick with this answer on it comes back, or one that is older than the last.
    fn bring_back(&mut self, which: usize) {
        let Some(file) = self.returns.get(which).cloned() else { return };
        fs::write(self.stick.path().join("Signpost/to-oak.signpost"), file).unwrap();
        let answer = self.child().ask(&json!({ "do": "bring-back" })).unwrap().clone();
        let before = answer["why"].as_str().is_some_and(|why| why.contains("brought back before"));
        assert!(answer["ok"] == true || before, "{answer}");
    }
    fn restart(&mut self, kill: bool) {
        let mut child = self.child.take().unwrap();
        if kill {
            child.kiosk().kill()
        } else {
            child.leave().unwrap()
        }
        self.child = Some(kiosk_with(&self.data, &self.stick));
    }
    fn back_up(&self) {
        let to = self.school.path("backups").display().to_string();
        self.school.hub_command(&["backup", "--to", &to]).unwrap();
    }
    /// The hub's computer is lost: one of the last two backups is put back on another.
    fn lose_the_hub(&mut self, chance: &mut Chance) {
        let mut backups: Vec<PathBuf> = fs::read_dir(self.school.path("backups"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "backup"))
            .collect();
        backups.sort();
        let Some(backup) = backups.len().checked_sub(1 + chance.up_to(1)).and_then(|at| backups.get(at))
        else {
            return;
        };
        self.school.kill_hub();
        let lost = self.school.path(&format!("lost-{}", chance.bits()));
        fs::rename(self.school.hub_data(), lost).unwrap();
        let backup = backup.display().to_string();
        self.school.hub_command(&["restore", &backup]).unwrap();
        self.school.serve_again().unwrap();
        // Nobody is signed in at a hub that was put back.
        let certificate = self.school.hub_data().join("school-ca.pem");
        self.desk = Desk::at(self.school.desk_address(), &certificate).unwrap();
        self.desk.sign_in(&self.school.first_sign_in.0, tests::desk::OWN_PASSWORD).unwrap();
    }
}

fn walk(seed: u64, steps: usize) {
    let mut chance = Chance::from_seed(seed);
    let school = School::open().unwrap();
    let cable = Cable::to(school.kiosk_address());
    let code = school.code().unwrap();
    run("pairing", school.pair_command("Oak classroom", cable.address, &code).unwrap()).unwrap();
    let data = school.path("Oak classroom");
    let desk = school.desk().unwrap();
    fs::create_dir(school.path("backups")).unwrap();
    let stick = Stick::new();
    let mut child = kiosk_with(&data, &stick);
    child.sync().unwrap();
    cable.plug(false);
    let mut pupils = children(&mut child, steps);
    let mut signed = Vec::new();
    let (carries, returns) = (Vec::new(), Vec::new());
    let mut walk = Walk { school, desk, data, stick, child: Some(child), carries, returns, told: Vec::new() };
    for _ in 0..steps {
        let step = chance.up_to(19);
        let told = match step {
            0..=5 => {
                let pupil = pupils.remove(0);
                sign(walk.child(), &pupil);
                signed.push(pupil);
                "a child signs"
            }
            6..=8 => {
                walk.take_out();
                "a stick is taken"
            }
            9..=11 => {
                let which = chance.up_to(walk.carries.len());
                walk.read(which);
                "the office reads a stick, new or old"
            }
            12..=14 => {
                let which = chance.up_to(walk.returns.len());
                walk.bring_back(which);
                "an answer comes back, new or old"
            }
            15 | 16 => {
                cable.plug(true);
                // A hub that is just being put back may cut it off: the next round goes on.
                let _ = walk.child().sync();
                cable.plug(false);
                "a round by wire"
            }
            17 => {
                let kill = chance.one_in(2);
                walk.restart(kill);
                "the kiosk starts again"
            }
            18 => {
                walk.back_up();
                "a backup is made"
            }
            _ => {
                walk.lose_the_hub(&mut chance);
                "the hub is lost and put back"
            }
        };
        walk.told.push(told);
    }
    let told = walk.told.join("; ");
    // However it went: once more by stick, and all is there, each once.
    walk.take_out();
    walk.read(walk.carries.len() - 1);
    walk.bring_back(walk.returns.len() - 1);
    let figures = walk.child().figures().unwrap();
    assert_eq!((figures.waiting, figures.set_aside), (0, 0), "seed {seed}: {figures:?}: {told}");
    let lines = walk.desk.signed().unwrap();
    for pupil in &signed {
        let found = lines.iter().filter(|line| line.is(pupil)).count();
        assert_eq!(found, 1, "seed {seed}: {pupil:?} is in the register {found} times: {told}");
    }
    assert_eq!(lines.len(), signed.len(), "seed {seed}: {told}");
    println!("seed {seed}: {} signatures in {steps} steps: {told}", signed.len());
}

#[test]
fn wire_and_sticks_in_any_order_late_twice_and_over_a_lost_hub_bring_each_signature_once() {
    let (walks, steps) = if std::env::var_os("SIGNPOST_LONG").is_some() { (8, 90) } else { (2, 45) };
    for seed in SEED..SEED + walks {
        walk(seed, steps);
    }
}

#[test]
fn a_kiosk_that_is_killed_while_it_writes_or_reads_a_stick_has_lost_and_doubled_nothing() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Oak classroom").unwrap();
    let mut desk = school.desk().unwrap();
    let stick = Stick::new();
    let mut chance = Chance::from_seed(SEED);
    let mut child = Child::at(&data).unwrap();
    let pupils = children(&mut child, 8);
    for pupil in &pupils {
        sign(&mut child, pupil);
    }
    child.leave().unwrap();
    let command = |way: &str| {
        let mut command =
            std::process::Command::new(tests::process::our_program("signpost-kiosk", "kiosk").unwrap());
        command.args(["stick", way]).arg("--data").arg(&data).arg("--stick").arg(stick.path());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    };
    let kills = if std::env::var_os("SIGNPOST_LONG").is_some() { 60 } else { 20 };
    let (mut written, mut taken) = (0, 0);
    for _ in 0..kills {
        for way in ["take-out", "bring-back"] {
            let mut process = command(way).spawn().unwrap();
            thread::sleep(Duration::from_millis(chance.up_to(120) as u64));
            let _ = process.kill();
            let done = process.wait().unwrap().success();
            let room = stick.path().join("Signpost");
            let whole = fs::read_dir(&room).into_iter().flatten().flatten();
            for file in whole.filter(|f| f.file_name().to_string_lossy().starts_with("from-")) {
                // Whatever bears the name of a file is whole: the hub takes it.
                if !file.file_name().to_string_lossy().ends_with(".signpost") {
                    continue;
                }
                let token = desk.form_token(ADDRESS).unwrap();
                let page =
                    desk.send_file(ADDRESS, &token, "x.signpost", &fs::read(file.path()).unwrap()).unwrap();
                assert_eq!(page.status, 200, "{}", page.body);
                fs::write(room.join("to-oak.signpost"), saved(&mut desk)).unwrap();
            }
            let count = if way == "take-out" { &mut written } else { &mut taken };
            *count += usize::from(done);
        }
    }
    println!("of {kills} each, {written} were written and {taken} taken before the kill");
    assert!(command("take-out").status().unwrap().success());
    let file = fs::read(stick.kiosk_file()).unwrap();
    let token = desk.form_token(ADDRESS).unwrap();
    assert_eq!(desk.send_file(ADDRESS, &token, "x", &file).unwrap().status, 200);
    fs::write(stick.path().join("Signpost/to-oak.signpost"), saved(&mut desk)).unwrap();
    assert!(command("bring-back").status().unwrap().success());
    let mut child = Child::at(&data).unwrap();
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.acknowledged, figures.set_aside), (0, 8, 0), "{figures:?}");
    assert_each_once(&mut desk, &pupils, SEED);
}
