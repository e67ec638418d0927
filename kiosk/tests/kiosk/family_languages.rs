//! Families in their own language: what helps them to understand, and what counts.

use std::collections::BTreeMap;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use kiosk::machine::{Action, Effect, Event, Screen, Settings, State, WIPE_AFTER, controls};
use records::{envelope::NamedRecord, family::Family, signature::HelpText};

use crate::{
    families::{act, keeping, open_with, press},
    family_screens::{kiosk_of, look, open},
    households::*,
    machine::{nothing_left, wait},
};

const BOTH: [(&str, &str); 2] = [("pl", "Polski"), ("ur", "اردو")];

fn at_code() -> State {
    let mut state = asking_state_of(&spoken_draft(&BOTH));
    press(&mut state, "For parents and carers");
    state
}

/// Opens the family in whichever language is on the screen.
fn open_here(state: &mut State, family: &Family) {
    press_action(state, Action::Back);
    open_with(state, family);
}

fn press_action(state: &mut State, action: Action) -> Vec<Effect> {
    assert!(controls(state).iter().any(|c| c.action == action), "no {action:?} on {}", state.screen.name());
    act(state, Event::Press(action))
}

fn choose(state: &mut State, language: &str) {
    press_action(state, Action::Languages);
    assert_eq!(state.screen.name(), "languages");
    press(state, language);
}

fn labels(state: &State) -> Vec<String> {
    controls(state).into_iter().map(|c| c.label).collect()
}

/// Answers each use with no and the question with its first answer, up to the summary.
fn answer_no(state: &mut State) {
    for _ in 0..30 {
        let wanted = match state.screen.name() {
            "family-intro" | "family-take-back" => Action::Continue,
            "family-use" => Action::No,
            "family-question" => Action::Answer(0),
            _ => return,
        };
        press_action(state, wanted);
    }
}

fn help(language: &str) -> HelpText {
    HelpText { language: language.parse().unwrap(), digest: translated(language).digest() }
}

fn decide(state: &mut State) -> Option<HelpText> {
    let effects = press_action(state, Action::Keep);
    let (_, decision) = keeping(&effects);
    assert_eq!(decision.words, form("images").digest(), "the English words are what is decided on");
    let (id, help) = (decision.id, decision.help.clone());
    assert_eq!(state.screen.name(), "family-saving");
    assert!(
        controls(state).iter().all(|c| c.action != Action::Languages),
        "the disk’s answer finds the screen that it comes to"
    );
    act(state, Event::Saved(id));
    assert_eq!(state.screen.name(), "family-kept");
    help
}

#[test]
fn a_mother_reads_and_answers_in_polish_and_the_next_person_meets_english() {
    let mut state = at_code();
    choose(&mut state, "Polski");
    assert!(labels(&state).contains(&"Usuń".to_owned()));
    // “Back” is a way to the start, where English is.
    open_here(&mut state, &family());
    choose(&mut state, "Polski");
    press(&mut state, "Tak, to ja");
    press(&mut state, &format!("Zofia: {}", translated("pl").title));
    press(&mut state, "Dalej");
    assert!(labels(&state).contains(&"Nie".to_owned()));
    answer_no(&mut state);
    let first = &translated("pl").purposes[0].words;
    assert!(labels(&state).contains(&format!("{first}: Nie")));
    assert_eq!(decide(&mut state), Some(help("pl")));
    press(&mut state, "Zobacz wszystko");
    let told = controls(&state).into_iter().find(|c| c.action == Action::Item(0)).unwrap();
    assert_eq!(told.note.as_deref(), Some("odpowiedź: 21 września 2026; tak: 0, nie: 8"));
    press(&mut state, "To wszystko, kończymy");
    assert!(labels(&state).contains(&"For parents and carers".to_owned()));
    nothing_left(&state);
    press(&mut state, "For parents and carers");
    assert!(labels(&state).contains(&"Rub out".to_owned()), "the last family's language is gone with it");
}

#[test]
fn what_nobody_translated_is_asked_in_english_and_named_alone() {
    let mut state = at_code();
    open_here(&mut state, &family());
    choose(&mut state, "Polski");
    press(&mut state, "Tak, to ja");
    press(&mut state, "Zofia: Your child’s work");
    answer_no(&mut state);
    let effects = press_action(&mut state, Action::Keep);
    let (_, decision) = keeping(&effects);
    assert_eq!((decision.form.as_str(), &decision.help), ("learners-work", &None));
}

#[test]
fn looking_at_the_english_beside_it_changes_no_answer_and_a_form_read_in_english_names_no_other() {
    let mut state = at_code();
    open_here(&mut state, &family());
    press(&mut state, "Yes, that is me");
    press(&mut state, "Zofia: Pictures and film of your child");
    choose(&mut state, "Polski");
    press(&mut state, "Dalej");
    press(&mut state, "Tak");
    choose(&mut state, "English");
    press(&mut state, "Back");
    let yes = controls(&state).into_iter().find(|c| c.action == Action::Yes).unwrap();
    assert_eq!((yes.label.as_str(), yes.selected), ("Yes", Some(true)));
    answer_no(&mut state);
    assert_eq!(decide(&mut state), Some(help("pl")), "it was read in Polish too");
    press(&mut state, "See all");
    press(&mut state, "Kacper: Pictures and film of your child");
    answer_no(&mut state);
    assert_eq!(decide(&mut state), None, "that was another child's form");
}

#[test]
fn whoever_the_school_knows_to_speak_urdu_is_met_in_it_unless_they_chose_english() {
    let mut speaks_urdu = family();
    speaks_urdu.grown_ups[0].language = Some("ur-PK".parse().unwrap());
    let mut state = at_code();
    open_here(&mut state, &speaks_urdu);
    press(&mut state, "Yes, that is me");
    assert_eq!(state.spoken().unwrap().name, "اردو");
    assert!(labels(&state).contains(&format!("Zofia: {}", translated("ur").title)));
    press_action(&mut state, Action::Home);

    press(&mut state, "For parents and carers");
    open_here(&mut state, &speaks_urdu);
    choose(&mut state, "English");
    press(&mut state, "Yes, that is me");
    assert!(state.spoken().is_none());
    press_action(&mut state, Action::Home);

    // A language that the pack does not have.
    speaks_urdu.grown_ups[0].language = Some("ta".parse().unwrap());
    press(&mut state, "For parents and carers");
    open_here(&mut state, &speaks_urdu);
    press(&mut state, "Yes, that is me");
    assert!(state.spoken().is_none());
}

#[test]
fn a_signature_under_the_agreement_names_the_translation_that_was_read() {
    let mut state = at_code();
    open_here(&mut state, &family());
    choose(&mut state, "Polski");
    press(&mut state, "Tak, to ja");
    press(&mut state, "Agreement for parents and carers: Polski");
    while state.screen.name() == "family-read" {
        press_action(&mut state, Action::Continue);
    }
    press_action(&mut state, Action::Sticker(0));
    let effects = press(&mut state, "Gotowe");
    let [Effect::Keep(keeping)] = effects.as_slice() else { panic!("{effects:?}") };
    let NamedRecord::Signature(signature) = &keeping.record else { panic!("no signature") };
    assert_eq!(signature.words, parents_agreement().digest());
    let mut polish = parents_agreement();
    polish.title.push_str(": Polski");
    let help = HelpText { language: "pl".parse().unwrap(), digest: polish.digest().0 };
    assert_eq!(signature.help, Some(help));
}

/// A translation whose uses are not those of the English form would have a yes stand beside other words.
#[test]
fn a_translation_that_does_not_fit_its_form_name_for_name_is_not_shown() {
    let mut draft = spoken_draft(&BOTH);
    draft.content.consent[0].translations[0].form.purposes.swap(0, 1);
    let mut state = asking_state_of(&draft);
    open_with(&mut state, &family());
    choose(&mut state, "Polski");
    press(&mut state, "Tak, to ja");
    press(&mut state, "Zofia: Pictures and film of your child");
    answer_no(&mut state);
    assert_eq!(decide(&mut state), None);
}

#[test]
fn time_alone_takes_the_language_away_with_the_family() {
    for pages in ["Polski", "اردو"] {
        let mut state = at_code();
        choose(&mut state, pages);
        press_action(&mut state, Action::Languages);
        wait(&mut state, WIPE_AFTER / 1000 + 1);
        assert!(matches!(state.screen, Screen::Home));
        assert!(state.spoken().is_none());
        nothing_left(&state);
    }
}

#[test]
fn a_school_that_asks_in_english_alone_offers_no_other_language() {
    let mut state = asking_state();
    press(&mut state, "For parents and carers");
    assert!(!controls(&state).iter().any(|c| c.action == Action::Languages));
}

/// Through every screen that has words of its own, in one language.
pub(crate) fn through(
    language: &str,
    name: &str,
    (width, height): (f32, f32),
    settings: Settings,
    mut look: impl FnMut(&mut crate::journeys::Kiosk, &str),
) {
    let mut kiosk = kiosk_of(&spoken_draft(&BOTH), &with_others_no(couple()), width, height);
    kiosk.harness.state_mut().running.state.settings = settings;
    kiosk.settle();
    kiosk.press("For parents and carers");
    look(&mut kiosk, "code-english");
    kiosk.press("Language");
    look(&mut kiosk, "choose");
    kiosk.press(name);
    look(&mut kiosk, "code");
    press_in(&mut kiosk, Action::Back);
    open(&mut kiosk, &code());
    kiosk.press("Language");
    kiosk.press(name);
    look(&mut kiosk, "who");
    kiosk.press("Maria Nowak");
    look(&mut kiosk, "list");
    kiosk.press(&format!("Zofia: {}", translated(language).title));
    look(&mut kiosk, "intro");
    while kiosk.screen() == "family-intro" {
        press_in(&mut kiosk, Action::Continue);
    }
    look(&mut kiosk, "use");
    for _ in 0..8 {
        press_in(&mut kiosk, Action::Yes);
    }
    look(&mut kiosk, "question");
    press_in(&mut kiosk, Action::Answer(0));
    look(&mut kiosk, "take-back");
    press_in(&mut kiosk, Action::Continue);
    look(&mut kiosk, "check");
}

fn press_in(kiosk: &mut crate::journeys::Kiosk, action: Action) {
    let shown = controls(&kiosk.harness.state().running.state);
    let label =
        shown.into_iter().find(|c| c.action == action).unwrap_or_else(|| panic!("no {action:?}")).label;
    kiosk.press(&label);
}

/// Whatever is on a screen, by what it does, and where it is on the glass.
fn places(kiosk: &crate::journeys::Kiosk) -> Vec<(Action, egui::Rect)> {
    let shown = controls(&kiosk.harness.state().running.state);
    let place = |label: &str| kiosk.harness.get_by_role_and_label(Role::Button, label).rect();
    shown.iter().map(|control| (control.action, place(&control.label))).collect()
}

#[test]
fn in_urdu_every_screen_stands_the_other_way_round_and_answers_where_it_is_seen() {
    let mut polish = BTreeMap::new();
    through("pl", "Polski", (1280.0, 800.0), Settings::default(), |kiosk, name| {
        polish.insert(name.to_owned(), places(kiosk));
    });
    let (mut turned, mut the_same) = (0, 0);
    through("ur", "اردو", (1280.0, 800.0), Settings::default(), |kiosk, name| {
        // Not yet chosen there.
        let in_english = ["code-english", "choose"].contains(&name);
        for (action, place) in places(kiosk).into_iter().filter(|_| !in_english) {
            let other = polish[name].iter().find(|(one, _)| *one == action).unwrap().1;
            let (left, right) = (place.center().x, 1280.0 - place.center().x);
            match action {
                Action::Back => {
                    assert!(left > 1280.0 * 0.8, "{name}: back is where reading begins: {place:?}")
                }
                // Keys and the cells of a code are of no language.
                Action::Type(_) | Action::Cell(_) | Action::RubOut => {
                    assert!((left - other.center().x).abs() < 2.0, "{name}: {action:?}");
                    the_same += 1;
                }
                Action::Yes | Action::No | Action::Home | Action::GrownUp(_) | Action::Item(_) => {
                    assert!(
                        (right - other.center().x).abs() < 2.0,
                        "{name}: {action:?}: {place:?}, {other:?}"
                    );
                    turned += 1;
                }
                _ => {}
            }
        }
        if name == "use" {
            // By the finger, where it is seen.
            let back = places(kiosk).into_iter().find(|(action, _)| *action == Action::Back).unwrap().1;
            let before = kiosk.screen();
            kiosk.harness.drag_at(back.center());
            kiosk.harness.drop_at(back.center());
            kiosk.settle();
            assert_eq!((before, kiosk.screen()), ("family-use", "family-intro"));
            press_in(kiosk, Action::Continue);
        }
    });
    assert!(turned > 10 && the_same > 10, "{turned} {the_same}");
}

/// Right to left, in letters that join: every word is inside its place, and names in Latin letters among them.
#[test]
fn a_familys_screens_in_urdu_look_as_they_were_looked_at() {
    through("ur", "اردو", (1280.0, 800.0), Settings::default(), |kiosk, name| {
        crate::fits::check(kiosk, name);
        look(kiosk, &format!("family-ur-{name}"));
    });
}

#[test]
fn a_familys_screens_in_polish_look_as_they_were_looked_at() {
    through("pl", "Polski", (1280.0, 800.0), Settings::default(), |kiosk, name| {
        crate::fits::check(kiosk, name);
        look(kiosk, &format!("family-pl-{name}"));
    });
}
