//! The language that staff choose in the panel: every visit begins in it where there are words in it, whoever chooses
//! another has it alone, and the panel is in English.

use std::sync::Arc;

use egui::Key;
use kiosk::{
    folder::write_settings,
    machine::{
        ASK_AFTER, Action, Content, Effect, Event, Mode, Now, Scanning, Settings, State, TextSize,
        WIPE_AFTER, controls, update,
    },
};
use records::{
    agreement::{Agreement, Audience},
    pack::{AgreementTranslation, Pack, PackDraft},
    signature::HelpText,
};

use crate::{
    adults::{opened as staff_opened, staff_draft, staff_room, staffs_agreement},
    entrance::{VISITING, entrance, phrases, read_on, touch},
    families::{act, open_with},
    fits::check,
    households::{asking_state_of, family, spoken_draft, translated},
    journeys::Kiosk,
    machine::{nothing_left, nothing_of_anybody},
    pictures::look,
    pupil_languages::{BOTH, POLISH, greet, in_other_languages, state_of},
    school::{Hub, PROMISES, acorn, classes, draft, oak, opened, press, school, speaking, telling_draft},
    staff::to_panel,
    staff_screens, switches,
    text_size::{SCREENS, wrong},
};

const LOOKS: &str = "Looks, sound, switches and hours";
const IN_ENGLISH: &str = "Visits begin in: English";
const IN_POLISH: &str = "Visits begin in: Polski (pl)";
const IN_URDU: &str = "Visits begin in: اردو (ur)";

/// As the settings' file has it.
fn chosen(state: &mut State, tag: &str) {
    let settings = Settings { language: Some(tag.parse().unwrap()), ..state.settings.clone() };
    update(state, Event::Settings(settings));
}

fn on_screen(state: &State) -> &str {
    state.spoken().map_or("en", |spoken| spoken.language.as_str())
}

fn in_settings(state: &State) -> Option<&str> {
    state.settings.language.as_ref().map(|language| language.as_str())
}

fn choose_by_globe(state: &mut State, language: &str) {
    assert!(controls(state).iter().any(|c| c.action == Action::Languages), "on {}", state.screen.name());
    act(state, Event::Press(Action::Languages));
    press(state, language);
}

/// From the greeting to a signature on its way to the disk, in whichever language; gives what helped.
fn sign(state: &mut State) -> Option<HelpText> {
    let mut effects = update(state, Event::Press(Action::Begin));
    for action in [Action::Yes; 3].into_iter().chain([Action::Sticker(0), Action::Done]) {
        effects = update(state, Event::Press(action));
    }
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    let (id, help) = (signature.id, signature.help.clone());
    update(state, Event::Saved(id));
    assert_eq!(state.screen.name(), "thank-you");
    help
}

#[test]
fn a_teacher_chooses_the_language_that_visits_begin_in_and_the_panel_stays_in_english() {
    let mut state = state_of(&in_other_languages(draft()));
    update(&mut state, Event::HasPin(true));
    to_panel(&mut state);
    press(&mut state, LOOKS);
    for (was, now, kept) in
        [(IN_ENGLISH, IN_POLISH, Some("pl")), (IN_POLISH, IN_URDU, Some("ur")), (IN_URDU, IN_ENGLISH, None)]
    {
        let effects = press(&mut state, was);
        let [Effect::KeepSettings(settings)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(settings, &state.settings, "the disk has what holds");
        assert_eq!(in_settings(&state), kept);
        assert!(controls(&state).iter().any(|c| c.label == now), "{:?}", controls(&state));
        assert_eq!(on_screen(&state), "en", "whoever set it to Urdu finds the way back");
    }
    press(&mut state, IN_ENGLISH);
    press(&mut state, "Close the panel");
    assert_eq!((state.screen.name(), on_screen(&state)), ("home", "en"), "the start is everybody’s");
    greet(&mut state, "Amira");
    assert_eq!(on_screen(&state), "pl");
}

#[test]
fn a_child_begins_in_it_and_the_signature_says_which_words_helped() {
    let draft = in_other_languages(draft());
    let mut state = state_of(&draft);
    chosen(&mut state, "pl");
    greet(&mut state, "Amira");
    press(&mut state, "Zaczynamy");
    assert_eq!(state.statement().unwrap().words, POLISH[0]);
    update(&mut state, Event::Press(Action::Back));
    let polish = &draft.content.translated_agreements[0].agreement;
    let help = HelpText { language: "pl".parse().unwrap(), digest: polish.digest().0 };
    assert_eq!(sign(&mut state), Some(help.clone()));
    press(&mut state, "Koniec");
    nothing_left(&state);
    assert_eq!(on_screen(&state), "en");
    greet(&mut state, "Ben");
    assert_eq!(sign(&mut state), Some(help), "and so does the next");
}

#[test]
fn whoever_chooses_another_has_it_alone_and_the_next_child_begins_as_staff_chose() {
    let mut state = state_of(&in_other_languages(draft()));
    chosen(&mut state, "pl");
    state.settings.next_child = true;
    greet(&mut state, "Amira");
    choose_by_globe(&mut state, "English");
    press(&mut state, "Let’s go");
    assert_eq!(state.statement().unwrap().words, PROMISES[0]);
    update(&mut state, Event::Press(Action::Back));
    assert_eq!(on_screen(&state), "en", "what was chosen holds where the visit began, too");
    assert_eq!(sign(&mut state), None);
    press(&mut state, "Next child");
    assert_eq!(state.screen.name(), "choose-class");
    assert_eq!(in_settings(&state), Some("pl"), "what a child chooses is no setting");

    // It was another child’s name, and no start screen lies between.
    press(&mut state, "Acorn");
    update(&mut state, opened(acorn(), Vec::new(), 6));
    press(&mut state, "Ben");
    assert_eq!(on_screen(&state), "pl");
    choose_by_globe(&mut state, "اردو");
    update(&mut state, Event::Press(Action::NotMe));
    update(&mut state, opened(acorn(), Vec::new(), 7));
    press(&mut state, "Chidi");
    assert_eq!(on_screen(&state), "pl");
    update(&mut state, Event::Press(Action::Home));

    // And time alone takes it away.
    for language in ["English", "اردو"] {
        greet(&mut state, "Dylan");
        choose_by_globe(&mut state, language);
        for wait in [ASK_AFTER, WIPE_AFTER] {
            let since_start = state.now.since_start + wait;
            let now = Now { since_start, ..state.now };
            update(&mut state, Event::Tick(now));
        }
        nothing_left(&state);
        greet(&mut state, "Dylan");
        assert_eq!(on_screen(&state), "pl");
        update(&mut state, Event::Press(Action::Home));
    }
}

#[test]
fn a_class_whose_agreement_nobody_translated_begins_in_english_and_so_does_telling() {
    let mut state = state_of(&in_other_languages(telling_draft()));
    chosen(&mut state, "ur");
    press(&mut state, "Sign our promise");
    press(&mut state, "Oak");
    update(&mut state, opened(oak(), Vec::new(), 5));
    press(&mut state, "George");
    for action in [Action::Begin, Action::Yes, Action::Yes] {
        assert_eq!(on_screen(&state), "en", "{}", state.screen.name());
        update(&mut state, Event::Press(action));
    }
    assert_eq!((state.screen.name(), on_screen(&state)), ("make-mark", "en"));
    update(&mut state, Event::Press(Action::Home));

    greet(&mut state, "Amira");
    assert!(state.is_right_to_left());
    update(&mut state, Event::Press(Action::Tell));
    assert_eq!((state.screen.name(), on_screen(&state)), ("tell-first", "en"));
}

#[test]
fn a_family_begins_in_it_unless_the_school_knows_that_they_speak_another_or_they_choose_one() {
    let mut state = asking_state_of(&spoken_draft(&BOTH));
    chosen(&mut state, "pl");
    press(&mut state, "For parents and carers");
    assert_eq!((state.screen.name(), on_screen(&state)), ("family-code", "pl"));
    act(&mut state, Event::Press(Action::Back));
    assert_eq!(on_screen(&state), "en");
    open_with(&mut state, &family());
    press(&mut state, "Tak, to ja");
    press(&mut state, &format!("Zofia: {}", translated("pl").title));
    act(&mut state, Event::Press(Action::Home));
    nothing_left(&state);

    let mut speaks_urdu = family();
    speaks_urdu.grown_ups[0].language = Some("ur".parse().unwrap());
    open_with(&mut state, &speaks_urdu);
    assert_eq!(on_screen(&state), "pl", "who it is is not known yet");
    press(&mut state, "Tak, to ja");
    assert_eq!(on_screen(&state), "ur");
    act(&mut state, Event::Press(Action::Home));

    open_with(&mut state, &speaks_urdu);
    choose_by_globe(&mut state, "English");
    press(&mut state, "Yes, that is me");
    assert_eq!(on_screen(&state), "en");
    act(&mut state, Event::Press(Action::Home));

    // A language that the pack does not have leaves it as it began.
    speaks_urdu.grown_ups[0].language = Some("ta".parse().unwrap());
    open_with(&mut state, &speaks_urdu);
    press(&mut state, "Tak, to ja");
    assert_eq!(on_screen(&state), "pl");
    act(&mut state, Event::Press(Action::Home));
    nothing_left(&state);
}

#[test]
fn where_families_have_nothing_in_it_their_code_is_asked_for_in_english() {
    let mut state = asking_state_of(&in_other_languages(crate::households::asking_draft()));
    chosen(&mut state, "pl");
    press(&mut state, "For parents and carers");
    assert_eq!((state.screen.name(), on_screen(&state)), ("family-code", "en"));
}

#[test]
fn a_visitor_begins_in_it_and_a_club_whose_agreement_nobody_translated_in_english_to_the_end() {
    let mut state = entrance();
    chosen(&mut state, "pl");
    press(&mut state, VISITING);
    assert_eq!((state.screen.name(), on_screen(&state)), ("visitor-read", "pl"));
    read_on(&mut state);
    touch(&mut state, "lucja");
    press(&mut state, "Dalej");
    press(&mut state, "Pomiń");
    press(&mut state, "Zgadzam się, bez rysowania");
    let effects = press(&mut state, "Podpisz");
    let [Effect::SaveVisitor(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(signature.help.as_ref().unwrap().language.as_str(), "pl");
    update(&mut state, Event::Saved(signature.id));
    press(&mut state, "Koniec");
    nothing_of_anybody(&state);
    update(&mut state, Event::Chance([8; 16]));

    press(&mut state, "I am with a club or a group");
    read_on(&mut state);
    assert_eq!((state.screen.name(), on_screen(&state)), ("visitor-name", "en"));
    touch(&mut state, "ann");
    for action in [Action::Continue, Action::Skip, Action::Sticker(0)] {
        update(&mut state, Event::Press(action));
    }
    let effects = press(&mut state, "Sign");
    let [Effect::SaveVisitor(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((signature.audience, &signature.help), (Audience::Community, &None));
}

#[test]
fn staff_find_their_names_in_english_and_begin_to_read_in_it() {
    let mut draft = staff_draft();
    let agreement = Agreement { title: "Jak pracownicy korzystają z techniki".into(), ..staffs_agreement() };
    let help = HelpText { language: "pl".parse().unwrap(), digest: agreement.digest().0 };
    let content = &mut draft.content;
    content.translated_agreements = vec![AgreementTranslation { language: "pl".parse().unwrap(), agreement }];
    let words = include_str!("../../../themes/kiosk/words.pl.toml");
    content.translated_phrases = vec![phrases("pl", "Polski", words)];
    let mut state = staff_room();
    take(&mut state, &draft, 2);
    chosen(&mut state, "pl");
    for (globe, help) in [(None, Some(help)), (Some("English"), None)] {
        press(&mut state, "Staff and volunteers");
        update(&mut state, staff_opened(5));
        assert_eq!((state.screen.name(), on_screen(&state)), ("adult-names", "en"));
        press(&mut state, "Priya Nair");
        assert_eq!((state.screen.name(), on_screen(&state)), ("adult-read", "pl"));
        if let Some(language) = globe {
            choose_by_globe(&mut state, language);
        }
        while state.screen.name() == "adult-read" {
            update(&mut state, Event::Press(Action::Continue));
        }
        update(&mut state, Event::Press(Action::Sticker(0)));
        let effects = update(&mut state, Event::Press(Action::Done));
        let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(signature.help, help);
        update(&mut state, Event::Saved(signature.id));
        update(&mut state, Event::Press(Action::Finish));
        nothing_of_anybody(&state);
    }
}

fn take(state: &mut State, draft: &PackDraft, number: u64) {
    let hub = Hub::new();
    let pack = draft.sign(school(), number, &hub.key);
    let pack = Pack::open(&pack, &hub.key.verify_key(), None).unwrap();
    update(state, Event::Pack(Arc::new(Content::new(pack))));
}

#[test]
fn a_pack_that_no_longer_has_it_begins_in_english_and_one_that_has_it_again_begins_in_it_again() {
    let both = in_other_languages(draft());
    let mut without_urdu = both.clone();
    without_urdu.content.translated_phrases.retain(|one| one.language.as_str() != "ur");
    without_urdu.content.translated_agreements.retain(|one| one.language.as_str() != "ur");
    let mut state = state_of(&both);
    update(&mut state, Event::HasPin(true));
    chosen(&mut state, "ur");
    take(&mut state, &without_urdu, 2);
    greet(&mut state, "Amira");
    assert_eq!(on_screen(&state), "en");
    update(&mut state, Event::Press(Action::Home));
    let shown = |state: &mut State| {
        to_panel(state);
        press(state, LOOKS);
        let shown = controls(state).into_iter().map(|c| c.label).find(|l| l.starts_with("Visits begin"));
        update(state, Event::Press(Action::Finish));
        shown
    };
    assert_eq!(shown(&mut state).as_deref(), Some(IN_ENGLISH));

    take(&mut state, &draft(), 3);
    assert_eq!(shown(&mut state), None, "there is nothing to choose");
    greet(&mut state, "Amira");
    assert_eq!(on_screen(&state), "en");
    update(&mut state, Event::Press(Action::Home));

    take(&mut state, &both, 4);
    assert_eq!(shown(&mut state).as_deref(), Some(IN_URDU));
    greet(&mut state, "Amira");
    assert_eq!(on_screen(&state), "ur");

    // Whose words do not fit the English ones is shown nowhere, and so is nothing to begin in.
    let mut unfit = both;
    unfit.content.translated_agreements[1].agreement.groups[0].statements.swap(0, 1);
    update(&mut state, Event::Press(Action::Home));
    take(&mut state, &unfit, 5);
    assert_eq!(shown(&mut state).as_deref(), Some(IN_ENGLISH));
}

#[test]
fn nothing_is_said_in_an_english_voice_where_a_visit_begins_in_another_language() {
    let mut state = state_of(&in_other_languages(speaking(draft())));
    let says = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Say(_)));
    for (language, is_said) in [("en", true), ("pl", false)] {
        chosen(&mut state, language);
        press(&mut state, "Sign our promise");
        press(&mut state, "Acorn");
        update(&mut state, opened(acorn(), Vec::new(), 5));
        press(&mut state, "Amira");
        assert_eq!(says(&update(&mut state, Event::Press(Action::Begin))), is_said, "in {language}");
        update(&mut state, Event::Press(Action::Home));
    }
}

fn kiosk_with(settings: Settings, (width, height): (f32, f32)) -> Kiosk {
    let (room, hub) = (tempfile::tempdir().unwrap(), Hub::new());
    let folder = hub.kiosk_with(room.path(), &in_other_languages(draft()), classes());
    staff_screens::set_pin(&folder);
    write_settings(&folder, &settings).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, width, height);
    kiosk.settle();
    kiosk
}

fn looked_at(text: TextSize, name: &str) {
    let mut kiosk = kiosk_with(Settings { text, ..Settings::default() }, (1280.0, 800.0));
    staff_screens::to_panel(&mut kiosk);
    kiosk.press(LOOKS);
    kiosk.press(IN_ENGLISH);
    kiosk.press(IN_POLISH);
    kiosk.press("Sleep outside its hours");
    check(&kiosk, name);
    look(&mut kiosk, name);
}

#[test]
fn the_panels_page_with_languages_looks_as_it_was_looked_at() {
    looked_at(TextSize::Plain, "staff-looks-language");
}

#[test]
fn the_panels_page_with_languages_looks_as_it_was_looked_at_at_twice_the_size() {
    looked_at(TextSize::Double, "double-staff-looks-language");
}

#[test]
fn at_every_size_and_on_every_screen_the_panels_page_with_languages_is_whole() {
    let mut all = Vec::new();
    for text in TextSize::ALL {
        for (size, mm) in
            [((1280.0, 800.0), SCREENS[0]), ((1280.0, 800.0), SCREENS[1]), ((1080.0, 1920.0), 0.25)]
        {
            for scanning in [Scanning::Off, Scanning::OneSwitch] {
                // All that the page can show at once.
                let hours = Some(kiosk::machine::Hours::USUAL);
                let mut kiosk = kiosk_with(Settings::default(), size);
                kiosk.harness.state_mut().assets.mm_per_point = mm;
                staff_screens::to_panel(&mut kiosk);
                kiosk.harness.state_mut().running.state.settings =
                    Settings { text, scanning, hours, ..Settings::default() };
                kiosk.settle();
                let what = format!("at {} %, {mm} mm, {size:?}, {scanning:?}", text.percent());
                let mut see = |kiosk: &Kiosk, name: &str| {
                    all.extend(wrong(kiosk, 12.0).into_iter().map(|wrong| format!("{name} {what}: {wrong}")));
                };
                see(&kiosk, "panel");
                kiosk.press(LOOKS);
                for label in [IN_ENGLISH, IN_POLISH, IN_URDU] {
                    see(&kiosk, label);
                    kiosk.press(label);
                }
            }
        }
    }
    assert!(all.is_empty(), "{} things are wrong:\n{}", all.len(), all.join("\n"));
}

#[test]
fn a_keyboard_alone_and_switches_alone_choose_it_and_a_restart_keeps_it() {
    let mut kiosk = kiosk_with(Settings::default(), (1280.0, 800.0));
    kiosk.press_by_key("For staff", Key::Enter);
    kiosk.harness.event(egui::Event::Text(staff_screens::PIN.into()));
    kiosk.settle();
    kiosk.key(Key::Enter);
    kiosk.press_by_key(LOOKS, Key::Enter);
    kiosk.press_by_key(IN_ENGLISH, Key::Space);
    kiosk.press_by_key("Close the panel", Key::Enter);

    let Kiosk { harness, hub, room } = kiosk;
    harness.into_state().running.end();
    let folder = kiosk::folder::Folder::at(room.path()).unwrap();
    let mut kiosk = Kiosk::with(room, hub, folder, 1280.0, 800.0);
    kiosk.settle();
    for label in ["Sign our promise", "Acorn", "Amira", "Zaczynamy"] {
        kiosk.press(label);
    }
    kiosk.harness.state_mut().running.handle(Event::Press(Action::Home));

    let settings = Settings { mode: Mode::Everybody, ..switches::using(Scanning::TwoSwitches) };
    let mut kiosk = kiosk_with(settings, (1280.0, 800.0));
    switches::choose(&mut kiosk, "For staff");
    for digit in staff_screens::PIN.chars() {
        switches::choose(&mut kiosk, &digit.to_string());
    }
    for label in ["Open", LOOKS, IN_ENGLISH, IN_POLISH] {
        switches::choose(&mut kiosk, label);
    }
    assert_eq!(in_settings(&kiosk.harness.state().running.state), Some("ur"));
}
