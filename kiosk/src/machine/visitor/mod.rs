//! Visitors, users of the hall and users of the guests' wifi, at the entrance: the whole text, then who they are, in
//! letters that they type, and a mark. They are on no list, and no list of those before them is ever shown.

mod controls;
mod press;

pub(super) use controls::controls;
pub(super) use press::{begin, in_another_language, press, saved};

use records::{
    agreement::Audience,
    signature::HelpText,
    visitor::{AT_THE_ENTRANCE, VisitorSignature},
};

use super::{Draft, Mode, State, Typing, Word};

/// A visitor's signature in the making.
#[derive(Debug, Clone)]
pub struct VisitorRound {
    /// The place of the agreement in the pack.
    pub agreement: usize,
    /// As what.
    pub audience: Audience,
    /// Their name, as far as it is typed.
    pub name: Typing,
    /// Whom they came to see or where they are from, as far as it is typed.
    pub about: Typing,
    // The translation in which it was last read.
    read_in: Option<HelpText>,
}

/// Where a visitor is.
#[derive(Debug, Clone)]
pub enum VisitorAt {
    /// The whole text, a page at a time.
    Read {
        /// What is known of them.
        round: Box<VisitorRound>,
        /// Which page.
        page: usize,
    },
    /// “What is your name?”
    Name(Box<VisitorRound>),
    /// “Who are you here to see, or where are you from?”
    About(Box<VisitorRound>),
    /// The mark.
    Sign {
        /// What is known of them.
        round: Box<VisitorRound>,
        /// The mark so far.
        mark: Draft,
    },
    /// On its way to the disk.
    Saving(Box<VisitorSignature>),
    /// The disk did not take it: it can be tried again.
    NotSaved(Box<VisitorSignature>),
    /// It is on the disk. Whose it was is already forgotten.
    Kept(Audience),
}

impl VisitorAt {
    /// A name for journeys. It says nothing about a person.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Read { .. } => "visitor-read",
            Self::Name(_) => "visitor-name",
            Self::About(_) => "visitor-about",
            Self::Sign { .. } => "visitor-sign",
            Self::Saving(_) => "visitor-saving",
            Self::NotSaved(_) => "visitor-not-saved",
            Self::Kept(_) => "visitor-kept",
        }
    }
    /// Which of several screens of one name this is. Other keys are no other screen: whoever types is not begun with
    /// anew.
    pub(crate) const fn part(&self) -> usize {
        match self {
            Self::Read { page, .. } => *page,
            _ => 0,
        }
    }
    /// What is being typed, if anything is.
    pub fn typing(&self) -> Option<&Typing> {
        match self {
            Self::Name(round) => Some(&round.name),
            Self::About(round) => Some(&round.about),
            _ => None,
        }
    }
}

/// The agreements that somebody who is on no list can sign here: those that the pack has, where this is the entrance.
pub(super) fn groups(state: &State) -> impl Iterator<Item = Audience> {
    let content = state.content.as_deref().filter(|_| state.settings.mode == Mode::Entrance);
    AT_THE_ENTRANCE
        .into_iter()
        .filter(move |audience| content.is_some_and(|content| content.agreement_for(*audience).is_some()))
}

/// What each of them is called on the start screen.
pub(super) const fn name(group: Audience) -> Word {
    match group {
        Audience::Community => Word::VisitorCommunity,
        Audience::Guest => Word::VisitorGuest,
        _ => Word::VisitorVisiting,
    }
}

/// What is asked beside the name.
pub(crate) const fn asked(group: Audience) -> Word {
    match group {
        Audience::Community => Word::VisitorAboutCommunity,
        Audience::Guest => Word::VisitorAboutGuest,
        _ => Word::VisitorAboutVisiting,
    }
}

/// What is said once it is kept.
pub(crate) const fn thanks(group: Audience) -> Word {
    match group {
        Audience::Community => Word::VisitorKeptCommunity,
        Audience::Guest => Word::VisitorKeptGuest,
        _ => Word::VisitorKeptVisiting,
    }
}
