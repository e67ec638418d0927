//! “How was it today?” and a vote: the machine's side of it, and how it looks and works in a window.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::{
    folder::write_settings,
    machine::{
        Action, Chance, Effect, Event, Mode, Now, Scanning, Screen, Settings, State, SurveyStep, controls,
        update,
    },
};
use records::{day::Moment, survey::SurveyAnswers};

use crate::{
    journeys::{Kiosk, least_of},
    machine::nothing_left,
    pictures::look,
    school::{
        Hub, acorn, press_with_chance as press, speaking, state_with, surveying_draft, surveying_state,
    },
    switches::{choose, kiosk_with, using},
};

const TODAY: &str = "How was it today?";
const VOTE: &str = "Choose our words";
const ENTRY: &str = "I didn’t like something";

fn answer(state: &mut State, answers: &[&str]) -> Vec<Effect> {
    press(state, TODAY);
    press(state, "Let’s go");
    for words in answers {
        press(state, words);
    }
    press(state, "Yes, give it in")
}

fn given(effects: &[Effect]) -> (&SurveyAnswers, Chance) {
    let [Effect::Count { told, answers }] = effects else { panic!("{effects:?}") };
    (answers, *told)
}

fn has(state: &State, label: &str) -> bool {
    controls(state).iter().any(|c| c.label == label)
}

#[test]
fn a_child_answers_by_pictures_alone_and_is_thanked_only_when_it_is_on_the_disk() {
    let mut state = surveying_state();
    let effects = answer(&mut state, &["Happy", "I don’t want to say"]);
    let (answers, told) = given(&effects);
    let of: Vec<_> =
        answers.answers.iter().map(|(q, a)| (q.as_str(), a.as_ref().map(|a| a.as_str()))).collect();
    assert_eq!(of, [("feeling", Some("happy")), ("screens", None)]);
    assert_eq!((answers.survey.as_str(), answers.version.to_string().as_str()), ("today", "1.0"));
    assert_eq!(state.screen.name(), "survey-keeping");
    update(&mut state, Event::Told([99; 16]));
    assert_eq!(state.screen.name(), "survey-keeping", "another child’s news is no thank-you");
    update(&mut state, Event::Told(told));
    assert_eq!(state.screen.name(), "counted");
    assert!(!format!("{state:?}").contains("Answering("), "thanked, and forgotten");
    let effects = press(&mut state, "Finish");
    assert!(!effects.iter().any(|e| matches!(e, Effect::Visited)), "one writing for one visit");
    nothing_left(&state);
}

#[test]
fn a_full_disk_is_told_calmly_and_the_same_answers_are_tried_again() {
    let mut state = surveying_state();
    let effects = answer(&mut state, &["Sad", "It was fun"]);
    let (first, told) = given(&effects);
    update(&mut state, Event::NotTold(told));
    assert_eq!(state.screen.name(), "survey-not-kept");
    let again = press(&mut state, "Try again");
    assert_eq!(given(&again).0, first);
    update(&mut state, Event::Told(told));
    assert_eq!(state.screen.name(), "counted");
}

#[test]
fn whoever_is_sad_or_scared_is_told_at_the_end_that_they_can_tell() {
    for (feeling, screens, reminded) in [
        ("Happy", "It was fun", false),
        ("Sad", "It was fun", true),
        ("Scared", "No screen today", true),
        ("Happy", "It upset me", true),
        ("I don’t want to say", "It was fun", false),
    ] {
        let mut state = surveying_state();
        let effects = answer(&mut state, &[feeling, screens]);
        let told = given(&effects).1;
        update(&mut state, Event::Told(told));
        let Screen::Counted { may_tell } = state.screen else { panic!("{:?}", state.screen) };
        assert_eq!(may_tell, reminded, "{feeling}, {screens}");
        assert!(has(&state, ENTRY), "the way to tell is there as ever");
        press(&mut state, ENTRY);
        assert_eq!(state.screen.name(), "tell-first");
    }
}

#[test]
fn pupils_are_asked_where_pupils_are_and_a_vote_on_its_days_alone() {
    let mut state = surveying_state();
    assert!(has(&state, TODAY) && has(&state, VOTE));
    for mode in [Mode::OpenEvening, Mode::StaffRoom, Mode::Entrance] {
        let mut other = state.clone();
        other.settings.mode = mode;
        assert!(!has(&other, TODAY) && !has(&other, VOTE), "{mode:?}");
        update(&mut other, Event::Press(Action::Survey(0)));
        assert!(!matches!(other.screen, Screen::Survey { .. }), "{mode:?}");
    }
    // Where nobody could read a report there is no box, and nothing to count in.
    let mut nobody_reads = state.clone();
    update(&mut nobody_reads, Event::Telling(false));
    assert!(!has(&nobody_reads, TODAY));
    press(&mut state, "Sign our promise");
    assert!(!has(&state, TODAY), "from the start screen alone");

    let mut draft = surveying_draft();
    let day = |text: &str| text.parse().unwrap();
    draft.content.surveys[1].shown =
        records::survey::Shown::Between { from: day("2026-09-22"), until: day("2026-09-23") };
    let mut state = state_with(&draft);
    let shown = |state: &mut State, days: i64| {
        let wall = Moment(1_790_000_000 + days * 86_400);
        update(state, Event::Tick(Now { wall, ..state.now }));
        has(state, VOTE)
    };
    assert_eq!([0, 1, 2, 3].map(|days| shown(&mut state, days)), [false, true, true, false]);
}

#[test]
fn no_answer_has_a_place_of_its_own_and_none_is_chosen_before_a_child_chooses() {
    let mut firsts = BTreeSet::new();
    for chance in 0..60 {
        let mut state = surveying_state();
        update(&mut state, Event::Chance([chance; 16]));
        press(&mut state, TODAY);
        press(&mut state, "Let’s go");
        let shown: Vec<_> =
            controls(&state).into_iter().filter(|c| matches!(c.action, Action::Answer(_))).collect();
        assert_eq!(shown.len(), 6);
        assert!(shown.iter().all(|c| c.selected == Some(false)));
        firsts.insert(shown[0].label.clone());
        press(&mut state, &shown[2].label);
        press(&mut state, "Back");
        let again: Vec<_> =
            controls(&state).into_iter().filter(|c| matches!(c.action, Action::Answer(_))).collect();
        assert!(again.iter().map(|c| &c.label).eq(shown.iter().map(|c| &c.label)), "the same all the visit");
        assert_eq!(again.iter().position(|c| c.selected == Some(true)), Some(2));
    }
    assert_eq!(firsts.len(), 6, "{firsts:?}");
}

/// Every way through, by every control of every screen of a survey.
#[test]
fn from_every_screen_hiding_and_time_alone_lead_to_a_start_that_holds_nothing() {
    let mut met: BTreeMap<String, ()> = BTreeMap::new();
    let mut open = vec![surveying_state()];
    while let Some(state) = open.pop() {
        let shown: Vec<_> =
            controls(&state).iter().map(|c| format!("{:?} {:?}", c.label, c.selected)).collect();
        let face = format!("{} {}", state.screen.name(), shown.join(" "));
        let goes_on = matches!(state.screen, Screen::Home | Screen::Survey { .. } | Screen::Counted { .. });
        if met.insert(face, ()).is_some() || !goes_on {
            continue;
        }
        let mut left = state.clone();
        for _ in 0..40 {
            let Some(deadline) = left.next_deadline() else { break };
            let now = Now { since_start: deadline.max(left.now.since_start), ..left.now };
            update(&mut left, Event::Tick(now));
        }
        nothing_left(&left);
        if matches!(&state.screen, Screen::Survey { step, .. } if !matches!(step, SurveyStep::Keeping)) {
            let mut hidden = state.clone();
            let effects = update(&mut hidden, Event::Press(Action::Hide));
            assert!(matches!(effects[0], Effect::Wiped), "hidden at once, on {}", state.screen.name());
            nothing_left(&hidden);
        }
        for control in controls(&state) {
            let mut next = state.clone();
            let effects = update(&mut next, Event::Press(control.action));
            if next.wants_chance() {
                update(&mut next, Event::Chance([9; 16]));
            }
            if let [Effect::Count { told, .. }] = effects[..] {
                let mut failed = next.clone();
                update(&mut failed, Event::NotTold(told));
                open.push(failed);
                update(&mut next, Event::Told(told));
            }
            open.push(next);
        }
    }
    let screens: BTreeSet<_> = met.keys().map(|face| face.split(' ').next().unwrap()).collect();
    for screen in ["survey-who", "survey-ask", "survey-check", "survey-not-kept", "counted"] {
        assert!(screens.contains(screen), "{screen} was never reached: {screens:?}");
    }
}

/// A child who reads nothing: each answer has a picture of its own, and the speaker says it.
#[test]
fn a_child_who_cannot_read_sees_a_picture_and_hears_the_words_of_every_answer() {
    let draft = surveying_draft();
    let mut state = surveying_state();
    for (place, survey) in draft.content.surveys.iter().enumerate() {
        update(&mut state, Event::Press(Action::Survey(place)));
        let content = state.content.clone().unwrap();
        for line in survey.intro.iter().chain([&survey.title]) {
            assert!(content.recording(line).is_some(), "“{line}” is not said");
        }
        press(&mut state, "Let’s go");
        for question in &survey.questions {
            let asking = state.asking().unwrap();
            let pictures: BTreeSet<_> = asking.offered.iter().map(|one| one.symbol.clone()).collect();
            assert_eq!(pictures.len(), question.choices.len(), "no two pictures are the same");
            assert!(pictures.iter().all(|picture| content.pictures.contains_key(picture)));
            let mut lines = vec![asking.words];
            lines.extend(asking.offered.iter().map(|one| one.words));
            let lines: Vec<usize> = lines.into_iter().map(|line| content.recording(line).unwrap()).collect();
            let effects = update(&mut state, Event::Press(Action::Speak));
            let said =
                effects.iter().find_map(|e| if let Effect::Say(all) = e { Some(all.clone()) } else { None });
            assert_eq!(said.unwrap()[..lines.len()], lines, "the question and its answers, as they stand");
            update(&mut state, Event::Press(Action::Answer(0)));
        }
        update(&mut state, Event::Press(Action::Hide));
        update(&mut state, Event::Chance([9; 16]));
    }
}

fn kiosk_at(width: f32, height: f32, settings: Settings) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), &speaking(surveying_draft()));
    write_settings(&folder, &settings).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.settle();
    update(&mut kiosk.harness.state_mut().running.state, Event::Chance([7; 16]));
    kiosk
}

#[test]
fn every_screen_of_a_survey_looks_as_it_was_looked_at() {
    let mut kiosk = kiosk_at(1280.0, 800.0, Settings::default());
    look(&mut kiosk, "survey-home");
    kiosk.press(TODAY);
    look(&mut kiosk, "survey-who");
    kiosk.press("Let’s go");
    look(&mut kiosk, "survey-feeling");
    kiosk.press("Sad");
    look(&mut kiosk, "survey-screens");
    kiosk.press("I learned a lot");
    look(&mut kiosk, "survey-check");
    kiosk.press("Yes, give it in");
    look(&mut kiosk, "survey-counted");
    kiosk.press("Finish");
    update(&mut kiosk.harness.state_mut().running.state, Event::Chance([7; 16]));
    kiosk.press(VOTE);
    kiosk.press("Let’s go");
    look(&mut kiosk, "survey-vote");
}

fn looks_at(name: &str, width: f32, height: f32, settings: Settings) {
    let mut kiosk = kiosk_at(width, height, settings);
    look(&mut kiosk, &format!("survey-home-{name}"));
    kiosk.press(TODAY);
    kiosk.press("Let’s go");
    look(&mut kiosk, &format!("survey-feeling-{name}"));
    kiosk.press("Sad");
    kiosk.press("It upset me");
    kiosk.press("Yes, give it in");
    look(&mut kiosk, &format!("survey-counted-{name}"));
}

#[test]
fn a_survey_fits_an_upright_screen() {
    looks_at("upright", 1080.0, 1920.0, Settings::default());
}

#[test]
fn a_survey_is_as_clear_in_high_contrast() {
    looks_at("high-contrast", 1280.0, 800.0, Settings { high_contrast: true, ..Settings::default() });
}

#[test]
fn a_survey_fits_at_twice_the_size() {
    let text = kiosk::machine::TextSize::Double;
    looks_at("double", 1280.0, 800.0, Settings { text, ..Settings::default() });
}

#[test]
fn a_child_who_uses_a_keyboard_alone_answers_too() {
    let mut kiosk = kiosk_at(1280.0, 800.0, Settings::default());
    kiosk.press_by_key(TODAY, Key::Enter);
    for label in ["Let’s go", "Worried", "No screen today"] {
        kiosk.press_by_key(label, Key::Space);
    }
    kiosk.press_by_key("Yes, give it in", Key::Enter);
    assert_eq!(kiosk.screen(), "counted");
}

#[test]
fn a_child_answers_with_one_switch_and_with_two() {
    for scanning in [Scanning::OneSwitch, Scanning::TwoSwitches] {
        let mut kiosk = kiosk_with(using(scanning), &speaking(surveying_draft()));
        for label in [TODAY, "Let’s go", "Sad", "It upset me", "Yes, give it in"] {
            choose(&mut kiosk, label);
        }
        assert_eq!(kiosk.screen(), "counted");
        choose(&mut kiosk, ENTRY);
        assert_eq!(kiosk.screen(), "tell-first");
    }
}

#[test]
fn everything_that_can_be_pressed_in_a_survey_is_told_to_a_screen_reader_and_large_enough() {
    let mut kiosk = kiosk_at(1280.0, 800.0, Settings::default());
    let way = [TODAY, "Let’s go", "Sad", "It upset me", "Yes, give it in"];
    for label in way.into_iter().map(Some).chain([None]) {
        let shown = controls(&kiosk.harness.state().running.state);
        let all = kiosk.harness.get_all_by_role(Role::Button);
        let told: Vec<_> = all.map(|n| (n.accesskit_node().label().unwrap(), n.rect())).collect();
        let names: BTreeSet<_> = told.iter().map(|(label, _)| label.clone()).collect();
        assert_eq!(names, shown.iter().map(|c| c.label.clone()).collect(), "on {}", kiosk.screen());
        // A screen of 15 inches, on which a point takes a quarter of a millimetre.
        for (label, rect) in &told {
            let side = rect.width().min(rect.height()) * 0.25;
            assert!(side >= least_of(label, 25.0) - 0.01, "“{label}” on {} is {side:.1} mm", kiosk.screen());
        }
        if let Some(label) = label {
            kiosk.press(label);
        }
    }
    assert!(
        kiosk.harness.query_by_label_contains("Sad").is_none(),
        "what was answered is told to nobody any more"
    );
}

#[test]
fn a_survey_cannot_be_told_from_telling_at_a_glance() {
    let mut kiosk = kiosk_at(1280.0, 800.0, Settings::default());
    let mut places = |way: &[&str]| -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for label in way {
            kiosk.press(label);
            let buttons = kiosk.harness.get_all_by_role(Role::Button);
            let mut rects: Vec<_> = buttons.map(|n| format!("{:?}", n.rect())).collect();
            rects.sort();
            all.push(rects);
        }
        kiosk.press("Hide");
        all
    };
    let told = places(&[ENTRY, "I want to tell", "I want to tell"]);
    let answered = places(&[TODAY, "Let’s go"]);
    assert_eq!(
        told[1..],
        answered[..],
        "who reads it, and the first question: the same buttons at the same places"
    );
}

#[test]
fn a_child_who_signs_next_is_asked_nothing_of_the_one_before() {
    let mut state = surveying_state();
    let effects = answer(&mut state, &["Cross", "It was fun"]);
    let told = given(&effects).1;
    update(&mut state, Event::Told(told));
    press(&mut state, "Finish");
    press(&mut state, "Sign our promise");
    press(&mut state, "Acorn");
    update(&mut state, crate::school::opened(acorn(), Vec::new(), 5));
    press(&mut state, "Amira");
    assert_eq!(state.screen.name(), "hello");
}
