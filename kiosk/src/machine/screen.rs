//! The screens, each with the data of its own step and nothing more.

use records::{
    agreement::Audience,
    day::Moment,
    ids::{ClassId, PersonId, RecordId, Slug},
    receipt::Receipt,
};

use super::{
    AdultAt, Answering, Draft, Panel, PinEntry, SurveyStep, TellStep, Telling, Word,
    family::{At, CodeEntry, Visit},
    visitor::VisitorAt,
};

/// What is on the screen.
#[derive(Debug, Clone)]
pub enum Screen {
    /// There is no pack, or nobody to sign.
    NotReady,
    /// The start. It holds nothing of anybody.
    Home,
    /// “Which class are you in?”
    ChooseClass {
        /// Which tiles are shown, where there are more than fit.
        page: usize,
        /// The class that is being opened.
        opening: Option<ClassId>,
    },
    /// “Find your name”
    ChooseName(ChooseName),
    /// The name is not there: a person has to help.
    AskTeacher,
    /// Somebody who has signed these words already.
    HasSigned(Who),
    /// “Hello, Amira”: is this you, and what is this about?
    Hello(Round),
    /// One promise.
    Statement {
        /// Whose round.
        round: Round,
        /// Which promise, from 0.
        index: usize,
        /// Whether “tell me more” is open.
        more: bool,
    },
    /// “What would you do?”, after the promises of a group.
    Story {
        /// Whose round.
        round: Round,
        /// The last promise before it, from 0.
        index: usize,
        /// What was chosen, by its place. It is nowhere else, and is kept nowhere.
        chosen: Option<usize>,
    },
    /// The mark.
    MakeMark {
        /// Whose round.
        round: Round,
        /// The mark so far.
        mark: Draft,
        /// Whether a grown-up helped.
        helped: bool,
    },
    /// On its way to the disk.
    Saving(Kept),
    /// The disk did not take it: the mark is kept to try again.
    NotSaved(Kept),
    /// “Here are four pictures”: at the end of every round, where children can come back for an answer.
    Pictures {
        /// Those of what was told, or of nothing.
        receipt: Receipt,
        /// The thanks that come after them.
        next: Box<Screen>,
    },
    /// It is on the disk. Whose it was is already forgotten.
    ThankYou,
    /// Somebody did not like something.
    Tell {
        /// What was told so far.
        telling: Telling,
        /// Where they are.
        step: TellStep,
    },
    /// “Find a grown-up now”
    GrownUpNow {
        /// The number of the call.
        call: u64,
        /// Whether somebody has said that they are going. Never said before they have.
        coming: bool,
    },
    /// What was told is on the disk. What it was is already forgotten.
    Told,
    /// A survey.
    Survey {
        /// What was answered so far.
        answering: Answering,
        /// Where they are.
        step: SurveyStep,
    },
    /// What was answered is counted, on the disk.
    Counted {
        /// Whether it reminds that one can tell.
        may_tell: bool,
    },
    /// The code from a family's letter is typed.
    FamilyCode(CodeEntry),
    /// A code is being tried, by the number of the try.
    OpeningFamily(u64),
    /// A family that its code has opened.
    Family {
        /// The family, and what it answered so far.
        visit: Box<Visit>,
        /// Where they are.
        at: At,
    },
    /// “Which language?”
    Languages {
        /// Where to go on.
        before: Box<Screen>,
    },
    /// Outside its hours, or because staff let it: calm, and it holds nothing of anybody.
    Asleep,
    /// Staff want in, and no PIN is set.
    NoPin,
    /// The staff PIN is typed.
    Pin(PinEntry),
    /// A PIN is being tried, by the number of the try.
    TryingPin(u64),
    /// The teacher's panel, open.
    Panel(Panel),
    /// Staff or governors sign.
    Adult(AdultAt),
    /// Somebody signs who is on no list.
    Visitor(VisitorAt),
    /// No sign of life for a while.
    StillThere {
        /// Where to go on.
        before: Box<Screen>,
    },
}

impl Screen {
    /// A name for journeys and logs. It says nothing about a person.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotReady => "not-ready",
            Self::Home => "home",
            Self::ChooseClass { .. } => "choose-class",
            Self::ChooseName(_) => "choose-name",
            Self::AskTeacher => "ask-teacher",
            Self::HasSigned(_) => "has-signed",
            Self::Hello(_) => "hello",
            Self::Statement { .. } => "statement",
            Self::Story { .. } => "story",
            Self::MakeMark { .. } => "make-mark",
            Self::Saving(_) => "saving",
            Self::NotSaved(_) => "not-saved",
            Self::Pictures { .. } => "pictures",
            Self::ThankYou => "thank-you",
            Self::Tell { step, .. } => step.name(),
            Self::GrownUpNow { coming: false, .. } => "grown-up-now",
            Self::GrownUpNow { coming: true, .. } => "grown-up-coming",
            Self::Told => "told",
            Self::Survey { step, .. } => step.name(),
            Self::Counted { .. } => "counted",
            Self::FamilyCode(_) => "family-code",
            Self::OpeningFamily(_) => "family-opening",
            Self::Family { at, .. } => at.name(),
            Self::Languages { .. } => "languages",
            Self::Adult(at) => at.name(),
            Self::Visitor(at) => at.name(),
            Self::Asleep => "asleep",
            Self::NoPin => "no-pin",
            Self::Pin(_) => "pin",
            Self::TryingPin(_) => "trying-pin",
            Self::Panel(panel) => panel.at.name(),
            Self::StillThere { .. } => "still-there",
        }
    }
}

impl Screen {
    /// Whether four pictures are chosen here, one after the other.
    pub const fn is_picking(&self) -> bool {
        matches!(self, Self::Tell { step: TellStep::Pictures(_), .. })
    }
    /// Which of several screens of one name this is: another screen, to whoever looks.
    pub fn part(&self) -> usize {
        match self {
            Self::Statement { index, .. } => *index,
            // The story, and what follows from each of its ways.
            Self::Story { index, chosen, .. } => index * 8 + chosen.map_or(0, |way| way + 1),
            Self::ChooseClass { page, .. } => *page,
            Self::ChooseName(choose) => choose.page,
            Self::Tell { step: TellStep::Ask(question), .. }
            | Self::Survey { step: SurveyStep::Ask(question), .. } => *question,
            Self::Tell { step: TellStep::Class { page, .. } | TellStep::Name { page, .. }, .. } => *page,
            Self::Tell { step: TellStep::Pictures(chosen), .. } => chosen.pictures().len(),
            Self::Family { at, .. } => at.part(),
            Self::Panel(panel) => panel.at.part(),
            Self::Adult(at) => at.part(),
            Self::Visitor(at) => at.part(),
            _ => 0,
        }
    }
}

/// A class, opened.
#[derive(Debug, Clone)]
pub struct ChooseName {
    /// The class.
    pub class: ClassId,
    /// Its name.
    pub class_name: String,
    /// What its pupils sign.
    pub audience: Audience,
    /// Its pupils.
    pub pupils: Vec<Tile>,
    /// Which tiles are shown, where there are more than fit.
    pub page: usize,
    pub(crate) record: RecordId,
}

/// Why somebody who signed before is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Some of it is new: what, by its place in the pack.
    Changed(usize),
    /// The words are the same, and a new school year has begun.
    NewYear,
}

impl Again {
    /// What is said of it.
    pub(crate) const fn word(self) -> Word {
        match self {
            Self::Changed(_) => Word::HelloChanged,
            Self::NewYear => Word::HelloNewYear,
        }
    }
}

/// A pupil's tile.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Who.
    pub who: Who,
    /// Whether they have signed these words in this school year.
    pub signed: bool,
    /// Why they are asked again, where they signed before.
    pub(crate) again: Option<Again>,
}

/// A person, as the screen shows them.
#[derive(Debug, Clone)]
pub struct Who {
    pub(crate) person: PersonId,
    /// The name on the tile.
    pub name: String,
    /// The picture on the tile.
    pub picture: Slug,
}

/// One person's round: who signs what.
#[derive(Debug, Clone)]
pub struct Round {
    /// Who.
    pub who: Who,
    /// The place of the agreement in the pack.
    pub agreement: usize,
    /// Why they are asked again, where they signed before.
    pub(crate) again: Option<Again>,
    pub(crate) class: ClassId,
    pub(crate) record: RecordId,
}

/// A signature that is not yet known to be on the disk.
#[derive(Debug, Clone)]
pub struct Kept {
    pub(crate) round: Round,
    pub(crate) mark: Draft,
    pub(crate) helped: bool,
    pub(crate) when: Moment,
}
