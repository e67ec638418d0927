//! The mark: drawn with a finger, or a sticker; one is worth as much as the other.

use egui::{Pos2, Rect, Role, Shape, Stroke, TouchPhase, Vec2, epaint::PathShape, vec2};
use records::signature::{MARK_SIZE, Point};

use super::{coloured, styled, title};
use crate::{
    look::{Align, Brush, Icon, Style, Tokens, Weight, grid},
    machine::{Action, Draft, Event, Pen, Word},
};

/// The mouse draws as a finger with this number.
const MOUSE: u64 = u64::MAX;

pub(super) fn paint(brush: &mut Brush<'_>, mark: &Draft) {
    let tokens = Tokens::get();
    let page = brush.head(title(brush.state.words().get(Word::MarkTitle)), None);
    let gap = brush.metrics.size(tokens.space.gap);
    // Where text is larger, “A grown-up helped me” takes two lines.
    let two = brush.metrics.line(tokens.size.small) * 2.0 + gap;
    let high = brush.metrics.either(brush.metrics.foot(), brush.metrics.foot().max(two));
    let foot = Rect::from_min_max(Pos2::new(page.left(), page.bottom() - high), page.max);
    let middle = Rect::from_min_max(page.min, Pos2::new(page.right(), foot.top() - gap));
    let (paper, side) = if brush.metrics.portrait() {
        let height = middle.width().min(middle.height() * 0.6);
        middle.split_top_bottom_at_y(middle.top() + height)
    } else {
        middle.split_left_right_at_x(middle.left() + middle.height().min(middle.width() * 0.55))
    };
    let side = match brush.metrics.portrait() {
        true => Rect::from_min_max(side.min + vec2(0.0, gap), side.max),
        false => Rect::from_min_max(side.min + vec2(gap * 1.6, 0.0), side.max),
    };
    let square = Rect::from_center_size(paper.center(), Vec2::splat(paper.width().min(paper.height())));
    paint_paper(brush, square, mark);
    paint_side(brush, side);
    paint_foot(brush, foot);
}

/// Whether a grown-up helped; and, once there is a mark, to rub it out or hand it in.
fn paint_foot(brush: &mut Brush<'_>, foot: Rect) {
    let gap = brush.metrics.size(Tokens::get().space.gap).max(brush.metrics.target_gap);
    let part = |from: f32, to: f32| {
        let at = |fraction: f32| foot.left() + (foot.width() + gap) * fraction;
        Rect::from_min_max(Pos2::new(at(from), foot.top()), Pos2::new(at(to) - gap, foot.bottom()))
    };
    if brush.control(Action::Helped).is_some() {
        paint_helped(brush, part(0.0, 0.38));
    } else {
        let words = brush.state.words().get(Word::MarkHelping);
        let text = styled(words, Tokens::get().size.body, Weight::Bold, Align::LeftMiddle);
        brush.text(part(0.0, 0.38), Role::Label, text);
    }
    brush.button(Action::RubOut, part(0.38, 0.6), Style::Plain, None);
    brush.button(Action::Done, part(0.6, 1.0), Style::Main, Some(Icon::Shape("tick")));
}

/// What is drawn on, and what is drawn.
pub(super) fn paint_paper(brush: &mut Brush<'_>, square: Rect, mark: &Draft) {
    brush.as_everywhere(square, |brush, square| {
        let pens = pens(brush, square);
        if pens.is_empty() {
            return paint_square(brush, square, mark);
        }
        // With what the pen does in this very frame: ink that comes with the next one lags behind the hand.
        let mut drawn = mark.clone();
        for pen in pens {
            drawn.pen(pen);
            brush.add(Event::Pen(pen));
        }
        paint_square(brush, square, &drawn);
    });
}

fn paint_square(brush: &Brush<'_>, square: Rect, mark: &Draft) {
    let tokens = Tokens::get();
    let painter = brush.ui.painter();
    let radius = brush.metrics.size(tokens.shape.radius) as u8;
    let stroke = Stroke::new(brush.metrics.size(tokens.shape.stroke), tokens.colour.line.0);
    painter.rect_filled(square, radius, tokens.colour.surface.0);
    painter.rect_stroke(square, radius, stroke, egui::StrokeKind::Inside);
    brush.tell(square, Role::Canvas, brush.state.words().get(Word::MarkArea));
    match mark {
        Draft::Nothing => paint_invitation(brush, square),
        Draft::Sticker(symbol) => brush.picture(square.shrink(square.width() * 0.2), symbol.as_str()),
        Draft::Drawn(strokes) => {
            let width = brush.metrics.size(tokens.shape.pen);
            for line in strokes.as_slice() {
                let points: Vec<Pos2> = line.iter().map(|p| on_screen(square, *p)).collect();
                let ink = tokens.colour.pine.0;
                for end in [points.first(), points.last()].into_iter().flatten() {
                    painter.circle_filled(*end, width / 2.0, ink);
                }
                painter.add(Shape::Path(PathShape::line(points, Stroke::new(width, ink))));
            }
        }
    }
}

/// A line to write on, and what to do.
fn paint_invitation(brush: &Brush<'_>, square: Rect) {
    let tokens = Tokens::get();
    let line = square.top() + square.height() * brush.metrics.either(0.7, 0.86);
    let (left, right) = (square.left() + square.width() * 0.12, square.right() - square.width() * 0.12);
    let stroke = Stroke::new(brush.metrics.size(4.0), tokens.colour.edge.0);
    let dash = brush.metrics.size(16.0);
    brush.ui.painter().extend(Shape::dashed_line(
        &[Pos2::new(left, line), Pos2::new(right, line)],
        stroke,
        dash,
        dash,
    ));
    // Where text is larger the words have the room above the line, and the picture none.
    let place = if brush.metrics.is_enlarged() {
        Rect::from_min_max(Pos2::new(left, square.top()), Pos2::new(right, line))
    } else {
        let pencil = Rect::from_center_size(
            square.center() - vec2(0.0, square.height() * 0.16),
            Vec2::splat(square.width() * 0.34),
        );
        brush.picture(pencil, "pencil-promise");
        Rect::from_min_max(Pos2::new(left, line), Pos2::new(right, square.bottom()))
    };
    let words = styled(
        brush.state.words().get(Word::MarkDraw),
        Tokens::get().size.body,
        Weight::Regular,
        Align::Middle,
    );
    brush.text(place, Role::Label, coloured(words, tokens.colour.muted.0));
}

/// Stickers.
fn paint_side(brush: &mut Brush<'_>, side: Rect) {
    let tokens = Tokens::get();
    let gap = brush.metrics.tile_gap();
    let stickers = brush.actions(|a| matches!(a, Action::Sticker(_)));
    if !stickers.is_empty() {
        let words =
            styled(brush.state.words().get(Word::MarkSticker), tokens.size.body, Weight::Bold, Align::Left);
        let words = match brush.metrics.is_enlarged() {
            true => brush.fitted(vec2(side.width(), side.height() * 0.3), words),
            false => words,
        };
        let line = brush.height(side.width(), words);
        brush.text(Rect::from_min_size(side.min, vec2(side.width(), line)), Role::Label, words);
        let area = Rect::from_min_max(Pos2::new(side.left(), side.top() + line + gap * 0.5), side.max);
        let symbols = brush.state.shown().map(|c| c.pack.stickers.clone()).unwrap_or_default();
        for (place, at) in
            grid(area, stickers.len(), gap, Vec2::splat(brush.metrics.target), 1.2, area.size())
                .into_iter()
                .enumerate()
        {
            let Some(face) = brush.pressable(Action::Sticker(place), at, tokens.shape.radius, Style::Plain)
            else {
                continue;
            };
            if let Some(symbol) = symbols.get(place) {
                brush.picture(face.shrink(brush.metrics.size(14.0)), symbol.as_str());
            }
        }
    }
}

/// The box of a tick.
pub(super) fn paint_tick_box(brush: &Brush<'_>, tick: Rect, on: bool) {
    let tokens = Tokens::get();
    let radius = brush.metrics.size(12.0) as u8;
    let stroke = Stroke::new(brush.metrics.size(3.0), tokens.colour.line.0);
    let fill = if on { tokens.colour.pine.0 } else { tokens.colour.surface.0 };
    brush.fill(tick, radius, fill);
    brush.edge(tick, radius, stroke, egui::StrokeKind::Inside);
    if on {
        brush.shape(tick.shrink(tick.width() * 0.14), "tick", tokens.colour.on_pine.0);
    }
}

/// A box that can be ticked.
pub(super) fn paint_helped(brush: &mut Brush<'_>, place: Rect) {
    let tokens = Tokens::get();
    let Some(control) = brush.control(Action::Helped).cloned() else { return };
    let Some(face) = brush.pressable(Action::Helped, place, tokens.shape.radius, Style::Plain) else {
        return;
    };
    let side = brush.metrics.size(48.0);
    let inset = brush.metrics.size(22.0);
    let tick = Rect::from_center_size(
        Pos2::new(face.left() + inset + side / 2.0, face.center().y),
        Vec2::splat(side),
    );
    paint_tick_box(brush, tick, control.selected == Some(true));
    let gap = brush.metrics.size(18.0);
    let room = Rect::from_min_max(Pos2::new(tick.right() + gap, face.top()), face.max - vec2(gap * 0.5, 0.0));
    let words = styled(&control.label, tokens.size.body, Weight::Regular, Align::LeftMiddle);
    brush.paint_text(room, words);
}

/// What fingers did in this frame, or the mouse where there are none.
fn pens(brush: &Brush<'_>, square: Rect) -> Vec<Pen> {
    let mut pens = Vec::new();
    brush.ui.input(|input| {
        let touched = input.events.iter().any(|e| matches!(e, egui::Event::Touch { .. }));
        // The pointer's own state is that at the end of the frame. A quick hand moves and lets go
        // within one, so that whether the button is down is followed from event to event.
        let first = input.events.iter().find_map(primary_pressed);
        let mut down = first.map_or(input.pointer.primary_down(), |pressed| !pressed);
        for event in &input.events {
            match event {
                egui::Event::Touch { id, phase, pos, .. } => {
                    let finger = id.0;
                    pens.extend(match phase {
                        TouchPhase::Start if square.contains(*pos) => {
                            Some(Pen::Down(finger, of_mark(square, *pos)))
                        }
                        TouchPhase::Move => Some(Pen::Move(finger, of_mark(square, *pos))),
                        TouchPhase::End | TouchPhase::Cancel => Some(Pen::Up(finger)),
                        TouchPhase::Start => None,
                    });
                }
                // Where there are fingers, the pointer is only a copy of the first of them.
                _ if touched => {}
                egui::Event::PointerButton { pos, button: egui::PointerButton::Primary, pressed, .. } => {
                    down = *pressed;
                    if !pressed {
                        pens.push(Pen::Up(MOUSE));
                    } else if square.contains(*pos) {
                        pens.push(Pen::Down(MOUSE, of_mark(square, *pos)));
                    }
                }
                egui::Event::PointerMoved(pos) if down => {
                    pens.push(Pen::Move(MOUSE, of_mark(square, *pos)));
                }
                _ => {}
            }
        }
    });
    pens
}

/// Whether this presses the first button of the mouse, or lets it go.
const fn primary_pressed(event: &egui::Event) -> Option<bool> {
    match event {
        egui::Event::PointerButton { button: egui::PointerButton::Primary, pressed, .. } => Some(*pressed),
        _ => None,
    }
}

fn of_mark(square: Rect, at: Pos2) -> Point {
    let part = |value: f32, from: f32, side: f32| {
        ((value - from) / side * f32::from(MARK_SIZE)).round().clamp(0.0, f32::from(MARK_SIZE)) as u16
    };
    Point(part(at.x, square.left(), square.width()), part(at.y, square.top(), square.height()))
}

fn on_screen(square: Rect, point: Point) -> Pos2 {
    let part = |value: u16, side: f32| f32::from(value) / f32::from(MARK_SIZE) * side;
    square.min + vec2(part(point.0, square.width()), part(point.1, square.height()))
}
