//! The code from the letter, while it is typed.

use std::fmt;

use records::family_code::{FamilyCode, LENGTH, SYMBOLS};
use zeroize::Zeroizing;

use crate::machine::Millis;

/// What a cell holds that nothing was typed into.
const EMPTY: u8 = u8::MAX;

/// What is told of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing yet.
    Nothing,
    /// Its last character does not go with the others: a finger slipped.
    Slip,
    /// It opens nothing here.
    Unknown,
    /// The disk could not be read.
    Unreadable,
}

/// A code while it is typed. It is overwritten in memory when it is let go.
#[derive(Clone)]
pub struct CodeEntry {
    typed: Zeroizing<[u8; LENGTH]>,
    at: usize,
    /// What is told of what was typed before.
    pub told: Told,
}

/// A code opens what a family decided: it never reaches a log.
impl fmt::Debug for CodeEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeEntry(hidden)")
    }
}

impl CodeEntry {
    /// Nothing typed yet.
    pub(crate) fn new(told: Told) -> Self {
        Self { typed: Zeroizing::new([EMPTY; LENGTH]), at: 0, told }
    }
    /// What stands in a cell.
    pub fn letter(&self, cell: usize) -> Option<char> {
        SYMBOLS.get(usize::from(*self.typed.get(cell)?)).map(|symbol| char::from(*symbol))
    }
    /// The cell that is typed into next.
    pub fn at(&self) -> usize {
        self.at
    }
    /// Types a character, by its value. Gives the code once all are there and go with each other.
    pub(crate) fn type_value(&mut self, value: u8) -> Option<FamilyCode> {
        let cell = self.typed.get_mut(self.at)?;
        *cell = value;
        self.told = Told::Nothing;
        let next = (self.at + 1..LENGTH).chain(0..=self.at).find(|cell| self.typed[*cell] == EMPTY);
        self.at = next.unwrap_or((self.at + 1).min(LENGTH - 1));
        if next.is_some() {
            return None;
        }
        let code = FamilyCode::typed(&self.typed).ok();
        if code.is_none() {
            self.told = Told::Slip;
        }
        code
    }
    /// Rubs out the cell that is typed into, or the one before it if there is nothing in it.
    pub(crate) fn rub_out(&mut self) {
        if self.typed[self.at] == EMPTY {
            self.at = self.at.saturating_sub(1);
        }
        self.typed[self.at] = EMPTY;
        self.told = Told::Nothing;
    }
    /// The next character goes into this cell.
    pub(crate) fn choose(&mut self, cell: usize) {
        if cell < LENGTH {
            self.at = cell;
        }
    }
    /// Whether anything is typed.
    pub fn is_empty(&self) -> bool {
        self.typed.iter().all(|value| *value == EMPTY)
    }
}

/// How long still to wait, as it is told: in steps, so that nobody watches seconds run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// So many minutes, not quite.
    Minutes(u64),
    /// So many seconds, not quite.
    Seconds(u64),
}

/// The step in which seconds are told.
const STEP: u64 = 5;

impl Wait {
    /// What is left of a wait, in milliseconds.
    pub fn of(left: Millis) -> Self {
        let seconds = left.div_ceil(1000);
        if seconds > 60 {
            Self::Minutes(seconds.div_ceil(60))
        } else {
            Self::Seconds(seconds.div_ceil(STEP) * STEP)
        }
    }
    /// How long until something else is told.
    pub(crate) fn changes_in(left: Millis) -> Millis {
        let shown = match Self::of(left) {
            Self::Minutes(2) => 60,
            Self::Minutes(minutes) => (minutes - 1) * 60,
            Self::Seconds(seconds) => seconds.saturating_sub(STEP),
        };
        left.saturating_sub(shown * 1000).max(1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use records::family_code::Locator;

    use super::*;

    fn code() -> FamilyCode {
        Locator::new(7).unwrap().with_chance([1, 2, 3, 4, 5, 6, 7, 8])
    }
    fn values(code: &FamilyCode) -> Vec<u8> {
        code.groups().concat().chars().map(|letter| FamilyCode::value(letter).unwrap()).collect()
    }

    #[test]
    fn a_code_is_there_with_its_last_character_and_not_before() {
        let mut entry = CodeEntry::new(Told::Nothing);
        let values = values(&code());
        for value in &values[..LENGTH - 1] {
            assert_eq!(entry.type_value(*value), None);
        }
        assert_eq!(entry.type_value(values[LENGTH - 1]), Some(code()));
    }

    #[test]
    fn a_slip_is_told_at_once_and_one_touch_and_one_key_mend_it() {
        let values = values(&code());
        for slip in 0..LENGTH {
            let mut entry = CodeEntry::new(Told::Nothing);
            for (place, value) in values.iter().enumerate() {
                let typed = if place == slip { (value + 1) % 32 } else { *value };
                assert_eq!(entry.type_value(typed), None);
            }
            assert_eq!(entry.told, Told::Slip);
            entry.choose(slip);
            assert_eq!(entry.type_value(values[slip]), Some(code()));
        }
    }

    #[test]
    fn rubbing_out_goes_back_from_the_end_to_the_beginning() {
        let mut entry = CodeEntry::new(Told::Nothing);
        for value in values(&code()).iter().take(3) {
            entry.type_value(*value);
        }
        for _ in 0..5 {
            entry.rub_out();
        }
        assert!(entry.is_empty());
        assert_eq!(entry.at(), 0);
        for value in values(&code()) {
            entry.type_value((value + 1) % 32);
        }
        entry.rub_out();
        assert_eq!(entry.letter(LENGTH - 1), None, "the last one first");
        assert!(entry.letter(LENGTH - 2).is_some());
    }

    #[test]
    fn a_wait_is_told_in_words_that_change_seldom_and_come_to_an_end() {
        assert_eq!(Wait::of(600_000), Wait::Minutes(10));
        assert_eq!(Wait::of(60_001), Wait::Minutes(2));
        assert_eq!(Wait::of(60_000), Wait::Seconds(60));
        assert_eq!(Wait::of(1), Wait::Seconds(5));
        let (mut left, mut told) = (600_000, 0);
        while left > 0 {
            let (before, change) = (Wait::of(left), Wait::changes_in(left));
            left = left.saturating_sub(change);
            assert!(left == 0 || Wait::of(left) != before, "{before:?} {left}");
            told += 1;
        }
        assert!(told < 24);
    }
}
