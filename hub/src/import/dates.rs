//! Days as spreadsheets and management information systems write them: the day before the month, as in Britain.

use records::day::Day;

/// Spreadsheets count days from here.
const SPREADSHEET_BEGINS: (i16, i8, i8) = (1899, 12, 30);
/// What a spreadsheet's number of a day may be: 1954 to 2119.
const SPREADSHEET: std::ops::Range<i32> = 20_000..80_000;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day of “31/08/2027”, “31.8.27”, “2027-08-31”, “31 Aug 2027”, “August 31, 2027”, “Tue 31-Aug-2027 00:00” or a
/// spreadsheet's “46630”.
pub fn day(text: &str) -> Option<Day> {
    if let Ok(number) = text.trim().parse::<i32>() {
        let (year, month, day) = SPREADSHEET_BEGINS;
        let begins = Day::new(year, month, day).ok()?.date();
        return SPREADSHEET
            .contains(&number)
            .then(|| begins.checked_add(jiff::Span::new().days(number)).ok())?
            .map(Day::from);
    }
    let lower = text.trim().to_lowercase();
    // The time of day says nothing: “2027-08-31t00:00”, or what has a colon in it.
    let lower = match lower.split_once('t') {
        Some((day, time)) if day.len() == 10 && time.contains(':') => day,
        _ => &lower,
    };
    let parts: Vec<&str> = lower
        .split([' ', ',', '/', '-', '.'])
        .filter(|part| !part.is_empty() && !part.contains(':') && !["am", "pm"].contains(part))
        .collect();
    let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let is_weekday = |part: &&str| weekdays.iter().any(|day| part.starts_with(day));
    let parts: Vec<&str> = parts.into_iter().filter(|part| !is_weekday(part)).collect();
    let [a, b, c] = parts[..] else { return None };
    let month = |part: &str| {
        let letters = part.chars().all(char::is_alphabetic) && part.len() >= 3;
        let named = MONTHS.iter().position(|name| letters && part.starts_with(name));
        named.and_then(|place| i8::try_from(place + 1).ok())
    };
    let ordinal = |part: &str| {
        let digits = part.trim_end_matches(|c: char| c.is_alphabetic());
        digits.parse::<i8>().ok()
    };
    if a.len() == 4 && a.bytes().all(|b| b.is_ascii_digit()) {
        return made(a, month(b).or_else(|| b.parse().ok())?, ordinal(c)?);
    }
    match (month(a), month(b)) {
        (Some(month), None) => made(c, month, ordinal(b)?),
        (None, Some(month)) => made(c, month, ordinal(a)?),
        (None, None) => made(c, b.parse().ok()?, a.parse().ok()?),
        (Some(_), Some(_)) => None,
    }
}

fn made(year: &str, month: i8, day: i8) -> Option<Day> {
    let number: i16 = year.parse().ok()?;
    let year = match year.len() {
        2 => 2000 + number,
        4 => number,
        _ => return None,
    };
    Day::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::day;

    #[test]
    fn a_day_is_read_however_it_is_written_and_never_guessed_from_nonsense() {
        for text in [
            "31/08/2027",
            "31/8/27",
            "31.08.2027",
            "31-Aug-2027",
            "2027-08-31",
            "2027-08-31 00:00:00",
            "2027-08-31T00:00:00",
            "31 August 2027",
            "31st Aug 2027",
            "August 31, 2027",
            "Tue 31 Aug 2027",
            "31/08/2027 00:00",
            "46630",
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), Some("2027-08-31"), "{text}");
        }
        assert_eq!(day("03/04/2027").unwrap().to_string(), "2027-04-03", "the day stands first");
        for text in
            ["", "soon", "31/31/2027", "30 February 2027", "12", "1/2", "1/2/3/4", "2027", "Jan Feb 2027"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
