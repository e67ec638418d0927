//! The way back: the four pictures at the end of a round, and the answer that they lead to.
//!
//! Everybody who is thanked is shown four pictures, whatever the round was, so that to have seen some shows nothing.
//! Those of somebody who told something are the receipt in the report; all others lead nowhere.

use std::{fmt, sync::Arc};

use records::{
    agreement::Audience,
    answer::{AnswerSheet, SentenceName},
    receipt::{LENGTH, Picture, Receipt},
    tell::Tell,
};
use zeroize::Zeroizing;

use super::{Chance, Millis, Screen, State};

/// How often pictures may be tried in one visit.
pub const LOOKS: u8 = 5;

const DAY: Millis = 24 * 60 * 60 * 1000;
/// For so long answers are shown without news from the hub: two days. What was taken back meanwhile is not told for weeks
/// by a kiosk whose cable is out.
const FRESH_BY_WIRE: Millis = 2 * DAY;
/// And without a newer stick: a stick goes round once a week.
const FRESH_BY_STICK: Millis = 8 * DAY;

/// What the hub said of answers, and for how long that is told.
#[derive(Clone)]
pub(crate) struct Held {
    sheet: Arc<AnswerSheet>,
    /// When the hub said so, since the start: before it, where a stick was long on its way.
    said: i64,
    until: Millis,
}

/// Says only that there is something.
impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held(hidden)")
    }
}

impl Held {
    pub(super) fn by_wire(sheet: Arc<AnswerSheet>, now: Millis) -> Self {
        Self { sheet, said: signed(now), until: now.saturating_add(FRESH_BY_WIRE) }
    }
    /// What the hub said `age` ago.
    pub(super) fn by_stick(sheet: Arc<AnswerSheet>, age: Millis, now: Millis) -> Self {
        let left = FRESH_BY_STICK.saturating_sub(age);
        Self { sheet, said: signed(now).saturating_sub(signed(age)), until: now.saturating_add(left) }
    }
    /// Whether the hub said this before it said the other.
    pub(super) const fn is_older_than(&self, other: &Self) -> bool {
        self.said < other.said
    }
}

fn signed(millis: Millis) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

/// The pictures that somebody has chosen so far, overwritten in memory when they are let go.
#[derive(Clone)]
pub struct Chosen(Zeroizing<Vec<u8>>);

impl Default for Chosen {
    fn default() -> Self {
        // One that grew by moving would leave its old bytes behind.
        Self(Zeroizing::new(Vec::with_capacity(LENGTH)))
    }
}

/// Says only that there are some.
impl fmt::Debug for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chosen(hidden)")
    }
}

impl Chosen {
    /// In the order in which they were chosen.
    pub fn pictures(&self) -> Vec<Picture> {
        self.0.iter().filter_map(|place| Picture::ALL.get(usize::from(*place)).copied()).collect()
    }
    /// Whether this one is among them.
    pub fn holds(&self, picture: Picture) -> bool {
        self.0.contains(&(picture as u8))
    }
    /// Whether there are none yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Takes one more; gives back the receipt once it is whole.
    pub(super) fn take(&mut self, picture: Picture) -> Option<Receipt> {
        if self.0.len() < LENGTH && !self.holds(picture) {
            self.0.push(picture as u8);
        }
        Receipt::of(&self.pictures())
    }
    pub(super) fn take_back(&mut self) {
        if let Some(last) = self.0.last_mut() {
            *last = 0;
        }
        self.0.pop();
    }
}

/// What pictures led to: a sentence of the school's, by its place in the pack, or nothing.
#[derive(Clone)]
pub struct Found(pub(super) Option<u8>);

/// Says only that somebody looked.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Found(hidden)")
    }
}

impl Found {
    /// The sentence; none where there is no answer yet.
    pub fn sentence<'t>(&self, tell: &'t Tell) -> Option<&'t str> {
        tell.answers.get(usize::from(self.0?)).map(|answer| answer.words.as_str())
    }
}

/// What these pictures lead to. It takes the same way whether or not there is an answer.
pub(super) fn look(state: &State, tell: &Tell, receipt: &Receipt) -> Found {
    let held = state.answers.as_ref().filter(|held| state.now.since_start < held.until);
    let name = held.map_or(SentenceName::NONE, |held| held.sheet.look(receipt));
    let place = tell.answers.iter().position(|answer| SentenceName::of(&answer.id) == name);
    Found(place.and_then(|place| u8::try_from(place).ok()))
}

impl State {
    /// Whether children here are shown pictures at the end and can come back with them: the school answers, somebody
    /// could read what is told, and there are children here who can keep four pictures in mind.
    pub fn answers_here(&self) -> bool {
        let answers =
            |content: &super::Content| content.pack.tell.as_ref().is_some_and(|t| !t.answers.is_empty());
        self.telling
            && self.content.as_deref().is_some_and(answers)
            && self.classes_on_show().any(|class| class.audience == Audience::Ks2)
    }
}

/// The end of a round, over the pictures where children get some. `told` is the chance of what was told in it; whoever
/// told nothing is shown others that lead nowhere.
pub(super) fn thank(state: &mut State, next: Screen, told: Option<Chance>) {
    // Taken also where it is not needed: whoever told has no fewer random bytes asked for.
    let other = if state.answers_here() { state.chance.take() } else { None };
    let chance = if state.answers_here() { told.or(other) } else { None };
    state.screen = match chance {
        Some(chance) => Screen::Pictures { receipt: Receipt::drawn(&chance), next: Box::new(next) },
        None => next,
    };
    state.touched = state.now.since_start;
}
