//! Text up to twice as large: every word is whole and on its own, everything stays as large as a finger needs, and what
//! has no room any more comes in pages.

use egui::{Key, Rect, Shape, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::{
    folder::write_settings,
    machine::{Event, Settings, TextSize, controls},
};
use records::pack::PackDraft;

use crate::{
    family_screens::{kiosk_of, looked_at, through},
    households::{couple, with_others_no},
    journeys::{Kiosk, least_of},
    pictures::look,
    school::{Hub, alt, speaking, surveying_draft, telling_draft},
};

/// Millimetres of a point on the usual screen, and on the smallest: 13.3 inches, 1280 points wide.
pub(crate) const SCREENS: [f32; 2] = [0.25, 0.2238];

fn of_size(text: TextSize) -> Settings {
    Settings { text, ..Settings::default() }
}

pub(crate) fn kiosk_of_draft(text: TextSize, mm: f32, draft: &PackDraft) -> Kiosk {
    kiosk_sized((1280.0, 800.0), text, mm, draft)
}

fn kiosk_sized((width, height): (f32, f32), text: TextSize, mm: f32, draft: &PackDraft) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.telling_kiosk_with(room.path(), draft);
    write_settings(&folder, &of_size(text)).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.harness.state_mut().assets.mm_per_point = mm;
    kiosk.settle();
    kiosk::machine::update(&mut kiosk.harness.state_mut().running.state, Event::Chance([7; 16]));
    kiosk
}

fn kiosk_at(text: TextSize, mm: f32) -> Kiosk {
    kiosk_of_draft(text, mm, &speaking(telling_draft()))
}

/// Words as they were painted: where their ink is, how large they are, and whether their end was left out.
pub(crate) struct Painted {
    words: String,
    pub(crate) ink: Rect,
    clip: Rect,
    size: f32,
    is_cut: bool,
}

pub(crate) fn painted(kiosk: &Kiosk) -> Vec<Painted> {
    fn gather(shape: &Shape, clip: Rect, all: &mut Vec<Painted>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(shape, clip, all)),
            Shape::Text(text) => all.push(Painted {
                words: text.galley.text().to_owned(),
                ink: text.visual_bounding_rect(),
                clip,
                size: text.galley.job.sections.first().map_or(0.0, |section| section.format.font_id.size),
                is_cut: text.galley.elided,
            }),
            _ => {}
        }
    }
    let mut all = Vec::new();
    kiosk.harness.output().shapes.iter().for_each(|shape| gather(&shape.shape, shape.clip_rect, &mut all));
    all
}

/// Everything on a screen that is not as it should be; nothing if all is well.
pub(crate) fn wrong(kiosk: &Kiosk, least: f32) -> Vec<String> {
    let screen = kiosk.harness.ctx.content_rect().expand(0.5);
    let mm = kiosk.harness.state().assets.mm_per_point;
    let mut wrong = Vec::new();
    let buttons: Vec<_> = kiosk
        .harness
        .query_all_by_role(Role::Button)
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        .collect();
    let words = painted(kiosk);
    for (at, one) in words.iter().enumerate() {
        let (name, ink) = (&one.words, one.ink);
        if one.is_cut || !one.clip.expand(0.5).contains_rect(ink) || !screen.contains_rect(ink) {
            wrong.push(format!("“{name}” is cut: {ink:?}"));
        }
        for other in words[at + 1..].iter().filter(|other| other.ink.shrink(1.0).intersects(ink.shrink(1.0)))
        {
            wrong.push(format!("“{name}” and “{}” overlap: {ink:?} {:?}", other.words, other.ink));
        }
        for (label, place) in &buttons {
            if place.intersects(ink.shrink(1.0)) && !place.expand(1.0).contains_rect(ink) {
                wrong.push(format!("“{name}” crosses the edge of “{label}”: {ink:?} {place:?}"));
            }
        }
    }
    for (at, (label, place)) in buttons.iter().enumerate() {
        let side = place.width().min(place.height()) * mm;
        if side < least_of(label, least) - 0.01 {
            wrong.push(format!("“{label}” is {side:.1} mm"));
        }
        if !screen.contains_rect(*place) {
            wrong.push(format!("“{label}” leaves the screen: {place:?}"));
        }
        for (other, there) in &buttons[at + 1..] {
            if place.expand(3.0).intersects(*there) {
                wrong.push(format!("“{label}” touches “{other}”"));
            }
        }
    }
    wrong
}

/// Every screen of a pupil, once.
pub(crate) fn all_of_pupils(kiosk: &mut Kiosk, mut see: impl FnMut(&mut Kiosk, &str)) {
    let mut at = |kiosk: &mut Kiosk, name: &str| {
        kiosk.settle();
        see(kiosk, name);
    };
    at(kiosk, "home");
    kiosk.press_on_a_page("Sign our promise");
    at(kiosk, "choose-class");
    kiosk.press_on_a_page("Acorn");
    at(kiosk, "choose-name");
    kiosk.press_on_a_page("Zofia");
    kiosk.press_on_a_page("Stop and go to the start");
    kiosk.press_on_a_page("Sign our promise");
    kiosk.press_on_a_page("Acorn");
    kiosk.press_on_a_page("I can’t find my name");
    at(kiosk, "ask-teacher");
    kiosk.press_on_a_page("Go to the start");
    for (class, name, screen) in [("Acorn", "Alfie", "has-signed"), ("Acorn", "Amira", "hello")] {
        kiosk.press_on_a_page("Sign our promise");
        kiosk.press_on_a_page(class);
        kiosk.press_on_a_page(name);
        at(kiosk, screen);
        if screen == "has-signed" {
            kiosk.press_on_a_page("Go to the start");
        }
    }
    kiosk.press_on_a_page("Let’s go");
    at(kiosk, "statement");
    kiosk.press_on_a_page("Tell me more");
    at(kiosk, "statement-more");
    for _ in 0..3 {
        kiosk.press_on_a_page("Yes, I will");
    }
    at(kiosk, "make-mark");
    kiosk.press_on_a_page(&alt("sun"));
    at(kiosk, "make-mark-sticker");
    kiosk.harness.state_mut().running.skip(95_000);
    at(kiosk, "still-there");
    kiosk.press_on_a_page("I’m still here");
    kiosk.press_on_a_page("I’m done");
    at(kiosk, "thank-you");
    kiosk.press_on_a_page("Finish");
    kiosk.press_on_a_page("Sign our promise");
    kiosk.press_on_a_page("Oak");
    kiosk.press_on_a_page("George");
    at(kiosk, "hello-ks2");
    kiosk.press_on_a_page("Let’s go");
    at(kiosk, "statement-ks2");
    kiosk.press_on_a_page("Tell me more");
    at(kiosk, "statement-ks2-more");
    kiosk.press_on_a_page("I didn’t like something");
    at(kiosk, "tell-first");
    kiosk.press_on_a_page("I want to tell");
    at(kiosk, "tell-who");
    kiosk.press_on_a_page("I want to tell");
    for (name, answer) in [
        ("tell-feeling", "Worried"),
        ("tell-happened", "I got a message"),
        ("tell-place", "In a game"),
        ("tell-about", "I don’t know them"),
        ("tell-talk", "Yes, with me"),
    ] {
        at(kiosk, name);
        kiosk.press_on_a_page(answer);
    }
    at(kiosk, "tell-class");
    kiosk.press_on_a_page("Acorn");
    at(kiosk, "tell-name");
    kiosk.press_on_a_page("Amira");
    at(kiosk, "tell-check");
    kiosk.press_on_a_page("Yes, give it in");
    at(kiosk, "told");
    kiosk.press_on_a_page("I didn’t like something");
    kiosk.press_on_a_page("I need a grown-up now");
    at(kiosk, "tell-now");
    let call = Event::Coming(1);
    kiosk.harness.state_mut().running.handle(call);
    at(kiosk, "tell-coming");
}

#[test]
fn at_every_size_every_word_of_a_pupils_screen_is_whole_and_every_target_is_large_enough() {
    let mut all = Vec::new();
    for (text, letters) in TextSize::ALL.into_iter().zip([16.0, 20.0, 26.0, 34.0]) {
        for mm in SCREENS {
            let mut kiosk = kiosk_at(text, mm);
            all_of_pupils(&mut kiosk, |kiosk, name| {
                let what = format!("{name} at {} % and {mm} mm", text.percent());
                all.extend(wrong(kiosk, 25.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
                let least = painted(kiosk).into_iter().min_by(|a, b| a.size.total_cmp(&b.size)).unwrap();
                if least.size < letters {
                    all.push(format!("{what}: “{}” is {} points", least.words, least.size));
                }
                println!("{what}: {} “{}”", least.size, least.words);
            });
        }
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn at_every_size_every_word_of_a_survey_is_whole_and_every_target_is_large_enough() {
    let mut all = Vec::new();
    for (text, letters) in TextSize::ALL.into_iter().zip([16.0, 20.0, 26.0, 34.0]) {
        for mm in SCREENS {
            let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
            let folder = hub.telling_kiosk_with(room.path(), &speaking(surveying_draft()));
            write_settings(&folder, &of_size(text)).unwrap();
            let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
            kiosk.harness.state_mut().assets.mm_per_point = mm;
            kiosk.settle();
            let today = ["How was it today?", "Let’s go", "Sad", "It upset me", "Yes, give it in", "Finish"];
            for label in today.into_iter().chain(["Choose our words", "Let’s go", "Hide"]) {
                let what = format!("{} at {} % and {mm} mm", kiosk.screen(), text.percent());
                all.extend(wrong(&kiosk, 25.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
                let least = painted(&kiosk).into_iter().min_by(|a, b| a.size.total_cmp(&b.size)).unwrap();
                if least.size < letters {
                    all.push(format!("{what}: “{}” is {} points", least.words, least.size));
                }
                kiosk.press(label);
            }
        }
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn at_every_size_every_word_of_a_story_is_whole_and_every_target_is_large_enough() {
    let mut all = Vec::new();
    for (text, letters) in TextSize::ALL.into_iter().zip([16.0, 20.0, 26.0, 34.0]) {
        for mm in SCREENS {
            let mut kiosk = crate::stories::kiosk_at(1280.0, 800.0, of_size(text));
            kiosk.harness.state_mut().assets.mm_per_point = mm;
            kiosk.settle();
            crate::stories::to_story(&mut kiosk);
            for label in ["I laugh along.", "Go on"] {
                let what = format!("{} at {} % and {mm} mm", kiosk.screen(), text.percent());
                all.extend(wrong(&kiosk, 25.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
                let least = painted(&kiosk).into_iter().min_by(|a, b| a.size.total_cmp(&b.size)).unwrap();
                if least.size < letters {
                    all.push(format!("{what}: “{}” is {} points", least.words, least.size));
                }
                kiosk.press(label);
            }
        }
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn at_twice_the_size_every_screen_looks_as_it_was_looked_at() {
    let mut kiosk = kiosk_at(TextSize::Double, 0.25);
    let kinds = [
        "home",
        "choose-class",
        "choose-name",
        "hello",
        "statement",
        "make-mark-sticker",
        "thank-you",
        "tell-who",
        "tell-happened",
        "tell-name",
        "tell-check",
        "tell-now",
    ];
    all_of_pupils(&mut kiosk, |kiosk, name| {
        if kinds.contains(&name) {
            look(kiosk, &format!("double-{name}"));
        }
    });
}

#[test]
fn at_every_size_what_a_family_reads_is_whole() {
    let mut all = Vec::new();
    for text in TextSize::ALL {
        let mut kiosk = kiosk_of(&looked_at(), &with_others_no(couple()), 1280.0, 800.0);
        kiosk.harness.state_mut().running.state.settings = of_size(text);
        kiosk.settle();
        through(&mut kiosk, |kiosk, name| {
            let what = format!("{name} at {} %", text.percent());
            all.extend(wrong(kiosk, 12.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
            let least = painted(kiosk).into_iter().min_by(|a, b| a.size.total_cmp(&b.size)).unwrap();
            println!("{what}: {} “{}”", least.size, least.words);
            if text == TextSize::Double && ["family-use", "family-list", "family-check"].contains(&name) {
                look(kiosk, &format!("double-{name}"));
            }
        });
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

/// In Polish words are longer; in Urdu letters are higher, and all stands the other way round. Larger, they leave less
/// than the usual 12 mm to some answers of grown-ups, and never less than 8: a quarter more than the 24 CSS pixels of
/// WCAG 2.2 (2.5.8).
#[test]
fn at_every_size_what_a_family_reads_in_its_own_language_is_whole() {
    let mut all = Vec::new();
    for (language, name) in [("pl", "Polski"), ("ur", "اردو")] {
        for text in TextSize::ALL {
            crate::family_languages::through(
                language,
                name,
                (1280.0, 800.0),
                of_size(text),
                |kiosk, name| {
                    let what = format!("{name} in {language} at {} %", text.percent());
                    all.extend(wrong(kiosk, 8.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
                },
            );
        }
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn at_every_size_an_upright_screen_is_whole() {
    let mut all = Vec::new();
    for text in TextSize::ALL {
        let mut kiosk = kiosk_sized((1080.0, 1920.0), text, 0.25, &speaking(telling_draft()));
        all_of_pupils(&mut kiosk, |kiosk, name| {
            let what = format!("{name} upright at {} %", text.percent());
            all.extend(wrong(kiosk, 25.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
            if text == TextSize::Double && ["choose-name", "tell-happened"].contains(&name) {
                look(kiosk, &format!("double-{name}-upright"));
            }
        });
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn at_every_size_what_staff_read_is_whole() {
    let mut all = Vec::new();
    for text in TextSize::ALL {
        let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.kiosk(room.path());
        crate::staff_screens::set_pin(&folder);
        let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
        kiosk.settle();
        crate::staff_screens::sign_as_amira(&mut kiosk);
        // All that the panel can show at once.
        let scanning = kiosk::machine::Scanning::OneSwitch;
        let hours = Some(kiosk::machine::Hours::USUAL);
        kiosk.harness.state_mut().running.state.settings = Settings { scanning, hours, ..of_size(text) };
        kiosk.settle();
        let mut see = |kiosk: &Kiosk, name: &str| {
            let what = format!("{name} at {} %", text.percent());
            all.extend(wrong(kiosk, 12.0).into_iter().map(|wrong| format!("{what}: {wrong}")));
            let least = painted(kiosk).into_iter().min_by(|a, b| a.size.total_cmp(&b.size)).unwrap();
            println!("{what}: {} “{}”", least.size, least.words);
        };
        kiosk.press("For staff");
        kiosk.press("4");
        see(&kiosk, "pin");
        kiosk.press("Back");
        crate::staff_screens::to_panel(&mut kiosk);
        see(&kiosk, "panel");
        for page in [
            "What this kiosk is for",
            "Looks, sound, switches and hours",
            "What waits to be sent",
            "Change the PIN",
        ] {
            kiosk.press(page);
            see(&kiosk, page);
            kiosk.press("Back");
        }
        kiosk.press("Who has signed");
        see(&kiosk, "classes");
        kiosk.press_on_a_page("Acorn");
        see(&kiosk, "signed");
        kiosk.press_on_a_page("Amira");
        see(&kiosk, "undo");
        kiosk.press("Back");
        kiosk.press("Back");
        kiosk.press("Let it sleep");
        see(&kiosk, "asleep");
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

fn pages(kiosk: &Kiosk) -> Vec<String> {
    let shown = controls(&kiosk.harness.state().running.state).into_iter().map(|control| control.label);
    shown.filter(|label| label.contains(", page ")).collect()
}

#[test]
fn names_come_in_pages_that_are_told_and_the_keyboard_turns_them() {
    let mut kiosk = kiosk_at(TextSize::Double, 0.25);
    kiosk.press_by_key("Sign our promise", Key::Enter);
    kiosk.press_by_key("Acorn", Key::Enter);
    let of = kiosk.harness.state().running.state.room();
    let count = 30_usize.div_ceil(of);
    assert!((4..=8).contains(&of), "{of} names on a page");
    assert!(kiosk.harness.get_by_label("Aarav").is_focused());
    for page in 2..=count {
        kiosk.press_by_key(&format!("More names, page {page} of {count}"), Key::Enter);
        let before = format!("Names before, page {} of {count}", page - 1);
        assert!(pages(&kiosk).contains(&before), "{:?}", pages(&kiosk));
        let focused = kiosk.harness.get_all_by_role(Role::Button).filter(|node| node.is_focused()).count();
        assert_eq!(focused, 1, "the keyboard is on the page that came");
    }
    assert_eq!(pages(&kiosk).len(), 1, "no page after the last");
    kiosk.press_by_key("Zofia", Key::Enter);
    assert_eq!(kiosk.screen(), "hello");
    kiosk.harness.get_by_label("Hello, Zofia");
}

#[test]
fn where_thirty_names_would_be_too_small_for_a_finger_they_come_in_pages_too() {
    // A tablet of ten inches.
    let mut kiosk = kiosk_at(TextSize::Plain, 0.17);
    kiosk.press_on_a_page("Sign our promise");
    kiosk.press_on_a_page("Acorn");
    assert_eq!(pages(&kiosk), ["More names, page 2 of 2"]);
    assert_eq!(wrong(&kiosk, 25.0), Vec::<String>::new());
    kiosk.press_on_a_page("Zofia");
    assert_eq!(kiosk.screen(), "hello");
}

#[test]
fn a_window_that_grows_has_room_for_all_again_and_nobody_is_on_a_page_that_is_no_more() {
    let mut kiosk = kiosk_at(TextSize::Double, 0.25);
    kiosk.press_on_a_page("Sign our promise");
    kiosk.press_on_a_page("Acorn");
    while let Some(next) = pages(&kiosk).into_iter().find(|label| label.starts_with("More")) {
        kiosk.press(&next);
    }
    kiosk.harness.state_mut().running.state.settings.text = TextSize::Plain;
    kiosk.settle();
    assert_eq!(pages(&kiosk), Vec::<String>::new());
    kiosk.harness.get_by_label("Aarav");
    kiosk.harness.get_by_label("Zofia");
}
