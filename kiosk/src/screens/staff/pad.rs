//! A pad of digits. It shows how many were typed, never which.

use egui::{Event as Input, Key, Modifiers, Pos2, Rect, Role, Stroke, vec2};

use super::super::{body, coloured, styled};
use crate::{
    look::{Align, Brush, Icon, Style, Text, Tokens, Weight},
    machine::{Action, Event, PIN_LEAST, PinEntry, PinTold, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>, area: Rect, entry: &PinEntry, help: &str) {
    type_by_keyboard(brush);
    let (said, keys) = if brush.metrics.portrait() {
        area.split_top_bottom_at_fraction(0.3)
    } else {
        area.split_left_right_at_fraction(0.46)
    };
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let said = Rect::from_min_max(said.min, said.max - vec2(gap * 2.0, gap));
    paint_said(brush, said, entry, help);
    brush.as_everywhere(keys, paint_keys);
}

/// Whoever has a keyboard types on it. Enter opens where no control has the focus, which Enter would press.
fn type_by_keyboard(brush: &mut Brush<'_>) {
    let focused = brush.ui.memory(|memory| memory.focused().is_some());
    let mut actions = Vec::new();
    brush.ui.input(|input| {
        for event in &input.events {
            match event {
                Input::Text(text) => {
                    let digits = text.bytes().filter(u8::is_ascii_digit);
                    actions.extend(digits.map(|digit| Action::Digit(digit - b'0')));
                }
                Input::Key { key: Key::Backspace, pressed: true, modifiers: Modifiers::NONE, .. } => {
                    actions.push(Action::RubOut);
                }
                Input::Key {
                    key: Key::Enter,
                    pressed: true,
                    repeat: false,
                    modifiers: Modifiers::NONE,
                    ..
                } if !focused => {
                    actions.push(Action::Enter);
                }
                _ => {}
            }
        }
    });
    for action in actions {
        brush.add(Event::Press(action));
    }
}

fn paint_said(brush: &Brush<'_>, area: Rect, entry: &PinEntry, help: &str) {
    let tokens = Tokens::get();
    let words = brush.state.words();
    let (told, colour) = match entry.told {
        PinTold::Nothing => (help, tokens.colour.muted.0),
        PinTold::Wrong => (words.get(Word::PinWrong), tokens.colour.brick.0),
        PinTold::Trouble => (words.get(Word::PinTrouble), tokens.colour.brick.0),
        PinTold::Differs => (words.get(Word::NewPinDiffers), tokens.colour.brick.0),
    };
    let text = brush.fitted(vec2(area.width(), area.height() * 0.7), coloured(body(told), colour));
    let high = brush.height(area.width(), text);
    brush.text(Rect::from_min_size(area.min, vec2(area.width(), high)), Role::Paragraph, text);

    let dot = brush.metrics.size(15.0);
    let step = brush.metrics.size(44.0).min(area.width() / 12.0);
    let row = Rect::from_min_size(
        Pos2::new(area.left(), area.top() + high + brush.metrics.size(40.0)),
        vec2(area.width(), dot * 3.0),
    );
    for at in 0..entry.count().max(PIN_LEAST) {
        let center = Pos2::new(row.left() + dot * 1.5 + step * at as f32, row.center().y);
        let ring = Stroke::new(brush.metrics.size(3.0), tokens.colour.line.0);
        if at < entry.count() {
            brush.disc(center, dot, tokens.colour.ink.0);
        } else {
            brush.circle(center, dot, ring);
        }
    }
    let count = words.fill(Word::PinTyped, &[("count", &entry.count().to_string())]);
    brush.tell(row, Role::Label, &count);
}

fn paint_keys(brush: &mut Brush<'_>, area: Rect) {
    let tokens = Tokens::get();
    let gap = brush.metrics.size(14.0).max(brush.metrics.target_gap);
    let wide = (area.width() - gap * 2.0) / 3.0;
    let high = ((area.height() - gap * 3.0) / 4.0).min(wide * 0.8);
    let place = |row: usize, column: usize| {
        let min = area.min + vec2((wide + gap) * column as f32, (high + gap) * row as f32);
        Rect::from_min_size(min, vec2(wide, high))
    };
    for digit in 0..10_u8 {
        let at = usize::from(digit);
        let place = if digit == 0 { place(3, 1) } else { place((at - 1) / 3, (at - 1) % 3) };
        let action = Action::Digit(digit);
        let Some(face) = brush.pressable(action, place, tokens.shape.radius_small, Style::Plain) else {
            continue;
        };
        let label = digit.to_string();
        brush.paint_text(face, styled(&label, tokens.size.sentence, Weight::Bold, Align::Middle));
    }
    let label = brush.control(Action::RubOut).map(|c| c.label.clone()).unwrap_or_default();
    let plain = Style::Plain;
    if let Some(face) = brush.pressable(Action::RubOut, place(3, 0), tokens.shape.radius_small, plain) {
        let text = styled(&label, tokens.size.small, Weight::Bold, Align::Middle);
        brush.paint_text(face, Text { least: 14.0, ..text });
    }
    brush.button(Action::Enter, place(3, 2), Style::Main, None::<Icon<'_>>);
}
