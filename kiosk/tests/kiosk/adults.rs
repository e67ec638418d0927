//! Staff and governors sign in the staff room: calm screens, the whole text, and no pupil's name in reach.

use std::sync::Arc;

use kiosk::{
    folder::{Folder, write_settings},
    machine::{
        Action, Content, Control, Effect, Event, Mode, Now, OpenedAdults, Pen, Screen, Settings, State,
        controls, update,
    },
};
use records::{
    agreement::{Agreement, Audience, Group, Statement},
    envelope::NamedRecord,
    ids::{PersonId, RecordId},
    pack::{Pack, PackDraft},
    roster::{Adult, RosterEntry},
    signature::{Mark, Point},
};

use crate::{
    fits::{check, statements},
    journeys::Kiosk,
    machine::nothing_of_anybody,
    pictures::look,
    school::{Hub, draft, press, school, state},
};

const STAFF: [&str; 14] = [
    "Ruth Adeyemi",
    "Priya Nair",
    "Amina Yusuf",
    "Owen Hughes",
    "Kasia Nowak",
    "Daniel Price",
    "Grace Okafor",
    "Sam Whitfield",
    "Leila Haddad",
    "Tom Barker",
    "Hannah Lloyd",
    "Imran Sheikh",
    "Beth Carter",
    "Joan Marsh",
];

pub(crate) fn entry(place: usize, name: &str) -> RosterEntry {
    let person = PersonId::from_bytes([0xA0 + place as u8; 16]);
    RosterEntry { person, name: name.into(), picture: "tile-owl".parse().unwrap(), signed: Vec::new() }
}

/// The agreement of the model school's staff, as its file has it.
pub(crate) fn staffs_agreement() -> Agreement {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../content/agreements/staff.md");
    let all: Vec<Statement> = statements(&std::fs::read_to_string(file).unwrap());
    assert!(all.len() > 5);
    Agreement {
        slug: "staff".parse().unwrap(),
        audience: Audience::Staff,
        title: "How staff use technology".into(),
        introduction: vec!["This is what everybody who works here agrees to.".into()],
        groups: vec![Group {
            title: Some("At work".into()),
            introduction: Vec::new(),
            statements: all,
            scenario: None,
        }],
        ..draft().content.agreements[0].clone()
    }
}

pub(crate) fn staff_draft() -> PackDraft {
    let mut draft = draft();
    draft.content.agreements.push(staffs_agreement());
    draft
}

/// The machine alone, in the staff room.
pub(crate) fn staff_room() -> State {
    let hub = Hub::new();
    let pack = Pack::open(&staff_draft().sign(school(), 1, &hub.key), &hub.key.verify_key(), None).unwrap();
    let mut state = state();
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    update(&mut state, Event::Adults(vec![Audience::Staff, Audience::Governor]));
    update(&mut state, Event::Settings(Settings { mode: Mode::StaffRoom, ..Settings::default() }));
    state
}

pub(crate) fn opened(record: u8) -> Event {
    let people = STAFF.iter().enumerate().map(|(place, name)| entry(place, name)).collect();
    Event::AdultsOpened(Box::new(OpenedAdults {
        audience: Audience::Staff,
        people,
        signed_here: Vec::new(),
        record: RecordId::from_bytes([record; 16]),
    }))
}

/// To the line that Priya signs on.
fn to_line(state: &mut State) {
    press(state, "Staff and volunteers");
    update(state, opened(5));
    press(state, "Priya Nair");
    for _ in 0..40 {
        match state.screen.name() {
            "adult-read" if controls(state).iter().any(|c| c.label == "Next") => press(state, "Next"),
            "adult-read" => press(state, "I agree, and sign"),
            _ => return,
        };
    }
}

fn wait(state: &mut State, seconds: u64) {
    let now = Now { since_start: state.now.since_start + seconds * 1000, ..state.now };
    update(state, Event::Tick(now));
}

#[test]
fn somebody_of_the_staff_reads_it_all_signs_and_is_thanked_only_when_it_is_on_the_disk() {
    let mut state = staff_room();
    let shown: Vec<_> = controls(&state).into_iter().map(|c| c.label).collect();
    assert_eq!(shown, ["Staff and volunteers", "For staff"], "governors have no agreement in this pack");
    to_line(&mut state);
    assert_eq!(state.screen.name(), "adult-sign");
    update(&mut state, Event::Pen(Pen::Down(1, Point(100, 500))));
    update(&mut state, Event::Pen(Pen::Move(1, Point(900, 400))));
    let effects = press(&mut state, "Sign");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((signature.audience, signature.person), (Audience::Staff, entry(1, "").person));
    assert_eq!(signature.words, staffs_agreement().digest());
    assert!(matches!(signature.mark, Mark::Drawn(_)) && !signature.helped);
    update(&mut state, Event::NotSaved(signature.id));
    let again = press(&mut state, "Try again");
    let [Effect::Save(again)] = again.as_slice() else { panic!("{again:?}") };
    assert_eq!(again, signature, "the same signature, so that it can never be two");
    update(&mut state, Event::Saved(RecordId::from_bytes([99; 16])));
    assert_eq!(state.screen.name(), "adult-saving");
    update(&mut state, Event::Saved(signature.id));
    assert_eq!(state.screen.name(), "adult-kept");
    assert!(!format!("{state:?}").contains("Priya"), "whose it was is forgotten");
    press(&mut state, "Finish");
    assert_eq!(state.screen.name(), "home");
    nothing_of_anybody(&state);
}

#[test]
fn from_every_screen_of_the_staff_room_time_alone_forgets_who_was_there_and_nothing_is_made_for_children() {
    let mut open = vec![staff_room()];
    let mut met = std::collections::BTreeSet::new();
    while let Some(state) = open.pop() {
        let labels: Vec<_> = controls(&state).into_iter().map(|c| (c.label, c.selected)).collect();
        if !met.insert(format!("{} {} {labels:?}", state.screen.name(), state.screen.part())) {
            continue;
        }
        let of_children = |c: &Control| match c.action {
            // For whoever cannot draw.
            Action::Sticker(_) => c.label != "Sign with a tick",
            action => matches!(action, Action::Start | Action::Tell),
        };
        assert!(!controls(&state).iter().any(of_children), "on {}", state.screen.name());
        assert!(!matches!(state.screen, Screen::ChooseName(_) | Screen::ChooseClass { .. }));
        let mut left = state.clone();
        wait(&mut left, 90);
        wait(&mut left, 30);
        assert_eq!(left.screen.name(), "home", "from {}", state.screen.name());
        assert!(STAFF.iter().all(|name| !format!("{left:?}").contains(name)));
        for control in controls(&state) {
            let mut next = state.clone();
            for effect in update(&mut next, Event::Press(control.action)) {
                let mut other = next.clone();
                match effect {
                    Effect::OpenAdults(group) => {
                        update(&mut other, Event::AdultsUnavailable(group));
                        update(&mut next, opened(5));
                    }
                    Effect::Save(signature) => {
                        update(&mut other, Event::NotSaved(signature.id));
                        update(&mut next, Event::Saved(signature.id));
                    }
                    _ => {}
                }
                open.push(other);
            }
            if next.screen.name() == "adult-sign" {
                update(&mut next, Event::Pen(Pen::Down(1, Point(1, 1))));
            }
            open.push(next);
        }
    }
    for name in
        ["adult-unavailable", "adult-names", "adult-read", "adult-sign", "adult-not-saved", "adult-kept"]
    {
        assert!(met.iter().any(|face| face.starts_with(name)), "{name} was never reached");
    }
}

/// A kiosk in a staff room, with a roster that has its people.
pub(crate) fn in_the_staff_room(at: &std::path::Path, hub: &Hub) -> Folder {
    let folder = hub.kiosk_with(at, &staff_draft(), crate::school::classes());
    let adults = STAFF.iter().enumerate();
    let adults =
        adults.map(|(place, name)| Adult { audience: Audience::Staff, entry: entry(place, name) }).collect();
    let (mut store, _) = kiosk::storage::Store::open(folder.clone()).unwrap();
    store.take_roster(&hub.roster_with_adults(2, adults)).unwrap();
    drop(store);
    let settings = Settings { mode: Mode::StaffRoom, ..Settings::default() };
    write_settings(&folder, &settings).unwrap();
    folder
}

#[test]
fn the_staff_rooms_screens_look_as_they_were_looked_at_and_what_is_signed_goes_to_the_office() {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = in_the_staff_room(room.path(), &hub);
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    let shot = |kiosk: &mut Kiosk, name: &str| {
        check(kiosk, name);
        look(kiosk, name);
    };
    shot(&mut kiosk, "staff-room-home");
    kiosk.press("Staff and volunteers");
    shot(&mut kiosk, "staff-room-names");
    kiosk.press("Priya Nair");
    kiosk.press("Next");
    shot(&mut kiosk, "staff-room-read");
    while kiosk.screen() == "adult-read" {
        check(&kiosk, "reading");
        let shown = controls(&kiosk.harness.state().running.state);
        let on = shown.iter().find(|c| c.action == Action::Continue).unwrap().label.clone();
        kiosk.press(&on);
    }
    shot(&mut kiosk, "staff-room-sign");
    kiosk.draw();
    kiosk.press("Sign");
    assert_eq!(kiosk.screen(), "adult-kept");
    shot(&mut kiosk, "staff-room-kept");
    kiosk.press("Finish");
    let records = kiosk.records();
    let [NamedRecord::Signature(signed)] = &records[..] else { panic!("{records:?}") };
    assert_eq!((signed.audience, signed.person), (Audience::Staff, entry(1, "").person));
}
