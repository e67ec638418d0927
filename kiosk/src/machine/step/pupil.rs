//! A pupil's round: their class, their name, each promise, the mark.

use records::{ids::ClassId, signature::Signature};

use super::super::{
    Action, ChooseName, Content, Draft, Effect, Kept, OpenedClass, Round, Screen, State, TellStep, Tile, Who,
    controls::statement_at, staff, tell,
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
        Action::Back => Screen::Statement { round, index: index - 1, more: false },
        Action::Yes if statement_at(content, &round, index + 1).is_some() => {
            Screen::Statement { round, index: index + 1, more: false }
        }
        Action::Yes => Screen::MakeMark { round, mark: Draft::Nothing, helped: state.is_helping() },
        _ => Screen::Statement { round, index, more },
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
            let last = content.agreement(round.agreement).statements().count().saturating_sub(1);
            return (Screen::Statement { round, index: last, more: false }, None);
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
        help: None,
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
    let words = content.agreement_for(opened.class.audience).map(|place| content.digest(place));
    let year = content.pack.year;
    let mut pupils: Vec<Tile> = Vec::with_capacity(opened.class.pupils.len());
    for entry in opened.class.pupils {
        let told = entry.signed.iter().any(|s| Some(s.words) == words && year.holds(s.day));
        let here = opened.signed_here.iter();
        let here =
            here.filter(|s| s.person == entry.person).any(|s| Some(s.words) == words && year.holds(s.day));
        let who = Who { person: entry.person, name: entry.name, picture: entry.picture };
        pupils.push(Tile { who, signed: told || here });
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
