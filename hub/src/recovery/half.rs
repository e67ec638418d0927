//! Half of a recovery sheet: as it stands on paper, and as it is typed again.
//!
//! Ten groups of five characters of Crockford's base 32. In each group four carry five bits and the last is a check of
//! them and of the group's place, so that a slip is found in the group where it is. The first two groups say whose half
//! it is: which of the two, of which role, school and sheet. The other eight are one share of the secret, 160 bits.

use std::fmt;

use records::{
    digest::Digest,
    family_code::{self, FamilyCode},
    ids::SchoolId,
    report::Role,
};
use zeroize::{Zeroize as _, Zeroizing};

use crate::random;

/// How many groups a half has.
pub const GROUPS: usize = 10;
/// How many characters a group has, the last of them its check.
pub const GROUP: usize = 5;
/// How many of them carry something.
const CARRYING: usize = GROUP - 1;
/// How many bytes a share has: 160 bits, as the hub's own recovery key.
pub const SHARE: usize = 20;
/// How many characters say whose half it is.
const HEAD: usize = 8;
/// The form that this program writes and reads.
const FORM: u8 = 0;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// It stays in the school.
    First,
    /// It stays outside.
    Second,
}

impl Which {
    /// “first” or “second”.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }
}

/// The number that both halves of a sheet carry, by chance: two sheets of one role have not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SheetNumber(u32);

impl SheetNumber {
    /// How many there are.
    const COUNT: u32 = 1 << 20;

    /// One by chance.
    pub fn generate() -> Self {
        Self(u32::from_be_bytes(random::bytes()) % Self::COUNT)
    }
    /// By its number.
    pub const fn new(number: u32) -> Option<Self> {
        if number < Self::COUNT { Some(Self(number)) } else { None }
    }
    /// Its number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// One half.
#[derive(Clone, PartialEq, Eq)]
pub struct Half {
    /// Which one.
    pub which: Which,
    /// Of whose key.
    pub role: Role,
    /// What stands for the school: 15 bits of a digest of its id.
    pub school: u16,
    /// Of which sheet.
    pub sheet: SheetNumber,
    share: Zeroizing<[u8; SHARE]>,
}

/// A half opens a key together with the other: it never reaches a log.
impl fmt::Debug for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Half({} of {})", self.which.as_str(), self.role.as_str())
    }
}

/// Why what was typed is no half. Groups are numbered from 1, as on the paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Slip {
    /// Nothing.
    #[error("Type the ten groups of your half.")]
    Nothing,
    /// These groups are not as on the paper.
    #[error("{}", told(.groups, *.of))]
    Groups {
        /// Which.
        groups: Vec<usize>,
        /// Of which half, where the first group tells.
        of: Option<Which>,
    },
    /// There are too few characters or too many.
    #[error("{}", counted(*.typed, *.good))]
    Count {
        /// How many there are.
        typed: usize,
        /// How many groups are right from the beginning on.
        good: usize,
    },
    /// Another form than this program reads.
    #[error(
        "This half was printed by a newer Signpost. Whoever looks after the hub updates this program first."
    )]
    Newer,
}

fn told(groups: &[usize], of: Option<Which>) -> String {
    let half = of.map(|which| format!(" of the {} half", which.as_str())).unwrap_or_default();
    match groups {
        [one] => format!(
            "There is a slip in group {one}{half}. Compare its five characters with the paper; the other groups are right."
        ),
        many => {
            let (last, before) = many.split_last().map_or((0, many), |(last, before)| (*last, before));
            let before: Vec<String> = before.iter().map(ToString::to_string).collect();
            format!(
                "There are slips in groups {} and {last}{half}. Compare them with the paper; the other groups are right.",
                before.join(", ")
            )
        }
    }
}

fn counted(typed: usize, good: usize) -> String {
    let place = match good {
        0 => "Look at group 1 first.".to_owned(),
        1 => "Group 1 is right; look at group 2.".to_owned(),
        good => format!("Groups 1 to {good} are right; look at group {}.", good + 1),
    };
    format!(
        "A half has {GROUPS} groups of {GROUP} characters, so {}; there are {typed} here. {place}",
        GROUPS * GROUP
    )
}

/// What a half says of its school.
pub fn school_number(school: SchoolId) -> u16 {
    let digest = Digest::of_kind("signpost recovery school 1", school.as_bytes());
    let [one, two, ..] = *digest.as_bytes();
    u16::from_be_bytes([one, two]) >> 1
}

/// Splits a secret in two: each half alone is chance, and says nothing of it.
pub fn split(secret: &[u8; SHARE], role: Role, school: u16, sheet: SheetNumber) -> [Half; 2] {
    let first = Zeroizing::new(random::bytes::<SHARE>());
    let mut second = Zeroizing::new(*secret);
    for (byte, other) in second.iter_mut().zip(first.iter()) {
        *byte ^= other;
    }
    [(Which::First, first), (Which::Second, second)].map(|(which, share)| Half {
        which,
        role,
        school,
        sheet,
        share,
    })
}

/// The secret of two halves, in whatever order. Two of different sheets come to something that opens nothing.
pub fn joined(one: &Half, other: &Half) -> Zeroizing<[u8; SHARE]> {
    let mut secret = one.share.clone();
    for (byte, more) in secret.iter_mut().zip(other.share.iter()) {
        *byte ^= more;
    }
    secret
}

impl Half {
    /// By which the hub knows it again: it tells nothing of 160 bits of chance.
    pub fn digest(&self) -> Digest {
        let values = self.values();
        Digest::of_kind("signpost recovery half 1", &*values)
    }

    /// As it is printed.
    pub fn groups(&self) -> Vec<String> {
        let values = self.values();
        let group = |(at, four): (usize, &[u8])| {
            let all = four.iter().copied().chain([check(at, four)]);
            all.map(|value| char::from(family_code::SYMBOLS[usize::from(value)])).collect()
        };
        values.chunks(CARRYING).enumerate().map(group).collect()
    }

    /// As it was typed: small letters too, with spaces and hyphens anywhere; I, L and O are read as what they look
    /// like.
    ///
    /// # Errors
    /// [`Slip`].
    pub fn typed(text: &str) -> Result<Self, Slip> {
        let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '‑' | ','));
        let mut parts: Vec<Zeroizing<String>> =
            parts.filter(|part| !part.is_empty()).map(|part| Zeroizing::new(part.to_owned())).collect();
        if parts.is_empty() {
            return Err(Slip::Nothing);
        }
        if parts.len() != GROUPS {
            parts = in_fives(&parts);
        }
        let read: Vec<Option<[u8; CARRYING]>> =
            parts.iter().enumerate().map(|(at, part)| group(at, part)).collect();
        let count = parts.iter().map(|part| part.chars().count()).sum();
        if parts.len() != GROUPS {
            let good = read.iter().take_while(|group| group.is_some()).count();
            return Err(Slip::Count { typed: count, good });
        }
        let which = |first: [u8; CARRYING]| if first[0] >> 4 == 0 { Which::First } else { Which::Second };
        let wrong: Vec<usize> =
            (1..).zip(&read).filter(|(_, group)| group.is_none()).map(|one| one.0).collect();
        if !wrong.is_empty() {
            let of = read.first().copied().flatten().map(which);
            return Err(Slip::Groups { groups: wrong, of });
        }
        let mut values = Zeroizing::new(Vec::with_capacity(GROUPS * CARRYING));
        values.extend(read.into_iter().flatten().flatten());
        Self::of_values(&values)
    }

    fn of_values(values: &[u8]) -> Result<Self, Slip> {
        let (head, share) = values.split_at(HEAD);
        if head[0] & 3 != FORM {
            return Err(Slip::Newer);
        }
        let number = |values: &[u8]| values.iter().fold(0_u32, |all, value| all << 5 | u32::from(*value));
        let school = u16::try_from(number(&head[1..4])).expect("three values have 15 bits");
        let mut bytes = Zeroizing::new([0; SHARE]);
        for (eight, five) in share.chunks(8).zip(bytes.chunks_mut(5)) {
            let mut all = eight.iter().fold(0_u64, |all, value| all << 5 | u64::from(*value)).to_be_bytes();
            five.copy_from_slice(&all[3..]);
            all.zeroize();
        }
        Ok(Self {
            which: if head[0] >> 4 == 0 { Which::First } else { Which::Second },
            role: Role::ALL[usize::from(head[0] >> 2 & 3)],
            school,
            sheet: SheetNumber(number(&head[4..])),
            share: bytes,
        })
    }

    /// Forty values of five bits.
    fn values(&self) -> Zeroizing<[u8; GROUPS * CARRYING]> {
        let mut values = Zeroizing::new([0; GROUPS * CARRYING]);
        let role = Role::ALL.iter().position(|role| *role == self.role).unwrap_or_default();
        // Four roles: two bits.
        values[0] = u8::from(self.which == Which::Second) << 4 | (role as u8) << 2 | FORM;
        for place in 0..3 {
            values[1 + place] = (self.school >> (5 * (2 - place)) & 31) as u8;
        }
        for place in 0..4 {
            values[4 + place] = (self.sheet.0 >> (5 * (3 - place)) & 31) as u8;
        }
        for (five, eight) in self.share.chunks(5).zip(values[HEAD..].chunks_mut(8)) {
            let all = five.iter().fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
            for (place, value) in eight.iter_mut().enumerate() {
                *value = (all >> (5 * (7 - place)) & 31) as u8;
            }
        }
        values
    }
}

/// The check of a group: the group's place counts too, so that no group is right in another's place.
fn check(at: usize, four: &[u8]) -> u8 {
    let mut all = Zeroizing::new([0; GROUP]);
    // Ten groups: their places fit.
    all[0] = at as u8;
    all[1..].copy_from_slice(four);
    family_code::check(&*all)
}

/// What a group carries, if it is right.
fn group(at: usize, typed: &str) -> Option<[u8; CARRYING]> {
    let values: Option<Vec<u8>> = typed.chars().map(FamilyCode::value).collect();
    let values: [u8; GROUP] = values?.try_into().ok()?;
    let (four, last) = values.split_first_chunk::<CARRYING>()?;
    (last == [check(at, four)]).then_some(*four)
}

/// Characters in groups of five, however they were typed.
fn in_fives(parts: &[Zeroizing<String>]) -> Vec<Zeroizing<String>> {
    let all: Zeroizing<Vec<char>> = Zeroizing::new(parts.iter().flat_map(|part| part.chars()).collect());
    all.chunks(GROUP).map(|five| Zeroizing::new(five.iter().collect())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use proptest::prelude::*;

    use super::*;

    fn halves(secret: [u8; SHARE]) -> [Half; 2] {
        split(&secret, Role::Chair, 0x7ABC & 0x7FFF, SheetNumber(0xF_1234))
    }

    fn alphabet() -> Vec<char> {
        family_code::SYMBOLS.iter().map(|symbol| char::from(*symbol)).collect()
    }

    proptest! {
        #[test]
        fn two_halves_come_to_their_secret_however_they_are_typed(secret: [u8; SHARE]) {
            let [first, second] = halves(secret);
            for half in [&first, &second] {
                let printed = half.groups();
                prop_assert_eq!(printed.len(), GROUPS);
                prop_assert!(printed.iter().all(|group| group.len() == GROUP));
                let careless = printed.join("-").to_lowercase().replace('0', "o").replace('1', "l");
                for typed in [printed.join(" "), printed.concat(), careless, printed.join("\r\n  ")] {
                    prop_assert_eq!(&Half::typed(&typed).unwrap(), half);
                }
                let told = format!("{half:?}");
                prop_assert!(!told.contains(&printed[4]));
            }
            prop_assert_eq!(*joined(&second, &first), secret);
            prop_assert_eq!((first.which, second.which), (Which::First, Which::Second));
            prop_assert_ne!(first.digest(), second.digest());
        }

        #[test]
        fn two_characters_of_a_group_that_changed_places_are_caught(secret: [u8; SHARE], at in 0..GROUPS, one in 0..GROUP, other in 0..GROUP) {
            let [half, _] = halves(secret);
            let mut groups = half.groups();
            let mut letters: Vec<char> = groups[at].chars().collect();
            letters.swap(one, other);
            let swapped: String = letters.into_iter().collect();
            let same = swapped == groups[at];
            groups[at] = swapped;
            prop_assert_eq!(Half::typed(&groups.join(" ")).is_ok(), same);
        }
    }

    #[test]
    fn every_single_wrong_character_is_caught_in_the_group_where_it_is() {
        for half in halves(random::bytes()) {
            let printed = half.groups();
            for at in 0..GROUPS {
                for place in 0..GROUP {
                    for letter in alphabet().into_iter().chain(['U', '%']) {
                        let mut groups = printed.clone();
                        groups[at].replace_range(place..=place, &letter.to_string());
                        if groups == printed {
                            continue;
                        }
                        let of = (at > 0).then_some(half.which);
                        let slip = Slip::Groups { groups: vec![at + 1], of };
                        for typed in [groups.join(" "), groups.concat()] {
                            assert_eq!(Half::typed(&typed), Err(slip.clone()));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_group_in_anothers_place_is_caught() {
        let [half, _] = halves(random::bytes());
        for one in 0..GROUPS {
            for other in one + 1..GROUPS {
                let mut groups = half.groups();
                groups.swap(one, other);
                let slip = Half::typed(&groups.join(" ")).unwrap_err();
                assert!(
                    matches!(&slip, Slip::Groups { groups, .. } if *groups == [one + 1, other + 1]),
                    "{slip}"
                );
            }
        }
    }

    #[test]
    fn a_character_too_few_or_too_many_is_told_with_the_place() {
        let [_, half] = halves(random::bytes());
        let printed = half.groups();
        let mut groups = printed.clone();
        groups[3].pop();
        let told = |typed: &str| Half::typed(typed).unwrap_err().to_string();
        assert!(told(&groups.join(" ")).starts_with("There is a slip in group 4 of the second half."));
        let nine = printed[..9].join(" ");
        assert_eq!(
            told(&nine),
            "A half has 10 groups of 5 characters, so 50; there are 45 here. Groups 1 to 9 are right; look at group 10."
        );
        let more = format!("{} {}", printed.join(" "), printed[0]);
        assert!(told(&more).contains("there are 55 here"));
        assert_eq!(Half::typed(" - "), Err(Slip::Nothing));
        let two = told(&[&printed[0], &printed[2], &printed[1]].map(String::as_str).join(" "));
        assert!(two.contains("there are 15 here. Group 1 is right; look at group 2."), "{two}");
    }

    #[test]
    fn one_half_alone_says_nothing_of_the_secret() {
        // The first share is chance of its own, and the second is the secret under it: whatever the secret is, each
        // looks the same. Shown for what can be counted: every bit of a share is 0 as often as 1.
        for which in 0..2 {
            let mut ones = [0_u32; SHARE * 8];
            for _ in 0..2000 {
                let half = &split(&[0xFF; SHARE], Role::Chair, 0, SheetNumber(0))[which];
                for (bit, count) in ones.iter_mut().enumerate() {
                    *count += u32::from(half.share[bit / 8] >> (bit % 8) & 1);
                }
            }
            // Six standard deviations of 22.4.
            assert!(ones.iter().all(|count| count.abs_diff(1000) < 135), "{ones:?}");
        }
    }

    #[test]
    fn what_a_half_says_of_itself_is_read_back() {
        for role in Role::ALL {
            for number in [0, 1, SheetNumber::COUNT - 1] {
                let sheet = SheetNumber::new(number).unwrap();
                let [first, _] = split(&[7; SHARE], role, 0x7FFF, sheet);
                let again = Half::typed(&first.groups().join(" ")).unwrap();
                assert_eq!((again.role, again.sheet, again.school), (role, sheet, 0x7FFF));
            }
        }
        assert_eq!(SheetNumber::new(SheetNumber::COUNT), None);
    }
}
