//! A pupil's round: their class, their name, each promise, the mark.

use records::{agreement::AgreementDigest, ids::ClassId, signature::Signature};

use super::super::{
    Action, ChooseName, Content, Draft, Effect, Kept, OpenedClass, Round, Screen, State, TellStep, Tile,
    Tongue, Who,
    controls::{statement_at, story_after},
    staff, tell,
};

/// A pupil begins: at the one class that signs here, or at the choice of classes.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    if !matches!(state.screen, Screen::Home) {
        return Vec::new();
    }
    state.visited = true;
    let class = state.only_class();
    state.screen = Screen::ChooseClass { page: 0, opening: class };
    class.map(Effect::OpenClass).into_iter().collect()
}

pub(super) fn class_again(class: ClassId) -> (Screen, Option<Effect>) {
    (Screen::ChooseClass { page: 0, opening: Some(class) }, Some(Effect::OpenClass(class)))
}

pub(super) fn press_name(mut choose: ChooseName, action: Action, content: &Content) -> Screen {
    match action {
        Action::Back => Screen::ChooseClass { page: 0, opening: None },
        Action::NotListed => Screen::AskTeacher,
        Action::NextPage => {
            choose.page += 1;
            Screen::ChooseName(choose)
        }
        Action::PreviousPage => {
            choose.page = choose.page.saturating_sub(1);
            Screen::ChooseName(choose)
        }
        Action::Pupil(place) => {
            let agreement = content.agreement_for(choose.audience);
            match (choose.pupils.get(place), agreement) {
                (Some(tile), _) if tile.signed => Screen::HasSigned(tile.who.clone()),
                (Some(tile), Some(agreement)) => Screen::Hello(Round {
                    who: tile.who.clone(),
                    agreement,
                    again: tile.again,
                    class: choose.class,
                    record: choose.record,
                }),
                _ => Screen::ChooseName(choose),
            }
        }
        _ => Screen::ChooseName(choose),
    }
}

pub(super) fn press_statement(
    round: Round,
    index: usize,
    more: bool,
    action: Action,
    state: &State,
    content: &Content,
) -> Screen {
    match action {
        Action::More => Screen::Statement { round, index, more: true },
        Action::Less => Screen::Statement { round, index, more: false },
        Action::Back if index == 0 => Screen::Hello(round),
        Action::Back => after_promise(round, index - 1, content).unwrap_or_else(|round| Screen::Statement {
            round,
            index: index - 1,
            more: false,
        }),
        Action::Yes => after_promise(round, index, content)
            .unwrap_or_else(|round| next_promise(round, index, state, content)),
        _ => Screen::Statement { round, index, more },
    }
}

/// The story that comes after a promise; the round where none does.
fn after_promise(round: Round, index: usize, content: &Content) -> Result<Screen, Round> {
    match story_after(content, Tongue::Usual, &round, index) {
        Some(_) => Ok(Screen::Story { round, index, chosen: None }),
        None => Err(round),
    }
}

fn next_promise(round: Round, index: usize, state: &State, content: &Content) -> Screen {
    match statement_at(content, Tongue::Usual, &round, index + 1) {
        Some(_) => Screen::Statement { round, index: index + 1, more: false },
        None => Screen::MakeMark { round, mark: Draft::Nothing, helped: state.is_helping() },
    }
}

/// What is chosen in a story is on its screen alone: it goes nowhere, and is gone with the screen.
pub(super) fn press_story(
    round: Round,
    index: usize,
    chosen: Option<usize>,
    action: Action,
    state: &State,
    content: &Content,
) -> Screen {
    match action {
        Action::Answer(place) => Screen::Story { round, index, chosen: Some(place) },
        Action::ChooseAgain => Screen::Story { round, index, chosen: None },
        Action::Back if chosen.is_some() => Screen::Story { round, index, chosen: None },
        Action::Back => Screen::Statement { round, index, more: false },
        Action::Continue => next_promise(round, index, state, content),
        _ => Screen::Story { round, index, chosen },
    }
}

pub(super) fn press_mark(
    round: Round,
    mut mark: Draft,
    mut helped: bool,
    action: Action,
    state: &State,
    content: &Content,
) -> (Screen, Option<Effect>) {
    match action {
        Action::Back => {
            let index = content.agreement(round.agreement).statements().count().saturating_sub(1);
            let before = after_promise(round, index, content);
            return (before.unwrap_or_else(|round| Screen::Statement { round, index, more: false }), None);
        }
        Action::Sticker(place) => {
            if let Some(symbol) = content.pack.stickers.get(place) {
                mark = Draft::Sticker(symbol.clone());
            }
        }
        Action::RubOut => mark = Draft::Nothing,
        Action::Helped => helped = !helped,
        Action::Done if mark.is_mark() => {
            let when = state.now.wall;
            return save(Kept { round, mark, helped, when }, state, content);
        }
        _ => {}
    }
    (Screen::MakeMark { round, mark, helped }, None)
}

pub(super) fn save(kept: Kept, state: &State, content: &Content) -> (Screen, Option<Effect>) {
    let Ok(mark) = kept.mark.mark() else {
        return (Screen::MakeMark { round: kept.round, mark: Draft::Nothing, helped: kept.helped }, None);
    };
    let agreement = content.agreement(kept.round.agreement);
    let signature = Signature {
        id: kept.round.record,
        person: kept.round.who.person,
        audience: agreement.audience,
        agreement: agreement.slug.clone(),
        version: agreement.version.clone(),
        words: content.digest(kept.round.agreement),
        help: content.agreement_help(state.tongue, kept.round.agreement),
        when: kept.when,
        year: content.pack.year,
        device: state.device,
        mark,
        helped: kept.helped,
    };
    (Screen::Saving(kept), Some(Effect::Save(Box::new(signature))))
}

fn is_asked_for(step: &TellStep, class: ClassId) -> bool {
    matches!(step, TellStep::Class { opening: Some(id), .. } if *id == class)
}

fn is_opening(screen: &Screen, class: ClassId) -> bool {
    matches!(screen, Screen::ChooseClass { opening: Some(id), .. } if *id == class)
}

pub(super) fn class_opened(state: &mut State, opened: OpenedClass) -> Vec<Effect> {
    if staff::class_opened(state, &opened) {
        return Vec::new();
    }
    let Some(content) = state.content.clone() else { return Vec::new() };
    if let Screen::Tell { step, .. } = &mut state.screen
        && is_asked_for(step, opened.class.id)
    {
        *step = tell::names_of(opened);
        return Vec::new();
    }
    if !is_opening(&state.screen, opened.class.id) {
        return Vec::new();
    }
    let agreement = content.agreement_for(opened.class.audience);
    let words = agreement.map(|place| content.digest(place));
    let today = content.day(state.now.wall);
    let counts = |signed: AgreementDigest, day| Some(signed) == words && content.counts(today, day);
    let mut pupils: Vec<Tile> = Vec::with_capacity(opened.class.pupils.len());
    for entry in opened.class.pupils {
        let told = entry.signed.iter().any(|s| counts(s.words, s.day));
        let mut here = opened.signed_here.iter().filter(|s| s.person == entry.person);
        let here = here.any(|s| counts(s.words, s.day));
        let who = Who { person: entry.person, name: entry.name, picture: entry.picture };
        let again = agreement.and_then(|agreement| {
            let before = opened.signed_here.iter().filter(|s| s.person == entry.person);
            let before =
                before.map(|s| (s.day, s.words)).chain(entry.signed.iter().map(|s| (s.day, s.words)));
            let known = before.filter_map(|(day, was)| Some((day, content.asked_again(agreement, was)?)));
            known.max_by_key(|(day, _)| *day).map(|(_, again)| again)
        });
        pupils.push(Tile { who, signed: told || here, again });
    }
    state.screen = Screen::ChooseName(ChooseName {
        class: opened.class.id,
        class_name: opened.class.name,
        audience: opened.class.audience,
        pupils,
        page: 0,
        record: opened.record,
    });
    Vec::new()
}

pub(super) fn class_unavailable(state: &mut State, class: ClassId) -> Vec<Effect> {
    if staff::class_unavailable(state, class) {
        return Vec::new();
    }
    match &mut state.screen {
        // Without a name, then: what was told must not be lost for it.
        Screen::Tell { step: step @ TellStep::Class { .. }, .. } if is_asked_for(step, class) => {
            *step = TellStep::Check;
        }
        screen if is_opening(screen, class) => *screen = Screen::AskTeacher,
        _ => {}
    }
    Vec::new()
}
