//! Which backups stay, when the next one is due, and when one is late. No clock and no disk.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use records::{day::Moment, pack::Term};

use crate::{
    clock,
    school_days::{self, AFTER_SCHOOL},
};

/// For so many days the last backup of each day stays.
pub const DAYS: i64 = 14;
/// For so many days the last backup of each week stays. What was erased is gone from every backup after this.
pub const EXPIRE_DAYS: i64 = 35;
/// So many stay in any case, whatever a clock says.
pub const ALWAYS: usize = 3;
/// A try that failed is repeated after so many seconds.
const AGAIN: i64 = 30 * 60;
/// A hub that is not on in the afternoon makes its backup at any time once the last one is older, in seconds.
const DAY: i64 = 24 * 3600;
/// How far ahead a backup's time may lie before it is taken for that of a wrong clock, in seconds.
const AHEAD: i64 = DAY;
/// So many school days, today among them, after the day of the last good backup it is late: two have passed.
const LATE: usize = 3;
/// A longer silence is late in any case, in days: no holidays are longer.
const LONGEST: i64 = 60;

/// Of backups made at these moments, those that expire now.
pub fn expired(made: &[Moment], now: Moment) -> Vec<Moment> {
    let mut past: Vec<i64> = made.iter().map(|m| m.0).filter(|m| *m <= now.0 + AHEAD).collect();
    past.sort_unstable_by(|a, b| b.cmp(a));
    let (mut days, mut weeks, mut gone) = (HashSet::new(), HashSet::new(), Vec::new());
    for (place, moment) in past.into_iter().enumerate() {
        let (age, day) = ((now.0 - moment) / DAY, moment.div_euclid(DAY));
        let of_its_day = days.insert(day);
        let of_its_week = weeks.insert(day.div_euclid(7));
        let stays =
            place < ALWAYS || age < DAYS && of_its_day || (DAYS..EXPIRE_DAYS).contains(&age) && of_its_week;
        if !stays {
            gone.push(Moment(moment));
        }
    }
    gone
}

/// Whether a running hub makes a backup now: once a day, after school or as soon as a day has passed.
pub fn is_due(last_good: Option<Moment>, last_try: Option<Moment>, now: Moment, zone: &TimeZone) -> bool {
    if last_try.is_some_and(|tried| (0..AGAIN).contains(&(now.0 - tried.0))) {
        return false;
    }
    let Some(good) = last_good else { return true };
    // One from the future was made by a clock that has been put right since.
    if good > now || now.0 - good.0 >= DAY {
        return true;
    }
    let local = clock::local(now, zone);
    let school_ends = local.date().to_datetime(AFTER_SCHOOL).to_zoned(zone.clone());
    school_ends.is_ok_and(|ends| {
        let ends = ends.timestamp().as_second();
        now.0 >= ends && good.0 < ends
    })
}

/// Whether the last good backup is older than two school days. `since` is its moment, or, where there never was one,
/// that at which the hub was made. Where the terms are not known every weekday is a school day.
pub fn is_late(since: Moment, now: Moment, terms: &[Term], zone: &TimeZone) -> bool {
    if (now.0 - since.0) / DAY > LONGEST {
        return true;
    }
    let day = |moment| clock::local(moment, zone).date();
    school_days::between(day(since), day(now), terms).count() >= LATE
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Monday, 14 September 2026, 18:00 in London.
    const MONDAY: i64 = 1_789_372_800 + 9 * 3600;

    fn london() -> TimeZone {
        TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
    }

    #[test]
    fn a_year_of_daily_backups_leaves_two_weeks_of_days_and_three_more_weeks_and_nothing_older() {
        let mut kept: Vec<i64> = Vec::new();
        for day in 0..365 {
            let now = MONDAY + day * DAY;
            kept.push(now);
            let made: Vec<Moment> = kept.iter().map(|m| Moment(*m)).collect();
            let gone = expired(&made, Moment(now));
            kept.retain(|m| !gone.contains(&Moment(*m)));
            assert!(
                kept.iter().all(|m| now - m < EXPIRE_DAYS * DAY),
                "what was erased is gone after 35 days"
            );
        }
        let now = MONDAY + 364 * DAY;
        let ages: Vec<i64> = kept.iter().rev().map(|m| (now - m) / DAY).collect();
        assert_eq!(ages[..14], (0..14).collect::<Vec<_>>()[..]);
        assert!((2..=4).contains(&(ages.len() - 14)), "one of each week: {ages:?}");
    }

    #[test]
    fn of_several_on_one_day_the_last_stays_and_the_last_three_stay_whatever_a_clock_says() {
        let at = |hours: &[i64]| hours.iter().map(|h| Moment(MONDAY + h * 3600)).collect::<Vec<_>>();
        assert_eq!(expired(&at(&[-4, -3, -2, -1, 0]), Moment(MONDAY)), at(&[-3, -4]));
        // After a summer without the hub: the new one, and the two from before.
        let summer = at(&[0, 24, 48, 60 * 24]);
        assert_eq!(expired(&summer, summer[3]), at(&[0]));
        // A clock that runs years ahead costs neither the last three nor what it made itself.
        let far = Moment(MONDAY + 4000 * DAY);
        assert_eq!(expired(&at(&[0, 24, 48]), far), at(&[]));
        let with_far: Vec<Moment> = at(&[0, 24, 48]).into_iter().chain([far]).collect();
        assert_eq!(expired(&with_far, Moment(MONDAY + 2 * DAY)), at(&[]));
    }

    #[test]
    fn one_is_due_after_school_or_when_a_day_has_passed_and_a_failed_one_is_tried_again_in_half_an_hour() {
        let zone = london();
        let due = |good: Option<i64>, tried: Option<i64>, now: i64| {
            let at = |hours: i64| Moment(MONDAY + hours * 60);
            is_due(good.map(at), tried.map(at), at(now), &zone)
        };
        assert!(due(None, None, 0), "there never was one");
        assert!(!due(None, Some(-29), 0) && due(None, Some(-30), 0), "minutes after a try");
        assert!(!due(Some(-60), Some(-60), 0), "after school, an hour ago");
        assert!(due(Some(-9 * 60), Some(-9 * 60), 0), "this morning: today’s records are not in it");
        assert!(!due(Some(-24 * 60), Some(-24 * 60), -4 * 60), "yesterday evening, and it is 14:00");
        assert!(due(Some(-24 * 60), Some(-24 * 60), 0));
        assert!(due(Some(-90 * 60), Some(-90 * 60), -9 * 60), "a day has passed: at 9:00 already");
        assert!(due(Some(500), None, 0), "from a clock that was ahead");
    }

    #[test]
    fn two_school_days_without_a_backup_are_late_and_weekends_and_holidays_do_not_count() {
        let zone = london();
        let late = |from: i64, to: i64, terms: &[Term]| {
            is_late(Moment(MONDAY + from * DAY), Moment(MONDAY + to * DAY), terms, &zone)
        };
        assert!(!late(0, 2, &[]), "Monday evening to Wednesday evening");
        assert!(late(0, 3, &[]), "Thursday: Tuesday and Wednesday have passed");
        assert!(!late(4, 8, &[]), "Friday to Tuesday");
        assert!(late(4, 9, &[]), "Friday to Wednesday");
        let term = |starts: jiff::civil::Date, ends: jiff::civil::Date| Term {
            starts: starts.into(),
            ends: ends.into(),
        };
        let terms = [term(date(2026, 9, 1), date(2026, 9, 14)), term(date(2026, 9, 28), date(2026, 12, 18))];
        assert!(!late(0, 15, &terms), "holidays from the 15th to the 27th, and two days of term");
        assert!(late(0, 16, &terms));
        assert!(late(0, 61, &terms), "nothing for two months is late in any case");
    }
}
