//! Programs that are killed while children sign: whoever was thanked is in the register, once.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tests::chance::Chance;
use tests::child::{Child, Pupil, is_kept, whole_visit};
use tests::desk::Line;
use tests::kill::{self, Plan, Victim};
use tests::process::{Process, ProcessError};
use tests::school::{PATIENCE, School, kiosk_command};

const SEED: u64 = 20_261_122;
const SIGNATURES: usize = 200;

fn kills() -> usize {
    if std::env::var_os("SIGNPOST_LONG").is_some() { 190 } else { 60 }
}

struct Kiosk(PathBuf);

impl Victim for Kiosk {
    fn start(&mut self) -> Result<Process, ProcessError> {
        Process::start(kiosk_command("headless", &self.0)?)
    }
    fn is_ready(&self, line: &str) -> bool {
        line.contains("\"screen\":\"home\"")
    }
    fn acknowledges(&self, line: &str, _: &str) -> bool {
        is_kept(line)
    }
}

/// Two hundred children of all classes, mixed as they come to a kiosk in a corridor.
fn children(data: &Path) -> Vec<Pupil> {
    let mut child = Child::at(data).unwrap();
    let (all, _) = child.everybody().unwrap();
    child.leave().unwrap();
    let mut chance = Chance::from_seed(SEED);
    let mut mixed: Vec<Pupil> =
        chance.some_of(all.len(), SIGNATURES).into_iter().map(|place| all[place].clone()).collect();
    for place in (1..mixed.len()).rev() {
        mixed.swap(place, chance.up_to(place));
    }
    assert_eq!(mixed.len(), SIGNATURES, "the school has {} children", all.len());
    mixed
}

/// Each of these is signed in the register once, and nobody else is.
fn assert_each_is_there_once(signed: &[Line], children: &[Pupil]) {
    for pupil in children {
        let found = signed.iter().filter(|line| line.is(pupil)).count();
        assert_eq!(found, 1, "seed {SEED}: {pupil:?} is in the register {found} times");
    }
    assert_eq!(signed.len(), children.len(), "seed {SEED}: somebody is in the register who did not sign");
}

#[test]
fn everybody_whom_a_kiosk_thanked_is_in_the_register_once_though_it_was_killed_again_and_again() {
    let school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let children = children(&data);
    let jobs = children.iter().map(whole_visit).collect();
    let plan = Plan { seed: SEED, jobs, kills: kills(), patience: PATIENCE };
    let outcome =
        kill::run(&plan, &mut Kiosk(data.clone())).unwrap_or_else(|error| panic!("seed {SEED}: {error}"));
    println!(
        "kiosk, seed {SEED}: {} kills: {} while a child signed, {} after, {} while it started; {} came again",
        outcome.kills(),
        outcome.kills_during_a_job,
        outcome.kills_after_a_job,
        outcome.kills_at_start,
        outcome.given_again.len()
    );
    assert_eq!(outcome.kills(), kills());
    assert!(outcome.kills_during_a_job > 0 && outcome.kills_at_start > 0, "seed {SEED}: {outcome:?}");
    assert_eq!(outcome.acknowledged.len(), SIGNATURES);

    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    let figures = child.figures().unwrap();
    assert_eq!(figures.waiting + figures.set_aside, 0, "seed {SEED}: {figures:?}");
    // The hub keeps at most one record of an id, and these are all ids that there are: with as many
    // people in the register, none of them was stored twice.
    assert_eq!(figures.acknowledged, SIGNATURES as u64, "seed {SEED}: as many records as signatures");
    assert_each_is_there_once(&school.desk().unwrap().signed().unwrap(), &children);
}

#[test]
fn everybody_whose_signature_a_hub_acknowledged_is_there_once_though_it_was_killed_again_and_again() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    let mut desk = school.desk().unwrap();
    let children = children(&data);
    let mut chance = Chance::from_seed(SEED);
    let mut child = Child::at(&data).unwrap();
    // How long a round takes here and now, so that kills fall into it.
    let mut pace = Duration::from_millis(20);
    let (mut during, mut after, mut signed) = (0, 0, 0);
    for round in 0..kills() {
        while signed < SIGNATURES * (round + 1) / kills() {
            child.sign(&children[signed]).unwrap();
            signed += 1;
        }
        let mut hub = school.give_hub().unwrap();
        let delay = pace.mul_f64(1.5 * chance.share());
        let began = Instant::now();
        let killer = std::thread::spawn(move || {
            while began.elapsed() < delay {
                std::thread::yield_now();
            }
            hub.kill();
        });
        match child.sync() {
            Ok(_) => {
                after += 1;
                pace = (pace * 3 + began.elapsed()) / 4;
            }
            Err(_) => during += 1,
        }
        killer.join().unwrap();
        let figures = child.figures().unwrap();
        // A greeting whose answer was lost has everything sent again: less may be acknowledged, never less kept.
        let kept = figures.waiting + figures.acknowledged;
        assert!(kept == signed as u64 && figures.set_aside == 0, "seed {SEED}: {figures:?}");
        let acknowledged = figures.acknowledged;
        school.serve_again().unwrap();
        // A stored record may not have been acknowledged yet; an acknowledged one is always stored.
        desk = desk.moved_to(school.desk_address());
        let stored = desk.signed().unwrap().len();
        assert!(
            stored as u64 >= acknowledged,
            "seed {SEED}, kill {round}: {acknowledged} acknowledged, {stored} stored"
        );
    }
    println!("hub, seed {SEED}: {during} kills during a round, {after} after one");
    assert!(during > kills() / 10, "seed {SEED}: too few kills fell into a round: {during}");
    child.sync().unwrap();
    let figures = child.figures().unwrap();
    assert_eq!((figures.waiting, figures.acknowledged), (0, SIGNATURES as u64), "seed {SEED}");
    assert_eq!(figures.set_aside, 0, "seed {SEED}: what came twice is the same, not another");
    assert_each_is_there_once(&desk.signed().unwrap(), &children);
}
