//! A line that is written into: by the keys on the screen, by a keyboard of its own, or by assistive technology.

use egui::{
    Event as Input, Id, Key as Pressed, Modifiers, Rect, Sense, Stroke, StrokeKind, WidgetInfo, accesskit,
    vec2,
};

use zeroize::Zeroizing;

use super::{Align, Brush, Text, Tokens, Weight};
use crate::machine::{Action, Event, Key, Scanning};

/// How much is written in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One line.
    One,
    /// As many as there are.
    Several,
}

impl Brush<'_> {
    /// A field with what is written in it. What its keyboard and assistive technology write goes to the machine.
    pub fn field(&mut self, place: Rect, label: &str, value: &str, lines: Lines) {
        let id = Id::unique((self.state.screen.name(), "field"));
        let on_glass = self.mirror.place(place);
        let response = self.ui.interact(on_glass, id, Sense::focusable_noninteractive());
        response.widget_info(|| WidgetInfo::text_edit(true, value, value, ""));
        self.ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(match lines {
                Lines::One => accesskit::Role::TextInput,
                Lines::Several => accesskit::Role::MultilineTextInput,
            });
            node.set_label(label);
            node.set_value(value);
            node.add_action(accesskit::Action::SetValue);
        });
        let pressing = self.assets.pressing;
        if pressing.fresh && pressing.by_keyboard {
            response.request_focus();
        }
        // What is written stands as its own letters have it, in whatever language it is asked for.
        self.as_everywhere(place, |brush, place| {
            brush.paint_field(place, value, response.has_focus(), lines)
        });
        self.take_letters(id);
    }

    fn paint_field(&self, place: Rect, value: &str, focused: bool, lines: Lines) {
        let tokens = Tokens::get();
        let corner = self.metrics.size(tokens.shape.radius_small) as u8;
        self.fill(place, corner, tokens.colour.surface.0);
        let wide = if focused { tokens.shape.focus_ink } else { 3.0 };
        let edge = Stroke::new(self.metrics.size(wide), tokens.colour.ink.0);
        self.edge(place, corner, edge, StrokeKind::Inside);
        let inner = place.shrink2(vec2(self.metrics.size(26.0), self.metrics.size(8.0)));
        let text = Text {
            words: value,
            size: tokens.size.title,
            least: tokens.size.small * 0.7,
            weight: Weight::Bold,
            colour: tokens.colour.ink.0,
            align: Align::LeftMiddle,
        };
        if lines == Lines::Several {
            // Whatever line it has come to, the bar stands where it goes on.
            let words = Zeroizing::new(format!("{value}|"));
            let (size, weight) = (tokens.size.body, Weight::Regular);
            self.paint_text(inner, Text { words: &words, size, weight, align: Align::Left, ..text });
            return;
        }
        let caret = self.metrics.size(5.0);
        let room = Rect::from_min_max(inner.min, inner.max - vec2(caret * 3.0, 0.0));
        // A space at the end takes no room when it is laid out, and yet somebody typed it.
        let painted =
            if value.is_empty() { room.with_max_x(room.left()) } else { self.paint_text(room, text) };
        let after = if value.ends_with(' ') { self.metrics.size(16.0) } else { 0.0 };
        let left = painted.right() + caret + after;
        let line = Rect::from_center_size(
            egui::pos2(left + caret / 2.0, place.center().y),
            vec2(caret, place.height() * 0.56),
        );
        self.fill(line, 0, tokens.colour.pine.0);
    }

    /// Whoever has a keyboard types on it. Where a key on the screen has the focus, Space and Enter press that.
    fn take_letters(&mut self, id: Id) {
        let elsewhere = self.ui.memory(|memory| memory.focused().is_some_and(|focused| focused != id));
        // Where switches are used, Space and Enter are theirs.
        let are_switches = self.state.settings.scanning != Scanning::Off;
        let mut events = Vec::new();
        self.ui.input(|input| {
            for event in &input.events {
                match event {
                    Input::Text(text) => {
                        let letters = text.chars().filter(|l| *l != ' ' || !elsewhere && !are_switches);
                        events.extend(letters.map(Event::Type));
                    }
                    Input::Key {
                        key: Pressed::Backspace, pressed: true, modifiers: Modifiers::NONE, ..
                    } => {
                        events.push(Event::Press(Action::Key(Key::RubOut)));
                    }
                    Input::Key {
                        key: Pressed::Enter,
                        pressed: true,
                        repeat: false,
                        modifiers: Modifiers::NONE,
                        ..
                    } if !elsewhere => {
                        // The screen has one of them, or neither; the next screen's is not meant.
                        let on = [Action::Continue, Action::Skip];
                        let on = on.into_iter().find(|action| self.control(*action).is_some());
                        events.extend(on.map(Event::Press));
                    }
                    _ => {}
                }
            }
            for request in input.accesskit_action_requests(id, accesskit::Action::SetValue) {
                if let Some(accesskit::ActionData::Value(line)) = &request.data {
                    events.push(Event::Write(line.to_string()));
                }
            }
        });
        for event in events {
            self.add(event);
        }
    }
}
