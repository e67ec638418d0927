//! “What would you do?” beside the promises of older children: it teaches, and keeps nothing.

use std::collections::BTreeSet;

use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::machine::{Action, Effect, Event, Scanning, Settings, State, TextSize, controls, update};
use records::{
    agreement::{Scenario, ScenarioChoice},
    pack::PackDraft,
    signature::Signature,
};

use crate::{
    journeys::Kiosk,
    machine::nothing_left,
    pictures::look,
    school::{Hub, alt, draft, oak, opened, press, speaking, state_with, telling_draft},
    switches::{choose, kiosk_with, using},
};

const WAYS: [&str; 3] = [
    "I laugh along.",
    "I write: “Would you like that? Please take it down.”",
    "I write nothing and show it to an adult.",
];

/// As long as a school writes them.
fn story() -> Scenario {
    let choice = |words: &str, follows: &str| ScenarioChoice { words: words.into(), follows: follows.into() };
    Scenario {
        name: "funny-picture".parse().unwrap(),
        words: "In the class chat there is a picture of a boy who is asleep.".into(),
        story: vec![
            "It is from the coach, and his mouth is open. Everybody is laughing. He is not in the chat."
                .into(),
        ],
        choices: vec![
            choice(
                WAYS[0],
                "It feels like nothing. But he may see it one day, and then every laugh hurts. You can take yours back: say sorry, and ask for the picture to come down.",
            ),
            choice(
                WAYS[1],
                "That takes courage, and others are often glad that somebody said it. If it gets nasty, you need not argue. Tell an adult.",
            ),
            choice(
                WAYS[2],
                "That helps him too. An adult can talk with everybody, and he does not have to find out alone.",
            ),
        ],
    }
}

/// Both groups of the older children's agreement end with a story.
pub(crate) fn with_stories(mut draft: PackDraft) -> PackDraft {
    let name = "talk-together".parse().unwrap();
    let themes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    draft.pictures.entry(name).or_insert_with(|| std::fs::read(themes.join("talk-together.svg")).unwrap());
    for group in &mut draft.content.agreements[1].groups {
        group.scenario = Some(story());
    }
    draft
}

fn to_first_story() -> State {
    let mut state = state_with(&speaking(with_stories(telling_draft())));
    press(&mut state, "Sign our promise");
    press(&mut state, "Oak");
    update(&mut state, opened(oak(), Vec::new(), 5));
    press(&mut state, "George");
    press(&mut state, "Let’s go");
    press(&mut state, "Yes, I will");
    assert_eq!(state.screen.name(), "story");
    state
}

fn sign_from_first_story(mut state: State, chosen: &[&str]) -> (Signature, String) {
    for words in chosen {
        press(&mut state, words);
    }
    press(&mut state, "Go on");
    press(&mut state, "Yes, I will");
    press(&mut state, "Go on");
    press(&mut state, &alt("star"));
    let effects = press(&mut state, "I’m done");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    (Signature::clone(signature), format!("{:?}", state.screen))
}

#[test]
fn a_story_comes_after_the_promises_of_its_group_and_shows_what_follows_from_each_way() {
    let mut state = to_first_story();
    let words: Vec<_> = controls(&state).into_iter().map(|c| c.label).collect();
    for way in WAYS {
        assert!(words.contains(&way.to_owned()), "{words:?}");
    }
    for (way, follows) in story().choices.iter().map(|c| (&c.words, &c.follows)) {
        press(&mut state, way);
        let shown: BTreeSet<_> = controls(&state)
            .into_iter()
            .map(|c| c.action)
            .filter(|a| matches!(a, Action::ChooseAgain | Action::Continue))
            .map(|a| format!("{a:?}"))
            .collect();
        assert_eq!(shown.len(), 2, "choose again, or go on");
        let effects = update(&mut state, Event::Press(Action::Speak));
        let said =
            effects.iter().find_map(|e| if let Effect::Say(all) = e { Some(all.clone()) } else { None });
        let content = state.content.clone().unwrap();
        assert!(said.unwrap().contains(&content.recording(follows).unwrap()), "what follows is said");
        press(&mut state, "Choose again");
    }
    press(&mut state, WAYS[0]);
    press(&mut state, "Go on");
    assert_eq!(state.statement().unwrap().name.as_str(), "known-people", "the next group");
    press(&mut state, "Back");
    assert_eq!(state.screen.name(), "story");
    assert!(controls(&state).iter().any(|c| c.label == WAYS[0]), "what was chosen is not there any more");
    press(&mut state, "Back");
    assert_eq!(state.statement().unwrap().name.as_str(), "kind-messages");
}

#[test]
fn what_is_chosen_in_a_story_is_in_no_signature_and_nowhere_else() {
    let ways: [&[&str]; 4] = [&[], &[WAYS[0]], &[WAYS[2]], &[WAYS[1], "Choose again", WAYS[2]]];
    let signed: Vec<_> = ways.iter().map(|way| sign_from_first_story(to_first_story(), way)).collect();
    assert!(signed.windows(2).all(|two| two[0] == two[1]), "the same to the last byte, whatever was chosen");
    let without = draft().content.agreements[1].digest();
    assert_eq!(signed[0].0.words, without, "a story is not signed");

    let mut state = to_first_story();
    press(&mut state, WAYS[0]);
    press(&mut state, "Stop and go to the start");
    nothing_left(&state);
    let mut state = to_first_story();
    press(&mut state, WAYS[0]);
    let effects = press(&mut state, "Go on");
    assert!(effects.is_empty(), "nothing goes to the disk: {effects:?}");
    assert!(!format!("{:?}", state.screen).contains("chosen"), "{:?}", state.screen);
}

#[test]
fn no_way_is_marked_and_nobody_has_to_choose() {
    let state = to_first_story();
    let all = controls(&state);
    let ways: Vec<_> = all.iter().filter(|c| matches!(c.action, Action::Answer(_))).collect();
    assert_eq!(ways.len(), 3);
    assert!(ways.iter().all(|c| c.selected.is_none() && c.note.is_none()));
    assert!(all.iter().any(|c| c.action == Action::Continue));
    assert!(all.iter().any(|c| c.action == Action::Tell), "the way to tell is there as ever");
}

pub(crate) fn to_story(kiosk: &mut Kiosk) {
    for label in ["Sign our promise", "Oak"] {
        kiosk.press_on_a_page(label);
    }
    kiosk.press_on_a_page("George");
    for label in ["Let’s go", "Yes, I will"] {
        kiosk.press(label);
    }
}

pub(crate) fn kiosk_at(width: f32, height: f32, settings: Settings) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), &speaking(with_stories(telling_draft())));
    kiosk::folder::write_settings(&folder, &settings).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.settle();
    kiosk
}

fn looks_at(name: &str, width: f32, height: f32, settings: Settings) {
    let mut kiosk = kiosk_at(width, height, settings);
    to_story(&mut kiosk);
    look(&mut kiosk, &format!("story{name}"));
    kiosk.press(WAYS[0]);
    look(&mut kiosk, &format!("story-follows{name}"));
}

#[test]
fn a_story_looks_as_it_was_looked_at() {
    looks_at("", 1280.0, 800.0, Settings::default());
}

#[test]
fn a_story_fits_an_upright_screen() {
    looks_at("-upright", 1080.0, 1920.0, Settings::default());
}

#[test]
fn a_story_fits_at_twice_the_size() {
    looks_at("-double", 1280.0, 800.0, Settings { text: TextSize::Double, ..Settings::default() });
}

#[test]
fn a_story_is_read_with_a_keyboard_alone_and_with_two_switches() {
    let mut kiosk = kiosk_at(1280.0, 800.0, Settings::default());
    to_story(&mut kiosk);
    kiosk.press_by_key(WAYS[2], Key::Space);
    assert!(kiosk.harness.query_by_label_contains("That helps him too").is_some());
    let go_on = kiosk.harness.get_by_role_and_label(Role::Button, "Go on");
    assert!(go_on.accesskit_node().is_focused(), "what was chosen is gone, and the keyboard goes on");
    kiosk.press_by_key("Choose again", Key::Enter);
    kiosk.press_by_key("Go on", Key::Enter);
    assert_eq!(kiosk.screen(), "statement");

    let mut kiosk = kiosk_with(using(Scanning::TwoSwitches), &speaking(with_stories(telling_draft())));
    for label in ["Sign our promise", "Oak", "George", "Let’s go", "Yes, I will", WAYS[1], "Go on"] {
        choose(&mut kiosk, label);
    }
    assert_eq!(kiosk.screen(), "statement");
}
