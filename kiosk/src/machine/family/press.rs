//! What a press on a family's screens leads to.

use records::{
    agreement::Agreement,
    consent::Answer,
    ids::{RecordId, Slug},
};

use super::{
    asked::{Ask, Item, Missing, choice_id, questions},
    controls::intro,
    kept::Keeping,
    visit::{At, Stamp, Visit, form},
};
use crate::machine::{Action, Content, Draft, Effect, Screen, State, TextSize, Tongue};

/// Where a press leads, and what is to be done.
pub(in crate::machine) struct Next {
    pub(in crate::machine) visit: Box<Visit>,
    pub(in crate::machine) at: At,
    pub(in crate::machine) effect: Option<Effect>,
}

/// The step into a form: at its beginning if it is new, in its middle if it was begun, else at its summary.
fn enter(visit: &Visit, content: &Content, state: &State, ask: Ask) -> At {
    let Some(form) = form(content, ask) else { return At::List { page: 0 } };
    let given = visit.given(content, content.day(state.now.wall), ask);
    match given.missing(form) {
        Some(Missing::Use(0)) => At::Intro { ask, page: 0 },
        Some(Missing::Use(index)) => At::Use { ask, index, mending: false },
        _ => At::Check { ask, page: 0 },
    }
}

fn open(visit: &Visit, content: &Content, state: &State, item: Option<&Item>) -> At {
    match item {
        Some(Item::Form(ask)) => enter(visit, content, state, *ask),
        Some(Item::Agreement(agreement)) => At::Read { agreement: *agreement, page: 0 },
        None => At::List { page: 0 },
    }
}

/// The first thing that is still to be answered.
fn next_open(visit: &Visit, content: &Content, state: &State) -> Option<Item> {
    let today = content.day(state.now.wall);
    visit.items(content).into_iter().find(|item| visit.standing(content, today, *item).is_open())
}

pub(in crate::machine) fn press(
    mut visit: Box<Visit>,
    at: At,
    action: Action,
    content: &Content,
    state: &mut State,
) -> Next {
    let mut effect = None;
    visit.reads(content, state.tongue, &at);
    let at = match (at, action) {
        (At::Who, Action::GrownUp(place)) if visit.is_here(place) => {
            // In the language that the school's list has for them, unless somebody chose another.
            let theirs = || content.tongue_of(visit.grown_up()?.language.as_ref()?);
            if matches!(state.tongue, Tongue::Usual | Tongue::Begun(_)) {
                state.tongue = theirs().unwrap_or(state.tongue);
            }
            At::List { page: 0 }
        }
        (At::Who, Action::NotMe) => At::NotMe,
        (At::NotMe, Action::Back) => At::Who,
        (At::List { .. }, Action::Back) => At::Who,
        (At::List { .. }, Action::Item(place)) => {
            let items = visit.items(content);
            open(&visit, content, state, items.get(place))
        }
        (At::List { .. } | At::Kept { .. }, Action::Continue) => {
            let next = next_open(&visit, content, state);
            open(&visit, content, state, next.as_ref())
        }
        (At::Kept { .. }, Action::Back) => At::List { page: 0 },
        (at, Action::NextPage) => turn(at, true),
        (at, Action::PreviousPage) => turn(at, false),
        (at @ At::Saving(..), _) => at,
        (At::NotSaved(item, keeping), Action::TryAgain) => {
            effect = Some(Effect::Keep(keeping.clone()));
            At::Saving(item, keeping)
        }
        (at @ (At::Read { .. } | At::Sign { .. }), action) => {
            press_agreement(&visit, at, action, content, state, &mut effect)
        }
        (at, action) => press_form(&mut visit, at, action, content, state, &mut effect),
    };
    Next { visit, at, effect }
}

/// Where to go on in other words: they may have other pages, so reading begins again.
pub(in crate::machine) fn in_another_language(screen: Screen) -> Screen {
    match screen {
        Screen::Family { visit, at: At::Intro { ask, .. } } => {
            Screen::Family { visit, at: At::Intro { ask, page: 0 } }
        }
        Screen::Family { visit, at: At::Read { agreement, .. } } => {
            Screen::Family { visit, at: At::Read { agreement, page: 0 } }
        }
        screen => screen,
    }
}

fn turn(mut at: At, on: bool) -> At {
    if let At::List { page } | At::Check { page, .. } = &mut at {
        *page = if on { *page + 1 } else { page.saturating_sub(1) };
    }
    at
}

fn press_form(
    visit: &mut Visit,
    at: At,
    action: Action,
    content: &Content,
    state: &mut State,
    effect: &mut Option<Effect>,
) -> At {
    let today = content.day(state.now.wall);
    let (At::Intro { ask, .. }
    | At::Use { ask, .. }
    | At::Question { ask, .. }
    | At::TakeBack(ask)
    | At::Check { ask, .. }) = at
    else {
        return at;
    };
    let Some(form) = form(content, ask) else { return At::List { page: 0 } };
    let asked = questions(form);
    let check = At::Check { ask, page: 0 };
    let last_page = intro(content, state.tongue, state.settings.text, ask).len().saturating_sub(1);
    let use_at = |index| At::Use { ask, index, mending: false };
    let question_at = |index| At::Question { ask, index, mending: false };
    let after_use = |index: usize| match (index + 1 < form.purposes.len(), asked.is_empty()) {
        (true, _) => use_at(index + 1),
        (false, false) => question_at(0),
        (false, true) => At::TakeBack(ask),
    };
    let after_question = |index: usize| match index + 1 < asked.len() {
        true => question_at(index + 1),
        false => At::TakeBack(ask),
    };
    let last_use = || use_at(form.purposes.len().saturating_sub(1));
    match (at, action) {
        (At::Intro { page: 0, .. }, Action::Back) => At::List { page: 0 },
        (At::Intro { page, .. }, Action::Back) => At::Intro { ask, page: page - 1 },
        (At::Intro { page, .. }, Action::Continue) if page < last_page => At::Intro { ask, page: page + 1 },
        (At::Intro { .. }, Action::Continue) => use_at(0),
        (At::Use { mending: true, .. } | At::Question { mending: true, .. }, Action::Back) => check,
        (At::Use { index: 0, .. }, Action::Back) => At::Intro { ask, page: last_page },
        (At::Use { index, .. }, Action::Back) => use_at(index - 1),
        (At::Use { index, mending, .. }, Action::Yes | Action::No) => {
            let mut given = visit.given(content, today, ask);
            given.set(index, if action == Action::Yes { Answer::Yes } else { Answer::No });
            visit.give(ask, given);
            if mending { check } else { after_use(index) }
        }
        (At::Question { index: 0, .. }, Action::Back) => last_use(),
        (At::Question { index, .. }, Action::Back) => question_at(index - 1),
        (At::Question { index, mending, .. }, Action::Answer(_) | Action::Skip) => {
            let chosen: Option<Slug> = match action {
                Action::Answer(place) => asked.get(index).and_then(|question| choice_id(question, place)),
                _ => None,
            };
            let mut given = visit.given(content, today, ask);
            given.choose(index, chosen);
            visit.give(ask, given);
            if mending { check } else { after_question(index) }
        }
        (At::TakeBack(_), Action::Back) if asked.is_empty() => last_use(),
        (At::TakeBack(_), Action::Back) => question_at(asked.len() - 1),
        (At::TakeBack(_), Action::Continue) => check,
        (At::Check { .. }, Action::Back) => {
            // What differs from what stands is kept for this visit; what does not, was only looked at.
            if !visit.has_changed(content, today, ask) {
                visit.done_with(ask);
            }
            At::List { page: 0 }
        }
        (At::Check { .. }, Action::Change(line)) => match line.checked_sub(form.purposes.len()) {
            None => At::Use { ask, index: line, mending: true },
            Some(index) => At::Question { ask, index, mending: true },
        },
        (At::Check { .. }, Action::Continue) => match visit.given(content, today, ask).missing(form) {
            Some(Missing::Use(index)) => At::Use { ask, index, mending: true },
            Some(Missing::Question(index)) => At::Question { ask, index, mending: true },
            None => check,
        },
        (at @ At::Check { .. }, Action::Helped) => {
            let mut given = visit.given(content, today, ask);
            given.helped = !given.helped;
            visit.give(ask, given);
            at
        }
        (At::Check { .. }, Action::Keep) => {
            let decided = stamp(state).and_then(|stamp| visit.decide(content, ask, stamp));
            keep(Item::Form(ask), decided, check, effect)
        }
        (at, _) => at,
    }
}

/// The id of the next record, once.
fn stamp(state: &mut State) -> Option<Stamp> {
    let id = RecordId::from_bytes(state.chance.take()?);
    Some(Stamp { id, now: state.now, device: state.device })
}

fn keep(item: Item, keeping: Option<Keeping>, otherwise: At, effect: &mut Option<Effect>) -> At {
    let Some(keeping) = keeping.map(Box::new) else { return otherwise };
    *effect = Some(Effect::Keep(keeping.clone()));
    At::Saving(item, keeping)
}

fn press_agreement(
    visit: &Visit,
    at: At,
    action: Action,
    content: &Content,
    state: &mut State,
    effect: &mut Option<Effect>,
) -> At {
    match (at, action) {
        (At::Read { page: 0, .. }, Action::Back) => At::List { page: 0 },
        (At::Read { agreement, page }, Action::Back) => At::Read { agreement, page: page - 1 },
        (At::Read { agreement, page }, Action::Continue) => {
            if page + 1 < reading(content.agreement_in(state.tongue, agreement), state.settings.text).len() {
                At::Read { agreement, page: page + 1 }
            } else {
                At::Sign { agreement, mark: Draft::Nothing, helped: false }
            }
        }
        (At::Sign { agreement, .. }, Action::Back) => At::Read {
            agreement,
            page: reading(content.agreement_in(state.tongue, agreement), state.settings.text)
                .len()
                .saturating_sub(1),
        },
        (At::Sign { agreement, helped, .. }, Action::Sticker(place)) => {
            match content.pack.stickers.get(place) {
                Some(symbol) => At::Sign { agreement, mark: Draft::Sticker(symbol.clone()), helped },
                None => At::Sign { agreement, mark: Draft::Nothing, helped },
            }
        }
        (At::Sign { agreement, helped, .. }, Action::RubOut) => {
            At::Sign { agreement, mark: Draft::Nothing, helped }
        }
        (At::Sign { agreement, mark, helped }, Action::Helped) => {
            At::Sign { agreement, mark, helped: !helped }
        }
        (At::Sign { agreement, mark, helped }, Action::Done) if mark.is_mark() => {
            let signed = stamp(state).and_then(|stamp| visit.sign(content, agreement, &mark, helped, stamp));
            keep(Item::Agreement(agreement), signed, At::Sign { agreement, mark, helped }, effect)
        }
        (at, _) => at,
    }
}

/// What stands on one page of an agreement that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The title and the introduction.
    Introduction,
    /// Statements of a group, by their places.
    Statements {
        /// The group.
        group: usize,
        /// The first statement.
        from: usize,
        /// The statement after the last.
        to: usize,
    },
}

/// About how many characters of statements stand on a page.
const STATEMENTS_PAGE: usize = 900;

/// An agreement in pages: its introduction, then the statements of each group with all that is told of them.
pub fn reading(agreement: &Agreement, text: TextSize) -> Vec<Reading> {
    let mut pages = vec![Reading::Introduction];
    for (group, one) in agreement.groups.iter().enumerate() {
        let (mut from, mut long) = (0, 0);
        for (at, statement) in one.statements.iter().enumerate() {
            let size = statement.words.len() + statement.more.iter().map(String::len).sum::<usize>();
            if at > from && long + size > text.letters(STATEMENTS_PAGE) {
                pages.push(Reading::Statements { group, from, to: at });
                (from, long) = (at, 0);
            }
            long += size;
        }
        if from < one.statements.len() {
            pages.push(Reading::Statements { group, from, to: one.statements.len() });
        }
    }
    pages
}

/// The disk's word on a record.
pub(in crate::machine) fn saved(visit: &mut Visit, at: &mut At, record: RecordId, is_saved: bool) -> bool {
    let At::Saving(item, keeping) = at else { return false };
    if keeping.kept.id() != record {
        return false;
    }
    let item = *item;
    if !is_saved {
        *at = At::NotSaved(item, keeping.clone());
        return false;
    }
    visit.remember(keeping.kept.clone());
    if let Item::Form(ask) = item {
        visit.done_with(ask);
    }
    *at = At::Kept { item, reference: reference(record) };
    true
}

/// What a person may write down: the beginning of the record's id, in two groups.
fn reference(record: RecordId) -> String {
    let id = record.to_string().to_uppercase();
    format!("{} {}", &id[..4], &id[4..8])
}
