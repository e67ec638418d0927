//! Trying the touchscreen: spots all over the glass, each of which has to answer.

/// How many spots there are.
pub(super) const SPOTS: u8 = 15;

/// The spots that have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Touched(u16);

impl Touched {
    /// Whether this one has.
    pub const fn has(self, spot: u8) -> bool {
        spot < SPOTS && self.0 & (1 << spot) != 0
    }
    /// How many have.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }
    /// With this one.
    pub(super) const fn with(self, spot: u8) -> Self {
        if spot < SPOTS { Self(self.0 | 1 << spot) } else { self }
    }
}
