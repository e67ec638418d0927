//! The teacher's panel, step by step.

use records::{
    day::{Day, Moment},
    ids::{ClassId, PersonId, RecordId, Slug},
    signature::Undo,
};

use super::{Pin, PinEntry, Touched};
use crate::machine::{TextSize, Who};

/// The panel, open.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Where in it.
    pub at: PanelAt,
    /// What is told of what was done last.
    pub told: Option<PanelTold>,
}

/// Where in the panel.
#[derive(Debug, Clone)]
pub enum PanelAt {
    /// Everything that can be done.
    Menu,
    /// What the kiosk is for.
    Modes,
    /// Which class.
    Classes {
        /// For what.
        why: WhyClass,
        /// Which tiles are shown, where there are more than fit.
        page: usize,
        /// The class that is being opened.
        opening: Option<ClassId>,
    },
    /// Who of a class has signed.
    Signed {
        /// The class.
        class: Signatures,
        /// Which lines are shown.
        page: usize,
    },
    /// Why a signature is taken back.
    Undo {
        /// The class.
        class: Signatures,
        /// Whose, by their place in it.
        place: usize,
    },
    /// The undoing is on its way to the disk.
    Undoing {
        /// The class.
        class: Signatures,
        /// Whose, by their place in it.
        place: usize,
        /// The undoing's id.
        record: RecordId,
    },
    /// What waits for the hub.
    Waits(Option<Figures>),
    /// A stick is being written or read.
    AtStick {
        /// The number of the try.
        number: u64,
        /// Which way.
        way: StickWay,
    },
    /// What came of a stick.
    StickDone(Result<StickTold, StickTrouble>),
    /// How it looks and sounds, and when it is awake.
    Looks,
    /// The touchscreen is tried.
    Touch(Touched),
    /// Another PIN is typed: the first time, or once more.
    NewPin {
        /// What was typed first.
        first: Option<Pin>,
        /// What is typed.
        entry: PinEntry,
    },
    /// Another PIN is on its way to the disk.
    KeepingPin(u64),
}

impl PanelAt {
    /// A name for journeys. It says nothing of a person.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Menu => "panel",
            Self::Modes => "panel-modes",
            Self::Classes { .. } => "panel-classes",
            Self::Signed { .. } => "panel-signed",
            Self::Undo { .. } => "panel-undo",
            Self::Undoing { .. } => "panel-undoing",
            Self::Waits(_) => "panel-waits",
            Self::AtStick { .. } => "panel-at-stick",
            Self::StickDone(Ok(_)) => "panel-stick-done",
            Self::StickDone(Err(_)) => "panel-stick-trouble",
            Self::Looks => "panel-looks",
            Self::Touch(_) => "panel-touch",
            Self::NewPin { first: None, .. } => "panel-new-pin",
            Self::NewPin { .. } => "panel-new-pin-again",
            Self::KeepingPin(_) => "panel-keeping-pin",
        }
    }
    /// Which of several screens of one name this is.
    pub(crate) const fn part(&self) -> usize {
        match self {
            Self::Classes { page, .. } | Self::Signed { page, .. } => *page,
            _ => 0,
        }
    }
}

/// For what a class is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyClass {
    /// To be the only one that signs here.
    Mode,
    /// To see who has signed.
    Signed,
}

/// What is told in the panel of what was done last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelTold {
    /// The signature is taken back.
    Undone,
    /// The disk did not take the undoing.
    NotUndone,
    /// The class could not be read.
    NoClass,
    /// The PIN is another now.
    PinChanged,
    /// The disk did not take what was chosen: it holds until the kiosk is started again.
    NotKept,
}

/// A class, with what this kiosk knows of who has signed.
#[derive(Debug, Clone)]
pub struct Signatures {
    /// The class.
    pub class: ClassId,
    /// Its name.
    pub name: String,
    /// Its pupils.
    pub lines: Vec<Line>,
    pub(crate) record: RecordId,
}

impl Signatures {
    /// How many have signed.
    pub fn signed(&self) -> usize {
        self.lines.iter().filter(|line| line.day.is_some()).count()
    }
}

/// A pupil in the panel.
#[derive(Debug, Clone)]
pub struct Line {
    /// Who.
    pub who: Who,
    /// On which day they signed the words of now.
    pub day: Option<Day>,
    /// The signature, where it was made here and so can be taken back here.
    pub(crate) record: Option<RecordId>,
}

impl Line {
    /// Whether their signature can be taken back here.
    pub const fn can_be_undone(&self) -> bool {
        self.record.is_some()
    }
}

/// An undoing for the disk: the record, and what the kiosk notes of it.
#[derive(Debug, Clone)]
pub struct Undoing {
    /// The record.
    pub undo: Undo,
    /// Whose signature it withdraws.
    pub person: PersonId,
}

/// Why a signature is taken back: fixed words, so that no name comes into a record by accident.
pub(super) const REASONS: [&str; 3] = ["wrong-child", "only-a-try", "asked-to"];

pub(super) fn reason(place: usize) -> Option<Slug> {
    REASONS.get(place)?.parse().ok()
}

/// What waits for the hub. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Records that the hub does not have yet.
    pub waiting: u64,
    /// When the hub last answered, by this kiosk's clock.
    pub last_contact: Option<Moment>,
    /// What is wrong with the way to the hub, in a sentence.
    pub problem: Option<String>,
    /// When it was last taken on a stick.
    pub on_stick: Option<Moment>,
    /// When the hub took what was on the stick that was last brought back.
    pub from_stick: Option<Moment>,
    /// Whether there is a hub that it could go to.
    pub paired: bool,
}

/// How much room the disk has, as far as somebody has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiskRoom {
    /// Enough.
    #[default]
    Enough,
    /// So little that staff are told.
    Low,
    /// None for another signature: nobody is asked for one.
    Stopped,
}

/// Which way something goes by stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StickWay {
    /// What waits goes onto it.
    Out,
    /// The hub’s answer comes back from it.
    Back,
}

/// What is told of a stick that did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StickTold {
    /// So many records that wait are on it, and so many sealed boxes.
    Written {
        /// Records.
        records: u64,
        /// Boxes, as many as the clock made.
        boxes: u64,
    },
    /// The answer is here.
    Brought {
        /// Records that the hub has now.
        acknowledged: u64,
        /// Whether a newer pack came.
        pack: bool,
        /// Whether a newer list of people came.
        people: bool,
    },
}

/// What is told of a stick that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StickTrouble {
    /// There is none.
    NoStick,
    /// There are several.
    Several,
    /// It has too little room.
    Full,
    /// It cannot be written.
    ReadOnly,
    /// It was pulled out.
    Gone,
    /// It cannot be relied on.
    Bad,
    /// There is nothing on it for this kiosk.
    NothingForUs,
    /// What is on it was brought back before.
    TakenBefore,
    /// What is on it is damaged, or not from this kiosk’s hub.
    Refused,
    /// The hub has struck this kiosk off.
    StruckOff,
    /// This kiosk has no hub.
    NotPaired,
    /// This kiosk’s own disk.
    Disk,
}

impl StickTrouble {
    /// All there are.
    pub const ALL: [Self; 12] = [
        Self::NoStick,
        Self::Several,
        Self::Full,
        Self::ReadOnly,
        Self::Gone,
        Self::Bad,
        Self::NothingForUs,
        Self::TakenBefore,
        Self::Refused,
        Self::StruckOff,
        Self::NotPaired,
        Self::Disk,
    ];
}

/// So many pupils on a page of the panel.
pub const fn lines_per_page(text: TextSize) -> usize {
    text.lines(15)
}
