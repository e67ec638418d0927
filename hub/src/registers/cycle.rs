//! By which day a register has to be looked through and signed off.

use jiff::{Span, ToSpan as _, civil::Weekday};
use records::{
    day::{Day, SchoolYear},
    pack::Term,
    register::Cycle,
};

/// The school's year, as far as cycles need it.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'c> {
    /// The school year.
    pub year: SchoolYear,
    /// Its terms, in order; none where the school says none.
    pub terms: &'c [Term],
}

/// How a register stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was to be signed off by this day, and was not.
    Late(Day),
    /// Today.
    Today,
    /// Within the next days.
    Soon(Day),
    /// By this day.
    By(Day),
    /// Nothing more is known of in this school year.
    Nothing,
}

/// How many days ahead count as soon.
const SOON: i64 = 7;

/// By which day: the end of the next period after what the last sign-off covers; before there was one, of the period in
/// which the register began.
pub fn due(
    cycle: Cycle,
    calendar: Calendar<'_>,
    covered: Option<Day>,
    began: Option<Day>,
    today: Day,
) -> Option<Day> {
    match (cycle, covered) {
        (Cycle::Yearly, Some(covered)) => plus(covered, 1.year()),
        (Cycle::Yearly, None) => match began.filter(|began| *began < calendar.year.starts) {
            Some(began) => plus(began, 1.year()),
            None => Some(calendar.year.ends),
        },
        (_, Some(covered)) => ends(cycle, calendar).into_iter().find(|end| *end > covered),
        (_, None) => {
            let from = began.unwrap_or(today).min(today);
            ends(cycle, calendar).into_iter().find(|end| *end >= from)
        }
    }
}

/// Up to which day a sign-off of today covers. Early in a period it covers that one; after its end it covers what is
/// over, and the period that has begun since is still to come; a second one in the same period covers nothing more.
pub fn covers(
    cycle: Cycle,
    calendar: Calendar<'_>,
    covered: Option<Day>,
    due: Option<Day>,
    today: Day,
) -> Day {
    if cycle == Cycle::Yearly {
        return today;
    }
    let ends = ends(cycle, calendar);
    // At the weekend the week that is over is signed, not the one to come.
    let today = match today.date().weekday() {
        Weekday::Saturday if cycle == Cycle::Weekly => plus(today, -1.day()),
        Weekday::Sunday if cycle == Cycle::Weekly => plus(today, -2.days()),
        _ => None,
    }
    .unwrap_or(today);
    match due {
        Some(due) if due <= today => ends.into_iter().rfind(|end| *end <= today).unwrap_or(due),
        Some(due) if ends.iter().find(|end| **end >= today) == Some(&due) => due,
        _ => covered.unwrap_or(today),
    }
}

/// How it stands.
pub fn standing(due: Option<Day>, today: Day) -> Standing {
    match due {
        None => Standing::Nothing,
        Some(day) if day < today => Standing::Late(day),
        Some(day) if day == today => Standing::Today,
        Some(day) if plus(today, SOON.days()).is_some_and(|soon| day <= soon) => Standing::Soon(day),
        Some(day) => Standing::By(day),
    }
}

fn plus(day: Day, span: Span) -> Option<Day> {
    day.date().checked_add(span).ok().map(Day::from)
}

/// The last days of all periods of the school year, in order.
fn ends(cycle: Cycle, calendar: Calendar<'_>) -> Vec<Day> {
    let whole = [Term { starts: calendar.year.starts, ends: calendar.year.ends }];
    let terms = if calendar.terms.is_empty() { &whole[..] } else { calendar.terms };
    let mut ends: Vec<Day> = match cycle {
        Cycle::Weekly => terms.iter().flat_map(fridays).collect(),
        Cycle::Monthly => months(calendar.year),
        Cycle::HalfTermly => terms.iter().flat_map(|term| [middle(term), term.ends]).collect(),
        Cycle::Termly => terms.iter().map(|term| term.ends).collect(),
        Cycle::Yearly => vec![calendar.year.ends],
    };
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// The last school day of each week of a term.
fn fridays(term: &Term) -> Vec<Day> {
    let mut all = Vec::new();
    let mut day = term.starts.date();
    let last = term.ends.date();
    while day <= last {
        if day.weekday() == Weekday::Friday || day == last {
            all.push(day.into());
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    all
}

fn months(year: SchoolYear) -> Vec<Day> {
    let mut all = Vec::new();
    let mut day = year.starts.date().last_of_month();
    while day <= year.ends.date() {
        all.push(day.into());
        let Ok(next) = day.tomorrow() else { break };
        day = next.last_of_month();
    }
    all
}

/// The day in the middle of a term: nobody tells us when half-term is.
fn middle(term: &Term) -> Day {
    let (starts, ends) = (term.starts.date(), term.ends.date());
    let days = starts.until(ends).map_or(0, |span| span.get_days());
    plus(term.starts, (i64::from(days) / 2).days()).unwrap_or(term.ends)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn terms() -> Vec<Term> {
        [("2026-09-03", "2026-12-18"), ("2027-01-05", "2027-03-25"), ("2027-04-12", "2027-07-21")]
            .map(|(starts, ends)| Term { starts: day(starts), ends: day(ends) })
            .to_vec()
    }

    fn by(cycle: Cycle, covered: Option<&str>, began: Option<&str>, today: &str) -> Option<String> {
        let terms = terms();
        let calendar = Calendar { year: year(), terms: &terms };
        due(cycle, calendar, covered.map(day), began.map(day), day(today)).map(|day| day.to_string())
    }

    fn year() -> SchoolYear {
        SchoolYear { starts: day("2026-09-01"), ends: day("2027-08-31") }
    }

    /// When the next sign-off is due after one on each of these days.
    fn after(cycle: Cycle, began: &str, signed: &[&str]) -> Vec<Option<String>> {
        let terms = terms();
        let calendar = Calendar { year: year(), terms: &terms };
        let mut covered = None;
        let next = signed.iter().map(|signed| {
            let by = due(cycle, calendar, covered, Some(day(began)), day(signed));
            covered = Some(covers(cycle, calendar, covered, by, day(signed)));
            due(cycle, calendar, covered, Some(day(began)), day(signed)).map(|day| day.to_string())
        });
        next.collect()
    }

    #[test]
    fn a_weekly_check_is_due_by_each_friday_of_term_and_not_in_the_holidays() {
        assert_eq!(by(Cycle::Weekly, None, None, "2026-11-16").as_deref(), Some("2026-11-20"));
        let signed = ["2026-11-12", "2026-11-12", "2026-11-23"];
        let next = after(Cycle::Weekly, "2026-11-09", &signed);
        let next: Vec<_> = next.iter().map(|day| day.as_deref().unwrap()).collect();
        assert_eq!(next[0], "2026-11-20", "the week of that Thursday is done");
        assert_eq!(next[1], "2026-11-20", "signing twice does not do the next week");
        assert_eq!(next[2], "2026-11-27", "a Monday does the week before, not its own");
        let sunday = after(Cycle::Weekly, "2026-11-22", &["2026-11-22"]);
        assert_eq!(sunday[0].as_deref(), Some("2026-11-27"), "a Sunday does the week that is over");
        let last = after(Cycle::Weekly, "2026-12-14", &["2026-12-17"]);
        assert_eq!(last[0].as_deref(), Some("2027-01-08"), "nobody walks round at Christmas");
    }

    #[test]
    fn a_log_of_the_term_is_due_by_its_end_and_late_after_it() {
        let began = Some("2026-09-10");
        assert_eq!(
            by(Cycle::Termly, None, began, "2027-01-06").as_deref(),
            Some("2026-12-18"),
            "nobody looked"
        );
        let next = after(Cycle::Termly, "2026-09-10", &["2026-12-22", "2027-03-20", "2027-07-20"]);
        let next: Vec<_> = next.iter().map(Option::as_deref).collect();
        assert_eq!(next, [Some("2027-03-25"), Some("2027-07-21"), None], "the next year is not known yet");
    }

    #[test]
    fn months_half_terms_and_years_have_their_own_ends() {
        assert_eq!(after(Cycle::Monthly, "2026-10-01", &["2026-10-31"])[0].as_deref(), Some("2026-11-30"));
        assert_eq!(
            by(Cycle::HalfTermly, None, Some("2026-09-10"), "2026-09-10").as_deref(),
            Some("2026-10-26")
        );
        assert_eq!(after(Cycle::HalfTermly, "2026-09-10", &["2026-10-20"])[0].as_deref(), Some("2026-12-18"));
        assert_eq!(after(Cycle::Yearly, "2026-09-10", &["2026-11-02"])[0].as_deref(), Some("2027-11-02"));
        assert_eq!(by(Cycle::Yearly, None, Some("2026-10-01"), "2026-11-10").as_deref(), Some("2027-08-31"));
    }

    #[test]
    fn late_today_and_soon_are_told_apart() {
        let today = day("2026-11-20");
        assert_eq!(standing(Some(day("2026-11-19")), today), Standing::Late(day("2026-11-19")));
        assert_eq!(standing(Some(today), today), Standing::Today);
        assert_eq!(standing(Some(day("2026-11-27")), today), Standing::Soon(day("2026-11-27")));
        assert_eq!(standing(Some(day("2026-11-28")), today), Standing::By(day("2026-11-28")));
        assert_eq!(standing(None, today), Standing::Nothing);
    }
}
