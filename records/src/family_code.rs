//! The code with which a family finds itself at a kiosk: printed on a letter, typed by hand.
//!
//! Twelve characters of Crockford's base 32 in three groups of four: three that find the family's
//! entry, eight that nobody can guess (40 bits), one that shows a slip of the finger. The hub makes codes;
//! whoever prints or reads one takes it through here.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

/// Crockford's base 32: no I, L, O or U; the first three are read as what they look like. A symbol's place is its
/// value.
pub const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters a code has, the last of them its check.
pub const LENGTH: usize = 12;
/// How many of them find the entry.
const LOCATOR: usize = 3;
/// How many characters stand together: three groups of four are easier to carry in mind than twelve.
pub const GROUP: usize = 4;

/// A family's code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct FamilyCode([u8; LENGTH]);

/// The first characters of a code, by which its family's entry is found among all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Locator(#[n(0)] u16);

impl Locator {
    /// How many there are.
    pub const COUNT: u16 = 1 << 15;

    /// By its number, below [`Locator::COUNT`].
    pub const fn new(number: u16) -> Option<Self> {
        if number < Self::COUNT { Some(Self(number)) } else { None }
    }
    /// Its number.
    pub const fn number(self) -> u16 {
        self.0
    }
    /// The code of this locator with eight values of chance, of which the lowest five bits of each count.
    pub fn with_chance(self, chance: [u8; LENGTH - 1 - LOCATOR]) -> FamilyCode {
        let mut values = [0; LENGTH - 1];
        for (place, value) in values[..LOCATOR].iter_mut().enumerate() {
            // Five bits: they fit.
            *value = (self.0 >> (5 * (LOCATOR - 1 - place)) & 31) as u8;
        }
        for (value, chance) in values[LOCATOR..].iter_mut().zip(chance) {
            *value = chance & 31;
        }
        FamilyCode::new(values).expect("five bits are below 32")
    }
}

/// Why a text is no family code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAFamilyCode {
    /// It has this many letters and digits.
    #[error("a family code has 12 letters and digits; this one has {0}")]
    Length(usize),
    /// It has a letter that is in no code.
    #[error("“{0}” is in no family code")]
    Letter(char),
    /// Its last character does not go with the others.
    #[error("there is a slip in this family code: its last character does not go with the others")]
    Check,
}

impl FamilyCode {
    /// A code from its values, each below 32: three that find the entry, then eight of chance. None where
    /// one is larger.
    pub fn new(values: [u8; LENGTH - 1]) -> Option<Self> {
        if values.iter().any(|value| *value >= 32) {
            return None;
        }
        let mut all = [0; LENGTH];
        all[..LENGTH - 1].copy_from_slice(&values);
        all[LENGTH - 1] = check(&values);
        Some(Self(all))
    }

    /// A code from all its values, as keys give them: its check with the others.
    ///
    /// # Errors
    /// [`NotAFamilyCode::Check`], also where a value is none.
    pub fn typed(values: &[u8; LENGTH]) -> Result<Self, NotAFamilyCode> {
        let good =
            values.iter().all(|value| *value < 32) && check(&values[..LENGTH - 1]) == values[LENGTH - 1];
        if good { Ok(Self(*values)) } else { Err(NotAFamilyCode::Check) }
    }

    /// The value of a letter or digit as people write it: small letters too, and I, L and O as what they look like.
    pub fn value(letter: char) -> Option<u8> {
        let plain = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let value = SYMBOLS.iter().position(|symbol| char::from(*symbol) == plain)?;
        // 32 symbols: their places fit.
        u8::try_from(value).ok()
    }

    /// What finds the family's entry. It is no secret.
    pub fn locator(&self) -> Locator {
        Locator(self.0[..LOCATOR].iter().fold(0, |all, value| all << 5 | u16::from(*value)))
    }

    /// The characters without spaces, as a key is made from them.
    pub(crate) fn secret(&self) -> Zeroizing<[u8; LENGTH]> {
        Zeroizing::new(self.0.map(|value| SYMBOLS[usize::from(value)]))
    }

    /// The characters as they are printed, in groups.
    pub fn groups(&self) -> Vec<String> {
        let group =
            |values: &[u8]| values.iter().map(|value| char::from(SYMBOLS[usize::from(*value)])).collect();
        self.0.chunks(GROUP).map(group).collect()
    }
}

/// The check of some values: their sum, each multiplied by another power of a number that makes all others
/// (in the field of 32 elements, x^5 + x^2 + 1). One wrong character, or two that changed places, always
/// gives another check. Other codes on paper have theirs from here too; of up to thirty values it holds.
pub fn check(values: &[u8]) -> u8 {
    values
        .iter()
        .rev()
        .fold((0, 2), |(sum, power), value| (sum ^ product(*value, power), product(power, 2)))
        .0
}

fn product(one: u8, other: u8) -> u8 {
    let mut out = 0;
    let mut shifted = one;
    for bit in 0..5 {
        if other >> bit & 1 == 1 {
            out ^= shifted;
        }
        shifted <<= 1;
        if shifted & 32 != 0 {
            shifted ^= 0b10_0101;
        }
    }
    out
}

impl fmt::Display for FamilyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.groups().join(" "))
    }
}

/// A code opens what a family decided: it never reaches a log.
impl fmt::Debug for FamilyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FamilyCode(hidden)")
    }
}

impl FromStr for FamilyCode {
    type Err = NotAFamilyCode;

    /// Reads a code as people write it: small letters, spaces and hyphens anywhere.
    fn from_str(text: &str) -> Result<Self, NotAFamilyCode> {
        let mut values = Vec::with_capacity(LENGTH);
        for letter in
            text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '–' | '‑'))
        {
            let value = Self::value(letter).ok_or(NotAFamilyCode::Letter(letter))?;
            values.push(value);
        }
        let all: [u8; LENGTH] =
            values.try_into().map_err(|values: Vec<u8>| NotAFamilyCode::Length(values.len()))?;
        Self::typed(&all)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn some() -> FamilyCode {
        FamilyCode::new([1, 30, 7, 0, 31, 12, 12, 5, 20, 9, 17]).unwrap()
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = some();
        let printed = code.to_string();
        assert_eq!(printed.len(), LENGTH + 2);
        assert_eq!(printed.parse(), Ok(code.clone()));
        let careless = printed.to_lowercase().replace(' ', "-").replace('0', "o").replace('1', "l");
        assert_eq!(careless.parse(), Ok(code.clone()));
        assert!(!format!("{code:?}").contains(&printed[..4]));
    }

    #[test]
    fn one_wrong_character_or_two_that_changed_places_are_always_seen() {
        let code = some();
        for place in 0..LENGTH {
            for value in 0..32 {
                let mut other = code.clone();
                other.0[place] = value;
                assert_eq!(other.to_string().parse::<FamilyCode>().is_ok(), other == code);
            }
            for with in 0..LENGTH {
                let mut other = code.clone();
                other.0.swap(place, with);
                assert_eq!(other.to_string().parse::<FamilyCode>().is_ok(), other == code);
            }
        }
    }

    #[test]
    fn a_code_begins_with_its_locator() {
        for number in [0, 1, 31, 32, 1023, 1024, Locator::COUNT - 1] {
            let locator = Locator::new(number).unwrap();
            let code = locator.with_chance([0, 255, 3, 4, 5, 6, 7, 8]);
            assert_eq!(code.locator(), locator);
            assert_eq!(code.to_string().parse(), Ok(code));
        }
        assert_eq!(Locator::new(Locator::COUNT), None);
        assert_eq!(Locator::new(1).unwrap().with_chance([0; 8]).to_string()[..4], *"0010");
    }

    #[test]
    fn what_is_no_code_is_told_why() {
        assert_eq!("7K2M".parse::<FamilyCode>(), Err(NotAFamilyCode::Length(4)));
        assert_eq!("7K2MU".parse::<FamilyCode>(), Err(NotAFamilyCode::Letter('U')));
        assert_eq!(FamilyCode::new([32; LENGTH - 1]), None);
    }
}
