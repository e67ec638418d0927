//! On which days kiosks have which answers, so that nobody who sees what they have can tell an answer from nothing.
//!
//! Kiosks have always 64 receipts. Each has a place, and a place is let for sixty days at a time, to an answer or, where
//! there is none to give, to a decoy: about one place is let anew each day, and which one the calendar says. So whoever
//! compares two days sees as many receipts come and go as on any other two days, whatever was answered. An answer waits
//! for the next place of its route; within a day nothing ever changes. What a receipt leads to may change
//! once while it stands, on a later day: an answer because somebody thought better of it, a decoy by chance.

use getrandom::rand_core::CryptoRng;
use records::{
    answer::{LINES, STANDS_DAYS, SentenceName},
    day::Day,
    receipt::Receipt,
    report::Route,
};

/// For so many days a place is let.
const STANDS: i64 = STANDS_DAYS as i64;
/// One decoy in so many changes while it stands.
const CHANGES: u64 = 8;

/// A day, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayNumber(pub i64);

impl DayNumber {
    /// Of a day of the calendar.
    pub fn of(day: Day) -> Self {
        let first = jiff::civil::date(1970, 1, 1);
        let days = day.date().since(first).map_or(0, |span| span.get_days());
        Self(i64::from(days))
    }
    /// The day of the calendar; its nearest end for a number outside it.
    pub fn day(self) -> Day {
        let days = jiff::Span::new().try_days(self.0.clamp(0, 3_000_000)).unwrap_or_default();
        jiff::civil::date(1970, 1, 1).checked_add(days).unwrap_or(jiff::civil::Date::MAX).into()
    }
    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A place, let from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Let {
    /// Its first day.
    pub starts: DayNumber,
    /// Which of the 64 places.
    pub place: u8,
}

impl Let {
    /// The first day on which it is let anew.
    pub const fn ends(self) -> DayNumber {
        DayNumber(self.starts.0 + STANDS)
    }
}

/// Whether a place is one for answers to reports of a route: every second for most, every fourth for each of the others,
/// so that the next one is two days off at the most, and four. Each route has its own: who gives an answer is told from
/// which day on it stands, and must not learn by that of an answer to a report that they cannot open.
pub const fn is_for(place: u8, route: Route) -> bool {
    match route {
        Route::Safeguarding => place.is_multiple_of(2),
        Route::AboutGrownUp => place % 4 == 1,
        Route::AboutHeadteacher => place % 4 == 3,
    }
}

fn places() -> impl Iterator<Item = u8> {
    (0..).take(LINES)
}

/// The day within sixty on which a place is let anew: they are spread as evenly as they can be.
fn turn(place: u8) -> i64 {
    i64::from(place) * STANDS / LINES as i64
}

/// The 64 places as they are let on a day.
pub fn on(day: DayNumber) -> [Let; LINES] {
    let begun = |place: u8| day.0 - (day.0 - turn(place)).rem_euclid(STANDS);
    let mut all = places();
    std::array::from_fn(|_| {
        let place = all.next().unwrap_or_default();
        Let { starts: DayNumber(begun(place)), place }
    })
}

/// The places of a route that are let anew after a day, each once, the next one first.
pub fn after(day: DayNumber, route: Route) -> Vec<Let> {
    let anew = |place: u8| Let {
        starts: DayNumber(day.0 + 1 + (turn(place) - day.0 - 1).rem_euclid(STANDS)),
        place,
    };
    let mut all: Vec<Let> = places().filter(|place| is_for(*place, route)).map(anew).collect();
    all.sort_unstable();
    all
}

/// What a receipt leads to, and from which day on to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// At first.
    pub sentence: SentenceName,
    /// Later, if it changes.
    pub later: Option<(DayNumber, SentenceName)>,
}

impl Told {
    /// What it is on a day.
    pub fn on(&self, day: DayNumber) -> SentenceName {
        match self.later {
            Some((from, sentence)) if from <= day => sentence,
            _ => self.sentence,
        }
    }
    /// Its first day after this one on which it is something else, if there is one.
    pub fn changes_after(&self, day: DayNumber) -> Option<DayNumber> {
        self.later.as_ref().map(|(from, _)| *from).filter(|from| *from > day)
    }
    /// The same, but from the day after this one on something else.
    #[must_use]
    pub fn changed(&self, today: DayNumber, to: SentenceName) -> Self {
        Self { sentence: self.on(today), later: Some((today.next(), to)) }
    }
}

/// A decoy for a place: what it leads to is likelier to be a sentence that stands further up in the school's form, as
/// with answers, and once in a while it changes as they do. `sentences` are the school's.
pub fn decoy(sentences: &[SentenceName], of: Let, random: &mut impl CryptoRng) -> Told {
    let sentence = any(sentences, random);
    let later = random.next_u64().is_multiple_of(CHANGES).then(|| {
        let after = i64::try_from(random.next_u64() % (STANDS_DAYS as u64 - 1)).unwrap_or(0);
        let to =
            if random.next_u64().is_multiple_of(2) { SentenceName::NONE } else { any(sentences, random) };
        (DayNumber(of.starts.0 + 1 + after), to)
    });
    Told { sentence, later }
}

fn any(sentences: &[SentenceName], random: &mut impl CryptoRng) -> SentenceName {
    let shares = || (1..=sentences.len() as u64).rev();
    let mut left = random.next_u64() % shares().sum::<u64>().max(1);
    for (sentence, share) in sentences.iter().zip(shares()) {
        match left.checked_sub(share) {
            Some(less) => left = less,
            None => return *sentence,
        }
    }
    SentenceName::NONE
}

/// A receipt that chance has drawn, for a decoy.
pub fn any_receipt(random: &mut impl CryptoRng) -> Receipt {
    let mut chance = [0; 16];
    random.fill_bytes(&mut chance);
    Receipt::drawn(&chance)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn on_every_day_as_many_places_are_let_anew_whatever_the_day_and_each_stands_sixty_days() {
        let mut anew: BTreeMap<usize, u32> = BTreeMap::new();
        for day in 20_000..20_120 {
            let (before, now) = (on(DayNumber(day - 1)), on(DayNumber(day)));
            let fresh: Vec<_> = now.iter().filter(|one| !before.contains(one)).collect();
            assert!(fresh.iter().all(|one| one.starts == DayNumber(day)));
            *anew.entry(fresh.len()).or_default() += 1;
            assert!(now.iter().all(|one| (one.starts..one.ends()).contains(&DayNumber(day))));
            assert_eq!(now.iter().map(|one| one.place).collect::<BTreeSet<_>>().len(), LINES);
        }
        assert_eq!(anew, BTreeMap::from([(1, 112), (2, 8)]), "one a day, and 64 in sixty days");
    }

    #[test]
    fn every_route_has_its_own_places_and_the_next_is_two_or_four_days_off_at_the_most() {
        for day in 20_000..20_070 {
            let mut all = BTreeSet::new();
            for (route, share, most) in
                [(Route::Safeguarding, 32, 2), (Route::AboutGrownUp, 16, 4), (Route::AboutHeadteacher, 16, 4)]
            {
                let next = after(DayNumber(day), route);
                assert_eq!(next.len(), share);
                let first = next[0].starts.0 - day;
                assert!((1..=most).contains(&first), "{route:?}: {first} days after {day}");
                assert!(next.is_sorted() && next[share - 1].starts <= DayNumber(day + 60));
                assert!(next.iter().all(|one| on(one.starts).contains(one)), "as the calendar has it");
                all.extend(next.iter().map(|one| one.place));
            }
            assert_eq!(all.len(), LINES, "every place comes once");
        }
    }

    #[test]
    fn a_day_and_its_number_are_the_same_day() {
        for text in ["1970-01-01", "2026-09-14", "2028-02-29", "2099-12-31"] {
            let day: Day = text.parse().unwrap();
            assert_eq!(DayNumber::of(day).day(), day);
        }
        assert_eq!(DayNumber::of("2026-09-14".parse().unwrap()).0, 20_710);
    }

    #[test]
    fn a_change_comes_on_a_later_day_and_never_on_its_own() {
        let [one, two] = ["one", "two"].map(|id| SentenceName::of(&id.parse().unwrap()));
        let told = Told { sentence: one, later: None }.changed(DayNumber(10), two);
        assert_eq!([9, 10, 11].map(|day| told.on(DayNumber(day))), [one, one, two]);
        let again = told.changed(DayNumber(11), SentenceName::NONE);
        assert_eq!([9, 10, 11].map(|day| told.changes_after(DayNumber(day)).is_some()), [true, true, false]);
        assert_eq!([11, 12].map(|day| again.on(DayNumber(day))), [two, SentenceName::NONE]);
    }
}
