//! “How was it today?”, and whatever else a survey asks: a few questions in pictures. It looks like telling, so that
//! nobody sees from across the room which of the two a child does.
//!
//! What was chosen lives in [`Answering`] and is overwritten in memory when its screens are left, by whatever way that
//! is. What goes to the disk is counted there with all others, and is no record of its own.

use std::fmt;

use records::survey::{Survey, SurveyAnswers, SurveyChoice, SurveyQuestion};
use zeroize::Zeroize as _;

use super::{
    Action, Chance, Content, Effect, Screen, State, answer,
    asking::{Asking, Offered, mixed},
};

/// The most surveys that a start screen offers: the daily one, and one that is open for a time.
const OFFERED: usize = 2;

/// What one child answered so far.
#[derive(Clone)]
pub struct Answering {
    pub(crate) chance: Chance,
    // Its place in the pack.
    survey: usize,
    // The place of the answer to each question, as the pack has them.
    answers: Vec<Option<u8>>,
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.answers.zeroize();
    }
}

/// Says only that there is one.
impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answering(hidden)")
    }
}

/// Where somebody is in a survey.
#[derive(Debug, Clone)]
pub enum SurveyStep {
    /// What becomes of the answers.
    Who,
    /// A question, by its place.
    Ask(usize),
    /// All that was chosen, before it is given in.
    Check,
    /// On its way to the disk.
    Keeping,
    /// The disk did not take it: it can be tried again.
    NotKept,
}

impl SurveyStep {
    /// A name for journeys. It says nothing of what is answered.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Who => "survey-who",
            Self::Ask(_) => "survey-ask",
            Self::Check => "survey-check",
            Self::Keeping => "survey-keeping",
            Self::NotKept => "survey-not-kept",
        }
    }
}

impl Answering {
    fn new(chance: Chance, survey: usize, questions: usize) -> Self {
        Self { chance, survey, answers: vec![None; questions] }
    }

    fn answer<'a>(&self, survey: &'a Survey, question: usize) -> Option<&'a SurveyChoice> {
        let place = usize::from((*self.answers.get(question)?)?);
        survey.questions.get(question)?.choices.get(place)
    }

    fn order(&self, question: usize, asked: &SurveyQuestion) -> Vec<usize> {
        mixed(&self.chance, u8::try_from(question).unwrap_or(u8::MAX), asked.choices.len())
    }

    /// A question as this child sees it.
    fn asking<'a>(&self, survey: &'a Survey, question: usize) -> Option<Asking<'a>> {
        let asked = survey.questions.get(question)?;
        let answer = self.answer(survey, question).map(|choice| &choice.id);
        let offered = self.order(question, asked).into_iter().map(|place| {
            let choice = &asked.choices[place];
            Offered { words: &choice.words, symbol: &choice.symbol, chosen: answer == Some(&choice.id) }
        });
        Some(Asking { words: &asked.words, offered: offered.collect() })
    }

    /// Takes the answer that is shown at a place.
    fn choose(&mut self, survey: &Survey, question: usize, shown: usize) -> Option<()> {
        let place = *self.order(question, survey.questions.get(question)?).get(shown)?;
        *self.answers.get_mut(question)? = u8::try_from(place).ok();
        Some(())
    }

    /// Whether anything was answered at all.
    pub fn is_anything(&self) -> bool {
        self.answers.iter().any(Option::is_some)
    }

    fn chosen<'a>(&self, survey: &'a Survey) -> Vec<&'a SurveyChoice> {
        (0..survey.questions.len()).filter_map(|question| self.answer(survey, question)).collect()
    }

    fn given(&self, survey: &Survey) -> SurveyAnswers {
        let questions = survey.questions.iter().enumerate();
        SurveyAnswers {
            survey: survey.id.clone(),
            version: survey.version.clone(),
            answers: questions
                .map(|(place, asked)| (asked.id.clone(), self.answer(survey, place).map(|c| c.id.clone())))
                .collect(),
        }
    }
}

impl State {
    /// The surveys that pupils are asked here today, with their places in the pack: none where nothing could be kept.
    pub fn surveys_on_show(&self) -> impl Iterator<Item = (usize, &Survey)> {
        let is_asked = self.settings.mode.has_pupils() && self.telling && self.chance.is_some();
        let today = self.today();
        let all = self.content.iter().flat_map(|content| content.pack.surveys.iter().enumerate());
        let shown = move |(_, survey): &(usize, &Survey)| {
            is_asked && survey.shown.holds(today) && !survey.questions.is_empty()
        };
        all.filter(shown).take(OFFERED)
    }

    /// The survey on the screen, with what was answered so far.
    pub(super) fn answering(&self) -> Option<(&Answering, &Survey, &SurveyStep)> {
        let Screen::Survey { answering, step } = &self.screen else { return None };
        Some((answering, self.content.as_deref()?.pack.surveys.get(answering.survey)?, step))
    }

    /// The question of a survey that is on the screen.
    pub(super) fn survey_question(&self) -> Option<Asking<'_>> {
        let (answering, survey, step) = self.answering()?;
        let SurveyStep::Ask(question) = step else { return None };
        answering.asking(survey, *question)
    }

    /// What was chosen in the survey on the screen, in the order of its questions.
    pub fn survey_chosen(&self) -> Vec<&SurveyChoice> {
        self.answering().map(|(answering, survey, _)| answering.chosen(survey)).unwrap_or_default()
    }

    /// What becomes of the answers to the survey on the screen.
    pub fn survey_intro(&self) -> &[String] {
        self.answering().map_or(&[], |(_, survey, _)| &survey.intro)
    }
}

/// A child begins a survey, from the start screen.
pub(super) fn begin(state: &mut State, place: usize) -> Vec<Effect> {
    let found = state.surveys_on_show().find(|(at, _)| *at == place);
    let Some((has_intro, questions)) = found.map(|(_, s)| (!s.intro.is_empty(), s.questions.len())) else {
        return Vec::new();
    };
    if let (Screen::Home, Some(chance)) = (&state.screen, state.chance.take()) {
        state.visited = true;
        let step = if has_intro { SurveyStep::Who } else { SurveyStep::Ask(0) };
        state.screen = Screen::Survey { answering: Answering::new(chance, place, questions), step };
    }
    Vec::new()
}

/// What a press in a survey leads to; none: to the start.
pub(super) fn press(
    mut answering: Answering,
    step: SurveyStep,
    action: Action,
    content: &Content,
) -> Option<(Screen, Option<Effect>)> {
    let survey = content.pack.surveys.get(answering.survey)?;
    let questions = survey.questions.len();
    let after = |question: usize| {
        if question + 1 < questions { SurveyStep::Ask(question + 1) } else { SurveyStep::Check }
    };
    let (step, effect) = match (step, action) {
        (SurveyStep::Who, Action::Back) => return None,
        (SurveyStep::Who, Action::Begin) => (SurveyStep::Ask(0), None),
        (SurveyStep::Ask(0), Action::Back) if survey.intro.is_empty() => return None,
        (SurveyStep::Ask(0), Action::Back) => (SurveyStep::Who, None),
        (SurveyStep::Ask(question), Action::Back) => (SurveyStep::Ask(question - 1), None),
        (SurveyStep::Ask(question), Action::Answer(shown)) => {
            match answering.choose(survey, question, shown) {
                Some(()) => (after(question), None),
                None => (SurveyStep::Ask(question), None),
            }
        }
        (SurveyStep::Ask(question), Action::Skip) => {
            if let Some(answer) = answering.answers.get_mut(question) {
                *answer = None;
            }
            (after(question), None)
        }
        (SurveyStep::Check, Action::Back) => (SurveyStep::Ask(questions.saturating_sub(1)), None),
        (SurveyStep::Check | SurveyStep::NotKept, Action::GiveIn | Action::TryAgain)
            if answering.is_anything() =>
        {
            let answers = Box::new(answering.given(survey));
            (SurveyStep::Keeping, Some(Effect::Count { told: answering.chance, answers }))
        }
        (step, _) => (step, None),
    };
    Some((Screen::Survey { answering, step }, effect))
}

/// The disk's word on what was answered. “Thank you”, and from here on nothing of it is left but whether the last screen
/// reminds that one can tell.
pub(super) fn kept(state: &mut State, told: Chance, is_kept: bool) {
    let Some((answering, survey, SurveyStep::Keeping)) = state.answering() else { return };
    if answering.chance != told {
        return;
    }
    let may_tell = answering.chosen(survey).iter().any(|choice| choice.may_tell) && state.could_tell();
    if is_kept {
        answer::thank(state, Screen::Counted { may_tell }, None);
    } else if let Screen::Survey { step, .. } = &mut state.screen {
        *step = SurveyStep::NotKept;
    }
}
