//! Parents and carers at the window: by label, by keyboard alone, and how each screen looks.

use egui::{Key, accesskit::Role};
use egui_kittest::{
    SnapshotOptions,
    kittest::{NodeT as _, Queryable as _},
};
use kiosk::machine::{Event, controls, update};
use records::{
    consent::Answer, envelope::NamedRecord, family::Family, family_code::FamilyCode, form::Form,
    pack::PackDraft,
};

use crate::{households::*, journeys::Kiosk, machine::nothing_left, school::Hub};

const ENTRY: &str = "For parents and carers";
const ZOFIA: &str = "Zofia: Pictures and film of your child";

pub(crate) fn kiosk_of(draft: &PackDraft, family: &Family, width: f32, height: f32) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = asking_kiosk(&hub, room.path(), draft, family);
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.settle();
    kiosk
}
fn kiosk(family: &Family) -> Kiosk {
    kiosk_of(&asking_draft(), family, 1280.0, 800.0)
}

/// Types as on a keyboard: what a browser or a toolkit gives as text.
pub(crate) fn type_in(kiosk: &mut Kiosk, text: &str) {
    for letter in text.chars() {
        kiosk.harness.event(egui::Event::Text(letter.to_string()));
        kiosk.harness.run_steps(1);
    }
    kiosk.settle();
}

pub(crate) fn open(kiosk: &mut Kiosk, code: &FamilyCode) {
    kiosk.press(ENTRY);
    type_in(kiosk, &typed(code).to_lowercase());
}

fn decisions(kiosk: Kiosk) -> Vec<(String, usize, usize)> {
    let count = |d: &records::consent::ConsentDecision, answer| {
        d.answers.iter().filter(|one| one.answer == answer).count()
    };
    let of = |record: NamedRecord| match record {
        NamedRecord::Consent(d) => {
            (format!("{} {}", d.pupil, d.form), count(&d, Answer::Yes), count(&d, Answer::No))
        }
        other => panic!("{other:?}"),
    };
    kiosk.records().into_iter().map(of).collect()
}

#[test]
fn a_mother_of_two_answers_for_both_in_the_window_and_leaves_nothing_there() {
    let mut kiosk = kiosk(&with_others_no(family()));
    kiosk.press(ENTRY);
    for letter in typed(&code()).chars() {
        kiosk.press(&letter.to_string());
    }
    assert_eq!(kiosk.screen(), "family-who");
    kiosk.harness.get_by_label("Hello, Maria Nowak");
    kiosk.press("Yes, that is me");
    for (child, answer) in [("Zofia", "Yes"), ("Kacper", "No")] {
        kiosk.press("Answer the next one");
        kiosk.harness.get_by_label(&format!("About {child}"));
        kiosk.press("Next");
        for use_ in form("images").purposes {
            kiosk.harness.get_by_role_and_label(Role::Heading, &use_.words);
            let told = kiosk.harness.query_by_label_contains("Somebody else who decides for Zofia").is_some();
            assert_eq!(told, child == "Zofia" && use_.id.as_str() == "website");
            kiosk.press(answer);
        }
        kiosk.press("I have not asked yet");
        kiosk.press("Next");
        kiosk.harness.get_by_label_contains(&format!("I am Maria Nowak, {child}’s mother."));
        kiosk.press("Yes, keep my answers");
        assert_eq!(kiosk.screen(), "family-kept");
        kiosk.harness.get_by_label_contains("Your reference: ");
        kiosk.press("See all");
        // The child’s own work comes between: another evening.
        if child == "Zofia" {
            kiosk.press("Kacper: Pictures and film of your child");
            kiosk.press("Back");
        }
        let work = format!("{child}: Your child’s work");
        kiosk.press(&work);
        kiosk.press("Next");
        for _ in 0..3 {
            kiosk.press("No");
        }
        kiosk.press("No");
        kiosk.press("Next");
        kiosk.press("Yes, keep my answers");
        kiosk.press("See all");
    }
    kiosk.harness.get_by_label("Everything is answered. To change your mind, touch it.");
    kiosk.press("We are finished");
    assert_eq!(kiosk.screen(), "home");
    for name in ["Nowak", "Zofia", "Kacper"] {
        assert!(kiosk.harness.query_by_label_contains(name).is_none(), "{name} is left");
    }
    nothing_left(&kiosk.harness.state().running.state);
    let expected = [
        (format!("{} images", zofia()), 8, 0),
        (format!("{} learners-work", zofia()), 0, 3),
        (format!("{} images", kacper()), 0, 8),
        (format!("{} learners-work", kacper()), 0, 3),
    ];
    assert_eq!(decisions(kiosk), expected);
}

#[test]
fn a_father_who_uses_a_keyboard_alone_answers_too_and_is_led_to_neither_yes_nor_no() {
    let mut kiosk = kiosk(&couple());
    kiosk.press_by_key(ENTRY, Key::Enter);
    // With the letters that look like others, as people type them.
    let careless = typed(&code()).to_lowercase().replace('0', "o").replace('1', "l");
    type_in(&mut kiosk, &careless);
    kiosk.press_by_key("Jan Nowak", Key::Enter);
    kiosk.press_by_key("Answer the next one", Key::Enter);
    kiosk.press_by_key("Next", Key::Enter);
    for _ in 0..8 {
        kiosk.key(Key::Enter);
        assert_eq!(kiosk.screen(), "family-use", "a key that is pressed again answers nothing");
        kiosk.press_by_key("No", Key::Space);
    }
    kiosk.press_by_key("Leave this out", Key::Enter);
    kiosk.press_by_key("Next", Key::Enter);
    kiosk.press_by_key("Yes, keep my answers", Key::Enter);
    assert_eq!(kiosk.screen(), "family-kept");
    kiosk.press_by_key("We are finished", Key::Enter);
    assert_eq!(decisions(kiosk), [(format!("{} images", zofia()), 0, 8)]);
}

#[test]
fn a_keyboard_rubs_out_what_it_typed() {
    let mut kiosk = kiosk(&family());
    kiosk.press(ENTRY);
    let code = typed(&code());
    type_in(&mut kiosk, &code[..11]);
    type_in(&mut kiosk, "uß?!");
    kiosk.key(Key::Backspace);
    kiosk.key(Key::Backspace);
    type_in(&mut kiosk, &code[9..]);
    assert_eq!(kiosk.screen(), "family-who");
}

#[test]
fn wrong_codes_are_told_and_then_slowed_with_words_that_say_for_how_long() {
    let mut kiosk = kiosk(&family());
    kiosk.press(ENTRY);
    for n in 1..=3 {
        type_in(&mut kiosk, &typed(&wrong_code(n)));
        assert_eq!(kiosk.screen(), "family-code");
        if n < 3 {
            kiosk.harness.get_by_label_contains("This code opens nothing here.");
        }
    }
    kiosk.harness.get_by_label_contains("You can try again in 30 seconds.");
    type_in(&mut kiosk, &typed(&code()));
    assert_eq!(kiosk.screen(), "family-code", "nothing is tried meanwhile");
    kiosk.harness.state_mut().running.skip(11_000);
    kiosk.settle();
    kiosk.harness.get_by_label_contains("You can try again in 20 seconds.");
}

#[test]
fn a_family_that_walks_away_is_asked_and_then_nothing_of_it_is_left() {
    let mut kiosk = kiosk(&family());
    open(&mut kiosk, &code());
    kiosk.press("Yes, that is me");
    kiosk.press(ZOFIA);
    kiosk.press("Next");
    kiosk.press("Yes");
    kiosk.harness.state_mut().running.skip(90_000);
    kiosk.settle();
    assert_eq!(kiosk.screen(), "still-there");
    for name in ["Nowak", "Zofia"] {
        assert!(kiosk.harness.query_by_label_contains(name).is_none());
    }
    kiosk.harness.state_mut().running.skip(30_000);
    kiosk.settle();
    assert_eq!(kiosk.screen(), "home");
    assert!(kiosk.harness.query_by_label_contains("Zofia").is_none());
    nothing_left(&kiosk.harness.state().running.state);
    assert!(kiosk.records().is_empty());
}

/// Walks through every screen; on each, `look` is called with a name for it.
pub(crate) fn through(kiosk: &mut Kiosk, mut look: impl FnMut(&mut Kiosk, &str)) {
    look(kiosk, "family-home");
    kiosk.press(ENTRY);
    look(kiosk, "family-code");
    let wrong: String = typed(&code()).chars().rev().collect();
    type_in(kiosk, &wrong);
    look(kiosk, "family-code-slip");
    kiosk.press("Back");
    open(kiosk, &code());
    look(kiosk, "family-who");
    let first = controls(&kiosk.harness.state().running.state).iter().any(|c| c.label == "Maria Nowak");
    kiosk.press(if first { "Maria Nowak" } else { "Yes, that is me" });
    look(kiosk, "family-list");
    kiosk.press_on_a_page(ZOFIA);
    look(kiosk, "family-intro");
    while kiosk.screen() == "family-intro" {
        kiosk.press("Next");
    }
    look(kiosk, "family-use");
    kiosk.press("Yes");
    kiosk.press("Back");
    look(kiosk, "family-use-chosen");
    for at in 0..8 {
        kiosk.press(if at % 3 == 0 { "Yes" } else { "No" });
    }
    look(kiosk, "family-question");
    kiosk.press("My child is happy with my answers");
    look(kiosk, "family-take-back");
    kiosk.press("Next");
    look(kiosk, "family-check");
    kiosk.press_on_a_page("Yes, keep my answers");
    assert_eq!(kiosk.screen(), "family-kept");
    // Another id at each run: a picture of it would never be the same.
    if let kiosk::machine::Screen::Family { at: kiosk::machine::At::Kept { reference, .. }, .. } =
        &mut kiosk.harness.state_mut().running.state.screen
    {
        *reference = "7F3A 91C2".into();
    }
    look(kiosk, "family-kept");
    kiosk.press("See all");
    // It shows the day of the test: looked at is the list with a day of its own, below.
    crate::fits::check(kiosk, "family-list-answered");
    kiosk.press_on_a_page("Zofia: Your child’s work");
    while kiosk.screen() == "family-intro" {
        kiosk.press("Next");
    }
    for _ in 0..3 {
        kiosk.press("Yes");
    }
    look(kiosk, "family-yes-no");
}

pub(crate) fn looked_at() -> PackDraft {
    let mut draft = asking_draft_of(&[form("images"), form("learners-work"), form("cloud-accounts")]);
    draft.content.agreements.push(parents_agreement());
    draft
}

pub(crate) fn look(kiosk: &mut Kiosk, name: &str) {
    kiosk.settle();
    let options = SnapshotOptions::new().threshold(1.0).max_failed_pixels(60).output_path("tests/snapshots");
    kiosk.harness.snapshot_options(name, &options);
}

#[test]
fn every_screen_of_a_family_looks_as_it_was_looked_at() {
    let mut kiosk = kiosk_of(&looked_at(), &with_others_no(couple()), 1280.0, 800.0);
    through(&mut kiosk, look);
    kiosk.press("Stop and go to the start");
    open(&mut kiosk, &code());
    kiosk.press("I am none of these");
    look(&mut kiosk, "family-not-me");
    kiosk.press("We are finished");
    update(&mut kiosk.harness.state_mut().running.state, Event::Slowed(240_000));
    kiosk.press(ENTRY);
    look(&mut kiosk, "family-slowed");
}

#[test]
fn one_grown_up_and_what_was_said_last_time_look_as_they_were_looked_at() {
    let mut before = with_others_no(family());
    before.children.truncate(1);
    before.children[0].decided.push(decided(&form("images"), 7, false));
    before.children[0].decided.push(decided(&form("learners-work"), 8, true));
    let mut kiosk = kiosk_of(&looked_at(), &before, 1280.0, 800.0);
    open(&mut kiosk, &code());
    look(&mut kiosk, "family-who-alone");
    kiosk.press("Yes, that is me");
    look(&mut kiosk, "family-list-one");
    kiosk.press(ZOFIA);
    kiosk.press("Next");
    look(&mut kiosk, "family-use-last-time");
    kiosk.press("Back");
    kiosk.press("Back");
    kiosk.press("Zofia: Your child’s work");
    look(&mut kiosk, "family-check-answered");
    kiosk.press("Back");
    kiosk.press("Agreement for parents and carers");
    look(&mut kiosk, "family-read");
    kiosk.press("Next");
    look(&mut kiosk, "family-read-statements");
    kiosk.press("Next");
    kiosk.press("Next");
    kiosk.press("I agree, and sign");
    look(&mut kiosk, "family-sign");
}

#[test]
fn a_familys_screens_fill_an_upright_screen_too() {
    let mut kiosk = kiosk_of(&looked_at(), &with_others_no(couple()), 1080.0, 1920.0);
    through(&mut kiosk, |kiosk, name| {
        if ["family-code", "family-list", "family-use", "family-check"].contains(&name) {
            look(kiosk, &format!("{name}-upright"));
        }
        crate::fits::check(kiosk, name);
    });
}

#[test]
fn everything_that_a_family_can_press_is_told_to_a_screen_reader_and_large_enough() {
    for (width, height, mm) in [(1280.0, 800.0, 0.25), (1920.0, 1080.0, 0.18), (1280.0, 800.0, 0.2)] {
        let mut kiosk = kiosk_of(&looked_at(), &with_others_no(couple()), width, height);
        kiosk.harness.state_mut().assets.mm_per_point = mm;
        kiosk.settle();
        through(&mut kiosk, |kiosk, name| {
            crate::fits::check(kiosk, name);
            let shown = controls(&kiosk.harness.state().running.state);
            let told: Vec<_> = kiosk
                .harness
                .get_all_by_role(Role::Button)
                .map(|n| (n.accesskit_node().label().unwrap(), n.rect()))
                .collect();
            let sorted = |mut names: Vec<String>| {
                names.sort();
                names
            };
            let labels = sorted(told.iter().map(|(label, _)| label.clone()).collect());
            assert_eq!(labels, sorted(shown.iter().map(|c| c.label.clone()).collect()), "on {name}");
            for (i, (label, rect)) in told.iter().enumerate() {
                let side = rect.width().min(rect.height()) * mm;
                // A grown-up's finger; a child's things on the start screen are larger.
                assert!(
                    side >= crate::journeys::least_of(label, 12.0),
                    "“{label}” on {name} is {side:.1} mm"
                );
                for (other, place) in &told[i + 1..] {
                    assert!(!rect.expand(3.0).intersects(*place), "“{label}” touches “{other}” on {name}");
                }
            }
        });
    }
}

/// Yes and no on every screen that asks for them: as wide, as high, on one line, and painted alike.
#[test]
fn yes_and_no_are_of_one_size_and_one_colour() {
    let mut kiosk = kiosk(&family());
    open(&mut kiosk, &code());
    kiosk.press("Yes, that is me");
    kiosk.press(ZOFIA);
    kiosk.press("Next");
    for _ in 0..8 {
        let place = |label: &str| kiosk.harness.get_by_role_and_label(Role::Button, label).rect();
        let (yes, no) = (place("Yes"), place("No"));
        assert!((yes.size() - no.size()).length() < 0.5 && (yes.top() - no.top()).abs() < 0.5);
        assert!(yes.left() < no.left(), "in the same order everywhere");
        let picture = kiosk.harness.render().unwrap();
        let (dx, dy) = (yes.width() as u32 / 6, yes.height() as u32 / 4);
        let at = |rect: egui::Rect| picture.get_pixel(rect.left() as u32 + dx, rect.top() as u32 + dy).0;
        assert_eq!(at(yes), at(no));
        kiosk.press("No");
    }
}

/// A form as long as forms come: every word is on the screen and under no button.
#[test]
fn long_forms_and_long_names_stay_on_their_screens() {
    let mut long: Form = form("images");
    let sentence = "We ask you first, each use is asked on its own, and no answer counts as a yes. ";
    long.intro = vec![sentence.repeat(9), sentence.repeat(30), sentence.to_owned()];
    long.title =
        "Pictures, film, sound and other recordings of your child and of what your child has made".into();
    long.withdraw = Some(sentence.repeat(8));
    for (at, purpose) in long.purposes.iter_mut().enumerate() {
        purpose.words =
            format!("{at}: newspapers, broadcasters and others that come to us, with the name and class");
        purpose.meaning = sentence.repeat(4);
        purpose.how_long = sentence.repeat(2);
        purpose.who_holds = sentence.repeat(2);
    }
    for (at, purpose) in form("images").purposes.into_iter().enumerate() {
        let id = format!("more-{at}").parse().unwrap();
        long.purposes.push(records::form::Purpose { id, ..purpose });
    }
    let mut family = with_others_no(couple());
    family.grown_ups[0].name = "Wilhelmina Featherstonehaugh-Cholmondeley-Marjoribanks".into();
    family.children[0].name = "Wolfeschlegelsteinhausenbergerdorff".into();
    for at in 0..10 {
        let mut more = family.children[1].clone();
        more.person = crate::school::person(7, at);
        more.name = format!("Brzęczyszczykiewicz {at}");
        family.children.push(more);
    }
    for (width, height) in [(1280.0, 800.0), (1024.0, 768.0)] {
        let mut kiosk = kiosk_of(&asking_draft_of(&[long.clone()]), &family, width, height);
        open(&mut kiosk, &code());
        let mut seen = std::collections::BTreeSet::new();
        for step in 0..60 {
            let name = kiosk.screen();
            crate::fits::check(&kiosk, &format!("{name} at step {step}"));
            seen.insert(name);
            let shown = controls(&kiosk.harness.state().running.state);
            let has = |label: &str| shown.iter().any(|c| c.label == label);
            let next = [
                "Wilhelmina Featherstonehaugh-Cholmondeley-Marjoribanks",
                "Yes, keep my answers",
                "No",
                "I have not asked yet",
                "Next",
                "Answer the next one",
            ];
            if name == "family-kept" {
                break;
            }
            let more = shown.iter().find(|control| control.label.starts_with("More, page "));
            if let Some(more) = more.filter(|_| name == "family-check") {
                kiosk.press(&more.label);
                continue;
            }
            let label =
                next.into_iter().find(|label| has(label)).unwrap_or_else(|| panic!("{name}: {shown:?}"));
            kiosk.press(label);
        }
        assert!(seen.contains("family-kept"), "{seen:?}");
        let picture = kiosk.harness.render().unwrap();
        picture.save(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("family-long.png")).unwrap();
    }
}
