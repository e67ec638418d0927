//! What a visitor can press.

use super::{Key, KeySet, Typing, VisitorAt, keyboard, keys::group};
use crate::machine::{Action, Control, Draft, State, Word, family::reading};

pub(in crate::machine) fn controls(state: &State, at: &VisitorAt, add: &mut impl FnMut(Control)) {
    let words = state.words();
    match at {
        VisitorAt::Saving(_) => {}
        VisitorAt::Kept(_) => add(Control::new(Action::Finish, words.get(Word::VisitorFinish)).main()),
        VisitorAt::Read { round, page } => {
            let text = state.settings.text;
            let agreement = |c: &crate::machine::Content| {
                reading(c.agreement_in(state.tongue, round.agreement), text).len()
            };
            let pages = state.content.as_deref().map_or(1, agreement);
            let word = if page + 1 < pages { Word::FamilyNext } else { Word::ReadSign };
            add(Control::new(Action::Continue, words.get(word)).main());
        }
        VisitorAt::Name(round) => {
            keys(state, &round.name, add);
            if round.name.written().is_some() {
                add(Control::new(Action::Continue, words.get(Word::FamilyNext)).main());
            }
        }
        VisitorAt::About(round) => {
            keys(state, &round.about, add);
            if round.about.written().is_some() {
                add(Control::new(Action::Continue, words.get(Word::FamilyNext)).main());
            } else {
                add(Control::new(Action::Skip, words.get(Word::QuestionSkip)).main());
            }
        }
        VisitorAt::Sign { mark, .. } => {
            let tick = matches!(mark, Draft::Sticker(_));
            add(Control::new(Action::Sticker(0), words.get(Word::VisitorAgree)).selected(tick));
            if mark.is_mark() {
                add(Control::new(Action::RubOut, words.get(Word::MarkRubOut)));
                add(Control::new(Action::Done, words.get(Word::VisitorSign)).main());
            }
        }
        VisitorAt::NotSaved(_) => add(Control::new(Action::TryAgain, words.get(Word::NotSavedAgain)).main()),
    }
}

fn keys(state: &State, typing: &Typing, add: &mut impl FnMut(Control)) {
    let words = state.words();
    for key in keyboard(typing.keys).into_iter().flatten() {
        let label = match key {
            Key::Letter(letter) => typing.shown(letter).to_string(),
            Key::Group(place) => {
                let letters: Vec<String> =
                    group(place).chars().map(|l| typing.shown(l).to_string()).collect();
                letters.join(" ")
            }
            Key::Capital => words.get(Word::KeysCapital).to_owned(),
            Key::Space => words.get(Word::KeysSpace).to_owned(),
            Key::RubOut => words.get(Word::CodeRubOut).to_owned(),
            Key::Set(KeySet::Accents) => words.get(Word::KeysAccents).to_owned(),
            Key::Set(KeySet::MoreAccents) => words.get(Word::KeysMoreAccents).to_owned(),
            Key::Set(KeySet::Signs) => words.get(Word::KeysSigns).to_owned(),
            Key::Set(_) => words.get(Word::KeysLetters).to_owned(),
        };
        let mut control = Control::new(Action::Key(key), label);
        if key == Key::Capital {
            control = control.selected(typing.is_capital());
        }
        add(control);
    }
}
