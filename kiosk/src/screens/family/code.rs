//! The code from the letter: three groups of four, and a key for each character that a code may have.

use egui::{Event as Input, Key, Modifiers, Pos2, Rect, Role, Stroke, StrokeKind, vec2};
use records::family_code::{FamilyCode, GROUP, LENGTH};

use super::{super::body, head};
use crate::{
    look::{Align, Brush, Style, Text, Tokens, Weight},
    machine::{Action, CodeEntry, Event, Told, Wait, Word, Words},
};

/// Keys in a row: ten digits and “rub out”, then the letters.
const ROW: usize = 11;

pub(in crate::screens) fn paint(brush: &mut Brush<'_>, code: &CodeEntry) {
    type_by_keyboard(brush);
    let words = brush.state.words();
    let area = head(brush, words.get(Word::CodeTitle), None);
    let gap = brush.metrics.size(Tokens::get().space.gap);
    let cells = Rect::from_min_size(area.min, vec2(area.width(), brush.metrics.size(92.0)));
    brush.as_everywhere(cells, |brush, cells| paint_cells(brush, cells, code));
    let told = Rect::from_min_size(
        Pos2::new(area.left(), cells.bottom() + gap * 0.5),
        vec2(area.width(), brush.metrics.either(brush.metrics.size(84.0), brush.metrics.line(24.0) * 2.1)),
    );
    paint_told(brush, told, code.told);
    let keys = Rect::from_min_max(Pos2::new(area.left(), told.bottom() + gap * 0.5), area.max);
    brush.as_everywhere(keys, paint_keys);
}

/// A time to wait, in words.
pub(in crate::screens) fn time(words: &Words, wait: Wait) -> String {
    match wait {
        Wait::Minutes(count) => words.fill(Word::CodeMinutes, &[("count", &count.to_string())]),
        Wait::Seconds(count) => words.fill(Word::CodeSeconds, &[("count", &count.to_string())]),
    }
}

/// For how long no code is tried, in words.
pub(in crate::screens) fn waiting(brush: &Brush<'_>) -> String {
    let words = brush.state.words();
    let time = time(words, Wait::of(brush.state.slowed_for().unwrap_or_default()));
    words.fill(Word::CodeWaitWords, &[("time", &time)])
}

/// Whoever has a keyboard types on it.
fn type_by_keyboard(brush: &mut Brush<'_>) {
    let mut actions = Vec::new();
    brush.ui.input(|input| {
        for event in &input.events {
            match event {
                Input::Text(text) => {
                    actions.extend(text.chars().filter_map(FamilyCode::value).map(Action::Type))
                }
                Input::Key { key: Key::Backspace, pressed: true, modifiers: Modifiers::NONE, .. } => {
                    actions.push(Action::RubOut);
                }
                _ => {}
            }
        }
    });
    for action in actions {
        brush.add(Event::Press(action));
    }
}

fn paint_cells(brush: &mut Brush<'_>, area: Rect, code: &CodeEntry) {
    let tokens = Tokens::get();
    let (narrow, wide) = (brush.metrics.size(8.0).max(brush.metrics.target_gap), brush.metrics.size(40.0));
    let groups = LENGTH / GROUP;
    let gaps = narrow * (LENGTH - groups) as f32 + wide * (groups - 1) as f32;
    let width = ((area.width() - gaps) / LENGTH as f32).min(brush.metrics.size(76.0));
    let mut left = area.center().x - (width * LENGTH as f32 + gaps) / 2.0;
    let radius = tokens.shape.radius_small;
    for cell in 0..LENGTH {
        let place = Rect::from_min_size(Pos2::new(left, area.top()), vec2(width, area.height()));
        left = place.right() + if (cell + 1) % GROUP == 0 { wide } else { narrow };
        let corner = brush.metrics.size(radius) as u8;
        let is_next = cell == code.at();
        let face = match brush.pressable(Action::Cell(cell), place, radius, Style::Plain) {
            Some(face) => face,
            None => {
                brush.fill(place, corner, tokens.colour.surface.0);
                let edge = Stroke::new(brush.metrics.size(3.0), tokens.colour.edge.0);
                brush.edge(place, corner, edge, StrokeKind::Inside);
                place
            }
        };
        if is_next {
            // Where the next character goes: an edge and a line to write on, not a colour alone.
            let edge = Stroke::new(brush.metrics.size(5.0), tokens.colour.pine.0);
            brush.edge(place, corner, edge, StrokeKind::Inside);
            let line = place.bottom() - brush.metrics.size(20.0);
            let inset = width * 0.26;
            let ends = [Pos2::new(place.left() + inset, line), Pos2::new(place.right() - inset, line)];
            brush.line(ends, edge);
        }
        if let Some(letter) = code.letter(cell) {
            let letter = letter.to_string();
            let text = super::super::styled(&letter, tokens.size.title, Weight::Bold, Align::Middle);
            brush.paint_text(face, text);
        }
    }
}

fn paint_told(brush: &Brush<'_>, place: Rect, told: Told) {
    let words = brush.state.words();
    let colour = &Tokens::get().colour;
    let (word, colour) = match told {
        Told::Nothing => (Word::CodeHelp, colour.muted.0),
        Told::Slip => (Word::CodeSlip, colour.brick.0),
        Told::Unknown => (Word::CodeUnknown, colour.brick.0),
        Told::Unreadable => (Word::CodeTrouble, colour.brick.0),
    };
    let text = Text { align: Align::Middle, colour, ..body(words.get(word)) };
    brush.text(place, Role::Paragraph, text);
}

fn paint_keys(brush: &mut Brush<'_>, area: Rect) {
    let tokens = Tokens::get();
    let gap = brush.metrics.size(12.0).max(brush.metrics.target_gap);
    let portrait = brush.metrics.portrait();
    let columns = if portrait { 6 } else { ROW };
    let keys = 33_usize;
    let rows = keys.div_ceil(columns);
    let size = |room: f32, count: usize| (room - gap * (count - 1) as f32) / count as f32;
    let width = size(area.width(), columns);
    let height = size(area.height(), rows).min(width * 1.5);
    let top = area.bottom() - height * rows as f32 - gap * (rows - 1) as f32;
    // “Rub out” stands after the digits, where a keyboard has it too.
    let order = (0..10).map(Some).chain([None]).chain((10..32).map(Some));
    for (at, value) in order.enumerate() {
        let (row, column) = (at / columns, at % columns);
        let min = Pos2::new(area.left() + (width + gap) * column as f32, top + (height + gap) * row as f32);
        let place = Rect::from_min_size(min, vec2(width, height));
        let radius = tokens.shape.radius_small;
        match value {
            Some(value) => {
                let action = Action::Type(value);
                let label = brush.control(action).map(|c| c.label.clone()).unwrap_or_default();
                if let Some(face) = brush.pressable(action, place, radius, Style::Plain) {
                    let text =
                        super::super::styled(&label, tokens.size.sentence, Weight::Bold, Align::Middle);
                    brush.paint_text(face, text);
                }
            }
            None => {
                let sky = Style::Tint(tokens.colour.sky.0);
                let label = brush.control(Action::RubOut).map(|c| c.label.clone()).unwrap_or_default();
                if let Some(face) = brush.pressable(Action::RubOut, place, radius, sky) {
                    let text = super::super::styled(&label, tokens.size.small, Weight::Bold, Align::Middle);
                    brush.paint_text(face.shrink(brush.metrics.size(8.0)), text);
                }
            }
        }
    }
}
