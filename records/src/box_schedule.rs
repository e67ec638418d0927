//! When a report box is closed, at a kiosk and at the hub: by the clock, never by what is in it.

use crate::day::Moment;
use jiff::{civil::Time, tz::TimeZone};

/// The times of day at which boxes are closed, every day alike.
const TIMES: [(i8, i8); 3] = [(10, 0), (12, 30), (15, 0)];
/// A clock that jumps further than this is believed no more than one that was set back.
const LONGEST: i64 = 24 * 60 * 60;

/// Whether a box that was begun at one moment is to be closed at another. One is also closed when the
/// clock was set back, or far ahead: then nobody knows which times have passed.
pub fn is_due(begun: Moment, now: Moment, zone: &TimeZone) -> bool {
    if now.0 < begun.0 || now.0 - begun.0 >= LONGEST {
        return true;
    }
    let (Ok(from), Ok(to)) = (jiff::Timestamp::from_second(begun.0), jiff::Timestamp::from_second(now.0))
    else {
        return true;
    };
    let (from, to) = (from.to_zoned(zone.clone()), to.to_zoned(zone.clone()));
    // Less than a day lies between: the times of the first and of the last day are all there are.
    [from.date(), to.date()].into_iter().any(|day| {
        TIMES.iter().any(|(hour, minute)| {
            let at = Time::new(*hour, *minute, 0, 0)
                .ok()
                .and_then(|t| day.to_datetime(t).to_zoned(zone.clone()).ok());
            at.is_some_and(|at| from < at && at <= to)
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn due(begun: &str, now: &str) -> bool {
        let zone = TimeZone::get("Europe/London").unwrap();
        let at = |text: &str| {
            let time: jiff::civil::DateTime = text.parse().unwrap();
            Moment(time.to_zoned(zone.clone()).unwrap().timestamp().as_second())
        };
        is_due(at(begun), at(now), &zone)
    }

    #[test]
    fn a_box_is_closed_at_its_times_and_not_in_between() {
        assert!(!due("2026-09-14T08:30", "2026-09-14T09:59"));
        assert!(due("2026-09-14T08:30", "2026-09-14T10:00"));
        assert!(!due("2026-09-14T10:00", "2026-09-14T12:29"));
        assert!(due("2026-09-14T10:00", "2026-09-14T12:30"));
        assert!(due("2026-09-14T12:30", "2026-09-14T15:07"));
        assert!(!due("2026-09-14T15:07", "2026-09-15T09:00"), "nothing is closed at night");
        assert!(due("2026-09-14T15:07", "2026-09-15T10:01"));
        assert!(due("2026-10-24T16:00", "2026-10-25T10:00"), "in the night the clocks go back");
    }

    #[test]
    fn a_clock_that_was_set_closes_a_box_rather_than_keeping_it() {
        assert!(due("2026-09-14T09:00", "2026-09-14T08:59"));
        assert!(due("2026-09-14T16:00", "2026-09-15T16:00"));
        assert!(due("2026-09-14T16:00", "2099-01-01T03:00"));
    }
}
