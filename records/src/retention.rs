//! How long a school keeps what its hub holds: its own rules, as `retention.toml` of its content says them.
//!
//! The rules travel in the pack and name nobody. What is due by them is the hub's to find out.

use std::{fmt, str::FromStr};

use jiff::Span;
use minicbor::{Decode, Encode};

use crate::{codec, day::Day, digest::Digest, ids::Slug};

/// The fewest days between new rules and the first removal by them: time enough to see a slip of the pen.
pub const NOTICE_LEAST: u16 = 14;
/// The longest period, in years: longer is “always”.
const YEARS_MOST: u16 = 100;

/// A kind of what a hub keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// Agreements that pupils signed.
    #[n(0)]
    PupilSignatures,
    /// Agreements that parents and carers signed.
    #[n(1)]
    ParentSignatures,
    /// Agreements that staff and volunteers signed.
    #[n(2)]
    StaffSignatures,
    /// Agreements that governors signed.
    #[n(3)]
    GovernorSignatures,
    /// What families answered, for one pupil.
    #[n(4)]
    Consent,
    /// What opens a family's entry at a kiosk.
    #[n(5)]
    FamilyCodes,
    /// Names, classes and numbers of pupils.
    #[n(6)]
    Pupils,
    /// Names and addresses of those who decide for pupils.
    #[n(7)]
    Parents,
    /// Names and work of staff and volunteers.
    #[n(8)]
    Staff,
    /// Names of governors.
    #[n(9)]
    Governors,
    /// Reports, with all that was written down about them.
    #[n(10)]
    Reports,
    /// Calls for a grown-up.
    #[n(11)]
    Calls,
    /// Records that could not be read and wait for a person.
    #[n(12)]
    SetAside,
    /// Who did what when, by numbers.
    #[n(13)]
    Audit,
    /// Entries of registers that say no time of their own.
    #[n(14)]
    RegisterEntries,
    /// The visitors’ book: what visitors, users of the hall and of the guests’ wifi signed, with the names they wrote.
    #[n(15)]
    Visitors,
}

impl Kept {
    /// All kinds, in the order in which people are told of them.
    pub const ALL: [Self; 16] = [
        Self::PupilSignatures,
        Self::ParentSignatures,
        Self::StaffSignatures,
        Self::GovernorSignatures,
        Self::Visitors,
        Self::Consent,
        Self::FamilyCodes,
        Self::Pupils,
        Self::Parents,
        Self::Staff,
        Self::Governors,
        Self::Reports,
        Self::Calls,
        Self::SetAside,
        Self::RegisterEntries,
        Self::Audit,
    ];

    /// Its name in `retention.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PupilSignatures => "pupil-signatures",
            Self::ParentSignatures => "parent-signatures",
            Self::StaffSignatures => "staff-signatures",
            Self::GovernorSignatures => "governor-signatures",
            Self::Consent => "consent",
            Self::FamilyCodes => "family-codes",
            Self::Pupils => "pupils",
            Self::Parents => "parents",
            Self::Staff => "staff",
            Self::Governors => "governors",
            Self::Reports => "reports",
            Self::Calls => "calls",
            Self::SetAside => "set-aside",
            Self::Audit => "audit",
            Self::RegisterEntries => "register-entries",
            Self::Visitors => "visitors",
        }
    }

    /// From what its time may run. Nothing else would be safe: an answer of a family, for one, must not go while the
    /// child is here, or a “no” would go with it.
    pub const fn may_run_from(self) -> &'static [After] {
        match self {
            Self::PupilSignatures
            | Self::ParentSignatures
            | Self::StaffSignatures
            | Self::GovernorSignatures => &[After::SchoolYear, After::Leaving],
            Self::Consent | Self::Pupils | Self::Parents | Self::Staff | Self::Governors => &[After::Leaving],
            Self::FamilyCodes => &[After::CodeEnded],
            Self::Reports => &[After::Closed],
            Self::Calls | Self::SetAside | Self::Visitors => &[After::Made],
            Self::RegisterEntries => &[After::Made, After::Closed, After::Leaving],
            Self::Audit => &[],
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a time runs from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// The end of the school year it was made for.
    #[n(0)]
    SchoolYear,
    /// The day on which the person it is about left; of a parent, on which they last decided for a pupil here.
    #[n(1)]
    Leaving,
    /// The end of the term that a family's code was good for.
    #[n(2)]
    CodeEnded,
    /// The day on which it came.
    #[n(3)]
    Made,
    /// The day on which a report was closed, or on which an entry of a register had nothing left to answer.
    #[n(4)]
    Closed,
}

impl After {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SchoolYear, Self::Leaving, Self::CodeEnded, Self::Made, Self::Closed];

    /// Its name in `retention.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SchoolYear => "school-year",
            Self::Leaving => "leaving",
            Self::CodeEnded => "code-ended",
            Self::Made => "made",
            Self::Closed => "closed",
        }
    }
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// So many days; none for at once.
    #[n(0)]
    Days(#[n(0)] u16),
    /// So many calendar months.
    #[n(1)]
    Months(#[n(0)] u16),
    /// So many years.
    #[n(2)]
    Years(#[n(0)] u16),
    /// It is not removed.
    #[n(3)]
    Always,
}

/// A text that says no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no length of time: write it as in “0 days”, “6 months”, “1 year” or “always”")]
pub struct NoPeriod(pub String);

impl Period {
    /// The first day on which what began on `day` may go; none where it never may, or the calendar ends before.
    pub fn after(self, day: Day) -> Option<Day> {
        let span = match self {
            Self::Days(days) => Span::new().days(days),
            Self::Months(months) => Span::new().months(months),
            Self::Years(years) => Span::new().years(years),
            Self::Always => return None,
        };
        day.date().checked_add(span).ok().map(Day::from)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, one) = match self {
            Self::Days(days) => (*days, "day"),
            Self::Months(months) => (*months, "month"),
            Self::Years(years) => (*years, "year"),
            Self::Always => return f.write_str("always"),
        };
        write!(f, "{number} {one}{}", if number == 1 { "" } else { "s" })
    }
}

impl FromStr for Period {
    type Err = NoPeriod;
    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let bad = || NoPeriod(text.chars().take(40).collect());
        if text == "always" {
            return Ok(Self::Always);
        }
        let (number, unit) = text.split_once(' ').ok_or_else(bad)?;
        let plain = number.bytes().all(|b| b.is_ascii_digit());
        let number: u16 = number.parse().ok().filter(|_| plain).ok_or_else(bad)?;
        match unit.strip_suffix('s').unwrap_or(unit) {
            "day" if number <= YEARS_MOST * 366 => Ok(Self::Days(number)),
            "month" if number <= YEARS_MOST * 12 => Ok(Self::Months(number)),
            "year" if number <= YEARS_MOST => Ok(Self::Years(number)),
            _ => Err(bad()),
        }
    }
}

/// How long one kind of thing is kept, and why.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Rule {
    /// What.
    #[n(0)]
    pub kept: Kept,
    /// For how long.
    #[n(1)]
    pub period: Period,
    /// From when; nothing where it is kept always.
    #[n(2)]
    pub after: Option<After>,
    /// Why so long, in the school's words.
    #[n(3)]
    pub because: String,
    /// The law, the guidance, or that it is the school's own time.
    #[n(4)]
    pub source: String,
    /// On which day somebody read that source as it is in force; none where nobody has.
    #[n(5)]
    pub checked: Option<Day>,
}

impl Rule {
    /// The first day on which what began on `day` may go.
    pub fn ends(&self, day: Day) -> Option<Day> {
        self.period.after(day)
    }
}

/// How long the entries of one register are kept, as its form says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct RegisterRule {
    /// The register.
    #[n(0)]
    pub register: Slug,
    /// How long.
    #[n(1)]
    pub period: Period,
    /// From when; nothing where they are kept always.
    #[n(2)]
    pub after: Option<After>,
}

/// A school's rules.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct RetentionRules {
    /// How many days pass between new rules and the first removal by them, [`NOTICE_LEAST`] or more.
    #[n(0)]
    pub notice_days: u16,
    /// A rule for each kind; a kind with none is kept.
    #[n(1)]
    pub rules: Vec<Rule>,
    /// The registers that have a time of their own.
    #[n(2)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub registers: Vec<RegisterRule>,
}

impl RetentionRules {
    /// The rule for a kind.
    pub fn rule(&self, kept: Kept) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.kept == kept)
    }

    /// Names what the rules do: how long and from when. Other reasons or sources give the same digest.
    pub fn digest(&self) -> Digest {
        let mut deeds: Vec<_> = self.rules.iter().map(|rule| (rule.kept, rule.period, rule.after)).collect();
        deeds.sort_by_key(|(kept, ..)| *kept);
        if self.registers.is_empty() {
            return Digest::of_kind("signpost retention rules 1", &codec::encode(&(self.notice_days, deeds)));
        }
        let mut registers = self.registers.clone();
        registers.sort_by(|a, b| a.register.cmp(&b.register));
        let all = codec::encode(&(self.notice_days, deeds, registers));
        Digest::of_kind("signpost retention rules 2", &all)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_reckoned_by_the_calendar() {
        let ends = |period: &str, from: &str| period.parse::<Period>().unwrap().after(day(from));
        assert_eq!(ends("1 year", "2026-08-31"), Some(day("2027-08-31")));
        assert_eq!(ends("1 year", "2028-02-29"), Some(day("2029-02-28")));
        assert_eq!(ends("6 months", "2026-08-31"), Some(day("2027-02-28")));
        assert_eq!(ends("0 days", "2026-08-31"), Some(day("2026-08-31")));
        assert_eq!(ends("always", "2026-08-31"), None);
        assert_eq!(ends("100 years", "9950-01-01"), None, "the calendar ends before");
    }

    #[test]
    fn what_is_no_length_of_time_is_refused_and_what_is_reads_back_as_it_is_written() {
        for text in ["0 days", "1 day", "6 months", "1 year", "21 years", "always"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["", "1", "one year", "1 week", "-1 years", "+1 year", "101 years", "1  year", "year 1"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn other_reasons_are_not_other_rules_and_a_longer_time_is() {
        let rule = |years, because: &str| Rule {
            kept: Kept::Calls,
            period: Period::Years(years),
            after: Some(After::Made),
            because: because.to_owned(),
            source: String::new(),
            checked: None,
        };
        let digest = |rule| RetentionRules { notice_days: 28, rules: vec![rule], registers: vec![] }.digest();
        assert_eq!(digest(rule(1, "a")), digest(rule(1, "b")));
        assert_ne!(digest(rule(1, "a")), digest(rule(2, "a")));
        let own = |years| {
            let register = "device-loan".parse().unwrap();
            let own = RegisterRule { register, period: Period::Years(years), after: Some(After::Closed) };
            RetentionRules { notice_days: 28, rules: vec![], registers: vec![own] }.digest()
        };
        assert_ne!(own(1), own(2), "also where a register has a time of its own");
    }
}
