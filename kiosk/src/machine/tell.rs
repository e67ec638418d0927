//! “I didn’t like something”: what a child tells, step by step, and what becomes of it.
//!
//! All of it lives in [`Telling`], which belongs to the screens of this way and is overwritten in memory
//! when they are left, by whatever way that is.

use std::fmt;

use records::{
    digest::Digest,
    ids::{ClassId, Slug},
    receipt::Receipt,
    report::{REPORT_WORDS, Report, Route},
    report_envelope,
    tell::{Asked, Leads, Tell, TellChoice, TellQuestion},
};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    Action, Content, Effect, OpenedClass, Scanning, State, Typing, Who,
    answer::{self, Chosen, Found, LOOKS},
    asking::mixed,
    controls::part_of,
};

/// Sixteen random bytes: they name a telling, and decide the order of its answers.
pub type Chance = [u8; 16];

/// What one child has told so far.
#[derive(Clone)]
pub struct Telling {
    pub(crate) chance: Chance,
    // The place of the answer to each question, as the pack has them.
    answers: [Option<u8>; Asked::ALL.len()],
    name: Option<Zeroizing<String>>,
    // How often pictures were tried in this visit.
    looks: u8,
    // In the child's own words, once they have come to that.
    words: Option<Typing>,
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.chance.zeroize();
        self.answers.zeroize();
    }
}

/// Says only that there is one: nothing of it may come into a log.
impl fmt::Debug for Telling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Telling(hidden)")
    }
}

/// Where somebody is on this way.
#[derive(Debug, Clone)]
pub enum TellStep {
    /// “I need a grown-up now”, or “I want to tell”.
    First,
    /// Who reads it, and when.
    Who,
    /// A question, by its place in the pack.
    Ask(usize),
    /// “Which class are you in?”, for a child who wants to be talked with.
    Class {
        /// Which tiles are shown, where there are more than fit.
        page: usize,
        /// The class that is being opened.
        opening: Option<ClassId>,
    },
    /// “Find your name”
    Name {
        /// The class's name.
        class_name: String,
        /// Its pupils.
        pupils: Vec<Who>,
        /// Which tiles are shown, where there are more than fit.
        page: usize,
    },
    /// All that was chosen, before it is given in.
    Check,
    /// “Which pictures did you get?”
    Pictures(Chosen),
    /// What they led to. It looks the same whether or not there is an answer.
    Answer(Found),
    /// “Write it in your own words”, where there are older children.
    Words,
    /// On its way to the disk.
    Keeping,
    /// The disk did not take it: it can be tried again.
    NotKept,
}

impl TellStep {
    /// A name for journeys. It says nothing of what is told.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::First => "tell-first",
            Self::Who => "tell-who",
            Self::Ask(_) => "tell-ask",
            Self::Class { .. } => "tell-class",
            Self::Name { .. } => "tell-name",
            Self::Check => "tell-check",
            Self::Pictures(_) => "tell-pictures",
            Self::Answer(_) => "tell-answer",
            Self::Words => "tell-words",
            Self::Keeping => "tell-keeping",
            Self::NotKept => "tell-not-kept",
        }
    }
}

impl Telling {
    pub(super) fn new(chance: Chance) -> Self {
        Self { chance, answers: [None; Asked::ALL.len()], name: None, looks: 0, words: None }
    }

    /// What it is known by outside the machine. Its pictures cannot be reckoned from that.
    pub(super) fn id(&self) -> Chance {
        let digest = Digest::of_kind("signpost telling 1", &self.chance);
        *digest.as_bytes().first_chunk().expect("a digest has 32 bytes")
    }

    /// The answers to a question, in the order in which this child sees them.
    pub fn shown<'a>(&self, question: &'a TellQuestion) -> Vec<&'a TellChoice> {
        self.order(question).into_iter().map(|place| &question.choices[place]).collect()
    }

    fn order(&self, question: &TellQuestion) -> Vec<usize> {
        mixed(&self.chance, question.asked as u8, question.choices.len())
    }

    /// What was answered to a question.
    pub fn answer<'a>(&self, question: &'a TellQuestion) -> Option<&'a TellChoice> {
        question.choices.get(usize::from(self.answers[question.asked as usize]?))
    }

    /// The name that was given, if the child chose to.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.as_str())
    }

    /// What is written in the child's own words, as far as it is.
    pub fn typing(&self) -> Option<&Typing> {
        self.words.as_ref()
    }

    pub(super) fn words_mut(&mut self) -> Option<&mut Typing> {
        self.words.as_mut()
    }

    /// The child's own words, if there are any.
    pub fn words(&self) -> Option<&str> {
        self.words.as_ref().and_then(Typing::said)
    }

    /// Begins to write, or goes on. There may be as much as has room beside what was told, for one envelope holds it all.
    fn write(&mut self, tell: &Tell, content: &Content, state: &State) {
        let by_switch = state.settings.scanning != Scanning::Off;
        let words = self.words.take();
        let mut words = words.unwrap_or_else(|| Typing::sentences(by_switch, REPORT_WORDS));
        if let Some(report) = self.report(tell, content, state) {
            words.limit(report_envelope::room_for_words(report));
        }
        self.words = Some(words);
    }

    /// Whether anything was told at all.
    pub fn is_anything(&self) -> bool {
        self.answers.iter().any(Option::is_some) || self.words().is_some()
    }

    /// Whether pictures may be tried once more in this visit.
    pub fn may_look(&self) -> bool {
        self.looks < LOOKS
    }

    /// Takes the answer that is shown at a place; gives back what it leads to.
    fn choose(&mut self, question: &TellQuestion, shown: usize) -> Option<Option<Leads>> {
        let place = *self.order(question).get(shown)?;
        self.set(question.asked, u8::try_from(place).ok());
        Some(question.choices[place].leads)
    }

    fn set(&mut self, asked: Asked, answer: Option<u8>) {
        self.answers[asked as usize] = answer;
        if asked == Asked::Talk {
            self.name = None;
        }
    }

    /// Whom it is for. What a child does not say about whom it is goes to the safeguarding lead.
    fn route(&self, tell: &Tell) -> Route {
        let about = tell.questions.iter().find(|q| q.asked == Asked::About);
        match about.and_then(|q| self.answer(q)).and_then(|choice| choice.leads) {
            Some(Leads::To(route)) => route,
            _ => Route::Safeguarding,
        }
    }

    fn report(&self, tell: &Tell, content: &Content, state: &State) -> Option<Report> {
        let chosen = |asked: Asked| -> Option<Slug> {
            let question = tell.questions.iter().find(|q| q.asked == asked)?;
            self.answer(question).map(|choice| choice.id.clone())
        };
        Some(Report {
            day: content.day(state.now.wall),
            feeling: chosen(Asked::Feeling),
            happened: chosen(Asked::Happened).into_iter().collect(),
            place: chosen(Asked::Place),
            about: chosen(Asked::About),
            talk_with: self.name().map(str::to_owned),
            words: self.words().map(str::to_owned),
            receipt: if state.answers_here() { Receipt::drawn(&self.chance).names() } else { Vec::new() },
            language: "en-GB".parse().ok()?,
        })
    }
}

/// What a press on this way leads to.
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made; a box would leave a copy")]
pub(super) enum Next {
    /// Another step.
    Step(Telling, TellStep, Option<Effect>),
    /// To a grown-up, with nothing of what was told.
    GrownUpNow,
}

pub(super) fn press(
    mut telling: Telling,
    step: TellStep,
    action: Action,
    content: &Content,
    state: &State,
) -> Next {
    let Some(tell) = &content.pack.tell else { return Next::Step(telling, step, None) };
    let questions = &tell.questions;
    let (step, effect) = match (step, action) {
        (TellStep::First, Action::GrownUpNow) => return Next::GrownUpNow,
        (TellStep::First, Action::WantToTell) => (TellStep::Who, None),
        (TellStep::First, Action::AskForAnswer) if telling.may_look() => {
            (TellStep::Pictures(Chosen::default()), None)
        }
        (TellStep::Pictures(_) | TellStep::Who, Action::Back) => (TellStep::First, None),
        (TellStep::Pictures(mut chosen), Action::Picture(picture)) => match chosen.take(picture) {
            Some(receipt) => {
                telling.looks += 1;
                (TellStep::Answer(answer::look(state, tell, &receipt)), None)
            }
            None => (TellStep::Pictures(chosen), None),
        },
        (TellStep::Pictures(mut chosen), Action::RubOut) => {
            chosen.take_back();
            (TellStep::Pictures(chosen), None)
        }
        (TellStep::Answer(_), Action::OtherPictures) if telling.may_look() => {
            (TellStep::Pictures(Chosen::default()), None)
        }
        (TellStep::Who, Action::Begin) => (TellStep::Ask(0), None),
        (TellStep::Ask(0), Action::Back) => (TellStep::Who, None),
        (TellStep::Ask(place), Action::Back) => (TellStep::Ask(place - 1), None),
        (TellStep::Ask(place), Action::Answer(shown)) => match questions.get(place) {
            Some(question) => match telling.choose(question, shown) {
                Some(Some(Leads::ToTalk)) => (TellStep::Class { page: 0, opening: None }, None),
                Some(_) => (after(questions, place), None),
                None => (TellStep::Ask(place), None),
            },
            None => (TellStep::Check, None),
        },
        (TellStep::Ask(place), Action::Skip) => {
            if let Some(question) = questions.get(place) {
                telling.set(question.asked, None);
            }
            (after(questions, place), None)
        }
        (TellStep::Class { .. }, Action::Back) | (TellStep::Check, Action::Back) => (last(questions), None),
        (TellStep::Class { .. } | TellStep::Name { .. }, Action::Skip) => {
            telling.name = None;
            (TellStep::Check, None)
        }
        (TellStep::Check, Action::Write) => {
            telling.write(tell, content, state);
            (TellStep::Words, None)
        }
        (TellStep::Words, Action::Key(key)) => {
            if let Some(typing) = telling.words_mut() {
                typing.press(key);
            }
            (TellStep::Words, None)
        }
        (TellStep::Words, Action::Continue | Action::Back) => (TellStep::Check, None),
        (TellStep::Words, Action::Skip) => {
            telling.words = None;
            (TellStep::Check, None)
        }
        (TellStep::Class { page, .. }, Action::Class(place)) => {
            let class = state.classes_on_show().nth(place).map(|c| c.id);
            (TellStep::Class { page, opening: class }, class.map(Effect::OpenClass))
        }
        (TellStep::Class { page, opening }, Action::NextPage) => {
            (TellStep::Class { page: page + 1, opening }, None)
        }
        (TellStep::Class { page, opening }, Action::PreviousPage) => {
            (TellStep::Class { page: page.saturating_sub(1), opening }, None)
        }
        (TellStep::Name { .. }, Action::Back) => (TellStep::Class { page: 0, opening: None }, None),
        (TellStep::Name { class_name, pupils, page }, Action::NextPage) => {
            (TellStep::Name { class_name, pupils, page: page + 1 }, None)
        }
        (TellStep::Name { class_name, pupils, page }, Action::PreviousPage) => {
            (TellStep::Name { class_name, pupils, page: page.saturating_sub(1) }, None)
        }
        (TellStep::Name { class_name, pupils, page }, Action::Pupil(place)) => match pupils.get(place) {
            Some(who) => {
                telling.name = Some(Zeroizing::new(format!("{}, {class_name}", who.name)));
                (TellStep::Check, None)
            }
            None => (TellStep::Name { class_name, pupils, page }, None),
        },
        (TellStep::Check | TellStep::NotKept, Action::GiveIn | Action::TryAgain) if telling.is_anything() => {
            give_in(&mut telling, tell, content, state)
        }
        (step, _) => (step, None),
    };
    Next::Step(telling, step, effect)
}

fn give_in(
    telling: &mut Telling,
    tell: &Tell,
    content: &Content,
    state: &State,
) -> (TellStep, Option<Effect>) {
    // A name that was given after the words may leave less room for them; a report that has none would be lost.
    if telling.words.is_some() {
        telling.write(tell, content, state);
    }
    match telling.report(tell, content, state) {
        Some(report) => {
            let route = telling.route(tell);
            (TellStep::Keeping, Some(Effect::Tell { told: telling.id(), route, report: Box::new(report) }))
        }
        None => (TellStep::NotKept, None),
    }
}

fn after(questions: &[TellQuestion], place: usize) -> TellStep {
    if place + 1 < questions.len() { TellStep::Ask(place + 1) } else { TellStep::Check }
}

fn last(questions: &[TellQuestion]) -> TellStep {
    TellStep::Ask(questions.len().saturating_sub(1))
}

/// The names of a class, for a child who wants to be talked with. Who signed what is nothing to this way.
pub(super) fn names_of(opened: OpenedClass) -> TellStep {
    let class_name = opened.class.name;
    let entries = opened.class.pupils.into_iter();
    let pupils = entries.map(|e| Who { person: e.person, name: e.name, picture: e.picture }).collect();
    TellStep::Name { class_name, pupils, page: 0 }
}

/// The tiles that are shown of a class's names.
pub(super) fn names_on_page(pupils: &[Who], page: usize, room: usize) -> impl Iterator<Item = (usize, &Who)> {
    part_of(pupils.len(), page, room).filter_map(|place| Some((place, pupils.get(place)?)))
}
