//! What a visitor can press.

use super::VisitorAt;
use crate::machine::{Action, Control, Draft, State, Word, family::reading, typing::keys};

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
