//! What a kiosk is for, and how it looks and sounds: chosen in the teacher's panel, kept over restarts.

use records::{ids::ClassId, language::Language};
use serde::{Deserialize, Serialize};

use super::Millis;

/// What a kiosk is for now. Asleep is none of these: every one of them rests outside its [`Hours`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Pupils of every class, and parents: as long as nobody has chosen.
    #[default]
    Everybody,
    /// Pupils alone, and where a class is named, that class's alone.
    Class(Option<ClassId>),
    /// Parents alone: no pupil's name can be reached.
    OpenEvening,
    /// Staff and governors alone, in the staff room.
    StaffRoom,
    /// Visitors, users of the hall and of the guests' wifi, who are on no list; staff and governors too.
    Entrance,
}

impl Mode {
    /// Whether pupils find their names here.
    pub const fn has_pupils(self) -> bool {
        matches!(self, Self::Everybody | Self::Class(_))
    }
    /// Whether parents and carers are asked here.
    pub const fn has_parents(self) -> bool {
        matches!(self, Self::Everybody | Self::OpenEvening)
    }
    /// Whether staff and governors find their names here.
    pub const fn has_adults(self) -> bool {
        matches!(self, Self::StaffRoom | Self::Entrance)
    }
}

/// How large text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum TextSize {
    /// As it was drawn.
    #[default]
    #[serde(rename = "100%")]
    Plain,
    /// A quarter larger.
    #[serde(rename = "125%")]
    Larger,
    /// Half as large again.
    #[serde(rename = "150%")]
    Large,
    /// Twice as large.
    #[serde(rename = "200%")]
    Double,
}

impl TextSize {
    /// All of them, from the smallest.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Larger, Self::Large, Self::Double];

    /// By how much text is larger than drawn, in hundredths: 100 to 200.
    pub const fn percent(self) -> u16 {
        match self {
            Self::Plain => 100,
            Self::Larger => 125,
            Self::Large => 150,
            Self::Double => 200,
        }
    }
    /// By how much text is larger than drawn: 1 to 2.
    pub fn scale(self) -> f32 {
        f32::from(self.percent()) / 100.0
    }
    /// Of so many lines that fit as they were drawn, how many still do: each is higher, and its words take more lines.
    pub const fn lines(self, of: usize) -> usize {
        let eighths = match self {
            Self::Plain => 8,
            Self::Larger => 6,
            Self::Large => 4,
            Self::Double => 3,
        };
        let lines = of * eighths / 8;
        if lines == 0 { 1 } else { lines }
    }
    /// Of so many letters that fit a page as they were drawn, how many still do: each is wider and higher.
    pub fn letters(self, of: usize) -> usize {
        let percent = usize::from(self.percent());
        of * 100 * 100 / (percent * percent)
    }
    /// The one after it; after the largest the smallest.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Plain => Self::Larger,
            Self::Larger => Self::Large,
            Self::Large => Self::Double,
            Self::Double => Self::Plain,
        }
    }
}

/// Whether a highlight walks through what can be pressed, for whoever presses switches instead of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scanning {
    /// It does not.
    #[default]
    Off,
    /// It walks by itself, and the one switch chooses.
    OneSwitch,
    /// One switch walks, the other chooses.
    TwoSwitches,
}

impl Scanning {
    /// The one after it; after the last the first.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Off => Self::OneSwitch,
            Self::OneSwitch => Self::TwoSwitches,
            Self::TwoSwitches => Self::Off,
        }
    }
}

/// How long the highlight rests on one thing where it walks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// For whoever is quick.
    Quick,
    /// For most.
    #[default]
    Steady,
    /// For whoever needs time.
    Slow,
    /// For whoever needs much time.
    VerySlow,
}

impl Pace {
    /// So long on each thing.
    pub const fn rest(self) -> Millis {
        match self {
            Self::Quick => 1_500,
            Self::Steady => 3_000,
            Self::Slow => 5_000,
            Self::VerySlow => 8_000,
        }
    }
    /// The one after it; after the slowest the quickest.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Quick => Self::Steady,
            Self::Steady => Self::Slow,
            Self::Slow => Self::VerySlow,
            Self::VerySlow => Self::Quick,
        }
    }
}

macro_rules! switch_keys {
    ($($key:ident,)*) => {
        /// A key that a switch may be set to send, beside Space and Enter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum SwitchKey { $(#[doc = concat!("`", stringify!($key), "`")] $key,)* }
        impl SwitchKey {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$key,)*];
            /// Its name, as keyboards have it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$key => stringify!($key),)* }
            }
        }
    };
}
switch_keys! {
    ArrowUp, ArrowDown, ArrowLeft, ArrowRight, Tab, PageUp, PageDown,
    F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12,
}

/// Half hours of a day, from 0 (midnight) to 48 (the next).
const LAST: u8 = 48;

/// When a kiosk is awake, in half hours of the school's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u8, u8)", into = "(u8, u8)")]
pub struct Hours {
    from: u8,
    to: u8,
}

/// Hours that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kiosk wakes before it sleeps, both in half hours from 0 to {LAST}")]
pub struct NoHours;

impl TryFrom<(u8, u8)> for Hours {
    type Error = NoHours;
    fn try_from((from, to): (u8, u8)) -> Result<Self, NoHours> {
        if from < to && to <= LAST { Ok(Self { from, to }) } else { Err(NoHours) }
    }
}

impl From<Hours> for (u8, u8) {
    fn from(hours: Hours) -> Self {
        (hours.from, hours.to)
    }
}

impl Hours {
    /// A school's day with its breakfast club and its clubs: 7:30 to 18:00.
    pub const USUAL: Self = Self { from: 15, to: 36 };

    /// When it wakes, in minutes of the day.
    pub fn wakes(self) -> u16 {
        u16::from(self.from) * 30
    }
    /// When it sleeps, in minutes of the day.
    pub fn sleeps(self) -> u16 {
        u16::from(self.to) * 30
    }
    /// Whether it is awake in this minute of the day.
    pub fn hold(self, minute: u16) -> bool {
        (self.wakes()..self.sleeps()).contains(&minute)
    }
    /// Half an hour sooner or later, as far as that goes.
    #[must_use]
    pub fn moved(self, which: End, later: bool) -> Self {
        let step = |half: u8| if later { half.saturating_add(1) } else { half.saturating_sub(1) };
        let moved = match which {
            End::Wakes => (step(self.from), self.to),
            End::Sleeps => (self.from, step(self.to)),
        };
        Self::try_from(moved).unwrap_or(self)
    }
}

/// One end of the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// When it wakes.
    Wakes,
    /// When it sleeps.
    Sleeps,
}

/// What is chosen in the teacher's panel. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What the kiosk is for.
    pub mode: Mode,
    /// After one child the names of the same class are there for the next.
    pub next_child: bool,
    /// Whether it is read aloud.
    pub sound: bool,
    /// How large text is.
    pub text: TextSize,
    /// Stronger colours.
    pub high_contrast: bool,
    /// Nothing moves.
    pub reduced_motion: bool,
    /// Whether switches are used.
    pub scanning: Scanning,
    /// How fast the highlight walks by itself.
    pub pace: Pace,
    /// What the switch that chooses sends, beside what is usual.
    pub choose_key: Option<SwitchKey>,
    /// What the switch that walks sends, beside what is usual.
    pub next_key: Option<SwitchKey>,
    /// In which language visits begin, where the pack has it; in English where none is set.
    pub language: Option<Language>,
    /// When it is awake; always where none are set.
    pub hours: Option<Hours>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            next_child: false,
            sound: true,
            text: TextSize::default(),
            high_contrast: false,
            reduced_motion: false,
            scanning: Scanning::default(),
            pace: Pace::default(),
            choose_key: None,
            next_key: None,
            language: None,
            hours: None,
        }
    }
}

impl Settings {
    /// For so long more than usual a screen waits for a sign of life: whoever has one switch presses nothing while the
    /// highlight comes to the last of thirty names.
    pub const fn patience(&self) -> Millis {
        const STEPS: Millis = 40;
        match self.scanning {
            Scanning::OneSwitch => STEPS * self.pace.rest(),
            Scanning::Off | Scanning::TwoSwitches => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kiosk_is_awake_from_its_first_minute_to_its_last() {
        assert_eq!((Hours::USUAL.wakes(), Hours::USUAL.sleeps()), (450, 1080));
        assert!(!Hours::USUAL.hold(449) && Hours::USUAL.hold(450));
        assert!(Hours::USUAL.hold(1079) && !Hours::USUAL.hold(1080));
    }

    #[test]
    fn hours_are_moved_as_far_as_there_is_a_day_between_them() {
        let mut hours = Hours::USUAL;
        for _ in 0..100 {
            hours = hours.moved(End::Wakes, true);
        }
        assert_eq!((hours.wakes(), hours.sleeps()), (1050, 1080));
        for _ in 0..100 {
            hours = hours.moved(End::Sleeps, true);
        }
        assert_eq!(hours.sleeps(), 24 * 60);
        for _ in 0..100 {
            hours = hours.moved(End::Wakes, false);
        }
        assert_eq!(hours.wakes(), 0);
    }
}
