//! The part `[touchscreen]` of a survey: what makes it one that touchscreens ask pupils, in pictures.

use std::ops::Range;

use records::{
    form::{Form, FormAudience, FormKind, Question, QuestionType},
    ids::Slug,
    survey::{QUESTIONS_MAX, Shown, Survey, SurveyChoice, SurveyQuestion},
    tell::CHOICES_MAX,
};

use super::{
    nearest::did_you_mean,
    toml_reader::{Located, Reader},
};
use crate::{diagnostic::Diagnostic, source::Source};

/// The part as it is written, before the form around it is known.
#[derive(Debug)]
pub(super) struct Written {
    whole: Range<usize>,
    shown: Option<Shown>,
    symbol: Option<Slug>,
    may_tell: Vec<Located<String>>,
}

/// Reads the part; whatever in it is wrong is told and left out. `symbol` reads its picture.
pub(super) fn read(part: &Reader<'_, '_>, symbol: impl FnOnce(&Reader<'_, '_>) -> Option<Slug>) -> Written {
    if !part.has("symbol") {
        part.missing("symbol", "its picture on the start screen, such as \"feel-happy\"");
    }
    Written {
        whole: part.whole(),
        shown: shown(part),
        symbol: symbol(part),
        may_tell: part.words("may_tell"),
    }
}

fn shown(part: &Reader<'_, '_>) -> Option<Shown> {
    let wrong = |range, what: String, mend: &str| {
        part.tell(part.source().error("wrong-value", range, what, mend));
        None
    };
    let daily = part.text("shown");
    let (from, until) = (part.day("from"), part.day("until"));
    match (daily, from, until) {
        (Some(shown), None, None) if shown.value == "daily" => Some(Shown::Daily),
        (Some(shown), None, None) => wrong(
            shown.range,
            format!("“shown” cannot be “{}”.", shown.value),
            "Write shown = \"daily\", or the days on which it is open: from = 2027-03-01 and until = 2027-03-12.",
        ),
        (None, Some(from), Some(until)) if from.value <= until.value => {
            Some(Shown::Between { from: from.value.into(), until: until.value.into() })
        }
        (None, Some(_), Some(until)) => {
            wrong(until.range, "It ends before it begins.".to_owned(), "Exchange the two days, or mend one.")
        }
        (Some(shown), ..) => wrong(
            shown.range,
            "It is either shown every day or between two days, not both.".to_owned(),
            "Take “shown” out, or “from” and “until”.",
        ),
        _ => {
            part.missing("shown", "when it is shown: \"daily\"; or else the days “from” and “until”");
            None
        }
    }
}

/// The survey that a form is; none where something is wrong.
pub(super) fn of_form(
    written: &Written,
    form: &Form,
    source: &Source,
    problems: &mut Vec<Diagnostic>,
) -> Option<Survey> {
    let before = problems.len();
    let mut add = |range: Range<usize>, what: String, mend: &str| {
        problems.push(source.error("cannot-be-asked", range, what, mend));
    };
    if form.kind != FormKind::Survey || form.audience != FormAudience::Pupil {
        add(
            written.whole.clone(),
            "Touchscreens ask this only of pupils, and only a survey.".to_owned(),
            "Take the part [touchscreen] out, or write kind = \"survey\" and audience = \"pupil\".",
        );
        return None;
    }
    let place = |words: &str| source.find_within(0..source.text.len(), words);
    if form.questions.len() > QUESTIONS_MAX {
        add(
            place(&form.questions[QUESTIONS_MAX].words),
            format!("It asks more than {QUESTIONS_MAX} questions."),
            "Leave some out: a child stands before the screen, and others wait.",
        );
    }
    for question in &form.questions {
        if question.answer != QuestionType::Choice || question.choices.len() > CHOICES_MAX {
            add(
                place(&question.words),
                format!("“{}” has to be answered by one of at most {CHOICES_MAX} pictures.", question.words),
                "Make its type \"choice\", and leave out answers until a child of five can look them over.",
            );
        }
        for choice in question.choices.iter().filter(|choice| choice.symbol.is_none()) {
            add(
                place(&choice.words),
                format!("“{}” has no picture, and children who cannot read yet answer too.", choice.words),
                "Write the answer as { id = \"sad\", words = \"Sad\", symbol = \"feel-sad\" }.",
            );
        }
    }
    let choices = || form.questions.iter().flat_map(|question| &question.choices);
    for named in &written.may_tell {
        if choices().any(|choice| choice.id.as_str() == named.value) {
            continue;
        }
        let known = choices().map(|choice| choice.id.as_str());
        let mend = did_you_mean(&named.value, known, "Write the id of one of its answers.".to_owned());
        add(named.range.clone(), format!("No answer of this survey is called “{}”.", named.value), &mend);
    }
    let may_tell = |id: &Slug| written.may_tell.iter().any(|named| named.value == id.as_str());
    let question = |question: &Question| SurveyQuestion {
        id: question.id.clone(),
        words: question.words.clone(),
        choices: question
            .choices
            .iter()
            .filter_map(|choice| {
                Some(SurveyChoice {
                    id: choice.id.clone(),
                    words: choice.words.clone(),
                    symbol: choice.symbol.clone()?,
                    may_tell: may_tell(&choice.id),
                })
            })
            .collect(),
    };
    let survey = Survey {
        id: form.id.clone(),
        version: form.version.clone(),
        title: form.title.clone(),
        symbol: written.symbol.clone()?,
        shown: written.shown?,
        intro: form.intro.clone(),
        questions: form.questions.iter().map(question).collect(),
    };
    if !survey.can_be_counted() {
        add(
            written.whole.clone(),
            "The names of its questions and answers are too long to be counted together.".to_owned(),
            "Give them short ids, such as \"sad\".",
        );
    }
    (problems.len() == before).then_some(survey)
}
