//! “How was it today?” at a real kiosk: what the disk is asked for gives nobody away, and what was thanked for is counted.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use tests::child::Child;
use tests::power_cut::{Call, Event, Recorder, Recording};
use tests::process::Process;
use tests::school::{School, kiosk_command};

const TODAY: [&str; 7] =
    ["How was it today?", "Let’s go", "Sad", "It upset me", "Yes, give it in", "I have got it", "Finish"];

fn is_mark(text: &str) -> impl Fn(&Event) -> bool {
    move |event| matches!(&event.call, Call::Mark { text: mark } if mark == text)
}

/// What was asked of the box's file and folder between two marks: which calls, with how many bytes.
fn asked_between(recording: &Recording, marks: [&str; 2]) -> Vec<String> {
    let events = recording.events();
    let from = events.iter().position(is_mark(marks[0])).unwrap();
    let until = events.iter().position(is_mark(marks[1])).unwrap();
    let of_the_box = events[from..until].iter().filter(|event| {
        let name = event.path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.contains("report"))
    });
    let told = |event: &Event| match &event.call {
        Call::Write { offset, bytes, synced, .. } => {
            format!("write {offset} {} {synced}", bytes.len())
        }
        Call::Rename { .. } => "rename".to_owned(),
        other => format!("{other:?}"),
    };
    of_the_box.map(told).collect()
}

#[test]
fn rounds_that_answer_that_tell_and_that_only_look_ask_the_very_same_of_the_disk() {
    let mut school = School::open().unwrap();
    let data = school.paired_kiosk("Corridor").unwrap();
    school.holders().unwrap();
    let mut child = Child::at(&data).unwrap();
    child.sync().unwrap();
    child.leave().unwrap();
    school.kill_hub();
    let recorder = Recorder::of(&data).unwrap();
    let mut command = kiosk_command("headless", &data).unwrap();
    recorder.attach(&mut command);
    let mut child = Child::before(Process::start(command).unwrap()).unwrap();
    let mut rounds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    rounds.insert("answers", TODAY.to_vec());
    rounds.insert("hides", vec!["How was it today?", "Let’s go", "Sad", "Hide"]);
    rounds.insert("looks", vec!["Sign our promise", "Acorn", "Stop and go to the start"]);
    rounds.insert(
        "tells",
        vec![
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
        ],
    );
    for (name, way) in &rounds {
        recorder.mark(&format!("{name} begins")).unwrap();
        for label in way {
            child.press(label).unwrap();
        }
        assert_eq!(child.screen(), "home");
        // Waits until the disk has done what was asked of it.
        child.figures().unwrap();
        recorder.mark(&format!("{name} is over")).unwrap();
    }
    child.leave().unwrap();
    let recording = recorder.finish().unwrap();
    let asked: BTreeMap<_, _> = rounds
        .keys()
        .map(|name| {
            let marks = [format!("{name} begins"), format!("{name} is over")];
            (*name, asked_between(&recording, [&marks[0], &marks[1]]))
        })
        .collect();
    let first = &asked["answers"];
    assert!(first.iter().any(|call| call.starts_with("write")) && first.iter().any(|call| call == "Fsync"));
    for (name, calls) in &asked {
        assert_eq!(calls, first, "a round that {name}");
    }
}
