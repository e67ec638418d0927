//! A child's own words in telling: optional, where older children are, and gone when it is over.

use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::{
    machine::{Action, Effect, Event, Key as Letter, Mode, Scanning, State, controls, update},
    storage::Store,
};
use records::{
    report::{Contents, REPORT_WORDS, Report, Role as Holder},
    report_box as sealed_box, report_envelope,
};

use crate::{
    journeys::Kiosk,
    machine::nothing_left,
    pictures::look,
    school::{Hub, acorn, oak, press_with_chance as press, speaking, telling_draft, telling_state},
    switches::{choose, kiosk_with, using},
};

const ENTRY: &str = "I didn’t like something";
const TO_CHECK: [&str; 8] = [
    ENTRY,
    "I want to tell",
    "I want to tell",
    "Worried",
    "I got a message",
    "In a game",
    "I don’t know them",
    "No, not now",
];
const WRITE: &str = "I want to write too";

fn at_check() -> State {
    let mut state = telling_state();
    TO_CHECK.iter().for_each(|label| drop(press(&mut state, label)));
    assert_eq!(state.screen.name(), "tell-check");
    state
}

fn typed(state: &mut State, words: &str) {
    words.chars().for_each(|letter| drop(update(state, Event::Type(letter))));
}

fn given(effects: &[Effect]) -> &Report {
    let [Effect::Tell { report, .. }] = effects else { panic!("{effects:?}") };
    report
}

#[test]
fn what_a_child_writes_goes_with_the_pictures_and_may_be_taken_back() {
    let mut state = at_check();
    press(&mut state, WRITE);
    assert_eq!(state.screen.name(), "tell-words");
    for key in [Letter::Letter('h'), Letter::Letter('e'), Letter::Space, Letter::Letter('k'), Letter::RubOut]
    {
        update(&mut state, Event::Press(Action::Key(key)));
    }
    typed(&mut state, "wrote. why?");
    press(&mut state, "That is all");
    let mut taken_back = state.clone();
    let effects = press(&mut state, "Yes, give it in");
    assert_eq!(given(&effects).words.as_deref(), Some("He wrote. why?"));
    assert_eq!(given(&effects).feeling.as_ref().unwrap().as_str(), "worried");
    press(&mut taken_back, "Change what I wrote");
    update(&mut taken_back, Event::Write(String::new()));
    press(&mut taken_back, "I don’t want to write");
    assert_eq!(given(&press(&mut taken_back, "Yes, give it in")).words, None);
}

#[test]
fn words_alone_can_be_told_too() {
    let mut state = telling_state();
    TO_CHECK[..3].iter().for_each(|label| drop(press(&mut state, label)));
    for _ in 0..5 {
        press(&mut state, "I don’t want to say");
    }
    assert!(!controls(&state).iter().any(|c| c.action == Action::GiveIn));
    press(&mut state, WRITE);
    typed(&mut state, "Help");
    press(&mut state, "That is all");
    let effects = press(&mut state, "Yes, give it in");
    assert_eq!(given(&effects).words.as_deref(), Some("Help"));
}

#[test]
fn where_only_the_youngest_are_nobody_is_asked_to_write() {
    for (class, asks) in [(acorn(), false), (oak(), true)] {
        let mut state = telling_state();
        state.settings.mode = Mode::Class(Some(class));
        TO_CHECK.iter().for_each(|label| drop(press(&mut state, label)));
        assert_eq!(controls(&state).iter().any(|c| c.action == Action::Write), asks);
        if !asks {
            update(&mut state, Event::Press(Action::Write));
            assert_eq!(state.screen.name(), "tell-check");
        }
    }
}

#[test]
fn four_hundred_letters_of_any_kind_fit_beside_the_longest_name_and_come_to_the_two_it_is_for() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk(room.path());
    let mut state = telling_state();
    TO_CHECK[..7].iter().for_each(|label| drop(press(&mut state, label)));
    press(&mut state, "Yes, with me");
    press(&mut state, "Oak");
    let Event::ClassOpened(mut opened) = crate::school::opened(oak(), Vec::new(), 5) else { panic!() };
    opened.class.pupils[0].name = "Wolfeschlegelsteinhausenbergerdorff-ế ".repeat(3);
    let name = opened.class.pupils[0].name.clone();
    update(&mut state, Event::ClassOpened(opened));
    press(&mut state, &name);
    press(&mut state, WRITE);
    // As assistive technology may write it: nothing that can be typed takes more bytes.
    update(&mut state, Event::Write("ế".repeat(REPORT_WORDS + 50)));
    press(&mut state, "That is all");
    let effects = press(&mut state, "Yes, give it in");
    let report = given(&effects).clone();
    assert_eq!(report.words.as_ref().unwrap().chars().count(), REPORT_WORDS, "none of them is lost");
    let mut store = Store::open(folder.clone()).unwrap().0;
    let Effect::Tell { route, .. } = &effects[0] else { panic!() };
    store.visited(Some((*route, report.clone()))).unwrap();
    let sealed = std::fs::read(room.path().join("report.box")).unwrap();
    let envelopes = sealed_box::open(&sealed, store.device().id(), &hub.office).unwrap();
    let key = &hub.roles[Holder::Safeguarding as usize];
    let mut read = envelopes.iter().filter_map(|one| match report_envelope::open(&one[..], key) {
        Ok(Contents::Report(report)) => Some(report),
        _ => None,
    });
    assert_eq!(*read.next().unwrap(), report);
}

#[test]
fn a_name_that_leaves_too_little_room_shortens_the_words_and_costs_no_report() {
    let mut state = at_check();
    press(&mut state, WRITE);
    update(&mut state, Event::Write("ế".repeat(REPORT_WORDS)));
    for label in ["That is all", "Back", "Yes, with me", "Oak"] {
        press(&mut state, label);
    }
    let Event::ClassOpened(mut opened) = crate::school::opened(oak(), Vec::new(), 5) else { panic!() };
    opened.class.pupils[0].name = "X".repeat(900);
    update(&mut state, Event::ClassOpened(opened));
    press(&mut state, &"X".repeat(900));
    let effects = press(&mut state, "Yes, give it in");
    let report = given(&effects);
    let contents = Contents::Report(Box::new(report.clone()));
    assert!(records::codec::encode(&contents).len() <= report_envelope::CONTENTS_MAX);
    assert!(report.words.as_ref().unwrap().chars().count() > 200, "as much as there is room for");
}

#[test]
fn hiding_takes_the_words_away_at_once_and_time_does_too() {
    let mut state = at_check();
    press(&mut state, WRITE);
    typed(&mut state, "He wrote Zyzzyva");
    let hidden = state.clone();
    let effects = press(&mut state, "Hide");
    assert!(matches!(effects[0], Effect::Wiped));
    nothing_left(&state);
    assert!(!format!("{hidden:?}").contains("yzzyva"), "nor are they in any message");
    let mut left = hidden;
    for _ in 0..4 {
        let Some(deadline) = left.next_deadline() else { break };
        let now = left.now;
        update(&mut left, Event::Tick(kiosk::machine::Now { since_start: deadline, ..now }));
    }
    nothing_left(&left);
}

fn told_to_assistive_technology(kiosk: &Kiosk, words: &str) -> bool {
    let all = kiosk.harness.root();
    let mut open = vec![all];
    while let Some(node) = open.pop() {
        let one = node.accesskit_node();
        let said = [one.label(), one.value()];
        if said.iter().flatten().any(|said| said.contains(words)) {
            return true;
        }
        open.extend(node.children());
    }
    false
}

#[test]
fn a_child_writes_with_a_finger_and_with_a_keyboard_and_nothing_of_it_is_told_when_it_is_over() {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(telling_draft()));
    kiosk.settle();
    update(&mut kiosk.harness.state_mut().running.state, Event::Chance([7; 16]));
    TO_CHECK.iter().for_each(|label| kiosk.press(label));
    look(&mut kiosk, "tell-check-write");
    kiosk.press(WRITE);
    kiosk.press("H");
    kiosk.press("i");
    kiosk.harness.event(egui::Event::Text(" there. ".into()));
    kiosk.settle();
    kiosk.harness.event(egui::Event::Text("It was not kind, and I did not answer".into()));
    look(&mut kiosk, "tell-words");
    assert!(
        told_to_assistive_technology(&kiosk, "Hi there. It was not kind"),
        "the field says what is in it"
    );
    kiosk.press_by_key("That is all", Key::Enter);
    look(&mut kiosk, "tell-check-written");
    assert!(told_to_assistive_technology(&kiosk, "Hi there."));
    // The keyboard is in the field, and a space is a space.
    kiosk.press_by_key("Change what I wrote", Key::Enter);
    kiosk.harness.key_press(Key::Space);
    kiosk.settle();
    assert_eq!(kiosk.screen(), "tell-words");
    kiosk.harness.get_by_role_and_label(Role::Button, "Hide").click();
    kiosk.harness.step();
    kiosk.harness.step();
    assert_eq!(kiosk.screen(), "home", "two pictures are 100 ms");
    assert!(!told_to_assistive_technology(&kiosk, "not kind"));
    kiosk.settle();
    assert!(!told_to_assistive_technology(&kiosk, "not kind"));

    TO_CHECK.iter().for_each(|label| kiosk.press(label));
    kiosk.press(WRITE);
    kiosk.harness.event(egui::Event::Text("Zyzzyva".into()));
    kiosk.settle();
    kiosk.press("That is all");
    kiosk.press("Yes, give it in");
    assert_eq!(kiosk.screen(), "told");
    assert!(!told_to_assistive_technology(&kiosk, "yzzyva"));
}

#[test]
fn four_hundred_letters_are_all_on_the_screen() {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(telling_draft()));
    kiosk.settle();
    update(&mut kiosk.harness.state_mut().running.state, Event::Chance([7; 16]));
    TO_CHECK.iter().for_each(|label| kiosk.press(label));
    kiosk.press(WRITE);
    let words =
        "Somebody whom I do not know writes to me in the game each day and asks for things. ".repeat(5);
    kiosk.harness.event(egui::Event::Text(words));
    look(&mut kiosk, "tell-words-full");
    kiosk.press("That is all");
    look(&mut kiosk, "tell-check-full");
}

#[test]
fn a_child_writes_with_two_switches() {
    let mut kiosk = kiosk_with(using(Scanning::TwoSwitches), &speaking(telling_draft()));
    TO_CHECK.iter().for_each(|label| choose(&mut kiosk, label));
    choose(&mut kiosk, WRITE);
    let state = &kiosk.harness.state().running.state;
    assert!(
        controls(state).iter().any(|c| c.action == Action::Key(Letter::Group(0))),
        "letters in two steps"
    );
    choose(&mut kiosk, "G H I J K L");
    choose(&mut kiosk, "H");
    choose(&mut kiosk, "g h i j k l");
    choose(&mut kiosk, "i");
    choose(&mut kiosk, "That is all");
    choose(&mut kiosk, "Yes, give it in");
    assert_eq!(kiosk.screen(), "told");
}
