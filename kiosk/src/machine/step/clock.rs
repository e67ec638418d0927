//! What time alone does: it asks whether anybody is there, goes back to the start, and puts the kiosk to sleep.

use std::mem;

use super::super::{
    AWAKE_FOR, AdultAt, Effect, Millis, Mode, Now, PANEL_AFTER, Screen, State, Tongue, VisitorAt, adults,
    family::At, scan, visitor, voice,
};

pub(super) fn tick(state: &mut State, now: Now) -> Vec<Effect> {
    // A clock that only goes forward may still be told in the wrong order by two threads.
    state.now = Now { since_start: now.since_start.max(state.now.since_start), wall: now.wall };
    voice::pass_time(state);
    let said = scan::pass_time(state);
    let mut effects = look_at_the_clock(state);
    effects.extend(said);
    effects
}

fn look_at_the_clock(state: &mut State) -> Vec<Effect> {
    let idle = state.now.since_start.saturating_sub(state.touched);
    match &state.screen {
        Screen::Home | Screen::NotReady => {
            rest(state, idle);
            Vec::new()
        }
        Screen::Asleep => Vec::new(),
        Screen::Pin(_) | Screen::NoPin | Screen::TryingPin(_) | Screen::Panel(_) => {
            if idle >= PANEL_AFTER {
                go_home(state)
            } else {
                Vec::new()
            }
        }
        _ if idle >= state.wipe_after() => go_home(state),
        Screen::ThankYou
        | Screen::Told
        | Screen::Counted { .. }
        | Screen::Adult(AdultAt::Kept)
        | Screen::Visitor(VisitorAt::Kept(_))
            if idle >= state.ask_after() =>
        {
            go_home(state)
        }
        _ if state.waits_for_more() => Vec::new(),
        _ if idle >= state.ask_after() => {
            let mut before = Box::new(mem::replace(&mut state.screen, Screen::Home));
            if let Screen::MakeMark { mark, .. }
            | Screen::Family { at: At::Sign { mark, .. }, .. }
            | Screen::Adult(AdultAt::Sign { mark, .. })
            | Screen::Visitor(VisitorAt::Sign { mark, .. }) = &mut *before
            {
                mark.lift();
            }
            state.screen = Screen::StillThere { before };
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Outside its hours a kiosk that nobody touches goes to sleep.
fn rest(state: &mut State, idle: Millis) {
    if state.is_within_hours() || idle >= AWAKE_FOR {
        state.woken = false;
    }
    if !state.woken && idle >= state.ask_after() && !state.is_within_hours() {
        state.screen = Screen::Asleep;
    }
}

/// Staff let it sleep.
pub(in crate::machine) fn sleep_now(state: &mut State) -> Vec<Effect> {
    let effects = go_home(state);
    state.woken = false;
    state.screen = Screen::Asleep;
    effects
}

/// To the start, with nothing left of anybody.
pub(super) fn go_home(state: &mut State) -> Vec<Effect> {
    state.screen = Screen::Home;
    state.tongue = Tongue::Usual;
    at_start(state);
    let mut effects = vec![Effect::Wiped];
    // The disk is written once for every visit, so that a writing tells nothing.
    if std::mem::take(&mut state.visited) {
        effects.push(Effect::Visited);
    }
    effects
}

/// At the start, and only there, new words and names are taken: nobody's words change under them.
pub(super) fn at_start(state: &mut State) -> Vec<Effect> {
    if matches!(state.screen, Screen::Home | Screen::NotReady | Screen::Asleep) {
        if let Some(content) = state.next_content.take() {
            state.content = Some(content);
        }
        if let Some(classes) = state.next_classes.take() {
            state.classes = classes;
        }
        if let Some(adults) = state.next_adults.take() {
            state.adults = adults;
        }
        if let Some(telling) = state.next_telling.take() {
            state.telling = telling;
        }
        if let Some(families) = state.next_families.take() {
            state.families = families;
        }
        let ready = match state.settings.mode {
            Mode::Everybody | Mode::Class(_) => state.classes_on_show().next().is_some(),
            Mode::OpenEvening => state.asks_families(),
            Mode::StaffRoom => adults::groups(state).next().is_some(),
            Mode::Entrance => {
                visitor::groups(state).next().is_some() || adults::groups(state).next().is_some()
            }
        };
        if !matches!(state.screen, Screen::Asleep) {
            state.screen = if ready { Screen::Home } else { Screen::NotReady };
        }
    }
    Vec::new()
}
