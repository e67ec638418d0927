//! The power-cut test must be able to fail: programs that are wrong about the disk in known ways are
//! caught, and programs that are right pass the very same test.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tests::power_cut::{self, Call, Cuts, Outcome, RecordError, Recorder, Recording};
use tests::process::{Process, scratch_folder};
use tests::trace;

const LINES: usize = 120;
const PATIENCE: Duration = Duration::from_secs(30);
const CUTS: Cuts = Cuts { seed: 20_261_122, count: 240 };

fn ledger(folder: &Path, way: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ledger"));
    command.arg(folder).arg(way);
    command
}

/// Has the ledger keep lines, one after the other, and end.
fn keep_lines(command: Command, lines: usize) {
    let mut program = Process::start(command).unwrap();
    program.wait_for("ready", PATIENCE, |line| (line == "ready").then_some(())).unwrap();
    for number in 0..lines {
        program.say(&format!("line-{number}")).unwrap();
        assert_eq!(program.line(PATIENCE).unwrap(), format!("kept line-{number}"));
    }
    program.say_no_more();
    assert!(program.wait(PATIENCE).unwrap().success(), "{}", program.stderr());
}

fn recording(way: &str) -> Result<Recording, RecordError> {
    let folder = scratch_folder().unwrap();
    let recorder = Recorder::of(folder.path())?;
    let mut command = ledger(folder.path(), way);
    recorder.attach(&mut command);
    keep_lines(command, LINES);
    recorder.finish()
}

fn cut(way: &str, check: fn(&Path) -> Result<BTreeSet<String>, String>) -> Outcome {
    let recording = recording(way).unwrap();
    let acknowledged = recording.acknowledgements(|line| line.strip_prefix("kept ").map(str::to_owned));
    assert_eq!(acknowledged.len(), LINES, "every line was acknowledged");
    let outcome = power_cut::run(&recording, &acknowledged, CUTS, check);
    println!(
        "{way}: {} events, {} cuts, {} with something to lose: {} lost something, {} unusable",
        recording.events().len(),
        outcome.cuts,
        outcome.cuts_at_risk,
        outcome.losses(),
        outcome.unusable()
    );
    outcome
}

/// Opens the database as the program would, with SQLite's own recovery.
fn rows(folder: &Path) -> Result<BTreeSet<String>, String> {
    let told = |error: rusqlite::Error| error.to_string();
    let database = Connection::open(folder.join("ledger.db")).map_err(told)?;
    // The scratch folder need not survive a power cut of its own.
    database.pragma_update(None, "synchronous", "OFF").map_err(told)?;
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(told)?;
    if sound != "ok" {
        return Err(sound);
    }
    if !database.table_exists(None, "kept").map_err(told)? {
        return Ok(BTreeSet::new());
    }
    let mut query = database.prepare("SELECT line FROM kept").map_err(told)?;
    let found = query.query_map([], |row| row.get(0)).map_err(told)?;
    found.collect::<Result<_, _>>().map_err(told)
}

fn lines(folder: &Path) -> Result<BTreeSet<String>, String> {
    let bytes = fs::read(folder.join("ledger.txt")).unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
}

fn files(folder: &Path) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|it| it == "kept") {
            found.insert(fs::read_to_string(&path).map_err(|error| error.to_string())?);
        }
    }
    Ok(found)
}

#[test]
fn what_sqlite_acknowledged_with_full_sync_survives_every_power_cut() {
    cut("full", rows).assert_nothing_lost();
}

#[test]
fn what_sqlite_acknowledged_with_normal_sync_is_caught_being_lost() {
    let outcome = cut("normal", rows);
    assert!(outcome.losses() > 20, "the control was not caught: {outcome}");
    assert_eq!(outcome.unusable(), 0, "NORMAL loses rows, but never the database: {outcome}");
}

#[test]
fn lines_in_a_synced_file_survive_every_power_cut() {
    cut("appended-and-synced", lines).assert_nothing_lost();
}

#[test]
fn threads_that_write_at_once_are_recorded_in_the_order_in_which_they_wrote() {
    // The replay of the recording is compared with the file itself, byte for byte, before the cuts.
    cut("appended-by-four", lines).assert_nothing_lost();
}

#[test]
fn lines_in_a_file_that_was_never_synced_are_caught_being_lost() {
    assert!(cut("appended", lines).losses() > 20);
}

#[test]
fn files_renamed_into_a_synced_folder_survive_every_power_cut() {
    cut("renamed-and-synced", files).assert_nothing_lost();
}

#[test]
fn files_renamed_into_a_folder_that_was_not_synced_are_caught_being_lost() {
    assert!(cut("renamed", files).losses() > 20);
}

#[test]
fn a_way_of_writing_that_cannot_be_replayed_is_refused_and_named() {
    let told = recording("copied").unwrap_err().to_string();
    assert!(told.contains("copy_file_range") && told.contains(".kept"), "{told}");
}

#[test]
fn a_change_that_the_recorder_missed_is_noticed() {
    let told = recording("renamed-past-libc").unwrap_err().to_string();
    assert!(told.contains("past libc"), "{told}");
}

/// Keeps lines over the network and notes each answer in the recording, as a test of a server does.
fn cut_server(way: &str) -> Outcome {
    let folder = scratch_folder().unwrap();
    let recorder = Recorder::of(folder.path()).unwrap();
    let mut command = ledger(folder.path(), way);
    command.arg("network");
    recorder.attach(&mut command);
    let mut program = Process::start(command).unwrap();
    let port: u16 =
        program.wait_for("its port", PATIENCE, |line| line.strip_prefix("ready ")?.parse().ok()).unwrap();
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut answers = BufReader::new(connection.try_clone().unwrap()).lines();
    for number in 0..LINES {
        connection.write_all(format!("line-{number}\n").as_bytes()).unwrap();
        recorder.mark(&answers.next().unwrap().unwrap()).unwrap();
    }
    drop((connection, answers));
    program.kill();

    let recording = recorder.finish().unwrap();
    let acknowledged = recording.acknowledgements(|line| line.strip_prefix("kept ").map(str::to_owned));
    assert_eq!(acknowledged.len(), LINES);
    let sent = |at: usize| matches!(recording.events()[at].call, Call::Sent { .. });
    assert!(acknowledged.iter().all(|ack| sent(ack.at)), "an answer counts from when it was sent");
    power_cut::run(&recording, &acknowledged, CUTS, rows)
}

#[test]
fn what_was_acknowledged_over_the_network_is_judged_from_the_moment_it_was_sent() {
    cut_server("full").assert_nothing_lost();
    assert!(cut_server("normal").losses() > 20);
}

/// Standard tools that between them use most calls that a folder can be changed with.
const EVERY_CALL: &str = r#"
set -e
cd "$1"
mkdir deep deep/er
printf one > deep/file            # open, write
printf two >> deep/file           # append
exec 3<> deep/file; printf X >&3  # in the middle, by a duplicated descriptor
exec 3>&-
truncate -s 3 deep/file
truncate -s 900 deep/file
fallocate -l 2000 deep/file
dd if=/dev/zero of=deep/synced bs=700 count=2 oflag=dsync conv=notrunc 2> /dev/null
ln deep/file linked
mv deep/file deep/er/moved        # across folders
mv -T linked deep/synced          # over another file
printf "was here before" > before
rm before
rmdir gone
sync deep deep/er/moved
for child in a b c d; do          # processes that write to one file at once
    ( for turn in 1 2 3 4 5; do printf "$child$turn " >> together; done ) &
done
wait
"#;

#[test]
fn every_call_of_the_standard_tools_is_replayed_to_the_same_folder() {
    let folder = scratch_folder().unwrap();
    fs::create_dir(folder.path().join("gone")).unwrap();
    fs::write(folder.path().join("before"), "durable since long ago").unwrap();
    let recorder = Recorder::of(folder.path()).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", EVERY_CALL, "sh"]).arg(folder.path());
    let mut program = Process::start(recorder.attach_with_trace(&command)).unwrap();
    let status = program.wait(PATIENCE).unwrap();
    assert!(status.success(), "{}", program.stderr());
    // The recording would be refused if its replay did not give the folder that is there now.
    let recording = recorder.finish().unwrap();
    let counts = trace::compare(&recording).unwrap();
    let kinds: BTreeSet<&str> = counts.keys().map(|(call, _)| *call).collect();
    let expected =
        ["fallocate", "fsync", "link", "mkdir", "open", "rename", "rmdir", "truncate", "unlink", "write"];
    for call in expected {
        assert!(kinds.contains(call), "{call} was not tried: {kinds:?}");
    }
}

#[test]
fn the_same_seed_cuts_in_the_same_way() {
    let recording = recording("normal").unwrap();
    let acknowledged = recording.acknowledgements(|line| line.strip_prefix("kept ").map(str::to_owned));
    let troubles = |cuts| {
        let outcome = power_cut::run(&recording, &acknowledged, cuts, rows);
        outcome.troubles.into_iter().map(|it| (it.seed, it.position, it.lost)).collect::<Vec<_>>()
    };
    let few = Cuts { count: 40, ..CUTS };
    let first = troubles(few);
    assert_eq!(first, troubles(few));
    let (seed, position, lost) = first.first().unwrap().clone();
    assert_eq!(troubles(Cuts { seed, count: 1 }), [(seed, position, lost)], "one cut again, by its seed");
}

#[test]
fn recorder_and_strace_count_the_same_calls() {
    for way in ["full", "appended-and-synced", "appended-by-four", "renamed-and-synced"] {
        let folder = scratch_folder().unwrap();
        let recorder = Recorder::of(folder.path()).unwrap();
        keep_lines(recorder.attach_with_trace(&ledger(folder.path(), way)), LINES);
        let recording = recorder.finish().unwrap();
        let counts = trace::compare(&recording).unwrap();
        let synced: usize =
            counts.iter().filter(|((call, _), _)| call.contains("sync")).map(|(_, count)| count).sum();
        println!("{way}: {} calls agree, {synced} of them syncs", counts.values().sum::<usize>());
        assert!(synced >= LINES, "at least one sync for each line: {counts:?}");
    }
}

#[test]
fn a_call_past_the_recorder_is_caught_by_the_trace() {
    let folder = scratch_folder().unwrap();
    let recorder = Recorder::of(folder.path()).unwrap();
    keep_lines(recorder.attach_with_trace(&ledger(folder.path(), "synced-past-libc")), 3);
    let told = trace::compare(&recorder.finish().unwrap()).unwrap_err().to_string();
    assert!(told.contains("fsync") && told.contains("recorded 0, traced 3"), "{told}");
}
