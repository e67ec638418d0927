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
    /// By how much text is larger than drawn: 1 to 2.
    pub text: f32,
}

/// To this size of the tokens all text grows, where it is wanted twice as large. What is larger by itself, as titles
/// are, grows less: it can be read already, and a screen of titles has room for nothing else.
const LARGEST: f32 = 68.0;

impl Metrics {
    /// The sizes for a screen, and for text that is larger than drawn.
    pub fn new(screen: Rect, mm_per_point: f32, text: f32) -> Self {
        let tokens = Tokens::get();
        let scale = (screen.width() / 1280.0).min(screen.height() / 800.0);
        // Turned on its side, a screen has room to be read from: it is not shrunk as far.
        let scale = if screen.height() > screen.width() { screen.width() / 900.0 } else { scale };
        let points = |mm: f32| mm / mm_per_point.max(0.05);
        // On a screen too small for the least size, what can be pressed shares out what there is.
        let target = points(tokens.target.least_mm).min(screen.height().min(screen.width()) / 5.0);
        let target_gap = points(tokens.target.gap_mm).min(24.0 * scale);
        Self { screen, scale, target, target_gap, text }
    }
    /// A size of the tokens on this screen.
    pub fn size(&self, points: f32) -> f32 {
        points * self.scale
    }
    /// A size of the tokens' text on this screen, as large as it is wanted.
    pub fn letters(&self, size: f32) -> f32 {
        self.size((size * self.text).min(size.max(LARGEST)))
    }
    /// How high a line of text of a size is.
    pub fn line(&self, size: f32) -> f32 {
        self.letters(size) * 1.28
    }
    /// Whether text is wanted larger than drawn.
    pub fn is_enlarged(&self) -> bool {
        self.text > 1.0
    }
    /// One of two: as drawn, or where text is larger.
    pub fn either<T>(&self, drawn: T, enlarged: T) -> T {
        if self.is_enlarged() { enlarged } else { drawn }
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
