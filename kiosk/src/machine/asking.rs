//! A question in pictures, as one child sees it: in telling and in surveys alike.

use records::{digest::Digest, ids::Slug};

use super::{Chance, Screen, State, TellStep};

/// A question on the screen.
pub struct Asking<'a> {
    /// The question.
    pub words: &'a str,
    /// The answers, in the order in which they are shown.
    pub offered: Vec<Offered<'a>>,
}

/// An answer on the screen.
pub struct Offered<'a> {
    /// Its words.
    pub words: &'a str,
    /// Its picture.
    pub symbol: &'a Slug,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// The places of so many answers in the order of one child. Each child sees another, so that no place means anything
/// and none is the first.
pub(super) fn mixed(chance: &Chance, question: u8, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mixed = [&chance[..], &[question]].concat();
    let mixed = Digest::of_kind("signpost order of answers 1", &mixed);
    for (at, random) in (1..order.len()).rev().zip(mixed.as_bytes()) {
        order.swap(at, usize::from(*random) % (at + 1));
    }
    order
}

impl State {
    /// The question on the screen, if one is.
    pub fn asking(&self) -> Option<Asking<'_>> {
        let Screen::Tell { telling, step: TellStep::Ask(place) } = &self.screen else {
            return self.survey_question();
        };
        let question = self.content.as_deref()?.pack.tell.as_ref()?.questions.get(*place)?;
        let answer = telling.answer(question).map(|choice| &choice.id);
        let offered = telling.shown(question).into_iter().map(|choice| Offered {
            words: &choice.words,
            symbol: &choice.symbol,
            chosen: answer == Some(&choice.id),
        });
        Some(Asking { words: &question.words, offered: offered.collect() })
    }
}
