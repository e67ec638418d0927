//! The kiosk's colours, sizes and durations, from `themes/kiosk/tokens.toml`.

use std::{cell::Cell, sync::OnceLock};

use egui::Color32;
use serde::Deserialize;

thread_local! {
    // A painter's colours are those of the state that it paints; handing them through every brush stroke would say no
    // more than this does.
    static HIGH_CONTRAST: Cell<bool> = const { Cell::new(false) };
}

const TOML: &str = include_str!("../../../themes/kiosk/tokens.toml");

/// A colour as written in the tokens: `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(pub Color32);

impl TryFrom<String> for Colour {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let bytes =
            text.strip_prefix('#').and_then(|hex| data_encoding::HEXUPPER.decode(hex.as_bytes()).ok());
        match bytes.as_deref() {
            Some([r, g, b]) => Ok(Self(Color32::from_rgb(*r, *g, *b))),
            _ => Err(format!("“{text}” is not a colour: write #RRGGBB in capitals")),
        }
    }
}

macro_rules! tokens {
    ($($(#[$doc:meta])* $group:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $group { $($(#[$field_doc])* pub $field: $type,)* })*
    };
}

tokens! {
    /// Colours, by what they are for.
    Colours {
        /// The page.
        paper: Colour,
        /// Cards and plain buttons.
        surface: Colour,
        /// Text.
        ink: Colour,
        /// Secondary text.
        muted: Colour,
        /// The main action.
        pine: Colour,
        /// The lower edge of the main action.
        pine_edge: Colour,
        /// The accent: never text, never alone.
        marigold: Colour,
        /// “I need a grown-up now”, and errors.
        brick: Colour,
        /// Edges of everything that can be pressed.
        line: Colour,
        /// Edges of what cannot be pressed.
        edge: Colour,
        /// A tint.
        sky: Colour,
        /// A tint.
        leaf: Colour,
        /// A tint.
        sun: Colour,
        /// Text on pine.
        on_pine: Colour,
    }
    /// Sizes of text, in points at 1280 by 800.
    Sizes {
        /// A screen's title.
        title: f32,
        /// A promise.
        statement: f32,
        /// A promise with many words, at the least.
        statement_least: f32,
        /// Sentences that a child reads.
        sentence: f32,
        /// Other sentences.
        body: f32,
        /// Words on buttons.
        button: f32,
        /// Names on tiles.
        tile: f32,
        /// The smallest.
        small: f32,
    }
    /// Spacing, in points at 1280 by 800.
    Spacing {
        /// At the screen's edge.
        margin: f32,
        /// Between things.
        gap: f32,
        /// Between tiles.
        tile_gap: f32,
        /// Inside cards.
        pad: f32,
    }
    /// Shapes, in points at 1280 by 800.
    Shapes {
        /// Corners of tiles.
        radius_small: f32,
        /// Corners of buttons.
        radius: f32,
        /// Corners of cards.
        radius_large: f32,
        /// The edge of what can be pressed.
        stroke: f32,
        /// Its thick lower edge.
        lower_edge: f32,
        /// The outer ring of the focus.
        focus_ink: f32,
        /// The inner ring of the focus.
        focus_marigold: f32,
        /// The dark edges of the ring for whoever uses switches.
        scan_ink: f32,
        /// The bright middle of it.
        scan_marigold: f32,
        /// The ring around what is being said.
        lit: f32,
        /// The line that a finger draws.
        pen: f32,
    }
    /// What can be pressed.
    Targets {
        /// The least side, in millimetres.
        least_mm: f32,
        /// The least distance between two, in millimetres.
        gap_mm: f32,
        /// What is assumed of a screen that nobody measured, in millimetres.
        mm_per_point: f32,
    }
    /// Durations in milliseconds.
    Times {
        /// “Are you still there?”
        ask_after: u64,
        /// Wiped.
        wipe_after: u64,
        /// Presses are not taken for so long after a new screen came.
        settle: u64,
    }
}

/// All tokens.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// Colours.
    pub colour: Colours,
    /// Colours for whoever needs more contrast; they stand in the place of the others.
    pub high_contrast: Colours,
    /// Sizes of text.
    #[serde(rename = "type")]
    pub size: Sizes,
    /// Spacing.
    pub space: Spacing,
    /// Shapes.
    pub shape: Shapes,
    /// Targets.
    pub target: Targets,
    /// Durations.
    pub time: Times,
}

impl Tokens {
    /// The tokens that this program was built with, in the colours that were chosen for this thread's next paintings.
    pub fn get() -> &'static Self {
        static READ: OnceLock<[Tokens; 2]> = OnceLock::new();
        let read = || {
            let plain: Tokens = toml::from_str(TOML).expect("a test reads the tokens that are built in");
            [plain, Self { colour: plain.high_contrast, ..plain }]
        };
        &READ.get_or_init(read)[usize::from(HIGH_CONTRAST.get())]
    }
    /// Chooses the colours that this thread paints with from now on.
    pub fn choose(high_contrast: bool) {
        HIGH_CONTRAST.set(high_contrast);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio as WCAG 2.2 defines it.
    fn contrast(a: Colour, b: Colour) -> f32 {
        fn luminance(Colour(c): Colour) -> f32 {
            let part = |v: u8| {
                let v = f32::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(c.r()) + 0.7152 * part(c.g()) + 0.0722 * part(c.b())
        }
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_word_can_be_read_on_everything_it_stands_on() {
        let c = &Tokens::get().colour;
        for ground in [c.paper, c.surface, c.sky, c.leaf, c.sun] {
            assert!(contrast(c.ink, ground) >= 7.0);
            assert!(contrast(c.muted, ground) >= 4.5);
            assert!(contrast(c.pine, ground) >= 4.5);
        }
        assert!(contrast(c.on_pine, c.pine) >= 7.0);
        assert!(contrast(c.ink, c.marigold) >= 4.5);
    }

    #[test]
    fn with_high_contrast_every_word_and_edge_stands_out_on_everything() {
        let c = &Tokens::get().high_contrast;
        for ground in [c.paper, c.surface, c.sky, c.leaf, c.sun] {
            for colour in [c.ink, c.muted, c.pine, c.brick, c.line] {
                assert!(contrast(colour, ground) >= 7.0, "{colour:?} on {ground:?}");
            }
            assert!(contrast(c.ink, ground) >= 15.0);
        }
        assert!(contrast(c.on_pine, c.pine) >= 10.0);
        assert!(contrast(c.ink, c.marigold) >= 7.0);
        Tokens::choose(true);
        assert_eq!(Tokens::get().colour.ink, c.ink);
        Tokens::choose(false);
        assert_ne!(Tokens::get().colour.ink, c.ink);
    }

    #[test]
    fn the_edge_of_everything_that_can_be_pressed_is_seen_on_every_ground() {
        let c = &Tokens::get().colour;
        for ground in [c.paper, c.surface, c.sky, c.leaf, c.sun] {
            assert!(contrast(c.line, ground) >= 3.0, "line on {ground:?}");
            assert!(contrast(c.pine, ground) >= 3.0, "pine on {ground:?}");
            assert!(contrast(c.ink, ground) >= 3.0, "the focus ring on {ground:?}");
        }
        assert!(contrast(c.ink, c.marigold) >= 3.0, "the two rings of the focus");
    }

    #[test]
    fn the_machine_and_the_tokens_agree_on_how_long_a_child_may_take() {
        assert_eq!(Tokens::get().time.ask_after, crate::machine::ASK_AFTER);
        assert_eq!(Tokens::get().time.wipe_after, crate::machine::WIPE_AFTER);
    }
}
