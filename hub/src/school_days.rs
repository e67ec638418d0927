//! Which days are school days, and when one is over. No clock.

use jiff::{
    civil::{Date, Time, Weekday, time},
    tz::TimeZone,
};
use records::{day::Moment, pack::Term};

use crate::clock;

/// When a school day's records are in: the last report boxes come at 15:00.
pub const AFTER_SCHOOL: Time = time(15, 30, 0, 0);
/// A longer silence is looked at no further back, in days: no holidays are longer.
const LONGEST: i32 = 60;

/// A weekday in a term; where the terms are not known, every weekday.
pub fn is_one(day: Date, terms: &[Term]) -> bool {
    let works = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    works && (terms.is_empty() || terms.iter().any(|t| (t.starts..=t.ends).contains(&day.into())))
}

/// The school days after one day until another, that one too.
pub fn between(after: Date, until: Date, terms: &[Term]) -> impl Iterator<Item = Date> {
    let nearest = until.saturating_sub(jiff::Span::new().days(LONGEST));
    let begin = after.max(nearest).tomorrow().ok();
    std::iter::successors(begin, |day| day.tomorrow().ok())
        .take_while(move |day| *day <= until)
        .filter(|day| is_one(*day, terms))
}

/// The school days that are over and on which something that is done each day was not done since `last`.
pub fn missed(last: Moment, now: Moment, terms: &[Term], zone: &TimeZone) -> Vec<Date> {
    let local = clock::local(now, zone);
    let today = local.date();
    let over = if local.time() >= AFTER_SCHOOL { today } else { today.yesterday().unwrap_or(today) };
    between(clock::local(last, zone).date(), over, terms).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Monday, 14 September 2026, 9:00 in London.
    const MONDAY: i64 = 1_789_372_800;
    const DAY: i64 = 86_400;

    fn after(last: i64, now: i64, terms: &[Term]) -> Vec<String> {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        missed(Moment(last), Moment(now), terms, &zone).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_day_is_missed_once_school_is_over_and_weekends_and_holidays_are_none() {
        let (friday, next_monday) = (MONDAY + 4 * DAY, MONDAY + 7 * DAY);
        assert!(after(MONDAY, MONDAY + 6 * 3600, &[]).is_empty(), "done today");
        assert!(
            after(MONDAY, MONDAY + DAY + 6 * 3600, &[]).is_empty(),
            "Tuesday, 15:00: it may still be done"
        );
        assert_eq!(after(MONDAY, MONDAY + DAY + 7 * 3600, &[]), ["2026-09-15"], "Tuesday, 16:00");
        assert_eq!(after(friday, next_monday + 7 * 3600, &[]), ["2026-09-21"], "no weekend");
        let term = |starts: Date, ends: Date| Term { starts: starts.into(), ends: ends.into() };
        let terms = [term(date(2026, 9, 3), date(2026, 9, 15)), term(date(2026, 9, 28), date(2026, 12, 18))];
        assert_eq!(after(MONDAY, MONDAY + 10 * DAY, &terms), ["2026-09-15"], "holidays after Tuesday");
        assert!(after(MONDAY + DAY, MONDAY, &[]).is_empty(), "by a clock that was ahead");
    }
}
