//! Colours, how well one can be seen on another, and the nearest one that can.

use std::{fmt, str::FromStr};

/// A colour of the screen (sRGB), eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour(pub [u8; 3]);

/// A text that is no colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a colour")]
pub struct NotAColour;

impl FromStr for Colour {
    type Err = NotAColour;
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii()).ok_or(NotAColour)?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| NotAColour);
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

/// Steps of lightness in which the nearest colour is sought; smaller ones nobody sees.
const STEP: f64 = 0.004;

impl Colour {
    /// White.
    pub const WHITE: Self = Self([255; 3]);

    fn linear(self) -> [f64; 3] {
        self.0.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Relative luminance, 0 for black to 1 for white: WCAG 2.2, “relative luminance”
    /// (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with another colour, 1 to 21: WCAG 2.2, “contrast ratio”
    /// (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>). The figure is never rounded up: 4.499 is not 4.5.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Lightness, chroma and hue as people see them: OKLCH
    /// (<https://www.w3.org/TR/css-color-4/#ok-lab>, after B. Ottosson).
    fn seen(self) -> (f64, f64, f64) {
        let [r, g, b] = self.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let lightness = 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s;
        let a = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
        (lightness, a.hypot(b), b.atan2(a))
    }

    /// The colour of this lightness, chroma and hue; of less chroma where no screen could show it.
    fn of_seen(lightness: f64, chroma: f64, hue: f64) -> Self {
        let lightness = lightness.clamp(0.0, 1.0);
        let linear = |chroma: f64| {
            let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
            let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
            let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
            let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
            [
                4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
                -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
                -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
            ]
        };
        let mut chroma = chroma;
        let mut rgb = linear(chroma);
        while rgb.iter().any(|c| !(-0.0005..=1.0005).contains(c)) && chroma > 0.001 {
            chroma *= 0.97;
            rgb = linear(chroma);
        }
        Self(rgb.map(|c| {
            let c = c.clamp(0.0, 1.0);
            let c = if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
            // Clamped above, so it fits.
            (c * 255.0).round() as u8
        }))
    }

    /// The same hue, this much lighter (or darker, below 0); lightness goes from 0 to 1.
    #[must_use]
    pub fn lighter(self, by: f64) -> Self {
        let (lightness, chroma, hue) = self.seen();
        Self::of_seen(lightness + by, chroma, hue)
    }

    /// The same hue in another lightness, and no more colourful than `chroma`.
    #[must_use]
    pub fn toned(self, lightness: f64, chroma: f64) -> Self {
        let (_, own, hue) = self.seen();
        Self::of_seen(lightness, own.min(chroma), hue)
    }

    /// The colour of the same hue nearest to this one that passes; none if none does.
    pub fn nearest(self, passes: impl Fn(Self) -> bool) -> Option<Self> {
        if passes(self) {
            return Some(self);
        }
        let (lightness, chroma, hue) = self.seen();
        (1..=250).find_map(|steps| {
            let by = f64::from(steps) * STEP;
            [lightness - by, lightness + by]
                .into_iter()
                .filter(|l| (-STEP..=1.0 + STEP).contains(l))
                .map(|l| Self::of_seen(l, chroma, hue))
                .find(|colour| passes(*colour))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_what_the_standard_says() {
        let ratio = |a, b| (colour(a).contrast(colour(b)) * 100.0).round() / 100.0;
        assert_eq!(ratio("#000000", "#FFFFFF"), 21.0);
        assert_eq!(ratio("#777777", "#FFFFFF"), 4.48); // The grey that W3C’s texts name as just too light.
        assert_eq!(ratio("#767676", "#FFFFFF"), 4.54);
        assert_eq!(ratio("#0F5C4D", "#FFFFFF"), 7.9);
    }

    #[test]
    fn a_colour_comes_back_from_how_it_is_seen() {
        for text in ["#000000", "#FFFFFF", "#F2A900", "#0F5C4D", "#5B3A8C", "#FF0000", "#00FF00", "#0000FF"] {
            assert_eq!(colour(text).lighter(0.0), colour(text));
        }
    }

    #[test]
    fn the_nearest_colour_that_passes_passes_and_is_hardly_another() {
        let paper = colour("#FBF7EF");
        let passes = |c: Colour| c.contrast(paper) >= 4.5;
        let near = colour("#F2A900").nearest(passes).unwrap();
        assert!(passes(near) && near.contrast(paper) < 4.7, "{near}");
        assert_eq!(colour("#0F5C4D").nearest(passes), Some(colour("#0F5C4D")));
    }

    #[test]
    fn what_is_no_colour_is_told() {
        for text in ["", "#12345", "red", "#12345G", "123456", "#1234567", "#é1234"] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
    }
}
