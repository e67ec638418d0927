//! A question that is answered in letters: what is written, and the keys to write it with.

use egui::{Pos2, Rect, Role, Vec2, vec2};

use super::{coloured, styled, title};
use crate::{
    look::{Align, Brush, Icon, Lines, Style, Text, Tokens, Weight},
    machine::{Action, Key, KeySet, Typing, Word, keyboard},
};

/// A question, what is written, and the keys to write it with.
pub(super) fn paint_typing(brush: &mut Brush<'_>, typing: &Typing, question: Word, note: &str, lines: Lines) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let gap = brush.metrics.size(tokens.space.gap);
    // In the bar at every size of text: the keys need the room below it.
    let bar = brush.navigation();
    let heading = Text { align: Align::LeftMiddle, ..title(words.get(question)) };
    brush.text(bar, Role::Heading, heading);
    let page = brush.page();
    let area = Rect::from_min_max(Pos2::new(page.left(), bar.bottom() + gap), page.max);
    let high = match lines {
        Lines::One => brush.metrics.line(tokens.size.title).max(brush.metrics.size(84.0)),
        // Four hundred letters, smaller the more there are.
        Lines::Several => area.height() * brush.metrics.either(0.32, 0.28),
    };
    let field = Rect::from_min_size(area.min, vec2(area.width(), high));
    brush.field(field, words.get(question), typing.as_str(), lines);

    let foot_high = brush.metrics.foot().min(area.height() * 0.2);
    let foot = Rect::from_min_max(Pos2::new(area.left(), area.bottom() - foot_high), area.max);
    // Beside the button that leads on, so that the keys have the height.
    let on = foot.width() * if brush.metrics.portrait() { 0.5 } else { 0.4 };
    let (beside, next) = foot.split_left_right_at_x(foot.right() - on);
    let beside = Rect::from_min_max(beside.min, beside.max - vec2(gap, 0.0));
    let text = styled(note, tokens.size.small, Weight::Regular, Align::LeftMiddle);
    let text = Text { least: tokens.size.small * 0.7, ..coloured(text, tokens.colour.muted.0) };
    brush.text(beside, Role::Paragraph, text);
    brush.button(Action::Continue, next, Style::Main, Some(Icon::Shape("next")));
    brush.button(Action::Skip, next, Style::Tint(tokens.colour.sky.0), None);

    let keys = Rect::from_min_max(
        Pos2::new(area.left(), field.bottom() + gap),
        Pos2::new(area.right(), foot.top() - gap),
    );
    brush.as_everywhere(keys, |brush, keys| paint_keys(brush, keys, typing.keys));
}

/// How wide a key is, in letters.
const fn width(key: Key) -> f32 {
    match key {
        Key::Letter(_) => 1.0,
        Key::Group(_) | Key::Capital => 2.2,
        Key::Set(_) | Key::RubOut => 1.6,
        Key::Space => 4.0,
    }
}

fn paint_keys(brush: &mut Brush<'_>, area: Rect, set: KeySet) {
    let tokens = Tokens::get();
    let rows = keyboard(set);
    let gap = brush.metrics.size(10.0).max(brush.metrics.target_gap.min(brush.metrics.size(12.0)));
    let gaps = |count: usize| gap * count.saturating_sub(1) as f32;
    let unit = |row: &Vec<Key>| {
        (area.width() - gaps(row.len())) / row.iter().map(|key| width(*key)).sum::<f32>().max(1.0)
    };
    let unit = rows.iter().map(unit).fold(f32::INFINITY, f32::min).min(brush.metrics.size(150.0));
    let room = (area.height() - gaps(rows.len())) / rows.len().max(1) as f32;
    let high = room.min((unit * 1.4).max(brush.metrics.size(80.0)));
    let mut top = area.bottom() - high * rows.len() as f32 - gaps(rows.len());
    for row in rows {
        let wide = row.iter().map(|key| width(*key) * unit).sum::<f32>() + gaps(row.len());
        let mut left = area.center().x - wide / 2.0;
        for key in row {
            let place = Rect::from_min_size(Pos2::new(left, top), vec2(width(key) * unit, high));
            left = place.right() + gap;
            paint_key(brush, place, key, tokens);
        }
        top += high + gap;
    }
}

fn paint_key(brush: &mut Brush<'_>, place: Rect, key: Key, tokens: &Tokens) {
    let action = Action::Key(key);
    let style = match key {
        Key::Letter(_) | Key::Group(_) | Key::Space => Style::Plain,
        Key::Capital | Key::RubOut | Key::Set(_) => Style::Tint(tokens.colour.sky.0),
    };
    let label = brush.control(action).map(|control| control.label.clone()).unwrap_or_default();
    let Some(face) = brush.pressable(action, place, tokens.shape.radius_small, style) else { return };
    let size = match key {
        Key::Letter(_) => tokens.size.sentence,
        Key::Group(_) => tokens.size.body,
        _ => tokens.size.small,
    };
    let room = Rect::from_center_size(face.center(), face.size() - Vec2::splat(brush.metrics.size(8.0)));
    let text = styled(&label, size, Weight::Bold, Align::Middle);
    brush.paint_text(room, Text { least: 14.0, ..text });
}
