//! Chooses the mask of a code: of the eight, the one that makes the fewest patterns which mislead a reader.
//!
//! The rules and weights are those of ISO/IEC 18004, 7.8.3. The crate that draws the codes has them too,
//! module by module; a site has a code for the paper foot of each of its pages, and there the choice took
//! more time than everything else of the page. Here a row is one number, so that a rule is a few
//! operations on it. A test holds the choice against the crate's own.

use qrcode::{
    Color,
    canvas::{Canvas, MaskPattern},
};

/// The most modules along a side that a row's number holds.
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

/// The drawn code, `width` modules along a side, under its best mask.
pub(super) fn best(canvas: &Canvas, width: usize) -> Vec<Color> {
    if width > WIDEST {
        return canvas.apply_best_mask().into_colors();
    }
    let masked = MASKS.iter().map(|mask| {
        let mut canvas = canvas.clone();
        canvas.apply_mask(*mask);
        canvas.into_colors()
    });
    masked.min_by_key(|colours| penalty(colours, width)).unwrap_or_default()
}

fn penalty(colours: &[Color], width: usize) -> u32 {
    let mut rows = vec![0u128; width];
    let mut columns = vec![0u128; width];
    let mut dark = 0;
    for (at, _) in colours.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        let (x, y) = (at % width, at / width);
        rows[y] |= 1 << x;
        columns[x] |= 1 << y;
        dark += 1;
    }
    let lines: u32 = rows.iter().chain(&columns).map(|line| runs(*line, width) + finders(*line, width)).sum();
    lines + blocks(&rows, width) + imbalance(dark, width * width)
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
