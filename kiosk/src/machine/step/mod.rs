//! One step of the machine: what comes in, handed to whom it concerns.

mod clock;
mod code;
mod pages;
mod pin;
mod press;
mod pupil;
mod told;

use super::{
    AdultAt, Effect, Event, Panel, PanelAt, PanelTold, PinTold, Screen, State, VisitorAt, answer, controls,
    family::{At, Told},
    languages, scan, staff, typing, voice,
};

pub(super) use clock::sleep_now;

/// Takes one event.
pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let before = voice::place(state);
    let mut effects = take(state, event);
    languages::follow(state);
    voice::follow(state, &before, &mut effects);
    scan::follow(state, &before);
    effects
}

fn take(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Tick(now) => clock::tick(state, now),
        Event::Press(action) => {
            if controls(state).iter().any(|c| c.action == action) {
                state.touched = state.now.since_start;
                press::press(state, action)
            } else {
                Vec::new()
            }
        }
        Event::Pen(pen) => {
            if let Screen::MakeMark { mark, .. }
            | Screen::Family { at: At::Sign { mark, .. }, .. }
            | Screen::Adult(AdultAt::Sign { mark, .. })
            | Screen::Visitor(VisitorAt::Sign { mark, .. }) = &mut state.screen
            {
                mark.pen(pen);
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        Event::Type(letter) => {
            if typing::letter(state, letter) {
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        Event::Write(line) => {
            if typing::line(state, &line) {
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        // Only a deliberate press answers “are you still there?”: what is asked for may belong to
        // somebody who has gone.
        Event::Stir => {
            if !matches!(state.screen, Screen::StillThere { .. }) {
                state.touched = state.now.since_start;
            }
            Vec::new()
        }
        Event::Room(room) => {
            pages::make_room(state, room);
            Vec::new()
        }
        Event::Switch(switch) => match scan::take(state, switch) {
            Some(action) => {
                let first = scan::first(state);
                let effects = take(state, Event::Press(action));
                scan::go_on(state, first);
                effects
            }
            None => scan::say(state).into_iter().collect(),
        },
        Event::ClassOpened(opened) => pupil::class_opened(state, *opened),
        Event::ClassUnavailable(class) => pupil::class_unavailable(state, class),
        Event::Saved(record) => told::saved(state, record),
        Event::NotSaved(record) => told::not_saved(state, record),
        Event::Pack(content) => {
            state.next_content = Some(content);
            clock::at_start(state)
        }
        Event::Classes(classes) => {
            state.next_classes = Some(classes);
            clock::at_start(state)
        }
        Event::Answers(sheet) => {
            state.answers = sheet.map(|sheet| answer::Held::by_wire(sheet, state.now.since_start));
            Vec::new()
        }
        Event::AnswersCarried { sheet, age } => {
            let carried = answer::Held::by_stick(sheet, age, state.now.since_start);
            if state.answers.as_ref().is_none_or(|held| held.is_older_than(&carried)) {
                state.answers = Some(carried);
            }
            Vec::new()
        }
        Event::Disk(room) => {
            state.disk = room;
            Vec::new()
        }
        Event::Telling(can) => {
            state.next_telling = Some(can);
            clock::at_start(state)
        }
        Event::Families(are_there) => {
            state.next_families = Some(are_there);
            clock::at_start(state)
        }
        Event::FamilyOpened(number, opened) => code::opened(state, number, *opened),
        Event::FamilyUnknown(number) => code::not_opened(state, number, Told::Unknown),
        Event::FamilyUnavailable(number) => code::not_opened(state, number, Told::Unreadable),
        Event::Slowed(left) => {
            state.slowed_until = state.now.since_start.saturating_add(left);
            Vec::new()
        }
        Event::Chance(chance) => {
            state.chance = Some(chance);
            Vec::new()
        }
        Event::Settings(settings) => {
            state.settings = settings;
            clock::at_start(state)
        }
        Event::SettingsNotKept => {
            if let Screen::Panel(panel) = &mut state.screen {
                panel.told = Some(PanelTold::NotKept);
            }
            Vec::new()
        }
        Event::Adults(groups) => {
            state.next_adults = Some(groups);
            clock::at_start(state)
        }
        Event::AdultsOpened(opened) => told::adults_opened(state, *opened),
        Event::AdultsUnavailable(group) => told::adults_unavailable(state, group),
        Event::HasPin(is_set) => pin::has_pin(state, is_set),
        Event::PinRight(number) => pin::right(state, number),
        Event::PinWrong(number) => pin::not_taken(state, number, PinTold::Wrong),
        Event::PinTrouble(number) => pin::not_taken(state, number, PinTold::Trouble),
        Event::PinChanged(number) => pin::changed(state, number),
        Event::PinSlowed(left) => {
            state.pin_slowed_until = state.now.since_start.saturating_add(left);
            Vec::new()
        }
        Event::Figures(figures) => {
            if let Screen::Panel(Panel { at: at @ PanelAt::Waits(_), .. }) = &mut state.screen {
                *at = PanelAt::Waits(Some(figures));
            }
            Vec::new()
        }
        Event::Stick(number, told) => {
            staff::stick_done(state, number, told);
            Vec::new()
        }
        Event::Coming(number) => {
            told::coming(state, number, true);
            Vec::new()
        }
        Event::NotComing(number) => {
            told::coming(state, number, false);
            Vec::new()
        }
        Event::Told(told) => told::kept(state, told, true),
        Event::NotTold(told) => told::kept(state, told, false),
    }
}
