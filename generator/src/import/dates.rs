//! Dates as people write them in policies.

use jiff::civil::Date;

/// A date found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it begins: a place among the words of the line.
    pub(super) word: usize,
    /// The words themselves.
    pub(super) text: String,
    pub(super) when: When,
}

/// How exactly a date is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// A day that exists.
    Day(Date),
    /// A day that no calendar has, such as 31 June.
    NoSuchDay,
    /// A month, a term or a season of this year.
    About(i16),
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONG_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Every date in the line, in order. Days come before months, as in Britain.
pub(super) fn find(line: &str) -> Vec<Found> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match starting_at(&words[at..]) {
            Some((when, length)) => {
                let text = words[at..at + length].join(" ");
                found.push(Found { word: at, text: bare(&text).to_owned(), when });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A date at the beginning of the words, and how many it takes.
fn starting_at(words: &[&str]) -> Option<(When, usize)> {
    let first = bare(words.first()?);
    if let Some(when) = in_figures(first) {
        return Some((when, 1));
    }
    let word = |place: usize| words.get(place).map(|word| bare(word)).unwrap_or_default();
    if let Some(day) = day(first) {
        // "14 September 2026", "14th of September 2026"
        let of = usize::from(word(1).eq_ignore_ascii_case("of"));
        let month = month(word(1 + of))?;
        let year = year(word(2 + of))?;
        return Some((on(year, month, day), 3 + of));
    }
    if let Some(month) = month(first) {
        // "September 14, 2026" and "September 2026"
        if let (Some(day), Some(year)) = (day(word(1)), year(word(2))) {
            return Some((on(year, month, day), 3));
        }
        return year(word(1)).map(|year| (When::About(year), 2));
    }
    if matches!(first.to_lowercase().as_str(), "spring" | "summer" | "autumn" | "winter") {
        let term = usize::from(word(1).eq_ignore_ascii_case("term"));
        return year(word(1 + term)).map(|year| (When::About(year), 2 + term));
    }
    None
}

/// 14/09/2026, 14.9.26, 14-09-2026, 2026-09-14.
fn in_figures(word: &str) -> Option<When> {
    let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    let figures =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok())?;
    let (first, month, last) = (figures(one)?, figures(two)?, figures(three)?);
    let month = i8::try_from(month).ok()?;
    match (one.len(), two.len(), three.len()) {
        (4, 1..=2, 1..=2) if word.contains('-') => Some(on(first, month, i8::try_from(last).ok()?)),
        (1..=2, 1..=2, 4) => Some(on(last, month, i8::try_from(first).ok()?)),
        (1..=2, 1..=2, 2) => Some(on(2000 + last, month, i8::try_from(first).ok()?)),
        _ => None,
    }
}

fn on(year: i16, month: i8, day: i8) -> When {
    Date::new(year, month, day).map_or(When::NoSuchDay, When::Day)
}

fn day(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn month(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let short = if lower == "sept" { "sep" } else { lower.as_str() };
    let place = MONTHS.iter().position(|month| *month == short);
    let place = place.or_else(|| LONG_MONTHS.iter().position(|month| *month == lower))?;
    i8::try_from(place + 1).ok()
}

fn year(word: &str) -> Option<i16> {
    let year = word.parse().ok()?;
    (word.len() == 4 && (1950..=2199).contains(&year)).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::{When, find};
    use jiff::civil::date;

    #[test]
    fn days_are_read_in_every_british_way_of_writing() {
        for text in [
            "14 September 2026",
            "14th Sept 2026.",
            "14th of September, 2026",
            "14/9/26",
            "14.09.2026",
            "2026-09-14",
        ] {
            let found = find(&format!("Approved on {text}"));
            assert_eq!(found[0].when, When::Day(date(2026, 9, 14)), "{text}");
        }
    }

    #[test]
    fn a_month_or_a_season_is_not_a_day() {
        assert_eq!(find("Review: Summer 2026")[0].when, When::About(2026));
        assert_eq!(find("review in May 2026")[0].when, When::About(2026));
        assert_eq!(find("on 31 June 2026")[0].when, When::NoSuchDay);
        assert!(find("in 2026 there were 14 hats, version 4.1.2").is_empty());
    }
}
