//! How the kiosk looks: tokens, fonts, pictures, and the brush that paints with them.

mod brush;
mod field;
mod fonts;
mod grid;
mod metrics;
mod mirror;
mod pictures;
mod press;
mod script;
mod tokens;

pub use brush::{Align, Brush, Icon, Style, Text, Weight};
pub use field::Lines;
pub use grid::{grid, room};
pub use metrics::Metrics;
pub use pictures::Pictures;
pub use press::Pressing;
pub use script::Setter;
pub use tokens::{Colour, Tokens};

use std::cell::{Cell, RefCell};

use egui::Color32;

/// What painters need besides the state. It holds nothing of a person.
pub struct Assets {
    /// Millimetres that a point takes on this screen.
    pub mm_per_point: f32,
    /// How presses are taken in this frame.
    pub pressing: Pressing,
    /// The colour that the glass has before anything is painted in this frame, where that is known: a ground of this
    /// colour need not be painted, which for a processor without a graphics chip is a good part of a frame.
    pub cleared: Cell<Option<Color32>>,
    pub(crate) pictures: RefCell<Pictures>,
    pub(crate) setter: RefCell<Setter>,
}

impl Assets {
    /// Readies a window's context: fonts, colours, and no keys or gestures of its own.
    pub fn new(ctx: &egui::Context, mm_per_point: f32) -> Self {
        fonts::install(ctx);
        ctx.set_theme(egui::Theme::Light);
        ctx.options_mut(|options| {
            options.zoom_with_keyboard = false;
            options.quit_shortcuts.clear();
            options.input_options.max_click_dist = 80.0;
            options.input_options.max_click_duration = 10.0;
        });
        // Nothing slides or fades.
        ctx.all_styles_mut(|style| style.animation_time = 0.0);
        Self {
            mm_per_point,
            pressing: Pressing::default(),
            cleared: Cell::default(),
            pictures: RefCell::default(),
            setter: RefCell::default(),
        }
    }
}
