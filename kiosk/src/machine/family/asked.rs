//! What a family is asked, and what it has answered so far.

use records::{
    consent::{Answer, PurposeAnswer, Said},
    day::Day,
    form::{Choice, Form, Question, QuestionType},
    ids::Slug,
};

use crate::machine::TextSize;

/// A form that is asked about a child, both by their places: in the family, and in the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// The child.
    pub child: usize,
    /// The form.
    pub form: usize,
}

/// Something that a family is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A form, about a child.
    Form(Ask),
    /// The agreement of parents and carers, by its place in the pack.
    Agreement(usize),
}

/// How something that is asked stands, for the grown-up who is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Never answered.
    Open,
    /// Answered before, but not in these words.
    Changed,
    /// Answered before in these words, in an earlier school year.
    NewYear,
    /// Begun in this visit, not kept.
    Begun,
    /// Answered.
    Answered {
        /// On which day.
        day: Day,
        /// How many uses with yes.
        yes: usize,
        /// How many with no.
        no: usize,
    },
    /// Signed.
    Signed(Day),
}

impl Standing {
    /// Whether something is still to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Changed | Self::NewYear | Self::Begun)
    }
}

/// What one person has answered to one form about one child, as far as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    uses: Vec<Option<Answer>>,
    said: Vec<Option<Slug>>,
    /// Whether somebody helped.
    pub helped: bool,
}

impl Given {
    /// Nothing answered.
    pub(super) fn nothing(form: &Form) -> Self {
        Self { uses: vec![None; form.purposes.len()], said: vec![None; questions(form).len()], helped: false }
    }
    /// What was answered before to the same words.
    pub(super) fn carried(
        form: &Form,
        answer: impl Fn(&Slug) -> Option<Answer>,
        said: impl Fn(&Slug) -> Option<Slug>,
    ) -> Self {
        Self {
            uses: form.purposes.iter().map(|purpose| answer(&purpose.id)).collect(),
            said: questions(form).iter().map(|question| said(&question.id)).collect(),
            helped: false,
        }
    }
    /// What was answered for a use.
    pub fn answer(&self, index: usize) -> Option<Answer> {
        *self.uses.get(index)?
    }
    /// What was chosen for a question.
    pub fn choice(&self, index: usize) -> Option<&Slug> {
        self.said.get(index)?.as_ref()
    }
    pub(super) fn set(&mut self, index: usize, answer: Answer) {
        if let Some(given) = self.uses.get_mut(index) {
            *given = Some(answer);
        }
    }
    pub(super) fn choose(&mut self, index: usize, choice: Option<Slug>) {
        if let Some(said) = self.said.get_mut(index) {
            *said = choice;
        }
    }
    /// The first thing that has to be answered and is not: a use, or else a question.
    pub fn missing(&self, form: &Form) -> Option<Missing> {
        let question = || {
            let all = questions(form);
            (0..all.len()).find(|at| all[*at].required && self.said[*at].is_none()).map(Missing::Question)
        };
        self.uses.iter().position(Option::is_none).map(Missing::Use).or_else(question)
    }
    /// Every use with its answer; none while one is missing.
    pub(super) fn answers(&self, form: &Form) -> Option<Vec<PurposeAnswer>> {
        let each = form.purposes.iter().zip(&self.uses);
        each.map(|(purpose, answer)| Some(PurposeAnswer { purpose: purpose.id.clone(), answer: (*answer)? }))
            .collect()
    }
    /// What was chosen beside the uses.
    pub(super) fn said(&self, form: &Form) -> Vec<Said> {
        let each = questions(form).into_iter().zip(&self.said);
        each.filter_map(|(question, choice)| {
            Some(Said { question: question.id.clone(), choice: choice.clone()? })
        })
        .collect()
    }
}

/// Something that has to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A use.
    Use(usize),
    /// A question.
    Question(usize),
}

/// The questions of a form that a touchscreen asks: by choosing one answer. The others are for the office.
pub fn questions(form: &Form) -> Vec<&Question> {
    let by_choosing = |q: &&Question| match q.answer {
        QuestionType::Choice => !q.choices.is_empty(),
        QuestionType::YesNo => true,
        _ => false,
    };
    form.questions.iter().filter(by_choosing).collect()
}

/// Whether a form asks something that only the office takes down.
pub fn asks_more(form: &Form) -> bool {
    form.questions.len() > questions(form).len()
}

/// How many answers a question offers, and the name of each.
pub(super) fn choice_id(question: &Question, place: usize) -> Option<Slug> {
    match (question.answer, place) {
        (QuestionType::YesNo, 0) => "yes".parse().ok(),
        (QuestionType::YesNo, 1) => "no".parse().ok(),
        (QuestionType::YesNo, _) => None,
        _ => question.choices.get(place).map(|choice: &Choice| choice.id.clone()),
    }
}

/// About how many characters a page takes that is read from an arm's length.
const PAGE: usize = 700;

/// Paragraphs in pages. One that is longer than a page is divided between sentences.
pub fn pages(paragraphs: &[String], text: TextSize) -> Vec<Vec<String>> {
    let room = text.letters(PAGE);
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    let mut left = room;
    for piece in paragraphs.iter().flat_map(|paragraph| pieces(paragraph, room)) {
        let long = piece.chars().count();
        match pages.last_mut() {
            Some(page) if page.is_empty() || long <= left => page.push(piece),
            _ => {
                pages.push(vec![piece]);
                left = room;
            }
        }
        left = left.saturating_sub(long);
    }
    pages
}

fn pieces(paragraph: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for sentence in paragraph.split_inclusive(". ") {
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() || piece.chars().count() + sentence.chars().count() <= room => {
                piece.push_str(sentence);
            }
            _ => pieces.push(sentence.to_owned()),
        }
    }
    pieces.into_iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_an_introduction_is_on_a_page_and_no_page_is_too_long_to_read() {
        let sentence = "We ask you first, and each use on its own. ";
        for many in [0, 1, 3, 18, 60] {
            let paragraphs = vec![sentence.repeat(many), "The end.".to_owned()];
            let pages = pages(&paragraphs, TextSize::Plain);
            let told: String = pages.iter().flatten().flat_map(|p| p.split_whitespace()).collect();
            let all: String = paragraphs.iter().flat_map(|p| p.split_whitespace()).collect();
            assert_eq!(told, all);
            for page in pages {
                assert!(!page.is_empty());
                assert!(page.iter().map(|p| p.chars().count()).sum::<usize>() <= PAGE);
            }
        }
    }
}
