//! The kiosk as a pure machine: `(state, event) -> (state, effects)`.
//!
//! It reads no clock, no disk and no random number: time comes in with [`Event::Tick`], what the
//! disk says with the other events, and what is to be done goes out as [`Effect`]s. Each screen
//! owns just the data of its own step, so that leaving it leaves nothing behind.

mod content;
mod controls;
mod event;
pub(crate) mod family;
mod languages;
mod mark;
mod screen;
mod settings;
mod step;
mod tell;
mod words;

pub use content::{Content, LocalSigned, OpenedClass};
pub use controls::{Action, Control, controls};
pub use event::{Effect, Event, Millis, Now};
pub use family::{
    Ask, At, CodeEntry, Given, Item, Keeping, KeptDecision, Missing, OpenedFamily, Reading, Standing, Told,
    Visit, Wait, asks_more, pages, questions, reading,
};
pub(crate) use languages::is_right_to_left;
pub use languages::{Spoken, Tongue};
pub use mark::{Draft, Pen, Strokes};
pub use screen::{ChooseName, Kept, Round, Screen, Tile, Who};
pub use settings::{End, Hours, Mode, NoHours, Settings, TextSize};
pub use step::update;
pub use tell::{Chance, TellStep, Telling};
pub use words::{Word, Words};

use std::sync::Arc;

use jiff::tz::TimeZone;
use records::{
    agreement::Statement, day::Day, form::Form, ids::DeviceId, roster::ClassListing, tell::TellQuestion,
};

/// Asked “are you still there?” after so long without a sign of life. No child is hurried sooner.
pub const ASK_AFTER: Millis = 90_000;
/// Wiped after so long without a sign of life.
pub const WIPE_AFTER: Millis = 120_000;
/// The most tiles on one screen: a class of 30, without scrolling.
pub const TILES: usize = 30;

/// Everything that the kiosk's front knows.
#[derive(Debug, Clone)]
pub struct State {
    /// The words and pictures on show, once there are some.
    pub content: Option<Arc<Content>>,
    /// The classes that may be chosen: their names, no pupils.
    pub classes: Vec<ClassListing>,
    /// What is on the screen.
    pub screen: Screen,
    /// What was chosen in the teacher's panel.
    pub settings: Settings,
    /// The last moment that was told.
    pub now: Now,
    pub(crate) touched: Millis,
    pub(crate) next_content: Option<Arc<Content>>,
    pub(crate) next_classes: Option<Vec<ClassListing>>,
    pub(crate) telling: bool,
    pub(crate) next_telling: Option<bool>,
    pub(crate) families: bool,
    pub(crate) next_families: Option<bool>,
    // Back to the usual one at the start: the next person's words are not the last one's.
    pub(crate) tongue: Tongue,
    // Until when no code is tried, measured like `Now::since_start`.
    pub(crate) slowed_until: Millis,
    pub(crate) tries: u64,
    pub(crate) chance: Option<Chance>,
    // Somebody has left the start screen, and the disk was not written for them yet.
    pub(crate) visited: bool,
    // How often somebody has called for a grown-up since the start.
    pub(crate) calls: u64,
    pub(crate) device: DeviceId,
    pub(crate) no_words: Words,
}

impl State {
    /// A kiosk that has nothing to show yet.
    pub fn new(device: DeviceId, now: Now) -> Self {
        Self {
            content: None,
            classes: Vec::new(),
            screen: Screen::NotReady,
            settings: Settings::default(),
            now,
            touched: now.since_start,
            next_content: None,
            next_classes: None,
            telling: false,
            next_telling: None,
            families: false,
            next_families: None,
            tongue: Tongue::Usual,
            slowed_until: 0,
            tries: 0,
            chance: None,
            visited: false,
            calls: 0,
            device,
            no_words: Words::shipped(),
        }
    }

    /// The sentences of the screens, in the language that was chosen: the pack's where it has them, else those
    /// shipped.
    pub fn words(&self) -> &Words {
        let content = self.content.as_ref();
        content.map_or(&self.no_words, |c| c.spoken(self.tongue).map_or(&c.words, |spoken| &spoken.words))
    }

    /// The language on the screen, if it is not English.
    pub fn spoken(&self) -> Option<&Spoken> {
        self.content.as_ref()?.spoken(self.tongue)
    }

    /// The words of a form that families are asked, in the language that was chosen.
    pub fn form(&self, ask: Ask) -> Option<&Form> {
        self.content.as_ref()?.form_in(self.tongue, ask.form)
    }

    /// The school's calendar day.
    /// Before there is a pack it is the day in Greenwich.
    pub fn today(&self) -> Day {
        let zone = self.content.as_ref().map(|content| content.day(self.now.wall));
        zone.unwrap_or_else(|| content::day_in(&TimeZone::UTC, self.now.wall))
    }

    /// What is shown, once there is a pack.
    pub fn shown(&self) -> Option<&Arc<Content>> {
        self.content.as_ref()
    }

    /// The promise on the screen, if one is.
    pub fn statement(&self) -> Option<&Statement> {
        match &self.screen {
            Screen::Statement { round, index, .. } => {
                controls::statement_at(self.content.as_deref()?, round, *index)
            }
            _ => None,
        }
    }

    /// When time alone next changes something, measured like [`Now::since_start`].
    pub fn next_deadline(&self) -> Option<Millis> {
        match self.screen {
            Screen::Home | Screen::NotReady => None,
            _ if self.waits_for_more() => Some(self.touched + WIPE_AFTER),
            Screen::FamilyCode(_) => {
                let ask = self.touched + ASK_AFTER;
                let told = self.slowed_for().map(|left| self.now.since_start + Wait::changes_in(left));
                Some(told.map_or(ask, |told| told.min(ask)))
            }
            _ => Some(self.touched + ASK_AFTER),
        }
    }

    /// Whether this screen asks nobody whether they are still there: it does so already, or waits for the disk.
    pub(crate) const fn waits_for_more(&self) -> bool {
        matches!(
            self.screen,
            Screen::StillThere { .. }
                | Screen::Saving { .. }
                | Screen::Tell { step: TellStep::Keeping, .. }
                | Screen::OpeningFamily(_)
                | Screen::Family { at: At::Saving(..), .. }
        )
    }

    /// For how long still no code is tried, where too many were wrong.
    pub fn slowed_for(&self) -> Option<Millis> {
        self.slowed_until.checked_sub(self.now.since_start).filter(|left| *left > 0)
    }

    /// Whether families are asked something here: the pack asks, and the roster has families.
    pub fn asks_families(&self) -> bool {
        self.families && self.content.as_ref().is_some_and(|c| c.asks_families())
    }

    /// Whether a child can tell here: the pack asks, and somebody can read every report.
    pub fn can_tell(&self) -> bool {
        self.telling && self.chance.is_some() && self.content.as_ref().is_some_and(|c| c.asks())
    }

    /// Whether what is begun next still needs [`Event::Chance`].
    pub const fn wants_chance(&self) -> bool {
        self.chance.is_none()
    }

    /// The question on the screen, if one is, with what was told so far.
    pub fn question(&self) -> Option<(&Telling, &TellQuestion)> {
        match &self.screen {
            Screen::Tell { telling, step: TellStep::Ask(place) } => {
                let tell = self.content.as_deref()?.pack.tell.as_ref()?;
                Some((telling, tell.questions.get(*place)?))
            }
            _ => None,
        }
    }

    /// The classes whose agreement the pack has, as [`Action::Class`] counts them.
    pub fn classes_on_show(&self) -> impl Iterator<Item = &ClassListing> {
        let content = self.content.as_deref();
        self.classes.iter().filter(move |c| content.is_some_and(|k| k.agreement_for(c.audience).is_some()))
    }
}
