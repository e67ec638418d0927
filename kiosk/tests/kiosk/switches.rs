//! One switch or two in the place of a finger: every way from the start to its end, and who is still there.

use egui::Key;
use kiosk::{
    folder::write_settings,
    machine::{
        BOUNCE, Effect, Event, Millis, Now, Pace, Scanning, Settings, State, Switch, SwitchKey, controls,
        update,
    },
};
use records::{
    day::Moment,
    envelope::NamedRecord,
    pack::PackDraft,
    signature::{Mark, Signature},
};

use crate::{
    journeys::Kiosk,
    machine::{nothing_left, wait},
    pictures::look,
    school::{
        Hub, PROMISES, acorn, alt, draft, opened, person, press, speaking, speaking_state, state,
        telling_draft,
    },
};

const ENTRY: &str = "I didn’t like something";

pub(crate) fn using(scanning: Scanning) -> Settings {
    // However slow the machine is that runs the test, a switch is pressed before the ring goes on.
    Settings { scanning, pace: Pace::VerySlow, ..Settings::default() }
}

pub(crate) fn kiosk_with(settings: Settings, draft: &PackDraft) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), draft);
    write_settings(&folder, &settings).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    kiosk
}

/// The names of what the ring is on.
fn on(state: &State) -> Vec<String> {
    let on = state.scanned();
    controls(state).into_iter().filter(|control| on.contains(&control.action)).map(|c| c.label).collect()
}

/// Waits with one switch, or walks with the second, until the ring is on a thing, and chooses it; where it is on a group
/// that has the thing, first that.
pub(crate) fn choose(kiosk: &mut Kiosk, label: &str) {
    for _ in 0..600 {
        let running = &mut kiosk.harness.state_mut().running;
        running.skip(BOUNCE);
        let on = on(&running.state);
        if on.iter().any(|one| one == label) {
            kiosk.harness.run_steps(1);
            kiosk.key(if running_two(kiosk) { Key::Enter } else { Key::Space });
            if on.len() == 1 {
                return;
            }
        } else if running_two(kiosk) {
            kiosk.harness.key_press(Key::Space);
        } else {
            kiosk.harness.state_mut().running.skip(Pace::VerySlow.rest());
        }
        kiosk.harness.run_steps(2);
    }
    panic!("the ring never came to “{label}” on {}", kiosk.screen());
}

fn running_two(kiosk: &Kiosk) -> bool {
    kiosk.harness.state().running.state.settings.scanning == Scanning::TwoSwitches
}

fn sign(kiosk: &mut Kiosk, class: &str, name: &str, promises: usize) {
    for label in ["Sign our promise", class, name, "Let’s go"] {
        choose(kiosk, label);
    }
    for _ in 0..promises {
        choose(kiosk, "Yes, I will");
    }
    choose(kiosk, &alt("sun"));
    assert_eq!(
        on(&kiosk.harness.state().running.state),
        ["I’m done"],
        "the ring goes where the child goes next"
    );
    choose(kiosk, "I’m done");
    assert_eq!(kiosk.screen(), "thank-you");
    choose(kiosk, "Finish");
    assert_eq!(kiosk.screen(), "home");
}

fn signed_with_the_sun(records: &[NamedRecord], who: records::ids::PersonId) -> bool {
    matches!(records, [NamedRecord::Signature(Signature { person, mark: Mark::Sticker(symbol), .. })]
        if *person == who && symbol.as_str() == "sun")
}

#[test]
fn a_child_of_five_signs_with_one_switch_and_with_two() {
    for scanning in [Scanning::OneSwitch, Scanning::TwoSwitches] {
        let mut kiosk = kiosk_with(using(scanning), &speaking(telling_draft()));
        sign(&mut kiosk, "Acorn", "Amira", PROMISES.len());
        assert!(signed_with_the_sun(&kiosk.records(), person(1, 4)));
    }
}

#[test]
fn an_older_child_signs_with_one_switch_and_with_two() {
    for scanning in [Scanning::OneSwitch, Scanning::TwoSwitches] {
        let mut kiosk = kiosk_with(using(scanning), &telling_draft());
        let promises = draft().content.agreements[1].statements().count();
        sign(&mut kiosk, "Oak", "George", promises);
        let records = kiosk.records();
        let [NamedRecord::Signature(signature)] = &records[..] else { panic!("{records:?}") };
        assert_eq!(signature.audience, records::agreement::Audience::Ks2);
    }
}

#[test]
fn a_child_tells_with_one_switch_and_with_two() {
    for scanning in [Scanning::OneSwitch, Scanning::TwoSwitches] {
        let mut kiosk = kiosk_with(using(scanning), &speaking(telling_draft()));
        for label in [
            ENTRY,
            "I want to tell",
            "I want to tell",
            "Worried",
            "I got a message",
            "In a game",
            "I don’t know them",
            "Yes, with me",
            "Acorn",
            "Amira",
            "Yes, give it in",
        ] {
            choose(&mut kiosk, label);
        }
        assert_eq!(kiosk.screen(), "told");
        choose(&mut kiosk, ENTRY);
        choose(&mut kiosk, "I need a grown-up now");
        assert_eq!(kiosk.screen(), "grown-up-now");
        choose(&mut kiosk, "Go to the start");
        assert_eq!(kiosk.screen(), "home");
    }
}

#[test]
fn whoever_cannot_draw_signs_where_the_pack_has_no_stickers_and_in_the_staff_room() {
    let mut bare = telling_draft();
    bare.content.stickers.clear();
    let mut kiosk = kiosk_with(using(Scanning::TwoSwitches), &bare);
    for label in
        ["Sign our promise", "Acorn", "Amira", "Let’s go", "Yes, I will", "Yes, I will", "Yes, I will"]
    {
        choose(&mut kiosk, label);
    }
    choose(&mut kiosk, &alt("heart"));
    choose(&mut kiosk, "I’m done");
    assert_eq!(kiosk.screen(), "thank-you");

    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let settings = Settings { mode: kiosk::machine::Mode::StaffRoom, ..using(Scanning::OneSwitch) };
    let folder = crate::adults::in_the_staff_room(room.path(), &hub);
    write_settings(&folder, &settings).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    choose(&mut kiosk, "Staff and volunteers");
    let name = controls(&kiosk.harness.state().running.state)
        .into_iter()
        .find(|control| control.main)
        .map(|control| control.label)
        .unwrap();
    choose(&mut kiosk, &name);
    while kiosk.screen() == "adult-read" {
        let last = controls(&kiosk.harness.state().running.state).pop().unwrap().label;
        choose(&mut kiosk, &last);
    }
    choose(&mut kiosk, "Sign with a tick");
    choose(&mut kiosk, "Sign");
    assert_eq!(kiosk.screen(), "adult-kept");
    let records = kiosk.records();
    assert!(
        matches!(&records[..], [NamedRecord::Signature(s)] if matches!(&s.mark, Mark::Sticker(_))),
        "{records:?}"
    );
}

/// Lets time pass in the steps in which a window would, and counts the steps of the ring.
fn watch(state: &mut State, time: Millis) -> (usize, Vec<Effect>) {
    let end = state.now.since_start + time;
    let (mut steps, mut effects) = (0, Vec::new());
    while state.now.since_start < end {
        let next = state.next_deadline().unwrap_or(end).clamp(state.now.since_start + 1, end);
        let before = state.scanned();
        effects.extend(update(state, Event::Tick(Now { since_start: next, wall: Moment(1_790_000_000) })));
        steps += usize::from(state.scanned() != before);
    }
    (steps, effects)
}

/// No screen of the tests speaks for longer by itself or from its speaker.
const LISTENING: Millis = 20_000;

#[test]
fn a_ring_that_walks_before_an_empty_chair_keeps_nobodys_name_on_the_screen() {
    for label in ["Sign our promise", ENTRY] {
        let mut state = speaking_state();
        state.settings.scanning = Scanning::OneSwitch;
        press(&mut state, label);
        if label == ENTRY {
            press(&mut state, "I want to tell");
            press(&mut state, "I want to tell");
            press(&mut state, "Read it to me");
        } else {
            press(&mut state, "Acorn");
            update(&mut state, opened(acorn(), Vec::new(), 5));
        }
        let (ask, wipe) = (state.ask_after(), state.wipe_after());
        assert_eq!(
            (ask, wipe),
            (90_000 + 120_000, 120_000 + 120_000),
            "a round of thirty names, and no more"
        );
        let (steps, _) = watch(&mut state, ask + LISTENING);
        assert!(steps > 20, "it walked: {steps}");
        assert_eq!(state.screen.name(), "still-there", "however much it walks and speaks");
        update(&mut state, Event::Stir);
        watch(&mut state, wipe - ask + LISTENING);
        assert_eq!(state.screen.name(), "home");
        nothing_left(&state);
        let first = state.scanned();
        watch(&mut state, 10 * wipe);
        assert_eq!(state.scanned(), first, "at the start it waits on the first thing to do");
    }
}

#[test]
fn a_child_who_takes_long_between_two_presses_is_still_there() {
    let mut state = state();
    state.settings.scanning = Scanning::TwoSwitches;
    press(&mut state, "Sign our promise");
    press(&mut state, "Acorn");
    update(&mut state, opened(acorn(), Vec::new(), 5));
    let first = on(&state);
    assert_eq!((first.len(), first[0].as_str()), (6, "Aarav"), "a group of thirty");
    for _ in 0..controls(&state).len() {
        wait(&mut state, 80);
        update(&mut state, Event::Switch(Switch::Next));
    }
    assert_eq!(state.screen.name(), "choose-name", "half an hour later");
    wait(&mut state, 90);
    assert_eq!(state.screen.name(), "still-there");
    wait(&mut state, 1);
    update(&mut state, Event::Switch(Switch::Next));
    wait(&mut state, 28);
    assert_eq!(state.screen.name(), "still-there", "to walk on is no answer");
    update(&mut state, Event::Switch(Switch::Next));
    update(&mut state, Event::Switch(Switch::Choose));
    assert_eq!(state.screen.name(), "choose-name");
}

fn says(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Say(_)))
}

#[test]
fn names_are_said_where_the_screen_speaks_and_on_the_way_of_telling_when_the_speaker_was_touched() {
    let mut state = speaking_state();
    state.settings.scanning = Scanning::OneSwitch;
    let (steps, effects) = watch(&mut state, 20_000);
    assert!(steps > 3 && !says(&effects), "the start speaks to no empty room");
    for label in ["Sign our promise", "Acorn"] {
        press(&mut state, label);
    }
    update(&mut state, opened(acorn(), Vec::new(), 5));
    for label in ["Amira", "Let’s go"] {
        press(&mut state, label);
    }
    // The promise is heard to its end before the ring walks.
    let place = |sentence: &str| state.content.as_ref().unwrap().recording(sentence).unwrap();
    let (yes, more) = (place("Yes, I will"), place("Tell me more"));
    let (_, effects) = watch(&mut state, 30_000);
    let said: Vec<_> =
        effects.iter().filter_map(|e| if let Effect::Say(said) = e { Some(said) } else { None }).collect();
    assert!(said.contains(&&vec![yes]) && said.contains(&&vec![more]), "{said:?}");

    press(&mut state, ENTRY);
    for label in ["I want to tell", "I want to tell"] {
        let (steps, effects) = watch(&mut state, 20_000);
        assert!(steps > 3 && !says(&effects), "the class would hear it");
        press(&mut state, label);
    }
    press(&mut state, "Read it to me");
    let (_, effects) = watch(&mut state, 60_000);
    let worried = state.content.as_ref().unwrap().recording("Worried").unwrap();
    assert!(effects.iter().any(|e| matches!(e, Effect::Say(said) if said == &[worried])), "{effects:?}");
    press(&mut state, "Worried");
    let (steps, effects) = watch(&mut state, 20_000);
    assert!(steps > 3 && !says(&effects), "the next question is silent again");
}

#[test]
fn a_hand_that_trembles_or_stays_on_the_switch_chooses_once() {
    let mut kiosk = kiosk_with(using(Scanning::OneSwitch), &telling_draft());
    for label in ["Sign our promise", "Acorn", "Amira", "Let’s go"] {
        choose(&mut kiosk, label);
    }
    kiosk.harness.state_mut().running.skip(BOUNCE);
    for repeat in [false, true, true, false, true] {
        kiosk.harness.event(egui::Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: true,
            repeat,
            modifiers: egui::Modifiers::NONE,
        });
    }
    kiosk.harness.step();
    assert_eq!(kiosk.harness.state().running.state.statement().unwrap().words, PROMISES[1]);
}

#[test]
fn a_switch_that_sends_another_key_is_understood_and_no_other_key_chooses() {
    let settings = Settings {
        choose_key: Some(SwitchKey::F7),
        next_key: Some(SwitchKey::PageDown),
        ..using(Scanning::TwoSwitches)
    };
    let mut kiosk = kiosk_with(settings, &telling_draft());
    let press = |kiosk: &mut Kiosk, key| {
        kiosk.harness.state_mut().running.skip(BOUNCE);
        kiosk.key(key);
    };
    press(&mut kiosk, Key::F7);
    assert_eq!(
        (kiosk.screen(), on(&kiosk.harness.state().running.state)),
        ("choose-class", vec!["Acorn".to_owned()])
    );
    press(&mut kiosk, Key::F8);
    press(&mut kiosk, Key::PageDown);
    assert_eq!(on(&kiosk.harness.state().running.state), ["Oak"]);
    press(&mut kiosk, Key::Space);
    assert_eq!(on(&kiosk.harness.state().running.state), ["For staff"]);
    for key in SwitchKey::ALL {
        assert!(Key::from_name(key.name()).is_some(), "{}", key.name());
    }
}

/// How many steps and choices a thing takes.
fn steps_to(state: &mut State, label: &str) -> usize {
    for steps in 1..200 {
        wait(state, 1);
        let on = on(state);
        let there = on.iter().any(|one| one == label);
        update(state, Event::Switch(if there { Switch::Choose } else { Switch::Next }));
        if there && on.len() == 1 {
            return steps;
        }
    }
    panic!("the ring never came to “{label}”");
}

#[test]
fn the_last_of_thirty_names_is_a_few_steps_away_and_whoever_entered_the_wrong_group_comes_out_of_it() {
    let thirty = || {
        let mut state = state();
        state.settings.scanning = Scanning::TwoSwitches;
        press(&mut state, "Sign our promise");
        press(&mut state, "Acorn");
        update(&mut state, opened(acorn(), Vec::new(), 5));
        state
    };
    let mut state = thirty();
    let last = controls(&state).into_iter().rfind(|c| matches!(c.action, kiosk::machine::Action::Pupil(_)));
    let last = last.unwrap().label;
    let steps = steps_to(&mut state, &last);
    assert_eq!(state.screen.name(), "hello");
    assert_eq!(steps, 11, "steps to “{last}”");

    let mut state = thirty();
    wait(&mut state, 1);
    update(&mut state, Event::Switch(Switch::Choose));
    let first = on(&state);
    assert_eq!(first, ["Aarav"], "inside the first group");
    update(&mut state, Event::Switch(Switch::Choose));
    assert_eq!(state.screen.name(), "choose-name", "a hand that trembles enters, and chooses nobody");
    wait(&mut state, 1);
    for _ in 0..6 {
        update(&mut state, Event::Switch(Switch::Next));
    }
    assert_eq!(on(&state).len(), 6, "past its last name it is on the group again");
    steps_to(&mut state, &last);
    assert_eq!(state.screen.name(), "hello");
}

#[test]
fn the_ring_is_seen() {
    let mut kiosk = kiosk_with(using(Scanning::TwoSwitches), &telling_draft());
    for label in ["Sign our promise", "Acorn"] {
        choose(&mut kiosk, label);
    }
    let next = |kiosk: &mut Kiosk| {
        kiosk.harness.state_mut().running.skip(BOUNCE);
        kiosk.key(Key::Space);
    };
    next(&mut kiosk);
    look(&mut kiosk, "switches-names");
    kiosk.harness.state_mut().running.skip(BOUNCE);
    kiosk.key(Key::Enter);
    next(&mut kiosk);
    look(&mut kiosk, "switches-name");
    for label in ["Amira", "Let’s go"] {
        choose(&mut kiosk, label);
    }
    look(&mut kiosk, "switches-statement");
}
