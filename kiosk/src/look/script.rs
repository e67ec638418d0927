//! Words in scripts that the toolkit does not set: letters that join or change, and lines from right to left. They are
//! set by a library made for it and painted as pictures; their text is told to assistive technology as ever.

use std::{collections::HashMap, sync::Arc};

use cosmic_text::{
    Align as LineAlign, Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Fallback, Family, FontSystem,
    Metrics, Shaping, SwashCache, Weight as FontWeight, fontdb,
};
use egui::{ColorImage, TextureHandle, TextureOptions, Vec2, vec2};
use unicode_script::Script;

use super::{Align, Weight};
use crate::machine::is_right_to_left;

/// Marks a line that runs from right to left, also where it begins with a name in Latin letters (Unicode 5.2,
/// chapter 23.2).
const RIGHT_TO_LEFT_MARK: char = '\u{200F}';

/// Whether words are a line from right to left: on a screen that runs so, all that hold such a letter; on another, those
/// that begin with one, and not a sentence that names something in them.
fn is_line_from_the_right(words: &str, on_such_a_screen: bool) -> bool {
    match words.chars().find(|letter| letter.is_alphabetic()) {
        Some(first) if !on_such_a_screen => is_right_to_left(first),
        _ => words.chars().any(is_right_to_left),
    }
}

/// Whether words hold a letter of a script that is set here: Hebrew to Arabic, and the scripts of South Asia.
pub(super) fn is_set_here(words: &str) -> bool {
    words.chars().any(|letter| is_right_to_left(letter) || matches!(letter, '\u{900}'..='\u{DFF}'))
}

macro_rules! fonts {
    ($($file:literal),* $(,)?) => {
        [$(include_bytes!(concat!("../../../themes/fonts/", $file, ".ttf")).as_slice()),*]
    };
}

/// The font of each script; Latin letters among them are Andika as everywhere.
struct Fonts;

impl Fallback for Fonts {
    fn common_fallback(&self) -> &[&'static str] {
        &["Andika"]
    }
    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }
    fn script_fallback(&self, script: Script, _: &str) -> &[&'static str] {
        match script {
            Script::Arabic => &["Vazirmatn"],
            Script::Bengali => &["Noto Sans Bengali"],
            Script::Gujarati => &["Noto Sans Gujarati"],
            Script::Gurmukhi => &["Noto Sans Gurmukhi"],
            Script::Tamil => &["Noto Sans Tamil"],
            _ => &[],
        }
    }
}

/// What words look like depends on these; sizes are in pixels.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Wanted {
    words: String,
    size: u32,
    width: u32,
    lines: usize,
    bold: bool,
    middle: bool,
    right_to_left: bool,
}

/// Words, set: how much room they take, and their picture once it was wanted.
#[derive(Debug, Clone)]
pub(super) struct Set {
    wanted: Wanted,
    /// Of its lines, in points.
    pub(super) size: Vec2,
}

impl Set {
    /// Whether it begins at the right.
    pub(super) const fn is_right_to_left(&self) -> bool {
        self.wanted.right_to_left
    }
}

/// Sets words, and keeps what it set.
#[derive(Default)]
pub struct Setter {
    // Made for the first words that need it: most screens never do.
    fonts: Option<(FontSystem, SwashCache)>,
    measured: HashMap<Wanted, (f32, f32)>,
    drawn: HashMap<Wanted, TextureHandle>,
}

impl Setter {
    /// Forgets what was set: it would tell what somebody read.
    pub fn forget(&mut self) {
        self.measured.clear();
        self.drawn.clear();
    }

    /// Sets words in a width, both in points, in so many lines at most, on a screen that is `turned` from right to left
    /// or not.
    pub(super) fn set(
        &mut self,
        words: &str,
        (size, width): (f32, f32),
        (weight, align): (Weight, Align),
        (lines, turned): (usize, bool),
        pixels_per_point: f32,
    ) -> Set {
        // A room without an end is one that no line fills.
        let pixels = |points: f32| (points * pixels_per_point).round().clamp(1.0, 16_000.0) as u32;
        let wanted = Wanted {
            words: words.to_owned(),
            size: pixels(size),
            width: pixels(width),
            lines,
            bold: weight == Weight::Bold,
            middle: align == Align::Middle,
            right_to_left: is_line_from_the_right(words, turned),
        };
        let (widest, high) = match self.measured.get(&wanted) {
            Some(measured) => *measured,
            None => {
                let mut buffer = self.buffer(&wanted);
                let (fonts, _) = self.fonts();
                buffer.shape_until_scroll(fonts, false);
                let widest = buffer.layout_runs().map(|run| run.line_w).fold(0.0, f32::max);
                let high = buffer.layout_runs().map(|run| run.line_top + run.line_height).fold(0.0, f32::max);
                self.measured.insert(wanted.clone(), (widest, high));
                (widest, high)
            }
        };
        // A pixel more, so that it is set in its own width as it was in a wider one.
        let size = vec2((widest + 1.0) / pixels_per_point, high / pixels_per_point);
        Set { wanted, size }
    }

    /// The picture of words that were set, in white, as wide as the room that they were set in.
    pub(super) fn picture(&mut self, ctx: &egui::Context, set: &Set) -> TextureHandle {
        if let Some(drawn) = self.drawn.get(&set.wanted) {
            return drawn.clone();
        }
        let mut buffer = self.buffer(&set.wanted);
        let high = (set.size.y * ctx.pixels_per_point()).ceil().max(1.0) as usize;
        let wide = set.wanted.width as usize;
        let mut cover = vec![0_u8; wide * high];
        let (fonts, cache) = self.fonts();
        buffer.draw(fonts, cache, Color::rgb(255, 255, 255), |x, y, w, h, colour| {
            for (x, y) in (0..h as i32).flat_map(|dy| (0..w as i32).map(move |dx| (x + dx, y + dy))) {
                let inside = (0..wide as i32).contains(&x) && (0..high as i32).contains(&y);
                if inside && let Some(pixel) = cover.get_mut(y as usize * wide + x as usize) {
                    *pixel = (*pixel).max(colour.a());
                }
            }
        });
        let pixels = cover.iter().map(|cover| egui::Color32::from_white_alpha(*cover)).collect();
        let image = ColorImage::new([wide, high], pixels);
        let drawn = ctx.load_texture("words", image, TextureOptions::LINEAR);
        self.drawn.insert(set.wanted.clone(), drawn.clone());
        drawn
    }

    fn fonts(&mut self) -> (&mut FontSystem, &mut SwashCache) {
        let (fonts, cache) = self.fonts.get_or_insert_with(|| {
            let mut database = fontdb::Database::new();
            for font in fonts!(
                "Andika-Regular",
                "Andika-Bold",
                "Vazirmatn-Regular",
                "Vazirmatn-Bold",
                "NotoSansBengali-Regular",
                "NotoSansBengali-Bold",
                "NotoSansGujarati-Regular",
                "NotoSansGujarati-Bold",
                "NotoSansGurmukhi-Regular",
                "NotoSansGurmukhi-Bold",
                "NotoSansTamil-Regular",
                "NotoSansTamil-Bold",
            ) {
                database.load_font_source(fontdb::Source::Binary(Arc::new(font)));
            }
            let fonts = FontSystem::new_with_locale_and_db_and_fallback("en-GB".to_owned(), database, Fonts);
            (fonts, SwashCache::new())
        });
        (fonts, cache)
    }

    fn buffer(&mut self, wanted: &Wanted) -> Buffer {
        let (fonts, _) = self.fonts();
        let size = wanted.size as f32;
        let mut buffer = Buffer::new_empty(Metrics::new(size, size * 1.5));
        buffer.set_size(Some(wanted.width as f32), None);
        if wanted.lines < usize::MAX {
            buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(wanted.lines)));
        }
        let right_to_left = wanted.right_to_left;
        let align = match (wanted.middle, right_to_left) {
            (true, _) => LineAlign::Center,
            (false, true) => LineAlign::Right,
            (false, false) => LineAlign::Left,
        };
        let weight = if wanted.bold { FontWeight::BOLD } else { FontWeight::NORMAL };
        let attributes = Attrs::new().family(Family::Name("Andika")).weight(weight);
        let marked = if right_to_left {
            format!("{RIGHT_TO_LEFT_MARK}{}", wanted.words)
        } else {
            wanted.words.clone()
        };
        buffer.set_text(&marked, &attributes, Shaping::Advanced, Some(align));
        buffer.shape_until_scroll(fonts, false);
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::is_line_from_the_right;

    #[test]
    fn a_sentence_that_names_something_in_urdu_is_no_urdu_line_and_one_on_an_urdu_screen_is() {
        let name = "\u{627}\u{631}\u{62F}\u{648}";
        let (english, urdu) = (format!("Visits begin in: {name} (ur)"), format!("12. {name} (ur)"));
        assert!(!is_line_from_the_right(&english, false) && is_line_from_the_right(&urdu, false));
        // There it begins with a child's name.
        assert!(is_line_from_the_right(&format!("Zofia: {name}"), true));
        assert!(!is_line_from_the_right("Zofia", true));
    }
}
