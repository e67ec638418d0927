//! The teacher's panel in a window: by label, by keyboard alone, and how it looks.

use egui::{Key, Rect, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::{
    folder::{Folder, StaffPin},
    machine::{Figures, Mode, PanelAt, Pin, Screen, Settings, StickTold, StickTrouble, StickWay},
    stick::Where,
};
use records::envelope::NamedRecord;

use crate::{
    fits::check,
    journeys::Kiosk,
    pictures::look,
    school::{Hub, acorn, alt},
};

pub(crate) const PIN: &str = "482915";

pub(crate) fn set_pin(folder: &Folder) {
    StaffPin::set(folder, &Pin::typed(PIN).unwrap()).unwrap();
}

fn open(width: f32, height: f32) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    set_pin(&folder);
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.settle();
    kiosk
}

pub(crate) fn to_panel(kiosk: &mut Kiosk) {
    kiosk.press("For staff");
    for digit in PIN.chars() {
        kiosk.press(&digit.to_string());
    }
    kiosk.press("Open");
    assert_eq!(kiosk.screen(), "panel");
}

pub(crate) fn sign_as_amira(kiosk: &mut Kiosk) {
    for label in
        ["Sign our promise", "Acorn", "Amira", "Let’s go", "Yes, I will", "Yes, I will", "Yes, I will"]
    {
        kiosk.press(label);
    }
    kiosk.press(&alt("star"));
    kiosk.press("I’m done");
    kiosk.press("Finish");
}

#[test]
fn a_teacher_looks_who_has_signed_and_takes_one_back() {
    let mut kiosk = open(1280.0, 800.0);
    sign_as_amira(&mut kiosk);
    to_panel(&mut kiosk);
    kiosk.press("Who has signed");
    kiosk.press("Acorn");
    kiosk.harness.get_by_role_and_label(Role::Heading, "Acorn: 5 of 30 have signed");
    kiosk.press("Amira");
    kiosk.press("It was only a try");
    assert_eq!(kiosk.screen(), "panel-signed");
    kiosk.harness.get_by_label("The signature is taken back. The child can sign again.");
    kiosk.harness.get_by_role_and_label(Role::Heading, "Acorn: 4 of 30 have signed");
    kiosk.press("Close the panel");
    assert_eq!(kiosk.screen(), "home");
    assert!(kiosk.harness.query_by_label_contains("Amira").is_none());
    let records = kiosk.records();
    let [NamedRecord::Signature(signed), NamedRecord::Undo(undo)] = &records[..] else {
        panic!("{records:?}")
    };
    assert_eq!((undo.withdraws, undo.reason.as_str()), (signed.id, "only-a-try"));
}

#[test]
fn a_teacher_with_a_keyboard_alone_types_the_pin_and_makes_the_kiosk_one_classs() {
    let mut kiosk = open(1280.0, 800.0);
    kiosk.press_by_key("For staff", Key::Enter);
    assert_eq!(kiosk.screen(), "pin");
    kiosk.harness.event(egui::Event::Text(PIN.into()));
    kiosk.settle();
    kiosk.harness.get_by_label("Digits typed: 6");
    kiosk.key(Key::Enter);
    assert_eq!(kiosk.screen(), "panel");
    kiosk.press_by_key("What this kiosk is for", Key::Enter);
    kiosk.press_by_key("One class", Key::Space);
    kiosk.press_by_key("Oak", Key::Enter);
    kiosk.press_by_key("Close the panel", Key::Enter);
    assert_eq!(kiosk.screen(), "home");
    kiosk.press_by_key("Sign our promise", Key::Enter);
    assert_eq!(kiosk.screen(), "choose-name");
    assert!(kiosk.harness.query_by_label("Zofia").is_none(), "nobody of another class");
    kiosk.harness.get_by_label("George");
}

#[test]
fn no_digit_of_the_pin_is_ever_shown_or_told() {
    let mut kiosk = open(1280.0, 800.0);
    kiosk.press("For staff");
    kiosk.press("7");
    let labels: Vec<_> = kiosk
        .harness
        .query_all_by_role(Role::Label)
        .chain(kiosk.harness.query_all_by_role(Role::Paragraph))
        .filter_map(|n| n.accesskit_node().label().or_else(|| n.accesskit_node().value()))
        .collect();
    assert!(labels.iter().any(|label| label == "Digits typed: 1"), "{labels:?}");
    assert!(labels.iter().all(|label| !label.contains('7')), "{labels:?}");
}

#[test]
fn the_corner_for_staff_is_small_and_covers_nothing_that_children_use() {
    for (width, height) in [(1280.0, 800.0), (1024.0, 768.0), (1080.0, 1920.0)] {
        let mut kiosk = open(width, height);
        for label in ["Sign our promise", "Acorn"] {
            check(&kiosk, label);
            let corner = kiosk.harness.get_by_label("For staff").rect();
            assert!(corner.width() < 40.0 && corner.left() < 1.0, "{corner:?}");
            kiosk.press(label);
        }
        check(&kiosk, "names");
    }
}

fn all_on_one_day(kiosk: &mut Kiosk) {
    let Screen::Panel(panel) = &mut kiosk.harness.state_mut().running.state.screen else { panic!() };
    let PanelAt::Signed { class, .. } = &mut panel.at else { panic!() };
    for day in class.lines.iter_mut().filter_map(|line| line.day.as_mut()) {
        *day = "2026-09-21".parse().unwrap();
    }
}

fn shot(kiosk: &mut Kiosk, name: &str) {
    check(kiosk, name);
    look(kiosk, name);
}

#[test]
fn every_screen_of_staff_looks_as_it_was_looked_at() {
    let mut kiosk = open(1280.0, 800.0);
    sign_as_amira(&mut kiosk);
    kiosk.press("For staff");
    kiosk.press("4");
    kiosk.press("8");
    shot(&mut kiosk, "staff-pin");
    kiosk.press("Back");
    to_panel(&mut kiosk);
    shot(&mut kiosk, "staff-panel");
    kiosk.press("What this kiosk is for");
    shot(&mut kiosk, "staff-modes");
    kiosk.press("Back");
    kiosk.press("Looks, sound, switches and hours");
    kiosk.press("Sleep outside its hours");
    shot(&mut kiosk, "staff-looks");
    // A picture is the same at any time of the day, and on any day.
    kiosk.press("Sleep outside its hours");
    kiosk.press("Back");
    kiosk.press("Try the touchscreen");
    kiosk.press("Square 1");
    kiosk.press("Square 8");
    shot(&mut kiosk, "staff-touch");
    kiosk.press("Back");
    kiosk.press("Who has signed");
    kiosk.press("Acorn");
    all_on_one_day(&mut kiosk);
    shot(&mut kiosk, "staff-signed");
    kiosk.press("Amira");
    shot(&mut kiosk, "staff-undo");
    kiosk.press("Back");
    kiosk.press("Back");
    kiosk.press("Let it sleep");
    shot(&mut kiosk, "asleep");
}

#[test]
fn the_touchscreen_is_tried_square_by_square_up_to_its_edges() {
    let mut kiosk = open(1280.0, 800.0);
    to_panel(&mut kiosk);
    kiosk.press("Try the touchscreen");
    let place = |number| {
        let label = format!("Square {number}");
        kiosk.harness.get_by_role_and_label(Role::Button, &label).rect()
    };
    let squares: Vec<Rect> = (1..=15).map(place).collect();
    let all = squares.iter().copied().reduce(Rect::union).unwrap();
    assert!(all.width() > 1280.0 * 0.9 && all.height() > 800.0 * 0.65, "{all:?}");
    // “Finish” stands at the foot of every screen.
    assert!(all.bottom() > 800.0 - 40.0, "{all:?}");
    let says = |kiosk: &Kiosk, answered: usize| {
        kiosk.harness.query_by_label(&format!("{answered} of 15 have answered")).is_some()
    };
    let touch = |kiosk: &mut Kiosk, square: Rect| {
        kiosk.harness.drag_at(square.center());
        kiosk.harness.drop_at(square.center());
        kiosk.settle();
    };
    for (answered, square) in squares.iter().enumerate() {
        assert!(says(&kiosk, answered));
        touch(&mut kiosk, *square);
    }
    assert!(says(&kiosk, 15));
    touch(&mut kiosk, squares[3]);
    assert!(says(&kiosk, 15), "once is enough");
    kiosk.press("Back");
    kiosk.press("Try the touchscreen");
    assert!(says(&kiosk, 0), "each try begins anew");
}

fn at(kiosk: &mut Kiosk, place: PanelAt) {
    let Screen::Panel(panel) = &mut kiosk.harness.state_mut().running.state.screen else { panic!() };
    panel.at = place;
    kiosk.settle();
}

#[test]
fn a_teacher_takes_what_waits_on_a_stick_and_is_told_what_became_of_it() {
    let mut kiosk = open(1280.0, 800.0);
    sign_as_amira(&mut kiosk);
    to_panel(&mut kiosk);
    kiosk.press("What waits to be sent");
    // A picture is the same whatever the network says.
    let moment = records::day::Moment(1_790_000_000);
    let figures = Figures {
        waiting: 12,
        last_contact: None,
        problem: None,
        on_stick: Some(moment),
        from_stick: Some(moment),
        paired: true,
    };
    at(&mut kiosk, PanelAt::Waits(Some(figures)));
    shot(&mut kiosk, "staff-waits");
    let nowhere = tempfile::tempdir().unwrap();
    kiosk.harness.state_mut().running.sticks = Where { named: Some(nowhere.path().join("no-stick")) };
    kiosk.press("Take it on a stick");
    assert_eq!(kiosk.screen(), "panel-stick-trouble");
    kiosk.harness.get_by_label_contains("There is no stick in this computer");
    kiosk.harness.get_by_label_contains("nothing was lost");
    shot(&mut kiosk, "staff-stick-trouble");
    kiosk.press("Back");
    kiosk.press("What waits to be sent");
    let stick = tempfile::tempdir_in("/dev/shm").unwrap();
    kiosk.harness.state_mut().running.sticks = Where { named: Some(stick.path().to_owned()) };
    kiosk.press("Take it on a stick");
    assert_eq!(kiosk.screen(), "panel-stick-done");
    kiosk.harness.get_by_label_contains("One record that waits is on it");
    kiosk.harness.get_by_label_contains("Nothing was removed here");
    shot(&mut kiosk, "staff-stick-done");
    kiosk.press("Back");
    kiosk.press("What waits to be sent");
    kiosk.press("Bring back from the stick");
    kiosk.harness.get_by_label_contains("There is nothing for this kiosk on the stick");
    let way = StickWay::Out;
    at(&mut kiosk, PanelAt::AtStick { number: 99, way });
    shot(&mut kiosk, "staff-at-stick");
    let told = StickTold::Brought { acknowledged: 12, pack: true, people: true };
    at(&mut kiosk, PanelAt::StickDone(Ok(told)));
    shot(&mut kiosk, "staff-stick-back");
    for trouble in StickTrouble::ALL {
        at(&mut kiosk, PanelAt::StickDone(Err(trouble)));
        check(&kiosk, &format!("{trouble:?}"));
    }
}

#[test]
fn with_stronger_colours_the_same_screens_are_there() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    let mode = Mode::Class(Some(acorn()));
    let settings = Settings { high_contrast: true, mode, ..Settings::default() };
    kiosk::folder::write_settings(&folder, &settings).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    shot(&mut kiosk, "home-high-contrast");
    kiosk.press("Sign our promise");
    shot(&mut kiosk, "choose-name-high-contrast");
    kiosk.press("Amira");
    kiosk.press("Let’s go");
    shot(&mut kiosk, "statement-high-contrast");
}

#[test]
fn without_a_pin_the_panel_tells_how_one_is_set() {
    let mut kiosk = Kiosk::open(1280.0, 800.0);
    kiosk.settle();
    kiosk.press("For staff");
    assert_eq!(kiosk.screen(), "no-pin");
    shot(&mut kiosk, "staff-no-pin");
    kiosk.harness.get_by_label_contains("signpost-kiosk pin");
    kiosk.press("Back");
    assert_eq!(kiosk.screen(), "home");
}
