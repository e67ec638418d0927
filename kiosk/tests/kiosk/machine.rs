//! The machine, without a disk or a window.

use kiosk::machine::{
    Action, DiskRoom, Effect, Event, LocalSigned, Millis, Now, Pen, Screen, State, controls, update,
};
use records::{
    day::Moment,
    ids::RecordId,
    signature::{Mark, Point},
};

use crate::school::{acorn, alt, draft, oak, opened, person, press, state, state_with, telling_state};

pub(crate) fn wait(state: &mut State, seconds: u64) {
    let since_start: Millis = state.now.since_start + seconds * 1000;
    update(state, Event::Tick(Now { since_start, wall: Moment(1_790_000_000 + seconds as i64) }));
}

fn to_names(state: &mut State) {
    press(state, "Sign our promise");
    press(state, "Acorn");
    update(state, opened(acorn(), Vec::new(), 5));
}

fn to_mark(state: &mut State, name: &str) {
    to_names(state);
    press(state, name);
    press(state, "Let’s go");
    for _ in 0..3 {
        press(state, "Yes, I will");
    }
}

fn draw(state: &mut State) {
    update(state, Event::Pen(Pen::Down(1, Point(321, 654))));
    update(state, Event::Pen(Pen::Move(1, Point(777, 888))));
    update(state, Event::Pen(Pen::Up(1)));
}

#[test]
fn a_child_signs_and_is_thanked_only_when_it_is_on_the_disk() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    draw(&mut state);
    press(&mut state, "A grown-up helped me");
    let effects = press(&mut state, "I’m done");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(signature.person, person(1, 4));
    assert!(signature.helped);
    let Mark::Drawn(drawing) = &signature.mark else { panic!("not drawn") };
    assert_eq!(drawing.strokes(), [vec![Point(321, 654), Point(777, 888)]]);
    let agreement = state.content.as_ref().unwrap().agreement(0);
    assert_eq!(signature.words, agreement.digest());
    assert_eq!(state.screen.name(), "saving");
    update(&mut state, Event::Saved(RecordId::from_bytes([99; 16])));
    assert_eq!(state.screen.name(), "saving", "another record's news is no thank-you");
    update(&mut state, Event::Saved(signature.id));
    assert_eq!(state.screen.name(), "thank-you");
}

#[test]
fn a_full_disk_is_told_calmly_and_the_same_mark_is_tried_again() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    draw(&mut state);
    let first = press(&mut state, "I’m done");
    let [Effect::Save(first)] = first.as_slice() else { panic!() };
    update(&mut state, Event::NotSaved(first.id));
    assert_eq!(state.screen.name(), "not-saved");
    let again = press(&mut state, "Try again");
    let [Effect::Save(again)] = again.as_slice() else { panic!() };
    assert_eq!(first, again, "the same signature, so that it can never be two");
    update(&mut state, Event::Saved(again.id));
    assert_eq!(state.screen.name(), "thank-you");
}

#[test]
fn a_sticker_is_as_good_as_a_drawing_and_replaces_it() {
    let mut state = state();
    to_mark(&mut state, "Ben");
    assert!(controls(&state).iter().all(|c| c.action != Action::Done), "nothing to hand in yet");
    draw(&mut state);
    press(&mut state, &alt("star"));
    let effects = press(&mut state, "I’m done");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!() };
    assert_eq!(signature.mark, Mark::Sticker("star".parse().unwrap()));
}

#[test]
fn who_has_signed_is_shown_and_cannot_sign_twice_by_accident() {
    let mut state = state();
    let words = state.content.as_ref().unwrap().digest(0);
    press(&mut state, "Sign our promise");
    press(&mut state, "Acorn");
    let day = "2026-10-01".parse().unwrap();
    let here = LocalSigned { person: person(1, 4), words, day, record: None };
    update(&mut state, opened(acorn(), vec![here], 5));
    let ticked: Vec<_> = controls(&state).into_iter().filter(|c| c.note.is_some()).map(|c| c.label).collect();
    assert_eq!(ticked, ["Alfie", "Amira", "Chloe", "Daisy", "Lily"], "from the roster and from here");
    press(&mut state, "Amira");
    assert_eq!(state.screen.name(), "has-signed");
    assert!(controls(&state).iter().all(|c| matches!(c.action, Action::Finish | Action::Staff)));
    press(&mut state, "Go to the start");
    assert_eq!(state.screen.name(), "home");
}

#[test]
fn with_the_words_of_a_year_that_is_over_nobody_signs_again_and_again_and_staff_are_told() {
    let mut old = draft();
    old.content.year.starts = "2024-09-01".parse().unwrap();
    old.content.year.ends = "2025-08-31".parse().unwrap();
    let mut state = state_with(&old);
    let words = state.content.as_ref().unwrap().digest(0);
    press(&mut state, "Sign our promise");
    press(&mut state, "Acorn");
    let day = state.today();
    let here = LocalSigned { person: person(1, 4), words, day, record: None };
    update(&mut state, opened(acorn(), vec![here], 5));
    press(&mut state, "Amira");
    assert_eq!(state.screen.name(), "has-signed");
    let told = state.told_to_staff().join(" ");
    assert!(told.contains("from 1 September 2024 to 31 August 2025"), "{told}");
    assert!(crate::school::state().told_to_staff().is_empty(), "in its own year there is nothing to tell");
}

#[test]
fn a_full_disk_asks_nobody_to_sign_and_a_child_can_still_call_for_a_grown_up() {
    let mut state = telling_state();
    update(&mut state, Event::Disk(DiskRoom::Low));
    assert!(controls(&state).iter().any(|c| c.label == "Sign our promise"));
    assert_eq!(state.told_to_staff().len(), 1);
    update(&mut state, Event::Disk(DiskRoom::Stopped));
    assert!(controls(&state).iter().all(|c| c.label != "Sign our promise"));
    press(&mut state, "I didn’t like something");
    let effects = press(&mut state, "I need a grown-up now");
    assert!(matches!(effects.as_slice(), [Effect::Call(_)]), "{effects:?}");
    press(&mut state, "Go to the start");
    update(&mut state, Event::Disk(DiskRoom::Enough));
    assert!(controls(&state).iter().any(|c| c.label == "Sign our promise"));
}

#[test]
fn whoever_signed_other_words_or_last_year_signs_again() {
    let mut state = state();
    press(&mut state, "Sign our promise");
    press(&mut state, "Acorn");
    let content = state.content.clone().unwrap();
    let signed = |words, day: &str| LocalSigned {
        person: person(1, 4),
        words,
        day: day.parse().unwrap(),
        record: None,
    };
    let here = vec![signed(content.digest(1), "2026-10-01"), signed(content.digest(0), "2019-10-01")];
    update(&mut state, opened(acorn(), here, 5));
    press(&mut state, "Amira");
    assert_eq!(state.screen.name(), "hello");
}

#[test]
fn a_child_who_stays_away_is_asked_and_then_forgotten() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    draw(&mut state);
    wait(&mut state, 89);
    assert_eq!(state.screen.name(), "make-mark", "nobody is hurried");
    wait(&mut state, 1);
    assert_eq!(state.screen.name(), "still-there");
    wait(&mut state, 29);
    press(&mut state, "I’m still here");
    let Screen::MakeMark { mark, .. } = &state.screen else { panic!("{}", state.screen.name()) };
    assert!(mark.is_mark(), "the mark is still there");
    wait(&mut state, 90);
    wait(&mut state, 30);
    assert_eq!(state.screen.name(), "home");
    nothing_left(&state);
}

#[test]
fn a_finger_that_leaves_while_the_kiosk_asks_does_not_keep_the_next_from_drawing() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    update(&mut state, Event::Pen(Pen::Down(1, Point(321, 654))));
    wait(&mut state, 90);
    update(&mut state, Event::Pen(Pen::Up(1)));
    press(&mut state, "I’m still here");
    update(&mut state, Event::Pen(Pen::Down(2, Point(10, 20))));
    let Screen::MakeMark { mark, .. } = &state.screen else { panic!("{}", state.screen.name()) };
    let Mark::Drawn(drawing) = mark.mark().unwrap() else { panic!("not drawn") };
    assert_eq!(drawing.strokes().len(), 2);
}

#[test]
fn a_kiosk_that_slept_wipes_at_once() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    wait(&mut state, 8 * 3600);
    assert_eq!(state.screen.name(), "home");
    nothing_left(&state);
}

#[test]
fn a_touch_that_presses_nothing_is_a_sign_of_life_but_no_answer() {
    let mut state = state();
    to_names(&mut state);
    wait(&mut state, 80);
    update(&mut state, Event::Stir);
    wait(&mut state, 80);
    assert_eq!(state.screen.name(), "choose-name");
    wait(&mut state, 10);
    update(&mut state, Event::Stir);
    assert_eq!(state.screen.name(), "still-there", "what is asked for may be somebody else's");
}

#[test]
fn a_late_answer_of_the_disk_shows_nothing_of_the_child_before() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    draw(&mut state);
    let effects = press(&mut state, "I’m done");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!() };
    wait(&mut state, 120);
    assert_eq!(state.screen.name(), "home");
    update(&mut state, Event::Saved(signature.id));
    update(&mut state, Event::NotSaved(signature.id));
    update(&mut state, opened(acorn(), Vec::new(), 6));
    assert_eq!(state.screen.name(), "home");
    nothing_left(&state);
}

#[test]
fn new_words_wait_until_nobody_is_in_the_middle() {
    let mut state = state();
    let old = state.content.as_ref().unwrap().number;
    to_mark(&mut state, "Amira");
    let hub = crate::school::Hub::new();
    let pack = records::pack::Pack::open(&hub.pack(2), &hub.key.verify_key(), None).unwrap();
    update(&mut state, Event::Pack(std::sync::Arc::new(kiosk::machine::Content::new(pack))));
    assert_eq!(state.content.as_ref().unwrap().number, old);
    press(&mut state, "Stop and go to the start");
    assert_eq!(state.content.as_ref().unwrap().number, 2);
}

#[test]
fn every_step_can_be_taken_back() {
    let mut state = state();
    to_mark(&mut state, "Amira");
    let mut seen = Vec::new();
    loop {
        let name = state.screen.name();
        seen.push(name);
        let back = controls(&state).into_iter().find(|c| matches!(c.action, Action::Back | Action::NotMe));
        let Some(back) = back else { break };
        for effect in update(&mut state, Event::Press(back.action)) {
            if let Effect::OpenClass(class) = effect {
                update(&mut state, opened(class, Vec::new(), 6));
            }
        }
    }
    let way =
        ["make-mark", "statement", "statement", "statement", "hello", "choose-name", "choose-class", "home"];
    assert_eq!(seen, way);
}

#[test]
fn a_child_who_finds_no_name_is_told_whom_to_ask() {
    let mut state = state();
    to_names(&mut state);
    press(&mut state, "I can’t find my name");
    assert_eq!(state.screen.name(), "ask-teacher");
    press(&mut state, "Go to the start");
    nothing_left(&state);
}

#[test]
fn older_children_read_the_words_for_their_age() {
    let mut state = state();
    press(&mut state, "Sign our promise");
    press(&mut state, "Oak");
    update(&mut state, opened(oak(), Vec::new(), 5));
    press(&mut state, "George");
    press(&mut state, "Let’s go");
    assert_eq!(
        state.statement().unwrap().words,
        "I only send words that I would say kindly to someone’s face."
    );
}

#[test]
fn a_kiosk_without_a_pack_says_that_it_is_not_ready() {
    let now = Now { since_start: 0, wall: Moment(0) };
    let mut state = State::new(records::ids::DeviceId::from_bytes([0; 16]), now);
    assert_eq!(state.screen.name(), "not-ready");
    assert!(controls(&state).iter().all(|c| c.action == Action::Staff));
    wait(&mut state, 3600);
    assert_eq!(state.screen.name(), "not-ready");
}

/// At the start no id, name or point of anybody is left.
pub(crate) fn nothing_left(state: &State) {
    assert_eq!(state.screen.name(), "home");
    nothing_of_anybody(state);
}

/// Wherever this is, it holds no id, name or point of anybody, and no digit of a PIN.
pub(crate) fn nothing_of_anybody(state: &State) {
    let all = format!("{state:?}");
    for place in 0..30 {
        assert!(!all.contains(&person(1, place).to_string()), "a person's id is left");
        assert!(!all.contains(&person(2, place).to_string()), "a person's id is left");
    }
    for name in crate::school::ACORN {
        assert!(!all.contains(name), "{name} is left");
    }
    assert!(!all.contains("Point("), "a stroke is left");
    assert!(!all.contains("Telling("), "something that was told is left");
    assert!(!all.contains("Answering(") && !all.contains("SurveyAnswers"), "what was answered is left");
    let of_families = ["CodeEntry(", "Visit(", "Keeping(", "FamilyKey(", "Maria"];
    let of_others = [
        "PinEntry(",
        "Pin(",
        "Panel {",
        "Typing(",
        "VisitorRound",
        "VisitorSignature",
        "Written(",
        "AdultRound",
    ];
    for hidden in of_families.into_iter().chain(of_others) {
        assert!(!all.contains(hidden), "something of a family, of staff or of a visitor is left: {hidden}");
    }
}
