//! Trying the touchscreen: spots wherever something is ever pressed, down to the foot of the screen, and a line to hold
//! a ruler to between them.

use egui::{Pos2, Rect, Role, Stroke, Vec2, vec2};

use super::super::{coloured, styled};
use crate::{
    look::{Align, Brush, Style, Tokens, Weight},
    machine::{Action, PanelAction, Touched, Word},
};

/// The line is as long as this, in millimetres, where the kiosk knows the size of its screen.
const LINE_MM: f32 = 100.0;
const COLUMNS: usize = 5;

pub(super) fn paint(brush: &mut Brush<'_>, area: Rect, touched: Touched) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let (size, radius) = (tokens.size.body, tokens.shape.radius);
    let spots = brush.actions(|a| matches!(a, Action::Panel(PanelAction::Spot(_))));
    let told = words
        .fill(Word::TouchTold, &[("count", &touched.count().to_string()), ("all", &spots.len().to_string())]);
    let high = brush.metrics.line(size) * 1.4;
    let line = Rect::from_min_size(area.min, vec2(area.width(), high));
    brush.text(line, Role::Label, styled(&told, size, Weight::Bold, Align::LeftMiddle));

    let room = Rect::from_min_max(Pos2::new(area.left(), line.bottom()), area.max);
    let rows = spots.len().div_ceil(COLUMNS);
    let side = brush.metrics.target.min(room.height() / rows.max(1) as f32 * 0.6);
    let step = |length: f32, count: usize| (length - side) / count.saturating_sub(1).max(1) as f32;
    let step = vec2(step(room.width(), COLUMNS), step(room.height(), rows));
    // Under the last row but one, where nothing is to be touched.
    let under = room.top() + step.y * rows.saturating_sub(2) as f32 + side;
    let ruler = Rect::from_min_size(Pos2::new(room.left(), under), vec2(room.width(), step.y - side));
    paint_ruler(brush, ruler.shrink2(vec2(0.0, brush.metrics.size(6.0))));
    for (at, action) in spots.into_iter().enumerate() {
        let min = room.min + vec2((at % COLUMNS) as f32, (at / COLUMNS) as f32) * step;
        let place = Rect::from_min_size(min, Vec2::splat(side));
        let Some(face) = brush.pressable(action, place, radius, Style::Plain) else { continue };
        if matches!(action, Action::Panel(PanelAction::Spot(spot)) if touched.has(spot)) {
            brush.shape(face.shrink(side * 0.24), "tick", tokens.colour.ink.0);
        }
    }
}

fn paint_ruler(brush: &Brush<'_>, area: Rect) {
    let tokens = Tokens::get();
    let points = LINE_MM / brush.mm_per_point();
    let length = points.min(area.width());
    let stroke = Stroke::new(brush.metrics.size(tokens.shape.stroke), tokens.colour.ink.0);
    let y = area.top() + brush.metrics.size(24.0);
    let (from, to) = (Pos2::new(area.left(), y), Pos2::new(area.left() + length, y));
    brush.line([from, to], stroke);
    for end in [from, to] {
        let half = vec2(0.0, brush.metrics.size(14.0));
        brush.line([end - half, end + half], stroke);
    }
    let told = if points <= area.width() { Word::TouchRuler } else { Word::TouchNoRuler };
    let text = styled(brush.state.words().get(told), tokens.size.small, Weight::Regular, Align::Left);
    let below = Rect::from_min_max(Pos2::new(area.left(), y + brush.metrics.size(22.0)), area.max);
    brush.text(below, Role::Paragraph, coloured(text, tokens.colour.muted.0));
}
