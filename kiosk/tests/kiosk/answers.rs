//! Four pictures at the end of every round, and the answer they lead to: for whoever told something, and for nobody else
//! to tell who that was.

use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::{
    folder::Folder,
    machine::{
        Action, Effect, Event, LOOKS, Mode, Now, Scanning, Screen, Settings, State, TextSize, controls,
        update,
    },
    running::Running,
};
use records::{
    answer::AnswerSheet,
    receipt::{Picture, Receipt},
    report::Report,
};

use crate::{
    journeys::{Kiosk, least_of},
    listener::Listener,
    machine::nothing_left,
    pictures::look,
    program::Program,
    school::{
        acorn, answering_draft, answering_state, answers_with, oak, opened, press_with_chance as press,
        school, speaking,
    },
    switches::{choose, kiosk_with, using},
    text_size::{SCREENS, kiosk_of_draft, wrong},
};

const ENTRY: &str = "I didn’t like something";
const ASK: &str = "Is there an answer?";
const GOT_IT: &str = "I have got it";

fn labels(state: &State) -> Vec<String> {
    controls(state).into_iter().map(|c| c.label).collect()
}

fn shown(state: &State) -> Receipt {
    let Screen::Pictures { receipt, .. } = &state.screen else { panic!("{}", state.screen.name()) };
    receipt.clone()
}

/// Tells, up to the disk's word; gives back what was told.
fn tell(state: &mut State) -> Report {
    for label in [ENTRY, "I want to tell", "I want to tell", "Sad"] {
        press(state, label);
    }
    while state.screen.name() == "tell-ask" {
        press(state, "I don’t want to say");
    }
    let effects = press(state, "Yes, give it in");
    let [Effect::Tell { told, report, .. }] = &effects[..] else { panic!("{effects:?}") };
    update(state, Event::Told(*told));
    (**report).clone()
}

/// Signs in a class, up to the disk's word.
fn sign(state: &mut State, class: &str, name: &str) {
    press(state, "Sign our promise");
    press(state, class);
    let id = if class == "Acorn" { acorn() } else { oak() };
    update(state, opened(id, Vec::new(), 5));
    press(state, name);
    press(state, "Let’s go");
    while state.screen.name() == "statement" {
        press(state, "Yes, I will");
    }
    press(state, &crate::school::alt("sun"));
    let effects = press(state, "I’m done");
    let saved = effects.iter().find_map(|e| if let Effect::Save(s) = e { Some(s.id) } else { None });
    update(state, Event::Saved(saved.unwrap()));
}

/// Chooses these pictures on the way back, beginning where they are asked for.
fn choose_pictures(state: &mut State, receipt: &Receipt) {
    for picture in receipt.pictures() {
        press(state, picture.words());
    }
}

#[test]
fn everybody_who_is_thanked_gets_four_pictures_and_those_of_who_told_are_the_ones_in_the_report() {
    let mut teller = answering_state();
    let report = tell(&mut teller);
    assert_eq!(Receipt::of_report(&report.receipt), Some(shown(&teller)), "the pictures are in the report");
    let mut signer = answering_state();
    sign(&mut signer, "Oak", "George");
    assert_eq!(labels(&teller), labels(&signer), "nobody sees from the screen who told something");
    assert_eq!(teller.screen.name(), signer.screen.name());
    let first = shown(&signer);
    press(&mut signer, GOT_IT);
    assert_eq!(signer.screen.name(), "thank-you");
    press(&mut signer, "Finish");
    nothing_left(&signer);
    update(&mut signer, Event::Chance([44; 16]));
    sign(&mut signer, "Oak", "Hannah");
    assert_ne!(shown(&signer), first, "drawn anew for each round");
    press(&mut teller, GOT_IT);
    assert_eq!(teller.screen.name(), "told");
}

#[test]
fn the_pictures_are_drawn_from_chance_alone_and_not_from_what_was_told() {
    let receipt_after = |answer: &str, chance: u8| {
        let mut state = answering_state();
        update(&mut state, Event::Chance([chance; 16]));
        for label in [ENTRY, "I want to tell", "I want to tell", answer] {
            press(&mut state, label);
        }
        while state.screen.name() == "tell-ask" {
            press(&mut state, "I don’t want to say");
        }
        let effects = press(&mut state, "Yes, give it in");
        let [Effect::Tell { report, .. }] = &effects[..] else { panic!() };
        report.receipt.clone()
    };
    assert_eq!(receipt_after("Sad", 1), receipt_after("Worried", 1));
    assert_ne!(receipt_after("Sad", 1), receipt_after("Sad", 2));
}

#[test]
fn two_reports_of_one_visit_have_pictures_of_their_own() {
    let mut state = answering_state();
    let first = tell(&mut state);
    press(&mut state, GOT_IT);
    assert_eq!(state.screen.name(), "told", "whoever comes next may tell from here");
    let second = tell(&mut state);
    assert_ne!(first.receipt, second.receipt);
}

#[test]
fn the_right_pictures_lead_to_the_sentence_and_others_to_a_screen_that_looks_the_same() {
    let receipt = Receipt::drawn(&[3; 16]);
    let mut right = answering_state();
    update(&mut right, answers_with(&receipt, 1));
    let mut wrong = right.clone();
    for state in [&mut right, &mut wrong] {
        press(state, ENTRY);
        press(state, ASK);
        assert_eq!(state.screen.name(), "tell-pictures");
    }
    choose_pictures(&mut right, &receipt);
    let mut other = receipt.pictures();
    other.swap(0, 1);
    choose_pictures(&mut wrong, &Receipt::of(&other).unwrap());
    assert_eq!(right.screen.name(), "tell-answer");
    assert_eq!((right.screen.name(), labels(&right)), (wrong.screen.name(), labels(&wrong)));
    assert_eq!(sentence(&right).as_deref(), Some("You did well to tell us. We are finding out more."));
    assert_eq!(sentence(&wrong), None, "the order counts");
    let debug = format!("{:?} {:?}", right.screen, wrong.screen);
    assert_eq!(debug.matches("hidden").count(), 4, "{debug}");
    for mut state in [right, wrong] {
        press(&mut state, "Finish");
        nothing_left(&state);
    }
}

fn sentence(state: &State) -> Option<String> {
    let Screen::Tell { step: kiosk::machine::TellStep::Answer(found), .. } = &state.screen else {
        panic!("{}", state.screen.name())
    };
    let tell = state.shown().unwrap().pack.tell.clone().unwrap();
    found.sentence(&tell).map(str::to_owned)
}

#[test]
fn the_last_picture_can_be_taken_back_and_none_is_chosen_twice() {
    let receipt = Receipt::drawn(&[3; 16]);
    let mut state = answering_state();
    update(&mut state, answers_with(&receipt, 0));
    press(&mut state, ENTRY);
    press(&mut state, ASK);
    assert!(!labels(&state).contains(&"Take the last one back".to_owned()));
    let [first, second, ..] = receipt.pictures();
    press(&mut state, first.words());
    assert!(!labels(&state).contains(&first.words().to_owned()), "it has gone to its place");
    let slip = Picture::ALL.into_iter().find(|p| !receipt.pictures().contains(p)).unwrap();
    press(&mut state, slip.words());
    press(&mut state, "Take the last one back");
    assert!(labels(&state).contains(&slip.words().to_owned()));
    press(&mut state, second.words());
    for picture in &receipt.pictures()[2..] {
        press(&mut state, picture.words());
    }
    assert!(sentence(&state).is_some());
}

#[test]
fn pictures_are_tried_five_times_in_a_visit_whether_right_or_wrong() {
    let receipt = Receipt::drawn(&[3; 16]);
    let mut state = answering_state();
    update(&mut state, answers_with(&receipt, 0));
    press(&mut state, ENTRY);
    press(&mut state, ASK);
    for look in 1..=LOOKS {
        choose_pictures(&mut state, &receipt);
        let more = labels(&state).contains(&"Try other pictures".to_owned());
        assert_eq!(more, look < LOOKS, "look {look}");
        if more {
            press(&mut state, "Try other pictures");
            // To the first screen and back is no new visit.
            press(&mut state, "Back");
            press(&mut state, ASK);
        }
    }
    update(&mut state, Event::Press(Action::OtherPictures));
    assert_eq!(state.screen.name(), "tell-answer");
    press(&mut state, "Finish");
    assert_eq!(state.screen.name(), "home");
}

#[test]
fn where_only_the_youngest_sign_or_nobody_answers_there_are_no_pictures_and_no_receipt() {
    let only_acorn = {
        let mut state = answering_state();
        let settings = Settings { mode: Mode::Class(Some(acorn())), ..Settings::default() };
        update(&mut state, Event::Settings(settings));
        state
    };
    let nobody_answers = crate::school::telling_state();
    for mut state in [only_acorn, nobody_answers] {
        assert!(!state.answers_here());
        let report = tell(&mut state);
        assert_eq!((state.screen.name(), report.receipt.len()), ("told", 0));
        press(&mut state, ENTRY);
        assert!(!labels(&state).contains(&ASK.to_owned()));
        update(&mut state, Event::Press(Action::AskForAnswer));
        assert_eq!(state.screen.name(), "tell-first");
    }
    let mut nobody_reads = answering_state();
    update(&mut nobody_reads, Event::Telling(false));
    sign(&mut nobody_reads, "Oak", "George");
    assert_eq!(nobody_reads.screen.name(), "thank-you");
}

#[test]
fn pictures_are_left_by_time_and_by_hide_and_nothing_of_them_is_left() {
    for chance in [1, 2] {
        let mut state = answering_state();
        update(&mut state, Event::Chance([chance; 16]));
        tell(&mut state);
        let mut hidden = state.clone();
        assert!(matches!(press(&mut hidden, "Hide")[0], Effect::Wiped));
        nothing_left(&hidden);
        // Whoever writes them down is asked first.
        for screen in ["still-there", "home"] {
            let deadline = state.next_deadline().unwrap();
            let now = Now { since_start: deadline, ..state.now };
            update(&mut state, Event::Tick(now));
            assert_eq!(state.screen.name(), screen);
        }
        nothing_left(&state);
    }
}

#[test]
fn nothing_of_the_way_back_is_said_aloud_before_somebody_touches_the_speaker() {
    let receipt = Receipt::drawn(&[3; 16]);
    let mut state = answering_state();
    update(&mut state, answers_with(&receipt, 0));
    let says = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::Say(_)));
    for label in [ENTRY, ASK] {
        assert!(!says(&press(&mut state, label)), "{label}");
    }
    for picture in receipt.pictures() {
        assert!(!says(&press(&mut state, picture.words())));
    }
    let said = press(&mut state, "Read it to me");
    let Some(Effect::Say(order)) = said.last() else { panic!("{said:?}") };
    assert_eq!(order.len(), 4, "the sentence, what to do, and both ways on");
    press(&mut state, "Hide");
    tell(&mut state);
    let said = press(&mut state, "Read it to me");
    let Some(Effect::Say(order)) = said.last() else { panic!("{said:?}") };
    assert_eq!(order.len(), 7, "the four pictures by their names, and what they are for");
}

fn window(width: f32, height: f32) -> Kiosk {
    let mut kiosk = Kiosk::speaking(width, height, &speaking(answering_draft()));
    kiosk.settle();
    let state = &mut kiosk.harness.state_mut().running.state;
    update(state, Event::Chance([7; 16]));
    update(state, answers_with(&Receipt::drawn(&[3; 16]), 0));
    kiosk
}

/// The screens of the way there and back, each shown once.
fn all_screens(kiosk: &mut Kiosk, mut see: impl FnMut(&mut Kiosk, &str)) {
    for label in [ENTRY, "I want to tell", "I want to tell", "Sad"] {
        kiosk.press(label);
    }
    while kiosk.screen() == "tell-ask" {
        kiosk.press("I don’t want to say");
    }
    kiosk.press("Yes, give it in");
    see(kiosk, "pictures");
    kiosk.press(GOT_IT);
    kiosk.press("Finish");
    kiosk.press(ENTRY);
    see(kiosk, "tell-first-answers");
    kiosk.press(ASK);
    see(kiosk, "tell-pictures");
    let receipt = Receipt::drawn(&[3; 16]).pictures();
    for picture in &receipt[..2] {
        kiosk.press(picture.words());
    }
    see(kiosk, "tell-pictures-two");
    for picture in &receipt[2..] {
        kiosk.press(picture.words());
    }
    see(kiosk, "tell-answer");
    kiosk.press("Try other pictures");
    for picture in [Picture::Owl, Picture::Cat, Picture::Tree, Picture::Kite] {
        kiosk.press(picture.words());
    }
    see(kiosk, "tell-answer-none");
}

#[test]
fn every_screen_of_the_way_back_looks_as_it_was_looked_at() {
    let mut kiosk = window(1280.0, 800.0);
    all_screens(&mut kiosk, look);
}

#[test]
fn the_way_back_looks_right_in_high_contrast() {
    let mut kiosk = window(1280.0, 800.0);
    kiosk.harness.state_mut().running.state.settings.high_contrast = true;
    all_screens(&mut kiosk, |kiosk, name| {
        if ["pictures", "tell-pictures-two"].contains(&name) {
            look(kiosk, &format!("contrast-{name}"));
        }
    });
}

#[test]
fn the_way_back_fits_an_upright_screen() {
    let mut kiosk = window(1080.0, 1920.0);
    all_screens(&mut kiosk, |kiosk, name| {
        if ["pictures", "tell-pictures-two", "tell-answer"].contains(&name) {
            look(kiosk, &format!("{name}-upright"));
        }
    });
}

#[test]
fn the_way_back_looks_right_at_twice_the_size() {
    let mut kiosk = kiosk_of_draft(TextSize::Double, 0.25, &speaking(answering_draft()));
    all_screens(&mut kiosk, |kiosk, name| {
        if ["pictures", "tell-first-answers", "tell-pictures-two", "tell-answer-none"].contains(&name) {
            look(kiosk, &format!("double-{name}"));
        }
    });
}

#[test]
fn at_every_size_every_word_of_the_way_back_is_whole_and_every_picture_large_enough() {
    let mut all = Vec::new();
    for text in TextSize::ALL {
        for mm in SCREENS {
            let mut kiosk = kiosk_of_draft(text, mm, &speaking(answering_draft()));
            all_screens(&mut kiosk, |kiosk, name| {
                let what = format!("{name} at {} % and {mm} mm", text.percent());
                all.extend(wrong(kiosk, 25.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
            });
        }
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn everything_on_the_way_back_is_told_to_a_screen_reader() {
    let mut kiosk = window(1280.0, 800.0);
    all_screens(&mut kiosk, |kiosk, name| {
        let shown = labels(&kiosk.harness.state().running.state);
        let all = kiosk.harness.get_all_by_role(Role::Button);
        let mut told: Vec<_> = all.map(|n| n.accesskit_node().label().unwrap()).collect();
        let mut shown: Vec<String> = shown;
        told.sort();
        shown.sort();
        assert_eq!(told, shown, "on {name}");
        let read = |words: &str| kiosk.harness.query_by_label(words).is_some();
        match name {
            "pictures" => {
                let Screen::Pictures { receipt, .. } = &kiosk.harness.state().running.state.screen else {
                    panic!()
                };
                for (picture, number) in receipt.pictures().iter().zip(1..) {
                    assert!(read(&format!("{number}. {}", picture.words())), "{number}");
                }
            }
            "tell-pictures-two" => {
                let first = Receipt::drawn(&[3; 16]).pictures()[0];
                assert!(read(&format!("1. {}", first.words())) && read("Picture 3") && read("Picture 4"));
            }
            "tell-answer" => assert!(read("We have read it. Thank you for telling us.")),
            "tell-answer-none" => assert!(read("There is no answer to these pictures yet.")),
            _ => {}
        }
    });
    assert_eq!(least_of("Owl", 25.0), 25.0);
}

#[test]
fn a_child_reads_the_answer_with_a_keyboard_alone() {
    let mut kiosk = window(1280.0, 800.0);
    kiosk.press_by_key(ENTRY, Key::Enter);
    kiosk.press_by_key(ASK, Key::Enter);
    let receipt = Receipt::drawn(&[3; 16]);
    for picture in receipt.pictures() {
        kiosk.press_by_key(picture.words(), Key::Space);
        if kiosk.screen() == "tell-pictures" {
            // What was chosen is gone from its place: the keyboard is at the first that is left.
            let left = Picture::ALL
                .into_iter()
                .find(|one| kiosk.harness.query_by_role_and_label(Role::Button, one.words()).is_some());
            let left = left.unwrap().words();
            let first = kiosk.harness.get_by_role_and_label(Role::Button, left);
            assert!(first.accesskit_node().is_focused(), "{left}");
        }
    }
    kiosk.harness.get_by_label("We have read it. Thank you for telling us.");
    kiosk.press_by_key("Finish", Key::Enter);
    assert_eq!(kiosk.screen(), "home");
}

#[test]
fn a_child_reads_the_answer_with_one_switch_and_with_two() {
    for scanning in [Scanning::OneSwitch, Scanning::TwoSwitches] {
        let mut kiosk = kiosk_with(using(scanning), &speaking(answering_draft()));
        let receipt = Receipt::drawn(&[3; 16]);
        update(&mut kiosk.harness.state_mut().running.state, answers_with(&receipt, 0));
        choose(&mut kiosk, ENTRY);
        choose(&mut kiosk, ASK);
        for picture in receipt.pictures() {
            choose(&mut kiosk, picture.words());
        }
        assert!(sentence(&kiosk.harness.state().running.state).is_some(), "{scanning:?}");
        choose(&mut kiosk, "Finish");
        assert_eq!(kiosk.screen(), "home");
    }
}

#[test]
fn what_the_hub_said_two_days_ago_is_told_no_more() {
    let mut state = answering_state();
    let report = tell(&mut state);
    let receipt = Receipt::of_report(&report.receipt).unwrap();
    press(&mut state, GOT_IT);
    press(&mut state, "Finish");
    update(&mut state, answers_with(&receipt, 0));
    let came = state.now.since_start;
    let hour = 60 * 60 * 1000;
    for (hours, is_told) in [(47, true), (48, false)] {
        let now = Now { since_start: came + hours * hour, ..state.now };
        update(&mut state, Event::Tick(now));
        let mut asking = state.clone();
        press(&mut asking, ENTRY);
        press(&mut asking, ASK);
        choose_pictures(&mut asking, &receipt);
        assert_eq!(sentence(&asking).is_some(), is_told, "after {hours} hours");
    }
}

#[test]
fn what_a_stick_brings_is_told_for_eight_days_and_never_in_the_place_of_what_was_said_later() {
    let receipt = Receipt::drawn(&[3; 16]);
    let hours = |hours: u64| hours * 60 * 60 * 1000;
    let begun = || {
        let mut state = answering_state();
        let since_start = state.now.since_start + hours(100);
        let now = Now { since_start, ..state.now };
        update(&mut state, Event::Tick(now));
        state
    };
    let told = |state: &State| {
        let mut asking = state.clone();
        press(&mut asking, ENTRY);
        press(&mut asking, ASK);
        choose_pictures(&mut asking, &receipt);
        sentence(&asking)
    };
    let carried = |place: usize, age: u64| {
        let Event::Answers(Some(sheet)) = answers_with(&receipt, place) else { unreachable!() };
        Event::AnswersCarried { sheet, age: hours(age) }
    };
    let mut state = begun();
    update(&mut state, carried(0, 24));
    let came = state.now.since_start;
    let read = told(&state);
    assert!(read.is_some());
    for (later, is_told) in [(6 * 24, true), (7 * 24, false)] {
        let now = Now { since_start: came + hours(later), ..state.now };
        update(&mut state, Event::Tick(now));
        assert_eq!(told(&state).is_some(), is_told, "{later} hours after it came, a day after it was made");
    }
    let mut state = begun();
    update(&mut state, carried(0, 9 * 24));
    assert_eq!(told(&state), None, "it lay in a drawer");

    let mut state = begun();
    update(&mut state, answers_with(&receipt, 1));
    let by_wire = told(&state);
    assert_ne!(by_wire, read);
    update(&mut state, carried(0, 1));
    assert_eq!(told(&state), by_wire, "the hub has said something else since");
    let now = Now { since_start: state.now.since_start + hours(3), ..state.now };
    update(&mut state, Event::Tick(now));
    update(&mut state, carried(0, 1));
    assert_eq!(told(&state), read, "made two hours after the last word by wire");
    update(&mut state, answers_with(&receipt, 1));
    assert_eq!(told(&state), by_wire, "the wire speaks of now");
}

/// The far end's words for this receipt.
pub(crate) fn sheet(receipt: &Receipt) -> AnswerSheet {
    let Event::Answers(Some(sheet)) = answers_with(receipt, 0) else { unreachable!() };
    (*sheet).clone()
}

#[test]
fn answers_come_with_every_sync_are_in_memory_alone_and_a_hub_that_has_none_is_no_trouble() {
    let listener = Listener::start();
    let room = tempfile::tempdir().unwrap();
    let folder = Folder::at(room.path()).unwrap();
    let code = listener.far().code.to_string();
    kiosk::sync::pair(&folder, &listener.address, &code, "Oak classroom").unwrap();
    let pack = speaking(answering_draft()).sign(school(), 3, &listener.hub.key);
    let mut far = listener.far();
    (far.pack, far.roster) = (Some((3, pack)), Some((4, listener.hub.telling_roster(4))));
    drop(far);
    let receipt = Receipt::drawn(&[3; 16]);
    let ask = |program: &mut Program| {
        program.press(ENTRY);
        program.press(ASK);
        for picture in receipt.pictures() {
            program.press(picture.words());
        }
        let found = program.last["answer"].as_str().map(str::to_owned);
        program.press("Finish");
        found
    };
    let mut program = Program::start(room.path());
    let synced = program.tell(r#"{"do":"sync"}"#);
    assert_eq!(synced["ok"], true, "a hub of before there were answers: {synced}");
    assert_eq!(ask(&mut program), None);
    listener.far().answers = Some(sheet(&receipt));
    program.tell(r#"{"do":"sync"}"#);
    assert_eq!(ask(&mut program).as_deref(), Some("We have read it. Thank you for telling us."));
    let bytes = receipt.as_bytes();
    let sentence = records::answer::SentenceName::of(&"read".parse().unwrap());
    let line = [&bytes[..], &sentence.as_bytes()[..]].concat();
    for file in files(room.path()) {
        let content = std::fs::read(&file).unwrap();
        assert!(!content.windows(line.len()).any(|part| part == line), "{}", file.display());
    }
    listener.far().answers = None;
    program.tell(r#"{"do":"sync"}"#);
    assert_eq!(ask(&mut program), None, "the hub has none any more");
    program.end();
    let mut program = Program::start(room.path());
    assert_eq!(ask(&mut program), None, "after a start there is nothing before the next sync");
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_report_with_pictures_takes_no_more_room_than_one_without() {
    let (room, hub) = (tempfile::tempdir().unwrap(), crate::school::Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), &answering_draft());
    let size = || std::fs::metadata(room.path().join("report.box")).unwrap().len();
    let mut running = Running::start(folder, || {}).unwrap();
    let before = size();
    let mut tell = |label: &str| {
        let action = controls(&running.state).into_iter().find(|c| c.label == label).unwrap().action;
        running.handle(Event::Press(action));
        running.settle();
    };
    for label in [ENTRY, "I want to tell", "I want to tell", "Sad"] {
        tell(label);
    }
    (0..4).for_each(|_| tell("I don’t want to say"));
    tell("Yes, give it in");
    tell(GOT_IT);
    assert_eq!(running.state.screen.name(), "told");
    assert_eq!(size(), before);
    running.end();
}
