//! A form on its page, to be printed and filled in by hand.

use records::form::{Choice, Form, QuestionType};
use serde::Serialize;

use super::{Drawing, Site, SiteError, view};
use crate::{load::form::FormFile, print};

/// Lines to write on for an answer in words.
const LINES: usize = 3;

/// A question on its page.
#[derive(Serialize)]
struct QuestionView<'a> {
    number: usize,
    words: &'a str,
    help: &'a str,
    answer: &'a str,
    choices: &'a [Choice],
    lines: usize,
    required: bool,
}

impl Site<'_> {
    pub(super) fn form(&self, file: &FormFile) -> Result<Drawing, SiteError> {
        let form = &file.form;
        let address = file.address();
        let mut context = self.frame(&address, &form.title, &form.summary)?;
        context.insert("summary", &form.summary);
        context.insert("form", form);
        context.insert("questions", &questions(form));
        let checked =
            form.legal.iter().map(|note| note.checked.map(|day| day.in_words()).unwrap_or_default());
        context.insert("checked", &checked.collect::<Vec<_>>());
        context.insert("audience", form.audience.as_str());
        if let Some(print) = self.school.prints.get(&print::file_of_form_page(file)) {
            context.insert("pdf", &view::Pdf::of(print));
        }
        Ok(("form.html", format!("{address}/index.html"), context))
    }
}

fn questions(form: &Form) -> Vec<QuestionView<'_>> {
    let questions = form.questions.iter().enumerate().map(|(at, question)| QuestionView {
        number: at + 1,
        words: &question.words,
        help: question.help.as_deref().unwrap_or_default(),
        answer: question.answer.as_str(),
        choices: &question.choices,
        lines: if question.answer == QuestionType::Text { LINES } else { 1 },
        required: question.required,
    });
    questions.collect()
}
