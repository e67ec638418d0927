//! Staff want in: the PIN, tried, and the one place where the teacher's panel is opened.

use super::super::{Effect, Panel, PanelAt, PanelTold, PinEntry, PinTold, Screen, State};

/// Staff want in. What was on the screen is left as by going to the start.
pub(super) fn to_staff(state: &mut State) -> Vec<Effect> {
    state.visited = true;
    if state.pin {
        state.screen = Screen::Pin(PinEntry::new(PinTold::Nothing));
        return Vec::new();
    }
    state.screen = Screen::NoPin;
    // The technician may have set one since the kiosk began.
    vec![Effect::LookForPin]
}

fn is_tried(state: &State, number: u64) -> bool {
    matches!(state.screen, Screen::TryingPin(tried) if tried == number)
}

/// What was typed is forgotten.
pub(super) fn not_taken(state: &mut State, number: u64, told: PinTold) -> Vec<Effect> {
    if is_tried(state, number) {
        state.screen = Screen::Pin(PinEntry::new(told));
        state.touched = state.now.since_start;
    }
    if let Screen::Panel(panel) = &mut state.screen
        && matches!(panel.at, PanelAt::KeepingPin(kept) if kept == number)
    {
        panel.at = PanelAt::NewPin { first: None, entry: PinEntry::new(told) };
    }
    Vec::new()
}

pub(super) fn has_pin(state: &mut State, is_set: bool) -> Vec<Effect> {
    state.pin = is_set;
    if is_set && matches!(state.screen, Screen::NoPin) {
        state.screen = Screen::Pin(PinEntry::new(PinTold::Nothing));
    }
    Vec::new()
}

/// The one place where the panel is opened.
pub(super) fn right(state: &mut State, number: u64) -> Vec<Effect> {
    if is_tried(state, number) {
        state.woken = true;
        state.touched = state.now.since_start;
        state.screen = Screen::Panel(Panel { at: PanelAt::Menu, told: None });
    }
    Vec::new()
}

pub(super) fn changed(state: &mut State, number: u64) -> Vec<Effect> {
    if let Screen::Panel(panel) = &mut state.screen
        && matches!(panel.at, PanelAt::KeepingPin(kept) if kept == number)
    {
        *panel = Panel { at: PanelAt::Menu, told: Some(PanelTold::PinChanged) };
    }
    Vec::new()
}
