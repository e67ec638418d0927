//! The figures that the documents state, measured again:
//! `cargo test --release -p kiosk --test kiosk -- --ignored --nocapture figures`

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use crate::{
    program::{Program, sign_until_done},
    school::{ACORN, Hub},
    screen::{Display, Shown},
};

fn percent(sorted: &[Duration], of: usize) -> Duration {
    sorted[(sorted.len() - 1) * of / 100]
}

#[test]
#[ignore = "a measurement, and takes a minute"]
fn figures_of_a_window() {
    let Some(display) = Display::open() else { return };
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    hub.kiosk(room.path());
    let mut starts: Vec<_> = (0..9).map(|_| Shown::open(&display, room.path()).first_frame).collect();
    starts.sort();
    println!("start to first frame: p50 {} ms, most {} ms", starts[4], starts[8]);
    let shown = Shown::open(&display, room.path());
    // The first second still belongs to the start.
    thread::sleep(Duration::from_secs(2));
    let before = shown.cpu_milliseconds();
    thread::sleep(Duration::from_secs(30));
    println!("idle CPU over 30 s: {} ms", shown.cpu_milliseconds() - before);
    let status = fs::read_to_string(format!("/proc/{}/status", shown.id())).unwrap();
    println!("{}", status.lines().find(|l| l.starts_with("VmRSS")).unwrap());
}

#[test]
#[ignore = "a measurement"]
fn figures_of_a_tap_to_the_thank_you() {
    let hub = Hub::new();
    let mut took = Vec::new();
    for _ in 0..12 {
        let room = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        hub.kiosk(room.path());
        let mut program = Program::start(room.path());
        for (_, name) in ACORN.iter().enumerate().filter(|(place, _)| ![2, 7, 8, 20].contains(place)) {
            sign_until_done(&mut program, name);
            let began = Instant::now();
            program.press("I’m done");
            took.push(began.elapsed());
            assert_eq!(program.screen(), "thank-you");
            program.press("Finish");
        }
    }
    took.sort();
    let (p50, p99) = (percent(&took, 50), percent(&took, 99));
    println!("tap to thank-you, {} times: p50 {p50:?}, p99 {p99:?}", took.len());
}
