//! Less motion: from frame to frame nothing moves by itself; what changes, changes at once.

use std::time::Duration;

use kiosk::{
    folder::write_settings,
    machine::{Settings, State},
};

use crate::{
    journeys::Kiosk,
    school::{A_WORD, Hub, alt, draft, speaking},
};

fn kiosk_with(reduced_motion: bool) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), &speaking(draft()));
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

/// Watches a screen while it speaks, and tells how many pictures it shows of one sentence at the most.
fn pictures_of_a_sentence(kiosk: &mut Kiosk) -> usize {
    let (mut most, mut seen) = (0, Vec::new());
    let mut sentence = said(kiosk);
    for _ in 0..12 {
        let picture = kiosk.harness.render().unwrap();
        if said(kiosk) != sentence {
            sentence = said(kiosk);
            seen.clear();
        }
        if sentence.is_some() && !seen.contains(&picture) {
            seen.push(picture);
        }
        most = most.max(seen.len());
        kiosk.harness.state_mut().running.skip(u64::from(A_WORD));
        kiosk.harness.run_steps(1);
    }
    most
}

#[test]
fn with_less_motion_a_sentence_that_is_said_stands_still_and_else_its_words_are_lit_one_by_one() {
    for (reduced, at_least, at_most) in [(true, 1, 1), (false, 3, 20)] {
        let mut kiosk = kiosk_with(reduced);
        for label in ["Sign our promise", "Acorn", "Amira", "Let’s go"] {
            kiosk.press(label);
        }
        let pictures = pictures_of_a_sentence(&mut kiosk);
        assert!((at_least..=at_most).contains(&pictures), "{pictures} pictures of one sentence");
    }
}

#[test]
fn with_less_motion_every_screen_is_there_at_once_and_asks_for_no_other_frame() {
    let mut kiosk = kiosk_with(true);
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
        assert!(again > Duration::from_secs(60), "{screen} asks for a frame after {again:?}");
    }
    assert_eq!(kiosk.screen(), "thank-you");
}
