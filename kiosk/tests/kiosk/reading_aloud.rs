//! What a child hears: each screen when it comes, the speaker, the word that is lit, and when there is silence.

use std::{collections::BTreeSet, sync::Arc};

use kiosk::machine::{
    ASK_AFTER, Action, Content, Effect, Event, Lit, LocalSigned, Millis, Now, PAUSE, Settings, State,
    WIPE_AFTER, Word, Words, controls, update,
};
use records::{
    agreement::AgreementDigest,
    day::Moment,
    digest::Digest,
    ids::RecordId,
    pack::{AgreementChange, PackDraft},
    receipt::Picture,
};

use crate::school::{
    A_WORD, PROMISES, acorn, alt, oak, opened, person, press_with_chance as press, recorded, speaking_state,
    spoken, spoken_of, state_with, surveying_draft, with_answers,
};
use crate::{
    families::{self, open_with},
    households::{asking_draft_of, asking_state_of, family, form, parents_agreement},
    stories::with_stories,
};

/// The kiosk's own sentences that are said to parents alone.
const TO_PARENTS: [Word; 10] = [
    Word::ListNext,
    Word::UseMeans,
    Word::UseLong,
    Word::UseHolds,
    Word::UseYes,
    Word::UseNo,
    Word::BackTitle,
    Word::FamilyNext,
    Word::CheckUnanswered,
    Word::CheckKeep,
];

/// Every sentence that a pupil's screen could have.
fn everything() -> Vec<String> {
    let words = Words::shipped();
    let mut all: Vec<String> = Word::ALL.iter().map(|word| words.get(*word).to_owned()).collect();
    all.extend(spoken(&whole_draft()));
    all
}

/// A school that asks, tells stories and lets children tell.
fn whole_draft() -> PackDraft {
    let mut draft = with_stories(with_answers(surveying_draft()));
    draft.content.surveys.truncate(1);
    let agreement = &draft.content.agreements[0];
    let change = AgreementChange {
        agreement: agreement.slug.clone(),
        was: old_words(),
        statements: vec![agreement.statements().next().unwrap().name.clone()],
    };
    draft.content.changes.push(change);
    draft
}

/// Those that somebody signed before.
fn old_words() -> AgreementDigest {
    AgreementDigest(Digest::of(b"old words"))
}

/// What was said, in words; the recordings of the tests stand in the pack in the order of these.
fn words_of(state: &State, recordings: &[usize]) -> Vec<String> {
    let content = state.content.as_ref().unwrap();
    let all = everything();
    let of =
        |place: &usize| all.iter().find(|words| content.recording(words) == Some(*place)).unwrap().clone();
    recordings.iter().map(of).collect()
}

fn said(state: &State, effects: &[Effect]) -> Vec<String> {
    let mut said = effects.iter().filter_map(|effect| match effect {
        Effect::Say(recordings) => Some(words_of(state, recordings)),
        _ => None,
    });
    said.next_back().unwrap_or_default()
}

fn is_hushed(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Hush))
}

fn touch_the_speaker(state: &mut State) -> Vec<String> {
    let effects = update(state, Event::Press(Action::Speak));
    said(state, &effects)
}

fn wait(state: &mut State, milliseconds: Millis) -> Vec<Effect> {
    let since_start = state.now.since_start + milliseconds;
    update(state, Event::Tick(Now { since_start, wall: Moment(1_790_000_000) }))
}

/// Waits until all is said.
fn listen(state: &mut State) {
    while state.is_speaking() {
        let next = state.next_deadline().unwrap();
        wait(state, next - state.now.since_start);
    }
}

fn to_class(state: &mut State) -> Vec<Effect> {
    press(state, "Sign our promise");
    press(state, "Acorn");
    update(state, opened(acorn(), Vec::new(), 5))
}

fn to_first_promise(state: &mut State) -> Vec<Effect> {
    to_class(state);
    press(state, "Amira");
    press(state, "Let’s go")
}

#[test]
fn a_five_year_old_hears_every_screen_of_signing_when_it_comes() {
    let mut state = speaking_state();
    let effects = press(&mut state, "Sign our promise");
    assert_eq!(said(&state, &effects), ["Which class are you in?"]);
    press(&mut state, "Acorn");
    let effects = update(&mut state, opened(acorn(), Vec::new(), 5));
    assert_eq!(said(&state, &effects), ["Find your name"]);
    let effects = press(&mut state, "Amira");
    assert_eq!(said(&state, &effects), ["Our promise", "This is how we use screens at Larkfield."]);
    let mut effects = press(&mut state, "Let’s go");
    for promise in PROMISES {
        assert_eq!(said(&state, &effects).last().unwrap(), promise);
        effects = press(&mut state, "Yes, I will");
    }
    assert_eq!(
        said(&state, &effects),
        ["Make your mark", "Draw here with your finger", "Or choose a sticker"]
    );
    assert!(press(&mut state, &alt("star")).is_empty(), "a sticker interrupts nothing");
    let effects = press(&mut state, "I’m done");
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Save(signature) => Some(signature.id),
        _ => None,
    });
    let effects = update(&mut state, Event::Saved(id.unwrap()));
    assert_eq!(
        said(&state, &effects),
        ["Thank you", "Your promise is safe.", "You can always talk to", "Ms Priya Nair", "Miss Amina Yusuf"]
    );
    let effects = press(&mut state, "Finish");
    assert!(is_hushed(&effects));
    assert_eq!(said(&state, &effects), Vec::<String>::new(), "the start speaks to no empty room");
    assert_eq!(touch_the_speaker(&mut state)[0], "Sign our promise");
}

#[test]
fn the_speaker_says_a_promise_again_with_the_answers_and_tell_me_more_is_read_alone() {
    let mut state = speaking_state();
    to_first_promise(&mut state);
    assert_eq!(touch_the_speaker(&mut state), [PROMISES[0], "Yes, I will", "Tell me more"]);
    let effects = press(&mut state, "Tell me more");
    assert!(is_hushed(&effects));
    let more = "A grown-up helps me pick. Then I have fun.";
    assert_eq!(said(&state, &effects), [more]);
    assert_eq!(touch_the_speaker(&mut state), [PROMISES[0], more, "Yes, I will", "Tell me less"]);
}

#[test]
fn older_children_hear_what_they_ask_for_and_nothing_by_itself() {
    let mut state = speaking_state();
    press(&mut state, "Sign our promise");
    press(&mut state, "Oak");
    let effects = update(&mut state, opened(oak(), Vec::new(), 5));
    assert_eq!(said(&state, &effects), Vec::<String>::new());
    press(&mut state, "George");
    let effects = press(&mut state, "Let’s go");
    assert_eq!(said(&state, &effects), Vec::<String>::new());
    let said = touch_the_speaker(&mut state);
    assert_eq!(said[0], "Staying kind");
    assert_eq!(said[1], state.statement().unwrap().words);
}

#[test]
fn words_are_lit_one_after_another_as_they_are_said() {
    let mut state = speaking_state();
    to_first_promise(&mut state);
    let recording = state.content.as_ref().unwrap().recording(PROMISES[0]).unwrap();
    let count = PROMISES[0].split(' ').count();
    for word in 0..count {
        assert_eq!(state.lit(), Some(Lit { recording, word: Some(word) }));
        assert_eq!(
            state.next_deadline(),
            Some(state.now.since_start + Millis::from(A_WORD)),
            "the next is not missed"
        );
        wait(&mut state, A_WORD.into());
    }
    assert_eq!(state.lit(), None);
    assert!(!state.is_speaking());
    // With two sentences, none is lit in the pause between them.
    update(&mut state, Event::Press(Action::Speak));
    wait(&mut state, Millis::from(A_WORD) * count as Millis);
    assert_eq!(state.lit(), None);
    wait(&mut state, PAUSE);
    let answer = state.content.as_ref().unwrap().recording("Yes, I will").unwrap();
    assert_eq!(state.lit(), Some(Lit { recording: answer, word: Some(0) }));
}

/// What a teacher chose in the panel.
fn sounds(sound: bool) -> Event {
    Event::Settings(Settings { sound, ..Settings::default() })
}

#[test]
fn whatever_leads_away_stops_the_voice_in_the_same_step() {
    for leave in
        ["Back", "Stop and go to the start", "I didn’t like something", "Yes, I will", "Tell me more"]
    {
        let mut state = speaking_state();
        to_first_promise(&mut state);
        assert!(state.is_speaking());
        assert!(is_hushed(&press(&mut state, leave)), "{leave}");
    }
    let mut state = speaking_state();
    to_first_promise(&mut state);
    assert!(is_hushed(&update(&mut state, sounds(false))));
    assert!(!state.is_speaking() && state.lit().is_none());
    assert!(controls(&state).iter().all(|c| c.action != Action::Speak), "a silent kiosk shows no speaker");
    assert!(press(&mut state, "Yes, I will").is_empty());
    update(&mut state, sounds(true));
    assert_eq!(touch_the_speaker(&mut state)[0], PROMISES[1]);
    // A new pack at the start: what was being said belongs to the old one.
    press(&mut state, "Stop and go to the start");
    assert!(!touch_the_speaker(&mut state).is_empty());
    let mut newer = Content::clone(state.content.as_ref().unwrap());
    newer.number += 1;
    assert!(is_hushed(&update(&mut state, Event::Pack(Arc::new(newer)))));
}

#[test]
fn reading_aloud_is_a_sign_of_life_and_are_you_still_there_is_asked_aloud() {
    let mut state = speaking_state();
    to_first_promise(&mut state);
    let lasts = Millis::from(A_WORD) * PROMISES[0].split(' ').count() as Millis;
    // Time is told in large steps here, as after a busy moment.
    wait(&mut state, ASK_AFTER);
    assert_eq!(state.screen.name(), "statement");
    assert_eq!(state.next_deadline(), Some(state.now.since_start + lasts));
    let effects = wait(&mut state, lasts);
    assert_eq!(state.screen.name(), "still-there");
    assert_eq!(said(&state, &effects), ["Are you still there?"]);
    let effects = wait(&mut state, WIPE_AFTER - ASK_AFTER);
    assert_eq!(state.screen.name(), "home", "its own voice answers nothing");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Wiped)));
    crate::machine::nothing_left(&state);
}

/// Looks and listens: touches the speaker, and gives the controls in the order in which they were lit while their
/// names were said.
fn lit_controls(state: &mut State) -> Vec<String> {
    update(state, Event::Press(Action::Speak));
    let mut lit = Vec::new();
    while state.is_speaking() {
        if let Some(Lit { recording, .. }) = state.lit() {
            let content = state.content.as_ref().unwrap();
            let shown = controls(state);
            let control = shown.iter().find(|c| content.recording(&c.label) == Some(recording));
            lit.extend(control.map(|c| c.label.clone()));
        }
        let next = state.next_deadline().unwrap();
        wait(state, next - state.now.since_start);
    }
    lit.dedup();
    lit
}

#[test]
fn a_child_who_cannot_read_tells_by_pictures_and_sound_and_nobody_hears_it_who_did_not_ask() {
    let mut state = speaking_state();
    let mut effects = press(&mut state, "I didn’t like something");
    let leads_away = [Action::Back, Action::Hide, Action::Speak];
    for wanted in [
        "I want to tell",
        "I want to tell",
        "Worried",
        "I got a message",
        "In a game",
        "I don’t know them",
        "No, not now",
        "Yes, give it in",
    ] {
        let screen = state.screen.name();
        assert_eq!(said(&state, &effects), Vec::<String>::new(), "{screen} speaks by itself");
        assert!(!state.is_speaking());
        let lit = lit_controls(&mut state);
        let shown = controls(&state).into_iter().filter(|c| !leads_away.contains(&c.action));
        let shown: Vec<String> = shown.map(|c| c.label).collect();
        assert_eq!(lit, shown, "{screen}: each is lit while its name is said");
        effects = press(&mut state, wanted);
    }
    let told = effects.iter().find_map(|effect| match effect {
        Effect::Tell { told, .. } => Some(*told),
        _ => None,
    });
    effects = update(&mut state, Event::Told(told.unwrap()));
    assert_eq!(state.screen.name(), "told");
    assert_eq!(said(&state, &effects), Vec::<String>::new());
    assert_eq!(
        touch_the_speaker(&mut state)[..2],
        ["Thank you", "It is in the box now. Need help sooner? Find any grown-up."]
    );
}

#[test]
fn what_was_told_is_said_again_before_it_is_given_in_and_hide_stops_it() {
    let mut state = speaking_state();
    press(&mut state, "I didn’t like something");
    for label in ["I want to tell", "I want to tell", "Scared", "I saw something"] {
        press(&mut state, label);
    }
    for _ in 0..3 {
        press(&mut state, "I don’t want to say");
    }
    assert_eq!(state.screen.name(), "tell-check");
    assert_eq!(
        touch_the_speaker(&mut state),
        ["Is this right?", "Scared", "I saw something", "I want to write too", "Yes, give it in"]
    );
    assert!(!format!("{state:?}").contains("Scared"), "what is being said is told to no log");
    let effects = press(&mut state, "Hide");
    assert!(is_hushed(&effects));
    crate::machine::nothing_left(&state);
    assert!(!state.is_speaking());
}

#[test]
fn a_child_who_needs_somebody_hears_whom_to_find_only_on_a_touch() {
    let mut state = speaking_state();
    press(&mut state, "I didn’t like something");
    let effects = press(&mut state, "I need a grown-up now");
    assert_eq!(said(&state, &effects), Vec::<String>::new());
    let words = touch_the_speaker(&mut state);
    assert_eq!(words[..2], ["Find a grown-up now", "Go to any grown-up you can see. Say: I need help."]);
    let effects = update(&mut state, Event::Coming(1));
    assert!(is_hushed(&effects));
    assert_eq!(touch_the_speaker(&mut state)[0], "Somebody is coming");
    listen(&mut state);
    let effects = wait(&mut state, ASK_AFTER);
    assert_eq!(state.screen.name(), "still-there");
    assert_eq!(said(&state, &effects), Vec::<String>::new(), "nor does this call across the room");
}

/// Every sentence of the kiosk's own that can be heard has to be on the list that is recorded, and nothing besides.
#[test]
fn the_list_of_what_is_recorded_is_what_can_be_said() {
    let mut heard = BTreeSet::new();
    let mut tour = |state: &mut State| heard.extend(touch_the_speaker(state));
    // Here every sentence of the catalogue is recorded, so that whatever a screen would say is heard.
    let mut state = state_with(&recorded(whole_draft(), everything()));
    tour(&mut state);
    // A survey, given in at the second try; a story, and what follows.
    for feeling in ["Happy", "Sad"] {
        for label in ["How was it today?", "Let’s go", feeling, "I learned a lot"] {
            press(&mut state, label);
            tour(&mut state);
        }
        let effects = press(&mut state, "Yes, give it in");
        let told =
            effects.iter().find_map(|e| if let Effect::Count { told, .. } = e { Some(*told) } else { None });
        update(&mut state, Event::Told(told.unwrap()));
        tour(&mut state);
        press(&mut state, "I have got it");
        tour(&mut state);
        press(&mut state, "Finish");
    }
    press(&mut state, "Sign our promise");
    press(&mut state, "Oak");
    update(&mut state, opened(oak(), Vec::new(), 5));
    for label in ["George", "Let’s go", "Yes, I will"] {
        press(&mut state, label);
    }
    tour(&mut state);
    press(&mut state, "I laugh along.");
    tour(&mut state);
    press(&mut state, "Stop and go to the start");
    press(&mut state, "Sign our promise");
    tour(&mut state);
    press(&mut state, "Acorn");
    update(&mut state, opened(acorn(), Vec::new(), 5));
    tour(&mut state);
    press(&mut state, "I can’t find my name");
    tour(&mut state);
    press(&mut state, "Back");
    to_class(&mut state);
    press(&mut state, "Alfie");
    tour(&mut state);
    press(&mut state, "Go to the start");
    // Who signed before hears why they are asked again, and what is new.
    let now = state.content.as_ref().unwrap().digest(0);
    for (words, day) in [(now, "2019-10-01"), (old_words(), "2026-09-15")] {
        press(&mut state, "Sign our promise");
        press(&mut state, "Acorn");
        let before = LocalSigned { person: person(1, 4), words, day: day.parse().unwrap(), record: None };
        update(&mut state, opened(acorn(), vec![before], 5));
        press(&mut state, "Amira");
        tour(&mut state);
        press(&mut state, "Let’s go");
        tour(&mut state);
        press(&mut state, "Stop and go to the start");
    }
    to_class(&mut state);
    press(&mut state, "Amira");
    tour(&mut state);
    press(&mut state, "Let’s go");
    tour(&mut state);
    press(&mut state, "Tell me more");
    tour(&mut state);
    for _ in PROMISES {
        press(&mut state, "Yes, I will");
    }
    tour(&mut state);
    press(&mut state, &alt("star"));
    tour(&mut state);
    listen(&mut state);
    wait(&mut state, ASK_AFTER);
    tour(&mut state);
    press(&mut state, "I’m still here");
    let record = RecordId::from_bytes([5; 16]);
    press(&mut state, "I’m done");
    update(&mut state, Event::NotSaved(record));
    tour(&mut state);
    press(&mut state, "Try again");
    update(&mut state, Event::Saved(record));
    tour(&mut state);
    press(&mut state, "I have got it");
    tour(&mut state);
    press(&mut state, "I didn’t like something");
    tour(&mut state);
    press(&mut state, "Is there an answer?");
    tour(&mut state);
    for picture in ["Owl", "Cat", "Kite", "Tree"] {
        press(&mut state, picture);
        tour(&mut state);
    }
    press(&mut state, "Try other pictures");
    press(&mut state, "Back");
    press(&mut state, "I want to tell");
    tour(&mut state);
    press(&mut state, "I want to tell");
    for _ in 0..5 {
        tour(&mut state);
        press(&mut state, "I don’t want to say");
    }
    tour(&mut state);
    press(&mut state, "Back");
    press(&mut state, "Yes, with me");
    tour(&mut state);
    press(&mut state, "Acorn");
    update(&mut state, opened(acorn(), Vec::new(), 5));
    tour(&mut state);
    press(&mut state, "Amira");
    tour(&mut state);
    press(&mut state, "I want to write too");
    tour(&mut state);
    update(&mut state, Event::Type('x'));
    tour(&mut state);
    press(&mut state, "That is all");
    tour(&mut state);
    let effects = press(&mut state, "Yes, give it in");
    let told = effects.iter().find_map(|effect| match effect {
        Effect::Tell { told, .. } => Some(*told),
        _ => None,
    });
    let told = told.unwrap();
    update(&mut state, Event::NotTold(told));
    tour(&mut state);
    press(&mut state, "Try again");
    update(&mut state, Event::Told(told));
    tour(&mut state);
    press(&mut state, "I have got it");
    tour(&mut state);
    press(&mut state, "I didn’t like something");
    press(&mut state, "I need a grown-up now");
    tour(&mut state);
    update(&mut state, Event::Coming(1));
    tour(&mut state);

    let listed: BTreeSet<String> = spoken(&whole_draft()).into_iter().collect();
    let unlisted: Vec<_> = heard.difference(&listed).collect();
    assert!(unlisted.is_empty(), "a screen would say these, and nobody records them: {unlisted:?}");
    // What older children sign, and the further promises, are said in the same way as what was heard here.
    // So are the answers, and the pictures by whoever comes to them with a switch.
    let content = whole_draft().content;
    let answers = content.tell.iter().flat_map(|tell| &tell.answers).map(|answer| answer.words.as_str());
    let answers: BTreeSet<&str> = answers.chain(Picture::ALL.map(Picture::words)).collect();
    let promised = content.agreements.iter().flat_map(|agreement| {
        let groups = agreement.groups.iter().flat_map(|g| {
            let statements = g.statements.iter().flat_map(|s| std::iter::once(&s.words).chain(&s.more));
            let follows = g.scenario.iter().flat_map(|story| story.choices.iter().map(|way| &way.follows));
            g.title.iter().chain(&g.introduction).chain(statements).chain(follows)
        });
        std::iter::once(&agreement.title).chain(&agreement.introduction).chain(groups)
    });
    let promised: BTreeSet<&String> = promised.collect();
    let silent: Vec<_> = listed.difference(&heard).filter(|words| !promised.contains(words)).collect();
    let silent = silent.into_iter().filter(|words| !answers.contains(words.as_str()));
    let to_parents = TO_PARENTS.map(|word| Words::shipped().get(word).to_owned());
    let silent: Vec<_> = silent.filter(|words| !to_parents.contains(words)).collect();
    assert!(silent.is_empty(), "recorded, but never heard: {silent:?}");
}

#[test]
fn a_parent_who_touches_the_speaker_hears_every_sentence_of_form_and_agreement_and_nobodys_name() {
    let asked = form("images");
    let mut draft = asking_draft_of(std::slice::from_ref(&asked));
    draft.content.agreements.push(parents_agreement());
    let mut sentences = spoken(&draft);
    sentences.extend(spoken_of(&asked));
    let agreement = parents_agreement().title;
    let start = asking_state_of(&recorded(draft, sentences.clone()));
    let mut heard = BTreeSet::new();
    let mut tour = |state: &mut State| {
        let effects = update(state, Event::Press(Action::Speak));
        let said = effects.iter().filter_map(|e| if let Effect::Say(order) = e { Some(order) } else { None });
        let content = state.content.clone().unwrap();
        let of =
            |place: &usize| sentences.iter().find(|words| content.recording(words) == Some(*place)).unwrap();
        heard.extend(said.flatten().map(of).cloned());
    };
    for begin in ["Answer the next one", agreement.as_str()] {
        let mut state = start.clone();
        open_with(&mut state, &family());
        families::press(&mut state, "Yes, that is me");
        tour(&mut state);
        families::press(&mut state, begin);
        for _ in 0..60 {
            tour(&mut state);
            let on: Vec<String> = controls(&state).into_iter().map(|control| control.label).collect();
            let way = ["Next", "Yes", "Leave this out"].into_iter().find(|way| on.iter().any(|l| l == way));
            let Some(way) = way else { break };
            let effects = families::press(&mut state, way);
            assert!(
                !effects.iter().any(|effect| matches!(effect, Effect::Say(_))),
                "said without being asked"
            );
        }
        tour(&mut state);
    }
    let missing: Vec<_> = spoken_of(&asked).into_iter().filter(|words| !heard.contains(words)).collect();
    assert!(missing.is_empty(), "never heard: {missing:?}");
    let read = parents_agreement();
    let missing: Vec<_> = read.statements().filter(|one| !heard.contains(&one.words)).collect();
    assert!(missing.is_empty(), "never heard: {missing:?}");
    let missing: Vec<_> = TO_PARENTS
        .into_iter()
        .filter(|word| *word != Word::CheckUnanswered && !heard.contains(Words::shipped().get(*word)))
        .collect();
    assert!(missing.is_empty(), "never heard: {missing:?}");
    assert!(heard.iter().all(|words| !words.contains("Zofia") && !words.contains("Maria")));
}
