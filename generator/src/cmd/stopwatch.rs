//! How much of the processor's time the steps of a build take, all threads together.

use std::{cell::RefCell, time::Duration};

use crate::build::Step;

/// Runs from when it is made.
pub(super) struct Stopwatch {
    steps: RefCell<Vec<(Step, Duration)>>,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { steps: RefCell::default() }
    }

    /// A step is done.
    pub(super) fn done(&self, step: Step) {
        self.steps.borrow_mut().push((step, so_far()));
    }

    /// What each step took. The first has with it what the program did before.
    pub(super) fn steps(&self) -> Vec<(Step, Duration)> {
        let mut before = Duration::ZERO;
        let took = |(step, at): &(Step, Duration)| {
            let took = at.saturating_sub(before);
            before = *at;
            (*step, took)
        };
        self.steps.borrow().iter().map(took).collect()
    }
}

/// The processor's time that this program has had.
#[cfg(unix)]
fn so_far() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanoseconds.unwrap_or_default())
}

/// Other systems are asked for the time of day.
#[cfg(not(unix))]
fn so_far() -> Duration {
    std::time::UNIX_EPOCH.elapsed().unwrap_or_default()
}
