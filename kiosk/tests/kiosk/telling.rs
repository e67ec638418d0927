//! “I didn’t like something”: the machine's side of it, and how it looks and works in a window.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::machine::{Action, Effect, Event, Millis, Now, Screen, State, TellStep, Words, controls, update};
use records::{
    day::Moment,
    report::{Report, Route},
    tell::CHOICES_MAX,
};

use crate::{
    journeys::Kiosk,
    machine::nothing_left,
    school::{acorn, opened, press_with_chance as press, state, telling_state},
};

const ENTRY: &str = "I didn’t like something";

fn to_first_question(state: &mut State) {
    press(state, ENTRY);
    press(state, "I want to tell");
    press(state, "I want to tell");
}

/// Tells with these answers, up to the screen that shows them all.
fn answer(state: &mut State, answers: &[&str]) {
    to_first_question(state);
    for words in answers {
        press(state, words);
    }
}

fn given(effects: &[Effect]) -> (Route, &Report, [u8; 16]) {
    let [Effect::Tell { told, route, report }] = effects else { panic!("{effects:?}") };
    (*route, report, *told)
}

#[test]
fn a_child_tells_by_pictures_alone_and_is_thanked_only_when_it_is_on_the_disk() {
    let mut state = telling_state();
    answer(&mut state, &["Worried", "I got a message", "In a game", "I don’t know them", "No, not now"]);
    assert_eq!(state.screen.name(), "tell-check");
    let effects = press(&mut state, "Yes, give it in");
    let (route, report, told) = given(&effects);
    assert_eq!(route, Route::Safeguarding);
    let id = |slug: &Option<records::ids::Slug>| slug.as_ref().map(ToString::to_string);
    assert_eq!(id(&report.feeling).as_deref(), Some("worried"));
    assert_eq!(report.happened.iter().map(ToString::to_string).collect::<Vec<_>>(), ["message"]);
    assert_eq!((id(&report.place).as_deref(), id(&report.about).as_deref()), (Some("game"), Some("unknown")));
    assert_eq!((&report.talk_with, &report.words), (&None, &None), "no name that was not given");
    assert_eq!(report.day.to_string(), "2026-09-21", "the school's day and nothing finer");
    assert_eq!(state.screen.name(), "tell-keeping");
    update(&mut state, Event::Told([99; 16]));
    assert_eq!(state.screen.name(), "tell-keeping", "another child's news is no thank-you");
    update(&mut state, Event::Told(told));
    assert_eq!(state.screen.name(), "told");
    assert!(!format!("{state:?}").contains("Telling("), "thanked, and forgotten");
    press(&mut state, "Finish");
    nothing_left(&state);
}

#[test]
fn a_full_disk_is_told_calmly_and_the_same_report_is_tried_again() {
    let mut state = telling_state();
    answer(&mut state, &["Sad", "It was not kind", "At school", "Another child", "No, not now"]);
    let first = press(&mut state, "Yes, give it in");
    let (_, first, told) = given(&first);
    update(&mut state, Event::NotTold(told));
    assert_eq!(state.screen.name(), "tell-not-kept");
    let again = press(&mut state, "Try again");
    assert_eq!(given(&again).1, first);
    update(&mut state, Event::Told(told));
    assert_eq!(state.screen.name(), "told");
}

#[test]
fn whom_it_is_about_decides_who_reads_it() {
    for (about, route) in [
        ("Me", Route::Safeguarding),
        ("Another child", Route::Safeguarding),
        ("Somebody at home", Route::Safeguarding),
        ("I don’t know them", Route::Safeguarding),
        ("I don’t want to say", Route::Safeguarding),
        ("A grown-up at school", Route::AboutGrownUp),
        ("Mrs Adeyemi", Route::AboutHeadteacher),
    ] {
        let mut state = telling_state();
        answer(&mut state, &["Sad", "It was not kind", "At school", about, "No, not now"]);
        assert_eq!(given(&press(&mut state, "Yes, give it in")).0, route, "{about}");
    }
}

#[test]
fn a_name_is_given_only_by_a_child_who_chooses_to_and_can_be_taken_back() {
    let mut state = telling_state();
    answer(&mut state, &["Sad", "It was not kind", "At school", "Another child", "Yes, with me"]);
    assert_eq!(state.screen.name(), "tell-class");
    press(&mut state, "Acorn");
    update(&mut state, opened(acorn(), Vec::new(), 5));
    press(&mut state, "Amira");
    let before = state.clone();
    assert_eq!(given(&press(&mut state, "Yes, give it in")).1.talk_with.as_deref(), Some("Amira, Acorn"));

    let mut state = before.clone();
    press(&mut state, "Back");
    press(&mut state, "No, not now");
    assert_eq!(given(&press(&mut state, "Yes, give it in")).1.talk_with, None, "changed their mind");

    let mut state = before;
    press(&mut state, "Back");
    press(&mut state, "Yes, with me");
    press(&mut state, "I don’t want to say who I am");
    let effects = press(&mut state, "Yes, give it in");
    let (_, report, _) = given(&effects);
    assert_eq!(report.talk_with, None);
}

#[test]
fn a_class_that_cannot_be_read_costs_the_name_and_not_what_was_told() {
    let mut state = telling_state();
    answer(&mut state, &["Sad", "It was not kind", "At school", "Another child", "Yes, with me"]);
    press(&mut state, "Acorn");
    update(&mut state, Event::ClassUnavailable(acorn()));
    assert_eq!(state.screen.name(), "tell-check");
    given(&press(&mut state, "Yes, give it in"));
}

#[test]
fn every_question_may_be_left_out_and_nothing_at_all_cannot_be_given_in() {
    let mut state = telling_state();
    to_first_question(&mut state);
    for _ in 0..5 {
        press(&mut state, "I don’t want to say");
    }
    assert_eq!(state.screen.name(), "tell-check");
    let shown: Vec<_> = controls(&state).iter().map(|c| c.action).collect();
    assert_eq!(shown, [Action::Back, Action::Hide, Action::Write]);
    update(&mut state, Event::Press(Action::GiveIn));
    assert_eq!(state.screen.name(), "tell-check");
}

#[test]
fn no_answer_has_a_place_of_its_own_and_none_is_chosen_before_a_child_chooses() {
    let mut firsts = BTreeSet::new();
    for chance in 0..60 {
        let mut state = telling_state();
        update(&mut state, Event::Chance([chance; 16]));
        to_first_question(&mut state);
        let shown = || -> Vec<_> {
            let all = controls(&state);
            all.into_iter().filter(|c| matches!(c.action, Action::Answer(_))).collect()
        };
        assert!((2..=CHOICES_MAX).contains(&shown().len()));
        assert!(shown().iter().all(|c| c.selected == Some(false)));
        firsts.insert(shown()[0].label.clone());
        let order: Vec<_> = shown().iter().map(|c| c.label.clone()).collect();
        press(&mut state, &order[2]);
        press(&mut state, "Back");
        let again: Vec<_> =
            controls(&state).into_iter().filter(|c| matches!(c.action, Action::Answer(_))).collect();
        assert_eq!(
            again.iter().map(|c| c.label.clone()).collect::<Vec<_>>(),
            order,
            "the same all the visit"
        );
        let chosen: Vec<_> = again.iter().map(|c| c.selected).collect();
        assert_eq!(chosen.iter().filter(|s| **s == Some(true)).count(), 1);
        assert_eq!(chosen[2], Some(true), "going back shows what was chosen");
    }
    assert_eq!(firsts.len(), 6, "each of the answers comes first for somebody: {firsts:?}");
}

#[test]
fn a_child_who_needs_somebody_now_is_two_touches_from_being_told_whom_to_find() {
    let mut state = telling_state();
    press(&mut state, ENTRY);
    press(&mut state, "I need a grown-up now");
    assert_eq!(state.screen.name(), "grown-up-now");
    assert!(!format!("{state:?}").contains("Telling("));
}

/// Presses the way to a grown-up; gives back the number of the call.
fn call(state: &mut State) -> u64 {
    press(state, ENTRY);
    let place = controls(state).iter().position(|c| c.action == Action::GrownUpNow).unwrap();
    let effects = update(state, Event::Press(controls(state)[place].action));
    let numbers: Vec<u64> =
        effects.iter().filter_map(|e| if let Effect::Call(n) = e { Some(*n) } else { None }).collect();
    let [number] = numbers[..] else { panic!("one call: {effects:?}") };
    number
}

#[test]
fn that_somebody_is_coming_is_said_only_once_somebody_is_and_to_whoever_called() {
    let mut state = telling_state();
    let first = call(&mut state);
    assert_eq!(state.screen.name(), "grown-up-now");
    press(&mut state, "Go to the start");
    // The next child must not be told that somebody is coming for them.
    update(&mut state, Event::Chance([9; 16]));
    let second = call(&mut state);
    assert_ne!(first, second);
    update(&mut state, Event::Coming(first));
    assert_eq!(state.screen.name(), "grown-up-now");
    update(&mut state, Event::Coming(second));
    assert_eq!(state.screen.name(), "grown-up-coming");
    // Whoever was going cannot: the child is told whom to find again, and not left to wait.
    update(&mut state, Event::NotComing(first));
    assert_eq!(state.screen.name(), "grown-up-coming");
    update(&mut state, Event::NotComing(second));
    assert_eq!(state.screen.name(), "grown-up-now");
    update(&mut state, Event::Coming(second));
    assert_eq!(state.screen.name(), "grown-up-coming");

    // A child who waits quietly beside the screen still hears it.
    press(&mut state, "Go to the start");
    update(&mut state, Event::Chance([10; 16]));
    let third = call(&mut state);
    let now = Now { since_start: state.now.since_start + 91_000, ..state.now };
    update(&mut state, Event::Tick(now));
    assert_eq!(state.screen.name(), "still-there");
    update(&mut state, Event::Coming(third));
    assert_eq!(state.screen.name(), "grown-up-coming");
    time_alone(&mut state);
    assert_eq!(state.screen.name(), "home");
    update(&mut state, Event::Coming(third));
    assert_eq!(state.screen.name(), "home");
}

/// Lets time go from deadline to deadline, as a window does.
fn time_alone(state: &mut State) {
    for _ in 0..4 {
        let Some(deadline) = state.next_deadline() else { return };
        let since_start: Millis = deadline.max(state.now.since_start);
        update(state, Event::Tick(Now { since_start, wall: Moment(1_790_000_000) }));
    }
}

/// Every way through, by every control of every screen, searched and not sampled. A state is one that
/// was met before if it shows the same.
#[test]
fn from_every_state_hiding_and_time_alone_lead_to_a_start_that_holds_nothing() {
    let face = |state: &State| {
        let shown: Vec<_> =
            controls(state).iter().map(|c| format!("{:?} {:?}", c.label, c.selected)).collect();
        let statement = state.statement().map(|s| &s.words);
        format!("{} {statement:?} {}", state.screen.name(), shown.join(" "))
    };
    let mut met: BTreeMap<String, ()> = BTreeMap::new();
    let mut open = vec![telling_state()];
    while let Some(state) = open.pop() {
        if met.insert(face(&state), ()).is_some() {
            continue;
        }
        let mut left = state.clone();
        time_alone(&mut left);
        nothing_left(&left);
        if matches!(state.screen, Screen::Tell { .. }) {
            let mut hidden = state.clone();
            let effects = update(&mut hidden, Event::Press(Action::Hide));
            // On its way to the disk there is nothing to press: that takes no time.
            if !matches!(state.screen, Screen::Tell { step: TellStep::Keeping, .. }) {
                assert!(matches!(effects[0], Effect::Wiped), "hidden at once, on {}", state.screen.name());
                nothing_left(&hidden);
            }
        }
        for control in controls(&state) {
            let mut next = state.clone();
            let effects = update(&mut next, Event::Press(control.action));
            if next.wants_chance() {
                update(&mut next, Event::Chance([9; 16]));
            }
            for effect in effects {
                match effect {
                    Effect::OpenClass(class) => drop(update(&mut next, opened(class, Vec::new(), 5))),
                    Effect::Tell { told, .. } => {
                        let mut failed = next.clone();
                        update(&mut failed, Event::NotTold(told));
                        open.push(failed);
                        update(&mut next, Event::Told(told));
                    }
                    _ => {}
                }
            }
            open.push(next);
        }
    }
    let screens: BTreeSet<_> = met.keys().map(|face| face.split(' ').next().unwrap()).collect();
    for screen in [
        "tell-first",
        "tell-who",
        "tell-ask",
        "tell-class",
        "tell-name",
        "tell-check",
        "tell-words",
        "tell-not-kept",
        "told",
        "grown-up-now",
    ] {
        assert!(screens.contains(screen), "{screen} was never reached: {screens:?}");
    }
}

#[test]
fn the_way_to_tell_is_on_every_screen_of_a_pupil_and_at_no_kiosk_where_nobody_could_read_it() {
    let has = |state: &State| controls(state).iter().any(|c| c.action == Action::Tell);
    let mut state = telling_state();
    assert!(has(&state));
    for label in ["Sign our promise", "Acorn"] {
        press(&mut state, label);
        assert!(has(&state), "after {label}");
    }
    update(&mut state, opened(acorn(), Vec::new(), 5));
    for label in ["Amira", "Let’s go", "Yes, I will", "Yes, I will", "Yes, I will"] {
        assert!(has(&state), "before {label}");
        press(&mut state, label);
    }
    assert!(has(&state), "at the mark");
    press(&mut state, ENTRY);
    assert_eq!(state.screen.name(), "tell-first");
    assert!(!format!("{state:?}").contains("Amira"), "what was begun is forgotten");

    let mut nobody_reads = telling_state();
    update(&mut nobody_reads, Event::Telling(false));
    assert!(!has(&nobody_reads));
    let mut nothing_asked = crate::school::state();
    update(&mut nothing_asked, Event::Telling(true));
    assert!(!has(&nothing_asked));
    update(&mut nothing_asked, Event::Press(Action::Tell));
    assert_eq!(nothing_asked.screen.name(), "home");
    assert!(!has(&state_without_chance()));
}

fn state_without_chance() -> State {
    let mut state = state();
    update(&mut state, Event::Telling(true));
    state
}

#[test]
fn no_screen_promises_a_child_what_cannot_be_kept() {
    let mut words = format!("{:?}", Words::shipped());
    let tell = crate::school::telling_draft().content.tell;
    words.push_str(&format!("{tell:?}"));
    for word in ["secret", "anonym", "confidential", "nobody will know"] {
        assert!(!words.to_lowercase().contains(word), "“{word}” is promised");
    }
}

#[test]
fn a_child_tells_in_the_window_and_hides_within_one_picture() {
    let mut kiosk = Kiosk::telling(1280.0, 800.0);
    kiosk.settle();
    kiosk.press(ENTRY);
    kiosk.press("I want to tell");
    kiosk.press("I want to tell");
    kiosk.press("Scared");
    assert!(kiosk.harness.query_by_label("I saw something").is_some());
    kiosk.harness.get_by_role_and_label(Role::Button, "Hide").click();
    kiosk.harness.step();
    kiosk.harness.step();
    assert_eq!(kiosk.screen(), "home", "a press counts when the finger comes down: two pictures are 100 ms");
    nothing_left(&kiosk.harness.state().running.state);

    kiosk.settle();
    kiosk.press(ENTRY);
    kiosk.press("I want to tell");
    kiosk.press("I want to tell");
    for label in ["Scared", "I saw something", "In a film", "Me", "Yes, with me", "Acorn", "Amira"] {
        kiosk.press(label);
    }
    kiosk.harness.get_by_label("Talk with Amira, Acorn");
    kiosk.press("Yes, give it in");
    assert_eq!(kiosk.screen(), "told");
    assert!(kiosk.harness.query_by_label_contains("Amira").is_none());
    kiosk.press("Finish");
    assert_eq!(kiosk.screen(), "home");
}

#[test]
fn a_child_who_uses_a_keyboard_alone_tells_too() {
    let mut kiosk = Kiosk::telling(1280.0, 800.0);
    kiosk.settle();
    kiosk.press_by_key(ENTRY, Key::Enter);
    kiosk.press_by_key("I want to tell", Key::Enter);
    for label in ["I want to tell", "Sad", "Something else", "At home", "Somebody at home", "No, not now"] {
        kiosk.press_by_key(label, Key::Space);
    }
    kiosk.press_by_key("Yes, give it in", Key::Enter);
    assert_eq!(kiosk.screen(), "told");
}

#[test]
fn the_way_to_tell_stands_at_the_same_place_on_every_screen() {
    let mut kiosk = Kiosk::telling(1280.0, 800.0);
    kiosk.settle();
    let place = |kiosk: &Kiosk| kiosk.harness.get_by_role_and_label(Role::Button, ENTRY).rect();
    let first = place(&kiosk);
    for label in
        ["Sign our promise", "Acorn", "Amira", "Let’s go", "Yes, I will", "Yes, I will", "Yes, I will"]
    {
        kiosk.press(label);
        assert_eq!(place(&kiosk), first, "after “{label}”");
    }
    kiosk.draw();
    kiosk.press("I’m done");
    assert_eq!((kiosk.screen(), place(&kiosk)), ("thank-you", first));
}

#[test]
fn everything_that_can_be_pressed_while_telling_is_told_to_a_screen_reader_and_large_enough() {
    let mut kiosk = Kiosk::telling(1280.0, 800.0);
    kiosk.settle();
    let way = [
        ENTRY,
        "I want to tell",
        "I want to tell",
        "Sad",
        "Something else",
        "At home",
        "Me",
        "Yes, with me",
        "Acorn",
        "Amira",
        "Yes, give it in",
    ];
    for label in way.into_iter().map(Some).chain([None]) {
        let shown = controls(&kiosk.harness.state().running.state);
        let all = kiosk.harness.get_all_by_role(Role::Button);
        let told: Vec<_> = all.map(|n| (n.accesskit_node().label().unwrap(), n.rect())).collect();
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(
            sorted(told.iter().map(|(label, _)| label.clone()).collect()),
            sorted(shown.iter().map(|c| c.label.clone()).collect()),
            "on {}",
            kiosk.screen()
        );
        // A screen of 15 inches, on which a point takes a quarter of a millimetre.
        let least = if kiosk.screen() == "tell-name" { 20.0 } else { 25.0 };
        for (i, (label, rect)) in told.iter().enumerate() {
            let side = rect.width().min(rect.height()) * 0.25;
            let least = crate::journeys::least_of(label, least);
            assert!(side >= least - 0.01, "“{label}” on {} is {side:.1} mm", kiosk.screen());
            for (other, place) in &told[i + 1..] {
                assert!(!rect.expand(6.0).intersects(*place), "“{label}” touches “{other}”");
            }
        }
        if let Some(label) = label {
            kiosk.press(label);
        }
    }
}
