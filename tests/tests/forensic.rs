//! Whoever looks at a kiosk's system calls, at its disk or at its memory finds out that somebody was at the screen,
//! and not whether a child told something.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use records::report::Report;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::child::Child;
use tests::forensic::calls::{Calls, Traced};
use tests::forensic::disk::{self, Outside};
use tests::forensic::memory;
use tests::power_cut::Recorder;
use tests::process::{Process, scratch_folder};
use tests::school::{PATIENCE, School, kiosk_command};

/// What stands in a report's own bytes and in nothing else: the name as it is given with its class, the answers as they
/// follow one another, and own words. Each answer by itself is in the pack, whatever a child chooses.
const GIVEN: [&[u8]; 3] = [b"Bryn, Acorn", b"\x63sad\x81\x6esomething-else\x64home", b"Qzxvjqwk"];

/// A child who tells, wants to be talked with, and writes besides.
const TELL_WITH_NAME: &[&str] = &[
    "I didn’t like something",
    "I want to tell",
    "I want to tell",
    "Sad",
    "Something else",
    "At home",
    "Me",
    "Yes, with me",
    "Acorn",
    "Bryn",
    "I want to write too",
    "Q",
    "z",
    "x",
    "v",
    "j",
    "q",
    "w",
    "k",
    "That is all",
    "Yes, give it in",
    "I have got it",
    "Finish",
];

/// A child who tells, and not who they are.
const TELL: &[&str] = &[
    "I didn’t like something",
    "I want to tell",
    "I want to tell",
    "Sad",
    "Something else",
    "At home",
    "Me",
    "No, not now",
    "Yes, give it in",
    "I have got it",
    "Finish",
];

/// A child who says how the day was.
const TODAY: &[&str] =
    &["How was it today?", "Let’s go", "Sad", "It upset me", "Yes, give it in", "I have got it", "Finish"];

/// A child who thinks better of it, after having looked at the names of the class.
const HIDE_AT_THE_NAMES: &[&str] = &[
    "I didn’t like something",
    "I want to tell",
    "I want to tell",
    "Sad",
    "Something else",
    "At home",
    "Me",
    "Yes, with me",
    "Acorn",
    "Hide",
];

fn go(child: &mut Child, visits: &[&[&str]]) {
    for visit in visits {
        for label in *visit {
            child.press(label).unwrap();
        }
        assert_eq!(child.screen(), "home");
    }
}

#[test]
fn what_is_looked_for_stands_in_what_a_report_is_made_of() {
    let id = |name: &str| name.parse().unwrap();
    let report = Report {
        day: "2026-09-14".parse().unwrap(),
        feeling: Some(id("sad")),
        happened: vec![id("something-else")],
        place: Some(id("home")),
        about: Some(id("me")),
        talk_with: Some("Bryn, Acorn".into()),
        words: Some("Qzxvjqwk".into()),
        language: "en-GB".parse().unwrap(),
        receipt: vec![],
    };
    let bytes = minicbor::to_vec(&report).unwrap();
    for wanted in GIVEN {
        assert!(
            bytes.windows(wanted.len()).any(|part| part == wanted),
            "{}",
            String::from_utf8_lossy(wanted)
        );
    }
}

/// The calls of a kiosk's two mornings, each with these visits and the same rounds with the hub: in the second the box of
/// the first goes to the hub. None where the clock brought one more round in between.
fn mornings(data: &Path, visits: &[&[&str]]) -> Option<[Calls; 2]> {
    let mut as_many = true;
    let calls = [(); 2].map(|()| {
        let traced = Traced::new().unwrap();
        let command = traced.command(&kiosk_command("headless", data).unwrap());
        let mut child = Child::before(Process::start(command).unwrap()).unwrap();
        // The first round begins with the kiosk, and may answer whoever asks for one, or not any more.
        as_many &= child.sync_until(2).unwrap() == 2;
        go(&mut child, visits);
        as_many &= child.sync_until(3).unwrap() == 3;
        child.leave().unwrap();
        traced.finish(data).unwrap()
    });
    as_many.then_some(calls)
}

/// The lengths of what went to the hub: those of the boxes each, the others once. How often a kiosk greets the hub in
/// between is a matter of the clock.
fn on_the_wire(sent: &[usize]) -> Vec<usize> {
    const LONGEST_GREETING: usize = 1024;
    let mut others: Vec<usize> = sent.iter().copied().filter(|length| *length <= LONGEST_GREETING).collect();
    others.dedup();
    others.extend(sent.iter().filter(|length| **length > LONGEST_GREETING));
    others
}

/// Whatever is done with anything in the kiosk's folder, all chance that is asked for, whatever is opened anywhere to be
/// written, and what is said to the journal.
const KEPT: &[&str] = &["HOME", "getrandom(", "O_CREAT", "O_WRONLY", "O_RDWR", "STDERR"];

#[test]
fn a_round_of_telling_asks_the_system_for_the_same_as_one_that_tells_nothing() {
    let school = School::open().unwrap();
    let _holders = school.holders().unwrap();
    // All names are as long as each other: the folder's is in the calls.
    let mut names = (1..).map(|number| format!("Kiosk {number:02}"));
    let mut kiosk = |visits: &[&[&str]]| {
        let mut tries = names.by_ref().take(5);
        let calls = tries.find_map(|name| mornings(&school.paired_kiosk(&name).unwrap(), visits));
        calls.expect("one of five pairs of mornings in which the clock brings no round of its own")
    };
    // The same twice: whatever differs then is not there to be compared.
    let nothing = kiosk(&[TODAY; 3]);
    let again = kiosk(&[TODAY; 3]);
    let told = kiosk(&[TELL; 3]);
    for morning in 0..2 {
        let all = [&nothing[morning], &again[morning], &told[morning]];
        let sent = all.map(|calls| on_the_wire(&calls.sent()));
        assert!(sent[0].iter().sum::<usize>() > 32 * 1024, "a box went to the hub: {:?}", sent[0]);
        assert_eq!(sent[0], sent[1], "morning {morning}: on the wire, with nothing told twice");
        assert_eq!(sent[0], sent[2], "morning {morning}: on the wire, with three reports");
        // Of the outbox, which has nothing of what is told or answered, each greeting of the hub is a writing.
        let [nothing, again, told] = all.map(|calls| calls.with_any(KEPT).without("outbox.db"));
        let (again, told) = (&again, &told);
        assert!(nothing.mention("report.box"), "the traces are of the box");
        assert!(nothing.count() > 100, "{}", nothing.count());
        assert_eq!(nothing.difference(again), "", "morning {morning}: with nothing told twice");
        assert_eq!(
            nothing.difference(told),
            "",
            "morning {morning}: with nothing told, and with three reports"
        );
        println!("morning {morning}: {} calls alike", nothing.count());
    }
}

/// Where something was ever written of what was looked for, and what.
type Written = Vec<(PathBuf, String)>;

/// A kiosk's folder after visits, and what was ever written into it of what was given.
fn after(school: &School, name: &str, visits: &[&[&str]]) -> (Vec<Outside>, Written) {
    let data = school.paired_kiosk(name).unwrap();
    let recorder = Recorder::of(&data).unwrap();
    let mut command = kiosk_command("headless", &data).unwrap();
    recorder.attach(&mut command);
    let mut child = Child::before(Process::start(command).unwrap()).unwrap();
    go(&mut child, visits);
    child.leave().unwrap();
    let written = disk::ever_written(&recorder.finish().unwrap(), &GIVEN);
    (disk::outside(&data).unwrap(), written)
}

#[test]
fn no_one_or_sixteen_reports_leave_the_same_disk_and_no_word_in_anything_ever_written() {
    let school = School::open().unwrap();
    let _holders = school.holders().unwrap();
    // As many of each way as a box holds.
    let grown_up: Vec<&str> = TELL_WITH_NAME
        .iter()
        .map(|label| if *label == "Me" { "A grown-up at school" } else { label })
        .collect();
    let head = "Mrs Ruth Adeyemi";
    let headteacher: Vec<&str> = TELL.iter().map(|label| if *label == "Me" { head } else { label }).collect();
    let mut sixteen: Vec<&[&str]> = vec![TELL_WITH_NAME; 10];
    sixteen.extend([grown_up.as_slice(); 4]);
    sixteen.extend([headteacher.as_slice(); 2]);
    let none = after(&school, "Kiosk 1", &[TODAY; 16]);
    let mut one: Vec<&[&str]> = vec![TODAY; 16];
    one[7] = TELL_WITH_NAME;
    let one = after(&school, "Kiosk 2", &one);
    let all = after(&school, "Kiosk 3", &sixteen);
    assert!(none.0.iter().any(|file| file.path == "report.box"), "{:?}", none.0);
    for (outside, written) in [&one, &all] {
        assert_eq!(*outside, none.0);
        assert_eq!(*written, Vec::new());
    }
    for name in ["Kiosk 1", "Kiosk 2", "Kiosk 3"] {
        assert_eq!(disk::where_is(&school.path(name), &GIVEN).unwrap(), Vec::new(), "{name}");
    }
}

#[test]
fn after_each_round_nothing_that_was_told_is_in_the_kiosks_memory() {
    let school = School::open().unwrap();
    let _holders = school.holders().unwrap();
    let data = school.paired_kiosk("Kiosk 1").unwrap();
    let mut child = Child::at(&data).unwrap();
    let kiosk = child.kiosk().id();
    let counts = || match memory::counts(kiosk, &GIVEN) {
        Ok(counts) => Some(counts),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            println!("SKIPPED: looking into the kiosk's memory ({error}); it takes the rights of root");
            None
        }
        Err(error) => panic!("{error}"),
    };
    let Some(before) = counts() else { return };
    assert_eq!(before, [0; 3]);
    for round in 0..3 {
        let give_in = TELL_WITH_NAME.iter().position(|label| *label == "Yes, give it in").unwrap();
        let (chosen, ending) = TELL_WITH_NAME.split_at(give_in);
        for label in chosen {
            child.press(label).unwrap();
        }
        // The answers stand one after the other only where they are sealed.
        let told = counts().unwrap();
        assert!(told[0] > 0 && told[2] > 0, "round {round}: where it is told, it is found: {told:?}");
        for label in ending {
            child.press(label).unwrap();
        }
        assert_eq!(child.screen(), "home");
        assert_eq!(counts().unwrap(), [0; 3], "round {round}: given in");
        go(&mut child, &[HIDE_AT_THE_NAMES]);
        assert_eq!(counts().unwrap(), [0; 3], "round {round}: hidden");
    }
}

/// Feeds a program that gives something away; its calls, its folder, and what was ever written of a word.
fn leaky(way: &str, lines: [&str; 3]) -> (Calls, Vec<Outside>, Written, Option<usize>) {
    let folder = scratch_folder().unwrap();
    let home = folder.path().canonicalize().unwrap();
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leaky"));
        command.arg(&home).arg(way);
        command
    };
    let say = |mut program: Process| {
        program.wait_for("ready", PATIENCE, |line| (line == "ready").then_some(())).unwrap();
        for line in lines {
            program.say(line).unwrap();
            program.wait_for("kept", PATIENCE, |line| (line == "kept").then_some(())).unwrap();
        }
        let found = memory::counts(program.id(), &[b"a child's own words"]).map(|counts| counts[0]).ok();
        program.say_no_more();
        program.wait(PATIENCE).unwrap();
        found
    };
    let traced = Traced::new().unwrap();
    say(Process::start(traced.command(&command())).unwrap());
    let calls = traced.finish(&home).unwrap();
    let outside = disk::outside(&home).unwrap();
    for entry in fs::read_dir(&home).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let recorder = Recorder::of(&home).unwrap();
    let mut recorded = command();
    recorder.attach(&mut recorded);
    let in_memory = say(Process::start(recorded).unwrap());
    let written = disk::ever_written(&recorder.finish().unwrap(), &[b"a child's own words"]);
    (calls, outside, written, in_memory)
}

#[test]
fn what_gives_a_report_away_is_found() {
    const TOLD: [&str; 3] = ["", "", "a child's own words"];
    for (way, by_calls, by_looking, by_words) in [
        ("none", false, false, false),
        ("longer", true, true, false),
        ("moment", true, false, false),
        ("log", true, true, false),
        ("elsewhere", true, false, false),
        ("said", true, false, false),
        ("table", true, false, true),
        ("gone", true, false, true),
        ("memory", false, false, false),
    ] {
        let (calls, outside, ..) = leaky(way, [""; 3]);
        let (other_calls, other_outside, written, in_memory) = leaky(way, TOLD);
        let difference = calls.difference(&other_calls);
        assert_eq!(difference.is_empty(), !by_calls, "{way}: {difference}");
        let kept = calls.with_any(KEPT).difference(&other_calls.with_any(KEPT));
        assert_eq!(kept.is_empty(), !by_calls, "{way}: {kept}");
        assert_eq!(outside != other_outside, by_looking, "{way}: {outside:?} {other_outside:?}");
        assert_eq!(!written.is_empty(), by_words, "{way}: {written:?}");
        assert!(way != "memory" || in_memory.is_none_or(|found| found > 0), "{in_memory:?}");
    }
}
