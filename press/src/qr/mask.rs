//! Chooses the mask of a code: of the eight, the one that makes the fewest patterns which mislead a reader.
//!
//! The rules and weights are those of ISO/IEC 18004, 7.8.3. The crate that draws the codes has them too,
//! module by module; a site has a code for the paper foot of each of its pages, and there the choice took
//! more time than everything else of the page. Here a row is one number, so that a rule is a few
//! operations on it. A test holds the choice against the crate's own.

use std::sync::OnceLock;

use qrcode::{
    Color, EcLevel, Version,
    canvas::{Canvas, MaskPattern, Module},
};

/// The most modules along a side that a line's number holds; the codes here are far smaller.
const WIDEST: usize = 128;

/// All masks in the standard's order; of two that are as good the earlier is taken.
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// Codes with no data in them, by version and level: the same for every text.
static GROUNDS: [[OnceLock<Ground>; 4]; 40] = [const { [const { OnceLock::new() }; 4] }; 40];

/// A code with no data in it.
struct Ground {
    /// Where each bit of the data goes, as column and row.
    order: Vec<(usize, usize)>,
    /// What is to be seen under each mask.
    masked: [Lines; 8],
}

/// The dark modules of a code, row by row and column by column.
#[derive(Debug, Clone, Default)]
struct Lines {
    rows: Vec<u128>,
    columns: Vec<u128>,
}

impl Lines {
    fn of(canvas: &Canvas, width: usize, is_dark: impl Fn(Module) -> bool) -> Self {
        let mut lines = Self { rows: vec![0; width], columns: vec![0; width] };
        for (y, row) in (0i16..).zip(0..width) {
            for (x, column) in (0i16..).zip(0..width) {
                if is_dark(canvas.get(x, y)) {
                    lines.rows[row] |= 1 << column;
                    lines.columns[column] |= 1 << row;
                }
            }
        }
        lines
    }

    /// The dark modules of data.
    fn of_data(bytes: impl Iterator<Item = u8>, order: &[(usize, usize)], width: usize) -> Self {
        let mut lines = Self { rows: vec![0; width], columns: vec![0; width] };
        for (byte, places) in bytes.zip(order.chunks(8)) {
            for (bit, (column, row)) in places.iter().enumerate() {
                let dark = u128::from(byte >> (7 - bit) & 1);
                lines.rows[*row] |= dark << column;
                lines.columns[*column] |= dark << row;
            }
        }
        lines
    }

    /// A mask turns light and dark over, so data lie upon a masked ground in the same way.
    fn upon(&self, ground: &Self) -> Self {
        let both = |ours: &[u128], theirs: &[u128]| ours.iter().zip(theirs).map(|(a, b)| a ^ b).collect();
        Self { rows: both(&self.rows, &ground.rows), columns: both(&self.columns, &ground.columns) }
    }

    fn penalty(&self) -> u32 {
        let width = self.rows.len();
        let lines = self.rows.iter().chain(&self.columns);
        let patterns: u32 = lines.map(|line| runs(*line, width) + finders(*line, width)).sum();
        let dark: u32 = self.rows.iter().map(|row| row.count_ones()).sum();
        patterns + blocks(&self.rows, width) + imbalance(dark as usize, width * width)
    }

    fn dark(&self) -> Vec<bool> {
        let width = self.rows.len();
        self.rows.iter().flat_map(|row| (0..width).map(move |x| row >> x & 1 == 1)).collect()
    }
}

fn ground(version: Version, level: EcLevel) -> Option<&'static Ground> {
    let Version::Normal(number) = version else { return None };
    let width = usize::from(version.width().unsigned_abs());
    let of_version = GROUNDS.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
    let of_level = of_version.get(level as usize).filter(|_| width <= WIDEST)?;
    Some(of_level.get_or_init(|| {
        let unmasked = drawn(version, level);
        let masked = MASKS.map(|mask| {
            let mut canvas = unmasked.clone();
            canvas.apply_mask(mask);
            Lines::of(&canvas, width, Module::is_dark)
        });
        Ground { order: order(&unmasked, width), masked }
    }))
}

fn drawn(version: Version, level: EcLevel) -> Canvas {
    let mut canvas = Canvas::new(version, level);
    canvas.draw_all_functional_patterns();
    canvas
}

/// Asks the crate where it puts each bit: data in which bit `n` is dark where the `k`th digit of `n`, written in
/// twos, is 1 show that digit at every place.
fn order(unmasked: &Canvas, width: usize) -> Vec<(usize, usize)> {
    let most = width * width;
    let mut numbers = vec![0; most];
    let mut holds_data = vec![false; most];
    for digit in (0..usize::BITS).take_while(|digit| most >> digit > 0) {
        let bit = |n: usize| u8::from(n >> digit & 1 == 1);
        let data: Vec<u8> = (0..most.div_ceil(8))
            .map(|byte| (0..8).fold(0, |sum, at| sum << 1 | bit(byte * 8 + at)))
            .collect();
        let mut canvas = unmasked.clone();
        canvas.draw_data(&data, &[]);
        for (at, (y, x)) in
            (0i16..).take(width).flat_map(|y| (0i16..).take(width).map(move |x| (y, x))).enumerate()
        {
            if let Module::Unmasked(colour) = canvas.get(x, y) {
                holds_data[at] = true;
                numbers[at] |= usize::from(colour == Color::Dark) << digit;
            }
        }
    }
    let mut order: Vec<(usize, (usize, usize))> =
        (0..most).filter(|at| holds_data[*at]).map(|at| (numbers[at], (at % width, at / width))).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, place)| place).collect()
}

/// The modules of a code for data and their correction under the best mask, row by row: whether each is dark.
pub(super) fn best(data: &[u8], correction: &[u8], version: Version, level: EcLevel) -> Vec<bool> {
    let Some(ground) = ground(version, level) else {
        let mut canvas = drawn(version, level);
        canvas.draw_data(data, correction);
        let colours = canvas.apply_best_mask().into_colors();
        return colours.into_iter().map(|colour| colour == Color::Dark).collect();
    };
    let width = usize::from(version.width().unsigned_abs());
    let data = Lines::of_data(data.iter().chain(correction).copied(), &ground.order, width);
    let masked = ground.masked.iter().map(|ground| data.upon(ground));
    masked.min_by_key(Lines::penalty).unwrap_or_default().dark()
}

/// The `n` lowest bits.
fn lowest(n: usize) -> u128 {
    u128::MAX.checked_shr(u32::try_from(WIDEST - n).unwrap_or(0)).unwrap_or(0)
}

/// Bit `x` is set where the modules `x` and `x + 1` of a line are alike.
fn alike(line: u128, width: usize) -> u128 {
    !(line ^ (line >> 1)) & lowest(width - 1)
}

/// Five alike in a row cost 3, each further one 1.
fn runs(line: u128, width: usize) -> u32 {
    let alike = alike(line, width);
    let five = alike & (alike >> 1) & (alike >> 2) & (alike >> 3);
    let first = five & !(five << 1);
    five.count_ones() + 2 * first.count_ones()
}

/// What looks like a finder square, with four light modules before or after it, costs 40.
fn finders(line: u128, width: usize) -> u32 {
    let square = line & !(line >> 1) & (line >> 2) & (line >> 3) & (line >> 4) & !(line >> 5) & (line >> 6);
    let dark_before = (line << 1) | (line << 2) | (line << 3) | (line << 4);
    let dark_after = (line >> 7) | (line >> 8) | (line >> 9) | (line >> 10);
    40 * (square & lowest(width - 6) & (!dark_before | !dark_after)).count_ones()
}

/// Each square of two by two alike costs 3; they may overlap.
fn blocks(rows: &[u128], width: usize) -> u32 {
    let of_two = |pair: &[u128]| {
        let [upper, lower] = [pair[0], pair[1]];
        (alike(upper, width) & alike(lower, width) & !(upper ^ lower)).count_ones()
    };
    3 * rows.windows(2).map(of_two).sum::<u32>()
}

/// Half a per cent more or less than half dark costs 1.
fn imbalance(dark: usize, all: usize) -> u32 {
    u32::try_from((dark * 200 / all).abs_diff(100)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use qrcode::{EcLevel, QrCode};

    use crate::qr::Qr;

    #[test]
    fn the_mask_chosen_is_the_one_that_the_crate_would_choose() {
        for length in 0..300 {
            let text = format!("https://larkfield.example/{}", "policies/online-safety/".repeat(13));
            let text = &text[..length.max(1)];
            let theirs = QrCode::with_error_correction_level(text, EcLevel::Q);
            let (Ok(theirs), Ok(ours)) = (theirs, Qr::new(text)) else { panic!("{text} fits into a code") };
            assert_eq!(theirs.to_colors().len(), ours.dark.len());
            for (their, our) in theirs.to_colors().iter().zip(&ours.dark) {
                assert_eq!(*their == qrcode::Color::Dark, *our, "{text}");
            }
        }
    }
}
