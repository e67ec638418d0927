//! The real program without a window, driven by its JSON lines.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use kiosk::storage::Store;
use records::envelope::{NamedEnvelope, NamedRecord};
use serde_json::Value;

use crate::school::{Hub, PROMISES, person};

/// A running `signpost-kiosk headless`.
pub(crate) struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Its last answer.
    pub(crate) last: Value,
}

impl Program {
    pub(crate) fn start(data: &Path) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_signpost-kiosk")).arg("headless").arg("--data").arg(data))
    }
    pub(crate) fn run(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut program = Self { child, input, output, last: Value::Null };
        program.read();
        program
    }
    fn read(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        self.last = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
    }
    pub(crate) fn tell(&mut self, line: &str) -> Value {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        self.read();
        self.last.clone()
    }
    /// Sends a line and does not wait for its answer.
    pub(crate) fn send(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }
    pub(crate) fn press(&mut self, label: &str) -> Value {
        let answer = self.tell(&serde_json::json!({ "do": "press", "label": label }).to_string());
        assert_eq!(answer["ok"], true, "{answer}");
        answer
    }
    pub(crate) fn screen(&self) -> &str {
        self.last["screen"].as_str().unwrap()
    }
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
    pub(crate) fn end(mut self) {
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
    }
}
impl Drop for Program {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Goes from the start to the answer of the disk.
pub(crate) fn sign(program: &mut Program, name: &str) {
    sign_until_done(program, name);
    program.press("I’m done");
}

/// Goes from the start to a mark that is made but not handed in.
pub(crate) fn sign_until_done(program: &mut Program, name: &str) {
    program.press("Sign our promise");
    program.press("Acorn");
    program.press(name);
    program.press("Let’s go");
    for promise in PROMISES {
        assert_eq!(program.last["words"], promise);
        program.press("Yes, I will");
    }
    program.tell(r#"{"do":"draw","strokes":[[[100,200],[300,400]],[[500,500]]]}"#);
}

#[test]
fn a_script_signs_as_a_child_does() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    hub.kiosk(room.path());
    let mut program = Program::start(room.path());
    assert_eq!(program.screen(), "home");
    sign(&mut program, "Amira");
    assert_eq!(program.screen(), "thank-you");
    program.press("Finish");
    program.press("Sign our promise");
    program.press("Acorn");
    let ticked = program.last["ticked"].as_array().unwrap();
    assert!(ticked.contains(&"Amira".into()), "{ticked:?}");
    let wrong = program.tell(r#"{"do":"press","label":"No such thing"}"#);
    assert_eq!(wrong["ok"], false);
    assert!(wrong["why"].as_str().unwrap().contains("there is: Back |"));
    assert_eq!(program.tell("nonsense")["ok"], false);
    program.tell(r#"{"do":"tick","seconds":90}"#);
    assert_eq!(program.screen(), "still-there");
    program.tell(r#"{"do":"tick","seconds":30}"#);
    assert_eq!(program.screen(), "home");
    program.end();
}

#[test]
fn a_second_program_in_the_same_folder_refuses() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    hub.kiosk(room.path());
    let program = Program::start(room.path());
    let mut second = Command::new(env!("CARGO_BIN_EXE_signpost-kiosk"));
    let second = second.arg("headless").arg("--data").arg(room.path()).output().unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("is in use by another signpost-kiosk"), "{said}");
    drop(program);
}

#[test]
fn a_full_disk_brings_no_thank_you_and_loses_nothing() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    // As a full disk does: no file may grow beyond this, and SQLite is told so by each write.
    let limit = "trap '' XFSZ; ulimit -f 48; exec \"$0\" headless --data \"$1\"";
    let mut command = Command::new("bash");
    command.args(["-c", limit, env!("CARGO_BIN_EXE_signpost-kiosk")]).arg(room.path());
    let mut program = Program::run(&mut command);
    let mut thanked = Vec::new();
    let mut refused = false;
    let names = crate::school::ACORN.iter().enumerate().filter(|(place, _)| ![2, 7, 8, 20].contains(place));
    for (place, name) in names {
        sign(&mut program, name);
        match program.screen() {
            "thank-you" => {
                thanked.push(person(1, place));
                program.press("Finish");
            }
            "not-saved" => {
                program.press("Try again");
                assert_eq!(program.screen(), "not-saved", "the disk is still full");
                refused = true;
                break;
            }
            other => panic!("{other}"),
        }
    }
    assert!(refused, "the disk never got full: {} were signed", thanked.len());
    assert!(!thanked.is_empty());
    program.kill();
    let (mut store, found) = Store::open(folder).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let signed: Vec<_> =
        store.outbox().batch(500).unwrap().iter().map(|n| signer(&hub, &n.envelope)).collect();
    assert_eq!(signed, thanked, "who was thanked is there, once, and nobody else");
}

#[test]
fn whoever_was_thanked_is_there_after_every_kill() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let mut thanked = Vec::new();
    let names = crate::school::ACORN.iter().enumerate().filter(|(place, _)| ![2, 7, 8, 20].contains(place));
    for (round, (place, name)) in names.enumerate() {
        let mut program = Program::start(room.path());
        if round % 2 == 0 {
            sign(&mut program, name);
            assert_eq!(program.screen(), "thank-you");
            thanked.push(person(1, place));
        } else {
            // Killed while the answer is on its way: it may or may not be there, but never twice.
            for label in
                ["Sign our promise", "Acorn", name, "Let’s go", "Yes, I will", "Yes, I will", "Yes, I will"]
            {
                program.press(label);
            }
            program.tell(r#"{"do":"draw","strokes":[[[1,1],[9,9]]]}"#);
            let line = serde_json::json!({ "do": "press", "label": "I’m done" });
            writeln!(program.input.as_mut().unwrap(), "{line}").unwrap();
        }
        program.kill();
    }
    let (mut store, _) = Store::open(folder).unwrap();
    let mut signed: Vec<_> =
        store.outbox().batch(500).unwrap().iter().map(|n| signer(&hub, &n.envelope)).collect();
    assert!(thanked.iter().all(|t| signed.contains(t)), "somebody who was thanked is missing");
    let all = signed.len();
    signed.sort();
    signed.dedup();
    assert_eq!(signed.len(), all, "somebody is there twice");
}

fn signer(hub: &Hub, envelope: &[u8]) -> records::ids::PersonId {
    match NamedEnvelope::from_bytes(envelope).unwrap().open(&hub.office).unwrap() {
        NamedRecord::Signature(signature) => signature.person,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_kiosk_that_dies_of_a_fault_leaves_no_copy_of_anybodys_mark() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    hub.kiosk(room.path());
    let program = Program::start(room.path());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", program.child.id())).unwrap();
    let core = limits.lines().find(|l| l.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
}

const NOBODY: u32 = 65_534;

/// The kiosk as somebody runs it who is not root, with a folder that is theirs; and whether root runs this.
fn as_nobody(room: &Path) -> (Command, bool) {
    if std::fs::metadata(room).unwrap().uid() != 0 {
        return (Command::new(env!("CARGO_BIN_EXE_signpost-kiosk")), false);
    }
    let kiosk = room.join("kiosk");
    std::fs::copy(env!("CARGO_BIN_EXE_signpost-kiosk"), &kiosk).unwrap();
    std::os::unix::fs::chown(room, Some(NOBODY), Some(NOBODY)).unwrap();
    let mut command = Command::new(kiosk);
    command.uid(NOBODY).gid(NOBODY).current_dir(room);
    (command, true)
}

/// Some systems collect cores whatever the limit. Of a program that forbids it, the system says that all it has is
/// root's: so it is run as somebody else here.
#[test]
fn no_other_program_of_the_same_user_looks_into_a_kiosk_and_no_core_of_it_is_collected() {
    let room = tempfile::tempdir().unwrap();
    let (mut command, is_root) = as_nobody(room.path());
    let program = Program::run(command.arg("headless").arg("--data").arg(room.path().join("data")));
    let owner_of =
        |name: &str| std::fs::metadata(format!("/proc/{}/{name}", program.child.id())).unwrap().uid();
    assert_eq!(owner_of("environ"), 0);
    let mut other = Command::new("sleep");
    other.arg("60");
    if is_root {
        other.uid(NOBODY);
    }
    let mut other = other.spawn().unwrap();
    let owner = std::fs::metadata(format!("/proc/{}/environ", other.id())).unwrap().uid();
    other.kill().unwrap();
    other.wait().unwrap();
    assert_ne!(owner, 0, "what forbids nothing belongs to whoever runs it");
}

#[test]
fn a_kiosk_is_held_in_memory_where_its_unit_allows_it_and_lives_with_less_where_not() {
    let unit = include_str!("../../../packaging/kiosk/signpost-kiosk.service");
    assert!(unit.lines().any(|line| line == "LimitMEMLOCK=infinity"));
    // Root may hold as much as somebody without a limit.
    let room = tempfile::tempdir().unwrap();
    let (mut anybody, is_root) = as_nobody(room.path());
    let held = |command: &mut Command, data: &str| -> u64 {
        let program = Program::run(command.arg("headless").arg("--data").arg(room.path().join(data)));
        let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
        let held = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
        held.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let is_limited = Command::new("sh").args(["-c", "test \"$(ulimit -l)\" != unlimited"]).status().unwrap();
    if is_limited.success() {
        assert_eq!(held(&mut anybody, "limited"), 0);
    }
    if is_root {
        let held = held(&mut Command::new(env!("CARGO_BIN_EXE_signpost-kiosk")), "free");
        assert!(held > 1_000, "{held} kB");
    } else {
        println!("SKIPPED: a kiosk that holds its memory; it takes the rights of root");
    }
}
