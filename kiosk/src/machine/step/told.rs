//! What others answer: the disk's word on a record or on what was told, and that a grown-up is on the way.

use records::{agreement::Audience, ids::RecordId};

use super::super::{
    AdultAt, Chance, Effect, OpenedAdults, Screen, State, TellStep, Telling, adults, answer, family, staff,
    survey, visitor,
};

/// From whatever a child was at: what was not finished there is forgotten.
pub(super) fn begin_to_tell(state: &mut State) -> Vec<Effect> {
    if let Some(chance) = state.chance.take() {
        // On the last screen of a round its writing is done, and this begins another.
        state.visited = true;
        state.screen = Screen::Tell { telling: Telling::new(chance), step: TellStep::First };
    }
    Vec::new()
}

/// Whether somebody is coming, which may change: nobody is left waiting for one who cannot. Also where the screen asks
/// whether somebody is still there: whoever called may be waiting beside it.
pub(super) fn coming(state: &mut State, number: u64, coming: bool) {
    let shown = match &state.screen {
        Screen::StillThere { before } => before.as_ref(),
        shown => shown,
    };
    if matches!(shown, Screen::GrownUpNow { call, .. } if *call == number) {
        state.screen = Screen::GrownUpNow { call: number, coming };
        // Time to read it, and to wait.
        state.touched = state.now.since_start;
    }
}

/// The disk's word on what was told, or answered. “Thank you”, and from here on nothing of it is left.
pub(super) fn kept(state: &mut State, told: Chance, is_kept: bool) -> Vec<Effect> {
    if let Screen::Tell { telling, step: step @ TellStep::Keeping } = &mut state.screen
        && telling.id() == told
    {
        if is_kept {
            let chance = telling.chance;
            answer::thank(state, Screen::Told, Some(chance));
        } else {
            *step = TellStep::NotKept;
        }
    }
    survey::kept(state, told, is_kept);
    Vec::new()
}

/// “Thank you”, and from here on nobody's name: the round is forgotten with the screen it leaves.
pub(super) fn saved(state: &mut State, record: RecordId) -> Vec<Effect> {
    if matches!(state.screen, Screen::Panel(_)) {
        return staff::undone(state, record, true);
    }
    if let Screen::Adult(at) = &mut state.screen {
        if adults::saved(at, record, true) {
            state.touched = state.now.since_start;
        }
        return Vec::new();
    }
    if let Screen::Visitor(at) = &mut state.screen {
        if visitor::saved(at, record, true) {
            state.touched = state.now.since_start;
        }
        return Vec::new();
    }
    let of_family = match &mut state.screen {
        Screen::Family { visit, at } => family::saved(visit, at, record, true),
        _ => false,
    };
    match &state.screen {
        _ if of_family => state.touched = state.now.since_start,
        Screen::Saving(kept) if kept.round.record == record => {
            answer::thank(state, Screen::ThankYou, None);
        }
        _ => {}
    }
    Vec::new()
}

pub(super) fn not_saved(state: &mut State, record: RecordId) -> Vec<Effect> {
    if matches!(state.screen, Screen::Panel(_)) {
        return staff::undone(state, record, false);
    }
    if let Screen::Adult(at) = &mut state.screen {
        adults::saved(at, record, false);
    }
    if let Screen::Visitor(at) = &mut state.screen {
        visitor::saved(at, record, false);
    }
    if let Screen::Family { visit, at } = &mut state.screen {
        family::saved(visit, at, record, false);
    }
    if let Screen::Saving(kept) = &state.screen
        && kept.round.record == record
    {
        let kept = kept.clone();
        state.screen = Screen::NotSaved(kept);
    }
    Vec::new()
}

pub(super) fn adults_opened(state: &mut State, opened: OpenedAdults) -> Vec<Effect> {
    let is_asked =
        matches!(&state.screen, Screen::Adult(AdultAt::Opening(asked)) if *asked == opened.audience);
    if is_asked && let Some(content) = &state.content {
        let at = adults::opened(content, opened, content.day(state.now.wall)).unwrap_or(AdultAt::Unavailable);
        state.screen = Screen::Adult(at);
    }
    Vec::new()
}

pub(super) fn adults_unavailable(state: &mut State, group: Audience) -> Vec<Effect> {
    if matches!(&state.screen, Screen::Adult(AdultAt::Opening(asked)) if *asked == group) {
        state.screen = Screen::Adult(AdultAt::Unavailable);
    }
    Vec::new()
}
