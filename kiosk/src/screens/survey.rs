//! A survey: it looks as telling does, so that the two cannot be told apart from across the room.

use super::tell::{paint_chosen, paint_question, paint_sentences};
use crate::{
    look::Brush,
    machine::{SurveyStep, Word},
};

pub(super) fn paint(brush: &mut Brush<'_>, step: &SurveyStep) {
    match step {
        SurveyStep::Who => {
            let intro = brush.state.survey_intro().to_vec();
            paint_sentences(brush, Word::TellWho, &intro);
        }
        SurveyStep::Ask(_) => paint_question(brush),
        SurveyStep::Check => {
            let chosen = brush.state.survey_chosen().into_iter();
            let chosen = chosen.map(|choice| (choice.symbol.to_string(), choice.words.clone())).collect();
            paint_chosen(brush, chosen, None);
        }
        SurveyStep::Keeping | SurveyStep::NotKept => super::message::paint(brush),
    }
}
