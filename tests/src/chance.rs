//! Randomness that comes again: the same seed gives the same choices on every machine.

/// A small generator (SplitMix64). Good enough to choose where to cut; never for secrets.
#[derive(Debug, Clone)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// Begins the choices that belong to `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `most`, both included.
    pub fn up_to(&mut self, most: usize) -> usize {
        let choices = most as u64 + 1;
        // The bias of the remainder is below 2^-40 for anything that is counted here.
        (self.bits() % choices) as usize
    }

    /// True once in `times` on average.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.up_to(times.saturating_sub(1)) == 0
    }

    /// A share from 0 up to, not including, 1.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// `count` different numbers below `below`, in rising order; all of them if there are fewer.
    pub fn some_of(&mut self, below: usize, count: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..below).collect();
        let count = count.min(below);
        for place in 0..count {
            let other = place + self.up_to(below - 1 - place);
            numbers.swap(place, other);
        }
        numbers.truncate(count);
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_choices() {
        let (mut one, mut other) = (Chance::from_seed(7), Chance::from_seed(7));
        assert_eq!(one.some_of(100, 60), other.some_of(100, 60));
        assert_ne!(Chance::from_seed(7).bits(), Chance::from_seed(8).bits());
    }

    #[test]
    fn some_of_gives_different_numbers_in_range() {
        let chosen = Chance::from_seed(3).some_of(200, 60);
        assert_eq!(chosen.len(), 60);
        assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(chosen.iter().all(|&number| number < 200));
    }
}
