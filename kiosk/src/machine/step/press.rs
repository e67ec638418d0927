//! A press, and where it leads.

use std::mem;

use super::{
    super::{
        Action, AdultAt, Effect, Screen, State, Tongue, adults,
        family::{self, CodeEntry, Told},
        scan, staff, survey,
        tell::{self, Next},
        visitor, voice,
    },
    clock::go_home,
    code, pin, pupil, told,
};

pub(super) fn press(state: &mut State, action: Action) -> Vec<Effect> {
    match (&state.screen, action) {
        (_, Action::Staff) => return pin::to_staff(state),
        (Screen::Asleep, Action::Wake) | (Screen::Pin(_) | Screen::NoPin, Action::Back) => {
            return go_home(state);
        }
        (Screen::ThankYou | Screen::HasSigned(_), Action::Finish) if state.settings.next_child => {
            let mut effects = go_home(state);
            effects.extend(pupil::begin(state));
            return effects;
        }
        (Screen::ChooseName(_), Action::Back) if state.only_class().is_some() => return go_home(state),
        (Screen::Home, Action::Start) => return pupil::begin(state),
        (Screen::Home, Action::Survey(place)) => return survey::begin(state, place),
        _ => {}
    }
    if matches!(action, Action::Home | Action::Finish | Action::Hide) {
        return go_home(state);
    }
    if action == Action::Speak {
        scan::read_aloud(state);
        return voice::say_all(state).into_iter().collect();
    }
    // These are there without a pack too.
    match mem::replace(&mut state.screen, Screen::Home) {
        Screen::Pin(entry) => {
            let (screen, effect) = staff::press_pin(state, entry, action);
            state.screen = screen;
            return effect.into_iter().collect();
        }
        Screen::Panel(panel) => return staff::press(state, panel, action),
        screen => state.screen = screen,
    }
    let Some(content) = state.content.clone() else { return Vec::new() };
    if action == Action::Tell {
        return told::begin_to_tell(state);
    }
    let screen = mem::replace(&mut state.screen, Screen::Home);
    let (screen, effect) = match (screen, action) {
        (Screen::Tell { telling, step }, action) => {
            match tell::press(telling, step, action, &content, state) {
                Next::Step(telling, step, effect) => {
                    // What is given in is written: that is this visit's writing.
                    state.visited &= effect.as_ref().is_none_or(|e| !matches!(e, Effect::Tell { .. }));
                    (Screen::Tell { telling, step }, effect)
                }
                Next::GrownUpNow => {
                    state.calls += 1;
                    let call = state.calls;
                    (Screen::GrownUpNow { call, coming: false }, Some(Effect::Call(call)))
                }
            }
        }
        (Screen::Pictures { next, .. }, Action::GotIt) => (*next, None),
        (Screen::Survey { answering, step }, action) => {
            match survey::press(answering, step, action, &content) {
                Some((screen, effect)) => {
                    state.visited &= effect.is_none();
                    (screen, effect)
                }
                None => return go_home(state),
            }
        }
        (Screen::Home, Action::Parents) => {
            state.visited = true;
            (Screen::FamilyCode(CodeEntry::new(Told::Nothing)), None)
        }
        (
            screen @ (Screen::FamilyCode(_)
            | Screen::Family { .. }
            | Screen::Visitor(_)
            | Screen::Hello(_)
            | Screen::Adult(_)),
            Action::Languages,
        ) => (Screen::Languages { before: Box::new(screen) }, None),
        (Screen::Languages { before }, Action::Language(place)) => {
            state.tongue = place.map_or(Tongue::English, Tongue::Other);
            let before = adults::in_another_language(visitor::in_another_language(*before));
            (family::in_another_language(before), None)
        }
        (Screen::Languages { before }, Action::Back) => (*before, None),
        (Screen::Home, Action::Group(group)) => {
            state.visited = true;
            (Screen::Adult(AdultAt::Opening(group)), Some(Effect::OpenAdults(group)))
        }
        (Screen::Adult(at), action) => match adults::press(state, &content, at, action) {
            Some((at, effect)) => (Screen::Adult(at), effect),
            None => return go_home(state),
        },
        (Screen::Home, Action::Visitor(audience)) => match visitor::begin(state, &content, audience) {
            Some(screen) => {
                state.visited = true;
                (screen, None)
            }
            None => (Screen::Home, None),
        },
        (Screen::Visitor(at), action) => match visitor::press(state, &content, at, action) {
            Some((at, effect)) => (Screen::Visitor(at), effect),
            None => return go_home(state),
        },
        (Screen::FamilyCode(_), Action::Back) => return go_home(state),
        (Screen::FamilyCode(code), action) => code::press_code(state, code, action),
        (Screen::Family { visit, at }, action) => {
            let next = family::press(visit, at, action, &content, state);
            (Screen::Family { visit: next.visit, at: next.at }, next.effect)
        }
        (Screen::ChooseClass { .. } | Screen::AskTeacher, Action::Back) => return go_home(state),
        (Screen::ChooseClass { page, .. }, Action::Class(place)) => {
            let class = state.classes_on_show().nth(place).map(|c| c.id);
            (Screen::ChooseClass { page, opening: class }, class.map(Effect::OpenClass))
        }
        (Screen::ChooseClass { page, opening }, Action::NextPage) => {
            (Screen::ChooseClass { page: page + 1, opening }, None)
        }
        (Screen::ChooseClass { page, opening }, Action::PreviousPage) => {
            (Screen::ChooseClass { page: page.saturating_sub(1), opening }, None)
        }
        (Screen::ChooseName(choose), action) => (pupil::press_name(choose, action, &content), None),
        (Screen::Hello(round), Action::NotMe) => pupil::class_again(round.class),
        (Screen::Hello(round), Action::Begin) => (Screen::Statement { round, index: 0, more: false }, None),
        (Screen::Statement { round, index, more }, action) => {
            (pupil::press_statement(round, index, more, action, state, &content), None)
        }
        (Screen::Story { round, index, chosen }, action) => {
            (pupil::press_story(round, index, chosen, action, state, &content), None)
        }
        (Screen::MakeMark { round, mark, helped }, action) => {
            pupil::press_mark(round, mark, helped, action, state, &content)
        }
        (Screen::NotSaved(kept), Action::TryAgain) => pupil::save(kept, state, &content),
        (Screen::StillThere { before }, Action::StillHere) => (*before, None),
        (screen, _) => (screen, None),
    };
    if matches!(effect, Some(Effect::Save(_))) {
        state.visited = false;
        state.help_until = 0;
    }
    if matches!(effect, Some(Effect::SaveVisitor(_))) {
        state.visited = false;
    }
    state.screen = screen;
    effect.into_iter().collect()
}
