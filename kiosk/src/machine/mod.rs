//! The kiosk as a pure machine: `(state, event) -> (state, effects)`.
//!
//! It reads no clock, no disk and no random number: time comes in with [`Event::Tick`], what the
//! disk says with the other events, and what is to be done goes out as [`Effect`]s. Each screen
//! owns just the data of its own step, so that leaving it leaves nothing behind.

pub(crate) mod adults;
mod answer;
mod asking;
mod content;
mod controls;
mod event;
pub(crate) mod family;
mod languages;
mod mark;
mod scan;
mod screen;
mod settings;
pub(crate) mod staff;
mod step;
mod survey;
mod tell;
mod typing;
pub(crate) mod visitor;
mod voice;
mod words;

pub use adults::{AdultAt, AdultRound, GROUPS, OpenedAdults};
pub use answer::{Chosen, Found, LOOKS};
pub use asking::{Asking, Offered};
pub use content::{Content, LocalSigned, OpenedClass};
pub use controls::{Action, Control, controls};
pub use event::{Effect, Event, Millis, Now, Switch};
pub use family::{
    Ask, At, CodeEntry, Given, Item, Keeping, KeptDecision, Missing, OpenedFamily, Reading, Standing, Told,
    Visit, Wait, asks_more, pages, questions, reading,
};
pub(crate) use languages::is_right_to_left;
pub use languages::{Spoken, Tongue};
pub use mark::{Draft, Pen, Strokes};
pub use scan::BOUNCE;
pub use screen::{Again, ChooseName, Kept, Round, Screen, Tile, Who};
pub use settings::{End, Hours, Mode, NoHours, Pace, Scanning, Settings, SwitchKey, TextSize};
pub use staff::{
    AWAKE_FOR, DiskRoom, Figures, HELP_FOR, Line, NotAPin, PANEL_AFTER, PIN_GOOD, PIN_LEAST, PIN_MOST, Panel,
    PanelAction, PanelAt, PanelTold, Pin, PinEntry, PinTold, Signatures, StickTold, StickTrouble, StickWay,
    Touched, Undoing, WhyClass, lines_per_page,
};
pub use step::update;
pub use survey::{Answering, SurveyStep};
pub use tell::{Chance, TellStep, Telling};
pub use typing::{Key, KeySet, Typing, is_typed, keyboard};
pub use visitor::{VisitorAt, VisitorRound};
pub use voice::{Lit, PAUSE};
pub use words::{Word, Words};

use std::sync::Arc;

use jiff::tz::TimeZone;
use records::{
    agreement::{Audience, Scenario, Statement},
    day::Day,
    form::Form,
    ids::{ClassId, DeviceId},
    roster::ClassListing,
};

/// Asked “are you still there?” after so long without a sign of life, or later where somebody uses one switch
/// ([`State::ask_after`]). No child is hurried sooner.
pub const ASK_AFTER: Millis = 90_000;
/// Wiped after so long without a sign of life.
pub const WIPE_AFTER: Millis = 120_000;
/// The most tiles on one screen: a class of 30, without scrolling. Where they would be too small, or their words are
/// large, there are fewer, and pages ([`State::room`]).
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
    // The groups of grown-ups that the roster has.
    pub(crate) adults: Vec<Audience>,
    pub(crate) next_adults: Option<Vec<Audience>>,
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
    // What children are answered, as the hub last said it; in memory alone.
    pub(crate) answers: Option<answer::Held>,
    // Somebody has left the start screen, and the disk was not written for them yet.
    pub(crate) visited: bool,
    // How often somebody has called for a grown-up since the start.
    pub(crate) calls: u64,
    // Whether a staff PIN is set.
    pub(crate) pin: bool,
    pub(crate) pin_tries: u64,
    // How often a stick was asked for since the start.
    pub(crate) stick_tries: u64,
    // Until when no PIN is tried, measured like `Now::since_start`.
    pub(crate) pin_slowed_until: Millis,
    // Until when the next signature is taken as helped.
    pub(crate) help_until: Millis,
    // Staff woke it outside its hours.
    pub(crate) woken: bool,
    /// How much room the disk has.
    pub disk: DiskRoom,
    /// What was wrong when the kiosk began, in sentences for staff. They name nobody.
    pub notices: Vec<String>,
    // Whether it reads aloud, and what it is saying.
    pub(crate) speech: Option<voice::Speech>,
    // How many tiles have room on a page of the screen on show.
    pub(crate) room: usize,
    // Where the highlight is for whoever uses switches.
    pub(crate) scan: scan::Scan,
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
            adults: Vec::new(),
            next_adults: None,
            telling: false,
            next_telling: None,
            families: false,
            next_families: None,
            tongue: Tongue::Usual,
            slowed_until: 0,
            tries: 0,
            chance: None,
            answers: None,
            visited: false,
            calls: 0,
            pin: false,
            pin_tries: 0,
            stick_tries: 0,
            pin_slowed_until: 0,
            help_until: 0,
            woken: false,
            disk: DiskRoom::Enough,
            notices: Vec::new(),
            speech: None,
            room: TILES,
            scan: scan::Scan::default(),
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
                controls::statement_at(self.content.as_deref()?, self.tongue, round, *index)
            }
            _ => None,
        }
    }

    /// The story on the screen, if one is.
    pub fn story(&self) -> Option<&Scenario> {
        match &self.screen {
            Screen::Story { round, index, .. } => {
                controls::story_after(self.content.as_deref()?, self.tongue, round, *index)
            }
            _ => None,
        }
    }

    /// How many tiles a page of the screen on show has at the most.
    pub const fn room(&self) -> usize {
        self.room
    }

    /// When time alone next changes something, measured like [`Now::since_start`].
    pub fn next_deadline(&self) -> Option<Millis> {
        [self.next_question(), self.next_word(), self.next_step()].into_iter().flatten().min()
    }

    /// When time alone next changes the screen.
    fn next_question(&self) -> Option<Millis> {
        match self.screen {
            Screen::Home | Screen::NotReady => {
                let asked = self.ask_at();
                let woken = self.woken.then_some(self.touched + AWAKE_FOR);
                let left = self.hours_change_in()?;
                Some(woken.unwrap_or(0).max(asked).max(left))
            }
            Screen::Asleep => self.hours_change_in(),
            Screen::NoPin | Screen::TryingPin(_) | Screen::Panel(_) => Some(self.touched + PANEL_AFTER),
            Screen::Pin(_) => {
                let closes = self.touched + PANEL_AFTER;
                let told = self.pin_slowed_for().map(|left| self.now.since_start + Wait::changes_in(left));
                Some(told.map_or(closes, |told| told.min(closes)))
            }
            _ if self.waits_for_more() => Some(self.touched + self.wipe_after()),
            Screen::FamilyCode(_) => {
                let ask = self.ask_at();
                let told = self.slowed_for().map(|left| self.now.since_start + Wait::changes_in(left));
                Some(told.map_or(ask, |told| told.min(ask)))
            }
            _ => Some(self.ask_at()),
        }
    }

    /// Asked “are you still there?” after so long without a sign of life.
    pub const fn ask_after(&self) -> Millis {
        ASK_AFTER + self.settings.patience()
    }
    /// Wiped after so long without a sign of life.
    pub const fn wipe_after(&self) -> Millis {
        WIPE_AFTER + self.settings.patience()
    }
    const fn ask_at(&self) -> Millis {
        self.touched + self.ask_after()
    }

    /// Whether this screen asks nobody whether they are still there: it does so already, or waits for the disk.
    pub(crate) const fn waits_for_more(&self) -> bool {
        matches!(
            self.screen,
            Screen::StillThere { .. }
                | Screen::Saving { .. }
                | Screen::Adult(AdultAt::Saving(_))
                | Screen::Visitor(VisitorAt::Saving(_))
                | Screen::Tell { step: TellStep::Keeping, .. }
                | Screen::Survey { step: SurveyStep::Keeping, .. }
                | Screen::OpeningFamily(_)
                | Screen::Family { at: At::Saving(..), .. }
        )
    }

    /// What staff are to know of this kiosk, in sentences. They name nobody.
    pub fn told_to_staff(&self) -> Vec<String> {
        let words = self.words();
        let disk = match self.disk {
            DiskRoom::Enough => None,
            DiskRoom::Low => Some(Word::PanelDiskLow),
            DiskRoom::Stopped => Some(Word::PanelDiskStopped),
        };
        let over = self.content.as_deref().and_then(|content| {
            let (year, today) = (&content.pack.year, content.day(self.now.wall));
            let days = [("starts", year.starts), ("ends", year.ends), ("today", today)];
            let days = days.map(|(name, day)| (name, day.in_words()));
            let days: Vec<_> = days.iter().map(|(name, day)| (*name, day.as_str())).collect();
            (!year.holds(today)).then(|| words.fill(Word::PanelYearOver, &days))
        });
        let disk = disk.map(|word| words.get(word).to_owned());
        disk.into_iter().chain(over).chain(self.notices.iter().cloned()).collect()
    }

    /// For how long still no code is tried, where too many were wrong.
    pub fn slowed_for(&self) -> Option<Millis> {
        self.slowed_until.checked_sub(self.now.since_start).filter(|left| *left > 0)
    }

    /// For how long still no PIN is tried, where too many were wrong.
    pub fn pin_slowed_for(&self) -> Option<Millis> {
        self.pin_slowed_until.checked_sub(self.now.since_start).filter(|left| *left > 0)
    }

    /// Whether the next signature is taken as helped.
    pub const fn is_helping(&self) -> bool {
        self.now.since_start < self.help_until
    }

    /// Whether it is awake at this time of the day; always without hours, or without a pack that knows the school's day.
    pub fn is_within_hours(&self) -> bool {
        let hours = self.settings.hours.zip(self.content.as_ref());
        hours.is_none_or(|(hours, content)| hours.hold(content.minute(self.now.wall)))
    }

    /// When the hours next begin or end, measured like `Now::since_start`. A wall clock that is put right meanwhile is
    /// noticed within ten minutes.
    fn hours_change_in(&self) -> Option<Millis> {
        const LOOK_AGAIN: Millis = 600_000;
        let (hours, content) = self.settings.hours.zip(self.content.as_ref())?;
        let minute = u64::from(content.minute(self.now.wall));
        let day = 24 * 60;
        let until = |at: u16| (u64::from(at) + day - minute - 1) % day + 1;
        let minutes = until(hours.wakes()).min(until(hours.sleeps()));
        Some(self.now.since_start + (minutes * 60_000).min(LOOK_AGAIN))
    }

    /// The one class that signs here, where one was chosen and the roster has it.
    pub fn only_class(&self) -> Option<ClassId> {
        let Mode::Class(Some(class)) = self.settings.mode else { return None };
        self.all_classes().any(|c| c.id == class).then_some(class)
    }

    /// Whether families are asked something here: the pack asks, and the roster has families.
    pub fn asks_families(&self) -> bool {
        self.families && self.content.as_ref().is_some_and(|c| c.asks_families())
    }

    /// Whether a child can tell here: the pack asks, and somebody can read every report.
    pub fn can_tell(&self) -> bool {
        self.chance.is_some() && self.could_tell()
    }

    /// The same, once there is a [`Event::Chance`] for it.
    pub(crate) fn could_tell(&self) -> bool {
        self.telling && self.content.as_ref().is_some_and(|c| c.asks())
    }

    /// Whether somebody who tells may write too: where there are children who write.
    pub(crate) fn asks_for_words(&self) -> bool {
        self.classes_on_show().any(|class| class.audience == Audience::Ks2)
    }

    /// Whether what is begun next still needs [`Event::Chance`].
    pub const fn wants_chance(&self) -> bool {
        self.chance.is_none()
    }

    /// The classes that can sign here now, as [`Action::Class`] counts them on pupils' screens.
    pub fn classes_on_show(&self) -> impl Iterator<Item = &ClassListing> {
        let only = self.only_class();
        self.all_classes().filter(move |c| only.is_none_or(|only| c.id == only))
    }

    /// The classes whose agreement the pack has, as [`Action::Class`] counts them in the teacher's panel.
    pub fn all_classes(&self) -> impl Iterator<Item = &ClassListing> {
        let content = self.content.as_deref();
        self.classes.iter().filter(move |c| content.is_some_and(|k| k.agreement_for(c.audience).is_some()))
    }
}
