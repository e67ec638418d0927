//! The pictures by which a child comes back for an answer: four of sixteen, in an order.
//!
//! Four different pictures in their order are 43,680 receipts: too many to come upon another child's by trying, few
//! enough to keep in mind. A receipt is drawn by chance alone, so that it says nothing of a child or of what was told.

use zeroize::Zeroize;

use crate::{digest::Digest, ids::Slug};

/// How many pictures a receipt has.
pub const LENGTH: usize = 4;
/// How many receipts there are.
pub const RECEIPTS: u64 = 16 * 15 * 14 * 13;

macro_rules! pictures {
    ($($variant:ident = $name:literal, $words:literal;)*) => {
        /// A picture of a receipt. The set is fixed: a child may come back to a newer kiosk than the one that showed it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Picture {
            $(#[doc = $words] $variant,)*
        }

        impl Picture {
            /// All sixteen, in the order in which they stand on a screen.
            pub const ALL: [Self; 16] = [$(Self::$variant,)*];
            /// Its name in reports, which stays the same for good.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
            /// The drawing of it, by the symbol's name.
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$variant => concat!("tile-", $name),)* }
            }
            /// What children call it, shown and said.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    };
}

pictures! {
    Apple = "apple", "Apple";
    Bicycle = "bicycle", "Bicycle";
    Boat = "boat", "Boat";
    Book = "book", "Book";
    Butterfly = "butterfly", "Butterfly";
    Cat = "cat", "Cat";
    Drum = "drum", "Drum";
    Elephant = "elephant", "Elephant";
    Flower = "flower", "Flower";
    Kite = "kite", "Kite";
    Mushroom = "mushroom", "Mushroom";
    Owl = "owl", "Owl";
    Rocket = "rocket", "Rocket";
    Snail = "snail", "Snail";
    Tree = "tree", "Tree";
    Umbrella = "umbrella", "Umbrella";
}

impl Picture {
    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|picture| picture.as_str() == name)
    }
}

/// Four different pictures in their order. Overwritten in memory when it is let go.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u8; LENGTH]);

impl Drop for Receipt {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Says only that there is one: it leads to what a child is told.
impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt(hidden)")
    }
}

impl Receipt {
    /// Draws one. All are equally likely, as far as `chance` is random, and nothing else goes into it.
    pub fn drawn(chance: &[u8; 16]) -> Self {
        let digest = Digest::of_kind("signpost receipt 1", chance);
        let first = digest.as_bytes().first_chunk().expect("a digest has 32 bytes");
        let mut left = u64::from_be_bytes(*first) % RECEIPTS;
        let mut rest: Vec<u8> = (0..16).collect();
        let places = [16, 15, 14, 13].map(|count| {
            let place = usize::try_from(left % count).unwrap_or(0);
            left /= count;
            rest.remove(place)
        });
        Self(places)
    }
    /// The one of these pictures; none where there are not four different ones.
    pub fn of(pictures: &[Picture]) -> Option<Self> {
        let places: [u8; LENGTH] =
            pictures.iter().map(|picture| *picture as u8).collect::<Vec<_>>().try_into().ok()?;
        let twice = (1..LENGTH).any(|place| places[..place].contains(&places[place]));
        (!twice).then_some(Self(places))
    }
    /// The one that a report names; none where it names none, or pictures that this program does not know.
    pub fn of_report(names: &[Slug]) -> Option<Self> {
        let pictures: Option<Vec<Picture>> = names.iter().map(|name| Picture::named(name.as_str())).collect();
        Self::of(&pictures?)
    }
    /// As a report names it.
    pub fn names(&self) -> Vec<Slug> {
        self.pictures().iter().filter_map(|picture| picture.as_str().parse().ok()).collect()
    }
    /// Its pictures, the first one first.
    pub fn pictures(&self) -> [Picture; LENGTH] {
        self.0.map(|place| Picture::ALL[usize::from(place)])
    }
    /// Its four bytes: the place of each picture in [`Picture::ALL`].
    pub const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
    /// From its four bytes; none where they are not those of a receipt.
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Option<Self> {
        let pictures: Option<Vec<Picture>> =
            bytes.iter().map(|place| Picture::ALL.get(usize::from(*place)).copied()).collect();
        Self::of(&pictures?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn chance(n: u32) -> [u8; 16] {
        let mut chance = [0; 16];
        chance[..4].copy_from_slice(&n.to_be_bytes());
        chance
    }

    #[test]
    fn every_picture_is_as_likely_as_every_other_at_every_place_and_none_comes_twice() {
        const DRAWN: u32 = 32_000;
        let mut counts: BTreeMap<(usize, Picture), u32> = BTreeMap::new();
        for n in 0..DRAWN {
            let receipt = Receipt::drawn(&chance(n));
            let pictures = receipt.pictures();
            assert_eq!(Receipt::of(&pictures), Some(receipt), "four different ones");
            pictures.into_iter().enumerate().for_each(|one| *counts.entry(one).or_default() += 1);
        }
        assert_eq!(counts.len(), LENGTH * 16);
        // Six standard deviations of 2,000 expected.
        assert!(counts.values().all(|count| count.abs_diff(DRAWN / 16) < 265), "{counts:?}");
    }

    #[test]
    fn a_report_and_four_bytes_lead_back_to_the_same_pictures_and_other_things_to_none() {
        let receipt = Receipt::drawn(&chance(7));
        assert_eq!(Receipt::of_report(&receipt.names()), Some(receipt.clone()));
        assert_eq!(Receipt::from_bytes(*receipt.as_bytes()), Some(receipt.clone()));
        let slug = |name: &str| -> Slug { name.parse().unwrap() };
        for names in [vec![], vec!["cat"; 4], vec!["cat", "owl", "kite"], vec!["cat", "owl", "kite", "fox"]] {
            let names: Vec<Slug> = names.into_iter().map(slug).collect();
            assert_eq!(Receipt::of_report(&names), None, "{names:?}");
        }
        assert_eq!(Receipt::from_bytes([1, 2, 3, 16]), None);
        assert_eq!(Receipt::from_bytes([1, 2, 3, 1]), None);
        assert_eq!(format!("{receipt:?}"), "Receipt(hidden)");
    }
}
