//! Less motion: from frame to frame nothing moves by itself; what changes, changes at once.

use std::time::Duration;

use kiosk::{
    folder::write_settings,
    machine::{Settings, State},
};

use records::{
    pack::PackDraft,
    voice::{self, BRITISH},
};

use crate::{
    journeys::Kiosk,
    school::{Hub, PROMISES, alt, draft, speaking},
};

/// How long a word takes here: however slow the machine is that runs the test, a picture of it is there before the next.
const WORD: u64 = 20_000;

/// A pack in which the first promise is said slowly, and all else in no time.
fn slow() -> PackDraft {
    let mut draft = speaking(draft());
    let promise = voice::name(BRITISH, PROMISES[0]);
    for recording in &mut draft.content.recordings {
        let pace = if recording.sentence == promise { WORD as u32 } else { 1 };
        recording.words.iter_mut().zip(0..).for_each(|(start, place)| *start = place * pace);
        recording.lasts = recording.words.len() as u32 * pace;
    }
    draft
}

fn kiosk_with(reduced_motion: bool, draft: &PackDraft) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), draft);
    write_settings(&folder, &Settings { reduced_motion, ..Settings::default() }).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    kiosk
}

fn state(kiosk: &Kiosk) -> &State {
    &kiosk.harness.state().running.state
}

/// What is said at this moment, if anything.
fn said(kiosk: &Kiosk) -> Option<usize> {
    state(kiosk).lit().map(|lit| lit.recording)
}

/// After how long the window asks to be painted again by itself.
fn asks_again(kiosk: &Kiosk) -> Duration {
    kiosk.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay
}

/// Watches a screen while it says a sentence, and tells how many pictures it shows of it.
fn pictures_of_a_sentence(kiosk: &mut Kiosk) -> usize {
    let mut seen = Vec::new();
    // Past what is said before it.
    kiosk.harness.state_mut().running.skip(2_000);
    kiosk.harness.run_steps(2);
    let sentence = said(kiosk);
    assert!(sentence.is_some());
    while said(kiosk) == sentence {
        let picture = kiosk.harness.render().unwrap();
        if !seen.contains(&picture) {
            seen.push(picture);
        }
        kiosk.harness.state_mut().running.skip(WORD);
        kiosk.harness.run_steps(2);
    }
    seen.len()
}

#[test]
fn with_less_motion_a_sentence_that_is_said_stands_still_and_else_its_words_are_lit_one_by_one() {
    for (reduced, at_least, at_most) in [(true, 1, 1), (false, 4, 8)] {
        let mut kiosk = kiosk_with(reduced, &slow());
        for label in ["Sign our promise", "Acorn", "Amira", "Let’s go"] {
            kiosk.press(label);
        }
        let pictures = pictures_of_a_sentence(&mut kiosk);
        assert!((at_least..=at_most).contains(&pictures), "{pictures} pictures of one sentence");
    }
}

#[test]
fn with_less_motion_every_screen_is_there_at_once_and_asks_for_no_other_frame() {
    let mut kiosk = kiosk_with(true, &speaking(draft()));
    let star = alt("star");
    let way = ["Sign our promise", "Acorn", "Amira", "Let’s go", "Tell me more", "Yes, I will"];
    for label in
        way.into_iter().chain(["Yes, I will", "Yes, I will", &star, "A grown-up helped me", "I’m done"])
    {
        kiosk.press(label);
        // The first picture of what came is its last.
        let (first, screen) = (kiosk.harness.render().unwrap(), kiosk.screen());
        let sentence = said(&kiosk);
        for _ in 0..4 {
            kiosk.harness.run_steps(1);
            if said(&kiosk) == sentence {
                assert!(kiosk.harness.render().unwrap() == first, "something moves on {screen}");
            }
        }
        while state(&kiosk).is_speaking() {
            kiosk.harness.state_mut().running.skip(1000);
            kiosk.harness.run_steps(2);
        }
        let again = asks_again(&kiosk);
        assert!(again > Duration::from_secs(30), "{screen} asks for a frame after {again:?}");
    }
    assert_eq!(kiosk.screen(), "thank-you");
}
