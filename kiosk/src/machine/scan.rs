//! Switch scanning: a highlight walks through what can be pressed, in the order in which the keyboard does, beginning at
//! the screen's first thing to do. With one switch it walks by itself and the switch chooses; with two, one walks and
//! the other chooses.
//!
//! Where there is much of one kind, as the names of a class or the letters of a code, it walks over groups first: a
//! choice enters the group, and past its last thing the highlight is on the group again. Of thirty names the last is
//! eleven steps away, not thirty.
//!
//! A press is a sign of life. That the highlight walks is none: it walks before an empty chair too, and what is on the
//! screen of somebody who has gone is wiped as ever.

use std::{mem::discriminant, ops::Range};

use super::{
    Action, Control, Effect, Millis, Scanning, Screen, State, Switch, controls,
    voice::{self, Place},
};

/// For so long after a new screen came a switch is not taken: a hand that trembles presses once.
pub const BOUNCE: Millis = 300;

/// From so many things of one kind on they are walked in groups.
const MANY: usize = 10;
/// The most things in a group.
const IN_GROUP: usize = 6;

/// Where the highlight is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scan {
    // On the screen's first thing to do where this is none, or where the screen has it no more.
    on: Option<Action>,
    // Whether it walks inside the group that this is in.
    inside: bool,
    since: Millis,
    arrived: Millis,
    // Whether the names of what it comes to are said.
    aloud: bool,
}

impl State {
    /// What the highlight is on, where switches are used: one thing, or a group.
    pub fn scanned(&self) -> Vec<Action> {
        let all = self.walked().unwrap_or_default();
        let Some(at) = at(self, &all) else { return Vec::new() };
        let on = if self.scan.inside { at..at + 1 } else { group(&all, at) };
        all.get(on).unwrap_or_default().iter().map(|control| control.action).collect()
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

/// The group that a thing is in; itself alone where there are few of its kind, and among keys, which are of several
/// letters each where switches are used.
fn group(all: &[Control], at: usize) -> Range<usize> {
    let Some(kind) = all.get(at).map(|control| discriminant(&control.action)) else { return at..at };
    let of_kind = |control: &Control| discriminant(&control.action) == kind;
    let from = all[..at].iter().rposition(|control| !of_kind(control)).map_or(0, |before| before + 1);
    let many = all[from..].iter().take_while(|control| of_kind(control)).count();
    if many < MANY || matches!(all[at].action, Action::Key(_)) {
        return at..at + 1;
    }
    let each = many.div_ceil(many.div_ceil(IN_GROUP));
    let first = from + (at - from) / each * each;
    first..(first + each).min(from + many)
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
    state.scan.inside = false;
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
    let scanned = state.scanned();
    let first = *scanned.first()?;
    if now < state.scan.arrived + BOUNCE {
        return None;
    }
    state.scan.since = now;
    if switch == Switch::Choose && scanned.len() == 1 {
        return Some(first);
    }
    // Only a choice answers “are you still there?”, as it does for a finger.
    if !matches!(state.screen, Screen::StillThere { .. }) {
        state.touched = now;
    }
    if switch == Switch::Choose {
        // A hand that trembles enters the group, and does not choose the first thing in it as well.
        state.scan = Scan { on: Some(first), inside: true, since: now, arrived: now, ..state.scan };
    } else {
        walk(state);
    }
    None
}

fn walk(state: &mut State) {
    let Some(all) = state.walked() else { return };
    let Some(at) = at(state, &all) else { return };
    let group = group(&all, at);
    let next = if !state.scan.inside {
        group.end % all.len()
    } else if at + 1 < group.end {
        at + 1
    } else {
        state.scan.inside = false;
        group.start
    };
    state.scan.on = all.get(next).map(|control| control.action);
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
        state.scan =
            Scan { on: None, inside: false, since: now, arrived: now, aloud: voice::speaks_by_itself(state) };
    }
}
