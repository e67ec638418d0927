//! Dates in running text: days that no calendar has, and weekdays that do not fit.

use std::{ops::Range, sync::LazyLock};

use jiff::civil::{Date, Weekday};
use regex::Regex;

use super::{Page, passages::Passage, triggers::Family};
use crate::diagnostic::Diagnostic;

/// A date as people write it, the day first as in Britain.
static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"(?i)\b(?:(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?:the\s+)?)?",
        r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?",
        r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)",
        r"\.?,?\s+(?P<year>(?:19|20)\d{2})\b",
        r"|\b(?P<season>spring|summer|autumn|winter)(?:\s+term)?,?\s+(?P<syear>(?:19|20)\d{2})\b",
        r"|\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d{2})\b",
    ))
});

/// A date found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where, in the text.
    pub(super) range: Range<usize>,
    /// The year.
    pub(super) year: i16,
    /// The month, 1 to 12 unless the text is wrong.
    pub(super) month: i8,
    /// The day, where one is said.
    pub(super) day: Option<i8>,
    weekday: Option<Weekday>,
    /// A season or term, of which `month` is the last.
    season: bool,
}

impl Found {
    /// The day of the calendar; none for a month alone or for a day that no calendar has.
    pub(super) fn date(&self) -> Option<Date> {
        Date::new(self.year, self.month, self.day?).ok()
    }

    /// Whether `day` can be what is meant.
    pub(super) fn fits(&self, day: Date) -> bool {
        self.year == day.year()
            && (self.season || self.month == day.month() && self.day.is_none_or(|d| d == day.day()))
    }

    /// Whether all that is meant lies before `day`.
    pub(super) fn is_before(&self, day: Date) -> bool {
        let last = self.day.unwrap_or(31);
        (self.year, self.month, last) < (day.year(), day.month(), day.day())
    }
}

/// Every date in the text.
pub(super) fn find(text: &str) -> Vec<Found> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let read = |found: regex::Captures<'_>| {
        let number = |name: &str| found.name(name).and_then(|n| n.as_str().parse::<i16>().ok());
        let small = |name: &str| number(name).and_then(|n| i8::try_from(n).ok());
        let month = match found.name("month") {
            Some(month) => {
                let short = month.as_str().get(..3)?.to_lowercase();
                i8::try_from(MONTHS.iter().position(|m| *m == short)? + 1).ok()?
            }
            None => match found.name("season") {
                Some(season) if season.as_str().eq_ignore_ascii_case("spring") => 4,
                Some(season) if season.as_str().eq_ignore_ascii_case("summer") => 8,
                Some(_) => 12,
                None => small("m")?,
            },
        };
        Some(Found {
            range: found.get(0)?.range(),
            year: number("year").or_else(|| number("y")).or_else(|| number("syear"))?,
            month,
            day: small("day").or_else(|| small("d")),
            weekday: found.name("weekday").and_then(|word| weekday(word.as_str())),
            season: found.name("season").is_some(),
        })
    };
    WRITTEN.captures_iter(text).filter_map(read).collect()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.get(..3)?.to_lowercase().as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

const fn name_of(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Whether a date may stand in the passage.
pub(super) fn may_hold(passage: &Passage) -> bool {
    passage.triggers.has(Family::Date) && passage.triggers.has(Family::Month)
}

pub(super) fn check(page: &Page<'_>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for passage in page.passages.iter().filter(|passage| may_hold(passage)) {
        for found in find(&passage.words) {
            let words = &passage.words[found.range.clone()];
            if found.day.is_none() {
                continue;
            }
            match (found.date(), found.weekday) {
                (None, _) => problems.push(page.warning(
                    "no-such-date",
                    passage,
                    found.range.clone(),
                    format!("There is no such day as {words}."),
                    "Correct the day. Days are read before months, as in 14/09/2026.",
                )),
                (Some(date), Some(said)) if date.weekday() != said => problems.push(page.warning(
                    "wrong-weekday",
                    passage,
                    found.range.clone(),
                    format!("“{words}” does not exist: that day is a {}.", name_of(date.weekday())),
                    "Find out which of the two is meant, the weekday or the date, and correct the other.",
                )),
                _ => {}
            }
        }
    }
    problems
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_britain_writes_them() {
        for (text, date) in [
            ("on 14 September 2026", "2026-09-14"),
            ("14th of September 2026", "2026-09-14"),
            ("Monday, 14th September 2026", "2026-09-14"),
            ("by 02/03/2026.", "2026-03-02"),
        ] {
            assert_eq!(find(text)[0].date().unwrap().to_string(), date, "{text}");
        }
        assert_eq!(find("in September 2026")[0].day, None);
        assert!(find("Summer 2021")[0].is_before(Date::constant(2021, 9, 1)));
        assert!(find("room 2026, version 1.10.3, may be").is_empty());
    }

    #[test]
    fn a_weekday_is_read_however_short_it_is_written() {
        for text in ["Thurs 12 Nov 2026", "Thu. 12 November 2026", "thursday the 12th of November 2026"] {
            assert_eq!(find(text)[0].weekday, Some(Weekday::Thursday), "{text}");
        }
        for text in ["12 November 2026", "a friend since 12 May 2026", "from Satan 12 May 2026"] {
            assert_eq!(find(text)[0].weekday, None, "{text}");
        }
    }

    #[test]
    fn a_month_alone_is_over_only_when_it_is() {
        let september = &find("September 2026")[0];
        assert!(!september.is_before(Date::constant(2026, 9, 30)));
        assert!(september.is_before(Date::constant(2026, 10, 1)));
    }
}
