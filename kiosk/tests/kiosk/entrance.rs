//! The entrance: visitors, users of the hall and of the guests' wifi read, type who they are and sign, and nothing of
//! them is left.

use std::sync::Arc;

use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use kiosk::{
    folder::{Folder, write_settings},
    machine::{
        Action, Content, Effect, Event, Key as OnScreen, Mode, Now, Pen, Scanning, Screen, Settings, State,
        Switch, TextSize, controls, update,
    },
};
use records::{
    agreement::{Agreement, Audience, Group},
    envelope::NamedRecord,
    ids::RecordId,
    pack::{AgreementTranslation, Pack, PackDraft, Phrase, TranslatedPhrases},
    roster::Adult,
    signature::{Mark, Point},
    visitor::VisitorSignature,
};

use crate::{
    adults::{entry, staffs_agreement},
    fits::{check, statements},
    journeys::Kiosk,
    machine::nothing_of_anybody,
    pictures::look,
    school::{Hub, classes, draft, press, school, state},
};

/// An agreement of the model school, as its file has it.
fn agreement(slug: &str, audience: Audience, title: &str, translation: &str) -> Agreement {
    let file = format!("{}/../content/agreements/{slug}{translation}.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap().replace("{{ people.dsl.name }}", "Ms Priya Nair");
    let text = text.replace("{{ school.name }}", "Larkfield Primary School");
    // Translations name no symbol; the reader of these files goes by it.
    let lines = text.lines().map(|line| match line.strip_prefix("## ") {
        Some(rest) if !line.contains("symbol=") => format!("## {}", rest.replace('}', " symbol=ask-first}")),
        _ => line.to_owned(),
    });
    let mut all = statements(&lines.collect::<Vec<_>>().join("\n"));
    assert!(all.len() > 4, "{slug}{translation}");
    let symbol = match audience {
        Audience::Community => "watch-screens",
        Audience::Guest => "guest-network",
        _ => "visitor-badge",
    };
    all[0].symbol = symbol.parse().unwrap();
    let introduction = text.split("+++").nth(2).unwrap().split("\n## ").next().unwrap().trim();
    Agreement {
        slug: slug.parse().unwrap(),
        audience,
        title: title.into(),
        introduction: vec![introduction.replace('\n', " ")],
        groups: vec![Group { title: None, introduction: Vec::new(), statements: all, scenario: None }],
        ..draft().content.agreements[0].clone()
    }
}

pub(crate) fn phrases(tag: &str, name: &str, file: &str) -> TranslatedPhrases {
    let words: std::collections::BTreeMap<String, String> = toml::from_str(file).unwrap();
    let phrases = words.into_iter().map(|(name, words)| Phrase { name, words }).collect();
    TranslatedPhrases { language: tag.parse().unwrap(), name: name.into(), phrases }
}

fn entrance_draft() -> PackDraft {
    let mut draft = draft();
    let content = &mut draft.content;
    let governors = Agreement { audience: Audience::Governor, ..staffs_agreement() };
    content.agreements.extend([
        staffs_agreement(),
        Agreement { slug: "governor".parse().unwrap(), ..governors },
        agreement("visitor", Audience::Visitor, "Agreement for visitors", ""),
        agreement("community", Audience::Community, "Agreement for community groups", ""),
        agreement("guest", Audience::Guest, "Agreement for the guests’ network", ""),
    ]);
    let translated = |tag: &str, title: &str| AgreementTranslation {
        language: tag.parse().unwrap(),
        agreement: agreement("visitor", Audience::Visitor, title, &format!(".{tag}")),
    };
    content.translated_agreements =
        vec![translated("pl", "Umowa dla gości"), translated("ur", "مہمانوں کا عہد")];
    content.translated_phrases = vec![
        phrases("pl", "Polski", include_str!("../../../themes/kiosk/words.pl.toml")),
        phrases("ur", "اردو", include_str!("../../../themes/kiosk/words.ur.toml")),
    ];
    let themes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/symbols");
    for name in ["visitor-badge", "watch-screens", "guest-network", "languages"] {
        let Ok(svg) = std::fs::read(themes.join(format!("{name}.svg"))) else { continue };
        let name: records::ids::Slug = name.parse().unwrap();
        draft.content.symbols.push(records::pack::Symbol { name: name.clone(), alt: name.to_string() });
        draft.pictures.insert(name, svg);
    }
    draft
}

/// The machine alone, at the entrance.
pub(crate) fn entrance() -> State {
    let hub = Hub::new();
    let pack =
        Pack::open(&entrance_draft().sign(school(), 1, &hub.key), &hub.key.verify_key(), None).unwrap();
    let mut state = state();
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    update(&mut state, Event::Chance([6; 16]));
    update(&mut state, Event::Settings(Settings { mode: Mode::Entrance, ..Settings::default() }));
    state
}

pub(crate) const VISITING: &str = "I am visiting the school";

/// By the keys on the screen.
pub(crate) fn touch(state: &mut State, text: &str) {
    for letter in text.chars() {
        let key = if letter == ' ' { OnScreen::Space } else { OnScreen::Letter(letter) };
        update(state, Event::Press(Action::Key(key)));
    }
}

pub(crate) fn read_on(state: &mut State) {
    for _ in 0..20 {
        if state.screen.name() != "visitor-read" {
            return;
        }
        update(state, Event::Press(Action::Continue));
    }
}

fn wait(state: &mut State, seconds: u64) {
    let now = Now { since_start: state.now.since_start + seconds * 1000, ..state.now };
    update(state, Event::Tick(now));
}

fn saved(effects: &[Effect]) -> VisitorSignature {
    let [Effect::SaveVisitor(signature)] = effects else { panic!("{effects:?}") };
    (**signature).clone()
}

#[test]
fn a_visitor_reads_it_all_types_a_name_and_is_thanked_only_when_it_is_on_the_disk() {
    let mut state = entrance();
    let shown: Vec<_> = controls(&state).into_iter().map(|c| c.label).collect();
    let expected =
        [VISITING, "I am with a club or a group", "I would like to use the guests’ wifi", "For staff"];
    assert_eq!(shown, expected);
    press(&mut state, VISITING);
    let read = state.screen.part();
    press(&mut state, "Next");
    assert!(state.screen.part() > read);
    read_on(&mut state);
    assert_eq!(state.screen.name(), "visitor-name");
    assert!(controls(&state).iter().all(|c| c.label != "Next"), "nobody goes on without a name");
    touch(&mut state, "ann o’hara");
    press(&mut state, "Next");
    assert_eq!(state.screen.name(), "visitor-about");
    touch(&mut state, "mrs adeyemi");
    press(&mut state, "Next");
    update(&mut state, Event::Pen(Pen::Down(1, Point(100, 500))));
    update(&mut state, Event::Pen(Pen::Move(1, Point(900, 400))));
    let signature = saved(&press(&mut state, "Sign"));
    assert_eq!((signature.audience, signature.name.as_str()), (Audience::Visitor, "Ann O’hara"));
    assert_eq!(signature.about.as_ref().unwrap().as_str(), "Mrs Adeyemi");
    assert_eq!(
        signature.words,
        agreement("visitor", Audience::Visitor, "Agreement for visitors", "").digest()
    );
    assert!(matches!(signature.mark, Mark::Drawn(_)) && signature.help.is_none());
    update(&mut state, Event::NotSaved(signature.id));
    assert_eq!(saved(&press(&mut state, "Try again")), signature, "the same, so that it can never be two");
    update(&mut state, Event::Saved(RecordId::from_bytes([99; 16])));
    assert_eq!(state.screen.name(), "visitor-saving", "the disk’s word on another is none on this");
    update(&mut state, Event::Saved(signature.id));
    assert_eq!(state.screen.name(), "visitor-kept");
    assert!(!format!("{state:?}").contains("Ann"), "whose it was is forgotten");
    press(&mut state, "Finish");
    assert_eq!(state.screen.name(), "home");
    nothing_of_anybody(&state);
}

#[test]
fn a_visitor_who_reads_it_in_polish_signs_the_english_words_and_the_record_says_what_helped() {
    let mut state = entrance();
    press(&mut state, VISITING);
    press(&mut state, "Language");
    press(&mut state, "Polski");
    assert_eq!((state.screen.name(), state.screen.part()), ("visitor-read", 0));
    read_on(&mut state);
    assert!(controls(&state).iter().any(|c| c.label == "Spacja"));
    for letter in "Łucja Żak".chars() {
        update(&mut state, Event::Type(letter));
    }
    press(&mut state, "Dalej");
    press(&mut state, "Pomiń");
    press(&mut state, "Zgadzam się, bez rysowania");
    let signature = saved(&press(&mut state, "Podpisz"));
    assert_eq!((signature.name.as_str(), &signature.about), ("Łucja Żak", &None));
    let polish = agreement("visitor", Audience::Visitor, "Umowa dla gości", ".pl").digest();
    let help = signature.help.unwrap();
    assert_eq!((help.language.as_str(), help.digest), ("pl", polish.0));
    assert_eq!(signature.mark, Mark::Sticker("tick".parse().unwrap()));
    update(&mut state, Event::Saved(signature.id));
    press(&mut state, "Koniec");
    assert!(state.spoken().is_none(), "the next person’s words are not the last one’s");
}

#[test]
fn a_visitor_who_uses_switches_signs_with_a_name_too() {
    let mut state = entrance();
    let settings = Settings { mode: Mode::Entrance, scanning: Scanning::TwoSwitches, ..Settings::default() };
    update(&mut state, Event::Settings(settings));
    let choose = |state: &mut State, label: &str| {
        wait(state, 1);
        for _ in 0..60 {
            let on = state.scanned();
            if controls(state).iter().any(|c| on == [c.action] && c.label == label) {
                return update(state, Event::Switch(Switch::Choose));
            }
            update(state, Event::Switch(Switch::Next));
        }
        panic!("the highlight never comes to “{label}” on {}", state.screen.name());
    };
    choose(&mut state, VISITING);
    while state.screen.name() == "visitor-read" {
        let on = controls(&state).iter().find(|c| c.action == Action::Continue).unwrap().label.clone();
        choose(&mut state, &on);
    }
    for (group, letter) in [("A B C D E F", "B"), ("m n o p q r", "o")] {
        choose(&mut state, group);
        choose(&mut state, letter);
    }
    choose(&mut state, "Next");
    choose(&mut state, "Leave this out");
    choose(&mut state, "I agree, without drawing");
    let signature = saved(&choose(&mut state, "Sign"));
    assert_eq!(signature.name.as_str(), "Bo");
}

#[test]
fn from_every_screen_of_the_entrance_time_alone_forgets_who_was_there() {
    let mut open = vec![entrance()];
    let mut met = std::collections::BTreeSet::new();
    while let Some(state) = open.pop() {
        let labels: Vec<_> = controls(&state).into_iter().map(|c| (c.label, c.selected)).collect();
        if !met.insert(format!("{} {} {labels:?}", state.screen.name(), state.screen.part())) {
            continue;
        }
        assert!(met.len() < 2000, "it comes to an end");
        let of_pupils =
            |a: Action| matches!(a, Action::Start | Action::Tell | Action::Class(_) | Action::Pupil(_));
        assert!(!controls(&state).iter().any(|c| of_pupils(c.action)), "on {}", state.screen.name());
        let mut left = state.clone();
        wait(&mut left, 90);
        wait(&mut left, 30);
        assert_eq!(left.screen.name(), "home", "from {}", state.screen.name());
        nothing_of_anybody(&left);
        assert!(left.spoken().is_none());
        // A disk that answers late thanks nobody who has come since.
        update(&mut left, Event::Saved(RecordId::from_bytes([6; 16])));
        assert_eq!(left.screen.name(), "home");
        let few = |action: Action| match action {
            Action::Key(OnScreen::Letter(letter)) => matches!(letter, 'a' | 'ł' | '1'),
            Action::Key(OnScreen::Capital | OnScreen::RubOut) => false,
            _ => true,
        };
        // What is typed is of one letter: every longer name leads to the same screens.
        let typed = matches!(&state.screen, Screen::Visitor(at) if at.typing().is_some_and(|t| !t.as_str().is_empty()));
        for control in controls(&state).into_iter().filter(|c| few(c.action)) {
            if typed && matches!(control.action, Action::Key(OnScreen::Letter(_) | OnScreen::Space)) {
                continue;
            }
            let mut next = state.clone();
            update(&mut next, Event::Chance([6; 16]));
            for effect in update(&mut next, Event::Press(control.action)) {
                if let Effect::SaveVisitor(signature) = effect {
                    let mut other = next.clone();
                    open.push(next.clone());
                    update(&mut other, Event::NotSaved(signature.id));
                    open.push(other);
                    update(&mut next, Event::Saved(signature.id));
                }
            }
            if next.screen.name() == "visitor-sign" {
                let mut drawn = next.clone();
                update(&mut drawn, Event::Pen(Pen::Down(1, Point(1, 1))));
                open.push(drawn);
            }
            open.push(next);
        }
    }
    for name in [
        "visitor-read",
        "visitor-name",
        "visitor-about",
        "visitor-sign",
        "visitor-saving",
        "visitor-not-saved",
        "visitor-kept",
        "languages",
    ] {
        assert!(met.iter().any(|face| face.starts_with(name)), "{name} was never reached");
    }
}

#[test]
fn only_the_agreements_that_the_pack_has_are_offered_and_only_at_the_entrance() {
    let mut state = entrance();
    for mode in [Mode::Everybody, Mode::Class(None), Mode::OpenEvening, Mode::StaffRoom] {
        update(&mut state, Event::Settings(Settings { mode, ..Settings::default() }));
        assert!(!controls(&state).iter().any(|c| matches!(c.action, Action::Visitor(_))), "{mode:?}");
    }
    let hub = Hub::new();
    let mut draft = entrance_draft();
    draft.content.agreements.retain(|one| one.audience != Audience::Guest);
    let pack = Pack::open(&draft.sign(school(), 2, &hub.key), &hub.key.verify_key(), None).unwrap();
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    update(&mut state, Event::Settings(Settings { mode: Mode::Entrance, ..Settings::default() }));
    let offered: Vec<_> = controls(&state).into_iter().map(|c| c.action).collect();
    assert!(offered.contains(&Action::Visitor(Audience::Visitor)));
    assert!(!offered.contains(&Action::Visitor(Audience::Guest)));
    update(&mut state, Event::Press(Action::Visitor(Audience::Guest)));
    assert_eq!(state.screen.name(), "home");
}

fn at_the_entrance(at: &std::path::Path, hub: &Hub, settings: Settings) -> Folder {
    let folder = hub.kiosk_with(at, &entrance_draft(), classes());
    let (mut store, _) = kiosk::storage::Store::open(folder.clone()).unwrap();
    let staff = Adult { audience: Audience::Staff, entry: entry(1, "Priya Nair") };
    let governor = Adult { audience: Audience::Governor, entry: entry(2, "Martin Ferris") };
    store.take_roster(&hub.roster_with_adults(2, vec![staff, governor])).unwrap();
    drop(store);
    write_settings(&folder, &Settings { mode: Mode::Entrance, ..settings }).unwrap();
    folder
}

fn open(settings: Settings, (width, height): (f32, f32)) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = at_the_entrance(room.path(), &hub, settings);
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.settle();
    kiosk
}

fn on(kiosk: &Kiosk) -> String {
    let shown = controls(&kiosk.harness.state().running.state);
    shown.iter().find(|c| c.action == Action::Continue).unwrap().label.clone()
}

/// Through the text, with a look at each page.
fn read_in(kiosk: &mut Kiosk, what: &str) {
    while kiosk.screen() == "visitor-read" {
        check(kiosk, what);
        let next = on(kiosk);
        kiosk.press(&next);
    }
    assert_eq!(kiosk.screen(), "visitor-name", "{what}");
}

fn shot(kiosk: &mut Kiosk, name: &str) {
    check(kiosk, name);
    look(kiosk, name);
}

#[test]
fn the_entrances_screens_look_as_they_were_looked_at_and_what_is_signed_goes_to_the_office() {
    let mut kiosk = open(Settings::default(), (1280.0, 800.0));
    shot(&mut kiosk, "entrance-home");
    kiosk.press(VISITING);
    shot(&mut kiosk, "entrance-read");
    read_in(&mut kiosk, "reading");
    shot(&mut kiosk, "entrance-name");
    for key in ["S", "i"] {
        kiosk.press(key);
    }
    kiosk.press("á ç é");
    shot(&mut kiosk, "entrance-accents");
    kiosk.press("ł ñ š");
    check(&kiosk, "more accents");
    kiosk.press("ó");
    kiosk.press("a b c");
    kiosk.press("1 2 3");
    check(&kiosk, "signs");
    kiosk.press("a b c");
    for key in ["b", "Space", "O"] {
        kiosk.press(key);
    }
    let field = kiosk.harness.get_by_role(egui::accesskit::Role::TextInput);
    assert_eq!(field.accesskit_node().value().as_deref(), Some("Siób O"));
    let next = on(&kiosk);
    kiosk.press(&next);
    shot(&mut kiosk, "entrance-about");
    kiosk.press("Leave this out");
    shot(&mut kiosk, "entrance-sign");
    kiosk.draw();
    kiosk.press("Sign");
    assert_eq!(kiosk.screen(), "visitor-kept");
    shot(&mut kiosk, "entrance-kept");
    kiosk.press("Finish");
    shot(&mut kiosk, "entrance-home");
    let records = kiosk.records();
    let [NamedRecord::Visitor(signed)] = &records[..] else { panic!("{records:?}") };
    assert_eq!((signed.audience, signed.name.as_str()), (Audience::Visitor, "Siób O"));
}

#[test]
fn a_visitor_with_a_keyboard_alone_signs_too() {
    let mut kiosk = open(Settings::default(), (1280.0, 800.0));
    kiosk.press_by_key(VISITING, Key::Enter);
    while kiosk.screen() == "visitor-read" {
        let next = on(&kiosk);
        kiosk.press_by_key(&next, Key::Enter);
    }
    // The line has the focus: a space is a space, and Enter goes on.
    kiosk.harness.event(egui::Event::Text("Ann Lee".into()));
    kiosk.settle();
    let field = kiosk.harness.get_by_role(egui::accesskit::Role::TextInput);
    assert_eq!(field.accesskit_node().value().as_deref(), Some("Ann Lee"));
    assert!(field.accesskit_node().is_focused());
    kiosk.key(Key::Backspace);
    kiosk.harness.event(egui::Event::Text("s".into()));
    kiosk.settle();
    kiosk.key(Key::Enter);
    assert_eq!(kiosk.screen(), "visitor-about");
    kiosk.key(Key::Enter);
    assert_eq!(kiosk.screen(), "visitor-sign");
    kiosk.press_by_key("I agree, without drawing", Key::Space);
    kiosk.press_by_key("Sign", Key::Enter);
    assert_eq!(kiosk.screen(), "visitor-kept");
    let records = kiosk.records();
    let [NamedRecord::Visitor(signed)] = &records[..] else { panic!("{records:?}") };
    assert_eq!((signed.name.as_str(), &signed.about), ("Ann Les", &None));
}

#[test]
fn at_twice_the_size_everything_is_on_the_screen() {
    let double = Settings { text: TextSize::Double, ..Settings::default() };
    let mut kiosk = open(double, (1280.0, 800.0));
    shot(&mut kiosk, "double-entrance-home");
    for label in ["I am with a club or a group", VISITING] {
        kiosk.press(label);
        read_in(&mut kiosk, label);
        if label != VISITING {
            kiosk.press("Stop and go to the start");
        }
    }
    kiosk.press("A");
    shot(&mut kiosk, "double-entrance-name");
    kiosk.press("á ç é");
    check(&kiosk, "double accents");
    let next = on(&kiosk);
    kiosk.press(&next);
    shot(&mut kiosk, "double-entrance-about");
    kiosk.press("Leave this out");
    shot(&mut kiosk, "double-entrance-sign");
}

#[test]
fn on_an_upright_screen_everything_is_on_it() {
    let mut kiosk = open(Settings::default(), (900.0, 1440.0));
    shot(&mut kiosk, "entrance-home-upright");
    kiosk.press("I would like to use the guests’ wifi");
    read_in(&mut kiosk, "upright");
    shot(&mut kiosk, "entrance-name-upright");
}

#[test]
fn from_right_to_left_everything_is_on_the_screen() {
    let mut kiosk = open(Settings::default(), (1280.0, 800.0));
    kiosk.press(VISITING);
    kiosk.press("Language");
    kiosk.press("اردو");
    shot(&mut kiosk, "entrance-ur-read");
    read_in(&mut kiosk, "Urdu");
    kiosk.press("Z");
    shot(&mut kiosk, "entrance-ur-name");
    let next = on(&kiosk);
    kiosk.press(&next);
    shot(&mut kiosk, "entrance-ur-about");
    let skip = controls(&kiosk.harness.state().running.state);
    let skip = skip.iter().find(|c| c.action == Action::Skip).unwrap().label.clone();
    kiosk.press(&skip);
    shot(&mut kiosk, "entrance-ur-sign");
    for action in [Action::Sticker(0), Action::Done] {
        let shown = controls(&kiosk.harness.state().running.state);
        let label = shown.iter().find(|c| c.action == action).unwrap().label.clone();
        kiosk.press(&label);
    }
    shot(&mut kiosk, "entrance-ur-kept");
}

#[test]
fn what_a_visitor_wrote_is_in_no_file_of_the_kiosk() {
    let mut kiosk = open(Settings::default(), (1280.0, 800.0));
    kiosk.press(VISITING);
    read_in(&mut kiosk, "reading");
    kiosk.harness.event(egui::Event::Text("Quillfeather".into()));
    kiosk.settle();
    let next = on(&kiosk);
    kiosk.press(&next);
    kiosk.harness.event(egui::Event::Text("Wobblethorpe".into()));
    kiosk.settle();
    let next = on(&kiosk);
    kiosk.press(&next);
    kiosk.press("I agree, without drawing");
    kiosk.press("Sign");
    assert_eq!(kiosk.screen(), "visitor-kept");
    let mut looked = 0;
    let mut folders = vec![kiosk.room.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let bytes = std::fs::read(&file).unwrap();
            looked += bytes.len();
            for word in ["Quillfeather", "Wobblethorpe", "quillfeather"] {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{word} in {}", file.display());
            }
        }
    }
    assert!(looked > 10_000, "there is something to look through");
}
