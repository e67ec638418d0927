//! How fast reports come: a flood is slowed down and set apart, and never refused.
//!
//! One level for everybody, because nobody's address is looked at: each sending raises it, time lowers it.

use std::time::Duration;

use records::day::Moment;

/// How long it takes until one sending is forgotten.
const FORGET: i64 = 30;
/// Up to here nobody waits: a family, a few children.
const AT_ONCE: i64 = 5;
/// Above this, what comes stands apart: more than a class sends in a lesson about it.
const MANY: i64 = 40;
/// What each one above [`AT_ONCE`] adds to the wait, and the most that it comes to.
const STEP: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_millis(1500);

/// What becomes of a sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paced {
    /// How long it waits before it is taken.
    pub(super) wait: Duration,
    /// Whether it is one of very many.
    pub(super) is_one_of_many: bool,
}

/// How much came lately.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// In seconds of forgetting.
    level: i64,
    last: Option<Moment>,
}

impl Pace {
    /// One more was sent.
    pub(super) fn sent(&mut self, now: Moment) -> Paced {
        // A clock that was set back forgets nothing.
        let passed = self.last.map_or(0, |last| now.0.saturating_sub(last.0).max(0));
        self.level = self.level.saturating_sub(passed).max(0).saturating_add(FORGET);
        self.last = Some(now);
        let count = self.level.div_euclid(FORGET);
        let over = u32::try_from((count - AT_ONCE).max(0)).unwrap_or(u32::MAX);
        Paced { wait: STEP.saturating_mul(over).min(LONGEST), is_one_of_many: count > MANY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_never_waits_a_class_is_not_set_apart_and_a_flood_is_slowed_and_set_apart() {
        let mut pace = Pace::default();
        for _ in 0..AT_ONCE {
            assert_eq!(pace.sent(Moment(1000)), Paced { wait: Duration::ZERO, is_one_of_many: false });
        }
        let rest: Vec<Paced> = (0..600).map(|_| pace.sent(Moment(1000))).collect();
        assert!(rest[0].wait > Duration::ZERO && rest.iter().all(|one| one.wait <= LONGEST));
        assert!(rest[..30].iter().all(|one| !one.is_one_of_many), "thirty children of a class");
        assert!(rest[40..].iter().all(|one| one.is_one_of_many && one.wait == LONGEST));
    }

    #[test]
    fn a_flood_is_forgotten_with_time_and_not_by_a_clock_that_is_set_back() {
        let mut pace = Pace::default();
        for _ in 0..100 {
            pace.sent(Moment(1000));
        }
        assert!(pace.sent(Moment(0)).is_one_of_many);
        assert!(pace.sent(Moment(60)).is_one_of_many);
        assert!(!pace.sent(Moment(60 + 101 * FORGET)).is_one_of_many);
        assert_eq!(pace.sent(Moment(i64::MAX)).wait, Duration::ZERO);
    }
}
