//! The PIN and the teacher's panel: modes, undoing, help, the next child, sleep. Without a disk or a window.

use std::collections::{BTreeMap, BTreeSet};

use kiosk::machine::{
    ASK_AFTER, AWAKE_FOR, Action, Effect, Event, Figures, HELP_FOR, Hours, LocalSigned, Mode, Now,
    PANEL_AFTER, PIN_LEAST, PanelAction, PanelAt, Screen, Settings, State, StickTold, StickTrouble, StickWay,
    controls, update,
};
use records::{
    day::Moment,
    ids::{ClassId, RecordId},
    signature::Mark,
};

use crate::{
    households::asking_state,
    machine::nothing_of_anybody,
    school::{acorn, alt, oak, opened, person, press, state, telling_state},
};

/// A Monday in term, 10:40 in London.
const MORNING: i64 = 1_790_070_000;

fn has(state: &State, label: &str) -> bool {
    controls(state).iter().any(|c| c.label == label)
}

fn wait(state: &mut State, milliseconds: u64) -> Vec<Effect> {
    let since_start = state.now.since_start + milliseconds;
    let wall = Moment(state.now.wall.0 + (milliseconds / 1000) as i64);
    update(state, Event::Tick(Now { since_start, wall }))
}

/// At a moment of the wall clock, `seconds` after [`MORNING`].
fn at(state: &mut State, seconds: i64) {
    let now = Now { since_start: state.now.since_start, wall: Moment(MORNING + seconds) };
    update(state, Event::Tick(now));
}

fn with_pin(mut state: State) -> State {
    update(&mut state, Event::HasPin(true));
    state
}

/// To the panel, by a PIN that is right.
pub(crate) fn to_panel(state: &mut State) {
    press(state, "For staff");
    for digit in ["4", "8", "2", "9", "1", "5"] {
        press(state, digit);
    }
    let effects = press(state, "Open");
    let [Effect::TryPin { number, pin }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(pin.digits(), "482915");
    update(state, Event::PinRight(*number));
    assert_eq!(state.screen.name(), "panel");
}

fn in_mode(mode: Mode) -> State {
    let mut state = match mode {
        Mode::OpenEvening => asking_state(),
        _ => state(),
    };
    update(&mut state, Event::Settings(Settings { mode, ..Settings::default() }));
    with_pin(state)
}

fn every_mode() -> [Mode; 5] {
    [
        Mode::Everybody,
        Mode::Class(None),
        Mode::Class(Some(acorn())),
        Mode::Class(Some(oak())),
        Mode::OpenEvening,
    ]
}

/// What a state shows, and what a person would have chosen to come here: states of one face go on alike.
fn face(state: &State) -> String {
    let shown: Vec<_> = controls(state).iter().map(|c| format!("{:?} {:?}", c.label, c.selected)).collect();
    let statement = state.statement().map(|s| &s.words);
    let (mode, next, helps) = (state.settings.mode, state.settings.next_child, state.is_helping());
    let typed = match &state.screen {
        Screen::Pin(entry) => entry.count(),
        Screen::Panel(panel) => match &panel.at {
            PanelAt::NewPin { entry, .. } => entry.count(),
            _ => 0,
        },
        _ => 0,
    };
    let typed = typed.min(PIN_LEAST);
    format!("{} {statement:?} {} {mode:?} {next} {helps} {typed}", state.screen.name(), shown.join(" "))
}

/// Every state that can be reached from one by every control of every screen, searched and not sampled. `is_right`
/// says what the disk answers to a PIN.
fn reachable(from: State, is_right: bool) -> BTreeMap<String, State> {
    let mut met: BTreeMap<String, State> = BTreeMap::new();
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        let face = face(&state);
        if met.contains_key(&face) {
            continue;
        }
        // A family's code has more faces than can be searched, and a search of its own.
        let of_code = |action| matches!(action, Action::Type(_) | Action::Cell(_));
        // Fifteen squares in any order have too many faces as well: two tell what the others do.
        let of_square = |action| matches!(action, Action::Panel(PanelAction::Spot(2..)));
        let left_out = |action| of_code(action) || of_square(action);
        for control in controls(&state).into_iter().filter(|c| !left_out(c.action)) {
            let mut next = state.clone();
            let effects = update(&mut next, Event::Press(control.action));
            if next.wants_chance() {
                update(&mut next, Event::Chance([9; 16]));
            }
            for effect in effects {
                let mut other = next.clone();
                match effect {
                    Effect::OpenClass(class) => {
                        update(&mut other, Event::ClassUnavailable(class));
                        update(&mut next, signed_here(class));
                    }
                    Effect::Save(signature) => {
                        update(&mut other, Event::NotSaved(signature.id));
                        update(&mut next, Event::Saved(signature.id));
                    }
                    Effect::Undo(undoing) => {
                        update(&mut other, Event::NotSaved(undoing.undo.id));
                        for effect in update(&mut next, Event::Saved(undoing.undo.id)) {
                            if let Effect::OpenClass(class) = effect {
                                update(&mut next, signed_here(class));
                            }
                        }
                    }
                    Effect::Tell { told, .. } => {
                        update(&mut other, Event::NotTold(told));
                        update(&mut next, Event::Told(told));
                    }
                    Effect::TryPin { number, .. } if is_right => {
                        update(&mut next, Event::PinRight(number));
                    }
                    Effect::TryPin { number, .. } => {
                        update(&mut other, Event::PinTrouble(number));
                        update(&mut next, Event::PinSlowed(30_000));
                        update(&mut next, Event::PinWrong(number));
                    }
                    Effect::ChangePin { number, .. } => {
                        update(&mut other, Event::PinTrouble(number));
                        update(&mut next, Event::PinChanged(number));
                    }
                    Effect::Figures => {
                        let figures = Figures { waiting: 3, paired: true, ..Figures::default() };
                        update(&mut next, Event::Figures(figures));
                    }
                    Effect::Stick { number, way } => {
                        // Also nothing yet, and the answer of a try from before.
                        open.push(next.clone());
                        update(&mut next, Event::Stick(number + 1, Err(StickTrouble::Gone)));
                        update(&mut other, Event::Stick(number, Err(StickTrouble::NoStick)));
                        let told = match way {
                            StickWay::Out => StickTold::Written { records: 3, boxes: 1 },
                            StickWay::Back => {
                                StickTold::Brought { acknowledged: 3, pack: true, people: true }
                            }
                        };
                        update(&mut next, Event::Stick(number, Ok(told)));
                    }
                    Effect::OpenFamily { number, .. } => {
                        update(&mut next, Event::FamilyUnknown(number));
                    }
                    _ => {}
                }
                open.push(other);
            }
            open.push(next);
        }
        met.insert(face, state);
    }
    met
}

/// The class, with Amira's signature made here.
fn signed_here(class: ClassId) -> Event {
    let content = state().content.unwrap();
    let here = [(acorn(), 0, 1, 4), (oak(), 1, 2, 3)].into_iter().filter(|one| one.0 == class);
    let here = here.map(|(_, agreement, of, place)| LocalSigned {
        person: person(of, place),
        words: content.digest(agreement),
        day: "2026-11-28".parse().unwrap(),
        record: Some(RecordId::from_bytes([77; 16])),
    });
    opened(class, here.collect(), 5)
}

fn time_alone(state: &mut State) {
    // While it is slowed a screen counts the seconds.
    for _ in 0..100 {
        let Some(deadline) = state.next_deadline() else { return };
        let since_start = deadline.max(state.now.since_start);
        update(state, Event::Tick(Now { since_start, wall: state.now.wall }));
    }
}

fn screens(met: &BTreeMap<String, State>) -> BTreeSet<&'static str> {
    met.values().map(|state| state.screen.name()).collect()
}

#[test]
fn without_the_pin_no_way_leads_into_the_panel_and_time_alone_leads_to_a_start_that_holds_nothing() {
    let starts = every_mode().map(|mode| (mode, true, in_mode(mode)));
    let telling = (Mode::Everybody, true, with_pin(telling_state()));
    for (mode, pin, begin) in starts.into_iter().chain([telling, (Mode::Everybody, false, state())]) {
        {
            let met = reachable(begin, false);
            let seen = screens(&met);
            assert!(!seen.iter().any(|name| name.starts_with("panel")), "{mode:?}: {seen:?}");
            assert!(seen.contains(if pin { "pin" } else { "no-pin" }), "{mode:?}: {seen:?}");
            for state in met.values() {
                // Whatever is pressed, and whatever the disk says late.
                for number in 0..4 {
                    let mut late = state.clone();
                    update(&mut late, Event::PinChanged(number));
                    update(&mut late, Event::Figures(Figures::default()));
                    update(&mut late, Event::Stick(number, Err(StickTrouble::Gone)));
                    assert!(!late.screen.name().starts_with("panel"));
                }
                let mut left = state.clone();
                time_alone(&mut left);
                assert_eq!(left.screen.name(), "home", "{mode:?} from {}", state.screen.name());
                nothing_of_anybody(&left);
            }
        }
    }
}

#[test]
fn from_everywhere_in_the_panel_time_alone_closes_it_and_nothing_of_anybody_is_left() {
    // Every mode is chosen on the way; what a family then does has a search of its own.
    {
        let mode = Mode::Everybody;
        let met = reachable(in_mode(mode), true);
        let seen = screens(&met);
        for name in [
            "panel",
            "panel-modes",
            "panel-classes",
            "panel-signed",
            "panel-undo",
            "panel-waits",
            "panel-at-stick",
            "panel-stick-done",
            "panel-stick-trouble",
            "panel-looks",
            "panel-touch",
            "panel-new-pin",
            "panel-new-pin-again",
            "asleep",
        ] {
            assert!(seen.contains(name), "{mode:?}: {name} was never reached: {seen:?}");
        }
        for state in met.values() {
            let mut left = state.clone();
            time_alone(&mut left);
            // What it is for may have been changed on the way to something that this school does not have.
            assert!(["home", "not-ready", "asleep"].contains(&left.screen.name()), "{}", left.screen.name());
            nothing_of_anybody(&left);
            if state.screen.name().starts_with("panel") {
                let mut left = state.clone();
                wait(&mut left, PANEL_AFTER);
                assert!(
                    !left.screen.name().starts_with("panel"),
                    "the panel stays open at {}",
                    state.screen.name()
                );
            }
        }
    }
}

#[test]
fn in_the_mode_of_one_class_no_other_name_can_be_reached_and_at_an_open_evening_none_at_all() {
    let names = |mode| {
        let met = reachable(in_mode(mode), false);
        met.values().fold(BTreeSet::new(), |mut opened, state| {
            if let Screen::ChooseName(choose) = &state.screen {
                opened.insert(choose.class_name.clone());
            }
            opened
        })
    };
    let set = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(names(Mode::Class(Some(oak()))), set(&["Oak"]));
    assert_eq!(names(Mode::Class(None)), set(&["Acorn", "Oak"]));
    assert_eq!(names(Mode::OpenEvening), set(&[]));
}

#[test]
fn a_class_of_its_own_begins_at_its_names_and_goes_on_to_the_next_child() {
    let mut state = in_mode(Mode::Class(Some(acorn())));
    let effects = press(&mut state, "Sign our promise");
    assert!(matches!(effects.as_slice(), [Effect::OpenClass(class)] if *class == acorn()));
    assert!(!has(&state, "Oak"), "no other class is even named");
    update(&mut state, opened(acorn(), Vec::new(), 5));
    assert_eq!(state.screen.name(), "choose-name");
    press(&mut state, "Back");
    assert_eq!(state.screen.name(), "home");

    to_panel(&mut state);
    let effects = press(&mut state, "Next child at once");
    assert!(matches!(effects.as_slice(), [Effect::KeepSettings(Settings { next_child: true, .. })]));
    press(&mut state, "Close the panel");
    let signature = sign(&mut state, "Amira", 6);
    update(&mut state, Event::Saved(signature));
    let effects = press(&mut state, "Next child");
    assert!(effects.iter().any(|e| matches!(e, Effect::Wiped)));
    assert!(effects.iter().any(|e| matches!(e, Effect::OpenClass(class) if *class == acorn())));
    nothing_of_anybody(&state);
    update(&mut state, opened(acorn(), Vec::new(), 7));
    assert_eq!(state.screen.name(), "choose-name");
}

/// From the start to a signature on its way to the disk.
fn sign(state: &mut State, name: &str, record: u8) -> RecordId {
    press(state, "Sign our promise");
    update(state, opened(acorn(), Vec::new(), record));
    press(state, name);
    press(state, "Let’s go");
    for _ in 0..3 {
        press(state, "Yes, I will");
    }
    press(state, &alt("star"));
    let effects = press(state, "I’m done");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(signature.mark, Mark::Sticker(_)));
    signature.id
}

#[test]
fn the_next_signature_after_a_teacher_said_so_is_helped_and_only_that() {
    let mut state = in_mode(Mode::Class(Some(acorn())));
    to_panel(&mut state);
    press(&mut state, "Help the next child");
    press(&mut state, "Close the panel");
    let helped = |state: &mut State, name: &str, record: u8| {
        press(state, "Sign our promise");
        update(state, opened(acorn(), Vec::new(), record));
        press(state, name);
        press(state, "Let’s go");
        for _ in 0..3 {
            press(state, "Yes, I will");
        }
        press(state, &alt("star"));
        let takes_back = has(state, "A grown-up helped me");
        let effects = press(state, "I’m done");
        let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
        update(state, Event::Saved(signature.id));
        press(state, "Finish");
        (signature.helped, takes_back)
    };
    assert_eq!(helped(&mut state, "Amira", 6), (true, false), "and no slip of a finger takes it back");
    assert_eq!(helped(&mut state, "Ben", 7), (false, true));

    to_panel(&mut state);
    press(&mut state, "Help the next child");
    press(&mut state, "Close the panel");
    wait(&mut state, HELP_FOR);
    assert!(!helped(&mut state, "Chidi", 8).0, "whoever comes much later was not helped");
}

#[test]
fn a_signature_is_taken_back_by_its_id_with_a_reason_and_what_the_disk_says_is_told() {
    let mut state = in_mode(Mode::Class(Some(acorn())));
    to_panel(&mut state);
    press(&mut state, "Who has signed");
    update(&mut state, signed_here(acorn()));
    let Screen::Panel(panel) = &state.screen else { panic!() };
    let kiosk::machine::PanelAt::Signed { class, .. } = &panel.at else { panic!() };
    assert_eq!((class.signed(), class.lines.len()), (5, 30), "four from the roster, and one from here");
    assert!(
        has(&state, "Amira") && !has(&state, "Alfie") && !has(&state, "Ben"),
        "what was made here can be taken back"
    );
    press(&mut state, "Amira");
    let effects = press(&mut state, "It was another child");
    let [Effect::Undo(undoing)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(undoing.undo.withdraws, RecordId::from_bytes([77; 16]));
    assert_eq!(undoing.undo.id, RecordId::from_bytes([5; 16]));
    assert_eq!(undoing.undo.reason.as_str(), "wrong-child");
    assert_eq!(undoing.person, person(1, 4));
    update(&mut state, Event::NotSaved(undoing.undo.id));
    assert_eq!(state.screen.name(), "panel-undo", "nothing is said to be done that is not");
    let again = press(&mut state, "It was another child");
    let [Effect::Undo(again)] = again.as_slice() else { panic!("{again:?}") };
    assert_eq!(again.undo, undoing.undo, "the same record, so that it can never be two");
    let effects = update(&mut state, Event::Saved(undoing.undo.id));
    assert!(matches!(effects.as_slice(), [Effect::OpenClass(class)] if *class == acorn()), "it is read anew");
    update(&mut state, opened(acorn(), Vec::new(), 6));
    assert!(!has(&state, "Amira"));
}

#[test]
fn a_pin_that_is_not_right_opens_nothing_and_too_many_are_slowed() {
    let mut state = in_mode(Mode::Everybody);
    press(&mut state, "For staff");
    for _ in 0..3 {
        press(&mut state, "1");
        assert!(!has(&state, "Open"), "too short");
    }
    press(&mut state, "1");
    let effects = press(&mut state, "Open");
    let [Effect::TryPin { number, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    update(&mut state, Event::PinRight(number + 1));
    assert_eq!(state.screen.name(), "trying-pin", "another try's answer opens nothing");
    update(&mut state, Event::PinSlowed(30_000));
    update(&mut state, Event::PinWrong(*number));
    assert_eq!(state.screen.name(), "pin");
    assert!(!has(&state, "1") && has(&state, "Back"), "nothing can be typed while it is slowed");
    update(&mut state, Event::Press(Action::Digit(1)));
    wait(&mut state, 30_000);
    assert!(has(&state, "1"));
    wait(&mut state, PANEL_AFTER);
    assert_eq!(state.screen.name(), "home");
    update(&mut state, Event::PinRight(*number));
    assert_eq!(state.screen.name(), "home", "an answer that comes late opens nothing");
}

#[test]
fn without_a_pin_the_panel_says_how_one_is_set_and_finds_one_that_was_set_meanwhile() {
    let mut state = state();
    let effects = press(&mut state, "For staff");
    assert!(matches!(effects.as_slice(), [Effect::LookForPin]));
    update(&mut state, Event::HasPin(false));
    assert_eq!(state.screen.name(), "no-pin");
    press(&mut state, "Back");
    press(&mut state, "For staff");
    update(&mut state, Event::HasPin(true));
    assert_eq!(state.screen.name(), "pin");
}

#[test]
fn a_new_pin_is_typed_twice_the_same() {
    let mut state = in_mode(Mode::Everybody);
    let typed = |state: &mut State, digits: &str| {
        for digit in digits.chars() {
            press(state, &digit.to_string());
        }
        press(state, "Open")
    };
    to_panel(&mut state);
    press(&mut state, "Change the PIN");
    assert!(typed(&mut state, "123456").is_empty());
    assert_eq!(state.screen.name(), "panel-new-pin-again");
    assert!(typed(&mut state, "123457").is_empty());
    assert_eq!(state.screen.name(), "panel-new-pin", "from the beginning");
    typed(&mut state, "907060");
    let effects = typed(&mut state, "907060");
    let [Effect::ChangePin { number, pin }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(pin.digits(), "907060");
    update(&mut state, Event::PinChanged(*number));
    assert_eq!(state.screen.name(), "panel");
}

#[test]
fn outside_its_hours_a_kiosk_sleeps_touch_wakes_it_within_them_and_staff_at_any_time() {
    let mut state = in_mode(Mode::Everybody);
    let settings = Settings { hours: Some(Hours::USUAL), ..Settings::default() };
    update(&mut state, Event::Settings(settings));
    at(&mut state, 0);
    wait(&mut state, ASK_AFTER);
    assert_eq!(state.screen.name(), "home");
    // 19:40: a child who is in the middle is not put to sleep.
    press(&mut state, "Sign our promise");
    at(&mut state, 9 * 3600);
    assert_eq!(state.screen.name(), "choose-class");
    press(&mut state, "Back");
    wait(&mut state, ASK_AFTER - 1000);
    assert_eq!(state.screen.name(), "home");
    wait(&mut state, 1000);
    assert_eq!(state.screen.name(), "asleep");
    assert!(!has(&state, "Touch to wake it") && has(&state, "For staff"));
    update(&mut state, Event::Press(Action::Wake));
    update(&mut state, Event::Stir);
    assert_eq!(state.screen.name(), "asleep", "no touch wakes it at night");
    to_panel(&mut state);
    press(&mut state, "Close the panel");
    wait(&mut state, ASK_AFTER * 10);
    assert_eq!(state.screen.name(), "home", "an evening that staff began");
    wait(&mut state, AWAKE_FOR);
    assert_eq!(state.screen.name(), "asleep", "and that everybody has left");
    at(&mut state, 23 * 3600);
    press(&mut state, "Touch to wake it");
    assert_eq!(state.screen.name(), "home");
    nothing_of_anybody(&state);

    to_panel(&mut state);
    press(&mut state, "Let it sleep");
    assert_eq!(state.screen.name(), "asleep");
    press(&mut state, "Touch to wake it");
    assert_eq!(state.screen.name(), "home");
}

#[test]
fn a_class_that_is_not_there_any_more_leaves_no_child_before_a_closed_door() {
    let state = in_mode(Mode::Class(Some(ClassId::from_bytes([200; 16]))));
    assert_eq!(state.screen.name(), "home");
    assert_eq!(state.classes_on_show().count(), 2);
    let mut state = state;
    to_panel(&mut state);
    let modes = controls(&state).into_iter().find(|c| c.action == Action::Panel(PanelAction::Modes)).unwrap();
    assert!(modes.note.unwrap().contains("not here any more"));
}
