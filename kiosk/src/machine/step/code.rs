//! A family's code: typed, tried, and opened or not.

use super::super::{
    Action, Effect, Screen, State,
    family::{At, CodeEntry, OpenedFamily, Told, Visit},
};

pub(super) fn press_code(state: &mut State, mut code: CodeEntry, action: Action) -> (Screen, Option<Effect>) {
    match action {
        Action::Type(value) => {
            if let Some(code) = code.type_value(value) {
                state.tries += 1;
                let number = state.tries;
                return (Screen::OpeningFamily(number), Some(Effect::OpenFamily { number, code }));
            }
        }
        Action::Cell(cell) => code.choose(cell),
        Action::RubOut => code.rub_out(),
        _ => {}
    }
    (Screen::FamilyCode(code), None)
}

fn is_tried(state: &State, number: u64) -> bool {
    matches!(state.screen, Screen::OpeningFamily(tried) if tried == number)
}

/// What was typed is forgotten: it goes with itself, so that there is no slip to mend.
pub(super) fn not_opened(state: &mut State, number: u64, told: Told) -> Vec<Effect> {
    if is_tried(state, number) {
        state.screen = Screen::FamilyCode(CodeEntry::new(told));
        state.touched = state.now.since_start;
    }
    Vec::new()
}

pub(super) fn opened(state: &mut State, number: u64, opened: OpenedFamily) -> Vec<Effect> {
    if is_tried(state, number) {
        state.screen = Screen::Family { visit: Box::new(Visit::new(opened)), at: At::Who };
        state.touched = state.now.since_start;
    }
    Vec::new()
}
