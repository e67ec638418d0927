//! Wrong codes and PINs are slowed, over restarts too. It keeps a count and a moment, and nothing of what was typed.

use std::time::Duration;

use records::day::Moment;

/// So many wrong codes cost no waiting: a letter of last term, a slip that the check did not find.
pub const WRONG_CODES_FREE: u32 = 2;
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// After so long without a wrong code the count begins anew.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// How wrong codes are slowed. Times are since the program began, by a clock that is never turned back; the wall
/// clock counts over a restart alone, where there is no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slowing {
    wrong: u32,
    /// When the last wrong one was, on the clock that is never turned back: before the program began, where it is
    /// negative.
    last: i64,
}

impl Slowing {
    /// As the program finds it at its start. A clock that was turned back since, or was never right, makes the wait
    /// begin anew: it is then neither shorter than it was meant to be, nor without end.
    pub fn found(note: Option<&[u8]>, wall: Moment) -> Self {
        let read = note.and_then(|note| {
            let (wrong, moment) = note.split_first_chunk::<4>()?;
            Some((u32::from_be_bytes(*wrong), i64::from_be_bytes(moment.try_into().ok()?)))
        });
        let (wrong, moment) = read.unwrap_or_default();
        let gone = wall.0.saturating_sub(moment).max(0);
        Self { wrong, last: gone.saturating_neg() }
    }
    /// What is kept on the disk.
    pub fn note(&self, wall: Moment) -> Vec<u8> {
        [&self.wrong.to_be_bytes()[..], &wall.0.to_be_bytes()].concat()
    }
    /// How long no code is tried from now on.
    pub fn left(&self, now: Duration) -> Duration {
        let over = self.wrong.saturating_sub(WRONG_CODES_FREE);
        if over == 0 {
            return Duration::ZERO;
        }
        let doubled = FIRST_WAIT.saturating_mul(1_u32.checked_shl(over - 1).unwrap_or(u32::MAX));
        doubled.min(LONGEST_WAIT).saturating_sub(self.gone(now))
    }
    /// A code was wrong.
    pub fn wrong(&mut self, now: Duration) {
        if self.gone(now) >= FORGOTTEN {
            self.wrong = 0;
        }
        self.wrong = self.wrong.saturating_add(1);
        self.last = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    }
    /// A code was right: whoever has one is no guesser. Tells whether that changed anything.
    pub fn right(&mut self) -> bool {
        std::mem::take(&mut self.wrong) > 0
    }
    fn gone(&self, now: Duration) -> Duration {
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        Duration::from_secs(u64::try_from(now.saturating_sub(self.last)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment(1_790_000_000);
    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }
    fn after(wrong: u32) -> Slowing {
        let mut slowing = Slowing::found(None, START);
        for _ in 0..wrong {
            slowing.wrong(at(100));
        }
        slowing
    }

    #[test]
    fn the_third_wrong_code_costs_half_a_minute_and_each_further_one_twice_as_much_to_ten_minutes() {
        let waits: Vec<u64> = (0..12).map(|wrong| after(wrong).left(at(100)).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 30, 60, 120, 240, 480, 600, 600, 600, 600]);
        assert_eq!(after(70).left(at(100)), at(600));
        assert_eq!(after(4).left(at(159)), at(1));
        assert_eq!(after(4).left(at(160)), at(0));
    }

    #[test]
    fn a_restart_goes_on_where_it_was_and_no_clock_shortens_the_wait_or_makes_it_endless() {
        let note = after(6).note(START);
        let found = |wall| Slowing::found(Some(&note), Moment(wall)).left(at(0)).as_secs();
        assert_eq!(found(START.0), 240);
        assert_eq!(found(START.0 + 40), 200);
        assert_eq!(found(START.0 + 240), 0);
        for back in [1, 3600, START.0, i64::MAX] {
            assert_eq!(found(START.0.saturating_sub(back)), 240, "a clock turned back by {back} s");
        }
        let again = Slowing::found(Some(&note), Moment(0));
        assert_eq!(again.left(at(240)), at(0), "and then it is over, whatever the clock says");
    }

    #[test]
    fn a_right_code_or_an_hour_without_a_wrong_one_begins_anew() {
        let mut slowing = after(5);
        assert!(slowing.right());
        slowing.wrong(at(101));
        assert_eq!(slowing.left(at(101)), at(0));
        let mut slowing = after(9);
        slowing.wrong(at(100 + 3600));
        assert_eq!(slowing.left(at(100 + 3600)), at(0));
        let mut slowing = after(9);
        slowing.wrong(at(100 + 3599));
        assert_eq!(slowing.left(at(100 + 3599)), at(600));
    }

    #[test]
    fn a_note_that_is_none_is_no_lock() {
        for note in [None, Some(&b""[..]), Some(&b"abc"[..]), Some(&[255; 30][..])] {
            assert_eq!(Slowing::found(note, START).left(at(0)), at(0));
        }
        // Numbers that nobody wrote: the longest wait, which ends.
        let odd = Slowing::found(Some(&[255; 12]), START);
        assert!(odd.left(at(0)) <= at(600));
        assert_eq!(odd.left(at(601)), at(0));
    }
}
