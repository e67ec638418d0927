//! When something counts as pressed.

use egui::{Event, Id, Key, PointerButton, Pos2, Rect, TouchPhase, Ui};

/// How presses are taken. It changes from frame to frame and holds nothing of a person.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pressing {
    /// A new screen has just come: a second tap of the finger is still meant for the one before.
    pub settling: bool,
    /// The last press came from the keyboard: it finds its place on a new screen.
    pub by_keyboard: bool,
    /// This frame is the first of a new screen.
    pub fresh: bool,
}

/// Where fingers and the mouse came down in this frame. Every touch counts, not just the first
/// finger's: a palm that rests on the screen swallows no tap, and a finger that wobbles or stays
/// long presses as well as a quick one, because the press counts and not the lift.
pub(super) fn downs(ui: &Ui) -> Vec<Pos2> {
    ui.input(|input| {
        let down = |event: &Event| match event {
            Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, .. } => Some(*pos),
            Event::Touch { phase: TouchPhase::Start, pos, .. } => Some(*pos),
            _ => None,
        };
        input.events.iter().filter_map(down).collect()
    })
}

/// Whether a finger or the mouse pressed here now.
pub(super) fn by_hand(ui: &Ui, rect: Rect, pressing: &Pressing) -> bool {
    !pressing.settling && downs(ui).into_iter().any(|at| rect.contains(at))
}

/// Whether Enter or Space was pressed while this had the focus. A key that is held down presses once.
pub(super) fn by_key(ui: &Ui, focused: bool) -> bool {
    focused
        && ui.input(|input| {
            input.events.iter().any(|event| {
                matches!(
                    event,
                    Event::Key { key: Key::Enter | Key::Space, pressed: true, repeat: false, modifiers, .. }
                        if !modifiers.any()
                )
            })
        })
}

/// Whether assistive technology pressed this.
pub(super) fn by_assistance(ui: &Ui, id: Id) -> bool {
    ui.input(|input| input.has_accesskit_action_request(id, egui::accesskit::Action::Click))
}
