//! Golden images of every screen, from one renderer (wgpu on Mesa's lavapipe).

use egui_kittest::SnapshotOptions;
use records::{
    ids::RecordId,
    pack::PackDraft,
    voice::{self, BRITISH},
};

use kiosk::machine::{Event, Screen};

use crate::{
    journeys::Kiosk,
    school::{Hub, PROMISES, alt, draft, speaking, telling_draft},
};

/// Another version of the same software renderer rounds some pixels of an edge differently; a
/// moved, missing or recoloured thing is thousands of pixels.
fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(1.0).max_failed_pixels(60).output_path("tests/snapshots")
}

pub(crate) fn look(kiosk: &mut Kiosk, name: &str) {
    kiosk.settle();
    // When all is said, no word is lit any more.
    while kiosk.harness.state().running.state.is_speaking() {
        kiosk.harness.state_mut().running.skip(500);
        kiosk.settle();
    }
    take(kiosk, name);
}

fn take(kiosk: &mut Kiosk, name: &str) {
    kiosk.harness.snapshot_options(name, &options());
}

#[test]
fn every_screen_looks_as_it_was_looked_at() {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(draft()));
    look(&mut kiosk, "home");
    kiosk.press("Sign our promise");
    look(&mut kiosk, "choose-class");
    kiosk.press("Acorn");
    look(&mut kiosk, "choose-name");
    kiosk.press("I can’t find my name");
    look(&mut kiosk, "ask-teacher");
    kiosk.press("Back");
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    kiosk.press("Alfie");
    look(&mut kiosk, "has-signed");
    kiosk.press("Go to the start");
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    kiosk.press("Amira");
    look(&mut kiosk, "hello");
    kiosk.press("Let’s go");
    kiosk.press("Yes, I will");
    look(&mut kiosk, "statement");
    kiosk.press("Tell me more");
    look(&mut kiosk, "statement-more");
    kiosk.press("Yes, I will");
    kiosk.press("Yes, I will");
    look(&mut kiosk, "make-mark");
    kiosk.draw();
    kiosk.press("A grown-up helped me");
    look(&mut kiosk, "make-mark-drawn");
    kiosk.press(&alt("sun"));
    look(&mut kiosk, "make-mark-sticker");
    look_between(&mut kiosk);
    kiosk.press("I’m done");
    look(&mut kiosk, "thank-you");
}

/// The screens that stand between the mark and the thank-you for a moment only, or when all is not well.
fn look_between(kiosk: &mut Kiosk) {
    let before = kiosk.harness.state().running.state.screen.clone();
    let state = &mut kiosk.harness.state_mut().running.state;
    let effects = kiosk::machine::update(state, Event::Press(kiosk::machine::Action::Done));
    assert_eq!(effects.len(), 1);
    look(kiosk, "saving");
    let id = match &effects[0] {
        kiosk::machine::Effect::Save(signature) => signature.id,
        _ => RecordId::from_bytes([0; 16]),
    };
    kiosk::machine::update(&mut kiosk.harness.state_mut().running.state, Event::NotSaved(id));
    look(kiosk, "not-saved");
    kiosk.harness.state_mut().running.state.screen = Screen::StillThere { before: Box::new(before.clone()) };
    look(kiosk, "still-there");
    kiosk.harness.state_mut().running.state.screen = before;
    kiosk.settle();
}

#[test]
fn older_children_see_the_group_and_longer_words() {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(draft()));
    kiosk.settle();
    kiosk.press("Sign our promise");
    kiosk.press("Oak");
    kiosk.press("George");
    kiosk.press("Let’s go");
    look(&mut kiosk, "statement-ks2");
    kiosk.press("Tell me more");
    look(&mut kiosk, "statement-ks2-more");
}

#[test]
fn the_focus_is_seen() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press_by_key("Sign our promise", egui::Key::Enter);
    kiosk.key(egui::Key::ArrowRight);
    look(&mut kiosk, "focus");
}

#[test]
fn a_kiosk_that_is_being_set_up_says_so() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.bare_kiosk(room.path(), "127.0.0.1:9");
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    look(&mut kiosk, "not-ready");
}

#[test]
fn a_larger_screen_is_filled_as_well() {
    look_at("wide", 1920.0, 1080.0);
}

#[test]
fn an_upright_screen_is_filled_as_well() {
    look_at("upright", 1080.0, 1920.0);
}

fn look_at(name: &str, width: f32, height: f32) {
    let mut kiosk = Kiosk::speaking(width, height, &speaking(draft()));
    look(&mut kiosk, &format!("home-{name}"));
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    look(&mut kiosk, &format!("choose-name-{name}"));
    kiosk.press("Amira");
    kiosk.press("Let’s go");
    look(&mut kiosk, &format!("statement-{name}"));
    for _ in 0..3 {
        kiosk.press("Yes, I will");
    }
    look(&mut kiosk, &format!("make-mark-{name}"));
}

#[test]
fn a_tablet_of_ten_inches_has_larger_buttons() {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(draft()));
    kiosk.harness.state_mut().assets.mm_per_point = 0.17;
    kiosk.settle();
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    look(&mut kiosk, "choose-name-tablet");
    kiosk.press("Amira");
    kiosk.press("Let’s go");
    for _ in 0..3 {
        kiosk.press("Yes, I will");
    }
    kiosk.draw();
    look(&mut kiosk, "make-mark-tablet");
}

/// Opens a kiosk at which every child sees the answers in the same order.
fn telling(width: f32, height: f32) -> Kiosk {
    kiosk_of_all(width, height, &speaking(telling_draft()))
}

fn kiosk_of_all(width: f32, height: f32, draft: &PackDraft) -> Kiosk {
    let mut kiosk = Kiosk::speaking(width, height, draft);
    kiosk.settle();
    kiosk::machine::update(&mut kiosk.harness.state_mut().running.state, Event::Chance([7; 16]));
    kiosk
}

const ENTRY: &str = "I didn’t like something";

#[test]
fn every_screen_of_telling_looks_as_it_was_looked_at() {
    let mut kiosk = telling(1280.0, 800.0);
    look(&mut kiosk, "tell-home");
    kiosk.press(ENTRY);
    look(&mut kiosk, "tell-first");
    kiosk.press("I want to tell");
    look(&mut kiosk, "tell-who");
    kiosk.press("I want to tell");
    for (picture, answer) in [
        ("tell-feeling", "Worried"),
        ("tell-happened", "I got a message"),
        ("tell-place", "In a game"),
        ("tell-about", "I don’t know them"),
    ] {
        look(&mut kiosk, picture);
        kiosk.press(answer);
    }
    kiosk.press("Back");
    look(&mut kiosk, "tell-about-chosen");
    kiosk.press("I don’t know them");
    look(&mut kiosk, "tell-talk");
    kiosk.press("Yes, with me");
    look(&mut kiosk, "tell-class");
    kiosk.press("Acorn");
    look(&mut kiosk, "tell-name");
    kiosk.press("Amira");
    look(&mut kiosk, "tell-check");
    kiosk.press("Yes, give it in");
    look(&mut kiosk, "told");
    kiosk.press("Finish");
    kiosk.press(ENTRY);
    kiosk.press("I need a grown-up now");
    look(&mut kiosk, "tell-now");
    kiosk.harness.state_mut().running.handle(Event::Coming(1));
    look(&mut kiosk, "tell-coming");
}

#[test]
fn the_way_to_tell_leaves_room_for_what_else_is_on_a_pupils_screens() {
    let mut kiosk = telling(1280.0, 800.0);
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    look(&mut kiosk, "tell-on-choose-name");
    kiosk.press("Amira");
    kiosk.press("Let’s go");
    look(&mut kiosk, "tell-on-statement");
    for _ in 0..3 {
        kiosk.press("Yes, I will");
    }
    look(&mut kiosk, "tell-on-make-mark");
}

#[test]
fn telling_fits_an_upright_screen() {
    let mut kiosk = telling(1080.0, 1920.0);
    look(&mut kiosk, "tell-home-upright");
    kiosk.press(ENTRY);
    kiosk.press("I want to tell");
    kiosk.press("I want to tell");
    look(&mut kiosk, "tell-feeling-upright");
}

#[test]
fn telling_fits_a_small_tablet() {
    let mut kiosk = telling(1280.0, 800.0);
    kiosk.harness.state_mut().assets.mm_per_point = 0.17;
    kiosk.press(ENTRY);
    kiosk.press("I want to tell");
    kiosk.press("I want to tell");
    look(&mut kiosk, "tell-feeling-tablet");
}

/// A pack in which one sentence comes to its last word at once and stays there, and the sentences before it are over
/// before anybody looks.
fn that_stays_at(sentence: &str) -> PackDraft {
    let mut draft = speaking(telling_draft());
    let stays = voice::name(BRITISH, sentence);
    for recording in &mut draft.content.recordings {
        let still = recording.sentence == stays;
        recording.lasts = if still { 600_000 } else { 1 };
        recording.words.iter_mut().zip(0..).for_each(|(start, place)| *start = if still { place } else { 0 });
    }
    draft
}

#[test]
fn the_word_that_is_being_said_is_lit() {
    let mut kiosk = kiosk_of_all(1280.0, 800.0, &that_stays_at(PROMISES[1]));
    for label in ["Sign our promise", "Acorn", "Amira", "Let’s go", "Yes, I will"] {
        kiosk.press(label);
    }
    // A quick machine would be there before the last word is.
    kiosk.harness.state_mut().running.skip(5_000);
    kiosk.settle();
    take(&mut kiosk, "statement-lit");
}

#[test]
fn the_picture_whose_name_is_being_said_is_lit() {
    let mut kiosk = kiosk_of_all(1280.0, 800.0, &that_stays_at("Scared"));
    for label in [ENTRY, "I want to tell", "I want to tell", "Read it to me"] {
        kiosk.press(label);
    }
    kiosk.harness.state_mut().running.skip(5_000);
    kiosk.settle();
    take(&mut kiosk, "tell-feeling-lit");
}
