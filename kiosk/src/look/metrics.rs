//! The tokens' sizes on this screen.

use egui::Rect;

use super::Tokens;

/// Sizes in points of the screen that is painted on.
#[derive(Debug, Clone, Copy)]
pub struct Metrics {
    /// The whole screen.
    pub screen: Rect,
    /// By how much the tokens are scaled.
    pub scale: f32,
    /// The least side of anything that is pressed.
    pub target: f32,
    /// The least distance between two things that are pressed.
    pub target_gap: f32,
}

impl Metrics {
    /// The sizes for a screen.
    pub fn new(screen: Rect, mm_per_point: f32) -> Self {
        let tokens = Tokens::get();
        let scale = (screen.width() / 1280.0).min(screen.height() / 800.0);
        // Turned on its side, a screen has room to be read from: it is not shrunk as far.
        let scale = if screen.height() > screen.width() { screen.width() / 900.0 } else { scale };
        let points = |mm: f32| mm / mm_per_point.max(0.05);
        // On a screen too small for the least size, what can be pressed shares out what there is.
        let target = points(tokens.target.least_mm).min(screen.height().min(screen.width()) / 5.0);
        Self { screen, scale, target, target_gap: points(tokens.target.gap_mm).min(24.0 * scale) }
    }
    /// A size of the tokens on this screen.
    pub fn size(&self, points: f32) -> f32 {
        points * self.scale
    }
    /// Whether the screen is higher than wide.
    pub fn portrait(&self) -> bool {
        self.screen.height() > self.screen.width()
    }
    /// The space between tiles.
    pub fn tile_gap(&self) -> f32 {
        self.size(Tokens::get().space.tile_gap).max(self.target_gap)
    }
    /// The height of the bar at the top.
    pub fn bar(&self) -> f32 {
        self.target.max(self.size(84.0))
    }
    /// The height of the buttons at the foot.
    pub fn foot(&self) -> f32 {
        self.target.max(self.size(112.0))
    }
}
