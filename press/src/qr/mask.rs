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

/// A code under each mask with no data in it, by version and level: the same for every text.
static GROUNDS: [[OnceLock<[Lines; 8]>; 4]; 40] = [const { [const { OnceLock::new() }; 4] }; 40];

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

fn grounds(version: Version, level: EcLevel, width: usize) -> Option<&'static [Lines; 8]> {
    let Version::Normal(number) = version else { return None };
    let of_version = GROUNDS.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
    let of_level = of_version.get(level as usize)?;
    Some(of_level.get_or_init(|| {
        MASKS.map(|mask| {
            let mut canvas = Canvas::new(version, level);
            canvas.draw_all_functional_patterns();
            canvas.apply_mask(mask);
            Lines::of(&canvas, width, Module::is_dark)
        })
    }))
}

/// The modules of a drawn code under its best mask, row by row: whether each is dark.
pub(super) fn best(canvas: &Canvas, version: Version, level: EcLevel) -> Vec<bool> {
    let width = usize::from(version.width().unsigned_abs());
    let grounds = (width <= WIDEST).then(|| grounds(version, level, width)).flatten();
    let Some(grounds) = grounds else {
        let colours = canvas.apply_best_mask().into_colors();
        return colours.into_iter().map(|colour| colour == Color::Dark).collect();
    };
    let data = Lines::of(canvas, width, |module| module == Module::Unmasked(Color::Dark));
    let masked = grounds.iter().map(|ground| data.upon(ground));
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
