//! The harness for real programs: it hears them, gives up in time, tells what they said, leaves none behind.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tests::process::{Process, ProcessError, free_port, our_program};

const PATIENCE: Duration = Duration::from_secs(30);

fn shell(script: &str) -> Process {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    Process::start(command).unwrap()
}

fn is_alive(process: u32) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // A zombie is dead; whoever adopted it has not yet noticed.
    state.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

#[test]
fn a_program_is_spoken_to_and_heard_line_by_line() {
    let mut program = shell("while read line; do echo \"heard $line\"; done; echo bye >&2; exit 3");
    program.say("one").unwrap();
    assert_eq!(program.line(PATIENCE).unwrap(), "heard one");
    program.say("two").unwrap();
    let found = program.wait_for("two", PATIENCE, |line| line.strip_prefix("heard t").map(str::to_owned));
    assert_eq!(found.unwrap(), "wo");
    program.say_no_more();
    assert_eq!(program.wait(PATIENCE).unwrap().code(), Some(3));
    assert!(matches!(program.line(PATIENCE), Err(ProcessError::Ended { .. })));
}

#[test]
fn a_silent_program_is_given_up_in_time_and_what_it_said_is_told() {
    let mut program = shell("echo started; echo 'the disk is full' >&2; sleep 600");
    assert_eq!(program.line(PATIENCE).unwrap(), "started");
    let began = Instant::now();
    let told = loop {
        // Standard error comes by another pipe, perhaps a moment later.
        let error = program.wait_for("its address", Duration::from_millis(50), |_| Some(())).unwrap_err();
        let told = error.to_string();
        if told.contains("the disk is full") || began.elapsed() > PATIENCE {
            break told;
        }
    };
    assert!(told.contains("did not say its address") && told.contains("started"), "{told}");
    assert!(told.contains("the disk is full"), "{told}");
    assert!(matches!(program.wait(Duration::from_millis(10)), Err(ProcessError::StillRunning { .. })));
}

#[test]
fn what_was_said_before_a_kill_can_still_be_heard_but_no_half_line() {
    let mut program = shell("echo kept 1; printf 'kept 2'; echo ready >&2; sleep 600");
    let began = Instant::now();
    while !program.stderr().contains("ready") {
        assert!(began.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
    program.kill();
    assert_eq!(program.line(PATIENCE).unwrap(), "kept 1");
    assert!(program.line(PATIENCE).is_err(), "half a line is no acknowledgement");
}

#[test]
fn nothing_is_left_behind_when_a_test_lets_go() {
    let mut program = shell("sleep 600 & echo $!; wait");
    let grandchild: u32 = program.line(PATIENCE).unwrap().parse().unwrap();
    let child = program.id();
    assert!(is_alive(child) && is_alive(grandchild));
    drop(program);
    let began = Instant::now();
    while is_alive(child) || is_alive(grandchild) {
        assert!(began.elapsed() < PATIENCE, "a process outlived its test");
        std::thread::yield_now();
    }
}

#[test]
fn a_program_that_was_not_built_is_named_with_its_remedy() {
    let told = our_program("signpost-nothing", "nothing").unwrap_err().to_string();
    assert!(told.contains("cargo build -p nothing"), "{told}");
    let built = Path::new(env!("CARGO_BIN_EXE_ledger")).file_name().unwrap().to_str().unwrap();
    if std::env::var_os("SIGNPOST_BIN_DIR").is_none() {
        assert!(our_program(built, "tests").unwrap().is_file());
    }
}

#[test]
fn free_ports_can_be_listened_on() {
    let port = free_port().unwrap();
    assert!(std::net::TcpListener::bind(("127.0.0.1", port)).is_ok());
}
