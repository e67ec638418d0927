//! The staff PIN while it is typed. Only its hash is ever kept.

use std::fmt;

use zeroize::{Zeroize as _, Zeroizing};

/// The fewest digits of a PIN.
pub const PIN_LEAST: usize = 4;
/// The fewest that are recommended.
pub const PIN_GOOD: usize = 6;
/// The most.
pub const PIN_MOST: usize = 12;

/// Digits that can be a PIN. They are overwritten in memory when they are let go.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

/// Not a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has {PIN_LEAST} to {PIN_MOST} digits; {PIN_GOOD} or more are better")]
pub struct NotAPin;

impl Pin {
    /// A PIN as it was typed.
    ///
    /// # Errors
    /// [`NotAPin`] if it is too short, too long, or has anything but digits.
    pub fn typed(text: &str) -> Result<Self, NotAPin> {
        let long_enough = (PIN_LEAST..=PIN_MOST).contains(&text.len());
        if long_enough && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(NotAPin)
        }
    }
    /// Its digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// It never reaches a log.
impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(hidden)")
    }
}

/// What is told of a PIN that was typed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinTold {
    /// Nothing.
    Nothing,
    /// It is not the PIN.
    Wrong,
    /// The disk could not be read or written.
    Trouble,
    /// The second time it was another.
    Differs,
}

/// Digits while they are typed.
#[derive(Clone)]
pub struct PinEntry {
    typed: Zeroizing<String>,
    /// What is told of what was typed before.
    pub told: PinTold,
}

/// It never reaches a log.
impl fmt::Debug for PinEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinEntry(hidden)")
    }
}

impl PinEntry {
    pub(crate) fn new(told: PinTold) -> Self {
        // Room from the start: a text that grows would leave its digits behind.
        Self { typed: Zeroizing::new(String::with_capacity(PIN_MOST)), told }
    }
    /// How many digits there are: all that a screen shows of them.
    pub fn count(&self) -> usize {
        self.typed.len()
    }
    /// Whether it is long enough to be a PIN.
    pub fn is_pin(&self) -> bool {
        self.count() >= PIN_LEAST
    }
    pub(crate) fn pin(&self) -> Option<Pin> {
        Pin::typed(&self.typed).ok()
    }
    pub(crate) fn type_digit(&mut self, digit: u8) {
        if digit < 10 && self.count() < PIN_MOST {
            self.typed.push(char::from(b'0' + digit));
            self.told = PinTold::Nothing;
        }
    }
    pub(crate) fn rub_out(&mut self) {
        if let Some(mut last) = self.typed.pop() {
            last.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_pin_has_four_to_twelve_digits_and_nothing_else() {
        for good in ["1234", "123456", "123456789012"] {
            assert_eq!(Pin::typed(good).unwrap().digits(), good);
        }
        for bad in ["", "123", "1234567890123", "12a4", "１２３４", "12 34", "-123"] {
            assert!(Pin::typed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn digits_are_typed_and_rubbed_out_and_no_text_says_which() {
        let mut entry = PinEntry::new(PinTold::Wrong);
        entry.rub_out();
        for digit in [9, 8, 7, 10, 6, 5] {
            entry.type_digit(digit);
        }
        entry.rub_out();
        assert_eq!(entry.pin(), Pin::typed("9876").ok());
        assert!(!format!("{entry:?} {:?}", entry.pin()).contains('9'));
        for _ in 0..40 {
            entry.type_digit(1);
        }
        assert_eq!(entry.count(), PIN_MOST);
    }
}
