//! Switch scanning: a highlight walks through what can be pressed, in the order in which the keyboard does, beginning at
//! the screen's first thing to do. With one switch it walks by itself and the switch chooses; with two, one walks and
//! the other chooses.
//!
//! A press is a sign of life. That the highlight walks is none: it walks before an empty chair too, and what is on the
//! screen of somebody who has gone is wiped as ever.

use super::{
    Action, Control, Effect, Millis, Scanning, Screen, State, Switch, controls,
    voice::{self, Place},
};

/// For so long after a new screen came a switch is not taken: a hand that trembles presses once.
pub const BOUNCE: Millis = 300;

/// Where the highlight is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scan {
    // On the screen's first thing to do where this is none, or where the screen has it no more.
    on: Option<Action>,
    since: Millis,
    arrived: Millis,
    // Whether the names of what it comes to are said.
    aloud: bool,
}

impl State {
    /// What the highlight is on, where switches are used.
    pub fn scanned(&self) -> Option<Action> {
        let all = self.walked()?;
        all.get(at(self, &all)?).map(|control| control.action)
    }

    /// What the highlight walks through; nothing where no switches are used.
    fn walked(&self) -> Option<Vec<Control>> {
        (self.settings.scanning != Scanning::Off).then(|| controls(self))
    }

    /// When the highlight next walks by itself.
    pub(super) fn next_step(&self) -> Option<Millis> {
        let walks = self.settings.scanning == Scanning::OneSwitch && !self.rests();
        if !walks || self.walked()?.len() < 2 {
            return None;
        }
        let rested = self.scan.since + self.settings.pace.rest();
        // Whoever listens is not hurried on.
        let heard = self.speech.as_ref().map_or(0, |speech| speech.end() + voice::PAUSE);
        Some(rested.max(heard))
    }

    /// At the start, where nobody has pressed anything for long, the highlight waits on the first thing to do.
    fn rests(&self) -> bool {
        let idle = self.now.since_start.saturating_sub(self.touched);
        matches!(self.screen, Screen::Home | Screen::NotReady | Screen::Asleep) && idle >= self.ask_after()
    }
}

fn first_of(all: &[Control]) -> Option<usize> {
    all.iter().position(|control| control.main).or((!all.is_empty()).then_some(0))
}

/// The screen's first thing to do.
pub(super) fn first(state: &State) -> Option<Action> {
    let all = controls(state);
    all.get(first_of(&all)?).map(|control| control.action)
}

/// After a choice: where the screen has another first thing to do than before (“I’m done”, once there is a mark), the
/// highlight goes there.
pub(super) fn go_on(state: &mut State, before: Option<Action>) {
    if first(state) != before {
        state.scan.on = None;
    }
}

fn at(state: &State, all: &[Control]) -> Option<usize> {
    let first = first_of(all);
    let on = state.scan.on.and_then(|on| all.iter().position(|control| control.action == on));
    on.or(first)
}

/// Time has passed. Gives back what is said for it.
pub(super) fn pass_time(state: &mut State) -> Option<Effect> {
    if state.rests() {
        state.scan.on = None;
    }
    if state.next_step()? > state.now.since_start {
        return None;
    }
    walk(state);
    say(state)
}

/// A switch. Gives back what was chosen with it.
pub(super) fn take(state: &mut State, switch: Switch) -> Option<Action> {
    let now = state.now.since_start;
    let scanned = state.scanned()?;
    if now < state.scan.arrived + BOUNCE {
        return None;
    }
    state.scan.since = now;
    if switch == Switch::Choose {
        return Some(scanned);
    }
    // Only a choice answers “are you still there?”, as it does for a finger.
    if !matches!(state.screen, Screen::StillThere { .. }) {
        state.touched = now;
    }
    walk(state);
    None
}

fn walk(state: &mut State) {
    let Some(all) = state.walked() else { return };
    let Some(at) = at(state, &all) else { return };
    state.scan.on = all.get((at + 1) % all.len()).map(|control| control.action);
    state.scan.since = state.now.since_start;
}

/// Says the name of what the highlight is on: where the screen speaks by itself, or somebody touched its speaker.
pub(super) fn say(state: &mut State) -> Option<Effect> {
    if !state.scan.aloud {
        return None;
    }
    let all = state.walked()?;
    let name = all.get(at(state, &all)?)?.label.clone();
    voice::say_name(state, &name)
}

/// The speaker was touched: as long as the screen is there, names are said.
pub(super) fn read_aloud(state: &mut State) {
    state.scan.aloud = true;
}

/// After an event: on another screen the highlight begins anew.
pub(super) fn follow(state: &mut State, before: &Place) {
    if voice::place(state) != *before {
        let now = state.now.since_start;
        state.scan = Scan { on: None, since: now, arrived: now, aloud: voice::speaks_by_itself(state) };
    }
}
