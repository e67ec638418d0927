//! The kill loop must be able to fail too: a program that says "kept" before it has kept is caught.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tests::kill::{self, Plan, Victim};
use tests::process::{Process, ProcessError, scratch_folder};

const SEED: u64 = 60_200;

struct Ledger<'a> {
    folder: &'a Path,
    way: &'a str,
}

impl Victim for Ledger<'_> {
    fn start(&mut self) -> Result<Process, ProcessError> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ledger"));
        command.arg(self.folder).arg(self.way);
        Process::start(command)
    }
    fn is_ready(&self, line: &str) -> bool {
        line == "ready"
    }
    fn acknowledges(&self, line: &str, job: &str) -> bool {
        line.strip_prefix("kept ") == Some(job)
    }
}

fn plan() -> Plan {
    Plan {
        seed: SEED,
        jobs: (0..200).map(|number| format!("line-{number}")).collect(),
        kills: 60,
        patience: Duration::from_secs(30),
    }
}

#[test]
fn sixty_kills_lose_and_double_nothing_that_was_acknowledged() {
    let folder = scratch_folder().unwrap();
    let plan = plan();
    let outcome = kill::run(&plan, &mut Ledger { folder: folder.path(), way: "full" })
        .unwrap_or_else(|error| panic!("seed {SEED}: {error}"));
    println!(
        "{} kills: {} during a job, {} after one, {} at the start; {} jobs given again",
        outcome.kills(),
        outcome.kills_during_a_job,
        outcome.kills_after_a_job,
        outcome.kills_at_start,
        outcome.given_again.len()
    );
    assert_eq!(outcome.kills(), 60, "seed {SEED}");
    assert!(outcome.kills_during_a_job > 0 && outcome.kills_at_start > 0, "seed {SEED}: {outcome:?}");
    let acknowledged: Vec<String> = outcome.acknowledged.iter().map(|(job, _)| job.clone()).collect();
    assert_eq!(acknowledged, plan.jobs, "seed {SEED}: every job once, in order");

    let database = Connection::open(folder.path().join("ledger.db")).unwrap();
    let mut query = database.prepare("SELECT line FROM kept").unwrap();
    let kept: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(kept.len(), 200, "seed {SEED}");
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), acknowledged.into_iter().collect(), "seed {SEED}");
}

#[test]
fn a_program_that_promises_too_early_is_caught() {
    let folder = scratch_folder().unwrap();
    let plan = plan();
    let outcome = kill::run(&plan, &mut Ledger { folder: folder.path(), way: "promised" })
        .unwrap_or_else(|error| panic!("seed {SEED}: {error}"));
    let kept = std::fs::read_to_string(folder.path().join("ledger.txt")).unwrap();
    let kept: BTreeSet<&str> = kept.lines().collect();
    let lost = outcome.acknowledged.iter().filter(|(job, _)| !kept.contains(job.as_str())).count();
    println!("promised too early: {lost} of {} lines lost by {} kills", plan.jobs.len(), outcome.kills());
    assert!(lost > 0, "seed {SEED}: the control was not caught");
}
