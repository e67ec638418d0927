//! The time that passes while a computer sleeps, as a laptop does whose lid is shut: what somebody left on the screen is
//! not to stand there when the lid is opened.

use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::system::since_boot;

/// How often it is looked at. Whoever opens a lid sees what was there for so long at the most.
const LOOK: Duration = Duration::from_secs(2);
/// Less is the difference between two clocks that are read one after the other.
const SLEPT: Duration = Duration::from_secs(1);

/// Both clocks at one moment.
#[derive(Debug, Clone, Copy)]
struct Clocks {
    awake: Instant,
    all: Duration,
}

impl Clocks {
    fn now() -> Self {
        Self { awake: Instant::now(), all: since_boot() }
    }
    /// Whether the computer slept between then and this.
    fn slept_since(self, then: Self) -> bool {
        let awake = self.awake.saturating_duration_since(then.awake);
        self.all.saturating_sub(then.all) > awake + SLEPT
    }
}

/// Tells when the computer wakes, until this is dropped.
pub(crate) struct Watch {
    _goes_on: Sender<()>,
}

impl Watch {
    /// Starts the thread. `woke` is called from it.
    ///
    /// # Errors
    /// What the system says where no thread can be had.
    pub(crate) fn start(woke: impl Fn() + Send + 'static) -> std::io::Result<(Self, thread::JoinHandle<()>)> {
        let (goes_on, ended) = mpsc::channel();
        let work = move || {
            let mut before = Clocks::now();
            while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                let now = Clocks::now();
                if now.slept_since(before) {
                    woke();
                }
                before = now;
            }
        };
        let thread = thread::Builder::new().name("waking".into()).spawn(work)?;
        Ok((Self { _goes_on: goes_on }, thread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lid_that_was_shut_is_noticed_and_a_busy_computer_is_not_taken_for_one() {
        let then = Clocks::now();
        let later = |awake, all| Clocks {
            awake: then.awake + Duration::from_secs(awake),
            all: then.all + Duration::from_secs(all),
        };
        assert!(later(2, 3602).slept_since(then));
        assert!(!later(2, 2).slept_since(then));
        assert!(!later(90, 90).slept_since(then), "nobody looked for a while");
    }
}
