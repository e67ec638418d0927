//! What a press does on the staff's screens, and what the disk's answers do.

use records::{ids::ClassId, ids::RecordId, signature::Undo};

use super::{
    Line, Panel, PanelAction, PanelAt, PanelTold, PinEntry, PinTold, Signatures, StickTold, StickTrouble,
    Touched, Undoing, WhyClass, panel::reason,
};
use crate::machine::{Action, Effect, Hours, Mode, OpenedClass, Screen, State, Who, step};

/// A press on the pad before the panel.
pub(in crate::machine) fn press_pin(
    state: &mut State,
    mut entry: PinEntry,
    action: Action,
) -> (Screen, Option<Effect>) {
    match action {
        Action::Digit(digit) => entry.type_digit(digit),
        Action::RubOut => entry.rub_out(),
        Action::Enter => {
            if let Some(pin) = entry.pin() {
                state.pin_tries += 1;
                let number = state.pin_tries;
                return (Screen::TryingPin(number), Some(Effect::TryPin { number, pin }));
            }
        }
        _ => {}
    }
    (Screen::Pin(entry), None)
}

/// A press in the panel.
pub(in crate::machine) fn press(state: &mut State, panel: Panel, action: Action) -> Vec<Effect> {
    if action == Action::Panel(PanelAction::Sleep) {
        return step::sleep_now(state);
    }
    let next = match action {
        Action::Back => (back(panel.at), None),
        Action::Panel(action) => act(state, panel.at, action),
        Action::Class(place) => choose_class(state, panel.at, place),
        Action::NextPage => (turned(panel.at, true), None),
        Action::PreviousPage => (turned(panel.at, false), None),
        action => type_pin(state, panel.at, action),
    };
    let (at, effect) = next;
    state.screen = Screen::Panel(Panel { at, told: None });
    effect.into_iter().collect()
}

fn back(at: PanelAt) -> PanelAt {
    match at {
        PanelAt::Undo { class, .. } => PanelAt::Signed { class, page: 0 },
        PanelAt::Classes { why: WhyClass::Mode, .. } => PanelAt::Modes,
        _ => PanelAt::Menu,
    }
}

fn turned(mut at: PanelAt, on: bool) -> PanelAt {
    if let PanelAt::Classes { page, .. } | PanelAt::Signed { page, .. } = &mut at {
        *page = if on { *page + 1 } else { page.saturating_sub(1) };
    }
    at
}

fn act(state: &mut State, at: PanelAt, action: PanelAction) -> (PanelAt, Option<Effect>) {
    let before = state.settings.clone();
    let settings = &mut state.settings;
    let at = match (at, action) {
        (_, PanelAction::Modes) => PanelAt::Modes,
        (_, PanelAction::OneClass) => PanelAt::Classes { why: WhyClass::Mode, page: 0, opening: None },
        (_, PanelAction::Mode(mode)) => {
            settings.mode = mode;
            PanelAt::Menu
        }
        (_, PanelAction::Signed) => return to_signed(state),
        (PanelAt::Signed { class, .. }, PanelAction::Line(place)) => PanelAt::Undo { class, place },
        (PanelAt::Undo { class, place }, PanelAction::Reason(why)) => {
            return undo(state, class, place, why);
        }
        (at, PanelAction::Help) => {
            state.help_until = if state.is_helping() { 0 } else { state.now.since_start + super::HELP_FOR };
            at
        }
        (at, PanelAction::NextChild) => {
            settings.next_child = !settings.next_child;
            at
        }
        (_, PanelAction::Waits) => return (PanelAt::Waits(None), Some(Effect::Figures)),
        (_, PanelAction::Stick(way)) => {
            state.stick_tries += 1;
            let number = state.stick_tries;
            return (PanelAt::AtStick { number, way }, Some(Effect::Stick { number, way }));
        }
        (_, PanelAction::Looks) => PanelAt::Looks,
        (_, PanelAction::Touch) => PanelAt::Touch(Touched::default()),
        (PanelAt::Touch(touched), PanelAction::Spot(spot)) => PanelAt::Touch(touched.with(spot)),
        (at, PanelAction::Sound) => {
            settings.sound = !settings.sound;
            at
        }
        (at, PanelAction::Contrast) => {
            settings.high_contrast = !settings.high_contrast;
            at
        }
        (at, PanelAction::Text) => {
            settings.text = settings.text.next();
            at
        }
        (at, PanelAction::Motion) => {
            settings.reduced_motion = !settings.reduced_motion;
            at
        }
        (at, PanelAction::Scanning) => {
            settings.scanning = settings.scanning.next();
            at
        }
        (at, PanelAction::Pace) => {
            settings.pace = settings.pace.next();
            at
        }
        (at, PanelAction::Language) => {
            state.settings.language = state.begins_next_in();
            at
        }
        (at, PanelAction::Hours) => {
            settings.hours = if settings.hours.is_some() { None } else { Some(Hours::USUAL) };
            at
        }
        (at, PanelAction::Move(end, later)) => {
            settings.hours = settings.hours.map(|hours| hours.moved(end, later));
            at
        }
        (_, PanelAction::NewPin) => PanelAt::NewPin { first: None, entry: PinEntry::new(PinTold::Nothing) },
        (at, PanelAction::Line(_) | PanelAction::Reason(_) | PanelAction::Spot(_) | PanelAction::Sleep) => at,
    };
    let changed = (state.settings != before).then(|| Effect::KeepSettings(state.settings.clone()));
    (at, changed)
}

fn to_signed(state: &State) -> (PanelAt, Option<Effect>) {
    let opening = state.only_class();
    (PanelAt::Classes { why: WhyClass::Signed, page: 0, opening }, opening.map(Effect::OpenClass))
}

fn choose_class(state: &mut State, at: PanelAt, place: usize) -> (PanelAt, Option<Effect>) {
    let PanelAt::Classes { why, page, .. } = at else { return (at, None) };
    let Some(class) = state.all_classes().nth(place).map(|c| c.id) else {
        return (PanelAt::Classes { why, page, opening: None }, None);
    };
    match why {
        WhyClass::Signed => {
            let at = PanelAt::Classes { why, page, opening: Some(class) };
            (at, Some(Effect::OpenClass(class)))
        }
        WhyClass::Mode => {
            state.settings.mode = Mode::Class(Some(class));
            (PanelAt::Menu, Some(Effect::KeepSettings(state.settings.clone())))
        }
    }
}

fn undo(state: &State, class: Signatures, place: usize, why: usize) -> (PanelAt, Option<Effect>) {
    let found = class.lines.get(place).and_then(|line| Some((line.who.person, line.record?)));
    let (Some((person, withdraws)), Some(reason)) = (found, reason(why)) else {
        return (PanelAt::Signed { class, page: 0 }, None);
    };
    let record = class.record;
    let undo = Undo { id: record, withdraws, reason, when: state.now.wall, device: state.device };
    let effect = Effect::Undo(Box::new(Undoing { undo, person }));
    (PanelAt::Undoing { class, place, record }, Some(effect))
}

/// The disk's word on an undoing.
pub(in crate::machine) fn undone(state: &mut State, record: RecordId, is_kept: bool) -> Vec<Effect> {
    let Screen::Panel(panel) = &mut state.screen else { return Vec::new() };
    let PanelAt::Undoing { class, place, record: asked } = &panel.at else { return Vec::new() };
    if *asked != record {
        return Vec::new();
    }
    let (class, place) = (class.clone(), *place);
    if is_kept {
        // Read anew: what is shown is what the disk says now.
        let id = class.class;
        panel.told = Some(PanelTold::Undone);
        panel.at = PanelAt::Classes { why: WhyClass::Signed, page: 0, opening: Some(id) };
        vec![Effect::OpenClass(id)]
    } else {
        panel.told = Some(PanelTold::NotUndone);
        panel.at = PanelAt::Undo { class, place };
        Vec::new()
    }
}

/// What came of a stick. Whoever has closed the panel meanwhile finds it under what waits.
pub(in crate::machine) fn stick_done(state: &mut State, number: u64, told: Result<StickTold, StickTrouble>) {
    if let Screen::Panel(panel) = &mut state.screen
        && matches!(panel.at, PanelAt::AtStick { number: asked, .. } if asked == number)
    {
        panel.at = PanelAt::StickDone(told);
        // Whoever waited for it is there: the panel stays for as long as after a press.
        state.touched = state.now.since_start;
    }
}

/// A class that the panel asked for. Tells whether it did.
pub(in crate::machine) fn class_opened(state: &mut State, opened: &OpenedClass) -> bool {
    let content = state.content.clone();
    let now = state.now.wall;
    let Screen::Panel(panel) = &mut state.screen else { return false };
    if !is_asked_for(panel, opened.class.id) {
        return false;
    }
    let Some(content) = content else { return false };
    let words = content.agreement_for(opened.class.audience).map(|place| content.digest(place));
    let today = content.day(now);
    let counts = |signed, day| Some(signed) == words && content.counts(today, day);
    let lines = opened.class.pupils.iter().map(|entry| {
        let here = opened.signed_here.iter();
        let mut here = here.filter(|s| s.person == entry.person && counts(s.words, s.day));
        let here = here.next();
        let told = entry.signed.iter().filter(|s| counts(s.words, s.day));
        let day = here.map(|s| s.day).or_else(|| told.map(|s| s.day).min());
        let who = Who { person: entry.person, name: entry.name.clone(), picture: entry.picture.clone() };
        Line { who, day, record: here.and_then(|s| s.record) }
    });
    let class = Signatures {
        class: opened.class.id,
        name: opened.class.name.clone(),
        lines: lines.collect(),
        record: opened.record,
    };
    panel.at = PanelAt::Signed { class, page: 0 };
    true
}

/// A class that the panel asked for cannot be read. Tells whether it did.
pub(in crate::machine) fn class_unavailable(state: &mut State, class: ClassId) -> bool {
    let Screen::Panel(panel) = &mut state.screen else { return false };
    let asked = is_asked_for(panel, class);
    if asked {
        *panel = Panel { at: PanelAt::Menu, told: Some(PanelTold::NoClass) };
    }
    asked
}

fn is_asked_for(panel: &Panel, class: ClassId) -> bool {
    matches!(&panel.at, PanelAt::Classes { why: WhyClass::Signed, opening: Some(id), .. } if *id == class)
}

fn type_pin(state: &mut State, at: PanelAt, action: Action) -> (PanelAt, Option<Effect>) {
    let PanelAt::NewPin { first, mut entry } = at else { return (at, None) };
    match action {
        Action::Digit(digit) => entry.type_digit(digit),
        Action::RubOut => entry.rub_out(),
        Action::Enter => {
            let Some(pin) = entry.pin() else { return (PanelAt::NewPin { first, entry }, None) };
            return match first {
                None => (PanelAt::NewPin { first: Some(pin), entry: PinEntry::new(PinTold::Nothing) }, None),
                Some(first) if first == pin => {
                    state.pin_tries += 1;
                    let number = state.pin_tries;
                    (PanelAt::KeepingPin(number), Some(Effect::ChangePin { number, pin }))
                }
                Some(_) => (PanelAt::NewPin { first: None, entry: PinEntry::new(PinTold::Differs) }, None),
            };
        }
        _ => {}
    }
    (PanelAt::NewPin { first, entry }, None)
}
