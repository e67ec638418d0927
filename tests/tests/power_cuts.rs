//! The power is cut while children sign: what a kiosk thanked for is there when it starts again, and what
//! a hub acknowledged is in its register. The same runs with `synchronous = NORMAL` must be caught losing.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use rustix::process::{Pid, Signal, kill_process};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tests::child::{Child, Pupil, Visit, is_kept};
use tests::desk::Desk;
use tests::power_cut::{self, Acknowledgement, Cuts, Outcome, Recorder, Recording};
use tests::process::{Process, scratch_folder};
use tests::school::{PATIENCE, School, kiosk_command, kiosk_status, serving};
use tests::trace;

const SEED: u64 = 20_261_122;
const SIGNATURES: usize = 30;

fn cuts(count: usize) -> Cuts {
    let times = if std::env::var_os("SIGNPOST_LONG").is_some() { 10 } else { 1 };
    Cuts { seed: SEED, count: count * times }
}

fn name(pupil: &Pupil) -> String {
    format!("{} of {}", pupil.name, pupil.class)
}

/// Thirty children, of every class some.
fn children(child: &mut Child) -> Vec<Pupil> {
    let (all, ticked) = child.everybody().unwrap();
    assert_eq!(ticked, []);
    let step = all.len() / SIGNATURES;
    all.into_iter().step_by(step).take(SIGNATURES).collect()
}

fn told(what: &str, outcome: &Outcome) {
    println!(
        "{what}, seed {SEED}: {} cuts, {} with something to lose: {} lost something, {} unusable",
        outcome.cuts,
        outcome.cuts_at_risk,
        outcome.losses(),
        outcome.unusable()
    );
}

/// That the recorder saw what strace saw; gives back how many syncs of a write-ahead log there were.
fn agreed(what: &str, recording: &Recording) -> usize {
    let counts = trace::compare(recording).unwrap();
    let syncs = |of_log: bool| -> usize {
        let is_log = |path: &Path| path.to_string_lossy().ends_with("-wal");
        let sync = counts.iter().filter(|((call, path), _)| call.contains("sync") && is_log(path) == of_log);
        sync.map(|(_, count)| count).sum()
    };
    println!(
        "{what}: recorder and strace agree on {} calls, {} of them syncs of the log and {} other syncs",
        counts.values().sum::<usize>(),
        syncs(true),
        syncs(false)
    );
    syncs(true)
}

/// Those with a tick when the kiosk starts again on this folder, each with a record that can be sent.
fn ticked(data: &Path) -> Result<BTreeSet<String>, String> {
    let told = |error: tests::school::SchoolError| error.to_string();
    let mut child = Child::at(data).map_err(told)?;
    let (_, ticked) = child.everybody().map_err(told)?;
    let figures = child.figures().map_err(told)?;
    let records = figures.waiting + figures.acknowledged;
    if records != ticked.len() as u64 {
        return Err(format!("{} children have a tick, and {records} records are kept", ticked.len()));
    }
    Ok(ticked.iter().map(name).collect())
}

#[test]
fn a_power_cut_loses_nobody_whom_the_kiosk_has_thanked() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let recorder = Recorder::of(&data).unwrap();
    let command = kiosk_command("headless", &data).unwrap();
    let mut child = Child::before(Process::start(recorder.attach_with_trace(&command)).unwrap()).unwrap();
    let children = children(&mut child);
    for (number, pupil) in children.iter().enumerate() {
        assert!(matches!(child.sign(pupil).unwrap(), Visit::Thanked(_)), "{pupil:?}");
        // A newer pack comes on the way, and then the hub goes away, as on a day without a network.
        if number == SIGNATURES / 3 {
            let settings = school.content().join("school.toml");
            let text = fs::read_to_string(&settings).unwrap();
            fs::write(&settings, text.replace("\"0800 1111\"", "\"0800 11 11\"")).unwrap();
            school.publish().unwrap();
            child.sync().unwrap();
            assert_eq!(child.figures().unwrap().pack, 2);
        }
        if number == SIGNATURES / 2 {
            school.kill_hub();
        }
    }
    child.leave().unwrap();

    let recording = recorder.finish().unwrap();
    assert!(agreed("kiosk", &recording) >= SIGNATURES, "each thanks came after a sync of the log");
    let thanked = |recording: &Recording| -> Vec<Acknowledgement> {
        let next = Cell::new(0);
        recording.acknowledgements(|line| {
            is_kept(line).then(|| {
                next.set(next.get() + 1);
                name(&children[next.get() - 1])
            })
        })
    };
    let acknowledged = thanked(&recording);
    assert_eq!(acknowledged.len(), SIGNATURES);
    let outcome = power_cut::run(&recording, &acknowledged, cuts(200), ticked);
    told("kiosk", &outcome);
    outcome.assert_nothing_lost();

    let normal = recording.with_normal_synchronous();
    let outcome = power_cut::run(&normal, &thanked(&normal), cuts(60), ticked);
    told("kiosk, as if with NORMAL", &outcome);
    assert!(outcome.losses() > 10, "the control was not caught: {outcome}");
}

#[test]
fn a_power_cut_while_a_kiosk_is_set_up_leaves_one_that_starts_and_remembers_what_it_said() {
    let school = School::open().unwrap();
    let data = school.path("Corridor");
    fs::create_dir(&data).unwrap();
    let recorder = Recorder::of(&data).unwrap();
    let mut pair = school.pair_command("Corridor", school.kiosk_address(), &school.code().unwrap()).unwrap();
    recorder.attach(&mut pair);
    let mut pairing = Process::start(pair).unwrap();
    assert!(pairing.wait(PATIENCE).unwrap().success(), "{}", pairing.stderr());
    let mut command = kiosk_command("headless", &data).unwrap();
    recorder.attach(&mut command);
    let mut child = Child::before(Process::start(command).unwrap()).unwrap();
    child.sync().unwrap();
    child.figures().unwrap();
    child.leave().unwrap();

    let recording = recorder.finish().unwrap();
    let said = recording.acknowledgements(|line| {
        let fetched = || line.contains("\"pack\":1") && line.contains("\"roster\":1");
        if line.starts_with("Paired with") { Some("paired") } else { fetched().then_some("fetched") }
            .map(str::to_owned)
    });
    let ids: BTreeSet<&str> = said.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, BTreeSet::from(["fetched", "paired"]));
    let outcome = power_cut::run(&recording, &said, cuts(40), |data| {
        let told = |error: tests::school::SchoolError| error.to_string();
        let mut child = Child::at(data).map_err(told)?;
        let (everybody, _) = child.everybody().map_err(told)?;
        child.leave().map_err(told)?;
        let mut found = BTreeSet::new();
        if kiosk_status(data).map_err(told)?.contains("hub           Larkfield") {
            found.insert("paired".to_owned());
        }
        if !everybody.is_empty() {
            found.insert("fetched".to_owned());
        }
        Ok(found)
    });
    told("setting up", &outcome);
    outcome.assert_nothing_lost();
}

#[test]
fn a_power_cut_while_a_hub_is_set_up_loses_nothing_that_it_said_was_done() {
    let school = School::open().unwrap();
    let data = school.path("second");
    fs::create_dir(&data).unwrap();
    let [pack, list] =
        ["made/pack/school.packdraft", "pupils.csv"].map(|it| school.path(it).display().to_string());
    let steps: [&[&str]; 3] =
        [&["init", "--school-name", "Second School"], &["publish", &pack], &["roster", "import", &list]];
    let recorder = Recorder::of(&data).unwrap();
    for arguments in steps {
        let mut command = school.hub_program(arguments, &data).unwrap();
        recorder.attach(&mut command);
        let mut hub = Process::start(command).unwrap();
        assert!(hub.wait(PATIENCE).unwrap().success(), "{}", hub.stderr());
    }
    let recording = recorder.finish().unwrap();
    let said = recording.acknowledgements(|line| {
        let what = ["sign-in password: ", "agreement: ks1 ", "joined: 208"];
        what.iter().find(|what| line.starts_with(**what)).map(|what| (*what).to_owned())
    });
    assert_eq!(said.len(), 3);
    // What was done already changes nothing when it is done again, and the hub says so.
    let done = |arguments: &[&str], data: &Path| {
        let output = school.hub_program(arguments, data).unwrap().output().unwrap();
        let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if output.status.success() { Ok(told) } else { Err(told) }
    };
    let outcome = power_cut::run(&recording, &said, cuts(15), |data| {
        let mut found = BTreeSet::new();
        match done(steps[1], data) {
            // Before “init” has ended there is no hub, and it says so and what to do.
            Err(told)
                if !data.join("hub.key").exists()
                    && (told.contains("signpost-hub init") || told.contains("never finished")) =>
            {
                return Ok(found);
            }
            Err(told) => return Err(told),
            Ok(told) => {
                found.insert("sign-in password: ".to_owned());
                if told.contains("already published") {
                    found.insert("agreement: ks1 ".to_owned());
                }
            }
        }
        if done(steps[2], data)?.contains("as before: 208") {
            found.insert("joined: 208".to_owned());
        }
        Ok(found)
    });
    told("setting up a hub", &outcome);
    outcome.assert_nothing_lost();
}

/// The one program that strace has started.
fn traced_by(strace: &Process) -> Pid {
    let id = strace.id();
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

/// Starts the real hub on the folder that a cut left, and reads its register.
fn in_the_register(
    school: &School,
    desk: &Desk,
    children: &[Pupil],
    data: &Path,
) -> Result<BTreeSet<String>, String> {
    let mut hub =
        Process::start(school.serve_command(data).map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    let (address, _) = serving(&mut hub).map_err(|e| e.to_string())?;
    let signed = desk.moved_to(address).signed().map_err(|e| e.to_string())?;
    Ok(children.iter().filter(|pupil| signed.iter().any(|line| line.is(pupil))).map(name).collect())
}

/// Waits until the hub has acknowledged all that waits. The kiosk sends by itself; to ask for a round
/// here would only blur the moment of the answer.
fn wait_until_acknowledged(child: &mut Child) {
    let deadline = Instant::now() + PATIENCE;
    while child.figures().unwrap().waiting > 0 {
        assert!(Instant::now() < deadline, "the hub does not acknowledge");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_power_cut_loses_nothing_that_the_hub_has_acknowledged() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let desk = school.desk().unwrap();
    let kiosks = school.kiosk_address();
    school.kill_hub();
    let recorder = Recorder::of(&school.hub_data()).unwrap();
    let kiosks = kiosks.to_string();
    let serve = ["serve", "--desk", "127.0.0.1:0", "--kiosks", &kiosks];
    let command: Command = school.hub_program(&serve, &school.hub_data()).unwrap();
    school.take_hub(Process::start(recorder.attach_with_trace(&command)).unwrap()).unwrap();
    let mut child = Child::at(&data).unwrap();
    let children = children(&mut child);
    for pupil in &children {
        assert!(matches!(child.sign(pupil).unwrap(), Visit::Thanked(_)), "{pupil:?}");
        wait_until_acknowledged(&mut child);
        recorder.mark(&name(pupil)).unwrap();
    }
    child.leave().unwrap();
    let mut strace = school.give_hub().unwrap();
    // Asked of the hub alone: strace, which would leave it untraced, ends after it.
    kill_process(traced_by(&strace), Signal::TERM).unwrap();
    strace.wait(PATIENCE).unwrap();

    let recording = recorder.finish().unwrap();
    assert!(agreed("hub", &recording) >= SIGNATURES, "each acknowledgement came after a sync of the log");
    let marked = |recording: &Recording| {
        let names: BTreeSet<String> = children.iter().map(name).collect();
        recording.acknowledgements(|text| names.get(text).cloned())
    };
    let acknowledged = marked(&recording);
    assert_eq!(acknowledged.len(), SIGNATURES);
    let check = |folder: &Path| in_the_register(&school, &desk, &children, folder);
    let outcome = power_cut::run(&recording, &acknowledged, cuts(60), check);
    told("hub", &outcome);
    outcome.assert_nothing_lost();

    let normal = recording.with_normal_synchronous();
    let outcome = power_cut::run(&normal, &marked(&normal), cuts(25), check);
    told("hub, as if with NORMAL", &outcome);
    assert!(outcome.losses() > 5, "the control was not caught: {outcome}");
}

#[test]
fn a_full_run_without_the_syncs_of_its_commits_is_synced_as_often_as_a_real_normal_run() {
    let run = |way: &str| {
        let folder = scratch_folder().unwrap();
        let recorder = Recorder::of(folder.path()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ledger"));
        command.arg(folder.path()).arg(way);
        recorder.attach(&mut command);
        let mut program = Process::start(command).unwrap();
        program.wait_for("ready", PATIENCE, |line| (line == "ready").then_some(())).unwrap();
        // Enough for several checkpoints.
        for number in 0..2500 {
            program.say(&format!("line-{number}")).unwrap();
            program.line(PATIENCE).unwrap();
        }
        program.say_no_more();
        program.wait(PATIENCE).unwrap();
        recorder.finish().unwrap()
    };
    // Syncs of one file with no write of it between them are one.
    let effective_syncs = |recording: &Recording| {
        use power_cut::Call;
        let (mut count, mut dirty) = (0, BTreeSet::new());
        for event in recording.events() {
            match event.call {
                Call::Write { .. } => {
                    dirty.insert(event.path.clone());
                }
                Call::Fsync | Call::Fdatasync => count += usize::from(dirty.remove(&event.path)),
                _ => {}
            }
        }
        count
    };
    let (real, as_if) = (run("normal"), run("full").with_normal_synchronous());
    let (real, as_if) = (effective_syncs(&real), effective_syncs(&as_if));
    println!("effective syncs: {real} with NORMAL, {as_if} of FULL without those of commits");
    assert!(real > 4, "no checkpoint was made");
    assert_eq!(real, as_if);
}
