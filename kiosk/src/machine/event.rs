//! What comes in and what goes out.

use std::sync::Arc;

use records::{
    agreement::Audience,
    answer::AnswerSheet,
    day::Moment,
    family_code::FamilyCode,
    ids::{ClassId, RecordId},
    report::{Report, Route},
    roster::ClassListing,
    signature::Signature,
    survey::SurveyAnswers,
    visitor::VisitorSignature,
};

use super::{
    Action, Chance, Content, DiskRoom, Figures, OpenedAdults, OpenedClass, Pen, Pin, Settings, StickTold,
    StickTrouble, StickWay, Undoing,
    family::{Keeping, OpenedFamily},
};

/// Milliseconds of a clock that only goes forward.
pub type Millis = u64;

/// The time, from two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since the program began, never turned back: time-outs go by it.
    pub since_start: Millis,
    /// What the wall clock says, right or wrong: it is told in records and decides nothing.
    pub wall: Moment,
}

/// What happens to a kiosk.
#[derive(Debug, Clone)]
pub enum Event {
    /// Time has passed.
    Tick(Now),
    /// Something on the screen was pressed. It is ignored where the screen has no such control.
    Press(Action),
    /// The finger that draws.
    Pen(Pen),
    /// A letter from a keyboard that has keys of its own. It is ignored where nothing is written.
    Type(char),
    /// A line that assistive technology wrote. It is ignored where nothing is written.
    Write(String),
    /// A sign of life that pressed nothing.
    Stir,
    /// So many tiles have room on a page of this screen, from 1 to [`TILES`](super::TILES): told by whoever paints it.
    Room(usize),
    /// A switch was pressed. It is ignored where none are used.
    Switch(Switch),
    /// The class that was asked for.
    ClassOpened(Box<OpenedClass>),
    /// The class that was asked for cannot be read.
    ClassUnavailable(ClassId),
    /// The record is on the disk: written and synced.
    Saved(RecordId),
    /// The record is not on the disk.
    NotSaved(RecordId),
    /// A pack is here. It is shown from the next start screen on.
    Pack(Arc<Content>),
    /// Random bytes for what is begun next: something that a child tells, or a record of a family's.
    Chance(Chance),
    /// What children are answered, as the hub has it now; none where it answers nobody.
    Answers(Option<Arc<AnswerSheet>>),
    /// What children were answered when the hub made the file that came on a stick.
    AnswersCarried {
        /// As it was then.
        sheet: Arc<AnswerSheet>,
        /// How long ago that was.
        age: Millis,
    },
    /// How much room the disk has now.
    Disk(DiskRoom),
    /// Whether a child can tell here: somebody could read every report. It counts from the next start
    /// screen on.
    Telling(bool),
    /// What was told, or answered to a survey, is on the disk: written and synced.
    Told(Chance),
    /// It is not on the disk.
    NotTold(Chance),
    /// Whether the roster has families. It counts from the next start screen on.
    Families(bool),
    /// The family whose code was tried, by the number of the try.
    FamilyOpened(u64, Box<OpenedFamily>),
    /// The code that was tried opens nothing, by the number of the try.
    FamilyUnknown(u64),
    /// The disk could not be read for the code that was tried, by the number of the try.
    FamilyUnavailable(u64),
    /// No code is tried for so long from now: too many were wrong.
    Slowed(Millis),
    /// Somebody has said that they are going to the kiosk, for the call with this number.
    Coming(u64),
    /// Whoever was going to the kiosk for the call with this number cannot after all, and nobody else is yet.
    NotComing(u64),
    /// The groups of grown-ups that a roster has. They count from the next start screen on.
    Adults(Vec<Audience>),
    /// The group that was asked for.
    AdultsOpened(Box<OpenedAdults>),
    /// The group that was asked for cannot be read.
    AdultsUnavailable(Audience),
    /// Whether a staff PIN is set.
    HasPin(bool),
    /// The PIN that was tried is right, by the number of the try.
    PinRight(u64),
    /// The PIN that was tried is not, by the number of the try.
    PinWrong(u64),
    /// The disk could not be read for the PIN that was tried, or did not take another one, by the number of the try.
    PinTrouble(u64),
    /// The PIN is another now, by the number of the try.
    PinChanged(u64),
    /// No PIN is tried for so long from now: too many were wrong.
    PinSlowed(Millis),
    /// What waits for the hub.
    Figures(Figures),
    /// What came of a stick, by the number of the try.
    Stick(u64, Result<StickTold, StickTrouble>),
    /// The disk did not take what was chosen in the panel.
    SettingsNotKept,
    /// What was chosen in the teacher's panel, as the disk has it.
    Settings(Settings),
    /// The classes of a roster. They are shown from the next start screen on.
    Classes(Vec<ClassListing>),
}

/// A switch of somebody who presses switches instead of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// On to the next thing.
    Next,
    /// What the highlight is on.
    Choose,
}

/// What is to be done outside the machine. Each but [`Effect::Wiped`], [`Effect::KeepSettings`],
/// [`Effect::Visited`], [`Effect::Call`], [`Effect::Say`] and [`Effect::Hush`] is answered with one event.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Open a class of the roster.
    OpenClass(ClassId),
    /// Put a signature on the disk.
    Save(Box<Signature>),
    /// Put the signature of somebody who is on no list on the disk.
    SaveVisitor(Box<VisitorSignature>),
    /// Put a report on the disk.
    Tell {
        /// Which, for the answer.
        told: Chance,
        /// Whom it is for.
        route: Route,
        /// What was told.
        report: Box<Report>,
    },
    /// Count what was answered to a survey, on the disk.
    Count {
        /// Whose, for the answer.
        told: Chance,
        /// What was answered.
        answers: Box<SurveyAnswers>,
    },
    /// Try a family's code.
    OpenFamily {
        /// The number of the try, for the answer.
        number: u64,
        /// The code.
        code: FamilyCode,
    },
    /// Put a record of a family's on the disk.
    Keep(Box<Keeping>),
    /// Call for a grown-up until somebody goes. It is answered with [`Event::Coming`], then or
    /// never, and where they cannot after all, with [`Event::NotComing`].
    Call(u64),
    /// Open a group of grown-ups of the roster.
    OpenAdults(Audience),
    /// Look whether a staff PIN is set by now. It is answered with [`Event::HasPin`].
    LookForPin,
    /// Try the staff PIN.
    TryPin {
        /// The number of the try, for the answer.
        number: u64,
        /// The PIN.
        pin: Pin,
    },
    /// Set another PIN.
    ChangePin {
        /// The number of the try, for the answer.
        number: u64,
        /// The PIN.
        pin: Pin,
    },
    /// Put the undoing of a signature on the disk.
    Undo(Box<Undoing>),
    /// Keep what was chosen in the panel. It is answered only where the disk does not take it.
    KeepSettings(Settings),
    /// Tell what waits for the hub.
    Figures,
    /// Put what waits onto a stick, or take what is on it for this kiosk.
    Stick {
        /// The number of the try, for the answer.
        number: u64,
        /// Which way.
        way: StickWay,
    },
    /// Somebody's visit is over that gave nothing in: the disk is written as after any other.
    Visited,
    /// Say these, one after another with [`PAUSE`](super::PAUSE) between them, in the place of whatever is being
    /// said: recordings by their place in the pack on show.
    Say(Vec<usize>),
    /// Stop saying it, at once.
    Hush,
    /// Nothing of the person before is left in the state: drop what the window may still hold.
    Wiped,
}
