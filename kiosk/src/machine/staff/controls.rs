//! What can be pressed on the staff's screens.

use super::{
    Figures, Panel, PanelAt, PinEntry, SPOTS, Signatures, StickWay, Touched, lines_per_page, panel::REASONS,
};
use crate::machine::{
    Action, Control, End, Mode, Scanning, Screen, State, Word, Words,
    controls::{CLASSES, NAMES, part_of, turns},
};

/// What can be done in the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PanelAction {
    /// To what the kiosk is for.
    Modes,
    /// It is for this from now on.
    Mode(Mode),
    /// To the choice of the one class that signs here.
    OneClass,
    /// To who has signed.
    Signed,
    /// A pupil's line, by its place in the class.
    Line(usize),
    /// A reason for taking a signature back, by its place.
    Reason(usize),
    /// The next signature is helped, or not.
    Help,
    /// After one child the next, or not.
    NextChild,
    /// To what waits for the hub.
    Waits,
    /// A stick takes what waits, or brings back the answer.
    Stick(StickWay),
    /// To how it looks and sounds.
    Looks,
    /// To trying the touchscreen.
    Touch,
    /// A spot of it was touched.
    Spot(u8),
    /// Read aloud, or not.
    Sound,
    /// Stronger colours, or not.
    Contrast,
    /// The next size of text.
    Text,
    /// Nothing moves, or not.
    Motion,
    /// The next way to use switches, or none.
    Scanning,
    /// The next pace of the highlight.
    Pace,
    /// The next language in which visits begin.
    Language,
    /// It sleeps outside its hours, or never by itself.
    Hours,
    /// Half an hour sooner (`false`) or later (`true`).
    Move(End, bool),
    /// To another PIN.
    NewPin,
    /// It sleeps now.
    Sleep,
}

/// Whether the quiet corner for staff is on this screen: where nothing is lost if a stray finger comes to it. From every
/// other screen that waits for somebody a press or two lead to one that has it.
pub(in crate::machine) const fn has_corner(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::NotReady
            | Screen::Home
            | Screen::Asleep
            | Screen::ChooseClass { .. }
            | Screen::ChooseName(_)
            | Screen::AskTeacher
            | Screen::HasSigned(_)
            | Screen::ThankYou
    )
}

/// The way back and out of the panel.
pub(in crate::machine) fn navigation(panel: &Panel, words: &Words) -> Vec<Control> {
    let close = Control::new(Action::Finish, words.get(Word::PanelClose));
    let back = || Control::new(Action::Back, words.get(Word::NavBack));
    match panel.at {
        PanelAt::Menu | PanelAt::Undoing { .. } | PanelAt::KeepingPin(_) | PanelAt::AtStick { .. } => {
            vec![close]
        }
        _ => vec![back(), close],
    }
}

pub(in crate::machine) fn pad(state: &State, entry: &PinEntry, add: &mut impl FnMut(Control)) {
    let words = state.words();
    for digit in [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] {
        // None is the first: whoever types on a keyboard presses Enter to open, not a digit once more.
        add(Control::new(Action::Digit(digit), digit.to_string()));
    }
    if entry.count() > 0 {
        add(Control::new(Action::RubOut, words.get(Word::CodeRubOut)));
    }
    if entry.is_pin() {
        add(Control::new(Action::Enter, words.get(Word::PinEnter)));
    }
}

pub(in crate::machine) fn panel(state: &State, panel: &Panel, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let button = |action, word| Control::new(Action::Panel(action), words.get(word));
    match &panel.at {
        PanelAt::Menu => menu(state, add),
        PanelAt::Modes => modes(state, add),
        PanelAt::Classes { page, .. } => {
            let classes: Vec<_> = state.all_classes().collect();
            for place in part_of(classes.len(), *page, state.room) {
                let mut control = Control::new(Action::Class(place), &classes[place].name);
                control.main = place % state.room == 0;
                add(control);
            }
            turns((classes.len(), *page, state.room), CLASSES, words, add);
        }
        PanelAt::Signed { class, page } => signed(state, class, *page, add),
        PanelAt::Undo { .. } => {
            let reasons = [Word::UndoWrongChild, Word::UndoOnlyATry, Word::UndoAskedTo];
            for (place, word) in reasons.into_iter().enumerate().take(REASONS.len()) {
                let mut control = button(PanelAction::Reason(place), word);
                control.main = place == 0;
                add(control);
            }
        }
        PanelAt::Looks => looks(state, add),
        PanelAt::Touch(touched) => spots(*touched, words, add),
        PanelAt::NewPin { entry, .. } => pad(state, entry, add),
        PanelAt::Waits(Some(Figures { paired: true, .. })) => {
            let out = button(PanelAction::Stick(StickWay::Out), Word::StickOut).main();
            add(out.noted(words.get(Word::StickOutNote)));
            let back = button(PanelAction::Stick(StickWay::Back), Word::StickBack);
            add(back.noted(words.get(Word::StickBackNote)));
        }
        PanelAt::Waits(_)
        | PanelAt::Undoing { .. }
        | PanelAt::KeepingPin(_)
        | PanelAt::AtStick { .. }
        | PanelAt::StickDone(_) => {}
    }
}

fn menu(state: &State, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let button = |action, word| Control::new(Action::Panel(action), words.get(word));
    let settings = &state.settings;
    add(button(PanelAction::Modes, Word::PanelModes).noted(mode_in_words(state)).main());
    add(button(PanelAction::Signed, Word::PanelSigned).noted(words.get(Word::PanelSignedNote)));
    if settings.mode.has_pupils() {
        let help = button(PanelAction::Help, Word::PanelHelp).selected(state.is_helping());
        add(help.noted(words.get(Word::PanelHelpNote)));
        let next = button(PanelAction::NextChild, Word::PanelNext).selected(settings.next_child);
        add(next.noted(words.get(Word::PanelNextNote)));
    }
    add(button(PanelAction::Waits, Word::PanelWaits).noted(words.get(Word::PanelWaitsNote)));
    let has_languages = state.languages_to_begin_in().next().is_some();
    let looks = if has_languages { Word::PanelLooksLanguageNote } else { Word::PanelLooksNote };
    add(button(PanelAction::Looks, Word::PanelLooks).noted(words.get(looks)));
    add(button(PanelAction::Touch, Word::PanelTouch).noted(words.get(Word::PanelTouchNote)));
    add(button(PanelAction::NewPin, Word::PanelPin).noted(words.get(Word::PanelPinNote)));
    add(button(PanelAction::Sleep, Word::PanelSleep).noted(words.get(Word::PanelSleepNote)));
}

/// What the kiosk is for, in words.
pub(crate) fn mode_in_words(state: &State) -> String {
    let words = state.words();
    match state.settings.mode {
        Mode::Everybody => words.get(Word::ModeEverybody).to_owned(),
        Mode::Class(None) => words.get(Word::ModePupils).to_owned(),
        Mode::Class(Some(id)) => match state.all_classes().find(|c| c.id == id) {
            Some(class) => words.fill(Word::ModeOne, &[("class", &class.name)]),
            None => words.get(Word::ModeGone).to_owned(),
        },
        Mode::OpenEvening => words.get(Word::ModeEvening).to_owned(),
        Mode::StaffRoom => words.get(Word::ModeStaffRoom).to_owned(),
        Mode::Entrance => words.get(Word::ModeEntrance).to_owned(),
    }
}

fn modes(state: &State, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let now = state.settings.mode;
    let choice = |action, word, note, chosen| {
        Control::new(Action::Panel(action), words.get(word)).noted(words.get(note)).selected(chosen)
    };
    let one = matches!(now, Mode::Class(Some(_)));
    let mode = |mode, word, note| choice(PanelAction::Mode(mode), word, note, now == mode);
    let mut class = choice(PanelAction::OneClass, Word::ModeClass, Word::ModeClassNote, one).main();
    if one {
        class.note = Some(mode_in_words(state));
    }
    add(class);
    add(mode(Mode::Class(None), Word::ModePupils, Word::ModePupilsNote));
    add(mode(Mode::OpenEvening, Word::ModeEvening, Word::ModeEveningNote));
    add(mode(Mode::StaffRoom, Word::ModeStaffRoom, Word::ModeStaffRoomNote));
    add(mode(Mode::Entrance, Word::ModeEntrance, Word::ModeEntranceNote));
    add(mode(Mode::Everybody, Word::ModeEverybody, Word::ModeEverybodyNote));
}

fn signed(state: &State, class: &Signatures, page: usize, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let mut first = true;
    let per_page = lines_per_page(state.settings.text);
    for place in part_of(class.lines.len(), page, per_page) {
        let line = &class.lines[place];
        if line.can_be_undone() {
            let mut control = Control::new(Action::Panel(PanelAction::Line(place)), &line.who.name);
            control.note = line.day.map(|day| words.fill(Word::SignedDay, &[("day", &day.in_words())]));
            control.main = std::mem::take(&mut first);
            add(control);
        }
    }
    turns((class.lines.len(), page, per_page), NAMES, words, add);
}

fn spots(touched: Touched, words: &Words, add: &mut impl FnMut(Control)) {
    for spot in 0..SPOTS {
        let label = words.fill(Word::TouchSpot, &[("number", &(spot + 1).to_string())]);
        let control = Control::new(Action::Panel(PanelAction::Spot(spot)), label);
        add(control.selected(touched.has(spot)));
    }
}

/// In which language visits begin. A language is called what it calls itself, which whoever sets this may not read: its
/// tag stands beside that.
fn language_in_words(state: &State) -> String {
    let language = match state.begins_in() {
        Some(spoken) => format!("{} ({})", spoken.name, spoken.language),
        None => "English".to_owned(),
    };
    state.words().fill(Word::LooksLanguage, &[("language", &language)])
}

fn looks(state: &State, add: &mut impl FnMut(Control)) {
    let words = state.words();
    let settings = &state.settings;
    let switch = |action, word, on| Control::new(Action::Panel(action), words.get(word)).selected(on);
    add(switch(PanelAction::Contrast, Word::LooksContrast, settings.high_contrast).main());
    add(switch(PanelAction::Sound, Word::LooksSound, settings.sound));
    let button = |action, label| Control::new(Action::Panel(action), label);
    let percent = settings.text.percent().to_string();
    add(button(PanelAction::Text, words.fill(Word::LooksText, &[("percent", &percent)]))
        .noted(words.get(Word::LooksTextNote)));
    let motion = switch(PanelAction::Motion, Word::LooksMotion, settings.reduced_motion);
    add(motion.noted(words.get(Word::LooksMotionNote)));
    let (scanning, note) = match settings.scanning {
        Scanning::Off => (Word::LooksNoSwitch, Word::LooksNoSwitchNote),
        Scanning::OneSwitch => (Word::LooksOneSwitch, Word::LooksOneSwitchNote),
        Scanning::TwoSwitches => (Word::LooksTwoSwitches, Word::LooksTwoSwitchesNote),
    };
    add(button(PanelAction::Scanning, words.get(scanning).to_owned()).noted(words.get(note)));
    if settings.scanning == Scanning::OneSwitch {
        let seconds = (settings.pace.rest() as f64 / 1000.0).to_string();
        let label = words.fill(Word::LooksPace, &[("seconds", &seconds)]);
        add(button(PanelAction::Pace, label).noted(words.get(Word::LooksPaceNote)));
    }
    if state.languages_to_begin_in().next().is_some() {
        add(button(PanelAction::Language, language_in_words(state)).noted(words.get(Word::LooksLanguageNote)));
    }
    add(switch(PanelAction::Hours, Word::LooksHours, settings.hours.is_some()));
    let Some(hours) = settings.hours else { return };
    let moves = [
        (End::Wakes, Word::LooksWakesSooner, Word::LooksWakesLater),
        (End::Sleeps, Word::LooksSleepsSooner, Word::LooksSleepsLater),
    ];
    for (end, sooner, later) in moves {
        for (is_later, word) in [(false, sooner), (true, later)] {
            if hours.moved(end, is_later) != hours {
                add(Control::new(Action::Panel(PanelAction::Move(end, is_later)), words.get(word)));
            }
        }
    }
}
