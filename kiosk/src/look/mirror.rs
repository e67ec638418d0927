//! Which way round a screen stands. Every screen is laid out from left to right; in a language that is read from right
//! to left it comes onto the glass the other way round, and so do arrows. What is no matter of language stays as it is:
//! keys, a code, what a finger draws.

use egui::{Color32, CornerRadius, Pos2, Rect, Stroke, StrokeKind};

use super::Brush;

/// From where a screen is laid out to where it is on the glass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mirror {
    screen: Rect,
    turned: bool,
}

impl Mirror {
    pub(super) const fn new(screen: Rect, turned: bool) -> Self {
        Self { screen, turned }
    }
    pub(super) const fn is_turned(&self) -> bool {
        self.turned
    }
    pub(super) fn point(&self, at: Pos2) -> Pos2 {
        if self.turned { Pos2::new(self.screen.left() + self.screen.right() - at.x, at.y) } else { at }
    }
    pub(super) fn place(&self, place: Rect) -> Rect {
        Rect::from_two_pos(self.point(place.min), self.point(place.max))
    }
}

impl Brush<'_> {
    /// Paints something that is the same in every language, at its place on the glass, which it is handed.
    pub fn as_everywhere<T>(&mut self, place: Rect, paint: impl FnOnce(&mut Self, Rect) -> T) -> T {
        let before = self.mirror;
        let on_glass = before.place(place);
        self.mirror.turned = false;
        let painted = paint(self, on_glass);
        self.mirror = before;
        painted
    }

    /// An area of one colour.
    pub fn fill(&self, place: Rect, radius: impl Into<CornerRadius>, colour: Color32) {
        self.ui.painter().rect_filled(self.mirror.place(place), radius, colour);
    }
    /// The edge of an area.
    pub fn edge(&self, place: Rect, radius: impl Into<CornerRadius>, stroke: Stroke, kind: StrokeKind) {
        self.ui.painter().rect_stroke(self.mirror.place(place), radius, stroke, kind);
    }
    /// A disc of one colour.
    pub fn disc(&self, center: Pos2, radius: f32, colour: Color32) {
        self.ui.painter().circle_filled(self.mirror.point(center), radius, colour);
    }
    /// The edge of a disc.
    pub fn circle(&self, center: Pos2, radius: f32, stroke: Stroke) {
        self.ui.painter().circle_stroke(self.mirror.point(center), radius, stroke);
    }
    /// A line.
    pub fn line(&self, ends: [Pos2; 2], stroke: Stroke) {
        self.ui.painter().line_segment(ends.map(|end| self.mirror.point(end)), stroke);
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn what_is_turned_twice_is_as_it_was_and_keeps_its_size() {
        let screen = Rect::from_min_max(pos2(10.0, 0.0), pos2(1290.0, 800.0));
        let mirror = Mirror::new(screen, true);
        let place = Rect::from_min_max(pos2(40.0, 30.0), pos2(140.0, 90.0));
        let turned = mirror.place(place);
        assert_eq!(turned, Rect::from_min_max(pos2(1160.0, 30.0), pos2(1260.0, 90.0)));
        assert_eq!(mirror.place(turned), place);
        assert_eq!(Mirror::new(screen, false).place(place), place);
    }
}
