//! The whole signing in a window, by label and by keyboard alone.

use egui::{Key, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use kiosk::{
    look::{Assets, Tokens},
    machine::controls,
    running::Running,
    storage::Store,
    window::Window,
};
use records::{
    envelope::{NamedEnvelope, NamedRecord},
    pack::PackDraft,
    signature::{MARK_SIZE, Mark, Signature},
};
use tempfile::TempDir;

use crate::{
    disk::signature,
    school::{Hub, PROMISES, alt, draft, person},
};

/// A kiosk in a window of the test.
pub(crate) struct Kiosk {
    pub(crate) harness: Harness<'static, Window>,
    pub(crate) hub: Hub,
    pub(crate) room: TempDir,
}

impl Kiosk {
    pub(crate) fn open(width: f32, height: f32) -> Self {
        let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.kiosk(room.path());
        Self::with(room, hub, folder, width, height)
    }
    /// At which a child can tell.
    pub(crate) fn telling(width: f32, height: f32) -> Self {
        let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.telling_kiosk(room.path());
        Self::with(room, hub, folder, width, height)
    }
    /// That reads aloud, and at which a child can tell.
    pub(crate) fn speaking(width: f32, height: f32, draft: &PackDraft) -> Self {
        let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.telling_kiosk_with(room.path(), draft);
        Self::with(room, hub, folder, width, height)
    }
    /// On a screen where a point takes so many millimetres.
    pub(crate) fn open_at(width: f32, height: f32, mm: f32) -> Self {
        let mut kiosk = Self::open(width, height);
        kiosk.harness.state_mut().assets.mm_per_point = mm;
        kiosk
    }
    pub(crate) fn with(
        room: TempDir,
        hub: Hub,
        folder: kiosk::folder::Folder,
        width: f32,
        height: f32,
    ) -> Self {
        let harness = Harness::builder()
            .with_size(vec2(width, height))
            .with_theme(egui::Theme::Light)
            .with_max_steps(12)
            .with_step_dt(0.05)
            .with_render_cursor(false)
            .wgpu()
            .build_eframe(|creation| {
                let running = Running::start(folder, || {}).unwrap();
                let assets = Assets::new(&creation.egui_ctx, Tokens::get().target.mm_per_point);
                Window::new(running, assets, false, None)
            });
        Self { harness, hub, room }
    }
    /// Runs until the disk has answered and the picture stands still.
    pub(crate) fn settle(&mut self) {
        for _ in 0..3 {
            self.harness.run_steps(3);
            self.harness.state_mut().running.settle();
        }
        self.harness.run_steps(3);
    }
    pub(crate) fn press(&mut self, label: &str) {
        self.harness.get_by_role_and_label(Role::Button, label).click();
        self.settle();
    }
    /// Presses something that may be on a later page: first the ways there.
    pub(crate) fn press_on_a_page(&mut self, label: &str) {
        while self.harness.query_by_role_and_label(Role::Button, label).is_none() {
            let shown = controls(&self.harness.state().running.state).into_iter();
            let next = shown.map(|c| c.label).find(|l| l.starts_with("More") && l.contains(", page "));
            let next = next.unwrap_or_else(|| panic!("no “{label}” on {}", self.screen()));
            self.press(&next);
        }
        self.press(label);
    }
    pub(crate) fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }
    /// Walks with Tab until a control has the focus, then presses it with a key.
    pub(crate) fn press_by_key(&mut self, label: &str, key: Key) {
        for _ in 0..60 {
            if self.harness.query_by_role_and_label(Role::Button, label).is_some_and(|n| n.is_focused()) {
                return self.key(key);
            }
            self.harness.key_press(Key::Tab);
            self.harness.run_steps(2);
        }
        panic!("Tab never came to “{label}”");
    }
    pub(crate) fn screen(&self) -> &'static str {
        self.harness.state().running.state.screen.name()
    }
    pub(crate) fn draw(&mut self) {
        let square = self.harness.get_by_label("Your mark").rect();
        let at = |x: f32, y: f32| square.min + vec2(square.width() * x, square.height() * y);
        self.harness.drag_at(at(0.2, 0.6));
        for i in 0..40 {
            let t = i as f32 / 39.0;
            self.harness.hover_at(at(0.2 + 0.6 * t, 0.5 - 0.2 * (t * 12.0).sin()));
        }
        self.harness.drop_at(at(0.8, 0.6));
        self.settle();
    }
    /// What the hub would get.
    pub(crate) fn records(self) -> Vec<NamedRecord> {
        let Self { harness, hub, room } = self;
        harness.into_state().running.end();
        let (mut store, _) = Store::open(kiosk::folder::Folder::at(room.path()).unwrap()).unwrap();
        let batch = store.outbox().batch(500).unwrap();
        batch
            .iter()
            .map(|n| NamedEnvelope::from_bytes(&n.envelope).unwrap().open(&hub.office).unwrap())
            .collect()
    }
}

fn signed_by_amira(records: &[NamedRecord]) -> bool {
    matches!(records, [NamedRecord::Signature(s)] if s.person == person(1, 4))
}

#[test]
fn a_child_signs_with_a_finger() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    kiosk.press("Amira");
    kiosk.press("Let’s go");
    for promise in PROMISES {
        kiosk.harness.get_by_role_and_label(Role::Heading, promise);
        kiosk.press("Yes, I will");
    }
    kiosk.draw();
    kiosk.press("I’m done");
    assert_eq!(kiosk.screen(), "thank-you");
    kiosk.harness.get_by_label("Ms Priya Nair");
    kiosk.harness.get_by_label("Miss Amina Yusuf");
    kiosk.press("Finish");
    assert_eq!(kiosk.screen(), "home");
    assert!(signed_by_amira(&kiosk.records()));
}

#[test]
fn a_child_who_uses_a_keyboard_alone_signs_too() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press_by_key("Sign our promise", Key::Enter);
    kiosk.press_by_key("Acorn", Key::Space);
    kiosk.press_by_key("Amira", Key::Enter);
    kiosk.press_by_key("Let’s go", Key::Enter);
    for _ in PROMISES {
        kiosk.press_by_key("Yes, I will", Key::Space);
    }
    kiosk.press_by_key(&alt("star"), Key::Space);
    kiosk.press_by_key("I’m done", Key::Enter);
    assert_eq!(kiosk.screen(), "thank-you");
    kiosk.press_by_key("Finish", Key::Enter);
    assert_eq!(kiosk.screen(), "home");
    assert!(signed_by_amira(&kiosk.records()));
}

#[test]
fn a_keyboard_begins_each_screen_at_its_main_thing_and_arrows_move_from_there() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press_by_key("Sign our promise", Key::Enter);
    assert!(kiosk.harness.get_by_label("Acorn").is_focused());
    kiosk.key(Key::ArrowRight);
    assert!(kiosk.harness.get_by_label("Oak").is_focused());
    kiosk.key(Key::ArrowLeft);
    kiosk.key(Key::Enter);
    assert!(kiosk.harness.get_by_label("Aarav").is_focused());
}

#[test]
fn everything_that_can_be_pressed_is_told_to_a_screen_reader_and_large_enough() {
    // A screen of about 15 inches: everything is at least 25 mm.
    everything_is_told_and_at_least(0.25, 25.0);
}

#[test]
fn on_a_tablet_of_ten_inches_everything_is_as_large_to_a_finger() {
    // Thirty names come in two pages there.
    everything_is_told_and_at_least(0.17, 25.0);
}

/// The corner for staff is small on purpose, and for grown-ups: it lies at the edge, where a finger cannot overshoot.
const FOR_STAFF: f32 = 5.0;

/// The least side in millimetres of something with this name, where what is for children has this.
pub(crate) fn least_of(label: &str, for_children: f32) -> f32 {
    if label == "For staff" { FOR_STAFF } else { for_children }
}

fn everything_is_told_and_at_least(mm: f32, least_side: f32) {
    let mut kiosk = Kiosk::open_at(1280.0, 800.0, mm);
    kiosk.settle();
    let mut least = f32::INFINITY;
    let way = [
        "Sign our promise",
        "Acorn",
        "Amira",
        "Let’s go",
        "Tell me more",
        "Yes, I will",
        "Yes, I will",
        "Yes, I will",
    ];
    let star = alt("star");
    let mut way = way.into_iter().chain([star.as_str(), "I’m done"]);
    loop {
        let shown = controls(&kiosk.harness.state().running.state);
        let told: Vec<_> = kiosk
            .harness
            .get_all_by_role(Role::Button)
            .map(|n| (n.accesskit_node().label().unwrap(), n.rect()))
            .collect();
        let mut names: Vec<_> = shown.iter().map(|c| c.label.clone()).collect();
        let mut labels: Vec<_> = told.iter().map(|(label, _)| label.clone()).collect();
        names.sort();
        labels.sort();
        assert_eq!(labels, names, "on {}", kiosk.screen());
        for (i, (label, rect)) in told.iter().enumerate() {
            let side = rect.width().min(rect.height()) * mm;
            let wanted = least_of(label, least_side);
            if wanted > FOR_STAFF {
                least = least.min(side);
            }
            assert!(side >= wanted - 0.01, "“{label}” on {} is {side:.1} mm", kiosk.screen());
            for (other, place) in &told[i + 1..] {
                assert!(
                    !rect.expand(6.0).intersects(*place),
                    "“{label}” touches “{other}” on {}",
                    kiosk.screen()
                );
            }
        }
        match way.next() {
            Some(label) => kiosk.press(label),
            None => break,
        }
    }
    assert_eq!(kiosk.screen(), "thank-you");
    println!("the least side of a target is {least:.1} mm");
}

#[test]
fn a_double_tap_says_yes_once() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    kiosk.press("Amira");
    kiosk.press("Let’s go");
    let at = kiosk.harness.get_by_label("Yes, I will").rect().center();
    // Two quick taps of a wobbly finger: down, up, down, up, a twentieth of a second apart.
    for pressed in [true, false, true, false] {
        kiosk.harness.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
    }
    kiosk.harness.step();
    kiosk.settle();
    assert_eq!(kiosk.harness.state().running.state.statement().unwrap().words, PROMISES[1]);
}

/// A kiosk at which a child has said yes to everything and is about to draw.
fn at_the_mark() -> Kiosk {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    for label in ["Sign our promise", "Acorn", "Amira", "Let’s go"] {
        kiosk.press(label);
    }
    for _ in PROMISES {
        kiosk.press("Yes, I will");
    }
    kiosk
}

#[test]
fn a_stroke_that_is_quicker_than_a_picture_is_kept_whole() {
    let mut kiosk = at_the_mark();
    let square = kiosk.harness.get_by_label("Your mark").rect();
    let at = |x: f32| square.min + square.size() * vec2(x, 0.5);
    let button = |x: f32, pressed| button(at(x), pressed);
    let moved = |x: f32| egui::Event::PointerMoved(at(x));
    // All before the next picture is painted; until the button goes down it only hovers.
    let moves = [moved(0.1), button(0.2, true), moved(0.4), moved(0.6), moved(0.8), button(0.8, false)];
    kiosk.harness.input_mut().events.extend(moves);
    kiosk.harness.input_mut().events.push(moved(0.9));
    kiosk.harness.step();
    kiosk.settle();
    kiosk.press("I’m done");
    let records = kiosk.records();
    let [NamedRecord::Signature(Signature { mark: Mark::Drawn(drawing), .. })] = &records[..] else {
        panic!("not one drawn mark: {records:?}")
    };
    let stroke: Vec<_> = drawing.strokes().iter().flatten().map(|point| point.0).collect();
    let across = |x: f32| (x * f32::from(MARK_SIZE)).round() as u16;
    assert_eq!((stroke.first(), stroke.last()), (Some(&across(0.2)), Some(&across(0.8))), "{stroke:?}");
    assert!(stroke.contains(&across(0.4)) && stroke.contains(&across(0.6)), "{stroke:?}");
}

/// A press or a letting go of the first button.
fn button(pos: egui::Pos2, pressed: bool) -> egui::Event {
    let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
    egui::Event::PointerButton { pos, button, pressed, modifiers }
}

#[test]
fn what_a_press_leads_to_is_seen_in_the_very_frame_that_takes_it_in() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    let start = kiosk.harness.get_by_role_and_label(Role::Button, "Sign our promise").rect().center();
    kiosk.harness.event(egui::Event::PointerMoved(start));
    kiosk.harness.run_steps(3);
    kiosk.harness.input_mut().events.push(button(start, true));
    kiosk.harness.step();
    assert!(kiosk.harness.query_by_label("Acorn").is_some(), "the classes come a frame later");
    assert!(kiosk.harness.query_by_label("Sign our promise").is_none());
}

#[test]
fn ink_is_seen_in_the_very_frame_in_which_the_pen_moves() {
    let mut kiosk = at_the_mark();
    let square = kiosk.harness.get_by_label("Your mark").rect();
    let at = |x: f32| square.min + square.size() * vec2(x, 0.5);
    kiosk.harness.event(egui::Event::PointerMoved(at(0.2)));
    kiosk.harness.event(button(at(0.2), true));
    for x in [0.3, 0.5, 0.7] {
        kiosk.harness.event(egui::Event::PointerMoved(at(x)));
        kiosk.harness.step();
        let ends_here = |shape: &egui::epaint::ClippedShape| matches!(&shape.shape, egui::Shape::Path(line) if line.points.last().is_some_and(|end| end.distance(at(x)) < 1.0));
        assert!(
            kiosk.harness.output().shapes.iter().any(ends_here),
            "the line ends elsewhere than the pen, at {x}"
        );
    }
}

#[test]
fn a_key_that_is_held_down_says_yes_once() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press_by_key("Sign our promise", Key::Enter);
    kiosk.key(Key::Enter);
    kiosk.press_by_key("Amira", Key::Enter);
    kiosk.key(Key::Enter);
    assert_eq!(kiosk.screen(), "statement");
    for repeat in [false, true, true, true] {
        kiosk.harness.event(egui::Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: true,
            repeat,
            modifiers: egui::Modifiers::NONE,
        });
        kiosk.harness.run_steps(3);
    }
    kiosk.settle();
    assert_eq!(kiosk.harness.state().running.state.statement().unwrap().words, PROMISES[1]);
}

#[test]
fn a_tap_counts_while_a_palm_rests_on_the_screen() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    let at = kiosk.harness.get_by_label("Sign our promise").rect().center();
    kiosk.harness.event(touch(1, egui::TouchPhase::Start, egui::pos2(5.0, 790.0)));
    kiosk.harness.run_steps(2);
    kiosk.harness.event(touch(2, egui::TouchPhase::Start, at));
    kiosk.harness.run_steps(2);
    assert_eq!(kiosk.screen(), "choose-class");
}

#[test]
fn who_signed_before_is_told_why_they_are_asked_again_and_which_promise_is_new() {
    let mut draft = draft();
    let agreement = draft.content.agreements[0].clone();
    let was = records::agreement::AgreementDigest(records::digest::Digest::of(b"the words of before"));
    let second = agreement.statements().nth(1).unwrap().name.clone();
    let change = records::pack::AgreementChange { agreement: agreement.slug, was, statements: vec![second] };
    draft.content.changes.push(change);
    let signed_before = |words, day: &str| {
        let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
        let folder = hub.telling_kiosk_with(room.path(), &draft);
        let (mut store, _) = Store::open(folder.clone()).unwrap();
        let when = format!("{day}T10:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
        let when = records::day::Moment(when);
        let before = Signature { person: person(1, 4), words, when, ..signature(1) };
        store.save(before).unwrap();
        drop(store);
        let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
        kiosk.settle();
        for label in ["Sign our promise", "Acorn", "Amira"] {
            kiosk.press(label);
        }
        kiosk
    };
    let mut kiosk = signed_before(was, "2026-09-21");
    kiosk.harness.get_by_label_contains("Some of it is new since you signed");
    kiosk.press("Let’s go");
    for is_new in [false, true, false] {
        assert_eq!(kiosk.harness.query_by_label("New since you signed").is_some(), is_new);
        kiosk.press("Yes, I will");
    }
    let kiosk = signed_before(agreement_digest(&draft), "2019-09-20");
    kiosk.harness.get_by_label_contains("It is a new school year");
}

fn agreement_digest(draft: &PackDraft) -> records::agreement::AgreementDigest {
    draft.content.agreements[0].digest()
}

fn touch(finger: u64, phase: egui::TouchPhase, pos: egui::Pos2) -> egui::Event {
    egui::Event::Touch {
        device_id: egui::TouchDeviceId(1),
        id: egui::TouchId(finger),
        phase,
        pos,
        force: None,
    }
}

#[test]
fn a_palm_that_rests_and_moves_keeps_no_child_from_handing_in_the_mark() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    for label in ["Sign our promise", "Acorn", "Amira", "Let’s go"] {
        kiosk.press(label);
    }
    for _ in PROMISES {
        kiosk.press("Yes, I will");
    }
    kiosk.draw();
    let palm = egui::pos2(5.0, 790.0);
    kiosk.harness.event(touch(1, egui::TouchPhase::Start, palm));
    kiosk.harness.run_steps(12);
    let done = kiosk.harness.get_by_label("I’m done").rect().center();
    // Both within one frame, as a quick tap comes beside a palm that is never quite still.
    kiosk.harness.input_mut().events.extend([
        touch(1, egui::TouchPhase::Move, palm + vec2(2.0, 1.0)),
        touch(2, egui::TouchPhase::Start, done),
    ]);
    kiosk.settle();
    assert_eq!(kiosk.screen(), "thank-you");
}

#[test]
fn hide_counts_from_the_first_moment_of_a_screen_and_nothing_else_does() {
    for (label, hides) in [("Hide", true), ("I want to tell", false)] {
        let mut kiosk = Kiosk::telling(1280.0, 800.0);
        kiosk.settle();
        kiosk.harness.run_steps(12);
        let entry = kiosk.harness.get_by_label("I didn’t like something").rect().center();
        kiosk.harness.event(touch(1, egui::TouchPhase::Start, entry));
        kiosk.harness.run_steps(2);
        assert_eq!(kiosk.screen(), "tell-first");
        let at = kiosk.harness.get_by_label(label).rect().center();
        kiosk.harness.event(touch(2, egui::TouchPhase::Start, at));
        kiosk.harness.run_steps(2);
        assert_eq!(kiosk.screen(), if hides { "home" } else { "tell-first" }, "{label}");
    }
}

#[test]
fn nothing_of_a_child_who_went_away_can_be_seen_or_heard() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press("Sign our promise");
    kiosk.press("Acorn");
    kiosk.press("Amira");
    assert!(kiosk.harness.query_by_label("Hello, Amira").is_some());
    kiosk.harness.state_mut().running.skip(90_000);
    kiosk.settle();
    assert_eq!(kiosk.screen(), "still-there");
    assert!(kiosk.harness.query_by_label_contains("Amira").is_none());
    kiosk.harness.state_mut().running.skip(30_000);
    kiosk.settle();
    assert_eq!(kiosk.screen(), "home");
    assert!(kiosk.harness.query_by_label_contains("Amira").is_none());
    crate::machine::nothing_left(&kiosk.harness.state().running.state);
}
