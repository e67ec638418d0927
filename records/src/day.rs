//! Days and moments, as handed in by whoever has a clock.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

/// A calendar day, without a time zone: `2026-09-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

/// A text or number that is not a day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a day of the calendar: write year, month and day, as in 2026-09-14")]
pub struct NoSuchDay(pub String);

impl Day {
    /// The day of that year, month (1-12) and day of the month (1-31).
    ///
    /// # Errors
    /// [`NoSuchDay`] if the calendar has none, as for 30 February.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, NoSuchDay> {
        jiff::civil::Date::new(year, month, day)
            .ok()
            .filter(|_| year >= 1)
            .map(Self)
            .ok_or_else(|| NoSuchDay(format!("{year}-{month:02}-{day:02}")))
    }
    /// The day as the calendar library has it.
    pub fn date(self) -> jiff::civil::Date {
        self.0
    }
    /// As people in Britain write it: “14 September 2026”.
    pub fn in_words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }
}
impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date)
    }
}
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}
impl FromStr for Day {
    type Err = NoSuchDay;
    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let bad = || NoSuchDay(text.chars().take(40).collect());
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return Err(bad());
        }
        let (year, month, day) = (text[..4].parse(), text[5..7].parse(), text[8..].parse());
        match (year, month, day) {
            (Ok(y), Ok(m), Ok(d)) => Self::new(y, m, d).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}
crate::codec::text_codec!(Day);

/// A moment in time: whole seconds since 1 January 1970, 00:00 UTC.
///
/// A kiosk's clock may be wrong: a moment is told, never trusted to decide anything.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    serde::Serialize,
    serde::Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Moment(#[n(0)] pub i64);

/// The school year that a signature belongs to, by its first and last day.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct SchoolYear {
    /// First day.
    #[n(0)]
    pub starts: Day,
    /// Last day.
    #[n(1)]
    pub ends: Day,
}

impl SchoolYear {
    /// Whether the day lies in this year.
    pub fn holds(&self, day: Day) -> bool {
        (self.starts..=self.ends).contains(&day)
    }
}
