//! What a kiosk is for, and how it looks and sounds: chosen in the teacher's panel, kept over restarts.

use records::ids::ClassId;
use serde::{Deserialize, Serialize};

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
    /// Staff and governors alone, in the staff room or at the entrance.
    StaffRoom,
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
}

/// How large text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum TextSize {
    /// As it was drawn.
    #[default]
    #[serde(rename = "100%")]
    Plain,
    /// Half as large again.
    #[serde(rename = "150%")]
    Large,
    /// Twice as large.
    #[serde(rename = "200%")]
    Double,
}

impl TextSize {
    /// By how much text is larger than drawn: 1 to 2.
    pub const fn scale(self) -> f32 {
        match self {
            Self::Plain => 1.0,
            Self::Large => 1.5,
            Self::Double => 2.0,
        }
    }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
            hours: None,
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
