//! The same screens with stronger colours, as they were looked at: for children, for families, for staff.

use kiosk::machine::{Settings, TextSize};

use crate::{
    family_screens::{kiosk_of, looked_at, through},
    households::{couple, with_others_no},
    journeys::Kiosk,
    pictures::look,
    school::{Hub, speaking, telling_draft},
    staff_screens::{set_pin, sign_as_amira, to_panel},
    text_size::{all_of_pupils, kiosk_of_draft},
};

fn strong() -> Settings {
    Settings { high_contrast: true, ..Settings::default() }
}

#[test]
fn what_children_see_in_strong_colours_looks_as_it_was_looked_at() {
    let mut kiosk = kiosk_of_draft(TextSize::default(), 0.25, &speaking(telling_draft()));
    kiosk.harness.state_mut().running.state.settings.high_contrast = true;
    let kinds = [
        "hello",
        "make-mark-sticker",
        "thank-you",
        "still-there",
        "tell-who",
        "tell-happened",
        "tell-check",
        "told",
        "tell-now",
        "tell-coming",
    ];
    all_of_pupils(&mut kiosk, |kiosk, name| {
        if kinds.contains(&name) {
            look(kiosk, &format!("{name}-high-contrast"));
        }
    });
}

#[test]
fn what_a_family_sees_in_strong_colours_looks_as_it_was_looked_at() {
    let mut kiosk = kiosk_of(&looked_at(), &with_others_no(couple()), 1280.0, 800.0);
    kiosk.harness.state_mut().running.state.settings = strong();
    kiosk.settle();
    let kinds = ["family-code", "family-list", "family-use-chosen", "family-check", "family-kept"];
    through(&mut kiosk, |kiosk, name| {
        if kinds.contains(&name) {
            look(kiosk, &format!("{name}-high-contrast"));
        }
    });
}

#[test]
fn what_staff_see_in_strong_colours_looks_as_it_was_looked_at() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk(room.path());
    set_pin(&folder);
    kiosk::folder::write_settings(&folder, &strong()).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    sign_as_amira(&mut kiosk);
    kiosk.press("For staff");
    kiosk.press("4");
    look(&mut kiosk, "staff-pin-high-contrast");
    kiosk.press("Back");
    to_panel(&mut kiosk);
    look(&mut kiosk, "staff-panel-high-contrast");
    kiosk.press("Looks, sound, switches and hours");
    look(&mut kiosk, "staff-looks-high-contrast");
}
