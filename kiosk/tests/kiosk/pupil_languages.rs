//! Pupils and staff who read another language: what helps them to understand, what counts, and that the next child meets
//! English.

use std::sync::Arc;

use kiosk::machine::{Action, Content, Effect, Event, Screen, State, controls, update};
use records::{
    agreement::{Agreement, Audience},
    pack::{AgreementTranslation, Pack, PackDraft, Phrase, TranslatedPhrases},
    signature::HelpText,
};

use crate::{
    journeys::Kiosk,
    machine::nothing_left,
    pictures::look,
    school::{Hub, PROMISES, acorn, draft, opened, press, school, speaking, state, telling_draft},
};

pub(crate) const BOTH: [(&str, &str); 2] = [("pl", "Polski"), ("ur", "اردو")];
/// As the promises of the tests are in Polish and Urdu.
pub(crate) const POLISH: [&str; 3] =
    ["Najpierw pytam dorosłego.", "Na ekranie jestem miły.", "Mówię dorosłemu, gdy coś jest nie tak."];
const URDU: [&str; 3] = [
    "پہلے میں کسی بڑے سے پوچھتا ہوں۔",
    "میں اسکرین پر مہربان ہوں۔",
    "کچھ غلط ہو تو میں کسی بڑے کو بتاتا ہوں۔",
];

fn translated(english: &Agreement, title: &str, words: [&str; 3]) -> Agreement {
    let mut agreement = english.clone();
    title.clone_into(&mut agreement.title);
    agreement.introduction = vec![format!("{title}.")];
    let statements = agreement.groups.iter_mut().flat_map(|group| &mut group.statements);
    for (statement, words) in statements.zip(words) {
        words.clone_into(&mut statement.words);
        statement.more = vec![format!("{words} {words}")];
    }
    agreement
}

/// A pack whose youngest read their promises in other languages, and whose screens have words in them.
pub(crate) fn in_other_languages(mut draft: PackDraft) -> PackDraft {
    for (tag, name) in BOTH {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../themes/kiosk/words.{tag}.toml"));
        let phrases: std::collections::BTreeMap<String, String> =
            toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        draft.content.translated_phrases.push(TranslatedPhrases {
            language: tag.parse().unwrap(),
            name: name.into(),
            phrases: phrases.into_iter().map(|(name, words)| Phrase { name, words }).collect(),
        });
    }
    promises_in_other_languages(draft)
}

/// The same where the screens have words in them already.
pub(crate) fn promises_in_other_languages(mut draft: PackDraft) -> PackDraft {
    let ks1 = draft.content.agreements[0].clone();
    assert_eq!(ks1.audience, Audience::Ks1);
    for ((tag, _), (title, words)) in
        BOTH.into_iter().zip([("Nasza obietnica", POLISH), ("ہمارا وعدہ", URDU)])
    {
        let agreement = translated(&ks1, title, words);
        draft
            .content
            .translated_agreements
            .push(AgreementTranslation { language: tag.parse().unwrap(), agreement });
    }
    draft
}

pub(crate) fn state_of(draft: &PackDraft) -> State {
    let hub = Hub::new();
    let pack = Pack::open(&draft.sign(school(), 1, &hub.key), &hub.key.verify_key(), None).unwrap();
    let mut state = state();
    update(&mut state, Event::Chance([7; 16]));
    update(&mut state, Event::Pack(Arc::new(Content::new(pack))));
    update(&mut state, Event::Telling(true));
    state
}

fn has(state: &State, label: &str) -> bool {
    controls(state).iter().any(|control| control.label == label)
}

/// As far as the greeting of a child of the youngest class.
pub(crate) fn greet(state: &mut State, child: &str) {
    press(state, "Sign our promise");
    press(state, "Acorn");
    update(state, opened(acorn(), Vec::new(), 5));
    press(state, child);
    assert_eq!(state.screen.name(), "hello");
}

fn choose(state: &mut State, language: &str) {
    assert!(controls(state).iter().any(|c| c.action == Action::Languages));
    update(state, Event::Press(Action::Languages));
    press(state, language);
}

#[test]
fn a_child_reads_the_promises_in_polish_and_the_signature_says_which_words_helped() {
    let draft = in_other_languages(draft());
    let mut state = state_of(&draft);
    greet(&mut state, "Amira");
    choose(&mut state, "Polski");
    assert_eq!(state.screen.name(), "hello");
    press(&mut state, "Zaczynamy");
    for words in POLISH {
        assert_eq!(state.statement().unwrap().words, words);
        press(&mut state, "Tak, obiecuję");
    }
    update(&mut state, Event::Press(Action::Sticker(0)));
    let effects = press(&mut state, "Gotowe");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    let [english, polish] = [&draft.content.agreements[0], &draft.content.translated_agreements[0].agreement];
    assert_eq!(signature.words, english.digest(), "the English words are what is signed");
    let help = HelpText { language: "pl".parse().unwrap(), digest: polish.digest().0 };
    assert_eq!(signature.help, Some(help));
    update(&mut state, Event::Saved(signature.id));
    assert_eq!(state.screen.name(), "thank-you");
    press(&mut state, "Koniec");
    assert!(state.spoken().is_none());
    nothing_left(&state);

    // The next child, and whoever looks at the words again, meets English.
    greet(&mut state, "Ben");
    assert!(has(&state, "Let’s go"));
    press(&mut state, "Let’s go");
    assert_eq!(state.statement().unwrap().words, PROMISES[0]);
}

#[test]
fn a_language_ends_with_the_child_who_chose_it_and_on_the_way_of_telling() {
    let draft = in_other_languages(telling_draft());
    // It was another child's name.
    let mut state = state_of(&draft);
    greet(&mut state, "Amira");
    choose(&mut state, "Polski");
    press(&mut state, "To nie ja");
    assert!(state.spoken().is_none(), "{}", state.screen.name());
    // With “next child” no start screen lies between two children.
    let mut state = state_of(&draft);
    state.settings.next_child = true;
    greet(&mut state, "Amira");
    choose(&mut state, "اردو");
    assert!(state.is_right_to_left());
    press(&mut state, "شروع کریں");
    for _ in URDU {
        press(&mut state, "جی، میں وعدہ کرتا یا کرتی ہوں");
    }
    update(&mut state, Event::Press(Action::Sticker(0)));
    let effects = press(&mut state, "ہو گیا");
    let [Effect::Save(signature)] = effects.as_slice() else { panic!("{effects:?}") };
    update(&mut state, Event::Saved(signature.id));
    press(&mut state, "اگلا بچہ");
    assert!(matches!(state.screen, Screen::ChooseClass { .. }), "{}", state.screen.name());
    assert!(state.spoken().is_none());
    // Who tells is asked in pictures, and in the words that everybody is asked in.
    let mut state = state_of(&draft);
    greet(&mut state, "Amira");
    choose(&mut state, "Polski");
    press(&mut state, "I didn’t like something");
    assert!(state.spoken().is_none() && has(&state, "I want to tell"));
}

#[test]
fn only_languages_that_have_the_childs_own_agreement_are_offered() {
    let mut state = state_of(&in_other_languages(draft()));
    press(&mut state, "Sign our promise");
    press(&mut state, "Oak");
    update(&mut state, opened(crate::school::oak(), Vec::new(), 5));
    press(&mut state, "George");
    assert_eq!(state.screen.name(), "hello");
    assert!(!controls(&state).iter().any(|c| c.action == Action::Languages));

    // Other promises than the English ones would have a child sign what was not read.
    let mut draft = in_other_languages(draft());
    draft.content.translated_agreements[0].agreement.groups[0].statements.swap(0, 1);
    let mut state = state_of(&draft);
    greet(&mut state, "Amira");
    update(&mut state, Event::Press(Action::Languages));
    assert!(!has(&state, "Polski") && has(&state, "اردو"));
}

#[test]
fn no_british_voice_reads_words_of_another_language() {
    let mut state = state_of(&in_other_languages(speaking(draft())));
    greet(&mut state, "Amira");
    let says = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Say(_)));
    update(&mut state, Event::Press(Action::Languages));
    assert!(!says(&press(&mut state, "Polski")));
    assert!(!says(&press(&mut state, "Zaczynamy")));
    assert!(!controls(&state).iter().any(|c| c.action == Action::Speak), "there is nothing to hear");
    update(&mut state, Event::Press(Action::Back));
    update(&mut state, Event::Press(Action::Languages));
    press(&mut state, "English");
    assert!(says(&press(&mut state, "Let’s go")), "and in English there is");
}

#[test]
fn what_a_child_reads_in_polish_looks_as_it_was_looked_at() {
    looked_at("pl", "Polski");
}

#[test]
fn what_a_child_reads_in_urdu_looks_as_it_was_looked_at() {
    looked_at("ur", "اردو");
}

fn looked_at(tag: &str, name: &str) {
    let mut kiosk = Kiosk::speaking(1280.0, 800.0, &speaking(in_other_languages(telling_draft())));
    kiosk.settle();
    for label in ["Sign our promise", "Acorn", "Amira"] {
        kiosk.press(label);
    }
    if tag == "pl" {
        look(&mut kiosk, "pupil-hello-languages");
    }
    kiosk.press("Language");
    kiosk.press(name);
    crate::fits::check(&kiosk, "hello");
    look(&mut kiosk, &format!("pupil-{tag}-hello"));
    let begin = |kiosk: &Kiosk| {
        let shown = controls(&kiosk.harness.state().running.state);
        shown.into_iter().find(|c| c.main).unwrap().label
    };
    let on = begin(&kiosk);
    kiosk.press(&on);
    crate::fits::check(&kiosk, "statement");
    look(&mut kiosk, &format!("pupil-{tag}-statement"));
    for _ in POLISH {
        let yes = begin(&kiosk);
        kiosk.press(&yes);
    }
    crate::fits::check(&kiosk, "make-mark");
    look(&mut kiosk, &format!("pupil-{tag}-make-mark"));
}
