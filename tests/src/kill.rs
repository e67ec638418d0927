//! Kills a program at random points, starts it again, and keeps what it had acknowledged.
//!
//! The program does jobs: it reads one on each line of standard input and says so on standard output when
//! it is done; when its standard input closes, it ends. Where the kills fall is drawn from a seed: some while a job is being done, some just after,
//! some while the program starts. (Which instruction the kill meets, only the machine's scheduler knows:
//! the same seed plans the same kills, not the same microsecond.)

use crate::chance::Chance;
use crate::process::{Process, ProcessError};
use std::time::{Duration, Instant};

/// What to do to the program.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where chance begins.
    pub seed: u64,
    /// The lines to give, one for each job, without line ends. Each must be different.
    pub jobs: Vec<String>,
    /// How many kills; at most one for each job.
    pub kills: usize,
    /// How long a job or a start may take before the test fails.
    pub patience: Duration,
}

/// What the program said.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The jobs that were acknowledged, with the lines that did it, in order.
    pub acknowledged: Vec<(String, String)>,
    /// Jobs given more than once, because a kill came before the answer. The first try may or may not
    /// have been kept: both are right, but the program has to cope.
    pub given_again: Vec<String>,
    /// How many kills fell while a job was being done.
    pub kills_during_a_job: usize,
    /// How many fell between jobs.
    pub kills_after_a_job: usize,
    /// How many fell while the program started.
    pub kills_at_start: usize,
}

impl Outcome {
    /// All kills.
    pub fn kills(&self) -> usize {
        self.kills_during_a_job + self.kills_after_a_job + self.kills_at_start
    }
}

/// A program to be killed: how it is started, and what its lines mean.
pub trait Victim {
    /// Starts it on the same data as before.
    ///
    /// # Errors
    /// If it does not start.
    fn start(&mut self) -> Result<Process, ProcessError>;

    /// Whether this line says that the program is ready for jobs.
    fn is_ready(&self, line: &str) -> bool;

    /// Whether this line acknowledges `job`.
    fn acknowledges(&self, line: &str, job: &str) -> bool;
}

/// Runs the plan: every job is acknowledged in the end, and so many kills have fallen.
///
/// # Errors
/// If the program does not come up again after a kill, does not acknowledge a job, or ends by itself.
pub fn run(plan: &Plan, victim: &mut impl Victim) -> Result<Outcome, ProcessError> {
    let mut chance = Chance::from_seed(plan.seed);
    let doomed = chance.some_of(plan.jobs.len(), plan.kills);
    let mut outcome = Outcome::default();
    let mut pace = Pace::new();
    let mut program = started(plan, victim, &mut pace)?;
    for (number, job) in plan.jobs.iter().enumerate() {
        if doomed.binary_search(&number).is_ok() {
            program = if chance.one_in(6) {
                program.say_no_more();
                program.wait(plan.patience)?;
                let mut starting = victim.start()?;
                pace.spend(pace.start.mul_f64(chance.share()));
                starting.kill();
                outcome.kills_at_start += 1;
                started(plan, victim, &mut pace)?
            } else {
                // Up to one and a half times what a job takes: most kills fall into it, some after it.
                let delay = pace.job.mul_f64(1.5 * chance.share());
                if do_and_kill(program, victim, job, delay, &mut outcome)? {
                    program = started(plan, victim, &mut pace)?;
                    continue;
                }
                outcome.given_again.push(job.clone());
                started(plan, victim, &mut pace)?
            };
        }
        let began = Instant::now();
        program.say(job)?;
        let line = program.wait_for(&format!("that it has done {job:?}"), plan.patience, |line| {
            victim.acknowledges(line, job).then(|| line.to_owned())
        })?;
        pace.job_took(began.elapsed());
        outcome.acknowledged.push((job.clone(), line));
    }
    program.say_no_more();
    program.wait(plan.patience)?;
    Ok(outcome)
}

/// Gives the job, kills after `delay`, and says whether the job had been acknowledged by then.
fn do_and_kill(
    mut program: Process,
    victim: &impl Victim,
    job: &str,
    delay: Duration,
    outcome: &mut Outcome,
) -> Result<bool, ProcessError> {
    program.say(job)?;
    let kill_at = Instant::now() + delay;
    let mut answer = None;
    while answer.is_none() {
        let left = kill_at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        answer = program.line_if_any(left).filter(|line| victim.acknowledges(line, job));
    }
    Pace::until(kill_at);
    program.kill();
    // What left the process before the kill counts, even if nobody had read it yet.
    const DRAIN: Duration = Duration::from_secs(5);
    while answer.is_none() {
        match program.line_if_any(DRAIN) {
            Some(line) if victim.acknowledges(&line, job) => answer = Some(line),
            Some(_) => {}
            None => break,
        }
    }
    match answer {
        Some(line) => {
            outcome.kills_after_a_job += 1;
            outcome.acknowledged.push((job.to_owned(), line));
            Ok(true)
        }
        None => {
            outcome.kills_during_a_job += 1;
            Ok(false)
        }
    }
}

fn started(plan: &Plan, victim: &mut impl Victim, pace: &mut Pace) -> Result<Process, ProcessError> {
    let began = Instant::now();
    let mut program = victim.start()?;
    program.wait_for("that it is ready", plan.patience, |line| victim.is_ready(line).then_some(()))?;
    pace.start = began.elapsed();
    Ok(program)
}

/// How long the program takes here and now, so that kills fall where something happens.
#[derive(Debug)]
struct Pace {
    start: Duration,
    job: Duration,
}

impl Pace {
    fn new() -> Self {
        Self { start: Duration::from_millis(20), job: Duration::from_millis(5) }
    }

    fn job_took(&mut self, took: Duration) {
        self.job = (self.job * 3 + took) / 4;
    }

    fn spend(&self, delay: Duration) {
        Self::until(Instant::now() + delay);
    }

    /// Passes time up to a point, not by sleeping alone: a sleep is too coarse to fall between two writes.
    fn until(point: Instant) {
        while let Some(left) = point.checked_duration_since(Instant::now()) {
            if left > Duration::from_millis(2) {
                std::thread::sleep(left - Duration::from_millis(1));
            } else {
                std::hint::spin_loop();
            }
        }
    }
}
